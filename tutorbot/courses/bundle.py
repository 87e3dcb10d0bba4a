"""A course as it is handed on: its file, its translations, and the pictures that it shows."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tutorbot.core.course import Choice, Course
from tutorbot.core.prose import Picture, Prose
from tutorbot.courses.check import examine
from tutorbot.courses.faults import Fault, errors
from tutorbot.courses.keys import Judging, judged_here
from tutorbot.courses.parse import LARGEST_FILE, Reading, read
from tutorbot.courses.prose import PICTURE
from tutorbot.courses.rules import words
from tutorbot.courses.rules.paper import Paper
from tutorbot.courses.translations import LANGUAGE, read_translation

SUFFIX = ".quiz.md"
LARGEST_PICTURE = 10_000_000
"""In bytes. Telegram takes no larger photo."""

LARGEST_PICTURES = 50_000_000
"""In bytes, all together."""

MOST_TRANSLATIONS = 30

FileFaults = tuple[tuple[str, Fault], ...]
"""Faults, each with the name of its file."""

_TRANSLATED = re.compile(rf"(?P<name>.+)\.(?P<lang>{LANGUAGE.pattern}){re.escape(SUFFIX)}")
_SHOWN = re.compile(rf"\]\(({PICTURE.pattern})\)", PICTURE.flags)
_BEGINNINGS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
}


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """All texts and pictures of a course, none of them read yet."""

    name: str  # of the file
    source: str
    translations: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """By language, each with the name of its file and its source."""

    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, in hexadecimal; of the source, if there is nothing more."""
        main = _digest(self.source.encode())
        if not self.translations and not self.pictures:
            return main
        parts = [main]
        for lang, (_, source) in sorted(self.translations.items()):
            parts.append(f"{lang} {_digest(source.encode())}")
        for file, content in sorted(self.pictures.items()):
            parts.append(f"{file} {_digest(content)}")
        return _digest("\n".join(parts).encode())


@dataclass(frozen=True, kw_only=True)
class BundleReading:
    """What became of each text, and the course if all of them can be read."""

    course: Course | None
    main: Reading
    translations: Mapping[str, Reading]
    faults: FileFaults


def language_of(path: Path) -> str | None:
    """The language of a translation that stands beside its course; None for any other file."""
    found = _TRANSLATED.fullmatch(path.name)
    if found is None or not path.with_name(found["name"] + SUFFIX).is_file():
        return None
    return found["lang"]


def read_bundle(path: Path) -> Bundle | FileFaults:
    """The file of a course, with what stands beside it and belongs to it.

    Raises:
        OSError: a file cannot be read.
    """
    source = _read_text(path)
    if isinstance(source, Fault):
        return ((path.name, source),)
    faults: list[tuple[str, Fault]] = []
    translations: dict[str, tuple[str, str]] = {}
    stem = path.name.removesuffix(SUFFIX)
    for sibling in sorted(path.parent.iterdir()):
        if not sibling.name.startswith(f"{stem}.") or sibling == path:
            continue
        found = _TRANSLATED.fullmatch(sibling.name)
        if found is None or found["name"] != stem:
            continue
        text = _read_text(sibling)
        if isinstance(text, Fault):
            faults.append((sibling.name, text))
        elif len(translations) < MOST_TRANSLATIONS:
            translations[found["lang"]] = (sibling.name, text)
    if faults:
        return tuple(faults)
    return Bundle(
        name=path.name,
        source=source,
        translations=translations,
        pictures=dict(_read_pictures(_shown(source, translations), path.parent)),
    )


def translation_in(name: str) -> str | None:
    """The language that the name of a translation tells; None for any other name."""
    found = _TRANSLATED.fullmatch(name)
    return found["lang"] if found else None


def gathered(name: str, source: str, beside: Mapping[str, bytes]) -> Bundle | FileFaults:
    """A course that is at hand, with whatever of the files beside it belongs to it."""
    faults: list[tuple[str, Fault]] = []
    translations: dict[str, tuple[str, str]] = {}
    for file, content in sorted(beside.items()):
        lang = translation_in(file)
        if lang is None or len(translations) >= MOST_TRANSLATIONS:
            continue
        try:
            translations[lang] = (file, content.decode("utf-8"))
        except UnicodeDecodeError:
            faults.append((file, _NOT_UTF_8))
    if faults:
        return tuple(faults)
    pictures = {file: beside[file] for file in _shown(source, translations) if file in beside}
    return Bundle(name=name, source=source, translations=translations, pictures=pictures)


def parse_bundle(bundle: Bundle) -> BundleReading:
    """The course with its translations, or what keeps any text from being read."""
    main = read(bundle.source, bundle.name)
    faults = [(bundle.name, fault) for fault in main.faults]
    if main.course is None or errors(main.faults):
        return BundleReading(course=None, main=main, translations={}, faults=tuple(faults))
    translations: dict[str, Reading] = {}
    for lang, (name, source) in bundle.translations.items():
        if lang == main.course.lang:
            taken = f"The course itself is in the language “{lang}”."
            faults.append((name, _fault(taken, "Name the file after the language that it is in.")))
            continue
        translations[lang] = read_translation(source, lang, main)
        faults += ((name, fault) for fault in translations[lang].faults)
    if errors(fault for _, fault in faults):
        return BundleReading(
            course=None, main=main, translations=translations, faults=tuple(faults)
        )
    translated = tuple(each.course for each in translations.values() if each.course)
    return BundleReading(
        course=replace(main.course, translations=translated),
        main=main,
        translations=translations,
        faults=tuple(faults),
    )


def examine_bundle(bundle: Bundle, *, judging: Judging = judged_here) -> BundleReading:
    """The same, with all that there is to say of the sense of the texts, and of the pictures."""
    reading = parse_bundle(bundle)
    if reading.course is None:
        return reading
    faults = [(bundle.name, fault) for fault in examine(reading.main, judging=judging)]
    for lang, translated in reading.translations.items():
        if translated.course and translated.outline:
            words.check(Paper(translated.course, translated.outline))
            found = translated.outline.notebook.sorted()
            faults += ((bundle.translations[lang][0], fault) for fault in found)
    faults += _check_pictures(bundle, reading)
    return replace(reading, faults=tuple(faults))


def pictures_of(course: Course) -> Iterator[Picture]:
    """Every picture that a learner may see, as often as it is shown."""
    yield from _pictures(course.about)
    for question in course:
        body = question.body
        yield from _pictures((*question.stem, *question.prose, *question.worked))
        yield from _pictures(question.solution)
        for hint in question.hints:
            yield from _pictures(hint.prose)
        if question.dispute:
            yield from _pictures(question.dispute.why)
        if isinstance(body, Choice):
            for option in body.options:
                yield from _pictures((*option.prose, *option.feedback))
        else:
            for line in (*body.accepted, *body.mistaken):
                yield from _pictures(line.feedback)


def _pictures(prose: Prose) -> Iterator[Picture]:
    return (block for block in prose if isinstance(block, Picture))


def _check_pictures(bundle: Bundle, reading: BundleReading) -> Iterator[tuple[str, Fault]]:
    texts = [(bundle.name, reading.main)]
    texts += ((bundle.translations[lang][0], each) for lang, each in reading.translations.items())
    if sum(map(len, bundle.pictures.values())) > LARGEST_PICTURES:
        what = f"The pictures have more than {LARGEST_PICTURES // 1_000_000} MB together."
        yield bundle.name, _fault(what, "Make them smaller; 1200 pixels are wide enough.")
    for name, text in texts:
        if not text.course or not text.outline:
            continue
        for file in dict.fromkeys(picture.file for picture in pictures_of(text.course)):
            wrong = _wrong_with(file, bundle.pictures.get(file))
            if wrong:
                yield name, _at(file, text.outline.notebook.lines, *wrong)


def _wrong_with(file: str, content: bytes | None) -> tuple[str, str, str] | None:
    """What is wrong, how to mend it, and the code of the fault."""
    if content is None:
        return f"There is no picture “{file}”.", "Put it beside the course file.", "picture-missing"
    if len(content) > LARGEST_PICTURE:
        return (
            f"The picture “{file}” is larger than {LARGEST_PICTURE // 1_000_000} MB.",
            "Make it smaller; 1200 pixels are wide enough.",
            "picture-too-large",
        )
    if not content.startswith(_BEGINNINGS[Path(file).suffix.casefold()]):
        return (
            f"“{file}” is not the kind of picture that its name says.",
            "Save it anew as PNG, JPEG, GIF or WebP, with the ending that belongs to it.",
            "picture-unreadable",
        )
    return None


def _at(file: str, lines: tuple[str, ...], what: str, mend: str, code: str) -> Fault:
    """The fault where the file is first shown."""
    for number, line in enumerate(lines, start=1):
        column = line.find(f"]({file}")
        if column >= 0:
            start = column + 3
            return Fault(
                line=number,
                column=start,
                what=what,
                mend=mend,
                code=code,
                end_column=start + len(file),
            )
    return replace(_fault(what, mend), code=code)


def _shown(source: str, translations: Mapping[str, tuple[str, str]]) -> list[str]:
    """The names of the pictures that any of the texts shows."""
    sources = (source, *(text for _, text in translations.values()))
    return sorted({name for text in sources for name in _SHOWN.findall(text)})


def _read_pictures(names: Sequence[str], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Those that are there; of one that is too large, only so much that it can be told."""
    left = LARGEST_PICTURES + 1
    for name in names:
        path = folder / name
        if path.is_file():
            with path.open("rb") as file:
                content = file.read(min(LARGEST_PICTURE + 1, left))
            left -= len(content)
            yield name, content


def _read_text(path: Path) -> str | Fault:
    if path.stat().st_size > 4 * LARGEST_FILE:  # a code point takes up to four bytes
        return _fault("The file is too large.", f"Keep it under {LARGEST_FILE:,} characters.")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return _NOT_UTF_8


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fault(what: str, mend: str) -> Fault:
    return Fault(line=1, column=1, what=what, mend=mend, code="file-unusable")


_NOT_UTF_8 = _fault("The file is not UTF-8.", "Save it as UTF-8.")

"""Which format a file is in, and who reads it."""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tutorbot.courses.importers import aiken, apkg, gift, marked, moodle, qti12, qti21, text2qti
from tutorbot.courses.importers.gathering import Read
from tutorbot.courses.importers.imported import Imported, NotImported, Remark, Weight
from tutorbot.courses.importers.packages import LARGEST_PACKAGE, Archive, open_archive
from tutorbot.courses.importers.tex import split_tex

LARGEST_FILE = LARGEST_PACKAGE
"""In bytes, of any format; texts have bounds of their own below it."""

_LOOKED_AT = 20_000
"""In characters. What a text is shows early."""

_MEMBERS_LOOKED_AT = 100

_NUMBERED = re.compile(
    r"^\W{0,6}(?:Q(?:uestion)?\s*\.?\s*)?\d{1,3}[.):\]]", re.MULTILINE | re.IGNORECASE
)
_AIKEN_ANSWER = re.compile(r"^\s*ANSWER:\s*[A-Z]\s*$", re.MULTILINE)
_AIKEN_OPTION = re.compile(r"^\s*[A-Z][.)]\s+\S", re.MULTILINE)
_GIFT = re.compile(
    r"^\s*::[^\n]{1,200}?::|^\$CATEGORY:|(?<!\\)\{\s*(?:[=~][^{}]|#+\s*[-\d=]|(?:T|F|TRUE|FALSE)\s*[#}])",
    re.MULTILINE,
)
_TEXT2QTI = re.compile(r"^(?:\*[a-zA-Z]\)|\[\*\]|[Qq]uiz [Tt]itle:|END_GROUP)[ \t\n]", re.MULTILINE)


@dataclass(frozen=True)
class Sample:
    """A file as it lies there, looked into as far as a format has to."""

    content: bytes
    name: str

    @cached_property
    def text(self) -> str | None:
        """The text of the file, if it is text."""
        return decoded(self.content)

    @cached_property
    def head(self) -> str:
        return (self.text or "")[:_LOOKED_AT]

    @cached_property
    def archive(self) -> Archive | None:
        found = open_archive(self.content) if self.content.startswith(b"PK") else None
        return found if isinstance(found, Archive) else None

    @property
    def members(self) -> tuple[str, ...]:
        return self.archive.names if self.archive else ()

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2].casefold()


@dataclass(frozen=True, kw_only=True)
class Format:
    name: str  # as it is called on the command line
    title: str
    recognises: Callable[[Sample], bool]
    read: Callable[[Sample, Read], Imported | NotImported]


def read(
    content: bytes, name: str, *, wanted: str | None = None, read_picture: Read = lambda _: None
) -> Imported | NotImported:
    """The course in a file of any format; ``wanted`` is the name of one if it is known.

    ``read_picture`` finds the pictures that a text names and that lie beside it.
    """
    if len(content) > LARGEST_FILE:
        millions = LARGEST_FILE // 1_000_000
        return NotImported(what=f"The file is too large; {millions} MB can be read.")
    if not content.strip():
        return NotImported(what="The file is empty.")
    sample = Sample(content, name)
    found = named(wanted) if wanted else recognised(sample)
    if not found:
        known = ", ".join(each.title for each in FORMATS)
        return NotImported(what=f"This is no format that can be read; those are {known}.")
    return found.read(sample, read_picture)


def recognised(sample: Sample) -> Format | None:
    """The first format that knows the file for its own."""
    return next((each for each in FORMATS if each.recognises(sample)), None)


def named(name: str) -> Format | None:
    return next((each for each in FORMATS if each.name == name), None)


def decoded(content: bytes) -> str | None:
    """The text of a file; none if it is no text."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\x00" in content[:_LOOKED_AT]:
        return None
    return _decoded(content, "utf-8") or _decoded(content, "cp1252")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


TextReader = Callable[[str, str, Read], Imported | NotImported]


def _of_text(read_text: TextReader) -> Callable[[Sample, Read], Imported | NotImported]:
    def read_sample(sample: Sample, read_picture: Read) -> Imported | NotImported:
        if sample.text is None:
            return NotImported(what="The file is no text; save it as UTF-8.")
        found = read_text(sample.text, sample.name, read_picture)
        if isinstance(found, Imported) and _decoded(sample.content, "utf-8") is None:
            what = "The text is not UTF-8, so it was guessed how its letters are written."
            doubt = Remark(weight=Weight.DOUBT, where="the file", what=what)
            return replace(found, remarks=(doubt, *found.remarks))
        return found

    return read_sample


def _of_bytes(
    read_bytes: Callable[[bytes, str], Imported | NotImported],
) -> Callable[[Sample, Read], Imported | NotImported]:
    return lambda sample, _: read_bytes(sample.content, sample.name)


def _is_gift(sample: Sample) -> bool:
    if sample.ending == "gift":
        return True
    # The braces of a formula are none of GIFT's.
    formulas = [(start, end) for start, end, _ in split_tex(sample.head, dollars=True)]
    edges = [0, *(edge for span in formulas for edge in span), len(sample.head)]
    words = "".join(
        sample.head[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)
    )
    return not _is_xml(sample) and _GIFT.search(words) is not None


def _is_text2qti(sample: Sample) -> bool:
    found = {line[:2] for line in _TEXT2QTI.findall(sample.head)}
    return bool(found) and re.search(r"^\d+\.[ \t]", sample.head, re.MULTILINE) is not None


def _is_aiken(sample: Sample) -> bool:
    answers = len(_AIKEN_ANSWER.findall(sample.head))
    options = _AIKEN_OPTION.search(sample.head)
    return sample.ending == "aiken" or bool(
        answers and options and len(_NUMBERED.findall(sample.head)) < answers
    )


def _is_marked(sample: Sample) -> bool:
    return sample.text is not None and not _is_xml(sample)


def _is_xml(sample: Sample) -> bool:
    return re.match(r"\s*<(?:\?xml|quiz|questestinterop|assessment)", sample.head) is not None


def _has_member(sample: Sample, names: Sequence[str]) -> bool:
    return any(member.rpartition("/")[2].casefold() in names for member in sample.members)


def _roots(sample: Sample) -> Iterator[str]:
    for found in re.finditer(r"<([A-Za-z][\w:-]{0,60})", sample.head[:2000]):
        yield found[1].rpartition(":")[2]
        return


def _is_qti21(sample: Sample) -> bool:
    """By its root, or by an item among the members: manifests of both versions look alike."""
    if set(_roots(sample)) & {"assessmentItem", "assessmentTest"}:
        return True
    heads = (
        sample.archive.read(each) or b""
        for each in sample.members[:_MEMBERS_LOOKED_AT]
        if sample.archive and each.casefold().endswith(".xml")
    )
    return any(b"<assessmentItem" in head[:_LOOKED_AT] for head in heads)


# The first that recognises a file reads it, so what could be anything stands last.
FORMATS: tuple[Format, ...] = (
    Format(
        name="apkg",
        title="Anki (.apkg)",
        recognises=lambda it: (
            it.ending in {"apkg", "colpkg"}
            or _has_member(it, ("collection.anki2", "collection.anki21", "collection.anki21b"))
        ),
        read=_of_bytes(apkg.read),
    ),
    Format(
        name="moodle",
        title="Moodle XML",
        recognises=lambda it: "quiz" in _roots(it),
        read=_of_bytes(moodle.read),
    ),
    Format(
        name="qti21",
        title="QTI 2.1",
        recognises=_is_qti21,
        read=_of_bytes(qti21.read),
    ),
    Format(
        name="qti12",
        title="QTI 1.2 (Canvas)",
        recognises=lambda it: (
            "questestinterop" in _roots(it)
            or _has_member(it, ("imsmanifest.xml", "assessment_meta.xml"))
        ),
        read=_of_bytes(qti12.read),
    ),
    Format(name="gift", title="GIFT", recognises=_is_gift, read=_of_text(gift.read)),
    Format(
        name="text2qti", title="text2qti", recognises=_is_text2qti, read=_of_text(text2qti.read)
    ),
    Format(name="aiken", title="Aiken", recognises=_is_aiken, read=_of_text(aiken.read)),
    Format(
        name="marked",
        title="marked papers in Markdown or plain text",
        recognises=_is_marked,
        read=_of_text(marked.read),
    ),
)

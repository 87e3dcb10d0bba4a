"""`tutorbot content check`: whole files and folders of courses, with everything that is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutorbot.authoring import formulas
from tutorbot.authoring.formats import FEW
from tutorbot.authoring.formulas import NOTHING, Formulas
from tutorbot.authoring.labour import DEADLINE, Labour, Progress
from tutorbot.core.course import Course, Question
from tutorbot.courses.bundle import (
    SUFFIX,
    Bundle,
    FileFaults,
    examine_bundle,
    language_of,
    read_bundle,
)
from tutorbot.courses.changes import Changes, compare, faults_of
from tutorbot.courses.check import examine
from tutorbot.courses.faults import Fault, Faults, Severity, errors
from tutorbot.courses.keys import Findings, Judging
from tutorbot.courses.parse import Reading, read
from tutorbot.courses.rules.paper import Paper


class Unusable(ValueError):
    """What was named cannot be checked at all; the message is one sentence with the remedy."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """``pictures``: whether every formula is drawn; None: if there are few."""

    pictures: bool | None = None
    against: Path | None = None  # the published version of one of the courses
    deadline: float = DEADLINE  # seconds for one key, all its variants included
    patience: float | None = None  # seconds for all of it
    workers: int = 0  # 0: as many as there are processors


@dataclass(frozen=True, kw_only=True)
class CheckedFile:
    path: str  # as named, with forward slashes
    lines: tuple[str, ...]
    faults: Faults
    course: Course | None = None  # None: its form is unsound
    translation: bool = False  # of another file
    places: tuple[tuple[str, int], ...] = ()  # the line of each question, by its id


@dataclass(frozen=True, kw_only=True)
class Report:
    files: tuple[CheckedFile, ...]
    formulas: Formulas = NOTHING
    pictures: bool = False  # whether every formula was drawn
    changes: Changes | None = None

    @property
    def errors(self) -> int:
        return self.count(Severity.ERROR)

    @property
    def questions(self) -> int:
        """Each counts once, in however many languages it is."""
        originals = (file for file in self.files if not file.translation)
        return sum(len(file.course.questions) for file in originals if file.course)

    def count(self, severity: Severity) -> int:
        return sum(fault.severity is severity for _, fault in self)

    def __iter__(self) -> Iterator[tuple[CheckedFile, Fault]]:
        return ((file, fault) for file in self.files for fault in file.faults)


def check_files(
    paths: Sequence[Path], wanted: Wanted | None = None, progress: Progress = lambda _: None
) -> Report:
    """Every rule over every course; keys and formulas are worked through in other processes.

    Raises:
        Unusable: a path is not there, or a folder holds no course.
    """
    wanted = wanted or Wanted()
    with Labour(
        deadline=wanted.deadline,
        patience=wanted.patience,
        workers=wanted.workers,
        progress=progress,
    ) as labour:
        return check_with(labour, paths, wanted)


def check_with(labour: Labour | None, paths: Sequence[Path], wanted: Wanted) -> Report:
    """Like `check_files`, with workers that stay; without any, keys and formulas are let be.

    Raises:
        Unusable: a path is not there, or a folder holds no course.
    """
    sheets = [_Sheet(path, _bundle(path)) for path in _files(paths)]
    published = _published(wanted.against) if wanted.against else None
    if labour and any(sheet.has_work for sheet in sheets):
        labour.start()
    for sheet in sheets:
        sheet.examine(labour.judge if labour else _unjudged)
    _check_ids(sheets)
    changes = _changes(published, sheets) if published else None
    drawn, total = _check_formulas(labour, sheets, wanted.pictures) if labour else (False, NOTHING)
    return Report(
        files=tuple(text.checked() for sheet in sheets for text in sheet.texts),
        formulas=total,
        pictures=drawn,
        changes=changes,
    )


def _check_formulas(
    labour: Labour, sheets: Sequence["_Sheet"], wanted: bool | None
) -> tuple[bool, Formulas]:
    """Whether all were drawn, and what became of them."""
    papers = [text.paper for sheet in sheets for text in sheet.texts if text.paper]
    found = [formulas.places(paper) for paper in papers]
    drawn = sum(map(len, found)) <= FEW if wanted is None else wanted
    total = NOTHING
    for paper, places in zip(papers, found, strict=True):
        total += formulas.check(paper, places, labour, pictures=drawn)
    return drawn, total


class _Text:
    """One file under check: a course, or its translation."""

    def __init__(
        self, path: Path, reading: Reading | None = None, *, translation: bool = False
    ) -> None:
        self.path = path
        self.reading = reading
        self.faults: set[Fault] = set()
        self.paper: Paper | None = None
        self._translation = translation
        if reading and reading.course and reading.outline and not errors(reading.faults):
            self.paper = Paper(reading.course, reading.outline)

    @property
    def course(self) -> Course | None:
        return self.paper.course if self.paper else None

    def checked(self) -> CheckedFile:
        outline = self.reading.outline if self.reading else None
        found = outline.notebook.faults if outline else self.reading.faults if self.reading else ()
        return CheckedFile(
            path=self.path.as_posix(),
            lines=outline.notebook.lines if outline else (),
            faults=tuple(sorted({*self.faults, *found})),
            course=self.course,
            translation=self._translation,
            places=tuple(
                (draft.attributes.id or "", draft.line)
                for draft in (outline.questions if outline else ())
            ),
        )


class _Sheet:
    """A course under check, with its translations and pictures."""

    def __init__(self, path: Path, bundle: Bundle | FileFaults) -> None:
        self._bundle = bundle
        self.main = _Text(path)
        self.texts: list[_Text] = [self.main]
        if not isinstance(bundle, Bundle):
            self._take(bundle)

    @property
    def has_work(self) -> bool:
        """Whether a key or a formula seems to be in it."""
        source = self._bundle.source if isinstance(self._bundle, Bundle) else ""
        return "answer:" in source or "$" in source

    def examine(self, judging: Judging) -> None:
        bundle = self._bundle
        if not isinstance(bundle, Bundle):
            return
        found = examine_bundle(bundle, judging=judging)
        self.main = _Text(self.main.path, found.main)
        self.texts = [self.main]
        for lang, reading in found.translations.items():
            path = self.main.path.with_name(bundle.translations[lang][0])
            self.texts.append(_Text(path, reading, translation=True))
        if self.main.paper and found.course is None:  # a translation is at fault; go on with this
            self.main.faults |= set(examine(found.main, judging=judging))
        self._take(found.faults)

    def _take(self, faults: FileFaults) -> None:
        texts = {text.path.name: text for text in self.texts}
        for name, fault in faults:
            if name not in texts:
                texts[name] = _Text(self.main.path.with_name(name), translation=True)
                self.texts.append(texts[name])
            texts[name].faults.add(fault)


def _unjudged(questions: Sequence[Question]) -> Iterator[Findings]:
    return (() for _ in questions)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The course files, each once, in the order in which they were named."""
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob(f"*{SUFFIX}") if each.is_file())
            if not inside:
                raise Unusable(f"there is no {SUFFIX} file in {path}.")
        elif path.is_file():
            inside = [path]
        else:
            raise Unusable(f"there is no file or folder {path}.")
        for each in map(_original, inside):
            if each.resolve() not in seen:
                seen.add(each.resolve())
                yield each


def _original(path: Path) -> Path:
    """The course that a file translates, as the two are read together; else the file itself."""
    lang = language_of(path)
    return path if lang is None else path.with_name(path.name.replace(f".{lang}{SUFFIX}", SUFFIX))


def _bundle(path: Path) -> Bundle | FileFaults:
    """The files of a course.

    Raises:
        Unusable: one cannot be read at all.
    """
    try:
        return read_bundle(path)
    except OSError as trouble:
        raise Unusable(f"{path} cannot be read: {trouble.strerror}.") from trouble


def _published(path: Path) -> Course:
    if not path.is_file():
        raise Unusable(f"there is no file {path} to compare with.")
    bundle = _bundle(path)
    reading = read(bundle.source, path.name) if isinstance(bundle, Bundle) else None
    if not reading or not reading.course or errors(reading.faults):
        raise Unusable(f"{path} is no sound course file, so nothing can be compared with it.")
    return reading.course


def _check_ids(sheets: Sequence[_Sheet]) -> None:
    """No two courses that are used together may have one id."""
    taken: dict[str, Path] = {}
    for text in (sheet.main for sheet in sheets):
        if not text.paper:
            continue
        course = text.paper.course.id
        first = taken.setdefault(course, text.path)
        if first != text.path:
            policy = text.paper.outline.policy or {}
            text.faults.add(
                Fault(
                    line=policy["id"].line if "id" in policy else 1,
                    column=1,
                    what=f"The id “{course}” is taken by {first.as_posix()}.",
                    mend="Give this course another id.",
                    code="course-id-taken",
                )
            )


def _changes(published: Course, sheets: Sequence[_Sheet]) -> Changes:
    for text in (sheet.main for sheet in sheets):
        if text.course and text.reading and text.course.id == published.id:
            changes = compare(published, text.course)
            text.faults |= set(faults_of(changes, text.reading))
            return changes
    if all(sheet.main.course for sheet in sheets):
        raise Unusable(f"none of the files is the course “{published.id}”.")
    return Changes()

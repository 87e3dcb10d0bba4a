"""`tutorbot content check`: whole files and folders of courses, with everything that is wrong."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutorbot.authoring import formulas, pictures
from tutorbot.authoring.formulas import NOTHING, Formulas
from tutorbot.authoring.labour import DEADLINE, Labour, Progress
from tutorbot.core.course import Course, Question
from tutorbot.courses.changes import Changes, compare, faults_of
from tutorbot.courses.check import examine
from tutorbot.courses.faults import Fault, Faults, Severity, errors
from tutorbot.courses.keys import Findings
from tutorbot.courses.load import SUFFIX
from tutorbot.courses.parse import LARGEST_FILE, Reading, read
from tutorbot.courses.rules.paper import Paper

_MOST_BYTES = 4 * LARGEST_FILE  # a code point takes up to four


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
        return sum(len(file.course.questions) for file in self.files if file.course)

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
    sources = [(path, _source(path)) for path in _files(paths)]
    if labour:
        labour.start()
    published = _published(wanted.against) if wanted.against else None
    sheets = [_Sheet(path, source) for path, source in sources]
    _check_ids(sheets)
    for sheet in sheets:
        sheet.examine(labour)
        if sheet.paper:
            pictures.check(sheet.paper, sheet.path.parent)
    drawn, total = _check_formulas(labour, sheets, wanted.pictures) if labour else (False, NOTHING)
    changes = _changes(published, sheets) if published else None
    return Report(
        files=tuple(sheet.checked() for sheet in sheets),
        formulas=total,
        pictures=drawn,
        changes=changes,
    )


def _check_formulas(
    labour: Labour, sheets: Sequence["_Sheet"], wanted: bool | None
) -> tuple[bool, Formulas]:
    """Whether all were drawn, and what became of them."""
    found = [formulas.places(sheet.paper) if sheet.paper else () for sheet in sheets]
    drawn = sum(map(len, found)) <= formulas.FEW if wanted is None else wanted
    total = NOTHING
    for sheet, places in zip(sheets, found, strict=True):
        if sheet.paper:
            total += formulas.check(sheet.paper, places, labour, pictures=drawn)
    return drawn, total


class _Sheet:
    """One file under check."""

    def __init__(self, path: Path, source: str | Fault) -> None:
        self.path = path
        self.source = source if isinstance(source, str) else ""
        self.extra: list[Fault] = [] if isinstance(source, str) else [source]
        self.reading: Reading | None = read(source, path.name) if isinstance(source, str) else None
        self.paper: Paper | None = None
        self.course: Course | None = None
        if self.reading and not errors(self.reading.faults):
            self.course = self.reading.course

    def examine(self, labour: Labour | None) -> None:
        if self.reading and self.reading.outline and self.course:
            examine(self.reading, judging=labour.judge if labour else _unjudged)
            self.paper = Paper(self.course, self.reading.outline)

    def checked(self) -> CheckedFile:
        found: Iterable[Fault] = self.extra
        if self.paper:
            found = {*found, *self.paper.notebook.faults}
        elif self.reading:
            found = {*found, *self.reading.faults}
        outline = self.reading.outline if self.reading else None
        return CheckedFile(
            path=self.path.as_posix(),
            lines=outline.notebook.lines if outline else (),
            faults=tuple(sorted(found)),
            course=self.course,
            places=tuple(
                (draft.attributes.id or "", draft.line)
                for draft in (outline.questions if outline else ())
            ),
        )


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
        for each in inside:
            if each.resolve() not in seen:
                seen.add(each.resolve())
                yield each


def _source(path: Path) -> str | Fault:
    """The text of a file.

    Raises:
        Unusable: it cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as trouble:
        raise Unusable(f"{path} cannot be read: {trouble.strerror}.") from trouble
    if len(raw) > _MOST_BYTES:
        return _of_file(
            "The file is too large.", f"Keep it under {LARGEST_FILE:,} characters.", "too-large"
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as trouble:
        line = raw.count(b"\n", 0, trouble.start) + 1
        return _of_file("The file is not UTF-8.", "Save it as UTF-8.", "not-utf8", line)


def _of_file(what: str, mend: str, code: str, line: int = 1) -> Fault:
    return Fault(line=line, column=1, what=what, mend=mend, code=code)


def _published(path: Path) -> Course:
    if not path.is_file():
        raise Unusable(f"there is no file {path} to compare with.")
    source = _source(path)
    reading = read(source, path.name) if isinstance(source, str) else None
    if not reading or not reading.course or errors(reading.faults):
        raise Unusable(f"{path} is no sound course file, so nothing can be compared with it.")
    return reading.course


def _check_ids(sheets: Sequence[_Sheet]) -> None:
    """No two courses that are used together may have one id."""
    taken: dict[str, Path] = {}
    for sheet in sheets:
        course = sheet.course
        if not course:
            continue
        first = taken.setdefault(course.id, sheet.path)
        if first != sheet.path:
            policy = (
                sheet.reading.outline.policy if sheet.reading and sheet.reading.outline else None
            )
            line = policy["id"].line if policy and "id" in policy else 1
            sheet.extra.append(
                _of_file(
                    f"The id “{course.id}” is taken by {first.as_posix()}.",
                    "Give this course another id.",
                    "course-id-taken",
                    line,
                )
            )


def _changes(published: Course, sheets: Sequence[_Sheet]) -> Changes:
    for sheet in sheets:
        if sheet.course and sheet.reading and sheet.course.id == published.id:
            changes = compare(published, sheet.course)
            sheet.extra += faults_of(changes, sheet.reading)
            return changes
    if all(sheet.course for sheet in sheets):
        raise Unusable(f"none of the files is the course “{published.id}”.")
    return Changes()

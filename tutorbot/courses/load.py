"""The course files of a folder, read and checked."""

from dataclasses import dataclass
from pathlib import Path

from tutorbot.core.course import Course
from tutorbot.courses.bundle import Bundle
from tutorbot.courses.check import check
from tutorbot.courses.faults import Fault, Faults
from tutorbot.courses.parse import LARGEST_FILE, parse

SUFFIX = ".quiz.md"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    course: Course
    bundle: Bundle


@dataclass(frozen=True, kw_only=True)
class Unsound:
    """Courses that cannot be used; as text, a sentence for each fault."""

    faults: tuple[tuple[str, Fault], ...]  # with the file, as a path below the folder

    def __str__(self) -> str:
        return "\n".join(
            f"{file}:{fault.line}:{fault.column}: {fault.what} {fault.mend}"
            for file, fault in self.faults
        )


def load(folder: Path) -> tuple[Loaded, ...] | Unsound:
    """All courses below the folder, in the order of their paths, or all that is wrong with them.

    Raises:
        OSError: the folder or a file in it cannot be read.
    """
    loaded: list[Loaded] = []
    faults: list[tuple[str, Fault]] = []
    files: dict[str, str] = {}  # by the id of the course
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        name = path.relative_to(folder).as_posix()
        found = _load(path)
        if not isinstance(found, Loaded):
            faults += ((name, fault) for fault in found)
            continue
        course_id = found.course.id
        if course_id in files:
            taken = f"The id “{course_id}” is taken by {files[course_id]}."
            faults.append((name, _fault(taken, "Give this course another id.")))
        files.setdefault(course_id, name)
        loaded.append(found)
    if not loaded and not faults:
        faults.append((".", _fault(f"There is no {SUFFIX} file.", "Put one into the folder.")))
    return Unsound(faults=tuple(faults)) if faults else tuple(loaded)


def _load(path: Path) -> Loaded | Faults:
    if path.stat().st_size > 4 * LARGEST_FILE:  # a code point takes up to four bytes
        return (_fault("The file is too large.", f"Keep it under {LARGEST_FILE:,} characters."),)
    raw = path.read_bytes()
    try:
        source = raw.decode("utf-8")
    except UnicodeDecodeError:
        return (_fault("The file is not UTF-8.", "Save it as UTF-8."),)
    course = parse(source, path.name)
    if not isinstance(course, Course):
        return course
    faults = check(course, source)
    if faults:
        return faults
    return Loaded(course=course, bundle=Bundle(name=path.name, source=source))


def _fault(what: str, mend: str) -> Fault:
    return Fault(line=1, column=1, what=what, mend=mend)

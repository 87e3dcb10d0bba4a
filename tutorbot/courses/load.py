"""The course files of a folder, read and checked."""

from dataclasses import dataclass
from pathlib import Path

from tutorbot.core.course import Course
from tutorbot.courses.bundle import (
    SUFFIX,
    Bundle,
    FileFaults,
    examine_bundle,
    language_of,
    read_bundle,
)
from tutorbot.courses.faults import Fault, Severity


@dataclass(frozen=True, kw_only=True)
class Loaded:
    course: Course
    source: str
    digest: str  # of the bundle
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
    for path in course_files(folder):
        name = path.relative_to(folder).as_posix()
        found = load_course(path)
        if not isinstance(found, Loaded):
            beside = path.parent.relative_to(folder)
            faults += (((beside / file).as_posix(), fault) for file, fault in found)
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


def course_files(folder: Path) -> tuple[Path, ...]:
    """The courses below a folder; translations are read together with theirs."""
    found = sorted(folder.rglob(f"*{SUFFIX}"))
    return tuple(path for path in found if not language_of(path))


def load_course(path: Path) -> Loaded | FileFaults:
    """One course with what stands beside it, or what is wrong with any of it.

    Raises:
        OSError: a file cannot be read.
    """
    bundle = read_bundle(path)
    if not isinstance(bundle, Bundle):
        return bundle
    reading = examine_bundle(bundle)
    faults = tuple(each for each in reading.faults if each[1].severity is Severity.ERROR)
    if faults or reading.course is None:
        return faults
    return Loaded(course=reading.course, source=bundle.source, digest=bundle.digest, bundle=bundle)


def _fault(what: str, mend: str) -> Fault:
    return Fault(line=1, column=1, what=what, mend=mend, code="file-unusable")

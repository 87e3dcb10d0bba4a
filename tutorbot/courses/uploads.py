"""A file that an author sent: one course, or an archive of it with pictures and translations.

Whatever is in the file, it is one sentence and no harm; how long it may take is bounded where
`examine` is run.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from tutorbot.core.course import Course
from tutorbot.core.publishing import LARGEST_UPLOAD, Finding
from tutorbot.courses.bundle import (
    SUFFIX,
    Bundle,
    FileFaults,
    examine_bundle,
    gathered,
    parse_bundle,
    translation_in,
)
from tutorbot.courses.faults import Fault, Severity
from tutorbot.courses.importers.packages import Archive, open_archive

_ARCHIVE = ".zip"
_ENDINGS = (SUFFIX, ".md", _ARCHIVE)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The file as a whole cannot be looked into; one or two sentences with the remedy."""

    why: str


TOO_MUCH = Refused(why="This takes too long to check, or too much memory. Split the course.")


@dataclass(frozen=True, kw_only=True)
class Examined:
    bundle: Bundle
    course: Course | None  # None: it cannot be built
    findings: tuple[Finding, ...]


def is_course_file(name: str) -> bool:
    """Whether a file of this name may hold a course."""
    return name.casefold().endswith(_ENDINGS)


def examine(name: str, content: bytes) -> Examined | Refused:
    """Everything that there is to say of what the file holds."""
    bundle = _opened(name, content)
    if not isinstance(bundle, Bundle):
        return bundle
    reading = examine_bundle(bundle)
    findings = tuple(finding(bundle, file, fault) for file, fault in reading.faults)
    return Examined(bundle=bundle, course=reading.course, findings=findings)


def reopened(name: str, content: bytes) -> tuple[Bundle, Course] | None:
    """A file that was examined and found sound; None if it no longer is, to this version."""
    bundle = _opened(name, content)
    course = parse_bundle(bundle).course if isinstance(bundle, Bundle) else None
    return (bundle, course) if isinstance(bundle, Bundle) and course else None


def finding(bundle: Bundle, file: str, fault: Fault) -> Finding:
    """A fault as it is told to an author, with the line that it stands on."""
    sources = dict(bundle.translations.values()) | {bundle.name: bundle.source}
    lines = sources.get(file, "").splitlines()
    return Finding(
        file=file,
        line=fault.line,
        column=fault.column,
        what=fault.what,
        mend=fault.mend,
        source=lines[fault.line - 1] if fault.line <= len(lines) else "",
        hinders=fault.severity is Severity.ERROR,
    )


def _opened(name: str, content: bytes) -> Bundle | Refused:
    if len(content) > LARGEST_UPLOAD:
        return Refused(why=f"The file has more than {LARGEST_UPLOAD // 1_000_000} MB.")
    if not name.casefold().endswith(_ARCHIVE):
        return _gathered(name, content, {})
    archive = open_archive(content)
    if not isinstance(archive, Archive):
        return Refused(why=archive.what)
    members = {
        PurePosixPath(path).name: path
        for path in archive.names
        if not path.startswith("__MACOSX/") and not PurePosixPath(path).name.startswith(".")
    }
    mains = [file for file in members if file.endswith(SUFFIX) and not translation_in(file)]
    if len(mains) != 1:
        return Refused(
            why=f"The archive holds {len(mains) or 'no'} courses. Send one NAME{SUFFIX} with its"
            f" pictures and its translations, NAME.de{SUFFIX}."
        )
    files = {file: archive.read(path) for file, path in members.items()}
    if None in files.values():
        return Refused(why="The archive is damaged. Pack it again.")
    beside = {file: each for file, each in files.items() if each is not None}
    return _gathered(mains[0], beside.pop(mains[0]), beside)


def _gathered(name: str, content: bytes, beside: dict[str, bytes]) -> Bundle | Refused:
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError:
        return Refused(why=f"{name} is not UTF-8. Save it as UTF-8.")
    bundle = gathered(name, source, beside)
    return bundle if isinstance(bundle, Bundle) else Refused(why=_told(bundle))


def _told(faults: FileFaults) -> str:
    return " ".join(f"{file}: {fault.what} {fault.mend}" for file, fault in faults)

"""A file that an author sent: one course, or an archive of it with pictures and translations.

Whatever the file is, the answer is bounded in time and memory only when `examine` runs in a worker.
"""

from dataclasses import dataclass

from tutorbot.core.course import Course
from tutorbot.core.publishing import LARGEST_UPLOAD, Finding
from tutorbot.courses.bundle import Bundle
from tutorbot.courses.check import check
from tutorbot.courses.faults import Fault, Severity
from tutorbot.courses.load import SUFFIX
from tutorbot.courses.parse import parse

_ENDINGS = (SUFFIX, ".md", ".zip")


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The file as a whole cannot be looked into."""

    what: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class Examined:
    bundle: Bundle
    course: Course | None  # None: it cannot be built
    findings: tuple[Finding, ...]


def is_course_file(name: str) -> bool:
    """Whether a file of this name may hold a course."""
    return name.casefold().endswith(_ENDINGS)


def opened(name: str, content: bytes) -> Bundle | Refused:
    """What the file holds."""
    if len(content) > LARGEST_UPLOAD:
        return Refused(what="The file is too large.", mend="Keep it under 8 MB.")
    try:
        return Bundle(name=name, source=content.decode("utf-8"))
    except UnicodeDecodeError:
        return Refused(what="The file is not UTF-8.", mend="Save it as UTF-8.")


def examine(name: str, content: bytes) -> Examined | Refused:
    """All that a check finds."""
    bundle = opened(name, content)
    if isinstance(bundle, Refused):
        return bundle
    course = parse(bundle.source, bundle.name)
    if not isinstance(course, Course):
        return Examined(bundle=bundle, course=None, findings=_findings(bundle, course))
    faults = check(course, bundle.source)
    return Examined(bundle=bundle, course=course, findings=_findings(bundle, faults))


def reopened(name: str, content: bytes) -> tuple[Bundle, Course] | None:
    """A file that was examined and found sound; None if it no longer is, to this version."""
    bundle = opened(name, content)
    course = parse(bundle.source, bundle.name) if isinstance(bundle, Bundle) else None
    return (bundle, course) if isinstance(bundle, Bundle) and isinstance(course, Course) else None


def finding(file: str, fault: Fault, lines: tuple[str, ...]) -> Finding:
    """A fault as it is told to an author, with the line that it stands on."""
    return Finding(
        file=file,
        line=fault.line,
        column=fault.column,
        what=fault.what,
        mend=fault.mend,
        source=lines[fault.line - 1] if fault.line <= len(lines) else "",
        hinders=fault.severity is Severity.ERROR,
    )


def _findings(bundle: Bundle, faults: tuple[Fault, ...]) -> tuple[Finding, ...]:
    lines = tuple(bundle.source.splitlines())
    return tuple(finding(bundle.name, fault, lines) for fault in faults)

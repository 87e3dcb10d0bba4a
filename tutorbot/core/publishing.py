"""Publishing in the chat: what can come of a file that an author sends."""

from dataclasses import dataclass

from tutorbot.core.course import Course, Question, Values
from tutorbot.core.ids import CourseId, UploadId

LARGEST_UPLOAD = 20_000_000
"""In bytes, which is what Telegram lets a bot fetch."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A fault of a course file, for its author.

    Line and column count from 1; line 0 is the file as a whole.
    """

    file: str
    line: int
    column: int
    what: str
    mend: str
    source: str = ""  # the line that it stands on
    hinders: bool = True  # False: worth a look, and no reason not to publish


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What becomes of one question, or of the course as a whole (no title)."""

    how: str  # "new", "gone", "changed"
    title: str = ""
    parts: tuple[str, ...] = ()  # what of it changed


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What publishing a course would do."""

    number: int  # of the version that it would become
    same: bool  # it is what is published already
    differences: tuple[Difference, ...]  # from the version before
    hindrances: tuple[Finding, ...]  # why it must not be published
    under_way: int  # learners who are in the middle of the version before


@dataclass(frozen=True, kw_only=True)
class NotAnAuthor:
    """Only authors can publish."""


@dataclass(frozen=True, kw_only=True)
class TooLarge:
    name: str
    size: int  # bytes


@dataclass(frozen=True, kw_only=True)
class NoCourseFile:
    name: str


@dataclass(frozen=True, kw_only=True)
class Received:
    """The file is in line to be checked."""

    upload: UploadId
    name: str


@dataclass(frozen=True, kw_only=True)
class NotFetched:
    """Telegram does not hand the file over, for good."""

    upload: UploadId
    name: str


@dataclass(frozen=True, kw_only=True)
class Unsound:
    upload: UploadId
    name: str
    findings: tuple[Finding, ...]  # never empty


@dataclass(frozen=True, kw_only=True)
class Sound:
    """The file may be published."""

    upload: UploadId
    name: str
    course: Course
    plan: Plan
    findings: tuple[Finding, ...] = ()  # none that hinders


@dataclass(frozen=True, kw_only=True)
class Overtaken:
    """The course was published by another file since its author was told what this one changes."""

    sound: Sound


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """One question of a file as learners will see it, with its key."""

    upload: UploadId
    question: Question  # the values of the variant set in
    values: Values
    number: int  # 1 for the first
    of: int


@dataclass(frozen=True, kw_only=True)
class Published:
    upload: UploadId
    course: CourseId
    title: str
    number: int
    of: int  # questions


@dataclass(frozen=True, kw_only=True)
class Dropped:
    upload: UploadId
    name: str


@dataclass(frozen=True, kw_only=True)
class Settled:
    """It was published or dropped before, or is no longer there."""


Receipt = NotAnAuthor | TooLarge | NoCourseFile | Received
Examination = NotFetched | Unsound | Sound
Decision = Previewed | Published | Overtaken | Dropped | Unsound | Settled | NotAnAuthor

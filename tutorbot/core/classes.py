"""Classes: who may do what in them.

A role stands in the database and is asked for in the flow, each time that something is done: what
a menu offers, or an old button still carries, decides nothing.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from tutorbot.core.ids import ClassId, CourseId, LearnerId, LinkId


class Role(Enum):
    OWNER = "owner"
    INSTRUCTOR = "instructor"
    ASSISTANT = "assistant"
    LEARNER = "learner"
    OBSERVER = "observer"


class Right(Enum):
    """What can be done in a class, as far as it takes a right."""

    ANSWER = "answer"  # what is set to the class
    SEE_RESULTS = "see results"  # of all
    SEE_NAMES = "see names"
    INVITE = "invite"  # learners; whoever works in the class is invited by who may `STAFF`
    MANAGE_LEARNERS = "manage learners"  # remove, extend, cohorts
    SET = "set"  # quizzes; broadcast, pause, cancel
    EDIT_KEYS = "edit keys"  # and regrade, and undo it
    STAFF = "staff"  # invite and remove instructors, assistants and observers, or change which
    MANAGE_CLASS = "manage class"  # its title, time zone, holidays
    END_CLASS = "end class"


_OBSERVING = frozenset({Right.SEE_RESULTS})
_ASSISTING = _OBSERVING | {
    Right.SEE_NAMES,
    Right.INVITE,
    Right.MANAGE_LEARNERS,
    Right.SET,
}
_TEACHING = _ASSISTING | {Right.EDIT_KEYS, Right.MANAGE_CLASS}
RIGHTS = {
    Role.OWNER: _TEACHING | {Right.STAFF, Right.END_CLASS},
    Role.INSTRUCTOR: _TEACHING,
    Role.ASSISTANT: _ASSISTING,
    Role.LEARNER: frozenset({Right.ANSWER}),
    Role.OBSERVER: _OBSERVING,
}
"""What each role may do; the one table of it."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody who is in a class now."""

    class_id: ClassId
    learner: LearnerId
    code: str  # what stands for them in files and in the log of the class
    role: Role

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    @property
    def works(self) -> bool:
        return self.role is not Role.LEARNER


def outranks(one: Role, other: Role) -> bool:
    """Whether somebody who is the other gains by becoming the one; nobody is made less by a link.

    >>> outranks(Role.ASSISTANT, Role.LEARNER), outranks(Role.LEARNER, Role.OBSERVER)
    (True, False)
    """
    return _RANKS.index(one) < _RANKS.index(other)


_RANKS = (Role.OWNER, Role.INSTRUCTOR, Role.ASSISTANT, Role.OBSERVER, Role.LEARNER)


# What the buttons ask for.


@dataclass(frozen=True)
class ListClasses:
    """Those in which the presser works."""


@dataclass(frozen=True)
class OpenClass:
    class_id: ClassId


@dataclass(frozen=True)
class ChooseCourse:
    """Begin a class: of which course?"""


@dataclass(frozen=True)
class StartClass:
    """Begin a class of that course: by which title?"""

    course: CourseId


@dataclass(frozen=True)
class NameAfterCourse:
    """Begin it, and call it as the course is called."""

    course: CourseId
    asked_at: int  # seconds since 1970: a second tap is about the class of the first


@dataclass(frozen=True)
class InviteLearners:
    """Show the link by which learners join; make one where there is none."""

    class_id: ClassId


@dataclass(frozen=True)
class RenewLink:
    """Let another link take its place."""

    link: LinkId


@dataclass(frozen=True)
class LimitLink:
    link: LinkId
    most: int  # uses; 0: as many as like


@dataclass(frozen=True)
class LetLinkLast:
    link: LinkId
    days: int  # from now on; 0: without end


@dataclass(frozen=True)
class EndLink:
    link: LinkId


@dataclass(frozen=True)
class InviteCohort:
    """A link for one cohort: for which?"""

    class_id: ClassId


@dataclass(frozen=True)
class ChooseStaff:
    """Invite somebody who will work in the class: as what?"""

    class_id: ClassId


@dataclass(frozen=True)
class InviteStaff:
    class_id: ClassId
    role: Role


@dataclass(frozen=True)
class ShowRoster:
    class_id: ClassId
    page: int  # 0 is the first


@dataclass(frozen=True)
class ShowMember:
    class_id: ClassId
    code: str


@dataclass(frozen=True)
class SetTime:
    """Give somebody more time wherever it is limited."""

    class_id: ClassId
    code: str
    percent: int


@dataclass(frozen=True)
class ExtendTime:
    """Put the deadlines of a learner off, for what is open."""

    class_id: ClassId
    code: str


@dataclass(frozen=True)
class ChangeCohort:
    """Put somebody into a cohort: into which?"""

    class_id: ClassId
    code: str


@dataclass(frozen=True)
class SetRole:
    """Make somebody something else who works in the class."""

    class_id: ClassId
    code: str
    role: Role


@dataclass(frozen=True)
class AskRemove:
    class_id: ClassId
    code: str


@dataclass(frozen=True)
class RemoveMember:
    class_id: ClassId
    code: str


@dataclass(frozen=True)
class InviteBack:
    """Let somebody who was removed join again."""

    class_id: ClassId
    code: str


@dataclass(frozen=True)
class ShowHolidays:
    class_id: ClassId


@dataclass(frozen=True)
class AddHoliday:
    """Which days?"""

    class_id: ClassId


@dataclass(frozen=True)
class DropHoliday:
    class_id: ClassId
    day: date  # its first


@dataclass(frozen=True)
class ManageClass:
    """Show what can be changed about the class itself."""

    class_id: ClassId


@dataclass(frozen=True)
class RenameClass:
    class_id: ClassId


@dataclass(frozen=True)
class ChangeZone:
    class_id: ClassId


@dataclass(frozen=True)
class UseMyZone:
    class_id: ClassId


@dataclass(frozen=True)
class ChooseOwner:
    """Hand the class over: to whom?"""

    class_id: ClassId


@dataclass(frozen=True)
class AskHandOver:
    class_id: ClassId
    code: str


@dataclass(frozen=True)
class HandOver:
    class_id: ClassId
    code: str


@dataclass(frozen=True)
class AskEndClass:
    class_id: ClassId


@dataclass(frozen=True)
class EndClass:
    class_id: ClassId


@dataclass(frozen=True)
class ListMyClasses:
    """All that the presser is in, as whatever."""


@dataclass(frozen=True)
class AskLeaveClass:
    class_id: ClassId


@dataclass(frozen=True)
class LeaveClass:
    class_id: ClassId


ClassAction = (
    ListClasses
    | OpenClass
    | ChooseCourse
    | StartClass
    | NameAfterCourse
    | InviteLearners
    | RenewLink
    | LimitLink
    | LetLinkLast
    | EndLink
    | InviteCohort
    | ChooseStaff
    | InviteStaff
    | ShowRoster
    | ShowMember
    | SetTime
    | ExtendTime
    | ChangeCohort
    | SetRole
    | AskRemove
    | RemoveMember
    | InviteBack
    | ShowHolidays
    | AddHoliday
    | DropHoliday
    | ManageClass
    | RenameClass
    | ChangeZone
    | UseMyZone
    | ChooseOwner
    | AskHandOver
    | HandOver
    | AskEndClass
    | EndClass
    | ListMyClasses
    | AskLeaveClass
    | LeaveClass
)


# What comes of it.


@dataclass(frozen=True, kw_only=True)
class Taught:
    """A class as somebody sees it who is in it."""

    class_id: ClassId
    title: str
    role: Role
    learners: int

    @property
    def teaches(self) -> bool:
        """Whether they set something here; an observer looks on, and teaches nobody."""
        return Right.SET in RIGHTS[self.role]


@dataclass(frozen=True, kw_only=True)
class Classes:
    """All in which somebody works."""

    taught: tuple[Taught, ...]
    may_start: bool


@dataclass(frozen=True, kw_only=True)
class ClassPage:
    """What stands at the head of a class, for somebody who works in it."""

    class_id: ClassId
    title: str
    course: str  # its title
    role: Role  # of who looks
    counts: Mapping[Role, int]
    timezone: str
    now: datetime
    holiday: tuple[date, date] | None  # the one that is on, or comes next

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


@dataclass(frozen=True, kw_only=True)
class WhichCourse:
    courses: tuple[tuple[CourseId, str], ...]


@dataclass(frozen=True, kw_only=True)
class WhichTitle:
    course: CourseId
    title: str  # of the course
    asked_at: int
    too_long: bool = False  # the one that was typed


@dataclass(frozen=True, kw_only=True)
class ClassStarted:
    page: ClassPage
    zone_known: bool  # whether the owner ever said what their time zone is


@dataclass(frozen=True, kw_only=True)
class MyClasses:
    """All that somebody is in, as whatever."""

    joined: tuple[Taught, ...]


@dataclass(frozen=True, kw_only=True)
class WhichZone:
    """The time zone of a class is asked for, to be typed."""

    class_id: ClassId
    timezone: str  # as it is
    mine: str  # of whoever is asked
    unknown: bool = False  # what was typed


@dataclass(frozen=True, kw_only=True)
class WhichNewTitle:
    title: str  # as it is
    too_long: bool = False  # what was typed


@dataclass(frozen=True, kw_only=True)
class Successor:
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class SureToHandOver:
    """Whether somebody is to be the next owner: only they can give the class back."""

    class_id: ClassId
    title: str
    to: Successor


@dataclass(frozen=True, kw_only=True)
class WhichOwner:
    """The instructors to whom a class can be handed over."""

    class_id: ClassId
    title: str
    instructors: tuple[Successor, ...]


@dataclass(frozen=True, kw_only=True)
class Inherited:
    """A class belongs to somebody now who is to be told."""

    heir: LearnerId
    class_id: ClassId
    title: str


@dataclass(frozen=True, kw_only=True)
class HandedOver:
    page: ClassPage
    name: str  # of the new owner
    inherited: Inherited


@dataclass(frozen=True, kw_only=True)
class SureToEnd:
    class_id: ClassId
    title: str
    people: int


@dataclass(frozen=True, kw_only=True)
class ClassEnded:
    title: str


@dataclass(frozen=True, kw_only=True)
class SureToLeave:
    class_id: ClassId
    title: str
    role: Role
    successor: str | None = None  # the name of the next owner, if the owner asks
    ends: bool = False  # there is none, so the class would be over


@dataclass(frozen=True, kw_only=True)
class ClassLeft:
    title: str
    inherited: Inherited | None = None


@dataclass(frozen=True)
class NotAllowed:
    """There is no such class, or they may not do that in it: nobody learns which."""


@dataclass(frozen=True)
class NotATeacher:
    """Somebody who may start no class."""


LONGEST_TITLE = 60


def as_title(typed: str) -> str | None:
    """Make one line of what was typed; None if it is too long for a title, or nothing.

    >>> as_title("  Networks,   spring "), as_title(" ")
    ('Networks, spring', None)
    """
    line = one_line(typed)
    return line if 0 < len(line) <= LONGEST_TITLE else None


def one_line(typed: str) -> str:
    """Drop what cannot be seen, and every line break."""
    seen = "".join(
        " " if unicodedata.category(each) in _BREAKS else each
        for each in typed
        if unicodedata.category(each) not in _UNSEEN
    )
    return " ".join(seen.split())


_BREAKS = {"Cc", "Zl", "Zp"}
_UNSEEN = {"Cf", "Cs", "Co", "Cn"}

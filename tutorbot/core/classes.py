"""Classes: who may do what in them.

A role stands in the database and is asked for in the flow, each time that something is done: what
a menu offers, or an old button still carries, decides nothing.
"""

from dataclasses import dataclass
from enum import Enum

from tutorbot.core.ids import ClassId, LearnerId


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
    STAFF = "staff"  # invite and remove instructors, assistants and observers
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


@dataclass(frozen=True)
class ListClasses:
    """Those in which the presser works."""


@dataclass(frozen=True)
class OpenClass:
    class_id: ClassId


ClassAction = ListClasses | OpenClass


@dataclass(frozen=True, kw_only=True)
class Taught:
    """A class as somebody sees it who works in it."""

    class_id: ClassId
    title: str
    role: Role
    learners: int


@dataclass(frozen=True, kw_only=True)
class Classes:
    """All in which somebody works."""

    taught: tuple[Taught, ...]


@dataclass(frozen=True)
class NotAllowed:
    """There is no such class, or they may not do that in it: nobody learns which."""

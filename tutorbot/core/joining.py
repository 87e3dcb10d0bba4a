"""Joining a class: the codes of links, who may come in by one, and what it makes of them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tutorbot.core.classes import Role, one_line, outranks
from tutorbot.core.ids import ClassId, LinkId
from tutorbot.core.pacing import Rate

LETTERS = "ACDEFGHJKMNPQRTWXY34679"
"""What codes are made of: no two look alike on a board, in any handwriting."""

LINK_PREFIX = "class_"
"""Stands before the code in ``/start``."""

MOST_JOINS = (30, 100, 300, 0)
"""How many may join by a link of learners; 0: as many as like."""
DAYS = (1, 7, 30, 0)
"""How long such a link lasts; 0: without end."""

USUAL_JOINS = 100
USUAL_DAYS = 30
STAFF_LINK_LASTS = timedelta(hours=24)

LONGEST_COHORT = 24

CODES = Rate(per_second=10 / 600, burst=10)
"""So many codes that let nobody in may one person try: ten at once, and then one a minute."""

_LINK_CODE = 8  # letters: 7.8e10 of them, so nobody guesses one
_MEMBER_CODE = 5


def link_code(dice: Random) -> str:
    """Make a code that nobody can foresee, if the dice are `secrets.SystemRandom`."""
    return "".join(dice.choices(LETTERS, k=_LINK_CODE))


def member_code(dice: Random) -> str:
    """Make what stands for somebody in a class, unless it is somebody else's there already."""
    return "".join(dice.choices(LETTERS, k=_MEMBER_CODE))


def code_typed(typed: str) -> str | None:
    """Read a code as people copy it from a board, or the whole link; None if it is none.

    >>> code_typed("acde-fghj"), code_typed("t.me/bot?start=class_ACDEFGHJ"), code_typed("a")
    ('ACDEFGHJ', 'ACDEFGHJ', None)
    """
    bare = typed.strip().rpartition(LINK_PREFIX)[2]
    letters = re.sub(r"[\s\-–—.]", "", bare).upper()
    return letters if len(letters) == _LINK_CODE and set(letters) <= set(LETTERS) else None


def code_shown(code: str) -> str:
    """Write a code so that it is easily read aloud.

    >>> code_shown("ACDEFGHJ")
    'ACDE-FGHJ'
    """
    return f"{code[:4]}-{code[4:]}"


def link_to(bot: str, code: str) -> str:
    """Where a code leads by a tap; ``bot`` is its user name, without the ``@``."""
    return f"https://t.me/{bot}?start={LINK_PREFIX}{code}"


def command_with(code: str) -> str:
    """What to type to the same end."""
    return f"/join {code_shown(code)}"


@dataclass(frozen=True, kw_only=True)
class JoinLink:
    id: LinkId
    class_id: ClassId
    code: str
    role: Role
    cohort: str | None
    uses: int
    most: int | None  # None: as many as like
    made_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None  # another took its place, or it was switched off

    def ended(self, at: datetime) -> bool:
        return self.ended_at is not None or (self.expires_at is not None and self.expires_at <= at)

    @property
    def full(self) -> bool:
        return self.most is not None and self.uses >= self.most

    @property
    def for_one(self) -> bool:
        """Whether it is for one person alone; else it can be changed."""
        return self.most == 1


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somebody's place in a class, now or before."""

    code: str
    role: Role
    cohort: str | None
    here: bool  # now
    removed: bool  # by somebody who teaches


@dataclass(frozen=True, kw_only=True)
class Joined:
    class_id: ClassId
    title: str
    role: Role
    cohort: str | None
    back: bool  # they were in it before
    zone: str | None = None  # of the class, if it is theirs too from now on
    zone_at: datetime | None = None
    quizzes: bool = False  # there are some that wait for them


@dataclass(frozen=True, kw_only=True)
class AlreadyIn:
    """They are in the class, and the link would make nothing more of them."""

    class_id: ClassId
    title: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class StaysLearner:
    """By a link for who works there they would learn in the class no more; nobody does unasked."""

    title: str
    role: Role  # of the link


@dataclass(frozen=True)
class NoSuchLink:
    """The code is none."""


@dataclass(frozen=True)
class ClassOver:
    """Whoever has its code hears so much, and not which class it was."""


@dataclass(frozen=True)
class LinkEnded:
    """It ran out, or another took its place."""


@dataclass(frozen=True)
class LinkFull:
    pass


@dataclass(frozen=True)
class WasRemoved:
    """Somebody who was removed comes back by an invitation only."""


@dataclass(frozen=True)
class WhichCode:
    """They want to join, and have not said by which code."""


@dataclass(frozen=True)
class TooManyCodes:
    """Too many let them in nowhere; the next is not looked at, whatever it is."""

    seconds: float  # until one is


JoinOutcome = (
    Joined
    | AlreadyIn
    | StaysLearner
    | NoSuchLink
    | ClassOver
    | LinkEnded
    | LinkFull
    | WasRemoved
    | WhichCode
    | TooManyCodes
)


def hindrance(
    link: JoinLink, place: Place | None, title: str, at: datetime
) -> AlreadyIn | StaysLearner | LinkEnded | LinkFull | WasRemoved | None:
    """Say why somebody cannot join by a link; None if they can, as far as can be seen.

    Who is in already is told so whatever has become of the link, and uses nothing up. Who learns
    in the class has to leave it before they work there: by a link that was meant for another they
    would have no more quizzes.
    """
    if place and place.here and not outranks(link.role, place.role):
        return AlreadyIn(class_id=link.class_id, title=title, role=place.role)
    if place and place.removed:
        return WasRemoved()
    if link.ended(at):
        return LinkEnded()
    if link.full:
        return LinkFull()
    if place and place.here and place.role is Role.LEARNER:
        return StaysLearner(title=title, role=link.role)
    return None


@dataclass(frozen=True, kw_only=True)
class LinkShown:
    """A link as whoever may hand it out sees it."""

    link: JoinLink
    title: str  # of the class
    timezone: str  # of the class
    now: datetime
    may_invite_staff: bool
    replaced: bool = False  # another just ended for it


@dataclass(frozen=True, kw_only=True)
class LinkSwitchedOff:
    class_id: ClassId


@dataclass(frozen=True, kw_only=True)
class WhichCohort:
    """The cohort is asked for, to be typed."""

    known: tuple[str, ...]  # those that there are
    too_long: bool = False  # what was typed


@dataclass(frozen=True, kw_only=True)
class WhichRole:
    """What shall somebody be who is invited to work in a class?"""

    class_id: ClassId


STAFF_ROLES = (Role.INSTRUCTOR, Role.ASSISTANT, Role.OBSERVER)
"""What a link can make of somebody who does not learn in the class; nobody joins as its owner."""


def as_cohort(typed: str) -> str | None:
    """Read the name of a cohort; None if it is none.

    >>> as_cohort(" Monday  group "), as_cohort("x" * 30)
    ('Monday group', None)
    """
    line = one_line(typed)
    return line if 0 < len(line) <= LONGEST_COHORT else None


def cohort_meant(typed: str, known: Collection[str]) -> str:
    """Find the cohort that there is already, by whatever case and spaces its name was typed.

    >>> cohort_meant("tuesday", ["Monday", "Tuesday"]), cohort_meant("Group 2", ["group1"])
    ('Tuesday', 'Group 2')
    """
    if typed in known:
        return typed
    return next((each for each in known if _folded(each) == _folded(typed)), typed)


def _folded(name: str) -> str:
    return "".join(name.casefold().split())

"""Who is in a class: its roster, and what is arranged for one of its people."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tutorbot.core.assignments import Phase, Standing, Terms, terms
from tutorbot.core.classes import Member, Right, Role
from tutorbot.core.ids import ClassId, LearnerId
from tutorbot.core.joining import STAFF_ROLES

PER_PAGE = 10

TIMES = (100, 125, 150, 200)
"""Percent of the usual time, where time is limited."""

EXTENSION = timedelta(hours=48)
"""By how much deadlines are put off for one learner."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who is in a class, or was."""

    learner: LearnerId
    code: str
    name: str
    role: Role
    cohort: str | None
    percent: int  # of the usual time
    joined_at: datetime
    active_at: datetime | None  # their last answer to anything
    here: bool
    removed: bool


@dataclass(frozen=True, kw_only=True)
class Roster:
    class_id: ClassId
    title: str
    timezone: str
    now: datetime
    people: tuple[Person, ...]  # of this page
    page: int  # 0 is the first
    pages: int
    names: bool  # whether whoever looks may see them, and not just codes
    may_manage: bool


@dataclass(frozen=True, kw_only=True)
class Card:
    """One of a class, as those see them who may arrange things for them."""

    class_id: ClassId
    title: str
    timezone: str
    now: datetime
    person: Person
    may_remove: bool
    roles: tuple[Role, ...] = ()  # that they can be given
    extended: int | None = None  # how many quizzes were just put off
    changed: bool = False  # something else was


@dataclass(frozen=True, kw_only=True)
class SureToRemove:
    class_id: ClassId
    title: str
    person: Person


@dataclass(frozen=True, kw_only=True)
class Removed:
    class_id: ClassId
    title: str
    person: Person


@dataclass(frozen=True)
class NotThere:
    """Nobody of that code is in the class, or not as what it takes."""


def may_remove(by: Member, person: Person) -> bool:
    """Whether somebody may remove that person; the owner stays, and nobody removes themselves."""
    if person.role is Role.OWNER or person.learner == by.learner:
        return False
    return by.may(Right.MANAGE_LEARNERS if person.role is Role.LEARNER else Right.STAFF)


def other_roles(by: Member, person: Person) -> tuple[Role, ...]:
    """What somebody who works in a class may be made; the owner is, until they hand it over."""
    if person.role not in STAFF_ROLES or not by.may(Right.STAFF):
        return ()
    return tuple(role for role in STAFF_ROLES if role is not person.role)


def open_longer(each: Standing) -> bool:
    """Whether somebody may answer a quiz, and for longer than if its deadline were not put off.

    Who has begun one of which the minutes are limited gains nothing beyond them.
    """
    without = terms(each.assignment, replace(each.part, extended_until=None))
    longer = (each.terms.closes, ends(each)) != (without.closes, _ends(without))
    return longer and each.phase in {Phase.OPEN, Phase.LATE}


def ends(each: Standing) -> datetime | None:
    """Until when they may answer for full credit."""
    return _ends(each.terms)


def _ends(those: Terms) -> datetime | None:
    if those.due is None or those.closes is None:
        return those.due
    return min(those.due, those.closes)

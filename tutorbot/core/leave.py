"""Free days that learners choose for themselves, always ahead: weekdays of rest, and pauses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MOST_REST = 2
"""Weekdays of rest."""
PAUSES = (3, 7, 14, 30)
"""How long a pause may be chosen, in days."""
MOST_PAUSED = 60
"""Days of pause in a year."""

_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)

Pause = tuple[date, date]
"""The first day and the last."""


@dataclass(frozen=True, kw_only=True)
class FreeDays:
    """What a learner chose, and what may be chosen still."""

    rest: frozenset[int]  # weekdays, 0 is Monday
    rest_since: date | None  # from when on they hold, if that is still to come
    pause: Pause | None
    today: date
    pauses_left: tuple[int, ...]  # how long a pause may be, in days


@dataclass(frozen=True, kw_only=True)
class ClocksSet:
    """Which clocks a learner's days follow, after they said so."""

    timezone: str
    now: datetime
    day_starts: int
    known: bool = True  # whether there is such a zone; else the old one stays
    changed: bool = True
    reopened: date | None = None  # a day that was over by the old clocks


def rest_begins(today: date) -> date:
    """From when on a new choice of weekdays holds: next week, so that no day is freed after it.

    >>> rest_begins(date(2026, 11, 22)), rest_begins(date(2026, 11, 23))
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 30))
    """
    return today + timedelta(days=7 - today.weekday())


def pause_now(pauses: Iterable[Pause], today: date) -> Pause | None:
    """The pause that is going on or set ahead."""
    return min((each for each in pauses if each[1] >= today), default=None)


def paused_days(pauses: Iterable[Pause], today: date) -> int:
    """Days of pause that count against those of a year: the past one, and what is set ahead."""
    since = today - _YEAR
    return sum(max(0, (last - max(first, since)).days + 1) for first, last in pauses)


def pauses_left(pauses: Iterable[Pause], today: date) -> tuple[int, ...]:
    """How long a pause may still be, in days."""
    left = MOST_PAUSED - paused_days(pauses, today)
    return tuple(days for days in PAUSES if days <= left)


def pause_from(today: date, days: int) -> Pause:
    """A pause set today begins tomorrow: today is still open."""
    return today + _DAY, today + days * _DAY


def ended(pause: Pause, today: date) -> Pause | None:
    """A pause of which the rest is given back, from today on; None if nothing of it was used."""
    first, _ = pause
    return (first, today - _DAY) if first < today else None

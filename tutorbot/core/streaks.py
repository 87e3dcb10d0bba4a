"""Streaks: how many study days in a row.

The study day of an answer is decided once, when the answer is stored, and never again: neither a
flight nor a change of the clocks, nor of the learner's zone, rewrites what was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from tutorbot.core.calendar import DAY_STARTS, day_start, missed_between, study_day


@dataclass(frozen=True, kw_only=True)
class Day:
    """A study day with an answer in it, as stored.

    What is not known of its first answer is taken in the learner's favour: given as the day
    began, in the zone of the last.
    """

    day: date
    timezone: str  # of its last answer
    first_at: datetime | None = None
    first_timezone: str | None = None


@dataclass(frozen=True, kw_only=True)
class Streak:
    length: int  # study days of the run that today can still add to; 0 when there is none
    longest: int  # of all runs, this one included
    last_day: date | None
    studied_today: bool
    days: tuple[date, ...]  # all study days, oldest first


def stored_day(
    at: datetime, timezone: str, day_starts: int = DAY_STARTS, last: date | None = None
) -> date:
    """Decide the study day to store with an answer: never one before the day stored last."""
    day = study_day(at, timezone, day_starts)
    return day if last is None else max(day, last)


def streak(
    days: Sequence[Day], now: datetime, timezone: str, day_starts: int = DAY_STARTS
) -> Streak:
    """Tell how the runs stand now, by the clocks of the zone that the learner is in.

    Today is open until it is over: an open day without an answer breaks nothing.
    """
    ordered = _in_order(days)
    if not ordered:
        return Streak(length=0, longest=0, last_day=None, studied_today=False, days=())
    length = longest = 1
    for earlier, later in pairwise(ordered):
        length = 1 if _missed(earlier, later, day_starts) else length + 1
        longest = max(longest, length)
    last = ordered[-1]
    today = stored_day(now, timezone, day_starts, last.day)
    if missed_between(last.day, last.timezone, today, timezone, now, day_starts):
        length = 0
    return Streak(
        length=length,
        longest=longest,
        last_day=last.day,
        studied_today=today == last.day,
        days=tuple(day.day for day in ordered),
    )


def _in_order(days: Iterable[Day]) -> tuple[Day, ...]:
    once = {day.day: day for day in days}
    return tuple(once[day] for day in sorted(once))


def _missed(earlier: Day, later: Day, day_starts: int) -> int:
    if (later.day - earlier.day).days == 1:
        return 0
    arrived = later.first_timezone or later.timezone
    at = later.first_at or day_start(later.day, arrived, day_starts)
    return missed_between(earlier.day, earlier.timezone, later.day, arrived, at, day_starts)

"""Streaks: how many study days in a row, and what keeps a run when life comes between.

The study day of an answer is decided once, when the answer is stored, and never again: neither a
flight nor a change of the clocks, nor of the learner's zone, rewrites what was. How the runs stand
is worked out from the days stored, the same whatever order they are read in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import islice

from tutorbot.core.calendar import DAY_STARTS, day_start, missable, study_day

FREEZES_AT_FIRST = 1
MOST_FREEZES = 2
DAYS_FOR_A_FREEZE = 7
ANSWERS_OF_A_DAY = 3
"""Graded answers that make a study day, unless all due reviews are done before."""
REPAIR_WITHIN = timedelta(hours=48)
BETWEEN_REPAIRS = timedelta(days=30)
MILESTONES = (3, 7, 14, 30, 50, 100, 200, 365)
"""In study days; then every 365."""

_DAY = timedelta(days=1)
_YEAR = 365


class Outcome(Enum):
    """What became of a day."""

    ACTIVE = "active"
    FROZEN = "frozen"  # a freeze was spent on it; the run goes on
    FREE = "free"  # it cost nothing; the run goes on
    MISSED = "missed"  # the run ended


class Cause(Enum):
    ANSWERED = "answered"
    FREEZE = "freeze"
    SKIPPED = "skipped"  # the zone has no such day, or hardly any of it
    TRAVEL = "travel"  # by the other of two zones there was no such day
    OUTAGE = "outage"  # we were down when it ended
    HOLIDAY = "holiday"
    REST = "rest"  # a weekday of rest, chosen ahead
    PAUSE = "pause"  # set ahead
    REPAIR = "repair"  # made up for within two days
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Day:
    """A study day, as stored.

    What is not known of its first answer is taken in the learner's favour: given as the day
    began, in the zone of the last.
    """

    day: date
    timezone: str  # of its last answer
    first_at: datetime | None = None
    first_timezone: str | None = None
    doubled_at: datetime | None = None  # when twice the daily goal was reached


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Days that cost no freeze."""

    outages: tuple[tuple[datetime, datetime], ...] = ()  # from when until when we were down
    holidays: frozenset[date] = frozenset()
    rest: tuple[tuple[date, frozenset[int]], ...] = ()  # since when which weekdays; 0 is Monday
    pauses: tuple[tuple[date, date], ...] = ()  # first and last day


@dataclass(frozen=True, kw_only=True)
class Settled:
    day: date
    outcome: Outcome
    cause: Cause


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """Reached once in each run, which is named by its first day."""

    run: date
    days: int
    on: date


@dataclass(frozen=True, kw_only=True)
class Repair:
    """A run that ended can still be taken up again."""

    until: datetime
    length: int  # of the run that would be kept


@dataclass(frozen=True, kw_only=True)
class Streak:
    length: int  # study days of the run that today can still add to; 0 when there is none
    longest: int  # of all runs, this one included
    last_day: date | None
    studied_today: bool
    days: tuple[date, ...]  # all study days, oldest first
    freezes: int = FREEZES_AT_FIRST
    repair: Repair | None = None
    settled: tuple[Settled, ...] = ()  # oldest first; after a missed day, nothing until the next
    milestones: tuple[Milestone, ...] = ()  # in the order reached


def stored_day(
    at: datetime, timezone: str, day_starts: int = DAY_STARTS, last: date | None = None
) -> date:
    """Decide the study day to store with an answer: never one before the day stored last."""
    day = study_day(at, timezone, day_starts)
    return day if last is None else max(day, last)


def streak(
    days: Sequence[Day],
    now: datetime,
    timezone: str,
    day_starts: int = DAY_STARTS,
    leave: Leave | None = None,
) -> Streak:
    """Tell how the runs stand now, by the clocks of the zone that the learner is in.

    Today is open until it is over: an open day without an answer breaks nothing.
    """
    ledger = _Ledger(leave=leave or Leave(), day_starts=day_starts)
    for day in _in_order(days):
        ledger.study(day)
    return ledger.at(now, timezone)


@dataclass(kw_only=True)
class _Break:
    """A run that has ended, as long as it can be taken up again."""

    until: datetime
    length: int
    run: date


@dataclass(kw_only=True)
class _Ledger:
    leave: Leave
    day_starts: int
    days: list[Day] = field(default_factory=list[Day])
    settled: dict[date, Settled] = field(default_factory=dict[date, Settled])
    milestones: list[Milestone] = field(default_factory=list[Milestone])
    freezes: int = FREEZES_AT_FIRST
    length: int = 0
    longest: int = 0
    run: date = date.min  # its first day
    broken: _Break | None = None
    repaired: date | None = None  # the last time

    def study(self, day: Day) -> None:
        arrived = day.first_timezone or day.timezone
        at = day.first_at or day_start(day.day, arrived, self.day_starts)
        self._pass_to(day.day, arrived, at)
        if not self.length:
            self.run = day.day
        self.days.append(day)
        self._settle(day.day, Outcome.ACTIVE, Cause.ANSWERED)
        self.length += 1
        if len(self.days) % DAYS_FOR_A_FREEZE == 0:
            self.freezes = min(self.freezes + 1, MOST_FREEZES)
        self._repair(day)
        self.longest = max(self.longest, self.length)
        reached = {each.days for each in self.milestones if each.run == self.run}
        self.milestones += (
            Milestone(run=self.run, days=days, on=day.day)
            for days in _milestones(self.length)
            if days not in reached
        )

    def at(self, now: datetime, timezone: str) -> Streak:
        last = self.days[-1].day if self.days else None
        today = stored_day(now, timezone, self.day_starts, last)
        self._pass_to(today, timezone, now)
        repair = None
        if self.broken and now < self.broken.until and self._may_repair(today):
            repair = Repair(until=self.broken.until, length=self.broken.length)
        return Streak(
            length=self.length,
            longest=self.longest,
            last_day=last,
            studied_today=today == last,
            days=tuple(day.day for day in self.days),
            freezes=self.freezes,
            repair=repair,
            settled=tuple(self.settled[day] for day in sorted(self.settled)),
            milestones=tuple(self.milestones),
        )

    def _pass_to(self, day: date, arrived: str, at: datetime) -> None:
        """Let the days between the last study day and this one pass.

        A traveller's days are counted by the clocks of the zone left and again by those of the zone
        arrived in, and the smaller number holds.
        """
        if not self.days or (day - self.days[-1].day).days <= 1:
            return
        left = self.days[-1].timezone
        there = study_day(at, left, self.day_starts)
        zone, end = left, there
        if self._charged(day, arrived) < self._charged(there, left):
            zone, end = arrived, day
        for gap in _between(self.days[-1].day, day):
            free = self._free(gap, zone) if gap < end else Cause.TRAVEL
            if free:
                self._settle(gap, Outcome.FREE, free)
            elif self.freezes:
                self.freezes -= 1
                self._settle(gap, Outcome.FROZEN, Cause.FREEZE)
            else:
                self._settle(gap, Outcome.MISSED, Cause.NONE)
                over = day_start(gap + _DAY, zone, self.day_starts)
                self.broken = _Break(until=over + REPAIR_WITHIN, length=self.length, run=self.run)
                self.length = 0
                return

    def _charged(self, end: date, zone: str) -> int:
        """How many days until ``end`` would cost a freeze, or the run; no more than matter."""
        costly = (day for day in _between(self.days[-1].day, end) if not self._free(day, zone))
        return sum(1 for _ in islice(costly, self.freezes + 1))

    def _free(self, day: date, zone: str) -> Cause | None:
        """Why a day costs nothing."""
        if not missable(day, zone, self.day_starts):
            return Cause.SKIPPED
        if any(first <= day <= last for first, last in self.leave.pauses):
            return Cause.PAUSE
        if day in self.leave.holidays:
            return Cause.HOLIDAY
        resting = [weekdays for since, weekdays in self.leave.rest if since <= day]
        if resting and day.weekday() in resting[-1]:
            return Cause.REST
        if self.leave.outages:
            over = day_start(day + _DAY, zone, self.day_starts)
            if any(down <= over <= up for down, up in self.leave.outages):
                return Cause.OUTAGE
        return None

    def _repair(self, day: Day) -> None:
        broken = self.broken
        if not broken or not day.doubled_at or not self._may_repair(day.day):
            return
        if day.doubled_at > broken.until:
            self.broken = None
            return
        missed = [each.day for each in self.settled.values() if each.outcome is Outcome.MISSED]
        self._settle(max(missed), Outcome.FREE, Cause.REPAIR)
        self.length += broken.length
        self.run = broken.run
        self.repaired, self.broken = day.day, None

    def _may_repair(self, day: date) -> bool:
        return self.repaired is None or day - self.repaired >= BETWEEN_REPAIRS

    def _settle(self, day: date, outcome: Outcome, cause: Cause) -> None:
        self.settled[day] = Settled(day=day, outcome=outcome, cause=cause)


def _between(after: date, before: date) -> Iterator[date]:
    """The days strictly between."""
    day = after + _DAY
    while day < before:
        yield day
        day += _DAY


def _milestones(length: int) -> Iterator[int]:
    """Those that a run of this length has reached."""
    yield from (days for days in MILESTONES if days <= length)
    yield from range(2 * _YEAR, length + 1, _YEAR)


def _in_order(days: Iterable[Day]) -> tuple[Day, ...]:
    once = {day.day: day for day in days}
    return tuple(once[day] for day in sorted(once))

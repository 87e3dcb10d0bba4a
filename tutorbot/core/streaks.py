"""Streaks: how many study days in a row, and what keeps a run when life comes between.

The study day of an answer is decided once, when the answer is stored, and never again: neither a
flight nor a change of the clocks, nor of the learner's zone, rewrites what was. How the runs stand
is worked out from the days stored, the same whatever order they are read in; and it can be worked
out from any `Standing` on, so that nobody need read years of days.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import islice

from tutorbot.core.calendar import DAY_STARTS, day_start, missable, study_day

FREEZES_AT_FIRST = 1
MOST_FREEZES = 2
DAYS_FOR_A_FREEZE = 7
REPAIR_WITHIN = timedelta(hours=48)
BETWEEN_REPAIRS = timedelta(days=30)
MILESTONES = (3, 7, 14, 30, 50, 100, 200, 365)
"""In study days; then every 365."""

LATE = timedelta(hours=24)
"""How late an answer may come in and still count when it was given; Telegram keeps none longer."""

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
class Move:
    """The learner set other clocks. What the clocks left had closed by then stays closed.

    ``open_from`` is the first day that was still open, where one before it had cost something;
    it was decided when the clocks were set (`move`), and is never decided again.
    """

    at: datetime
    timezone: str  # the one left
    day_starts: int = DAY_STARTS  # in the one left
    open_from: date | None = None
    reopened: bool = False


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
    total: int  # of all study days
    last_day: date | None
    today: date
    studied_today: bool
    freezes: int = FREEZES_AT_FIRST
    repair: Repair | None = None
    settled: tuple[Settled, ...] = ()  # oldest first; after a missed day, nothing until the next
    milestones: tuple[Milestone, ...] = ()  # in the order reached


@dataclass(frozen=True, kw_only=True)
class News:
    """What is to be told of the streak, once."""

    streak: Streak
    counted: bool = False  # an answer just made this a study day
    milestone: int | None = None  # days, reached just now
    repaired: bool = False  # just now
    frozen: tuple[date, ...] = ()  # since the last study day before today
    missed: date | None = None  # the day that ended the run
    goal: int = 0  # twice so many answers in a day repair a run that ended


@dataclass(frozen=True, kw_only=True)
class Studied:
    """The runs, and all that stands around them in a year."""

    streak: Streak
    days: tuple[tuple[date, int], ...]  # study days of the last year, and the answers of each
    frozen: frozenset[date] = frozenset()
    free: frozenset[date] = frozenset()
    left_today: int = 0  # answers that are missing to a study day
    rest: frozenset[int] = frozenset()  # the weekdays chosen last; they hold from next week
    pause: tuple[date, date] | None = None  # going on, or set ahead
    goal: int = 0  # answers a day


@dataclass(frozen=True, kw_only=True)
class Break:
    """A run that has ended, as long as it can be taken up again."""

    until: datetime
    length: int
    run: date
    days: tuple[date, ...]  # that passed without study since, the one that ended it first


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the runs stood after a study day: all that the days before it can still say."""

    last: date | None = None  # the study day
    timezone: str = ""  # of its last answer
    open: date = date.min  # the first day that is not settled
    total: int = 0
    length: int = 0
    longest: int = 0
    run: date = date.min  # its first day
    freezes: int = FREEZES_AT_FIRST
    repaired: date | None = None  # the last time
    broken: Break | None = None


BEGINNING = Standing()


def given_at(said: datetime, received: datetime) -> datetime:
    """When an answer was given that says so itself: then, unless that is longer ago than `LATE`."""
    return said if received - said <= LATE else received


def stored_day(
    at: datetime,
    timezone: str,
    day_starts: int = DAY_STARTS,
    recent: Iterable[Day] = (),
    moved: Move | None = None,
) -> date:
    """Decide the study day to store with an answer: never one before the last, in order of time.

    Args:
        at: when the answer was given, which may be before other answers that came in sooner.
        timezone: of the learner.
        day_starts: hours after midnight.
        recent: the days stored last, as many as an answer may come in late.
        moved: the last time that the learner set other clocks.
    """
    day = study_day(at, timezone, day_starts)
    if moved and moved.open_from and moved.at <= at:
        day = max(day, moved.open_from)
    before = [each.day for each in recent if each.first_at is None or each.first_at <= at]
    after = [each.day for each in recent if each.first_at is not None and each.first_at > at]
    return min(max([day, *before]), *after) if after else max([day, *before])


def streak(
    days: Iterable[Day],
    now: datetime,
    timezone: str,
    day_starts: int = DAY_STARTS,
    leave: Leave | None = None,
    moves: Sequence[Move] = (),
    since: Standing = BEGINNING,
) -> Streak:
    """Tell how the runs stand now, by the clocks of the zone that the learner is in.

    Today is open until it is over: an open day without an answer breaks nothing.

    Args:
        days: the study days after ``since``, in any order; older ones are passed over.
        now: aware.
        timezone: of the learner.
        day_starts: hours after midnight.
        leave: what costs no freeze.
        moves: when the learner set other clocks, in any order.
        since: where the days begin.
    """
    return _folded(days, day_starts, leave, moves, since).at(now, timezone)


def standing(
    days: Iterable[Day],
    day_starts: int = DAY_STARTS,
    leave: Leave | None = None,
    moves: Sequence[Move] = (),
    since: Standing = BEGINNING,
) -> Standing:
    """How the runs stand right after these days, for `streak` to go on from.

    What was true of the days before must not change after: a late answer comes in within a day,
    and leave is chosen ahead.
    """
    return _folded(days, day_starts, leave, moves, since).standing


def move(
    before: Streak, at: datetime, left: tuple[str, int], to: tuple[str, int], *, may_reopen: bool
) -> Move:
    """Set other clocks, given how the runs stood by those left.

    If the day closed last is still open by the new ones, it is opened again (``may_reopen``: it was
    not of late), and its freeze is given back. All else that was told stays as it was told.

    Args:
        before: by the clocks left.
        at: when.
        left: the zone and the hour at which days begin there.
        to: the same of the new clocks.
        may_reopen: see above.
    """
    costly = [
        each.day
        for each in before.settled
        if each.outcome in {Outcome.FROZEN, Outcome.MISSED}
        and (before.last_day is None or each.day > before.last_day)
    ]
    open_from, reopened = None, False
    if costly:
        last = max(costly)
        still_open = last == before.today - _DAY and study_day(at, *to) <= last
        reopened = may_reopen and still_open
        open_from = last if reopened else last + _DAY
    return Move(at=at, timezone=left[0], day_starts=left[1], open_from=open_from, reopened=reopened)


def next_milestone(length: int) -> int:
    """The one after a run of this length.

    >>> next_milestone(0), next_milestone(7), next_milestone(365), next_milestone(1000)
    (3, 14, 730, 1095)
    """
    return next((days for days in MILESTONES if days > length), (length // _YEAR + 1) * _YEAR)


def _folded(
    days: Iterable[Day],
    day_starts: int,
    leave: Leave | None,
    moves: Sequence[Move],
    since: Standing,
) -> "_Ledger":
    ledger = _Ledger(
        leave=leave or Leave(),
        day_starts=day_starts,
        moves=sorted(moves, key=lambda each: each.at, reverse=True),
        standing=since,
    )
    once = {day.day: day for day in days if since.last is None or day.day > since.last}
    for day in sorted(once):
        ledger.study(once[day])
    return ledger


@dataclass(kw_only=True)
class _Ledger:
    leave: Leave
    day_starts: int
    moves: list[Move]  # to come, the next one last
    standing: Standing
    settled: dict[date, Settled] = field(default_factory=dict[date, Settled])
    milestones: list[Milestone] = field(default_factory=list[Milestone])

    def study(self, day: Day) -> None:
        arrived = day.first_timezone or day.timezone
        at = day.first_at or day_start(day.day, arrived, self.day_starts)
        self._move(at)
        self._pass(day.day, arrived, at)
        was = self.standing
        total = was.total + 1
        earned = total % DAYS_FOR_A_FREEZE == 0
        self.standing = replace(
            was,
            last=day.day,
            timezone=day.timezone,
            open=day.day + _DAY,
            total=total,
            length=was.length + 1,
            run=was.run if was.length else day.day,
            freezes=min(was.freezes + earned, MOST_FREEZES),
        )
        self._settle(day.day, Outcome.ACTIVE, Cause.ANSWERED)
        reached = was.length
        broken = was.broken
        if broken and self._repairs(day, broken):
            reached = broken.length
        now = self.standing = replace(self.standing, longest=max(was.longest, self.standing.length))
        self.milestones += (
            Milestone(run=now.run, days=days, on=day.day)
            for days in _milestones(now.length)
            if days > reached
        )

    def at(self, now: datetime, timezone: str) -> Streak:
        self._move(now)
        last = self.standing.last
        today = study_day(now, timezone, self.day_starts)
        if last is not None:
            closed = self.standing.open > last + _DAY
            today = max(today, self.standing.open if closed else last)
        self._pass(today, timezone, now)
        stands, repair = self.standing, None
        broken = stands.broken
        if broken and now < broken.until and self._may_repair(today):
            repair = Repair(until=broken.until, length=broken.length)
        return Streak(
            length=stands.length,
            longest=stands.longest,
            total=stands.total,
            last_day=last,
            today=today,
            studied_today=today == last,
            freezes=stands.freezes,
            repair=repair,
            settled=tuple(self.settled[day] for day in sorted(self.settled)),
            milestones=tuple(self.milestones),
        )

    def _move(self, until: datetime) -> None:
        """Close what was closed by the clocks that the learner left before then."""
        while self.moves and self.moves[-1].at <= until:
            left = self.moves.pop()
            if left.open_from:
                starts, self.day_starts = self.day_starts, left.day_starts
                self._pass(left.open_from, left.timezone, left.at)
                self.day_starts = starts

    def _pass(self, day: date, arrived: str, at: datetime) -> None:
        """Let the days from the first that is open until this one pass.

        A traveller's days are counted by the clocks of the zone left and again by those of the zone
        arrived in, and the smaller number holds.
        """
        if self.standing.last is None or day <= self.standing.open:
            return
        left = self.standing.timezone
        there = study_day(at, left, self.day_starts)
        zone, end = left, there
        if left != arrived and self._charged(day, arrived) < self._charged(there, left):
            zone, end = arrived, day
        for gap in _from(self.standing.open, day):
            if not self.standing.length:
                if not self._lies_idle(gap, zone):
                    break
                continue
            free = self._free(gap, zone) if gap < end else Cause.TRAVEL
            if free:
                self._settle(gap, Outcome.FREE, free)
            elif self.standing.freezes:
                self.standing = replace(self.standing, freezes=self.standing.freezes - 1)
                self._settle(gap, Outcome.FROZEN, Cause.FREEZE)
            else:
                self._miss(gap, zone)
        self.standing = replace(self.standing, open=day)

    def _charged(self, end: date, zone: str) -> int:
        """How many days until ``end`` would cost a freeze, or the run; no more than matter."""
        costly = (day for day in _from(self.standing.open, end) if not self._free(day, zone))
        return sum(1 for _ in islice(costly, self.standing.freezes + 1))

    def _free(self, day: date, zone: str) -> Cause | None:
        """Why a day costs nothing."""
        if not missable(day, zone, self.day_starts):
            return Cause.SKIPPED
        if any(first <= day <= last for first, last in self.leave.pauses):
            return Cause.PAUSE
        if day in self.leave.holidays:
            return Cause.HOLIDAY
        resting = max(
            (chosen for chosen in self.leave.rest if chosen[0] <= day),
            key=lambda chosen: chosen[0],
            default=None,
        )
        if resting and day.weekday() in resting[1]:
            return Cause.REST
        if self.leave.outages:
            over = day_start(day + _DAY, zone, self.day_starts)
            if any(down <= over <= up for down, up in self.leave.outages):
                return Cause.OUTAGE
        return None

    def _miss(self, day: date, zone: str) -> None:
        self._settle(day, Outcome.MISSED, Cause.NONE)
        over = day_start(day + _DAY, zone, self.day_starts)
        stands = self.standing
        broken = Break(
            until=over + REPAIR_WITHIN, length=stands.length, run=stands.run, days=(day,)
        )
        self.standing = replace(stands, length=0, broken=broken)

    def _lies_idle(self, day: date, zone: str) -> bool:
        """Note a day without study and without a run; False where none could matter any more."""
        broken = self.standing.broken
        if broken is None or day_start(day, zone, self.day_starts) >= broken.until:
            return False
        self.standing = replace(self.standing, broken=replace(broken, days=(*broken.days, day)))
        return True

    def _repairs(self, day: Day, broken: Break) -> bool:
        """Take the run up again, if this day makes up for the days without study since."""
        if not day.doubled_at or day.doubled_at > broken.until or not self._may_repair(day.day):
            return False
        for missed in broken.days:
            self._settle(missed, Outcome.FREE, Cause.REPAIR)
        self.standing = replace(
            self.standing,
            length=self.standing.length + broken.length,
            run=broken.run,
            repaired=day.day,
            broken=None,
        )
        return True

    def _may_repair(self, day: date) -> bool:
        repaired = self.standing.repaired
        return repaired is None or day - repaired >= BETWEEN_REPAIRS

    def _settle(self, day: date, outcome: Outcome, cause: Cause) -> None:
        self.settled[day] = Settled(day=day, outcome=outcome, cause=cause)


def _from(first: date, end: date) -> Iterator[date]:
    """The days from ``first``, without ``end``."""
    day = first
    while day < end:
        yield day
        day += _DAY


def _milestones(length: int) -> Iterator[int]:
    """Those that a run of this length has reached."""
    yield from (days for days in MILESTONES if days <= length)
    yield from range(2 * _YEAR, length + 1, _YEAR)

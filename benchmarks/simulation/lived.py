"""What a run ought to be, by living day by day in one zone: the rule in plain words, once more.

Nothing of `tutorbot.core` is used here, so that neither can hide a mistake of the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_STEP = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Stand:
    length: int = 0
    longest: int = 0
    freezes: int = 1
    total: int = 0


@dataclass(kw_only=True)
class _Today:
    day: date
    quick: list[bool] = field(default_factory=list[bool])  # of each answer
    studied: bool = False
    doubled: datetime | None = None  # when twice the goal was reached


@dataclass(kw_only=True)
class Lived:
    """One who never changes zones, and whose answers come in the order of time."""

    zone: str
    day_starts: int
    goal: int
    outages: Sequence[tuple[datetime, datetime]] = ()
    rest: list[tuple[date, Sequence[int]]] = field(default_factory=list[tuple[date, Sequence[int]]])
    pauses: list[tuple[date, date]] = field(default_factory=list[tuple[date, date]])
    # As after the last day that is over:
    length: int = 0
    longest: int = 0
    freezes: int = 1
    total: int = 0
    ended: tuple[int, datetime] | None = None  # a run's length, and until when it can be repaired
    repaired: date | None = None
    today: _Today | None = None

    def answer(self, at: datetime, *, quick: bool, reviews_done: bool) -> None:
        today = self._reach(at)
        today.quick.append(quick)
        counted = _counted(today.quick)
        taps = counted < len(today.quick)
        today.studied |= counted >= 3 or (reviews_done and not taps)
        if counted >= 2 * self.goal and today.doubled is None:
            today.doubled = at

    def stand(self, now: datetime) -> Stand:
        today = self._reach(now)
        state = (
            self.length,
            self.longest,
            self.freezes,
            self.total,
            self.ended,
            self.repaired,
        )
        if today.studied:
            self._study(today)
        stand = Stand(
            length=self.length,
            longest=max(self.longest, self.length),
            freezes=self.freezes,
            total=self.total,
        )
        self.length, self.longest, self.freezes, self.total, self.ended, self.repaired = state
        return stand

    def day_of(self, at: datetime) -> date:
        shown = at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return (shown - timedelta(hours=self.day_starts)).date()

    def _reach(self, at: datetime) -> _Today:
        """Live until then."""
        day = self.day_of(at)
        if self.today is None:
            self.today = _Today(day=day)
        while self.today.day < day:
            if self.today.studied:
                self._study(self.today)
            else:
                self._idle(self.today.day)
            self.longest = max(self.longest, self.length)
            self.today = _Today(day=self.today.day + _DAY)
        return self.today

    def _study(self, today: _Today) -> None:
        self.total += 1
        self.length += 1
        if self.total % 7 == 0:
            self.freezes = min(2, self.freezes + 1)
        rested = self.repaired is None or (today.day - self.repaired).days >= 30
        if self.ended and today.doubled and today.doubled <= self.ended[1] and rested:
            self.length += self.ended[0]
            self.ended, self.repaired = None, today.day

    def _idle(self, day: date) -> None:
        if not self.length or self._free(day):
            return
        if self.freezes:
            self.freezes -= 1
        else:
            self.ended = self.length, self._end(day) + timedelta(hours=48)
            self.length = 0

    def _end(self, day: date) -> datetime:
        return _end(day, self.zone, self.day_starts)

    def _free(self, day: date) -> bool:
        if any(first <= day <= last for first, last in self.pauses):
            return True
        chosen = [each for each in self.rest if each[0] <= day]
        if chosen and day.weekday() in max(chosen, key=lambda each: each[0])[1]:
            return True
        end = self._end(day)
        if any(began <= end <= up for began, up in self.outages):
            return True
        return end - self._end(day - _DAY) < timedelta(hours=12) or self._cut_short(day)

    def _cut_short(self, day: date) -> bool:
        """Whether the clocks skip a time of this day, so that it comes on the next one instead."""
        zone = ZoneInfo(self.zone)
        clock = datetime.combine(day + _DAY, time(self.day_starts))
        for _ in range(36):
            clock -= _STEP
            moved = clock.replace(tzinfo=zone).astimezone(UTC)
            skipped = moved.astimezone(zone).replace(tzinfo=None) != clock
            if skipped and moved >= self._end(day):
                return True
        return False


@lru_cache(maxsize=20_000)
def _end(day: date, zone: str, day_starts: int) -> datetime:
    """The first instant at which the clocks show the beginning of the next day, or more."""
    clock = datetime.combine(day + _DAY, time(day_starts))
    at = clock.replace(tzinfo=UTC) - timedelta(hours=15)
    while at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < clock:
        at += _STEP
    return at


def _counted(quick: Sequence[bool]) -> int:
    """Answers, without those that were given quickly three or more times running."""
    count = running = 0
    for tap in [*quick, False]:
        if tap:
            running += 1
            continue
        count += 1 + (running if running < 3 else 0)
        running = 0
    return count - 1

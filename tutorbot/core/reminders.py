"""Reminders: when a learner is to be reminded next, and whether they are to be when that comes.

What is stored is only when to look next. Whoever looks decides anew, by what is true then: so an
answer, a rest day or a pause need not tell anybody, and a time that is out of date does no harm.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from statistics import median_low
from zoneinfo import ZoneInfo

from tutorbot.core.calendar import clock_time, day_start, study_day
from tutorbot.core.learner import Learner
from tutorbot.core.streaks import Leave

QUIET_FROM, QUIET_UNTIL = time(22), time(8)
"""By the learner's clock, nobody is reminded of anything between these."""

USUALLY = time(18)
"""When to remind, as long as a learner's own hour is not known."""

FIRSTS = 14
"""Study days whose first answers make the usual hour."""

ENOUGH = 3
"""Study days without which no hour is usual yet."""

MOST_A_DAY = 2
RUN_FOR_A_SECOND = 3
BEFORE_THE_END = timedelta(hours=2)
APART = timedelta(hours=1)
"""At least, between two reminders of a day."""

SNOOZE = timedelta(hours=1)
MOST_UNANSWERED = 3
"""Days with a reminder and without an answer, running, after which reminders are off."""

SPREAD = 10
"""Minutes over which those who chose one hour are spread."""

_DAY = timedelta(days=1)
_LATEST = time(21, 45)  # with the spread, still before the quiet begins
_AHEAD = 40  # days: no zone skips so many evenings


@dataclass(frozen=True, kw_only=True)
class Wish:
    """When a learner wants to be reminded, by which clocks."""

    at: time
    timezone: str
    day_starts: int
    seed: int  # tells learners apart, so that not all are reminded in one second


@dataclass(frozen=True, kw_only=True)
class Log:
    """How often a learner was reminded, and what came of it."""

    day: date | None = None  # the study day of the last reminder
    count: int = 0  # on that day
    at: datetime | None = None  # the last reminder
    unanswered: int = 0  # days with a reminder running, that day included, unless it was answered
    snoozed: datetime | None = None  # until when the learner asked to be left alone

    def on(self, day: date) -> int:
        """How often the learner was reminded on a study day."""
        return self.count if self.day == day else 0


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is true of the study day when somebody looks."""

    done: bool = False
    free: bool = False
    run: int = 0  # study days that the day can add to
    answered: date | None = None  # the last study day with an answer, finished or not


@dataclass(frozen=True, kw_only=True)
class Later:
    """Nothing to be said now; look again when it is due."""

    due: datetime


@dataclass(frozen=True, kw_only=True)
class Remind:
    due: datetime  # when to look again
    log: Log  # with this reminder in it
    last: bool  # unless it is answered, there will be no other: say so
    may_snooze: bool


@dataclass(frozen=True, kw_only=True)
class SwitchOff:
    """So many reminders were not answered that no more are wanted."""


Decision = Later | Remind | SwitchOff


@dataclass(frozen=True, kw_only=True)
class Snoozed:
    """``until`` is by the learner's clock."""

    until: time


@dataclass(frozen=True, kw_only=True)
class NotToday:
    """No more reminder today: as was asked, or because another hour would be too late."""

    asked: bool


@dataclass(frozen=True, kw_only=True)
class AreOff:
    """A button of an old reminder; there are none any more."""


Answer = Snoozed | NotToday | AreOff
"""To somebody who tapped on a reminder."""


def wish(learner: Learner, firsts: Iterable[tuple[datetime, str]] = ()) -> Wish | None:
    """Tell when a learner wants to be reminded; None: never.

    Args:
        learner: with their choice.
        firsts: the first answers of their last study days and the zones they were given in.
    """
    if learner.reminder_usual:
        at = usual_hour(firsts, learner.day_starts)
    elif learner.reminder_hour is not None:
        at = time(learner.reminder_hour)
    else:
        return None
    return Wish(
        at=at, timezone=learner.timezone, day_starts=learner.day_starts, seed=int(learner.id)
    )


def usual_hour(firsts: Iterable[tuple[datetime, str]], day_starts: int) -> time:
    """Find the time of day at which a learner usually begins, outside of the quiet hours.

    An evening goes on after midnight: half past midnight comes after eleven.

    >>> late = [(datetime(2026, 11, day, hour, tzinfo=UTC), "UTC")
    ...         for day, hour in ((1, 20), (3, 0), (3, 21))]
    >>> usual_hour(late, 4), usual_hour(late[:2], 4)
    (datetime.time(21, 0), datetime.time(18, 0))
    """
    into_the_day = [
        (clock_time(at, timezone) - timedelta(hours=day_starts)).time() for at, timezone in firsts
    ]
    if len(into_the_day) < ENOUGH:
        return USUALLY
    began = datetime.combine(date.min + _DAY, median_low(into_the_day))
    at = (began + timedelta(hours=day_starts)).time().replace(second=0, microsecond=0)
    if at >= _LATEST or at < time(day_starts):
        return _LATEST
    return max(at, QUIET_UNTIL)


def is_quiet(at: datetime, timezone: str) -> bool:
    """Tell whether it is night with a learner."""
    clock = clock_time(at, timezone).time()
    return clock >= QUIET_FROM or clock < QUIET_UNTIL


def is_free(day: date, leave: Leave) -> bool:
    """Tell whether a study day is one of rest, or of a pause."""
    resting = max((each for each in leave.rest if each[0] <= day), default=None, key=_since)
    if resting and day.weekday() in resting[1]:
        return True
    return day in leave.holidays or any(first <= day <= last for first, last in leave.pauses)


def next_due(wished: Wish, log: Log, now: datetime, *, closed: bool = False) -> datetime:
    """Find when to look next: after now, never at night, at most twice on a study day.

    Args:
        wished: when the learner wants to be reminded.
        log: what was said before.
        now: aware.
        closed: whether nothing more is to be said today.
    """
    today = study_day(now, wished.timezone, wished.day_starts)
    if not closed and log.snoozed and log.snoozed > now and log.on(today) < MOST_A_DAY:
        return log.snoozed
    for number in range(int(closed), _AHEAD):
        day = today + number * _DAY
        at = _turn(day, wished, log)
        if at is not None and at > now:
            return at
    raise AssertionError(f"no evening in {wished.timezone} after {now}")


def decide(wished: Wish, log: Log, facts: Facts, now: datetime) -> Decision:
    """Say whether to remind a learner now, and when to look again."""
    today = study_day(now, wished.timezone, wished.day_starts)
    before = _unanswered(log, facts)
    if log.day != today and before >= MOST_UNANSWERED:
        return SwitchOff()
    count = log.on(today)
    snoozed = log.snoozed
    if snoozed and study_day(snoozed, wished.timezone, wished.day_starts) != today:
        snoozed = None  # that day went by without it
    wanted = count == 0 or facts.run >= RUN_FOR_A_SECOND or snoozed is not None
    if facts.done or facts.free or not wanted or count >= MOST_A_DAY:
        return Later(due=next_due(wished, log, now, closed=True))
    turn = snoozed or _turn(today, wished, log)
    if turn is None or turn > now or is_quiet(now, wished.timezone):
        return Later(due=next_due(wished, log, now))
    unanswered = before if log.day == today else before + 1
    after = Log(day=today, count=count + 1, at=now, unanswered=unanswered)
    return Remind(
        due=next_due(wished, after, now, closed=facts.run < RUN_FOR_A_SECOND),
        log=after,
        last=unanswered >= MOST_UNANSWERED and log.day != today,
        may_snooze=snoozed_until(wished, after, now) is not None,
    )


def snoozed_until(wished: Wish, log: Log, now: datetime) -> datetime | None:
    """Find when a learner is reminded again who asks for another hour; None: not any more today."""
    today = study_day(now, wished.timezone, wished.day_starts)
    until = now + SNOOZE
    late = study_day(until, wished.timezone, wished.day_starts) != today
    if late or log.on(today) >= MOST_A_DAY or is_quiet(until, wished.timezone):
        return None
    return until


def snoozed(wished: Wish, log: Log, now: datetime) -> tuple[datetime, Log] | None:
    """Leave the learner alone for an hour; a tap is an answer to all reminders before."""
    until = snoozed_until(wished, log, now)
    return None if until is None else (until, replace(log, snoozed=until, unanswered=0))


def skipped(wished: Wish, log: Log, now: datetime) -> tuple[datetime, Log]:
    """Leave the learner alone for the rest of the day."""
    today = study_day(now, wished.timezone, wished.day_starts)
    after = replace(log, day=today, count=MOST_A_DAY, snoozed=None, unanswered=0)
    return next_due(wished, after, now, closed=True), after


def _unanswered(log: Log, facts: Facts) -> int:
    """Count the days with a reminder and no answer since the last answer."""
    answered = log.day is None or (facts.answered is not None and facts.answered >= log.day)
    return 0 if answered else log.unanswered


def _turn(day: date, wished: Wish, log: Log) -> datetime | None:
    """Find when the next reminder of a study day has its turn; None: there is none more."""
    spread = timedelta(minutes=Random(f"{wished.seed}/{day}").randrange(SPREAD))
    match log.on(day):
        case 0:
            at = _instant(day, wished.at, wished.timezone) + spread
        case 1:
            # Study days end between midnight and six, so their last hours are always quiet: what
            # counts is the end of the evening.
            evening = _instant(day, QUIET_FROM, wished.timezone)
            end = min(evening, day_start(day + _DAY, wished.timezone, wished.day_starts))
            at = end - BEFORE_THE_END + spread
            if log.at is not None and at < log.at + APART:
                return None
        case _:
            return None
    if is_quiet(at, wished.timezone) or study_day(at, wished.timezone, wished.day_starts) != day:
        return None
    return at


def _instant(day: date, at: time, timezone: str) -> datetime:
    """Find when the clocks of a zone show a time, for the first time on that day.

    Where they skip it, it is as long after the jump as it would have been after its beginning.
    """
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def _since(rest: tuple[date, frozenset[int]]) -> date:
    return rest[0]

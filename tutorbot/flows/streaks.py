"""Keeping the days on which a learner studied, and telling once what became of them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tutorbot.core.calendar import study_day
from tutorbot.core.learner import Learner
from tutorbot.core.leave import pause_now
from tutorbot.core.noted import DaySettled
from tutorbot.core.qualifying import QUICK, Tally, tallied
from tutorbot.core.streaks import (
    Cause,
    Day,
    Leave,
    Move,
    News,
    Outcome,
    Settled,
    Standing,
    Streak,
    Studied,
    standing,
    stored_day,
    streak,
)
from tutorbot.store import leave, streaks
from tutorbot.store.streaks import StudyDay
from tutorbot.store.unit import Unit

YEAR = timedelta(days=371)
"""What the calendar picture shows, whole weeks."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    day: date  # as stored with the answer, and never changed after
    news: News | None  # only when the answer changed how the runs stand


async def count(
    unit: Unit,
    learner: Learner,
    at: datetime,
    *,
    posed_at: datetime | None = None,
    reviews_done: bool = False,
) -> Counted:
    """Count a graded answer, right or wrong; its study day is decided here, once.

    Two statements, but for the answers that make a study day or reach twice the goal.

    Args:
        unit: the transaction that stores the answer.
        learner: whose row the transaction holds.
        at: when it was given; up to a day ago, where Telegram kept a message for us.
        posed_at: when it was asked for, if a tap answered; None for what was typed, as nobody
            types in under a second and Telegram tells whole seconds.
        reviews_done: whether it finished the reviews that were due.
    """
    recent, moved = await streaks.recent(unit, learner.id)
    day = stored_day(at, learner.timezone, learner.day_starts, map(_day, recent), moved)
    was = next((each for each in recent if each.day == day), None)
    since = max(posed_at, recent[0].last_at) if posed_at and recent else posed_at
    quick = since is not None and at - since < QUICK
    now = _answered(was, day, learner, at, quick=quick, reviews_done=reviews_done)
    await streaks.put(unit, learner.id, now)
    counted = now.qualified_at is not None and (was is None or was.qualified_at is None)
    doubled = now.doubled_at is not None and (was is None or was.doubled_at is None)
    if not (counted or doubled):
        return Counted(day=day, news=None)
    news = await _settle(unit, learner, at)
    return Counted(day=day, news=replace(news, counted=counted))


async def greet(unit: Unit, learner: Learner, at: datetime) -> News | None:
    """Settle the days that are over, when a learner is first met on a study day.

    None: there is nothing to tell. No statement is run after the first meeting of the day.
    """
    today = study_day(at, learner.timezone, learner.day_starts)
    if learner.settled is not None and today <= learner.settled:
        return None
    await leave.mark_settled(unit, learner.id, today)
    news = await _settle(unit, learner, at)
    return news if news.frozen or news.missed else None


async def current(unit: Unit, learner: Learner, now: datetime) -> Streak:
    """How the runs stand; nothing is written."""
    return (await _facts(unit, learner)).streak(now)


async def with_leave(unit: Unit, learner: Learner, now: datetime) -> tuple[Streak, Leave]:
    """How the runs stand, and what is free from today on; nothing is written."""
    facts = await _facts(unit, learner)
    if facts.days or facts.since.last:
        return facts.streak(now), facts.leave
    today = study_day(now, learner.timezone, learner.day_starts)
    return facts.streak(now), await leave.leave(unit, learner.id, today)


async def look(unit: Unit, learner: Learner, now: datetime) -> Studied:
    seen = (await _settle(unit, learner, now)).streak
    days = await streaks.days(unit, learner.id, seen.today - YEAR)
    told = await streaks.settled(unit, learner.id, seen.today - YEAR)
    rest = await leave.rest_of(unit, learner.id)
    today = next((each for each in days if each.day == seen.today), None)
    return Studied(
        streak=seen,
        days=tuple((each.day, each.answers) for each in days if each.qualified_at),
        frozen=_of(told, Outcome.FROZEN, before=seen.today),
        free=_of(told, Outcome.FREE, before=seen.today),
        left_today=_tally(today).left,
        rest=rest[-1][1] if rest else frozenset(),
        pause=pause_now(await leave.pauses_of(unit, learner.id), seen.today),
        goal=learner.goal,
    )


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """All that the runs follow from, since a day that nothing can change any more."""

    learner: Learner
    since: Standing
    days: tuple[Day, ...]
    leave: Leave
    moves: tuple[Move, ...]

    def streak(self, now: datetime) -> Streak:
        zone, starts = self.learner.timezone, self.learner.day_starts
        return streak(self.days, now, zone, starts, self.leave, self.moves, self.since)

    def standing(self, before: date) -> Standing:
        days = [day for day in self.days if day.day < before]
        return standing(days, self.learner.day_starts, self.leave, self.moves, self.since)


async def _facts(unit: Unit, learner: Learner) -> _Facts:
    since = await streaks.standing(unit, learner.id)
    after = since.last or date.min
    found = await streaks.days(unit, learner.id, after)
    days = tuple(_day(each) for each in found if each.qualified_at and each.day != since.last)
    if since.last is None and not days:
        return _Facts(learner=learner, since=since, days=(), leave=Leave(), moves=())
    first = since.last or days[0].day
    return _Facts(
        learner=learner,
        since=since,
        days=days,
        leave=await leave.leave(unit, learner.id, first),
        moves=await leave.moves(unit, learner.id, first),
    )


async def _settle(unit: Unit, learner: Learner, now: datetime) -> News:
    """Write down what became of the days that are over; what is written for the first time is news.

    Only of the time since the last study day before today, though: what lies before is old.
    """
    facts = await _facts(unit, learner)
    seen = facts.streak(now)
    new = await streaks.settle(unit, learner.id, seen.settled, now)
    for _, outcome in new:
        unit.note(DaySettled(outcome=outcome))
    reached = await streaks.reach(unit, learner.id, seen.milestones, now)
    if facts.days and facts.days[0].day < seen.today - _REREAD:
        stood = facts.standing(seen.today - _SURE)
        if stood.last is not None:
            await streaks.keep_standing(unit, learner.id, stood)
    latest = {each.days for each in seen.milestones if each.on == seen.last_day} & {*reached}
    before = [day.day for day in facts.days if day.day < seen.today]
    after = max(before, default=facts.since.last or date.min)
    over = [each for each in seen.settled if (each.day, each.outcome) in new and each.day > after]
    return News(
        streak=seen,
        milestone=max(latest, default=None),
        repaired=any(
            each.cause is Cause.REPAIR and (each.day, each.outcome) in new for each in seen.settled
        ),
        frozen=tuple(each.day for each in over if each.outcome is Outcome.FROZEN),
        missed=next((each.day for each in over if each.outcome is Outcome.MISSED), None),
        goal=learner.goal,
    )


# Nothing changes a day that lies so far back: answers come in a day late at most, and no zone is
# further than a day from another. Read are at most twice as many days and what came since.
_SURE = timedelta(days=7)
_REREAD = 2 * _SURE


def _answered(
    was: StudyDay | None,
    day: date,
    learner: Learner,
    at: datetime,
    *,
    quick: bool,
    reviews_done: bool,
) -> StudyDay:
    """The day with one more answer."""
    goal = was.goal if was else learner.goal
    tally = tallied(_tally(was), quick=quick, goal=goal, reviews_done=reviews_done)
    zone = learner.timezone
    first = was if was and was.first_at <= at else None
    last = was if was and was.last_at > at else None
    return StudyDay(
        day=day,
        first_timezone=first.first_timezone if first else zone,
        timezone=last.timezone if last else zone,
        first_at=first.first_at if first else at,
        last_at=last.last_at if last else at,
        answers=(was.answers if was else 0) + 1,
        counted=tally.counted,
        quick=tally.quick,
        goal=goal,
        qualified_at=was.qualified_at
        if was and was.qualified_at
        else at
        if tally.qualified
        else None,
        doubled_at=was.doubled_at if was and was.doubled_at else at if tally.doubled else None,
    )


def _tally(day: StudyDay | None) -> Tally:
    if day is None:
        return Tally()
    return Tally(
        given=day.answers,
        counted=day.counted,
        quick=day.quick,
        qualified=day.qualified_at is not None,
        doubled=day.doubled_at is not None,
    )


def _day(day: StudyDay) -> Day:
    return Day(
        day=day.day,
        timezone=day.timezone,
        first_at=day.first_at,
        first_timezone=day.first_timezone,
        doubled_at=day.doubled_at,
    )


def _of(told: tuple[Settled, ...], outcome: Outcome, before: date) -> frozenset[date]:
    return frozenset(each.day for each in told if each.outcome is outcome and each.day < before)

"""Reminding learners at their own hour, and hearing what they say to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tutorbot.core.calendar import clock_time, study_day
from tutorbot.core.learner import Learner
from tutorbot.core.qualifying import Tally
from tutorbot.core.reminders import (
    Answer,
    AreOff,
    Facts,
    Later,
    Log,
    NotToday,
    Remind,
    Snoozed,
    SwitchOff,
    Wish,
    decide,
    is_free,
    next_due,
    skipped,
    snoozed,
    wish,
)
from tutorbot.core.review import REVIEWS_A_DAY
from tutorbot.flows import streaks
from tutorbot.store import assignments, learners, recall, reminders
from tutorbot.store.reminders import Begun, Claimed
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Call:
    """What there is to say to a learner whose study day is still open."""

    learner: Learner
    run: int  # study days that today can add to
    left: int  # answers that are missing to a study day
    reviews: int  # that are due, at most as many as a day can hold
    last: bool
    may_snooze: bool


@dataclass(frozen=True, kw_only=True)
class Due:
    """Somebody to look at: claimed, and with the days on which they answered lately."""

    claimed: Claimed
    days: tuple[Begun, ...]  # newest first

    @property
    def learner(self) -> Learner:
        return self.claimed.learner

    @property
    def wish(self) -> Wish | None:
        return None if self.claimed.blocked else _wish(self.learner, self.days)


async def claim(unit: Unit, now: datetime, limit: int) -> Sequence[Due]:
    """Take learners whose time has come; nobody else does until the unit ends."""
    claimed = await reminders.claim(unit, now, limit)
    if not claimed:
        return ()
    days = await reminders.begun(unit, [each.learner.id for each in claimed])
    return [Due(claimed=each, days=days[each.learner.id]) for each in claimed]


async def look(unit: Unit, due: Due, now: datetime) -> Call | None:
    """Decide what is to be said to a learner now, and keep when to look next."""
    learner, log, wished = due.learner, due.claimed.log, due.wish
    if wished is None:
        await _switch_off(unit, learner)
        return None
    today = study_day(now, learner.timezone, learner.day_starts)
    newest = due.days[0] if due.days else None
    facts = Facts(
        done=newest is not None and newest.day >= today and newest.done,
        answered=newest.day if newest else None,
    )
    decision = decide(wished, log, facts, now)
    streak = None
    # How the run stands takes some reading: only of those whom a reminder may be due to. A run
    # only ever adds the second one of a day.
    if not facts.done and (isinstance(decision, Remind) or log.on(today)):
        streak, leave = await streaks.with_leave(unit, learner, now)
        facts = replace(facts, free=is_free(today, leave), run=streak.length)
        decision = decide(wished, log, facts, now)
    match decision:
        case SwitchOff():
            await _switch_off(unit, learner)
            return None
        case Later(due=again):
            await reminders.put_off(unit, learner.id, again)
            return None
        case Remind():
            assert streak is not None
            await reminders.put(unit, learner.id, decision.due, decision.log)
            sealed = await assignments.sealed(unit, learner.id, now)
            reviews = await recall.due_count(unit, learner.id, today, sealed)
            return Call(
                learner=learner,
                run=streak.length,
                left=_left(newest if newest and newest.day == today else None),
                reviews=min(reviews, REVIEWS_A_DAY),
                last=decision.last,
                may_snooze=decision.may_snooze,
            )


async def put_aside(unit: Unit, due: Due, now: datetime) -> None:
    """Look again tomorrow at a learner about whom nothing could be decided."""
    await reminders.put_off(unit, due.learner.id, now + _A_DAY)


async def chosen(unit: Unit, learner: Learner, now: datetime) -> None:
    """Begin to remind a learner as they now wish, or end it."""
    found = await _reminded(unit, learner)
    if found is None:
        await reminders.put(unit, learner.id, None, Log())
        return
    wished, log = found
    log = replace(log, unanswered=0, snoozed=None)
    await reminders.put(unit, learner.id, next_due(wished, log, now), log)


async def moved(unit: Unit, learner: Learner, now: datetime) -> None:
    """Remind a learner by the clocks that they now live by."""
    found = await _reminded(unit, learner)
    if found is not None:
        await reminders.put_off(unit, learner.id, next_due(*found, now))


async def later(unit: Unit, learner: Learner, now: datetime) -> Answer:
    """Remind a learner in an hour, if that is not too late for today."""
    found = await _reminded(unit, learner)
    if found is None:
        return AreOff()
    wished, log = found
    put = snoozed(wished, log, now)
    if put is None:
        return await not_today(unit, learner, now, asked=False)
    due, after = put
    await reminders.put(unit, learner.id, due, after)
    return Snoozed(until=clock_time(due, learner.timezone).time())


async def not_today(unit: Unit, learner: Learner, now: datetime, *, asked: bool = True) -> Answer:
    found = await _reminded(unit, learner)
    if found is None:
        return AreOff()
    due, after = skipped(*found, now)
    await reminders.put(unit, learner.id, due, after)
    return NotToday(asked=asked)


async def stop(unit: Unit, learner: Learner) -> Answer:
    """Remind a learner no more, until they choose an hour again."""
    await _switch_off(unit, learner)
    return AreOff()


async def _reminded(unit: Unit, learner: Learner) -> tuple[Wish, Log] | None:
    days = (await reminders.begun(unit, [learner.id]))[learner.id]
    wished = _wish(learner, days)
    return None if wished is None else (wished, await reminders.log_of(unit, learner.id))


def _left(begun: Begun | None) -> int:
    """How many answers are missing to a study day that is not done."""
    return Tally(counted=begun.counted if begun else 0).left


async def _switch_off(unit: Unit, learner: Learner) -> None:
    """The page of settings then says so, too."""
    off = replace(learner, reminder_hour=None, reminder_usual=False)
    await learners.keep_choices(unit, off)
    await reminders.put(unit, learner.id, None, Log())


def _wish(learner: Learner, days: Sequence[Begun]) -> Wish | None:
    firsts = [(each.first_at, each.first_timezone) for each in days if each.done]
    return wish(learner, firsts)


_A_DAY = timedelta(days=1)

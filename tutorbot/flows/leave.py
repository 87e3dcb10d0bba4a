"""Rest days, pauses and other clocks, as learners set them."""

from dataclasses import replace
from datetime import datetime, timedelta

from tutorbot.core.actions import EndPause, SetPause, SetRest
from tutorbot.core.calendar import known_timezone, study_day
from tutorbot.core.learner import Learner
from tutorbot.core.leave import (
    MOST_REST,
    ClocksSet,
    FreeDays,
    ended,
    pause_from,
    pause_now,
    pauses_left,
    rest_begins,
)
from tutorbot.core.streaks import move
from tutorbot.flows import reminders, streaks
from tutorbot.store import learners, leave
from tutorbot.store.unit import Unit

BETWEEN_REOPENINGS = timedelta(days=7)


async def free_days(unit: Unit, learner: Learner, now: datetime) -> FreeDays:
    today = study_day(now, learner.timezone, learner.day_starts)
    rest = await leave.rest_of(unit, learner.id)
    pauses = await leave.pauses_of(unit, learner.id)
    return FreeDays(
        rest=rest[-1][1] if rest else frozenset(),
        rest_since=rest[-1][0] if rest and rest[-1][0] > today else None,
        pause=pause_now(pauses, today),
        today=today,
        pauses_left=pauses_left(pauses, today),
    )


async def set_rest(unit: Unit, learner: Learner, action: SetRest, now: datetime) -> FreeDays:
    """Let up to two weekdays be free, from next week on."""
    was = await free_days(unit, learner, now)
    chosen = frozenset(action.weekdays)
    if len(chosen) <= MOST_REST and chosen != was.rest:
        await leave.choose_rest(unit, learner.id, rest_begins(was.today), chosen, now)
    return await free_days(unit, learner, now)


async def set_pause(unit: Unit, learner: Learner, action: SetPause, now: datetime) -> FreeDays:
    """Pause from tomorrow on; a pause that is set already stays as it is."""
    was = await free_days(unit, learner, now)
    if was.pause is None and action.days in was.pauses_left:
        await leave.set_pause(unit, learner.id, pause_from(was.today, action.days), now)
    return await free_days(unit, learner, now)


async def end_pause(unit: Unit, learner: Learner, _action: EndPause, now: datetime) -> FreeDays:
    was = await free_days(unit, learner, now)
    if was.pause is not None:
        await leave.end_pause(unit, learner.id, was.pause, ended(was.pause, was.today))
    return await free_days(unit, learner, now)


async def set_clocks(
    unit: Unit,
    learner: Learner,
    now: datetime,
    timezone: str,
    day_starts: int | None = None,
) -> ClocksSet:
    """Let the learner live by other clocks; what was told by the old ones stays as it was told.

    But for the day closed last: if the new clocks say that it is still open, it is opened again,
    at most once a week.
    """
    starts = learner.day_starts if day_starts is None else day_starts
    if day_starts is None and known_timezone(timezone):
        await learners.mark_zone_known(unit, learner.id)
    if not known_timezone(timezone):
        return ClocksSet(
            timezone=learner.timezone,
            now=now,
            day_starts=learner.day_starts,
            known=False,
            changed=False,
        )
    if (timezone, starts) == (learner.timezone, learner.day_starts):
        return ClocksSet(timezone=timezone, now=now, day_starts=starts, changed=False)
    before = (await streaks.look(unit, learner, now)).streak
    lately = await leave.moves(unit, learner.id, (now - BETWEEN_REOPENINGS).date())
    moved = move(
        before,
        now,
        (learner.timezone, learner.day_starts),
        (timezone, starts),
        may_reopen=not any(each.reopened and now - each.at < BETWEEN_REOPENINGS for each in lately),
    )
    await leave.set_clocks(unit, learner.id, moved, timezone, starts)
    after = replace(learner, timezone=timezone, day_starts=starts)
    today = study_day(now, after.timezone, after.day_starts)
    await leave.mark_settled(unit, learner.id, today)
    if learner.wants_reminders:
        await reminders.moved(unit, after, now)
    return ClocksSet(
        timezone=timezone,
        now=now,
        day_starts=starts,
        reopened=moved.open_from if moved.reopened else None,
    )

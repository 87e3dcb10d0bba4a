"""Days that cost nothing: rest and pauses, holidays of classes, and outages.

And the clocks that learners set, which say when days end.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.ids import LearnerId
from tutorbot.core.leave import Pause
from tutorbot.core.streaks import Leave, Move
from tutorbot.store import holidays
from tutorbot.store.tables import (
    heartbeats,
    learners,
    outages,
    pauses,
    rest_days,
    zone_changes,
)
from tutorbot.store.unit import Unit

MISSED_BEATS = timedelta(minutes=5)
"""How long nothing may beat before that is an outage: longer than a restart takes."""


async def leave(unit: Unit, learner: LearnerId, since: date) -> Leave:
    """All that lets days from then on cost nothing."""
    rest = await unit.execute(_REST, {"learner": learner})
    down = await unit.execute(_OUTAGES, {"since": _before(since)})
    return Leave(
        outages=tuple((row.began_at, row.ended_at) for row in down),
        holidays=await holidays.free_days(unit, learner, since),
        rest=tuple((row.since, frozenset(row.weekdays)) for row in rest),
        pauses=await pauses_of(unit, learner),
    )


async def rest_of(unit: Unit, learner: LearnerId) -> tuple[tuple[date, frozenset[int]], ...]:
    """Which weekdays since when, the newest choice last."""
    rows = await unit.execute(_REST, {"learner": learner})
    return tuple((row.since, frozenset(row.weekdays)) for row in rows)


async def choose_rest(
    unit: Unit, learner: LearnerId, since: date, weekdays: Iterable[int], at: datetime
) -> None:
    """Let these weekdays be free from then on; a choice that did not hold yet is replaced."""
    parameters: dict[str, object] = {
        "learner_id": learner,
        "since": since,
        "weekdays": sorted(weekdays),
        "chosen_at": at,
    }
    await unit.execute(_CHOOSE_REST, parameters)


async def pauses_of(unit: Unit, learner: LearnerId) -> tuple[Pause, ...]:
    rows = await unit.execute(_PAUSES, {"learner": learner})
    return tuple((row.first_day, row.last_day) for row in rows)


async def set_pause(unit: Unit, learner: LearnerId, pause: Pause, at: datetime) -> None:
    first, last = pause
    parameters = {"learner_id": learner, "first_day": first, "last_day": last, "set_at": at}
    await unit.execute(_SET_PAUSE, parameters)


async def end_pause(unit: Unit, learner: LearnerId, pause: Pause, shortened: Pause | None) -> None:
    """Give the rest of a pause back, or all of it (None)."""
    parameters = {"learner": learner, "first": pause[0]}
    if shortened is None:
        await unit.execute(_DROP_PAUSE, parameters)
    else:
        await unit.execute(_SHORTEN_PAUSE, parameters | {"last": shortened[1]})


async def moves(unit: Unit, learner: LearnerId, since: date) -> tuple[Move, ...]:
    """When the learner set other clocks, from that day on."""
    rows = await unit.execute(_MOVES, {"learner": learner, "since": _before(since)})
    return tuple(
        Move(
            at=row.changed_at,
            timezone=row.left_timezone,
            day_starts=row.left_day_starts,
            open_from=row.open_from,
            reopened=row.reopened,
        )
        for row in rows
    )


async def set_clocks(
    unit: Unit, learner: LearnerId, moved: Move, timezone: str, day_starts: int
) -> None:
    """Let the learner live by other clocks from now on."""
    parameters: dict[str, object] = {
        "learner_id": learner,
        "changed_at": moved.at,
        "left_timezone": moved.timezone,
        "left_day_starts": moved.day_starts,
        "timezone": timezone,
        "day_starts": day_starts,
        "open_from": moved.open_from,
        "reopened": moved.reopened,
    }
    await unit.execute(_SET_CLOCKS, parameters)
    await unit.execute(_LIVE_BY, {"learner": learner, "zone": timezone, "starts": day_starts})


async def mark_settled(unit: Unit, learner: LearnerId, day: date | None) -> None:
    """Remember on which study day the learner's streak was last settled."""
    await unit.execute(_MARK_SETTLED, {"learner": learner, "day": day})


async def beat(
    unit: Unit, now: datetime, *, last: bool = False
) -> tuple[datetime, datetime] | None:
    """Note that the service is up; return the outage that this ends, if one does.

    The ``last`` beat of a process ends none: what stood still is over when the next one begins.

    Of processes that start at once, one notes it: the row is held until the unit ends.
    """
    row = (await unit.execute(_BEAT_BEFORE, {"service": _SERVICE})).one_or_none()
    parameters: dict[str, object] = {"service": _SERVICE, "beat_at": now}
    if row is None:
        await unit.execute(_FIRST_BEAT, parameters)
        return None
    if row.beat_at >= now:  # another process was quicker, or the clock was set back
        return None
    await unit.execute(_BEAT, {"of": _SERVICE, "at": now})
    if last or now - row.beat_at <= MISSED_BEATS:
        return None
    await unit.execute(_NOTE_OUTAGE, {"began_at": row.beat_at, "ended_at": now})
    return row.beat_at, now


def _before(day: date) -> datetime:
    """An instant before that day begins anywhere on earth."""
    return datetime.combine(max(day, _FIRST), time(), UTC) - timedelta(days=1)


_SERVICE = "bot"
_FIRST = date(1970, 1, 2)

_REST = (
    select(rest_days.c.since, rest_days.c.weekdays)
    .where(rest_days.c.learner_id == bindparam("learner"))
    .order_by(rest_days.c.since)
)
_INSERT_REST = insert(rest_days)
_CHOOSE_REST = _INSERT_REST.on_conflict_do_update(
    index_elements=[rest_days.c.learner_id, rest_days.c.since],
    set_={
        "weekdays": _INSERT_REST.excluded.weekdays,
        "chosen_at": _INSERT_REST.excluded.chosen_at,
    },
)
_PAUSES = (
    select(pauses.c.first_day, pauses.c.last_day)
    .where(pauses.c.learner_id == bindparam("learner"))
    .order_by(pauses.c.first_day)
)
_INSERT_PAUSE = insert(pauses)
_SET_PAUSE = _INSERT_PAUSE.on_conflict_do_update(
    index_elements=[pauses.c.learner_id, pauses.c.first_day],
    set_={
        "last_day": _INSERT_PAUSE.excluded.last_day,
        "set_at": _INSERT_PAUSE.excluded.set_at,
    },
)
_SHORTEN_PAUSE = (
    update(pauses)
    .where(pauses.c.learner_id == bindparam("learner"), pauses.c.first_day == bindparam("first"))
    .values(last_day=bindparam("last"))
)
_DROP_PAUSE = delete(pauses).where(
    pauses.c.learner_id == bindparam("learner"), pauses.c.first_day == bindparam("first")
)
_MOVES = (
    select(zone_changes)
    .where(
        zone_changes.c.learner_id == bindparam("learner"),
        zone_changes.c.changed_at >= bindparam("since"),
    )
    .order_by(zone_changes.c.changed_at, zone_changes.c.id)
)
_SET_CLOCKS = insert(zone_changes)
_LIVE_BY = (
    update(learners)
    .where(learners.c.id == bindparam("learner"))
    .values(timezone=bindparam("zone"), day_starts=bindparam("starts"))
)
_MARK_SETTLED = (
    update(learners)
    .where(learners.c.id == bindparam("learner"))
    .values(settled_day=bindparam("day"))
)
_OUTAGES = (
    select(outages).where(outages.c.ended_at >= bindparam("since")).order_by(outages.c.began_at)
)
_BEAT_BEFORE = (
    select(heartbeats.c.beat_at)
    .where(heartbeats.c.service == bindparam("service"))
    .with_for_update()
)
_FIRST_BEAT = insert(heartbeats).on_conflict_do_nothing()
_BEAT = (
    update(heartbeats)
    .where(heartbeats.c.service == bindparam("of"))
    .values(beat_at=bindparam("at"))
)
_NOTE_OUTAGE = insert(outages).on_conflict_do_nothing()

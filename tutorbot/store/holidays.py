"""The holidays of classes, and the days that they give to those who learn there."""

from datetime import date

from sqlalchemy import Date, and_, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.ids import ClassId, LearnerId
from tutorbot.store.class_tables import class_holidays
from tutorbot.store.unit import Unit


async def ahead(unit: Unit, class_id: ClassId, today: date) -> tuple[tuple[date, date], ...]:
    """List the holidays of a class that are not over, the next ones first."""
    rows = await unit.execute(_AHEAD, {"class": class_id, "today": today})
    return tuple((row.first_day, row.last_day) for row in rows)


async def add(unit: Unit, class_id: ClassId, first: date, last: date) -> None:
    """Note holidays; those that began on the same day last as long as the longer of the two."""
    await unit.execute(_ADD, {"class_id": class_id, "first_day": first, "last_day": last})


async def end(unit: Unit, class_id: ClassId, first: date, last: date | None) -> bool:
    """Let holidays end earlier, or (None) not be at all; False if there are none that begin so."""
    parameters = {"class": class_id, "first": first}
    if last is None:
        found = await unit.execute(_DROP, parameters)
    else:
        found = await unit.execute(_SHORTEN, parameters | {"last": last})
    return found.one_or_none() is not None


async def free_days(unit: Unit, learner: LearnerId, since: date) -> frozenset[date]:
    """Find the holidays that cost a learner nothing, from that day on.

    A day that was settled stays as it was told: what was a holiday then is one ever after, and what
    was not does not become one. For all others the calendars count as they are, each while the
    learner is in its class.
    """
    result = await unit.execute(_FREE, {"learner": learner, "since": since})
    return frozenset(result.scalars())


_AHEAD = (
    select(class_holidays.c.first_day, class_holidays.c.last_day)
    .where(
        class_holidays.c.class_id == bindparam("class"),
        class_holidays.c.last_day >= bindparam("today"),
    )
    .order_by(class_holidays.c.first_day)
)
_NEW = insert(class_holidays)
_ADD = _NEW.on_conflict_do_update(
    index_elements=[class_holidays.c.class_id, class_holidays.c.first_day],
    set_={"last_day": func.greatest(class_holidays.c.last_day, _NEW.excluded.last_day)},
)
_THESE = and_(
    class_holidays.c.class_id == bindparam("class"),
    class_holidays.c.first_day == bindparam("first"),
)
_DROP = delete(class_holidays).where(_THESE).returning(class_holidays.c.first_day)
_SHORTEN = (
    update(class_holidays)
    .where(_THESE)
    .values(last_day=func.least(class_holidays.c.last_day, bindparam("last", type_=Date)))
    .returning(class_holidays.c.first_day)
)
_FREE = text(
    """
    SELECT day FROM settlements
    WHERE learner_id = :learner AND day >= :since AND cause = 'holiday'
    UNION
    SELECT free.day::date
    FROM class_members
    JOIN classes ON classes.id = class_members.class_id
    JOIN class_holidays ON class_holidays.class_id = class_members.class_id
    CROSS JOIN LATERAL generate_series(
        greatest(first_day, CAST(:since AS date), (joined_at AT TIME ZONE 'UTC')::date),
        least(
            last_day,
            (left_at AT TIME ZONE 'UTC')::date,
            (ended_at AT TIME ZONE 'UTC')::date
        ),
        interval '1 day'
    ) AS free (day)
    WHERE class_members.learner_id = :learner AND role = 'learner'
    AND NOT EXISTS (
        SELECT FROM settlements
        WHERE settlements.learner_id = :learner AND settlements.day = free.day
        AND outcome IN ('frozen', 'missed')
    )
    """
)

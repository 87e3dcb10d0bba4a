"""The days on which a learner answered, as the learner's own calendar counted them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.ids import LearnerId
from tutorbot.store.tables import study_days
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class StudyDay:
    day: date
    first_timezone: str  # in which its first answer was given
    timezone: str  # in which its latest was
    first_at: datetime
    last_at: datetime
    answers: int


async def last_day(unit: Unit, learner: LearnerId) -> StudyDay | None:
    row = (await unit.execute(_LAST, {"learner": learner})).one_or_none()
    return _study_day(row) if row else None


async def add(unit: Unit, learner: LearnerId, day: date, timezone: str, at: datetime) -> StudyDay:
    """Count one answer on that day, and return the day as it is then."""
    parameters = {
        "learner_id": learner,
        "day": day,
        "first_timezone": timezone,
        "timezone": timezone,
        "first_at": at,
        "last_at": at,
        "answers": 1,
    }
    return _study_day((await unit.execute(_ADD, parameters)).one())


async def days(unit: Unit, learner: LearnerId, since: date) -> tuple[StudyDay, ...]:
    """List the study days from that day on, oldest first."""
    result = await unit.execute(_DAYS, {"learner": learner, "since": since})
    return tuple(_study_day(row) for row in result)


_SHOWN = (
    study_days.c.day,
    study_days.c.first_timezone,
    study_days.c.timezone,
    study_days.c.first_at,
    study_days.c.last_at,
    study_days.c.answers,
)
_OF = select(*_SHOWN).where(study_days.c.learner_id == bindparam("learner"))
_LAST = _OF.order_by(study_days.c.day.desc()).limit(1)
_DAYS = _OF.where(study_days.c.day >= bindparam("since")).order_by(study_days.c.day)
_INSERT = insert(study_days)
_ADD = _INSERT.on_conflict_do_update(
    index_elements=[study_days.c.learner_id, study_days.c.day],
    set_={
        "timezone": _INSERT.excluded.timezone,
        "last_at": func.greatest(study_days.c.last_at, _INSERT.excluded.last_at),
        "answers": study_days.c.answers + 1,
    },
).returning(*_SHOWN)


def _study_day(row: Row[Any]) -> StudyDay:
    return StudyDay(
        day=row.day,
        first_timezone=row.first_timezone,
        timezone=row.timezone,
        first_at=row.first_at,
        last_at=row.last_at,
        answers=row.answers,
    )

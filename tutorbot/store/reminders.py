"""When to look whether a learner is to be reminded, and how often they were.

Due rows are claimed in batches: whoever claims holds the rows, and their learners, until the unit
ends, and others pass them over. So a reminder is put into the outbox in the transaction that moves
the row on, and no answer can come between the look and the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    bindparam,
    column,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from tutorbot.core.ids import LearnerId
from tutorbot.core.learner import Learner
from tutorbot.core.reminders import FIRSTS, Log
from tutorbot.store.learners import LEARNER_COLUMNS, learner_of
from tutorbot.store.statements import Row
from tutorbot.store.tables import learners, reminders, study_days
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Claimed:
    learner: Learner
    blocked: bool  # they do not want to hear from us at all
    log: Log


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A day with answers, as far as reminders ask for it."""

    day: date
    first_at: datetime
    first_timezone: str
    counted: int  # of its answers, without mere taps
    done: bool


async def claim(unit: Unit, now: datetime, limit: int) -> tuple[Claimed, ...]:
    """Take up to so many learners whose time has come, the longest due first.

    Who is in the middle of something else, such as an answer, is left for the next time.
    """
    rows = await unit.execute(CLAIM, {"now": now, "most": limit})
    return tuple(
        Claimed(learner=learner_of(row), blocked=row.blocked_at is not None, log=_log(row))
        for row in rows
    )


async def begun(
    unit: Unit, of: Sequence[LearnerId], days: int = FIRSTS
) -> dict[LearnerId, tuple[Begun, ...]]:
    """List the last days with answers of each learner, newest first; in one statement."""
    found: dict[LearnerId, tuple[Begun, ...]] = dict.fromkeys(of, ())
    for row in await unit.execute(_BEGUN, {"of": list(of), "most": days}):
        found[row.learner_id] += (
            Begun(
                day=row.day,
                first_at=row.first_at,
                first_timezone=row.first_timezone,
                counted=row.counted,
                done=row.qualified_at is not None,
            ),
        )
    return found


async def log_of(unit: Unit, learner: LearnerId) -> Log:
    row = (await unit.execute(_LOG, {"learner": learner})).one_or_none()
    return Log() if row is None else _log(row)


async def put(unit: Unit, learner: LearnerId, due: datetime | None, log: Log) -> None:
    """Say when to look next, and how often the learner was reminded; None: never again."""
    parameters: dict[str, object] = {
        "learner_id": learner,
        "due": due,
        "day": log.day,
        "count": log.count,
        "reminded_at": log.at,
        "unanswered": log.unanswered,
        "snoozed_until": log.snoozed,
    }
    await unit.execute(_PUT, parameters)


async def put_off(unit: Unit, learner: LearnerId, due: datetime | None) -> None:
    """Say when to look next at a learner who has a row."""
    await unit.execute(_PUT_OFF, {"learner": learner, "until": due})


_OF_LOG = (
    reminders.c.day,
    reminders.c.count.label("times"),  # a row has a method of that name
    reminders.c.reminded_at,
    reminders.c.unanswered,
    reminders.c.snoozed_until,
)
CLAIM = (
    select(*LEARNER_COLUMNS, learners.c.blocked_at, *_OF_LOG)
    .join_from(reminders, learners, learners.c.id == reminders.c.learner_id)
    .where(reminders.c.due <= bindparam("now"))
    .order_by(reminders.c.due)
    .limit(bindparam("most"))
    # Learners are held as an answer holds them, not as their deletion does.
    .with_for_update(skip_locked=True, key_share=True, of=[reminders, learners])
)
_of = (
    func.unnest(bindparam("of", type_=ARRAY(BigInteger)))
    .table_valued(column("learner_id", BigInteger), name="these")
    .render_derived()
)
_each = (
    select(
        study_days.c.day,
        study_days.c.first_at,
        study_days.c.first_timezone,
        study_days.c.counted,
        study_days.c.qualified_at,
    )
    .where(study_days.c.learner_id == _of.c.learner_id)
    .order_by(study_days.c.day.desc())
    .limit(bindparam("most"))
    .lateral("each")
)
_BEGUN = select(_of.c.learner_id, *_each.c).select_from(_of.join(_each, true()))
_LOG = select(*_OF_LOG).where(reminders.c.learner_id == bindparam("learner"))
_INSERT = insert(reminders)
_PUT = _INSERT.on_conflict_do_update(
    index_elements=[reminders.c.learner_id],
    set_={each.name: _INSERT.excluded[each.name] for each in reminders.c if not each.primary_key},
)
_PUT_OFF = (
    update(reminders)
    .where(reminders.c.learner_id == bindparam("learner"))
    .values(due=bindparam("until"))
)


def _log(row: Row) -> Log:
    return Log(
        day=row.day,
        count=row.times,
        at=row.reminded_at,
        unanswered=row.unanswered,
        snoozed=row.snoozed_until,
    )

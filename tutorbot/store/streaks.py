"""The days on which a learner answered, how their runs stood, and what they were told of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select, true
from sqlalchemy.dialects.postgresql import distinct_on, insert

from tutorbot.core.ids import LearnerId
from tutorbot.core.streaks import (
    BEGINNING,
    Break,
    Cause,
    Milestone,
    Move,
    Outcome,
    Settled,
    Standing,
)
from tutorbot.store.statements import Row
from tutorbot.store.tables import milestones, settlements, standings, study_days, zone_changes
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class StudyDay:
    """A day with answers; a study day once it is ``qualified_at``."""

    day: date
    first_timezone: str  # in which its first answer was given
    timezone: str  # in which its last was
    first_at: datetime
    last_at: datetime
    answers: int
    counted: int  # of the answers, without mere taps
    quick: int  # taps running, up to the last answer
    goal: int  # answers that the learner wanted to give on that day
    qualified_at: datetime | None
    doubled_at: datetime | None  # when twice the goal was reached


async def recent(unit: Unit, learner: LearnerId) -> tuple[tuple[StudyDay, ...], Move | None]:
    """The last few days with answers, newest first, and the last time other clocks were set.

    They are as many as an answer that comes in a day late can belong to. Without any day, there is
    nothing that other clocks could have closed either.
    """
    rows = (await unit.execute(_RECENT, {"learner": learner})).all()
    moved = _move(rows[0]) if rows and rows[0].changed_at else None
    return tuple(_study_day(row) for row in rows), moved


async def put(unit: Unit, learner: LearnerId, day: StudyDay) -> None:
    """Keep the day as it now is. Whoever calls holds the learner's row."""
    parameters: dict[str, object] = {
        "learner_id": learner,
        "day": day.day,
        "first_timezone": day.first_timezone,
        "timezone": day.timezone,
        "first_at": day.first_at,
        "last_at": day.last_at,
        "answers": day.answers,
        "counted": day.counted,
        "quick": day.quick,
        "goal": day.goal,
        "qualified_at": day.qualified_at,
        "doubled_at": day.doubled_at,
    }
    await unit.execute(_PUT, parameters)


async def days(unit: Unit, learner: LearnerId, since: date) -> tuple[StudyDay, ...]:
    """List the days with answers from that day on, oldest first."""
    result = await unit.execute(_DAYS, {"learner": learner, "since": since})
    return tuple(_study_day(row) for row in result)


async def standing(unit: Unit, learner: LearnerId) -> Standing:
    """How the runs stood after some day long enough ago that nothing before it can change."""
    row = (await unit.execute(_STANDING, {"learner": learner})).one_or_none()
    if row is None:
        return BEGINNING
    broken = row.broken_until and Break(
        until=row.broken_until,
        length=row.broken_length,
        run=row.broken_run,
        days=tuple(row.broken_days),
    )
    return Standing(
        last=row.last_day,
        timezone=row.timezone,
        open=row.open_from,
        total=row.total,
        length=row.length,
        longest=row.longest,
        run=row.run,
        freezes=row.freezes,
        repaired=row.repaired_on,
        broken=broken,
    )


async def keep_standing(unit: Unit, learner: LearnerId, standing: Standing) -> None:
    broken = standing.broken
    parameters: dict[str, object] = {
        "learner_id": learner,
        "last_day": standing.last,
        "timezone": standing.timezone,
        "open_from": standing.open,
        "total": standing.total,
        "length": standing.length,
        "longest": standing.longest,
        "run": standing.run,
        "freezes": standing.freezes,
        "repaired_on": standing.repaired,
        "broken_until": broken.until if broken else None,
        "broken_length": broken.length if broken else None,
        "broken_run": broken.run if broken else None,
        "broken_days": list(broken.days) if broken else None,
    }
    await unit.execute(_KEEP_STANDING, parameters)


async def settle(
    unit: Unit, learner: LearnerId, settled: Iterable[Settled], at: datetime
) -> frozenset[tuple[date, Outcome]]:
    """Write down what became of days; return what had not been written down before."""
    rows: list[dict[str, object]] = [
        {
            "learner_id": learner,
            "day": each.day,
            "outcome": each.outcome.value,
            "cause": each.cause.value,
            "settled_at": at,
        }
        for each in settled
    ]
    if not rows:
        return frozenset()
    result = await unit.execute(
        insert(settlements)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(settlements.c.day, settlements.c.outcome)
    )
    return frozenset((row.day, Outcome(row.outcome)) for row in result)


async def settled(unit: Unit, learner: LearnerId, since: date) -> tuple[Settled, ...]:
    """What became of each day from then on, oldest first; of two rows for a day, the kinder."""
    result = await unit.execute(_SETTLED, {"learner": learner, "since": since})
    return tuple(
        Settled(day=row.day, outcome=Outcome(row.outcome), cause=Cause(row.cause)) for row in result
    )


async def reach(
    unit: Unit, learner: LearnerId, reached: Iterable[Milestone], at: datetime
) -> tuple[int, ...]:
    """Write milestones down; return how many days those have that had not been told before."""
    rows: list[dict[str, object]] = [
        {
            "learner_id": learner,
            "run": each.run,
            "days": each.days,
            "reached_on": each.on,
            "told_at": at,
        }
        for each in reached
    ]
    if not rows:
        return ()
    result = await unit.execute(
        insert(milestones).values(rows).on_conflict_do_nothing().returning(milestones.c.days)
    )
    return tuple(sorted(result.scalars()))


_SHOWN = (
    study_days.c.day,
    study_days.c.first_timezone,
    study_days.c.timezone,
    study_days.c.first_at,
    study_days.c.last_at,
    study_days.c.answers,
    study_days.c.counted,
    study_days.c.quick,
    study_days.c.goal,
    study_days.c.qualified_at,
    study_days.c.doubled_at,
)
_MOVED = (
    select(
        zone_changes.c.changed_at,
        zone_changes.c.left_timezone,
        zone_changes.c.left_day_starts,
        zone_changes.c.open_from,
        zone_changes.c.reopened,
    )
    .where(zone_changes.c.learner_id == bindparam("learner"))
    .order_by(zone_changes.c.changed_at.desc(), zone_changes.c.id.desc())
    .limit(1)
    .subquery()
)
_RECENT = (
    select(*_SHOWN, *_MOVED.c)
    .select_from(study_days.outerjoin(_MOVED, true()))
    .where(study_days.c.learner_id == bindparam("learner"))
    .order_by(study_days.c.day.desc())
    .limit(5)
)
_DAYS = (
    select(*_SHOWN)
    .where(study_days.c.learner_id == bindparam("learner"), study_days.c.day >= bindparam("since"))
    .order_by(study_days.c.day)
)
_INSERT = insert(study_days)
_PUT = _INSERT.on_conflict_do_update(
    index_elements=[study_days.c.learner_id, study_days.c.day],
    set_={
        column.name: _INSERT.excluded[column.name]
        for column in study_days.c
        if not column.primary_key
    },
)
_STANDING = select(standings).where(standings.c.learner_id == bindparam("learner"))
_INSERT_STANDING = insert(standings)
_KEEP_STANDING = _INSERT_STANDING.on_conflict_do_update(
    index_elements=[standings.c.learner_id],
    set_={
        column.name: _INSERT_STANDING.excluded[column.name]
        for column in standings.c
        if not column.primary_key
    },
)
_SETTLED = (
    select(settlements.c.day, settlements.c.outcome, settlements.c.cause)
    .ext(distinct_on(settlements.c.day))
    .where(settlements.c.learner_id == bindparam("learner"))
    .where(settlements.c.day >= bindparam("since"))
    .order_by(
        settlements.c.day,
        # Not the time: an answer that came in late has an earlier one.
        func.array_position(["active", "free", "frozen", "missed"], settlements.c.outcome),
    )
)


def _study_day(row: Row) -> StudyDay:
    return StudyDay(
        day=row.day,
        first_timezone=row.first_timezone,
        timezone=row.timezone,
        first_at=row.first_at,
        last_at=row.last_at,
        answers=row.answers,
        counted=row.counted,
        quick=row.quick,
        goal=row.goal,
        qualified_at=row.qualified_at,
        doubled_at=row.doubled_at,
    )


def _move(row: Row) -> Move:
    return Move(
        at=row.changed_at,
        timezone=row.left_timezone,
        day_starts=row.left_day_starts,
        open_from=row.open_from,
        reopened=row.reopened,
    )

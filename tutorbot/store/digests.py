"""To which classes a word is due on Monday, and to whom it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Date, Interval, bindparam, cast, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.classes import Role
from tutorbot.core.ids import AssignmentId, ClassId
from tutorbot.core.learner import Learner
from tutorbot.store.class_tables import (
    assignees,
    assignments,
    class_digests,
    class_members,
    classes,
)
from tutorbot.store.learners import LEARNER_COLUMNS, learner_of
from tutorbot.store.tables import answers, attempts, learners
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Due:
    class_id: ClassId
    title: str


async def claim(
    unit: Unit, now: datetime, begins: timedelta, ends: timedelta, limit: int
) -> tuple[Due, ...]:
    """Take classes in which it is Monday by their own clocks, each once in a week.

    Args:
        unit: what is decided in it holds once it is committed; killed before, nothing was
        now: aware
        begins: of Monday, from when on
        ends: until when
        limit: how many at most
    """
    times = {"now": now, "begins": begins, "ends": ends, "most": limit}
    rows = [tuple(row) for row in await unit.execute(_DUE, times)]
    taken: list[Due] = []
    for class_id, title, week in rows:
        # Another process may have been quicker, between our look and our turn.
        row = await unit.execute(_TAKE, {"class_id": class_id, "week": week, "made_at": now})
        if row.scalar_one_or_none() is not None:
            taken.append(Due(class_id=ClassId(class_id), title=title))
    return tuple(taken)


async def readers(unit: Unit, class_id: ClassId) -> Sequence[Learner]:
    """List those who teach a class and can be written to."""
    return [learner_of(row) for row in await unit.execute(_READERS, {"class": class_id})]


async def answered_since(
    unit: Unit, class_id: ClassId, since: datetime
) -> tuple[AssignmentId, ...]:
    """List the quizzes of a class in which anything was answered since then."""
    rows = await unit.execute(_ANSWERED, {"class": class_id, "since": since})
    return tuple(AssignmentId(row.id) for row in rows)


_local = func.timezone(classes.c.timezone, bindparam("now", type_=classes.c.made_at.type))
_monday = func.date_trunc("week", _local)
_into_week = _local - _monday
_DUE = (
    select(classes.c.id, classes.c.title, cast(_monday, Date).label("week"))
    .where(
        classes.c.digest,
        classes.c.ended_at.is_(None),
        _into_week >= cast(bindparam("begins"), Interval),
        _into_week < cast(bindparam("ends"), Interval),
        func.timezone(classes.c.timezone, classes.c.made_at) < _monday,
        ~select(literal(1))
        .where(
            class_digests.c.class_id == classes.c.id, class_digests.c.week == cast(_monday, Date)
        )
        .exists(),
    )
    .order_by(classes.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True, of=classes)
)
_TAKE = insert(class_digests).on_conflict_do_nothing().returning(class_digests.c.class_id)
_READERS = (
    select(*LEARNER_COLUMNS)
    .join_from(class_members, learners, learners.c.id == class_members.c.learner_id)
    .where(
        class_members.c.class_id == bindparam("class"),
        class_members.c.role.in_((Role.OWNER.value, Role.INSTRUCTOR.value)),
        class_members.c.left_at.is_(None),
        learners.c.blocked_at.is_(None),
    )
    .order_by(learners.c.id)
)
_ANSWERED = (
    select(assignments.c.id)
    .where(
        assignments.c.class_id == bindparam("class"),
        select(literal(1))
        .select_from(
            assignees.join(attempts, attempts.c.sitting_id == assignees.c.sitting_id).join(
                answers, answers.c.attempt_id == attempts.c.id
            )
        )
        .where(
            assignees.c.assignment_id == assignments.c.id,
            answers.c.answered_at >= bindparam("since"),
        )
        .exists(),
    )
    .order_by(assignments.c.id)
)

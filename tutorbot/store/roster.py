"""Who is in a class, and what is arranged for one of them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    TIMESTAMP,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    update,
)

from tutorbot.core.classes import Role
from tutorbot.core.ids import ClassId, LearnerId
from tutorbot.core.roster import EXTENSION, Person
from tutorbot.store.assigned import runs_out
from tutorbot.store.class_tables import assignees, assignments, class_members
from tutorbot.store.statements import Row
from tutorbot.store.tables import learners, study_days
from tutorbot.store.unit import Unit


async def people(
    unit: Unit, class_id: ClassId, *, names: bool, first: int, most: int
) -> tuple[Person, ...]:
    """List those who are in a class: who works there first, then by cohort and name.

    Without ``names`` by their codes, so that their order tells none.
    """
    statement = _BY_NAME if names else _BY_CODE
    parameters = {"class": class_id, "first": first, "most": most}
    return tuple(map(_person, await unit.execute(statement, parameters)))


async def size(unit: Unit, class_id: ClassId) -> int:
    return (await unit.execute(_SIZE, {"class": class_id})).scalar_one()


async def person(unit: Unit, class_id: ClassId, code: str) -> Person | None:
    """Find who has that code in a class, or had, and hold their place."""
    row = (await unit.execute(_PERSON, {"class": class_id, "code": code})).one_or_none()
    return _person(row) if row else None


async def instructors(unit: Unit, class_id: ClassId) -> tuple[Person, ...]:
    """List the instructors of a class, who joined first standing first."""
    return tuple(map(_person, await unit.execute(_INSTRUCTORS, {"class": class_id})))


async def cohorts(unit: Unit, class_id: ClassId) -> Sequence[str]:
    """List the cohorts in which there is somebody."""
    return (await unit.execute(_COHORTS, {"class": class_id})).scalars()


async def set_cohort(unit: Unit, class_id: ClassId, code: str, cohort: str | None) -> None:
    await unit.execute(_SET_COHORT, {"class": class_id, "whose": code, "new_cohort": cohort})


async def set_time(unit: Unit, class_id: ClassId, code: str, percent: int) -> None:
    factor = Decimal(percent) / 100
    await unit.execute(_SET_TIME, {"class": class_id, "whose": code, "factor": factor})


async def set_role(unit: Unit, class_id: ClassId, code: str, role: Role) -> None:
    await unit.execute(_SET_ROLE, {"class": class_id, "whose": code, "new_role": role.value})


async def leave(
    unit: Unit, class_id: ClassId, code: str, at: datetime, *, removed: bool = False
) -> None:
    """Let somebody be in the class no more; who was ``removed`` comes back by invitation only."""
    parameters = {"class": class_id, "whose": code, "at": at, "was_removed": removed}
    await unit.execute(_LEAVE, parameters)


async def readmit(unit: Unit, class_id: ClassId, code: str) -> None:
    """Let somebody who was removed join again, by any link."""
    await unit.execute(_READMIT, {"class": class_id, "whose": code})


async def extend(unit: Unit, class_id: ClassId, learner: LearnerId, at: datetime) -> int:
    """Put off what is open to a learner, or was until a moment ago; return how many quizzes.

    Those of which their minutes have run out stay as they are.
    """
    parameters = {"class": class_id, "whose": learner, "at": at}
    return len((await unit.execute(_EXTEND, parameters)).all())


_RANKS = case(
    {role.value: place for place, role in enumerate(Role)}, value=class_members.c.role, else_=9
)
_active = (
    select(study_days.c.last_at)
    .where(study_days.c.learner_id == class_members.c.learner_id)
    .order_by(study_days.c.day.desc())
    .limit(1)
    .scalar_subquery()
    .label("active_at")
)
_SHOWN: Select[*tuple[object, ...]] = select(
    class_members.c.learner_id,
    class_members.c.code,
    class_members.c.role,
    class_members.c.cohort,
    class_members.c.time_factor,
    class_members.c.joined_at,
    class_members.c.left_at,
    class_members.c.removed,
    learners.c.name,
    _active,
).join(learners, learners.c.id == class_members.c.learner_id)
_HERE = and_(class_members.c.class_id == bindparam("class"), class_members.c.left_at.is_(None))
_STAFF_FIRST = case((class_members.c.role == Role.LEARNER.value, 1), else_=0)
_BY_NAME = (
    _SHOWN.where(_HERE)
    .order_by(
        _STAFF_FIRST,
        _RANKS,
        class_members.c.cohort.nulls_last(),
        func.lower(learners.c.name),
        class_members.c.code,
    )
    .offset(bindparam("first"))
    .limit(bindparam("most"))
)
_BY_CODE = (
    _SHOWN.where(_HERE)
    .order_by(_STAFF_FIRST, _RANKS, class_members.c.cohort.nulls_last(), class_members.c.code)
    .offset(bindparam("first"))
    .limit(bindparam("most"))
)
_SIZE = select(func.count()).select_from(class_members).where(_HERE)
_PERSON = _SHOWN.where(
    class_members.c.class_id == bindparam("class"), class_members.c.code == bindparam("code")
).with_for_update(of=class_members)
_INSTRUCTORS = _SHOWN.where(_HERE, class_members.c.role == Role.INSTRUCTOR.value).order_by(
    class_members.c.joined_at, class_members.c.code
)
_COHORTS = (
    select(class_members.c.cohort)
    .distinct()
    .where(_HERE, class_members.c.cohort.is_not(None))
    .order_by(class_members.c.cohort)
)
_CHANGE = update(class_members).where(
    class_members.c.class_id == bindparam("class"), class_members.c.code == bindparam("whose")
)
_SET_COHORT = _CHANGE.values(cohort=bindparam("new_cohort"))
_SET_TIME = _CHANGE.values(time_factor=bindparam("factor"))
_SET_ROLE = _CHANGE.values(role=bindparam("new_role"))
_LEAVE = _CHANGE.values(left_at=bindparam("at"), removed=bindparam("was_removed"))
_READMIT = _CHANGE.values(removed=False)
_at = bindparam("at", type_=TIMESTAMP(timezone=True))
_EXTEND = (
    update(assignees)
    .where(
        assignees.c.learner_id == bindparam("whose"),
        assignees.c.finished_at.is_(None),
        assignees.c.assignment_id == assignments.c.id,
        assignments.c.class_id == bindparam("class"),
        assignments.c.state == "set",
        assignments.c.opens_at <= _at,
        assignments.c.due_at.is_not(None),
        # Who was ill asks a little after the deadline.
        func.greatest(assignments.c.due_at, assignments.c.late_until, assignees.c.extended_until)
        > _at - literal(EXTENSION),
        class_members.c.class_id == assignments.c.class_id,
        class_members.c.learner_id == assignees.c.learner_id,
        or_(
            assignments.c.minutes.is_(None),
            assignees.c.opened_at.is_(None),
            runs_out(assignees, class_members) > _at,
        ),
    )
    .values(
        extended_until=func.greatest(
            assignees.c.extended_until, func.greatest(assignments.c.due_at, _at) + EXTENSION
        )
    )
    .returning(assignees.c.assignment_id)
)


def _person(row: Row) -> Person:
    return Person(
        learner=LearnerId(row.learner_id),
        code=row.code,
        name=row.name,
        role=Role(row.role),
        cohort=row.cohort,
        percent=int(row.time_factor * 100),
        joined_at=row.joined_at,
        active_at=row.active_at,
        here=row.left_at is None,
        removed=row.removed,
    )

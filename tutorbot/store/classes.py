"""Classes and who is in them."""

from sqlalchemy import bindparam, func, select

from tutorbot.core.classes import Member, Right, Role, Taught
from tutorbot.core.ids import ClassId, LearnerId
from tutorbot.store.class_tables import class_members, classes
from tutorbot.store.unit import Unit


async def member(unit: Unit, class_id: ClassId, learner: LearnerId, right: Right) -> Member | None:
    """Find who a learner is in a class, if they may do that there now; else None.

    Their place in the class is held until the unit ends: nobody is removed in the middle of what
    they do.
    """
    row = (await unit.execute(_MEMBER, {"class": class_id, "learner": learner})).one_or_none()
    if row is None:
        return None
    found = Member(class_id=class_id, learner=learner, code=row.code, role=Role(row.role))
    return found if found.may(right) else None


async def taught_by(unit: Unit, learner: LearnerId) -> tuple[Taught, ...]:
    """List the classes in which somebody works, the newest first."""
    result = await unit.execute(_TAUGHT, {"learner": learner, "role": Role.LEARNER.value})
    return tuple(
        Taught(
            class_id=ClassId(row.id),
            title=row.title,
            role=Role(row.role),
            learners=row.learners,
        )
        for row in result
    )


_MEMBER = (
    select(class_members.c.code, class_members.c.role)
    .where(
        class_members.c.class_id == bindparam("class"),
        class_members.c.learner_id == bindparam("learner"),
        class_members.c.left_at.is_(None),
    )
    .with_for_update(read=True)
)
_others = class_members.alias("others")
_TAUGHT = (
    select(
        classes.c.id,
        classes.c.title,
        class_members.c.role,
        select(func.count())
        .where(
            _others.c.class_id == classes.c.id,
            _others.c.role == Role.LEARNER.value,
            _others.c.left_at.is_(None),
        )
        .scalar_subquery()
        .label("learners"),
    )
    .join(class_members, class_members.c.class_id == classes.c.id)
    .where(
        class_members.c.learner_id == bindparam("learner"),
        class_members.c.role != bindparam("role"),
        class_members.c.left_at.is_(None),
        classes.c.ended_at.is_(None),
    )
    .order_by(classes.c.id.desc())
)

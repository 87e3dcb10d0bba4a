"""Quizzes that are being made, and those that were set: their row in ``assignments``."""

from sqlalchemy import bindparam, select, update

from tutorbot.core.drafts import Audience, audience_of
from tutorbot.core.ids import AssignmentId, CourseVersionId
from tutorbot.store.class_tables import assignments
from tutorbot.store.unit import Unit


async def audience(unit: Unit, assignment: AssignmentId) -> tuple[CourseVersionId, Audience]:
    """To whom a quiz is set, and of which version of its course it is."""
    row = (await unit.execute(_AUDIENCE, {"of": assignment})).one()
    return CourseVersionId(row.course_version_id), audience_of(row.audience)


async def cancel(unit: Unit, assignment: AssignmentId) -> None:
    """Take a quiz back; what was answered in it stays."""
    await unit.execute(_BECOME, {"of": assignment, "as_state": "cancelled"})


_AUDIENCE = select(assignments.c.course_version_id, assignments.c.audience).where(
    assignments.c.id == bindparam("of")
)
_BECOME = (
    update(assignments)
    .where(assignments.c.id == bindparam("of"))
    .values(state=bindparam("as_state"))
)

"""To whom something goes: learners of a class as they are at that moment."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Text, and_, bindparam, case, func, select, true
from sqlalchemy.sql.elements import ColumnElement

from tutorbot.core.classes import Role
from tutorbot.core.ids import AssignmentId, ClassId, CourseId, LearnerId, QuestionId
from tutorbot.core.mastery import RECENT
from tutorbot.store.class_tables import assignees, class_members
from tutorbot.store.tables import answers, course_versions
from tutorbot.store.unit import Unit


async def all_of(unit: Unit, of: ClassId) -> tuple[LearnerId, ...]:
    """Whoever learns in a class."""
    return tuple((await unit.execute(_ALL, {"of": of})).scalars())


async def cohort(unit: Unit, of: ClassId, name: str) -> tuple[LearnerId, ...]:
    return tuple((await unit.execute(_COHORT, {"of": of, "named": name})).scalars())


async def unfinished(unit: Unit, of: ClassId, assignment: AssignmentId) -> tuple[LearnerId, ...]:
    """Whoever has been set a quiz and has not finished it."""
    parameters = {"of": of, "quiz": assignment}
    return tuple((await unit.execute(_UNFINISHED, parameters)).scalars())


async def not_started(unit: Unit, of: ClassId, assignment: AssignmentId) -> tuple[LearnerId, ...]:
    """Whoever has been set a quiz and has not answered anything in it."""
    parameters = {"of": of, "quiz": assignment}
    return tuple((await unit.execute(_NOT_STARTED, parameters)).scalars())


async def weak(
    unit: Unit, of: ClassId, course: CourseId, questions: Sequence[QuestionId]
) -> tuple[LearnerId, ...]:
    """Whoever had less than half right, unaided, of their last first answers to some questions."""
    parameters: dict[str, object] = {"of": of, "course": course, "questions": list(questions)}
    return tuple((await unit.execute(_WEAK, parameters)).scalars())


async def cohorts(unit: Unit, of: ClassId) -> tuple[str, ...]:
    """The names of the cohorts that have somebody in them."""
    return tuple((await unit.execute(_COHORTS, {"of": of})).scalars())


_LEARNING = (
    class_members.c.class_id == bindparam("of"),
    class_members.c.role == Role.LEARNER.value,
    class_members.c.left_at.is_(None),
)
_ALL = select(class_members.c.learner_id).where(*_LEARNING).order_by(class_members.c.learner_id)
_COHORT = _ALL.where(class_members.c.cohort == bindparam("named"))
_ASSIGNED = _ALL.join(
    assignees,
    and_(
        assignees.c.learner_id == class_members.c.learner_id,
        assignees.c.assignment_id == bindparam("quiz"),
    ),
)
_UNFINISHED = _ASSIGNED.where(assignees.c.finished_at.is_(None))
_NOT_STARTED = _ASSIGNED.where(assignees.c.started_at.is_(None), assignees.c.finished_at.is_(None))
_unaided: ColumnElement[int] = case(
    ((answers.c.verdict["code"].astext == "right") & (answers.c.hints == 0), 1), else_=0
)
_recent = (
    select(_unaided.label("unaided"))
    .join(course_versions, course_versions.c.id == answers.c.course_version_id)
    .where(
        answers.c.learner_id == class_members.c.learner_id,
        answers.c.try_number == 1,
        answers.c.verdict["code"].astext != "undecided",
        course_versions.c.course_id == bindparam("course"),
        answers.c.question_id == func.any(bindparam("questions", type_=ARRAY(Text))),
    )
    .order_by(answers.c.answered_at.desc(), answers.c.id.desc())
    .limit(RECENT)
    .correlate(class_members)
    .subquery("recent")
)
_tally = (
    select(func.count().label("given"), func.sum(_recent.c.unaided).label("unaided"))
    .correlate(class_members)
    .lateral("tally")
)
_WEAK = _ALL.join(_tally, true()).where(_tally.c.given > 0, 2 * _tally.c.unaided < _tally.c.given)
_COHORTS = (
    select(class_members.c.cohort)
    .where(*_LEARNING, class_members.c.cohort.is_not(None))
    .distinct()
    .order_by(class_members.c.cohort)
)

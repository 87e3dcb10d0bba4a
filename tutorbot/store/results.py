"""How a class did: first answers to what was set to it, and who is in it.

Only what was answered in a quiz of the class is read, never what somebody learns elsewhere; of that
one knows only when the last answer came. Each page takes a fixed number of statements.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    and_,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, distinct_on

from tutorbot.core.assignments import Part
from tutorbot.core.classes import Role
from tutorbot.core.ids import (
    AnswerId,
    AssignmentId,
    ClassId,
    CourseId,
    CourseVersionId,
    LearnerId,
    QuestionId,
    SittingId,
)
from tutorbot.core.results import QuizLine
from tutorbot.store.class_tables import assignees, assignments, class_members, classes
from tutorbot.store.tables import (
    answers,
    attempts,
    course_versions,
    keys,
    learners,
    scores,
    sittings,
)
from tutorbot.store.unit import Unit

Key = tuple[CourseVersionId, QuestionId]


@dataclass(frozen=True, kw_only=True)
class Class:
    title: str
    course: CourseId
    timezone: str
    digest: bool
    learners: int
    ended: bool


@dataclass(frozen=True, kw_only=True)
class Person:
    """A learner of a class, or who was one."""

    learner: LearnerId
    code: str
    name: str
    cohort: str | None
    left: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The part of a learner in a quiz, and the questions that they got."""

    learner: LearnerId
    part: Part
    picked: tuple[Key, ...]


class Given(NamedTuple):
    """An answer in a quiz, with its newest score.

    A plain tuple, made of a row as it is: of a large class there are tens of thousands.
    """

    id: AnswerId
    learner: LearnerId
    version: CourseVersionId
    course: CourseId
    question: QuestionId
    number: int  # of the try, 1 is the first
    opened_at: datetime
    at: datetime
    points: float | None  # None: undecided
    out_of: float | None
    hints: int  # seen before it
    code: str  # of the verdict
    chosen: list[str] | None  # None: it was typed
    parsed: str | None
    variant: list[list[str]] | None  # of a question with parameters
    tags: list[str] | None

    @property
    def share(self) -> float | None:
        return None if self.points is None or not self.out_of else self.points / self.out_of


async def find_class(unit: Unit, class_id: ClassId) -> Class | None:
    row = (await unit.execute(_CLASS, {"class": class_id})).one_or_none()
    if row is None:
        return None
    return Class(
        title=row.title,
        course=CourseId(row.course_id),
        timezone=row.timezone,
        digest=row.digest,
        learners=row.learners,
        ended=row.ended_at is not None,
    )


async def set_digest(unit: Unit, class_id: ClassId, *, on: bool) -> None:
    await unit.execute(_SET_DIGEST, {"class": class_id, "on": on})


async def quizzes(
    unit: Unit, class_id: ClassId, limit: int, only: AssignmentId | None = None
) -> tuple[tuple[QuizLine, ...], int]:
    """List what was set to a class, the newest first, and say how many there are in all."""
    parameters = {"class": class_id, "most": limit, "only": only}
    rows = list(await unit.execute(_QUIZZES, parameters))
    lines = tuple(
        QuizLine(
            assignment=AssignmentId(row.id),
            title=row.title,
            due_at=row.due_at,
            learners=row.learners,
            begun=row.begun,
            finished=row.finished,
            late=row.late,
            facility=row.facility,
        )
        for row in rows
    )
    return lines, rows[0].all if rows else 0


async def shares(
    unit: Unit, class_id: ClassId, since: datetime | None = None
) -> dict[Key, tuple[int, float]]:
    """Count the scored first answers to each question, and sum up their shares of the points."""
    rows = await unit.execute(_SHARES, {"class": class_id, "since": since})
    return {
        (CourseVersionId(row.course_version_id), QuestionId(row.question_id)): (
            row.counted,
            row.share,
        )
        for row in rows
    }


async def sheets(
    unit: Unit, assignment: AssignmentId, learner: LearnerId | None = None
) -> tuple[Sheet, ...]:
    """List to whom a quiz was set, or one of them."""
    parameters = {"assignment": assignment, "learner": learner}
    return tuple(
        Sheet(
            learner=LearnerId(row.learner_id),
            part=Part(
                sitting=None if row.sitting_id is None else SittingId(row.sitting_id),
                opened_at=row.opened_at,
                started_at=row.started_at,
                finished_at=row.finished_at,
                extended_until=row.extended_until,
                time_factor=Fraction(row.time_factor or 1),
            ),
            picked=tuple(
                (CourseVersionId(each["version"]), QuestionId(each["question"]))
                for each in row.picked or ()
            ),
        )
        for row in await unit.execute(_SHEETS, parameters)
    )


async def given(
    unit: Unit,
    *,
    assignment: AssignmentId | None = None,
    class_id: ClassId | None = None,
    learner: LearnerId | None = None,
    since: datetime | None = None,
    firsts: bool = False,
) -> tuple[Given, ...]:
    """List answers in one quiz, or in all of a class, in the order in which they came."""
    parameters = {
        "assignment": assignment,
        "class": class_id,
        "learner": learner,
        "since": since,
        "last": 1 if firsts else _ANY,
    }
    return tuple(Given(*row) for row in await unit.execute(_GIVEN, parameters))


async def newest_keys(
    unit: Unit, versions: Iterable[CourseVersionId]
) -> dict[Key, Mapping[str, Any]]:
    """What the key of each question says now, as `core.grading.key_of` writes it."""
    rows = await unit.execute(_KEYS, {"versions": sorted(set(versions))})
    return {
        (CourseVersionId(row.course_version_id), QuestionId(row.question_id)): row.content
        for row in rows
    }


async def people(unit: Unit, class_id: ClassId) -> tuple[Person, ...]:
    """List all who learn or learnt in a class, by their codes."""
    return tuple(_person(row) for row in await unit.execute(_PEOPLE, {"class": class_id}))


async def by_code(unit: Unit, class_id: ClassId, code: str) -> Person | None:
    parameters = {"class": class_id, "code": code}
    row = (await unit.execute(_BY_CODE, parameters)).one_or_none()
    return _person(row) if row else None


async def last_answers(unit: Unit, of: Iterable[LearnerId]) -> dict[LearnerId, datetime]:
    """When each of these answered anything for the last time; who never did is left out."""
    rows = await unit.execute(_LAST, {"of": list(of)})
    return {LearnerId(row.learner_id): row.answered_at for row in rows}


async def silent(unit: Unit, class_id: ClassId, since: datetime) -> Sequence[str]:
    """The codes of the learners in a class who have answered nothing since then.

    Who joined after that is none of them.
    """
    return (await unit.execute(_SILENT, {"class": class_id, "since": since})).scalars().all()


def _person(row: Any) -> Person:  # noqa: ANN401 - a row of the driver's
    return Person(
        learner=LearnerId(row.learner_id),
        code=row.code,
        name=row.name,
        cohort=row.cohort,
        left=row.left_at is not None,
    )


_DRAFT = "draft"
_LEARNER = Role.LEARNER.value
_LEARNERS = (
    select(func.count())
    .where(
        class_members.c.class_id == classes.c.id,
        class_members.c.role == _LEARNER,
        class_members.c.left_at.is_(None),
    )
    .scalar_subquery()
)
_CLASS = select(
    classes.c.title,
    classes.c.course_id,
    classes.c.timezone,
    classes.c.digest,
    classes.c.ended_at,
    _LEARNERS.label("learners"),
).where(classes.c.id == bindparam("class"))
_SET_DIGEST = (
    update(classes).where(classes.c.id == bindparam("class")).values(digest=bindparam("on"))
)
_newest = (
    select(scores.c.points, scores.c.out_of)
    .where(scores.c.answer_id == answers.c.id)
    .order_by(scores.c.key_id.desc())
    .limit(1)
    .lateral("newest")
)
_share = cast(_newest.c.points / func.nullif(_newest.c.out_of, 0), DOUBLE_PRECISION)
_ANSWERED = (
    assignments.join(assignees, assignees.c.assignment_id == assignments.c.id)
    .join(attempts, attempts.c.sitting_id == assignees.c.sitting_id)
    .join(answers, answers.c.attempt_id == attempts.c.id)
    .outerjoin(_newest, true())
)


def _unless_none(name: str, of: Any, condition: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's
    return or_(bindparam(name, type_=of.type).is_(None), condition)


_facility = (
    select(func.avg(_share))
    .select_from(
        assignees.join(attempts, attempts.c.sitting_id == assignees.c.sitting_id)
        .join(answers, and_(answers.c.attempt_id == attempts.c.id, answers.c.try_number == 1))
        .join(_newest, true())
    )
    .where(assignees.c.assignment_id == assignments.c.id)
    .scalar_subquery()
)
_due = func.greatest(assignments.c.due_at, assignees.c.extended_until)
_progress = (
    select(
        func.count().label("learners"),
        func.count(assignees.c.started_at).label("begun"),
        func.count(assignees.c.finished_at).label("finished"),
        func.count()
        .filter(assignments.c.due_at.is_not(None), assignees.c.finished_at > _due)
        .label("late"),
    )
    .where(assignees.c.assignment_id == assignments.c.id)
    .lateral("progress")
)
_page = (
    select(
        assignments.c.id,
        assignments.c.title,
        assignments.c.due_at,
        assignments.c.opens_at,
        func.count().over().label("all"),
    )
    .where(
        assignments.c.class_id == bindparam("class"),
        assignments.c.state != _DRAFT,
        _unless_none(
            "only",
            assignments.c.id,
            assignments.c.id == bindparam("only", type_=assignments.c.id.type),
        ),
    )
    .order_by(assignments.c.opens_at.desc(), assignments.c.id.desc())
    .limit(bindparam("most"))
    .subquery("page")
)
_QUIZZES = (
    select(
        _page.c.id,
        _page.c.title,
        _page.c.due_at,
        _page.c.all,
        *_progress.c,
        _facility.label("facility"),
    )
    .select_from(_page.join(assignments, assignments.c.id == _page.c.id).join(_progress, true()))
    .order_by(_page.c.opens_at.desc(), _page.c.id.desc())
)
_SHARES = (
    select(
        answers.c.course_version_id,
        answers.c.question_id,
        func.count().label("counted"),
        func.sum(_share).label("share"),
    )
    .select_from(_ANSWERED)
    .where(
        assignments.c.class_id == bindparam("class"),
        answers.c.try_number == 1,
        _share.is_not(None),
        _unless_none(
            "since",
            answers.c.answered_at,
            answers.c.answered_at >= bindparam("since", type_=answers.c.answered_at.type),
        ),
    )
    .group_by(answers.c.course_version_id, answers.c.question_id)
)
_ANY = 32767
_GIVEN = (
    select(
        answers.c.id,
        answers.c.learner_id,
        answers.c.course_version_id,
        course_versions.c.course_id,
        answers.c.question_id,
        answers.c.try_number,
        attempts.c.opened_at,
        answers.c.answered_at,
        cast(_newest.c.points, DOUBLE_PRECISION).label("points"),
        cast(_newest.c.out_of, DOUBLE_PRECISION).label("out_of"),
        answers.c.hints,
        answers.c.verdict["code"].astext.label("code"),
        answers.c.chosen,
        answers.c.parsed,
        # NULL costs nothing to read, and most have none.
        func.nullif(answers.c.variant, cast([], answers.c.variant.type)).label("variant"),
        func.nullif(answers.c.verdict["tags"], cast([], answers.c.verdict.type)).label("tags"),
    )
    .select_from(
        _ANSWERED.join(course_versions, course_versions.c.id == answers.c.course_version_id)
    )
    .where(
        answers.c.try_number <= bindparam("last"),
        *(
            _unless_none(name, of, of == bindparam(name, type_=of.type))
            for name, of in (
                ("assignment", assignments.c.id),
                ("class", assignments.c.class_id),
                ("learner", assignees.c.learner_id),
            )
        ),
        _unless_none(
            "since",
            answers.c.answered_at,
            answers.c.answered_at >= bindparam("since", type_=answers.c.answered_at.type),
        ),
    )
    .order_by(answers.c.answered_at, answers.c.id)
)
_SHEETS = (
    select(
        assignees.c.learner_id,
        assignees.c.sitting_id,
        assignees.c.opened_at,
        assignees.c.started_at,
        assignees.c.finished_at,
        assignees.c.extended_until,
        class_members.c.time_factor,
        sittings.c.picked,
    )
    .select_from(
        assignees.join(assignments, assignments.c.id == assignees.c.assignment_id)
        .outerjoin(
            class_members,
            and_(
                class_members.c.class_id == assignments.c.class_id,
                class_members.c.learner_id == assignees.c.learner_id,
            ),
        )
        .outerjoin(sittings, sittings.c.id == assignees.c.sitting_id)
    )
    .where(
        assignees.c.assignment_id == bindparam("assignment"),
        _unless_none(
            "learner",
            assignees.c.learner_id,
            assignees.c.learner_id == bindparam("learner", type_=assignees.c.learner_id.type),
        ),
    )
    .order_by(assignees.c.learner_id)
)
_KEYS = (
    select(keys.c.course_version_id, keys.c.question_id, keys.c.content)
    .ext(distinct_on(keys.c.course_version_id, keys.c.question_id))
    .where(keys.c.course_version_id == func.any(bindparam("versions", type_=ARRAY(BigInteger))))
    .order_by(keys.c.course_version_id, keys.c.question_id, keys.c.version.desc())
)
_MEMBERS = (
    select(
        class_members.c.learner_id,
        class_members.c.code,
        learners.c.name,
        class_members.c.cohort,
        class_members.c.left_at,
    )
    .join(learners, learners.c.id == class_members.c.learner_id)
    .where(class_members.c.class_id == bindparam("class"), class_members.c.role == _LEARNER)
)
_PEOPLE = _MEMBERS.order_by(class_members.c.code)
_BY_CODE = _MEMBERS.where(class_members.c.code == bindparam("code"))
_of = (
    func.unnest(bindparam("of", type_=ARRAY(BigInteger)))
    .table_valued(column("learner_id", BigInteger), name="these")
    .render_derived()
)
_last = (
    select(answers.c.answered_at)
    .where(answers.c.learner_id == _of.c.learner_id)
    .order_by(answers.c.answered_at.desc())
    .limit(1)
    .lateral("last")
)
_LAST = select(_of.c.learner_id, _last.c.answered_at).select_from(_of.join(_last, true()))
_SILENT = (
    select(class_members.c.code)
    .where(
        class_members.c.class_id == bindparam("class"),
        class_members.c.role == _LEARNER,
        class_members.c.left_at.is_(None),
        class_members.c.joined_at < bindparam("since"),
        ~select(answers.c.id)
        .where(
            answers.c.learner_id == class_members.c.learner_id,
            answers.c.answered_at >= bindparam("since"),
        )
        .exists(),
    )
    .order_by(class_members.c.code)
)

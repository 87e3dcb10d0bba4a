"""Quizzes that are being made, and how those stand that were set: the rows of ``assignments``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import (
    BigInteger,
    Interval,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_or

from tutorbot.core.assignments import Reveals, State
from tutorbot.core.broadcasts import Fate, Kind
from tutorbot.core.drafts import Audience, Draft, audience_as_json, audience_of
from tutorbot.core.ids import (
    AssignmentId,
    ClassId,
    CourseId,
    CourseVersionId,
    LearnerId,
    QuestionId,
)
from tutorbot.store.class_tables import (
    assignees,
    assignments,
    broadcast_recipients,
    broadcasts,
    class_members,
    classes,
)
from tutorbot.store.statements import Row
from tutorbot.store.tables import learners
from tutorbot.store.unit import Unit


async def create(
    unit: Unit,
    *,
    class_id: ClassId,
    version: CourseVersionId,
    course: CourseId,
    title: str,
    questions: Sequence[QuestionId],
    due_at: datetime,
    at: datetime,
) -> AssignmentId:
    """Begin a quiz, which nobody sees but who makes it."""
    parameters: dict[str, object] = {
        "class_id": class_id,
        "course_version_id": version,
        "course_id": course,
        "title": title,
        "questions": _sources(version, course, questions),
        "audience": {"kind": "class"},
        "opens_at": at,
        "due_at": due_at,
        "reveal": Reveals.ANSWERED.value,
        "state": State.DRAFT.value,
        "made_at": at,
    }
    return AssignmentId((await unit.execute(_CREATE, parameters)).scalar_one())


async def begun(unit: Unit, class_id: ClassId) -> AssignmentId | None:
    """Find the quiz of a class that was begun last and is neither set nor put aside."""
    found = (await unit.execute(_BEGUN, {"of_class": class_id})).scalar_one_or_none()
    return None if found is None else AssignmentId(found)


async def hold(unit: Unit, draft: AssignmentId) -> tuple[Draft, State] | None:
    """Find a quiz, made or in the making, and keep others from it until the unit ends."""
    row = (await unit.execute(_HOLD, {"of": draft})).one_or_none()
    return None if row is None else (_draft(row), State(row.state))


async def keep(unit: Unit, draft: Draft) -> None:
    """Keep all that was chosen."""
    parameters: dict[str, object] = {
        "of": draft.id,
        "of_version": draft.version,
        "of_course": draft.course,
        "of_title": draft.title,
        "of_questions": _sources(draft.version, draft.course, draft.questions),
        "of_draw": draft.draw,
        "of_audience": audience_as_json(draft.audience),
        "of_opens": draft.opens_at,
        "of_due": draft.due_at,
        "of_late": draft.late_until,
        "of_share": Decimal(draft.late_share.numerator) / draft.late_share.denominator,
        "of_tries": draft.tries,
        "of_minutes": draft.minutes,
        "of_reveal": draft.reveal.value,
        "of_practice": draft.practice_after,
    }
    await unit.execute(_KEEP, parameters)


async def set_(unit: Unit, draft: AssignmentId) -> None:
    await unit.execute(_BECOME, {"of": draft, "as_state": State.SET.value})


async def cancel(unit: Unit, assignment: AssignmentId) -> None:
    """Take a quiz back; what was answered in it stays."""
    await unit.execute(_BECOME, {"of": assignment, "as_state": State.CANCELLED.value})


async def catch_up(
    unit: Unit, class_id: ClassId, learner: LearnerId, cohort: str | None, at: datetime
) -> None:
    """Set to who joins what went out to the whole class, or to their cohort, and is still open."""
    parameters: dict[str, object] = {
        "of_class": class_id,
        "to": learner,
        "in_cohort": cohort,
        "now": at,
    }
    await unit.execute(_CATCH_UP, parameters)


async def drop(unit: Unit, draft: AssignmentId) -> None:
    """Forget a quiz that was never set."""
    await unit.execute(_DROP, {"of": draft, "as_state": State.DRAFT.value})


async def extend(unit: Unit, assignment: AssignmentId, by: timedelta) -> datetime | None:
    """Let it be due later, and be taken late as long after that as before; return when.

    None: it has no end.
    """
    return (await unit.execute(_EXTEND, {"of": assignment, "by": by})).scalar_one_or_none()


async def audience(unit: Unit, assignment: AssignmentId) -> tuple[CourseVersionId, Audience]:
    """To whom a quiz is set, and of which version of its course it is."""
    row = (await unit.execute(_AUDIENCE, {"of": assignment})).one()
    return CourseVersionId(row.course_version_id), audience_of(row.audience)


async def was_set(unit: Unit, class_id: ClassId, limit: int) -> tuple[tuple[Draft, State], ...]:
    """List what was set to a class, or taken back after that, the newest first."""
    parameters = {"of_class": class_id, "most": limit, "draft": State.DRAFT.value}
    return tuple((_draft(row), State(row.state)) for row in await unit.execute(_SET, parameters))


async def find(unit: Unit, assignment: AssignmentId) -> tuple[Draft, State] | None:
    """Find a quiz, to look at it."""
    row = (await unit.execute(_FIND, {"of": assignment})).one_or_none()
    return None if row is None else (_draft(row), State(row.state))


@dataclass(frozen=True, kw_only=True)
class Receipts:
    """How many of those to whom a quiz was set have come how far."""

    people: int
    delivered: int
    opened: int
    started: int
    finished: int


async def receipts(unit: Unit, assignment: AssignmentId) -> Receipts:
    row = (await unit.execute(_RECEIPTS, {"of": assignment})).one()
    return Receipts(
        people=row.people,
        delivered=row.delivered,
        opened=row.opened,
        started=row.started,
        finished=row.finished,
    )


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody who has not started."""

    name: str
    code: str
    reached: bool  # whether it is known that they got it


async def waiting(unit: Unit, assignment: AssignmentId, limit: int) -> tuple[Waiting, ...]:
    """List who is still in the class and has not started, by name."""
    rows = await unit.execute(_WAITING, {"of": assignment, "most": limit})
    return tuple(Waiting(name=row.name, code=row.code, reached=row.reached) for row in rows)


_CREATE = insert(assignments).returning(assignments.c.id)
_ALL = select(assignments, classes.c.title.label("class_title"), classes.c.timezone).join(
    classes, classes.c.id == assignments.c.class_id
)
_BEGUN = (
    select(assignments.c.id)
    .where(
        assignments.c.class_id == bindparam("of_class"), assignments.c.state == State.DRAFT.value
    )
    .order_by(assignments.c.id.desc())
    .limit(1)
)
_FIND = _ALL.where(assignments.c.id == bindparam("of"))
_HOLD = _FIND.with_for_update(of=assignments, key_share=True)
_one = update(assignments).where(assignments.c.id == bindparam("of"))
_KEEP = _one.values(
    course_version_id=bindparam("of_version"),
    course_id=bindparam("of_course"),
    title=bindparam("of_title"),
    questions=bindparam("of_questions"),
    draw=bindparam("of_draw"),
    audience=bindparam("of_audience"),
    opens_at=bindparam("of_opens"),
    due_at=bindparam("of_due"),
    late_until=bindparam("of_late"),
    late_share=bindparam("of_share"),
    tries=bindparam("of_tries"),
    minutes=bindparam("of_minutes"),
    reveal=bindparam("of_reveal"),
    practice_after=bindparam("of_practice"),
)
_BECOME = _one.values(state=bindparam("as_state"))
_DROP = delete(assignments).where(
    assignments.c.id == bindparam("of"), assignments.c.state == bindparam("as_state")
)
_now = bindparam("now", type_=assignments.c.opens_at.type)
_closes = func.greatest(assignments.c.due_at, assignments.c.late_until)
_CATCH_UP = (
    insert_or(assignees)
    .from_select(
        ["assignment_id", "learner_id"],
        select(assignments.c.id, bindparam("to", type_=BigInteger)).where(
            assignments.c.class_id == bindparam("of_class"),
            assignments.c.state == State.SET.value,
            or_(assignments.c.due_at.is_(None), _closes > _now),
            or_(
                assignments.c.audience["kind"].astext == "class",
                and_(
                    assignments.c.audience["kind"].astext == "cohort",
                    assignments.c.audience["cohort"].astext == bindparam("in_cohort", type_=Text),
                ),
            ),
            # What goes out later will find them in the class.
            exists().where(
                broadcasts.c.assignment_id == assignments.c.id,
                broadcasts.c.kind == Kind.ANNOUNCEMENT.value,
                broadcasts.c.begun_at.is_not(None),
            ),
        ),
    )
    .on_conflict_do_nothing()
)
_by = bindparam("by", type_=Interval)
_EXTEND = (
    _one.where(assignments.c.due_at.is_not(None))
    .values(due_at=assignments.c.due_at + _by, late_until=assignments.c.late_until + _by)
    .returning(assignments.c.due_at)
)
_AUDIENCE = select(assignments.c.course_version_id, assignments.c.audience).where(
    assignments.c.id == bindparam("of")
)
_SET = (
    _ALL.where(
        assignments.c.class_id == bindparam("of_class"),
        assignments.c.state != bindparam("draft"),
    )
    .order_by(assignments.c.id.desc())
    .limit(bindparam("most"))
)
_got_it = (
    select(broadcast_recipients.c.learner_id)
    .join(broadcasts, broadcasts.c.id == broadcast_recipients.c.broadcast_id)
    .where(
        broadcasts.c.assignment_id == assignees.c.assignment_id,
        broadcasts.c.kind == Kind.ANNOUNCEMENT.value,
        broadcast_recipients.c.learner_id == assignees.c.learner_id,
        broadcast_recipients.c.fate == Fate.SENT.value,
    )
    .correlate(assignees)
    .exists()
)
_RECEIPTS = select(
    func.count().label("people"),
    func.count().filter(_got_it).label("delivered"),
    *(
        func.count().filter(assignees.c[f"{what}_at"].is_not(None)).label(what)
        for what in ("opened", "started", "finished")
    ),
).where(assignees.c.assignment_id == bindparam("of"))
_WAITING = (
    select(learners.c.name, class_members.c.code, _got_it.label("reached"))
    .select_from(assignees)
    .join(assignments, assignments.c.id == assignees.c.assignment_id)
    .join(
        class_members,
        (class_members.c.class_id == assignments.c.class_id)
        & (class_members.c.learner_id == assignees.c.learner_id),
    )
    .join(learners, learners.c.id == assignees.c.learner_id)
    .where(
        assignees.c.assignment_id == bindparam("of"),
        assignees.c.started_at.is_(None),
        assignees.c.finished_at.is_(None),
        class_members.c.left_at.is_(None),
    )
    .order_by(func.lower(learners.c.name), learners.c.id)
    .limit(bindparam("most"))
)


def _sources(
    version: CourseVersionId, course: CourseId, questions: Sequence[QuestionId]
) -> list[dict[str, object]]:
    return [{"version": version, "course": course, "question": each} for each in questions]


def _draft(row: Row) -> Draft:
    return Draft(
        id=AssignmentId(row.id),
        class_id=ClassId(row.class_id),
        class_title=row.class_title,
        timezone=row.timezone,
        version=CourseVersionId(row.course_version_id),
        course=CourseId(row.course_id),
        title=row.title,
        questions=tuple(QuestionId(each["question"]) for each in row.questions),
        draw=row.draw,
        audience=audience_of(row.audience),
        opens_at=row.opens_at,
        due_at=row.due_at,
        late_until=row.late_until,
        late_share=Fraction(row.late_share),
        tries=row.tries,
        minutes=row.minutes,
        reveal=Reveals(row.reveal),
        practice_after=row.practice_after,
        made_at=row.made_at,
    )

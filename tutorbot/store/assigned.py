"""A quiz that is set to a class, and the part of somebody in it, as statements find them."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Interval,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from tutorbot.core.assignments import GRACE, Assignment, Part, Reveals, Source, State
from tutorbot.core.classes import Role
from tutorbot.core.ids import (
    AssignmentId,
    ClassId,
    CourseId,
    CourseVersionId,
    QuestionId,
    SittingId,
)
from tutorbot.store.class_tables import assignees, assignments, class_members, classes
from tutorbot.store.statements import Row


def assignment_of(row: Row) -> Assignment:
    return Assignment(
        id=AssignmentId(row.quiz_id),
        class_id=ClassId(row.quiz_class_id),
        class_title=row.class_title,
        title=row.quiz_title,
        questions=sources_of(row.quiz_questions),
        draw=row.quiz_draw,
        opens_at=row.quiz_opens_at,
        due_at=row.quiz_due_at,
        late_until=row.quiz_late_until,
        late_share=Fraction(row.quiz_late_share),
        tries=row.quiz_tries,
        minutes=row.quiz_minutes,
        reveal=Reveals(row.quiz_reveal),
        practice_after=row.quiz_practice_after,
        state=State(row.quiz_state),
        others_until=row.others_until,
    )


def part_of(row: Row) -> Part:
    return Part(
        sitting=None if row.sitting_id is None else SittingId(row.sitting_id),
        opened_at=row.opened_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        extended_until=row.extended_until,
        time_factor=Fraction(1) if row.time_factor is None else Fraction(row.time_factor),
    )


def sources_of(stored: Sequence[dict[str, object]]) -> tuple[Source, ...]:
    return tuple(
        Source(
            version=CourseVersionId(int(str(each["version"]))),
            course=CourseId(str(each["course"])),
            question=QuestionId(str(each["question"])),
        )
        for each in stored
    )


def runs_out(part: FromClause, place: FromClause) -> ColumnElement[datetime]:
    """When the minutes are over of somebody who has opened it."""
    factor = func.coalesce(place.c.time_factor, 1)
    span = func.make_interval(0, 0, 0, 0, 0, 0, assignments.c.minutes * factor * 60)
    return part.c.opened_at + span


_OF_ASSIGNMENT = tuple(
    assignments.c[name]
    for name in (
        *("id", "class_id", "title", "questions", "draw", "opens_at", "due_at", "late_until"),
        *("late_share", "tries", "minutes", "reveal", "practice_after", "state"),
    )
)
_OF_PART = tuple(
    assignees.c[name]
    for name in (
        *("learner_id", "sitting_id", "opened_at", "started_at", "finished_at", "extended_until"),
    )
)
COLUMNS = (
    *(column.label(f"quiz_{column.name}") for column in _OF_ASSIGNMENT),
    classes.c.title.label("class_title"),
    *_OF_PART,
    class_members.c.time_factor,
)
_at = bindparam("at", type_=assignees.c.opened_at.type)
CLOSES = func.greatest(assignments.c.due_at, assignments.c.late_until)
OTHERS, _others_places = assignees.alias("others"), class_members.alias("others_places")
MAY_STILL_ANSWER = and_(
    OTHERS.c.assignment_id == assignments.c.id,
    OTHERS.c.extended_until.is_not(None),
    OTHERS.c.finished_at.is_(None),
    _others_places.c.class_id == assignments.c.class_id,
    _others_places.c.learner_id == OTHERS.c.learner_id,
    _others_places.c.left_at.is_(None),
    _others_places.c.role == Role.LEARNER.value,
    or_(
        assignments.c.minutes.is_(None),
        OTHERS.c.opened_at.is_(None),
        runs_out(OTHERS, _others_places) >= _at - cast(literal(GRACE), Interval),
    ),
)
DATED = (
    *COLUMNS,
    # It matters from its close until its learner has been told, and is looked for in no other case:
    # all to whom it was set are gone through.
    case(
        (
            and_(
                assignments.c.reveal == Reveals.DUE.value,
                assignees.c.told_at.is_(None),
                _at > CLOSES,
            ),
            select(func.max(OTHERS.c.extended_until))
            .where(
                MAY_STILL_ANSWER,
                OTHERS.c.learner_id.is_distinct_from(assignees.c.learner_id),
            )
            .correlate(assignments, assignees)
            .scalar_subquery(),
        )
    ).label("others_until"),
)
MEMBERSHIP = and_(
    class_members.c.class_id == assignments.c.class_id,
    class_members.c.learner_id == assignees.c.learner_id,
)
WITH_CLASS = assignments.join(
    classes, and_(classes.c.id == assignments.c.class_id, classes.c.ended_at.is_(None))
)

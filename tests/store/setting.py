"""A class with a quiz, and scores, put into the tables as they are."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import insert

from tutorbot.core.assignments import Reveals, Source, State
from tutorbot.core.classes import Role
from tutorbot.core.ids import AnswerId, AssignmentId, ClassId, CourseId, KeyId, LearnerId
from tutorbot.store.class_tables import assignees, assignments, class_members, classes
from tutorbot.store.tables import scores
from tutorbot.store.unit import Unit


async def score(unit: Unit, answer: AnswerId, key: KeyId, points: Fraction, at: datetime) -> None:
    """Let an answer have these points of 1 under a key."""
    values: dict[str, object] = {
        "answer_id": answer,
        "key_id": key,
        "points": Decimal(points.numerator) / points.denominator,
        "out_of": 1,
        "policy": "all-or-nothing",
        "computed_at": at,
    }
    await unit.execute(insert(scores).values(**values))


async def make_class(unit: Unit, course: CourseId, at: datetime) -> ClassId:
    values = {"title": "Networks 1", "course_id": course, "timezone": "UTC", "made_at": at}
    made = await unit.execute(insert(classes).values(**values).returning(classes.c.id))
    return ClassId(made.scalar_one())


async def join(
    unit: Unit,
    room: ClassId,
    learner: LearnerId,
    at: datetime,
    role: Role = Role.LEARNER,
    factor: str = "1",
) -> None:
    values: dict[str, object] = {
        "class_id": room,
        "learner_id": learner,
        "code": f"L{learner}",
        "role": role.value,
        "time_factor": factor,
        "joined_at": at,
    }
    await unit.execute(insert(class_members).values(**values))


async def set_quiz(
    unit: Unit,
    room: ClassId,
    questions: Sequence[Source],
    *,
    opens_at: datetime,
    due_at: datetime | None = None,
    late_until: datetime | None = None,
    late_share: str = "1",
    draw: int | None = None,
    tries: int | None = None,
    minutes: int | None = None,
    reveal: Reveals = Reveals.ANSWERED,
) -> AssignmentId:
    values: dict[str, object] = {
        "class_id": room,
        "course_version_id": questions[0].version,
        "course_id": questions[0].course,
        "title": "Quiz 1",
        "questions": [
            {"version": each.version, "course": each.course, "question": each.question}
            for each in questions
        ],
        "draw": draw,
        "audience": {"kind": "class"},
        "opens_at": opens_at,
        "due_at": due_at,
        "late_until": late_until,
        "late_share": late_share,
        "tries": tries,
        "minutes": minutes,
        "reveal": reveal.value,
        "state": State.SET.value,
        "made_at": opens_at,
    }
    made = await unit.execute(insert(assignments).values(**values).returning(assignments.c.id))
    return AssignmentId(made.scalar_one())


async def assign(
    unit: Unit,
    quiz: AssignmentId,
    learner: LearnerId,
    extended_until: datetime | None = None,
) -> None:
    values: dict[str, object] = {
        "assignment_id": quiz,
        "learner_id": learner,
        "extended_until": extended_until,
    }
    await unit.execute(insert(assignees).values(**values))

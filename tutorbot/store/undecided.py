"""Answers that the judge could not decide: they wait for an instructor and cost nobody anything.

One stops waiting as soon as it has a score.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import bindparam, exists, select, text

from tutorbot.core.course import Values
from tutorbot.core.ids import AnswerId, CourseId, LearnerId, QuestionId
from tutorbot.store.tables import answers, course_versions, keys, scores
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Waiting:
    answer: AnswerId
    learner: LearnerId
    course: CourseId
    question: QuestionId
    values: Values
    raw: str
    read: str
    key: object  # JSON: what the newest key version says
    at: datetime


async def waiting(unit: Unit, limit: int) -> tuple[Waiting, ...]:
    """List what waits, oldest first."""
    result = await unit.execute(_UNDECIDED, {"limit": limit})
    return tuple(
        Waiting(
            answer=row.id,
            learner=row.learner_id,
            course=row.course_id,
            question=row.question_id,
            values=tuple((name, Fraction(value)) for name, value in row.variant),
            raw=row.raw or "",
            read=row.parsed or "",
            key=row.key,
            at=row.answered_at,
        )
        for row in result
    )


_newest_key = (
    select(keys.c.content)
    .where(
        keys.c.course_version_id == answers.c.course_version_id,
        keys.c.question_id == answers.c.question_id,
    )
    .order_by(keys.c.version.desc())
    .limit(1)
    .scalar_subquery()
)
_UNDECIDED = (
    select(
        answers.c.id,
        answers.c.learner_id,
        answers.c.question_id,
        answers.c.variant,
        answers.c.raw,
        answers.c.parsed,
        answers.c.answered_at,
        course_versions.c.course_id,
        _newest_key.label("key"),
    )
    .join(course_versions, course_versions.c.id == answers.c.course_version_id)
    .where(
        # Written out, as the index is: a parameter would hide from the planner that it fits.
        text("(answers.verdict ->> 'code') = 'undecided'"),
        ~exists().where(scores.c.answer_id == answers.c.id),
    )
    .order_by(answers.c.id)
    .limit(bindparam("limit"))
)

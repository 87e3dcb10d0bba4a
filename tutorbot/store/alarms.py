"""First answers by which a key may be found wrong, of whoever gave them.

Answers come by the million, and who looks at the queue of doubted keys waits: so only the latest
`WINDOW` answers of all are read, and of these, in one statement, only what can give an alarm.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, Text, bindparam, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, distinct_on

from tutorbot.core.ids import CourseId, CourseVersionId, QuestionId
from tutorbot.core.key_alarm import FEWEST
from tutorbot.store.rescoring import LATEST, OF_QUESTION, array
from tutorbot.store.tables import answers, course_versions
from tutorbot.store.unit import Unit

WINDOW = 20_000
"""Answers; a group of hundreds gives so many in a course."""

MOST_RIGHT = 0.75
"""The share of right answers above which there is no alarm: half of those who answer are the
strong, and of these no more than half may follow the key."""


class Ranked(NamedTuple):
    """A first answer with a score, and how its learner does on the rest of the course."""

    course: CourseId
    question: QuestionId
    rest: float  # the mean share of the points of their other first answers
    share: float
    code: str  # of the verdict
    hints: int  # seen before it
    chosen: list[str] | None  # None: it was typed
    parsed: str | None
    variant: list[list[str]] | None  # of a question with parameters
    at: datetime


async def ranked(
    unit: Unit, courses: Collection[CourseId] | None, question: QuestionId | None = None
) -> tuple[Ranked, ...]:
    """List them for the questions of these courses, or (None) of all; or for one question."""
    parameters = {
        "courses": None if courses is None else list(courses),
        "question": question,
        "window": WINDOW,
        "fewest": FEWEST,
        "most_right": MOST_RIGHT,
    }
    return tuple(Ranked(*row) for row in await unit.execute(_RANKED, parameters))


async def firsts(unit: Unit, versions: Collection[CourseVersionId], question: QuestionId) -> int:
    """How many learners have answered a question, among the latest `WINDOW` answers of all."""
    parameters = {"versions": list(versions), "question": question, "window": WINDOW}
    return (await unit.execute(_FIRSTS, parameters)).scalar_one()


async def answered(
    unit: Unit, versions: Collection[CourseVersionId], question: QuestionId
) -> tuple[datetime, ...]:
    """When each of those has."""
    parameters = {"versions": list(versions), "question": question, "window": WINDOW}
    return tuple((await unit.execute(_ANSWERED, parameters)).scalars())


_share = cast(LATEST.c.points / func.nullif(LATEST.c.out_of, 0), DOUBLE_PRECISION)
_newest = select(func.max(answers.c.id)).scalar_subquery()
_latest = answers.c.id > _newest - bindparam("window", type_=BigInteger)
_FIRSTS = select(func.count(answers.c.learner_id.distinct())).where(
    OF_QUESTION, _latest, answers.c.try_number == 1
)
_ANSWERED = (
    select(func.min(answers.c.answered_at))
    .where(OF_QUESTION, _latest, answers.c.try_number == 1)
    .group_by(answers.c.learner_id)
)
_first = (
    select(
        answers.c.id,
        answers.c.learner_id,
        course_versions.c.course_id,
        answers.c.question_id,
        _share.label("share"),
        answers.c.verdict["code"].astext.label("code"),
        answers.c.hints,
        answers.c.chosen,
        answers.c.parsed,
        func.nullif(answers.c.variant, cast([], answers.c.variant.type)).label("variant"),
        answers.c.answered_at,
    )
    .ext(distinct_on(answers.c.learner_id, course_versions.c.course_id, answers.c.question_id))
    .select_from(
        answers.join(
            course_versions, course_versions.c.id == answers.c.course_version_id
        ).outerjoin(LATEST, true())
    )
    .where(
        _latest,
        answers.c.try_number == 1,
        or_(
            array("courses", Text).is_(None),
            course_versions.c.course_id == func.any(array("courses", Text)),
        ),
    )
    .order_by(
        answers.c.learner_id, course_versions.c.course_id, answers.c.question_id, answers.c.id
    )
    .cte("first")
)
_of_learner = (_first.c.learner_id, _first.c.course_id)
_of_question = (_first.c.course_id, _first.c.question_id)
_scored = (
    select(
        _first,
        func.sum(_first.c.share).over(partition_by=_of_learner).label("sum"),
        func.count().over(partition_by=_of_learner).label("many"),
        func.count().over(partition_by=_of_question).label("given"),
        func.count().filter(_first.c.share >= 1).over(partition_by=_of_question).label("full"),
    )
    .where(_first.c.share.is_not(None))
    .cte("scored")
)
_RANKED = (
    select(
        _scored.c.course_id,
        _scored.c.question_id,
        ((_scored.c.sum - _scored.c.share) / (_scored.c.many - 1)).label("rest"),
        _scored.c.share,
        _scored.c.code,
        _scored.c.hints,
        _scored.c.chosen,
        _scored.c.parsed,
        _scored.c.variant,
        _scored.c.answered_at,
    )
    .where(
        _scored.c.many > 1,
        _scored.c.given >= bindparam("fewest"),
        _scored.c.full <= bindparam("most_right", type_=DOUBLE_PRECISION) * _scored.c.given,
        or_(
            bindparam("question", type_=Text).is_(None),
            _scored.c.question_id == bindparam("question", type_=Text),
        ),
    )
    .order_by(_scored.c.id)
)

"""How well learners know what they have answered, and how their first answers went."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import cast

from sqlalchemy import ARRAY, Text, bindparam, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.course import Values
from tutorbot.core.ids import AttemptId, CourseId, LearnerId, QuestionId
from tutorbot.core.recall import Memory
from tutorbot.core.review import Card
from tutorbot.store.statements import Row
from tutorbot.store.tables import answers, cards, course_versions, learners, scores
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class FirstTry:
    """The first answer of an attempt."""

    course: CourseId
    question: QuestionId
    values: Values
    right: bool
    hints: int  # opened before it
    at: datetime


async def keep(
    unit: Unit,
    learner: LearnerId,
    course: CourseId,
    question: QuestionId,
    memory: Memory,
    values: Values,
) -> None:
    """Keep what a rating made of a memory; one statement, in the transaction of the answer."""
    parameters: dict[str, object] = {
        "learner_id": learner,
        "course_id": course,
        "question_id": question,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "rated_on": memory.rated_on,
        "due": memory.due,
        "ratings": memory.ratings,
        "lapses": memory.lapses,
        "variant": [[name, str(value)] for name, value in values],
    }
    await unit.execute(_KEEP, parameters)


async def all_of(unit: Unit, learner: LearnerId) -> tuple[Card, ...]:
    """Every card of a learner, the one due first before the others."""
    return tuple(map(_card, await unit.execute(_ALL, {"learner": learner})))


async def due_count(
    unit: Unit,
    learner: LearnerId,
    day: date,
    without: Collection[tuple[CourseId, QuestionId]] = (),
) -> int:
    """How many are due on a day or before, found by the index."""
    parameters: dict[str, object] = {
        "learner": learner,
        "day": day,
        "courses": [course for course, _ in without],
        "questions": [question for _, question in without],
    }
    return (await unit.execute(_DUE_COUNT, parameters)).scalar_one()


async def first_tries(unit: Unit, learner: LearnerId, limit: int = 2000) -> tuple[FirstTry, ...]:
    """The newest so many first answers of a learner, oldest first; undecided ones are none."""
    rows = await unit.execute(_FIRST_TRIES, {"learner": learner, "limit": limit})
    found = [
        FirstTry(
            course=row.course_id,
            question=row.question_id,
            values=_values(row.variant),
            right=row.code == "right",
            hints=row.hints,
            at=row.answered_at,
        )
        for row in rows
    ]
    return tuple(reversed(found))


async def times_tagged(unit: Unit, learner: LearnerId, tag: str, since: datetime) -> int:
    """How many wrong answers of a learner showed a misconception."""
    parameters = {"learner": learner, "tag": [tag], "since": since}
    return (await unit.execute(_TIMES_TAGGED, parameters)).scalar_one()


async def last_tags(unit: Unit, attempt: AttemptId) -> tuple[str, ...]:
    """The misconceptions that the last answer of an attempt showed."""
    found = (await unit.execute(_LAST_TAGS, {"attempt": attempt})).scalar_one_or_none()
    return tuple(str(each) for each in cast("list[object]", found or []))


async def exam_of(unit: Unit, learner: LearnerId) -> date | None:
    return (await unit.execute(_EXAM, {"learner": learner})).scalar_one_or_none()


async def set_exam(unit: Unit, learner: LearnerId, day: date | None) -> None:
    await unit.execute(_SET_EXAM, {"learner": learner, "day": day})


def memory_of(row: Row) -> Memory | None:
    """The memory in a row with `MEMORY_COLUMNS`; None where an outer join found none."""
    if row.card_rated_on is None:
        return None
    return Memory(
        stability=row.card_stability,
        difficulty=row.card_difficulty,
        rated_on=row.card_rated_on,
        due=row.card_due,
        ratings=row.card_ratings,
        lapses=row.card_lapses,
    )


MEMORY_COLUMNS = tuple(
    cards.c[name].label(f"card_{name}")
    for name in ("stability", "difficulty", "rated_on", "due", "ratings", "lapses")
)

_INSERT = insert(cards)
_KEEP = _INSERT.on_conflict_do_update(
    index_elements=[cards.c.learner_id, cards.c.course_id, cards.c.question_id],
    set_={
        name: _INSERT.excluded[name]
        for name in ("stability", "difficulty", "rated_on", "due", "ratings", "lapses", "variant")
    },
)
_ALL = (
    select(cards.c.course_id, cards.c.question_id, cards.c.variant, *MEMORY_COLUMNS)
    .where(cards.c.learner_id == bindparam("learner"))
    .order_by(cards.c.due, cards.c.course_id, cards.c.question_id)
)
_without = (
    func.unnest(bindparam("courses", type_=ARRAY(Text)), bindparam("questions", type_=ARRAY(Text)))
    .table_valued("course", "question")
    .render_derived(name="without")
)
_DUE_COUNT = (
    select(func.count())
    .select_from(cards)
    .where(
        cards.c.learner_id == bindparam("learner"),
        cards.c.due <= bindparam("day"),
        tuple_(cards.c.course_id, cards.c.question_id).not_in(select(_without)),
    )
)
_rescored = (
    select(scores.c.code)
    .where(scores.c.answer_id == answers.c.id)
    .order_by(scores.c.key_id.desc())
    .limit(1)
    .scalar_subquery()
)
_code = func.coalesce(_rescored, answers.c.verdict["code"].astext)  # under the newest key
_FIRST_TRIES = (
    select(
        course_versions.c.course_id,
        answers.c.question_id,
        answers.c.variant,
        _code.label("code"),
        answers.c.hints,
        answers.c.answered_at,
    )
    .join(course_versions, course_versions.c.id == answers.c.course_version_id)
    .where(
        answers.c.learner_id == bindparam("learner"),
        answers.c.try_number == 1,
        _code != "undecided",
    )
    .order_by(answers.c.answered_at.desc(), answers.c.id.desc())
    .limit(bindparam("limit"))
)
_TIMES_TAGGED = (
    select(func.count())
    .select_from(answers)
    .where(
        answers.c.learner_id == bindparam("learner"),
        answers.c.answered_at >= bindparam("since"),
        answers.c.verdict["tags"].contains(bindparam("tag", type_=answers.c.verdict.type)),
    )
)
_LAST_TAGS = (
    select(answers.c.verdict["tags"])
    .where(answers.c.attempt_id == bindparam("attempt"))
    .order_by(answers.c.try_number.desc())
    .limit(1)
)
_EXAM = select(learners.c.exam_on).where(learners.c.id == bindparam("learner"))
_SET_EXAM = (
    update(learners).where(learners.c.id == bindparam("learner")).values(exam_on=bindparam("day"))
)


def _card(row: Row) -> Card:
    memory = memory_of(row)
    assert memory is not None
    return Card(
        course=row.course_id,
        question=row.question_id,
        memory=memory,
        values=_values(row.variant),
    )


def _values(stored: list[list[str]]) -> Values:
    return tuple((name, Fraction(value)) for name, value in stored)

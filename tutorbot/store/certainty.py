"""How sure learners were, and the verdicts that wait until they have said it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.certainty import Asks, Awaited, Level
from tutorbot.core.ids import AnswerId, AttemptId, CourseId, CourseVersionId, LearnerId, QuestionId
from tutorbot.core.recall import Memory
from tutorbot.store import codec
from tutorbot.store.errors import UnreadableBody
from tutorbot.store.tables import answers, awaited_verdicts, cards, certainties, course_versions
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Change, Say


@dataclass(frozen=True, kw_only=True)
class SaidSure:
    """A first answer, and how sure its learner was of it."""

    level: Level
    right: bool
    course: CourseId
    version: CourseVersionId
    question: QuestionId


async def put_off(unit: Unit, learner: LearnerId, asks: Asks, said: Sequence[Say | Change]) -> None:
    """Keep what is to be said of an answer until its learner has said how sure they are."""
    parameters: dict[str, object] = {
        "answer_id": asks.answer,
        "learner_id": learner,
        "course_id": asks.course,
        "said": [codec.encode(each) for each in said],
        "card": None if asks.if_guessed is None else _as_json(asks.if_guessed),
    }
    await unit.execute(_PUT_OFF, parameters)


async def awaited(unit: Unit, learner: LearnerId) -> Awaited | None:
    row = (await unit.execute(_AWAITED, {"learner": learner})).one_or_none()
    if row is None:
        return None
    return Awaited(
        attempt=AttemptId(row.attempt_id),
        right=row.code == "right",
        asks=Asks(
            answer=AnswerId(row.answer_id),
            course=CourseId(row.course_id),
            question=QuestionId(row.question_id),
            if_guessed=None if row.card is None else _memory(row.card),
        ),
    )


async def take(unit: Unit, learner: LearnerId) -> tuple[Say | Change, ...]:
    """Hand out what waited to be said; it waits no longer.

    What another version of the code wrote and this one cannot read is passed over.
    """
    body = (await unit.execute(_TAKE, {"learner": learner})).scalar_one_or_none()
    said: list[Say | Change] = []
    for each in cast("list[object]", body or []):
        try:
            said.append(codec.decode(each))
        except UnreadableBody:
            continue
    return tuple(said)


async def record(
    unit: Unit, learner: LearnerId, answer: AnswerId, level: Level, at: datetime
) -> None:
    """Keep for good how sure a learner was; what was said first holds."""
    parameters: dict[str, object] = {
        "answer_id": answer,
        "learner_id": learner,
        "level": level.value,
        "said_at": at,
    }
    await unit.execute(_RECORD, parameters)


async def rate_anew(
    unit: Unit, learner: LearnerId, course: CourseId, question: QuestionId, memory: Memory
) -> None:
    """Put a memory in the place of the one of the same rating; one that came later stays."""
    parameters: dict[str, object] = {
        "learner": learner,
        "course": course,
        "question": question,
        "day": memory.rated_on,
        "times": memory.ratings,
        "of_stability": memory.stability,
        "of_difficulty": memory.difficulty,
        "of_due": memory.due,
        "of_lapses": memory.lapses,
    }
    await unit.execute(_RATE_ANEW, parameters)


async def all_of(unit: Unit, learner: LearnerId, limit: int = 2000) -> tuple[SaidSure, ...]:
    """The newest so many answers that a learner has said their certainty of, newest first."""
    rows = await unit.execute(_ALL, {"learner": learner, "limit": limit})
    return tuple(
        SaidSure(
            level=Level(row.level),
            right=row.code == "right",
            course=CourseId(row.course_id),
            version=CourseVersionId(row.course_version_id),
            question=QuestionId(row.question_id),
        )
        for row in rows
    )


_INSERT = insert(awaited_verdicts)
_PUT_OFF = _INSERT.on_conflict_do_update(
    index_elements=[awaited_verdicts.c.learner_id],
    set_={name: _INSERT.excluded[name] for name in ("answer_id", "course_id", "said", "card")},
)
_AWAITED = (
    select(
        awaited_verdicts.c.answer_id,
        awaited_verdicts.c.course_id,
        awaited_verdicts.c.card,
        answers.c.attempt_id,
        answers.c.question_id,
        answers.c.verdict["code"].astext.label("code"),
    )
    .join(answers, answers.c.id == awaited_verdicts.c.answer_id)
    .where(awaited_verdicts.c.learner_id == bindparam("learner"))
)
_TAKE = (
    delete(awaited_verdicts)
    .where(awaited_verdicts.c.learner_id == bindparam("learner"))
    .returning(awaited_verdicts.c.said)
)
_RECORD = insert(certainties).on_conflict_do_nothing()
_RATE_ANEW = (
    update(cards)
    .where(
        cards.c.learner_id == bindparam("learner"),
        cards.c.course_id == bindparam("course"),
        cards.c.question_id == bindparam("question"),
        cards.c.rated_on == bindparam("day"),
        cards.c.ratings == bindparam("times"),
    )
    .values(
        {name: bindparam(f"of_{name}") for name in ("stability", "difficulty", "due", "lapses")}
    )
)
_ALL = (
    select(
        certainties.c.level,
        answers.c.verdict["code"].astext.label("code"),
        answers.c.question_id,
        answers.c.course_version_id,
        course_versions.c.course_id,
    )
    .join(answers, answers.c.id == certainties.c.answer_id)
    .join(course_versions, course_versions.c.id == answers.c.course_version_id)
    .where(certainties.c.learner_id == bindparam("learner"))
    .order_by(certainties.c.said_at.desc(), certainties.c.answer_id.desc())
    .limit(bindparam("limit"))
)


def _as_json(memory: Memory) -> dict[str, object]:
    return {
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "rated_on": memory.rated_on.isoformat(),
        "due": memory.due.isoformat(),
        "ratings": memory.ratings,
        "lapses": memory.lapses,
    }


def _memory(body: Mapping[str, str | float]) -> Memory:
    return Memory(
        stability=float(body["stability"]),
        difficulty=float(body["difficulty"]),
        rated_on=date.fromisoformat(str(body["rated_on"])),
        due=date.fromisoformat(str(body["due"])),
        ratings=int(body["ratings"]),
        lapses=int(body["lapses"]),
    )

"""Cards that are made anew once the answers they rest on count otherwise."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, Integer, Text, and_, bindparam, delete, func, select, true
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB, insert

from tutorbot.core.ids import CourseId, CourseVersionId, LearnerId, QuestionId, RegradeId
from tutorbot.core.recall import Memory
from tutorbot.store.key_tables import regrade_cards
from tutorbot.store.recall import MEMORY_COLUMNS, memory_of
from tutorbot.store.rescoring import CODE_NOW, LATEST, OF_QUESTION, array, portions
from tutorbot.store.statements import Row
from tutorbot.store.tables import answers, cards, certainties, learners
from tutorbot.store.unit import Unit

_CARDS_AT_ONCE = 2_000
"""That one statement writes: to put them into JSON takes long, and others wait for their turn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """An answer as far as it rates a memory."""

    version: CourseVersionId
    code: str  # under the newest key
    hints: int
    guessed: bool
    day: date
    variant: list[list[str]]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A memory, and the values with which the question was last rated."""

    memory: Memory
    variant: list[list[str]]


async def reviews(
    unit: Unit,
    versions: Collection[CourseVersionId],
    question: QuestionId,
    of: Collection[LearnerId],
) -> dict[LearnerId, list[Review]]:
    """The answers of some learners to a question, oldest first."""
    parameters = {"versions": list(versions), "question": question, "learners": list(of)}
    rows = await unit.execute(_REVIEWS, parameters)
    return await asyncio.to_thread(_reviews, rows)


def _reviews(rows: Iterable[Row]) -> dict[LearnerId, list[Review]]:
    found: dict[LearnerId, list[Review]] = {}
    for learner, version, code, hints, level, day, variant in rows:
        review = Review(
            version=version,
            code=code,
            hints=hints,
            guessed=level == "g",
            day=day,
            variant=variant,
        )
        found.setdefault(learner, []).append(review)
    return found


async def cards_of(
    unit: Unit, course: CourseId, question: QuestionId, of: Collection[LearnerId]
) -> dict[LearnerId, Remembered]:
    parameters = {"course": course, "question": question, "learners": list(of)}
    rows = await unit.execute(_CARDS_OF, parameters)
    return await asyncio.to_thread(_cards, rows)


def _cards(rows: Iterable[Row]) -> dict[LearnerId, Remembered]:
    found: dict[LearnerId, Remembered] = {}
    for row in rows:
        memory = memory_of(row)
        assert memory is not None
        found[row.learner_id] = Remembered(memory, row.variant)
    return found


async def put_cards(
    unit: Unit,
    course: CourseId,
    question: QuestionId,
    made: Mapping[LearnerId, Remembered | None],
) -> None:
    """Put cards in the place of others; None: there is none."""
    gone = [learner for learner, card in made.items() if card is None]
    if gone:
        await unit.execute(_DROP_CARDS, {"course": course, "question": question, "learners": gone})
    kept = [(learner, card) for learner, card in sorted(made.items()) if card is not None]
    for some in portions(kept, _CARDS_AT_ONCE):
        memories = {
            name: [getattr(card.memory, field) for _, card in some]
            for name, field in _MEMORY.items()
        }
        parameters: dict[str, object] = {
            "course": course,
            "question": question,
            "learners": [learner for learner, _ in some],
            "variants": [card.variant for _, card in some],
            **memories,
        }
        await unit.execute(_PUT_CARDS, parameters)


async def note_cards(
    unit: Unit,
    regrade: RegradeId,
    made: Mapping[LearnerId, tuple[Remembered | None, Remembered | None]],
) -> None:
    """Write down what cards were and what they became; of two regrades in one, the first was."""
    for some in portions(tuple(made.items()), _CARDS_AT_ONCE):
        parameters: dict[str, object] = {
            "regrade": regrade,
            "learners": [learner for learner, _ in some],
            "befores": [_as_json(before) for _, (before, _) in some],
            "afters": [_as_json(after) for _, (_, after) in some],
        }
        await unit.execute(_NOTE_CARDS, parameters)


async def noted_cards(
    unit: Unit, regrade: RegradeId
) -> dict[LearnerId, tuple[Remembered | None, Remembered | None]]:
    rows = await unit.execute(_NOTED_CARDS, {"regrade": regrade})
    return await asyncio.to_thread(
        lambda: {row.learner_id: (_of_json(row.before), _of_json(row.after)) for row in rows}
    )


_REVIEWS = (
    select(
        answers.c.learner_id,
        answers.c.course_version_id,
        CODE_NOW.label("code"),
        answers.c.hints,
        certainties.c.level,
        answers.c.study_day,
        answers.c.variant,
    )
    .select_from(answers)
    .outerjoin(LATEST, true())
    .outerjoin(certainties, certainties.c.answer_id == answers.c.id)
    .where(
        OF_QUESTION,
        answers.c.learner_id == func.any(array("learners", BigInteger)),
    )
    .order_by(answers.c.id)
)
_OF_CARD = and_(
    cards.c.course_id == bindparam("course"),
    cards.c.question_id == bindparam("question"),
    cards.c.learner_id == func.any(array("learners", BigInteger)),
)
_CARDS_OF = select(cards.c.learner_id, cards.c.variant, *MEMORY_COLUMNS).where(_OF_CARD)
_DROP_CARDS = delete(cards).where(_OF_CARD)
_MEMORY = {
    "stabilities": "stability",
    "difficulties": "difficulty",
    "rated_ons": "rated_on",
    "dues": "due",
    "counts": "ratings",
    "lapses_so_far": "lapses",
}
_card_rows = (
    func.unnest(
        array("learners", BigInteger),
        array("variants", JSONB),
        array("stabilities", DOUBLE_PRECISION),
        array("difficulties", DOUBLE_PRECISION),
        array("rated_ons", Date),
        array("dues", Date),
        array("counts", Integer),
        array("lapses_so_far", Integer),
    )
    .table_valued("learner_id", "variant", *_MEMORY.values())
    .render_derived()
)
_NEW_CARDS = insert(cards).from_select(
    ["course_id", "question_id", *(column.name for column in _card_rows.c)],
    select(bindparam("course", type_=Text), bindparam("question", type_=Text), *_card_rows.c).join(
        learners, learners.c.id == _card_rows.c.learner_id
    ),
)
_PUT_CARDS = _NEW_CARDS.on_conflict_do_update(
    index_elements=[cards.c.learner_id, cards.c.course_id, cards.c.question_id],
    set_={name: _NEW_CARDS.excluded[name] for name in ("variant", *_MEMORY.values())},
)
_noted = (
    func.unnest(array("learners", BigInteger), array("befores", JSONB), array("afters", JSONB))
    .table_valued("learner_id", "before", "after")
    .render_derived()
)
_NOTED_ROWS = insert(regrade_cards).from_select(
    ["regrade_id", "learner_id", "before", "after"],
    select(
        bindparam("regrade", type_=BigInteger),
        _noted.c.learner_id,
        _noted.c.before,
        _noted.c.after,
    ).join(learners, learners.c.id == _noted.c.learner_id),
)
_NOTE_CARDS = _NOTED_ROWS.on_conflict_do_update(
    index_elements=[regrade_cards.c.learner_id, regrade_cards.c.regrade_id],
    set_={"after": _NOTED_ROWS.excluded.after},
)
_NOTED_CARDS = select(regrade_cards).where(regrade_cards.c.regrade_id == bindparam("regrade"))


def _as_json(card: Remembered | None) -> dict[str, object] | None:
    if card is None:
        return None
    memory = card.memory
    return {
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "rated_on": memory.rated_on.isoformat(),
        "due": memory.due.isoformat(),
        "ratings": memory.ratings,
        "lapses": memory.lapses,
        "variant": card.variant,
    }


def _of_json(body: Mapping[str, Any] | None) -> Remembered | None:
    if body is None:
        return None
    memory = Memory(
        stability=float(body["stability"]),
        difficulty=float(body["difficulty"]),
        rated_on=date.fromisoformat(body["rated_on"]),
        due=date.fromisoformat(body["due"]),
        ratings=int(body["ratings"]),
        lapses=int(body["lapses"]),
    )
    return Remembered(memory, body["variant"])

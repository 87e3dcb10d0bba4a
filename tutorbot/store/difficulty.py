"""How hard questions are and how able learners, and which answers that rests on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.difficulty import Item, Rating
from tutorbot.core.ids import CourseId, CourseVersionId, LearnerId, QuestionId
from tutorbot.store.statements import Row
from tutorbot.store.tables import (
    abilities,
    answers,
    course_versions,
    item_difficulties,
    watermarks,
)
from tutorbot.store.unit import Unit

_WORK = "difficulty"


@dataclass(frozen=True, kw_only=True)
class FirstAnswer:
    id: int
    learner: LearnerId
    version: CourseVersionId
    course: CourseId
    question: QuestionId
    right: bool
    hints: int  # opened before it

    @property
    def item(self) -> Item:
        return (self.course, self.question)


async def of_courses(unit: Unit, courses: Iterable[CourseId]) -> dict[Item, float]:
    """The difficulties of their questions, as far as any are known."""
    rows = await unit.execute(_OF_COURSES, {"courses": list(courses)})
    return {(row.course_id, row.question_id): row.difficulty for row in rows}


async def next_answers(unit: Unit, until: datetime, limit: int) -> tuple[FirstAnswer, ...]:
    """The first answers that no rating rests on yet, oldest first, up to the first newer one.

    Whoever else asks waits until this unit is over.
    """
    await unit.execute(_BEGIN)
    mark = (await unit.execute(_MARK)).scalar_one()
    rows = (await unit.execute(_NEXT, {"mark": mark, "limit": limit})).all()
    found: list[FirstAnswer] = []
    for row in rows:
        if row.answered_at > until:
            break
        found.append(_first_answer(row))
    return tuple(found)


async def ratings(
    unit: Unit, learners: Collection[LearnerId], items: Collection[Item]
) -> tuple[dict[LearnerId, Rating], dict[Item, Rating]]:
    able = await unit.execute(_ABILITIES, {"learners": list(learners)})
    hard = await unit.execute(_DIFFICULTIES, {"items": list(items)})
    return (
        {row.learner_id: Rating(value=row.ability, answers=row.answers) for row in able},
        {
            (row.course_id, row.question_id): Rating(value=row.difficulty, answers=row.answers)
            for row in hard
        },
    )


async def keep(
    unit: Unit, mark: int, able: Mapping[LearnerId, Rating], hard: Mapping[Item, Rating]
) -> None:
    """Keep what the ratings are with all answers up to ``mark``."""
    if able:
        learnt: list[dict[str, object]] = [
            {"learner_id": learner, "ability": rating.value, "answers": rating.answers}
            for learner, rating in sorted(able.items())
        ]
        await unit.execute(_KEEP_ABILITY, learnt)
    if hard:
        met: list[dict[str, object]] = [
            {
                "course_id": course,
                "question_id": question,
                "difficulty": rating.value,
                "answers": rating.answers,
            }
            for (course, question), rating in sorted(hard.items())
        ]
        await unit.execute(_KEEP_DIFFICULTY, met)
    await unit.execute(_MOVE_MARK, {"mark": mark})


_OF_COURSES = select(
    item_difficulties.c.course_id, item_difficulties.c.question_id, item_difficulties.c.difficulty
).where(item_difficulties.c.course_id.in_(bindparam("courses", expanding=True)))
_BEGIN = insert(watermarks).values(work=_WORK, answer_id=0).on_conflict_do_nothing()
_MARK = select(watermarks.c.answer_id).where(watermarks.c.work == _WORK).with_for_update()
_MOVE_MARK = (
    update(watermarks).where(watermarks.c.work == _WORK).values(answer_id=bindparam("mark"))
)
_NEXT = (
    select(
        answers.c.id,
        answers.c.learner_id,
        answers.c.course_version_id,
        course_versions.c.course_id,
        answers.c.question_id,
        answers.c.verdict["code"].astext.label("code"),
        answers.c.hints,
        answers.c.answered_at,
    )
    .join(course_versions, course_versions.c.id == answers.c.course_version_id)
    .where(
        answers.c.id > bindparam("mark"),
        answers.c.try_number == 1,
        answers.c.verdict["code"].astext != "undecided",
    )
    .order_by(answers.c.id)
    .limit(bindparam("limit"))
)
_ABILITIES = select(abilities).where(
    abilities.c.learner_id.in_(bindparam("learners", expanding=True))
)
_DIFFICULTIES = select(item_difficulties).where(
    tuple_(item_difficulties.c.course_id, item_difficulties.c.question_id).in_(
        bindparam("items", expanding=True)
    )
)
_NEW_ABILITY = insert(abilities)
_KEEP_ABILITY = _NEW_ABILITY.on_conflict_do_update(
    index_elements=[abilities.c.learner_id],
    set_={name: _NEW_ABILITY.excluded[name] for name in ("ability", "answers")},
)
_NEW_DIFFICULTY = insert(item_difficulties)
_KEEP_DIFFICULTY = _NEW_DIFFICULTY.on_conflict_do_update(
    index_elements=[item_difficulties.c.course_id, item_difficulties.c.question_id],
    set_={name: _NEW_DIFFICULTY.excluded[name] for name in ("difficulty", "answers")},
)


def _first_answer(row: Row) -> FirstAnswer:
    return FirstAnswer(
        id=row.id,
        learner=row.learner_id,
        version=row.course_version_id,
        course=row.course_id,
        question=row.question_id,
        right=row.code == "right",
        hints=row.hints,
    )

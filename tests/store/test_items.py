"""How questions go is counted from the answers, each of them once."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import text

from tests.store.setting import score
from tutorbot.core.ids import CourseId, CourseVersionId, OptionId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.store import items, practice
from tutorbot.store.courses import KeyId
from tutorbot.store.practice import Attempt, Fact
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

COUNT = QuestionId("count")


async def answers(
    unit: Unit,
    attempt: Attempt,
    version: CourseVersionId,
    at: datetime,
    *choices: str,
    try_number: int = 1,
    points: Fraction = Fraction(0),
) -> None:
    right = points == 1
    answer = await practice.record(
        unit,
        Fact(
            attempt=attempt.id,
            learner=attempt.learner,
            version=version,
            question=COUNT,
            values=(),
            shown=attempt.shown,
            chosen=tuple(map(OptionId, choices)),
            verdict={"code": "right" if right else "wrong"},
            hints=0,
            try_number=try_number,
            answered_at=at,
            timezone="UTC",
            study_day=at.date(),
        ),
    )
    await score(unit, answer, await key(unit), points, at)


async def key(unit: Unit) -> KeyId:
    found = await unit.execute(text("SELECT id FROM keys WHERE question_id = 'count' LIMIT 1"))
    return KeyId(found.scalar_one())


async def rolled_up(unit: Unit, now: datetime) -> int:
    portions = 0
    while await items.roll_up(unit, now):
        portions += 1
    return portions


async def opened(unit: Unit, learner: Learner, version: CourseVersionId, at: datetime) -> Attempt:
    sitting = await practice.begin(unit, learner.id, version, CourseId("rnn"), 7, at)
    await practice.finish(unit, sitting.id, at)
    return await practice.open_attempt(
        unit,
        sitting,
        question=COUNT,
        place=0,
        variant=0,
        shown=(OptionId("a"), OptionId("b")),
        at=at,
    )


async def test_first_answers_are_counted_by_question_and_by_what_was_chosen(
    unit: Unit, learner: Learner, stranger: Learner, version: CourseVersionId, noon: datetime
):
    mine = await opened(unit, learner, version, noon)
    theirs = await opened(unit, stranger, version, noon)
    await answers(unit, mine, version, noon, "a")
    await answers(unit, mine, version, noon, "b", try_number=2, points=Fraction(1))
    await answers(unit, theirs, version, noon, "a", "b", points=Fraction(1, 2))
    await rolled_up(unit, noon + timedelta(days=3))
    (item,) = await items.of_version(unit, version)
    assert (item.counts.answers, item.counts.first, item.counts.right) == (3, 2, 0)
    assert item.counts.facility == pytest.approx(0.25)
    assert {option: each.first for option, each in item.options.items()} == {"a": 2, "b": 1}
    assert item.options[OptionId("a")].facility == pytest.approx(0.25)
    assert item.options[OptionId("b")].answers == 2


async def test_each_answer_is_counted_once_and_late_ones_are_waited_for(
    unit: Unit, learner: Learner, stranger: Learner, version: CourseVersionId, noon: datetime
):
    mine = await opened(unit, learner, version, noon)
    theirs = await opened(unit, stranger, version, noon)
    await answers(unit, mine, version, noon, "a")
    await rolled_up(unit, noon + timedelta(hours=1))
    assert await items.of_version(unit, version) == ()
    await answers(unit, theirs, version, noon - timedelta(hours=23), "b")  # it comes in only now
    for hours in (28, 29, 29, 90):
        await rolled_up(unit, noon + timedelta(hours=hours))
    (item,) = await items.of_version(unit, version)
    assert item.counts.first == 2
    assert [each.counts.first for each in await items.of_version(unit, version, noon.date())] == [1]


async def test_counts_follow_scores_that_were_mended(
    unit: Unit, learner: Learner, version: CourseVersionId, noon: datetime
):
    mine = await opened(unit, learner, version, noon)
    await answers(unit, mine, version, noon, "a")
    await rolled_up(unit, noon + timedelta(days=3))
    await unit.execute(text("UPDATE scores SET points = 1"))
    (item,) = await items.of_version(unit, version)
    assert item.counts.facility == 0
    await items.count_anew(unit, [version], item.question)
    (item,) = await items.of_version(unit, version)
    assert (item.counts.first, item.counts.facility) == (1, 1)


async def test_without_answers_there_is_nothing_to_count(unit: Unit, noon: datetime):
    assert not await items.roll_up(unit, noon)

"""Cards and first answers as the store keeps them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import text

from tutorbot.core.ids import CourseId, CourseVersionId, LearnerId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.core.recall import Memory, Rating, rated
from tutorbot.core.review import REVIEW, Pick
from tutorbot.store import practice, recall
from tutorbot.store.practice import Attempt, Fact, Sitting
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

RNN, COUNT, GATE = CourseId("rnn"), QuestionId("count"), QuestionId("gate")
MONDAY = date(2026, 11, 23)
VALUES = (("h", Fraction(100)), ("w", Fraction(1, 3)))
DAY = timedelta(days=1)


def memory(*ratings: Rating) -> Memory:
    found = rated(None, Rating.GOOD, MONDAY, "")
    for rating in ratings:
        found = rated(found, rating, found.due, "")
    return found


async def test_a_card_is_one_for_a_question_and_comes_back_as_it_was(
    unit: Unit, learner: Learner, stranger: Learner
) -> None:
    await recall.keep(unit, learner.id, RNN, COUNT, memory(), VALUES)
    later = memory(Rating.GOOD, Rating.AGAIN)
    await recall.keep(unit, learner.id, RNN, COUNT, later, VALUES)
    (card,) = await recall.all_of(unit, learner.id)
    assert (card.course, card.question) == (RNN, COUNT)
    assert (card.memory, card.values) == (later, VALUES)
    assert await recall.all_of(unit, stranger.id) == ()


async def test_what_is_due_is_counted_up_to_a_day(unit: Unit, learner: Learner) -> None:
    due = memory().due
    await recall.keep(unit, learner.id, RNN, COUNT, memory(), VALUES)
    await recall.keep(unit, learner.id, RNN, GATE, memory(Rating.GOOD), VALUES)
    assert await recall.due_count(unit, learner.id, due - DAY) == 0
    assert await recall.due_count(unit, learner.id, due) == 1
    assert await recall.due_count(unit, learner.id, due + 90 * DAY) == 2


async def test_what_is_due_is_found_by_the_index(unit: Unit, learner: Learner) -> None:
    await unit.execute(
        text(
            "INSERT INTO cards SELECT :learner, 'rnn', n::text, 1, 5, '2026-11-01',"
            " date '2026-11-01' + n, 1, 0, '[]' FROM generate_series(1, 2000) AS n"
        ),
        {"learner": learner.id},
    )
    await unit.execute(text("ANALYZE cards"))
    rows = await unit.execute(
        text(
            "EXPLAIN SELECT count(*) FROM cards WHERE learner_id = :learner AND due <= '2026-11-09'"
        ),
        {"learner": learner.id},
    )
    assert "cards_learner_id_due_idx" in "".join(rows.scalars())


async def test_an_attempt_brings_the_memory_of_its_question(
    unit: Unit, learner: Learner, attempt: Attempt
) -> None:
    found = await practice.attempt(unit, attempt.id, learner.id)
    assert found is not None
    assert found[0].memory is None
    await recall.keep(unit, learner.id, RNN, COUNT, memory(), VALUES)
    await recall.keep(unit, learner.id, RNN, GATE, memory(Rating.GOOD), VALUES)
    found = await practice.attempt(unit, attempt.id, learner.id)
    assert found is not None
    assert found[0] == replace(attempt, memory=memory())


async def test_a_review_remembers_where_each_question_came_from(
    unit: Unit, learner: Learner, version: CourseVersionId, noon: datetime
) -> None:
    picks = [
        Pick(version=version, course=RNN, question=GATE, variant=0),
        Pick(version=version, course=RNN, question=COUNT, variant=3),
    ]
    sitting = await practice.begin(unit, learner.id, version, REVIEW, 7, noon, picks)
    assert sitting.picked == tuple(picks)
    assert await practice.unfinished(unit, learner.id, REVIEW) == sitting
    assert sitting.source(1) == (RNN, version)
    await recall.keep(unit, learner.id, RNN, COUNT, memory(), VALUES)
    attempt = await practice.open_attempt(
        unit, sitting, question=COUNT, place=1, variant=3, shown=(), at=noon
    )
    found = await practice.attempt(unit, attempt.id, learner.id)
    assert found is not None
    assert found[0].memory == memory()


async def answers(
    unit: Unit, attempt: Attempt, sitting: Sitting, try_number: int, **verdict: object
) -> None:
    await practice.record(
        unit,
        Fact(
            attempt=attempt.id,
            learner=attempt.learner,
            version=sitting.version,
            question=attempt.question,
            values=VALUES,
            shown=(),
            raw="4",
            verdict=verdict,
            hints=1,
            try_number=try_number,
            answered_at=attempt.opened_at + timedelta(minutes=try_number),
            timezone="Europe/Berlin",
            study_day=MONDAY,
        ),
    )


async def test_only_first_answers_tell_what_is_known(
    unit: Unit, attempt: Attempt, sitting: Sitting
) -> None:
    await answers(unit, attempt, sitting, 1, code="wrong", tags=["sign"])
    await answers(unit, attempt, sitting, 2, code="right")
    (first,) = await recall.first_tries(unit, attempt.learner)
    assert (first.course, first.question, first.values) == (RNN, COUNT, VALUES)
    assert (first.right, first.hints) == (False, 1)


async def test_misconceptions_are_counted_by_their_tags(
    unit: Unit, attempt: Attempt, sitting: Sitting, noon: datetime
) -> None:
    learner = LearnerId(attempt.learner)
    await answers(unit, attempt, sitting, 1, code="wrong", tags=["sign", "size"])
    await answers(unit, attempt, sitting, 2, code="wrong", tags=["sign"])
    assert await recall.times_tagged(unit, learner, "sign", noon) == 2
    assert await recall.times_tagged(unit, learner, "size", noon) == 1
    assert await recall.times_tagged(unit, learner, "sign", noon + timedelta(hours=1)) == 0
    assert await recall.last_tags(unit, attempt.id) == ("sign",)


async def test_the_day_of_an_exam_is_kept_and_forgotten(unit: Unit, learner: Learner) -> None:
    assert await recall.exam_of(unit, learner.id) is None
    await recall.set_exam(unit, learner.id, MONDAY)
    assert await recall.exam_of(unit, learner.id) == MONDAY
    await recall.set_exam(unit, learner.id, None)
    assert await recall.exam_of(unit, learner.id) is None

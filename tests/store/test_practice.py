from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
import pytest
from sqlalchemy import text

from tests.store.setting import score
from tutorbot.core.ids import (
    AnswerId,
    AttemptId,
    CourseId,
    CourseVersionId,
    OptionId,
    QuestionId,
)
from tutorbot.core.learner import Learner
from tutorbot.core.practice import Unclear
from tutorbot.store import courses, learners, practice
from tutorbot.store.practice import Attempt, Fact, Scored, Sitting
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

COUNT, GATE = QuestionId("count"), QuestionId("gate")
RNN = CourseId("rnn")


async def _open(unit: Unit, sitting: Sitting, place: int, at: datetime) -> Attempt:
    return await practice.open_attempt(
        unit,
        sitting,
        question=(COUNT, GATE)[place],
        place=place,
        variant=0,
        shown=(),
        at=at,
    )


async def _answer(
    unit: Unit,
    attempt: Attempt,
    sitting: Sitting,
    try_number: int,
    raw: str = "4",
    code: str = "right",
    scored: Scored | None = None,
) -> AnswerId:
    fact = Fact(
        attempt=attempt.id,
        learner=attempt.learner,
        version=sitting.version,
        question=attempt.question,
        values=(("h", Fraction(100)), ("w", Fraction(1, 3))),
        shown=attempt.shown,
        raw=raw,
        parsed=raw,
        verdict={"code": code, "accepted": 0},
        hints=0,
        try_number=try_number,
        answered_at=attempt.opened_at,
        timezone="Europe/Berlin",
        study_day=attempt.opened_at.date(),
    )
    return await practice.record(unit, fact, scored)


async def test_a_paper_is_unfinished_until_it_is_finished(
    unit: Unit, learner: Learner, version: CourseVersionId, noon: datetime
) -> None:
    assert await practice.unfinished(unit, learner.id, RNN) is None
    sitting = await practice.begin(unit, learner.id, version, RNN, 7, noon)
    assert await practice.unfinished(unit, learner.id, RNN) == sitting
    later = noon + timedelta(hours=1)
    await practice.finish(unit, sitting.id, later)
    await practice.finish(unit, sitting.id, later + timedelta(hours=1))
    assert await practice.unfinished(unit, learner.id, RNN) is None
    assert await practice.sitting(unit, sitting.id) == replace(sitting, finished_at=later)


async def test_nobody_has_one_paper_begun_twice(
    unit: Unit, sitting: Sitting, version: CourseVersionId, noon: datetime
) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await practice.begin(unit, sitting.learner, version, RNN, 8, noon)


async def test_what_was_begun_is_listed_newest_first_with_the_place_reached(
    unit: Unit, sitting: Sitting, version: CourseVersionId, noon: datetime
) -> None:
    later = noon + timedelta(hours=1)
    other = await practice.begin(unit, sitting.learner, version, CourseId("lstm"), 8, later)
    await _open(unit, sitting, 0, noon)
    await _open(unit, sitting, 1, noon)
    found = await practice.unfinished_all(unit, sitting.learner)
    assert found == ((other, 0), (sitting, 1))


async def test_a_question_opened_twice_keeps_the_order_in_which_it_was_shown(
    unit: Unit, sitting: Sitting, attempt: Attempt, noon: datetime
) -> None:
    again = await practice.open_attempt(
        unit,
        sitting,
        question=GATE,
        place=0,
        variant=3,
        shown=(OptionId("a"), OptionId("b")),
        at=noon + timedelta(days=1),
    )
    assert again == attempt
    assert attempt.shown == (OptionId("b"), OptionId("a"))


async def test_the_question_opened_last_is_the_one_that_a_message_answers(
    unit: Unit, sitting: Sitting, attempt: Attempt, noon: datetime
) -> None:
    second = await _open(unit, sitting, 1, noon)
    found = await learners.find(unit, 1)
    assert found is not None
    assert found.current == second.id
    assert await practice.newest_attempt(unit, sitting.id) == second
    assert attempt != second


async def test_a_sitting_without_questions_has_no_newest(unit: Unit, sitting: Sitting) -> None:
    assert await practice.newest_attempt(unit, sitting.id) is None


async def test_somebody_elses_attempt_is_not_handed_out(
    unit: Unit, sitting: Sitting, attempt: Attempt, stranger: Learner
) -> None:
    assert await practice.attempt(unit, attempt.id, sitting.learner) == (attempt, sitting)
    assert await practice.attempt(unit, attempt.id, stranger.id) is None
    assert await practice.attempt(unit, AttemptId(10**9), sitting.learner) is None


async def test_ticks_hints_and_solution_are_remembered(
    unit: Unit, sitting: Sitting, attempt: Attempt
) -> None:
    await practice.set_ticks(unit, attempt.id, {1, 0})
    assert [await practice.add_hint(unit, attempt.id) for _ in range(2)] == [1, 2]
    await practice.see_solution(unit, attempt.id)
    found = await practice.newest_attempt(unit, sitting.id)
    assert found == replace(attempt, ticked=frozenset({0, 1}), hints=2, solution_seen=True)


async def test_a_closed_question_takes_no_answer_until_it_is_opened_again(
    unit: Unit, sitting: Sitting, attempt: Attempt
) -> None:
    await practice.set_ticks(unit, attempt.id, {1})
    await practice.close(unit, attempt.id, settled_at=None)
    closed = replace(attempt, ticked=frozenset({1}), accepting=False)
    assert await practice.newest_attempt(unit, sitting.id) == closed
    await practice.reopen(unit, attempt.id)
    assert await practice.newest_attempt(unit, sitting.id) == attempt


async def test_a_question_is_settled_once(
    unit: Unit, sitting: Sitting, attempt: Attempt, noon: datetime
) -> None:
    await practice.close(unit, attempt.id, settled_at=noon)
    await practice.close(unit, attempt.id, settled_at=noon + timedelta(hours=1))
    await practice.close(unit, attempt.id, settled_at=None)
    found = await practice.newest_attempt(unit, sitting.id)
    assert found is not None
    assert found.settled_at == noon


async def test_an_answer_is_kept_as_it_was_given(
    unit: Unit, sitting: Sitting, attempt: Attempt
) -> None:
    answer = await _answer(unit, attempt, sitting, 1, raw="2/4\0")
    row = (await unit.execute(text("SELECT * FROM answers"))).one()
    assert row.id == answer
    assert row.raw == "2/4�"
    assert row.variant == [["h", "100"], ["w", "1/3"]]
    assert row.shown == ["b", "a"]
    assert row.chosen is None
    assert row.verdict == {"code": "right", "accepted": 0}


async def test_answers_are_facts_and_refuse_to_be_changed(
    unit: Unit, sitting: Sitting, attempt: Attempt
) -> None:
    await _answer(unit, attempt, sitting, 1)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="facts and never change"):
        await unit.execute(text("UPDATE answers SET raw = '5'"))


async def test_a_try_counts_once(unit: Unit, sitting: Sitting, attempt: Attempt) -> None:
    await _answer(unit, attempt, sitting, 1)
    await _answer(unit, attempt, sitting, 2)
    found = await practice.newest_attempt(unit, sitting.id)
    assert found is not None
    assert found.tries == 2
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await _answer(unit, attempt, sitting, 2)


async def test_only_wrong_tries_are_counted_as_wrong(
    unit: Unit, sitting: Sitting, attempt: Attempt
) -> None:
    for number, code in enumerate(("wrong", "form", "undecided", "wrong", "right"), start=1):
        await _answer(unit, attempt, sitting, number, code=code)
    found = await practice.newest_attempt(unit, sitting.id)
    assert found is not None
    assert (found.tries, found.wrong) == (5, 2)


async def test_an_unclear_answer_is_kept_until_another_comes(
    unit: Unit, sitting: Sitting, attempt: Attempt
) -> None:
    first = await practice.ask_back(unit, attempt.id, "n2", ("n^2", "2*n"))
    found = await practice.newest_attempt(unit, sitting.id)
    assert found is not None
    assert found.unclear == Unclear(text="n2", readings=("n^2", "2*n"), first=first)
    await _answer(unit, attempt, sitting, 1)
    found = await practice.newest_attempt(unit, sitting.id)
    assert found is not None
    assert found.unclear is None


async def test_no_number_of_a_reading_is_given_twice(
    unit: Unit, sitting: Sitting, attempt: Attempt
) -> None:
    given: list[int] = []
    for readings in (("n^2", "2*n"), ("60.0", "60000", "6"), ("1/f(x)",)):
        first = await practice.ask_back(unit, attempt.id, "?", readings)
        given += range(first, first + len(readings))
        if len(readings) == 3:
            await practice.forget_unclear(unit, attempt.id)
    assert len(set(given)) == len(given) == 6
    found = await practice.newest_attempt(unit, sitting.id)
    assert found is not None
    assert found.unclear is not None
    assert found.unclear.reading(given[-1]) == "1/f(x)"
    assert found.unclear.reading(given[0]) is None


async def test_results_tell_the_first_try_from_the_best(
    unit: Unit, sitting: Sitting, attempt: Attempt, noon: datetime
) -> None:
    key = await courses.key(unit, sitting.version, COUNT)
    one = Fraction(1)
    for try_number, points in ((1, Fraction(1, 3)), (2, one), (3, Fraction(0))):
        answer = await _answer(unit, attempt, sitting, try_number)
        await score(unit, answer, key, points, noon)
    await _open(unit, sitting, 1, noon)
    first, second = await practice.results(unit, sitting.id)
    assert (first.place, first.question, first.tries) == (0, COUNT, 3)
    assert (first.first_points, first.best_points, first.out_of) == (Fraction(1, 3), one, one)
    assert (second.question, second.tries, second.best_points) == (GATE, 0, None)


async def test_a_corrected_key_gives_new_results_and_old_scores_stay(
    unit: Unit, sitting: Sitting, attempt: Attempt, noon: datetime
) -> None:
    one = Fraction(1)
    answer = await _answer(unit, attempt, sitting, 1)
    old = await courses.key(unit, sitting.version, COUNT)
    await score(unit, answer, old, Fraction(0), noon)
    new = await courses.correct(
        unit, sitting.version, COUNT, content=["4"], reason="miscounted", at=noon
    )
    await score(unit, answer, new, one, noon)
    (result,) = await practice.results(unit, sitting.id)
    assert result.best_points == one
    assert (await unit.execute(text("SELECT count(*) FROM scores"))).scalar_one() == 2


@pytest.mark.parametrize(
    "points", [Fraction(1, 3), Fraction(2, 7), Fraction(499, 500), Fraction(9, 10) / 3]
)
async def test_a_score_loses_nothing(
    unit: Unit, sitting: Sitting, attempt: Attempt, points: Fraction
) -> None:
    scored = Scored(points=points, out_of=Fraction(1), policy="all-or-nothing")
    await _answer(unit, attempt, sitting, 1, scored=scored)
    (result,) = await practice.results(unit, sitting.id)
    assert result.best_points == points

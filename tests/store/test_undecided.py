from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import text

from tests.store.setting import score
from tutorbot.core.ids import AnswerId
from tutorbot.store import courses, practice, undecided
from tutorbot.store.practice import Attempt, Fact, Sitting
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres


async def answer(
    unit: Unit, attempt: Attempt, sitting: Sitting, try_number: int, code: str, at: datetime
) -> AnswerId:
    fact = Fact(
        attempt=attempt.id,
        learner=attempt.learner,
        version=sitting.version,
        question=attempt.question,
        values=(("h", Fraction(1, 3)),),
        shown=(),
        raw=f"{try_number}",
        parsed=f"{try_number}.0",
        verdict={"code": code},
        hints=0,
        try_number=try_number,
        answered_at=at,
        timezone="UTC",
        study_day=at.date(),
    )
    return await practice.record(unit, fact)


async def test_what_is_undecided_waits_in_the_order_in_which_it_came(
    unit: Unit, attempt: Attempt, sitting: Sitting, noon: datetime
) -> None:
    codes = ("undecided", "wrong", "undecided", "form", "undecided")
    for number, code in enumerate(codes, start=1):
        await answer(unit, attempt, sitting, number, code, noon + timedelta(minutes=number))
    found = await undecided.waiting(unit, 2)
    assert [each.raw for each in found] == ["1", "3"]
    first = found[0]
    assert (first.course, first.question, first.read) == ("rnn", "count", "1.0")
    assert first.values == (("h", Fraction(1, 3)),)
    assert first.key == ["4"]
    assert first.at == noon + timedelta(minutes=1)


async def test_what_was_given_a_score_waits_no_longer(
    unit: Unit, attempt: Attempt, sitting: Sitting, noon: datetime
) -> None:
    waiting = await answer(unit, attempt, sitting, 1, "undecided", noon)
    assert len(await undecided.waiting(unit, 9)) == 1
    key = await courses.key(unit, sitting.version, attempt.question)
    await score(unit, waiting, key, Fraction(1), noon)
    assert await undecided.waiting(unit, 9) == ()


async def test_a_corrected_key_is_the_one_that_is_shown(
    unit: Unit, attempt: Attempt, sitting: Sitting, noon: datetime
) -> None:
    await answer(unit, attempt, sitting, 1, "undecided", noon)
    await courses.correct(
        unit, sitting.version, attempt.question, content={"accepted": ["5"]}, reason="", at=noon
    )
    (found,) = await undecided.waiting(unit, 9)
    assert found.key == {"accepted": ["5"]}


async def test_the_queue_is_found_by_its_index(unit: Unit) -> None:
    await unit.execute(text("SET LOCAL enable_seqscan = off"))
    plan = await unit.execute(
        text("EXPLAIN SELECT id FROM answers WHERE (verdict ->> 'code') = 'undecided'")
    )
    assert any("answers_undecided_idx" in line for line in plan.scalars())

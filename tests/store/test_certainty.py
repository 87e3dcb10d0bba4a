"""Certainty is a fact, and what waits for it is handed out once."""

from datetime import UTC, date, datetime

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
import pytest
from sqlalchemy import text

from tutorbot.core.certainty import Asks, Level
from tutorbot.core.ids import CourseId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.core.recall import Memory
from tutorbot.store import certainty, courses, practice, recall
from tutorbot.store.practice import Fact
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Change, Reply, Say

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOON.date()
SUMS, ONE = CourseId("sums"), QuestionId("one")
SAID = (
    Say(reply=Reply(prose=(words("Right."),)), slot="p1.1.0"),
    Change(slot="e1", reply=Reply(prose=())),
)


def memory(stability: float, day: date = TODAY, ratings: int = 1) -> Memory:
    return Memory(stability=stability, difficulty=5.0, rated_on=day, due=day, ratings=ratings)


@pytest.fixture
async def asks(unit: Unit, learner: Learner) -> Asks:
    version = await courses.publish(
        unit, course=SUMS, title="", place=0, source="", digest="1", keys={ONE: []}, at=NOON
    )
    sitting = await practice.begin(unit, learner.id, version, SUMS, 7, NOON)
    attempt = await practice.open_attempt(
        unit, sitting, question=ONE, place=0, variant=0, shown=(), at=NOON
    )
    answer = await practice.record(
        unit,
        Fact(
            attempt=attempt.id,
            learner=learner.id,
            version=version,
            question=ONE,
            values=(),
            shown=(),
            raw="1",
            verdict={"code": "right"},
            hints=0,
            try_number=1,
            answered_at=NOON,
            timezone="UTC",
            study_day=TODAY,
        ),
    )
    return Asks(answer=answer, course=SUMS, question=ONE, if_guessed=memory(1.5))


async def test_what_waits_is_told_once_and_word_for_word(
    unit: Unit, learner: Learner, stranger: Learner, asks: Asks
):
    await certainty.put_off(unit, learner.id, asks, SAID)
    about = await certainty.awaited(unit, learner.id)
    assert about is not None
    assert (about.right, about.asks) == (True, asks)
    assert await certainty.awaited(unit, stranger.id) is None
    assert await certainty.take(unit, stranger.id) == ()
    assert await certainty.take(unit, learner.id) == SAID
    assert await certainty.take(unit, learner.id) == ()
    assert await certainty.awaited(unit, learner.id) is None


async def test_what_another_version_wrote_is_passed_over(unit: Unit, learner: Learner, asks: Asks):
    await certainty.put_off(unit, learner.id, asks, SAID)
    await unit.execute(text("""UPDATE awaited_verdicts SET said = '[{"is": "Song"}]' || said"""))
    assert await certainty.take(unit, learner.id) == SAID


async def test_certainty_is_a_fact_and_what_was_said_first_holds(
    unit: Unit, learner: Learner, asks: Asks
):
    await certainty.record(unit, learner.id, asks.answer, Level.CERTAIN, NOON)
    await certainty.record(unit, learner.id, asks.answer, Level.GUESS, NOON)
    (said,) = await certainty.all_of(unit, learner.id)
    assert (said.level, said.right, said.course, said.question) == (
        Level.CERTAIN,
        True,
        SUMS,
        ONE,
    )
    with pytest.raises(asyncpg.PostgresError, match="never change"):
        await unit.execute(text("UPDATE certainties SET level = 'g'"))


@pytest.mark.parametrize(
    ("kept", "anew", "holds"),
    [
        (memory(9.0), memory(1.5), 1.5),
        (memory(9.0, date(2026, 11, 21), 2), memory(1.5), 9.0),  # rated again since
    ],
)
async def test_a_rating_is_taken_back_only_while_it_is_the_last(
    unit: Unit, learner: Learner, kept: Memory, anew: Memory, holds: float
):
    await recall.keep(unit, learner.id, SUMS, ONE, kept, ())
    await certainty.rate_anew(unit, learner.id, SUMS, ONE, anew)
    (card,) = await recall.all_of(unit, learner.id)
    assert card.memory.stability == holds

"""What an answer costs, and what it makes of a memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Executable

from tutorbot.core.course import Course, Kind, Question, Typed
from tutorbot.core.ids import AttemptId, ChatId, CourseId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.core.noted import Noted
from tutorbot.core.review import REVIEW, Pick
from tutorbot.flows.keeping import keep
from tutorbot.flows.sittings import pose
from tutorbot.store import courses, learners, practice, recall
from tutorbot.store.practice import Sitting
from tutorbot.store.statements import Parameters, Result
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SUMS = CourseId("sums")
ONE, TWO = QuestionId("one"), QuestionId("two")
COURSE = Course(
    id=SUMS,
    title="Sums",
    lang="en",
    questions=tuple(
        Question(id=each, title="", prose=(), body=Typed(kind=Kind.NUMBER, accepted=()))
        for each in (ONE, TWO)
    ),
)


class Counting(Unit):
    """A unit that counts statements about cards."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.statements: list[str] = []

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> Result:
        self.statements.append(str(statement))
        return await self._unit.execute(statement, parameters)

    def note(self, noted: Noted) -> None:
        self._unit.note(noted)


@pytest.fixture
async def learner(unit: Unit) -> Learner:
    return await learners.meet(
        unit,
        telegram_id=1,
        chat=ChatId(1),
        name="Ada",
        language="en",
        timezone="UTC",
        day_starts=4,
        at=NOON,
    )


@pytest.fixture
async def sitting(unit: Unit, learner: Learner) -> Sitting:
    version = await courses.publish(
        unit,
        course=SUMS,
        title="Sums",
        place=0,
        source="",
        digest="1",
        keys={ONE: [], TWO: []},
        at=NOON,
    )
    return await practice.begin(unit, learner.id, version, SUMS, 7, NOON)


async def opens(unit: Unit, sitting: Sitting, place: int = 0, at: datetime = NOON) -> AttemptId:
    question = sitting.picked[place].question if sitting.picked else (ONE, TWO)[place]
    opened = await practice.open_attempt(
        unit, sitting, question=question, place=place, variant=0, shown=(), at=at
    )
    return opened.id


async def answers(
    unit: Unit,
    learner: Learner,
    attempt_id: AttemptId,
    at: datetime,
    code: str = "right",
    *,
    typed: bool = True,
) -> tuple[list[str], bool]:
    """Keep an answer; tell the statements about cards, and whether it made a study day."""
    found = await practice.attempt(unit, attempt_id, learner.id)
    assert found is not None
    attempt, sitting = found
    counting = Counting(unit)
    counted = await keep(
        counting,
        learner,
        attempt,
        sitting,
        pose(COURSE, replace(attempt, place=attempt.place % 2)),
        at=at,
        share=Fraction(code == "right"),
        verdict={"code": code},
        raw="1",
        typed=typed,
    )
    return [each for each in counting.statements if "cards" in each], bool(
        counted.news and counted.news.counted
    )


async def test_the_first_answer_of_a_day_rates_in_one_statement_and_the_others_cost_none(
    unit: Unit, learner: Learner, sitting: Sitting
) -> None:
    attempt = await opens(unit, sitting)
    costs = [
        len((await answers(unit, learner, attempt, NOON + wait, code))[0])
        for wait, code in (
            (0 * DAY, "undecided"),
            (0 * DAY, "wrong"),
            (0 * DAY, "right"),
            (1 * DAY, "right"),
        )
    ]
    assert costs == [0, 1, 0, 1]
    (card,) = await recall.all_of(unit, learner.id)
    assert (card.memory.ratings, card.memory.lapses) == (2, 0)


async def reviews(
    unit: Unit, learner: Learner, sitting: Sitting, due: Sequence[QuestionId] = (ONE, TWO)
) -> Sitting:
    """Both questions, a week after they were answered."""
    for place in (0, 1):
        await answers(unit, learner, await opens(unit, sitting, place), NOON)
    picks = [Pick(version=sitting.version, course=SUMS, question=each, variant=0) for each in due]
    return await practice.begin(unit, learner.id, sitting.version, REVIEW, 7, NOON, picks)


async def test_who_finishes_what_is_due_has_studied_however_little_it_was(
    unit: Unit, learner: Learner, sitting: Sitting
) -> None:
    review = await reviews(unit, learner, sitting)
    later = replace(learner, settled=None)
    first = await answers(unit, later, await opens(unit, review, 0), NOON + 7 * DAY)
    last = await answers(unit, later, await opens(unit, review, 1), NOON + 7 * DAY)
    assert (first[1], last[1]) == (False, True)


async def test_who_skips_to_the_last_has_not(
    unit: Unit, learner: Learner, sitting: Sitting
) -> None:
    review = await reviews(unit, learner, sitting)
    await opens(unit, review, 0)
    last = await answers(unit, learner, await opens(unit, review, 1), NOON + 7 * DAY)
    assert not last[1]


async def test_who_taps_through_what_is_due_has_not_studied(
    unit: Unit, learner: Learner, sitting: Sitting
) -> None:
    review = await reviews(unit, learner, sitting, (ONE, TWO, ONE, TWO))
    at, made = NOON + 7 * DAY, list[bool]()
    for place in range(4):
        attempt = await opens(unit, review, place, at)
        at += timedelta(seconds=20 if place == 3 else 0.3)
        made.append((await answers(unit, learner, attempt, at, typed=False))[1])
    assert made == [False] * 4

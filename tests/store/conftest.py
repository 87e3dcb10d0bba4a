"""A learner, a published paper, a sitting and its first question, to stand on."""

from datetime import UTC, datetime

import pytest

from tutorbot.core.ids import ChatId, CourseId, CourseVersionId, OptionId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.store import courses, learners, practice
from tutorbot.store.practice import Attempt, Sitting
from tutorbot.store.unit import Unit

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
async def learner(unit: Unit) -> Learner:
    return await _meet(unit, 1)


@pytest.fixture
async def stranger(unit: Unit) -> Learner:
    return await _meet(unit, 2)


@pytest.fixture
async def version(unit: Unit) -> CourseVersionId:
    return await courses.publish(
        unit,
        course=CourseId("rnn"),
        title="Recurrent networks",
        place=0,
        source="# Recurrent networks",
        digest="1",
        keys={QuestionId("count"): ["4"], QuestionId("gate"): ["a"]},
        at=NOON,
    )


@pytest.fixture
async def sitting(unit: Unit, learner: Learner, version: CourseVersionId) -> Sitting:
    return await practice.begin(unit, learner.id, version, CourseId("rnn"), 7, NOON)


@pytest.fixture
async def attempt(unit: Unit, sitting: Sitting) -> Attempt:
    return await practice.open_attempt(
        unit,
        sitting,
        question=QuestionId("count"),
        place=0,
        variant=0,
        shown=(OptionId("b"), OptionId("a")),
        at=NOON,
    )


async def _meet(unit: Unit, number: int) -> Learner:
    return await learners.meet(
        unit,
        telegram_id=number,
        chat=ChatId(100 + number),
        name="Ada",
        language="en",
        timezone="Europe/Berlin",
        day_starts=3,
        at=NOON,
    )

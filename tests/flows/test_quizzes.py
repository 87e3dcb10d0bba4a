"""What learners see of the quizzes that are set to them."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.faculty import COURSE, NOON, Faculty, announced, faculty
from tests.store.taught import a_quiz
from tutorbot.core.classes import Role
from tutorbot.store import classes, courses, joining
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres


@pytest.fixture
async def school(unit: Unit, tmp_path: Path) -> Faculty:
    return await faculty(unit, tmp_path)


async def test_quizzes_of_one_name_in_several_classes_are_told_apart(school: Faculty) -> None:
    unit, learner = school.unit, school.people["learner"]
    (alone,) = await school.types("learner", "/quizzes")
    assert "Quiz 1: open until" in alone
    second = await classes.create(
        unit, title="Algebra", course=COURSE, timezone="Europe/Berlin", at=NOON
    )
    await joining.enter(
        unit,
        class_id=second,
        learner=learner.id,
        code="ZZZZZ",
        role=Role.LEARNER,
        cohort=None,
        at=NOON,
    )
    published = await courses.newest_of(unit, COURSE)
    assert published
    due = NOON + timedelta(days=1)
    quiz = await a_quiz(unit, second, published.version, COURSE, ["even"], NOON, due_at=due)
    await announced(unit, quiz, [learner])
    (both,) = await school.types("learner", "/quizzes")
    assert "Quiz 1 · Algebra: open until" in both
    assert "Quiz 1 · Arithmetic: open until" in both

"""Making a quiz: what is typed for it, and what is shown before it goes out."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.faculty import NOON, Faculty, faculty
from tutorbot.core.drafts import (
    Aspect,
    ChooseAspect,
    ConfirmQuiz,
    OpenAspect,
)
from tutorbot.store import drafts
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres


@pytest.fixture
async def school(unit: Unit, tmp_path: Path) -> Faculty:
    return await faculty(unit, tmp_path)


@pytest.mark.parametrize("typed", ["31.2.", "tomorrow 25:00", "2026-02-31 18:00", "🎄", "x" * 5000])
async def test_a_time_that_cannot_be_read_is_asked_for_again(school: Faculty, typed: str) -> None:
    (asked,) = await school.presses("owner", ChooseAspect(school.unset, Aspect.DUE, "type"))
    assert "by the clocks of Berlin" in asked
    (again,) = await school.types("owner", typed)
    assert "I could not read that." in again
    (page,) = await school.types("owner", "2026-12-01 18:00")
    assert "Due Tue 1 Dec, 18:00" in page


async def test_a_time_that_is_over_is_said_to_be_over(school: Faculty) -> None:
    await school.presses("owner", ChooseAspect(school.unset, Aspect.DUE, "type"))
    (again,) = await school.types("owner", "2026-11-22 12:59")
    assert "That is over by now." in again
    assert "could not read" not in again


async def test_a_title_that_is_too_long_is_told_so(school: Faculty) -> None:
    await school.presses("owner", OpenAspect(school.unset, Aspect.TITLE))
    (again,) = await school.types("owner", "x" * 61)
    assert "A title has 60 characters at most" in again
    assert "over by now" not in again
    (page,) = await school.types("owner", "Sums 🎄")
    assert "“Sums 🎄”" in page


async def test_what_is_about_to_go_out_says_to_whom_and_how_much(school: Faculty) -> None:
    held = await drafts.hold(school.unit, school.unset)
    assert held
    await drafts.keep(school.unit, replace(held[0], due_at=NOON + timedelta(days=1)))
    (shown,) = await school.presses("owner", ConfirmQuiz(school.unset))
    assert "For the whole class" in shown
    assert "1 question" in shown

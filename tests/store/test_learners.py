import asyncio
from datetime import datetime, timedelta

import pytest

from tutorbot.core.actions import FormulaForm, Theme
from tutorbot.core.ids import AttemptId, ChatId
from tutorbot.core.learner import Learner
from tutorbot.store import learners
from tutorbot.store.unit import Store, Unit

pytestmark = pytest.mark.postgres


async def _meet(unit: Unit, at: datetime, **changed: str | int) -> Learner:
    return await learners.meet(
        unit,
        telegram_id=1,
        chat=ChatId(int(changed.get("chat", 101))),
        name=str(changed.get("name", "Ada")),
        language=str(changed.get("language", "en")),
        timezone=str(changed.get("timezone", "Europe/Berlin")),
        day_starts=int(changed.get("day_starts", 3)),
        at=at,
    )


async def test_whoever_comes_again_is_the_same_learner(unit: Unit, noon: datetime) -> None:
    first = await _meet(unit, noon)
    assert await _meet(unit, noon + timedelta(days=1)) == first
    assert await learners.find(unit, 1) == first
    assert await learners.by_chat(unit, ChatId(101)) == first


async def test_a_new_language_is_taken_on_and_the_own_timezone_stays(
    unit: Unit, noon: datetime
) -> None:
    learner = await _meet(unit, noon)
    await learners.set_timezone(unit, learner.id, "Asia/Tokyo")
    again = await _meet(unit, noon, language="de", timezone="Europe/Berlin", day_starts=0)
    assert (again.language, again.timezone, again.day_starts) == ("de", "Asia/Tokyo", 3)


async def test_what_a_learner_sets_is_kept(unit: Unit, noon: datetime) -> None:
    learner = await _meet(unit, noon)
    assert (learner.formulas, learner.theme) == (FormulaForm.PICTURE, Theme.LIGHT)
    assert not learner.probed
    await learners.set_formulas(unit, learner.id, FormulaForm.NATIVE, Theme.DARK)
    await learners.mark_probed(unit, learner.id)
    await learners.set_current(unit, learner.id, AttemptId(5))
    again = await _meet(unit, noon)
    assert (again.formulas, again.theme) == (FormulaForm.NATIVE, Theme.DARK)
    assert again.probed
    assert again.current == AttemptId(5)
    await learners.set_current(unit, learner.id, None)
    assert (await _meet(unit, noon)).current is None


async def test_an_unknown_person_is_not_found(unit: Unit) -> None:
    assert await learners.find(unit, 404) is None
    assert await learners.by_chat(unit, ChatId(404)) is None


async def test_a_name_that_the_database_cannot_hold_stops_nobody(
    unit: Unit, noon: datetime
) -> None:
    await _meet(unit, noon, name="Ada\0\ud800")


async def test_blocking_us_and_coming_back(unit: Unit, noon: datetime) -> None:
    await _meet(unit, noon)
    await learners.set_blocked(unit, 1, noon)
    assert await learners.blocked_at(unit, 1) == noon
    await _meet(unit, noon)
    assert await learners.blocked_at(unit, 1) is None
    await learners.set_blocked(unit, 404, noon)  # never met: nothing to remember


async def test_two_messages_of_one_learner_are_worked_on_one_after_the_other(
    store: Store, noon: datetime
) -> None:
    order: list[str] = []
    met = asyncio.Event()

    async def first() -> None:
        async with store.unit() as unit:
            await _meet(unit, noon)
            met.set()
            await asyncio.sleep(0.1)
            order.append("first")

    async def second() -> None:
        await met.wait()
        async with store.unit() as unit:
            await _meet(unit, noon)
            order.append("second")

    await asyncio.gather(first(), second())
    assert order == ["first", "second"]

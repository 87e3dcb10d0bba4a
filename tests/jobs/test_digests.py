"""The word on Mondays is said once in each class and week, whoever works at it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.store.taught import a_class, joins, met
from tutorbot.core.ids import CourseId
from tutorbot.jobs.digests import tell_weeks
from tutorbot.languages import languages
from tutorbot.store.unit import Store
from tutorbot.telegram.incident import story

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

FRIDAY = datetime(2026, 11, 6, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
COURSE = CourseId("nets")


async def said(store: Store) -> int:
    async with store.unit() as unit:
        return (await unit.execute(text("SELECT count(*) FROM outbox"))).scalar_one()


async def classes(store: Store, *zones: str) -> None:
    """In each, somebody teaches and somebody has been silent for long."""
    async with store.unit() as unit:
        for number, zone in enumerate(zones):
            teacher = await met(unit, 2 * number + 1, "Emmy", FRIDAY)
            made = await a_class(unit, teacher.id, COURSE, FRIDAY, zone=zone)
            idle = await met(unit, 2 * number + 2, "Idle", FRIDAY)
            await joins(unit, made, idle.id, "IDLE", "learner", FRIDAY)


async def tell(store: Store, at: datetime) -> int:
    return await tell_weeks(store, languages, lambda: at, story, batch=3)


async def test_several_at_once_say_it_once(store: Store):
    await classes(store, *["UTC"] * 8)
    at = MONDAY + timedelta(hours=9)
    assert sum(await asyncio.gather(*(tell(store, at) for _ in range(4)))) == 8
    assert await tell(store, at + timedelta(minutes=10)) == 0
    assert await said(store) == 8
    assert await tell(store, at + timedelta(days=7)) == 8


async def test_it_comes_at_eight_by_the_clocks_of_the_class_and_not_days_later(store: Store):
    await classes(store, "Asia/Tokyo", "America/New_York")
    tokyo, new_york = MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=13)
    assert await tell(store, tokyo - timedelta(minutes=1)) == 0
    assert await tell(store, tokyo) == 1
    assert await tell(store, new_york - timedelta(minutes=1)) == 0
    assert await tell(store, new_york + timedelta(days=2)) == 0
    assert await tell(store, new_york + timedelta(days=7)) == 2  # and in Tokyo it is still Monday


async def test_where_there_is_nothing_to_say_nothing_is_said(store: Store):
    async with store.unit() as unit:
        teacher = await met(unit, 1, "Emmy", FRIDAY)
        await a_class(unit, teacher.id, COURSE, FRIDAY)
    assert await tell(store, MONDAY + timedelta(hours=9)) == 0

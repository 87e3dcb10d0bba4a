"""Everybody is reminded once, whoever works at it and whatever befalls them."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from datetime import datetime
from gettext import NullTranslations

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.jobs.conftest import EVENING, People
from tutorbot.core.ids import ChatId
from tutorbot.jobs.reminders import remind
from tutorbot.store import learners
from tutorbot.store.unit import Store
from tutorbot.telegram.incident import story

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def evening() -> datetime:
    return EVENING


def english(_language: str) -> NullTranslations:
    return NullTranslations()


async def said_to(store: Store) -> Counter[int]:
    async with store.unit() as unit:
        found = await unit.execute(text("SELECT learner_id FROM outbox"))
        return Counter(found.scalars())


async def due_now(store: Store) -> int:
    async with store.unit() as unit:
        found = await unit.execute(
            text("SELECT count(*) FROM reminders WHERE due <= :now"), {"now": EVENING}
        )
        return found.scalar_one()


async def test_of_several_who_work_at_once_each_learner_hears_one(store: Store, due_people: People):
    await due_people(60)
    counts = await asyncio.gather(
        *(remind(store, english, evening, story, batch=7) for _ in range(4))
    )
    left = await remind(store, english, evening, story)
    assert sum(counts) + left == 60
    assert set((await said_to(store)).values()) == {1}
    assert len(await said_to(store)) == 60


async def test_who_is_in_the_middle_of_an_answer_is_looked_at_after_it(
    store: Store, due_people: People
):
    """Otherwise the answer that makes the day could be followed by a reminder of it."""
    await due_people(2)
    async with store.unit() as unit:
        await learners.meet(
            unit,
            telegram_id=1,
            chat=ChatId(1),
            name="Ada",
            language="en",
            timezone="UTC",
            day_starts=4,
            at=EVENING,
        )
        assert await remind(store, english, evening, story) == 1
    assert await remind(store, english, evening, story) == 1


async def test_one_learner_about_whom_something_is_wrong_keeps_nobody_waiting(
    store: Store, due_people: People
):
    await due_people(5)
    async with store.unit() as unit:
        await unit.execute(text("UPDATE learners SET timezone = 'Atlantis' WHERE telegram_id = 2"))
    with capture_logs() as logs:
        assert await remind(store, english, evening, story) == 4
        assert await remind(store, english, evening, story) == 0
    assert [each["event"] for each in logs].count("reminder.broke") == 1
    assert await due_now(store) == 0


_WORKER = """
import asyncio, sys
from datetime import datetime
from gettext import NullTranslations
from tutorbot.jobs.reminders import remind
from tutorbot.store.unit import Store

async def main():
    store = Store.open(sys.argv[1])
    now = datetime.fromisoformat(sys.argv[2])
    await remind(store, lambda _: NullTranslations(), lambda: now, repr, batch=10)
    await store.close()

asyncio.run(main())
"""


@pytest.mark.long
async def test_workers_that_are_killed_again_and_again_remind_everybody_once(
    store: Store, database_url: str, due_people: People
):
    await due_people(150)
    dice = random.Random(5)
    kills = 0
    while await due_now(store):
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _WORKER, database_url, EVENING.isoformat(), env=dict(os.environ)
        )
        before = await due_now(store)
        while worker.returncode is None and before - await due_now(store) < 30:  # noqa: ASYNC110 - what is awaited is a condition, not an event
            await asyncio.sleep(0.005)
        await asyncio.sleep(dice.uniform(0, 0.05))
        if worker.returncode is None:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        assert await worker.wait() in {0, -signal.SIGKILL}
    said = await said_to(store)
    assert kills
    assert len(said) == 150
    assert set(said.values()) == {1}

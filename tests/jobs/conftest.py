"""Learners whose reminder is due, on a real database."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tutorbot.core.ids import ChatId
from tutorbot.store import learners
from tutorbot.store.unit import Store

EVENING = datetime(2026, 11, 22, 18, 15, tzinfo=UTC)

People = Callable[[int], Awaitable[None]]


@pytest.fixture
def due_people(store: Store) -> People:
    """Make so many learners who are due now."""

    async def make(count: int) -> None:
        async with store.unit() as unit:
            for number in range(1, count + 1):
                await learners.meet(
                    unit,
                    telegram_id=number,
                    chat=ChatId(number),
                    name="Ada",
                    language="en",
                    timezone="UTC",
                    day_starts=4,
                    at=EVENING - timedelta(days=1),
                )
            await unit.execute(text("UPDATE learners SET reminder_hour = 18"))
            await unit.execute(
                text("INSERT INTO reminders (learner_id, due) SELECT id, :due FROM learners"),
                {"due": EVENING},
            )

    return make

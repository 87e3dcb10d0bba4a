from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import telegram
from telegram.request import HTTPXRequest

from tutorbot.playground import Playground


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)
    seconds: float = 0.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)


def bot_of(playground: Playground) -> telegram.Bot:
    return telegram.Bot(
        playground.token,
        base_url=f"{playground.url}/bot",
        base_file_url=f"{playground.url}/file/bot",
        request=HTTPXRequest(connection_pool_size=8, read_timeout=3),
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def playground(clock: Clock) -> AsyncIterator[Playground]:
    async with Playground(clock=clock, first_pause=0.01) as running:
        yield running


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[telegram.Bot]:
    async with bot_of(playground) as made:
        yield made

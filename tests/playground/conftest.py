from collections.abc import AsyncIterator

import pytest
import telegram
from telegram.request import HTTPXRequest

from tutorbot.playground import Playground
from tutorbot.playground.testing import BareBot, StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def playground(clock: StillClock) -> AsyncIterator[Playground]:
    async with Playground(clock=clock, first_pause=0.01) as running:
        yield running


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[telegram.Bot]:
    """What a bot really uses."""
    made = telegram.Bot(
        playground.token,
        base_url=f"{playground.url}/bot",
        base_file_url=f"{playground.url}/file/bot",
        request=_request(),
        get_updates_request=_request(),
    )
    async with made:
        yield made


@pytest.fixture
async def api(playground: Playground) -> AsyncIterator[BareBot]:
    async with BareBot(playground) as bare:
        yield bare


def _request() -> HTTPXRequest:
    # Without verification it makes no TLS context, which takes longer than most tests.
    return HTTPXRequest(connection_pool_size=8, read_timeout=3, httpx_kwargs={"verify": False})

import traceback
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError, TimedOut

from tutorbot.playground import Playground
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.incident import story
from tutorbot.telegram.request import AiohttpRequest, FloodError


def bot(url: str, token: str) -> BotApi:
    return BotApi(
        token,
        base_url=f"{url}/bot",
        request=AiohttpRequest(read_seconds=0.3),
        get_updates_request=AiohttpRequest(connections=1),
    )


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground(clock=lambda: datetime.now(UTC)) as playground:
        yield playground


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Trouble.FLOOD, FloodError),
        (Trouble.INTERNAL, NetworkError),
        (Trouble.BAD_GATEWAY, NetworkError),
        (Trouble.HANG, TimedOut),
        (Trouble.APPLIED_SILENCE, TimedOut),
        (Trouble.APPLIED_DROP, NetworkError),
    ],
)
async def test_each_trouble_has_a_name_and_none_tells_the_token(
    playground: Playground,
    trouble: Trouble,
    kind: type[TelegramError],
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level("DEBUG")
    playground.token = "42:very-secret"
    ada = playground.person(name="Ada")
    await ada.starts()
    async with bot(playground.url, playground.token) as api:
        playground.fault(Fault(trouble=trouble, method="sendMessage", retry_after=7, seconds=2))
        with pytest.raises(kind) as caught:
            await api.send_message(ada.chat_id, "hello")
        assert not isinstance(caught.value, BadRequest)
        shown = "".join(traceback.format_exception(caught.value))
        assert "secret" not in f"{caught.value!r} {story(caught.value)} {shown}"
        assert not isinstance(caught.value, FloodError) or caught.value.seconds == 7
        await api.send_message(ada.chat_id, "after all")  # the pool is none the worse
    ours = [entry for entry in caplog.records if not entry.name.startswith("uvicorn")]
    assert "secret" not in "".join(entry.getMessage() for entry in ours)


async def test_who_is_not_there_is_a_network_error_without_the_token():
    async with Playground(clock=lambda: datetime.now(UTC)) as gone:
        url = gone.url
    api = bot(url, "1:secret")
    try:
        with pytest.raises(NetworkError) as caught:
            await api.initialize()
    finally:
        await api.shutdown()
    assert "secret" not in f"{caught.value!r}"


async def test_a_wrong_token_is_told_apart(playground: Playground):
    api = bot(playground.url, "1:wrong")
    try:
        with pytest.raises(InvalidToken):
            await api.initialize()
    finally:
        await api.shutdown()

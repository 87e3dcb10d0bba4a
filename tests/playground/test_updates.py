import asyncio
import io
from typing import Any

import pytest
from telegram import Bot
from telegram.error import Conflict

from tutorbot.playground import Playground
from tutorbot.playground.people import PATIENCE
from tutorbot.playground.testing import BareBot


async def test_an_offset_acknowledges_what_was_before_it(playground: Playground, api: BareBot):
    ada = playground.person(name="Ada")
    for text in ("one", "two", "three"):
        await ada.says(text)
    updates = await api.does("getUpdates", limit=2)
    assert [update["message"]["text"] for update in updates] == ["one", "two"]
    again = await api.does("getUpdates")
    assert len(again) == 3
    (last,) = await api.does("getUpdates", offset=again[-1]["update_id"])
    assert last["message"]["text"] == "three"
    assert await api.does("getUpdates", offset=last["update_id"] + 1) == []


async def test_a_negative_offset_keeps_the_newest(playground: Playground, api: BareBot):
    ada = playground.person(name="Ada")
    for text in ("one", "two", "three"):
        await ada.says(text)
    (kept,) = await api.does("getUpdates", offset=-1)
    assert kept["message"]["text"] == "three"
    assert len(await api.does("getUpdates")) == 1


async def test_a_long_poll_answers_as_soon_as_somebody_speaks(playground: Playground, api: BareBot):
    ada = playground.person(name="Ada")
    poll = asyncio.create_task(api.does("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    assert not poll.done()
    await ada.says("here")
    (update,) = await asyncio.wait_for(poll, PATIENCE)
    assert update["message"]["text"] == "here"


async def test_a_second_poller_ends_the_first(playground: Playground, bot: Bot, api: BareBot):
    first = asyncio.create_task(api.answer("getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(bot.get_updates(timeout=5))
    assert await first == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }
    await playground.person(name="Ada").says("hello")
    assert len(await second) == 1


async def test_nobody_polls_while_a_webhook_is_set(bot: Bot):
    await bot.set_webhook("https://example.com/hook")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_only_the_kinds_asked_for_are_queued(playground: Playground, api: BareBot):
    ada = playground.person(name="Ada")
    said = await ada.says("one")
    await ada.reacts(said, "👍")
    assert [_kind(update) for update in await api.does("getUpdates")] == ["message"]
    await api.does("getUpdates", allowed_updates=["message_reaction"], offset=-1)
    await ada.says("not asked for")
    await ada.reacts(said, "🔥")
    kinds = [_kind(update) for update in await api.does("getUpdates")]
    assert kinds == ["message", "message_reaction"]


async def test_names_of_methods_may_be_written_in_any_case(api: BareBot):
    assert (await api.does("GETME"))["is_bot"]


@pytest.mark.parametrize("way", ["query", "form", "json", "multipart"])
async def test_parameters_may_come_in_four_ways(playground: Playground, api: BareBot, way: str):
    ada = playground.person(name="Ada")
    await ada.starts()
    params = {"chat_id": str(ada.id), "text": "Hello"}
    address = api.address("sendMessage")
    match way:
        case "query":
            asked = api.session.get(address, params=params)
        case "form":
            asked = api.session.post(address, data=params)
        case "json":
            asked = api.session.post(address, json=params)
        case _:
            asked = api.session.post(address, data=params | {"file": io.BytesIO(b"x")})
    async with asked as answer:
        assert (await answer.json())["result"]["text"] == "Hello"


def _kind(update: dict[str, Any]) -> str:
    return next(name for name in update if name != "update_id")

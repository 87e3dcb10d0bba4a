import asyncio
import random

import aiohttp
import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError, TimedOut

from tutorbot.playground import Playground
from tutorbot.playground.faults import Chance, Fault, Trouble
from tutorbot.playground.people import Actor
from tutorbot.playground.testing import BareBot
from tutorbot.playground.world import Call


@pytest.fixture
async def ada(playground: Playground) -> Actor:
    person = playground.person(name="Ada")
    await person.starts()
    return person


async def test_a_flood_on_order(playground: Playground, api: BareBot, ada: Actor):
    playground.fault(Fault(trouble=Trouble.FLOOD, method="sendMessage", retry_after=7))
    answer = await api.answer("sendMessage", chat_id=ada.id, text="x")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 7})
    await api.does("sendMessage", chat_id=ada.id, text="x")


async def test_a_block_on_order(playground: Playground, bot: Bot, ada: Actor):
    playground.fault(Fault(trouble=Trouble.BLOCKED, chat_id=ada.id))
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ada.id, "x")


@pytest.mark.parametrize("trouble", [Trouble.INTERNAL, Trouble.BAD_GATEWAY])
async def test_a_broken_server_on_order(
    playground: Playground, bot: Bot, ada: Actor, trouble: Trouble
):
    playground.fault(Fault(trouble=trouble, times=2))
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(ada.id, "x")
    await bot.send_message(ada.id, "x")
    assert [bubble.text for bubble in ada.messages()] == ["/start", "x"]


async def test_a_call_that_was_done_but_never_answered(
    playground: Playground, ada: Actor, api: BareBot
):
    playground.fault(Fault(trouble=Trouble.APPLIED_SILENCE, seconds=5))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api.answer("sendMessage", chat_id=ada.id, text="x"), 0.2)
    assert ada.last().text == "x"


async def test_a_connection_that_drops_after_the_work(playground: Playground, bot: Bot, ada: Actor):
    playground.fault(Fault(trouble=Trouble.APPLIED_DROP))
    with pytest.raises(NetworkError):
        await bot.send_message(ada.id, "x")
    assert ada.last().text == "x"


async def test_a_server_that_hangs_and_then_hangs_up(
    playground: Playground, ada: Actor, api: BareBot
):
    playground.fault(Fault(trouble=Trouble.HANG, seconds=0.05))
    with pytest.raises(aiohttp.ClientError):
        await api.answer("sendMessage", chat_id=ada.id, text="x")
    assert [bubble.text for bubble in ada.messages()] == ["/start"]


async def test_a_library_sees_a_hanging_server_as_a_timeout(
    playground: Playground, bot: Bot, ada: Actor
):
    playground.fault(Fault(trouble=Trouble.HANG, seconds=5))
    with pytest.raises(TimedOut):
        await bot.send_message(ada.id, "x", read_timeout=0.1)


async def test_trouble_can_be_ordered_over_http(playground: Playground, ada: Actor, api: BareBot):
    address = f"{playground.url}/playground/faults"
    order = {"trouble": "flood", "method": "sendMessage", "retry_after": 3}
    async with api.session.post(address, json=order) as answer:
        assert answer.status == 200
    assert "retry after 3" in await api.refuses("sendMessage", chat_id=ada.id, text="x")
    async with api.session.post(address, json={"trouble": "plague"}) as answer:
        assert answer.status == 400


async def test_trouble_of_one_chat_leaves_the_others_alone(
    playground: Playground, ada: Actor, api: BareBot
):
    ben = playground.person(name="Ben")
    await ben.starts()
    playground.fault(Fault(trouble=Trouble.INTERNAL, chat_id=ben.id))
    await api.does("sendMessage", chat_id=ada.id, text="x")
    assert await api.refuses("sendMessage", chat_id=ben.id, text="x") == "Internal Server Error"


async def test_a_connection_that_drops_before_the_work(
    playground: Playground, bot: Bot, ada: Actor
):
    playground.fault(Fault(trouble=Trouble.DROP))
    with pytest.raises(NetworkError):
        await bot.send_message(ada.id, "x")
    assert not any(bubble.by_bot for bubble in ada.messages())


def test_trouble_by_chance_comes_at_its_rate_and_again_by_its_seed():
    rates = {"": {Trouble.FLOOD: 0.1, Trouble.INTERNAL: 0.05}, "getUpdates": {}}

    def met(method: str) -> list[Trouble | None]:
        chance = Chance(random.Random(7), rates)
        faults = [chance.meet(method) for _ in range(10_000)]
        return [fault.trouble if fault else None for fault in faults]

    assert met("sendmessage") == met("sendmessage")
    assert 900 < met("sendmessage").count(Trouble.FLOOD) < 1_100
    assert 400 < met("sendmessage").count(Trouble.INTERNAL) < 600
    assert met("getupdates").count(None) == 10_000


async def test_trouble_by_chance_meets_the_calls_of_the_bot(
    playground: Playground, api: BareBot, ada: Actor
):
    playground.world.faults.chance = Chance(random.Random(7), {"": {Trouble.INTERNAL: 1}})
    assert (await api.answer("sendMessage", chat_id=ada.id, text="x"))["error_code"] == 500
    playground.world.faults.chance = None
    await api.does("sendMessage", chat_id=ada.id, text="x")


async def test_processes_of_one_bot_are_told_apart_by_their_addresses(
    playground: Playground, ada: Actor
):
    heard = list[Call]()
    playground.world.overhear(heard.append)
    for name in ("one", "two"):
        bot = Bot(playground.token, base_url=f"{playground.url}/as/{name}/bot")
        async with bot:
            made = await bot.send_message(ada.id, f"I am {name}")
        assert [(call.caller, call.made) for call in heard if call.made] == [(name, made.id)]
        heard.clear()

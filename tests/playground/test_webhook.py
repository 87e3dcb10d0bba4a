import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from tutorbot.playground import Playground
from tutorbot.playground.people import PATIENCE


@dataclass
class Hook:
    """A bot's end of a webhook, whose answers a test lays out beforehand."""

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    secrets: list[str | None] = field(default_factory=list[str | None])
    answers: list[web.Response] = field(default_factory=list[web.Response])
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.taken.append(await request.json())
        await self.gate.wait()
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.taken if "message" in update]

    async def took(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.taken) < count:  # noqa: ASYNC110 - the hook is across a real wire
                await asyncio.sleep(0.01)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made = Hook()
    made.gate.set()
    app = web.Application()
    app.router.add_post("/hook", made.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield made
    await runner.cleanup()


async def test_updates_come_with_the_secret(playground: Playground, bot: Bot, hook: Hook):
    await bot.set_webhook(hook.url, secret_token="open-sesame")
    await playground.person(name="Ada").says("/start")
    await hook.took(1)
    assert hook.secrets == ["open-sesame"]
    assert hook.texts() == ["/start"]
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_what_waited_is_delivered_when_a_webhook_is_set(
    playground: Playground, bot: Bot, hook: Hook
):
    await playground.person(name="Ada").says("early")
    await bot.set_webhook(hook.url)
    await hook.took(1)
    assert hook.texts() == ["early"]


async def test_an_update_comes_again_until_it_is_taken(
    playground: Playground, bot: Bot, hook: Hook
):
    hook.answers += [web.Response(status=500), web.Response(status=404)]
    await bot.set_webhook(hook.url)
    ada = playground.person(name="Ada")
    await ada.says("one")
    await ada.says("two")
    await hook.took(4)
    assert hook.texts() == ["one", "one", "one", "two"]


async def test_a_busy_bot_is_left_alone_for_as_long_as_it_asks(
    playground: Playground, bot: Bot, hook: Hook
):
    hook.answers.append(web.Response(status=503, headers={"Retry-After": "0.4"}))
    await bot.set_webhook(hook.url)
    await playground.person(name="Ada").says("one")
    await hook.took(1)
    await asyncio.sleep(0.2)
    assert len(hook.taken) == 1
    await hook.took(2)


async def test_who_waits_before_the_next_attempt_holds_no_connection(
    playground: Playground, bot: Bot, hook: Hook
):
    hook.answers.append(web.Response(status=503, headers={"Retry-After": "0.3"}))
    await bot.set_webhook(hook.url, max_connections=1)
    await playground.person(name="Ada").says("a1")
    await hook.took(1)
    await playground.person(name="Ben").says("b1")
    await hook.took(3)
    assert hook.texts() == ["a1", "b1", "a1"]
    told = (await bot.get_webhook_info()).last_error_message
    assert told == "Wrong response from the webhook: 503 Service Unavailable"


async def test_no_more_are_brought_at_once_than_the_bot_has_asked_for(
    playground: Playground, bot: Bot, hook: Hook
):
    hook.gate.clear()
    await bot.set_webhook(hook.url, max_connections=2)
    for number in range(5):
        await playground.person(name=f"P{number}").says("hello")
    await hook.took(2)
    await asyncio.sleep(0.05)
    assert len(hook.taken) == 2
    hook.gate.set()
    await hook.took(5)


async def test_one_chat_waits_its_turn_and_others_do_not_wait_for_it(
    playground: Playground, bot: Bot, hook: Hook
):
    hook.gate.clear()
    await bot.set_webhook(hook.url)
    ada, ben = playground.person(name="Ada"), playground.person(name="Ben")
    await ada.says("a1")
    await ada.says("a2")
    await ben.says("b1")
    await hook.took(2)
    await asyncio.sleep(0.05)
    assert sorted(hook.texts()) == ["a1", "b1"]
    hook.gate.set()
    await hook.took(3)
    assert hook.texts()[-1] == "a2"


async def test_a_pressed_button_waits_for_no_message_of_its_chat(
    playground: Playground, bot: Bot, hook: Hook
):
    ada = playground.person(name="Ada")
    await ada.says("hello")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    await bot.send_message(ada.id, "?", reply_markup=keyboard)
    hook.gate.clear()
    await bot.set_webhook(hook.url)
    await ada.presses("A")
    await hook.took(2)
    assert {"message", "callback_query"} <= {key for update in hook.taken for key in update}
    hook.gate.set()
    await ada.settles(quiet=0.01)

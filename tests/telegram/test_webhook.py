import asyncio
import io
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from tutorbot.playground import Playground
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.playground.people import PATIENCE
from tutorbot.serving import listening, serving
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.order import Worked
from tutorbot.telegram.read import HEARD
from tutorbot.telegram.request import AiohttpRequest
from tutorbot.telegram.webhook import LARGEST, MOST_OF_ONE, Webhook, WebhookRefused

SECRET = "open-sesame"

Given = bytes | io.BytesIO | AsyncGenerator[bytes]
Body = bytes | Callable[[], AsyncGenerator[bytes]]


def message(number: int, chat: int = 5) -> bytes:
    said = {"update_id": number, "message": {"message_id": 1, "chat": {"id": chat}}}
    return json.dumps(said).encode()


@dataclass
class Door:
    """A webhook by itself, in front of work that a test lets end."""

    url: str
    webhook: Webhook
    bot: BotApi
    playground: Playground
    session: aiohttp.ClientSession
    begun: list[int] = field(default_factory=list[int])
    done: list[int] = field(default_factory=list[int])
    outcomes: dict[int, bool] = field(default_factory=dict[int, bool])
    gates: dict[int, asyncio.Event] = field(default_factory=dict[int, asyncio.Event])

    def holds(self, *numbers: int) -> None:
        self.gates |= {number: asyncio.Event() for number in numbers}

    async def work(self, update: dict[str, Any]) -> Worked:
        number: int = update["update_id"]
        self.begun.append(number)
        if number in self.gates:
            await self.gates[number].wait()
        self.done.append(number)
        return Worked(committed=self.outcomes.get(number, True))

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[asyncio.Event]:
        """The webhook hears, and Telegram knows of it."""
        stop, world = asyncio.Event(), self.playground.world
        asked = len(self.playground.calls("getWebhookInfo"))
        hearing = asyncio.create_task(self.webhook.hear(self.bot, self.work, stop))
        try:
            await self.until(lambda: len(self.playground.calls("getWebhookInfo")) > asked)
            await self.until(lambda: (world.webhook or {}).get("url") == self.webhook.address)
            yield stop
        finally:
            stop.set()
            await hearing

    async def post(self, body: Given, **headers: str | None) -> tuple[int, str]:
        """Bring something as Telegram does; the status, and after how long to come again."""
        async with self.session.post(self.url, data=body, headers=_headers(headers)) as answer:
            await answer.read()
            return answer.status, answer.headers.get("Retry-After", "")

    def brings(self, number: int, chat: int = 5) -> "asyncio.Task[tuple[int, str]]":
        return asyncio.create_task(self.post(message(number, chat)))

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not done():  # noqa: ASYNC110 - what is awaited is a condition, not an event
                await asyncio.sleep(0.005)


def _headers(said: dict[str, str | None]) -> dict[str, str]:
    usual = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    named = {name.replace("_", "-"): value for name, value in said.items()}
    return {name: value for name, value in {**usual, **named}.items() if value is not None}


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground(clock=lambda: datetime.now(UTC)) as playground:
        yield playground


@asynccontextmanager
async def made(playground: Playground, *, at_once: int, most_in_hand: int) -> AsyncGenerator[Door]:
    bot = BotApi(
        playground.token,
        base_url=f"{playground.url}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )
    with listening(0) as on:
        url = f"http://127.0.0.1:{on.getsockname()[1]}/telegram"
        webhook = Webhook(
            url=url,
            secret=SECRET,
            token=playground.token,
            at_once=at_once,
            most_in_hand=most_in_hand,
        )
        app = Starlette(routes=[webhook.route])
        connector = aiohttp.TCPConnector(limit=0)
        async with serving(app, on), bot, aiohttp.ClientSession(connector=connector) as session:
            yield Door(url, webhook, bot, playground, session)


@pytest.fixture
async def door(playground: Playground) -> AsyncIterator[Door]:
    async with made(playground, at_once=2, most_in_hand=6) as door:
        yield door


@pytest.fixture(scope="module")
async def strict_door() -> AsyncIterator[Door]:
    """For whatever leaves no trace."""
    async with (
        Playground(clock=lambda: datetime.now(UTC)) as playground,
        made(playground, at_once=2, most_in_hand=6) as door,
        door.open(),
    ):
        yield door


async def forever() -> AsyncGenerator[bytes]:
    """A body that does not say how long it is, and does not end."""
    while True:
        yield b" " * 65536
        await asyncio.sleep(0)


TOO_LARGE = b'{"update_id": 1, "x": "' + b"x" * LARGEST + b'"}'


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (403, message(1), {"X_Telegram_Bot_Api_Secret_Token": None}),
        (403, message(1), {"X_Telegram_Bot_Api_Secret_Token": ""}),
        (403, message(1), {"X_Telegram_Bot_Api_Secret_Token": "open-sesam"}),
        (403, message(1), {"X_Telegram_Bot_Api_Secret_Token": "open-sesamé"}),
        (403, TOO_LARGE, {"X_Telegram_Bot_Api_Secret_Token": "guessed"}),
        (415, message(1), {"Content_Type": "text/plain"}),
        (415, message(1), {"Content_Type": "application/x-www-form-urlencoded"}),
        (415, message(1), {"Content_Type": "application/json5"}),
        (413, TOO_LARGE, {}),
        (413, forever, {}),
        (400, b"", {}),
        (400, b"no json", {}),
        (400, b'{"update_id": 1', {}),
        (400, b'{"update_id": 1, "x": "\xff"}', {}),
        (400, b'{"update_id": 1, "x": NaN}', {}),
        (400, b"[" * 100_000, {}),
        (400, b"[1]", {}),
        (400, b'{"message": {}}', {}),
        (400, b'{"update_id": "1"}', {}),
        (400, b'{"update_id": 1.5}', {}),
        (400, b'{"update_id": true}', {}),
        (400, b'{"update_id": -1}', {}),
        (400, b'{"update_id": 9223372036854775808}', {}),
        (400, b'{"update_id": ' + b"1" * 5000 + b"}", {}),
        (200, message(1), {"Content_Type": "Application/JSON; charset=utf-8"}),
    ],
)
async def test_only_an_update_of_telegrams_is_taken(
    strict_door: Door, status: int, body: Body, headers: dict[str, str | None]
):
    strict_door.begun.clear()
    given = io.BytesIO(body) if isinstance(body, bytes) else body()
    assert (await strict_door.post(given, **headers))[0] == status
    assert strict_door.begun == ([1] if status == 200 else [])


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "", 405), ("PUT", "", 405), ("POST", "/x", 404)]
)
async def test_only_posts_to_its_path_are_for_the_webhook(
    strict_door: Door, method: str, path: str, status: int
):
    strict_door.begun.clear()
    url = strict_door.url + path
    async with strict_door.session.request(
        method, url, data=message(1), headers=_headers({})
    ) as answer:
        assert answer.status == status
    assert strict_door.begun == []


async def test_what_was_not_committed_is_to_come_again_soon(door: Door):
    door.outcomes[1] = False
    async with door.open():
        assert await door.post(message(1)) == (503, "2")
        door.outcomes[1] = True
        assert await door.post(message(1)) == (200, "")


async def test_before_it_hears_and_after_it_stops_updates_are_put_off(door: Door):
    assert await door.post(message(1)) == (503, "1")
    async with door.open():
        assert await door.post(message(2)) == (200, "")
    assert await door.post(message(3)) == (503, "1")
    assert door.begun == [2]


async def test_one_chat_stays_in_order_and_its_flood_holds_up_no_other(door: Door):
    door.holds(1)
    async with door.open():
        flood = [door.brings(1)]
        await door.until(lambda: door.begun == [1])
        for number in (2, 3, 4):
            flood.append(door.brings(number))
            await asyncio.sleep(0.02)
        for number in (11, 12, 13):  # two are worked on at once, and the flood is one of them
            assert await door.post(message(number, chat=number)) == (200, "")
        assert door.done == [11, 12, 13]
        door.gates[1].set()
        assert {await each for each in flood} == {(200, "")}
    assert door.done == [11, 12, 13, 1, 2, 3, 4]


async def test_more_than_can_be_held_is_sent_away_at_once(door: Door):
    held = range(1, 1 + MOST_OF_ONE)
    door.holds(*held, 20, 21)
    async with door.open():
        waiting = [door.brings(number) for number in held]
        await door.until(lambda: len(door.begun) == 1)
        await asyncio.sleep(0.05)
        assert await door.post(message(10)) == (503, "1"), "too many of this chat"
        waiting += [door.brings(number, chat=number) for number in (20, 21)]
        await door.until(lambda: len(door.begun) == 2)
        await asyncio.sleep(0.05)
        assert await door.post(message(30, chat=30)) == (503, "1"), "too many of all"
        # Not even read: whoever is sent away need not have said anything yet.
        assert await door.post(forever()) == (503, "1")
        for gate in door.gates.values():
            gate.set()
        assert {await each for each in waiting} == {(200, "")}
        assert await door.post(message(10)) == (200, "")


async def test_work_goes_on_when_its_bringer_hangs_up_and_comes_again_harmlessly(door: Door):
    door.holds(1)
    async with door.open():
        first = door.brings(1)
        await door.until(lambda: door.begun == [1])
        first.cancel()
        again = door.brings(1)
        await asyncio.sleep(0.05)
        assert (door.begun, door.done) == ([1], [])
        door.gates[1].set()
        assert await again == (200, "")
    assert door.done == [1, 1], "one after the other; the second finds it done"


async def test_a_stop_finishes_what_is_in_hand_and_answers_it(door: Door):
    door.holds(1)
    async with door.open() as stop:
        first = door.brings(1)
        await door.until(lambda: door.begun == [1])
        stop.set()
        await asyncio.sleep(0.02)
        assert await door.post(message(2, chat=6)) == (503, "1")
        door.gates[1].set()
        assert await first == (200, "")
    assert door.done == [1]


# What Telegram is told


async def test_a_webhook_is_set_once_with_all_that_it_needs_and_never_deleted(
    door: Door, playground: Playground
):
    await playground.person(name="Ada").says("waited for the webhook")
    async with door.open():
        await door.until(lambda: len(door.done) == 1)
    async with door.open():  # as the next process would
        await door.post(message(1))
    (call,) = playground.calls("setWebhook")
    assert call.params["url"].startswith(f"{door.url}?")
    assert call.params["secret_token"] == SECRET
    assert set(call.params["allowed_updates"]) == set(HEARD)
    assert call.params["max_connections"] == 100
    assert not call.params.get("drop_pending_updates")
    assert playground.calls("deleteWebhook") == []
    assert playground.world.webhook


async def test_a_webhook_that_somebody_took_away_is_set_again_and_trouble_is_told(
    door: Door, playground: Playground
):
    door.webhook = Webhook(
        url="http://127.0.0.1:9/telegram", secret=None, token=playground.token, look_seconds=0.02
    )
    ada = playground.person(name="Ada")
    with capture_logs() as logs:
        async with door.open():
            await door.bot.delete_webhook()
            await door.until(lambda: playground.world.webhook is not None)
            await ada.says("nobody listens there")
            await door.until(lambda: any(each["event"] == "webhook.trouble" for each in logs))
    told = [each["event"] for each in logs]
    assert told.count("webhook.set") == 2
    assert told.count("webhook.trouble") <= 2, "once for each failure that Telegram tells of"


@pytest.mark.parametrize("secret", [None, "another"])
async def test_another_secret_is_told_to_telegram_and_no_secret_shows(
    door: Door, playground: Playground, secret: str | None
):
    async with door.open():
        pass
    again = Webhook(url=door.url, secret=secret, token=playground.token)
    door.webhook = again
    async with door.open():
        pass
    first, second = playground.calls("setWebhook")
    assert first.params["secret_token"] != second.params["secret_token"]
    assert SECRET not in first.params["url"]
    assert second.params["secret_token"] not in second.params["url"]


async def test_processes_with_one_token_agree_on_a_secret_that_nobody_set():
    twins = [Webhook(url="https://b.example/t", secret=None, token="1:a") for _ in range(2)]
    other = Webhook(url="https://b.example/t", secret=None, token="1:b")
    assert twins[0].address == twins[1].address != other.address
    assert "1:a" not in twins[0].address


@pytest.mark.slow
async def test_many_that_start_at_once_wait_as_long_as_telegram_says(
    door: Door, playground: Playground
):
    playground.fault(Fault(trouble=Trouble.FLOOD, method="setwebhook"))
    async with door.open():
        pass
    assert [call.status for call in playground.calls("setWebhook")] == [429, 200]


async def test_an_address_that_telegram_does_not_take_is_named_with_its_remedy(door: Door):
    door.webhook = Webhook(url="http://bot.example.org/t", secret=None, token="1:a")
    with pytest.raises(WebhookRefused, match="TUTORBOT_WEBHOOK_URL"):
        await door.webhook.hear(door.bot, door.work, asyncio.Event())

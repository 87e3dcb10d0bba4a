"""A bot that runs against the playground, on a real database, with a conversation of its own."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from telegram.ext import BaseRateLimiter

from tutorbot.core.learner import Learner
from tutorbot.core.pacing import Lane
from tutorbot.core.prose import words
from tutorbot.drawing.studio import Studio
from tutorbot.playground import Playground
from tutorbot.playground.people import PATIENCE, Actor
from tutorbot.serving import listening, serving
from tutorbot.store.unit import Store, Unit
from tutorbot.telegram.app import TelegramBot, english
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.net import Net
from tutorbot.telegram.presence import Presence
from tutorbot.telegram.read import Said, Wrote
from tutorbot.telegram.request import AiohttpRequest
from tutorbot.telegram.send import Sender
from tutorbot.telegram.webhook import Webhook
from tutorbot.views.reply import Reply, Say, Utterance


def clock() -> datetime:
    return datetime.now(UTC)


def line(text: str) -> Say:
    return Say(reply=Reply(prose=(words(text),)))


@dataclass
class Script:
    """Says what it was told to say to a text; echoes any other."""

    replies: dict[str, Sequence[Utterance]] = field(default_factory=dict[str, Sequence[Utterance]])
    heard: list[Said] = field(default_factory=list[Said])
    first: Callable[[Unit, Learner | None, Said], Awaitable[None]] | None = None
    otherwise: Sequence[Utterance] = ()

    async def __call__(
        self, unit: Unit, learner: Learner | None, said: Said
    ) -> Sequence[Utterance]:
        self.heard.append(said)
        if self.first:
            await self.first(unit, learner, said)
        if not isinstance(said, Wrote):
            return self.otherwise
        return self.replies.get(said.text, (line(f"You said {said.text}"),))


@dataclass
class House:
    playground: Playground
    store: Store
    studio: Studio
    script: Script

    def bot(
        self, *, token: str | None = None, url: str | None = None, webhook: Webhook | None = None
    ) -> TelegramBot:
        return TelegramBot(
            token=token or self.playground.token,
            base_url=url or self.playground.url,
            store=self.store,
            studio=self.studio,
            conversation=self.script,
            clock=clock,
            timezone="Europe/Berlin",
            sweep_seconds=0.2,
            webhook=webhook,
        )

    @asynccontextmanager
    async def hook(
        self, *, secret: str | None = None, at_once: int = 32, most_in_hand: int = 128
    ) -> AsyncGenerator[tuple[Webhook, str]]:
        """A webhook that is served, and its address."""
        with listening(0) as on:
            url = f"http://127.0.0.1:{on.getsockname()[1]}/telegram"
            webhook = Webhook(
                url=url,
                secret=secret,
                token=self.playground.token,
                at_once=at_once,
                most_in_hand=most_in_hand,
            )
            async with serving(Starlette(routes=[webhook.route]), on):
                yield webhook, url

    @asynccontextmanager
    async def open(self, webhook: Webhook | None = None) -> AsyncGenerator[None]:
        """The bot runs from here to the end of the block."""
        stop = asyncio.Event()
        running = asyncio.create_task(self.bot(webhook=webhook).run(stop))
        try:
            yield
        finally:
            stop.set()
            await running

    @asynccontextmanager
    async def sender(
        self, pacer: BaseRateLimiter[Lane] | None = None, presence: Presence | None = None
    ) -> AsyncGenerator[tuple[Sender, BotApi]]:
        """The part that sends, without the part that hears."""
        api = BotApi(
            self.playground.token,
            base_url=f"{self.playground.url}/bot",
            request=AiohttpRequest(read_seconds=2),
            get_updates_request=AiohttpRequest(connections=1),
            rate_limiter=pacer,
        )
        async with api:
            sender = Sender(
                api, self.store, self.studio, clock, presence=presence, sweep_seconds=0.2
            )
            try:
                yield sender, api
            finally:
                await sender.close()

    def net(self, sender: Sender, clock: Callable[[], datetime] = clock) -> Net:
        """The part that decides, without the part that hears."""
        return Net(
            store=self.store,
            sender=sender,
            conversation=self.script,
            languages=english,
            clock=clock,
            timezone="UTC",
            day_starts=0,
        )

    def clock(self) -> datetime:
        return clock()

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not done():  # noqa: ASYNC110 - what is awaited is a condition, not an event
                await asyncio.sleep(0.01)

    def person(self, name: str = "Ada") -> Actor:
        return self.playground.person(name=name)


@pytest.fixture(scope="session")
async def studio() -> AsyncIterator[Studio]:
    studio = Studio(deadline=30)  # a slow machine takes its time
    studio.start()
    yield studio
    await studio.close()


@pytest.fixture
async def house(store: Store, studio: Studio) -> AsyncIterator[House]:
    async with Playground(clock=clock) as playground:
        yield House(playground=playground, store=store, studio=studio, script=Script())

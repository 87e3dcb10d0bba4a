"""Several processes send: each message of certain fate once, in order, and none is lost."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from telegram.ext import BaseRateLimiter

from tutorbot.core.ids import ChatId
from tutorbot.core.pacing import Lane
from tutorbot.core.prose import words
from tutorbot.playground.people import Actor
from tutorbot.store import outbox, senders
from tutorbot.telegram.presence import Presence
from tutorbot.telegram.send import Sender
from tutorbot.views.reply import Reply, Say

if TYPE_CHECKING:
    from tests.telegram.conftest import House

pytestmark = pytest.mark.postgres


class Turnstile(BaseRateLimiter[Lane]):
    """Lets so many messages through; whoever comes next waits there."""

    def __init__(self, messages: int) -> None:
        self._open = asyncio.Semaphore(messages)
        self.at_it = asyncio.Event()

    def let_through(self, messages: int) -> None:
        for _ in range(messages):
            self._open.release()

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def process_request(  # pyright: ignore[reportIncompatibleMethodOverride] - same, with our names of the types
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],  # noqa: ARG002 - PTB's
        rate_limit_args: Lane | None,  # noqa: ARG002 - PTB's
    ) -> Any:
        if endpoint == "sendMessage":
            if self._open.locked():
                self.at_it.set()
            await self._open.acquire()
        return await callback(*args, **kwargs)


@dataclass
class Process:
    """One that sends, with a clock of its own."""

    presence: Presence
    sender: Sender
    gate: Turnstile
    time: list[float]


@dataclass
class Street:
    house: "House"
    chat: ChatId
    reader: Actor

    @asynccontextmanager
    async def process(self, messages: int = 99, patience: float = 10) -> AsyncGenerator[Process]:
        """One that is seen, and does what it is told to."""
        time, gate = [0.0], Turnstile(messages)
        presence = Presence(
            self.house.store, patience=timedelta(seconds=patience), now=lambda: time[0]
        )
        await presence.be_seen()
        async with self.house.sender(gate, presence) as (sender, _):
            yield Process(presence, sender, gate, time)
            gate.let_through(99)

    async def add(self, *said: str) -> None:
        async with self.house.store.unit() as unit:
            await outbox.add(
                unit,
                chat=self.chat,
                learner=None,
                update_id=None,
                utterances=[Say(reply=Reply(prose=(words(each),))) for each in said],
                at=self.house.clock(),
            )

    async def minutes_pass(self, process: Process) -> None:
        """For the database and by the process's own clock; it does nothing meanwhile."""
        process.time[0] += 60
        async with self.house.store.unit() as unit:
            await unit.execute(
                text("UPDATE senders SET seen_at = seen_at - interval '1 min' WHERE id = :id"),
                {"id": process.presence.name or _name(process.presence)},
            )

    async def hears(self, *said: str) -> None:
        await self.reader.hears(lambda bubble: bubble.text == said[-1])
        await self.reader.settles()
        assert tuple(each.text for each in self.reader.messages() if each.by_bot) == said


def _name(presence: Presence) -> object:
    return presence._name  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - it keeps it to itself once it does not hold


@pytest.fixture
async def street(house: "House") -> Street:
    reader = house.person()
    await reader.says("/start")
    house.playground.world.updates.clear()  # nobody here hears
    return Street(house, ChatId(reader.chat_id), reader)


async def test_who_stood_still_sends_nothing_that_others_have_sent_meanwhile(street: Street):
    async with street.process(messages=1) as frozen, street.process() as other:
        await street.add("one", "two", "three")
        await frozen.sender.sweep()
        await frozen.gate.at_it.wait()  # has sent the first, and waits with the second
        await street.minutes_pass(frozen)
        other.time[0] += 7
        await other.presence.be_seen()
        other.time[0] += 7
        await other.presence.be_seen()
        await other.sender.sweep()
        await street.hears("one", "two", "three")
        frozen.gate.let_through(9)
        await street.add("four")
        await frozen.presence.be_seen()  # under another name
        await frozen.sender.sweep()
        await street.hears("one", "two", "three", "four")
        assert await _left(street.house) == []


async def test_who_stood_still_for_so_short_that_nobody_noticed_goes_on(street: Street):
    async with street.process(messages=1) as frozen:
        await street.add("one", "two", "three")
        await frozen.sender.sweep()
        await frozen.gate.at_it.wait()
        frozen.time[0] += 9  # it cannot know that nobody did
        frozen.gate.let_through(9)
        await frozen.presence.be_seen()
        await frozen.sender.sweep()
        await street.hears("one", "two", "three")


async def test_who_stops_hands_over_the_rest_at_once(street: Street):
    async with street.process(messages=1) as leaving, street.process() as other:
        await street.add("one", "two", "three")
        await leaving.sender.sweep()
        await leaving.gate.at_it.wait()
        assert await other.sender.sweep() == 0
        await leaving.sender.close(grace_seconds=0.1)
        assert await other.sender.sweep() == 1
        await street.hears("one", "two", "three")


async def test_who_sends_to_a_chat_takes_along_what_others_add_to_it(street: Street):
    async with street.process(messages=0) as one, street.process() as other:
        await street.add("one")
        one.sender.wake(street.chat)
        await one.gate.at_it.wait()
        await street.add("two")
        other.sender.wake(street.chat)
        await asyncio.sleep(0.05)  # refused: the chat is in the other's hands
        one.gate.let_through(9)
        await street.hears("one", "two")


async def test_a_long_reply_that_was_interrupted_goes_on_in_another_process(street: Street):
    async with street.process(messages=1) as one, street.process() as other:
        await street.add("a" * 4000 + " " + "b" * 3000)
        await one.sender.sweep()
        await one.gate.at_it.wait()  # has sent the first part, and waits with the second
        one.time[0] += 9
        one.gate.let_through(1)
        while not await other.sender.sweep():  # noqa: ASYNC110 - it is put off any moment
            await asyncio.sleep(0.01)
        await street.hears("a" * 4000, "b" * 3000)


async def test_nobody_is_taken_for_dead_because_the_database_was_away(house: "House"):
    time = [0.0]
    one = Presence(house.store, now=lambda: time[0])
    other = Presence(house.store, now=lambda: time[0])
    for each in (one, other):
        await each.be_seen()
    async with house.store.unit() as unit:
        await unit.execute(text("UPDATE senders SET seen_at = seen_at - interval '1 min'"))
    for time[0] in range(60, 70, 2):  # it is back, and one of the two comes back first
        await one.be_seen()
    assert other.name is None
    await other.be_seen()
    for time[0] in range(70, 90, 2):
        await one.be_seen()
        await other.be_seen()
    assert one.name
    assert other.name
    assert await _known(house) == {one.name, other.name}
    async with house.store.unit() as unit:
        await senders.leave(unit, one.name)
    before = one.name
    await one.be_seen()
    assert one.name != before


async def _known(house: "House") -> set[object]:
    async with house.store.unit() as unit:
        return set((await unit.execute(text("SELECT id FROM senders"))).scalars())


async def _left(house: "House") -> list[int]:
    async with house.store.unit() as unit:
        return list(
            (await unit.execute(text("SELECT id FROM outbox WHERE fate IS NULL"))).scalars()
        )

"""Processes that send are killed, stopped and stood still at random."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.telegram.sending import AT_ONCE, PATIENCE
from tutorbot.core.ids import ChatId
from tutorbot.core.prose import words
from tutorbot.store import outbox
from tutorbot.views.reply import Reply, Say

if TYPE_CHECKING:
    from tests.telegram.conftest import House

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

CHATS, MESSAGES, PROCESSES = 6, 40, 2


async def test_each_message_arrives_in_order_and_those_of_certain_fate_once(
    house: "House", database_url: str
):
    dice = Random(5)
    readers = [house.person(f"Person {number}") for number in range(CHATS)]
    for reader in readers:
        await reader.says("/start")
    house.playground.world.updates.clear()  # nobody here hears
    said = [str(number) for number in range(MESSAGES)]

    async def write() -> None:
        for each in said:
            for reader in readers:
                async with house.store.unit() as unit:
                    await outbox.add(
                        unit,
                        chat=ChatId(reader.chat_id),
                        learner=None,
                        update_id=None,
                        utterances=[Say(reply=Reply(prose=(words(each),)))],
                        at=house.clock(),
                    )
            await asyncio.sleep(0.1)

    async def start() -> Process:
        program = Path(__file__).parent / "sending.py"
        args = (sys.executable, program, database_url, house.playground.url, house.playground.token)
        process = await asyncio.create_subprocess_exec(*args, stdout=PIPE, env=dict(os.environ))
        assert process.stdout
        await process.stdout.readline()
        return process

    running = [await start() for _ in range(PROCESSES)]
    writing = asyncio.create_task(write())
    spoiled = 0
    for trouble in (signal.SIGSTOP, signal.SIGKILL, signal.SIGTERM):
        await asyncio.sleep(dice.uniform(0.3, 0.9))
        victim = running.pop(dice.randrange(PROCESSES))
        victim.send_signal(trouble)
        spoiled += trouble != signal.SIGTERM
        if trouble == signal.SIGSTOP:
            await asyncio.sleep(2 * PATIENCE)
            victim.send_signal(signal.SIGCONT)
            running.append(victim)
        else:
            assert await victim.wait() == (0 if trouble == signal.SIGTERM else -trouble)
            if trouble == signal.SIGKILL:
                running.append(await start())
    await writing
    async with asyncio.timeout(60):
        while await _depth(house):  # noqa: ASYNC110 - what is awaited is a condition, not an event
            await asyncio.sleep(0.1)
    for process in running:
        process.terminate()
    assert [await process.wait() for process in running] == [0]

    twice = 0
    for reader in readers:
        heard = [bubble.text for bubble in reader.messages() if bubble.by_bot]
        assert sorted(set(heard), key=int) == said, "something was lost"
        assert list(dict.fromkeys(heard)) == said, "something was overtaken"
        twice += sum(count - 1 for count in Counter(heard).values())
    # Only what was on its way when a process was killed or stood still.
    assert twice <= spoiled * AT_ONCE
    async with house.store.unit() as unit:
        assert (await unit.execute(text("SELECT count(*) FROM senders"))).scalar_one() == 0


async def _depth(house: "House") -> int:
    async with house.store.unit() as unit:
        return await outbox.depth(unit)

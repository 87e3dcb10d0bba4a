"""The command itself behind a webhook, as a process that is told to stop."""

import asyncio
import os
import socket
import sys
from datetime import UTC, datetime

import pytest

from tests.chat.school import School
from tutorbot.playground.people import Actor

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

TIMES = 4


@pytest.mark.long
async def test_a_sigterm_in_the_middle_loses_nothing_and_says_nothing_twice(
    closed_school: School, database_url: str
):
    school = closed_school
    people = [school.person(name) for name in ("Ada", "Ben", "Cleo", "Dan", "Eve")]
    process = await start(school, database_url)
    for _ in range(TIMES):
        for person in people:
            await person.says("/help")
    await people[0].hears(timeout=60)
    process.terminate()
    async with asyncio.timeout(10):
        assert await process.wait() == 0
    assert school.playground.world.webhook, "whoever is left goes on hearing"
    school.clock.now = datetime.now(UTC)  # by which the process worked
    async with school.bot():
        for person in people:
            await school.playground.world.until(lambda person=person: helped(person) >= TIMES, 60)
        await people[0].settles()
    assert [helped(person) for person in people] == [TIMES] * len(people)


def helped(person: Actor) -> int:
    return sum("/start" in bubble.text for bubble in person.messages() if bubble.by_bot)


async def start(school: School, database_url: str) -> asyncio.subprocess.Process:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tutorbot",
        "run",
        "--webhook",
        "--no-jobs",
        env=os.environ
        | {
            "TUTORBOT_TELEGRAM_URL": school.playground.url,
            "TUTORBOT_TELEGRAM_TOKEN": school.playground.token,
            "TUTORBOT_DATABASE_URL": database_url,
            "TUTORBOT_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "TUTORBOT_LISTEN": f"127.0.0.1:{port}",
            "TUTORBOT_LOG": "warning",
        },
    )

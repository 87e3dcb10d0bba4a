"""A kill -9 at any moment loses no answer and counts none twice."""

import asyncio
import os
import random
import signal
import sys

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(240)]

ANSWERS = 40
KILLS = 5


async def test_answers_survive_a_bot_that_is_killed_again_and_again(
    closed_school: School, database_url: str
):
    school, dice = closed_school, random.Random(11)
    ada = Sitter(school, school.person("Ada"))
    paper = school.paper(1)
    async with school.bot():
        await ada.opens(paper)
        number = 1
        while (await ada.at_hand(paper)).question.id != "gru-count-typed":
            number += 1
            await ada.presses_and_sees("Skip", f"Question {number} of")
        await ada.actor.settles()

    async def talks() -> None:
        for count in range(ANSWERS):
            await ada.actor.says(f"{count + 4}(n^2+nm+n)")
            await asyncio.sleep(dice.uniform(0, 0.3))

    talking = asyncio.create_task(talks())
    for _ in range(KILLS):
        process = await start(school, database_url)
        await asyncio.sleep(dice.uniform(1.0, 3.0))
        process.send_signal(signal.SIGKILL)
        await process.wait()
    await talking
    process = await start(school, database_url)
    try:
        # Forty verdicts and as many edits go at the pace of one chat, a message a second.
        await ada.actor.hears(lambda bubble: f"I read {ANSWERS + 3}·" in bubble.text, timeout=150)
        await ada.actor.settles(timeout=20)
    finally:
        process.terminate()
        await process.wait()

    async with school.store.unit() as unit:
        counted = (await unit.execute(text("SELECT raw FROM answers ORDER BY id"))).scalars().all()
    assert counted == [f"{count + 4}(n^2+nm+n)" for count in range(ANSWERS)]
    said = [bubble.text for bubble in ada.actor.messages() if bubble.by_bot]
    for count in range(ANSWERS):
        assert any(f"I read {count + 4}·(" in each for each in said), f"no reply to answer {count}"


async def start(school: School, database_url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tutorbot",
        "run",
        env=os.environ
        | {
            "TUTORBOT_TELEGRAM_URL": school.playground.url,
            "TUTORBOT_TELEGRAM_TOKEN": school.playground.token,
            "TUTORBOT_DATABASE_URL": database_url,
            "TUTORBOT_LOG": "error",
        },
    )

"""A stop is obeyed within ten seconds, whatever hangs, and what was in hand goes on elsewhere."""

import asyncio
import signal
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter
from tests.processes import Program, children, frozen
from tutorbot import wiring
from tutorbot.jobs.queue import DIFFICULTY
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.playground.people import PATIENCE
from tutorbot.settings import Settings

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(600)]

ANSWERS = ("4(n^2+nm+n)", "5(n^2+nm+n)")


async def test_a_stop_comes_in_time_whatever_hangs_and_nothing_is_lost_by_it(
    closed_school: School, database_url: str, tmp_path: Path
):
    """The judge, a call to Telegram, and a job: all of them at once, in a bot and in a worker."""
    school = closed_school
    ada, ben = (Sitter(school, school.person(name)) for name in ("Ada", "Ben"))
    await reaches_a_typed_question(ada)
    await ben.actor.starts()
    where = {"TUTORBOT_DATABASE_URL": database_url}
    async with (
        Program.started(school.playground, tmp_path / "worker", where, "jobs", "run") as worker,
        Program.started(school.playground, tmp_path / "bot", where, "run") as bot,
        school.store.unit() as unit,
    ):
        await unit.execute(text("LOCK TABLE watermarks IN ACCESS EXCLUSIVE MODE"))
        await wiring.make_jobs(Settings(), school.store, school.clock).defer(DIFFICULTY)
        await until_difficulties(school, "doing")
        with frozen(*await helpers(bot)):
            await reply_hangs(school, ben)
            await keeps_the_judge(school, ada, ANSWERS[0])
            await asyncio.gather(
                bot.is_gone_in_time(signal.SIGTERM), worker.is_gone_in_time(signal.SIGTERM)
            )
    assert bot.told("updates.handed_over") == bot.told("messages.handed_over") == 1
    await until_difficulties(school, "todo")

    async with Program.started(school.playground, tmp_path / "again", where, "run") as again:
        await ada.actor.hears(lambda bubble: "I read 4·" in bubble.text, timeout=60)
        await ben.actor.hears(lambda bubble: "/start" in bubble.text, timeout=60)
        await ada.actor.says(ANSWERS[1])
        await ada.actor.hears(lambda bubble: "I read 5·" in bubble.text, timeout=60)
        await reply_hangs(school, ben)
        await again.is_gone_in_time(signal.SIGINT, signal.SIGTERM)
        # Who asks twice does not wait for what is in hand: nothing has run out of time.
        assert again.told("messages.handed_over") == 0
    async with school.store.unit() as unit:
        counted = (await unit.execute(text("SELECT raw FROM answers ORDER BY id"))).scalars().all()
    assert tuple(counted) == ANSWERS
    for read in ("I read 4·", "I read 5·"):
        assert sum(each.by_bot and read in each.text for each in ada.actor.messages()) == 1


async def reaches_a_typed_question(sitter: Sitter) -> None:
    paper = sitter.school.paper(1)
    async with sitter.school.bot():
        await sitter.opens(paper)
        number = 1
        while (await sitter.at_hand(paper)).question.id != "gru-count-typed":
            number += 1
            await sitter.presses_and_sees("Skip", f"Question {number} of")
        await sitter.actor.settles()


async def helpers(bot: Program) -> list[int]:
    """Wait until the bot has all of them: two judges, and one who draws.

    They are the only processes that its own processes have started.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            found = [each for child in children(bot.process.pid) for each in children(child)]
            if len(found) == 3:
                return found
            await asyncio.sleep(0.1)


async def reply_hangs(school: School, sitter: Sitter) -> None:
    """Ask for help, and wait until the bot is about to give it, and is not heard."""
    chat = sitter.actor.id
    fault = Fault(trouble=Trouble.HANG, method="sendmessage", chat_id=chat, seconds=60)
    school.playground.fault(fault)
    await sitter.actor.says("/help")
    assert await school.playground.world.until(lambda: fault.times == 0, PATIENCE)


async def keeps_the_judge(school: School, sitter: Sitter, answer: str) -> None:
    """Type an answer, and wait until the bot shows that it thinks about it."""

    def shown() -> int:
        calls = school.playground.calls("sendChatAction")
        return sum(int(call.params["chat_id"]) == sitter.actor.id for call in calls)

    before = shown()
    await sitter.actor.says(answer)
    assert await school.playground.world.until(lambda: shown() > before, PATIENCE)


async def until_difficulties(school: School, status: str) -> None:
    """Wait until there is a job with that status."""
    count = text(
        "SELECT count(*) FROM procrastinate.procrastinate_jobs"
        " WHERE task_name = :name AND status::text = :status"
    )
    async with asyncio.timeout(PATIENCE):
        while True:
            async with school.store.unit() as unit:
                found = await unit.execute(count, {"name": DIFFICULTY, "status": status})
                if found.scalar_one():
                    return
            await asyncio.sleep(0.1)

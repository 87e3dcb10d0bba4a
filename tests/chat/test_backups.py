"""A conversation goes on after a restore where it stood when the backup was written."""

from pathlib import Path

import pytest

from tests.chat.school import School, Sitter
from tests.store.contents import digests
from tutorbot import wiring
from tutorbot.core.course import Mark
from tutorbot.settings import Settings
from tutorbot.store import client_tools, dump, restore
from tutorbot.store.unit import Store

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


async def test_a_conversation_goes_on_where_it_stood_when_the_backup_was_written(
    closed_school: School,
    store: Store,
    database_url: str,
    empty_database_url: str,
    tmp_path: Path,
    migrations: Path,
):
    school, file = closed_school, tmp_path / "tutor.dump"
    ada = Sitter(school, school.person("Ada"))
    paper = school.paper(1)
    async with school.bot(), wiring.make_jobs(Settings(), store, school.clock).at_work():
        await ada.opens(paper)
        for count in range(3):
            if count:
                await ada.presses_and_sees("Try again", "Question 1 of")
            school.clock.passes(seconds=20)
            await answers(ada, Mark.WRONG, "Not quite")
        # While the bot is at work.
        await dump.write(database_url, file, pg_dump=client_tools.find("pg_dump", None))
    await store.close()
    tool = client_tools.find("pg_restore", None)
    archive = await restore.examine(file, migrations, pg_restore=tool)
    await restore.restore(
        empty_database_url, archive, migrations, pg_restore=tool, now=school.clock()
    )
    there = await digests(empty_database_url)
    for table in ("answers", "attempts", "study_days", "course_versions", "outbox", "updates"):
        assert there[f"public.{table}"][0], table
    assert there["procrastinate.procrastinate_periodic_defers"][0]

    async with school.bot():
        await ada.presses_and_sees("Try again", "Question 1 of")
        await answers(ada, Mark.RIGHT, "Right")
    await store.close()
    assert await digests(database_url) != there
    replaced = await restore.restore(
        database_url, archive, migrations, pg_restore=tool, now=school.clock()
    )
    assert replaced is not None
    assert await digests(database_url) == there
    async with school.bot():
        await ada.writes_and_sees("/start", "Pick a paper")
        await ada.presses_and_sees("▶", "Question 1 of")
        await answers(ada, Mark.RIGHT, "Right")
    await store.close()
    await restore.discard(database_url, replaced.name)


async def answers(sitter: Sitter, mark: Mark, verdict: str) -> None:
    posed = await sitter.at_hand(sitter.school.paper(1))
    option = next(each for each in posed.shown if each.mark is mark)
    await sitter.presses_and_sees(sitter.letter(posed, option), verdict)
    await sitter.actor.settles()

"""During a rollout the code from before runs on the new tables, and the new goes on from there."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.chat.classroom import letter
from tests.chat.school import School, Sitter
from tutorbot import wiring
from tutorbot.store import migrate

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.long]

ROOT = Path(__file__).parents[2]
ASKS_FOR_ROOM = "0014"  # from this revision on, code runs on newer tables that have room for it

COURSE = """\
---
id: rollout
title: Sums
---

## Two {#two}

How much is 1 + 1?

- (x) two {#right}
- ( ) three {#wrong}
  > That is one too many.

## Gauss {#gauss}

```meta
type: formula
symbols: [n]
```

Write $1 + 2 + … + n$ without the dots.

- answer: `n(n+1)/2`

## Four {#four}

How much is 2 + 2?

- (x) four {#right}
- ( ) five {#wrong}
"""


async def test_a_conversation_goes_on_through_a_rollout(
    closed_school: School, database_url: str, migrations: Path, tmp_path: Path
):
    school, code = closed_school, tmp_path / "before"
    school.clock.now = wiring.clock()  # by which the code from before lives
    extract(before(migrations, tmp_path), code)
    content = tmp_path / "content"
    content.mkdir()
    (content / "sums.quiz.md").write_text(COURSE, "utf-8")
    settings = {
        "TUTORBOT_TELEGRAM_URL": school.playground.url,
        "TUTORBOT_TELEGRAM_TOKEN": school.playground.token,
        "TUTORBOT_DATABASE_URL": database_url,
        "TUTORBOT_CONTENT": str(content),
        "TUTORBOT_LOG": "error",
    }
    await migrate.check(database_url, migrations)  # the tables are those of today's code
    if not await has_room(database_url, code):
        assert await refusal(code, settings)
        return

    ada = Sitter(school, school.person("Ada"))
    async with running(code, settings):
        await ada.actor.says("/start")
        await ada.actor.hears(lambda bubble: "Pick a paper" in bubble.text, timeout=60)
        question = await ada.presses_and_sees("Sums", "Question 1 of 3")
        await ada.presses_and_sees(letter(question, "three"), "one too many")
        question = await ada.presses_and_sees("Try again", "Question 1 of 3")
        await ada.presses_and_sees(letter(question, "two"), "Right")
        await ada.presses_and_sees("Next", "Question 2 of 3")
        await ada.writes_and_sees("n²", "Not quite")
        await ada.writes_and_sees("½n² + n/2", "Right")
        await ada.writes_and_sees("/streak", "1 day")
        await ada.actor.settles()

    school.clock.now = wiring.clock()
    async with school.bot():
        await ada.writes_and_sees("/start", "Pick a paper")
        question = await ada.presses_and_sees("▶", "Question 3 of 3")
        await ada.presses_and_sees(letter(question, "four"), "Right")
        await ada.writes_and_sees("/streak", "1 day")
    async with school.store.unit() as unit:
        codes = await unit.execute(text("SELECT verdict ->> 'code' FROM answers ORDER BY id"))
        assert codes.scalars().all() == ["wrong", "right", "wrong", "right", "right"]
        unsaid = await unit.execute(text("SELECT count(*) FROM outbox WHERE fate <> 'sent'"))
        assert unsaid.scalar_one() == 0


def before(migrations: Path, folder: Path) -> str:
    """The last commit whose tables are not those of today's code, on the way that led here."""
    changes = git("log", "--first-parent", "--format=%P", "--", "migrations/versions").split("\n")
    for number, commit in enumerate(["HEAD", *(line.split(" ")[0] for line in changes if line)]):
        there = folder / f"migrations-{number}"
        extract(commit, there, "migrations")
        if migrate.head(there / "migrations") != migrate.head(migrations):
            return commit
    raise AssertionError("no commit with other tables; fetch the whole history of the repository")


def extract(commit: str, folder: Path, *paths: str) -> None:
    folder.mkdir()
    wanted = paths or ("tutorbot", "migrations", "content")
    archive = subprocess.run(
        ["git", "archive", commit, "--", *wanted], cwd=ROOT, check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


async def has_room(url: str, code: Path) -> bool:
    """Whether the tables have room for that code, by what they say themselves."""
    return await migrate.oldest(url) in migrate.known(code / "migrations")


async def refusal(code: Path, settings: dict[str, str]) -> bool:
    """Whether that code says in one sentence that it does not run."""
    process = await start(code, settings, "-m", "tutorbot", "run", stderr=asyncio.subprocess.PIPE)
    _, complaint = await process.communicate()
    return process.returncode == 1 and b"belongs to a newer tutorbot" in complaint


@asynccontextmanager
async def running(code: Path, settings: dict[str, str]) -> AsyncGenerator[None]:
    asks = ASKS_FOR_ROOM in migrate.known(code / "migrations")
    run = ("-m", "tutorbot", "run") if asks else ("-c", WITHOUT_ASKING)
    process = await start(code, settings, *run)
    try:
        yield
        process.terminate()
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


# Older code refuses all newer tables as it starts. But for that it is run as it was.
WITHOUT_ASKING = """
import sys
from tutorbot.store import migrate

async def check(url, folder):
    assert await migrate.revision(url) not in migrate.known(folder)

migrate.check = check
from tutorbot.__main__ import main
sys.argv = ["tutorbot", "run"]
raise SystemExit(main())
"""


async def start(
    code: Path, settings: dict[str, str], *arguments: str, stderr: int | None = None
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=code,
        env=os.environ | settings | {"PYTHONPATH": str(code)},
        stderr=stderr,
    )

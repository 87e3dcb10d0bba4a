"""What the bot does while its database stands still, or the disk is full: it waits for it."""

import asyncio
import os
import signal
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Program, children, frozen
from tutorbot.playground.people import Actor
from tutorbot.playground.server import Playground

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder that the server's account may enter even if we are root."""
    with tempfile.TemporaryDirectory(prefix="tutorbot-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def test_while_the_database_stands_still_or_has_no_room_all_waits_and_nothing_is_lost(
    home: Path, tmp_path: Path
):
    async with Playground(clock=lambda: datetime.now(UTC)) as playground:
        ada = playground.person(name="Ada")
        where = {"TUTORBOT_DATA": str(home)}
        async with Program.started(playground, tmp_path / "bot", where, "run") as bot:
            await bears_outages(bot, ada, playground, home)
        async with Program.started(playground, tmp_path / "again", where, "run") as again:
            await gets_help(ada)
            await ada.settles()
            await again.is_gone_in_time(signal.SIGTERM)
            assert again.process.returncode == 0
        assert not servers(home)
    helped = [each for each in ada.messages() if each.by_bot and "/start" in each.text]
    assert len(helped) == 4


async def bears_outages(bot: Program, ada: Actor, playground: Playground, home: Path) -> None:
    await asks_for_help(ada)

    with frozen(*servers(home)):
        await ada.says("/help")
        await asyncio.sleep(1.5)
        assert len(playground.world.updates) == 1, "it waits at Telegram's"
    await gets_help(ada)
    await ada.settles()

    with no_room(bot, home):
        await ada.says("/help")
        await bot.until_told("database.unavailable")
        await asyncio.sleep(2.5)
        assert len(playground.world.updates) == 1
    await gets_help(ada)
    assert bot.process.returncode is None
    assert bot.told("database.unavailable") == 1, "once, and not for each try"
    assert bot.told("database.down") <= 1
    await ada.settles()

    with frozen(*servers(home)):
        await ada.says("/help")
        await asyncio.sleep(0.5)
        await bot.is_gone_in_time(signal.SIGTERM)


async def asks_for_help(ada: Actor) -> None:
    await ada.says("/help")
    await gets_help(ada)


async def gets_help(ada: Actor) -> None:
    await ada.hears(lambda bubble: "/start" in bubble.text, timeout=60)


def servers(home: Path) -> list[int]:
    """The processes of the database, the one that started the others first."""
    file = home / "postgres" / "data" / "postmaster.pid"
    if not file.exists():
        return []
    first = int(file.read_text().split()[0])
    return [first, *children(first)]


@contextmanager
def no_room(bot: Program, home: Path) -> Generator[None]:
    """No file of the database can grow, as on a full disk.

    A limit on the size of files, which everybody may set without a disk to fill, and which
    PostgreSQL meets where it meets a full disk: writing its journal it panics, and cannot recover.
    """

    def limit(largest: int | str) -> None:
        for each in (bot.process.pid, *servers(home)):
            with suppress(FileNotFoundError, subprocess.CalledProcessError):  # it has just ended
                _limit(each, largest)

    limit(_LARGEST)
    try:
        yield
    finally:
        limit("unlimited")


def _limit(pid: int, largest: int | str) -> None:
    owner = Path(f"/proc/{pid}").stat()  # who alone may do so, without further rights
    command = ["prlimit", "--pid", str(pid), f"--fsize={largest}:"]
    theirs: dict[str, Any] = {
        "user": owner.st_uid,
        "group": owner.st_gid,
        "extra_groups": (owner.st_gid,),
    }
    subprocess.run(command, check=True, **(theirs if os.geteuid() == 0 else {}))


_LARGEST = 1 << 16  # bytes, less than where the journal is

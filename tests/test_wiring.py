"""The parts together: what holds while the bot runs on the database that it brings along."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from tutorbot import wiring
from tutorbot.settings import Settings
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder that the server's account may enter even if we are root."""
    with tempfile.TemporaryDirectory(prefix="tutorbot-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


async def test_the_embedded_database_is_brought_back_when_it_is_killed(home: Path):
    with capture_logs() as logs:
        async with wiring.database(Settings(data=home)) as store:
            await _works(store)
            for _ in range(2):
                killed = _pid(home)
                os.kill(killed, signal.SIGKILL)
                async with asyncio.timeout(20):
                    while not _pid(home) or _pid(home) == killed or not await _works(store):  # noqa: ASYNC110 - what is awaited is a condition, not an event
                        await asyncio.sleep(0.1)
        assert _pid(home) == 0, "it is stopped in the end"
    told = [entry["event"] for entry in logs]
    assert told.count("database.unavailable") <= 1, "once, and not for each try"
    assert [each for each in told if each != "database.unavailable"] == [
        "database.brought_back"
    ] * 2


async def test_a_database_whose_files_are_gone_is_not_replaced_by_an_empty_one(home: Path):
    with capture_logs() as logs:
        async with wiring.database(Settings(data=home)) as store:
            await _works(store)
            os.kill(_pid(home), signal.SIGKILL)
            shutil.move(home / "postgres" / "data", home / "moved")
            async with asyncio.timeout(20):
                while not logs:  # noqa: ASYNC110 - what is awaited is a condition, not an event
                    await asyncio.sleep(0.1)
            await asyncio.sleep(2)
            assert not (home / "postgres" / "data").exists()
    assert [entry["event"] for entry in logs] == ["database.down"], "once, and not for each try"
    assert "is gone" in logs[0]["error"]


async def _works(store: Store) -> bool:
    try:
        async with store.unit() as unit:
            return bool((await unit.execute(text("SELECT count(*) FROM learners"))).scalars())
    except StoreUnavailable:
        return False


def _pid(home: Path) -> int:
    """The number of the server's process; 0 if it is stopped."""
    try:
        return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return 0

"""The commands for work in the background, as whoever runs the bot types them."""

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from tests.jobs.conftest import People
from tutorbot.cli import main
from tutorbot.store.unit import Store

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def command(database_url: str, *arguments: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUTORBOT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "tutorbot", "jobs", *arguments],
        env=clean | {"TUTORBOT_DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_empty_queue_is_told_as_such(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("TUTORBOT_DATABASE_URL", database_url)
    assert main(["jobs"]) == 0
    assert capsys.readouterr() == ("Nothing waits, nothing runs, nothing has failed.\n", "")


async def test_jobs_can_be_done_by_a_process_of_their_own_which_stops_when_asked(
    store: Store, database_url: str, due_people: People
):
    await due_people(2)
    worker = command(database_url, "run")
    assert worker.stderr is not None
    assert any("jobs.working" in line for line in worker.stderr)
    worker.send_signal(signal.SIGTERM)
    said, trouble = worker.communicate(timeout=110)
    assert (worker.returncode, said) == (0, ""), trouble
    async with store.unit() as unit:
        left = await unit.execute(
            text("SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE status = 'doing'")
        )
        assert left.scalar_one() == 0

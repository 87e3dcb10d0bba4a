"""The bot as a process of its own, as whoever runs it starts and stops it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from tutorbot.playground.server import Playground


class Program:
    """``tutorbot`` with a command, at work; what it logs goes to a file."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self._log = log

    @classmethod
    @asynccontextmanager
    async def started(
        cls, playground: Playground, log: Path, settings: Mapping[str, str], *command: str
    ) -> AsyncGenerator["Program"]:
        """Start it, and wait until it works; at the end of the block it is gone in any case."""
        clean = {each: value for each, value in os.environ.items() if "TUTORBOT" not in each}
        with log.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tutorbot",
                *command,
                stderr=said,
                env=clean
                | {
                    "TUTORBOT_TELEGRAM_URL": playground.url,
                    "TUTORBOT_TELEGRAM_TOKEN": playground.token,
                    **settings,
                },
            )
        program = cls(process, log)
        try:
            async with asyncio.timeout(180):
                while "jobs.working" not in program.said():
                    assert process.returncode is None, program.said()
                    await asyncio.sleep(0.05)
            yield program
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def said(self) -> str:
        return self._log.read_text()

    def told(self, event: str) -> int:
        """How often an event was logged."""
        return self.said().count(f"event='{event}'")

    async def until_told(self, event: str) -> None:
        async with asyncio.timeout(60):
            while not self.told(event):  # noqa: ASYNC110 - what is awaited is a condition, not an event
                await asyncio.sleep(0.05)

    async def is_gone_in_time(self, *signals: signal.Signals) -> None:
        """Ask it to stop, once or several times, which it has to within ten seconds."""
        first, *further = signals
        self.process.send_signal(first)
        for each in further:
            await asyncio.sleep(0.3)
            self.process.send_signal(each)
        async with asyncio.timeout(10):
            await self.process.wait()
        assert "Traceback" not in self.said()


@contextmanager
def frozen(*pids: int) -> Generator[None]:
    """These processes stand still."""
    for each in pids:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in pids:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGCONT)


def children(parent: int) -> list[int]:
    """The numbers of the processes that a process has started."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True
    ).stdout
    rows = (line.split() for line in listed.splitlines())
    return [int(pid) for pid, of in rows if int(of) == parent]

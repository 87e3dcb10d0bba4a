"""How soon a job starts, and how many are done in a second, by the worker that the bot has.

python benchmarks/jobs.py            200 jobs one after the other, 1,000 at once
"""

import asyncio
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import procrastinate
import uvloop

from tutorbot import wiring
from tutorbot.jobs.queue import Jobs, connection
from tutorbot.languages import languages
from tutorbot.settings import Settings
from tutorbot.telegram.incident import story

NAME = "nothing"


async def main(singly: int, at_once: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # As root, the database server is somebody else.
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - nothing runs yet
        async with wiring.database(Settings(data=Path(folder, "data"))) as store:
            begun: asyncio.Queue[float] = asyncio.Queue()

            async def nothing() -> None:
                begun.put_nowait(time.perf_counter())

            jobs = Jobs(
                store=store,
                languages=languages,
                clock=lambda: datetime.now(UTC),
                story=story,
                extra={NAME: nothing},
            )
            # A door of one's own to the queue: that of the bot puts each name in line once.
            where = {**connection(store.url), "options": "-c search_path=procrastinate"}
            door = procrastinate.App(
                connector=procrastinate.PsycopgConnector(conninfo="", kwargs=where, max_size=4)
            )
            async with jobs.at_work(), door.open_async():
                job = door.configure_task(NAME, allow_unknown=True)
                await job.defer_async()
                await begun.get()
                waits: list[float] = []
                for _ in range(singly):
                    asked = time.perf_counter()
                    await job.defer_async()
                    waits.append(await begun.get() - asked)
                    await asyncio.sleep(0.01)
                waits.sort()
                began = time.perf_counter()
                no_arguments: dict[str, Any] = {}
                await job.batch_defer_async(*[no_arguments] * at_once)
                deferred = time.perf_counter() - began
                for _ in range(at_once):
                    await begun.get()
                seconds = time.perf_counter() - began
    print(
        f"deferred to started: p50 {waits[len(waits) // 2] * 1000:.1f} ms,"
        f" p99 {waits[len(waits) * 99 // 100] * 1000:.1f} ms"
        f" | {at_once} jobs in {seconds:.1f} s, {at_once / seconds:.0f}/s,"
        f" of which {deferred:.2f} s to put them in line | load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    uvloop.run(main(*([int(each) for each in sys.argv[1:]] or (200, 1_000))))

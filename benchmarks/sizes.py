"""Bytes in the database for each learner, answer, update and message.

    python benchmarks/sizes.py               12 learners who tap 250 times each
    python benchmarks/sizes.py 50 100        so many learners, so many taps

They tap through the whole bot, as in `updates.py`; then the database says how large its tables and
their indexes are. That is as they are written: what UPDATE and DELETE leave behind until the next
vacuum, and what a page of an index keeps free, comes on top.
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from sqlalchemy import text

from benchmarks import updates
from tutorbot import wiring
from tutorbot.settings import Settings

# What grows with what; all else is small, or the same however many learn.
LEARNER = ("learners", "reminders", "abilities", "standings")
ANSWER = ("answers", "scores", "attempts", "sittings", "cards", "study_days", "settlements")
UPDATE = ("updates",)
MESSAGE = ("outbox",)


def main() -> None:
    people, each = (int(word) for word in sys.argv[1:] or ("12", "250"))
    child = [sys.executable, updates.__file__, "--telegram", str(people), str(each), "practice"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(child, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        Path(folder).chmod(0o755)  # as root, the database server is somebody else
        settings = Settings(data=Path(folder, "data"))
        asyncio.run(updates.measure("practice", settings, server))
        asyncio.run(tell(settings))


async def tell(settings: Settings) -> None:
    async with wiring.database(settings) as store, store.unit() as unit:
        counted: dict[str, tuple[int, int]] = {}
        for table in (*LEARNER, *ANSWER, *UPDATE, *MESSAGE):
            row = await unit.execute(
                text(f"SELECT count(*), pg_total_relation_size('{table}') FROM {table}")  # noqa: S608 - names of ours
            )
            rows, size = row.one()
            counted[table] = (rows, size)
            print(
                f"  {table:12} {rows:7,} rows {size / 1024:7,.0f} kB {size / max(1, rows):6,.0f} B"
            )
    for what, tables in (("answers", ANSWER), ("updates", UPDATE), ("outbox", MESSAGE)):
        rows = counted[what][0]
        size = sum(counted[table][1] for table in tables)
        print(f"for each of {rows:,} {what}: {size / rows:,.0f} B")


if __name__ == "__main__":
    main()

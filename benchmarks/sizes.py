"""Bytes in the database for each learner, answer, update and message.

    python benchmarks/sizes.py               10 learners who tap 200 times each, and 50 like each
    python benchmarks/sizes.py 20 100 10     so many learners, so many taps, so many like each

They tap through the whole bot, whatever is offered; their rows are then copied for others, since
the first pages of a table say little. That is as rows are written: what UPDATE and DELETE leave
behind until the next vacuum comes on top.
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
from tutorbot.store.unit import Unit

# What grows with what, in an order in which rows can be added; all else is small.
GROWS = {
    "learners": ("learners",),
    "answers": ("sittings", "attempts", "answers", "scores", "cards", "study_days"),
    "updates": ("updates",),
    "outbox": ("outbox",),
}
# These columns tell one learner's rows from another's.
OWN = {
    *("id", "learner_id", "telegram_id", "chat_id", "current_attempt_id"),
    *("sitting_id", "attempt_id", "answer_id", "update_id"),
}
FAR = 10**12  # between the ids of a copy and the next


def main() -> None:
    people, each, copies = (int(word) for word in sys.argv[1:] or ("10", "200", "50"))
    child = [sys.executable, updates.__file__, "--telegram", str(people), str(each), "practice"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(child, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        Path(folder).chmod(0o755)  # as root, the database server is somebody else
        settings = Settings(data=Path(folder, "data"))
        asyncio.run(updates.measure("practice", settings, server))
        asyncio.run(tell(settings, copies))


async def tell(settings: Settings, copies: int) -> None:
    tables = [table for those in GROWS.values() for table in those]
    async with wiring.database(settings) as store:
        async with store.unit() as unit:
            for table in tables:
                await copy(unit, table, copies)
        async with store.unit() as unit:
            counted = {table: await size(unit, table) for table in tables}
    for table, (rows, taken) in counted.items():
        print(f"  {table:10} {rows:9,} rows {taken / 1024:9,.0f} kB {taken / rows:6,.0f} B each")
    for what, those in GROWS.items():
        rows = counted[what][0]
        taken = sum(counted[table][1] for table in those)
        print(f"with all that comes with them, {rows:,} {what}: {taken / rows:,.0f} B each")


async def copy(unit: Unit, table: str, copies: int) -> None:
    rows = await unit.execute(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = :table"),
        {"table": table},
    )
    names: list[str] = list(rows.scalars())
    moved = [f"{name} + number * {FAR}" if name in OWN else name for name in names]
    await unit.execute(
        text(
            f"INSERT INTO {table} ({', '.join(names)}) OVERRIDING SYSTEM VALUE"  # noqa: S608 - names of the catalogue
            f" SELECT {', '.join(moved)} FROM {table}, generate_series(1, {copies}) number"
        )
    )


async def size(unit: Unit, table: str) -> tuple[int, int]:
    """Rows, and bytes with indexes and whatever is stored apart."""
    counted = await unit.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - a name of ours
    taken = await unit.execute(text("SELECT pg_total_relation_size(:table)"), {"table": table})
    return counted.scalar_one(), taken.scalar_one()


if __name__ == "__main__":
    main()

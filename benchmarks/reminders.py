"""Milliseconds to find and claim due reminders, among ten thousand learners and among a million.

    .venv/bin/python benchmarks/reminders.py [LEARNERS ...]

An embedded Postgres of its own is filled: every learner wants a reminder, their hours and zones are
spread, and 2 % are due at the moment asked about, as at a busy hour. The claim is the statement
of `store/reminders.py`, with its locks. Beside it: the same question put to a table that keeps no
due time, so that every row's local time has to be worked out; and what a whole batch costs, from
the claim to the words in the outbox.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from tutorbot.jobs.reminders import BATCH, remind
from tutorbot.store import migrate, reminders
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store, Unit

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
MIGRATIONS = Path(__file__).parent.parent / "migrations"
REPEATS = 15


def main(sizes: Sequence[int]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="tutorbot-bench-") as folder:
            Path(folder).chmod(0o755)
            with EmbeddedPostgres(Path(folder) / "postgres") as server:
                asyncio.run(run(server.url, size))


async def run(url: str, size: int) -> None:
    await migrate.upgrade(url, MIGRATIONS)
    store = Store.open(url)
    try:
        await measure(store, size)
    finally:
        await store.close()


async def measure(store: Store, size: int) -> None:
    began = time.perf_counter()
    await fill(store, size)
    print(f"\n{size:,} learners, filled in {time.perf_counter() - began:.0f} s")
    claim = statement()
    async with store.unit() as unit:
        for line in await plan(unit, claim):
            print("   ", line)
    print(f"  claim {BATCH}, in the server: {await milliseconds(store, claim)}")
    print(f"  the same by local time, row by row: {await milliseconds(store, _SCAN, 5)}")
    due = 3 * BATCH
    await put_off_all_but(store, due)
    began = time.perf_counter()
    said = await remind(store, lambda _: NullTranslations(), lambda: NOW, repr)
    spent = time.perf_counter() - began
    print(f"  {said} reminders from the claim to the outbox: {1000 * spent / said:.1f} ms each")
    began = time.perf_counter()
    assert await remind(store, lambda _: NullTranslations(), lambda: NOW, repr) == 0
    print(f"  a minute in which nobody is due: {1000 * (time.perf_counter() - began):.1f} ms")


async def fill(store: Store, size: int) -> None:
    async with store.unit() as unit:
        for sql in _FILL:
            await unit.execute(text(sql), {"size": size, "now": NOW})
    async with store.unit() as unit:
        await unit.execute(text("ANALYZE learners"))
        await unit.execute(text("ANALYZE reminders"))
        await unit.execute(text("ANALYZE study_days"))


async def put_off_all_but(store: Store, due: int) -> None:
    """Leave so many due whose reminders are at an hour of the evening, and who have not studied."""
    async with store.unit() as unit:
        await unit.execute(
            text("UPDATE reminders SET due = due + interval '3 days' WHERE due <= :now"),
            {"now": NOW},
        )
        await unit.execute(
            text(
                "UPDATE reminders SET due = :now WHERE learner_id IN (SELECT id FROM learners"
                " WHERE timezone = 'Europe/London' AND reminder_hour = 18 LIMIT :due)"
            ),
            {"now": NOW - timedelta(minutes=1), "due": due},
        )


async def plan(unit: Unit, sql: str) -> list[str]:
    explained = await unit.execute(text(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}"))
    return [str(line) for line in explained.scalars()]


async def milliseconds(store: Store, sql: str, repeats: int = REPEATS) -> str:
    """The server's own time of a statement, each in a transaction of its own."""
    took: list[float] = []
    for _ in range(repeats):
        async with store.unit() as unit:
            lines = await plan(unit, sql)
        (spent,) = (line for line in lines if line.startswith("Execution Time"))
        took.append(float(spent.split()[2]))
    return f"median {statistics.median(took):.1f} ms (min {min(took):.1f}, max {max(took):.1f})"


def statement() -> str:
    """The claim as it is run, its values written in."""
    sql = str(reminders.CLAIM.compile(dialect=postgresql.dialect()))
    return sql % {"now": f"TIMESTAMPTZ '{NOW.isoformat()}'", "most": BATCH}


_FILL = (
    """
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at, reminder_hour)
    SELECT n, n, 'Ada', 'en',
        (ARRAY['Europe/London', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Tokyo',
            'America/Sao_Paulo', 'Africa/Lagos', 'Asia/Shanghai'])[1 + n % 8],
        4, 'picture', 'light', true, CAST(:now AS timestamptz) - interval '90 days',
        (ARRAY[8, 9, 12, 14, 16, 17, 18, 19, 20, 21])[1 + (n / 8) % 10]
    FROM generate_series(1, CAST(:size AS bigint)) AS n
    """,
    # Spread over two days, so that 2 % lie in the hour before.
    """
    INSERT INTO reminders (learner_id, due, day, count, reminded_at)
    SELECT id, CAST(:now AS timestamptz) - interval '58 minutes' + random() * interval '47 hours',
        CAST(:now AS timestamptz)::date - 1, 1, CAST(:now AS timestamptz) - interval '1 day'
    FROM learners
    """,
    """
    INSERT INTO study_days (learner_id, day, first_timezone, timezone, first_at, last_at, answers,
        counted, qualified_at)
    SELECT id, CAST(:now AS timestamptz)::date - 1, timezone, timezone, given.at, given.at, 5, 5,
        given.at
    FROM learners, (SELECT CAST(:now AS timestamptz) - interval '1 day' AS at) AS given
    """,
)
# What would have to be asked, were there no due time: whose local hour is the one they chose?
_SCAN = f"""
    SELECT id FROM learners
    WHERE reminder_hour = extract(hour FROM TIMESTAMPTZ '{NOW.isoformat()}' AT TIME ZONE timezone)
    AND NOT EXISTS (
        SELECT FROM study_days WHERE learner_id = learners.id
        AND day = (TIMESTAMPTZ '{NOW.isoformat()}' AT TIME ZONE timezone - interval '4 h')::date
    )
    ORDER BY id
"""  # noqa: S608 - an instant from above


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [10_000, 1_000_000])

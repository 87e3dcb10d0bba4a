import asyncio
import os
import signal
from datetime import datetime

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
import pytest
from sqlalchemy import TextClause, make_url, text
from structlog.testing import capture_logs

from tutorbot.store import pictures
from tutorbot.store.errors import StoreSlow, StoreUnavailable
from tutorbot.store.outage import Outage
from tutorbot.store.unit import Store

pytestmark = pytest.mark.postgres


async def test_leaving_keeps_and_an_exception_takes_back(store: Store, noon: datetime) -> None:
    async with store.unit() as unit:
        await pictures.remember(unit, "kept", "1", noon)
    with pytest.raises(ZeroDivisionError):
        async with store.unit() as unit:
            await pictures.remember(unit, "taken back", "2", noon)
            raise ZeroDivisionError
    async with store.unit() as unit:
        assert await pictures.file_id(unit, "kept") == "1"
        assert await pictures.file_id(unit, "taken back") is None


async def test_a_task_that_is_cancelled_takes_its_work_back(store: Store, noon: datetime) -> None:
    async def work() -> None:
        async with store.unit() as unit:
            await pictures.remember(unit, "half", "1", noon)
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with store.unit() as unit:
        assert await pictures.file_id(unit, "half") is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://tutorbot@/tutorbot?host=/nowhere&port=5432",
        "postgresql://tutorbot:secret@127.0.0.1:1/tutorbot",
    ],
)
async def test_a_server_that_is_not_there_is_unavailable_and_no_secret_is_told(url: str) -> None:
    store = Store.open(url)
    with pytest.raises(StoreUnavailable) as caught:
        async with store.unit():
            pass
    assert "secret" not in str(caught.value)
    await store.close()


async def test_a_database_that_is_not_there_is_unavailable(database_url: str) -> None:
    gone = make_url(database_url).set(database="nowhere").render_as_string()
    store = Store.open(gone)
    with pytest.raises(StoreUnavailable, match="nowhere"):
        async with store.unit():
            pass
    await store.close()


async def test_a_lost_connection_is_unavailable_and_the_next_unit_has_a_new_one(
    store: Store, noon: datetime
) -> None:
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    with pytest.raises(StoreUnavailable):
        async with store.unit() as victim:
            await pictures.remember(victim, "lost", "1", noon)
            async with store.unit() as killer:
                await killer.execute(kill)
            await pictures.file_id(victim, "lost")
    async with store.unit() as unit:
        assert await pictures.file_id(unit, "lost") is None


@pytest.mark.parametrize(
    "state",
    [
        "58P01",  # a file of the database is gone
        "58030",  # the disk cannot be read
        "XX001",  # a table is damaged
        "XX002",  # an index is damaged
        "53100",  # the disk is full
        "57P03",  # starting
        "25006",  # read-only, as a standby is
        "40P01",  # a deadlock
    ],
)
async def test_a_fault_of_the_storage_is_not_taken_for_one_of_the_work(
    store: Store, state: str
) -> None:
    with pytest.raises(StoreUnavailable):
        async with store.unit() as unit:
            await unit.execute(_fails_with(state))


@pytest.mark.parametrize(
    "state",
    [
        "22012",  # a division by zero
        "23505",  # a key that is taken
        "57014",  # took too long
    ],
)
async def test_work_that_would_fail_again_is_not_taken_for_a_fault_of_the_storage(
    store: Store, state: str
) -> None:
    with pytest.raises(asyncpg.PostgresError):
        async with store.unit() as unit:
            await unit.execute(_fails_with(state))


async def test_idle_connections_that_the_server_closed_are_renewed_unnoticed(
    store: Store,
) -> None:
    async def sleep() -> None:
        async with store.unit() as unit:
            await unit.execute(text("SELECT pg_sleep(0.05)"))

    await asyncio.gather(sleep(), sleep(), sleep())
    async with store.unit() as unit:
        await unit.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    await asyncio.sleep(0.05)
    await asyncio.gather(sleep(), sleep(), sleep())


async def test_our_own_errors_inside_a_unit_stay_what_they_are(store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        async with store.unit():
            raise FileNotFoundError


def _fails_with(state: str) -> TextClause:
    return text(f"DO $$ BEGIN RAISE 'as asked' USING ERRCODE = '{state}'; END $$")


async def test_what_takes_too_long_is_dropped_by_the_server_too(database_url: str) -> None:
    store = Store.open(database_url, patience=0.3)
    with pytest.raises(StoreSlow):
        async with store.unit() as unit:
            await unit.execute(text("SELECT pg_sleep(60)"))
    async with store.unit() as unit:
        found = await unit.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
        )
        assert found.scalar_one() == 0
    await store.close()


@pytest.mark.slow
async def test_a_connection_that_stands_still_is_given_up_and_another_made(
    database_url: str,
) -> None:
    store = Store.open(database_url, patience=0.3)
    async with store.unit() as unit:
        backend = (await unit.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    os.kill(backend, signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailable):
            async with store.unit() as unit:
                await unit.execute(text("SELECT 1"))
        async with store.unit() as unit:
            assert (await unit.execute(text("SELECT 1"))).scalar_one() == 1
        await store.close()
    finally:
        os.kill(backend, signal.SIGCONT)


def test_an_outage_is_told_when_it_begins_when_it_changes_and_when_it_is_over() -> None:
    now = 0.0
    outage = Outage(quiet=20, monotonic=lambda: now)
    with capture_logs() as logs:
        outage.not_met()
        for _ in range(1000):
            outage.met(StoreUnavailable("nobody answers"))
            now += 0.05
            outage.not_met()  # some work goes through, as reading does on a full disk
        outage.met(StoreSlow("too much to do"))
        now += 21
        outage.not_met()
        outage.not_met()
    assert [entry["event"] for entry in logs] == [
        "database.unavailable",
        "database.unavailable",
        "database.available",
    ]
    assert (logs[-1]["seconds"], logs[-1]["failures"]) == (50, 1001)

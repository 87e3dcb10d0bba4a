"""Jobs are kept, tried again, picked up from the dead, and listed when nothing helps."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from typing import Any

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import make_url, text

from tests.jobs.conftest import EVENING, People
from tutorbot.core.ids import ChatId
from tutorbot.core.pacing import Pace
from tutorbot.core.prose import words
from tutorbot.jobs.listing import as_text
from tutorbot.jobs.queue import MOST_TRIES, PICK_UP, REMIND, TIDY, Jobs, connection
from tutorbot.store import jobs as listing, outbox, pacing, updates
from tutorbot.store.jobs import State
from tutorbot.store.unit import Store
from tutorbot.telegram.incident import story
from tutorbot.views.reply import Reply, Say

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

Task = Callable[[], Awaitable[object]]


def queue(store: Store, **extra: Task) -> Jobs:
    return Jobs(
        store=store,
        languages=lambda _: NullTranslations(),
        clock=lambda: EVENING,
        story=story,
        extra=extra,
    )


async def sql(store: Store, statement: str) -> list[tuple[Any, ...]]:
    async with store.unit() as unit:
        found = await unit.execute(text(statement))
        return [tuple(row) for row in found]


async def in_line(store: Store, change: str) -> None:
    """Change the jobs in the queue."""
    async with store.unit() as unit:
        await unit.execute(text("SET LOCAL search_path TO procrastinate"))
        await unit.execute(text(f"UPDATE procrastinate_jobs SET {change}"))  # noqa: S608 - ours


async def until_said(store: Store, count: int) -> None:
    while len(await sql(store, "SELECT 1 FROM outbox")) < count:  # noqa: ASYNC110 - what is awaited is a condition, not an event
        await asyncio.sleep(0.05)


async def listed(store: Store, name: str) -> list[listing.Job]:
    async with store.unit() as unit:
        return [job for job in await listing.listed(unit, 100) if job.task == name]


async def test_what_is_due_is_done_by_the_worker_within_moments(store: Store, due_people: People):
    await due_people(3)
    jobs = queue(store)
    async with jobs.at_work(), asyncio.timeout(20):
        await queue(store).defer(REMIND)
        await until_said(store, 3)
        # What is done leaves nothing behind.
        while await listed(store, REMIND):  # noqa: ASYNC110 - what is awaited is a condition, not an event
            await asyncio.sleep(0.05)


async def test_the_worker_starts_the_jobs_of_the_minute_by_itself_and_two_do_it_once(
    store: Store, due_people: People
):
    await due_people(3)
    async with queue(store).at_work(), queue(store).at_work(), asyncio.timeout(20):
        await until_said(store, 3)
    assert len(await sql(store, "SELECT 1 FROM outbox")) == 3


async def test_a_job_waits_in_line_once(store: Store):
    jobs = queue(store)
    assert [await jobs.defer(REMIND) for _ in range(3)] == [True, False, False]
    (waiting,) = await listed(store, REMIND)
    assert waiting.state is State.WAITING


async def test_a_job_that_fails_is_tried_again_and_in_the_end_listed_with_its_reason(store: Store):
    tries: list[int] = []

    async def breaks() -> None:
        tries.append(1)
        raise ValueError("what the learner typed")

    jobs = queue(store, breaks=breaks)
    await jobs.defer("breaks")
    for number in range(1, MOST_TRIES):
        await jobs.empty()
        (waiting,) = await listed(store, "breaks")
        assert (waiting.state, waiting.tries) == (State.WAITING, number)
        assert waiting.not_before is not None
        assert waiting.not_before > datetime.now(UTC)
        await in_line(store, "scheduled_at = now()")
    await jobs.empty()
    (failed,) = await listed(store, "breaks")
    assert len(tries) == failed.tries == MOST_TRIES
    assert failed.state is State.FAILED
    assert failed.why is not None
    assert failed.why.startswith("ValueError at ")
    told = as_text([failed])
    assert "failed" in told
    assert "breaks, tried 5 times" in told
    assert "what the learner typed" not in told


async def test_a_job_that_goes_well_the_second_time_is_done(store: Store):
    tries: list[int] = []

    async def stumbles() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError

    jobs = queue(store, stumbles=stumbles)
    await jobs.defer("stumbles")
    await jobs.empty()
    await in_line(store, "scheduled_at = now()")
    await jobs.empty()
    assert len(tries) == 2
    assert await listed(store, "stumbles") == []


async def test_the_job_of_a_worker_that_died_is_picked_up(store: Store):
    done: list[int] = []

    async def works() -> None:
        done.append(1)

    jobs = queue(store, works=works)
    await jobs.defer("works")
    await in_line(store, "status = 'doing'")
    await jobs.empty()
    await jobs.defer(PICK_UP)
    await jobs.empty()
    await jobs.empty()
    assert done == [1]
    assert await listed(store, "works") == []


async def test_of_a_job_that_waits_again_already_the_dead_one_is_dropped(store: Store):
    async def works() -> None:
        pass

    jobs = queue(store, works=works)
    await jobs.defer("works")
    await in_line(store, "status = 'doing'")
    await jobs.defer("works")
    await jobs.defer(PICK_UP)
    await jobs.empty()
    await jobs.empty()
    assert await listed(store, "works") == []


async def test_stopping_finishes_what_is_in_hand(store: Store):
    begun, done = asyncio.Event(), asyncio.Event()

    async def takes_a_while() -> None:
        begun.set()
        await asyncio.sleep(0.5)
        done.set()

    jobs = queue(store, takes_a_while=takes_a_while)
    await jobs.defer("takes_a_while")
    async with queue(store, takes_a_while=takes_a_while).at_work():
        await begun.wait()
    assert done.is_set()
    assert await listed(store, "takes_a_while") == []


async def test_the_worker_goes_on_when_the_database_has_dropped_its_connections(
    store: Store, due_people: People
):
    await due_people(1)
    async with queue(store).at_work(), asyncio.timeout(40):
        await until_said(store, 1)
        await sql(
            store,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ="
            " 'tutorbot jobs' AND datname = current_database()",
        )
        await sql(store, "UPDATE reminders SET due = now() - interval '30 years', day = NULL")
        await asyncio.sleep(1)
        await queue(store).defer(REMIND)
        await until_said(store, 2)


async def test_the_queue_has_the_very_tables_that_its_library_asks_for(
    store: Store,
):
    """A later version of procrastinate with migrations of its own needs one of ours."""
    await sql(store, "CREATE SCHEMA theirs")
    async with store.unit() as unit:
        await unit.execute(text("SET LOCAL search_path TO theirs"))
        await unit._connection.execute(SchemaManager.get_schema())  # noqa: SLF001 - many statements in one text  # pyright: ignore[reportPrivateUsage] - the same
    ours, theirs = await _catalogue(store, "procrastinate"), await _catalogue(store, "theirs")
    assert ours == theirs
    assert len(ours) > 50


async def _catalogue(store: Store, schema: str) -> set[str]:
    """Columns, indexes, constraints, functions and triggers of a schema, its own name left out."""
    rows = await sql(
        store,
        f"""
        SELECT concat_ws(' ', 'column', table_name, column_name, data_type, udt_name, is_nullable,
            column_default) FROM information_schema.columns WHERE table_schema = '{schema}'
        UNION ALL
        SELECT indexdef FROM pg_indexes WHERE schemaname = '{schema}'
        UNION ALL
        SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint
        WHERE connamespace = '{schema}'::regnamespace AND contype <> 'n'
        UNION ALL
        SELECT pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = '{schema}'::regnamespace
        UNION ALL
        SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = '{schema}'::regnamespace AND NOT t.tgisinternal
        UNION ALL
        SELECT concat_ws(' ', typname, string_agg(enumlabel, ',' ORDER BY enumlabel))
        FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
        WHERE typnamespace = '{schema}'::regnamespace GROUP BY typname
        """,  # noqa: S608 - names from above
    )
    return {" ".join(str(row[0]).replace(f"{schema}.", "").split()) for row in rows}


def test_a_database_of_ones_own_is_reached_by_the_same_address():
    url = make_url("postgresql+asyncpg://ada:s%40me@db:5433/tutor?ssl=require")
    assert connection(url) == {
        "user": "ada",
        "password": "s@me",
        "host": "db",
        "port": "5433",
        "dbname": "tutor",
        "sslmode": "require",
        "application_name": "tutorbot jobs",
    }


async def test_what_nothing_refers_to_any_more_is_forgotten_with_the_years(store: Store):
    days = (1, 8, 91)
    async with store.unit() as unit:
        for number, day in enumerate(days):
            at = EVENING - timedelta(days=day)
            await updates.claim(unit, number, at)
            await updates.poison(unit, 10 + number, "broke", {"of": day}, at)
            say = Say(reply=Reply(prose=(words("hello"),)))
            (row,) = await outbox.add(
                unit, chat=ChatId(1), learner=None, update_id=None, utterances=[say], at=at
            )
            await outbox.sent(unit, row, number, at)
            await pacing.take(unit, f"chat {day}", Pace().group, 1)
        await unit.execute(text("UPDATE pacing SET tat = tat - 4000 WHERE budget = 'chat 91'"))
    tidying = queue(store)
    await tidying.defer(TIDY)
    await tidying.empty()
    assert await sql(store, "SELECT update_id FROM updates WHERE error IS NULL") == [(0,)]
    kept = await sql(store, "SELECT update_id FROM updates WHERE payload IS NOT NULL ORDER BY 1")
    assert kept == [(10,), (11,)]
    assert await sql(store, "SELECT message_id FROM outbox ORDER BY 1") == [(0,), (1,)]
    assert await sql(store, "SELECT budget FROM pacing ORDER BY 1") == [("chat 1",), ("chat 8",)]

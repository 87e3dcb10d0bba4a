"""Whoever watches over a process learns whether it lives, whether it can serve, and what waits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from starlette.applications import Starlette

from tutorbot.core.ids import ChatId
from tutorbot.core.prose import words
from tutorbot.health import Counted, Health
from tutorbot.metrics import Metrics
from tutorbot.serving import listening, serving
from tutorbot.settings import Settings
from tutorbot.store import migrate, outbox
from tutorbot.store.unit import Store
from tutorbot.views.reply import Reply, Say

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Process:
    """One that is watched: its metrics, how it is told to stop, and its HTTP server."""

    metrics: Metrics
    stop: asyncio.Event
    health: Health
    url: str
    hears: bool = True

    async def fetch(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def ready(self) -> tuple[int, str]:
        """What is said of it as soon as the database answers, be the machine busy."""
        async with asyncio.timeout(60):
            while "the database does not answer" in (answer := await self.fetch("/readyz"))[1]:
                pass
        return answer

    async def samples(self) -> dict[tuple[str, ...], float]:
        _, told = await self.fetch("/metrics")
        return {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(told)
            for sample in family.samples
        }

    @asynccontextmanager
    async def watching(self, url: str, migrations: Path):
        store = Store.open(url, pool_size=1)
        fits = lambda: migrate.check(url, migrations)  # noqa: E731 - two words
        try:
            with self.health.watching(store, fits, lambda: self.hears):
                yield
        finally:
            await store.close()


@pytest.fixture
async def process() -> AsyncIterator[Process]:
    metrics, stop = Metrics("1.2"), asyncio.Event()
    health = Health(metrics, stop, lambda: NOON)
    names = {route.path: route.path for route in health.routes}
    app = Counted(Starlette(routes=health.routes), metrics, names)
    with listening(0) as bound:
        async with serving(app, bound):
            yield Process(metrics, stop, health, f"http://127.0.0.1:{bound.getsockname()[1]}")


async def test_a_process_lives_before_it_can_serve(process: Process):
    assert await process.fetch("/healthz") == (200, "alive\n")
    assert await process.fetch("/readyz") == (503, '{"ready":false,"why":"starting"}')
    assert (await process.samples())["tutorbot_info", "1.2"] == 1


@pytest.mark.postgres
async def test_a_process_can_serve_from_when_it_hears_until_it_is_asked_to_stop(
    process: Process, database_url: str, migrations: Path
):
    async with process.watching(database_url, migrations):
        process.hears = False
        assert await process.ready() == (503, '{"ready":false,"why":"starting"}')
        process.hears = True
        assert await process.ready() == (200, '{"ready":true}')
        process.stop.set()
        assert await process.ready() == (503, '{"ready":false,"why":"stopping"}')


@pytest.mark.postgres
async def test_a_process_serves_on_later_tables_as_long_as_they_have_room_for_it(
    process: Process, store: Store, database_url: str, migrations: Path
):
    async with process.watching(database_url, migrations):
        assert (await process.ready())[0] == 200
        async with store.unit() as unit:
            await unit.execute(text("UPDATE alembic_version SET version_num = '9998'"))
        assert (await process.ready())[0] == 200
        async with store.unit() as unit:
            await unit.execute(text("UPDATE alembic_version SET version_num = '9999'"))
            await unit.execute(text("UPDATE compatibility SET oldest = '9998'"))
        assert await process.ready() == (
            503,
            '{"ready":false,"why":"the tables do not fit"}',
        )


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_database_that_does_not_answer_is_told_within_moments(
    process: Process, store: Store, database_url: str, migrations: Path
):
    async with process.watching(database_url, migrations):
        async with store.unit() as unit:
            await unit.execute(text("LOCK alembic_version, outbox"))
            async with asyncio.timeout(10):
                answer, *scrapes = await asyncio.gather(
                    process.fetch("/readyz"), *(process.samples() for _ in range(3))
                )
            assert answer == (503, '{"ready":false,"why":"the database does not answer"}')
            for known in scrapes:
                assert ("tutorbot_outbox_waiting",) not in known, "nobody knows"
                assert ("tutorbot_info", "1.2") in known, "and all else is told"
        assert (await process.fetch("/readyz"))[0] == 200
        assert (await process.samples())["tutorbot_outbox_waiting",] == 0


@pytest.mark.postgres
async def test_what_waits_is_counted_when_somebody_asks(
    process: Process, store: Store, database_url: str, migrations: Path
):
    said = Say(reply=Reply(prose=(words("Hello"),)))
    async with store.unit() as unit:
        for minutes in (3, 1):
            await outbox.add(
                unit,
                chat=ChatId(minutes),
                learner=None,
                update_id=None,
                utterances=(said,),
                at=NOON - timedelta(minutes=minutes),
            )
        await unit.execute(text("SET LOCAL search_path TO procrastinate"))
        await unit.execute(
            text(
                "INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name, status)"
                " VALUES ('default', 'reminders.due', 'todo'), ('default', 'jobs.tidy', 'failed')"
            )
        )
    async with process.watching(database_url, migrations):
        known = await process.samples()
    assert known["tutorbot_outbox_waiting",] == 2
    assert known["tutorbot_outbox_oldest_seconds",] == 180
    assert known["tutorbot_jobs", "reminders.due", "waiting"] == 1
    assert known["tutorbot_jobs", "failed", "jobs.tidy"] == 1


async def test_what_strangers_ask_for_makes_no_metric_of_its_own(process: Process):
    for path in ("/healthz", "/zebra", "/zebra/17"):
        await process.fetch(path)
    known = await process.samples()
    assert known["tutorbot_http_responses_total", "/healthz", "2xx"] == 1
    assert known["tutorbot_http_responses_total", "4xx", "other"] == 2


def test_no_port_is_opened_that_nobody_asked_for():
    assert not Settings().listens
    assert Settings(listen="127.0.0.1:9000").listens

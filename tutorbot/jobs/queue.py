"""The queue of jobs, kept in the database of everything else, and the worker that empties it.

Any number of processes may work on one queue. A job is tried again with growing pauses, and listed
with its reason when that does not help; one whose worker died is picked up by another.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.worker import Worker
from sqlalchemy import URL, make_url

from tutorbot.core.broadcasts import JOB as BROADCAST
from tutorbot.core.keys import JOB as KEYS
from tutorbot.core.notices import JOB as NOTICES, about_of
from tutorbot.core.pacing import MESSAGES_PER_SECOND
from tutorbot.core.privacy import MESSAGES_KEPT
from tutorbot.flows.keys import Keys
from tutorbot.flows.notices import Notices
from tutorbot.flows.published import Library
from tutorbot.jobs.assignments import tell_results
from tutorbot.jobs.broadcasts import Broadcasting
from tutorbot.jobs.difficulty import learn_difficulties
from tutorbot.jobs.digests import tell_weeks
from tutorbot.jobs.items import roll_up_items
from tutorbot.jobs.regrading import regrade_waiting
from tutorbot.jobs.reminders import Languages, remind
from tutorbot.metrics import Metrics
from tutorbot.store import jobs, outbox, pacing, updates
from tutorbot.store.unit import Store

REMIND = "reminders.due"
RESULTS = "assignments.tell"
PICK_UP = "jobs.pick_up"
TIDY = "jobs.tidy"
DIFFICULTY = "difficulty.learn"
ITEMS = "items.roll_up"
DIGESTS = "classes.digest"

MOST_TRIES = 5
AT_ONCE = 4
"""Jobs of one process."""

log = structlog.stdlib.get_logger()

Task = Callable[[], Awaitable[object]]


class Jobs:
    """The jobs of an installation.

    Args:
        store: open, its tables up to date
        languages: the words of a learner's language
        clock: aware
        story: tells what went wrong without what a learner typed
        direct: where the store's database is without a pooler between; None: as the store says
        extra: further jobs by their names, which nothing starts by itself
        metrics: are told how long each run takes, and how it ends
        per_second: messages that may be sent in all
        mending: mends keys, and regrades answers; without it, what is left to do waits
    """

    def __init__(
        self,
        *,
        store: Store,
        languages: Languages,
        clock: Callable[[], datetime],
        story: Callable[[BaseException], str],
        direct: str | None = None,
        extra: dict[str, Task] | None = None,
        metrics: Metrics | None = None,
        per_second: float = MESSAGES_PER_SECOND,
        mending: Keys | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._story = story
        self._metrics = metrics or Metrics()
        self._leaving = asyncio.Event()
        self._app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo="",
                kwargs=connection(make_url(direct) if direct else store.url),
                configure=_look_into_the_schema,
                min_size=1,
                max_size=AT_ONCE + 2,
            )
        )

        async def due() -> None:
            await remind(store, languages, clock, story)

        library = Library()

        async def results() -> None:
            await tell_results(store, library, languages, clock, story)

        async def difficulties() -> None:
            await learn_difficulties(store, clock)

        async def items() -> None:
            await roll_up_items(store, clock)

        async def weeks() -> None:
            await tell_weeks(store, languages, clock, story)

        async def regrades() -> None:
            if mending is not None:
                await regrade_waiting(store, mending, languages, clock)

        broadcasting = Broadcasting(
            store, languages, clock, story, per_second=per_second, leaving=self._leaving
        )
        notices = Notices(languages)

        async def tell(**kept: object) -> None:
            async with store.unit() as unit:
                await notices.say(unit, about_of(kept), clock())

        self._metrics.will_work(NOTICES)
        self._app.task(name=NOTICES, retry=_RETRY)(tell)
        self._every("* * * * *", REMIND, due)
        self._every("* * * * *", BROADCAST, broadcasting.work)
        self._every("* * * * *", RESULTS, results)
        self._every("*/10 * * * *", DIGESTS, weeks)
        self._every("* * * * *", KEYS, regrades)
        self._every("37 * * * *", ITEMS, items)
        self._every("*/10 * * * *", DIFFICULTY, difficulties)
        self._every("* * * * *", PICK_UP, self._pick_up)
        self._every("17 * * * *", TIDY, self._tidy)
        for name, task in (extra or {}).items():
            self._may(name, task)

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """Work while the block runs; leaving it finishes what is in hand, if that is soon.

        A job that is cut off then has not been done, and is picked up by whoever works next.
        """
        self._leaving.clear()
        working = asyncio.create_task(self._work())
        try:
            yield
        finally:
            self._leaving.set()
            working.cancel()
            # A database that does not answer lets nobody go, though no job is in hand.
            _, late = await asyncio.wait({working}, timeout=_GRACE + _LETTING_GO)
            if late:
                log.warning("jobs.handed_over")

    async def run(self, stop: asyncio.Event) -> None:
        async with self.at_work():
            await stop.wait()

    async def defer(self, name: str) -> bool:
        """Put a job in line; False if one of that name waits there already."""
        async with self._open():
            return await self._put_in_line(name)

    async def _put_in_line(self, name: str) -> bool:
        try:
            await self._app.configure_task(name, allow_unknown=False).defer_async()
        except AlreadyEnqueued:
            return False
        return True

    async def empty(self) -> None:
        """Do what is in line now, and return."""
        async with self._open():
            await self._worker(wait=False).run()

    async def _work(self) -> None:
        """Work until cancelled, and through whatever befalls the database meanwhile."""
        pause = _SHORTEST_PAUSE
        troubled = False
        while True:
            began = asyncio.get_running_loop().time()
            try:
                async with self._open():
                    log.info("jobs.working")
                    troubled = False
                    # What another was at when it was killed goes on now, and not in a minute.
                    for name in (BROADCAST, KEYS):
                        await self._put_in_line(name)
                    await self._worker(wait=True).run()
                # It stops by itself when it loses the database.
                log.warning("jobs.interrupted")
                troubled = True
            except Exception as error:  # noqa: BLE001 - whatever it was, the next try may do better
                if not troubled:  # once for each outage, not for each try
                    log.warning("jobs.interrupted", error=self._story(error))
                troubled = True
            if asyncio.get_running_loop().time() - began > _LONGEST_PAUSE:
                pause = _SHORTEST_PAUSE
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    @asynccontextmanager
    async def _open(self) -> AsyncGenerator[None]:
        try:
            await self._app.open_async()
            yield
        finally:
            await self._app.close_async()

    def _worker(self, *, wait: bool) -> Worker:
        return Worker(
            self._app,
            concurrency=AT_ONCE,
            wait=wait,
            shutdown_graceful_timeout=_GRACE,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            install_signal_handlers=False,
            worker_middleware=[self._watched],
        )

    def _every(self, cron: str, name: str, task: Task) -> None:
        """Start a job at times that fit; it waits in line once at most."""
        self._metrics.will_work(name)

        async def at(timestamp: int = 0) -> None:
            del timestamp  # when it was due; what is due now is what is done
            await task()

        made = self._app.task(name=name, queueing_lock=name, retry=_RETRY)(at)
        self._app.periodic(cron=cron)(made)

    def _may(self, name: str, task: Task) -> None:
        self._metrics.will_work(name)

        async def once() -> None:
            await task()

        self._app.task(name=name, queueing_lock=name, retry=_RETRY)(once)

    async def _watched(
        self,
        call_next: Callable[[], Awaitable[Any]],
        context: procrastinate.JobContext,
        _worker: Worker,
    ) -> object:
        """Keep why a job failed: the queue itself only knows that it did."""
        job = context.job
        about = structlog.contextvars.bound_contextvars(job=job.id, task=job.task_name)
        began = monotonic()
        with about:
            try:
                result = await call_next()
            except Exception as error:
                self._metrics.worked(job.task_name, failed=True, seconds=monotonic() - began)
                await self._keep_failure(job, error)
                raise
        self._metrics.worked(job.task_name, failed=False, seconds=monotonic() - began)
        return result

    async def _keep_failure(self, job: Job, error: Exception) -> None:
        why = self._story(error)
        tries = job.attempts + 1
        # Of the last try somebody must hear: nothing will be done about it by itself.
        tell = log.error if tries >= MOST_TRIES else log.warning
        tell("job.failed", tries=tries, error=why)
        with suppress(Exception):  # without a database, the queue does not know it either
            async with self._store.unit() as unit:
                await jobs.note_failure(unit, job.id or 0, job.task_name, why, self._clock())

    async def _pick_up(self) -> None:
        """Put the jobs of workers that died back in line."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs():
            log.warning("job.picked_up", job=job.id, task=job.task_name)
            try:
                await manager.retry_job(job)
            except UniqueViolation:  # the same waits in line already
                await manager.finish_job(job, Status.ABORTED, delete_job=True)
            except ConnectorException:  # somebody else was quicker
                continue

    async def _tidy(self) -> None:
        """Forget what nothing can refer to any more, and what failed long ago."""
        now = self._clock()
        await self._app.job_manager.delete_old_jobs(
            nb_hours=int(MESSAGES_KEPT / timedelta(hours=1)),
            include_failed=True,
            include_cancelled=True,
            include_aborted=True,
        )
        async with self._store.unit() as unit:
            await jobs.prune(unit, now - MESSAGES_KEPT)
            await updates.prune(unit, now - _UPDATES_KEPT)
            await updates.prune_poisoned(unit, now - MESSAGES_KEPT)
            await outbox.prune(unit, now - MESSAGES_KEPT)
            await pacing.prune(unit)


def connection(url: URL) -> dict[str, str]:
    """Say to psycopg where the database is, in its own words.

    >>> connection(URL.create("postgresql+asyncpg", "ada", host="db", query={"ssl": "require"}))
    {'user': 'ada', 'host': 'db', 'sslmode': 'require', 'application_name': 'tutorbot jobs'}
    """
    said = {
        "user": url.username,
        "password": url.password,
        "host": url.host,
        "port": str(url.port) if url.port else None,
        "dbname": url.database,
        **{_ASKED.get(name, name): str(value) for name, value in url.query.items()},
    }
    return {name: value for name, value in said.items() if value} | {
        "application_name": "tutorbot jobs"
    }


_ASKED = {"ssl": "sslmode"}
_RETRY = procrastinate.RetryStrategy(max_attempts=MOST_TRIES - 1, exponential_wait=3)
_UPDATES_KEPT = timedelta(days=7)  # Telegram repeats none after a day
_GRACE = 4.0  # seconds
_LETTING_GO = 1.0  # seconds
_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds, before the database is tried again


async def _look_into_the_schema(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.execute("SET search_path TO procrastinate")
    await connection.commit()

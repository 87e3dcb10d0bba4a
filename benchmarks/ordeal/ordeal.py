"""The ordeal itself: learners talk to the bot while everything that can befall it does."""

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.ordeal import oracle, paper
from benchmarks.ordeal.balancer import Balancer, free_port
from benchmarks.ordeal.house import ROOT, Database, Service, events
from benchmarks.ordeal.misfortune import LOST, TROUBLES, Misfortune, blows
from benchmarks.ordeal.oracle import Found, Record, Sent, Standing, Troubles
from benchmarks.ordeal.pupil import Chats, Pupil
from benchmarks.ordeal.script import scripts, sleepers
from tutorbot.playground.faults import Chance
from tutorbot.playground.limits import Limits
from tutorbot.playground.server import Playground
from tutorbot.playground.world import Call
from tutorbot.store import migrate

MESSAGES_PER_SECOND = 1000
"""As with paid broadcasts: at 30 a second, a thousand learners would only wait."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    seed: int
    learners: int
    seconds: float  # over which the learners' doings are spread
    kill_every: float  # seconds in the mean; 0: nothing befalls anybody
    questions: int = len(paper.QUESTIONS)
    webhook: bool = False
    webs: int = 3  # processes that take updates, with a webhook
    workers: int = 2  # and that work in the background
    patience: float = 180  # seconds that a learner waits for a reply
    sleepers: int = 0  # who do nothing, and are to be reminded
    jobs_too: bool = True  # wait until the jobs of those who were killed are picked up


@dataclass(kw_only=True)
class Result:
    found: Found
    standing: dict[int, list[Standing]]  # the chats in the end, by the number of the learner
    records: dict[int, Record]  # by the same
    dealt: Counter[str] = field(default_factory=Counter[str])
    troubles: Counter[str] = field(default_factory=Counter[str])
    counts: Counter[str] = field(default_factory=Counter[str])
    waits: list[float] = field(default_factory=list[float])
    balanced: Counter[str] = field(default_factory=Counter[str])
    logged: Counter[str] = field(default_factory=Counter[str])
    seconds: float = 0


async def undergo(plan: Plan) -> Result:
    with tempfile.TemporaryDirectory(prefix="tutorbot-ordeal-") as name:
        folder = Path(name)
        _furnish(folder)
        database = Database(folder / "postgres")
        await asyncio.to_thread(database.start)
        try:
            await migrate.upgrade(database.url, ROOT / "migrations")
            limits = Limits(chat_burst=20, overall_per_second=MESSAGES_PER_SECOND)
            async with Playground(clock=_now, limits=limits, first_pause=0.2) as playground:
                return await _Ordeal(plan, folder, database, playground).run()
        finally:
            await asyncio.to_thread(database.close)


def _furnish(folder: Path) -> None:
    folder.chmod(0o755)  # as root, the database server is somebody else
    (folder / "courses").mkdir()
    paper.write(folder / "courses")


class _Ordeal:
    def __init__(
        self, plan: Plan, folder: Path, database: Database, playground: Playground
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._database = database
        self._playground = playground
        self._world = playground.world
        self._sent: dict[tuple[int, int], Sent] = {}
        self._troubles: Counter[str] = Counter()
        self._calls: Counter[str] = Counter()
        self._balancer: Balancer | None = None
        hour = _now().hour
        self._zone = f"Etc/GMT{hour - _NOON:+d}" if hour != _NOON else "Etc/GMT"  # it is noon there

    async def run(self) -> Result:
        plan, world = self._plan, self._world
        world.overhear(self._overhear)
        chats = Chats(world)
        pupils = [
            Pupil(script=each, chat=chats.open(f"Learner {each.number}"))
            for each in (
                *scripts(plan.learners, plan.seed, plan.seconds, plan.questions),
                *sleepers(plan.sleepers, plan.seed, plan.learners),
            )
        ]
        await self._remember(pupils)
        first = world.next_update_id
        async with self._services() as services:
            began = time.monotonic()
            misfortune = Misfortune(
                blows(plan.seed, plan.seconds, len(services), plan.kill_every)
                if plan.kill_every
                else (),
                services,
                self._database,
            )
            if plan.kill_every:
                world.faults.chance = Chance(random.Random(f"{plan.seed}/troubles"), TROUBLES)
            befalling = asyncio.create_task(misfortune.run())
            late = 3 * plan.seconds + plan.patience  # for reminders
            await asyncio.gather(
                *(
                    each.live(world, late if each.script.sleeps else plan.patience)
                    for each in pupils
                )
            )
            befalling.cancel()
            await asyncio.gather(befalling, return_exceptions=True)
            await misfortune.pass_over()
            world.faults.chance = None
            if self._balancer:
                self._balancer.loses = 0
            seconds = time.monotonic() - began
            await self._settle(pupils)
        found = Found()
        await oracle.check_tables(found, self._database.url, range(first, world.next_update_id))
        if world.updates:
            found.broken.append(f"{len(world.updates)} updates wait at the server")
        records = await oracle.records(self._database.url)
        troubles = Troubles(
            lives=[life for service in services for life in service.lives],
            frozen=[each for service in services for each in service.frozen],
            outages=self._database.outages,
        )
        standing: dict[int, list[Standing]] = {}
        for pupil in pupils:
            number = pupil.script.number
            standing[number] = oracle.check_chat(found, pupil, self._sent, troubles)
            if not pupil.stuck:
                record = records.get(pupil.chat.person.id, Record())
                oracle.check_record(found, pupil, record)
        for service in services:
            found.broken += [f"{service.name} took {s:.1f} s to stop" for s in service.slow_stops]
        counts = Counter(life.how for service in services for life in service.lives)
        counts["updates"] = world.next_update_id - first
        counts["unanswered"] = sum(
            not query.answered for pupil in pupils for query in pupil.chat.queries
        )
        counts["presses"] = sum(len(pupil.chat.queries) for pupil in pupils)
        counts["calls"] = self._calls.total()
        return Result(
            found=found,
            standing=standing,
            records={
                pupil.script.number: records.get(pupil.chat.person.id, Record()) for pupil in pupils
            },
            dealt=misfortune.dealt,
            troubles=self._troubles,
            counts=counts,
            waits=sorted(
                wait for pupil in pupils if not pupil.script.sleeps for wait in pupil.waits
            ),
            balanced=self._balancer.counts if self._balancer else Counter(),
            logged=events([service.log for service in services]),
            seconds=seconds,
        )

    @asynccontextmanager
    async def _services(self) -> AsyncGenerator[list[Service]]:
        async with AsyncExitStack() as stack:
            if self._plan.webhook:
                ports = [free_port() for _ in range(self._plan.webs)]
                dice = random.Random(f"{self._plan.seed}/balancer")
                loses = LOST if self._plan.kill_every else 0.0
                self._balancer = Balancer(ports, dice, loses=loses)
                address = await stack.enter_async_context(self._balancer.serving())
                services = [
                    self._service(
                        f"web-{number}",
                        ["run", "--webhook", "--no-jobs"],
                        partial(self._balancer.is_ready, port),
                        TUTORBOT_LISTEN=f"127.0.0.1:{port}",
                        TUTORBOT_WEBHOOK_URL=f"{address}/telegram",
                    )
                    for number, port in enumerate(ports, start=1)
                ]
                services += [
                    self._service(f"jobs-{number}", ["jobs", "run"])
                    for number in range(1, self._plan.workers + 1)
                ]
            else:
                services = [self._service("bot", ["run"])]
            for service in services:
                service.start()
                stack.push_async_callback(service.close)
            if not await self._world.until(lambda: bool(self._calls["setMyCommands"]), 60):
                raise RuntimeError("the bot does not start")
            yield services

    def _service(
        self,
        name: str,
        command: Sequence[str],
        ready: Callable[[], bool] = lambda: True,
        **more: str,
    ) -> Service:
        playground = self._playground

        def environment(caller: str) -> dict[str, str]:
            return {
                "TUTORBOT_TELEGRAM_URL": f"{playground.url}/as/{caller}",
                "TUTORBOT_TELEGRAM_TOKEN": playground.token,
                "TUTORBOT_DATABASE_URL": self._database.url,
                "TUTORBOT_CONTENT": str(self._folder / "courses"),
                "TUTORBOT_MESSAGES_PER_SECOND": str(MESSAGES_PER_SECOND),
                "TUTORBOT_TIMEZONE": self._zone,
                "TUTORBOT_LOG": "info",
                **more,
            }

        return Service(
            name=name,
            command=command,
            environment=environment,
            log=self._folder / f"{name}.log",
            ready=ready,
        )

    async def _remember(self, pupils: Sequence[Pupil]) -> None:
        """The days that learners have behind them; yesterday is the last."""
        async with await psycopg.AsyncConnection.connect(self._database.url) as connection:
            for pupil in pupils:
                script, person = pupil.script, pupil.chat.person
                if not script.days:
                    continue
                met = {"id": person.id, "name": person.name, "days": script.days}
                await connection.execute(_MET, met | {"zone": self._zone})
                for ago in range(1, script.days + 1):
                    at = _now() - timedelta(days=ago)
                    day = {"id": person.id, "day": at.date(), "at": at, "zone": self._zone}
                    await connection.execute(_STUDIED, day | {"n": oracle.PAST_ANSWERS})
                if script.sleeps:
                    person.started = True
                    after = random.Random(person.name).uniform(0, self._plan.seconds)
                    await connection.execute(_REMIND, {"id": person.id, "after": after})

    def _overhear(self, call: Call) -> None:
        self._calls[call.method] += 1
        if call.status != 200 or call.unheard:
            made = " after it was done" if call.made is not None else ""
            what = "no answer" if call.status == 499 else str(call.status)
            if call.status == 400 and call.error:
                what += f" ({call.error.removeprefix('Bad Request: ').partition(':')[0][:50]})"
            self._troubles[f"{what}{made}"] += 1
        if call.method.lower().startswith("send") and call.made is not None:
            at = time.monotonic() - call.milliseconds / 1000
            key = int(call.params["chat_id"]), call.made
            self._sent[key] = Sent(at=at, caller=call.caller, unheard=call.unheard)

    async def _settle(self, pupils: Sequence[Pupil]) -> None:
        """Until nothing is under way any more, or for as long as a learner would wait."""
        del pupils
        world, deadline = self._world, time.monotonic() + self._plan.patience
        calm = 0
        while time.monotonic() < deadline and calm < _CALM:
            await asyncio.sleep(0.5)
            made = world.calls_made
            try:
                messages, stuck = await oracle.waiting(self._database.url)
            except psycopg.OperationalError:
                continue
            stuck = stuck if self._plan.jobs_too else 0
            busy = world.updates or world.calls_under_way or messages or stuck
            calm = 0 if busy or made != world.calls_made else calm + 1


_CALM = 4  # looks in a row at which nothing was under way


def _now() -> datetime:
    return datetime.now(UTC)


_NOON = 12

_MET = """
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at, onboarded_at)
    VALUES (%(id)s, %(id)s, %(name)s, 'en', %(zone)s, 4, 'picture', 'light', true,
        now() - make_interval(days => %(days)s), now())
"""
_STUDIED = """
    INSERT INTO study_days (learner_id, day, first_timezone, timezone, first_at, last_at, answers,
        counted, qualified_at)
    SELECT id, %(day)s, %(zone)s, %(zone)s, %(at)s, %(at)s, %(n)s, %(n)s, %(at)s
    FROM learners WHERE telegram_id = %(id)s
"""
_REMIND = """
    WITH reminded AS (
        UPDATE learners SET reminder_hour = 9 WHERE telegram_id = %(id)s RETURNING id
    )
    INSERT INTO reminders (learner_id, due)
    SELECT id, now() + make_interval(secs => %(after)s) FROM reminded
"""

"""A quiz goes out to 10,000 learners while processes are killed; docs/broadcasts.md has figures.

    python benchmarks/broadcast.py                            10,000 learners, 100 messages a second
    python benchmarks/broadcast.py --learners 500 --rate 30

Two processes that send and two that work in the background, the playground in the place of
Telegram. Each is killed (-9) once and started again. Of the learners, one in a hundred has blocked
the bot; one has a chat that moves; some are met by a 429, some by a line that goes dead before the
message arrived or after. In the middle it is paused. The playground counts what arrived.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psycopg

from benchmarks.ordeal import paper
from benchmarks.ordeal.balancer import Balancer, free_port
from benchmarks.ordeal.house import ROOT, Database, Service, events
from tutorbot.core.broadcasts import Kind, State
from tutorbot.core.ids import AssignmentId, BroadcastId, ChatId
from tutorbot.flows import broadcasts as flow
from tutorbot.playground import acts
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.playground.limits import Limits
from tutorbot.playground.server import Playground
from tutorbot.playground.world import Call, Person
from tutorbot.store import broadcasts, migrate
from tutorbot.store.unit import Store


@dataclass(frozen=True, kw_only=True)
class Plan:
    learners: int
    rate: int  # messages a second
    seed: int = 7
    # At which share of the messages something happens: a service is killed, or all is paused.
    kills: tuple[tuple[float, str], ...] = (
        (0.15, "jobs-1"),
        (0.3, "web-1"),
        (0.6, "jobs-2"),
        (0.75, "web-2"),
    )
    paused_at: float = 0.45
    pause: float = 5.0  # seconds
    floods: int = 6  # as far apart as that each is the matter of its chat alone
    lost: int = 12  # messages on whose way the line goes dead
    moves: bool = True
    webs: int = 2  # processes that send
    workers: int = 2  # and that work in the background
    patience: float = 900  # seconds until it is given up


@dataclass(kw_only=True)
class Result:
    broken: list[str] = field(default_factory=list[str])
    fates: Counter[str] = field(default_factory=Counter[str])
    arrived: int = 0  # messages to learners
    seconds: float = 0  # from the first to the last, without the pause
    counted: int = 0  # messages in that time, as Telegram counts them
    tried: int = 0  # with those that were refused: each has had its place, too
    paused: float = 0
    slipped: int = 0  # messages that went out while it was paused
    refused: int = 0  # calls that were answered with 429
    report: str = ""  # what its instructor reads in the end
    edits: int = 0  # of that message
    lives: Counter[str] = field(default_factory=Counter[str])
    logged: Counter[str] = field(default_factory=Counter[str])


async def undergo(plan: Plan, database_url: str | None = None) -> Result:
    """Play it, on a migrated database or (None) one of its own."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tutorbot-b-")))
        _furnish(folder)
        if database_url is None:
            database = Database(folder / "postgres")
            await asyncio.to_thread(database.start)
            stack.push_async_callback(asyncio.to_thread, database.close)
            await migrate.upgrade(database.url, ROOT / "migrations")
            database_url = database.url
        limits = Limits(chat_burst=20, overall_per_second=plan.rate)
        playground = Playground(clock=_now, limits=limits, first_pause=0.2)
        await stack.enter_async_context(playground)
        return await _Run(plan, folder, database_url, playground).run()


def _furnish(folder: Path) -> None:
    folder.chmod(0o755)  # as root, the database server is somebody else
    (folder / "courses").mkdir()
    paper.write(folder / "courses")


class _Run:
    def __init__(self, plan: Plan, folder: Path, database_url: str, playground: Playground) -> None:
        self._plan = plan
        self._folder = folder
        self._database_url = database_url
        self._playground = playground
        self._world = playground.world
        self._dice = random.Random(plan.seed)
        self._arrived: dict[int, list[float]] = {}  # by chat
        self._counted: list[tuple[float, bool]] = []  # when, and whether it was taken
        self._result = Result()
        self._ready = asyncio.Event()
        self._teacher = 0
        hour = _now().hour
        self._zone = f"Etc/GMT{hour - _NOON:+d}" if hour != _NOON else "Etc/GMT"  # it is noon there

    async def run(self) -> Result:
        plan, result = self._plan, self._result
        chats = self._people()
        self._world.overhear(self._overhear)
        store = Store.open(self._database_url)
        try:
            async with self._services() as services:
                which = await self._set(store, chats)
                misfortune = asyncio.create_task(self._befall(store, which, services, len(chats)))
                deadline = time.monotonic() + plan.patience
                while not await self._over(store, which):
                    if time.monotonic() > deadline:
                        result.broken.append("it does not end")
                        break
                    await asyncio.sleep(0.2)
                paused = await misfortune
                # The last word to whoever set it, too.
                await self._world.until(lambda: "has gone out" in self._report(), 30)
            result.lives = Counter(life.how for service in services for life in service.lives)
            result.logged = events([service.log for service in services])
        finally:
            await store.close()
        await self._check(chats)
        self._measure(paused)
        result.report = self._report()
        return result

    def _people(self) -> list[int]:
        """The chats of all to whom it goes, in the order in which they stand in the database."""
        plan, world = self._plan, self._world
        world.people[_TEACHER] = Person(id=_TEACHER, name="Teacher", language="en", started=True)
        self._teacher = _TEACHER
        chats = [*range(_FIRST, _FIRST + plan.learners)]
        for chat in chats:
            world.people[chat] = Person(
                id=chat, name=f"Learner {chat}", language="en", started=True
            )
        chosen = self._dice.sample(chats[1:], max(1, plan.learners // 100) + plan.lost)
        for chat in chosen[plan.lost :]:
            world.people[chat].blocked = True
        troubles = (Trouble.APPLIED_DROP, Trouble.DROP, Trouble.INTERNAL)
        for place, chat in enumerate(chosen[: plan.lost]):
            trouble = troubles[place % len(troubles)]
            world.faults.add(Fault(trouble=trouble, method="sendMessage", chat_id=chat))
        # One after the other: several together would be a sign that the rate of all is too high.
        for place in range(plan.floods):
            chat = chats[(2 * place + 1) * len(chats) // (2 * plan.floods)]
            world.faults.add(
                Fault(trouble=Trouble.FLOOD, method="sendMessage", chat_id=chat, retry_after=2)
            )
        if plan.moves:
            group = world.add_group("Moving", [_FIRST, _TEACHER], basic=True)
            chats[len(chats) // 2] = group.id
        return chats

    async def _set(self, store: Store, chats: Sequence[int]) -> BroadcastId:
        async with await psycopg.AsyncConnection.connect(self._database_url) as connection:
            values = {"chats": [*chats], "teacher": self._teacher, "zone": self._zone}
            await connection.execute(_LEARNERS, values)
            await connection.execute(_OWNER, values)
            made = await (await connection.execute(_CLASS)).fetchone()
            assert made
            await connection.execute(_MEMBERS, {"of": made[0], **values})
            quiz = await (await connection.execute(_QUIZ, {"of": made[0]})).fetchone()
            assert quiz
        async with store.unit() as unit:
            return await broadcasts.make(
                unit,
                assignment=AssignmentId(quiz[0]),
                kind=Kind.ANNOUNCEMENT,
                silent=False,
                at_night=False,
                report=ChatId(self._teacher),
                not_before=_now(),
                at=_now(),
            )

    async def _befall(
        self, store: Store, which: BroadcastId, services: Sequence[Service], people: int
    ) -> tuple[float, float] | None:
        """Deal the blows as the messages go out; return from when to when it was paused."""
        plan = self._plan
        named = {service.name: service for service in services}
        blows: list[tuple[float, str]] = [*plan.kills]
        if plan.pause:
            blows.append((plan.paused_at, "pause"))
        if plan.moves:
            blows.append((0.4, "move"))
        paused = None
        for share, what in sorted(blows):
            goal = int(share * people)
            await self._world.until(lambda goal=goal: len(self._arrived) >= goal, plan.patience)
            match what:
                case "pause":
                    began = time.monotonic()
                    await self._decide(store, which, flow.pause)
                    since = time.monotonic()
                    await asyncio.sleep(plan.pause)
                    # What was under way as it was paused arrives; nothing else does.
                    self._result.slipped = sum(
                        at > since + 1 for times in self._arrived.values() for at in times
                    )
                    await self._decide(store, which, flow.resume)
                    paused = (began, time.monotonic())
                case "move":
                    teacher = self._playground.world.people[self._teacher]
                    (group,) = (g for g in self._world.groups.values() if g.basic)
                    acts.migrate(self._world, teacher, group.id)
                case name:
                    named[name].kill()
        return paused

    async def _decide(
        self, store: Store, which: BroadcastId, decide: "Callable[..., object]"
    ) -> None:
        async with store.unit() as unit:
            found = await broadcasts.hold(unit, which)
            assert found is not None
            await decide(unit, found, _now())  # pyright: ignore[reportGeneralTypeIssues]

    async def _over(self, store: Store, which: BroadcastId) -> bool:
        async with store.unit() as unit:
            found = await broadcasts.hold(unit, which, wait=False)
        return found is not None and found.state is State.DONE

    @asynccontextmanager
    async def _services(self) -> AsyncGenerator[list[Service]]:
        async with AsyncExitStack() as stack:
            ports = [free_port() for _ in range(self._plan.webs)]
            balancer = Balancer(ports, random.Random(self._plan.seed), loses=0.0)
            address = await stack.enter_async_context(balancer.serving())
            services = [
                self._service(
                    f"web-{number}",
                    ["run", "--webhook", "--no-jobs"],
                    partial(balancer.is_ready, port),
                    TUTORBOT_LISTEN=f"127.0.0.1:{port}",
                    TUTORBOT_WEBHOOK_URL=f"{address}/telegram",
                )
                for number, port in enumerate(ports, start=1)
            ]
            services += [
                self._service(f"jobs-{number}", ["jobs", "run"])
                for number in range(1, self._plan.workers + 1)
            ]
            for service in services:
                service.start()
                stack.push_async_callback(service.close)
            async with asyncio.timeout(60):
                while not all(service.ready() for service in services):  # noqa: ASYNC110 - it is looked at over HTTP
                    await asyncio.sleep(0.1)
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
                "TUTORBOT_DATABASE_URL": self._database_url,
                "TUTORBOT_CONTENT": str(self._folder / "courses"),
                "TUTORBOT_MESSAGES_PER_SECOND": str(self._plan.rate),
                "TUTORBOT_LOG": "info",
                **more,
            }

        log = self._folder / f"{name}.log"
        return Service(name=name, command=command, environment=environment, log=log, ready=ready)

    def _overhear(self, call: Call) -> None:
        method = call.method.lower()
        if call.status == _TOO_MANY:
            self._result.refused += 1
        if not method.startswith(("sendmessage", "editmessage")):
            return
        at, chat = time.monotonic(), int(call.params["chat_id"])
        self._counted.append((at, call.made is not None))
        if call.made is None:
            return
        if chat == self._teacher:
            self._result.edits += method.startswith("edit")
        else:
            self._arrived.setdefault(chat, []).append(at)

    def _report(self) -> str:
        found = [
            message.get("text", "")
            for (chat, _), message in self._world.messages.items()
            if chat == self._teacher
        ]
        return found[-1] if found else ""

    async def _check(self, chats: Sequence[int]) -> None:
        """Hold what arrived against what the database says."""
        broken, world = self._result.broken, self._world
        async with await psycopg.AsyncConnection.connect(self._database_url) as connection:
            found = await (await connection.execute(_FATES)).fetchall()
        fates: dict[int, str | None] = dict(found)
        moved = {group.id: group.moved_to for group in world.groups.values() if group.moved_to}
        self._result.fates = Counter(str(fate) for fate in fates.values())
        if len(fates) != len(chats):
            broken.append(f"{len(fates)} of {len(chats)} are written down")
        for place, chat in enumerate(chats):
            fate = fates.get(place)
            times = len(self._arrived.get(moved.get(chat) or chat, ()))
            times += len(self._arrived.get(chat, ())) if chat in moved else 0
            person = world.people.get(chat)
            blocked = person is not None and person.blocked
            allowed = {
                "sent": {1},
                "unknown": {0, 1},
                "blocked": {0},
            }.get(str(fate), set[int]())
            if times not in allowed or (fate == "blocked") != blocked:
                broken.append(f"{chat}: {fate}, and {times} arrived")
        strangers = self._arrived.keys() - {*chats} - {*moved.values()}
        broken += [f"{chat} is nobody's" for chat in strangers]

    def _measure(self, paused: tuple[float, float] | None) -> None:
        result = self._result
        times = sorted(at for each in self._arrived.values() for at in each)
        result.arrived = len(times)
        if not times:
            return
        begin, end = times[0], times[-1]
        result.paused = paused[1] - paused[0] if paused else 0.0
        result.seconds = end - begin - result.paused
        result.tried = sum(begin <= at <= end for at, _ in self._counted)
        result.counted = sum(begin <= at <= end and taken for at, taken in self._counted)


def _now() -> datetime:
    return datetime.now(UTC)


_NOON = 12
_TOO_MANY = 429
_TEACHER = 5_000_000_000
_FIRST = 6_000_000_000

_LEARNERS = """
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at, onboarded_at)
    SELECT 6000000000 + place - 1, chat, 'Learner', 'en', %(zone)s, 4, 'picture', 'light', true,
        now(), now()
    FROM unnest(%(chats)s::bigint[]) WITH ORDINALITY AS these (chat, place) ORDER BY place
"""
_OWNER = """
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at, onboarded_at)
    VALUES (%(teacher)s, %(teacher)s, 'Teacher', 'en', %(zone)s, 4, 'picture', 'light', true, now(),
        now())
"""
_CLASS = """
    INSERT INTO classes (title, course_id, timezone, made_at)
    SELECT 'Form 5', course_id, 'UTC', now() FROM course_versions LIMIT 1 RETURNING id
"""
_MEMBERS = """
    INSERT INTO class_members (class_id, learner_id, code, role, joined_at)
    SELECT %(of)s, id, 'L' || id,
        CASE telegram_id WHEN %(teacher)s THEN 'owner' ELSE 'learner' END, now()
    FROM learners
"""
_QUIZ = """
    INSERT INTO assignments (class_id, course_version_id, course_id, title, questions, audience,
        opens_at, due_at, reveal, state, made_at)
    SELECT %(of)s, id, course_id, 'Week 3', '[{}, {}, {}]', '{"kind": "class"}', now(),
        now() + interval '1 day', 'answered', 'set', now()
    FROM course_versions LIMIT 1 RETURNING id
"""
_FATES = """
    SELECT telegram_id - 6000000000, fate FROM broadcast_recipients
    JOIN learners ON learners.id = learner_id
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="A quiz goes out while processes are killed.")
    parser.add_argument("--learners", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--calm", action="store_true", help="nothing is killed, nothing paused")
    wanted = parser.parse_args()
    plan = Plan(learners=wanted.learners, rate=wanted.rate, seed=wanted.seed)
    if wanted.calm:
        plan = Plan(
            learners=wanted.learners,
            rate=wanted.rate,
            seed=wanted.seed,
            kills=(),
            pause=0,
            floods=0,
            lost=0,
            moves=False,
        )
    print(f"{plan.learners} learners, {plan.rate}/s, load {os.getloadavg()[0]:.1f}", flush=True)
    result = asyncio.run(undergo(plan))
    print(
        f"{result.arrived} messages arrived in {result.seconds:.1f} s without the pause"
        f" ({result.paused:.1f} s, in which {result.slipped} came after a second);"
        f" {result.tried / result.seconds / plan.rate:.1%} of the allowed rate was used,"
        f" {result.counted / result.seconds / plan.rate:.1%} by what Telegram took"
    )
    print(f"fates: {dict(result.fates)}; {result.refused} calls refused by 429")
    print(f"{result.edits} edits of the report, which says in the end:\n{result.report}")
    print(f"processes: {dict(result.lives)}; logged: {dict(result.logged)}")
    print(f"{len(result.broken)} broken promises")
    for each in result.broken[:20]:
        print(f"  {each}")
    sys.exit(bool(result.broken))


if __name__ == "__main__":
    main()

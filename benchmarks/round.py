"""A live round of 200 players in real time, with the playground counting as Telegram does.

    .venv/bin/python benchmarks/round.py                   200 players, 10 questions, 20 s each
    .venv/bin/python benchmarks/round.py 50 3 10           so many players, questions, seconds

The bot is whole: long polls, an embedded Postgres, pacing. Everybody joins and votes once in each
question, half of them in its first third and a twentieth in its last two seconds. The playground
takes 1 message/s in a chat with bursts of 3, and 20 a minute in a group. Printed are the refusals
(429), the answers kept of those given, and how the messages of the group were spread.
"""

import asyncio
import logging
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog
from sqlalchemy import text

from tutorbot import installation, wiring
from tutorbot.checking.checker import Checker
from tutorbot.core.pacing import Pace
from tutorbot.courses.load import load
from tutorbot.drawing.studio import Studio
from tutorbot.flows.published import publish
from tutorbot.metrics import Metrics
from tutorbot.playground.limits import COUNTED, Limits
from tutorbot.playground.people import Actor, Bubble
from tutorbot.playground.server import Playground
from tutorbot.playground.world import Call
from tutorbot.store import migrate
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store
from tutorbot.telegram.pacing import Pacer

ROOT = Path(__file__).parent.parent


def main(players: int, questions: int, seconds: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="tutorbot-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as server:
            asyncio.run(run(server.url, players, questions, seconds))


async def run(url: str, players: int, questions: int, seconds: int) -> None:
    await migrate.upgrade(url, ROOT / "migrations")
    store = Store.open(url)
    loaded = load(ROOT / "content")
    assert isinstance(loaded, tuple), loaded
    async with (
        wiring.started(Studio()) as studio,
        wiring.started(Checker()) as checker,
        Playground(clock=wiring.clock, limits=Limits()) as playground,
    ):
        async with store.unit() as unit:
            await publish(unit, loaded, wiring.clock())
        bot = wiring.make_bot(
            token=playground.token,
            url=playground.url,
            store=store,
            studio=studio,
            checker=checker,
            examiner=checker,
            clock=wiring.clock,
            dice=random.Random(7),
            is_author=installation.everybody,
            pacer=Pacer(Pace(), metrics=Metrics()),
        )
        stop = asyncio.Event()
        running = asyncio.create_task(bot.run(stop))
        try:
            await play(playground, store, players, questions, seconds)
        finally:
            stop.set()
            await running
    await store.close()


async def play(
    playground: Playground, store: Store, players: int, questions: int, seconds: int
) -> None:
    dice = random.Random(1)
    people = [playground.person(name=f"Player {number}") for number in range(players)]
    group = playground.group(title="Hall", members=people)
    there = [person.inside(group) for person in people]
    made: list[tuple[float, Call]] = []
    playground.world.overhear(lambda call: made.append((time.monotonic(), call)))
    host = there[0]
    await said(host, lambda bubble: "/quiz posts" in bubble.text)
    await host.says(f"/round {questions} {seconds}s")
    await said(host, lambda bubble: "A live round" in bubble.text)
    began = time.monotonic()
    for actor in there:
        await actor.presses("I am in")
    await until(store, "SELECT count(*) FROM round_players", players)
    print(f"{players} joined, kept within {time.monotonic() - began:.1f} s")
    await asyncio.sleep(BREATHER)
    await host.presses("▶ Begin")
    began, cast, behind = time.monotonic(), 0, list[float]()
    for number in range(1, questions + 1):
        mark = f"Question {number} of {questions}"
        poll = await said(host, lambda b, mark=mark: mark in b.text and "poll" in b.wire)
        opened, voting = time.monotonic(), sorted(moment(dice, seconds) for _ in there)
        dice.shuffle(there)
        for actor, after in zip(there, voting, strict=True):
            await asyncio.sleep(max(0.0, opened + after - time.monotonic()))
            count = len(poll.wire["poll"]["options"])
            with suppress(ValueError):  # too late by a moment: Telegram does not take it
                await actor.votes(poll, dice.randrange(count))
                cast += 1
        last = time.monotonic()
        await until(store, "SELECT count(*) FROM round_answers", cast)
        behind.append(time.monotonic() - last)
    await said(host, lambda bubble: "The podium" in bubble.text)
    took = time.monotonic() - began
    async with store.unit() as unit:
        kept = (await unit.execute(text("SELECT count(*) FROM round_answers"))).scalar_one()
    report(made, group.id)
    print(
        f"{questions} questions of {seconds} s in {took:.0f} s; {kept} of {cast} votes counted,"
        f" the last of a question {max(behind):.2f} s after it was given at most"
    )
    spent = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{spent.ru_utime + spent.ru_stime:.0f} s of CPU, playground and players included")


def moment(dice: random.Random, seconds: int) -> float:
    """When somebody votes: many soon, a few at the last moment."""
    if dice.random() < LAST_MOMENT:
        return seconds - dice.uniform(1.0, 2.0)
    return dice.uniform(0.5, seconds / 3 if dice.random() < SOON else seconds - 2.0)


def report(made: list[tuple[float, Call]], chat: int) -> None:
    refused = [call for _, call in made if call.status == TOO_MANY]
    sent = [
        (at, call.method)
        for at, call in made
        if call.method.lower() in COUNTED
        and str(call.params.get("chat_id")) == str(chat)
        and call.error is None
    ]
    times = [at for at, _ in sent]
    busiest = max(sum(at <= each < at + 60 for each in times) for at in times)
    kinds = ", ".join(f"{count} {name}" for name, count in Counter(m for _, m in sent).items())
    print(f"{len(sent)} messages in the group ({kinds}), at most {busiest} in any minute")
    print(f"{len(refused)} refused (429) of {len(made)} calls")


async def said(actor: Actor, fits: Callable[[Bubble], bool]) -> Bubble:
    while True:
        for bubble in reversed(actor.messages()):
            if bubble.by_bot and fits(bubble):
                return bubble
        await asyncio.sleep(0.05)


async def until(store: Store, counting: str, wanted: int) -> None:
    """Wait until so many rows are there, but not for ever: what was lost is told at the end."""
    for _ in range(100):
        async with store.unit() as unit:
            if (await unit.execute(text(counting))).scalar_one() >= wanted:
                return
        await asyncio.sleep(0.05)


BREATHER = 6.0  # seconds, until the lobby shows them all
LAST_MOMENT, SOON = 0.05, 0.5  # shares
TOO_MANY = 429

if __name__ == "__main__":
    main(*(int(each) for each in (sys.argv[1:] or ("200", "10", "20"))))

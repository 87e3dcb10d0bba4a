"""Updates per second through the whole bot: polling, database, outbox, sending; and what it weighs.

The playground plays Telegram in a process of its own, which takes about as much CPU as the bot. So
the CPU time of the bot alone is shown as well: it says what one core could do.

    python benchmarks/updates.py              an echo, and real practice
    python benchmarks/updates.py 400 10       so many learners, so many updates from each
"""

import asyncio
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from tutorbot import wiring
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.drawing.studio import Studio
from tutorbot.playground import Playground, acts
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Person
from tutorbot.settings import Settings
from tutorbot.store.unit import Unit
from tutorbot.telegram.app import TelegramBot
from tutorbot.telegram.read import Said, Wrote
from tutorbot.views.reply import Reply, Say, Utterance

PATIENCE = 300.0  # seconds


def main() -> None:
    match sys.argv[1:]:
        case ["--telegram", people, each, what]:
            asyncio.run(telegram(int(people), int(each), what))
        case [people, each]:
            compare(int(people), int(each))
        case _:
            compare(100, 20)


def compare(learners: int, each: int) -> None:
    for what in ("echo", "practice"):
        child = [sys.executable, __file__, "--telegram", str(learners), str(each), what]
        with (
            tempfile.TemporaryDirectory() as folder,
            subprocess.Popen(
                child, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            ) as server,
        ):
            Path(folder).chmod(0o755)  # as root, the database server is somebody else
            asyncio.run(measure(what, Settings(data=Path(folder, "data")), server))


async def measure(what: str, settings: Settings, server: "subprocess.Popen[str]") -> None:
    assert server.stdin
    assert server.stdout
    access = json.loads(server.stdout.readline())
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(
            wiring.assembled(
                settings,
                access["token"],
                access["url"],
                Studio(),
                is_author=lambda _: False,
                pace=None,  # it is the bot that is measured
            )
            if what == "practice"
            else _echoing(settings, access["token"], access["url"])
        )
        stop = asyncio.Event()
        running = asyncio.create_task(bot.run(stop))
        before = time.process_time()  # of this process: the database and the workers are others
        server.stdin.write("go\n")
        server.stdin.flush()
        told = json.loads(await asyncio.to_thread(server.stdout.readline))
        used = time.process_time() - before
        stop.set()
        await running
    server.stdin.close()
    updates, seconds = told["updates"], told["seconds"]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:9} {updates:6} updates, {told['calls'] / updates:4.1f} calls each"
        f" | {updates / seconds:6.0f} updates/s"
        f" | bot {used / updates * 1000:5.2f} ms CPU each, {updates / used:5.0f}/s per core"
        f" | bot at most {memory:4.0f} MB | machine's load {os.getloadavg()[0]:.1f}"
    )


class _Echo:
    async def __call__(
        self,
        unit: Unit,  # noqa: ARG002 - an echo remembers nothing
        learner: Learner | None,  # noqa: ARG002 - nor anybody
        said: Said,
    ) -> Sequence[Utterance]:
        text = said.text if isinstance(said, Wrote) else "?"
        return (Say(reply=Reply(prose=(words(text),))),)


@asynccontextmanager
async def _echoing(settings: Settings, token: str, url: str) -> AsyncGenerator[TelegramBot]:
    studio = Studio()
    async with wiring.database(settings) as store:
        yield TelegramBot(
            token=token,
            base_url=url,
            store=store,
            studio=studio,
            conversation=_Echo(),
            clock=lambda: datetime.now(UTC),
        )


async def telegram(learners: int, each: int, what: str) -> None:
    """The other side: a server, and people who all talk at once."""
    async with Playground(clock=lambda: datetime.now(UTC)) as playground:
        people = [playground.world.add_person(f"P{number}", "en") for number in range(learners)]
        print(json.dumps({"url": playground.url, "token": playground.token}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await playground.world.until(lambda: bool(playground.calls("setMyCommands")), PATIENCE)
        before, began = playground.world.calls_made, time.perf_counter()
        if what == "echo":
            await _chatter(playground, people, each)
        else:
            await _practise(playground, people, each)
        seconds = time.perf_counter() - began
        calls = playground.world.calls_made - before
        told = {"seconds": seconds, "updates": learners * each, "calls": calls}
        print(json.dumps(told), flush=True)
        await asyncio.to_thread(sys.stdin.readline)  # until the bot is gone


async def _chatter(playground: Playground, people: Sequence[Person], each: int) -> None:
    """Everybody says everything at once."""
    world = playground.world
    target = world.calls_made + len(people) * each
    for number in range(each):
        for person in people:
            acts.say(world, person, person.id, f"message {number}")
    assert await world.until(lambda: world.calls_made >= target, PATIENCE)


async def _practise(playground: Playground, people: Sequence[Person], each: int) -> None:
    """Everybody taps whatever is offered last, waits for the answer, and taps again."""
    world, dice = playground.world, random.Random(7)

    async def one(person: Person) -> None:
        acts.say(world, person, person.id, "/start")
        await world.until(lambda: bool(_offered(playground, person)), PATIENCE)
        for _ in range(each - 1):
            message, data = dice.choice(_offered(playground, person))
            query = acts.press(world, person, message, data)
            assert await world.until(lambda query=query: query.answered, PATIENCE)
            await asyncio.sleep(0.05)  # until the reply can be seen

    await asyncio.gather(*(one(person) for person in people))
    made = -1
    while world.updates or world.calls_under_way or made != world.calls_made:
        made = world.calls_made
        await asyncio.sleep(0.05)


def _offered(playground: Playground, person: Person) -> list[tuple[JsonObject, str]]:
    """The buttons of the newest message that has any, and what they carry."""
    for message in reversed(playground.world.history(person.id)):
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        found = [(message, b["callback_data"]) for row in rows for b in row if "callback_data" in b]
        if found:
            return found
    return []


if __name__ == "__main__":
    main()

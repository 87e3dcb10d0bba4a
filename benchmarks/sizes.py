"""Bytes in the database for each learner, answer, update and message.

    python benchmarks/sizes.py               10 learners who tap 200 times each, and 50 like each
    python benchmarks/sizes.py 20 100 10     so many learners, so many taps, so many like each

They tap through the whole bot, whatever is offered; their rows are then copied for others, since
the first pages of a table say little. That is as rows are written: what UPDATE and DELETE leave
behind until the next vacuum comes on top.
"""

import asyncio
import random
import sys
import tempfile
from pathlib import Path

from sqlalchemy import text

from tutorbot import wiring
from tutorbot.drawing.studio import Studio
from tutorbot.playground import Playground, acts
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Person
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
PATIENCE = 300.0  # seconds
FAR = 10**12  # between the ids of a copy and the next


def main() -> None:
    people, each, copies = (int(word) for word in sys.argv[1:] or ("10", "200", "50"))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as root, the database server is somebody else
        settings = Settings(data=Path(folder, "data"))
        asyncio.run(practise(settings, people, each))
        asyncio.run(tell(settings, copies))


async def practise(settings: Settings, people: int, each: int) -> None:
    """Some people tap whatever is offered last, wait for the answer, and tap again."""
    async with (
        Playground(clock=wiring.clock) as playground,
        wiring.assembled(
            settings,
            playground.token,
            playground.url,
            Studio(),
            is_author=lambda _: False,
            pace=None,
            jobs=False,
        ) as bot,
    ):
        stop = asyncio.Event()
        running = asyncio.create_task(bot.run(stop))
        world, dice = playground.world, random.Random(7)

        async def one(person: Person) -> None:
            acts.say(world, person, person.id, "/start")
            await world.until(lambda: bool(offered(playground, person)), PATIENCE)
            for _ in range(each - 1):
                message, data = dice.choice(offered(playground, person))
                query = acts.press(world, person, message, data)
                assert await world.until(lambda query=query: query.answered, PATIENCE)
                await asyncio.sleep(0.05)  # until the reply can be seen

        await asyncio.gather(
            *(one(world.add_person(f"P{number}", "en")) for number in range(people))
        )
        stop.set()
        await running


def offered(playground: Playground, person: Person) -> list[tuple[JsonObject, str]]:
    """The buttons of the newest message that has any, and what they carry."""
    for message in reversed(playground.world.history(person.id)):
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        found = [(message, b["callback_data"]) for row in rows for b in row if "callback_data" in b]
        if found:
            return found
    return []


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

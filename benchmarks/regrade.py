"""How long it takes to regrade very many answers, and to undo it exactly.

    .venv/bin/python -m benchmarks.regrade [ANSWERS]

Makes that many answers (100,000 if none are named) by five times fewer learners to the first
question of a paper, in a database of its own, each with its score and its card, among as many
answers to another question. Tries out a key by which two thirds of the scores change, applies it,
which tells their learners, and takes it back: each with a tap, and what that leaves to do. The
digests of scores and cards from before and after must be the same.
Meanwhile somebody else wants a turn of the same process every few milliseconds: the longest wait of
theirs is what a learner's tap may have to wait for.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from tests.store.many import NOON, answered, digests
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.ids import ChatId
from tutorbot.core.keys import ApplyRegrade, InWork, TryRegrade, UndoRegrade
from tutorbot.flows.doubts import Outcome
from tutorbot.flows.keys import Keys
from tutorbot.flows.published import Library
from tutorbot.flows.publishing import Author
from tutorbot.flows.regrading import Regrading
from tutorbot.jobs.regrading import regrade_waiting
from tutorbot.languages import languages
from tutorbot.store import learners, migrate
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store

ROOT = Path(__file__).parents[1]
MOST = 10**9  # no learner has it

T = TypeVar("T")


def main(answers: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tutorbot-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as server:
            asyncio.run(on(server.url, Path(folder), answers))


async def on(url: str, folder: Path, answers: int) -> None:
    await migrate.upgrade(url, ROOT / "migrations")
    store = Store.open(url, patience=600)
    try:
        await measure(store, folder, answers)
    finally:
        await store.close()


async def measure(store: Store, folder: Path, answers: int) -> None:
    draft = await answered(store, folder, answers)
    library = Library()
    keys = Keys(library, Regrading(library, judged, languages), lambda _: True, checked)
    now = [NOON + timedelta(days=30)]
    async with store.unit() as unit:
        learner = await learners.meet(
            unit,
            telegram_id=MOST,
            chat=ChatId(MOST),
            name="Emmy",
            language="en",
            timezone="UTC",
            day_starts=4,
            at=NOON,
        )
    author = Author(learner=learner, telegram_id=MOST)
    async with store.once() as unit:
        await unit.say("ANALYZE")

    async def tapped(action: TryRegrade | ApplyRegrade | UndoRegrade) -> Outcome:
        async with store.unit() as unit:
            match action:
                case TryRegrade():
                    return await keys.try_out(unit, author, action)
                case ApplyRegrade():
                    return await keys.apply(unit, author, action, now[0])
                case UndoRegrade():
                    return await keys.undo(unit, author, action, now[0])

    before = await digests(store)
    for action in (TryRegrade(draft.id), ApplyRegrade(draft.id), UndoRegrade(draft.id)):
        name = type(action).__name__
        outcome = await timed(f"{name}, the tap", tapped(action))
        if isinstance(outcome, InWork):
            done = regrade_waiting(store, keys, languages, lambda: now[0])
            await timed(f"{name}, in the background, committed", done)
        if isinstance(action, ApplyRegrade):
            assert await digests(store) != before
        now[0] += timedelta(seconds=30)
    after = await digests(store)
    print("scores and cards as before:", "yes" if after == before else "NO")
    async with store.unit() as unit:
        in_line = (await unit.execute(text("SELECT count(*) FROM outbox"))).scalar_one()
    print(f"messages in line: {in_line}")


async def judged(asked: Asked, typed: str) -> Verdict:
    return judge(asked, typed)


async def checked(_asked: Asked) -> tuple[str, ...]:
    raise AssertionError("only options were chosen here")


async def timed(what: str, work: Awaitable[T]) -> T:
    began, worked_before = time.monotonic(), time.process_time()
    turns: list[float] = [0.0]
    other = asyncio.create_task(wanting(turns))
    found = await work
    other.cancel()
    worked, load = time.process_time() - worked_before, os.getloadavg()[0]
    print(
        f"{what}: {time.monotonic() - began:.1f} s, {worked:.1f} s of our CPU, at load {load:.0f};"
        f" others waited {1000 * max(turns):.0f} ms at most"
    )
    return found


async def wanting(turns: list[float]) -> None:
    """Want a turn every five milliseconds, and note how much later it comes."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.005)
        turns.append(time.monotonic() - began - 0.005)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("answers", type=int, nargs="?", default=100_000)
    main(parser.parse_args().answers)

"""How long it takes to regrade very many answers, and to undo it exactly.

    .venv/bin/python benchmarks/regrade.py [ANSWERS]

Makes that many answers (100,000 if none are named) by five times fewer learners to the first
question of a paper, in a database of its own, each with its score and its card, among as many
answers to another question. Mends the key so that about half of the scores change, tells their
learners, and takes it back; the digests of scores and cards from before and after must be the same.
Meanwhile somebody else wants a turn of the same process every few milliseconds: the longest wait of
theirs is what a learner's tap may have to wait for.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.ids import CourseId, CourseVersionId, LearnerId, QuestionId
from tutorbot.core.regrading import Policy
from tutorbot.courses.load import load
from tutorbot.flows.published import Library, publish
from tutorbot.flows.regrading import Regrading, Worked
from tutorbot.languages import languages
from tutorbot.store import courses, migrate, regrading, rerating
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store, Unit

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
COURSE = """\
---
id: sums
lang: en
title: Sums
---

## One {#one}

What is right?

- (x) A {#a}
- ( ) B {#b}
- ( ) C {#c}

## Two {#two}

How much is six and one?

- answer: `7`
"""
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
    (folder / "1.quiz.md").write_text(COURSE, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), loaded
    library = Library()
    mending = Regrading(library, judged, languages)
    async with store.unit() as unit:
        await publish(unit, loaded, NOON)
        ((version, key), *_) = await courses.keys_of(unit, CourseId("sums"), QuestionId("one"))
        for statement in _MADE:
            parameters = {"answers": answers, "learners": answers // 5, "at": NOON}
            await unit.execute(text(statement), parameters)
    async with store.unit() as unit:
        draft = await regrading.draft(
            unit,
            course=CourseId("sums"),
            question=QuestionId("one"),
            content=dict(key.content) | {"right": ["b"]},
            who="author",
            class_id=None,
            at=NOON,
            policy=Policy.STRICT,
            why="~w",
        )
        # The cards that these answers would have made, had they been given one after the other.
        everybody = (await unit.execute(text("SELECT id FROM learners"))).scalars()
        await cards_made(unit, version.version, everybody)
    async with store.once() as unit:
        await unit.say("ANALYZE")
    before = await digests(store)
    at = NOON + timedelta(days=30)

    async def tried() -> Worked:
        async with store.unit() as unit:
            return await mending.work_out(unit, draft, await mending.targets(unit, draft))

    async def applied() -> None:
        async with store.unit() as unit:
            await mending.apply(unit, draft, at)

    async def undone() -> None:
        async with store.unit() as unit:
            found = await regrading.find(unit, draft.id)
            assert found is not None
            await mending.undo(unit, found, "author", "", at + timedelta(hours=1))

    worked = await timed("dry run", tried())
    print(f"{len(worked.answers)} answers, {len(worked.changed)} change; {len(worked.marked)} told")
    await timed("regrade, committed", applied())
    assert await digests(store) != before
    await timed("undo, committed", undone())
    after = await digests(store)
    print("scores and cards as before:", "yes" if after == before else "NO")
    in_line = await store_rows(store, "SELECT count(*) FROM outbox")
    print(f"messages in line: {in_line[0][0]}")


async def judged(asked: Asked, typed: str) -> Verdict:
    return judge(asked, typed)


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


async def digests(store: Store) -> Sequence[object]:
    return await store_rows(
        store,
        "SELECT (SELECT md5(string_agg(s::text, ',' ORDER BY answer_id, key_id)) FROM scores s),"
        " (SELECT md5(string_agg(c::text, ',' ORDER BY learner_id, question_id)) FROM cards c)",
    )


async def store_rows(store: Store, query: str) -> list[tuple[object, ...]]:
    async with store.unit() as unit:
        return [tuple(row) for row in await unit.execute(text(query))]


async def cards_made(unit: Unit, version: CourseVersionId, of: Sequence[LearnerId]) -> None:
    from tutorbot.core.review import owner  # noqa: PLC0415 - only to make what is measured
    from tutorbot.flows.regrading import remembered  # noqa: PLC0415 - the same

    course, question = CourseId("sums"), QuestionId("one")
    reviews = await rerating.reviews(unit, [version], question, of)
    made = {
        learner: remembered(these, {version: 0}, owner(learner, course, question))
        for learner, these in reviews.items()
    }
    await rerating.put_cards(unit, course, question, made)


_MADE = (
    """
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at)
    SELECT n, n, 'Ada', (ARRAY['en', 'de', 'hi'])[1 + n % 3], 'UTC', 4, 'plain', 'light', true, :at
    FROM generate_series(1, :learners) n
    """,
    """
    INSERT INTO sittings (learner_id, course_version_id, course_id, seed, started_at, finished_at)
    SELECT l.id, 1, 'sums', n, :at, :at FROM learners l, generate_series(1, 5) n
    """,
    """
    INSERT INTO attempts (sitting_id, learner_id, question_id, place, variant, shown, ticked,
        hints, solution_seen, accepting, tries, opened_at)
    SELECT s.id, s.learner_id, q.name, q.place, 0, '{a,b,c}', '{}', 0, false, false, 1, :at
    FROM sittings s, (VALUES ('one', 0), ('two', 1)) q (name, place)
    """,
    """
    INSERT INTO answers (attempt_id, learner_id, course_version_id, question_id, variant, shown,
        chosen, raw, parsed, verdict, hints, try_number, answered_at, timezone, study_day)
    SELECT a.id, a.learner_id, 1, a.question_id, '[]', a.shown,
        CASE a.place WHEN 0 THEN ARRAY[(ARRAY['a', 'b', 'c'])[1 + a.id % 3]] END,
        CASE a.place WHEN 1 THEN '7' END, CASE a.place WHEN 1 THEN '7' END,
        jsonb_build_object('code',
            CASE WHEN a.place = 1 OR a.id % 3 = 0 THEN 'right' ELSE 'wrong' END),
        0, 1, CAST(:at AS timestamptz) + make_interval(days => CAST(s.seed AS int)), 'UTC',
        CAST(CAST(:at AS timestamptz) + make_interval(days => CAST(s.seed AS int)) AS date)
    FROM attempts a JOIN sittings s ON s.id = a.sitting_id
    WHERE CAST(:answers AS int) > 0
    ORDER BY s.seed, a.id
    """,
    """
    INSERT INTO scores (answer_id, key_id, points, out_of, policy, computed_at)
    SELECT a.id, k.id, CASE a.verdict ->> 'code' WHEN 'right' THEN 1 ELSE 0 END, 1,
        'all-or-nothing', a.answered_at
    FROM answers a JOIN keys k ON k.question_id = a.question_id
    """,
)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("answers", type=int, nargs="?", default=100_000)
    main(parser.parse_args().answers)

# ruff: noqa: S608 - the statements that fill the tables are made of numbers from here alone
"""Milliseconds and plans of what must stay quick as learners and answers grow in number.

    .venv/bin/python benchmarks/growth.py [--plans] [LEARNERS ...]

An embedded Postgres of its own is filled, with ten answers for each learner. Then the product's own
functions are run on it, as the bot and its jobs run them, and the server tells by `auto_explain`
what each of their statements took, how many pages it read, and by which plan. Each is run for other
learners a few times in a transaction that is taken back; the first, which finds nothing in
memory, is left out. A statement is flat if its pages stay as many when the data grow tenfold.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tutorbot.core.ids import AttemptId, ChatId, CourseVersionId, GroupId
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.core.recall import Memory
from tutorbot.flows import streaks as settlement
from tutorbot.store import (
    difficulty,
    groups,
    items,
    learners,
    migrate,
    outbox,
    practice,
    recall,
    reminders,
    updates,
)
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.practice import Fact, Scored
from tutorbot.store.statements import understand
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Reply, Say

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
MIGRATIONS = Path(__file__).parent.parent / "migrations"
REPEATS = 11
QUESTIONS = 20  # in two courses
DAYS = 50  # over which the answers lie
MEMBERS = 25  # of a group
QUIZZES = 30  # in a group


@dataclass(frozen=True)
class Ran:
    """One statement: what it took in the server, the pages it touched, its plan."""

    milliseconds: float
    pages: int
    plan: str


Work = Callable[[Unit, int], Awaitable[object]]


async def an_answer(unit: Unit, number: int) -> None:
    """All that is read and written for an answer, from the update to the words in the outbox."""
    await updates.claim(unit, 10**12 + number, NOW)
    learner = await learner_numbered(unit, number)
    newest = await unit.execute(
        text("SELECT max(id) FROM attempts WHERE learner_id = :id"), {"id": learner.id}
    )
    found = await practice.attempt(unit, AttemptId(newest.scalar_one()), learner.id)
    assert found is not None
    attempt, sitting = found
    counted = await settlement.count(unit, learner, NOW, posed_at=NOW - timedelta(minutes=1))
    fact = Fact(
        attempt=attempt.id,
        learner=learner.id,
        version=sitting.version,
        question=attempt.question,
        values=(),
        shown=attempt.shown,
        chosen=attempt.shown[:1],
        verdict={"code": "right"},
        hints=0,
        try_number=9,
        answered_at=NOW,
        timezone=learner.timezone,
        study_day=counted.day,
    )
    scored = Scored(points=Fraction(1), out_of=Fraction(1), policy="all-or-nothing")
    await practice.record(unit, fact, scored)
    memory = Memory(
        stability=3.0, difficulty=5.0, rated_on=counted.day, due=counted.day, ratings=2, lapses=0
    )
    await recall.keep(unit, learner.id, sitting.course, attempt.question, memory, ())
    await practice.close(unit, attempt.id, settled_at=NOW)
    said = Say(reply=Reply(prose=(words("Right."),)))
    await outbox.add(
        unit, chat=learner.chat, learner=learner.id, update_id=1, utterances=(said,), at=NOW
    )


async def settle(unit: Unit, number: int) -> None:
    """The first meeting of a day, after three days without an answer."""
    learner = await learner_numbered(unit, number)
    assert learner.settled is None
    await settlement.greet(unit, learner, NOW + timedelta(days=3))


async def send(unit: Unit, number: int) -> None:
    await outbox.waiting(unit, NOW, limit=256)
    await outbox.claim(unit, chat=ChatId(number), limit=8, now=NOW)


async def table(unit: Unit, number: int) -> None:
    lately = {"since": NOW - timedelta(days=7), "over_before": NOW - timedelta(days=1)}
    found = await groups.tallies(unit, GroupId(1 + number % 10), **lately)
    assert len(found.ever) == MEMBERS


async def item_analysis(unit: Unit, number: int) -> None:
    found = await items.of_version(unit, CourseVersionId(1 + number % 2))
    assert len(found) == QUESTIONS // 2


async def progress(unit: Unit, number: int) -> None:
    learner = await learner_numbered(unit, number)
    await recall.all_of(unit, learner.id)
    await recall.first_tries(unit, learner.id)


async def learner_numbered(unit: Unit, number: int) -> Learner:
    found = await learners.find(unit, number)
    assert found is not None
    return found


WORKS: dict[str, Work] = {
    "an answer": an_answer,
    "settlement": settle,
    "reminders due": lambda unit, _: reminders.claim(unit, NOW, 100),
    "leaderboard": table,
    "progress": progress,
    "what to send": send,
    "item analysis, read": item_analysis,
    "item analysis, an hour": lambda unit, _: items.roll_up(unit, NOW),
    "difficulties, 1,000": lambda unit, _: difficulty.next_answers(unit, NOW, 1000),
    "tidying updates": lambda unit, _: updates.prune(unit, NOW - timedelta(days=7)),
    "tidying the outbox": lambda unit, _: outbox.prune(unit, NOW - timedelta(days=30)),
}


async def measure(url: str, size: int, *, plans: bool) -> None:
    await migrate.upgrade(url, MIGRATIONS)
    began = time.perf_counter()
    where = make_url(url).set(drivername="postgresql+asyncpg")
    filling = create_async_engine(where, isolation_level="AUTOCOMMIT")
    async with filling.connect() as connection:
        for sql in FILL:
            await connection.execute(text(sql.replace("<size>", str(size))))
        held = await connection.execute(text("SELECT pg_database_size(current_database())"))
        gigabytes = held.scalar_one() / 1e9
    await filling.dispose()
    print(
        f"\n{size:,} learners, {10 * size:,} answers: {gigabytes:.1f} GB,"
        f" filled in {time.perf_counter() - began:.0f} s"
    )
    print(f"{'':24} {'statements':>10} {'ms':>9} {'most':>9} {'pages':>8}")
    engine = create_async_engine(where)
    async with engine.connect() as connection:
        for name, work in WORKS.items():
            await told(connection, name, work, size, plans=plans)
    await engine.dispose()


async def told(
    connection: AsyncConnection, name: str, work: Work, size: int, *, plans: bool
) -> None:
    totals: list[float] = []
    pages: list[int] = []
    ran: list[Ran] = []
    for repeat in range(REPEATS):
        number = 1 + (repeat * 7_919 * 31) % size
        ran = await explained(connection, work, number)
        if repeat:
            totals.append(sum(each.milliseconds for each in ran))
            pages.append(sum(each.pages for each in ran))
    middle, most = statistics.median(totals), max(totals)
    shown = statistics.median(pages)
    print(f"{name:24} {len(ran):>10} {middle:>9.2f} {most:>9.2f} {shown:>8.0f}", flush=True)
    if plans:
        for each in ran:
            print(f"    {each.milliseconds:8.2f} ms {each.pages:6} pages  {each.plan}")


async def explained(connection: AsyncConnection, work: Work, number: int) -> list[Ran]:
    """Run some work, take it back, and give back what the server said of its statements."""
    heard: list[str] = []
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None
    await understand(raw)

    def hear(_connection: object, message: Any) -> None:
        heard.append(message.message)

    for setting in EXPLAINING:
        await connection.execute(text(setting))
    raw.add_log_listener(hear)
    try:
        await work(Unit(connection, raw), number)
    finally:
        await connection.rollback()
        await asyncio.sleep(0)
        raw.remove_log_listener(hear)
    return [ran(json.loads(each[each.index("{") :])) for each in heard if "plan:" in each]


def ran(told: dict[str, Any]) -> Ran:
    nodes = list(nodes_of(told["Plan"]))
    counts: dict[str, int] = defaultdict(int)
    for node in nodes:
        on = node.get("Index Name") or node.get("Relation Name")
        counts[f"{node['Node Type']}{f' {on}' if on else ''}"] += 1
    plan = told["Plan"]
    return Ran(
        milliseconds=plan["Actual Total Time"],
        pages=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        plan=" ← ".join(counts),
    )


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes_of(each)


EXPLAINING = (
    "LOAD 'auto_explain'",
    "SET LOCAL auto_explain.log_min_duration = 0",
    "SET LOCAL auto_explain.log_analyze = on",
    "SET LOCAL auto_explain.log_buffers = on",
    "SET LOCAL auto_explain.log_format = json",
    "SET LOCAL client_min_messages = log",
    "SET LOCAL jit = off",
)

_LEARNERS = "generate_series(1, CAST(<size> AS bigint)) AS n"
# Only while it is filled: no disk is waited for, and references that hold are not checked.
FILL = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET max_wal_size = '8GB'",
    "SELECT pg_reload_conf()",
    "SET session_replication_role = replica",
    "SET jit = off",
    f"""
    INSERT INTO course_versions (course_id, number, digest, title, place, source, published_at)
    SELECT 'course ' || n, 1, n, 'Course', n, '#', timestamptz '{NOW}' - interval '99 days'
    FROM generate_series(1, 2) AS n
    """,
    f"""
    INSERT INTO keys (course_version_id, question_id, version, content, made_at, reason)
    SELECT 1 + n % 2, 'question ' || n, 1, '["a"]', timestamptz '{NOW}', 'first'
    FROM generate_series(0, {QUESTIONS - 1}) AS n
    """,
    f"""
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at, reminder_hour)
    SELECT n, n, 'Ada', 'en',
        (ARRAY['Europe/London', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'])[1 + n % 4],
        4, 'picture', 'light', true, timestamptz '{NOW}' - interval '90 days', 18
    FROM {_LEARNERS}
    """,
    f"""
    INSERT INTO reminders (learner_id, due)
    SELECT n, timestamptz '{NOW}' - interval '58 minutes' + random() * interval '47 hours'
    FROM {_LEARNERS}
    """,
    f"""
    INSERT INTO sittings (learner_id, course_version_id, course_id, seed, started_at)
    SELECT n, 1 + n % 2, 'course ' || (1 + n % 2), n, timestamptz '{NOW}' FROM {_LEARNERS}
    """,
    # Answers come in by and by, each day some of everybody's.
    f"""
    INSERT INTO attempts (sitting_id, learner_id, question_id, place, variant, shown, ticked, hints,
        solution_seen, accepting, tries, opened_at)
    SELECT n, n, 'question ' || (2 * place + 1 - n % 2), place, 0, '{{a,b,c}}', '{{}}', 0, false,
        true, 1, timestamptz '{NOW}' - interval '1 day' * ({DAYS} - 5 * place)
    FROM generate_series(0, 9) AS place, {_LEARNERS}
    """,
    f"""
    INSERT INTO answers (attempt_id, learner_id, course_version_id, question_id, variant, shown,
        chosen, verdict, hints, try_number, answered_at, timezone, study_day)
    SELECT id, learner_id, 1 + learner_id % 2, question_id, '[]', shown,
        ARRAY[(ARRAY['a', 'b', 'c'])[1 + id % 3]],
        CASE id % 3 WHEN 0 THEN '{{"code": "right"}}'::jsonb ELSE '{{"code": "wrong"}}'::jsonb END,
        0, 1, at, 'UTC', at::date
    FROM (
        SELECT *, timestamptz '{NOW}' - interval '1 day' * {DAYS} * (1 - id / (10.0 * <size>)) AS at
        FROM attempts
    ) AS attempts
    ORDER BY id
    """,
    """
    INSERT INTO scores (answer_id, key_id, points, out_of, policy, computed_at)
    SELECT id, 1 + id % 20, CASE id % 3 WHEN 0 THEN 1 ELSE 0 END, 1, 'all', answered_at
    FROM answers
    """,
    f"""
    INSERT INTO cards (learner_id, course_id, question_id, stability, difficulty, rated_on, due,
        ratings, lapses, variant)
    SELECT n, 'course ' || (1 + n % 2), 'question ' || (2 * place + 1 - n % 2), 3, 5,
        date '{NOW.date()}' - 5 * place, date '{NOW.date()}' + place, 1, 0, '[]'
    FROM generate_series(0, 9) AS place, {_LEARNERS}
    """,
    f"""
    INSERT INTO study_days (learner_id, day, first_timezone, timezone, first_at, last_at, answers,
        counted, qualified_at)
    SELECT n, date '{NOW.date()}' - 1 - 3 * day, 'UTC', 'UTC', at, at, 5, 5, at
    FROM generate_series(0, 4) AS day, {_LEARNERS},
        LATERAL (SELECT timestamptz '{NOW}' - interval '1 day' * (1 + 3 * day) AS at) AS given
    """,
    f"""
    INSERT INTO groups (chat_id, joined_at)
    SELECT -n, timestamptz '{NOW}' FROM generate_series(1, <size> / 1000) AS n
    """,
    f"""
    INSERT INTO group_quizzes (group_id, course_version_id, course_id, question_id, variant, shown,
        language, posted_at, ended_at)
    SELECT n, 1, 'course 1', 'question 1', 0, '{{a,b,c}}', 'en', at, at
    FROM generate_series(1, {QUIZZES}) AS quiz, generate_series(1, <size> / 1000) AS n,
        LATERAL (SELECT timestamptz '{NOW}' - interval '1 day' * quiz AS at) AS given
    """,
    # The answers of others, as it makes no difference to the table.
    f"""
    INSERT INTO group_answers (quiz_id, learner_id, attempt_id, answered_at)
    SELECT id, (group_id * {MEMBERS} + member) % <size> + 1,
        (id - 1) * {MEMBERS} + member + 1, posted_at
    FROM group_quizzes, generate_series(0, {MEMBERS - 1}) AS member
    """,
    f"""
    INSERT INTO updates (update_id, received_at)
    SELECT n, timestamptz '{NOW}' - interval '6 days' * random() FROM {_LEARNERS}
    """,
    f"""
    INSERT INTO outbox (learner_id, chat_id, update_id, body, created_at, not_before, fate,
        message_id, fated_at)
    SELECT n, n, n, '{{"say": {{"prose": "about as long as what is said"}}}}'::jsonb, at, at,
        CASE n % 10000 WHEN 0 THEN NULL ELSE 'sent' END, n, at
    FROM {_LEARNERS},
        LATERAL (SELECT timestamptz '{NOW}' - interval '29 days' * (1 - n / (1.0 * <size>)) AS at)
            AS given
    """,
    # All hours but the last have been counted: as it is after the job of the hour before.
    f"""
    INSERT INTO item_days
    SELECT course_version_id, question_id, option_id, (answered_at AT TIME ZONE 'UTC')::date,
        count(*), count(*), 0, 0, 0, count(*), 0
    FROM answers, LATERAL unnest(array_append(chosen, '')) AS option_id
    WHERE answered_at < timestamptz '{NOW}' - interval '28 hours'
    GROUP BY 1, 2, 3, 4
    """,
    f"""
    INSERT INTO watermarks (work, answer_id, reached_at)
    VALUES ('items', 0, date_trunc('hour', timestamptz '{NOW}' - interval '27 hours')),
        ('difficulty', (SELECT max(id) - 1000 FROM answers), NULL)
    """,
    "ALTER SYSTEM RESET fsync",
    "SELECT pg_reload_conf()",
    "VACUUM ANALYZE",
    "CHECKPOINT",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--plans", action="store_true", help="print how each statement was run")
    asked = parser.parse_args()
    for size in asked.sizes:
        with tempfile.TemporaryDirectory(prefix="tutorbot-bench-") as folder:
            Path(folder).chmod(0o755)
            with EmbeddedPostgres(Path(folder) / "postgres") as server:
                asyncio.run(measure(server.url, size, plans=asked.plans))


if __name__ == "__main__":
    main()

"""Very many answers to a question, put into the tables as they are."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from tutorbot.core.ids import CourseId, CourseVersionId, LearnerId, QuestionId
from tutorbot.core.regrading import Policy
from tutorbot.core.review import owner
from tutorbot.courses.load import load
from tutorbot.flows.published import publish
from tutorbot.flows.regrading import remembered
from tutorbot.store import courses, regrading, rerating
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Store, Unit

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SUMS, ONE = CourseId("sums"), QuestionId("one")
_COURSE = """\
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


async def answered(store: Store, folder: Path, answers: int) -> Regrade:
    """Publish a paper and let its first question be answered, by five times fewer learners.

    Each answer has its score and its card. Returned is the draft of a key by which two thirds of
    the scores change.
    """
    (folder / "1.quiz.md").write_text(_COURSE, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), loaded
    async with store.unit() as unit:
        await publish(unit, loaded, NOON)
        ((version, key), *_) = await courses.keys_of(unit, SUMS, ONE)
        for statement in _MADE:
            parameters = {"answers": answers, "learners": answers // 5, "at": NOON}
            await unit.execute(text(statement), parameters)
        everybody = (await unit.execute(text("SELECT id FROM learners"))).scalars()
        await _cards_made(unit, version.version, everybody)
        return await regrading.draft(
            unit,
            course=SUMS,
            question=ONE,
            content=dict(key.content) | {"right": ["b"]},
            who="author",
            class_id=None,
            at=NOON,
            policy=Policy.STRICT,
            why="~w",
        )


async def digests(store: Store) -> tuple[object, ...]:
    """What tells one state of all scores and cards from any other."""
    async with store.unit() as unit:
        return tuple((await unit.execute(text(_DIGESTS))).one())


async def _cards_made(unit: Unit, version: CourseVersionId, of: Sequence[LearnerId]) -> None:
    """The cards that these answers would have made, had they been given one after the other."""
    reviews = await rerating.reviews(unit, [version], ONE, of)
    made = {
        learner: remembered(these, {version: 0}, owner(learner, SUMS, ONE))
        for learner, these in reviews.items()
    }
    await rerating.put_cards(unit, SUMS, ONE, made)


_DIGESTS = """
    SELECT (SELECT md5(string_agg(s::text, ',' ORDER BY answer_id, key_id)) FROM scores s),
        (SELECT md5(string_agg(c::text, ',' ORDER BY learner_id, question_id)) FROM cards c)
"""
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

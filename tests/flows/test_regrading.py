"""A key is mended and taken back: scores, cards, counts, and who is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from gettext import NullTranslations
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from tests.flows.faculty import judge_here
from tests.store.setting import assign, join, make_class, set_quiz
from tutorbot.core.actions import Choose, Done, Next, OpenCourse, Tick, TryAgain
from tutorbot.core.assignments import Source, counting
from tutorbot.core.course import Choice
from tutorbot.core.grading import key_of
from tutorbot.core.ids import ChatId, CourseId, OptionId, QuestionId
from tutorbot.core.keys import LookedAt, QuestionName
from tutorbot.core.learner import Learner
from tutorbot.core.practice import PaperFinished, PosedNext
from tutorbot.core.regrading import Policy
from tutorbot.core.review import Pick
from tutorbot.courses.load import load
from tutorbot.flows.practice import Practice
from tutorbot.flows.published import Library, publish
from tutorbot.flows.regrading import Regrading
from tutorbot.store import assignments, courses, items, keys, learners, practice, regrading
from tutorbot.store.practice import Fact, Scored
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SUMS = CourseId("sums")
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
- hint: {cost=0.5} Not C.

## Several {#several}

```meta
partial: net-correct
```

What is right?

- [x] A {#a}
- [x] B {#b}
- [ ] C {#c}

## Typed {#typed}

How much is six and one?

- answer: `7`
- wrong: `8` {tag=sums.off-by-one}
"""
CHOICE: dict[str, object] = {"kind": "choice", "right": ["b"], "unscored": []}
MENDED: dict[str, dict[str, object]] = {
    "one": CHOICE,
    "several": {**CHOICE, "partial": "net-correct"},
    "typed": {"kind": "number", "accepted": ["8"], "mistaken": ["7"]},
}


class Klass:
    """People who answer a paper by dice, for days."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.papers = Library()
        self.practice = Practice(self.papers, judge_here, Random(3))
        self.regrading = Regrading(self.papers, judge_here, lambda _: NullTranslations())
        self.dice = Random(7)

    async def publish(self, folder: Path) -> None:
        (folder / "1.quiz.md").write_text(COURSE, "utf-8")
        loaded = load(folder)
        assert isinstance(loaded, tuple), loaded
        await publish(self.unit, loaded, NOON)

    async def meet(self, number: int) -> Learner:
        return await learners.meet(
            self.unit,
            telegram_id=number,
            chat=ChatId(number),
            name="Ada",
            language="en",
            timezone="UTC",
            day_starts=4,
            at=NOON,
        )

    async def sits(self, number: int, at: datetime) -> None:
        learner = await self.meet(number)
        outcome = await self.practice.open(self.unit, learner, OpenCourse(SUMS), at)
        while not isinstance(outcome, PaperFinished):
            assert isinstance(outcome, PosedNext)
            learner = await self.meet(number)
            attempt, body = outcome.posed.attempt, outcome.posed.question.body
            for again in range(self.dice.randint(0, 2)):
                if again:
                    await self.practice.try_again(self.unit, learner, TryAgain(attempt), at)
                if isinstance(body, Choice) and body.several:
                    for place in self.dice.sample(range(3), self.dice.randint(1, 3)):
                        await self.practice.tick(self.unit, learner, Tick(attempt, place), at)
                    await self.practice.done(self.unit, learner, Done(attempt), at)
                elif isinstance(body, Choice):
                    place = self.dice.randrange(3)
                    await self.practice.choose(self.unit, learner, Choose(attempt, place), at)
                else:
                    typed = self.dice.choice(["7", "8", "9"])
                    await self.practice.write(self.unit, learner, typed, at)
            outcome = await self.practice.next(self.unit, learner, Next(attempt), at)

    async def drafts(self, question: str, policy: Policy) -> Regrade:
        return await regrading.draft(
            self.unit,
            course=SUMS,
            question=QuestionId(question),
            content=MENDED[question],
            who="author",
            class_id=None,
            at=NOON,
            policy=policy,
            why="It was wrong",
        )

    async def rows(self, query: str) -> Sequence[tuple[object, ...]]:
        return [tuple(row) for row in await self.unit.execute(text(query))]

    async def scores(self) -> Sequence[tuple[object, ...]]:
        return await self.rows("SELECT * FROM scores ORDER BY answer_id, key_id")

    async def newest_scores(self) -> dict[object, float]:
        found = await self.rows(
            "SELECT DISTINCT ON (answer_id) answer_id, points / nullif(out_of, 0) FROM scores"
            " ORDER BY answer_id, key_id DESC"
        )
        return {answer: float(str(share or 0)) for answer, share in found}

    async def cards(self) -> Sequence[tuple[object, ...]]:
        return await self.rows("SELECT * FROM cards ORDER BY learner_id, question_id")

    async def told(self) -> list[tuple[object, str]]:
        found = await self.rows("SELECT learner_id, body::text FROM outbox ORDER BY id")
        return [(learner, str(body)) for learner, body in found]


@pytest.fixture
async def klass(unit: Unit, tmp_path: Path) -> Klass:
    made = Klass(unit)
    await made.publish(tmp_path)
    for day in range(2):
        for number in range(1, 6):
            await made.sits(number, NOON + timedelta(days=day))
    return made


async def test_what_is_taken_back_leaves_scores_and_cards_as_they_were(klass: Klass):
    for question in MENDED:
        for policy in Policy:
            await mended_and_taken_back(klass, question, policy)


async def mended_and_taken_back(klass: Klass, question: str, policy: Policy) -> None:
    begun = len(await klass.told())
    at = NOON + timedelta(days=5)
    scores, cards, newest = await klass.scores(), await klass.cards(), await klass.newest_scores()
    facts = await klass.rows("SELECT * FROM answers ORDER BY id")
    applied = await klass.drafts(question, policy)
    dry = await klass.regrading.work_out(
        klass.unit, applied, await klass.regrading.targets(klass.unit, applied)
    )
    assert await klass.scores() == scores, "a dry run changes nothing"
    done = await klass.regrading.apply(klass.unit, applied, at)
    assert done.marked == dry.marked
    after = await klass.newest_scores()
    assert len(done.changed) > 0
    if policy in {Policy.RAISE_ONLY, Policy.ACCEPT_BOTH, Policy.ALL_FULL}:
        assert all(after[answer] >= share for answer, share in newest.items())
    told = (await klass.told())[begun:]
    assert [learner for learner, _ in told] == sorted(done.marked), "each of them, once"
    found = await regrading.find(klass.unit, applied.id)
    assert found is not None
    undone = await klass.regrading.undo(
        klass.unit, found, "author", "By mistake", at + timedelta(hours=1)
    )
    assert await klass.scores() == scores
    assert await klass.cards() == cards
    assert await klass.rows("SELECT * FROM answers ORDER BY id") == facts
    assert set(undone.marked) == set(done.marked)
    assert len(await klass.told()) == begun + 2 * len(told)


async def test_cards_made_anew_are_those_that_were_made_one_by_one(klass: Klass):
    """Were they not, a regrade would change cards of answers that it has nothing to do with."""
    before = await klass.cards()
    for question in MENDED:
        draft = await klass.drafts(question, Policy.STRICT)
        draft = replace(draft, content=await published(klass.unit, question))
        everybody = [row[0] for row in await klass.rows("SELECT id FROM learners")]
        await klass.regrading._rerate(klass.unit, draft, draft.id, everybody)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage, reportArgumentType] - the law is about it
    assert await klass.cards() == before


async def published(unit: Unit, question: str) -> dict[str, object]:
    ((_, key), *_) = await courses.keys_of(unit, SUMS, QuestionId(question))
    return dict(key.content)


async def test_who_answers_after_the_correction_is_graded_by_it_and_after_it_is_undone_is_not(
    klass: Klass,
):
    at = NOON + timedelta(days=5)
    draft = await klass.drafts("one", Policy.STRICT)
    await klass.regrading.apply(klass.unit, draft, at)
    klass.unit.corrected = None  # as another update would be, which looks anew
    ((version, _), *_) = await courses.keys_of(klass.unit, SUMS, QuestionId("one"))
    course = await klass.papers.course(klass.unit, version.version)
    assert key_of(course.questions[0])["right"] == ["b"]
    elsewhere = await Library().course(klass.unit, version.version)
    assert elsewhere == course, "in every process"
    await klass.sits(9, at + timedelta(minutes=1))
    found = await regrading.find(klass.unit, draft.id)
    assert found is not None
    before = {**await klass.newest_scores()}
    await klass.regrading.undo(klass.unit, found, "author", "", at + timedelta(hours=1))
    nine = await klass.rows(
        "SELECT a.id, a.chosen FROM answers a JOIN learners l ON l.id = a.learner_id"
        " WHERE l.telegram_id = 9 AND a.question_id = 'one' AND a.hints = 0"
    )
    after = await klass.newest_scores()
    for answer, chosen in nine:
        assert after[answer] == (chosen == ["a"])
        assert before[answer] == (chosen == ["b"])
    klass.unit.corrected = None
    course = await klass.papers.course(klass.unit, version.version)
    assert key_of(course.questions[0])["right"] == ["a"]


async def test_an_answer_that_was_on_its_way_is_found_and_graded(klass: Klass):
    """It was graded by the old key, in a transaction that began before the new one held."""
    at = NOON + timedelta(days=5)
    draft = await klass.drafts("one", Policy.RAISE_ONLY)
    await klass.regrading.apply(klass.unit, draft, at)
    klass.unit.corrected = 0
    stale = Practice(Library(), judge_here, Random(3))  # has seen no correction
    klass.practice, told = stale, len(await klass.told())
    for number in range(20, 26):
        await klass.sits(number, at)
    found = await regrading.find(klass.unit, draft.id)
    assert found is not None
    swept = await klass.regrading.sweep(klass.unit, found, at + timedelta(minutes=2))
    assert swept is not None
    wrongly = await klass.rows(
        "SELECT a.id FROM answers a WHERE a.question_id = 'one' AND a.chosen = '{b}'"
    )
    after = await klass.newest_scores()
    assert wrongly
    assert all(after[answer] == 1 for (answer,) in wrongly)
    assert len(await klass.told()) == told + len(swept.marked)
    again = await klass.regrading.sweep(klass.unit, found, at + timedelta(minutes=3))
    assert again is not None
    assert again.changed == ()


async def test_counts_by_question_follow_the_new_scores_and_come_back(klass: Klass):
    while await items.roll_up(klass.unit, NOON + timedelta(days=9)):
        pass
    counts = "SELECT * FROM item_days ORDER BY question_id, option_id, day"
    before = await klass.rows(counts)
    draft = await klass.drafts("one", Policy.STRICT)
    await klass.regrading.apply(klass.unit, draft, NOON + timedelta(days=10))
    assert await klass.rows(counts) != before
    found = await regrading.find(klass.unit, draft.id)
    assert found is not None
    await klass.regrading.undo(klass.unit, found, "author", "", NOON + timedelta(days=11))
    assert await klass.rows(counts) == before


async def test_a_file_that_says_the_old_key_does_not_bring_it_back(klass: Klass, tmp_path: Path):
    draft = await klass.drafts("one", Policy.STRICT)
    await klass.regrading.apply(klass.unit, draft, NOON + timedelta(days=5))
    (tmp_path / "1.quiz.md").write_text(COURSE.replace("Sums", "More sums"), "utf-8")
    loaded = load(tmp_path)
    assert isinstance(loaded, tuple)
    await publish(klass.unit, loaded, NOON + timedelta(days=6))
    known = await courses.keys_of(klass.unit, SUMS, QuestionId("one"))
    assert [key.content["right"] for _, key in known] == [["b"], ["b"]]
    found = await regrading.find(klass.unit, draft.id)
    assert found is not None
    await klass.regrading.undo(klass.unit, found, "author", "", NOON + timedelta(days=7))
    known = await courses.keys_of(klass.unit, SUMS, QuestionId("one"))
    assert [key.content["right"] for _, key in known] == [["a"], ["a"]]


@pytest.mark.parametrize("policy", [Policy.STRICT, Policy.RAISE_ONLY, Policy.ALL_FULL])
async def test_a_late_answer_that_turns_out_right_brings_the_late_share(
    unit: Unit, tmp_path: Path, policy: Policy
):
    klass = Klass(unit)
    await klass.publish(tmp_path)
    learner = await klass.meet(1)
    ((version, _), *_) = await courses.keys_of(unit, SUMS, QuestionId("one"))
    one = QuestionId("one")
    room = await make_class(unit, SUMS, NOON)
    quiz = await set_quiz(
        unit,
        room,
        [Source(version=version.version, course=SUMS, question=one)],
        opens_at=NOON,
        due_at=NOON + timedelta(hours=1),
        late_until=NOON + timedelta(hours=3),
        late_share="0.5",
    )
    await join(unit, room, learner.id, NOON)
    await assign(unit, quiz, learner.id)
    pick = Pick(version=version.version, course=SUMS, question=one, variant=0)
    sitting = await practice.begin(
        unit, learner.id, version.version, counting(quiz), 7, NOON, (pick,)
    )
    await assignments.opened(unit, quiz, learner.id, sitting.id, NOON)
    attempt = await practice.open_attempt(
        unit, sitting, question=one, place=0, variant=0, shown=(), at=NOON
    )
    fact = Fact(
        attempt=attempt.id,
        learner=learner.id,
        version=version.version,
        question=one,
        values=(),
        shown=(OptionId("a"), OptionId("b"), OptionId("c")),
        chosen=(OptionId("b"),),
        verdict={"code": "wrong"},
        hints=0,
        try_number=1,
        answered_at=NOON + timedelta(hours=2),
        timezone="UTC",
        study_day=NOON.date(),
    )
    wrong = Scored(points=Fraction(0), out_of=Fraction(1), policy="all-or-nothing")
    await practice.record(unit, fact, wrong)

    async def worth() -> tuple[Fraction, Fraction]:
        (marked,) = await assignments.marks(unit, quiz, learner.id)
        return marked.marks[0].worth.points, marked.marks[0].worth.late

    assert await worth() == (0, 0)
    draft = await klass.drafts("one", policy)
    await klass.regrading.apply(unit, draft, NOON + timedelta(days=5))
    assert await worth() == (Fraction(1, 2), Fraction(1, 2))
    found = await regrading.find(unit, draft.id)
    assert found is not None
    await klass.regrading.undo(unit, found, "author", "", NOON + timedelta(days=6))
    assert await worth() == (0, 0)


async def test_who_mends_a_key_has_looked_at_it_until_that_is_undone(klass: Klass):
    at, name = NOON + timedelta(days=5), QuestionName(SUMS, QuestionId("one"))
    draft = await klass.drafts("one", Policy.STRICT)
    assert await keys.looked_at(klass.unit) == {}
    await klass.regrading.apply(klass.unit, draft, at)
    answered = await klass.rows(
        "SELECT count(DISTINCT learner_id) FROM answers WHERE question_id = 'one'"
    )
    looked = LookedAt(who="author", at=at, mended=True, firsts=int(str(answered[0][0])))
    assert await keys.looked_at(klass.unit) == {name: looked}
    found = await regrading.find(klass.unit, draft.id)
    assert found is not None
    await klass.regrading.undo(klass.unit, found, "author", "", at)
    assert await keys.looked_at(klass.unit) == {}

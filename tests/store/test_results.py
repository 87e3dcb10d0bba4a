"""What is read of a class is what was set to it, and marks are the same by either way to them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.store.taught import a_class, a_quiz, answered, crowd, joins, met
from tutorbot.core.ids import AssignmentId, ClassId, CourseId
from tutorbot.core.learner import Learner
from tutorbot.core.results import (
    LearnerList,
    LearnerResults,
    ListLearnerResults,
    QuizResults,
    ShowLearnerResults,
    ShowQuizResults,
)
from tutorbot.courses.load import load
from tutorbot.flows import results as seen
from tutorbot.flows.published import Library, publish
from tutorbot.store import assignments, courses, results
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
COURSE = CourseId("nets")
PAPER = """\
---
id: nets
title: Nets
---

## One {#one}

```meta
skills: [nets.sum]
```

Which?

- (x) A
- ( ) B {tag=sign}

## Two {#two}

```meta
skills: [nets.sum]
```

Which?

- (x) A
- ( ) B

## Three {#three}

Which?

- (x) A
- ( ) B
"""


@dataclass(frozen=True, kw_only=True)
class Room:
    teacher: Learner
    class_id: ClassId
    quiz: AssignmentId


@pytest.fixture
async def room(unit: Unit, tmp_path: Path) -> Room:
    (tmp_path / "nets.quiz.md").write_text(PAPER, "utf-8")
    loaded = load(tmp_path)
    assert isinstance(loaded, tuple), str(loaded)
    await publish(unit, loaded, NOON)
    published = await courses.newest_of(unit, COURSE)
    assert published
    teacher = await met(unit, 1, "Emmy", NOON)
    class_id = await a_class(unit, teacher.id, COURSE, NOON)
    due = NOON + timedelta(minutes=2)
    asked = ["one", "two", "three"]
    quiz = await a_quiz(unit, class_id, published.version, COURSE, asked, NOON, due_at=due)
    return Room(teacher=teacher, class_id=class_id, quiz=quiz)


async def tried_again(unit: Unit, after: timedelta) -> None:
    """Let every wrong answer be followed by a right one."""
    again = await unit.execute(
        text(
            "INSERT INTO answers (attempt_id, learner_id, course_version_id, question_id, variant,"
            " shown, chosen, verdict, hints, try_number, answered_at, timezone, study_day)"
            " SELECT attempt_id, learner_id, course_version_id, question_id, variant, shown,"
            " ARRAY['a'], '{\"code\": \"right\"}', 0, 2, answered_at + :after, timezone, study_day"
            " FROM answers WHERE verdict->>'code' = 'wrong' RETURNING id"
        ),
        {"after": after},
    )
    await unit.execute(
        text(
            "INSERT INTO scores (answer_id, key_id, points, out_of, policy, computed_at)"
            " SELECT answers.id, keys.id, 1, 1, 'all-or-nothing', :at FROM answers JOIN keys"
            " USING (course_version_id, question_id) WHERE answers.id = ANY(:those)"
        ),
        {"at": NOON, "those": list(again.scalars())},
    )


@pytest.mark.parametrize("reveal", ["answered", "finished"])
@pytest.mark.parametrize("late_share", ["0.5", "1"])
async def test_marks_are_those_that_learners_are_told(
    unit: Unit, room: Room, reveal: str, late_share: str
):
    await crowd(unit, room.class_id, room.quiz, 12, NOON)
    await tried_again(unit, timedelta(seconds=40))
    await unit.execute(
        text(
            "UPDATE assignments SET reveal = :reveal, late_until = :until,"
            " late_share = CAST(CAST(:late AS text) AS numeric)"
        ),
        {"reveal": reveal, "until": NOON + timedelta(minutes=3, seconds=10), "late": late_share},
    )
    found = await assignments.find(unit, room.quiz)
    assert found
    mine = seen.marks_of(
        found,
        await results.sheets(unit, room.quiz),
        await results.given(unit, assignment=room.quiz),
        await seen.keys_of(unit, found),
    )
    theirs = await assignments.marks(unit, room.quiz)
    assert len(theirs) == 12
    for each in theirs:
        assert mine[each.learner].total == pytest.approx(float(each.points))
        assert mine[each.learner].out_of == pytest.approx(float(each.out_of))
    assert len({mark.total for mark in mine.values()}) > 1


async def test_only_first_answers_tell_what_a_question_is_worth(unit: Unit, room: Room):
    await crowd(unit, room.class_id, room.quiz, 12, NOON)
    before = await seen.of_quiz(unit, Library(), room.teacher, ShowQuizResults(room.quiz))
    await tried_again(unit, timedelta(seconds=40))
    after = await seen.of_quiz(unit, Library(), room.teacher, ShowQuizResults(room.quiz))
    assert isinstance(before, QuizResults)
    assert isinstance(after, QuizResults)
    assert before.analysis == after.analysis
    assert before.marks != after.marks


async def test_what_is_learnt_elsewhere_is_not_read(unit: Unit, room: Room):
    ada = await met(unit, 2, "Ada", NOON)
    await joins(unit, room.class_id, ada.id, "ADA", "learner", NOON)
    other = await a_class(unit, room.teacher.id, COURSE, NOON)
    published = await courses.newest_of(unit, COURSE)
    assert published
    quiz = await a_quiz(unit, other, published.version, COURSE, ["one"], NOON)
    await answered(unit, quiz, ada.id, [(["b"], 0.0)], NOON)
    assert await results.given(unit, class_id=room.class_id) == ()
    assert await results.shares(unit, room.class_id) == {}
    shown = await seen.of_learner(
        unit, Library(), room.teacher, ShowLearnerResults(room.class_id, "ADA"), NOON
    )
    assert isinstance(shown, LearnerResults)
    assert not shown.marks
    assert shown.line.last  # that they learn is known, what is not


async def test_silent_are_those_who_had_a_week_to_say_something(unit: Unit, room: Room):
    long_ago = NOON - timedelta(days=30)
    for number, name in enumerate(("BUSY", "IDLE"), 2):
        learner = await met(unit, number, name, long_ago)
        await joins(unit, room.class_id, learner.id, name, "learner", long_ago)
        if name == "BUSY":
            await answered(unit, room.quiz, learner.id, [(["a"], 1.0)] * 3, NOON)
    late = await met(unit, 4, "New", NOON)
    await joins(unit, room.class_id, late.id, "NEW", "learner", NOON)
    assert list(await results.silent(unit, room.class_id, NOON - timedelta(days=7))) == ["IDLE"]


async def test_a_page_beyond_the_last_shows_the_last(unit: Unit, room: Room):
    await crowd(unit, room.class_id, room.quiz, 11, NOON)
    shown = await seen.list_learners(
        unit, room.teacher, ListLearnerResults(room.class_id, 99), NOON
    )
    assert isinstance(shown, LearnerList)
    assert (shown.page, len(shown.learners)) == (1, 1)

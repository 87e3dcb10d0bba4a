"""Groups, whatever order Telegram tells things in."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from tutorbot.core.course import Choice, Mark, Option, Question
from tutorbot.core.groups import Candidate, Quiz
from tutorbot.core.ids import ChatId, CourseId, CourseVersionId, OptionId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.store import courses, groups, outbox
from tutorbot.store.practice import Attempt
from tutorbot.store.unit import Store, Unit
from tutorbot.views.reply import Reply, Say

pytestmark = pytest.mark.postgres

OLD, NEW = ChatId(-5), ChatId(-1005)


async def posted(
    unit: Unit, chat: ChatId, version: CourseVersionId, at: datetime, asker: Learner | None = None
) -> Quiz:
    option = Option(id=OptionId("a"), prose=(), mark=Mark.RIGHT)
    question = Question(
        id=QuestionId("gate"), title="Gate", prose=(), body=Choice(options=(option,))
    )
    candidate = Candidate(
        version=version, course=CourseId("rnn"), question=question, paper="Recurrent networks"
    )
    group = await groups.meet(unit, chat, at)
    return await groups.post(
        unit,
        group.id,
        candidate,
        variant=0,
        shown=(option.id,),
        language="en",
        asker=asker.id if asker else None,
        at=at,
    )


async def test_a_group_is_moved_once_and_known_by_both_ids(
    unit: Unit, version: CourseVersionId, noon: datetime
):
    quiz = await posted(unit, OLD, version, noon)
    say = Say(reply=Reply(prose=(words("hello"),)))
    await outbox.add(unit, chat=OLD, learner=None, update_id=None, utterances=[say], at=noon)
    assert await groups.move(unit, OLD, NEW)
    assert not await groups.move(unit, OLD, NEW)
    assert await groups.quiz(unit, quiz.id, OLD) == await groups.quiz(unit, quiz.id, NEW) == quiz
    assert (await groups.meet(unit, OLD, noon)).chat == NEW
    assert await outbox.waiting(unit, noon) == (NEW,)


async def test_what_happened_in_the_new_chat_before_is_kept_with_the_rest(
    unit: Unit, version: CourseVersionId, learner: Learner, stranger: Learner, noon: datetime
):
    before = await posted(unit, OLD, version, noon)
    after = await posted(unit, NEW, version, noon + timedelta(hours=1))
    assert before.group != after.group
    for who in (learner, stranger):
        await groups.hide(unit, after.group, who.id, hidden=True)
    await groups.hide(unit, before.group, learner.id, hidden=False)
    await groups.move(unit, OLD, NEW)
    found = await groups.quiz(unit, after.id, NEW)
    assert found is not None
    assert found.group == before.group
    history = await groups.history(unit, before.group)
    assert [past.times for past in history.values()] == [2]
    assert (await unit.execute(text("SELECT count(*) FROM groups"))).scalar_one() == 1
    rows = await unit.execute(text("SELECT hidden FROM group_members ORDER BY learner_id"))
    assert rows.scalars().all() == [False, True]


async def test_a_group_that_is_met_while_it_moves_is_one_group(store: Store, noon: datetime):
    async with store.unit() as unit:
        await groups.meet(unit, OLD, noon)
    moving = asyncio.Event()

    async def moves() -> None:
        async with store.unit() as unit:
            await groups.move(unit, OLD, NEW)
            moving.set()
            await asyncio.sleep(0.2)

    async def meets() -> None:
        await moving.wait()
        async with store.unit() as unit:
            await groups.meet(unit, NEW, noon)

    await asyncio.gather(moves(), meets())
    async with store.unit() as unit:
        found = (await unit.execute(text("SELECT chat_id, former_chat_id FROM groups"))).all()
    assert found == [(NEW, OLD)]


async def test_a_quiz_is_found_in_its_own_group_only(
    unit: Unit, version: CourseVersionId, learner: Learner, stranger: Learner, noon: datetime
):
    quiz = await posted(unit, OLD, version, noon, learner)
    await groups.meet(unit, ChatId(-6), noon)
    assert await groups.quiz(unit, quiz.id, ChatId(-6)) is None
    assert await groups.asked(unit, quiz.id, learner.id)
    assert not await groups.asked(unit, quiz.id, stranger.id)


async def test_a_counter_that_is_behind_is_told_once_and_not_too_soon(
    unit: Unit, version: CourseVersionId, noon: datetime
):
    quiz = await posted(unit, OLD, version, noon)
    assert await groups.to_count(unit, noon, noon) == ()
    assert await groups.take(unit, quiz.id)
    assert await groups.to_count(unit, noon, noon) == ((OLD, quiz, 0),)
    assert await groups.to_count(unit, noon, noon) == ()
    await groups.take(unit, quiz.id)
    later = noon + timedelta(seconds=4)
    assert await groups.to_count(unit, later, later - timedelta(seconds=5)) == ()
    later = noon + timedelta(seconds=5)
    assert await groups.to_count(unit, later, later - timedelta(seconds=5)) == ((OLD, quiz, 0),)
    await groups.take(unit, quiz.id)
    await groups.end(unit, quiz.id, later)
    assert await groups.to_count(unit, later, later) == ()
    assert not await groups.take(unit, quiz.id)


async def test_of_two_processes_one_edits_a_counter(store: Store, noon: datetime):
    async with store.unit() as unit:
        version = await courses.publish(
            unit,
            course=CourseId("rnn"),
            title="Recurrent networks",
            source="",
            digest="1",
            keys={},
            at=noon,
        )
        quiz = await posted(unit, OLD, version, noon)
        await groups.take(unit, quiz.id)

    async def counts() -> int:
        async with store.unit() as unit:
            found = await groups.to_count(unit, noon, noon - timedelta(seconds=5))
            await asyncio.sleep(0.1)
            return len(found)

    assert sorted(await asyncio.gather(counts(), counts())) == [0, 1]


async def test_the_table_follows_a_corrected_key(
    unit: Unit,
    version: CourseVersionId,
    learner: Learner,
    attempt: Attempt,
    noon: datetime,
):
    quiz = await posted(unit, OLD, version, noon)
    await groups.take_part(unit, quiz.id, learner.id, attempt.id)
    await unit.execute(
        text(
            "INSERT INTO answers (attempt_id, learner_id, course_version_id, question_id, variant,"
            " shown, chosen, verdict, hints, try_number, answered_at, timezone, study_day)"
            " VALUES (:attempt, :learner, :version, 'gate', '[]', '{a}', '{a}',"
            " '{\"code\": \"wrong\"}', 0, 1, :at, 'UTC', '2026-11-20')"
        ),
        {"attempt": attempt.id, "learner": learner.id, "version": version, "at": noon},
    )
    first = await courses.key(unit, version, QuestionId("gate"))
    score = text(
        "INSERT INTO scores SELECT id, :key, :points, 1, 'all-or-nothing', :at FROM answers"
    )
    await unit.execute(score, {"key": first, "points": 0, "at": noon})
    await groups.answered(unit, quiz.id, learner.id, noon)
    await groups.end(unit, quiz.id, noon)
    assert await groups.count(unit, quiz.id) == (1, 0)
    mended = await courses.correct(
        unit, version, QuestionId("gate"), content=["a"], reason="it was wrong", at=noon
    )
    await unit.execute(score, {"key": mended, "points": 1, "at": noon})
    assert await groups.count(unit, quiz.id) == (1, 1)
    tallies = await groups.tallies(unit, quiz.group, since=noon, over_before=noon)
    assert [(each.right, each.answered) for each in tallies.ever] == [(1, 1)]

"""A question in a group: one message for all, and for each a verdict that nobody else sees."""

import asyncio
import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.chat.classroom import (
    Classroom,
    answers,
    capitals,
    letter,
    sees_edit,
    sees_new,
    whisper,
)
from tests.chat.school import Sitter
from tutorbot.courses.load import Loaded
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.store import learners

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    return capitals(tmp_path_factory.mktemp("content"))


async def test_each_member_gets_a_verdict_that_nobody_else_sees(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    await room.cleo.presses_on(question, letter(question, "Vienna"))
    said = await whisper(room.cleo, "Not quite.")
    assert "a little further south" in said.text
    for actor, seen in ((room.ada, ()), (room.ben, ("Right.",)), (room.cleo, ("Not quite.",))):
        told = actor.transcript()
        assert [words for words in ("Right.", "Not quite.") if words in told] == [*seen]


async def test_nothing_that_a_client_gets_tells_the_key_before_the_end(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    await answers(room.cleo, question, "Bonn", "Not quite.")
    await room.ada.settles()
    data = [
        button["callback_data"]
        for row in question.wire["reply_markup"]["inline_keyboard"]
        for button in row
    ]
    quiz = data[0][2:].partition(".")[0]
    assert data == [*(f"1P{quiz}.{place}" for place in range(3)), f"1N{quiz}"]
    seen = [each.wire for each in room.ada.messages()]
    assert "Spree" not in json.dumps(seen)
    assert "Right is" not in json.dumps(seen)


async def test_the_first_answer_stands_and_a_second_tap_is_told_kindly(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Bonn", "Not quite.")
    await room.ben.presses_on(question, letter(question, "Berlin"))
    toast = await room.ben.sees_toast()
    assert toast.alert
    assert f"answered this one: {letter(question, 'Bonn')}, which was not quite it" in toast.text
    assert await room.count("answers") == 1


async def test_taps_at_the_same_moment_are_graded_once_each(room: Classroom):
    question = await room.asks()
    for _ in range(3):
        for actor in (room.ada, room.ben, room.cleo):
            await actor.presses_on(question, letter(question, "Berlin"))
            await actor.presses_on(question, letter(question, "Bonn"))
    await room.ada.settles()
    assert await room.count("answers") == 3
    assert await room.count("group_answers") == 3
    for actor in (room.ada, room.ben, room.cleo):
        told = actor.transcript()
        assert told.count("✅ Right.") == 1
        assert told.count("and that is right") == 5
    room.school.clock.passes(seconds=6)
    await sees_edit(room.ada, "👥 3 have answered")


async def test_two_processes_grade_one_person_once(room: Classroom):
    """Taps that reach different workers wait for each other in the database."""
    question = await room.asks()
    async with room.school.store.unit() as unit:
        await learners.meet_in_group(
            unit,
            telegram_id=room.ben.id,
            name="Ben",
            language="en",
            timezone="UTC",
            day_starts=4,
            at=room.school.clock(),
        )
        await room.ben.presses_on(question, letter(question, "Berlin"))
        await asyncio.sleep(0.2)
        assert room.ben.toasts() == []
    await whisper(room.ben, "Right.")


@pytest.mark.parametrize(
    "fault",
    [
        None,  # an older server, which would show it to all
        Fault(trouble=Trouble.BLOCKED, method="sendMessage"),
        Fault(trouble=Trouble.FLOOD, method="sendMessage"),
        Fault(trouble=Trouble.INTERNAL, method="deleteEphemeralMessage"),
    ],
)
async def test_without_ephemeral_messages_the_verdict_is_an_alert(
    room: Classroom, fault: Fault | None
):
    question = await room.asks()
    room.school.playground.world.ephemeral = fault is not None
    if fault:
        room.school.playground.fault(replace(fault))
    await room.ben.presses_on(question, letter(question, "Vienna"))
    toast = await room.ben.sees_toast()
    assert toast.alert
    assert toast.text == "❌ Not quite.\n\nThat is a little further south."
    await room.ada.settles()
    assert "Not quite" not in room.ada.transcript()
    assert "Not quite" not in room.cleo.transcript()


async def test_of_several_right_options_each_member_ticks_their_own(room: Classroom):
    question = await room.asks_for_primes()
    two, four, five = (letter(question, option) for option in ("2", "4", "5"))
    await room.ben.presses_on(question, two)
    assert (await room.ben.sees_toast()).text.startswith(f"Your ticks: {two}.")
    await room.cleo.presses_on(question, four)
    assert (await room.cleo.sees_toast()).text.startswith(f"Your ticks: {four}.")
    await room.ben.presses_on(question, five)
    both = " and ".join(sorted((two, five)))
    assert (await room.ben.sees_toast()).text.startswith(f"Your ticks: {both}.")
    await room.cleo.presses_on(question, four)
    assert "Nothing is ticked" in (await room.cleo.sees_toast()).text
    await room.cleo.presses_on(question, "Done")
    assert "Tick at least one" in (await room.cleo.sees_toast()).text
    assert await room.count("answers") == 0
    await room.ben.presses_on(question, "Done")
    await whisper(room.ben, "Right.")
    await room.cleo.presses_on(question, two)
    await room.cleo.presses_on(question, "Done")
    assert "1 right option is still unticked" in (await whisper(room.cleo, "Not quite.")).text
    await room.ben.presses_on(question, four)
    assert "and that is right" in (await room.ben.sees_toast()).text


async def test_the_counter_tells_how_many_and_is_edited_now_and_then_only(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    await sees_edit(room.ben, "👥 1 has answered")
    await answers(room.cleo, question, "Bonn", "Not quite.")
    await answers(room.ada, question, "Bonn", "Not quite.")
    await room.ada.settles()
    assert len(room.school.playground.calls("editMessageReplyMarkup")) == 1
    room.school.clock.passes(seconds=6)
    await sees_edit(room.ada, "👥 3 have answered")
    assert len(room.school.playground.calls("editMessageReplyMarkup")) == 2


async def test_who_asked_ends_the_question_for_all(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    await answers(room.cleo, question, "Bonn", "Not quite.")
    await room.ada.presses_on(question, "Show the solution")
    ended = await sees_edit(room.ada, "👥 2 answered, 1 of them right.")
    assert f"Right is {letter(question, 'Berlin')}." in ended.text
    assert "Show the solution" not in "".join(ended.buttons)
    await room.cleo.hears(lambda bubble: "Berlin, on the Spree." in bubble.text)
    await room.ada.presses_on(question, letter(question, "Berlin"))
    toast = await room.ada.sees_toast()
    assert "over" in toast.text
    assert await room.count("answers") == 2


async def test_an_admin_may_end_it_and_a_member_sees_the_solution_alone(room: Classroom):
    await room.ben.says("/quiz")
    question = await sees_new(room.ben, "capital of Germany")
    await room.cleo.presses_on(question, "Show the solution")
    toast = await room.cleo.sees_toast()
    assert toast.alert
    assert "Answer first" in toast.text
    await answers(room.cleo, question, "Bonn", "Not quite.")
    await room.cleo.presses_on(question, "Show the solution")
    await whisper(room.cleo, "Berlin, on the Spree.")
    assert "Spree" not in room.ben.transcript()
    await room.ada.presses_on(question, "Show the solution")  # she owns the group
    await sees_edit(room.ada, "1 answered, 0 of them right")


async def test_a_question_is_ended_once_by_two_who_may(room: Classroom):
    question = await room.asks()
    await room.ada.presses_on(question, "Show the solution")
    await room.ada.presses_on(question, "Show the solution")
    await room.ada.settles()
    assert room.ada.transcript().count("Berlin, on the Spree.") == 1


async def test_words_choose_the_paper_the_skill_or_nothing(room: Classroom):
    await room.asks_for_primes()
    await room.next_question()
    await room.asks("/quiz Capitals")
    await room.next_question()
    await room.ada.says("/quiz underwater basket weaving")
    which = await sees_new(room.ada, "From which paper shall it be?")
    await room.ada.presses_on(which, "Capitals")
    await sees_new(room.ada, "❓ Capitals")


async def test_what_must_be_typed_is_not_posted(room: Classroom):
    await room.ada.says("/quiz sum")
    await sees_new(room.ada, "No question to tap fits these words")


async def test_questions_come_in_turn_and_come_again(room: Classroom):
    seen: list[str] = []
    for _ in range(4):
        await room.ada.says("/quiz")
        posted = await sees_new(room.ada, "❓ Capitals")
        seen += [word for word in ("capital of", "primes", "half") if word in posted.text]
        await room.next_question()
    assert seen == ["capital of", "primes", "half", "capital of"]


async def test_two_who_ask_at_once_get_one_question(room: Classroom):
    await room.ada.says("/quiz")
    await room.ben.says("/quiz")
    await room.ben.settles()
    assert await room.count("group_quizzes") == 1


async def test_the_table_ranks_by_accuracy_what_is_over(room: Classroom):
    question = await room.asks()
    for actor, option, words in (
        (room.ada, "Berlin", "Right."),
        (room.ben, "Berlin", "Right."),
        (room.cleo, "Bonn", "Not quite."),
    ):
        await answers(actor, question, option, words)
    await room.ben.says("/table")
    early = await sees_new(room.ben, "The table of this group")
    assert "Cleo" not in early.text
    assert "once its solution is shown" in early.text
    await room.ada.presses_on(question, "Show the solution")
    await sees_edit(room.ada, "3 answered, 2 of them right")
    await room.ben.says("/table")
    table = await sees_new(room.ben, "The table of this group")
    assert "1. Ada: 1 of 1\n1. Ben: 1 of 1\n3. Cleo: 0 of 1" in table.text
    assert table.text.count("Ada") == 1, "the last days are all there is"
    await room.cleo.presses_on(table, "Leave me out")
    assert "no longer stand in the table" in (await room.cleo.sees_toast()).text
    await room.ben.says("/table hide me")
    await sees_new(room.ben, "no longer stand in the table")
    await room.ada.presses("📊 Table")
    assert "1. Ada: 1 of 1" in (await whisper(room.ada, "The table of this group")).text
    assert "Cleo" not in room.ada.last().text
    await room.ben.says("/table show me")
    await sees_new(room.ben, "again")
    room.school.clock.passes(days=8)
    await room.ben.says("/table")
    later = await sees_new(room.ben, "The table of this group")
    assert "Last 7 days" not in later.text
    assert "1. Ben: 1 of 1" in later.text


async def test_no_name_stays_behind_what_the_bot_said(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    await room.ada.presses_on(question, "Show the solution")
    await sees_edit(room.ada, "1 answered")
    await room.ada.says("/table")
    await sees_new(room.ada, "1. Ben")
    await room.ada.settles()
    async with room.school.store.unit() as unit:
        kept = (await unit.execute(text("SELECT body::text FROM outbox"))).scalars().all()
    assert not [body for body in kept if "Ben" in body]


async def test_who_is_forgotten_leaves_the_table_and_the_rest_as_it_is(room: Classroom):
    question = await room.asks()
    await answers(room.ada, question, "Berlin", "Right.")
    await answers(room.ben, question, "Berlin", "Right.")
    await room.ada.presses_on(question, "Show the solution")
    await sees_edit(room.ada, "2 answered")
    alone = Sitter(room.school, room.ada.alone)
    await alone.writes_and_sees("/start", "Pick a paper")
    await alone.writes_and_sees("/forget", "Delete everything about you?")
    await alone.presses_and_sees("Delete everything", "everything about you is deleted")
    await room.ben.says("/table")
    table = await sees_new(room.ben, "The table of this group")
    assert "1. Ben: 1 of 1" in table.text
    assert "Ada" not in table.text
    assert await room.count("group_quizzes") == 1


async def test_an_answer_in_a_group_is_an_answer_of_the_learner(room: Classroom):
    """It makes a study day of whoever has opened the private chat, and is reviewed like others."""
    alone = Sitter(room.school, room.ben.alone)
    await alone.writes_and_sees("/start group", "Pick a paper")
    question = await room.asks()
    await answers(room.ben, question, "Bonn", "Not quite.")
    await answers(room.cleo, question, "Bonn", "Not quite.")
    await room.ben.settles()
    assert await room.count("study_days") == 1
    assert await room.count("cards") == 2
    room.school.clock.passes(days=2)
    posed = await alone.writes_and_sees("/review", "capital of Germany")
    assert "Question 1 of 1" in posed.text


async def test_a_question_in_a_group_leaves_the_paper_at_hand_alone(room: Classroom):
    alone = Sitter(room.school, room.ben.alone)
    await alone.opens(room.school.paper(1))
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    assert (await alone.at_hand(room.school.paper(1))).tries == 0
    await alone.writes_and_sees("A", "")
    assert await room.count("answers") == 2
    shelf = await alone.writes_and_sees("/start", "Pick a paper")
    assert sum("▶" in label for label in shelf.buttons) == 1


async def test_nobody_who_never_opened_the_private_chat_is_written_to_there(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    async with room.school.store.unit() as unit:
        learner = await learners.find(unit, room.ben.id)
        assert learner is not None
        assert not learner.started
        assert await learners.blocked_at(unit, room.ben.id) is not None
        waiting = "SELECT count(*) FROM outbox WHERE learner_id IS NOT NULL"
        assert (await unit.execute(text(waiting))).scalar_one() == 0
    alone = Sitter(room.school, room.ben.alone)
    await alone.writes_and_sees("/start", "Pick a paper")
    async with room.school.store.unit() as unit:
        learner = await learners.find(unit, room.ben.id)
        assert learner is not None
        assert learner.started
        assert await learners.blocked_at(unit, room.ben.id) is None

"""What really happens in groups: people come, go and hide, groups move, bots are removed."""

import asyncio
import signal

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
from tests.chat.school import School, Sitter, start
from tutorbot.courses.load import Loaded
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.playground.people import Bubble
from tutorbot.store import outbox

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    return capitals(tmp_path_factory.mktemp("content"))


async def test_other_commands_lead_to_the_private_chat(room: Classroom):
    await room.ben.says("/progress")
    said = await sees_new(room.ben, "That is between you and me")
    assert said.buttons == ("Open the private chat",)
    alone = Sitter(room.school, await room.ben.follows("Open the private chat"))
    await alone.sees("Pick a paper")
    assert await room.count("learners") == 1


@pytest.mark.parametrize(
    "said", ["/quiz@other_bot", "/start@other_bot", "/weather", "is it Berlin?", "/quizzical"]
)
async def test_what_is_not_for_the_bot_is_neither_answered_nor_kept(room: Classroom, said: str):
    await room.ada.settles()
    before = room.ada.transcript()
    await room.ben.says(said)
    await room.ben.settles()
    assert room.ada.transcript().removeprefix(before).strip() == f"Ben: {said}"
    assert await room.count("learners") == 0
    async with room.school.store.unit() as unit:
        found = await unit.execute(text("SELECT payload::text FROM updates"))
        assert not any(found.scalars())


async def test_a_reply_to_the_question_is_no_answer(room: Classroom):
    question = await room.asks()
    await room.ben.says("I think A", reply_to=question)
    await room.ben.settles()
    assert room.ben.transcript().endswith("Ben: I think A")


async def test_an_anonymous_admin_may_ask_and_end_but_takes_no_part(room: Classroom):
    hidden = room.ada.alone.inside(room.group, anonymous=True)
    await hidden.says("/quiz")
    question = await sees_new(hidden, "capital of Germany")
    await hidden.says("/table hide me")
    await sees_new(hidden, "anonymous admin")
    assert await room.count("learners") == 0
    await answers(room.ben, question, "Berlin", "Right.")
    await room.ada.presses_on(question, "Show the solution")
    await sees_edit(room.ada, "1 answered, 1 of them right")


async def test_who_left_the_group_is_not_graded_there(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    await room.ada.presses_on(question, "Show the solution")
    await sees_edit(room.ada, "1 answered")
    await room.next_question()
    await room.ada.presses("Another question")
    second = await sees_new(room.ada, "primes")
    await room.ada.removes(room.ben)
    await room.ada.settles()
    await room.ben.presses_on(second, letter(second, "2"))
    assert "for members of the group" in (await room.ben.sees_toast()).text
    await room.cleo.says("/table")
    assert "Ben" not in (await sees_new(room.cleo, "The table of this group")).text
    await room.ada.adds(room.ben)
    await room.ada.settles()
    await room.ben.presses_on(second, letter(second, "2"))
    assert "Your ticks" in (await room.ben.sees_toast()).text


async def test_a_button_of_another_group_grades_nobody(room: Classroom):
    question = await room.asks()
    other = room.school.playground.group(title="Other class", members=[room.cleo.alone])
    there = room.cleo.alone.inside(other)
    await there.says("/quiz")
    own = await sees_new(there, "capital of Germany")
    forged = Bubble(wire=own.wire | {"reply_markup": question.wire["reply_markup"]})
    await there.presses_on(forged, "A")
    assert "no longer works" in (await there.sees_toast()).text
    assert await room.count("answers") == 0


async def test_a_bot_that_was_removed_says_nothing_and_goes_on_when_it_is_back(room: Classroom):
    question = await room.asks()
    await answers(room.ben, question, "Berlin", "Right.")
    await sees_edit(room.ben, "1 has answered")
    await answers(room.cleo, question, "Berlin", "Right.")
    await room.ada.removes_bot()
    await room.ada.settles()
    room.school.clock.passes(seconds=30)
    async with room.school.bot():
        await room.ada.settles()
    async with room.school.store.unit() as unit:
        assert await outbox.depth(unit) == 0
    refused = [call for call in room.school.playground.calls() if "kicked" in (call.error or "")]
    assert refused == []
    await room.ada.adds_bot()
    await sees_new(room.ada, "/quiz posts a question")
    await sees_edit(room.ada, "2 have answered")
    await answers(room.ada, question, "Bonn", "Not quite.")


async def test_a_group_that_becomes_a_supergroup_goes_on(closed_school: School):
    ada, ben = closed_school.person("Ada"), closed_school.person("Ben")
    group = closed_school.playground.group(title="Class", members=[ada, ben], basic=True)
    async with closed_school.bot():
        inside = ada.inside(group)
        await inside.says("/quiz germany")
        question = await sees_new(inside, "capital of Germany")
        await answers(ben.inside(group), question, "Berlin", "Right.")
        await inside.settles()
        moved = await inside.makes_supergroup()
        there = ada.inside(moved)
        await there.settles()
        closed_school.clock.passes(seconds=11)
        await there.says("/quiz primes")
        await sees_new(there, "are primes")
        async with closed_school.store.unit() as unit:
            rows = (await unit.execute(text("SELECT chat_id, former_chat_id FROM groups"))).all()
        assert rows == [(moved.id, group.id)]
        # The old message cannot be changed any more: its end is told in the new chat.
        await inside.presses_on(question, "Show the solution")
        await there.hears(lambda bubble: "1 answered, 1 of them right" in bubble.text)
        await there.says("/table")
        await there.hears(lambda bubble: "1. Ben: 1 of 1" in bubble.text)


async def test_what_waits_to_be_said_follows_into_the_supergroup(closed_school: School):
    ada = closed_school.person("Ada")
    group = closed_school.playground.group(title="Class", members=[ada], basic=True)
    inside = ada.inside(group)
    async with closed_school.bot():
        await inside.hears()
    await inside.says("/quiz germany")
    moved = await inside.makes_supergroup()
    there = ada.inside(moved)
    async with closed_school.bot():
        question = await sees_new(there, "capital of Germany")
        await answers(there, question, "Berlin", "Right.")
    async with closed_school.store.unit() as unit:
        assert (await unit.execute(text("SELECT chat_id FROM groups"))).scalars().all() == [
            moved.id
        ]


async def test_in_a_forum_everything_stays_in_its_topic(closed_school: School):
    ada = closed_school.person("Ada")
    forum = closed_school.playground.group(title="Forum", members=[ada], topics=[77])
    inside = ada.inside(forum, topic=77)
    async with closed_school.bot():
        await inside.hears()
        await inside.says("/quiz germany")
        question = await sees_new(inside, "capital of Germany")
        await inside.presses_on(question, letter(question, "Berlin"))
        verdict = await whisper(inside, "Right.")
        await inside.presses_on(question, "Show the solution")
        solution = await sees_new(inside, "Berlin, on the Spree.")
    assert {each.wire["message_thread_id"] for each in (question, verdict, solution)} == {77}


async def test_in_the_private_chat_the_commands_of_groups_say_what_they_are_for(
    closed_school: School,
):
    alone = Sitter(closed_school, closed_school.person("Ada"))
    async with closed_school.bot():
        await alone.writes_and_sees("/quiz", "That is for groups")


async def test_formulas_in_a_group_come_as_everywhere(closed_school: School):
    ada = closed_school.person("Ada")
    group = closed_school.playground.group(title="Class", members=[ada])
    inside = ada.inside(group)
    async with closed_school.bot():
        await inside.hears()
        await inside.says("/quiz fraction")
        question = await sees_new(inside, "Which is the half of")
        assert question.photo
        await inside.presses_on(question, letter(question, "x"))
        await whisper(inside, "Not quite.")
        await inside.presses_on(question, "Show the solution")
        await sees_edit(inside, "1 answered, 0 of them right")


async def test_each_hears_in_their_own_language_and_all_in_that_of_who_asked(
    closed_school: School,
):
    ada, berta = closed_school.person("Ada"), closed_school.person("Berta", "de")
    group = closed_school.playground.group(title="Class", members=[ada, berta])
    async with closed_school.bot():
        inside, there = ada.inside(group), berta.inside(group)
        await inside.says("/quiz germany")
        question = await sees_new(inside, "capital of Germany")
        await there.presses_on(question, letter(question, "Berlin"))
        await whisper(there, "Richtig")
        await inside.presses_on(question, "Show the solution")
        await sees_edit(inside, "1 answered, 1 of them right")


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_a_kill_before_the_verdicts_were_told_loses_no_answer(
    closed_room: Classroom, database_url: str
):
    room, members = closed_room, (closed_room.ada, closed_room.ben, closed_room.cleo)
    async with room.school.bot():
        question = await room.asks()
        await room.ada.settles()
    room.school.playground.fault(
        Fault(trouble=Trouble.HANG, method="deleteEphemeralMessage", times=3)
    )
    process = await start(room.school, database_url)
    for actor in members:
        await actor.presses_on(question, letter(question, "Berlin"))
    async with asyncio.timeout(60):
        while await room.count("answers") < len(members):  # noqa: ASYNC110 - another process is at work
            await asyncio.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert not any("Right." in actor.transcript() for actor in members)
    process = await start(room.school, database_url)
    try:
        for actor in members:
            await actor.presses_on(question, letter(question, "Bonn"))
            # The tap from before comes again as well, and passes without a word.
            async with asyncio.timeout(60):
                while not any("and that is right" in each.text for each in actor.toasts()):  # noqa: ASYNC110 - another process is at work
                    await asyncio.sleep(0.05)
        assert await room.count("answers") == len(members)
        await room.ada.presses_on(question, "Show the solution")
        await room.ada.hears(lambda bubble: "3 answered, 3 of" in bubble.text)
    finally:
        process.terminate()
        await process.wait()

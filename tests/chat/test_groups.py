"""A question in a group: one message for all, and for each a verdict that nobody else sees."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter
from tests.chat.test_kill import start
from tutorbot.courses.load import Loaded, load
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.playground.people import Actor, Bubble
from tutorbot.playground.world import Group
from tutorbot.store import learners, outbox

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(60)]

PAPER = """\
---
id: capitals
title: Capitals
---

## Germany {#germany}

```meta
skills: [places.germany]
```

What is the capital of Germany?

- (x) Berlin {#berlin}
  > It has been since 1990.
- ( ) Bonn {#bonn}
  > It was, until 1990.
- ( ) Vienna {#vienna}
  > That is a little further south.

### Solution

Berlin, on the Spree.

## Primes {#primes}

```meta
skills: [numbers.primes]
```

Which of these are primes?

- [x] 2 {#two}
- [ ] 4 {#four}
- [x] 5 {#five}

## Half {#half}

```meta
skills: [numbers.fraction]
```

Which is the half of $x$?

- (x) $\\frac{x}{2 + \\frac{0}{y}}$ {#half-x}
- ( ) $x$ {#x}

## Sum {#sum}

How much is 1 + 1?

- answer: `2`
"""


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    folder = tmp_path_factory.mktemp("content")
    (folder / "1.quiz.md").write_text(PAPER, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


@dataclass
class Classroom:
    """Three people in a group with the bot; none of them has ever opened the private chat."""

    school: School
    group: Group
    ada: Actor
    ben: Actor
    cleo: Actor

    async def asks(self, words: str = "/quiz", sees: str = "capital of Germany") -> Bubble:
        """Ada asks, and the question is there."""
        await self.ada.says(words)
        return await sees_new(self.ada, sees)

    async def asks_for_primes(self) -> Bubble:
        return await self.asks("/quiz primes", "are primes")

    async def next_question(self) -> None:
        """So long after the last that another is posted."""
        self.school.clock.passes(seconds=11)

    async def count(self, table: str) -> int:
        async with self.school.store.unit() as unit:
            return (await unit.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()  # noqa: S608 - a name of ours


async def sees_new(actor: Actor, words: str) -> Bubble:
    """Wait for a new message with these words that all can see."""

    def fits(bubble: Bubble) -> bool:
        return words in bubble.text and not bubble.edited and bubble.id != 0

    return next(filter(fits, await actor.hears(fits)))


async def sees_edit(actor: Actor, words: str) -> Bubble:
    """Wait until a message of the group says this, on a button or in its text."""

    def fits(bubble: Bubble) -> bool:
        return bubble.edited and (words in bubble.text or any(words in b for b in bubble.buttons))

    return next(filter(fits, await actor.hears(fits)))


async def whisper(actor: Actor, words: str) -> Bubble:
    """Wait for what only this person sees."""

    def fits(bubble: Bubble) -> bool:
        return words in bubble.text and bubble.id == 0

    return next(filter(fits, await actor.hears(fits)))


def letter(question: Bubble, option: str) -> str:
    """The letter of an option, as it stands in the message."""
    return next(line[0] for line in question.text.splitlines() if line.endswith(option))


async def answers(actor: Actor, question: Bubble, option: str, words: str) -> None:
    await actor.presses_on(question, letter(question, option))
    await whisper(actor, words)
    await actor.sees_toast()  # which only ends the waiting


@pytest.fixture
async def closed_room(closed_school: School) -> Classroom:
    ada, ben, cleo = (closed_school.person(name) for name in ("Ada", "Ben", "Cleo"))
    group = closed_school.playground.group(title="Class", members=[ada, ben, cleo])
    return Classroom(closed_school, group, ada.inside(group), ben.inside(group), cleo.inside(group))


@pytest.fixture
async def room(closed_room: Classroom) -> AsyncIterator[Classroom]:
    async with closed_room.school.bot():
        await closed_room.ada.hears(lambda bubble: "/quiz posts a question" in bubble.text)
        yield closed_room


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
    place = "ABC".index(letter(question, "Berlin"))
    async with room.school.store.unit() as unit:
        await room.ben.presses_on(question, letter(question, "Berlin"))
        await learners.meet_in_group(
            unit,
            telegram_id=room.ben.id,
            name="Ben",
            language="en",
            timezone="UTC",
            day_starts=4,
            at=room.school.clock(),
        )
        await asyncio.sleep(0.2)
        assert place in range(3)
        assert room.ben.toasts() == []
    await whisper(room.ben, "Right.")


@pytest.mark.parametrize("how", ["old server", "refused", "flood", "broken"])
async def test_without_ephemeral_messages_the_verdict_is_an_alert(room: Classroom, how: str):
    match how:
        case "old server":
            room.school.playground.world.ephemeral = False
        case "refused":
            trouble = Fault(trouble=Trouble.BLOCKED, method="sendMessage", chat_id=room.group.id)
        case "flood":
            trouble = Fault(trouble=Trouble.FLOOD, method="sendMessage", chat_id=room.group.id)
        case _:
            trouble = Fault(trouble=Trouble.INTERNAL, method="deleteEphemeralMessage")
    question = await room.asks()
    if how != "old server":
        room.school.playground.fault(trouble)
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


async def test_other_commands_lead_to_the_private_chat(room: Classroom):
    await room.ben.says("/progress")
    said = await sees_new(room.ben, "That is between you and me")
    assert said.buttons == ("Open the private chat",)
    alone = Sitter(room.school, await room.ben.follows("Open the private chat"))
    await alone.sees("Pick a paper")
    assert await room.count("learners") == 1


@pytest.mark.parametrize(
    "said", ["/quiz@other_bot", "/start@other_bot", "/weather", "is it Berlin?", "/quizzes"]
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
            assert "and that is right" in (await actor.sees_toast(timeout=60)).text
        assert await room.count("answers") == len(members)
        await room.ada.presses_on(question, "Show the solution")
        await room.ada.hears(lambda bubble: "3 answered, 3 of" in bubble.text, timeout=20)
    finally:
        process.terminate()
        await process.wait()

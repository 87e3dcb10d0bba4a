"""A live round in a group: questions as quizzes of Telegram's, one after the other."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from tests.chat.classroom import Classroom, capitals, sees_edit, sees_new, whisper
from tests.chat.school import School
from tutorbot.courses.load import Loaded
from tutorbot.playground.people import Actor, Bubble

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    return capitals(tmp_path_factory.mktemp("content"))


async def opens(actor: Actor, words: str) -> None:
    await actor.says(words)
    await sees_new(actor, "A live round")


async def begins(actor: Actor) -> None:
    await actor.presses("▶ Begin")
    await sees_edit(actor, "Here we go!")


async def phase(school: School, wanted: str) -> None:
    """Wait until the newest round is that far; the bot looks every second."""
    found = ""
    for _ in range(_LOOKS):
        async with school.store.unit() as unit:
            newest = await unit.execute(text("SELECT phase FROM rounds ORDER BY id DESC LIMIT 1"))
            found = newest.scalar_one()
        if found == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"the round is {found}, and never was {wanted}")


async def polled(school: School, actor: Actor, seconds: float = 11) -> Bubble:
    """So much later, the poll of the next question."""
    school.clock.passes(seconds=seconds)
    await phase(school, "open")
    return next(each for each in reversed(actor.messages()) if "poll" in each.wire)


async def told(school: School, actor: Actor, seconds: float = 20) -> str:
    """So much later, what is said of the question that is over."""
    school.clock.passes(seconds=seconds)
    await phase(school, "closing")
    school.clock.passes(seconds=2)
    await phase(school, "waiting")
    return actor.last().text


async def later(actor: Actor, words: str) -> Bubble:
    """Wait for what stands in the chat in the end, whenever it was said."""
    for _ in range(_LOOKS):
        for bubble in actor.messages():
            if words in bubble.text:
                return bubble
        await asyncio.sleep(0.05)
    raise AssertionError(actor.transcript())


_LOOKS = 200


async def counted(room: Classroom, answers: int) -> None:
    for _ in range(_LOOKS):
        if await room.count("round_answers") == answers:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(room.ada.transcript())


def options(actor: Actor, poll: Bubble) -> list[str]:
    """What stands behind the options of a poll, be they words or letters."""
    shown = [each["text"] for each in poll.wire["poll"]["options"]]
    if shown[0] != "A":
        return shown
    before = next(each for each in actor.messages() if each.id == poll.id - 1)
    lines = before.text.splitlines()
    return [next(line[1:].strip() for line in lines if line.startswith(it)) for it in shown]


def right(actor: Actor, poll: Bubble) -> list[int]:
    given = options(actor, poll)
    keys = {"Berlin", "2", "5"} & {*given} or {each for each in given if "/" in each}
    return [place for place, option in enumerate(given) if option in keys]


def wrong(actor: Actor, poll: Bubble) -> list[int]:
    return [next(place for place in range(12) if place not in right(actor, poll))]


async def test_three_play_a_round_from_the_lobby_to_what_they_missed(room: Classroom):
    school, ada, ben, cleo = room.school, room.ada, room.ben, room.cleo
    await opens(ada, "/round 3 capitals 20s")
    for actor in (ben, cleo):
        await actor.presses("I am in")
        assert (await actor.sees_toast()).text == "You are in!"
    await ben.presses("▶ Begin")
    assert "admin of the group" in (await ben.sees_toast()).text
    school.clock.passes(seconds=6)
    await sees_edit(ben, "I am in · 2")
    await begins(ada)
    kinds, answers = set[str](), 0
    for number in (1, 2, 3):
        poll = await polled(school, ada)
        quiz = poll.wire["poll"]
        assert f"Question {number} of 3" in poll.text
        assert (quiz["type"], quiz["is_anonymous"]) == ("quiz", False)
        kinds.add("several" if quiz["allows_multiple_answers"] else quiz["options"][0]["text"])
        school.clock.passes(seconds=2)
        await ben.votes(poll, *right(ben, poll))
        await counted(room, answers + 1)
        school.clock.passes(seconds=3)
        await ada.votes(poll, *right(ada, poll))  # who never tapped to be in
        if number == 2:
            await cleo.votes(poll, *wrong(cleo, poll))
        count = 2 + (number == 2)
        answers += count
        await counted(room, answers)
        school.clock.passes(seconds=6)  # the next edit of the countdown is due by now
        await sees_edit(ada, f"s · 👥 {count}")
        seen = json.dumps([each.wire for each in ada.messages() if each.id >= poll.id])
        assert "correct_option_ids" not in seen, "the key is told while the question is open"
        assert "1990" not in seen
        if number < 3:
            said = await told(school, ada, 11)
            assert f"2 of {count} answers were right" in said
            assert f"1. Ben: {number}\n2. Ada: {number}" in said
    assert {"several", "A"} < kinds
    school.clock.passes(seconds=11)
    await phase(school, "closing")
    school.clock.passes(seconds=2)
    await phase(school, "over")
    podium = await later(ada, "The podium")
    assert podium.text.index("🥇 Ben: 3 of 3, 6 s") < podium.text.index("🥈 Ada: 3 of 3, 15 s")
    assert "Cleo" not in podium.text, "nobody is on the podium who had nothing right"
    await cleo.presses("All places")
    said = (await whisper(cleo, "You took part.")).text
    assert "2. Ada: 3\n" in said
    assert "Took part: Cleo" in said, "nobody is ranked who had nothing right"
    assert "3." not in said
    alone = await cleo.follows("🔁 Redo what you missed")
    await alone.hears(lambda bubble: "Question 1 of 3" in bubble.text)
    nothing = await ben.follows("🔁 Redo what you missed")
    await nothing.hears(lambda bubble: "all of it right" in bubble.text)
    async with school.store.unit() as unit:
        kept = await unit.execute(text("SELECT count(*) FROM outbox WHERE body::text ~ 'Ben'"))
        assert kept.scalar_one() == 0, "names of the table stay nowhere"
        facts = await unit.execute(
            text("SELECT count(*) FROM round_answers JOIN answers USING (attempt_id)")
        )
        assert facts.scalar_one() == 7


async def test_a_round_goes_on_after_a_restart_with_what_was_answered_meanwhile(
    closed_room: Classroom,
):
    school, ada, ben = closed_room.school, closed_room.ada, closed_room.ben
    async with school.bot():
        await opens(ada, "/round 2 capitals")
        await begins(ada)
        poll = await polled(school, ada)
    school.clock.passes(seconds=5)
    await ben.votes(poll, *right(ben, poll))  # nobody hears it
    school.clock.passes(seconds=30)
    with pytest.raises(ValueError, match="closed"):
        await ada.votes(poll, *right(ada, poll))
    async with school.bot():
        assert "1 of 1 answer was right" in await told(school, ada, 0)
        await polled(school, ada)


async def test_a_vote_counts_once_and_only_before_the_question_is_over(room: Classroom):
    school, ada, ben = room.school, room.ada, room.ben
    world = school.playground.world
    await opens(ada, "/round 2 capitals")
    await begins(ada)
    poll = await polled(school, ada)

    def brings(actor: Actor, name: str, choice: Sequence[int]) -> None:
        """Telegram brings a vote, whatever it allows people."""
        told = {"poll_id": name, "user": actor.person.user(), "option_ids": [*choice]}
        world.push("poll_answer", told | {"option_persistent_ids": []})

    await ben.says("/table hide me")
    await sees_new(ben, "You no longer stand in the table")
    name = poll.wire["poll"]["id"]
    brings(ben, name, right(ben, poll))
    brings(ben, name, wrong(ben, poll))
    brings(ben, name, [])
    brings(room.cleo, "4711", [0])  # somebody else's poll
    said = await told(school, ada)
    assert "1 of 1 answer was right" in said
    assert "Ben" not in said, "who left the table is named nowhere"
    brings(room.cleo, name, right(ben, poll))
    await ada.settles()
    assert await room.count("round_answers") == 1
    assert await room.count("learners") == 1


async def test_only_one_round_at_a_time_and_only_by_who_may(room: Classroom):
    school, ada, ben, cleo = room.school, room.ada, room.ben, room.cleo
    await ben.alone.starts()
    await ben.alone.hears(lambda bubble: "Pick a paper" in bubble.text)  # else nobody knows him yet
    await ben.says("/round")
    await sees_new(ben, "for admins of the group")
    async with school.store.unit() as unit:
        await unit.execute(text(_BEN_ASSISTS), {"at": school.clock()})
    await ben.says("/round astrology")
    await sees_new(ben, "No question to tap fits these words. I have Capitals.")
    await opens(ben, "/round 2 capitals")
    await ada.says("/round")
    await sees_new(ada, "A round is going on here")
    await begins(ben)
    poll = await polled(school, ada)
    await cleo.presses("Stop the round")
    assert "an admin of the group" in (await cleo.sees_toast()).text
    await ada.presses("Stop the round")
    await later(ada, "This round was called off")
    await ada.settles()
    shown = next(each for each in ada.messages() if each.id == poll.id)
    assert shown.wire["poll"]["is_closed"]
    await cleo.presses_on(poll, "Stop the round")
    assert "That round is over" in (await cleo.sees_toast()).text


_BEN_ASSISTS = """
WITH made AS (
    INSERT INTO classes (title, course_id, timezone, made_at)
    VALUES ('Geography', 'capitals', 'UTC', :at) RETURNING id
)
INSERT INTO class_members (class_id, learner_id, code, role, joined_at)
SELECT made.id, learners.id, 'B1', 'assistant', :at FROM made, learners
"""


async def test_a_round_ends_with_the_bot_and_stays_in_its_topic(closed_room: Classroom):
    school = closed_room.school
    ada = school.person("Ada")
    forum = school.playground.group(title="Forum", members=[ada], topics=[7])
    there = ada.inside(forum, topic=7)
    async with school.bot():
        await opens(there, "/round 2 capitals")
        await begins(there)
        poll = await polled(school, there)
        await told(school, there)
        assert poll.wire["message_thread_id"] == 7
        assert there.last().wire["message_thread_id"] == 7
        await there.removes_bot()
        await phase(school, "over")

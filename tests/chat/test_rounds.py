"""A live round in a group: questions as quizzes of Telegram's, one after the other."""

import asyncio

import pytest

from tests.chat.classroom import Classroom, capitals, sees_edit, sees_new
from tutorbot.courses.load import Loaded
from tutorbot.playground.people import Actor, Bubble

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(60)]


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    return capitals(tmp_path_factory.mktemp("content"))


async def opens(room: Classroom, words: str = "/round germany 20s") -> None:
    await room.ada.says(words)
    await sees_new(room.ada, "A live round")


async def begins(room: Classroom) -> None:
    await room.ada.presses("▶ Begin")
    await sees_edit(room.ada, "Here we go!")


async def later(room: Classroom, seconds: float, actor: Actor, words: str) -> Bubble:
    """So much later the bot says that, or has said it, of itself."""
    clock = room.school.clock
    clock.passes(seconds=seconds)

    def said() -> Bubble | None:
        return next((each for each in reversed(actor.messages()) if words in each.text), None)

    world = room.school.playground.world
    assert await world.until(lambda: said() is not None, 5), actor.transcript()
    found = said()
    assert found is not None
    return found


async def polled(room: Classroom, seconds: float, number: int) -> Bubble:
    """The poll of a question, once the bot knows that Telegram has it."""
    poll = await later(room, seconds, room.ada, f"Question {number} of")
    while not poll.wire.get("poll"):
        await asyncio.sleep(0.01)
        poll = room.ada.messages()[-1]
    return poll


def place(poll: Bubble, option: str) -> int:
    return [each["text"] for each in poll.wire["poll"]["options"]].index(option)


async def test_three_play_a_round_from_the_lobby_to_what_they_missed(room: Classroom):
    await opens(room, "/round 2 capitals 20s")
    for actor in (room.ben, room.cleo):
        await actor.presses("I am in")
        assert "You are in!" in (await actor.sees_toast()).text
    await room.ben.presses("▶ Begin")
    assert "admin of the group" in (await room.ben.sees_toast()).text
    room.school.clock.passes(seconds=6)
    await sees_edit(room.cleo, "I am in · 2")
    await begins(room)

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from tutorbot.playground import Playground
from tutorbot.playground.limits import Limits, Meter
from tutorbot.playground.testing import BareBot, StillClock


@dataclass(frozen=True)
class Scene:
    playground: Playground
    api: BareBot
    clock: StillClock

    async def says(self, chat_id: int, method: str = "sendMessage", **params: Any) -> int | None:
        """Send; or the seconds after which to come again."""
        answer = await self.api.answer(method, chat_id=chat_id, text="x", **params)
        return None if answer["ok"] else answer["parameters"]["retry_after"]


@pytest.fixture
async def scene(clock: StillClock) -> AsyncIterator[Scene]:
    limits = Limits(chat_burst=2)
    running = Playground(clock=clock, limits=limits, monotonic=clock.monotonic)
    async with running as playground, BareBot(playground) as api:
        yield Scene(playground, api, clock)


async def test_a_chat_takes_one_message_a_second_after_a_small_burst(scene: Scene):
    ada = scene.playground.person(name="Ada")
    await ada.starts()
    assert [await scene.says(ada.id) for _ in range(3)] == [None, None, 1]
    scene.clock.passes(1)
    assert [await scene.says(ada.id) for _ in range(2)] == [None, 1]


async def test_a_flood_is_refused_in_telegrams_words(scene: Scene):
    ada = scene.playground.person(name="Ada")
    await ada.starts()
    for _ in range(2):
        await scene.says(ada.id)
    answer = await scene.api.answer("sendMessage", chat_id=ada.id, text="x")
    assert answer == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }


async def test_edits_count_and_answers_to_buttons_do_not(scene: Scene):
    ada = scene.playground.person(name="Ada")
    await ada.starts()
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    await scene.api.does("sendMessage", chat_id=ada.id, text="?", reply_markup=markup)
    query = await ada.presses("A")
    edited = ada.last().id
    assert await scene.says(ada.id, "editMessageText", message_id=edited) is None
    assert await scene.says(ada.id, "editMessageText", message_id=edited) == 1
    await scene.api.does("answerCallbackQuery", callback_query_id=query.id)


async def test_a_group_takes_twenty_a_minute(scene: Scene):
    ada = scene.playground.person(name="Ada")
    group = scene.playground.group(title="Class", members=[ada])
    waits: list[int | None] = []
    for _ in range(30):  # one a second: 20, and what comes in meanwhile
        waits.append(await scene.says(group.id))
        scene.clock.passes(1)
    assert waits == [None] * 29 + [1]


async def test_thirty_a_second_is_all_there_is(scene: Scene):
    people = [scene.playground.person(name=f"Person{n}") for n in range(31)]
    for person in people:
        await person.starts()
    waits = [await scene.says(person.id) for person in people]
    assert waits == [None] * 30 + [1]


@given(st.lists(st.tuples(st.integers(1, 3), st.floats(0, 2)), max_size=80))
@example([(1, 0.6351358774843768), (1, 0.0), (1, 0.0), (1, 0.0)])  # a second later is 1.6351…7
def test_who_waits_as_long_as_told_is_served(steps: list[tuple[int, float]]):
    meter = Meter(Limits())
    now = 0.0
    for chat, pause in steps:
        now += pause
        wait = meter.spend(-chat, now)
        if wait is not None:
            now += wait
            assert meter.spend(-chat, now) is None

import asyncio
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from tutorbot.core.learner import Learner
from tutorbot.playground import Playground
from tutorbot.playground.people import PATIENCE
from tutorbot.store.unit import Unit
from tutorbot.telegram.read import Said, Wrote

if TYPE_CHECKING:
    from tests.telegram.conftest import House

pytestmark = pytest.mark.postgres


async def test_no_update_is_acknowledged_before_its_work_is_committed(house: "House"):
    go_on = asyncio.Event()

    async def first(_unit: Unit, _learner: Learner | None, _said: Said) -> None:
        await go_on.wait()

    house.script.first = first
    async with house.open():
        ada, bob = house.person("Ada"), house.person("Bob")
        await ada.says("hello")
        await bob.says("hello")
        await house.until(lambda: len(house.script.heard) == 2)
        assert len(house.playground.world.updates) == 2
        go_on.set()
        await ada.hears()
        await bob.hears()
        await ada.settles()
        assert not house.playground.world.updates


async def test_each_chat_is_heard_in_order_and_a_busy_one_holds_up_no_other(house: "House"):
    dice = random.Random(7)

    async def first(_unit: Unit, learner: Learner | None, _said: Said) -> None:
        assert learner is not None
        await asyncio.sleep(dice.random() / 20 if learner.chat == ada.chat_id else 0)

    house.script.first = first
    ada, *others = (house.person(name) for name in ("Ada", "Bob", "Cy", "Di"))
    for number in range(20):
        await ada.says(str(number))
    for other in others:
        await other.says("me too")
    async with house.open():
        for other in others:
            await other.hears()
        assert len(house.script.heard) < 23
        await ada.hears(lambda bubble: bubble.text == "You said 19")
    of_ada = [
        said.text
        for said in house.script.heard
        if isinstance(said, Wrote) and said.speaker.telegram_id == ada.id
    ]
    assert of_ada == [str(number) for number in range(20)]


@pytest.mark.slow
async def test_another_bot_with_the_same_token_is_named_once_and_outlived(house: "House"):
    with capture_logs() as logs:
        async with house.open(), house.sender() as (_, api):
            ada = house.person()
            await ada.says("hello")
            await ada.hears()
            async with asyncio.timeout(PATIENCE):
                while not any(each["event"] == "updates.another_bot_polls" for each in logs):
                    await api.raw_updates(offset=None, seconds=0, allowed=())
                    await asyncio.sleep(0.05)
            await ada.says("still there?")
            await ada.hears()
    assert [entry["event"] for entry in logs].count("updates.another_bot_polls") >= 1


@pytest.mark.slow
async def test_telegram_may_go_away_and_come_back(house: "House", tmp_path: Path):
    stop, kept = asyncio.Event(), tmp_path / "playground.json"
    with capture_logs() as logs:
        async with Playground(clock=house.clock, snapshot=kept) as before:
            port = before.port
            running = asyncio.create_task(house.bot(url=before.url).run(stop))
            ada = before.person(name="Ada")
            await ada.says("hello")
            await ada.hears()
        await house.until(lambda: any(each["event"] == "updates.unreachable" for each in logs))
        await asyncio.sleep(0.6)  # for further tries
        async with Playground(clock=house.clock, port=port, snapshot=kept) as after:
            ada = after.person(name="Ada")
            await ada.says("hello again")
            await ada.hears()
            # What is heard may be a reply from before, which is sent again sooner than we ask.
            async with asyncio.timeout(PATIENCE):
                while not any(entry["event"] == "updates.reachable" for entry in logs):  # noqa: ASYNC110 - what is awaited is a condition, not an event
                    await asyncio.sleep(0.05)
            stop.set()
            await running
    events = [entry["event"] for entry in logs]
    assert {"updates.unreachable", "updates.reachable"} <= set(events)
    assert len(events) < 8  # it is not said at each try

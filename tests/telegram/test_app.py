import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import NullPool, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from structlog.testing import capture_logs

from tutorbot.core.actions import AskHint
from tutorbot.core.calendar import DAY_STARTS
from tutorbot.core.ids import AttemptId
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.playground import Playground
from tutorbot.store import learners
from tutorbot.store.unit import Unit
from tutorbot.telegram.app import BadToken, Unreachable
from tutorbot.telegram.net import reference_of
from tutorbot.telegram.read import CommandInGroup, InGroup, Pressed, PressedUnknown, Said, Wrote
from tutorbot.views.reply import Button, Reply, Say, Toast

if TYPE_CHECKING:
    from tests.telegram.conftest import House

pytestmark = pytest.mark.postgres

HINT = Button(label="Hint", action=AskHint(AttemptId(7)))
QUESTION = Say(reply=Reply(prose=(words("What is 2 + 2?"),), keyboard=((HINT,),)))


async def test_what_is_said_is_answered(house: "House"):
    async with house.open():
        ada = house.person()
        await ada.says("hello")
        (reply,) = await ada.hears()
        assert reply.text == "You said hello"


async def test_a_learner_is_met_with_the_settings_of_the_house(house: "House"):
    async with house.open():
        ada = house.person()
        await ada.says("hello")
        await ada.hears()
    async with house.store.unit() as unit:
        learner = await learners.find(unit, ada.id)
    assert learner is not None
    assert (learner.timezone, learner.day_starts) == ("Europe/Berlin", DAY_STARTS)


async def test_a_button_asks_for_its_action_and_is_answered_at_once(house: "House"):
    house.script.replies["?"] = (QUESTION,)
    house.script.otherwise = (Toast(text="Think of sheep."),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        await ada.hears()
        await ada.presses("Hint")
        toast = await ada.sees_toast()
    assert toast.text == "Think of sheep."
    pressed = house.script.heard[-1]
    assert isinstance(pressed, Pressed)
    assert pressed.action == AskHint(AttemptId(7))


async def test_a_button_is_answered_though_there_is_nothing_to_say(house: "House"):
    house.script.replies["?"] = (QUESTION,)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        await ada.hears()
        await ada.presses("Hint")
        assert (await ada.sees_toast()).text == ""


async def test_a_foreign_button_is_told_apart_and_answered(house: "House"):
    house.script.replies["?"] = (QUESTION,)
    house.script.otherwise = (Toast(text="That button is old."),)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        (question,) = await ada.hears()
        question.wire["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = "answer_4"
        await ada.presses_on(question, "Hint")
        assert (await ada.sees_toast()).text == "That button is old."
    assert isinstance(house.script.heard[-1], PressedUnknown)


async def test_no_message_is_dropped_for_a_fault_of_the_storage(house: "House"):
    outages = iter(("58P01", "XX001"))

    async def first(unit: Unit, _learner: Learner | None, _said: Said) -> None:
        for state in outages:
            await unit.execute(
                text(f"DO $$ BEGIN RAISE 'as asked' USING ERRCODE = '{state}'; END $$")
            )

    house.script.first = first
    with capture_logs() as logs:
        async with house.open():
            ada = house.person()
            await ada.says("hello")
            (reply,) = await ada.hears()
    assert reply.text == "You said hello"
    told = [entry["error"] for entry in logs if entry["event"] == "update.store_unavailable"]
    assert [each.split()[-1] for each in told] == ["58P01", "XX001"]
    assert all(len(each) < 100 for each in told), "an outage fills no log"


async def test_a_bug_in_one_chat_stops_no_other_and_is_answered_kindly(house: "House"):
    async def first(unit: Unit, learner: Learner | None, said: Said) -> None:
        if isinstance(said, Wrote) and "boom" in said.text:
            assert learner is not None
            await learners.set_timezone(unit, learner.id, "Asia/Tokyo")
            raise RuntimeError(said.text)

    house.script.first = first
    with capture_logs() as logs:
        async with house.open():
            ada, bob = house.person("Ada"), house.person("Bob")
            await ada.says("hello")
            await ada.hears()
            await ada.says("boom goes my secret")
            await bob.says("hello")
            (sorry,) = await ada.hears()
            await bob.hears()
            await ada.says("still there?")
            (again,) = await ada.hears()
    (poisoned,) = (entry for entry in logs if entry["event"] == "update.poisoned")
    assert poisoned["reference"] == reference_of(poisoned["update"])
    assert poisoned["reference"] in sorry.text
    assert again.text == "You said still there?"
    assert "secret" not in str(logs)
    async with house.store.unit() as unit:
        learner = await learners.find(unit, ada.id)
        assert learner is not None
        assert learner.timezone == "Europe/Berlin"  # all of it was taken back


async def test_a_button_that_breaks_the_bot_does_not_spin_for_ever(house: "House"):
    async def first(_unit: Unit, _learner: Learner | None, said: Said) -> None:
        assert not isinstance(said, Pressed)

    house.script.first = first
    house.script.replies["?"] = (QUESTION,)
    async with house.open():
        ada = house.person()
        await ada.says("?")
        await ada.hears()
        await ada.presses("Hint")
        await ada.sees_toast()
        (sorry,) = await ada.hears()
    assert "wrong on my side" in sorry.text


async def test_an_update_that_cannot_be_read_holds_up_nobody(house: "House"):
    house.playground.world.push("message", {"message_id": "?", "chat": {"id": 5}})
    with capture_logs() as logs:
        async with house.open():
            ada = house.person()
            await ada.says("hello")
            await ada.hears()
    assert [entry["event"] for entry in logs].count("update.poisoned") == 1


async def test_blocks_are_kept_track_of(house: "House"):
    async with house.open():
        ada = house.person()
        await ada.says("hello")
        await ada.hears()
        await ada.blocks()
        await ada.settles()
        assert await _blocked(house, ada.id)
        await ada.unblocks()
        await ada.settles()
        assert not await _blocked(house, ada.id)
    assert len(house.script.heard) == 1


async def test_in_a_group_nobody_is_known_who_only_talks(house: "House"):
    house.script.otherwise = (Say(reply=Reply(prose=(words("One to one, please."),))),)
    async with house.open():
        ada = house.person()
        group = house.playground.group(title="Class", members=[ada])
        there = ada.inside(group)
        await there.settles()
        await there.says("/start")
        (reply,) = await there.hears()
        assert reply.text == "One to one, please."
    assert [type(said) for said in house.script.heard] == [InGroup, CommandInGroup]
    async with house.store.unit() as unit:
        assert await learners.find(unit, ada.id) is None


async def test_a_stop_comes_within_a_second_and_lets_what_is_in_hand_finish(house: "House"):
    working = asyncio.Event()

    async def first(_unit: Unit, _learner: Learner | None, _said: Said) -> None:
        working.set()
        await asyncio.sleep(0.2)

    house.script.first = first
    stop = asyncio.Event()
    running = asyncio.create_task(house.bot().run(stop))
    ada = house.person()
    await ada.says("hello")
    await working.wait()
    began = time.monotonic()
    stop.set()
    await running
    assert time.monotonic() - began < 1
    async with house.open():
        await ada.hears()
        await ada.settles()
    assert len(house.script.heard) == 1
    assert [bubble.text for bubble in ada.messages()] == ["hello", "You said hello"]


@pytest.mark.parametrize("token", ["1:wrong", "nonsense", "a/../b", " "])
async def test_a_wrong_token_is_named_with_its_remedy(house: "House", token: str):
    with pytest.raises(BadToken, match="@BotFather"):
        await house.bot(token=token).run(asyncio.Event())


async def test_no_way_to_telegram_is_named_with_its_remedy_and_without_the_token(house: "House"):
    async with Playground(clock=lambda: datetime.now(UTC)) as gone:
        url = gone.url
    with pytest.raises(Unreachable, match="check this machine's connection") as caught:
        await house.bot(token="1:secret", url=url).run(asyncio.Event())
    assert "secret" not in str(caught.value)


async def test_the_commands_stand_in_the_menu(house: "House"):
    async with house.open():
        ada = house.person()
        await ada.says("hello")
        await ada.hears()
    calls = house.playground.calls("setMyCommands")
    (call,) = (each for each in calls if "scope" not in each.params)
    (in_groups,) = (each for each in calls if "scope" in each.params)
    assert in_groups.params["scope"] == {"type": "all_group_chats"}
    assert [each["command"] for each in in_groups.params["commands"]] == [
        "quiz",
        "table",
        "round",
    ]
    assert [each["command"] for each in call.params["commands"]] == [
        "start",
        "review",
        "quizzes",
        "progress",
        "certainty",
        "streak",
        "classes",
        "tz",
        "formulas",
        "settings",
        "help",
        "privacy",
    ]


@pytest.mark.slow
async def test_while_the_database_is_away_nothing_is_lost(house: "House", database_url: str):
    async with house.open():
        ada = house.person()
        await ada.says("one")
        await ada.hears()
        async with _closed(database_url):
            await ada.says("two")
            await asyncio.sleep(0.6)
            assert len(house.playground.world.updates) == 1  # not acknowledged
        await ada.hears()
        await ada.settles()
    assert [bubble.text for bubble in ada.messages()] == [
        "one",
        "You said one",
        "two",
        "You said two",
    ]


@asynccontextmanager
async def _closed(url: str) -> AsyncGenerator[None]:
    """Throw everybody out of the database, and let nobody in."""
    name = make_url(url).database
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg", database="postgres"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )
    out = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    async with engine.connect() as administrator:
        await administrator.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        await administrator.execute(out, {"name": name})
        try:
            yield
        finally:
            await administrator.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))


async def _blocked(house: "House", telegram_id: int) -> bool:
    async with house.store.unit() as unit:
        found = await unit.execute(
            text("SELECT blocked_at FROM learners WHERE telegram_id = :id"), {"id": telegram_id}
        )
        return found.scalar_one() is not None

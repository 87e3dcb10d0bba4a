"""The bot behind a webhook: what becomes of an update once it is taken."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from tutorbot.core.actions import AskHint
from tutorbot.core.ids import AttemptId
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.playground.wire import JsonObject
from tutorbot.store import updates
from tutorbot.store.unit import Unit
from tutorbot.telegram.listing import as_text
from tutorbot.telegram.net import reference_of
from tutorbot.telegram.read import Said, Wrote
from tutorbot.views.reply import Button, Reply, Say, Toast

if TYPE_CHECKING:
    from tests.telegram.conftest import House

pytestmark = pytest.mark.postgres


async def test_what_is_said_is_brought_and_answered_without_polling(house: "House"):
    async with house.hook() as (webhook, _), house.open(webhook):
        ada = house.person()
        await ada.says("hello")
        await ada.says("again")
        await ada.hears(lambda bubble: bubble.text == "You said again")
    assert [bubble.text for bubble in ada.messages() if bubble.by_bot] == [
        "You said hello",
        "You said again",
    ]
    assert house.playground.calls("getUpdates") == []
    assert house.playground.world.webhook, "another process may go on hearing"


async def test_the_word_on_a_button_comes_with_the_answer_to_telegram(house: "House"):
    hint = Button(label="Hint", action=AskHint(AttemptId(7)))
    question = Say(reply=Reply(prose=(words("What is 2 + 2?"),), keyboard=((hint,),)))
    house.script.replies["?"] = (question,)
    house.script.otherwise = (Toast(text="Think of sheep."),)
    async with house.hook() as (webhook, _), house.open(webhook):
        ada = house.person()
        await ada.says("?")
        await ada.hears()
        await ada.presses("Hint")
        assert (await ada.sees_toast()).text == "Think of sheep."
    (call,) = house.playground.calls("answerCallbackQuery")
    assert call.unheard, "as whatever an update is answered with"


async def test_whoever_polls_takes_the_webhook_away_and_loses_nothing(house: "House"):
    async with house.hook() as (webhook, _), house.open(webhook):
        pass
    ada = house.person()
    await ada.says("hello")
    async with house.open():
        (reply,) = await ada.hears()
    assert reply.text == "You said hello"
    assert house.playground.world.webhook is None


async def test_an_update_that_is_brought_twice_counts_once(house: "House"):
    async with house.hook(secret="s") as (webhook, url), house.open(webhook):
        ada = house.person()
        await ada.says("hello")
        (reply,) = await ada.hears()
        wire = said(ada.id, "twice", number=1)
        assert await asyncio.gather(bring(url, wire), bring(url, wire)) == [200, 200]
        assert await bring(url, wire) == 200
        await ada.settles()
    assert reply.text == "You said hello"
    assert [bubble.text for bubble in ada.messages() if bubble.by_bot][1:] == ["You said twice"]


UNREADABLE: list[JsonObject] = [
    {"message": "no object"},
    {"message": {"message_id": "?", "chat": {"id": 5}}},
    {"callback_query": {"id": "1", "from": 5, "data": "\x00"}},
    {"message": [], "edited_message": {"date": "yesterday"}},
]


async def test_updates_that_nobody_can_read_are_kept_answered_and_listed(house: "House"):
    with capture_logs() as logs:
        async with house.hook(secret="s") as (webhook, url), house.open(webhook):
            await house.until(lambda: webhook.hears)
            for number, broken in enumerate(UNREADABLE, 712_345_678):
                assert await bring(url, {"update_id": number, **broken}) == 200
    assert [entry["event"] for entry in logs].count("update.poisoned") == len(UNREADABLE)
    async with house.store.unit() as unit:
        listed = await updates.poisoned(unit, 50)
    told = as_text(listed).splitlines()
    assert len(told) == 2 * len(UNREADABLE)
    assert told[-2].split()[:2] == ["712345678", "N7B22E"], "the newest is first"


async def test_an_update_that_trips_us_up_before_its_transaction_is_put_aside(house: "House"):
    broken = iter([True])

    def clock() -> datetime:
        if next(broken, False):
            raise RuntimeError("whatever it is")
        return house.clock()

    async with house.sender() as (sender, _):
        net = house.net(sender, clock)
        assert (await net.handle(said(5, "hello", number=1), "tutor_play_bot")).committed
    async with house.store.unit() as unit:
        (listed,) = await updates.poisoned(unit, 50)
    assert listed.update_id == 1


async def test_an_update_that_breaks_the_bot_is_listed_without_what_was_typed(house: "House"):
    async def first(_unit: Unit, _learner: Learner | None, said: Said) -> None:
        if isinstance(said, Wrote) and "boom" in said.text:
            raise RuntimeError(said.text)

    house.script.first = first
    with capture_logs() as logs:
        async with house.hook() as (webhook, _), house.open(webhook):
            ada = house.person()
            await ada.says("boom goes my secret")
            (sorry,) = await ada.hears()
            await ada.says("still there?")
            (again,) = await ada.hears()
    assert again.text == "You said still there?"
    async with house.store.unit() as unit:
        (listed,) = await updates.poisoned(unit, 50)
        assert await updates.poisoned(unit, 0) == ()
    told = as_text([listed])
    assert reference_of(listed.update_id) in told
    assert reference_of(listed.update_id) in sorry.text
    assert "RuntimeError" in told
    assert "secret" not in told + str(logs)


async def test_without_a_database_updates_come_again_until_there_is_one(house: "House"):
    outages = iter(range(2))

    async def first(unit: Unit, _learner: Learner | None, _said: Said) -> None:
        for _ in outages:  # as the server says when its storage fails
            await unit.execute(text("DO $$ BEGIN RAISE 'no' USING ERRCODE = '58030'; END $$"))

    house.script.first = first
    async with house.hook(secret="s") as (webhook, url), house.open(webhook):
        ada = house.person()
        house.playground.world.people[ada.id].started = True
        await house.until(lambda: webhook.hears)
        wire = said(ada.id, "hello", number=1)
        assert [await bring(url, wire) for _ in range(3)] == [503, 503, 200]
        (reply,) = await ada.hears()
        await ada.settles()
    assert reply.text == "You said hello"
    assert len([bubble for bubble in ada.messages() if bubble.by_bot]) == 1


async def test_the_answer_to_telegram_does_not_wait_for_the_reply(house: "House"):
    async with house.hook(secret="s") as (webhook, url), house.open(webhook):
        ada = house.person()
        await ada.says("hello")
        await ada.hears()
        house.playground.fault(Fault(trouble=Trouble.HANG, method="sendmessage", seconds=0.3))
        assert await bring(url, said(ada.id, "and now?", number=1)) == 200
        assert ada.last().text == "You said hello", "the reply is still on its way"
        await ada.hears(lambda bubble: bubble.text == "You said and now?")


def said(person: int, words: str, *, number: int) -> JsonObject:
    chat = {"id": person, "type": "private", "first_name": "Ada"}
    who = {"id": person, "is_bot": False, "first_name": "Ada"}
    message = {"message_id": 1, "date": 1_795_000_000, "chat": chat, "from": who, "text": words}
    return {"update_id": number, "message": message}


async def bring(url: str, wire: Any) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": "s"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=wire, headers=headers) as answer,
    ):
        return answer.status

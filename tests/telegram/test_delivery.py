"""What the playground does not do: a server before rich messages, a group that becomes another."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from tutorbot.core.actions import FormulaForm
from tutorbot.core.ids import ChatId
from tutorbot.core.prose import Display, Prose, words
from tutorbot.store import outbox
from tutorbot.store.outbox import Outgoing
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.delivery import Closed, Delivery, Fate, Listener, Refused, Sent, Taste
from tutorbot.telegram.request import AiohttpRequest
from tutorbot.views.reply import Change, Reply, Say

if TYPE_CHECKING:
    from tests.telegram.conftest import House

pytestmark = pytest.mark.postgres

Json = dict[str, Any]
ME: Json = {"id": 1, "is_bot": True, "first_name": "Tutor", "username": "tutor_bot"}


class Elsewhere:
    """Answers each method as told, and knows no other."""

    def __init__(self, **answers: Json | list[Json]) -> None:
        self._answers: dict[str, list[Json]] = {"getMe": [{"ok": True, "result": ME}]}
        for method, answer in answers.items():
            self._answers[method] = answer if isinstance(answer, list) else [answer]
        self.calls: list[tuple[str, Json]] = []

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        is_json = request.content_type == "application/json"
        self.calls.append((method, await request.json() if is_json else {}))
        answers = self._answers.get(method, [refusal(404, "Not Found")])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        status: int = answer.get("error_code", 200)
        return web.json_response(answer, status=status)

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[BotApi]:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        api = BotApi(
            "1:token",
            base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/bot",
            request=AiohttpRequest(),
            get_updates_request=AiohttpRequest(connections=1),
        )
        try:
            async with api:
                yield api
        finally:
            await runner.cleanup()


def refusal(code: int, why: str, **parameters: int) -> Json:
    return {"ok": False, "error_code": code, "description": why, "parameters": parameters}


def sent(chat: int) -> Json:
    message = {"message_id": 5, "date": 0, "chat": {"id": chat, "type": "private"}, "text": "x"}
    return {"ok": True, "result": message}


async def bring(house: "House", elsewhere: Elsewhere, prose: Prose, form: FormulaForm) -> Fate:
    row = Outgoing(
        id=1,
        chat=ChatId(7),
        learner=None,
        update_id=None,
        utterance=Say(reply=Reply(prose=prose)),
        tries=1,
        created_at=house.clock(),
    )
    async with elsewhere.open() as api:
        delivery = Delivery(api, house.store, house.studio, house.clock)
        return await delivery.bring(row, Taste(form=form))


async def test_a_server_before_rich_messages_and_without_pictures_says_it_in_words(house: "House"):
    old = Elsewhere(sendMessage=sent(7), sendPhoto=refusal(400, "Bad Request: not here"))
    prose = (words("Look:"), Display(r"\frac{a}{b}" * 2))
    assert await bring(house, old, prose, FormulaForm.NATIVE) == Sent(message_id=5)
    methods = [method for method, _ in old.calls]
    assert methods == ["getMe", "sendRichMessage", "sendPhoto", "sendMessage"]


async def test_a_change_is_said_anew_in_the_supergroup_where_numbers_name_other_messages(
    house: "House",
):
    """What has number 5 there is not what had it before."""
    chat = ChatId(-7)
    async with house.store.unit() as unit:
        said = Say(reply=Reply(prose=(words("hello"),)), slot="g1")
        (row,) = await outbox.add(
            unit, chat=chat, learner=None, update_id=None, utterances=[said], at=house.clock()
        )
        await outbox.claim(unit, chat=chat, limit=1, now=house.clock())
        await outbox.sent(unit, row, 5, house.clock())
    moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1007)
    there = Elsewhere(editMessageText=moved, sendMessage=sent(-1007))
    change = Outgoing(
        id=2,
        chat=chat,
        learner=None,
        update_id=None,
        utterance=Change(slot="g1", reply=Reply(prose=(words("over"),))),
        tries=1,
        created_at=house.clock(),
    )
    async with there.open() as api:
        delivery = Delivery(api, house.store, house.studio, house.clock)
        assert await delivery.bring(change, Taste()) == Sent(message_id=5)
    assert [method for method, _ in there.calls][1:] == ["editMessageText", "sendMessage"]


async def test_a_whisper_that_all_can_see_is_taken_back_and_not_tried_again(house: "House"):
    """A server that says it can and then cannot: nobody is to read a verdict that is not theirs."""
    loud = Elsewhere(
        deleteEphemeralMessage=refusal(400, "Bad Request: message to delete not found"),
        sendMessage=sent(-7),
        deleteMessage={"ok": True, "result": True},
    )
    to = Listener(chat=ChatId(-7), telegram_id=1, query_id="1")
    async with loud.open() as api:
        delivery = Delivery(api, house.store, house.studio, house.clock)
        for _ in range(2):
            assert not await delivery.whisper(to, Reply(prose=(words("Right."),)), Taste())
    assert [method for method, _ in loud.calls][1:] == [
        "deleteEphemeralMessage",
        "sendMessage",
        "deleteMessage",
    ]


async def test_a_group_that_became_a_supergroup_is_followed(house: "House"):
    moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1007)
    there = Elsewhere(sendMessage=[moved, sent(-1007)])
    assert await bring(house, there, (words("hello"),), FormulaForm.PICTURE) == Sent(message_id=5)
    assert [body["chat_id"] for method, body in there.calls if method == "sendMessage"] == [
        7,
        -1007,
    ]


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        (refusal(400, "Bad Request: chat not found"), Closed(why="Chat not found")),
        (refusal(403, "Forbidden: user is deactivated"), Closed),
        (refusal(400, "Bad Request: TOPIC_CLOSED"), Refused(why="Topic_closed")),
    ],
)
async def test_a_refusal_for_good_is_told_from_a_closed_chat(
    house: "House", answer: Json, fate: Fate | type[Fate]
):
    there = Elsewhere(sendMessage=answer)
    found = await bring(house, there, (words("hello"),), FormulaForm.PICTURE)
    assert found == fate or (isinstance(fate, type) and isinstance(found, fate))
    assert len([each for each in there.calls if each[0] == "sendMessage"]) == 1

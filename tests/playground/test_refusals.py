"""What Telegram refuses, in its words."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tutorbot.playground import Playground
from tutorbot.playground.testing import BareBot, StillClock, blank_png


@dataclass(frozen=True)
class Stage:
    """A chat in which Ada has said something, and the bot a text, a photo and a rich message."""

    api: BareBot
    chat: int
    hers: int
    text: int
    photo: int
    rich: int


def button(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "B", **fields}]]}


def rich(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"blocks": list(blocks)}


PARAGRAPH = {"type": "paragraph", "text": "word"}
FORMULA = {"type": "mathematical_expression", "expression": "n^2"}


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with Playground(clock=StillClock()) as playground:
        ada = playground.person(name="Ada")
        hers = await ada.says("/start")
        playground.person(name="Silent")
        async with BareBot(playground) as api:
            text = await api.does("sendMessage", chat_id=ada.id, text="Hello")
            message = await api.does(
                "sendRichMessage", chat_id=ada.id, rich_message=rich(PARAGRAPH)
            )
            uploaded = await api.uploads(
                "sendPhoto", blank_png(), chat_id=ada.id, caption="A picture"
            )
            yield Stage(
                api,
                ada.id,
                hers.id,
                text["message_id"],
                uploaded["result"]["message_id"],
                message["message_id"],
            )


BAD = "Bad Request: "
PARSE = BAD + "can't parse entities: "
KEY = BAD + "can't parse inline keyboard button: "


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": ""}, BAD + "message text is empty"),
        ("sendMessage", {"text": " \n "}, BAD + "message text is empty"),
        ("sendMessage", {"text": "a" * 4097}, BAD + "message is too long"),
        ("sendMessage", {"text": "😀" * 2049}, BAD + "message is too long"),
        ("sendMessage", {"text": "x", "chat_id": 4}, BAD + "chat not found"),
        ("sendMessage", {"text": "x", "chat_id": "@nobody"}, BAD + "chat not found"),
        ("sendMessage", {"text": "x", "chat_id": ""}, BAD + "chat_id is empty"),
        (
            "sendMessage",
            {"text": "x", "chat_id": "@silent"},
            "Forbidden: bot can't initiate conversation with a user",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": 10**6}},
            BAD + "message to be replied not found",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": button(callback_data="")},
            BAD + "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": button(callback_data="я" * 33)},
            BAD + "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": button()},
            KEY + "Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": "{"},
            BAD + "can't parse reply_markup JSON object",
        ),
        (
            "sendMessage",
            {"text": "ж<b>x", "parse_mode": "HTML"},
            PARSE + 'Can\'t find end tag corresponding to start tag "b"',
        ),
        (
            "sendMessage",
            {"text": "ж<math>x", "parse_mode": "HTML"},
            PARSE + 'Unsupported start tag "math" at byte offset 2',
        ),
        (
            "sendMessage",
            {"text": "<b>x</i>", "parse_mode": "HTML"},
            PARSE + 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        (
            "sendMessage",
            {"text": "2 < 3", "parse_mode": "HTML"},
            PARSE + "Unclosed start tag at byte offset 2",
        ),
        (
            "sendMessage",
            {"text": "x</b>", "parse_mode": "HTML"},
            PARSE + "Unexpected end tag at byte offset 1",
        ),
        ("sendPhoto", {"photo": "AgACnothing"}, BAD + "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {}, BAD + "there is no photo in the request"),
        ("editMessageText", {"message_id": 10**6, "text": "x"}, BAD + "message to edit not found"),
        ("editMessageText", {"message_id": "hers", "text": "x"}, BAD + "message can't be edited"),
        (
            "editMessageText",
            {"message_id": "photo", "text": "x"},
            BAD + "there is no text in the message to edit",
        ),
        (
            "editMessageText",
            {"message_id": "text", "text": "Hello"},
            BAD + "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message",
        ),
        (
            "editMessageText",
            {"message_id": "rich", "rich_message": rich(PARAGRAPH)},
            BAD + "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message",
        ),
        (
            "editMessageCaption",
            {"message_id": "text", "caption": "x"},
            BAD + "there is no caption in the message to edit",
        ),
        (
            "editMessageCaption",
            {"message_id": "photo", "caption": "a" * 1025},
            BAD + "MEDIA_CAPTION_TOO_LONG",
        ),
        (
            "editMessageMedia",
            {"message_id": "text", "media": {"type": "photo", "media": "x"}},
            BAD + "there is no media in the message to edit",
        ),
        ("deleteMessage", {"message_id": 10**6}, BAD + "message to delete not found"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            BAD + "query is too old and response timeout expired or query ID is invalid",
        ),
        (
            "setMessageReaction",
            {"message_id": "hers", "reaction": [{"type": "emoji", "emoji": "✅"}]},
            BAD + "REACTION_INVALID",
        ),
        (
            "setMessageReaction",
            {"message_id": 10**6, "reaction": []},
            BAD + "message to react not found",
        ),
        ("sendChatAction", {"action": "think"}, BAD + "wrong parameter action in request"),
        ("sendPoll", {"question": "", "options": ["a"]}, BAD + "poll question must be non-empty"),
        (
            "sendPoll",
            {"question": "q" * 301, "options": ["a"]},
            BAD + "poll question length must not exceed 300",
        ),
        ("sendPoll", {"question": "q", "options": []}, BAD + "poll must have at least 1 option"),
        (
            "sendPoll",
            {"question": "q", "options": [str(n) for n in range(13)]},
            BAD + "poll can't have more than 12 options",
        ),
        (
            "sendPoll",
            {"question": "q", "options": ["a" * 101]},
            BAD + "poll options length must not exceed 100",
        ),
        (
            "sendPoll",
            {"question": "q", "options": ["a"], "type": "quiz", "correct_option_ids": [1]},
            BAD + "wrong correct option ID specified",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "No Spaces", "description": "x"}]},
            BAD + "BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "ok", "description": ""}]},
            BAD + "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ("getFile", {"file_id": "x"}, BAD + "invalid file_id"),
        (
            "setWebhook",
            {"url": "http://example.com/"},
            BAD + "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "setWebhook",
            {"url": "https://example.com/", "secret_token": "no spaces"},
            BAD + "secret token contains unallowed characters",
        ),
        ("sendRichMessage", {}, BAD + "RICH_MESSAGE_CONTENT_REQUIRED"),
        ("sendRichMessage", {"rich_message": {}}, BAD + "RICH_MESSAGE_CONTENT_REQUIRED"),
        ("sendRichMessage", {"rich_message": {"blocks": []}}, BAD + "RICH_MESSAGE_EMPTY"),
        (
            "sendRichMessage",
            {"rich_message": {"blocks": [PARAGRAPH], "html": "<p>x</p>"}},
            BAD + "exactly one of the fields html, markdown and blocks must be specified",
        ),
        (
            "sendRichMessage",
            {"rich_message": rich(*([PARAGRAPH] * 501))},
            BAD + "RICH_MESSAGE_BLOCKS_TOO_MUCH",
        ),
        (
            "sendRichMessage",
            {"rich_message": rich(FORMULA | {"expression": "x" * 32_769})},
            BAD + "RICH_MESSAGE_TOO_LONG",
        ),
        (
            "sendRichMessage",
            {"rich_message": rich({"type": "table", "cells": [[{"text": "a"}] * 21]})},
            BAD + "RICH_MESSAGE_TABLE_COLUMNS_TOO_MUCH",
        ),
        (
            "sendRichMessage",
            {"rich_message": rich(*([{"type": "photo", "photo": "attach://p"}] * 51))},
            BAD + "RICH_MESSAGE_MEDIA_TOO_MUCH",
        ),
        (
            "sendRichMessage",
            {"rich_message": rich({"type": "formula", "text": "x"})},
            BAD + 'can\'t parse InputRichBlock: unsupported type "formula"',
        ),
    ],
)
async def test_what_telegram_refuses_is_refused_in_its_words(
    stage: Stage, method: str, params: dict[str, Any], words: str
):
    places = {"hers": stage.hers, "text": stage.text, "photo": stage.photo, "rich": stage.rich}
    named = {
        name: places.get(value, value) if name == "message_id" else value
        for name, value in params.items()
    }
    assert await stage.api.refuses(method, **{"chat_id": stage.chat, **named}) == words


async def test_depth_is_counted_through_blocks_and_words(stage: Stage):
    block: dict[str, Any] = PARAGRAPH
    for _ in range(14):
        block = {"type": "blockquote", "blocks": [block]}
    await stage.api.does("sendRichMessage", chat_id=stage.chat, rich_message=rich(block))
    deeper = rich({"type": "blockquote", "blocks": [block]})
    words = await stage.api.refuses("sendRichMessage", chat_id=stage.chat, rich_message=deeper)
    assert words == "Bad Request: RICH_MESSAGE_DEPTH_TOO_BIG"


async def test_what_just_fits_is_taken(stage: Stage):
    await stage.api.does("sendMessage", chat_id=stage.chat, text="😀" * 2048)
    await stage.api.does(
        "sendMessage", chat_id=stage.chat, text="x", reply_markup=button(callback_data="a" * 64)
    )
    blocks = [FORMULA | {"expression": "x" * 32_768}]
    await stage.api.does("sendRichMessage", chat_id=stage.chat, rich_message=rich(*blocks))


async def test_an_unknown_method_is_not_found(stage: Stage):
    answer = await stage.api.answer("sendTelepathy", chat_id=stage.chat)
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_wrong_token_is_unauthorized(stage: Stage):
    wrong = stage.api.address("getMe").replace(":playground", ":guess")
    async with stage.api.session.get(wrong) as answer:
        assert answer.status == 401
        assert (await answer.json())["description"] == "Unauthorized"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (blank_png()[:18], "IMAGE_PROCESS_FAILED"),
        (blank_png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (blank_png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_a_picture_must_be_one_and_of_a_sensible_size(
    stage: Stage, content: bytes, words: str
):
    answer = await stage.api.uploads("sendPhoto", content, chat_id=stage.chat)
    assert answer["description"] == f"Bad Request: {words}"


async def test_a_query_can_be_answered_once(playground: Playground, api: BareBot):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    await api.does("sendMessage", chat_id=ada.id, text="?", reply_markup=button(callback_data="b"))
    query = await ada.presses("B")
    await api.does("answerCallbackQuery", callback_query_id=query.id)
    assert "query is too old" in await api.refuses(
        "answerCallbackQuery", callback_query_id=query.id
    )


async def test_a_query_grows_too_old(playground: Playground, api: BareBot, clock: StillClock):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    await api.does("sendMessage", chat_id=ada.id, text="?", reply_markup=button(callback_data="b"))
    query = await ada.presses("B")
    clock.passes(151)
    assert "query is too old" in await api.refuses(
        "answerCallbackQuery", callback_query_id=query.id
    )


async def test_an_old_message_can_no_longer_be_deleted(
    playground: Playground, api: BareBot, clock: StillClock
):
    ada = playground.person(name="Ada")
    said = await ada.says("/start")
    clock.passes(49 * 3600)
    words = await api.refuses("deleteMessage", chat_id=ada.id, message_id=said.id)
    assert words == "Bad Request: message can't be deleted for everyone"


async def test_who_blocked_the_bot_is_left_alone(playground: Playground, api: BareBot):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    await ada.blocks()
    words = "Forbidden: bot was blocked by the user"
    assert await api.refuses("sendMessage", chat_id=ada.id, text="x") == words
    await ada.unblocks()
    await api.does("sendMessage", chat_id=ada.id, text="x")
    changes = [
        update["my_chat_member"]["new_chat_member"]["status"]
        for update in await api.does("getUpdates")
        if "my_chat_member" in update
    ]
    assert changes == ["kicked", "member"]

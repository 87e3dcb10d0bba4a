from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tutorbot.playground import Playground
from tutorbot.playground.testing import BareBot

FORMULA = {"type": "mathematical_expression", "expression": "n^2"}
BLOCKS: list[dict[str, Any]] = [
    {"type": "heading", "size": 4, "text": "Question 1"},
    {"type": "paragraph", "text": ["Let ", FORMULA, {"type": "bold", "text": " be"}]},
    FORMULA,
    {
        "type": "list",
        "items": [
            {"type": "A", "value": 1, "blocks": [{"type": "paragraph", "text": [FORMULA]}]},
            {
                "has_checkbox": True,
                "is_checked": True,
                "blocks": [{"type": "paragraph", "text": "x"}],
            },
        ],
    },
    {"type": "table", "cells": [[{"text": "a"}, {"text": FORMULA}]]},
    {"type": "divider"},
    {"type": "blockquote", "blocks": [{"type": "paragraph", "text": "aside"}]},
]


async def test_a_rich_message_reads_as_plain_text_in_tests(playground: Playground, bot: Bot):
    ada = playground.person(name="Ada")
    await ada.starts()
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    await bot.do_api_request(
        "sendRichMessage",
        {"chat_id": ada.id, "rich_message": {"blocks": BLOCKS}, "reply_markup": keyboard},
        return_type=Message,
    )
    (question,) = await ada.hears()
    assert question.text == (
        "Question 1\nLet $n^2$ be\n$n^2$\nA. $n^2$\n☑ x\na | $n^2$\n———\n> aside"
    )
    assert question.buttons == ("A",)
    assert question.rich == {"blocks": BLOCKS}


async def test_a_rich_message_can_be_edited_in_place(playground: Playground, bot: Bot):
    ada = playground.person(name="Ada")
    await ada.starts()
    sent = await bot.do_api_request(
        "sendRichMessage",
        {"chat_id": ada.id, "rich_message": {"blocks": BLOCKS}},
        return_type=Message,
    )
    assert isinstance(sent, Message)
    await bot.edit_message_text(
        text=None,  # pyright: ignore[reportArgumentType]  # the library does not know it may be absent
        chat_id=ada.id,
        message_id=sent.message_id,
        api_kwargs={"rich_message": {"blocks": [{"type": "paragraph", "text": "Done"}]}},
    )
    assert ada.last().text == "Done"
    await bot.edit_message_text("In plain words", ada.id, sent.message_id)
    assert ada.last().text == "In plain words"
    assert ada.last().rich is None


async def test_a_formula_inside_details_is_taken_but_flagged(playground: Playground, api: BareBot):
    ada = playground.person(name="Ada")
    await ada.starts()
    hidden = {"type": "details", "summary": "Solution", "blocks": [FORMULA]}
    await api.does("sendRichMessage", chat_id=ada.id, rich_message={"blocks": [hidden]})
    assert playground.calls()[-1].flags == ("a formula inside details crashes Telegram Desktop",)


async def test_a_person_can_answer_with_a_rich_message(playground: Playground, bot: Bot):
    ada = playground.person(name="Ada")
    await ada.sends_rich({"type": "paragraph", "text": [FORMULA]})
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text is None
    assert update.message.api_kwargs["rich_message"]["blocks"][0]["text"] == [FORMULA]

import asyncio

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from tutorbot.playground import Playground

HINT = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("💡 Hint", callback_data="h"),
            InlineKeyboardButton("Skip", callback_data="s"),
        ]
    ]
)


async def newest(bot: Bot) -> Update:
    return (await bot.get_updates(offset=-1, timeout=2))[-1]


async def test_what_a_person_says_reaches_the_bot(playground: Playground, bot: Bot):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    update = await newest(bot)
    assert update.message is not None
    assert update.message.text == "/start"
    assert update.effective_chat is not None
    assert update.effective_chat.id == ada.chat_id
    assert [entity.type for entity in update.message.entities] == ["bot_command"]


async def test_what_the_bot_says_reaches_the_person(playground: Playground, bot: Bot):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    await bot.send_message(
        ada.chat_id, "<b>Hello</b> 2 &lt; 3", parse_mode="HTML", reply_markup=HINT
    )
    (hello,) = await ada.hears()
    assert hello.text == "Hello 2 < 3"
    assert hello.buttons == ("💡 Hint", "Skip")


async def test_a_pressed_button_is_answered_with_a_toast(playground: Playground, bot: Bot):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    await bot.send_message(ada.chat_id, "Question 1", reply_markup=HINT)
    await ada.presses("Hint")
    query = (await newest(bot)).callback_query
    assert query is not None
    assert query.data == "h"
    await query.edit_message_text("Question 1, with a hint")
    await query.answer("Think of Euler")
    assert (await ada.sees_toast()).text == "Think of Euler"
    (changed,) = await ada.hears()
    assert changed.text == "Question 1, with a hint"
    assert changed.buttons == ()


async def test_a_stale_button_carries_the_message_as_it_now_stands(
    playground: Playground, bot: Bot
):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    sent = await bot.send_message(ada.chat_id, "Question 1", reply_markup=HINT)
    seen = ada.last()
    await sent.edit_text("Answered")
    await ada.presses_on(seen, "Skip")
    query = (await newest(bot)).callback_query
    assert query is not None
    assert query.message is not None
    assert query.message.to_dict()["text"] == "Answered"


async def test_the_wait_for_words_that_never_come_says_what_was_seen(
    playground: Playground, bot: Bot
):
    ada = playground.person(name="Ada")
    await ada.says("/start")
    await bot.send_message(ada.chat_id, "Something else", reply_markup=HINT)
    with pytest.raises(AssertionError, match="Something else\n  \\[💡 Hint\\] \\[Skip\\]"):
        await ada.hears(lambda bubble: "Hello" in bubble.text, timeout=0.05)


async def test_a_chat_settles_once_the_bot_has_read_all_and_is_quiet(
    playground: Playground, bot: Bot
):
    ada = playground.person(name="Ada")
    await ada.says("/start")

    async def answer() -> None:
        (update,) = await bot.get_updates(timeout=2)
        await bot.send_message(ada.chat_id, "One")
        await bot.send_message(ada.chat_id, "Two")
        await bot.get_updates(offset=update.update_id + 1)

    answering = asyncio.create_task(answer())
    await ada.settles(quiet=0.05)
    await answering
    assert [bubble.text for bubble in ada.messages()] == ["/start", "One", "Two"]

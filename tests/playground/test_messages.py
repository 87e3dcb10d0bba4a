"""Everything that can stand in a chat, sent and changed by the library that bots use."""

import pytest
from telegram import (
    Bot,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Update,
)
from telegram.error import BadRequest

from tutorbot.playground import Playground
from tutorbot.playground.people import Actor
from tutorbot.playground.profile import commands_in
from tutorbot.playground.testing import blank_png

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])


@pytest.fixture
async def ada(playground: Playground, bot: Bot) -> Actor:
    person = playground.person(name="Ada")
    await person.starts()
    await bot.get_updates(offset=-1)
    return person


async def newest(bot: Bot) -> Update:
    return (await bot.get_updates(offset=-1))[-1]


async def test_a_picture_is_uploaded_once_and_sent_again_by_its_id(ada: Actor, bot: Bot):
    sent = await bot.send_photo(ada.id, blank_png(40, 30), caption="<b>One</b>", parse_mode="HTML")
    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 30)
    assert ada.last().photo == blank_png(40, 30)
    assert ada.last().text == "One"
    again = await bot.send_photo(ada.id, sent.photo[-1].file_id)
    assert again.photo == sent.photo


async def test_a_file_can_be_fetched(ada: Actor, bot: Bot):
    sent = await bot.send_document(ada.id, b"some notes", filename="notes.txt")
    assert sent.document is not None
    assert sent.document.file_name == "notes.txt"
    file = await bot.get_file(sent.document.file_id)
    assert await file.download_as_bytearray() == b"some notes"


async def test_a_picture_can_be_exchanged_in_place(ada: Actor, bot: Bot):
    sent = await bot.send_photo(ada.id, blank_png(), caption="Old", reply_markup=KEYS)
    await sent.edit_caption("New", reply_markup=KEYS)
    assert ada.last().text == "New"
    await sent.edit_media(InputMediaPhoto(blank_png(8, 8), caption="Newer"))
    assert ada.last().photo == blank_png(8, 8)
    assert ada.last().text == "Newer"
    assert ada.last().buttons == ()


async def test_an_edit_without_a_keyboard_takes_it_away(ada: Actor, bot: Bot):
    sent = await bot.send_message(ada.id, "Question", reply_markup=KEYS)
    await sent.edit_text("Answered")
    assert ada.last().buttons == ()
    await sent.edit_reply_markup(KEYS)
    assert ada.last().buttons == ("A",)


async def test_an_edit_that_changes_nothing_is_refused(ada: Actor, bot: Bot):
    sent = await bot.send_message(ada.id, "Question", reply_markup=KEYS)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("Question", reply_markup=KEYS)


async def test_a_disabled_button_can_not_be_pressed(ada: Actor, bot: Bot):
    done = InlineKeyboardButton("✅ B", api_kwargs={"disabled": {}})
    await bot.send_message(ada.id, "Answered", reply_markup=InlineKeyboardMarkup([[done]]))
    assert ada.last().buttons == ("✅ B",)
    assert ada.last().enabled == ()
    with pytest.raises(AssertionError, match="no message has a button"):
        await ada.presses("B")


async def test_a_button_of_a_deleted_message_can_still_be_pressed(ada: Actor, bot: Bot):
    sent = await bot.send_message(ada.id, "Question", reply_markup=KEYS)
    seen = ada.last()
    await sent.delete()
    await ada.presses_on(seen, "A")
    query = (await newest(bot)).callback_query
    assert query is not None
    assert query.message is not None
    assert query.message.is_accessible is False


async def test_people_send_more_than_text(ada: Actor, bot: Bot):
    for sends in (ada.sends_sticker(), ada.sends_voice(), ada.sends_document(b"x")):
        await sends
        message = (await newest(bot)).message
        assert message is not None
        assert message.text is None
    assert ada.transcript().splitlines()[-3:] == [
        "Ada: <sticker>",
        "Ada: <voice>",
        "Ada: <document>",
    ]


async def test_an_edited_message_is_told_as_such(ada: Actor, bot: Bot):
    said = await ada.says("2/3")
    await ada.edits(said, "3/4")
    update = await newest(bot)
    assert update.message is None
    assert update.edited_message is not None
    assert update.edited_message.text == "3/4"


async def test_reactions_show(ada: Actor, bot: Bot):
    said = await ada.says("2/3")
    await bot.set_message_reaction(ada.id, said.id, "🎉")
    assert ada.reactions(said) == ("🎉",)


async def test_a_vote_is_told_with_its_voter(ada: Actor, bot: Bot):
    await bot.send_poll(
        ada.id, "Which?", ["a", "b"], type="quiz", correct_option_ids=[1], is_anonymous=False
    )
    await ada.votes(ada.last(), 1)
    updates = await bot.get_updates()
    answers = [update.poll_answer for update in updates if update.poll_answer]
    assert [answer.option_ids for answer in answers] == [(1,)]
    assert answers[0].user is not None
    assert answers[0].user.id == ada.id
    with pytest.raises(ValueError, match="final"):
        await ada.votes(ada.last(), 0)
    closed = await bot.stop_poll(ada.id, ada.last().id)
    assert closed.is_closed
    assert closed.options[1].voter_count == 1


async def test_an_anonymous_vote_names_nobody(ada: Actor, bot: Bot):
    await bot.send_poll(ada.id, "Which?", ["a", "b"])
    await ada.votes(ada.last(), 0)
    updates = await bot.get_updates()
    assert not any(update.poll_answer for update in updates)


async def test_commands_show_in_the_narrowest_scope_and_the_own_language(
    playground: Playground, ada: Actor, bot: Bot
):
    def shown(language: str) -> list[str]:
        return [one["command"] for one in commands_in(playground.world, ada.id, language)]

    await bot.set_my_commands([("help", "Help")])
    assert shown("de") == ["help"]
    await bot.set_my_commands([("start", "Start")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(
        [("los", "Los")], scope=BotCommandScopeAllPrivateChats(), language_code="de"
    )
    assert (shown("en"), shown("de")) == (["start"], ["los"])
    await bot.delete_my_commands(scope=BotCommandScopeAllPrivateChats())
    assert shown("en") == ["help"]
    assert [one.command for one in await bot.get_my_commands()] == ["help"]


async def test_the_bot_can_name_and_describe_itself(bot: Bot):
    await bot.set_my_name("Tutor of Ada")
    await bot.set_my_description("Asks questions")
    await bot.set_my_short_description("Asks")
    assert (await bot.get_me()).first_name == "Tutor of Ada"
    assert (await bot.get_my_description()).description == "Asks questions"
    assert (await bot.get_my_short_description()).short_description == "Asks"
    await bot.set_chat_menu_button()
    assert await bot.log_out()


async def test_a_deep_link_carries_its_payload(ada: Actor, bot: Bot):
    await ada.starts("join-abc")
    message = (await newest(bot)).message
    assert message is not None
    assert message.text == "/start join-abc"


async def test_a_transcript_reads_like_the_conversation(ada: Actor, bot: Bot):
    sent = await bot.send_message(ada.id, "One and one?", reply_markup=KEYS)
    query = await ada.presses("A")
    await bot.answer_callback_query(query.id, "Right!")
    await sent.edit_text("One and one? Two.")
    assert ada.transcript() == (
        "Ada: /start\nTutor: One and one?\n  [A]\nAda presses [A]\n(toast) Right!\n"
        "Tutor (edits): One and one? Two."
    )

from typing import Any

from telegram import Bot

from tutorbot.playground import Playground
from tutorbot.playground.people import Actor
from tutorbot.playground.testing import BareBot
from tutorbot.playground.world import Group


def classroom(playground: Playground) -> tuple[Group, Actor, Actor]:
    ada, ben = playground.person(name="Ada"), playground.person(name="Ben")
    group = playground.group(title="Class", members=[ada, ben])
    return group, ada.inside(group), ben.inside(group)


async def heard(api: BareBot) -> list[str]:
    updates: list[dict[str, Any]] = await api.does("getUpdates")
    return [update["message"]["text"] for update in updates if "message" in update]


async def test_in_a_group_the_bot_hears_only_what_concerns_it(playground: Playground, api: BareBot):
    group, ada, ben = classroom(playground)
    await ada.says("just talk")
    await ada.says("/quiz")
    await ada.says("/quiz@tutor_play_bot now")
    await ada.says("/quiz@other_bot")
    await ben.says("what about @tutor_play_bot?")
    question = await api.does("sendMessage", chat_id=group.id, text="1 + 1?")
    await ben.says("2", reply_to=ben.last())
    assert await heard(api) == [
        "/quiz",
        "/quiz@tutor_play_bot now",
        "what about @tutor_play_bot?",
        "2",
    ]
    (*_, reply) = await api.does("getUpdates")
    assert reply["message"]["reply_to_message"]["message_id"] == question["message_id"]
    assert reply["message"]["from"]["first_name"] == "Ben"
    assert reply["message"]["chat"] == {"id": group.id, "type": "supergroup", "title": "Class"}


async def test_the_bot_is_told_that_it_was_put_into_a_group(playground: Playground, bot: Bot):
    group, _, _ = classroom(playground)
    (update,) = await bot.get_updates()
    assert update.my_chat_member is not None
    assert update.my_chat_member.chat.id == group.id
    assert update.my_chat_member.new_chat_member.status == "member"


async def test_a_group_counts_its_own_messages(playground: Playground, bot: Bot):
    group, ada, _ = classroom(playground)
    private = playground.person(name="Ada")
    first, second = await ada.says("one"), await private.says("one")
    assert first.id == second.id == 1
    sent = await bot.send_message(group.id, "two")
    assert sent.message_id == 2


async def test_an_ephemeral_message_is_seen_by_its_receiver_alone(playground: Playground, bot: Bot):
    group, ada, ben = classroom(playground)
    sent = await bot.send_message(
        group.id,
        "You were right",
        api_kwargs={"ephemeral_message_parameters": {"receiver_user_id": ada.id}},
    )
    assert sent.message_id == 0
    assert [bubble.text for bubble in ada.messages()] == ["You were right"]
    assert ben.messages() == []
    await bot.do_api_request(
        "editEphemeralMessageText",
        {
            "chat_id": group.id,
            "receiver_user_id": ada.id,
            "ephemeral_message_id": sent.api_kwargs["ephemeral_message_id"],
            "text": "Nearly right",
        },
    )
    assert ada.last().text == "Nearly right"
    assert "Nearly right" not in ben.transcript()


async def test_members_are_known(playground: Playground, bot: Bot):
    group, ada, ben = classroom(playground)
    assert (await bot.get_chat_member(group.id, ada.id)).status == "creator"
    assert (await bot.get_chat_member(group.id, ben.id)).status == "member"
    assert (await bot.get_chat(group.id)).title == "Class"

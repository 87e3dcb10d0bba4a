from typing import Any

from telegram import Bot

from tutorbot.playground import Playground
from tutorbot.playground.people import Actor
from tutorbot.playground.testing import BareBot, StillClock
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


async def test_an_ephemeral_message_follows_what_its_receiver_did_by_15_seconds(
    playground: Playground, api: BareBot, clock: StillClock
):
    group, ada, ben = classroom(playground)
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "1"}]]}
    await api.does("sendMessage", chat_id=group.id, text="?", reply_markup=keyboard)
    query = await ada.presses("A")

    def to(actor: Actor) -> dict[str, object]:
        return {
            "chat_id": group.id,
            "text": "Right",
            "ephemeral_message_parameters": {
                "receiver_user_id": actor.id,
                "callback_query_id": query.id,
            },
        }

    await api.does("sendMessage", **to(ada))
    assert "QUERY_ID_INVALID" in await api.refuses("sendMessage", **to(ben))
    clock.passes(16)
    assert "QUERY_ID_INVALID" in await api.refuses("sendMessage", **to(ada))


async def test_a_server_before_ephemeral_messages_shows_them_to_all(
    playground: Playground, api: BareBot
):
    playground.world.ephemeral = False
    group, ada, ben = classroom(playground)
    receiver = {"receiver_user_id": ada.id}
    sent = await api.does(
        "sendMessage", chat_id=group.id, text="Right", ephemeral_message_parameters=receiver
    )
    assert sent["message_id"] > 0
    assert ben.last().text == "Right"
    assert await api.refuses("deleteEphemeralMessage", chat_id=group.id) == "Not Found"


async def test_a_basic_group_becomes_a_supergroup_with_another_id(
    playground: Playground, api: BareBot
):
    ada = playground.person(name="Ada")
    group = playground.group(title="Class", members=[ada], basic=True)
    assert (await api.does("getChat", chat_id=group.id))["type"] == "group"
    await api.does("sendMessage", chat_id=group.id, text="before")
    moved = await ada.inside(group).makes_supergroup()
    answer = await api.answer("sendMessage", chat_id=group.id, text="after")
    assert answer["parameters"] == {"migrate_to_chat_id": moved.id}
    sent = await api.does("sendMessage", chat_id=moved.id, text="after")
    assert sent["chat"]["type"] == "supergroup"
    updates: list[dict[str, Any]] = await api.does("getUpdates")
    told = [update["message"] for update in updates if "message" in update]
    assert [each.get("migrate_to_chat_id") for each in told] == [moved.id, None]
    assert [each.get("migrate_from_chat_id") for each in told] == [None, group.id]


async def test_people_and_the_bot_come_and_go(playground: Playground, api: BareBot):
    group, ada, ben = classroom(playground)
    await ada.removes(ben)
    await ada.adds(ben)
    await ada.removes_bot()
    refused = await api.refuses("sendMessage", chat_id=group.id, text="hello")
    assert refused == "Forbidden: bot was kicked from the supergroup chat"
    await ada.adds_bot()
    await api.does("sendMessage", chat_id=group.id, text="hello")
    updates: list[dict[str, Any]] = await api.does("getUpdates")
    told = [update["message"] for update in updates if "message" in update]
    assert told[0]["left_chat_member"]["id"] == ben.id
    assert told[1]["new_chat_members"][0]["id"] == ben.id
    bots = [update["my_chat_member"]["new_chat_member"]["status"] for update in updates
            if "my_chat_member" in update]  # fmt: skip
    assert bots == ["member", "kicked", "member"]


async def test_a_forum_has_topics_and_no_others(playground: Playground, api: BareBot):
    ada = playground.person(name="Ada")
    forum = playground.group(title="Forum", members=[ada], topics=[7])
    await ada.inside(forum, topic=7).says("/quiz")
    updates: list[dict[str, Any]] = await api.does("getUpdates")
    (said,) = (update["message"] for update in updates if "message" in update)
    assert (said["message_thread_id"], said["is_topic_message"]) == (7, True)
    sent = await api.does("sendMessage", chat_id=forum.id, text="?", message_thread_id=7)
    assert sent["message_thread_id"] == 7
    unknown = await api.refuses("sendMessage", chat_id=forum.id, text="?", message_thread_id=8)
    assert "message thread not found" in unknown


async def test_an_anonymous_admin_writes_as_the_group(playground: Playground, api: BareBot):
    group, ada, _ = classroom(playground)
    await ada.alone.inside(group, anonymous=True).says("/quiz")
    updates: list[dict[str, Any]] = await api.does("getUpdates")
    (said,) = (update["message"] for update in updates if "message" in update)
    assert said["from"]["username"] == "GroupAnonymousBot"
    assert said["sender_chat"]["id"] == group.id

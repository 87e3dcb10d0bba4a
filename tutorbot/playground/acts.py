"""What people do in their chats, and the updates that the bot gets for it."""

import re
from collections.abc import Sequence

from tutorbot.playground import polls
from tutorbot.playground.entities import find
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import BOT_NAME, Group, Person, Query, World, key

_FOR_OTHER_BOT = re.compile(r"/\w+@(?!" + BOT_NAME + r"\b)", re.IGNORECASE)


# Whoever writes as the group is called so, for apps that know no better.
_ANONYMOUS: JsonObject = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


def say(
    world: World,
    person: Person,
    chat_id: int,
    text: str,
    *,
    reply_to: int | None = None,
    topic: int | None = None,
    anonymous: bool = False,
) -> JsonObject:
    """Write in a chat: in the ``topic`` of a forum, or (``anonymous``) as the group itself."""
    content: JsonObject = {"text": text}
    if topic is not None:
        content |= {"message_thread_id": topic, "is_topic_message": True}
    if anonymous:
        content |= {"from": _ANONYMOUS, "sender_chat": world.chat(chat_id)}
    if entities := find(text):
        content["entities"] = list(entities)
    return _write(world, person, chat_id, content, reply_to=reply_to)


def send_sticker(world: World, person: Person, chat_id: int, emoji: str = "👍") -> JsonObject:
    number = world.new_number()
    sticker: JsonObject = {
        "file_id": f"CAAC{number:08}",
        "file_unique_id": f"AgAD{number}",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": emoji,
    }
    return _write(world, person, chat_id, {"sticker": sticker})


def send_voice(world: World, person: Person, chat_id: int, seconds: int = 3) -> JsonObject:
    stored = world.store_file(b"OggS", name="voice.ogg", mime="audio/ogg", folder="voice")
    voice: JsonObject = {
        "file_id": stored.id,
        "file_unique_id": stored.id[4:16],
        "duration": seconds,
        "mime_type": stored.mime,
        "file_size": len(stored.content),
    }
    return _write(world, person, chat_id, {"voice": voice})


def send_document(
    world: World, person: Person, chat_id: int, content: bytes, *, name: str, mime: str
) -> JsonObject:
    stored = world.store_file(content, name=name, mime=mime, folder="documents")
    document: JsonObject = {
        "file_id": stored.id,
        "file_unique_id": stored.id[4:16],
        "file_name": name,
        "mime_type": mime,
        "file_size": len(content),
    }
    return _write(world, person, chat_id, {"document": document})


def send_location(
    world: World, person: Person, chat_id: int, latitude: float, longitude: float
) -> JsonObject:
    place: JsonObject = {"latitude": latitude, "longitude": longitude}
    return _write(world, person, chat_id, {"location": place})


def send_rich(world: World, person: Person, chat_id: int, blocks: list[JsonObject]) -> JsonObject:
    """Premium people can answer with a rich message; it carries no text."""
    return _write(world, person, chat_id, {"rich_message": {"blocks": blocks}})


def edit(world: World, person: Person, chat_id: int, message_id: int, text: str) -> JsonObject:
    message = world.messages[chat_id, message_id]
    if message["from"]["id"] != person.id or "text" not in message:
        raise ValueError("people edit their own texts")
    changed = {name: value for name, value in message.items() if name != "entities"}
    changed |= {"text": text, "edit_date": world.date()}
    if entities := find(text):
        changed["entities"] = list(entities)
    world.replace(changed)
    if _reaches_bot(world, changed):
        world.push("edited_message", changed)
    return changed


def press(world: World, person: Person, message: JsonObject, data: str) -> Query:
    """Press a button as it was seen on ``message``, which may have changed or gone since."""
    chat_id = message["chat"]["id"]
    query = Query(
        id=str(4 * 10**17 + world.new_number()),
        person_id=person.id,
        chat_id=chat_id,
        at=world.clock(),
    )
    world.queries[query.id] = query
    world.show(
        "press",
        {"chat_id": chat_id, "name": person.name, "label": _label(message, data)},
        person_id=person.id,
    )
    gone: JsonObject = {
        "message_id": message["message_id"],
        "chat": message["chat"],
        "date": 0,
    }
    world.push(
        "callback_query",
        {
            "id": query.id,
            "from": person.user(),
            "message": world.messages.get((chat_id, key(message)), gone),
            "chat_instance": str(abs(chat_id) * 7),
            "data": data,
        },
    )
    return query


def vote(world: World, person: Person, poll_id: str, choice: Sequence[int]) -> None:
    polls.vote(world, person, world.polls[poll_id], list(choice))
    world.announce("vote", {"poll_id": poll_id, "person_id": person.id, "choice": list(choice)})


def react(world: World, person: Person, chat_id: int, message_id: int, emoji: str | None) -> None:
    """Set one's reaction, or take it back with None."""
    reactions = world.reactions.setdefault((chat_id, message_id), {})
    old = reactions.get(person.id, [])
    new: list[JsonObject] = [{"type": "emoji", "emoji": emoji}] if emoji else []
    reactions[person.id] = new
    world.announce(
        "reaction",
        {"chat_id": chat_id, "message_id": message_id, "by": person.id, "reaction": new},
    )
    world.push(
        "message_reaction",
        {
            "chat": world.chat(chat_id),
            "message_id": message_id,
            "user": person.user(),
            "date": world.date(),
            "old_reaction": old,
            "new_reaction": new,
        },
    )


def block(world: World, person: Person) -> None:
    if not person.blocked:
        person.blocked = True
        _membership(world, person, person.id, old="member", new="kicked")


def unblock(world: World, person: Person) -> None:
    if person.blocked:
        person.blocked = False
        _membership(world, person, person.id, old="kicked", new="member")


def add_bot(world: World, person: Person, chat_id: int) -> None:
    """The bot is put into a group."""
    world.groups[chat_id].bot_removed = False
    _membership(world, person, chat_id, old="left", new="member")


def remove_bot(world: World, person: Person, chat_id: int) -> None:
    world.groups[chat_id].bot_removed = True
    _membership(world, person, chat_id, old="member", new="kicked")


def add_member(world: World, person: Person, newcomer: Person, chat_id: int) -> None:
    world.groups[chat_id].members.append(newcomer.id)
    world.announce("people", {})
    _notice(world, person, chat_id, {"new_chat_members": [newcomer.user()]})


def remove_member(world: World, person: Person, gone: Person, chat_id: int) -> None:
    """Somebody leaves a group (``person`` themselves) or is removed from it."""
    world.groups[chat_id].members.remove(gone.id)
    world.announce("people", {})
    _notice(world, person, chat_id, {"left_chat_member": gone.user()})


def migrate(world: World, person: Person, chat_id: int) -> Group:
    """A basic group becomes a supergroup: another id, other message ids, and both chats tell."""
    old = world.groups[chat_id]
    old.moved_to = 0  # so that its title is free
    new = world.add_group(old.title, [*old.members])
    old.moved_to = new.id
    _notice(world, person, old.id, {"migrate_to_chat_id": new.id})
    _notice(world, person, new.id, {"migrate_from_chat_id": old.id})
    old.members.clear()
    return new


def _write(
    world: World,
    person: Person,
    chat_id: int,
    content: JsonObject,
    *,
    reply_to: int | None = None,
) -> JsonObject:
    group = world.groups.get(chat_id)
    if chat_id != person.id and (group is None or person.id not in group.members):
        raise ValueError("people write in their own chats")
    if chat_id == person.id:
        unblock(world, person)  # to write, one must restart the bot
        person.started = True
    message: JsonObject = {
        "message_id": world.new_message_id(chat_id),
        "from": person.user(),
        "chat": world.chat(chat_id),
        "date": world.date(),
        **content,
    }
    quoted = None if reply_to is None else world.messages.get((chat_id, reply_to))
    if quoted is not None:
        message["reply_to_message"] = {
            name: value for name, value in quoted.items() if name != "reply_to_message"
        }
    world.keep(message)
    if _reaches_bot(world, message):
        world.push("message", message)
    return message


def _notice(world: World, person: Person, chat_id: int, content: JsonObject) -> None:
    """What Telegram itself says in a group; bots hear it even in privacy mode."""
    message: JsonObject = {
        "message_id": world.new_message_id(chat_id),
        "from": person.user(),
        "chat": world.chat(chat_id),
        "date": world.date(),
        **content,
    }
    world.keep(message)
    world.push("message", message)


def _reaches_bot(world: World, message: JsonObject) -> bool:
    """Privacy mode: in groups only commands, mentions of the bot and replies to it."""
    if message["chat"]["id"] > 0:
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == world.bot["id"]:
        return True
    text: str = message.get("text", message.get("caption", ""))
    if re.match(r"/\w", text):
        return _FOR_OTHER_BOT.match(text) is None
    return f"@{BOT_NAME}" in text.lower()


def _label(message: JsonObject, data: str) -> str:
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if button.get("callback_data") == data:
                return button["text"]
    return data


def _membership(world: World, person: Person, chat_id: int, *, old: str, new: str) -> None:
    def member(status: str) -> JsonObject:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": world.bot, "status": status, **until}

    world.announce("people", {})
    world.push(
        "my_chat_member",
        {
            "chat": world.chat(chat_id),
            "from": person.user(),
            "date": world.date(),
            "old_chat_member": member(old),
            "new_chat_member": member(new),
        },
    )

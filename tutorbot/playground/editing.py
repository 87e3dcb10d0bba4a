"""The methods that change or remove a message, or answer a pressed button."""

from datetime import timedelta
from typing import Any

from tutorbot.playground.keyboards import read_keyboard
from tutorbot.playground.params import Params
from tutorbot.playground.polls import as_shown
from tutorbot.playground.refusals import NOT_MODIFIED, QUERY_TOO_OLD, TOAST_LIMIT, bad_request
from tutorbot.playground.sending import (
    document,
    photo,
    read_caption,
    read_chat_id,
    read_rich_content,
    read_text,
)
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import QUERY_LIFE, World

_DELETABLE = timedelta(hours=48)
_BODY = ("text", "entities", "rich_message")
_CAPTION = ("caption", "caption_entities")
_CONTENT = (*_BODY, *_CAPTION, "photo", "document")
_COMPARED = (*_CONTENT, "reply_markup")
_REACTIONS = set(
    "👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝🤗🫡🎅🎄"
    "💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
) | {"❤", "❤️", "❤️‍🔥", "✍", "✍️", "☃", "☃️", "👨‍💻", "🤷‍♂", "🤷", "🤷‍♀"}


def edit_message_text(world: World, params: Params) -> JsonObject:
    message = _own(world, params)
    if "text" not in message and "rich_message" not in message:
        raise bad_request("there is no text in the message to edit")
    rich = params.mapping("rich_message") is not None
    content = read_rich_content(world, params) if rich else read_text(params)
    return _change(world, params, message, dropped=_BODY, content=content)


def edit_message_caption(world: World, params: Params) -> JsonObject:
    message = _own(world, params)
    if "photo" not in message and "document" not in message:
        raise bad_request("there is no caption in the message to edit")
    return _change(world, params, message, dropped=_CAPTION, content=read_caption(params))


def edit_message_reply_markup(world: World, params: Params) -> JsonObject:
    return _change(world, params, _own(world, params), dropped=(), content={})


def edit_message_media(world: World, params: Params) -> JsonObject:
    message = _own(world, params)
    if "photo" not in message and "document" not in message:
        raise bad_request("there is no media in the message to edit")
    media: dict[str, Any] = params.mapping("media") or {}
    kind = media.get("type")
    if kind not in {"photo", "document"}:
        raise bad_request("unsupported media type")
    inner = Params(values=media, uploads=params.uploads)
    made = photo(world, inner, "media") if kind == "photo" else document(world, inner, "media")
    dropped = ("photo", "document", *_CAPTION)
    content: JsonObject = {kind: made, **read_caption(inner)}
    return _change(world, params, message, dropped=dropped, content=content)


def delete_message(world: World, params: Params) -> bool:
    chat_id = read_chat_id(world, params)
    message = world.messages.get((chat_id, params.integer("message_id") or 0))
    if message is None:
        raise bad_request("message to delete not found")
    if chat_id < 0 and not message["from"]["is_bot"]:
        raise bad_request("message can't be deleted")
    if world.date() - message["date"] > _DELETABLE.total_seconds():
        raise bad_request("message can't be deleted for everyone")
    world.remove(chat_id, message["message_id"])
    return True


def delete_messages(world: World, params: Params) -> bool:
    chat_id = read_chat_id(world, params)
    for message_id in params.array("message_ids") or []:
        message = world.messages.get((chat_id, message_id))
        if message and (chat_id > 0 or message["from"]["is_bot"]):
            world.remove(chat_id, message_id)
    return True


def edit_ephemeral_text(world: World, params: Params) -> bool:
    rich = params.mapping("rich_message") is not None
    content = read_rich_content(world, params) if rich else read_text(params)
    _change(world, params, _ephemeral(world, params), dropped=_BODY, content=content)
    return True


def edit_ephemeral_reply_markup(world: World, params: Params) -> bool:
    _change(world, params, _ephemeral(world, params), dropped=(), content={})
    return True


def delete_ephemeral(world: World, params: Params) -> bool:
    message = _ephemeral(world, params)
    world.remove(message["chat"]["id"], -message["ephemeral_message_id"])
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    query = world.queries.get(params.text("callback_query_id") or "")
    if query is None or query.answered or world.clock() - query.at > timedelta(seconds=QUERY_LIFE):
        raise bad_request(QUERY_TOO_OLD)
    text = params.text("text") or ""
    if len(text) > TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answered = True
    world.show(
        "toast",
        {
            "chat_id": query.chat_id,
            "person_id": query.person_id,
            "query_id": query.id,
            "text": text,
            "alert": params.flag("show_alert"),
        },
        person_id=query.person_id,
    )
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    chat_id = read_chat_id(world, params)
    world.open_chat(chat_id)
    place = (chat_id, params.integer("message_id") or 0)
    if place not in world.messages:
        raise bad_request("message to react not found")
    reaction = params.array("reaction") or []
    if len(reaction) > 1 or any(
        one.get("type") != "emoji" or one.get("emoji") not in _REACTIONS for one in reaction
    ):
        raise bad_request("REACTION_INVALID")
    world.reactions.setdefault(place, {})[world.bot["id"]] = reaction
    world.show(
        "reaction",
        {"chat_id": chat_id, "message_id": place[1], "by": world.bot["id"], "reaction": reaction},
    )
    return True


def _own(world: World, params: Params) -> JsonObject:
    """The message to edit, if it is there and the bot's own."""
    chat_id = read_chat_id(world, params)
    world.open_chat(chat_id)
    message_id = params.integer("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    message = world.messages.get((chat_id, message_id))
    if message is None or message_id <= 0:
        raise bad_request("message to edit not found")
    if not message["from"]["is_bot"]:
        raise bad_request("message can't be edited")
    return message


def _ephemeral(world: World, params: Params) -> JsonObject:
    chat_id = read_chat_id(world, params)
    message = world.messages.get((chat_id, -(params.integer("ephemeral_message_id") or 0)))
    if message is None or message["receiver_user"]["id"] != params.integer("receiver_user_id"):
        raise bad_request("message to edit not found")
    return message


def _change(
    world: World,
    params: Params,
    message: JsonObject,
    *,
    dropped: tuple[str, ...],
    content: JsonObject,
) -> JsonObject:
    """Without ``reply_markup`` the keyboard goes, as on Telegram."""
    gone = {*dropped, "reply_markup"}
    changed = {name: value for name, value in message.items() if name not in gone} | content
    if "poll" in message:  # whose time may be up by now
        changed["poll"] = as_shown(world, world.polls[message["poll"]["id"]])
    keyboard = read_keyboard(params)
    if keyboard:
        changed["reply_markup"] = keyboard
    if all(changed.get(name) == message.get(name) for name in _COMPARED):
        raise bad_request(NOT_MODIFIED)
    only_keyboard = all(changed.get(name) == message.get(name) for name in _CONTENT)
    if only_keyboard and (message.get("edit_hide") or "edit_date" not in message):
        changed["edit_hide"] = True  # TDLib's name: apps do not call such a message edited
    else:
        changed.pop("edit_hide", None)
    changed["edit_date"] = world.date()
    return world.replace(changed)

"""The methods that put a new message into a chat."""

from datetime import timedelta
from typing import Any

from tutorbot.playground.entities import Formatted, read_formatted
from tutorbot.playground.keyboards import read_keyboard
from tutorbot.playground.params import Params
from tutorbot.playground.pictures import measure
from tutorbot.playground.polls import as_shown, new_poll
from tutorbot.playground.refusals import CAPTION_LIMIT, TEXT_LIMIT, bad_request
from tutorbot.playground.rich import read_rich
from tutorbot.playground.wire import JsonObject, units
from tutorbot.playground.world import EPHEMERAL_WINDOW, StoredFile, World


def send_message(world: World, params: Params) -> JsonObject:
    return _send(world, params, read_text(params))


def send_rich_message(world: World, params: Params) -> JsonObject:
    return _send(world, params, read_rich_content(world, params))


def send_photo(world: World, params: Params) -> JsonObject:
    return _send(world, params, {"photo": photo(world, params, "photo"), **read_caption(params)})


def send_document(world: World, params: Params) -> JsonObject:
    return _send(
        world, params, {"document": document(world, params, "document"), **read_caption(params)}
    )


def send_poll(world: World, params: Params) -> JsonObject:
    poll = new_poll(world, params)
    message = _send(world, params, {"poll": as_shown(world, poll)})
    poll.chat_id, poll.message_id = message["chat"]["id"], message["message_id"]
    world.polls[poll.wire["id"]] = poll
    return message


def send_chat_action(world: World, params: Params) -> bool:
    chat_id = read_chat_id(world, params)
    world.open_chat(chat_id)
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.show("typing", {"chat_id": chat_id, "action": action})
    return True


def read_chat_id(world: World, params: Params) -> int:
    given = params.text("chat_id")
    if not given:
        raise bad_request("chat_id is empty")
    if given.startswith("@"):
        for person in world.people.values():
            if person.user()["username"] == given[1:].lower():
                return person.id
        raise bad_request("chat not found")
    try:
        chat_id = int(given)
    except ValueError as broken:
        raise bad_request("chat not found") from broken
    world.chat(chat_id)
    return chat_id


def read_text(params: Params) -> JsonObject:
    made = read_formatted(params, "text")
    if not made.text:
        raise bad_request("message text is empty")
    if units(made.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return _with_entities("text", "entities", made)


def read_caption(params: Params) -> JsonObject:
    made = read_formatted(params, "caption", entities_name="caption_entities")
    if units(made.text) > CAPTION_LIMIT:
        raise bad_request("MEDIA_CAPTION_TOO_LONG")
    return _with_entities("caption", "caption_entities", made) if made.text else {}


def read_rich_content(world: World, params: Params) -> JsonObject:
    given = params.mapping("rich_message")
    if given is None:
        raise bad_request("RICH_MESSAGE_CONTENT_REQUIRED")
    read = read_rich(given)
    world.flags += read.flags
    return {"rich_message": read.wire}


def photo(world: World, params: Params, source: str) -> list[JsonObject]:
    """Telegram's list of sizes, from an upload or a file that it knows; here one size."""
    stored = _file(world, params, source, kind="photo", folder="photos")
    width, height = measure(stored.content)
    return [
        {
            "file_id": stored.id,
            "file_unique_id": stored.id[4:16],
            "width": width,
            "height": height,
            "file_size": len(stored.content),
        }
    ]


def document(world: World, params: Params, source: str) -> JsonObject:
    stored = _file(world, params, source, kind="document", folder="documents")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.id[4:16],
        "file_name": stored.name,
        "mime_type": stored.mime,
        "file_size": len(stored.content),
    }


def _file(world: World, params: Params, source: str, *, kind: str, folder: str) -> StoredFile:
    """``source`` names an upload, or is a parameter with a file id or ``attach://name``."""
    named = source if source in params.uploads else params.text(source) or ""
    if named.startswith("attach://"):
        named = named.removeprefix("attach://")
        if named not in params.uploads:
            raise bad_request(f"there is no {kind} in the request")
    if upload := params.uploads.get(named):
        if not upload.content:
            raise bad_request("file must be non-empty")
        return world.store_file(upload.content, name=upload.name, mime=upload.mime, folder=folder)
    if not named:
        raise bad_request(f"there is no {kind} in the request")
    if named.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if named not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.files[named]


def _send(world: World, params: Params, content: JsonObject) -> JsonObject:
    chat_id = read_chat_id(world, params)
    chat = world.open_chat(chat_id)
    keyboard = read_keyboard(params)
    quoted = _quoted(world, params, chat_id)
    receiver = _receiver(world, params, chat_id)
    thread = _thread(world, params, chat_id)
    message: JsonObject = {
        "message_id": 0 if receiver else world.new_message_id(chat_id),
        "from": world.bot,
        "chat": chat,
        "date": world.date(),
        **content,
    }
    if receiver:
        message |= {"ephemeral_message_id": world.new_number(), "receiver_user": receiver}
    if thread:
        message |= {"message_thread_id": thread, "is_topic_message": True}
    if quoted:
        message["reply_to_message"] = quoted
    if keyboard:
        message["reply_markup"] = keyboard
    return world.keep(message, person_id=receiver["id"] if receiver else None)


def _quoted(world: World, params: Params, chat_id: int) -> JsonObject | None:
    reply: dict[str, Any] = params.mapping("reply_parameters") or {}
    message_id = reply.get("message_id", params.integer("reply_to_message_id"))
    if message_id is None:
        return None
    found = world.messages.get((chat_id, int(message_id)))
    if found is None:
        loose = reply.get("allow_sending_without_reply") or params.flag(
            "allow_sending_without_reply"
        )
        if loose:
            return None
        raise bad_request("message to be replied not found")
    return {name: value for name, value in found.items() if name != "reply_to_message"}


def _receiver(world: World, params: Params, chat_id: int) -> JsonObject | None:
    """The one member who will see an ephemeral message.

    A bot that is no admin must name what the member did, at most 15 seconds ago.
    """
    asked = params.mapping("ephemeral_message_parameters")
    if asked is None or not world.ephemeral:
        return None
    group = world.groups.get(chat_id)
    person = world.people.get(int(asked.get("receiver_user_id", 0)))
    if group is None or person is None or person.id not in group.members:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if "callback_query_id" in asked:
        query = world.queries.get(str(asked["callback_query_id"]))
        if (
            query is None
            or query.person_id != person.id
            or world.clock() - query.at > timedelta(seconds=EPHEMERAL_WINDOW)
        ):
            raise bad_request("QUERY_ID_INVALID")
    return person.user()


def _thread(world: World, params: Params, chat_id: int) -> int | None:
    """The topic of a forum that a message goes to."""
    thread = params.integer("message_thread_id")
    group = world.groups.get(chat_id)
    if thread and (group is None or thread not in group.topics):
        raise bad_request("message thread not found")
    return thread


def _with_entities(name: str, entities_name: str, made: Formatted) -> JsonObject:
    entities = {entities_name: list(made.entities)} if made.entities else {}
    return {name: made.text, **entities}


_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip

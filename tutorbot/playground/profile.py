"""What the bot says of itself and asks of chats: names, commands, members, files."""

import json
import re

from tutorbot.playground.params import Params
from tutorbot.playground.refusals import Refusal, bad_request
from tutorbot.playground.sending import read_chat_id
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MOST_COMMANDS = 100
_COMMAND_LIMIT = 256
_PROFILE_LIMITS = {"name": 64, "description": 512, "short_description": 120}


def get_me(world: World, _params: Params) -> JsonObject:
    return world.bot


def set_my_commands(world: World, params: Params) -> bool:
    commands = params.array("commands") or []
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= _COMMAND_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(params)] = commands
    world.announce("commands", {})
    return True


def get_my_commands(world: World, params: Params) -> list[JsonObject]:
    return world.commands.get(_scope(params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    world.commands.pop(_scope(params), None)
    world.announce("commands", {})
    return True


def commands_in(world: World, chat_id: int, language: str) -> list[JsonObject]:
    """What the command menu of a chat shows: the narrowest scope, in the language if there is."""
    kind = "all_group_chats" if chat_id < 0 else "all_private_chats"
    scopes: list[JsonObject] = [
        {"chat_id": chat_id, "type": "chat"}, {"type": kind}, {"type": "default"},
    ]  # fmt: skip
    for scope in scopes:
        for spoken in (language, ""):
            if found := world.commands.get(_scope_key(scope, spoken)):
                return found
    return []


def set_my_name(world: World, params: Params) -> bool:
    return _set_profile(world, params, "name")


def set_my_description(world: World, params: Params) -> bool:
    return _set_profile(world, params, "description")


def set_my_short_description(world: World, params: Params) -> bool:
    return _set_profile(world, params, "short_description")


def get_my_name(world: World, params: Params) -> JsonObject:
    return _get_profile(world, params, "name")


def get_my_description(world: World, params: Params) -> JsonObject:
    return _get_profile(world, params, "description")


def get_my_short_description(world: World, params: Params) -> JsonObject:
    return _get_profile(world, params, "short_description")


def set_chat_menu_button(world: World, params: Params) -> bool:
    chat = params.text("chat_id") or ""
    world.menu_buttons[chat] = params.mapping("menu_button") or {"type": "default"}
    return True


def get_chat_menu_button(world: World, params: Params) -> JsonObject:
    chat = params.text("chat_id") or ""
    return world.menu_buttons.get(chat) or world.menu_buttons.get("") or {"type": "commands"}


def get_chat(world: World, params: Params) -> JsonObject:
    chat_id = read_chat_id(world, params)
    return world.chat(chat_id) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


def get_chat_member(world: World, params: Params) -> JsonObject:
    chat_id = read_chat_id(world, params)
    user_id = params.integer("user_id") or 0
    if user_id == world.bot["id"]:
        return {"status": "member", "user": world.bot}
    person = world.people.get(user_id)
    group = world.groups.get(chat_id)
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if group is None:
        return {"status": "member", "user": person.user()}
    if person.id not in group.members:
        return {"status": "left", "user": person.user()}
    if group.members[0] == person.id:
        return {"status": "creator", "user": person.user(), "is_anonymous": False}
    return {"status": "member", "user": person.user()}


def get_chat_member_count(world: World, params: Params) -> int:
    group = world.groups.get(read_chat_id(world, params))
    return len(group.members) + 1 if group else 2


def get_file(world: World, params: Params) -> JsonObject:
    stored = world.files.get(params.text("file_id") or "")
    if stored is None:
        raise bad_request("invalid file_id")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.id[4:16],
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


def log_out(_world: World, _params: Params) -> bool:
    return True


def close(_world: World, _params: Params) -> bool:
    return True


def unknown(_world: World, _params: Params) -> bool:
    raise Refusal(404, "Not Found")


def _set_profile(world: World, params: Params, name: str) -> bool:
    text = params.text(name) or ""
    if len(text) > _PROFILE_LIMITS[name]:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    language = params.text("language_code") or ""
    world.profile[f"{name}:{language}"] = text
    if name == "name" and text and not language:
        world.bot["first_name"] = text
    world.announce("people", {})
    return True


def _get_profile(world: World, params: Params, name: str) -> JsonObject:
    spoken = world.profile.get(f"{name}:{params.text('language_code') or ''}")
    general = world.profile.get(f"{name}:") or (world.bot["first_name"] if name == "name" else "")
    return {name: spoken or general}


def _scope(params: Params) -> str:
    scope = params.mapping("scope") or {"type": "default"}
    return _scope_key(scope, params.text("language_code") or "")


def _scope_key(scope: JsonObject, language: str) -> str:
    return json.dumps([scope, language], sort_keys=True)

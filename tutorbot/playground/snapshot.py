"""The world on disk, so that a second start shows the conversation of the first.

Written a moment after each change, whole and by renaming, so that a crash leaves the one before.
What was uploaded never changes, so each file is written once, beside it.
"""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Group, Person, Poll, StoredFile, World

_PAUSE = 0.3  # seconds between two writings
_GAP = 1000  # ids skipped at a start: those that a crash may have kept from being written
_VERSION = 1


class Keeper:
    """Writes the world down whenever it has changed."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._stored: set[str] = set()
        self._written = ""

    async def run(self) -> None:
        while True:
            await self._world.pulse.wait(3600)
            await asyncio.sleep(_PAUSE)
            self.save()

    def save(self) -> None:
        now = json.dumps(_dump(self._world))
        if now == self._written:
            return
        folder = _folder(self._path)
        folder.mkdir(parents=True, exist_ok=True)
        for file_id in self._world.files.keys() - self._stored:
            (folder / file_id).write_bytes(self._world.files[file_id].content)
            self._stored.add(file_id)
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text(now, encoding="utf-8")
        fresh.replace(self._path)
        self._written = now


def load(world: World, path: Path) -> None:
    """Bring back what `Keeper` wrote; nothing happens when there is no file to read."""
    try:
        kept: JsonObject = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return
    if kept.get("version") != _VERSION:
        return
    world.bot |= kept["bot"]
    world.people = {one["id"]: Person(**one) for one in kept["people"]}
    world.groups = {one["id"]: Group(**one) for one in kept["groups"]}
    world.messages = {(chat, message): wire for chat, message, wire in kept["messages"]}
    world.reactions = {
        (chat, message): {int(by): reaction for by, reaction in made.items()}
        for chat, message, made in kept["reactions"]
    }
    world.files = {
        one["id"]: StoredFile(**one, content=(_folder(path) / one["id"]).read_bytes())
        for one in kept["files"]
    }
    world.polls = {
        one["wire"]["id"]: Poll(
            wire=one["wire"],
            chat_id=one["chat_id"],
            message_id=one["message_id"],
            right=tuple(one["right"]),
            votes={int(voter): choice for voter, choice in one["votes"].items()},
        )
        for one in kept["polls"]
    }
    world.updates = kept["updates"]
    world.commands = kept["commands"]
    world.profile = kept["profile"]
    world.next_update_id = kept["next_update_id"] + _GAP
    world.next_message_ids = {int(k): v + _GAP for k, v in kept["next_message_ids"].items()}
    world.next_number = kept["next_number"] + _GAP


def _folder(path: Path) -> Path:
    return path.with_name(path.name + ".files")


def _dump(world: World) -> JsonObject:
    return {
        "version": _VERSION,
        "bot": world.bot,
        "people": [asdict(one) for one in world.people.values()],
        "groups": [asdict(one) for one in world.groups.values()],
        "messages": [[*place, wire] for place, wire in world.messages.items()],
        "reactions": [[*place, made] for place, made in world.reactions.items()],
        "files": [
            {"id": one.id, "path": one.path, "name": one.name, "mime": one.mime}
            for one in world.files.values()
        ],
        "polls": [asdict(one) for one in world.polls.values()],
        "updates": world.updates,
        "commands": world.commands,
        "profile": world.profile,
        "next_update_id": world.next_update_id,
        "next_message_ids": world.next_message_ids,
        "next_number": world.next_number,
    }

"""The world on disk, so that a second start shows the conversation of the first.

Written a moment after each change, whole and by renaming, so that a crash leaves the one before.
What was uploaded never changes, so each file is written once, beside it.
"""

import asyncio
import itertools
import json
from dataclasses import asdict
from pathlib import Path

import structlog

from tutorbot.playground.pending import Pending
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Group, Person, Poll, StoredFile, World

_PAUSE = 0.3  # seconds between two writings
_GAP = 1000  # ids skipped at a start: those that a crash may have kept from being written
_VERSION = 1

log = structlog.stdlib.get_logger()


class Keeper:
    """Writes the world down whenever it has changed."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._stored: set[str] = set()
        self._written = ""
        self._hindered: int | None = None

    async def run(self) -> None:
        while True:
            await self._world.pulse.wait(3600)
            await asyncio.sleep(_PAUSE)
            self.save()

    def save(self) -> None:
        """Write it down if it has changed; what hinders that is told, and ends no chat."""
        try:
            self._save()
        except OSError as error:
            if error.errno != self._hindered:  # once for each trouble, not for each try
                log.warning("playground.not_kept", file=error.filename, error=error.strerror)
            self._hindered = error.errno
        else:
            self._hindered = None

    def _save(self) -> None:
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
    """Bring back what `Keeper` wrote; nothing happens when there is no file to read.

    A file that cannot be read whole is put aside with what belongs to it, and the world stays new.
    """
    if not path.exists():
        return
    try:
        _restore(world, json.loads(path.read_text(encoding="utf-8")), _folder(path))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        aside = next(
            each
            for number in itertools.count(1)
            if not (each := path.with_name(f"{path.name}.damaged-{number}")).exists()
        )
        path.replace(aside)
        if _folder(path).exists():
            _folder(path).replace(_folder(aside))
        log.warning("playground.damaged", kept_as=str(aside), error=type(error).__name__)


def _restore(world: World, kept: JsonObject, folder: Path) -> None:
    """All of it is read before any of it is set."""
    if kept["version"] != _VERSION:
        raise ValueError("of another version")
    restored: JsonObject = {
        "bot": world.bot | kept["bot"],
        "people": {one["id"]: Person(**one) for one in kept["people"]},
        "groups": {one["id"]: Group(**one) for one in kept["groups"]},
        "messages": {(chat, message): wire for chat, message, wire in kept["messages"]},
        "reactions": {
            (chat, message): {int(by): reaction for by, reaction in made.items()}
            for chat, message, made in kept["reactions"]
        },
        "files": {
            one["id"]: StoredFile(**one, content=(folder / one["id"]).read_bytes())
            for one in kept["files"]
        },
        "polls": {
            one["wire"]["id"]: Poll(
                wire=one["wire"],
                chat_id=one["chat_id"],
                message_id=one["message_id"],
                right=tuple(one["right"]),
                votes={int(voter): choice for voter, choice in one["votes"].items()},
            )
            for one in kept["polls"]
        },
        "updates": Pending(kept["updates"]),
        "commands": kept["commands"],
        "profile": kept["profile"],
        "next_update_id": kept["next_update_id"] + _GAP,
        "next_message_ids": {int(k): v + _GAP for k, v in kept["next_message_ids"].items()},
        "next_number": kept["next_number"] + _GAP,
    }
    for name, value in restored.items():
        setattr(world, name, value)


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
        "updates": list(world.updates),
        "commands": world.commands,
        "profile": world.profile,
        "next_update_id": world.next_update_id,
        "next_message_ids": world.next_message_ids,
        "next_number": world.next_number,
    }

"""A learner of the ordeal: does what the script says, and waits for what must come of it."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.ordeal.script import Act, Burst, Press, Script, Sticker, Take, Write
from tutorbot.playground import acts
from tutorbot.playground.people import words
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Person, Query, World


@dataclass(kw_only=True)
class Chat:
    """What a learner sees: the messages as they stand, and each as it first came."""

    person: Person
    messages: dict[int, JsonObject] = field(default_factory=dict[int, JsonObject])
    came: list[JsonObject] = field(default_factory=list[JsonObject])  # the bot's, in order
    queries: list[Query] = field(default_factory=list[Query])
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, kind: str, message: JsonObject) -> None:
        if kind in {"message", "edit"}:
            self.messages[message["message_id"]] = message
            if kind == "message" and message["from"]["is_bot"]:
                self.came.append(message)
        elif kind == "delete":
            self.messages.pop(message["message_id"], None)
        self.changed.set()

    async def until(self, done: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not done():
            self.changed.clear()
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    await self.changed.wait()
            except TimeoutError:
                return done()
        return True


class Chats:
    """All of them; told by the world what happens, each only what concerns it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chats: dict[int, Chat] = {}
        world.listen(self._hear)

    def open(self, name: str) -> Chat:
        person = self._world.add_person(name, "en")
        chat = Chat(person=person)
        self._chats[person.id] = chat
        return chat

    def _hear(self, kind: str, data: JsonObject) -> None:
        if kind in {"message", "edit", "delete"} and (chat := self._chats.get(data["chat"]["id"])):
            chat.hear(kind, data)


@dataclass(kw_only=True)
class Pupil:
    script: Script
    chat: Chat
    waits: list[float] = field(default_factory=list[float])  # seconds for each awaited reply
    updates: int = 0
    stuck: str = ""  # what did not come

    async def live(self, world: World, patience: float) -> None:
        for burst in self.script.bursts:
            await asyncio.sleep(burst.pause)
            if not await self._do(world, burst, patience):
                self.stuck = f"after {burst.acts}, there was no {burst.heard or burst.ticked}"
                return

    async def _do(self, world: World, burst: Burst, patience: float) -> bool:
        chat, before = self.chat, len(self.chat.came)
        for act in burst.acts:
            self._act(world, act)
            self.updates += 1
        began = time.monotonic()
        if burst.heard:
            there = await chat.until(lambda: _in_order(burst.heard, chat.came[before:]), patience)
        elif burst.ticked is not None:
            wanted = burst.ticked
            there = await chat.until(lambda: self._ticked(burst) == wanted, patience)
        else:
            return True
        self.waits.append(time.monotonic() - began)
        return there

    def _act(self, world: World, act: Act) -> None:
        person = self.chat.person
        match act:
            case Write(text=text):
                acts.say(world, person, person.id, text)
            case Sticker():
                acts.send_sticker(world, person, person.id)
            case Press(label=label):
                message, data = next(self._buttons(label))
                self.chat.queries.append(acts.press(world, person, message, data))
            case Take(by_letter=True):
                message = self._asked(act.question)
                acts.say(world, person, person.id, _letter(message, act.words))
            case Take(stale=stale):
                message = self._asked(act.question)
                shown = next(each for each in self.chat.came if same(each, message))
                message = shown if stale else message
                data = _under(message, _letter(message, act.words)) or _under(
                    shown, _letter(message, act.words)
                )
                assert data is not None
                self.chat.queries.append(acts.press(world, person, message, data))

    def _buttons(self, label: str) -> Iterator[tuple[JsonObject, str]]:
        """All that begin so, those of the newest message first."""
        for message in reversed(self.chat.messages.values()):
            for button in buttons(message):
                if "callback_data" in button and button["text"].startswith(label):
                    yield message, button["callback_data"]

    def _asked(self, question: str) -> JsonObject:
        begin = question.split("$", maxsplit=1)[0].strip()
        newest = reversed(self.chat.messages.values())
        return next(each for each in newest if begin in words(each))

    def _ticked(self, burst: Burst) -> frozenset[str]:
        take = next(each for each in burst.acts if isinstance(each, Take))
        message = self._asked(take.question)
        on = {each["text"][-1] for each in buttons(message) if each["text"].startswith("☑")}
        lines = words(message).splitlines()
        return frozenset(line[1:].strip(" .)·") for line in lines if line[:1] in on)


def same(one: JsonObject, other: JsonObject | None) -> bool:
    return other is not None and one["message_id"] == other["message_id"]


def buttons(message: JsonObject) -> list[JsonObject]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _letter(message: JsonObject, option: str) -> str:
    return next(line[0] for line in words(message).splitlines() if line.endswith(option))


def _under(message: JsonObject, letter: str) -> str | None:
    for button in buttons(message):
        if button["text"].endswith(letter) and "callback_data" in button:
            return button["callback_data"]
    return None


def _in_order(wanted: Iterable[tuple[str, ...]], came: list[JsonObject]) -> bool:
    left = iter(came)
    return all(any(fits(each, message) for message in left) for each in wanted)


def fits(wanted: tuple[str, ...], message: JsonObject) -> bool:
    text = words(message)
    return all(each in text for each in wanted)

"""People for tests: a test drives them, and it reads like a conversation.

ada = playground.person(name="Ada")
await ada.says("/start")
(hello,) = await ada.hears()
await ada.presses("Begin")
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from tutorbot.playground import acts
from tutorbot.playground.rich import plain
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import BOT_NAME, Group, Moment, Person, Query, World

PATIENCE = 60.0  # seconds; what comes sooner is not waited for, and a machine may be slow

_START_LINK = re.compile(rf"https://t\.me/{BOT_NAME}\?start=(?P<payload>[A-Za-z0-9_-]{{1,64}})")


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """One message as it stood when it was seen."""

    wire: JsonObject
    photo: bytes | None = None
    document: bytes | None = None

    @property
    def id(self) -> int:
        return self.wire["message_id"]

    @property
    def text(self) -> str:
        """The words in it: text, caption, a poll's question, or a rich message as plain text."""
        return words(self.wire)

    @property
    def rich(self) -> JsonObject | None:
        return self.wire.get("rich_message")

    @property
    def buttons(self) -> tuple[str, ...]:
        """All labels in reading order, those that can't be pressed included."""
        return tuple(button["text"] for button in _buttons(self.wire))

    @property
    def enabled(self) -> tuple[str, ...]:
        """The labels of the buttons that can be pressed."""
        return tuple(b["text"] for b in _buttons(self.wire) if "callback_data" in b)

    @property
    def entities(self) -> list[JsonObject]:
        return self.wire.get("entities", self.wire.get("caption_entities", []))

    @property
    def by_bot(self) -> bool:
        return self.wire["from"]["is_bot"]

    @property
    def edited(self) -> bool:
        return "edit_date" in self.wire


@dataclass(frozen=True, kw_only=True)
class Toast:
    """The answer to a pressed button; empty text when it only stops the spinner."""

    text: str
    alert: bool


class Actor:
    """A person in one chat: alone with the bot, or `inside` a group."""

    def __init__(
        self,
        world: World,
        person: Person,
        chat_id: int,
        *,
        topic: int | None = None,
        anonymous: bool = False,
    ) -> None:
        self._topic = topic
        self._anonymous = anonymous
        self._world = world
        self._person = person
        self._chat_id = chat_id
        self._mark = world.moments_seen  # what the bot did since then is news
        self._pressed = len(world.queries)  # by anybody, before the last action

    @property
    def id(self) -> int:
        return self._person.id

    @property
    def person(self) -> Person:
        return self._person

    @property
    def chat_id(self) -> int:
        return self._chat_id

    def inside(self, group: Group, *, topic: int | None = None, anonymous: bool = False) -> "Actor":
        """The same person, in a group that they are a member of.

        In a forum they write in a ``topic``; an admin may write ``anonymous``, as the group.
        """
        return Actor(self._world, self._person, group.id, topic=topic, anonymous=anonymous)

    @property
    def alone(self) -> "Actor":
        """The same person, in the private chat with the bot."""
        return Actor(self._world, self._person, self._person.id)

    # Doing

    async def says(self, text: str, *, reply_to: Bubble | None = None) -> Bubble:
        self._begin()
        quoted = reply_to.id if reply_to else None
        said = acts.say(
            self._world,
            self._person,
            self._chat_id,
            text,
            reply_to=quoted,
            topic=self._topic,
            anonymous=self._anonymous,
        )
        return Bubble(wire=said)

    async def starts(self, payload: str = "") -> Bubble:
        """Open the bot, perhaps by a deep link."""
        return await self.says(f"/start {payload}".strip())

    async def presses(self, label: str) -> Query:
        """Press the button on the newest message that has it; part of a label is enough."""
        for exact in (True, False):
            for bubble in reversed(self.messages()):
                if data := _data(bubble.wire, label, exact=exact):
                    return self._press(bubble, data)
        raise self._failure(f"no message has a button {label!r} that can be pressed")

    async def presses_on(self, bubble: Bubble, label: str) -> Query:
        """Press a button as it was on ``bubble``, though the message may have changed since."""
        data = _data(bubble.wire, label, exact=True) or _data(bubble.wire, label, exact=False)
        if data is None:
            raise self._failure(f"that message has no button {label!r} that can be pressed")
        return self._press(bubble, data)

    async def follows(self, label: str) -> "Actor":
        """Follow a link to the private chat, and begin there as it says."""
        for bubble in reversed(self.messages()):
            for button in _buttons(bubble.wire):
                if button["text"] == label and (link := _START_LINK.fullmatch(button["url"])):
                    alone = self.alone
                    await alone.starts(link["payload"])
                    return alone
        raise self._failure(f"no message has a link {label!r} to the private chat")

    async def removes_bot(self) -> None:
        self._begin()
        acts.remove_bot(self._world, self._person, self._chat_id)

    async def adds_bot(self) -> None:
        self._begin()
        acts.add_bot(self._world, self._person, self._chat_id)

    async def removes(self, other: "Actor") -> None:
        """Put somebody out of the group, or leave it."""
        self._begin()
        acts.remove_member(self._world, self._person, other.person, self._chat_id)

    async def adds(self, other: "Actor") -> None:
        self._begin()
        acts.add_member(self._world, self._person, other.person, self._chat_id)

    async def makes_supergroup(self) -> Group:
        self._begin()
        return acts.migrate(self._world, self._person, self._chat_id)

    async def sends_sticker(self, emoji: str = "👍") -> Bubble:
        self._begin()
        return Bubble(wire=acts.send_sticker(self._world, self._person, self._chat_id, emoji))

    async def sends_voice(self, seconds: int = 3) -> Bubble:
        self._begin()
        return Bubble(wire=acts.send_voice(self._world, self._person, self._chat_id, seconds))

    async def sends_document(
        self, content: bytes, *, name: str = "notes.txt", mime: str = "text/plain"
    ) -> Bubble:
        self._begin()
        return Bubble(
            wire=acts.send_document(
                self._world, self._person, self._chat_id, content, name=name, mime=mime
            )
        )

    async def sends_location(self, latitude: float, longitude: float) -> Bubble:
        self._begin()
        return Bubble(
            wire=acts.send_location(self._world, self._person, self._chat_id, latitude, longitude)
        )

    async def sends_rich(self, *blocks: JsonObject) -> Bubble:
        """Answer with a rich message, as Premium people can."""
        self._begin()
        return Bubble(wire=acts.send_rich(self._world, self._person, self._chat_id, [*blocks]))

    async def edits(self, bubble: Bubble, text: str) -> Bubble:
        self._begin()
        return Bubble(wire=acts.edit(self._world, self._person, self._chat_id, bubble.id, text))

    async def votes(self, bubble: Bubble, *options: int) -> None:
        self._begin()
        acts.vote(self._world, self._person, bubble.wire["poll"]["id"], options)

    async def reacts(self, bubble: Bubble, emoji: str | None) -> None:
        self._begin()
        acts.react(self._world, self._person, self._chat_id, bubble.id, emoji)

    async def blocks(self) -> None:
        self._begin()
        acts.block(self._world, self._person)

    async def unblocks(self) -> None:
        self._begin()
        acts.unblock(self._world, self._person)

    # Seeing

    def messages(self) -> list[Bubble]:
        """What stands in the chat for this person, oldest first, own messages included."""
        return [
            self._bubble(wire)
            for wire in self._world.history(self._chat_id)
            if wire.get("receiver_user", {}).get("id", self._person.id) == self._person.id
        ]

    def last(self) -> Bubble:
        """The newest message of the bot."""
        for bubble in reversed(self.messages()):
            if bubble.by_bot:
                return bubble
        raise self._failure("the bot has said nothing")

    def toasts(self) -> list[Toast]:
        """Answers to buttons pressed since the last action."""
        answers = self._answers()
        return [answers[query] for query in self._presses() if query in answers]

    def reactions(self, bubble: Bubble) -> tuple[str, ...]:
        """What the bot put under a message."""
        found = self._world.reactions.get((self._chat_id, bubble.id), {})
        return tuple(one["emoji"] for one in found.get(self._world.bot["id"], []))

    # Waiting

    async def hears(
        self,
        what: int | Callable[[Bubble], bool] = 1,
        *,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - a test says how long it waits
    ) -> list[Bubble]:
        """Wait for so many messages and edits of the bot since the last action, or for one such.

        Gives back all of them as they stood when they came; fails saying what was seen.
        """

        def news() -> list[Bubble]:
            return [
                self._bubble(moment.message)
                for moment in self._news("message", "edit")
                if moment.message["from"]["is_bot"]
            ]

        def enough() -> bool:
            return any(map(what, news())) if callable(what) else len(news()) >= what

        if not await self._world.until(enough, timeout):
            wanted = "what was waited for" if callable(what) else f"{what} message(s)"
            raise self._failure(f"{wanted} did not come within {timeout:g} s")
        return news()

    async def sees_toast(self, *, timeout: float = PATIENCE) -> Toast:  # noqa: ASYNC109 - a test says how long it waits
        """Wait until the button pressed last is answered."""
        if not await self._world.until(self._is_answered, timeout):
            raise self._failure(f"the button was not answered within {timeout:g} s")
        return self.toasts()[-1]

    async def settles(self, *, quiet: float = 0.1, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - a test says how long it waits
        """Wait until the bot has taken all updates and made no call for ``quiet`` seconds."""
        world = self._world

        def idle() -> bool:
            return not world.updates and world.calls_under_way == 0

        async def calm() -> None:
            while True:
                await world.until(idle, timeout)
                made = world.calls_made
                await asyncio.sleep(quiet)
                if idle() and made == world.calls_made:
                    return

        try:
            await asyncio.wait_for(calm(), timeout)
        except TimeoutError:
            raise self._failure(
                f"the bot was not quiet within {timeout:g} s: {len(world.updates)} updates wait, "
                f"{world.calls_under_way} calls are under way"
            ) from None

    def transcript(self) -> str:
        """The chat as this person lived it, to read and to compare."""
        lines = [
            _line(moment)
            for moment in self._world.moments
            if moment.chat_id == self._chat_id
            and moment.person_id in {None, self._person.id}
            and moment.kind != "typing"
        ]
        return "\n".join(line for line in lines if line)

    # Helpers

    def _begin(self) -> None:
        self._mark = self._world.moments_seen
        self._pressed = len(self._world.queries)

    def _press(self, bubble: Bubble, data: str) -> Query:
        self._begin()
        return acts.press(self._world, self._person, bubble.wire, data)

    def _presses(self) -> list[str]:
        """The queries since the last action, in order."""
        since = islice(self._world.queries.values(), self._pressed, None)
        return [each.id for each in since if each.person_id == self._person.id]

    def _is_answered(self) -> bool:
        """Whether the button pressed last is."""
        presses = self._presses()
        return bool(presses) and presses[-1] in self._answers()

    def _answers(self) -> dict[str, Toast]:
        """What was answered to which query since the last action."""
        return {
            moment.message["query_id"]: Toast(
                text=moment.message["text"], alert=moment.message["alert"]
            )
            for moment in self._news("toast")
        }

    def _news(self, *kinds: str) -> list[Moment]:
        return [
            moment
            for moment in self._world.moments
            if moment.number > self._mark
            and moment.kind in kinds
            and moment.chat_id == self._chat_id
            and moment.person_id in {None, self._person.id}
        ]

    def _bubble(self, wire: JsonObject) -> Bubble:
        photo = wire.get("photo")
        document = wire.get("document")
        return Bubble(
            wire=wire,
            photo=self._content(photo[-1]) if photo else None,
            document=self._content(document) if document else None,
        )

    def _content(self, file: JsonObject) -> bytes:
        return self._world.files[file["file_id"]].content

    def _failure(self, what: str) -> AssertionError:
        return AssertionError(f"{what}; the chat so far:\n{self.transcript() or '(empty)'}")


def words(wire: JsonObject) -> str:
    if "rich_message" in wire:
        return plain(wire["rich_message"])
    if "poll" in wire:
        return wire["poll"]["question"]
    return wire.get("text", wire.get("caption", ""))


def _line(moment: Moment) -> str:
    said = moment.message
    match moment.kind:
        case "message" | "edit":
            how = " (edits)" if moment.kind == "edit" else ""
            return f"{said['from']['first_name']}{how}: {_told(said)}"
        case "press":
            return f"{said['name']} presses [{said['label']}]"
        case "toast":
            return f"({'alert' if said['alert'] else 'toast'}) {said['text']}" * bool(said["text"])
        case "delete":
            return f"(deleted) {_told(said)}"
        case "reaction":
            return "(reaction) " + " ".join(one["emoji"] for one in said["reaction"])
        case _:
            return ""


_SHOWN = ("photo", "document", "sticker", "voice", "location", "poll")


def _told(wire: JsonObject) -> str:
    parts = [f"<{name}>" for name in _SHOWN if name in wire]
    if text := words(wire):
        parts.append(text)
    for row in wire.get("reply_markup", {}).get("inline_keyboard", []):
        labels = (b["text"] if "disabled" not in b else f"~{b['text']}~" for b in row)
        parts.append("  " + " ".join(f"[{label}]" for label in labels))
    return "\n".join(parts)


def _buttons(wire: JsonObject) -> list[JsonObject]:
    rows = wire.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _data(wire: JsonObject, label: str, *, exact: bool) -> str | None:
    for button in _buttons(wire):
        fits = button["text"] == label if exact else label in button["text"]
        if fits and "callback_data" in button:
            return button["callback_data"]
    return None

"""Everything the playground knows: people, chats, messages, files, polls and pending updates.

Messages are kept as the JSON that Telegram would send. Private chats and basic groups share one run
of message ids and each supergroup has its own, as on Telegram, so a message id alone names nothing.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tutorbot.playground.faults import Faults
from tutorbot.playground.pending import Pending
from tutorbot.playground.refusals import bad_request, blocked, forbidden, migrated
from tutorbot.playground.wire import JsonObject, Pulse

BOT_ID = 7_000_000_042
BOT_NAME = "tutor_play_bot"
QUERY_LIFE = 150  # seconds in which a pressed button may be answered
EPHEMERAL_WINDOW = 15  # seconds after it in which only its presser may be shown a message
_QUIET_KINDS = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(kw_only=True)
class Person:
    id: int
    name: str
    language: str
    started: bool = False  # has ever written to the bot, which may not write first
    blocked: bool = False

    def user(self) -> JsonObject:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "username": self.name.lower(),
            "language_code": self.language,
        }


@dataclass(kw_only=True)
class Group:
    id: int
    title: str
    members: list[int]
    basic: bool = False  # until it becomes a supergroup, under another id
    moved_to: int | None = None  # the supergroup that it has become
    bot_removed: bool = False
    topics: list[int] = field(default_factory=list[int])  # of a forum


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    id: str
    path: str
    name: str
    mime: str
    content: bytes


@dataclass(kw_only=True)
class Poll:
    wire: JsonObject
    chat_id: int
    message_id: int
    right: tuple[int, ...] = ()
    votes: dict[int, list[int]] = field(default_factory=dict[int, list[int]])


@dataclass(kw_only=True)
class Query:
    """A pressed button that waits for its answer."""

    id: str
    person_id: int
    chat_id: int
    at: datetime
    answered: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the bot, for the panel and for tests."""

    number: int
    method: str
    params: JsonObject
    status: int
    error: str | None
    milliseconds: float
    flags: tuple[str, ...]
    caller: str = ""  # where each process of the bot has an address of its own
    made: int | None = None  # the message that it made or changed
    unheard: bool = False  # the caller got no answer


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that people in a chat notice, in the order in which it happened."""

    number: int
    kind: str  # message, edit, delete, toast, typing, reaction, press
    chat_id: int
    message: JsonObject  # as it stood then; for the other kinds what there is to say
    person_id: int | None = None  # the only one who notices, when not everybody does


Listener = Callable[[str, JsonObject], None]


class World:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.bot: JsonObject = {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Tutor",
            "username": BOT_NAME,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        # An ephemeral message stands under its negative id; on the wire its message_id is 0.
        self.messages: dict[tuple[int, int], JsonObject] = {}
        self.reactions: dict[tuple[int, int], dict[int, list[JsonObject]]] = {}
        self.files: dict[str, StoredFile] = {}
        self.polls: dict[str, Poll] = {}
        self.queries: dict[str, Query] = {}
        self.updates = Pending()
        self.allowed: list[str] | None = None  # None: all but the quiet kinds
        self.commands: dict[str, list[JsonObject]] = {}
        self.profile: dict[str, str] = {}  # "name:de" and the like
        self.menu_buttons: dict[str, JsonObject] = {}
        self.webhook: JsonObject | None = None
        self.ephemeral = True  # since Bot API 10.2; an older server passes over what it is asked
        self.faults = Faults()
        self.flags: list[str] = []  # raised by the call under way
        self.calls: deque[Call] = deque(maxlen=1000)
        self.moments: deque[Moment] = deque(maxlen=5000)
        self.moments_seen = 0
        self.pulse = Pulse()  # anything at all happened
        self.new_update = Pulse()
        self.closing = False  # waiting polls and streams end
        self.calls_under_way = 0
        self.calls_made = 0
        # Telegram starts at a random number too; so no two worlds share ids in one database.
        self.next_update_id = 1 + secrets.randbelow(1_000_000_000)
        self.next_message_ids: dict[int, int] = {}  # by supergroup; 0 for all others
        self.next_number = 1  # for files, polls, queries and ephemeral messages
        self._listeners: set[Listener] = set()
        self._overhearers: set[Callable[[Call], None]] = set()

    # People and chats

    def add_person(self, name: str, language: str) -> Person:
        """The person of that name; made when there is none."""
        for person in self.people.values():
            if person.name == name:
                return person
        person = Person(id=100_000_000 + secrets.randbelow(2**32), name=name, language=language)
        self.people[person.id] = person
        self.announce("people", {})
        return person

    def add_group(
        self, title: str, members: list[int], *, basic: bool = False, topics: Iterable[int] = ()
    ) -> Group:
        for group in self.groups.values():
            if group.title == title and group.moved_to is None:
                return group
        number = secrets.randbelow(2**31)
        group = Group(
            id=-1 - number if basic else -1_000_000_000_000 - number,
            title=title,
            members=members,
            basic=basic,
            topics=[*topics],
        )
        self.groups[group.id] = group
        self.announce("people", {})
        return group

    def chat(self, chat_id: int) -> JsonObject:
        if group := self.groups.get(chat_id):
            forum = {"is_forum": True} if group.topics else {}
            kind = "group" if group.basic else "supergroup"
            return {"id": group.id, "type": kind, "title": group.title, **forum}
        if person := self.people.get(chat_id):
            user = person.user()
            return {
                "id": person.id,
                "type": "private",
                "first_name": user["first_name"],
                "username": user["username"],
            }
        raise bad_request("chat not found")

    def chats(self) -> Iterator[JsonObject]:
        for chat_id in (*self.people, *self.groups):
            yield self.chat(chat_id)

    def open_chat(self, chat_id: int) -> JsonObject:
        """The chat, if the bot may write there."""
        chat = self.chat(chat_id)
        if person := self.people.get(chat_id):
            if person.blocked:
                raise blocked()
            if not person.started:
                raise forbidden("bot can't initiate conversation with a user")
        if group := self.groups.get(chat_id):
            if group.moved_to is not None:
                raise migrated(group.moved_to)
            if group.bot_removed:
                raise forbidden(f"bot was kicked from the {chat['type']} chat")
        return chat

    # Ids

    def new_message_id(self, chat_id: int) -> int:
        group = self.groups.get(chat_id)
        row = chat_id if group and not group.basic else 0
        made = self.next_message_ids.get(row, 1)
        self.next_message_ids[row] = made + 1
        return made

    def new_number(self) -> int:
        self.next_number += 1
        return self.next_number - 1

    def date(self) -> int:
        return int(self.clock().timestamp())

    # Messages and files

    def keep(self, message: JsonObject, *, person_id: int | None = None) -> JsonObject:
        """Put a new message into its chat and show it."""
        chat_id = message["chat"]["id"]
        self.messages[chat_id, key(message)] = message
        self.show("message", message, person_id=person_id)
        return message

    def replace(self, message: JsonObject) -> JsonObject:
        """Put a changed message in the place of the old one and show it."""
        chat_id = message["chat"]["id"]
        self.messages[chat_id, key(message)] = message
        receiver = message.get("receiver_user")
        self.show("edit", message, person_id=receiver["id"] if receiver else None)
        return message

    def remove(self, chat_id: int, message_id: int) -> None:
        gone = self.messages.pop((chat_id, message_id))
        self.reactions.pop((chat_id, message_id), None)
        self.show("delete", gone)

    def history(self, chat_id: int) -> list[JsonObject]:
        return [message for (chat, _), message in self.messages.items() if chat == chat_id]

    def store_file(self, content: bytes, *, name: str, mime: str, folder: str) -> StoredFile:
        number = self.new_number()
        ending = name.rpartition(".")[2] if "." in name else "bin"
        stored = StoredFile(
            id=f"AgAC{number:08}{secrets.token_urlsafe(18)}",
            path=f"{folder}/file_{number}.{ending}",
            name=name,
            mime=mime,
            content=content,
        )
        self.files[stored.id] = stored
        return stored

    # What happens

    def push(self, kind: str, payload: JsonObject) -> None:
        """Queue an update for the bot, if it wants that kind."""
        wanted = kind not in _QUIET_KINDS if self.allowed is None else kind in self.allowed
        if wanted:
            self.updates.add({"update_id": self.next_update_id, kind: payload})
            self.next_update_id += 1
            self.new_update.beat()
        self.pulse.beat()

    def show(self, kind: str, message: JsonObject, *, person_id: int | None = None) -> None:
        chat_id = message["chat"]["id"] if "chat" in message else message["chat_id"]
        self.moments_seen += 1
        self.moments.append(
            Moment(
                number=self.moments_seen,
                kind=kind,
                chat_id=chat_id,
                message=message,
                person_id=person_id,
            )
        )
        self.announce(kind, message)

    def announce(self, kind: str, data: JsonObject) -> None:
        """Tell the page and whoever waits."""
        self.pulse.beat()
        for listener in tuple(self._listeners):
            listener(kind, data)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear all announcements; call what comes back to stop."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def overhear(self, overhearer: Callable[[Call], None]) -> None:
        """Be told of each call of the bot, polls that found nothing left out."""
        self._overhearers.add(overhearer)

    def note(self, call: Call) -> None:
        self.calls.append(call)
        for overhearer in tuple(self._overhearers):
            overhearer(call)

    async def until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Whether ``done()`` came true in time; asked again each time something happens."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not done():
            left = deadline - loop.time()
            if left <= 0:
                return False
            await self.pulse.wait(left)
        return True


def key(message: JsonObject) -> int:
    """Under which id a message stands in its chat."""
    return -message["ephemeral_message_id"] if message["message_id"] == 0 else message["message_id"]

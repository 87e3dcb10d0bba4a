"""What was said: an update of Telegram's, read into one of a few cases.

It is read as it came, and of it only what is used: an update in PTB's objects takes ten times as
long. What lacks something, or has it in another form, raises whatever Python makes of that.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from telegram import Chat, ChatMember, Update

from tutorbot.core.actions import Action, AnswerQuiz, LeaveTable, PostQuiz, QuizDone
from tutorbot.core.ids import ChatId
from tutorbot.core.streaks import given_at
from tutorbot.telegram import callbacks
from tutorbot.telegram.rich import Json

RawUpdate = dict[str, Any]

HEARD = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)
"""The kinds of updates to ask Telegram for."""


@dataclass(frozen=True, kw_only=True)
class Speaker:
    telegram_id: int
    chat: ChatId
    name: str
    language: str  # BCP 47, as the app reports it; "" where it does not
    private: bool  # one learner alone with the bot
    anonymous: bool = False  # an admin who speaks as the group, or nobody at all
    thread: int | None = None  # the topic of a forum


@dataclass(frozen=True, kw_only=True)
class Command:
    """``/name argument``. The name is in small letters and without its slash."""

    speaker: Speaker
    at: datetime
    name: str
    argument: str = ""


@dataclass(frozen=True, kw_only=True)
class Wrote:
    """Words or a formula, as typed."""

    speaker: Speaker
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Pressed:
    speaker: Speaker
    at: datetime  # of receipt: Telegram does not tell when a button was pressed
    action: Action
    query_id: str
    message: int


@dataclass(frozen=True, kw_only=True)
class PressedUnknown:
    """A button that we did not make, or made long ago."""

    speaker: Speaker
    at: datetime
    query_id: str


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A message was changed afterwards; that is never a second answer."""

    speaker: Speaker
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Unfit:
    """Something that the tutor cannot read: a sticker, a voice message, a forwarded text."""

    speaker: Speaker
    at: datetime
    what: str  # Telegram's word for it; "forward", or "other" for what is newer than this bot


@dataclass(frozen=True, kw_only=True)
class SharedPlace:
    """Where somebody is, in degrees; north and east are positive."""

    speaker: Speaker
    at: datetime
    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A document; what is in it has yet to be fetched."""

    speaker: Speaker
    at: datetime
    file_id: str
    name: str
    size: int  # bytes, as Telegram says


@dataclass(frozen=True, kw_only=True)
class Blocked:
    speaker: Speaker
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Unblocked:
    speaker: Speaker
    at: datetime


@dataclass(frozen=True, kw_only=True)
class InGroup:
    """The bot was mentioned, or added, where others read along."""

    speaker: Speaker
    at: datetime
    added: bool = False


@dataclass(frozen=True, kw_only=True)
class CommandInGroup:
    speaker: Speaker
    at: datetime
    name: str
    argument: str = ""
    addressed: bool = False  # to this bot by its name

    @property
    def takes_part(self) -> bool:
        """Whether it is to be remembered who said so; whoever only looks at a table is not."""
        part = self.name == "quiz" or (self.name == "table" and bool(self.argument))
        return part and not self.speaker.anonymous


@dataclass(frozen=True, kw_only=True)
class PressedInGroup:
    speaker: Speaker
    at: datetime
    action: Action | None  # None: a button that we did not make, or made long ago
    query_id: str
    admin: bool = False  # whether they run the group; only asked for where it matters

    @property
    def takes_part(self) -> bool:
        part = isinstance(self.action, AnswerQuiz | QuizDone | PostQuiz | LeaveTable)
        return part and not self.speaker.anonymous


@dataclass(frozen=True, kw_only=True)
class RemovedFromGroup:
    speaker: Speaker
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GroupMoved:
    """A group became a supergroup, and has another id now. Both chats tell of it."""

    speaker: Speaker  # nobody
    at: datetime
    old: ChatId
    new: ChatId


@dataclass(frozen=True, kw_only=True)
class MembersChanged:
    """People came into a group, or one left it or was removed."""

    speaker: Speaker  # nobody
    at: datetime
    telegram_ids: tuple[int, ...]
    left: bool


@dataclass(frozen=True)
class Nothing:
    """Not for us: another bot, a channel's post, the notice that a title was changed."""


Said = (
    Command
    | Wrote
    | Pressed
    | PressedUnknown
    | Edited
    | Unfit
    | SharedPlace
    | SentFile
    | Blocked
    | Unblocked
    | InGroup
    | CommandInGroup
    | PressedInGroup
    | RemovedFromGroup
    | GroupMoved
    | MembersChanged
)


def read(update: RawUpdate, now: datetime, *, me: str = "") -> Said | Nothing:
    """What ``update`` says.

    Args:
        update: as Telegram delivered it
        now: when it was received, aware
        me: the bot's user name, without the ``@``
    """
    if Update.CALLBACK_QUERY in update:
        return _query(update[Update.CALLBACK_QUERY], now)
    if Update.MESSAGE in update:
        return _message(update[Update.MESSAGE], now, me)
    if Update.EDITED_MESSAGE in update:
        return _edited(update[Update.EDITED_MESSAGE], now)
    if Update.MY_CHAT_MEMBER in update:
        return _member(update[Update.MY_CHAT_MEMBER])
    return Nothing()


def query_of(update: RawUpdate) -> str | None:
    """The callback query that waits for an answer, if there is one."""
    match update:
        case {Update.CALLBACK_QUERY: {"id": str() as query}}:
            return query
        case _:
            return None


def _query(query: Json, now: datetime) -> Said | Nothing:
    user, message, number = query["from"], query.get("message"), query["id"]
    if message is None:  # from an inline result; this bot makes none
        alone = Speaker(
            telegram_id=user["id"],
            chat=ChatId(user["id"]),
            name=user["first_name"],
            language=user.get("language_code", ""),
            private=True,
        )
        return PressedUnknown(speaker=alone, at=now, query_id=number)
    if message["chat"]["type"] == Chat.CHANNEL:
        return Nothing()
    speaker = _speaker(user, message["chat"], _thread(message))
    action = callbacks.decode(query.get("data", ""))
    if not speaker.private:
        return PressedInGroup(speaker=speaker, at=now, action=action, query_id=number)
    if action is None:
        return PressedUnknown(speaker=speaker, at=now, query_id=number)
    return Pressed(
        speaker=speaker, at=now, action=action, query_id=number, message=message["message_id"]
    )


def _message(message: Json, now: datetime, me: str) -> Said | Nothing:
    chat = message["chat"]
    if chat["type"] in _GROUPS:
        return _in_group(message, now, me)
    author = _person(message.get("from"))
    if author is None or "sender_chat" in message:
        return Nothing()
    speaker, at = _speaker(author, chat), given_at(_time(message["date"]), now)
    text = message.get("text") or _rich_text(message)
    command = _command(text, me)
    if isinstance(command, Nothing):
        return command
    if "document" in message and "animation" not in message:  # an author may well forward a file
        document = message["document"]
        return SentFile(
            speaker=speaker,
            at=at,
            file_id=document["file_id"],
            name=document.get("file_name", ""),
            size=document.get("file_size", 0),
        )
    if "forward_origin" in message:
        return Unfit(speaker=speaker, at=at, what="forward")
    if command:
        name, argument = command["name"].lower(), (command["argument"] or "").strip()
        return Command(speaker=speaker, at=at, name=name, argument=argument)
    if "location" in message and "venue" not in message:
        return SharedPlace(
            speaker=speaker,
            at=at,
            latitude=message["location"]["latitude"],
            longitude=message["location"]["longitude"],
        )
    if text:
        return Wrote(speaker=speaker, at=at, text=text)
    what = next((kind for kind in _UNFIT if kind in message), None)
    return Unfit(speaker=speaker, at=at, what=what) if what else Nothing()


def _edited(message: Json, now: datetime) -> Said | Nothing:
    chat, author = message["chat"], _person(message.get("from"))
    if author is None or chat["type"] != Chat.PRIVATE:
        return Nothing()
    at = _time(message["edit_date"]) if "edit_date" in message else now
    return Edited(speaker=_speaker(author, chat), at=at)


def _in_group(message: Json, now: datetime, me: str) -> Said | Nothing:
    """What is said where others read along: of words only those that are meant for the bot."""
    at, chat = given_at(_time(message["date"]), now), message["chat"]
    nobody, here = _nobody(chat), ChatId(chat["id"])
    if moved := message.get("migrate_to_chat_id"):
        return GroupMoved(speaker=nobody, at=at, old=here, new=ChatId(moved))
    if moved := message.get("migrate_from_chat_id"):
        return GroupMoved(speaker=nobody, at=at, old=ChatId(moved), new=here)
    if gone := message.get("left_chat_member"):
        return MembersChanged(speaker=nobody, at=at, telegram_ids=(gone["id"],), left=True)
    if new := message.get("new_chat_members"):
        come = tuple(each["id"] for each in new)
        return MembersChanged(speaker=nobody, at=at, telegram_ids=come, left=False)
    # Whoever speaks as another chat, a channel mostly, is nobody that can learn.
    as_chat = message.get("sender_chat")
    by_group = as_chat is not None and as_chat["id"] == chat["id"]
    if as_chat and not by_group:
        return Nothing()
    author = message.get("from") if by_group else _person(message.get("from"))
    if author is None:
        return Nothing()
    speaker = _speaker(author, chat, _thread(message), anonymous=by_group)
    command = _command(message.get("text", ""), me)
    if isinstance(command, Nothing):
        return command
    if command:
        return CommandInGroup(
            speaker=speaker,
            at=at,
            name=command["name"].lower(),
            argument=(command["argument"] or "").strip(),
            addressed=bool(command["bot"] and me),
        )
    return InGroup(speaker=speaker, at=at) if _mentions(message, me) else Nothing()


def _nobody(chat: Json) -> Speaker:
    """Who says what Telegram itself says."""
    return Speaker(
        telegram_id=0, chat=ChatId(chat["id"]), name="", language="", private=False, anonymous=True
    )


def _command(text: str, me: str) -> re.Match[str] | Nothing | None:
    """The command in a text; None if it is none, Nothing if it is for another bot."""
    command = _COMMAND.fullmatch(text) if text else None
    addressee = command["bot"] if command else None
    return Nothing() if addressee and me and addressee.lower() != me.lower() else command


def _thread(message: Json) -> int | None:
    return message.get("message_thread_id") if message.get("is_topic_message") else None


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _member(change: Json) -> Said | Nothing:
    speaker, at = _speaker(change["from"], change["chat"]), _time(change["date"])
    before, after = change["old_chat_member"]["status"], change["new_chat_member"]["status"]
    if speaker.private:
        return (Blocked if after in _ABSENT else Unblocked)(speaker=speaker, at=at)
    if change["chat"]["type"] not in _GROUPS or (before in _ABSENT) == (after in _ABSENT):
        return Nothing()
    if after in _ABSENT:
        return RemovedFromGroup(speaker=speaker, at=at)
    return InGroup(speaker=speaker, at=at, added=True)


_GROUPS = {Chat.GROUP, Chat.SUPERGROUP}
_ABSENT = {ChatMember.BANNED, ChatMember.LEFT}
_ANONYMOUS = 1087968824  # @GroupAnonymousBot, in whose name Telegram lets hidden admins act


_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z]\w{0,63})(?:@(?P<bot>\w+))?(?:\s(?P<argument>.*))?", re.ASCII | re.DOTALL
)

# Where Telegram fills two of them in, the more telling one stands first: a venue is a location too.
_UNFIT = (
    "sticker",
    "voice",
    "photo",
    "animation",
    "venue",
    "location",
    "video",
    "video_note",
    "audio",
    "contact",
    "poll",
    "dice",
    "game",
    "story",
    "paid_media",
    "checklist",
)


def _person(user: Json | None) -> Json | None:
    return user if user and not user["is_bot"] else None


def _speaker(
    user: Json, chat: Json, thread: int | None = None, *, anonymous: bool = False
) -> Speaker:
    return Speaker(
        telegram_id=user["id"],
        chat=ChatId(chat["id"]),
        name=user["first_name"],
        language=user.get("language_code", ""),
        private=chat["type"] == Chat.PRIVATE,
        anonymous=anonymous or user["id"] == _ANONYMOUS,
        thread=thread,
    )


def _mentions(message: Json, me: str) -> bool:
    found = re.findall(r"@(\w+)", message.get("text") or message.get("caption", ""))
    return bool(me) and me.lower() in (name.lower() for name in found)


def _rich_text(message: Json) -> str:
    """The words of a rich message, which Premium users may type."""
    rich = message.get("rich_message")
    blocks = rich.get("blocks") if _is_object(rich) else None
    return "\n".join(line for line in _lines(blocks, 0) if line.strip()).strip()


_DEEPEST = 20  # Telegram allows 16


def _lines(block: object, depth: int) -> Iterator[str]:
    """The lines of a block, or of a list of blocks."""
    if depth > _DEEPEST:
        return
    if _is_list(block):
        for each in block:
            yield from _lines(each, depth + 1)
    elif _is_object(block):
        if "expression" in block or "text" in block:
            yield _words(block, depth + 1)
        if "summary" in block:
            yield _words(block["summary"], depth + 1)
        for nested in ("blocks", "items"):
            yield from _lines(block.get(nested), depth + 1)
        rows = block.get("cells")
        if _is_list(rows):
            yield from (_words(row, depth + 1, between=" ") for row in rows)


def _words(text: object, depth: int, between: str = "") -> str:
    """Inline text: a string, a list of texts, or an object that holds one."""
    if depth > _DEEPEST:
        return ""
    if isinstance(text, str):
        return text
    if _is_list(text):
        return between.join(_words(part, depth + 1) for part in text)
    if _is_object(text):
        return _words(text.get("expression") or text.get("text"), depth + 1)
    return ""


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple)


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)

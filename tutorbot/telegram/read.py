"""What was said: an update of Telegram's, read into one of a few cases."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard, cast

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    Message,
    PollAnswer,
    Update,
    User,
)

from tutorbot.core.actions import Action, AnswerQuiz, LeaveTable, PostQuiz, QuizDone
from tutorbot.core.ids import ChatId
from tutorbot.core.rounds import JoinRound
from tutorbot.core.streaks import given_at
from tutorbot.telegram import callbacks

HEARD = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.POLL_ANSWER,
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
    admin: bool = False  # whether they run the group; only asked for where it matters

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
        part = isinstance(self.action, AnswerQuiz | QuizDone | PostQuiz | LeaveTable | JoinRound)
        return part and not self.speaker.anonymous


@dataclass(frozen=True, kw_only=True)
class Voted:
    """An answer in a poll. Telegram tells neither in which chat nor when it was given."""

    speaker: Speaker  # their chat is not known
    at: datetime  # of receipt
    poll: str
    places: tuple[int, ...]


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
    | Voted
    | RemovedFromGroup
    | GroupMoved
    | MembersChanged
)


def read(update: Update, now: datetime, *, me: str = "") -> Said | Nothing:
    """What ``update`` says.

    Args:
        update: as Telegram delivered it
        now: when it was received, aware
        me: the bot's user name, without the ``@``
    """
    if query := update.callback_query:
        return _query(query, now)
    if message := update.message:
        return _message(message, now, me)
    if edited := update.edited_message:
        author = _person(edited.from_user)
        if author is None or edited.chat.type != Chat.PRIVATE:
            return Nothing()
        return Edited(speaker=_speaker(author, edited.chat), at=edited.edit_date or now)
    if member := update.my_chat_member:
        return _member(member)
    if vote := update.poll_answer:
        return _vote(vote, now)
    return Nothing()


def query_of(update: Update) -> str | None:
    """The callback query that waits for an answer, if there is one."""
    return update.callback_query.id if update.callback_query else None


def _query(query: CallbackQuery, now: datetime) -> Said | Nothing:
    user, message = query.from_user, query.message
    if message is None:  # from an inline result; this bot makes none
        alone = Speaker(
            telegram_id=user.id,
            chat=ChatId(user.id),
            name=user.first_name,
            language=user.language_code or "",
            private=True,
        )
        return PressedUnknown(speaker=alone, at=now, query_id=query.id)
    if message.chat.type == Chat.CHANNEL:
        return Nothing()
    thread = _thread(message) if isinstance(message, Message) else None
    speaker = _speaker(user, message.chat, thread)
    action = callbacks.decode(query.data or "")
    if not speaker.private:
        return PressedInGroup(speaker=speaker, at=now, action=action, query_id=query.id)
    if action is None:
        return PressedUnknown(speaker=speaker, at=now, query_id=query.id)
    return Pressed(
        speaker=speaker, at=now, action=action, query_id=query.id, message=message.message_id
    )


def _vote(vote: PollAnswer, now: datetime) -> Said | Nothing:
    voter = _person(vote.user)
    if voter is None or not vote.option_ids:  # a channel's, or one taken back
        return Nothing()
    speaker = Speaker(
        telegram_id=voter.id,
        chat=ChatId(voter.id),
        name=voter.first_name,
        language=voter.language_code or "",
        private=False,
        anonymous=voter.id == _ANONYMOUS,
    )
    return Voted(speaker=speaker, at=now, poll=vote.poll_id, places=tuple(vote.option_ids))


def _message(message: Message, now: datetime, me: str) -> Said | Nothing:
    if message.chat.type in _GROUPS:
        return _in_group(message, now, me)
    author = _person(message.from_user)
    if author is None or message.sender_chat:
        return Nothing()
    speaker, at = _speaker(author, message.chat), given_at(message.date, now)
    text = message.text or _rich_text(message)
    command = _command(text, me)
    if isinstance(command, Nothing):
        return command
    if message.document and not message.animation:  # an author may well forward a file
        return SentFile(
            speaker=speaker,
            at=at,
            file_id=message.document.file_id,
            name=message.document.file_name or "",
            size=message.document.file_size or 0,
        )
    if message.forward_origin:
        return Unfit(speaker=speaker, at=at, what="forward")
    if command:
        name, argument = command["name"].lower(), (command["argument"] or "").strip()
        return Command(speaker=speaker, at=at, name=name, argument=argument)
    if message.location and not message.venue:
        return SharedPlace(
            speaker=speaker,
            at=at,
            latitude=message.location.latitude,
            longitude=message.location.longitude,
        )
    if text:
        return Wrote(speaker=speaker, at=at, text=text)
    what = next((kind for kind in _UNFIT if getattr(message, kind)), None)
    return Unfit(speaker=speaker, at=at, what=what) if what else Nothing()


def _in_group(message: Message, now: datetime, me: str) -> Said | Nothing:
    """What is said where others read along: of words only those that are meant for the bot."""
    at = given_at(message.date, now)
    nobody, here = _nobody(message.chat), ChatId(message.chat.id)
    if moved := message.migrate_to_chat_id:
        return GroupMoved(speaker=nobody, at=at, old=here, new=ChatId(moved))
    if moved := message.migrate_from_chat_id:
        return GroupMoved(speaker=nobody, at=at, old=ChatId(moved), new=here)
    if gone := message.left_chat_member:
        return MembersChanged(speaker=nobody, at=at, telegram_ids=(gone.id,), left=True)
    if message.new_chat_members:
        come = tuple(each.id for each in message.new_chat_members)
        return MembersChanged(speaker=nobody, at=at, telegram_ids=come, left=False)
    # Whoever speaks as another chat, a channel mostly, is nobody that can learn.
    by_group = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if message.sender_chat and not by_group:
        return Nothing()
    author = message.from_user if by_group else _person(message.from_user)
    if author is None:
        return Nothing()
    speaker = _speaker(author, message.chat, _thread(message), anonymous=by_group)
    command = _command(message.text or "", me)
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


def _nobody(chat: Chat) -> Speaker:
    """Who says what Telegram itself says."""
    return Speaker(
        telegram_id=0, chat=ChatId(chat.id), name="", language="", private=False, anonymous=True
    )


def _command(text: str, me: str) -> re.Match[str] | Nothing | None:
    """The command in a text; None if it is none, Nothing if it is for another bot."""
    command = _COMMAND.fullmatch(text) if text else None
    addressee = command["bot"] if command else None
    return Nothing() if addressee and me and addressee.lower() != me.lower() else command


def _thread(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None


def _member(change: ChatMemberUpdated) -> Said | Nothing:
    speaker, at = _speaker(change.from_user, change.chat), change.date
    before, after = change.old_chat_member.status, change.new_chat_member.status
    if speaker.private:
        return (Blocked if after in _ABSENT else Unblocked)(speaker=speaker, at=at)
    if change.chat.type not in _GROUPS or (before in _ABSENT) == (after in _ABSENT):
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


def _person(user: User | None) -> User | None:
    return user if user and not user.is_bot else None


def _speaker(
    user: User, chat: Chat, thread: int | None = None, *, anonymous: bool = False
) -> Speaker:
    return Speaker(
        telegram_id=user.id,
        chat=ChatId(chat.id),
        name=user.first_name,
        language=user.language_code or "",
        private=chat.type == Chat.PRIVATE,
        anonymous=anonymous or user.id == _ANONYMOUS,
        thread=thread,
    )


def _mentions(message: Message, me: str) -> bool:
    found = re.findall(r"@(\w+)", message.text or message.caption or "")
    return bool(me) and me.lower() in (name.lower() for name in found)


def _rich_text(message: Message) -> str:
    """The words of a rich message, which Premium users may type; this PTB does not know it yet."""
    rich = message.api_kwargs.get("rich_message")
    if not isinstance(rich, Mapping):
        return ""
    blocks = cast("Mapping[str, object]", rich).get("blocks")
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

"""One utterance brought to Telegram, in the best form that it takes, and what became of it."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import TypeVar

from telegram import InputFile, InputMediaPhoto, Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    TelegramError,
)

from tutorbot.core.actions import FormulaForm, Theme
from tutorbot.core.ids import ChatId
from tutorbot.core.privacy import archive, archive_name
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.studio import Studio
from tutorbot.store import groups, outbox, privacy
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.outbox import Outgoing, Part
from tutorbot.store.unit import Store
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.compose import (
    Composed,
    Message,
    PhotoMessage,
    RichMessage,
    TextMessage,
    compose,
    keyboard,
)
from tutorbot.telegram.incident import story
from tutorbot.telegram.pictures import Pictures
from tutorbot.telegram.request import FloodError, LapsedError, NotReachedError
from tutorbot.telegram.rich import Json
from tutorbot.views.reply import Change, Reply


@dataclass(frozen=True, kw_only=True)
class Sent:
    message_id: int


@dataclass(frozen=True, kw_only=True)
class Refused:
    """For good: saying it again would be refused again."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Closed:
    """The learner blocked the bot, or is no more."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Surely not sent; mostly, Telegram wants to be left in peace for so many seconds.

    Of a reply in several messages, some ``parts`` may have gone out before.
    """

    seconds: float
    why: str = "too many requests"
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unreached:
    """Surely not sent, but for the ``parts``: nobody was there, or nobody who knows our token."""

    why: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """The line went dead, before Telegram had it or after; the ``parts`` it surely has."""

    why: str
    parts: tuple[Part, ...] = ()


Fate = Sent | Refused | Closed | Wait | Unreached | Unknown


@dataclass(frozen=True, kw_only=True)
class Taste:
    """How the reader of a chat likes formulas."""

    form: FormulaForm = FormulaForm.PICTURE
    theme: Theme = Theme.LIGHT


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Who pressed a button in a group."""

    chat: ChatId
    telegram_id: int
    query_id: str
    thread: int | None = None  # the topic of a forum


Result = TypeVar("Result")


class Delivery:
    def __init__(
        self, bot: BotApi, store: Store, studio: Studio, clock: Callable[[], datetime]
    ) -> None:
        self._bot = bot
        self._store = store
        self._clock = clock
        self._pictures = Pictures(store, studio, clock)
        self._whispers: bool | None = None  # whether the server can; None: not asked yet

    async def bring(self, row: Outgoing, taste: Taste) -> Fate:
        """Say it, or change what was said, and tell what became of it."""
        parts = list(row.parts)
        fate = await self._fate(row, taste, parts)
        if isinstance(fate, Wait | Unreached | Unknown):
            return replace(fate, parts=tuple(parts))
        return fate

    async def whisper(self, to: Listener, reply: Reply, taste: Taste) -> bool:
        """Show a reply in a group to one member alone; False if that cannot be.

        Raises:
            TelegramError: it may have arrived or not
            StoreUnavailable: before anything was sent
        """
        if not await self._can_whisper():
            return False
        further: Json = {
            "ephemeral_message_parameters": {
                "receiver_user_id": to.telegram_id,
                "callback_query_id": to.query_id,
            },
            **_in_topic(to.thread),
        }

        async def send(composed: Composed) -> bool:
            for message in composed.messages:
                sent = await self._send(to.chat, message, further)
                if sent:  # all can see it, by whatever misunderstanding
                    self._whispers = False
                    await self._bot.delete_message(to.chat, sent)
                    return False
            return True

        try:
            return await _in_best_form(reply, taste, send, self._bot.username)
        except (BadRequest, EndPointNotFound, Forbidden):
            return False

    async def _can_whisper(self) -> bool:
        if self._whispers is None:
            self._whispers = await self._bot.can_whisper()
        return self._whispers

    async def _fate(self, row: Outgoing, taste: Taste, parts: list[Part]) -> Fate:
        try:
            try:
                return await self._bring(row, row.chat, taste, parts)
            except ChatMigrated as moved:
                new = ChatId(moved.new_chat_id)
                async with self._store.unit() as unit:
                    await groups.move(unit, row.chat, new)
                return await self._bring(row, new, taste, parts, moved=True)
        except FloodError as flood:
            return Wait(seconds=flood.seconds)
        except LapsedError:
            return Wait(seconds=0)
        except Forbidden as error:
            return Closed(why=error.message)
        except (BadRequest, EndPointNotFound) as error:
            closed = _says(error, *_NOBODY_THERE)
            return Closed(why=error.message) if closed else Refused(why=error.message)
        except (NotReachedError, InvalidToken) as error:
            return Unreached(why=f"{type(error).__name__}: {error.message}")
        except StoreUnavailable as error:  # before anything was sent, or between two messages
            return Wait(seconds=1, why=story(error))
        except TelegramError as error:  # what may come of later versions is no reason to lose it
            return Unknown(why=f"{type(error).__name__}: {error.message}")

    async def _bring(
        self, row: Outgoing, chat: ChatId, taste: Taste, parts: list[Part], *, moved: bool = False
    ) -> Fate:
        utterance = row.utterance
        if isinstance(utterance, Change):
            message = row.message
            if message is None:
                async with self._store.once() as unit:
                    message = await outbox.message_of(unit, row.chat, utterance.slot)
            # In a supergroup, messages are numbered anew: the old number is another message's.
            if message is not None and not moved:
                return await self._change(row, chat, message, taste, parts)
            if not utterance.reply.prose:
                return Refused(why="no message to change")
        if utterance.reply.archive:
            return await self._send_archive(row, chat, utterance.reply)
        return await self._say(row, chat, taste, parts)

    async def _say(self, row: Outgoing, chat: ChatId, taste: Taste, parts: list[Part]) -> Fate:
        """Say it, from behind the ``parts`` that were said before; what is said comes to them."""
        further = _in_topic(row.utterance.thread)

        async def send(composed: Composed) -> int:
            names = _names(composed)
            same = zip(names, (name for name, _ in parts), strict=False)
            del parts[sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], same)) :]
            for place in range(len(parts), len(names)):
                message = await self._send(chat, composed.messages[place], further)
                parts.append((names[place], message))
            return parts[-1][1]

        sent = await _in_best_form(row.utterance.reply, taste, send, self._bot.username)
        return Sent(message_id=sent)

    async def _send_archive(self, row: Outgoing, chat: ChatId, reply: Reply) -> Fate:
        """Make the file now: what waited to be sent would be one more copy to look after."""
        if row.learner is None:
            return Refused(why="nobody's archive")
        now = self._clock()
        async with self._store.unit() as unit:
            kept = await privacy.everything(unit, row.learner)
        if kept is None:
            return Refused(why="the learner is no longer known")
        content = await asyncio.to_thread(archive, kept, now)
        caption = compose(reply, form=FormulaForm.PLAIN, theme=Theme.LIGHT).messages[0]
        sent = await self._bot.send_document(
            chat,
            InputFile(content, filename=archive_name(now)),
            caption=caption.html if isinstance(caption, TextMessage) else None,
            parse_mode=ParseMode.HTML,
        )
        return Sent(message_id=sent.message_id)

    async def _change(
        self, row: Outgoing, chat: ChatId, message: int, taste: Taste, parts: list[Part]
    ) -> Fate:
        reply = row.utterance.reply

        async def edit(composed: Composed) -> None:
            # Earlier messages of a long text stay as they are: the last one has the buttons.
            await self._edit(chat, message, composed.messages[-1])

        try:
            if reply.prose:
                await _in_best_form(reply, taste, edit, self._bot.username)
            else:
                await self._edit_keyboard(chat, message, reply)
        except BadRequest as error:
            if _says(error, _NOT_MODIFIED):
                return Sent(message_id=message)
            if not reply.prose:
                return Refused(why=error.message)
            if _says(error, _NO_TEXT) and await self._edit_caption(chat, message, reply):
                return Sent(message_id=message)
            # It was deleted, or cannot become what it should be: that is said anew.
            with suppress(BadRequest):
                await self._bot.edit_message_reply_markup(chat_id=chat, message_id=message)
            return await self._say(row, chat, taste, parts)
        return Sent(message_id=message)

    async def _send(self, chat: ChatId, message: Message, further: Json) -> int:
        """Send it, and return its number; that of an ephemeral message is 0."""
        match message:
            case TextMessage(html=html, keyboard=buttons):
                return await self._bot.say(chat, html, buttons, further)
            case RichMessage(content=content, keyboard=buttons):
                return await self._bot.send_rich_message(chat, content, buttons, further)
            case PhotoMessage(html=caption, keyboard=buttons):

                async def send(photo: str | bytes) -> TelegramMessage | int:
                    if isinstance(photo, str):
                        return await self._bot.show(chat, photo, caption, buttons, further)
                    return await self._bot.send_photo(
                        chat,
                        photo,
                        caption=caption or None,
                        parse_mode=ParseMode.HTML,
                        api_kwargs={"reply_markup": buttons, **further},
                    )

                sent = await self._pictures.using(message, send)
                return sent.message_id if isinstance(sent, TelegramMessage) else sent

    async def _edit(self, chat: ChatId, message_id: int, message: Message) -> None:
        match message:
            case TextMessage(html=html, keyboard=buttons):
                await self._bot.say_instead(chat, message_id, html, buttons)
            case RichMessage(content=content, keyboard=buttons):
                await self._bot.edit_rich_message(chat, message_id, content, buttons)
            case PhotoMessage(html=caption, keyboard=buttons):

                async def edit(photo: str | bytes) -> TelegramMessage | bool:
                    return await self._bot.edit_message_media(
                        InputMediaPhoto(photo, caption=caption or None, parse_mode=ParseMode.HTML),
                        chat_id=chat,
                        message_id=message_id,
                        api_kwargs={"reply_markup": buttons},
                    )

                await self._pictures.using(message, edit)

    async def _edit_keyboard(self, chat: ChatId, message: int, reply: Reply) -> None:
        await self._bot.change_buttons(chat, message, keyboard(reply.keyboard, self._bot.username))

    async def _edit_caption(self, chat: ChatId, message: int, reply: Reply) -> bool:
        """Put a text under the picture that the message turned out to have; False if too long."""
        words, *more = compose(
            reply,
            form=FormulaForm.PLAIN,
            theme=Theme.LIGHT,
            refused=_ONLY_WORDS,
            me=self._bot.username,
        ).messages
        if more or not isinstance(words, TextMessage):
            return False
        try:
            await self._bot.edit_message_caption(
                chat_id=chat,
                message_id=message,
                caption=words.html,
                parse_mode=ParseMode.HTML,
                api_kwargs={"reply_markup": words.keyboard},
            )
        except BadRequest as error:
            return _says(error, _NOT_MODIFIED)
        return True


def _names(composed: Composed) -> list[str]:
    """What tells the messages of a reply from each other, and from themselves in another form."""
    if len(composed.messages) == 1:  # as nearly all are: it went out, or it did not
        return [""]
    return [
        hashlib.sha256(repr(message).encode()).hexdigest()[:16] for message in composed.messages
    ]


def _in_topic(thread: int | None) -> Json:
    return {} if thread is None else {"message_thread_id": thread}


async def _in_best_form(
    reply: Reply, taste: Taste, use: Callable[[Composed], Awaitable[Result]], me: str
) -> Result:
    """Use the reply as composed, and one rung lower each time that its form is refused."""
    refused: set[FormulaForm] = set()
    while True:
        composed = compose(reply, form=taste.form, theme=taste.theme, refused=refused, me=me)
        try:
            return await use(composed)
        except (BadRequest, EndPointNotFound, NotDrawable) as error:
            if _says(error, *_NOT_THE_FORM):
                raise
            if composed.form is not FormulaForm.PLAIN:
                refused.add(composed.form)
            elif len(composed.messages) > 1 and FormulaForm.PICTURE not in refused:
                refused.add(FormulaForm.PICTURE)  # a picture of the course, then
            else:
                raise


# Telegram gives no codes but words, which have changed between upper and lower case before.
_NOT_MODIFIED = "message is not modified"
_NO_TEXT = "no text in the message to edit"
_NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
_NOT_THE_FORM = (
    *_NOBODY_THERE,
    _NOT_MODIFIED,
    _NO_TEXT,
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
)
_ONLY_WORDS = frozenset({FormulaForm.NATIVE, FormulaForm.PICTURE})


def _says(error: Exception, *phrases: str) -> bool:
    return any(phrase in str(error).lower() for phrase in phrases)

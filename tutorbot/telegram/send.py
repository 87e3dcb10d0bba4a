"""Sends what stands in the outbox: each chat in order, all chats at once, until it has a fate."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from telegram.constants import ChatAction
from telegram.error import TelegramError

from tutorbot.core.ids import ChatId
from tutorbot.core.learner import Learner
from tutorbot.core.pacing import Lane
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.studio import Studio
from tutorbot.metrics import Fate as Ending, Metrics, Queue
from tutorbot.store import groups, learners, outbox
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.in_hand import InHand
from tutorbot.store.outbox import After, Outgoing
from tutorbot.store.unit import Store, Unit
from tutorbot.telegram.botapi import BotApi, PressAnswer
from tutorbot.telegram.compose import alert
from tutorbot.telegram.delivery import (
    Closed,
    Delivery,
    Fate,
    Listener,
    Refused,
    Sent,
    Taste,
    Unknown,
    Unreached,
    Wait,
)
from tutorbot.telegram.gate import Gate
from tutorbot.telegram.incident import story, tell
from tutorbot.telegram.ledger import Ledger
from tutorbot.telegram.line import Line
from tutorbot.telegram.pacing import LANE
from tutorbot.telegram.presence import Presence
from tutorbot.telegram.request import STILL_OURS
from tutorbot.traces import NoTraces, Traces
from tutorbot.views.reply import Reply, Say

MOST_TRIES = 8
"""How often a message is sent of which nobody knows whether it arrived.

While Telegram does not answer at all, nothing is sent and no try is spent (`telegram.line`).
"""

log = structlog.stdlib.get_logger()


class Sender:
    """One lane for each chat that has something to be sent; a lane ends when it is empty.

    A crash loses nothing: what was committed to the outbox is sent by whoever starts next.
    """

    def __init__(
        self,
        bot: BotApi,
        store: Store,
        studio: Studio,
        clock: Callable[[], datetime],
        *,
        presence: Presence | None = None,
        at_once: int = 32,
        sweep_seconds: float = 2,
        metrics: Metrics | None = None,
        traces: Traces | None = None,
    ) -> None:
        """Prepare; with a ``presence``, others may send as well; None: nobody else does."""
        self._bot = bot
        self._store = store
        self._delivery = Delivery(bot, store, studio, clock)
        self._clock = clock
        self._presence = presence
        self._metrics = metrics or Metrics()
        self._traces = traces or NoTraces()
        self._gate = Gate(at_once, bulk=at_once // 2)
        self._line = Line(bot.get_me)
        self._sweep_seconds = sweep_seconds
        self._lanes: dict[ChatId, asyncio.Task[None]] = {}
        self._woken: set[ChatId] = set()
        self._waited_for: set[ChatId] = set()
        self._broken: set[ChatId] = set()  # where something of ours may be left that none sends
        self._held: set[ChatId] = set()  # where something is about to be committed that is in hand
        self._in_hand: dict[ChatId, Hold] = {}
        self._ledger = Ledger(store)
        self._answers: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    def wake(self, chat: ChatId) -> None:
        """Say that something for ``chat`` was committed, and that somebody waits for it."""
        if self._stopping.is_set():
            return
        self._waited_for.add(chat)
        self._begin(chat)
        self._gate.hurry(chat)

    @contextlib.contextmanager
    def holding(self, chat: ChatId) -> Generator["Hold"]:
        """Let what is committed inside be in hand with it, where nothing else is being sent.

        What is said there goes out when the block ends, whoever took it.
        """
        owner = self._presence.name if self._presence else None
        free = (
            not self._stopping.is_set()
            and (self._presence is None or owner is not None)
            and chat not in self._held
            and chat not in self._broken
            and self._gate.roomy
        )
        hold = Hold(free=free, owner=owner)
        if free:
            self._held.add(chat)
        try:
            yield hold
        except BaseException:
            if hold.taken:  # and committed, or not: nobody knows
                self._broken.add(chat)
            raise
        finally:
            if free:
                self._held.discard(chat)
        if hold.taken:
            self._in_hand[chat] = hold

    def _begin(self, chat: ChatId) -> None:
        self._woken.add(chat)
        if chat not in self._lanes:
            # What is said there is about other updates than the one that happens to begin it.
            self._lanes[chat] = asyncio.create_task(self._lane(chat), context=Context())

    def answer(self, answer: PressAnswer) -> None:
        """Answer a callback query, at once and in the background; it is too late soon after."""
        self._in_background(self._answer(answer))

    def whisper(self, to: Listener, reply: Reply, taste: Taste) -> None:
        """Answer whoever pressed a button in a group, so that nobody else sees it.

        In the background; it is gone if it does not arrive at once, as every answer to a button.
        """
        self._in_background(self._whisper(to, reply, taste))

    async def is_admin(self, chat: ChatId, telegram_id: int) -> bool:
        """Tell whether somebody runs a group, as Telegram says."""
        return await self._bot.is_admin(chat, telegram_id)

    @contextlib.contextmanager
    def thinking(self, chat: ChatId) -> Generator[None]:
        """Let ``chat`` see that something is being typed, if what goes on inside takes a while."""
        shown: list[asyncio.Task[None]] = []

        def show() -> None:
            shown.append(asyncio.create_task(self._type(chat)))
            self._answers.update(shown)
            shown[0].add_done_callback(self._answers.discard)

        timer = asyncio.get_running_loop().call_later(_A_MOMENT, show)
        try:
            yield
        finally:
            timer.cancel()
            for task in shown:
                task.cancel()

    async def sweep(self) -> int:
        """Wake the chats that have had something due for longest; return how many."""
        async with self._store.unit() as unit:
            chats = await outbox.waiting(unit, self._clock(), limit=_SWEPT)
        if not self._stopping.is_set():
            for chat in (*chats, *self._broken):
                self._begin(chat)
        return len(chats)

    async def run(self) -> None:
        """Send what is left over of others, and then whatever comes due, until `close`."""
        released = False
        while not self._stopping.is_set():
            try:
                if self._presence:
                    await self._presence.be_seen()
                elif not released:
                    async with self._store.unit() as unit:
                        await outbox.release_all(unit)
                    released = True
                await self._line.up()
                await self.sweep()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next sweep may do better
                tell("outbox.unreachable", error)
            await self._rest(self._sweep_seconds)

    async def close(self, grace_seconds: float = 3) -> None:
        """Let what is being sent arrive, send nothing more, and leave the rest to others."""
        self._stopping.set()
        await self._line.close()
        tasks = {*self._lanes.values(), *self._answers}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            if late:
                log.warning("messages.handed_over", tasks=len(late))
                await asyncio.wait(late, timeout=_A_MOMENT)
        if self._presence:
            with contextlib.suppress(StoreUnavailable, TimeoutError):
                async with asyncio.timeout(_A_MOMENT):
                    await self._presence.leave()

    async def _lane(self, chat: ChatId) -> None:
        try:
            while chat in self._woken and not self._stopping.is_set():
                await self._line.up()  # in front of the gate, and with nothing in hand
                if self._stopping.is_set():
                    break
                lane = Lane.INTERACTIVE if chat in self._waited_for else Lane.BULK
                asked = monotonic()
                async with self._gate.turn(chat, lane):
                    self._metrics.waited(lane, Queue.GATE, monotonic() - asked)
                    until = await self._empty(chat)
                if until is not None:
                    await self._rest_until(until)
                    self._woken.add(chat)
        except StoreUnavailable as error:
            self._broken.add(chat)
            tell("outbox.unreachable", error)
        except Exception as error:  # noqa: BLE001 - the net under a lane: the sweep begins it anew
            self._broken.add(chat)
            log.error("lane.broke", chat=chat, error=story(error))  # noqa: TRY400 - see incident.py
        finally:
            if self._in_hand.pop(chat, None):
                self._broken.add(chat)
            self._woken.discard(chat)
            self._waited_for.discard(chat)
            del self._lanes[chat]

    async def _empty(self, chat: ChatId) -> datetime | None:
        """Send a batch of what is due; return when to go on, where something had to be put off."""
        self._woken.discard(chat)  # whatever was committed until now is seen now
        if hold := self._in_hand.pop(chat, None):
            assert hold.taken is not None
            taste = Taste(form=hold.taken.form, theme=hold.taken.theme)
            return await self._send_all(chat, hold.taken.rows, taste, hold.owner)
        owner = self._presence.name if self._presence else None
        if self._presence and owner is None:
            return None  # the sweep comes back to it when we are seen again
        async with self._store.unit() as unit:
            if chat in self._broken:
                if chat in self._held:
                    return None  # the sweep comes back to it
                await outbox.release_chat(unit, chat, owner=owner)
            now = self._clock()
            rows = await outbox.claim(unit, chat=chat, limit=_BATCH, now=now, owner=owner)
            reader = await learners.by_chat(unit, chat) if rows else None
        self._broken.discard(chat)
        closed = reader is not None and not reader.started
        return await self._send_all(chat, rows, None if closed else _taste(reader), owner)

    async def _send_all(
        self, chat: ChatId, rows: Sequence[Outgoing], taste: Taste | None, owner: UUID | None
    ) -> datetime | None:
        """Send what is in hand; without a ``taste``, nobody has opened the chat yet."""
        STILL_OURS.set(partial(self._presence.holds, owner) if self._presence else None)
        for row in rows:
            with _about(row):
                if taste is None:
                    fate = Refused(why="nobody has opened this chat yet")
                else:
                    LANE.set(_lane_of(row))
                    fate = await self._bring(row, taste)
                if isinstance(fate, Unreached | Unknown):
                    self._line.failed()
                done = Done(row=row, fate=fate, at=self._clock(), owner=owner)
                after = await self._keep(done)
            if after is not After.TAKEN:
                self._count(done)
            if after is not After.TAKEN and (done.until or self._stopping.is_set()):
                return done.until
            # Others add to a chat while we send to it, and are refused what we have in hand.
            if after is After.TAKEN or (after is After.MORE and row is rows[-1]):
                self._woken.add(chat)
                break
        return None

    async def _keep(self, done: "Done") -> After:
        """What was sent must be known as sent, or it would be sent again."""
        while True:
            try:
                if isinstance(done.fate, Sent) and not done.traceless:
                    row = done.row.id
                    return await self._ledger.sent(row, done.fate.message_id, done.at, done.owner)
                async with self._store.unit() as unit:
                    return await _write_down(unit, done)
            except StoreUnavailable as error:
                if self._stopping.is_set():
                    raise
                tell("outbox.unreachable", error)
                await self._rest(1)

    async def _bring(self, row: Outgoing, taste: Taste) -> Fate:
        step = self._traces.span("send", update=row.update_id, row=row.id, learner=row.learner)
        try:
            with step:
                return await self._delivery.bring(row, taste)
        except Exception as error:  # noqa: BLE001 - what cannot be made must not block its chat
            why = story(error)
            log.error("message.unmakeable", row=row.id, chat=row.chat, error=why)  # noqa: TRY400 - see incident.py
            return Refused(why=why)

    def _count(self, done: "Done") -> None:
        row = done.row
        self._metrics.tried(_lane_of(row), _ending(done))
        if row.update_id is not None and isinstance(done.fate, Sent):
            self._metrics.replied((done.at - row.created_at).total_seconds())

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _whisper(self, to: Listener, reply: Reply, taste: Taste) -> None:
        heard = False
        try:
            async with asyncio.timeout(_PATIENCE):
                heard = await self._delivery.whisper(to, reply, taste)
        except (TelegramError, TimeoutError, StoreUnavailable, NotDrawable) as error:
            log.info("whisper.lost_sight_of", error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the button must not go on spinning
            log.error("whisper.unmakeable", chat=to.chat, error=story(error))  # noqa: TRY400 - see incident.py
        # Whoever may have seen it sees it twice, which is better than not at all.
        shown = None if heard else alert(reply)
        await self._answer(PressAnswer(query_id=to.query_id, text=shown, alert=not heard))

    async def _answer(self, answer: PressAnswer) -> None:
        try:
            await self._bot.answer_press(answer)
        except TelegramError as error:  # too old, mostly; the learner has gone on
            log.info("query.unanswered", error=type(error).__name__)

    async def _type(self, chat: ChatId) -> None:
        """Keep saying so; Telegram forgets it after five seconds, or when a message comes."""
        with contextlib.suppress(TelegramError):  # it is a courtesy
            while True:
                await self._bot.send_chat_action(chat, ChatAction.TYPING)
                await asyncio.sleep(_BETWEEN_ACTIONS)

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _rest_until(self, until: datetime) -> None:
        while not self._stopping.is_set() and (left := until - self._clock()) > timedelta():
            await self._rest(max(left.total_seconds(), _SHORTEST_REST))


@dataclass(kw_only=True)
class Hold:
    """What is taken in hand while it is committed, if that is ``free`` to be done."""

    free: bool
    owner: UUID | None
    taken: InHand | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """A row that was tried, and when it is to be tried again if that is the case."""

    row: Outgoing
    fate: Fate
    at: datetime
    owner: UUID | None  # in whose name it was claimed

    @property
    def traceless(self) -> bool:
        return isinstance(self.row.utterance, Say) and self.row.utterance.traceless

    @property
    def until(self) -> datetime | None:
        match self.fate:
            case Wait(seconds=seconds):
                return self.at + timedelta(seconds=seconds)
            case Unreached():  # once the line is up, and not in a circle if it says that it is
                return self.at + timedelta(seconds=1)
            case Unknown() if self.row.tries < MOST_TRIES:
                return self.at + timedelta(seconds=2 ** (self.row.tries - 1))
            case _:
                return None


async def _write_down(unit: Unit, done: Done) -> After:
    row, until, owner = done.row, done.until, done.owner
    told = log.bind(row=row.id, chat=row.chat, tries=row.tries)
    match done.fate:
        case Sent(message_id=message):
            after = await outbox.sent(unit, row.id, message, done.at, owner=owner)
        case Refused(why=why):
            # Buttons may be taken off a message that was never sent.
            say = told.warning if row.utterance.reply.prose else told.info
            say("message.refused", why=why)
            after = await outbox.refused(unit, row.id, why, done.at, owner=owner)
        case Closed(why=why):
            told.info("chat.closed", why=why)
            after = await outbox.refused(unit, row.id, why, done.at, owner=owner)
            await learners.set_blocked(unit, row.chat, done.at)  # a private chat has its user's id
            await groups.left(unit, row.chat, done.at)
        case Wait(why=why, parts=parts) | Unreached(why=why, parts=parts):
            if isinstance(done.fate, Wait):  # else the line tells once for all what is wrong
                told.info("message.put_off", seconds=done.fate.seconds)
            after = await outbox.later(
                unit,
                row.id,
                until or done.at,
                why,
                surely_not_sent=True,
                parts=parts,
                owner=owner,
            )
        case Unknown(why=why, parts=parts) if until:
            told.info("message.lost_sight_of", why=why)
            after = await outbox.later(unit, row.id, until, why, parts=parts, owner=owner)
        case Unknown(why=why):
            told.warning("message.given_up", why=why)
            after = await outbox.unknown(unit, row.id, why, done.at, owner=owner)
    if after is After.TAKEN:
        told.info("message.taken_over")
    elif until is None and done.traceless:
        await outbox.drop(unit, row.id)
    return after


def _lane_of(row: Outgoing) -> Lane:
    """What answers an update is waited for; all else is said without being asked."""
    return Lane.INTERACTIVE if row.update_id is not None else Lane.BULK


def _about(row: Outgoing) -> contextlib.AbstractContextManager[object]:
    """Let whatever is told meanwhile say whom it is about, and which update it answers."""
    ids = {"learner": row.learner, "update": row.update_id}
    known = {name: number for name, number in ids.items() if number is not None}
    return structlog.contextvars.bound_contextvars(**known)


def _ending(done: Done) -> Ending:
    match done.fate:
        case Sent():
            return Ending.SENT
        case Refused():
            return Ending.REFUSED
        case Closed():
            return Ending.CLOSED
        case Wait() | Unreached():
            return Ending.PUT_OFF
        case Unknown():
            return Ending.GIVEN_UP if done.until is None else Ending.LOST


def _taste(reader: Learner | None) -> Taste:
    return Taste(form=reader.formulas, theme=reader.theme) if reader else Taste()


_A_MOMENT = 0.7  # seconds; whoever waits longer wonders whether anybody is there
_BETWEEN_ACTIONS = 4.5  # seconds
_BATCH = 8  # messages to a chat; who sends alone has sent all long before `outbox.STALE`
_SWEPT = 256  # chats, every two seconds: more than could be sent to meanwhile
_PATIENCE = 6  # seconds; an ephemeral message must follow a tap within 15
_SHORTEST_REST = 0.01  # seconds; a clock and the loop's own may differ by a little

"""Sends no faster than Telegram takes it: whoever calls the bot waits here for the turn.

Only short waits happen here. Who would have to wait longer gets a `FloodError` with the seconds, as
if Telegram had refused, and puts the message off where it waits without holding anything: in the
outbox. What Telegram itself refuses goes the same way.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import ContextVar
from time import monotonic
from typing import Any, Protocol

import structlog
from telegram.ext import BaseRateLimiter

from tutorbot.core.pacing import Caution, Lane, Pace, Rate, Ticket, Turns, is_group
from tutorbot.metrics import Metrics, Queue
from tutorbot.store import pacing
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store, Unit
from tutorbot.telegram.incident import story
from tutorbot.telegram.request import FloodError
from tutorbot.telegram.rich import Json

LANE: ContextVar[Lane] = ContextVar("LANE", default=Lane.INTERACTIVE)
"""Of whatever is sent from here on, where a call of the bot does not name its own.

A parameter would have to go through every function between the outbox and the call, and PTB takes
`rate_limit_args` only where there is a limiter.
"""

Result = bool | Json | list[Json]

log = structlog.stdlib.get_logger()


class Budget(Protocol):
    """What may be sent to all chats together, and to groups, which all processes may write to."""

    async def reserve(self, rate: Rate, messages: int) -> float:
        """Reserve places; return the seconds until the first, below 0 if it is overdue.

        The others follow at the rate's interval, counted from there.
        """
        ...

    async def take(self, group: int | str, rate: Rate, messages: int) -> float:
        """Spend what a group may get, and return 0; or the seconds until it may."""
        ...


class OwnBudget:
    """Of a process that sends alone."""

    def __init__(self) -> None:
        self._tat = float("-inf")

    async def reserve(self, rate: Rate, messages: int) -> float:
        now = _now()
        begin = max(self._tat, now)
        self._tat = rate.after(self._tat, now, messages)
        return rate.opens(begin) - now

    async def take(self, group: int | str, rate: Rate, messages: int) -> float:  # noqa: ARG002 - the budget of who sends alone is that of the turns
        return 0


class SharedBudget:
    """Of all processes on one database. While that is away, each takes a small share for itself.

    Little is sent then, for the outbox is away as well: only what was already taken out of it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._own = OwnBudget()
        self._alone_until = float("-inf")

    async def reserve(self, rate: Rate, messages: int) -> float:
        first = await self._ask(lambda unit: pacing.reserve(unit, "all", rate, messages))
        if first is not None:
            return first
        share = Rate(per_second=rate.per_second * _SHARE, burst=1)
        first = await self._own.reserve(share, messages)
        # The caller counts on at the full rate; so the last place decides.
        return first + (messages - 1) * (share.interval - rate.interval)

    async def take(self, group: int | str, rate: Rate, messages: int) -> float:
        wait = await self._ask(lambda unit: pacing.take(unit, f"chat {group}", rate, messages))
        return wait or 0

    async def _ask(self, work: Callable[[Unit], Awaitable[float]]) -> float | None:
        """None while the database is away."""
        if _now() < self._alone_until:
            return None
        try:
            async with asyncio.timeout(_DATABASE_PATIENCE), self._store.unit() as unit:
                return await work(unit)
        except (StoreUnavailable, TimeoutError) as error:
            if _now() > self._alone_until + _TOLD:  # once for each outage, not for each try
                log.warning("pacing.alone", error=story(error))
            self._alone_until = _now() + _ALONE
            return None


_DATABASE_PATIENCE = 1.0  # seconds
_TOLD = 60.0  # seconds
_ALONE = 2.0  # seconds until the database is asked again
_SHARE = 0.25  # for up to four processes, then, all of the rate


class Pacer(BaseRateLimiter[Lane]):
    """The limiter of one bot; the time is the event loop's.

    Args:
        pace: what Telegram takes
        budget: of all chats together; None: this process is the only one that sends
        patience: seconds that a call waits at most because of its own chat
        metrics: are told how long turns are waited for
    """

    def __init__(
        self,
        pace: Pace,
        budget: Budget | None = None,
        *,
        patience: float = 1.5,
        metrics: Metrics | None = None,
    ) -> None:
        self._pace = pace
        self._budget = budget or OwnBudget()
        self._patience = patience
        self._metrics = metrics or Metrics()
        self._turns = Turns(pace)
        self._caution = Caution()
        self._waiting: dict[int, asyncio.Future[None]] = {}
        self._asked = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._debt = 0  # messages sent in one call that have taken a single place

    @property
    def pace(self) -> Pace:
        return self._pace

    async def initialize(self) -> None:
        """Nothing to do: work begins with whoever comes first."""

    async def shutdown(self) -> None:
        if self._pump:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump

    async def process_request(  # pyright: ignore[reportIncompatibleMethodOverride] - same, with our names of the types
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,  # noqa: ANN401 - PTB's
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Result:
        """Make the call when it is its turn.

        Raises:
            FloodError: not made, or refused by Telegram; may be made after so many seconds
        """
        messages = cost(endpoint, data)
        if not messages:
            return await callback(*args, **kwargs)
        chat = _chat(data)
        if is_group(chat) and (wait := await self._budget.take(chat, self._pace.group, messages)):
            raise FloodError(wait)
        lane = rate_limit_args or LANE.get()
        asked = monotonic()
        await self._turn(chat, lane, messages)
        self._metrics.waited(lane, Queue.LIMITER, monotonic() - asked)
        try:
            return await callback(*args, **kwargs)
        except FloodError as flood:
            now = _now()
            self._turns.flooded(chat, flood.seconds, now)
            self._caution.flooded(chat, now)
            raise

    async def _turn(self, chat: int | str, lane: Lane, messages: int) -> None:
        ticket, alone = self._turns.ask(chat, lane, messages, _now())
        try:
            if alone > self._patience:
                raise FloodError(alone)
            turn = asyncio.get_running_loop().create_future()
            self._waiting[ticket.number] = turn
            self._asked.set()
            if self._pump is None or self._pump.done():
                self._pump = asyncio.create_task(self._keep_pumping())
            async with asyncio.timeout(alone + _LONGEST_QUEUE):
                await turn
        except TimeoutError:
            raise FloodError(1) from None
        finally:
            self._turns.withdraw(ticket)
            self._waiting.pop(ticket.number, None)

    async def _keep_pumping(self) -> None:
        """Hand out turns while there is somebody in line."""
        try:
            while (opening := self._turns.next_opening(_now())) is not None:
                if opening > _now():
                    self._asked.clear()
                    with suppress(TimeoutError):
                        async with asyncio.timeout_at(opening):
                            await self._asked.wait()
                else:
                    await self._hand_out(min(self._turns.open(_now()), _BATCH))
        except Exception as error:  # noqa: BLE001 - the next who asks begins anew
            log.error("pacing.broke", error=story(error))  # noqa: TRY400 - see incident.py

    async def _hand_out(self, places: int) -> None:
        overall = self._pace.overall
        rate = Rate(
            per_second=overall.per_second * self._caution.share(_now()), burst=overall.burst
        )
        first = await self._budget.reserve(rate, self._debt + places)
        at = _now() + first + self._debt * rate.interval
        self._debt = 0
        for _ in range(places):
            if (left := at - _now()) > 0:
                await asyncio.sleep(left)
            # Only now, so that nobody is kept behind who came first a moment too late.
            if ticket := self._turns.take(_now()):
                self._call(ticket)
                self._debt += ticket.messages - 1
            at += rate.interval

    def _call(self, ticket: Ticket) -> None:
        turn = self._waiting.get(ticket.number)
        if turn and not turn.done():
            turn.set_result(None)


_BATCH = 3  # places reserved at a time: a tenth of a second of the whole rate
_LONGEST_QUEUE = 10.0  # seconds; the outbox lets far fewer in than could fill it


def cost(endpoint: str, data: Json) -> int:
    """How many messages Telegram counts a call as; 0 for what is free."""
    if endpoint in _FREE or not endpoint.startswith(_COUNTED):
        return 0
    match data:
        case {"media": [*media]} | {"message_ids": [*media]}:
            return max(1, len(media))
        case _:
            return 1


_COUNTED = ("send", "editMessage", "forward", "copy", "stopPoll", "setGameScore")
_FREE = frozenset({"sendChatAction"})


def _chat(data: Json) -> int | str:
    chat = data.get("chat_id", data.get("inline_message_id", ""))
    try:
        return int(chat)
    except ValueError:
        return str(chat)


def _now() -> float:
    return asyncio.get_running_loop().time()

"""Fetches updates, and acknowledges none before its work is committed.

Telegram forgets an update as soon as a later one is asked for. So a batch is worked through to its
end first: each chat and each person who taps in order, many at once. After a crash it comes again,
and the store knows what was done.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from tutorbot.metrics import RECEIVED
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.incident import story
from tutorbot.telegram.order import AT_ONCE, Order, lane
from tutorbot.telegram.read import HEARD, RawUpdate
from tutorbot.telegram.request import FloodError

Handle = Callable[[RawUpdate], Awaitable[bool]]
"""Works an update through; False when it could not be committed and must be tried again."""

log = structlog.stdlib.get_logger()


async def poll(
    bot: BotApi,
    handle: Handle,
    stop: asyncio.Event,
    *,
    at_once: int = AT_ONCE,
    poll_seconds: int = 30,
    longest_pause: float = 15,
    grace: float = 3,
) -> None:
    """Fetch and handle updates until ``stop``; what is in hand then may take ``grace`` seconds."""
    offset: int | None = None
    batches = _Batches(handle, stop, at_once, longest_pause)
    pause = _Pause(stop, longest_pause)
    troubled: type[TelegramError] | None = None
    while not stop.is_set():
        try:
            updates = await _unless(
                stop, bot.raw_updates(offset=offset, seconds=poll_seconds, allowed=HEARD)
            )
        except TelegramError as error:
            if type(error) is not troubled:  # once for each trouble, not for each try
                troubled = type(error)
                log.warning(_EVENTS.get(troubled, "updates.unreachable"), error=story(error))
            await pause.after(error)
            continue
        if troubled:
            log.info("updates.reachable")
            troubled = None
        pause.over()
        if updates:
            RECEIVED.set(monotonic())
            await _unless_stopped_before(stop, batches.work_through(updates), grace)
            offset = max(update["update_id"] for update in updates) + 1
        else:
            # All of it is acknowledged. After a quiet week Telegram goes on with ids at random, and
            # an offset above them would throw them away.
            offset = None


_EVENTS: dict[type[TelegramError], str] = {
    Conflict: "updates.another_bot_polls",  # with this token; Telegram serves one of us at a time
    InvalidToken: "updates.token_refused",
}


class _Batches:
    def __init__(
        self, handle: Handle, stop: asyncio.Event, at_once: int, longest_pause: float
    ) -> None:
        self._handle = handle
        self._stop = stop
        self._order = Order(at_once)
        self._pause = _Pause(stop, longest_pause)

    async def work_through(self, updates: Sequence[RawUpdate]) -> None:
        """Every update of a batch, again and again until it is committed, or until the stop."""
        left: list[RawUpdate] = list(updates)
        while left and not self._stop.is_set():
            stuck: set[int | None] = set()
            done = await asyncio.gather(*(self._try(each, stuck) for each in left))
            left = [each for each, well in zip(left, done, strict=True) if not well]
            if left:
                await self._pause.after()
            else:
                self._pause.over()

    async def _try(self, update: RawUpdate, stuck: set[int | None]) -> bool:
        """Work an update through, unless one before it in its lane could not be committed."""
        key = lane(update)
        async with self._order.turn(key):
            if key not in stuck and not self._stop.is_set() and await self._handle(update):
                return True
            stuck.add(key)
            return False


class _Pause:
    """Longer after each failure in a row, and cut short by the stop."""

    def __init__(self, stop: asyncio.Event, longest: float) -> None:
        self._stop = stop
        self._longest = longest
        self._next = _FIRST_PAUSE

    async def after(self, error: TelegramError | None = None) -> None:
        seconds = error.seconds if isinstance(error, FloodError) else self._next
        self._next = min(self._next * 2, self._longest)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    def over(self) -> None:
        self._next = _FIRST_PAUSE


_FIRST_PAUSE = 0.25  # seconds


async def _unless(
    stop: asyncio.Event, fetching: Coroutine[Any, Any, list[RawUpdate]]
) -> list[RawUpdate]:
    """Fetch, unless the stop comes first: then nothing, and the long poll is broken off."""
    fetch, stopped = asyncio.create_task(fetching), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({fetch, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return await fetch if fetch.done() else []
    finally:
        for task in (fetch, stopped):
            task.cancel()
        await asyncio.gather(fetch, stopped, return_exceptions=True)


async def _unless_stopped_before(
    stop: asyncio.Event, work: Coroutine[Any, Any, None], grace: float
) -> None:
    """Work, but for ``grace`` seconds at most from the stop on.

    What is cut off takes its transaction back, and its update comes again to whoever is next.
    """
    working, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({working}, timeout=grace)
        if working.done():
            await working
        else:
            log.warning("updates.handed_over")
    finally:
        for task in (working, stopped):
            task.cancel()
        # A database that does not answer does not even let go.
        await asyncio.wait({working, stopped}, timeout=_LETTING_GO)


_LETTING_GO = 1.0  # seconds

"""Whether Telegram is there. While it is not, nothing is sent, and so nothing is tried in vain."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError

from tutorbot.telegram.incident import story
from tutorbot.telegram.request import FloodError

log = structlog.stdlib.get_logger()


class Line:
    """Up until a call fails in a way that may befall any call; then somebody asks until it is up.

    So an hour without Telegram costs no message any of its tries, and once it is back, all go out.

    Args:
        ask: a call that changes nothing
        longest_pause: seconds between two questions, which grow up to that
    """

    def __init__(self, ask: Callable[[], Awaitable[object]], *, longest_pause: float = 15) -> None:
        self._ask = ask
        self._longest_pause = longest_pause
        self._up = asyncio.Event()
        self._up.set()
        self._asking: asyncio.Task[None] | None = None

    async def up(self) -> None:
        """Wait until Telegram is there, as far as is known, or nobody asks any more."""
        await self._up.wait()

    def failed(self) -> None:
        """Say that a call failed. Whether that was the line's fault is asked at once."""
        if self._asking is None:
            self._up.clear()
            self._asking = asyncio.create_task(self._until_up())

    async def close(self) -> None:
        """Ask no more, and let everybody go who waits."""
        self._up.set()
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _until_up(self) -> None:
        pause, began, told = _FIRST_PAUSE, time.monotonic(), False
        while (error := await self._trouble()) is not None:
            if not told:  # once for each outage, not for each try
                told = True
                log.warning("telegram.away", error=story(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, self._longest_pause)
        if told:
            log.warning("telegram.back", seconds=round(time.monotonic() - began))
        self._asking = None
        self._up.set()

    async def _trouble(self) -> TelegramError | None:
        try:
            await self._ask()
        except FloodError:  # it is there, and busy with us
            return None
        except TelegramError as error:
            return error
        return None


_FIRST_PAUSE = 0.25  # seconds

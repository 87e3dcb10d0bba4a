"""JSON as the Bot API speaks it. Its shapes are Telegram's, so they stay plain objects here."""

import asyncio
from typing import Any

JsonObject = dict[str, Any]


def units(text: str) -> int:
    """Length in UTF-16 code units, the only length that Telegram knows.

    >>> units("a🙂")
    3
    """
    return len(text.encode("utf-16-le")) // 2


class Pulse:
    """Wakes everybody who waits, each time that something happens."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def beat(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Whether something happened within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._next.wait()
        except TimeoutError:
            return False
        return True

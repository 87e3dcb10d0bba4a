"""Whose turn it is: in order for each chat and each person who taps, many of them at once."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Update

from tutorbot.telegram.botapi import PressAnswer
from tutorbot.telegram.read import HEARD, RawUpdate


@dataclass(frozen=True, kw_only=True)
class Worked:
    """What became of an update."""

    committed: bool  # False: nothing of it was kept, and it must be tried again
    press: PressAnswer | None = None  # yet to be given; nothing is lost but a word if it is not


Handle = Callable[[RawUpdate], Awaitable[Worked]]
"""Works an update through."""

AT_ONCE = 32
"""Updates at work in one process."""


def lane(update: RawUpdate) -> int | None:
    """What must stay in order: messages by chat, taps by person; None where there is neither.

    A private chat has the id of its person. In a group, members who tap do not wait for each other.
    """
    match update.get(Update.CALLBACK_QUERY):
        case {"from": {"id": int() as user}}:
            return user
        case _:
            pass
    for kind in HEARD:
        match update.get(kind):
            case {"chat": {"id": int() as chat}}:
                return chat
            case {"from": {"id": int() as user}}:
                return user
            case _:
                pass
    return None


class Order:
    """Each lane in the order in which it came, and at most so many of all at once.

    First one's turn in the lane, then a slot: who waits for others of the same lane holds none, so
    a chat that floods has one slot at most, and one place in the line for it.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._lanes: dict[int | None, deque[asyncio.Event]] = {}

    def length(self, lane: int | None) -> int:
        """How many of a lane wait or are at work."""
        return len(self._lanes.get(lane, ()))

    @asynccontextmanager
    async def turn(self, lane: int | None) -> AsyncGenerator[None]:
        """Wait for one's turn, which lasts as long as the block."""
        line = self._lanes.setdefault(lane, deque())
        mine = asyncio.Event()
        line.append(mine)
        try:
            if line[0] is not mine:
                await mine.wait()
            async with self._slots:
                yield
        finally:
            first = line[0] is mine
            line.remove(mine)
            if not line:
                del self._lanes[lane]
            elif first:
                line[0].set()

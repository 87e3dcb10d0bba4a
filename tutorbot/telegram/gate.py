"""Who may send now: a few at once, and before those whom nobody waits for, the others."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tutorbot.core.ids import ChatId
from tutorbot.core.pacing import Lane


class Gate:
    """Each chat stands at it once at most.

    Args:
        slots: so many are inside at once
        bulk: at most so many of them for the bulk, lest it fill the house
    """

    def __init__(self, slots: int, *, bulk: int) -> None:
        self._free = slots
        self._free_for_bulk = bulk
        self._lines: dict[Lane, dict[ChatId, asyncio.Future[Lane]]] = {lane: {} for lane in Lane}

    @asynccontextmanager
    async def turn(self, chat: ChatId, lane: Lane) -> AsyncGenerator[None]:
        turn: asyncio.Future[Lane] = asyncio.get_running_loop().create_future()
        self._lines[lane][chat] = turn
        self._admit()
        try:
            await turn
            yield
        finally:
            for line in self._lines.values():
                line.pop(chat, None)
            if turn.done() and not turn.cancelled():
                self._free += 1
                self._free_for_bulk += turn.result() is Lane.BULK
            self._admit()

    @property
    def roomy(self) -> bool:
        """Whether somebody who is waited for would be let in at once."""
        return self._free > 0 and not self._lines[Lane.INTERACTIVE]

    def hurry(self, chat: ChatId) -> None:
        """Somebody waits for this chat now, if it stands here."""
        if turn := self._lines[Lane.BULK].pop(chat, None):
            self._lines[Lane.INTERACTIVE][chat] = turn
            self._admit()

    def _admit(self) -> None:
        while self._free and (line := self._lines[Lane.INTERACTIVE]):
            self._let_in(line, Lane.INTERACTIVE)
        while self._free and self._free_for_bulk and (line := self._lines[Lane.BULK]):
            self._free_for_bulk -= 1
            self._let_in(line, Lane.BULK)

    def _let_in(self, line: dict[ChatId, asyncio.Future[Lane]], lane: Lane) -> None:
        turn = line.pop(next(iter(line)))
        if turn.cancelled():  # its owner is about to leave
            self._free_for_bulk += lane is Lane.BULK
            return
        self._free -= 1
        turn.set_result(lane)

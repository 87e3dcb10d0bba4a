"""Writes down together what happens at about the same time, in chats that know nothing of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from tutorbot.store import in_hand, outbox
from tutorbot.store.in_hand import Arrived
from tutorbot.store.outbox import After
from tutorbot.store.unit import Store

Entry = TypeVar("Entry")
Told = TypeVar("Told")


class Ledger:
    """What begins to be sent, and what has been."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._sent = _Book(self._write_sent)
        self._begun = _Book(self._write_begun)

    async def sent(self, row: int, message: int, at: datetime, owner: UUID | None) -> After:
        """Say that a row was sent, as `store.outbox.sent` does.

        Raises:
            StoreUnavailable: nobody knows whether it was written down; say it again
        """
        return await self._sent.enter(Arrived(row=row, message=message, at=at, owner=owner))

    async def begun(self, row: int, owner: UUID | None) -> bool:
        """Say that a row is about to be sent, as `store.outbox.begin` does; False: it may not.

        Raises:
            StoreUnavailable: nobody knows whether it was written down
        """
        return await self._begun.enter((row, owner))

    async def _write_sent(self, entries: Sequence[Arrived]) -> Mapping[Arrived, After]:
        async with self._store.once() as unit:
            found = await in_hand.arrived(unit, entries)
        return {each: found[each.row] for each in entries}

    async def _write_begun(
        self, entries: Sequence[tuple[int, UUID | None]]
    ) -> Mapping[tuple[int, UUID | None], bool]:
        async with self._store.once() as unit:
            found = await outbox.begin(unit, entries, self._clock())
        return {each: each[0] in found for each in entries}


class _Book(Generic[Entry, Told]):
    """While one batch is being written down, the next one gathers."""

    def __init__(self, write: Callable[[Sequence[Entry]], Awaitable[Mapping[Entry, Told]]]) -> None:
        self._write_all = write
        self._gathered: list[tuple[Entry, asyncio.Future[Told]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def enter(self, entry: Entry) -> Told:
        written: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._gathered.append((entry, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await written

    async def _write(self) -> None:
        while self._gathered:
            batch, self._gathered = self._gathered[:_MOST], self._gathered[_MOST:]
            try:
                found = await self._write_all([entry for entry, _ in batch])
            except BaseException as error:
                for _, written in batch:
                    if not written.done():
                        if isinstance(error, Exception):
                            written.set_exception(error)
                        else:
                            written.cancel()
                if not isinstance(error, Exception):
                    raise
                continue
            for entry, written in batch:
                if not written.done():
                    written.set_result(found[entry])


_MOST = 100  # rows in one statement

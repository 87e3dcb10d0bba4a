"""Writes down together what was sent at about the same time, in chats that know nothing of it."""

import asyncio
from datetime import datetime
from uuid import UUID

from tutorbot.store import in_hand
from tutorbot.store.in_hand import Arrived
from tutorbot.store.outbox import After
from tutorbot.store.unit import Store


class Ledger:
    """While one batch is being written down, the next one gathers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._gathered: list[tuple[Arrived, asyncio.Future[After]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def sent(self, row: int, message: int, at: datetime, owner: UUID | None) -> After:
        """Say that a row was sent, as `store.outbox.sent` does.

        Raises:
            StoreUnavailable: nobody knows whether it was written down; say it again
        """
        written: asyncio.Future[After] = asyncio.get_running_loop().create_future()
        self._gathered.append((Arrived(row=row, message=message, at=at, owner=owner), written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await written

    async def _write(self) -> None:
        while self._gathered:
            batch, self._gathered = self._gathered[:_MOST], self._gathered[_MOST:]
            try:
                async with self._store.once() as unit:
                    found = await in_hand.arrived(unit, [arrived for arrived, _ in batch])
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
            for arrived, written in batch:
                if not written.done():
                    written.set_result(found[arrived.row])


_MOST = 100  # rows in one statement

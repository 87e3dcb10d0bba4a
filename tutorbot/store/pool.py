"""The driver's connections, a few of them, each kept for the next who needs one.

SQLAlchemy's pool hands out connections of its own, at 72 µs of CPU each time; this one takes 12.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
from sqlalchemy import URL

from tutorbot.store.statements import DIALECT, Connection, understand


class Pool:
    """Connections to ``url``, ``size`` at most; ``settings`` are the driver's."""

    def __init__(self, url: URL, size: int, settings: dict[str, Any]) -> None:
        # Whatever may stand in an address, SQLAlchemy reads it.
        _, where = DIALECT.create_connect_args(url)
        where.pop("prepared_statement_cache_size", None)  # its own, and not the driver's
        self._settings = where | settings
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Connection] = []  # used last, last
        self._closed = False
        self.size = size
        self.in_use = 0

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        """One that is open, and that nobody else has while the block runs.

        Raises:
            OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError: there is none
        """
        async with asyncio.timeout(_PATIENCE):
            await self._slots.acquire()
        self.in_use += 1
        try:
            connection = self._kept() or await self._connect()
            try:
                yield connection
            finally:
                if self._closed:
                    connection.terminate()
                elif not connection.is_closed():
                    self._idle.append(connection)
        finally:
            self.in_use -= 1
            self._slots.release()

    async def close(self) -> None:
        """Let all go; those in use, as soon as they are not."""
        self._closed = True
        while self._idle:
            await drop(self._idle.pop())

    def _kept(self) -> Connection | None:
        while self._idle:
            # The driver hears at once when the server closes the socket, so after a restart of the
            # server connections are renewed without a ping before each transaction.
            if not (connection := self._idle.pop()).is_closed():
                return connection
        return None

    async def _connect(self) -> Connection:
        connection = cast("Connection", await asyncpg.connect(**self._settings))  # pyright: ignore[reportUnknownMemberType] - untyped
        try:
            await understand(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection


async def drop(connection: Connection) -> None:
    """Close a connection, whatever its state; what it still asks of the server is asked first."""
    with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await connection.close(timeout=_GOOD_BYE)
    connection.terminate()


_PATIENCE = 10.0  # seconds until one is free
_GOOD_BYE = 2.0  # seconds

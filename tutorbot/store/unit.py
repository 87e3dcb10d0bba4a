"""One piece of work is one transaction, and nobody calls commit.

async with store.unit() as unit:
    learner = await learners.meet(unit, ...)
    ...                             # leaving commits, an exception takes everything back
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Self, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
from sqlalchemy import URL, Executable, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tutorbot.core.noted import Noted
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.statements import DIALECT, Connection, Parameters, Result, run, understand


class Unit:
    """A transaction that is open. Only `tutorbot.store` runs statements on it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._noted: list[Noted] = []

    def note(self, noted: Noted) -> None:
        """Let something be counted, once and if it is committed."""
        self._noted.append(noted)

    @property
    def noted(self) -> Sequence[Noted]:
        return self._noted

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> Result:
        with _asking(self._connection):
            return await run(self._connection, statement, parameters)

    @asynccontextmanager
    async def apart(self) -> AsyncGenerator[None]:
        """A part of the work that, where it fails, is taken back by itself."""
        with _asking(self._connection):
            await self._connection.execute("SAVEPOINT part")
        before = len(self._noted)
        try:
            yield
        except BaseException:
            del self._noted[before:]
            with _asking(self._connection):
                await self._connection.execute("ROLLBACK TO part")
                await self._connection.execute("RELEASE part")
            raise
        with _asking(self._connection):
            await self._connection.execute("RELEASE part")


class Store:
    """The pool of connections. Made once by wiring; `open` does not connect yet."""

    def __init__(self, pool: "_Pool", count: Callable[[Noted], None] | None = None) -> None:
        self._pool = pool
        self._count = count

    @classmethod
    def open(
        cls,
        url: str,
        *,
        pool_size: int = 8,
        pooled: bool = False,
        count: Callable[[Noted], None] | None = None,
    ) -> Self:
        """Take ``postgresql://...``; the driver is ours to choose.

        What it leads to may be a pooler (``pooled``) that gives each transaction the connection
        that happens to be free: it takes no settings, and nothing here leaves any on a connection.

        ``count`` gets what was noted in a unit once that is committed.
        """
        # Plans here take microseconds; compiling them takes milliseconds.
        compiling = {} if pooled else {"jit": "off"}
        pool = _Pool(url, pool_size, {"application_name": "tutorbot", **compiling})
        return cls(pool, count)

    @property
    def url(self) -> URL:
        """Where the database is, with its password: for who speaks to it by a driver of its own."""
        return self._pool.url

    @property
    def connections(self) -> tuple[int, int]:
        """How many are in use, and of how many."""
        return self._pool.used, self._pool.size

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def unit(self) -> AsyncGenerator[Unit]:
        async with self._pool.connection() as connection:
            unit = Unit(connection)
            try:
                with _asking(connection):
                    await connection.execute("BEGIN")
                yield unit
                with _asking(connection):
                    await connection.execute("COMMIT")
            except BaseException:
                await _take_back(connection)
                raise
        if self._count:
            for each in unit.noted:
                self._count(each)

    @asynccontextmanager
    async def once(self) -> AsyncGenerator[Unit]:
        """A unit for a single statement, which needs nobody to begin and to commit."""
        async with self._pool.connection() as connection:
            yield Unit(connection)


async def _take_back(connection: Connection) -> None:
    """Whatever state it is in: who was cancelled does not know whether they had begun."""
    try:
        await connection.execute("ROLLBACK")
    except BaseException as error:
        connection.terminate()
        if not isinstance(error, Exception):
            raise


class _Pool:
    """Connections that are kept, the one used last first; asyncpg's own makes a task for each use.

    asyncpg hears at once when the server closes the socket, so after a restart of the server
    connections are renewed without a ping before each transaction.
    """

    def __init__(self, url: str, size: int, server_settings: Mapping[str, str]) -> None:
        self.url = make_url(url).set(drivername="postgresql+asyncpg")
        _, arguments = DIALECT.create_connect_args(self.url)
        self._arguments: dict[str, Any] = {
            "timeout": _PATIENCE,
            "server_settings": server_settings,
            **arguments,
        }
        self._free: list[Connection] = []
        self._room = asyncio.Semaphore(size)
        self.size = size
        self.used = 0

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Connection]:
        with connecting():
            await self._take_room()
        connection: Connection | None = None
        self.used += 1
        try:
            with connecting():
                connection = self._kept() or await self._new()
            yield connection
        finally:
            self._give_back(connection)

    async def close(self) -> None:
        """Close what nobody uses. Of what is in use, whoever does must be through before."""
        free, self._free = self._free, []
        for connection in free:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                await connection.close(timeout=_PATIENCE)

    async def _take_room(self) -> None:
        if not self._room.locked():
            await self._room.acquire()  # at once
            return
        async with asyncio.timeout(_PATIENCE):
            await self._room.acquire()

    def _kept(self) -> Connection | None:
        while self._free:
            connection = self._free.pop()
            if not connection.is_closed():
                return connection
        return None

    async def _new(self) -> Connection:
        connect = cast("Callable[..., Awaitable[Connection]]", asyncpg.connect)
        connection = await connect(**self._arguments)
        try:
            await understand(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection

    def _give_back(self, connection: Connection | None) -> None:
        if connection and not connection.is_closed():
            self._free.append(connection)
        self.used -= 1
        self._room.release()


_PATIENCE = 10.0  # seconds to wait for a connection

# What is no fault of the work, so that it may be tried again as it is; by the start of SQLSTATE: 08
# connection, 25006 read-only (a standby), 40 deadlock, 53 no room (disk, memory, connections), 57P
# stopping or starting, 58 the system (files gone), XX corruption. Not 57014: work that takes too
# long would do so again, and hold up all others.
_UNAVAILABLE = ("08", "25006", "40001", "40P01", "53", "57P", "58", "XX")


@contextmanager
def connecting() -> Generator[None]:
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StoreUnavailable(f"cannot connect to the database: {error}") from error
    except SQLAlchemyError as error:  # the driver's error, wrapped, of who connects by SQLAlchemy
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"cannot connect to the database: {cause}") from error


@contextmanager
def _asking(connection: Connection) -> Generator[None]:
    try:
        yield
    except asyncpg.InternalClientError as error:  # the server closed it between two steps
        connection.terminate()
        raise StoreUnavailable(f"the connection broke: {error}") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        state = str(getattr(error, "sqlstate", None) or "")
        if connection.is_closed() or state.startswith(_UNAVAILABLE):
            raise StoreUnavailable(f"the database cannot take work: {error}") from error
        raise

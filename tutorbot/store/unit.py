"""One piece of work is one transaction, and nobody calls commit.

async with store.unit() as unit:
    learner = await learners.meet(unit, ...)
    ...                             # leaving commits, an exception takes everything back
"""

from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, Self

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
from sqlalchemy import URL, CursorResult, Executable, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from tutorbot.core.noted import Noted
from tutorbot.store.errors import StoreUnavailable

Parameters = Mapping[str, object] | Sequence[Mapping[str, object]]


class Unit:
    """A transaction that is open. Only `tutorbot.store` runs statements on it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._noted: list[Noted] = []

    def note(self, noted: Noted) -> None:
        """Let something be counted, once and if it is committed."""
        self._noted.append(noted)

    @property
    def noted(self) -> Sequence[Noted]:
        return self._noted

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        with _asking():
            return await self._connection.execute(statement, parameters)

    @asynccontextmanager
    async def apart(self) -> AsyncGenerator[None]:
        """A part of the work that, where it fails, is taken back by itself."""
        with _asking():
            part = await self._connection.begin_nested()
        before = len(self._noted)
        try:
            yield
        except BaseException:
            del self._noted[before:]
            with _asking():
                await part.rollback()
            raise
        with _asking():
            await part.commit()


class Store:
    """The pool of connections. Made once by wiring; `open` does not connect yet."""

    def __init__(self, engine: AsyncEngine, count: Callable[[Noted], None] | None = None) -> None:
        self._engine = engine
        self._count = count

    @classmethod
    def open(
        cls, url: str, *, pool_size: int = 8, count: Callable[[Noted], None] | None = None
    ) -> Self:
        """Take ``postgresql://...``; the driver is ours to choose.

        ``count`` gets what was noted in a unit once that is committed.
        """
        engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            connect_args={
                "timeout": 10,
                # Plans here take microseconds; compiling them takes milliseconds.
                "server_settings": {"application_name": "tutorbot", "jit": "off"},
            },
        )
        event.listen(engine.sync_engine, "checkout", _refuse_if_closed)
        return cls(engine, count)

    @property
    def url(self) -> URL:
        """Where the database is, with its password: for who speaks to it by a driver of its own."""
        return self._engine.url

    @property
    def connections(self) -> tuple[int, int]:
        """How many are in use, and of how many."""
        pool = self._engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedout(), pool.size()

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def unit(self) -> AsyncGenerator[Unit]:
        async with AsyncExitStack() as stack:
            with connecting():
                connection = await stack.enter_async_context(self._engine.connect())
            unit = Unit(connection)
            yield unit
            with _asking():
                await connection.commit()
            if self._count:
                for each in unit.noted:
                    self._count(each)


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
    except SQLAlchemyError as error:  # the pool gave up waiting, or the driver's error, wrapped
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"cannot connect to the database: {cause}") from error


@contextmanager
def _asking() -> Generator[None]:
    try:
        yield
    except DBAPIError as error:
        state = str(getattr(error.orig, "sqlstate", None) or "")
        if error.connection_invalidated or state.startswith(_UNAVAILABLE):
            raise StoreUnavailable(f"the database cannot take work: {error.orig}") from error
        raise


def _refuse_if_closed(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
    # asyncpg hears at once when the server closes the socket, so after a restart of the server
    # the pool renews its connections without a ping before each transaction.
    if connection.driver_connection.is_closed():
        raise DisconnectionError

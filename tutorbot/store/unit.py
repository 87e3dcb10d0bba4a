"""One piece of work is one transaction, and nobody calls commit.

async with store.unit() as unit:
    learner = await learners.meet(unit, ...)
    ...                             # leaving commits, an exception takes everything back
"""

import asyncio
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any, Self

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
from sqlalchemy import URL, CursorResult, Executable, event, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from tutorbot.store.errors import StoreSlow, StoreUnavailable
from tutorbot.store.outage import Outage

Parameters = Mapping[str, object] | Sequence[Mapping[str, object]]

PATIENCE = 20.0
"""Seconds that a statement may take: a thousand times what most of them do."""

_A_SIGN = 1.0  # seconds in which a server that lives says something


class Unit:
    """A transaction that is open. Only `tutorbot.store` runs statements on it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        async with self._asking():
            return await self._connection.execute(statement, parameters)

    @asynccontextmanager
    async def apart(self) -> AsyncGenerator[None]:
        """A part of the work that, where it fails, is taken back by itself."""
        async with self._asking():
            part = await self._connection.begin_nested()
        try:
            yield
        except BaseException:
            if not self._connection.invalidated:  # else there is nothing left to take back
                async with self._asking():
                    await part.rollback()
            raise
        async with self._asking():
            await part.commit()

    async def commit(self) -> None:
        async with self._asking():
            await self._connection.commit()

    @asynccontextmanager
    async def _asking(self) -> AsyncGenerator[None]:
        try:
            with _asking():
                yield
        except TimeoutError as error:
            if await self._gives_a_sign():
                raise StoreSlow("the database takes too long") from error
            raise StoreUnavailable("the database does not answer") from error

    async def _gives_a_sign(self) -> bool:
        """Whether the server answers others; the connection of what took too long is over.

        The driver has asked the server to drop it. One that stands still does not hear that, and
        whatever is asked next on this connection would wait for it without end.
        """
        if not self._connection.invalidated:
            await self._connection.invalidate()
        try:
            async with asyncio.timeout(_A_SIGN), self._connection.engine.connect() as another:
                await another.execute(select(1))
        except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError):
            return False
        return True


class Store:
    """The pool of connections. Made once by wiring; `open` does not connect yet."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._outage = Outage()

    @classmethod
    def open(cls, url: str, *, pool_size: int = 8, patience: float = PATIENCE) -> Self:
        """Take ``postgresql://...``; the driver is ours to choose.

        ``patience``: seconds that one statement may take.
        """
        engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            connect_args={
                "timeout": 10,
                # The driver's, as a server that stands still keeps no time; and what we say to the
                # server at the start of a connection, a pooler may not pass on.
                "command_timeout": patience,
                # Plans here take microseconds; compiling them takes milliseconds.
                "server_settings": {"application_name": "tutorbot", "jit": "off"},
            },
        )
        event.listen(engine.sync_engine, "checkout", _refuse_if_closed)
        return cls(engine)

    @property
    def url(self) -> URL:
        """Where the database is, with its password: for who speaks to it by a driver of its own."""
        return self._engine.url

    async def close(self) -> None:
        # A server that stands still does not say good-bye.
        with suppress(TimeoutError):
            async with asyncio.timeout(_A_SIGN):
                await self._engine.dispose()

    @asynccontextmanager
    async def unit(self) -> AsyncGenerator[Unit]:
        """Work in a transaction.

        Raises:
            StoreUnavailable: nothing of the work was kept, or, seldom, all of it. It may be done
                again; what may be done once only must be able to see that it has been.
        """
        try:
            async with AsyncExitStack() as stack:
                with connecting():
                    connection = await stack.enter_async_context(self._engine.connect())
                unit = Unit(connection)
                yield unit
                await unit.commit()
        except StoreUnavailable as error:
            self._outage.met(error)
            raise
        self._outage.not_met()


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

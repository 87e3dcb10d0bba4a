"""One piece of work is one transaction, and nobody calls commit.

async with store.unit() as unit:
    learner = await learners.meet(unit, ...)
    ...                             # leaving commits, an exception takes everything back
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any, Self, cast

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it has none
from sqlalchemy import URL, Executable, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from tutorbot.core.noted import Noted
from tutorbot.store.errors import StoreSlow, StoreUnavailable
from tutorbot.store.outage import Outage
from tutorbot.store.statements import Connection, Parameters, Result, run, understand

PATIENCE = 20.0
"""Seconds that a statement may take: a thousand times what most of them do."""

_A_SIGN = 1.0  # seconds in which a server that lives says something


class Unit:
    """A transaction that is open. Only `tutorbot.store` runs statements on it."""

    corrected: int | None = None
    """The number of the newest correction of a key as the learner was met; None: nobody looked."""

    def __init__(self, pooled: AsyncConnection, connection: Connection) -> None:
        self._pooled = pooled
        self._connection = connection
        self._noted: list[Noted] = []

    def note(self, noted: Noted) -> None:
        """Let something be counted, once and if it is committed."""
        self._noted.append(noted)

    @property
    def noted(self) -> Sequence[Noted]:
        return self._noted

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> Result:
        try:
            return await run(self._connection, statement, parameters)
        except Exception as error:
            await self._tell_trouble(error)
            raise

    async def say(self, word: str) -> None:
        """Say something without parameters, and without an answer."""
        try:
            await self._connection.execute(word)
        except Exception as error:
            await self._tell_trouble(error)
            raise

    @asynccontextmanager
    async def apart(self) -> AsyncGenerator[None]:
        """A part of the work that, where it fails, is taken back by itself."""
        await self.say("SAVEPOINT part")
        before = len(self._noted)
        try:
            yield
        except BaseException:
            del self._noted[before:]
            if not self._pooled.invalidated:  # else there is nothing left to take back
                await self.say("ROLLBACK TO part")
                await self.say("RELEASE part")
            raise
        await self.say("RELEASE part")

    async def take_back(self) -> None:
        """Leave nothing on the connection, in whatever state it is.

        Who was cancelled does not know whether they had begun; and one that stands still would have
        whoever asks next wait without end.
        """
        if self._pooled.invalidated:
            return
        try:
            async with asyncio.timeout(_A_SIGN):
                await self._connection.execute("ROLLBACK")
        except BaseException as error:
            self._connection.terminate()
            await self._pooled.invalidate()
            if not isinstance(error, Exception):
                raise

    async def _tell_trouble(self, error: Exception) -> None:
        """Raise in the place of what is no fault of the work."""
        if isinstance(error, TimeoutError):
            if await self._gives_a_sign():
                raise StoreSlow("the database takes too long") from error
            raise StoreUnavailable("the database does not answer") from error
        if isinstance(error, asyncpg.InternalClientError):  # the server closed it between two steps
            self._connection.terminate()
            raise StoreUnavailable(f"the connection broke: {error}") from error
        if isinstance(error, OSError | asyncpg.PostgresError | asyncpg.InterfaceError):
            state = str(getattr(error, "sqlstate", None) or "")
            if self._connection.is_closed() or state.startswith(_UNAVAILABLE):
                raise StoreUnavailable(f"the database cannot take work: {error}") from error

    async def _gives_a_sign(self) -> bool:
        """Whether the server answers others; the connection of what took too long is over.

        The driver has asked the server to drop it. One that stands still does not hear that, and
        whatever is asked next on this connection would wait for it without end.
        """
        if not self._pooled.invalidated:
            await self._pooled.invalidate()
        try:
            async with asyncio.timeout(_A_SIGN), self._pooled.engine.connect() as another:
                await (await _driver(another)).execute("SELECT 1")
        except (OSError, TimeoutError, SQLAlchemyError, asyncpg.PostgresError):
            return False
        return True


class Store:
    """The pool of connections. Made once by wiring; `open` does not connect yet."""

    def __init__(self, engine: AsyncEngine, count: Callable[[Noted], None] | None = None) -> None:
        self._engine = engine
        self._count = count
        self._outage = Outage()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        pool_size: int = 8,
        pooled: bool = False,
        patience: float = PATIENCE,
        count: Callable[[Noted], None] | None = None,
    ) -> Self:
        """Take ``postgresql://...``; the driver is ours to choose.

        What it leads to may be a pooler (``pooled``) that gives each transaction the connection
        that happens to be free: it takes no settings, and nothing here leaves any on a connection.

        One statement may take ``patience`` seconds. ``count`` gets what was noted in a unit once
        that is committed.
        """
        # Plans here take microseconds; compiling them takes milliseconds.
        compiling = {} if pooled else {"jit": "off"}
        engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            isolation_level="AUTOCOMMIT",  # a unit says itself when it begins and ends
            connect_args={
                "timeout": 10,
                # The driver's, as a server that stands still keeps no time; and what we say to the
                # server at the start of a connection, a pooler may not pass on.
                "command_timeout": patience,
                "server_settings": {"application_name": "tutorbot", **compiling},
            },
        )
        event.listen(engine.sync_engine, "connect", _understand)
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
        assert isinstance(pool, AsyncAdaptedQueuePool)
        return pool.checkedout(), pool.size()

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
        async with self.once() as unit:
            try:
                await unit.say("BEGIN")
                yield unit
                await unit.say("COMMIT")
            except BaseException:
                await unit.take_back()
                raise
        if self._count:
            for each in unit.noted:
                self._count(each)

    @asynccontextmanager
    async def once(self) -> AsyncGenerator[Unit]:
        """A unit for a single statement, which needs nobody to begin and to commit."""
        try:
            async with AsyncExitStack() as stack:
                with connecting():
                    connection = await stack.enter_async_context(self._engine.connect())
                    unit = Unit(connection, await _driver(connection))
                yield unit
        except StoreUnavailable as error:
            self._outage.met(error)
            raise
        self._outage.not_met()


async def _driver(connection: AsyncConnection) -> Connection:
    """The driver's own connection, on which statements run; SQLAlchemy keeps it and renews it."""
    raw = await connection.get_raw_connection()
    return cast("Connection", cast("Any", raw).driver_connection)


# What is no fault of the work, so that it may be tried again as it is; by the start of SQLSTATE: 08
# connection, 25006 read-only (a standby), 40 deadlock, 53 no room (disk, memory, connections), 57P
# stopping or starting, 58 the system (files gone), XX corruption; 26 and 42P05 a pooler that does
# not know our prepared statements. Not 57014: work that takes too long would do so again, and hold
# up all others.
_UNAVAILABLE = ("08", "25006", "26", "40001", "40P01", "42P05", "53", "57P", "58", "XX")


@contextmanager
def connecting() -> Generator[None]:
    try:
        yield
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StoreUnavailable(f"cannot connect to the database: {error}") from error
    except SQLAlchemyError as error:  # the pool gave up waiting, or the driver's error, wrapped
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise StoreUnavailable(f"cannot connect to the database: {cause}") from error


def _understand(connection: DBAPIConnection, _record: object) -> None:
    cast("Any", connection).run_async(understand)


def _refuse_if_closed(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
    # asyncpg hears at once when the server closes the socket, so after a restart of the server
    # the pool renews its connections without a ping before each transaction.
    if connection.driver_connection.is_closed():
        raise DisconnectionError

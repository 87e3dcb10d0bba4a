"""What is in a database, table by table, to hold beside another."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import NullPool, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine


@asynccontextmanager
async def connected(url: str, database: str | None = None) -> AsyncGenerator[AsyncConnection]:
    """A connection that commits each statement."""
    address = make_url(url).set(drivername="postgresql+asyncpg")
    if database is not None:
        address = address.set(database=database)
    engine = create_async_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


async def digests(url: str) -> dict[str, tuple[int, str]]:
    """The rows and their digest of each table of ours and of the queue, and where counters are."""
    async with connected(url) as connection:
        names = await connection.execute(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname IN ('public', 'procrastinate')"
            )
        )
        found: dict[str, tuple[int, str]] = {}
        for name in names.scalars().all():
            row = await connection.execute(
                text(
                    "SELECT count(*), md5(coalesce(string_agg(t::text, E'\\n' ORDER BY"  # noqa: S608 - the catalogue's names
                    f" t::text COLLATE \"C\"), '')) FROM {name} t"
                )
            )
            count, digest = row.one()
            found[name] = (count, digest)
        counters = await connection.execute(
            text("SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences")
        )
        return found | {name: (value or 0, "counter") for name, value in counters}


async def databases(url: str, fits: Callable[[str], bool]) -> list[str]:
    async with connected(url, "postgres") as connection:
        names = await connection.execute(text("SELECT datname FROM pg_database"))
        return sorted(name for name in names.scalars() if fits(name))

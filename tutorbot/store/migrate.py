"""Bring the tables of a database to those of this code, with Alembic.

``folder`` holds ``env.py`` and ``versions``. There is no ini file: what little needs saying is
said here, and the connection is the same driver's as everywhere else.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, func, make_url, select
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tutorbot.store.errors import SchemaNewer, SchemaOlder
from tutorbot.store.unit import connecting


async def upgrade(url: str, folder: Path, to: str = "head") -> None:
    """Run the migrations that are missing. Several may try at once: the others wait, and see.

    Raises:
        SchemaNewer: nothing was done.
    """
    await _migrate(url, folder, lambda config: command.upgrade(config, to))


async def downgrade(url: str, folder: Path, to: str) -> None:
    """Take migrations back, down to a revision or ``base``; what they added is lost."""
    await _migrate(url, folder, lambda config: command.downgrade(config, to))


async def revision(url: str) -> str | None:
    """Say where the database is; None before the first migration."""
    async with _connection(url) as connection:
        return await connection.run_sync(_revision)


def head(folder: Path) -> str:
    """Say where this code wants the database to be."""
    found = ScriptDirectory(str(folder)).get_current_head()
    assert found is not None, f"no migrations in {folder}"
    return found


def known(folder: Path) -> set[str]:
    """The revisions that this code can upgrade from, and its own."""
    return {script.revision for script in ScriptDirectory(str(folder)).walk_revisions()}


async def check(url: str, folder: Path) -> None:
    """Make sure that the database has this code's tables.

    Raises:
        SchemaOlder: an upgrade is due.
        SchemaNewer: it was upgraded by a later version of the code.
    """
    found = await revision(url)
    if found == head(folder):
        return
    if found is None or found in known(folder):
        raise SchemaOlder(found, head(folder))
    raise SchemaNewer(found, head(folder))


async def _migrate(url: str, folder: Path, run: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")

    def migrate(connection: Connection) -> None:
        found = _revision(connection)
        if found is not None and found not in known(folder):
            raise SchemaNewer(found, head(folder))
        connection.commit()
        config.attributes["connection"] = connection
        run(config)

    async with _connection(url) as connection:
        # Of the connection, not of a transaction: each migration has a transaction of its own.
        await connection.execute(select(func.pg_advisory_lock(_LOCK)))
        await connection.commit()
        await connection.run_sync(migrate)


_LOCK = 0x7475746F72  # "tutor"


@asynccontextmanager
async def _connection(url: str) -> AsyncGenerator[AsyncConnection]:
    address = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, poolclass=NullPool, connect_args={"timeout": 10})
    with connecting():
        connection = await engine.connect()
    try:
        yield connection
    finally:
        await connection.close()
        await engine.dispose()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()

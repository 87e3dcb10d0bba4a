"""Bring the tables of a database to those of this code, with Alembic.

``folder`` holds ``env.py`` and ``versions``. There is no ini file: what little needs saying is
said here, and the connection is the same driver's as everywhere else.

Each migration says as ``OLDEST`` which revision's code still runs on what it leaves behind, and
the database keeps that. So code runs on newer tables as long as they have room for it, which is
what a rollout without a pause rests on, and a rollback.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, func, make_url, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tutorbot.store.errors import SchemaBusy, SchemaNewer, SchemaOlder
from tutorbot.store.tables import compatibility
from tutorbot.store.unit import connecting

log = structlog.stdlib.get_logger()


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How a migration waits for a table that is in use.

    Whoever wants the table meanwhile stands in line behind it, so it waits briefly, steps back to
    let them all pass, and comes again.
    """

    lock_seconds: float = 2.0  # how long it stands in line
    pauses: tuple[float, ...] = (1, 2, 4, 8, 15, 15, 15)  # seconds between tries


async def upgrade(
    url: str, folder: Path, to: str = "head", patience: Patience = Patience()
) -> None:
    """Run the migrations that are missing. Several may try at once: the others wait, and see.

    Newer tables that have room for this code are left as they are.

    Raises:
        SchemaNewer: nothing was done.
        SchemaBusy: a table was in use all the time; what was done before it stays done.
    """
    await _migrate(url, folder, lambda config: command.upgrade(config, to), patience)


async def upgrade_and_tell(url: str, folder: Path) -> str:
    """The same, and in words what became of it.

    Raises:
        SchemaNewer, SchemaBusy: as above.
    """
    before = await revision(url)
    await upgrade(url, folder)
    after, room = await revision(url), await oldest(url)
    if before == after:
        newer = "" if after == head(folder) else ", of a newer tutorbot beside this one"
        return f"The database is up to date ({after}{newer})."
    told = f"The database went from {before or 'empty'} to {after}."
    if before is not None and not _has_room(folder, room, before):
        told += f" Stop each tutorbot older than {room}: it does not run on these tables."
    return told


async def downgrade(url: str, folder: Path, to: str) -> None:
    """Take migrations back, down to a revision or ``base``; what they added is lost.

    For who writes a migration. On real data nobody goes back: old code runs on newer tables.
    """
    await _migrate(url, folder, lambda config: command.downgrade(config, to), Patience())


async def revision(url: str) -> str | None:
    """Say where the database is; None before the first migration."""
    async with _connection(url) as connection:
        return await connection.run_sync(_revision)


async def oldest(url: str) -> str | None:
    """The oldest revision whose code runs on the database's tables; None if they do not say."""
    async with _connection(url) as connection:
        return await connection.run_sync(_oldest)


def head(folder: Path) -> str:
    """Say where this code wants the database to be."""
    found = ScriptDirectory(str(folder)).get_current_head()
    assert found is not None, f"no migrations in {folder}"
    return found


def known(folder: Path) -> set[str]:
    """The revisions that this code can upgrade from, and its own."""
    return {script.revision for script in ScriptDirectory(str(folder)).walk_revisions()}


async def check(url: str, folder: Path) -> None:
    """Make sure that this code can run on the database's tables.

    Raises:
        SchemaOlder: an upgrade is due.
        SchemaNewer: a later version of the code upgraded it, and left no room for this one.
    """
    async with _connection(url) as connection:
        found = await connection.run_sync(_revision)
        if found == head(folder):
            return
        if found is None or found in known(folder):
            raise SchemaOlder(found, head(folder))
        await connection.run_sync(_refuse_if_too_new, folder, found)


def _has_room(folder: Path, oldest: str | None, revision: str) -> bool:
    """Whether tables that ask for ``oldest`` have room for the code of another revision."""
    line = ScriptDirectory(str(folder)).iterate_revisions(revision, "base")
    return oldest in {each.revision for each in line}


async def _migrate(
    url: str, folder: Path, run: Callable[[Config], None], patience: Patience
) -> None:
    def migrate(connection: Connection) -> None:
        found = _revision(connection)
        if found is not None and found not in known(folder):
            _refuse_if_too_new(connection, folder, found)
            return
        connection.commit()
        run(configured(connection, folder))

    async with _connection(url) as connection:
        # Of the connection, not of a transaction: each migration has a transaction of its own.
        await connection.execute(select(func.pg_advisory_lock(_LOCK)))
        await connection.execute(
            select(func.set_config("lock_timeout", f"{patience.lock_seconds * 1000:.0f}", False))
        )
        await connection.commit()
        for pause in (*patience.pauses, None):
            try:
                await connection.run_sync(migrate)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _IN_USE:
                    raise
                await connection.rollback()
                if pause is None:
                    found = await connection.run_sync(_revision)
                    raise SchemaBusy(found, head(folder)) from error
                log.warning("migration.waits", seconds=pause)
                await asyncio.sleep(pause)
            else:
                return


def configured(
    connection: Connection, folder: Path, *watching: Callable[[MigrationContext], None]
) -> Config:
    """What Alembic's commands take; each who watches is called in the transaction of each step."""

    def applied(*, ctx: MigrationContext, heads: Collection[str], **_others: object) -> None:
        _keep_oldest(connection, folder, heads)
        for each in watching:
            each(ctx)

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["applied"] = applied
    return config


def _keep_oldest(connection: Connection, folder: Path, heads: Collection[str]) -> None:
    """Write down what the migration that the tables are now of says, if there is a place for it."""
    if not heads or not _has_compatibility(connection):
        return
    (revision,) = heads
    said: str = ScriptDirectory(str(folder)).get_revision(revision).module.OLDEST
    if not connection.execute(update(compatibility).values(oldest=said)).rowcount:
        connection.execute(compatibility.insert().values(oldest=said))


def _refuse_if_too_new(connection: Connection, folder: Path, found: str) -> None:
    room = _oldest(connection)
    if not _has_room(folder, room, head(folder)):
        raise SchemaNewer(found, head(folder), room)


def _oldest(connection: Connection) -> str | None:
    if not _has_compatibility(connection):
        return None
    return connection.execute(select(compatibility.c.oldest)).scalar_one_or_none()


def _has_compatibility(connection: Connection) -> bool:
    found = connection.execute(text("SELECT to_regclass('compatibility')"))
    return found.scalar_one() is not None


_IN_USE = {"55P03", "40P01"}  # no lock in time; or each waited for the other's
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

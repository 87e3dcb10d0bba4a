"""Makes everything and ties it together; the only file that knows every class.

What is opened last is closed first, so that a stop finishes what is in hand before the database
goes away.
"""

import asyncio
import fcntl
import os
import random
import secrets
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar

import structlog

from tutorbot.authoring.preview import Preview
from tutorbot.checking.checker import Checker
from tutorbot.core.answers.judge import checked
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.calendar import DAY_STARTS
from tutorbot.core.noted import Noted
from tutorbot.core.pacing import Pace
from tutorbot.courses import uploads
from tutorbot.courses.load import SUFFIX, Loaded, Unsound, load
from tutorbot.courses.uploads import Examined, Refused
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.studio import Studio
from tutorbot.events import MissingExtra
from tutorbot.flows.groups import Groups
from tutorbot.flows.keys import Keys
from tutorbot.flows.practice import Practice
from tutorbot.flows.published import Library, publish
from tutorbot.flows.publishing import Publishing
from tutorbot.flows.regrading import Regrading
from tutorbot.flows.rulings import Rulings
from tutorbot.jobs.queue import Jobs
from tutorbot.languages import SPOKEN, languages
from tutorbot.metrics import Metrics
from tutorbot.playground.limits import Limits
from tutorbot.playground.server import Playground, PortPrivileged, PortTaken
from tutorbot.settings import Settings
from tutorbot.store import migrate
from tutorbot.store.backups import Backups
from tutorbot.store.errors import BackupFailed, PostgresUnusable, SchemaError, StoreUnavailable
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store
from tutorbot.telegram.app import BadToken, TelegramBot, Unreachable
from tutorbot.telegram.classes import ClassDesk
from tutorbot.telegram.conversation import Conversation
from tutorbot.telegram.desks import Desks
from tutorbot.telegram.groups import GroupTalk
from tutorbot.telegram.incident import story
from tutorbot.telegram.intake import Intake
from tutorbot.telegram.keys import KeyDesk
from tutorbot.telegram.pacing import Pacer, SharedBudget
from tutorbot.telegram.presence import Presence
from tutorbot.telegram.webhook import Webhook, WebhookRefused
from tutorbot.traces import NoTraces, Traces
from tutorbot.watch import VERSION, AddressRefused, Watch, looked_after, served, watched

PACKAGE = Path(__file__).parent

log = structlog.stdlib.get_logger()


class NoToken(Exception):
    """`tutorbot run` was started without a token."""

    def __init__(self) -> None:
        super().__init__(
            "TUTORBOT_TELEGRAM_TOKEN is not set; ask @BotFather on Telegram for a token and set it,"
            " or try `tutorbot demo`, which needs none."
        )


class UnsoundContent(Exception):
    """The course files have faults; the message names the first."""


class Ailing(Exception):
    """A part of the installation does not work; the message says which, and how to mend it."""


TROUBLE = (
    NoToken,
    UnsoundContent,
    Ailing,
    BadToken,
    Unreachable,
    WebhookRefused,
    MissingExtra,
    AddressRefused,
    PortTaken,
    PortPrivileged,
    PostgresUnusable,
    StoreUnavailable,
    SchemaError,
    BackupFailed,
    NotDrawable,
)
"""Whatever can keep a command from starting; `one_sentence` puts each into words."""


def clock() -> datetime:
    return datetime.now(UTC)


def shipped(name: str) -> Path:
    """A folder that comes along: beside the package in a checkout, inside it when installed."""
    beside = PACKAGE.parent / name
    return beside if beside.is_dir() else PACKAGE / "_data" / name


async def run(
    settings: Settings, stop: asyncio.Event, *, webhook: bool = False, jobs: bool = True
) -> None:
    """The bot on Telegram, until ``stop``.

    Args:
        settings: of the installation
        stop: asks it to finish what is in hand
        webhook: have updates brought, and do not poll
        jobs: work in the background as well

    Raises:
        NoToken, BadToken, Unreachable, WebhookRefused, PostgresUnusable, StoreUnavailable,
        SchemaError, UnsoundContent, Ailing: each one sentence with its remedy, and in `TROUBLE`.
    """
    if settings.telegram_token is None:
        raise NoToken
    token = settings.telegram_token.get_secret_value()
    hook = make_webhook(settings, token) if webhook else None
    # On a server of the settings, Telegram itself tells two bots with one token apart.
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            stack.enter_context(sole_bot(settings))
        watch = await stack.enter_async_context(watched(settings, stop, clock))
        if hook or settings.listens:
            await stack.enter_async_context(served(settings, watch, hook))
        bot = await stack.enter_async_context(
            assembled(
                settings,
                token,
                settings.telegram_url,
                Studio(),
                is_author=settings.author_ids.__contains__,
                pace=settings.pace,
                webhook=hook,
                jobs=jobs,
                watch=watch,
            )
        )
        await bot.run(stop)


def make_webhook(settings: Settings, token: str) -> Webhook:
    if not settings.webhook_url:
        raise Ailing(
            "TUTORBOT_WEBHOOK_URL is not set; set it to the https address at which Telegram reaches"
            " this machine, or run without --webhook."
        )
    secret = settings.webhook_secret
    return Webhook(
        url=settings.webhook_url,
        secret=secret.get_secret_value() if secret else None,
        token=token,
    )


async def _tables_fit(url: str) -> None:
    await migrate.check(url, shipped("migrations"))


async def demo(settings: Settings, stop: asyncio.Event, announce: Callable[[str], None]) -> None:
    """The bot and a chat page on this machine; ``announce`` gets the address of the page."""
    async with AsyncExitStack() as stack:
        stack.enter_context(sole_bot(settings))
        studio = Studio()
        playground = Playground(
            port=settings.playground_port,
            limits=Limits(chat_burst=20),  # Telegram bears a burst from a person who taps on
            formula_svg=lambda latex, display: studio.svg(latex, display=display),
            snapshot=settings.data / "playground.json",
            clock=clock,
        )
        await stack.enter_async_context(playground)
        bot = await stack.enter_async_context(
            assembled(
                settings,
                playground.token,
                playground.url,
                studio,
                is_author=everybody,
                pace=Pace(),
            )
        )
        announce(playground.url)
        await bot.run(stop)


async def preview(
    paths: Sequence[Path], port: int, stop: asyncio.Event, announce: Callable[[str], None]
) -> None:
    """A page that shows courses as learners will see them, until ``stop``.

    Raises:
        Unusable: a path is not there, a folder holds no course, or the port is taken.
    """
    async with started(Studio()) as studio:

        async def draw(latex: str, display: bool) -> str:
            return await studio.svg(latex, display=display)

        async with Preview(paths, draw=draw, words=languages(""), port=port) as page:
            announce(page.url)
            await stop.wait()


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
async def assembled(
    settings: Settings,
    token: str,
    url: str,
    studio: Studio,
    *,
    is_author: Callable[[int], bool],
    pace: Pace | None,
    webhook: Webhook | None = None,
    jobs: bool = True,
    watch: Watch | None = None,
) -> AsyncGenerator[TelegramBot]:
    """A bot that is ready to run: courses checked and published, the database migrated.

    What is done in the background is done in the same process, unless it has no ``jobs``. ``pace``
    is how fast the server may be sent to; None: it takes everything.

    The workers are started once nothing else can keep the bot from starting, and load while it
    does. The checker comes first: it makes the server that both fork from deaf to Ctrl-C.
    """
    loaded = await asyncio.to_thread(courses, settings)
    async with AsyncExitStack() as stack:
        metrics = watch.metrics if watch else Metrics(VERSION)
        store = await stack.enter_async_context(database(settings, metrics.count))
        checker = await stack.enter_async_context(started(Checker()))
        examiner = new_examiner()
        stack.push_async_callback(examiner.close)
        await stack.enter_async_context(started(studio))
        async with store.unit() as unit:
            await publish(unit, loaded, clock())
        # On a database of the settings others may send as well; on our own, nobody else does.
        shared = settings.database_url is not None
        budget = SharedBudget(store) if shared else None
        if watch:
            hears = webhook.hearing if webhook else lambda: True
            await stack.enter_async_context(looked_after(watch, store, _tables_fit, hears))
        yield make_bot(
            token=token,
            url=url,
            store=store,
            studio=studio,
            checker=checker,
            examiner=examiner,
            clock=clock,
            dice=random.Random(secrets.randbits(64)),
            is_author=is_author,
            pacer=Pacer(pace, budget, metrics=metrics) if pace else None,
            presence=Presence(store) if shared else None,
            timezone=settings.timezone,
            day_starts=settings.day_starts,
            beside=make_jobs(settings, store, clock, metrics, checker).at_work
            if jobs
            else nullcontext,
            webhook=webhook,
            metrics=metrics,
            traces=watch.traces if watch else None,
        )


def make_bot(
    *,
    token: str,
    url: str,
    store: Store,
    studio: Studio,
    checker: Checker,
    examiner: Checker,
    clock: Callable[[], datetime],
    dice: random.Random,
    is_author: Callable[[int], bool],
    pacer: Pacer | None = None,
    presence: Presence | None = None,
    timezone: str = "UTC",
    day_starts: int = DAY_STARTS,
    beside: Callable[[], AbstractAsyncContextManager[object]] = nullcontext,
    webhook: Webhook | None = None,
    metrics: Metrics | None = None,
    traces: Traces | None = None,
) -> TelegramBot:
    """The bot over parts that are open."""
    metrics, traces = metrics or Metrics(VERSION), traces or NoTraces()
    library = Library()
    publishing = Publishing(library, is_author)
    talk = GroupTalk(Groups(library, dice), languages)

    @metrics.timing_judge
    async def judge(asked: Asked, text: str) -> Verdict:
        with traces.span("judge"):
            return await checker.judge(asked, text)

    async def check(asked: Asked) -> tuple[str, ...] | None:
        done = await checker.run(checked, asked)
        return done.result if done else None

    regrading = Regrading(library, judge, languages)
    mending = Keys(library, regrading, is_author, check)
    key_desk = KeyDesk(mending, Rulings(library, regrading, mending), languages)

    async def examine(name: str, content: bytes) -> Examined | Refused:
        examiner.start()  # its worker is not there before the first author sends something
        done = await examiner.run(uploads.examine, name, content)
        return done.result if done else uploads.TOO_MUCH

    return TelegramBot(
        token=token,
        base_url=url,
        store=store,
        studio=studio,
        conversation=Conversation(
            Practice(library, judge, dice),
            publishing,
            talk,
            languages,
            Desks((ClassDesk(languages), key_desk)),
        ),
        unasked=talk.counters,
        intake=lambda bot, sender: Intake(
            bot=bot,
            store=store,
            sender=sender,
            publishing=publishing,
            examine=examine,
            languages=languages,
            clock=clock,
        ),
        clock=clock,
        timezone=timezone,
        day_starts=day_starts,
        languages=languages,
        spoken=SPOKEN,
        beside=beside,
        pacer=pacer,
        presence=presence,
        webhook=webhook,
        metrics=metrics,
        traces=traces,
    )


def make_jobs(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    metrics: Metrics | None = None,
    checker: Checker | None = None,
) -> Jobs:
    """What is done in the background; without a ``checker``, no answers are regraded."""
    return Jobs(
        store=store,
        languages=languages,
        clock=clock,
        story=story,
        direct=settings.direct_url,
        metrics=metrics,
        mending=Regrading(Library(), checker.judge, languages) if checker else None,
    )


def new_examiner() -> Checker:
    """What looks into files that strangers send, apart from what learners wait for."""
    return Checker(workers=1, deadline=_LONGEST_EXAMINATION, memory=_MOST_MEMORY)


_LONGEST_EXAMINATION = 60.0  # seconds; a course of 1,000 questions takes about ten
_MOST_MEMORY = 512 * 1024**2  # bytes


def everybody(_telegram_id: int) -> bool:
    """Who may publish on the playground, where a person is whoever one pleases to be."""
    return True


class Startable(Protocol):
    def start(self) -> None: ...

    async def close(self) -> None: ...


StartableT = TypeVar("StartableT", bound=Startable)


@asynccontextmanager
async def started(part: StartableT) -> AsyncGenerator[StartableT]:
    part.start()
    try:
        yield part
    finally:
        await part.close()


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


async def run_jobs(settings: Settings, stop: asyncio.Event) -> None:
    """Work in the background until ``stop``, beside any number of others."""
    async with AsyncExitStack() as stack:
        watch = await stack.enter_async_context(watched(settings, stop, clock))
        if settings.listens:
            await stack.enter_async_context(served(settings, watch))
        store = await stack.enter_async_context(database(settings, watch.metrics.count))
        await stack.enter_async_context(looked_after(watch, store, _tables_fit))
        checker = await stack.enter_async_context(started(Checker(workers=1)))
        await make_jobs(settings, store, clock, watch.metrics, checker).run(stop)


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
    match trouble:
        case PortTaken(port=port):
            return (
                f"Port {port} is taken by another program; stop that one, or set"
                " TUTORBOT_PLAYGROUND_PORT to another port."
            )
        case PortPrivileged(port=port):
            return (
                f"Port {port} needs rights that this user does not have; set"
                " TUTORBOT_PLAYGROUND_PORT to a port from 1024 on."
            )
        case StoreUnavailable():
            why = " ".join(str(trouble).split())
            if "No space left on device" in why:
                return f"The disk of the database is full ({why}); make room."
            return (
                f"The database does not answer ({why}); check that it runs and that"
                " TUTORBOT_DATABASE_URL is right."
            )
        case _:
            return " ".join(str(trouble).split())


def _make_data_folder(settings: Settings) -> None:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Ailing(
            f"The data folder {settings.data} cannot be made ({error.strerror}); set TUTORBOT_DATA"
            " to a folder that this user may write."
        ) from None

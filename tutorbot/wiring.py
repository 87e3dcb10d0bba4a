"""Makes everything and ties it together; the only file that knows every class.

What is opened last is closed first, so that a stop finishes what is in hand before the database
goes away.
"""

import asyncio
import gc
import random
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from datetime import datetime
from typing import Protocol, TypeVar

from tutorbot import installation
from tutorbot.checking.checker import Checker
from tutorbot.core.answers.judge import checked
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.calendar import DAY_STARTS
from tutorbot.core.pacing import MESSAGES_PER_SECOND, Pace
from tutorbot.courses import uploads
from tutorbot.courses.uploads import Examined, Refused
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.studio import Studio
from tutorbot.events import MissingExtra
from tutorbot.flows.classes import Beginning
from tutorbot.flows.drafts import Making
from tutorbot.flows.groups import Groups
from tutorbot.flows.joining import Joining
from tutorbot.flows.judgements import Judge
from tutorbot.flows.key_drafts import Check
from tutorbot.flows.keys import Keys
from tutorbot.flows.practice import Practice
from tutorbot.flows.published import Library, publish
from tutorbot.flows.publishing import Publishing
from tutorbot.flows.receipts import Receipts
from tutorbot.flows.regrading import Regrading
from tutorbot.flows.rounds import Rounds
from tutorbot.flows.rulings import Rulings
from tutorbot.installation import Ailing, clock, courses, database, shipped, sole_bot
from tutorbot.jobs.queue import Jobs
from tutorbot.languages import SPOKEN, languages
from tutorbot.metrics import Metrics
from tutorbot.settings import Settings
from tutorbot.store import migrate
from tutorbot.store.unit import Store
from tutorbot.telegram.app import BadToken, TelegramBot, Unreachable
from tutorbot.telegram.assignments import QuizDesk
from tutorbot.telegram.broadcasts import SendingDesk
from tutorbot.telegram.classes import ClassDesk
from tutorbot.telegram.conversation import Conversation
from tutorbot.telegram.desks import Desks
from tutorbot.telegram.groups import GroupTalk
from tutorbot.telegram.incident import story
from tutorbot.telegram.intake import Intake
from tutorbot.telegram.keys import KeyDesk
from tutorbot.telegram.pacing import Pacer, SharedBudget
from tutorbot.telegram.presence import Presence
from tutorbot.telegram.results import ResultsDesk
from tutorbot.telegram.rounds import RoundDesk, RoundTalk
from tutorbot.telegram.webhook import Webhook, WebhookRefused
from tutorbot.traces import NoTraces, Traces
from tutorbot.watch import VERSION, AddressRefused, Watch, looked_after, served, watched


class NoToken(Exception):
    """`tutorbot run` was started without a token."""

    def __init__(self) -> None:
        super().__init__(
            "TUTORBOT_TELEGRAM_TOKEN is not set; ask @BotFather on Telegram for a token and set it,"
            " or try `tutorbot demo`, which needs none."
        )


TROUBLE = (
    *installation.TROUBLE,
    NoToken,
    BadToken,
    Unreachable,
    WebhookRefused,
    MissingExtra,
    AddressRefused,
    NotDrawable,
)
"""Whatever can keep the bot from starting; `one_sentence` puts each into words."""

one_sentence = installation.one_sentence


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
        pass_over_what_is_loaded()
        await bot.run(stop)


def pass_over_what_is_loaded() -> None:
    """Let the search for garbage leave out what has been loaded by now, as it stays for good.

    To go through all of it took 0.2 s, again and again, in which nobody was answered; what an
    update leaves behind is little, and is looked at less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 10)


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
            per_second=settings.messages_per_second,
            beside=make_jobs(settings, store, clock, metrics, checker, is_author).at_work
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
    per_second: float = MESSAGES_PER_SECOND,
    beside: Callable[[], AbstractAsyncContextManager[object]] = nullcontext,
    webhook: Webhook | None = None,
    metrics: Metrics | None = None,
    traces: Traces | None = None,
) -> TelegramBot:
    """The bot over parts that are open."""
    metrics, traces = metrics or Metrics(VERSION), traces or NoTraces()
    library = Library()
    publishing = Publishing(library, is_author)
    rounds = Rounds(library, dice)
    round_talk = RoundTalk(rounds, languages)
    talk = GroupTalk(Groups(library, dice), round_talk, languages)

    @metrics.timing_judge
    async def judge(asked: Asked, text: str) -> Verdict:
        with traces.span("judge"):
            return await checker.judge(asked, text)

    async def examine(name: str, content: bytes) -> Examined | Refused:
        examiner.start()  # its worker is not there before the first author sends something
        done = await examiner.run(uploads.examine, name, content)
        return done.result if done else uploads.TOO_MUCH

    practice = Practice(library, judge, dice)
    desks = make_desks(
        library,
        practice,
        rounds,
        is_author=is_author,
        me=lambda: bot.name,
        judge=judge,
        check=checking(checker),
        per_second=per_second,
    )
    bot = TelegramBot(
        token=token,
        base_url=url,
        store=store,
        studio=studio,
        conversation=Conversation(
            practice,
            publishing,
            talk,
            languages,
            desks,
        ),
        unasked=talk.counters,
        rounds=round_talk.look,
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
    return bot


def make_desks(
    library: Library,
    practice: Practice,
    rounds: Rounds,
    *,
    is_author: Callable[[int], bool],
    me: Callable[[], str],
    judge: Judge,
    check: Check,
    per_second: float = MESSAGES_PER_SECOND,
) -> Desks:
    """All that is heard about teaching; ``me`` is the bot's user name."""
    codes = secrets.SystemRandom()  # of links, which nobody may foresee
    regrading = Regrading(library, judge, languages)
    mending = Keys(library, regrading, is_author, check)
    keys = KeyDesk(mending, Rulings(library, regrading, mending), languages)
    return Desks(
        (
            ClassDesk(languages, Beginning(is_author, codes), Joining(codes), me),
            QuizDesk(practice, languages),
            RoundDesk(rounds, practice, languages),
            SendingDesk(Making(library, per_second), Receipts(per_second), languages),
            ResultsDesk(library, languages),
            keys,
        ),
        published=keys.published,
    )


def checking(checker: Checker) -> Check:
    """Let keys be looked through by the checker."""

    async def check(asked: Asked) -> tuple[str, ...] | None:
        done = await checker.run(checked, asked)
        return done.result if done else None

    return check


def make_jobs(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    metrics: Metrics | None = None,
    checker: Checker | None = None,
    is_author: Callable[[int], bool] | None = None,
) -> Jobs:
    """What is done in the background; without a ``checker``, no answers are regraded.

    ``is_author`` as for the bot; None: those of the settings.
    """
    mending = None
    if checker:
        library, authors = Library(), is_author or settings.author_ids.__contains__
        regrading = Regrading(library, checker.judge, languages)
        mending = Keys(library, regrading, authors, checking(checker))
    return Jobs(
        store=store,
        languages=languages,
        clock=clock,
        story=story,
        direct=settings.direct_url,
        metrics=metrics,
        per_second=settings.messages_per_second,
        mending=mending,
    )


def new_examiner() -> Checker:
    """What looks into files that strangers send, apart from what learners wait for."""
    return Checker(workers=1, deadline=_LONGEST_EXAMINATION, memory=_MOST_MEMORY)


_LONGEST_EXAMINATION = 60.0  # seconds; a course of 1,000 questions takes about ten
_MOST_MEMORY = 512 * 1024**2  # bytes


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


async def run_jobs(settings: Settings, stop: asyncio.Event) -> None:
    """Work in the background until ``stop``, beside any number of others."""
    async with AsyncExitStack() as stack:
        watch = await stack.enter_async_context(watched(settings, stop, clock))
        if settings.listens:
            await stack.enter_async_context(served(settings, watch))
        store = await stack.enter_async_context(database(settings, watch.metrics.count))
        await stack.enter_async_context(looked_after(watch, store, _tables_fit))
        checker = await stack.enter_async_context(started(Checker(workers=1)))
        jobs = make_jobs(settings, store, clock, watch.metrics, checker)
        pass_over_what_is_loaded()
        await jobs.run(stop)

"""The bot on Telegram: takes the token, starts the parts, and stops them in order."""

import asyncio
import gettext
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import datetime

import structlog
from telegram import BotCommand, BotCommandScopeAllGroupChats, Chat, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from tutorbot.core.calendar import DAY_STARTS
from tutorbot.drawing.studio import Studio
from tutorbot.metrics import Metrics
from tutorbot.store.unit import Store
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.heartbeat import beat, go_on_beating
from tutorbot.telegram.intake import Intake
from tutorbot.telegram.net import Conversation, Languages, Net
from tutorbot.telegram.order import Worked
from tutorbot.telegram.pacing import Pacer
from tutorbot.telegram.polling import poll
from tutorbot.telegram.presence import Presence
from tutorbot.telegram.read import RawUpdate
from tutorbot.telegram.request import AiohttpRequest, patiently
from tutorbot.telegram.send import Sender
from tutorbot.telegram.unasked import Look, Unasked
from tutorbot.telegram.webhook import Webhook
from tutorbot.traces import Traces

log = structlog.stdlib.get_logger()


class BadToken(Exception):
    """Telegram does not know the token. Reads as one sentence: the cause, then the remedy."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refuses the token; copy it anew from @BotFather into"
            " TUTORBOT_TELEGRAM_TOKEN, with the number before the colon."
        )


class Unreachable(Exception):
    """Nobody answers for Telegram. Reads as one sentence: the cause, then the remedy."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(
            f"{url} cannot be reached ({why}); check this machine's connection to the internet,"
            " its proxy and TUTORBOT_TELEGRAM_URL."
        )


def english(_language: str) -> gettext.NullTranslations:
    return gettext.NullTranslations()


class TelegramBot:
    """One bot; `run` it once.

    Args:
        token: from BotFather
        base_url: the Bot API server, such as ``https://api.telegram.org``
        store: open, its tables up to date
        studio: started
        conversation: decides what is said
        clock: aware
        timezone: of learners who are new, an IANA name
        day_starts: of learners who are new, in hours after midnight
        languages: the words of a learner's language
        spoken: languages that have a menu of commands of their own
        beside: what goes on while the bot hears, once Telegram knows it
        commands: what the menu of commands shows, by name; None for the usual
        poll_seconds: how long a request may wait at Telegram's for an update
        sweep_seconds: how often to look for replies that were put off or left over
        intake: makes what takes in the files that authors send; None: nobody sends any
        pacer: keeps to what Telegram takes; None: the server takes everything
        presence: among others who send what is in the store; None: nobody else does
        unasked: what is to be said in which chats without anybody having said anything there
        metrics: are told what happens
        traces: are told where the time of each update goes
        webhook: takes updates in, its route being served by somebody else; None: polls for them

    Raises:
        BadToken: there is none
    """

    def __init__(
        self,
        *,
        token: str,
        base_url: str,
        store: Store,
        studio: Studio,
        conversation: Conversation,
        clock: Callable[[], datetime],
        timezone: str = "UTC",
        day_starts: int = DAY_STARTS,
        languages: Languages = english,
        spoken: Sequence[str] = (),
        beside: Callable[[], AbstractAsyncContextManager[object]] = nullcontext,
        commands: Sequence[tuple[str, str]] | None = None,
        poll_seconds: int = 30,
        sweep_seconds: float = 2,
        intake: Callable[[BotApi, Sender], Intake] | None = None,
        unasked: Look | None = None,
        pacer: Pacer | None = None,
        presence: Presence | None = None,
        metrics: Metrics | None = None,
        traces: Traces | None = None,
        webhook: Webhook | None = None,
    ) -> None:
        token = token.strip()
        if not token:
            raise BadToken
        self._url = base_url.rstrip("/")
        proxied = self._url.startswith("https://")  # a server of one's own is near
        metrics = metrics or Metrics()
        self._bot = BotApi(
            token,
            base_url=f"{self._url}/bot",
            base_file_url=f"{self._url}/file/bot",
            request=AiohttpRequest(trust_env=proxied, told=metrics.called),
            get_updates_request=AiohttpRequest(connections=2, trust_env=proxied),
            rate_limiter=pacer,
        )
        self._store = store
        self._clock = clock
        self._menus = (
            {code: usual_commands(languages(code or "")) for code in (None, *spoken)}
            if commands is None
            else {None: commands}
        )
        self._group_menus = {
            code: commands_in_groups(languages(code or "")) for code in (None, *spoken)
        }
        self._poll_seconds = poll_seconds
        self._beside = beside
        self._sender = Sender(
            self._bot,
            store,
            studio,
            clock,
            presence=presence,
            sweep_seconds=sweep_seconds,
            metrics=metrics,
            traces=traces,
        )
        self._webhook = webhook
        self._intake = intake(self._bot, self._sender) if intake else None
        self._unasked = (
            Unasked(unasked, store, self._sender, clock, seconds=sweep_seconds) if unasked else None
        )
        self._net = Net(
            store=store,
            sender=self._sender,
            conversation=conversation,
            languages=languages,
            clock=clock,
            timezone=timezone,
            day_starts=day_starts,
            metrics=metrics,
            traces=traces,
        )

    @property
    def name(self) -> str:
        """Its user name, without the ``@``; known once it runs."""
        return self._bot.username

    async def run(self, stop: asyncio.Event) -> None:
        """Hear and answer until ``stop``; what is in hand then is finished first, within 8 s.

        Raises:
            BadToken: Telegram does not know the token
            Unreachable: Telegram does not answer at the start; later, the bot waits for it
            WebhookRefused: Telegram does not take its address
        """
        try:
            if not await self._connect(stop):
                return
            # Before anything is heard: what was said while we were down must find the outage noted.
            await beat(self._store, self._clock)
            sending = asyncio.create_task(self._sender.run())
            taking_in = asyncio.create_task(self._take_in())
            beating = asyncio.create_task(go_on_beating(self._store, self._clock))
            looking = asyncio.create_task(self._look())
            working = asyncio.create_task(self._work_beside(stop))
            try:
                await self._take_updates(stop)
            finally:
                if not stop.is_set():
                    working.cancel()
                # Sending takes its leave before it is cancelled; work beside hears of the stop.
                for task in (taking_in, beating, looking):
                    task.cancel()
                closing = asyncio.create_task(self._sender.close())
                try:
                    await asyncio.wait({closing, working})
                finally:
                    closing.cancel()  # who asks a second time does not wait for it
                if not working.cancelled() and (error := working.exception()):
                    raise error
                sending.cancel()
                others = (sending, taking_in, beating, looking)
                await asyncio.wait(others, timeout=_LAST_WORDS)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LAST_WORDS):
                        await beat(self._store, self._clock, last=True)
        finally:
            await self._bot.shutdown()

    async def _connect(self, stop: asyncio.Event) -> bool:
        """Whether Telegram knows us; False if the stop comes while it lets us wait."""
        try:
            # Many processes may start at once, and be told to wait.
            await patiently(self._bot.initialize, stop)
            if self._webhook is None:
                # This bot may have had a webhook before; what waits for it is kept.
                await patiently(self._keep_no_webhook, stop)
        except InvalidToken:
            raise BadToken from None
        except TelegramError as error:
            raise Unreachable(self._url, error.message) from None
        if stop.is_set():
            return False
        with suppress(TelegramError):  # a menu is no reason not to teach
            for code, commands in self._menus.items():
                shown = [BotCommand(*each) for each in commands]
                await self._bot.set_my_commands(shown, language_code=code)
            for code, commands in self._group_menus.items():
                shown = [BotCommand(*each) for each in commands]
                everywhere = BotCommandScopeAllGroupChats()
                await self._bot.set_my_commands(shown, scope=everywhere, language_code=code)
        log.info("bot.started", name=self._bot.username)
        return True

    async def _keep_no_webhook(self) -> bool:
        return await self._bot.delete_webhook(drop_pending_updates=False)

    async def _take_updates(self, stop: asyncio.Event) -> None:
        if self._webhook is None:
            await poll(self._bot, self._handle_polled, stop, poll_seconds=self._poll_seconds)
            return
        try:
            await self._webhook.hear(self._bot, self._handle, stop)
        except TelegramError as error:
            raise Unreachable(self._url, error.message) from None

    async def _handle_polled(self, update: RawUpdate) -> bool:
        worked = await self._handle(update)
        if worked.press:
            self._sender.answer(worked.press)
        return worked.committed

    async def _handle(self, update: RawUpdate) -> Worked:
        # Not by PTB's Application: it takes no result, and keeps exceptions to itself.
        worked = await self._net.handle(update, self._bot.username)
        match update:
            case {"message": {"document": _}} if self._intake:
                self._intake.wake()
            case {"callback_query": {"message": {"chat": {"type": kind}}}} if (
                self._unasked and kind != Chat.PRIVATE
            ):
                self._unasked.wake()
            case _:
                pass
        return worked

    async def _work_beside(self, stop: asyncio.Event) -> None:
        async with self._beside():
            await stop.wait()

    async def _take_in(self) -> None:
        if self._intake:
            await self._intake.run()

    async def _look(self) -> None:
        if self._unasked:
            await self._unasked.run()


async def whoami(token: str, base_url: str) -> tuple[str, WebhookInfo]:
    """The user name of the bot that the token opens, without the ``@``; and where it is heard.

    Raises:
        BadToken: Telegram does not know the token
        Unreachable: Telegram does not answer
    """
    url = base_url.rstrip("/")
    request = AiohttpRequest(trust_env=url.startswith("https://"))
    try:
        bot = BotApi(token, base_url=f"{url}/bot", request=request)
        async with bot:
            return bot.username, await bot.get_webhook_info()
    except InvalidToken:
        raise BadToken from None
    except TelegramError as error:
        raise Unreachable(url, error.message) from None


def usual_commands(words: gettext.NullTranslations) -> tuple[tuple[str, str], ...]:
    _ = words.gettext
    return (
        ("start", _("Pick a paper, or go on with one")),
        ("review", _("What is due to come back")),
        ("progress", _("What you master by now")),
        ("certainty", _("How sure you were, and how right")),
        ("streak", _("Your days of study")),
        ("classes", _("The classes you are in")),
        ("tz", _("Your time zone")),
        ("formulas", _("How formulas are shown")),
        ("settings", _("Your time zone, goal, reminder and more")),
        ("help", _("What I can do")),
        ("privacy", _("What I keep about you")),
    )


def commands_in_groups(words: gettext.NullTranslations) -> tuple[tuple[str, str], ...]:
    _ = words.gettext
    return (
        ("quiz", _("A question for all of us")),
        ("table", _("How this group does")),
    )


_LAST_WORDS = 1.0  # seconds

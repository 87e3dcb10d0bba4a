"""Takes updates in over HTTP, and answers 200 to none before its work is committed.

Telegram brings an update again until it is told 200, and brings no other of the same chat or person
meanwhile, whichever process they go to. So order and "exactly once" hold over any number of
processes which share nothing but the database.
"""

import asyncio
import hashlib
import hmac
import json
from contextlib import suppress
from http import HTTPStatus
from time import monotonic
from typing import cast
from urllib.parse import urlsplit

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from telegram import WebhookInfo
from telegram.error import BadRequest, TelegramError

from tutorbot.metrics import RECEIVED
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.incident import story
from tutorbot.telegram.order import AT_ONCE, Handle, Order, Worked, lane
from tutorbot.telegram.read import HEARD, RawUpdate
from tutorbot.telegram.request import patiently

CONNECTIONS = 100
"""How many updates Telegram may bring at once, to all processes together: its own maximum."""

MOST_IN_HAND = 128
"""Updates in one process. Telegram brings a hundred at most, if all come here; the others are those
whose bringer has hung up and which are being finished."""

MOST_OF_ONE = 4
"""Updates of one lane in hand. Telegram brings one at a time, and again what it has given up on."""

LARGEST = 1024**2
"""Bytes of an update. The longest message, of 32,768 characters at up to 12 bytes in JSON, which
answers another of that length, takes some 800,000."""

log = structlog.stdlib.get_logger()


class WebhookRefused(Exception):
    """Telegram does not take the address. Reads as one sentence: the cause, then the remedy."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(
            f"Telegram does not take {url} for its webhook ({why}); set TUTORBOT_WEBHOOK_URL to an"
            " https address that it can reach."
        )


class Webhook:
    """Serve `route`: updates are worked through while `hear` runs, and put off before and after.

    Args:
        url: where Telegram is to bring updates; its path is where `route` takes them
        secret: what Telegram is to say with each, of A-Z, a-z, 0-9, "_" and "-"; None for one that
            follows from the token, so that all processes of a bot agree on it
        token: the bot's
        at_once: updates at work
        most_in_hand: updates at work, or waiting for their turn
        look_seconds: between looks whether Telegram still brings updates here
    """

    def __init__(
        self,
        *,
        url: str,
        secret: str | None,
        token: str,
        at_once: int = AT_ONCE,
        most_in_hand: int = MOST_IN_HAND,
        look_seconds: float = 300,
    ) -> None:
        self._secret = secret or _derived(token, "secret")
        # Telegram does not tell which secret it has, but it tells the address: so that carries a
        # mark by which a process that starts knows whether both are still the same.
        self.address = f"{url}?as={_derived(token, self._secret)[:12]}"
        self._expected = self._secret.encode()
        self._order = Order(at_once)
        self._most_in_hand = most_in_hand
        self._look_seconds = look_seconds
        self._handle: Handle | None = None
        self._reading = 0
        self._at_work: set[asyncio.Task[Worked]] = set()
        self._told: float | None = None  # when the last trouble was that is known
        self.route = Route(urlsplit(url).path or "/", self)

    @property
    def hears(self) -> bool:
        """Whether updates are worked through, and not put off."""
        return self._handle is not None

    async def hear(self, bot: BotApi, handle: Handle, stop: asyncio.Event) -> None:
        """Have updates brought, and handle them, until ``stop``; what is in hand is finished.

        Other processes may go on hearing, so the webhook stays.

        Raises:
            WebhookRefused: Telegram does not take the address
            TelegramError: Telegram does not answer at the start
        """
        self._handle = handle
        try:
            await self._set(bot, stop)
            while not stop.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._look_seconds):
                        await stop.wait()
                        return
                try:
                    await self._set(bot, stop)  # somebody may have polled with our token
                except (TelegramError, WebhookRefused) as error:
                    log.warning("webhook.unknown", error=story(error))
        finally:
            self._handle = None
            await self._finish()

    def hearing(self) -> bool:
        """Whether updates are worked through, or put off."""
        return self._handle is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(Request(scope, receive))
        except ClientDisconnect:  # in the middle of the update
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        refusal = self._refused(request)
        if refusal:
            return refusal
        RECEIVED.set(monotonic())
        self._reading += 1
        try:
            body = await _body(request)
        finally:
            self._reading -= 1
        if isinstance(body, Response):
            return body
        update = _update(body)
        if update is None:
            return _say(HTTPStatus.BAD_REQUEST, "no update")
        if self._handle is None:
            return _later("stopping")
        if self._order.length(lane(update)) >= MOST_OF_ONE:
            return _later("this chat is busy")
        # A task of its own: it goes on when whoever brought the update hangs up.
        work = asyncio.create_task(self._work(update, self._handle))
        self._at_work.add(work)
        work.add_done_callback(self._at_work.discard)
        await asyncio.wait({work})
        if work.cancelled() or not (worked := work.result()).committed:
            return _later("not committed", seconds=2)
        if worked.press:  # Telegram makes the one call that it is answered with
            return JSONResponse({"method": "answerCallbackQuery", **worked.press.parameters})
        return Response()

    def _refused(self, request: Request) -> Response | None:
        """Whatever can be said before the body is read; a stranger learns nothing of how we are."""
        if request.method != "POST":
            return _say(HTTPStatus.METHOD_NOT_ALLOWED, "POST only", {"Allow": "POST"})
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given.encode(), self._expected):
            return _say(HTTPStatus.FORBIDDEN, "wrong secret")
        kind = request.headers.get("Content-Type", "").partition(";")[0]
        if kind.strip().lower() != "application/json":
            return _say(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "JSON only")
        if self._handle is None:
            return _later("not at work")
        if self._reading + len(self._at_work) >= self._most_in_hand:
            return _later("too much in hand")
        return None

    async def _work(self, update: RawUpdate, handle: Handle) -> Worked:
        async with self._order.turn(lane(update)):
            try:
                return await handle(update)
            except Exception as error:  # noqa: BLE001 - the net is in `handle`; whatever it missed comes again
                log.error("webhook.broke", update=update["update_id"], error=story(error))  # noqa: TRY400 - see incident.py
                return Worked(committed=False)

    async def _finish(self) -> None:
        if self._at_work:
            _, late = await asyncio.wait(self._at_work, timeout=_GRACE)
            for task in late:  # taken back, and brought again to whoever is at work then
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _set(self, bot: BotApi, stop: asyncio.Event) -> None:
        """Have Telegram bring updates here, unless it does so already."""
        info = await patiently(bot.get_webhook_info, stop)
        if info is None:
            return
        self._tell(info)
        if self._agrees(info):
            return

        async def ask() -> bool:
            return await bot.set_webhook(
                self.address,
                secret_token=self._secret,
                allowed_updates=HEARD,
                max_connections=CONNECTIONS,
                drop_pending_updates=False,
            )

        try:
            if await patiently(ask, stop):
                log.info("webhook.set", url=self.address, before=info.url)
        except BadRequest as error:
            raise WebhookRefused(self.address, error.message) from None

    def _agrees(self, info: WebhookInfo) -> bool:
        return (
            info.url == self.address
            and set(info.allowed_updates or ()) == set(HEARD)
            and info.max_connections == CONNECTIONS
        )

    def _tell(self, info: WebhookInfo) -> None:
        """Log what Telegram has met here since we are here, once for each time that we look."""
        at = info.last_error_date.timestamp() if info.last_error_date else 0
        if self._told is not None and at > self._told:
            log.warning("webhook.trouble", error=info.last_error_message)
        self._told = at


_BODY_SECONDS = 10.0
_GRACE = 3.0  # seconds, as where updates are polled for; the outbox has as many after it


def _derived(token: str, what: str) -> str:
    return hmac.new(token.encode(), f"tutorbot webhook {what}".encode(), hashlib.sha256).hexdigest()


async def _body(request: Request) -> bytes | Response:
    """Read the body as it comes, whatever length it says that it has."""
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST:
                    close = {"Connection": "close"}
                    return _say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large", close)
    except TimeoutError:
        return _say(HTTPStatus.REQUEST_TIMEOUT, "too slow", {"Connection": "close"})
    return bytes(body)


def _update(body: bytes) -> RawUpdate | None:
    """The update; None if this is none of Telegram's, which have a number that we can keep."""
    try:
        found = _JSON.decode(body.decode())
    except (ValueError, RecursionError):
        return None
    match found:
        case {"update_id": bool()}:
            return None
        case {"update_id": int() as number} if 0 <= number <= _LARGEST_ID:
            return cast("RawUpdate", found)
        case _:
            return None


def _no_number(name: str) -> None:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_no_number)  # NaN is no JSON, and nothing Postgres keeps
_LARGEST_ID = 2**63 - 1


def _later(why: str, seconds: int = 1) -> Response:
    return _say(HTTPStatus.SERVICE_UNAVAILABLE, why, {"Retry-After": str(seconds)})


def _say(status: HTTPStatus, why: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{why}\n", status_code=status, headers=headers)

"""PTB's calls over aiohttp, which carries several times as many per second as PTB's httpx does."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Any, TypeVar, cast

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from tutorbot.telegram.rich import Json


class FloodError(TelegramError):
    """Too many calls, by Telegram's count or ours; may be made again after so many ``seconds``.

    Instead of PTB's own, which warns about its future each time that it is made.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests: wait {seconds} seconds")
        self.seconds = seconds


class NotReachedError(NetworkError):
    """There was no connection to send the call over: for certain, nothing of it arrived."""


class LapsedError(TelegramError):
    """It was not sent, for it is no longer ours to send."""

    def __init__(self) -> None:
        super().__init__("The message is no longer ours to send")


STILL_OURS: ContextVar[Callable[[], bool] | None] = ContextVar("STILL_OURS", default=None)
"""Whether what is sent from here on may be sent: asked at the last moment, after every wait."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class _Ready:
    parameters: Json
    contains_files: bool = False


def ready(parameters: Json) -> RequestData:
    """Parameters that are JSON as they stand, or None and left out: PTB need not look at them."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return cast("RequestData", _Ready(parameters=given))


async def patiently(call: Callable[[], Awaitable[T]], stop: asyncio.Event) -> T | None:
    """Make a call, again whenever it was refused as too early; None if the stop comes first."""
    while not stop.is_set():
        try:
            return await call()
        except FloodError as error:
            with suppress(TimeoutError):
                async with asyncio.timeout(error.seconds):
                    await stop.wait()
    return None


class AiohttpRequest(BaseRequest):
    """One pool of connections.

    No error of this class has the URL in it, nor anything that has: the token is a part of it.
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        connect_seconds: float = 5,
        read_seconds: float = 10,
        trust_env: bool = False,
        told: Callable[[int | None, float], None] | None = None,
    ) -> None:
        """Prepare; `initialize` opens the pool.

        Args:
            connections: at most so many at once; further calls wait for their turn
            connect_seconds: to wait for a turn, and again for the connection
            read_seconds: to wait for each part of the answer
            trust_env: go through the proxy that the environment names
            told: is told the status of each answer, or None if there was none, and the seconds
        """
        self._connections = connections
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._trust_env = trust_env
        self._told = told
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read_seconds

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=self._trust_env,
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:  # noqa: ANN401 - PTB's, which knows no better
        """As PTB does, without logging the page of each proxy that is out of order."""
        try:
            return json.loads(payload)
        except ValueError:
            raise TelegramError("The answer is no JSON") from None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if (still_ours := STILL_OURS.get()) and not still_ours():
            raise LapsedError
        if self._session is None:
            raise RuntimeError("AiohttpRequest is used before initialize or after shutdown")
        read = _seconds(read_timeout, self._read_seconds)
        connect = _seconds(connect_timeout, self._connect_seconds)
        turn = _seconds(pool_timeout, self._connect_seconds)
        write = _seconds(write_timeout, _UPLOAD_SECONDS)
        timeout = aiohttp.ClientTimeout(
            total=None
            if None in {read, connect, turn, write}
            else _sum(read, connect, turn, write),
            connect=None if None in {connect, turn} else _sum(connect, turn),
            sock_connect=connect,
            sock_read=read,
        )
        began, status = monotonic(), None
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
        except aiohttp.ConnectionTimeoutError as error:
            raise NotReachedError(f"Timed out ({type(error).__name__})") from None
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError) as error:
            raise NotReachedError(_without_url(error)) from None
        except TimeoutError as error:
            raise TimedOut(f"Timed out ({type(error).__name__})") from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(_without_url(error)) from None
        else:
            if status == HTTPStatus.TOO_MANY_REQUESTS and (seconds := _retry_after(payload)):
                raise FloodError(seconds)
            return status, payload
        finally:
            if self._told:
                self._told(status, monotonic() - began)


_UPLOAD_SECONDS = 20.0  # for the largest picture on a slow line


def _body(request_data: RequestData | None) -> aiohttp.FormData | aiohttp.BytesPayload | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        payload = json.dumps(request_data.parameters, separators=(",", ":"), ensure_ascii=False)
        return aiohttp.BytesPayload(payload.encode(), content_type="application/json")
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _retry_after(payload: bytes) -> float | None:
    try:
        match json.loads(payload):
            case {"parameters": {"retry_after": int() | float() as seconds}}:
                return seconds
            case _:
                return None
    except ValueError:  # a page of a proxy on the way
        return None


def _seconds(given: object, otherwise: float) -> float | None:
    """PTB's three ways of giving a time: a number, None for no limit, or "not given"."""
    if given is None or isinstance(given, int | float):
        return given
    return otherwise


def _sum(*seconds: float | None) -> float:
    return sum(each or 0 for each in seconds)


def _without_url(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"{type(error).__name__}: cannot connect to {error.host}:{error.port}"
    return type(error).__name__

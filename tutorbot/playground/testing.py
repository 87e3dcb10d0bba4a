"""What tests against the playground need besides people: a clock to move, and a bare client."""

import asyncio
import selectors
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import aiohttp

from tutorbot.playground.server import Playground
from tutorbot.playground.wire import JsonObject


@dataclass
class StillClock:
    """A clock that stands still until a test moves it."""

    now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)
    seconds: float = 0.0

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
        self.now += timedelta(seconds=seconds)


class _Leap(selectors.SelectSelector):
    """Waits for nothing: where it would wait, the time passes at once."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing is left that could happen")
        self.passed += max(timeout, 0)
        return super().select(0)


class VirtualTime(asyncio.SelectorEventLoop):
    """An event loop in which an hour of sleep takes no time; for what has no doings outside.

    ``asyncio.Runner(loop_factory=VirtualTime)`` runs in it.
    """

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        return self._leap.passed


class BareBot:
    """The Bot API over bare HTTP, for what a library would hide."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use it as an asynchronous context")
        return self._session

    def address(self, method: str) -> str:
        return f"{self._playground.url}/bot{self._playground.token}/{method}"

    async def answer(self, method: str, **params: Any) -> JsonObject:  # noqa: ANN401 - any JSON
        """The whole answer, good or bad."""
        async with self.session.post(self.address(method), json=params) as answer:
            return await answer.json()

    async def does(self, method: str, **params: Any) -> Any:  # noqa: ANN401 - any JSON
        """The result of a call that must succeed."""
        answer = await self.answer(method, **params)
        if not answer["ok"]:
            raise AssertionError(answer["description"])
        return answer["result"]

    async def refuses(self, method: str, **params: Any) -> str:  # noqa: ANN401 - any JSON
        """In which words a call is refused."""
        answer = await self.answer(method, **params)
        if answer["ok"]:
            raise AssertionError(f"{method} was not refused: {answer['result']}")
        return answer["description"]

    async def uploads(
        self,
        method: str,
        content: bytes,
        *,
        field: str = "photo",
        name: str = "p.png",
        **params: Any,  # noqa: ANN401 - any JSON
    ) -> JsonObject:
        """The whole answer to a call with a file."""
        form = aiohttp.FormData({key: str(value) for key, value in params.items()})
        form.add_field(field, content, filename=name, content_type="application/octet-stream")
        async with self.session.post(self.address(method), data=form) as answer:
            return await answer.json()


def blank_png(width: int = 4, height: int = 3) -> bytes:
    """As much of a picture as the server looks at."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + size + b"\x08\x06\x00\x00\x00"

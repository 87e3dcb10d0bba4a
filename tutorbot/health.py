"""What a process tells whoever watches over it, over HTTP: /metrics, /healthz and /readyz.

None of it is for the public: a load balancer passes on the path of the webhook, and nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus

import structlog
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tutorbot.metrics import Depths, Metrics
from tutorbot.store import watching
from tutorbot.store.errors import SchemaError, StoreUnavailable
from tutorbot.store.unit import Store

PATIENCE = 1.0
"""Seconds in which the database has to answer."""

log = structlog.stdlib.get_logger()


class Health:
    """Serve `routes`. The process is not ready before `watching`, nor once ``stop`` is set.

    Args:
        metrics: of the process
        stop: set as soon as it is asked to stop
        clock: aware
    """

    def __init__(
        self, metrics: Metrics, stop: asyncio.Event, clock: Callable[[], datetime]
    ) -> None:
        self._metrics = metrics
        self._stop = stop
        self._clock = clock
        self._store: Store | None = None
        self._hears: Callable[[], bool] = bool
        self._fits: Callable[[], Awaitable[None]] | None = None
        self._fitting: str | None = None  # the migration whose tables fit, as was found last
        self._asking: asyncio.Task[None] | None = None
        self.routes = [
            Route("/healthz", self._alive, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
            Route("/metrics", self._tell, methods=["GET"]),
        ]

    @contextmanager
    def watching(
        self, store: Store, fits: Callable[[], Awaitable[None]], hears: Callable[[], bool]
    ) -> Generator[None]:
        """While the block runs, the process is ready if the database is.

        Args:
            store: with a connection of its own, so that what is asked here waits for no learner
            fits: raises `SchemaError` where this code cannot run on the database's tables
            hears: whether updates are taken in
        """
        self._store, self._fits, self._hears = store, fits, hears
        try:
            yield
        finally:
            self._store = self._metrics.depths = None

    async def _alive(self, _request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def _ready(self, _request: Request) -> Response:
        why = await self._hindrance()
        # Nothing on the way may remember it.
        return JSONResponse(
            {"ready": why is None} | ({"why": why} if why else {}),
            HTTPStatus.OK if why is None else HTTPStatus.SERVICE_UNAVAILABLE,
            {"Cache-Control": "no-store"},
        )

    async def _hindrance(self) -> str | None:
        if self._stop.is_set():
            return "stopping"
        if self._store is None or not self._hears():
            return "starting"
        try:
            async with asyncio.timeout(PATIENCE):
                await self._look_at_tables(self._store)
        except SchemaError:
            return "the tables do not fit"
        except (StoreUnavailable, TimeoutError):
            return "the database does not answer"
        except Exception as error:  # noqa: BLE001 - whoever asks wants an answer, and it is no yes
            log.warning("health.failed", error=type(error).__name__)
            return "the database is out of order"
        return "stopping" if self._stop.is_set() else None

    async def _look_at_tables(self, store: Store) -> None:
        async with store.unit() as unit:
            found = await watching.revision(unit)
        if self._fits and (found is None or found != self._fitting):
            await self._fits()
            self._fitting = found

    async def _tell(self, request: Request) -> Response:
        await self._ask()
        encode, kind = choose_encoder(request.headers.get("Accept", ""))
        return Response(encode(self._metrics.registry), headers={"Content-Type": kind})

    async def _ask(self) -> None:
        """Look up what waits; who comes while that goes on waits for the same answer."""
        if self._store is None:
            return
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._look_at_depths(self._store))
        await asyncio.shield(self._asking)

    async def _look_at_depths(self, store: Store) -> None:
        try:
            async with asyncio.timeout(PATIENCE), store.unit() as unit:
                found = await watching.look(unit)
        except Exception as error:  # noqa: BLE001 - what is not known is not told; all else is
            log.info("health.depths_unknown", error=type(error).__name__)
            self._metrics.depths = None
            return
        age = (self._clock() - found.since).total_seconds() if found.since else 0.0
        self._metrics.depths = Depths(waiting=found.messages, oldest=max(0.0, age), jobs=found.jobs)


class Counted:
    """Counts what an application answers, by the names of its paths."""

    def __init__(self, app: ASGIApp, metrics: Metrics, names: dict[str, str]) -> None:
        self._app = app
        self._metrics = metrics
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status: int | None = None

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            status = status or HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        finally:
            self._metrics.responded(self._names.get(scope["path"], "other"), status)

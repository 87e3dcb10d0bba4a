"""Makes what of a process can be seen from outside: events, metrics, traces, and how it is."""

import asyncio
import errno
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import structlog
from starlette.applications import Starlette

from tutorbot.events import MissingExtra
from tutorbot.health import Counted, Health
from tutorbot.metrics import Metrics
from tutorbot.serving import listening, serving
from tutorbot.settings import Settings
from tutorbot.store.unit import Store
from tutorbot.telegram.webhook import Webhook
from tutorbot.traces import NoTraces, Traces

if TYPE_CHECKING:
    from tutorbot.otlp import OtlpTraces

log = structlog.stdlib.get_logger()


class AddressRefused(Exception):
    """TUTORBOT_LISTEN cannot be listened on. Reads as one sentence: the cause, then the remedy."""

    def __init__(self, address: str, error: OSError) -> None:
        why = _NOT_OURS.get(error.errno or 0, "is no address of this machine; name one of its own")
        super().__init__(f"TUTORBOT_LISTEN: {address} {why}.")


_NOT_OURS = {
    errno.EADDRINUSE: "is taken by another program; stop that one, or choose another port",
    errno.EACCES: "needs rights that this user does not have; choose a port from 1024 on",
}


VERSION = version("tutorbot")


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What of this process can be seen from outside."""

    metrics: Metrics
    traces: Traces
    health: Health


@asynccontextmanager
async def watched(
    settings: Settings, stop: asyncio.Event, clock: Callable[[], datetime]
) -> AsyncGenerator[Watch]:
    """What is seen of a process until ``stop``.

    Raises:
        MissingExtra: there is nothing to send traces with
    """
    metrics, traces = Metrics(VERSION), _traces(settings)
    health = Health(metrics, stop, clock)
    try:
        yield Watch(metrics=metrics, traces=traces, health=health)
    finally:
        await asyncio.to_thread(traces.close)


def _traces(settings: Settings) -> "OtlpTraces | NoTraces":
    if not settings.otlp_url:
        return NoTraces()
    try:
        from tutorbot.otlp import OtlpTraces  # noqa: PLC0415 - who sets no URL neither has nor pays it
    except ModuleNotFoundError:
        raise MissingExtra("TUTORBOT_OTLP_URL", "traces") from None
    return OtlpTraces(settings.otlp_url, VERSION)


@asynccontextmanager
async def looked_after(
    watch: Watch,
    store: Store,
    fits: Callable[[str], Awaitable[None]],
    hears: Callable[[], bool] = lambda: True,
) -> AsyncGenerator[None]:
    """Let the watch ask the database, through a connection that no learner waits for.

    Args:
        watch: asks
        store: what the learners wait for
        fits: raises `SchemaError` where this code cannot run on the tables at a URL
        hears: whether updates are taken in
    """
    url = store.url.render_as_string(hide_password=False)
    apart = Store.open(url, pool_size=1)
    watch.metrics.pool = lambda: store.connections
    try:
        with watch.health.watching(apart, lambda: fits(url), hears):
            yield
    finally:
        watch.metrics.pool = None
        await apart.close()


@asynccontextmanager
async def served(
    settings: Settings, watch: Watch, hook: Webhook | None = None
) -> AsyncGenerator[None]:
    """Whatever this process answers to others over HTTP, at TUTORBOT_LISTEN.

    Raises:
        AddressRefused: it is taken, or not ours
    """
    names = {route.path: route.path for route in watch.health.routes}
    routes = [*watch.health.routes]
    if hook:
        names[hook.route.path] = "webhook"
        routes.insert(0, hook.route)
    app = Counted(Starlette(routes=routes), watch.metrics, names)
    host, port = settings.host_and_port
    try:
        bound = listening(port, host)
    except OSError as error:
        raise AddressRefused(settings.listen, error) from None
    with bound:
        # Proxies keep their connections for a minute or two; who hangs up first had better be they.
        async with serving(app, bound, keep_alive=150):
            log.info("http.listening", host=host, port=bound.getsockname()[1])
            yield

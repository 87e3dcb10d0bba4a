"""An HTTP server inside the program, which leaves signals to whoever is around it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator

import uvicorn
from starlette.types import ASGIApp


def listening(port: int, host: str = "127.0.0.1") -> socket.socket:
    """Take an address to serve on; port 0 is a free one.

    Raises:
        OSError: it is taken, not ours to take, or no address of this machine
    """
    # The protocol is named so that asyncio sends at once; otherwise each answer takes 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(_BACKLOG)  # so that it is ours; two may bind the same before one listens
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


_BACKLOG = 2048  # connections; uvicorn's usual
_LOOKING = 0.005  # seconds between looks whether all have been answered


@contextlib.asynccontextmanager
async def serving(
    app: ASGIApp,
    on: socket.socket,
    *,
    http: type[asyncio.Protocol] | None = None,
    keep_alive: int = 5,
    grace: int = 1,
) -> AsyncGenerator[None]:
    """Serve while the block runs.

    Leaving it takes no new connection, and lets the requests in hand end.

    Args:
        app: answers
        on: bound, and closed by whoever bound it
        http: speaks HTTP on each connection; None for uvicorn's own
        keep_alive: seconds that a connection may stay without a request
        grace: seconds that requests in hand may take at the end
    """
    config = uvicorn.Config(
        app,
        http=http or "auto",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=keep_alive,
        timeout_graceful_shutdown=grace,
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[on]))
    try:
        await server.ready.wait()
        yield
    finally:
        server.leaving.set()
        await running


class _Server(uvicorn.Server):
    """Says when it listens, and when it is to leave."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        await self.leaving.wait()  # uvicorn's own looks ten times a second

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn's own looks ten times a second, and the first time after a tenth of one.
        for server in self.servers:
            server.close()
        for each in sockets or []:
            each.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn tells nobody
                    await asyncio.sleep(_LOOKING)
        except TimeoutError:
            for task in state.tasks:
                task.cancel()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

"""A plain load balancer: in turn to whoever is ready, and never the same request twice.

What a process refuses to take goes to the next one. What it took and did not answer is a 502: only
Telegram knows that it may be sent again.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from random import Random

import aiohttp
from aiohttp import web

_BETWEEN_LOOKS = 0.3  # seconds
_PATIENCE = 30.0  # seconds until a process that does not answer counts as lost


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


class Balancer:
    """Between the server and the processes that take updates.

    Args:
        ports: where the processes are
        dice: what goes by chance
        loses: the share of requests that get lost on the way to a process, and of answers on the
            way back
    """

    def __init__(self, ports: Sequence[int], dice: Random, *, loses: float) -> None:
        self._ports = [*ports]
        self._dice = dice
        self.loses = loses
        self._ready: set[int] = set()
        self._turn = 0
        self.counts: Counter[str] = Counter()

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[str]:
        """Its address, while the block runs."""
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            app = web.Application()

            async def handle(request: web.Request) -> web.Response:
                return await self._handle(session, request)

            app.router.add_route("*", "/{path:.*}", handle)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            looking = [asyncio.create_task(self._look(session, port)) for port in self._ports]
            try:
                yield f"http://127.0.0.1:{runner.addresses[0][1]}"
            finally:
                for task in looking:
                    task.cancel()
                await asyncio.gather(*looking, return_exceptions=True)
                await runner.cleanup()

    def is_ready(self, port: int) -> bool:
        return port in self._ready

    async def _handle(self, session: aiohttp.ClientSession, request: web.Request) -> web.Response:
        body = await request.read()
        if self._dice.random() < self.loses:
            self.counts["lost on the way there"] += 1
            return web.Response(status=502)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in {"host", "content-length", "connection"}
        }
        self._turn += 1
        ready = [port for port in self._ports if port in self._ready]
        for place in range(len(ready)):
            port = ready[(self._turn + place) % len(ready)]
            try:
                async with session.request(
                    request.method,
                    f"http://127.0.0.1:{port}{request.path_qs}",
                    data=body,
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(total=_PATIENCE),
                ) as answer:
                    self.counts[f"{answer.status}"] += 1
                    kept = {
                        name: value
                        for name, value in answer.headers.items()
                        if name.lower() in {"retry-after", "content-type"}
                    }
                    said = await answer.read()
                    if self._dice.random() < self.loses:
                        self.counts["lost on the way back"] += 1
                        return web.Response(status=502)
                    return web.Response(status=answer.status, body=said, headers=kept)
            except aiohttp.ClientConnectorError:
                self._ready.discard(port)
            except (aiohttp.ClientError, TimeoutError):
                self.counts["no answer"] += 1
                return web.Response(status=502)
        self.counts["nobody ready"] += 1
        return web.Response(status=503, headers={"Retry-After": "1"})

    async def _look(self, session: aiohttp.ClientSession, port: int) -> None:
        while True:
            ready = False
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(
                    f"http://127.0.0.1:{port}/readyz", timeout=aiohttp.ClientTimeout(total=2)
                ) as answer:
                    ready = answer.status != web.HTTPServiceUnavailable.status_code
            (self._ready.add if ready else self._ready.discard)(port)
            await asyncio.sleep(_BETWEEN_LOOKS)

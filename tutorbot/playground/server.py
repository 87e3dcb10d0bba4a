"""The playground as a server: the Bot API, the files and the chat page on 127.0.0.1."""

import asyncio
import contextlib
import errno
import hmac
import socket
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tutorbot.playground import acts
from tutorbot.playground.calls import wire_call
from tutorbot.playground.faults import Fault, Trouble
from tutorbot.playground.limits import COUNTED, Limits, Meter
from tutorbot.playground.methods import method_named
from tutorbot.playground.page import Page
from tutorbot.playground.params import Params, read_params
from tutorbot.playground.people import Actor
from tutorbot.playground.refusals import Refusal, blocked, too_many_requests
from tutorbot.playground.snapshot import Keeper, load
from tutorbot.playground.updates import Poller
from tutorbot.playground.webhook import Courier
from tutorbot.playground.world import BOT_ID, Call, Group, World
from tutorbot.serving import listening, serving

_HOSTS = {"127.0.0.1", "localhost"}


class PortTaken(Exception):
    """Something else listens on the port that the playground was to use."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


class PortPrivileged(Exception):
    """This user may not listen on the port that the playground was to use."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} needs privileges")
        self.port = port


class Playground:
    """A Bot API server with a chat page.

    ``async with Playground(clock=...) as playground`` listens on ``playground.url`` until the end
    of the block; a bot uses ``f"{playground.url}/bot"`` as its base URL and ``playground.token``.
    Of several processes of one bot, each may have its own, ``f"{playground.url}/as/NAME/bot"``, and
    its calls are told apart.

    Args:
        clock: Tells the date of messages.
        port: 0 takes a free one; another that is not ours raises `PortTaken` or `PortPrivileged`.
        limits: Telegram's rate limits; None for none at all.
        formula_svg: Draws LaTeX (and whether it stands on a line of its own) as SVG for the page.
        snapshot: A file that keeps the chats over a restart.
        monotonic: Seconds in which rate limits run.
        first_pause: Seconds before an update is brought to the webhook again; they double.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        port: int = 0,
        limits: Limits | None = None,
        formula_svg: Callable[[str, bool], Awaitable[str]] | None = None,
        snapshot: Path | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        first_pause: float = 1.0,
    ) -> None:
        self.world = World(clock)
        self.token = f"{BOT_ID}:playground"
        self._asked_port = port
        self._bound: socket.socket | None = None
        self._meter = Meter(limits) if limits else None
        self._monotonic = monotonic
        self._poller = Poller(self.world)
        self._courier = Courier(self.world, first_pause=first_pause)
        self._keeper: Keeper | None = None
        if snapshot is not None:
            load(self.world, snapshot)
            self._keeper = Keeper(self.world, snapshot)
        self._page = Page(self.world, formula_svg)
        self._tasks: list[asyncio.Task[None]] = []
        self._open = contextlib.AsyncExitStack()

    @property
    def port(self) -> int:
        return self._bound.getsockname()[1] if self._bound else self._asked_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def person(self, *, name: str, language: str = "en") -> Actor:
        """The person of that name, in the private chat with the bot."""
        person = self.world.add_person(name, language)
        return Actor(self.world, person, person.id)

    def group(
        self,
        *,
        title: str,
        members: list[Actor],
        basic: bool = False,
        topics: Iterable[int] = (),
    ) -> Group:
        """A group with the bot in it; its first member owns it and adds the bot.

        A supergroup unless it is to be ``basic``; with ``topics`` (thread ids) it is a forum.
        """
        known = {group.title for group in self.world.groups.values()}
        ids = [member.id for member in members]
        group = self.world.add_group(title, ids, basic=basic, topics=topics)
        if title not in known:
            acts.add_bot(self.world, self.world.people[members[0].id], group.id)
        return group

    def fault(self, fault: Fault) -> None:
        """Let the next calls that fit run into trouble."""
        self.world.faults.add(fault)

    def calls(self, method: str | None = None) -> list[Call]:
        """What the bot called, oldest first; empty polls are left out."""
        return [
            call
            for call in self.world.calls
            if method is None or call.method.lower() == method.lower()
        ]

    async def __aenter__(self) -> Self:
        self._bound = _listening(self._asked_port)
        app = Starlette(routes=[*self._routes(), *self._page.routes()])
        self._tasks = [asyncio.create_task(self._courier.run())]
        if self._keeper:
            self._tasks.append(asyncio.create_task(self._keeper.run()))
        await self._open.enter_async_context(
            serving(_own_host_only(app), self._bound, http=_Droppable, keep_alive=75)
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.world.closing = True
        self.world.new_update.beat()
        self.world.announce("close", {})
        await self._open.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._keeper:
            self._keeper.save()
        if self._bound:
            self._bound.close()

    # The Bot API

    def _routes(self) -> list[BaseRoute]:
        own = [
            Route("/bot{token}/{method}", self._api, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file, methods=["GET"]),
        ]
        return [*own, Mount("/as/{caller}", routes=own)]

    async def _api(self, request: Request) -> Response:
        if not hmac.compare_digest(request.path_params["token"].encode(), self.token.encode()):
            return _refused(Refusal(401, "Unauthorized"))
        name: str = request.path_params["method"]
        began = self._monotonic()
        polls = name.lower() == "getupdates"
        self.world.calls_under_way += not polls
        params = Params(values={})
        self.world.flags.clear()
        answer: Response | None = None
        error: str | None = None
        made: int | None = None
        try:
            params = await read_params(request)
            answer, made = await self._answer(request, name, params)
        except Refusal as refusal:
            answer, error = _refused(refusal), refusal.description
        finally:
            self.world.calls_under_way -= not polls
            self.world.calls_made += not polls
            self.world.pulse.beat()
        unheard = request.state.transport.is_closing()
        gone = polls and unheard  # a poller that left is no news
        if (not polls or error) and not gone:
            call = Call(
                number=self.world.calls_made,
                method=name,
                params=_shown(params),
                status=answer.status_code,
                error=error,
                milliseconds=round((self._monotonic() - began) * 1000, 1),
                flags=tuple(self.world.flags),
                caller=request.path_params.get("caller", ""),
                made=made,
                unheard=unheard,
            )
            self.world.note(call)
            self.world.announce("call", wire_call(call))
        return answer

    async def _answer(
        self, request: Request, name: str, params: Params
    ) -> tuple[Response, int | None]:
        """The answer, and the message that was made or changed."""
        method = name.lower()
        chat = params.text("chat_id")
        chat_id = int(chat) if chat and chat.lstrip("-").isdigit() else None
        fault = self.world.faults.meet(method, chat_id)
        if fault:
            self.world.pulse.beat()
        if fault and not fault.trouble.applied:
            return await self._trouble(request, fault), None
        if self._meter and chat_id is not None and method in COUNTED:
            wait = self._meter.spend(chat_id, self._monotonic())
            if wait is not None:
                raise too_many_requests(wait)
        if method == "getupdates":
            result: object = await self._poller.get_updates(params)
        else:
            if "ephemeral" in method and not self.world.ephemeral:
                raise Refusal(404, "Not Found")
            result = method_named(method)(self.world, params)
        match result:
            case {"message_id": int() as number}:
                made = number
            case _:
                made = None
        if fault:
            return await self._trouble(request, fault), made
        return JSONResponse({"ok": True, "result": result}), made

    async def _trouble(self, request: Request, fault: Fault) -> Response:
        match fault.trouble:
            case Trouble.FLOOD:
                raise too_many_requests(fault.retry_after)
            case Trouble.BLOCKED:
                raise blocked()
            case Trouble.INTERNAL:
                raise Refusal(500, "Internal Server Error")
            case Trouble.BAD_GATEWAY:
                page = "<html><head><title>502 Bad Gateway</title></head><body></body></html>"
                return HTMLResponse(page, status_code=502)
            case Trouble.HANG | Trouble.APPLIED_SILENCE:
                await self._silence(fault.seconds)
            case Trouble.APPLIED_DROP | Trouble.DROP:
                pass
        request.state.transport.abort()
        return Response(status_code=499)  # goes nowhere; the list of calls shows it

    async def _silence(self, seconds: float) -> None:
        """Say nothing; the call no longer counts as under way, for nothing more will happen."""
        self.world.calls_under_way -= 1
        try:
            await self.world.until(lambda: self.world.closing, seconds)
        finally:
            self.world.calls_under_way += 1

    async def _file(self, request: Request) -> Response:
        if not hmac.compare_digest(request.path_params["token"].encode(), self.token.encode()):
            return _refused(Refusal(401, "Unauthorized"))
        for stored in self.world.files.values():
            if stored.path == request.path_params["path"]:
                return Response(stored.content, media_type="application/octet-stream")
        return _refused(Refusal(404, "Not Found"))


def _shown(params: Params) -> dict[str, Any]:
    uploads = params.uploads.items()
    files = {field: f"<{each.name}, {len(each.content)} bytes>" for field, each in uploads}
    return {**params.values, **files}


def _refused(refusal: Refusal) -> Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    headers: dict[str, str] = {}
    if refusal.retry_after is not None:
        body["parameters"] = {"retry_after": refusal.retry_after}
        headers["Retry-After"] = str(refusal.retry_after)
    if refusal.migrate_to is not None:
        body["parameters"] = {"migrate_to_chat_id": refusal.migrate_to}
    return JSONResponse(body, status_code=refusal.code, headers=headers)


def _listening(port: int) -> socket.socket:
    try:
        return listening(port)
    except OSError as failure:
        if failure.errno == errno.EADDRINUSE:
            raise PortTaken(port) from failure
        if failure.errno == errno.EACCES:
            raise PortPrivileged(port) from failure
        raise


def _own_host_only(app: ASGIApp) -> ASGIApp:
    """Refuse names that are not this machine's, and what other sites let a browser send.

    The first keeps out a foreign name that was made to point here; the second a form or a picture
    on a foreign page that has this address. A link to the chat page may be followed.
    """

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
            host = headers.get(b"host", "")
            refusal = None
            if host.rpartition(":")[0] not in _HOSTS and host not in _HOSTS:
                refusal = PlainTextResponse("Unknown host", status_code=421)
            elif _foreign(headers, host) and scope["path"] != "/":
                refusal = PlainTextResponse("Not from another site", status_code=403)
            if refusal:
                await refusal(scope, receive, send)
                return
        await app(scope, receive, send)

    return checked


def _foreign(headers: dict[bytes, str], host: str) -> bool:
    origin = headers.get(b"origin", "")
    if origin and origin != f"http://{host}":
        return True
    return headers.get(b"sec-fetch-site", "none") not in {"none", "same-origin"}


class _Droppable(HttpToolsProtocol):
    """Hands its connection to the application, so that a fault can drop it."""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - uvicorn narrows what asyncio gives
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}

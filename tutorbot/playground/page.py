"""The chat page: its files, what happens as server-sent events, and what people do on it.

What changes anything must be JSON, or carry a header of ours: a browser lets no other site send
either without asking first, and nobody here answers such a question.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.resources import files
from typing import cast
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from tutorbot.playground import acts
from tutorbot.playground.calls import wire_call
from tutorbot.playground.faults import read_fault
from tutorbot.playground.profile import commands_in
from tutorbot.playground.wire import JsonObject
from tutorbot.playground.world import Person, World

FormulaSvg = Callable[[str, bool], Awaitable[str]]

_CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PAGE_HEADERS = _HEADERS | {
    "Content-Security-Policy": _CLOSED
    + "script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
}
_FILE_HEADERS = _HEADERS | {"Content-Security-Policy": _CLOSED + "sandbox"}
_KINDS = {
    "page.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "bubbles.js": "text/javascript",
    "calls.js": "text/javascript",
    "words.js": "text/javascript",
}
_SHOWN_CALLS = 100
_SIGN_OF_LIFE = 15  # seconds between two on a quiet stream
_UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes, as much as a bot may fetch
_MOST_DRAWN = 1000  # formulas kept
_LONGEST_FORMULA = 4000  # characters
_INLINE_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}


class Page:
    def __init__(self, world: World, formula_svg: FormulaSvg | None) -> None:
        self._world = world
        self._formula_svg = formula_svg
        self._drawn: dict[tuple[str, bool], str] = {}

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._asset),
            Route("/playground/events", self._events),
            Route("/playground/formula", self._formula),
            Route("/playground/files/{file_id}", self._file),
            Route("/playground/acts", self._act, methods=["POST"]),
            Route("/playground/upload", self._upload, methods=["POST"]),
            Route("/playground/faults", self._faults, methods=["POST", "DELETE"]),
            Route("/playground/{asset}", self._asset),
        ]

    async def _asset(self, request: Request) -> Response:
        name = request.path_params.get("asset", "page.html")
        if name not in _KINDS:
            return Response(status_code=404)
        text = (files("tutorbot.playground") / name).read_text(encoding="utf-8")
        return Response(text, media_type=_KINDS[name], headers=_PAGE_HEADERS)

    async def _formula(self, request: Request) -> Response:
        """LaTeX as SVG; 422 when it can't be drawn, and the page then shows the source."""
        source = request.query_params.get("tex", "")
        display = request.query_params.get("display") == "1"
        if (source, display) not in self._drawn:
            if self._formula_svg is None or len(source) > _LONGEST_FORMULA:
                return Response(status_code=422, headers=_FILE_HEADERS)
            try:
                svg = await self._formula_svg(source, display)
            except Exception:  # noqa: BLE001 - whatever a renderer may say, the source can be read
                return Response(status_code=422, headers=_FILE_HEADERS)
            if len(self._drawn) >= _MOST_DRAWN:
                self._drawn.clear()
            self._drawn[source, display] = svg
        return Response(
            self._drawn[source, display], media_type="image/svg+xml", headers=_FILE_HEADERS
        )

    async def _file(self, request: Request) -> Response:
        stored = self._world.files.get(request.path_params["file_id"])
        if stored is None:
            return Response(status_code=404)
        inline = stored.mime in _INLINE_PICTURES or stored.path.startswith("photos/")
        return Response(
            stored.content,
            media_type=_picture_kind(stored.content) if inline else "application/octet-stream",
            headers=_FILE_HEADERS | ({} if inline else {"Content-Disposition": "attachment"}),
        )

    async def _act(self, request: Request) -> Response:
        if not _is_json(request):
            return Response(status_code=415)
        try:
            self._do(cast("JsonObject", await request.json()))
        except (KeyError, TypeError, ValueError) as refused:
            return JSONResponse({"error": str(refused)}, status_code=400)
        return JSONResponse({})

    def _do(self, act: JsonObject) -> None:
        world = self._world
        person = world.people[act["person"]]
        chat_id: int = act["chat"]
        match act["do"]:
            case "say":
                acts.say(world, person, chat_id, _text(act), reply_to=act.get("reply_to"))
            case "edit":
                acts.edit(world, person, chat_id, act["message"], _text(act))
            case "press":
                acts.press(world, person, world.messages[chat_id, act["message"]], act["data"])
            case "vote":
                acts.vote(world, person, act["poll"], act["choice"])
            case "react":
                acts.react(world, person, chat_id, act["message"], act.get("emoji"))
            case "sticker":
                acts.send_sticker(world, person, chat_id, act.get("emoji", "👍"))
            case "block":
                acts.block(world, person)
            case "unblock":
                acts.unblock(world, person)
            case other:
                raise ValueError(f"nobody can {other}")

    async def _upload(self, request: Request) -> Response:
        name = unquote(request.headers.get("x-file-name", ""))
        content = await request.body()
        if not name or len(content) > _UPLOAD_LIMIT:
            return Response(status_code=400)
        try:
            person = self._world.people[int(request.query_params["person"])]
            acts.send_document(
                self._world,
                person,
                int(request.query_params["chat"]),
                content,
                name=name,
                mime=request.headers.get("content-type", "application/octet-stream"),
            )
        except (KeyError, ValueError) as refused:
            return JSONResponse({"error": str(refused)}, status_code=400)
        return JSONResponse({})

    async def _faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._world.faults.clear()
            return JSONResponse({})
        if not _is_json(request):
            return Response(status_code=415)
        try:
            self._world.faults.add(read_fault(cast("JsonObject", await request.json())))
        except (TypeError, ValueError) as refused:
            return JSONResponse({"error": str(refused)}, status_code=400)
        return JSONResponse({})

    async def _events(self, _request: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=_HEADERS)

    async def _stream(self) -> AsyncIterator[str]:
        """The whole state first, so that a page that comes back needs nothing else."""
        queue: asyncio.Queue[tuple[str, JsonObject]] = asyncio.Queue()
        if not self._world.people:
            _invite_company(self._world)
        stop = self._world.listen(lambda kind, data: queue.put_nowait((kind, data)))
        try:
            yield "retry: 500\n" + _event("state", self._state())
            while True:
                try:
                    kind, data = await asyncio.wait_for(queue.get(), _SIGN_OF_LIFE)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if kind == "close":
                    return
                if kind in {"people", "commands"}:
                    kind, data = "state", self._state()
                yield _event(kind, data)
        finally:
            stop()

    def _state(self) -> JsonObject:
        world = self._world
        return {
            "bot": world.bot,
            "about": world.profile.get("short_description:", ""),
            "description": world.profile.get("description:", ""),
            "chats": [chat for person in world.people.values() for chat in self._chats(person)],
            "messages": list(world.messages.values()),
            "reactions": [
                {"chat_id": chat, "message_id": message, "by": by, "reaction": reaction}
                for (chat, message), made in world.reactions.items()
                for by, reaction in made.items()
            ],
            "votes": [
                {"poll_id": poll.wire["id"], "person_id": voter, "choice": choice}
                for poll in world.polls.values()
                for voter, choice in poll.votes.items()
            ],
            "calls": [wire_call(call) for call in list(world.calls)[-_SHOWN_CALLS:]],
        }

    def _chats(self, person: Person) -> list[JsonObject]:
        """The places where a person can sit: alone with the bot, and in each group."""
        world = self._world
        groups = [group for group in world.groups.values() if person.id in group.members]
        return [
            {
                "person": person.id,
                "name": person.name,
                "started": person.started,
                "blocked": person.blocked,
                "chat": chat_id,
                "title": title,
                "members": members,
                "commands": commands_in(world, chat_id, person.language),
            }
            for chat_id, title, members in (
                (person.id, "", 2),
                *((group.id, group.title, len(group.members) + 1) for group in groups),
            )
        ]


def _invite_company(world: World) -> None:
    """Two people and their class, for who opens the page of an empty playground."""
    ada, ben = world.add_person("Ada", "en"), world.add_person("Ben", "en")
    group = world.add_group("Evening class", [ada.id, ben.id])
    acts.add_bot(world, ada, group.id)


def _event(kind: str, data: JsonObject) -> str:
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n"


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").split(";")[0].strip() == "application/json"


def _text(act: JsonObject) -> str:
    text = str(act["text"]).strip()
    if not text:
        raise ValueError("there is nothing to send")
    return text


def _picture_kind(content: bytes) -> str:
    for start, kind in (
        (b"\x89PNG", "image/png"),
        (b"\xff\xd8", "image/jpeg"),
        (b"GIF8", "image/gif"),
        (b"RIFF", "image/webp"),
    ):
        if content.startswith(start):
            return kind
    return "application/octet-stream"

"""`tutorbot content preview`: courses in a browser as learners will see them, anew on each save."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from gettext import NullTranslations
from html import escape
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route
from watchfiles import awatch

from tutorbot.authoring.check import CheckedFile, Report, Unusable, Wanted, check_with
from tutorbot.authoring.html import Draw, Form, Writer
from tutorbot.authoring.labour import Labour
from tutorbot.authoring.rehearsal import Scene, meet, rehearse
from tutorbot.authoring.report import snippet
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.course import Course, Question, Values
from tutorbot.courses.bundle import SUFFIX
from tutorbot.courses.faults import Fault
from tutorbot.serving import listening, serving
from tutorbot.views.reply import Reply

Json = dict[str, Any]

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'",
}
_ASSETS: Final = {
    "preview.html": "text/html",
    "preview.css": "text/css",
    "preview.js": "text/javascript",
}
_SIGN_OF_LIFE: Final = 15  # seconds between two on a quiet stream
_DEBOUNCE: Final = 150  # milliseconds that a save may take
_KEY_DEADLINE: Final = 10.0  # seconds for one key
_PICTURES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


@dataclass(kw_only=True)
class _Shown:
    """The last state of a file that could be read, and what is wrong with it now."""

    path: str
    faults: list[Json] = field(default_factory=list[Json])
    course: Course | None = None
    lines: dict[str, int] = field(default_factory=dict[str, int])  # of questions
    stale: bool = False  # it cannot be read now; the course is from before


class Preview:
    """A page on this machine. ``async with Preview(paths, draw=...) as preview`` serves it.

    Args:
        paths: Files or folders, as for `check_files`.
        draw: Draws formulas.
        words: The language in which the bot speaks.
        port: 0 takes a free one.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        draw: Draw,
        words: NullTranslations | None = None,
        port: int = 0,
    ) -> None:
        self._paths = tuple(paths)
        self._draw = draw
        self._words = words or NullTranslations()
        self._asked_port = port
        self._shown: dict[str, _Shown] = {}
        self._trouble = ""
        self._state = 0  # grows with each change
        self._thorough = False  # whether keys and formulas of this state are checked, too
        self._changed = asyncio.Condition()
        self._leaving = asyncio.Event()
        self._labour = Labour(deadline=_KEY_DEADLINE)
        self._bound: socket.socket | None = None
        self._open = contextlib.AsyncExitStack()
        self._watching: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        port = self._bound.getsockname()[1] if self._bound else self._asked_port
        return f"http://127.0.0.1:{port}"

    async def __aenter__(self) -> Self:
        await self._look(None)
        if self._trouble:
            raise Unusable(self._trouble)
        self._bound = _listening(self._asked_port)
        await self._open.enter_async_context(serving(self._app(), self._bound))
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leaving.set()
        async with self._changed:
            self._changed.notify_all()
        await self._open.aclose()
        if self._watching:
            await self._watching
        await asyncio.to_thread(self._labour.close)
        if self._bound:
            self._bound.close()

    # What is shown

    async def _watch(self) -> None:
        """Look at once after each save, and then thoroughly."""
        saved = awatch(
            *{path if path.is_dir() else path.parent for path in self._paths},
            watch_filter=lambda _, name: (
                name.endswith((SUFFIX, *_PICTURES))
                or any(Path(name).name == path.name for path in self._paths)
            ),
            debounce=_DEBOUNCE,
            step=20,
            stop_event=self._leaving,
        )
        thorough = asyncio.create_task(self._look(self._labour))
        async for _ in saved:
            thorough.cancel()
            await self._look(None)
            thorough = asyncio.create_task(self._look(self._labour))
        thorough.cancel()
        await asyncio.gather(thorough, return_exceptions=True)

    async def _look(self, labour: Labour | None) -> None:
        try:
            report = await asyncio.to_thread(check_with, labour, self._paths, Wanted())
        except Unusable as trouble:
            self._trouble = str(trouble)
        else:
            self._trouble = ""
            self._take(report)
        async with self._changed:
            self._state += 1
            self._thorough = labour is not None
            self._changed.notify_all()

    def _take(self, report: Report) -> None:
        before, self._shown = self._shown, {}
        for file in report.files:
            was = before.get(file.path)
            shown = _Shown(path=file.path, faults=[_fault(file, each) for each in file.faults])
            if file.course:
                shown.course, shown.lines = file.course, dict(file.places)
            elif was and was.course:
                shown.course, shown.lines, shown.stale = was.course, was.lines, True
            self._shown[file.path] = shown

    # The page

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self._asset),
                Route("/state", self._whole),
                Route("/question", self._question),
                Route("/picture", self._picture),
                Route("/events", self._events),
                Route("/{asset}", self._asset),
            ],
            middleware=[
                Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
            ],
        )

    async def _asset(self, request: Request) -> Response:
        name = request.path_params.get("asset", "preview.html")
        if name not in _ASSETS:
            return Response(status_code=404)
        text = (files("tutorbot.authoring") / name).read_text(encoding="utf-8")
        return Response(text, media_type=_ASSETS[name], headers=_HEADERS)

    async def _whole(self, _request: Request) -> Response:
        """All but the questions themselves, which are asked for as they come into sight."""
        state = {
            "trouble": self._trouble,
            "thorough": self._thorough,
            "files": [_file(shown) for shown in self._shown.values()],
        }
        return JSONResponse(state, headers=_HEADERS)

    async def _question(self, request: Request) -> Response:
        """One question in one variant, gone through from end to end, as HTML."""
        shown = self._shown.get(request.query_params.get("file", ""))
        course = shown.course if shown else None
        wanted = request.query_params.get("question", "")
        places: dict[str, int] = {each.id: place for place, each in enumerate(course or ())}
        if not shown or not course or wanted not in places:
            return Response(status_code=404, headers=_HEADERS)
        variants = course.questions[places[wanted]].variants
        number = request.query_params.get("variant", "0")
        variant = variants[int(number) % len(variants) if number.isdecimal() else 0]
        form = request.query_params.get("form", "")
        writer = Writer(
            self._draw,
            lambda name: f"/picture?{urlencode({'file': shown.path, 'name': name})}",
            Form(form) if form in set(Form) else Form.SENT,
        )
        scenes = await asyncio.to_thread(
            rehearse, self._words, course, places[wanted], variant, self._answered
        )
        html = "".join([await _scene(writer, scene) for scene in scenes])
        return HTMLResponse(html, headers=_HEADERS)

    def _answered(self, lines: Sequence[tuple[Asked, str]]) -> Sequence[tuple[str, Verdict] | None]:
        return tuple(self._labour.spread(meet, lines))

    async def _picture(self, request: Request) -> Response:
        """A picture beside a course that is shown, and no other file."""
        shown = self._shown.get(request.query_params.get("file", ""))
        name = request.query_params.get("name", "")
        kind = _PICTURES.get(Path(name).suffix.casefold())
        if not shown or not kind or Path(name).name != name:
            return Response(status_code=404, headers=_HEADERS)
        path = Path(shown.path).parent / name
        if not path.is_file():
            return Response(status_code=404, headers=_HEADERS)
        return FileResponse(path, media_type=kind, headers=_HEADERS)

    async def _events(self, _request: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=_HEADERS)

    async def _stream(self) -> AsyncIterator[str]:
        yield "retry: 500\n\n"
        told = -1
        while not self._leaving.is_set():
            if told != self._state:
                told = self._state
                yield f"event: changed\ndata: {told}\n\n"
                continue
            try:
                async with asyncio.timeout(_SIGN_OF_LIFE), self._changed:
                    await self._changed.wait()
            except TimeoutError:
                yield ": still here\n\n"


def _listening(port: int) -> socket.socket:
    try:
        return listening(port)
    except OSError as failure:
        raise Unusable(
            f"port {port} cannot be used ({failure.strerror}); try another --port."
        ) from None


def _file(shown: _Shown) -> Json:
    questions = [
        _listed(place, question, shown.lines.get(question.id, 1))
        for place, question in enumerate(shown.course or ())
    ]
    return {
        "path": shown.path,
        "title": shown.course.title if shown.course else "",
        "lang": shown.course.lang if shown.course else "en",
        "stale": shown.stale,
        "faults": shown.faults,
        "questions": questions,
    }


def _listed(place: int, question: Question, line: int) -> Json:
    return {
        "id": question.id,
        "number": place + 1,
        "title": question.title,
        "line": line,
        "variants": [_values(variant) for variant in question.variants],
        "policy": _policy(question),
    }


def _values(variant: Values) -> str:
    return ", ".join(f"{name} = {value}" for name, value in variant)


def _policy(question: Question) -> str:
    """What the meta block comes to, in a line."""
    said = [*question.skills]
    if question.points != 1:
        said.append(f"{question.points} points")
    if question.tries is not None:
        said.append(f"{question.tries} tries")
    said.append(f"solution {question.reveal.value.replace('-', ' ')}")
    return " · ".join(said)


def _fault(file: CheckedFile, fault: Fault) -> Json:
    source, before, under = snippet(file, fault)
    return {
        "line": fault.line,
        "column": fault.column,
        "severity": fault.severity.value,
        "code": fault.code,
        "what": fault.what,
        "mend": fault.mend,
        "source": source,
        "caret": " " * before + "^" * under,
    }


async def _scene(writer: Writer, scene: Scene) -> str:
    replies = "".join([await _reply(writer, reply) for reply in scene.replies])
    if not scene.done:
        return f'<div class="asked">{replies}</div>'
    sign = {"right": "✅", "wrong": "❌", "unscored": "☑"}.get(scene.mark, "")
    tag = f' <span class="tag">{escape(scene.tag)}</span>' if scene.tag else ""
    kind = f"scene {scene.mark}".strip()
    said = replies or '<p class="quiet">This takes too long to judge.</p>'
    return (
        f'<details class="{kind}"><summary><span class="sign">{sign}</span> '
        f"<b>{escape(scene.done)}</b>{tag}</summary>{said}</details>"
    )


async def _reply(writer: Writer, reply: Reply) -> str:
    rows = "".join(
        '<div class="row">'
        + "".join(f'<span class="key">{escape(button.label)}</span>' for button in row)
        + "</div>"
        for row in reply.keyboard
    )
    keys = f'<div class="keys" aria-hidden="true">{rows}</div>' if rows else ""
    return f'<div class="message">{await writer.message(reply.prose)}</div>{keys}'

"""Drawing for the bot: in a process that may hang or die, with what was drawn kept at hand."""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import ParamSpec, Self, TypeVar, cast

import structlog

from tutorbot.drawing import certainty_chart, charts, formulas, progress_chart, results_chart
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.formulas import FormulaLine
from tutorbot.drawing.theme import Theme
from tutorbot.views.reply import CalendarPicture, CertaintyPicture, ProgressPicture, ResultsPicture

_log: structlog.stdlib.BoundLogger = structlog.get_logger()

_P = ParamSpec("_P")
_T = TypeVar("_T")

_DEADLINE = 2.0  # seconds for one drawing
_PATIENCE = 4 * _DEADLINE  # seconds to wait for one's turn, and for the worker to be there
_LOADING = 60.0  # seconds; MathJax takes one on a machine that has nothing else to do
_KEPT = 256  # pictures, of 5 to 60 kB


class Studio:
    """Draws in one worker process; a worker that hangs or dies is replaced by the next call."""

    def __init__(
        self, *, deadline: float = _DEADLINE, patience: float = _PATIENCE, kept: int = _KEPT
    ) -> None:
        self._deadline = deadline
        self._patience = patience
        self._kept = kept
        self._worker: _Worker | None = None
        self._turn = asyncio.Lock()  # so that a deadline counts what is drawn, not what waits
        self._drawn: OrderedDict[object, object] = OrderedDict()
        self._under_way: dict[object, asyncio.Task[object]] = {}
        self._farewells: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def start(self) -> None:
        """Start the worker and let it load MathJax, so that the first learner need not wait."""
        if self._worker is None:
            self._worker = _Worker()

    async def close(self) -> None:
        """Stop the worker, whatever it does; `start` may be called again."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._dismiss(worker)
        await asyncio.gather(*self._farewells)

    async def formulas(self, lines: Sequence[FormulaLine], theme: Theme) -> bytes:
        """Formulas under each other as a PNG.

        Raises:
            NotDrawable: say them in words instead.
        """
        return await self._draw(formulas.png, tuple(lines), theme)

    async def svg(self, latex: str, *, display: bool) -> str:
        """A formula as SVG.

        Raises:
            NotDrawable: say it in words instead.
        """
        return await self._draw(_svg, latex, display)

    async def calendar(self, picture: CalendarPicture, theme: Theme) -> bytes:
        """The year of study as a PNG.

        Raises:
            NotDrawable: say it in words instead.
        """
        return await self._draw(charts.calendar_png, picture, theme)

    async def progress(self, picture: ProgressPicture, theme: Theme) -> bytes:
        """Skills and the days ahead as a PNG.

        Raises:
            NotDrawable: say it in words instead.
        """
        return await self._draw(progress_chart.progress_png, picture, theme)

    async def certainty(self, picture: CertaintyPicture, theme: Theme) -> bytes:
        """How sure one was, beside how often one was right, as a PNG.

        Raises:
            NotDrawable: say it in words instead.
        """
        return await self._draw(certainty_chart.certainty_png, picture, theme)

    async def results(self, picture: ResultsPicture, theme: Theme) -> bytes:
        """How a quiz or a question went, as a PNG.

        Raises:
            NotDrawable: say it in words instead.
        """
        return await self._draw(results_chart.results_png, picture, theme)

    async def _draw(self, draw: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Draw once what many ask for, and keep it."""
        key = (draw, args)
        if key in self._drawn:
            self._drawn.move_to_end(key)
            outcome = self._drawn[key]
        else:
            task = self._under_way.get(key)
            if task is None:
                task = asyncio.create_task(self._in_worker(draw, *args, **kwargs))
                self._under_way[key] = task
                task.add_done_callback(lambda _: self._under_way.pop(key, None))
            outcome = await asyncio.shield(task)
            if not isinstance(outcome, _LostError):
                self._keep(key, outcome)
        if isinstance(outcome, NotDrawable):
            raise outcome
        return cast("_T", outcome)

    def _keep(self, key: object, outcome: object) -> None:
        self._drawn[key] = outcome
        self._drawn.move_to_end(key)
        while len(self._drawn) > self._kept:
            self._drawn.popitem(last=False)

    async def _in_worker(
        self, draw: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> object:
        """The drawing, or why there is none: a value, so that nobody need await the failure."""
        try:
            return await self._tried_twice(partial(draw, *args, **kwargs))
        except NotDrawable as fault:
            return fault.with_traceback(None)
        except Exception as fault:  # noqa: BLE001 -- whatever fails here, the words still go out
            _log.warning("drawing.failed", fault=type(fault).__name__)
            return _LostError("a fault of ours")

    async def _tried_twice(self, draw: Callable[[], object]) -> object:
        for _ in range(2):
            try:
                async with asyncio.timeout(self._patience):
                    await self._turn.acquire()
            except TimeoutError:
                raise _LostError(f"no turn within {self._patience:g} s") from None
            worker = self._worker
            try:
                if worker is None:
                    raise _LostError("the studio is closed")
                return await self._drawn_by(worker, draw)
            except BrokenExecutor:
                self._replace(worker)
            finally:
                self._turn.release()
        raise _LostError("the worker dies again and again")

    async def _drawn_by(self, worker: "_Worker", draw: Callable[[], object]) -> object:
        try:
            async with asyncio.timeout(self._patience):
                await worker.ready()
        except TimeoutError:
            if worker.stands_still():
                self._replace(worker)
            raise _LostError(f"no worker within {self._patience:g} s") from None
        try:
            async with asyncio.timeout(self._deadline):
                return await worker.draw(draw)
        except TimeoutError:
            self._replace(worker)
            raise _LostError(f"not done after {self._deadline:g} s") from None

    def _replace(self, broken: "_Worker | None") -> None:
        if broken is not None and self._worker is broken:
            self._worker = _Worker()
            self._dismiss(broken)

    def _dismiss(self, worker: "_Worker") -> None:
        """Be rid of a worker, whatever it does, aside from what goes on here."""
        farewell = asyncio.create_task(asyncio.to_thread(worker.stop))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)


class _Worker:
    """A process that draws; when it dies, whoever waits for it gets to know at once.

    What its methods wait for raises BrokenExecutor then.
    """

    def __init__(self) -> None:
        self._began = monotonic()
        self._process = ProcessPoolExecutor(
            max_workers=1, mp_context=multiprocessing.get_context("forkserver")
        )
        self._pid = self._process.submit(_begin)
        self._ready = self._process.submit(_warm_up)

    async def ready(self) -> None:
        """Wait until MathJax is loaded, which is on nobody's clock."""
        await asyncio.shield(asyncio.wrap_future(self._ready))

    def stands_still(self) -> bool:
        return not self._ready.done() and monotonic() - self._began > _LOADING

    async def draw(self, draw: Callable[[], object]) -> object:
        return await asyncio.wrap_future(self._process.submit(draw))

    def stop(self) -> None:
        """Kill the process, whatever it does, and wait until it is gone."""
        with suppress(BrokenExecutor, ProcessLookupError):
            os.kill(self._pid.result(), signal.SIGKILL)
        self._process.shutdown()


def _begin() -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    return os.getpid()


def _leave_with_parent() -> None:
    """A worker would wait forever for work from somebody who was killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


class _LostError(NotDrawable):
    """No fault of the drawing for certain, so another attempt may do better."""


def _svg(latex: str, display: bool) -> str:
    return formulas.svg(latex, display=display)


def _warm_up() -> None:
    formulas.png([FormulaLine(label="A", latex="x")], Theme.LIGHT)

"""Drawing for the bot: in a process that may hang or die, with what was drawn kept at hand."""

import asyncio
import multiprocessing
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import ParamSpec, Self, TypeVar, cast

import structlog
from pebble import ProcessExpired, ProcessPool

from tutorbot.drawing import certainty_chart, charts, formulas, progress_chart
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.formulas import FormulaLine
from tutorbot.drawing.theme import Theme
from tutorbot.views.reply import CalendarPicture, CertaintyPicture, ProgressPicture

_log: structlog.stdlib.BoundLogger = structlog.get_logger()

_P = ParamSpec("_P")
_T = TypeVar("_T")

_DEADLINE = 2.0  # seconds for one drawing
_PATIENCE = 4 * _DEADLINE  # seconds, with the wait for one's turn
_KEPT = 256  # pictures, of 5 to 60 kB


class Studio:
    """Draws in one worker process; a worker that hangs or dies is replaced by the next call."""

    def __init__(
        self, *, deadline: float = _DEADLINE, patience: float = _PATIENCE, kept: int = _KEPT
    ) -> None:
        self._deadline = deadline
        self._patience = patience
        self._kept = kept
        self._pool: ProcessPool | None = None
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
        if self._pool is None:
            self._pool = _new_pool()

    async def close(self) -> None:
        """Stop the worker, whatever it does; `start` may be called again."""
        pool, self._pool = self._pool, None
        if pool is not None:
            self._stop_aside(pool)
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
        for _ in range(2):
            pool = self._pool
            if pool is None:
                return _LostError("the studio is closed")
            patience = asyncio.timeout(self._patience)
            try:
                future = pool.schedule(draw, args=args, kwargs=kwargs, timeout=self._deadline)
                async with patience:
                    return await asyncio.wrap_future(future)
            except NotDrawable as fault:
                return NotDrawable(*fault.args)
            except TimeoutError:
                if patience.expired():  # a worker that does not even begin
                    self._replace(pool)
                return _LostError(f"not done after {self._deadline:g} s")
            except (ProcessExpired, asyncio.CancelledError):
                return _LostError("the worker died")
            except RuntimeError:
                # A worker that dies between two drawings takes its pool along.
                self._replace(pool)
            except Exception as fault:  # noqa: BLE001 -- whatever fails here, the words still go out
                _log.warning("drawing.failed", fault=type(fault).__name__)
                return _LostError("a fault of ours")
        return _LostError("the worker dies again and again")

    def _replace(self, broken: ProcessPool) -> None:
        if self._pool is broken:
            self._pool = _new_pool()
            self._stop_aside(broken)

    def _stop_aside(self, pool: ProcessPool) -> None:
        """Stop a pool in a thread, as a worker that stands still takes seconds to be rid of."""
        farewell = asyncio.create_task(asyncio.to_thread(_stop, pool))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)


class _LostError(NotDrawable):
    """No fault of the drawing for certain, so another attempt may do better."""


def _svg(latex: str, display: bool) -> str:
    return formulas.svg(latex, display=display)


def _warm_up() -> None:
    formulas.png([FormulaLine(label="A", latex="x")], Theme.LIGHT)


def _new_pool() -> ProcessPool:
    """A pool whose worker loads MathJax before any deadline runs, and starts at once."""
    pool = ProcessPool(
        max_workers=1,
        initializer=_warm_up,
        context=multiprocessing.get_context("forkserver"),  # pyright: ignore[reportArgumentType] -- typeshed's Pipe differs
    )
    pool.schedule(_warm_up)
    return pool


def _stop(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()

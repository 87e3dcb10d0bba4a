"""Drawing for the bot: in a process that may hang or die, with what was drawn kept at hand."""

import asyncio
import multiprocessing
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from tutorbot.drawing import charts, formulas
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.formulas import FormulaLine
from tutorbot.drawing.theme import Theme
from tutorbot.views.reply import CalendarPicture

_P = ParamSpec("_P")
_T = TypeVar("_T")

_DEADLINE = 2.0  # seconds
_KEPT = 512  # pictures of some 10 kB


class Studio:
    """Draws in one worker process; a worker that hangs or dies is replaced by the next call."""

    def __init__(self, *, deadline: float = _DEADLINE, kept: int = _KEPT) -> None:
        self._deadline = deadline
        self._kept = kept
        self._pool: ProcessPool | None = None
        self._drawn: OrderedDict[object, object] = OrderedDict()
        self._under_way: dict[object, asyncio.Task[object]] = {}

    def start(self) -> None:
        """Start the worker and let it load MathJax, so that the first learner need not wait."""
        if self._pool is None:
            self._pool = _new_pool()
            self._pool.schedule(_warm_up)

    async def close(self) -> None:
        """Stop the worker, whatever it does; `start` may be called again."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(_stop, pool)

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
            try:
                future = pool.schedule(draw, args=args, kwargs=kwargs, timeout=self._deadline)
                return await asyncio.wrap_future(future)
            except NotDrawable as fault:
                return NotDrawable(*fault.args)
            except TimeoutError:
                return _LostError(f"not done after {self._deadline:g} s")
            except (ProcessExpired, asyncio.CancelledError):
                return _LostError("the worker died")
            except RuntimeError:
                # A worker that dies between two drawings takes its pool along.
                await self._replace(pool)
        return _LostError("the worker dies again and again")

    async def _replace(self, broken: ProcessPool) -> None:
        if self._pool is broken:
            self._pool = _new_pool()
            await asyncio.to_thread(_stop, broken)


class _LostError(NotDrawable):
    """No fault of the drawing for certain, so another attempt may do better."""


def _svg(latex: str, display: bool) -> str:
    return formulas.svg(latex, display=display)


def _warm_up() -> None:
    formulas.png([FormulaLine(label="A", latex="x")], Theme.LIGHT)


def _new_pool() -> ProcessPool:
    forkserver = multiprocessing.get_context("forkserver")
    return ProcessPool(max_workers=1, context=forkserver)  # pyright: ignore[reportArgumentType] -- typeshed's Pipe differs


def _stop(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()

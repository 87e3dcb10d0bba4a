"""Judging for the bot: in processes that may hang or die, with a verdict for every answer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from time import monotonic
from typing import Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from tutorbot.checking import worker
from tutorbot.checking.pool import new_pool
from tutorbot.core.answers.characters import MAX_LENGTH, too_long
from tutorbot.core.answers.judge import echoed, judge
from tutorbot.core.answers.verdicts import (
    Asked,
    Problem,
    Undecided,
    Unreadable,
    Verdict,
)
from tutorbot.core.course import Expression

_DEADLINE = 4.0  # seconds for one answer; the first to an integral waits for SymPy, up to two
_WORKERS = 2
_MEMORY = 128 * 1024**2  # bytes beyond the loaded libraries; the dearest answers known take 10 MB
_LOADING = 60.0  # seconds; a worker takes three on a machine that has nothing else to do
_ROUNDS = 4  # deadlines that an answer may wait for its turn, its own included

Decide = Callable[[Asked, str], Verdict]
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Done(Generic[_Result]):
    """What came of work that was done in time."""

    result: _Result


class Checker:
    """Judges in worker processes; one that hangs or dies is replaced, and the others go on."""

    def __init__(
        self,
        *,
        deadline: float = _DEADLINE,
        workers: int = _WORKERS,
        memory: int = _MEMORY,
        decide: Decide = judge,
    ) -> None:
        """``decide`` must be a function of a module, as it is called in another process."""
        self._deadline = deadline
        self._workers = workers
        self._memory = memory
        self._decide = decide
        self._pool: ProcessPool | None = None
        self._loads = _Loads()
        self._farewells: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Start the workers and let them load, so that the first learner need not wait."""
        if self._pool is None:
            self._pool = self._new_pool()

    async def close(self) -> None:
        """Stop the workers, whatever they do; `start` may be called again."""
        pool, self._pool = self._pool, None
        if pool is not None:
            self._stop_aside(pool)
        await asyncio.gather(*self._farewells)

    async def judge(self, asked: Asked, text: str) -> Verdict:
        """How a typed answer stands to the key; undecided if that takes too long to say."""
        if len(text) > MAX_LENGTH:
            return Unreadable(problem=too_long(text))
        done = await self.run(self._decide, _without_prose(asked), text)
        return _unfinished(asked, text) if done is None else done.result

    async def run(
        self, work: Callable[..., _Result], *given: object, deadline: float | None = None
    ) -> Done[_Result] | None:
        """What comes of any work in a worker; none if it takes too long there, or too much memory.

        Such as checking a course that somebody sent; work that is long is best given a checker of
        its own, so that no learner waits for it. ``work`` must be a function of a module, as it is
        called in another process; what it raises comes through. ``deadline``: seconds, those of an
        answer if there are none.
        """
        seconds = deadline or self._deadline
        for _ in range(2):
            pool = self._pool
            if pool is None:
                break
            patience = asyncio.timeout(_ROUNDS * seconds)
            try:
                future = pool.schedule(work, args=given, timeout=seconds)
                async with patience:
                    return Done(await asyncio.wrap_future(future))
            except TimeoutError:
                # No worker so much as begins; those who are loading would not by beginning anew.
                if patience.expired() and not self._loads.go_on():
                    self._replace(pool)
                break
            except (ProcessExpired, MemoryError, RecursionError):
                break
            except RuntimeError:
                # A worker that dies between two answers may take its pool along.
                self._replace(pool)
        return None

    def _new_pool(self) -> ProcessPool:
        pool = new_pool(self._workers, self._memory)
        self._loads = _Loads(*(pool.schedule(worker.ready) for _ in range(self._workers)))
        return pool

    def _replace(self, broken: ProcessPool) -> None:
        if self._pool is broken:
            self._pool = self._new_pool()
            self._stop_aside(broken)

    def _stop_aside(self, pool: ProcessPool) -> None:
        """Stop a pool in a thread, as a worker that stands still takes seconds to be rid of."""
        farewell = asyncio.create_task(asyncio.to_thread(_stop, pool))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)


class _Loads:
    """How the workers of a pool come up."""

    def __init__(self, *ready: Future[bool]) -> None:
        self._began = monotonic()
        self._ready = ready

    def go_on(self) -> bool:
        """Whether none is up yet, which may be the machine's fault."""
        return monotonic() - self._began < _LOADING and not any(each.done() for each in self._ready)


def _stop(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()


def _unfinished(asked: Asked, text: str) -> Verdict:
    """Reading is bounded, unlike deciding, so it is done here: what was read is said anyway."""
    outcome = echoed(asked, text)
    if isinstance(outcome, Problem):
        return Unreadable(problem=outcome)
    return Undecided(echo=outcome)


def _without_prose(asked: Asked) -> Asked:
    """What the judge needs: words for the learner stay here."""
    typed = asked.typed

    def bare(lines: tuple[Expression, ...]) -> tuple[Expression, ...]:
        return tuple(Expression(text=line.text) for line in lines)

    slim = replace(typed, accepted=bare(typed.accepted), mistaken=bare(typed.mistaken))
    return replace(asked, typed=slim)

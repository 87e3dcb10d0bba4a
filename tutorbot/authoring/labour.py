"""Work that may hang or die, spread over processes: with a deadline for each piece, and for all."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from tutorbot.checking import worker
from tutorbot.checking.pool import new_pool
from tutorbot.core.course import Question
from tutorbot.courses.keys import UNDECIDED, Findings, findings

DEADLINE: Final = 30.0  # seconds for one key, all its variants included
_MEMORY: Final = 1024**3  # bytes of address space for each worker
_MOST_WORKERS: Final = 8

Progress = Callable[[int], object]

_Given = TypeVar("_Given")
_Result = TypeVar("_Result")


class Labour:
    """Worker processes, started when they are first needed.

    Args:
        deadline: Seconds for one piece of work.
        patience: Seconds for everything that is ever given to these workers; None: no end.
        workers: 0 takes as many as there are processors.
        progress: Told how many pieces have come in, and with -1 that one is done.
    """

    def __init__(
        self,
        *,
        deadline: float = DEADLINE,
        patience: float | None = None,
        workers: int = 0,
        progress: Progress = lambda _: None,
    ) -> None:
        self._deadline = deadline
        self._patience = patience
        self._workers = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
        self._progress = progress
        self._lock = Lock()
        self._closed = False
        self._awaited: set[ProcessFuture[Any]] = set()
        self._began: float | None = None
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Let the workers load what they need while their work is being got together."""
        pool = self._started()
        if pool:
            for _ in range(self._workers):
                pool.schedule(worker.ready)

    def close(self) -> None:
        """Stop the workers, whatever they do; what is still awaited of them is given up on."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
            awaited = tuple(self._awaited)
        for future in awaited:  # the pool would leave them open for ever
            future.cancel()
        if pool:
            pool.stop()
            pool.join()

    def judge(self, questions: Sequence[Question]) -> Iterator[Findings]:
        """The findings for the typed keys of questions, to be handed to `courses.check`."""
        for found in self.spread(findings, questions):
            yield (UNDECIDED,) if found is None else found

    def spread(
        self, work: Callable[[_Given], _Result], pieces: Sequence[_Given]
    ) -> Iterator[_Result | None]:
        """The results in the order of the pieces; None for one that was given up on.

        ``work`` must be a function of a module, as it is called in another process.
        """
        if not pieces:
            return
        self._progress(len(pieces))
        futures = [self._scheduled(work, piece) for piece in pieces]
        for future in futures:
            yield None if future is None else self._result(future)
            self._progress(-1)

    def _scheduled(
        self, work: Callable[[_Given], _Result], piece: _Given
    ) -> "ProcessFuture[_Result] | None":
        """None once the workers are stopped."""
        pool = self._started()
        with self._lock:
            if pool is None or self._closed:
                return None
            future = pool.schedule(work, args=(piece,), timeout=self._deadline)
            self._awaited.add(future)
            return future

    def _started(self) -> ProcessPool | None:
        with self._lock:
            if self._pool is None and not self._closed:
                self._pool = new_pool(self._workers, _MEMORY)
                self._began = time.monotonic()
            return self._pool

    def _result(self, future: "ProcessFuture[_Result]") -> _Result | None:
        try:
            return future.result(self._time_left())
        except (TimeoutError, CancelledError, ProcessExpired, MemoryError, RecursionError):
            future.cancel()
            return None
        finally:
            with self._lock:
                self._awaited.discard(future)

    def _time_left(self) -> float | None:
        if self._patience is None or self._began is None:
            return None
        return max(0.0, self._began + self._patience - time.monotonic())

"""Many rows, judged in worker processes: in order, in constant memory, none longer than allowed."""

from collections.abc import Callable, Iterable, Iterator
from queue import Queue
from threading import Thread
from typing import BinaryIO, Final

from pebble import ProcessExpired, ProcessFuture

from tutorbot.checking.pool import new_pool
from tutorbot.checking.rows import MAX_ROW, Answer, error_row, judged, named

DEADLINE: Final = 5.0  # seconds for one row
MEMORY: Final = 2 * 1024**3  # bytes of address space for each worker
WORKERS: Final = 2
AHEAD: Final = 64  # rows that wait for their turn

_Waiting = tuple[bytes, "ProcessFuture[Answer]"]


def judge_all(
    lines: Iterable[bytes],
    *,
    deadline: float = DEADLINE,
    judge: Callable[[bytes], Answer] = judged,
) -> Iterator[Answer]:
    """One answer for each line that is not blank, in their order, each within the deadline.

    An answer is there as soon as it is known, even if the next line is long in coming. ``judge``
    must be a function of a module, as it is called in another process.
    """
    pool = new_pool(WORKERS, MEMORY)
    waiting: Queue[_Waiting | BaseException | None] = Queue(AHEAD)

    def feed() -> None:
        end: BaseException | None = None
        try:
            for line in lines:
                if line.strip():
                    kept = line[: MAX_ROW + 1]
                    future = pool.schedule(judge, args=(kept,), timeout=deadline)
                    waiting.put((kept, future))
        except BaseException as trouble:  # noqa: BLE001 - raised again where it is waited for
            end = trouble
        waiting.put(end)

    Thread(target=feed, daemon=True).start()
    try:
        while (one := waiting.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield _answer(*one)
    finally:
        pool.stop()
        pool.join()


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Line by line; of one that is far too long for a row, the beginning."""
    while line := stream.readline(MAX_ROW + 1):
        rest = line
        while len(rest) > MAX_ROW and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_ROW + 1)
        yield line


def _answer(line: bytes, future: "ProcessFuture[Answer]") -> Answer:
    try:
        return future.result()
    except TimeoutError:
        return {"id": named(line), "verdict": "undecided"} | _NOTHING
    except (ProcessExpired, MemoryError, RecursionError):
        return error_row(named(line), "the judge died of this row")


_NOTHING: Final[Answer] = {
    "mistake": None,
    "message": "I could not tell in the time that I have for an answer.",
    "read": None,
    "proof": None,
    "ms": None,
}

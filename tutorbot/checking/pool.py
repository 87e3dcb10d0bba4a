"""Worker processes that have loaded the judge, and leave Ctrl-C to whoever started them."""

import multiprocessing
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import forkserver

from pebble import ProcessPool

from tutorbot.checking import worker


def new_pool(workers: int, memory: int) -> ProcessPool:
    """Start workers. ``memory``: bytes of address space that each may take."""
    context = multiprocessing.get_context("forkserver")
    # Loaded once, before any worker starts, if this is the first pool of the process.
    context.set_forkserver_preload([*worker.PRELOADED])
    with _deaf_to_ctrl_c():
        forkserver.ensure_running()
    return ProcessPool(
        max_workers=workers,
        initializer=worker.prepare,
        initargs=(memory,),
        context=context,  # pyright: ignore[reportArgumentType] -- typeshed's Pipe differs
    )


@contextmanager
def _deaf_to_ctrl_c() -> Generator[None]:
    """What is started inside ignores Ctrl-C from its first breath, as do its children.

    Otherwise a worker that is just being born prints a traceback: it sets its own ear too late.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

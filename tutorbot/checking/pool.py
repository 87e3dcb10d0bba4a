"""Worker processes that have loaded the judge, and leave Ctrl-C to whoever started them."""

import multiprocessing
import os
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
    with _deaf_to_ctrl_c(), _mute():
        forkserver.ensure_running()
    return ProcessPool(
        max_workers=workers,
        initializer=worker.prepare,
        initargs=(memory,),
        context=context,  # pyright: ignore[reportArgumentType] -- typeshed's Pipe differs
    )


@contextmanager
def _mute() -> Generator[None]:
    """What is started inside has no standard error, nor have its children.

    A worker born while we leave would print a traceback there, and one that breaks over an answer
    could print what was typed. What a worker has to say comes back with its verdict.
    """
    ours, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(ours, 2)
        os.close(ours)
        os.close(nowhere)


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

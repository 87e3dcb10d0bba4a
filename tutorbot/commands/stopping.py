"""Run something until somebody asks it to stop, and see that it does."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any


def until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run until SIGINT or SIGTERM asks to stop; then what is in hand is finished.

    A second one does not wait for that, and after ten seconds nothing is waited for: whatever was
    not finished is in the database, or still at Telegram, and is for whoever starts next.

    Raises:
        KeyboardInterrupt: there was a second one
    """

    async def guarded() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        working = asyncio.ensure_future(work(stop))

        def ask_to_stop() -> None:
            if stop.is_set():
                working.cancel()
            else:
                stop.set()
                _leave_in_time()

        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, ask_to_stop)
        try:
            await working
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None

    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(guarded())


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """That of uvloop, which does the same in C, where it is to be had: not on Windows."""
    try:
        import uvloop  # noqa: PLC0415 - there may be none
    except ImportError:
        return None
    return uvloop.new_event_loop


def _leave_in_time() -> None:
    """End the process soon, whatever hangs: a thread, a database, the loop itself."""

    def tell() -> None:
        print(
            "tutorbot: Something did not end in time and was left; the next start goes on with it.",
            file=sys.stderr,
            flush=True,
        )

    # Two, as whoever reads standard error may hang as well.
    for seconds, act in ((_TO_STOP, tell), (_TO_STOP + 0.2, lambda: os._exit(_BY_TROUBLE))):
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()


_TO_STOP = 8.0  # seconds, of the ten that whoever stops us gives; a busy machine is late itself
_BY_TROUBLE = 1

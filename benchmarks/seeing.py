"""What it costs an update to be counted, bound to the log, and traced, and what a scrape costs.

.venv/bin/python benchmarks/seeing.py
"""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import generate_latest

from tutorbot.core.noted import Judged
from tutorbot.core.pacing import Lane
from tutorbot.metrics import Fate, Handled, Metrics, Queue
from tutorbot.otlp import OtlpTraces
from tutorbot.traces import NoTraces, Traces

TIMES = 20_000


def counted(metrics: Metrics) -> None:
    """All that a typed answer with two messages as its reply is counted by."""
    metrics.updated("message", Handled.DONE, 0.012)
    metrics.count(Judged(verdict="wrong", kind="formula"))
    metrics.waited(Lane.INTERACTIVE, Queue.GATE, 0.0)
    for _ in range(2):
        metrics.waited(Lane.INTERACTIVE, Queue.LIMITER, 0.001)
        metrics.called(200, 0.04)
        metrics.tried(Lane.INTERACTIVE, Fate.SENT)
        metrics.replied(0.06)


def bound() -> None:
    """What is bound for the update, and for each of two messages."""
    with structlog.contextvars.bound_contextvars(update=1, learner=None):
        structlog.contextvars.bind_contextvars(learner=1)
    for _ in range(2):
        with structlog.contextvars.bound_contextvars(update=1, learner=1):
            pass


def traced(traces: Traces) -> None:
    with traces.span("update", update=1):
        with traces.span("flow", learner=1), traces.span("judge"):
            pass
        with traces.span("outbox"):
            pass
    for _ in range(2):
        with traces.span("send", update=1, row=1, learner=1):
            pass


def microseconds(work: Callable[[], None]) -> float:
    work()
    began = time.process_time()
    for _ in range(TIMES):
        work()
    return (time.process_time() - began) / TIMES * 1e6


def main() -> None:
    metrics, off = Metrics("0"), NoTraces()

    async def judge() -> None: ...

    async def judged(watch: Callable[[], Awaitable[None]]) -> float:
        began = time.process_time()
        for _ in range(TIMES):
            await watch()
        return (time.process_time() - began) / TIMES * 1e6

    timed = metrics.timing_judge(judge)
    print(f"counted            {microseconds(lambda: counted(metrics)):6.1f} µs an update")
    cost = asyncio.run(judged(timed)) - asyncio.run(judged(judge))
    print(f"judge timed        {cost:6.1f} µs")
    print(f"bound to the log   {microseconds(bound):6.1f} µs")
    print(f"traces, off        {microseconds(lambda: traced(off)):6.1f} µs")
    on = OtlpTraces("http://127.0.0.1:9", "0")  # nobody is there: what is counted is our part
    print(f"traces, on         {microseconds(lambda: traced(on)):6.1f} µs")
    told, began = b"", time.process_time()
    for _ in range(100):
        told = generate_latest(metrics.registry)
    scrape = (time.process_time() - began) / 100 * 1e3
    print(f"a scrape           {scrape:6.1f} ms, {len(told) / 1024:.0f} KiB")
    print(f"load               {os.getloadavg()[0]:6.1f}")
    sys.stdout.flush()
    os._exit(0)  # without waiting for a collector that is not there


if __name__ == "__main__":
    main()

"""What Prometheus is told: counts, durations and depths, and never who or what was said.

Every label has a closed set of values. `docs/seeing.md` says what each metric is good for.
"""

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from time import monotonic
from typing import ParamSpec, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tutorbot.core.noted import DaySettled, Judged, Noted, Reminded
from tutorbot.core.pacing import Lane
from tutorbot.core.streaks import Outcome

disable_created_metrics()  # when each series began: as many again, which nobody asks for

RECEIVED: ContextVar[float | None] = ContextVar("RECEIVED", default=None)
"""When the update in hand reached this process, by the monotonic clock.

Set by whoever takes it in; it goes with the context of the task, past PTB, which carries nothing.
"""


KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "poll_answer",
    OTHER := "other",
)
"""Of updates: those that Telegram is asked for."""


class Handled(Enum):
    """What became of an update."""

    DONE = "done"
    REPEATED = "repeated"  # done before, and sent again
    IGNORED = "ignored"  # nothing that we answer to
    POISONED = "poisoned"  # put aside with its error
    DEFERRED = "deferred"  # the database was away; it comes again
    GIVEN_UP = "given_up"  # it could not even be put aside


class Fate(Enum):
    """What became of a message, or of one try to send it."""

    SENT = "sent"
    REFUSED = "refused"
    CLOSED = "closed"  # blocked, or nobody there
    PUT_OFF = "put_off"  # surely not sent; goes out later
    LOST = "lost"  # nobody knows; sent again later
    GIVEN_UP = "given_up"  # nobody knows, after the last try


class Queue(Enum):
    """Where a message waits within the process before it is sent."""

    GATE = "gate"  # until its chat may be taken out of the outbox
    LIMITER = "limiter"  # until Telegram takes another


@dataclass(frozen=True, kw_only=True)
class Depths:
    """What waits in the database."""

    waiting: int  # messages
    oldest: float  # seconds since the oldest of them was wanted; 0 where none waits
    jobs: Mapping[tuple[str, str], int]  # by task and state


Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self, version: str = "") -> None:
        self.registry = registry = CollectorRegistry()
        self.depths: Depths | None = None
        """As last asked for; None: not known, and not shown."""
        self.pool: Callable[[], tuple[int, int]] | None = None
        """Asks how many connections to the database are in use, and of how many."""
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        registry.register(_Asked(self))
        Info("tutorbot", "The program.", registry=registry).info({"version": version})

        # What is rare and must be noticed is there from the start, at 0: to Prometheus, nothing and
        # then one is no increase.
        self._updates = Counter(
            "tutorbot_updates",
            "Updates taken in, by kind and by what became of them.",
            ("kind", "outcome"),
            registry=registry,
        )
        for kind in KINDS:
            for outcome in Handled:
                self._updates.labels(kind, outcome.value)
        self._update = Histogram(
            "tutorbot_update_seconds",
            "From the receipt of an update to the commit of its work.",
            buckets=_QUICK,
            registry=registry,
        )
        self._reply = Histogram(
            "tutorbot_reply_seconds",
            "From the receipt of an update to a reply of it being at Telegram.",
            buckets=_QUICK,
            registry=registry,
        )
        self._verdicts = Counter(
            "tutorbot_verdicts",
            "Answers judged, by verdict and kind of answer.",
            ("verdict", "kind"),
            registry=registry,
        )
        self._judging = Histogram(
            "tutorbot_judging_seconds",
            "Judging of one typed answer, with the wait for a worker.",
            buckets=_QUICK,
            registry=registry,
        )
        messages = Counter(
            "tutorbot_messages",
            "Messages tried, by lane and by what became of the try.",
            ("lane", "fate"),
            registry=registry,
        )
        self._messages = {
            (lane, fate): messages.labels(lane.value, fate.value) for lane in Lane for fate in Fate
        }
        waits = Histogram(
            "tutorbot_lane_wait_seconds",
            "Wait for one's turn to be sent, by lane and by where.",
            ("lane", "queue"),
            buckets=_QUICK,
            registry=registry,
        )
        self._waits = {
            (lane, queue): waits.labels(lane.value, queue.value) for lane in Lane for queue in Queue
        }
        self._calls = Counter(
            "tutorbot_telegram_calls",
            "Calls of the Bot API other than for updates, by the class of the answer.",
            ("answer",),
            registry=registry,
        )
        for answer in _CLASSES:
            self._calls.labels(answer)
        self._call = Histogram(
            "tutorbot_telegram_call_seconds",
            "One call of the Bot API other than for updates.",
            buckets=_QUICK,
            registry=registry,
        )
        self._floods = Counter(
            "tutorbot_floods", "Calls that Telegram answered with 429.", registry=registry
        )
        self._responses = Counter(
            "tutorbot_http_responses",
            "Answers of our own HTTP server, by what was asked for and the class of the answer.",
            ("path", "answer"),
            registry=registry,
        )
        self._jobs = Histogram(
            "tutorbot_job_seconds",
            "One run of a job.",
            ("task", "outcome"),
            buckets=_SLOW,
            registry=registry,
        )
        settlements = Counter(
            "tutorbot_streak_settlements",
            "Days of learners that were settled, by what became of them.",
            ("outcome",),
            registry=registry,
        )
        self._settlements = {each: settlements.labels(each.value) for each in Outcome}
        self._reminders = Counter("tutorbot_reminders", "Reminders said.", registry=registry)

    def count(self, noted: Noted) -> None:
        """Count what was noted in a transaction that has been committed."""
        match noted:
            case Judged(verdict=verdict, kind=kind):
                self._verdicts.labels(verdict, kind).inc()
            case DaySettled(outcome=outcome):
                self._settlements[outcome].inc()
            case Reminded():
                self._reminders.inc()

    def updated(self, kind: str, outcome: Handled, seconds: float) -> None:
        self._updates.labels(kind, outcome.value).inc()
        if outcome is Handled.DONE:
            self._update.observe(seconds)

    def replied(self, seconds: float) -> None:
        self._reply.observe(max(0.0, seconds))  # clocks of two machines may disagree

    def tried(self, lane: Lane, fate: Fate) -> None:
        self._messages[lane, fate].inc()

    def waited(self, lane: Lane, queue: Queue, seconds: float) -> None:
        self._waits[lane, queue].observe(seconds)

    def called(self, status: int | None, seconds: float) -> None:
        """One call of the Bot API; None: no answer."""
        self._calls.labels(_class(status)).inc()
        self._call.observe(seconds)
        if status == _TOO_MANY:
            self._floods.inc()

    def will_respond(self, path: str) -> None:
        for answer in _CLASSES:
            self._responses.labels(path, answer)

    def responded(self, path: str, status: int | None) -> None:
        """Our own answer, or None if the caller hung up; ``path`` is out of a few."""
        self._responses.labels(path, _class(status)).inc()

    def will_work(self, task: str) -> None:
        for outcome in _OUTCOMES.values():
            self._jobs.labels(task, outcome)

    def worked(self, task: str, *, failed: bool, seconds: float) -> None:
        self._jobs.labels(task, _OUTCOMES[failed]).observe(seconds)

    def timing_judge(
        self, judge: Callable[Arguments, Awaitable[Result]]
    ) -> Callable[Arguments, Awaitable[Result]]:
        """The same judge, with a watch in its hand."""

        async def timed(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            with _clocked(self._judging.observe):
                return await judge(*args, **kwargs)

        return timed


_TOO_MANY = 429
_CLASSES = ("2xx", "3xx", "4xx", "429", "5xx", "none")
_OUTCOMES = {False: "done", True: "failed"}
_QUICK = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300)
_SLOW = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900)


@contextmanager
def _clocked(tell: Callable[[float], None]) -> Generator[None]:
    began = monotonic()
    try:
        yield
    finally:
        tell(monotonic() - began)


def _class(status: int | None) -> str:
    """The class of a status; 429 by itself, as it is none of the caller's faults.

    >>> [_class(each) for each in (200, 404, 429, 503, None)]
    ['2xx', '4xx', '429', '5xx', 'none']
    """
    if status is None:
        return "none"
    return "429" if status == _TOO_MANY else f"{status // 100}xx"


class _Asked(Collector):
    """What is not counted as it happens but looked up when somebody asks."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def describe(self) -> Sequence[Metric]:
        return list(_asked(Depths(waiting=0, oldest=0, jobs={}), (0, 0)))

    def collect(self) -> Sequence[Metric]:
        pool = self._metrics.pool
        return list(_asked(self._metrics.depths, pool() if pool else None))


def _asked(depths: Depths | None, pool: tuple[int, int] | None) -> Generator[Metric]:
    if depths is not None:
        yield _gauge("tutorbot_outbox_waiting", "Messages without a fate.", depths.waiting)
        oldest = "Age of the oldest message without a fate."
        yield _gauge("tutorbot_outbox_oldest_seconds", oldest, depths.oldest)
        jobs = GaugeMetricFamily(
            "tutorbot_jobs", "Jobs that wait, run, or failed for good.", labels=("task", "state")
        )
        for (task, state), number in depths.jobs.items():
            jobs.add_metric((task, state), number)
        yield jobs
    if pool is not None:
        used, size = pool
        told = "Connections to the database that are in use."
        yield _gauge("tutorbot_database_connections_in_use", told, used)
        yield _gauge("tutorbot_database_connections_most", "And of how many.", size)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)

"""What the program logs: events with ids, on standard error, and never what anybody typed.

An exception is told by `tutorbot.telegram.incident.story` wherever it is met. Here, and only here,
stands who else hears of it: what is told as an error goes to Sentry, if that is set.
"""

import logging
import sys
import threading
from collections.abc import Callable, Generator, Mapping, MutableMapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import structlog

from tutorbot.settings import Settings
from tutorbot.telegram.incident import Story, story

Report = Callable[[BaseException, Mapping[str, str | int]], None]

log = structlog.stdlib.get_logger()


class MissingExtra(Exception):
    """A setting needs a package that is not installed. Reads as one sentence."""

    def __init__(self, setting: str, extra: str) -> None:
        super().__init__(
            f"{setting} is set, but what it needs is not installed; install tutorbot[{extra}], or"
            " leave the setting out."
        )


@contextmanager
def telling(
    settings: Settings, *, quiet: bool, expected: tuple[type[Exception], ...]
) -> Generator[None]:
    """Log while the block runs.

    Args:
        settings: of the installation
        quiet: for who looks at what a command says itself
        expected: what somebody around tells in words of its own

    Raises:
        MissingExtra: there is nothing to report errors with
    """
    if quiet:
        with told(level="warning", form=settings.log_format):
            yield
        return
    dsn = settings.sentry_dsn.get_secret_value() if settings.sentry_dsn else None
    release = version("tutorbot")
    with told(level=settings.log, form=settings.log_format, sentry_dsn=dsn, release=release):
        try:
            yield
        except expected:
            raise
        except Exception as error:  # noqa: BLE001 - its message may quote what somebody typed
            log.critical("crashed", error=story(error))
            raise SystemExit(_CRASHED) from None


_CRASHED = 70  # as sysexits.h has it: an internal error


@contextmanager
def told(
    *, level: str, form: str = "text", sentry_dsn: str | None = None, release: str = ""
) -> Generator[None]:
    """Log while the block runs.

    Args:
        level: debug, info, warning or error
        form: text, or json for a JSON object on each line
        sentry_dsn: where errors are reported as well
        release: the version that they are of

    Raises:
        MissingExtra: there is nothing to report them with
    """
    if sentry_dsn is None:
        configure(level, form)
        with _threads_heard():
            yield
        return
    try:
        from tutorbot.sentry import Sentry  # noqa: PLC0415 - who sets no DSN neither has nor pays it
    except ModuleNotFoundError:
        raise MissingExtra("TUTORBOT_SENTRY_DSN", "sentry") from None
    sentry = Sentry(sentry_dsn, release)
    configure(level, form, sentry.tell)
    try:
        with _threads_heard():
            yield
    finally:
        sentry.close()


def configure(level: str, form: str = "text", report: Report | None = None) -> None:
    """Make events what this module says that they are, in this process."""
    lowest = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _told_exceptions,
            _reporting(report),
            structlog.processors.JSONRenderer()
            if form == "json"
            else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        # Standard error as it is when something is said: a test may have put another there.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_Libraries()])
    for name in ("httpx", "telegram", "aiohttp", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # What a job said when it failed may quote what people typed; we tell what went wrong ourselves.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)


@contextmanager
def _threads_heard() -> Generator[None]:
    """Let what breaks in a thread be told as an event, and not as a traceback with its message."""

    def crashed(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            log.error("thread.crashed", error=story(args.exc_value))

    before, threading.excepthook = threading.excepthook, crashed
    try:
        yield
    finally:
        threading.excepthook = before


Event = MutableMapping[str, Any]


def _told_exceptions(_logger: object, _method: str, event: Event) -> Event:
    """An exception that comes with an event is told as a story: its message may quote anything."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["error"] = story(error)
    return event


def _reporting(report: Report | None) -> Callable[[object, str, Event], Event]:
    def reporting(_logger: object, _method: str, event: Event) -> Event:
        error = event.get("error")
        if report and isinstance(error, Story) and event["level"] in {"error", "critical"}:
            report(error.of, {name: event[name] for name in _IDS if event.get(name) is not None})
        return event

    return reporting


_IDS = ("event", "update", "learner", "job", "task", "row", "reference")


class _Libraries(logging.Handler):
    """What libraries log, by where they say it: their sentences may quote what went through them.

    A sentence that is yet to be filled in is told unfilled.
    """

    def emit(self, record: logging.LogRecord) -> None:
        told: dict[str, object] = {"by": record.name, "at": f"{record.filename}:{record.lineno}"}
        if record.args and isinstance(record.msg, str):
            told["saying"] = record.msg
        if record.exc_info and record.exc_info[1]:
            told["error"] = story(record.exc_info[1])
        log.log(record.levelno, "library.said", **told)

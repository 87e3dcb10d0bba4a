"""What went wrong, told without what a learner typed: where it happened, and not with which values.

The message of an exception may quote its values, and a URL of Telegram's has the token in it.
"""

import traceback
from pathlib import Path

import structlog

from tutorbot.store.errors import StoreUnavailable

log = structlog.stdlib.get_logger()


def tell(event: str, error: Exception) -> None:
    """Warn of what went wrong and is tried again; that the store is away, it tells once itself."""
    say = log.debug if isinstance(error, StoreUnavailable) else log.warning
    say(event, error=story(error))


class Story(str):
    """Words that may be told anywhere, which still know what they tell of.

    Only `tutorbot.events` asks: it hands the exception itself to Sentry, if that is set.
    """

    __slots__ = ("of",)

    of: BaseException


def story(error: BaseException) -> Story:
    """The exception's class and the places that it came through, with those of its causes.

    That the store is away is no bug of a place, and is told over and over: it is kept short.

    >>> try:
    ...     int("what the learner typed")
    ... except ValueError as error:
    ...     story(error)
    'ValueError at <doctest tutorbot.telegram.incident.story[0]>:2'
    """
    words = _outage(error) if isinstance(error, StoreUnavailable) else _places(error)
    told = Story(words)
    told.of = error
    return told


def _places(error: BaseException) -> str:
    told: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.extract_tb(current.__traceback__)
        places = [f"{_short(frame.filename)}:{frame.lineno}" for frame in frames[-_INNERMOST:]]
        told.append(f"{type(current).__name__} at {' > '.join(places)}")
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    return "; because of ".join(told)


_INNERMOST = 8


def _outage(error: StoreUnavailable) -> str:
    """The class of the first cause, with PostgreSQL's code if it has one.

    >>> _outage(StoreUnavailable("nobody answers"))
    'StoreUnavailable'
    """
    first: BaseException = error
    while first.__cause__ is not None:
        first = first.__cause__
    if first is error:
        return type(error).__name__
    state = str(getattr(first, "sqlstate", None) or "")
    return f"{type(error).__name__} because of {type(first).__name__} {state}".rstrip()


def _short(filename: str) -> str:
    """The path from the package on; those of libraries from theirs."""
    parts = Path(filename).parts
    for root in ("site-packages", "tutorbot"):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at + (root == "site-packages") :])
    return parts[-1] if parts else filename

"""That the database cannot take work is told once, and once more when it can."""

import time
from collections.abc import Callable

import structlog

from tutorbot.store.errors import StoreSlow, StoreUnavailable

log = structlog.stdlib.get_logger()


class Outage:
    """From the first failure to ``quiet`` seconds without any, as some work may go through.

    A full disk takes reading and no writing, and a crowded server whoever is lucky.

    Args:
        quiet: seconds; longer than whoever fails waits before the next try
        monotonic: seconds
    """

    def __init__(
        self, quiet: float = 20.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._quiet = quiet
        self._monotonic = monotonic
        self._began: float | None = None
        self._latest = 0.0
        self._count = 0
        self._what = ""

    def met(self, error: StoreUnavailable) -> None:
        """Some work failed. Another kind of trouble than before is told as well."""
        now = self._monotonic()
        self._count += 1
        self._latest = now
        if self._began is None:
            self._began, self._what = now, ""
        if (what := _in_a_sentence(error)) != self._what and (not self._what or _tells_more(what)):
            self._what = what
            log.warning("database.unavailable", what=what, code=_code(error) or None)

    def not_met(self) -> None:
        """Some work went through."""
        now = self._monotonic()
        if self._began is not None and now - self._latest > self._quiet:
            log.warning(
                "database.available",
                seconds=round(self._latest - self._began),
                failures=self._count,
            )
            self._began, self._count = None, 0


_SENTENCES = {
    "53100": "the disk of the database is full; make room",
    "53300": "the database takes no more connections; see its max_connections",
    "25006": "the database can be read only; this may be a standby",
    "28": "the database lets us in no more; check TUTORBOT_DATABASE_URL",
}
_OTHERWISE = "the database does not answer, or is starting or stopping; work waits for it"


def _in_a_sentence(error: StoreUnavailable) -> str:
    if isinstance(error, StoreSlow):
        return "the database takes too long; it may have too much to do"
    code = _code(error)
    fitting = (said for start, said in _SENTENCES.items() if code.startswith(start))
    return next(fitting, _OTHERWISE)


def _tells_more(what: str) -> bool:
    return what != _OTHERWISE


def _code(error: BaseException) -> str:
    """PostgreSQL's, of the first cause."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(getattr(error, "sqlstate", None) or "")

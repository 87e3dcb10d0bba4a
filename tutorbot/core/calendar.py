"""Study days: which one an instant falls in, where it begins, and whether it can be missed.

A study day begins some hours after midnight (four, unless the learner says otherwise) by the
learner's own clock, so that an evening that ends at two in the morning is one evening.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DAY_STARTS = 4  # hours after midnight

_FULL = timedelta(hours=24)
_TOO_SHORT = timedelta(hours=12)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_OF_THE_HOST = frozenset({"localtime", "Factory"})  # names that say no place


def known_timezone(name: str) -> bool:
    """Tell whether that is the IANA name of a zone, spelt as IANA spells it."""
    return name in known_timezones()


def study_day(at: datetime, timezone: str, day_starts: int = DAY_STARTS) -> date:
    """Find the study day of an instant by the clocks of a zone; they begin 0 to 6 hours late.

    >>> study_day(datetime(2026, 3, 1, 2, 59, tzinfo=UTC), "Europe/Berlin")
    datetime.date(2026, 2, 28)

    Raises:
        ValueError: the datetime is naive, so it names no instant.
        ZoneInfoNotFoundError: there is no such zone; `known_timezone` asks first.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no timezone, so it is no instant")
    return (clock_time(at, timezone) - timedelta(hours=day_starts)).date()


def day_start(day: date, timezone: str, day_starts: int = DAY_STARTS) -> datetime:
    """Find the first instant, in UTC, at which the clocks have reached that study day."""
    clock = datetime.combine(day, time(day_starts))
    zone = _zone(timezone)
    after = clock.replace(tzinfo=zone).astimezone(UTC)
    if clock_time(after, timezone) == clock:
        return after
    # The clocks jump over that hour. By the rules of PEP 495 the two readings of it lie on either
    # side of the jump, which is what we look for.
    before = clock.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if clock_time(middle, timezone) < clock:
            before = middle
        else:
            after = middle
    return after


def missable(day: date, timezone: str, day_starts: int = DAY_STARTS) -> bool:
    """Tell whether a study day without an answer counts as missed.

    Not a day shorter than 12 hours, which a zone makes when it skips a date. Nor a day whose
    skipped hours end up in the next one: in Athens the clocks go from 3:00 to 4:00 once a year,
    and who studies at 3:30 every night does so at 4:30 then, when the next study day has begun.
    """
    if _steady(day, timezone, day_starts):
        return True
    start = day_start(day, timezone, day_starts)
    end = day_start(day + _DAY, timezone, day_starts)
    lost = _FULL - (end - start)
    if lost <= timedelta(0):
        return True
    if end - start < _TOO_SHORT:
        return False
    zone = _zone(timezone)
    return (end - lost).astimezone(zone).utcoffset() == end.astimezone(zone).utcoffset()


def _steady(day: date, timezone: str, day_starts: int) -> bool:
    """Tell at a glance, as for most days, that the clocks show the same offset at both ends."""
    start = datetime.combine(day, time(day_starts), _zone(timezone))
    end = start + _DAY  # by the clocks, as arithmetic within a zone is
    return start.utcoffset() == end.utcoffset() == end.replace(fold=1).utcoffset()


def clock_time(at: datetime, timezone: str) -> datetime:
    """Read the clocks of a zone at an instant: a naive datetime."""
    return at.astimezone(_zone(timezone)).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=1024)  # there are about 600; ZoneInfo itself holds on to eight
def _zone(timezone: str) -> ZoneInfo:
    return ZoneInfo(timezone)


@lru_cache(maxsize=1)
def known_timezones() -> frozenset[str]:
    """List the IANA names of all zones that are places."""
    return frozenset(available_timezones()) - _OF_THE_HOST

"""The holidays of a class: read as they are typed. They cost no learner of it a freeze."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from tutorbot.core.ids import ClassId

LONGEST = 120
"""Days."""
FURTHEST = 400
"""Days ahead, or back."""


@dataclass(frozen=True, kw_only=True)
class Holidays:
    """All that a class has ahead of it."""

    class_id: ClassId
    title: str
    timezone: str
    now: datetime
    spans: tuple[tuple[date, date], ...]
    may_change: bool
    added: tuple[date, date] | None = None  # just now


@dataclass(frozen=True, kw_only=True)
class WhichDays:
    """Holidays are asked for, to be typed."""

    title: str
    today: date
    trouble: "Trouble | None" = None


@dataclass(frozen=True)
class NoDate:
    """Nothing that was typed is a date."""


@dataclass(frozen=True)
class Backwards:
    """The last day lies before the first."""


@dataclass(frozen=True)
class TooLong:
    pass


@dataclass(frozen=True)
class TooFar:
    """Further away than a year, or over already."""


Trouble = NoDate | Backwards | TooLong | TooFar


def read_days(typed: str, today: date) -> tuple[date, date] | Trouble:
    """Read one date, or the first and the last day.

    >>> read_days("2026-12-24 to 2027-01-06", date(2026, 11, 22))
    (datetime.date(2026, 12, 24), datetime.date(2027, 1, 6))
    >>> read_days("2026-12-24", date(2026, 11, 22))
    (datetime.date(2026, 12, 24), datetime.date(2026, 12, 24))
    """
    found = [_date(*each) for each in _DATE.findall(typed)]
    days = [each for each in found if each]
    if not 1 <= len(found) <= _BOTH or len(days) < len(found) or _DIGITS.search(_rest(typed)):
        return NoDate()
    first, last = days[0], days[-1]
    if last < first:
        return Backwards()
    if last < today or (last - today).days > FURTHEST:
        return TooFar()
    if (last - first).days >= LONGEST:
        return TooLong()
    return first, last


def kept(first: date, today: date) -> date | None:
    """Say until when holidays stay that are taken out of the calendar; None: none of them.

    The days that have begun keep what they gave.

    >>> kept(date(2026, 12, 24), date(2026, 12, 26))
    datetime.date(2026, 12, 26)
    """
    return today if first <= today else None


_BOTH = 2
_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", re.ASCII)
_DIGITS = re.compile(r"\d")


def _rest(typed: str) -> str:
    return _DATE.sub("", typed)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None

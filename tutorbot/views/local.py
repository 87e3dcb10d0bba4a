"""Numbers, lists and the names of days and months, as the language of the words writes them."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_skeleton, get_day_names, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

_SOURCE = "en"
_SOURCE_ORDER = "en_GB"  # “A, B and C”, without a comma before the “and”; the day before the month
_DAYS = 7
_MONTHS = 12


def number(words: NullTranslations, value: float) -> str:
    """With two decimals at most, and the digits that answers are typed in.

    >>> number(NullTranslations(), 1234.5), number(NullTranslations(), 3.0)
    ('1,234.5', '3')
    """
    return format_decimal(value, "#,##0.##", locale(words), numbering_system="latn")


def percent(words: NullTranslations, share: float) -> str:
    """A share without decimals.

    >>> percent(NullTranslations(), 0.876)
    '88%'
    """
    return format_percent(share, locale=locale(words), numbering_system="latn")


def listed(words: NullTranslations, parts: Sequence[str]) -> str:
    """All of the parts, in one sentence.

    >>> listed(NullTranslations(), ("A", "B", "C"))
    'A, B and C'
    """
    return format_list(parts, "standard", _ordering(words))


def weekdays(words: NullTranslations) -> tuple[str, str, str, str, str, str, str]:
    """Short, Monday first.

    >>> weekdays(NullTranslations())[0]
    'Mon'
    """
    names = get_day_names("abbreviated", "stand-alone", locale(words))
    first, second, third, fourth, fifth, sixth, last = (str(names[day]) for day in range(_DAYS))
    return first, second, third, fourth, fifth, sixth, last


def whole_weekdays(words: NullTranslations) -> tuple[str, ...]:
    """Monday first.

    >>> whole_weekdays(NullTranslations())[0]
    'Monday'
    """
    names = get_day_names("wide", "stand-alone", locale(words))
    return tuple(str(names[day]) for day in range(_DAYS))


def day_and_month(words: NullTranslations, day: date, *, weekday: bool = False) -> str:
    """Write a day of this year, or of one that is clear.

    >>> day_and_month(NullTranslations(), date(2026, 11, 1))
    '1 Nov'
    >>> day_and_month(NullTranslations(), date(2026, 11, 1), weekday=True)
    'Sun 1 Nov'
    """
    return format_skeleton("MMMEd" if weekday else "MMMd", day, locale=_ordering(words))


def day_and_whole_month(words: NullTranslations, day: date) -> str:
    """Write a day without any full stop that an abbreviation would bring along.

    >>> day_and_whole_month(NullTranslations(), date(2027, 2, 15))
    '15 February'
    """
    return format_skeleton("MMMMd", day, locale=_ordering(words))


def months(words: NullTranslations) -> tuple[str, ...]:
    """Short, January first.

    >>> months(NullTranslations())[8]
    'Sep'
    """
    names = get_month_names("abbreviated", "stand-alone", locale(words))
    return tuple(str(names[month]) for month in range(1, _MONTHS + 1))


def _ordering(words: NullTranslations) -> Locale:
    spoken = locale(words)
    return _locale(_SOURCE_ORDER) if spoken.language == _SOURCE else spoken


def locale(words: NullTranslations) -> Locale:
    """Where the words are spoken; the source is in English."""
    return _locale(words.info().get("language", _SOURCE))


@lru_cache(maxsize=32)
def _locale(tag: str) -> Locale:
    return Locale.parse(tag)

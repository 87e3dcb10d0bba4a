"""When something is, by the clocks of whoever reads it, or of their class."""

from datetime import datetime
from gettext import NullTranslations

from tutorbot.core.calendar import clock_time
from tutorbot.core.zones import time_in
from tutorbot.views import local


def moment_in(words: NullTranslations, at: datetime, timezone: str, now: datetime) -> str:
    """Write the time of day and, unless it is today, the day.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> moment_in(NullTranslations(), noon, "Europe/Berlin", noon)
    '13:00'
    >>> moment_in(NullTranslations(), noon, "Europe/Berlin", noon.replace(day=20))
    'Sun 22 Nov, 13:00'
    """
    time = time_in(timezone, at)
    day = clock_time(at, timezone).date()
    if day == clock_time(now, timezone).date():
        return time
    shown = local.day_and_month(words, day, weekday=True)
    return words.gettext("{day}, {time}").format(day=shown, time=time)

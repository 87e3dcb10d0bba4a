"""Answers on a calendar, for tests: when clocks show what, and which study days come of it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from tutorbot.core.calendar import known_timezone
from tutorbot.core.streaks import Day, Outcome, Streak, stored_day, streak

Answer = tuple[datetime, str]  # an instant, and the zone that the learner was in

ZONES = sorted(zone for zone in available_timezones() if known_timezone(zone))
BERLIN, LOS_ANGELES, TOKYO = "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"
DAY = timedelta(days=1)

zones = st.sampled_from(ZONES)
hours = st.integers(0, 6)
instants = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
strides = st.floats(0.1, 70).map(lambda hours: timedelta(hours=hours))


def answers(zone: st.SearchStrategy[str]) -> st.SearchStrategy[list[Answer]]:
    """Answers a few hours or days apart, oldest first."""
    steps = st.lists(st.tuples(strides, zone), min_size=1, max_size=30)
    return st.builds(walk, instants, steps)


def walk(at: datetime, steps: Iterable[tuple[timedelta, str]]) -> list[Answer]:
    given: list[Answer] = []
    for stride, zone in steps:
        at += stride
        given.append((at, zone))
    return given


def clock(shown: str, zone: str) -> Answer:
    """An answer when the clocks of a zone show that; an hour that they skip is moved forward."""
    return datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone


def kept(
    given: Iterable[Answer], day_starts: int = 4, doubled: Iterable[date] = ()
) -> tuple[Day, ...]:
    """The study days of answers stored in that order; which were doubled, by their last answer."""
    days: dict[date, Day] = {}
    twice = {*doubled}
    for at, zone in given:
        day = stored_day(at, zone, day_starts, days.values())
        was = days.get(day)
        first = was if was and was.first_at and was.first_at <= at else None
        days[day] = Day(
            day=day,
            timezone=zone,
            first_at=first.first_at if first else at,
            first_timezone=first.first_timezone if first else zone,
            doubled_at=at if day in twice else None,
        )
    return tuple(days.values())


def after(*given: Answer) -> Streak:
    """How the runs stand right after the last answer."""
    return streak(kept(given), *given[-1])


def evenings(*days: int | str, zone: str = BERLIN) -> list[Answer]:
    """Answers at eight in the evening on those days of January 2026 (or month-day)."""
    shown = [day if isinstance(day, str) else f"01-{day:02}" for day in days]
    return [clock(f"2026-{day} 20:00", zone) for day in shown]


def outcomes(seen: Streak) -> str:
    """The days settled: a for active, f for frozen, - for free, m for missed."""
    letters = {Outcome.ACTIVE: "a", Outcome.FROZEN: "f", Outcome.FREE: "-", Outcome.MISSED: "m"}
    return "".join(letters[each.outcome] for each in seen.settled)

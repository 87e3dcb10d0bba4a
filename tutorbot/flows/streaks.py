"""Keeping the days on which a learner studied."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tutorbot.core.calendar import study_day
from tutorbot.core.learner import Learner
from tutorbot.core.streaks import Day, Streak, stored_day, streak
from tutorbot.store import streaks
from tutorbot.store.unit import Unit

YEAR = timedelta(days=371)  # what the calendar picture shows, whole weeks


@dataclass(frozen=True, kw_only=True)
class Counted:
    day: date  # as stored with the answer, and never changed after
    streak: Streak
    newly: bool  # whether this answer made it a study day


@dataclass(frozen=True, kw_only=True)
class Studied:
    """What `/streak` shows: the run, and the answers of each study day of the last year."""

    streak: Streak
    today: date
    days: tuple[tuple[date, int], ...]


async def count(unit: Unit, learner: Learner, at: datetime) -> Counted:
    """Count an answer given at ``at``; its study day is decided here, once."""
    last = await streaks.last_day(unit, learner.id)
    day = stored_day(at, learner.timezone, learner.day_starts, last and last.day)
    await streaks.add(unit, learner.id, day, learner.timezone, at)
    return Counted(
        day=day,
        streak=await current(unit, learner, at),
        newly=last is None or last.day != day,
    )


async def current(unit: Unit, learner: Learner, now: datetime) -> Streak:
    days = await streaks.days(unit, learner.id, date.min)
    return streak(
        [
            Day(
                day=each.day,
                timezone=each.timezone,
                first_at=each.first_at,
                first_timezone=each.first_timezone,
            )
            for each in days
        ],
        now,
        learner.timezone,
        learner.day_starts,
    )


async def look(unit: Unit, learner: Learner, now: datetime) -> Studied:
    today = study_day(now, learner.timezone, learner.day_starts)
    days = await streaks.days(unit, learner.id, today - YEAR)
    return Studied(
        streak=await current(unit, learner, now),
        today=today,
        days=tuple((each.day, each.answers) for each in days),
    )

"""How a learner stands in all: skills, and what comes due on the days to come."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tutorbot.core.mastery import Skill
from tutorbot.core.review import REVIEWS_A_DAY, Candidate

AHEAD = 7
"""Days shown, today included."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    today: date
    skills: tuple[Skill, ...] = ()
    met: int = 0  # questions answered at least once
    coming: tuple[tuple[date, int], ...] = ()  # how many are due on each of the days ahead
    exam: date | None = None


@dataclass(frozen=True, kw_only=True)
class ExamSet:
    """None: there is no exam to be ready for, or not any more."""

    day: date | None = None
    days: int = 0  # from today
    unread: bool = False  # what was said names no day that is still to come


def coming(
    candidates: Iterable[Candidate], today: date, now: int, a_day: int = REVIEWS_A_DAY
) -> tuple[tuple[date, int], ...]:
    """How many are due on each day ahead: what a day cannot hold goes to the next.

    Args:
        candidates: those without a due day are passed over.
        today: the study day.
        now: how many of them are for today.
        a_day: how many each other day can hold.
    """
    due = Counter(max(each.due, today) for each in candidates if each.due)
    left, found = 0, list[tuple[date, int]]()
    for ahead in range(AHEAD):
        day = today + timedelta(days=ahead)
        left += due[day]
        found.append((day, min(left, a_day) if ahead else now))
        left -= found[-1][1]
    return tuple(found)


def exam_day(said: str, today: date) -> ExamSet:
    """Read the day of an exam, as 2027-02-15; off means none.

    >>> exam_day("2027-02-15", date(2027, 2, 1)).days, exam_day("Off", date(2027, 2, 1)).day
    (14, None)
    >>> exam_day("next Monday", date(2027, 2, 1)).unread
    True
    """
    if said.strip().casefold() == _OFF:
        return ExamSet()
    try:
        day = date.fromisoformat(said.strip())
    except ValueError:
        return ExamSet(unread=True)
    return exam_noted(day, today)


_OFF = "off"  # in every language: it is part of the command, which is not translated


def exam_noted(day: date | None, today: date) -> ExamSet:
    """Say in how many days it is, if it is still to come.

    >>> exam_noted(date(2027, 2, 15), date(2027, 2, 1)).days
    14
    >>> exam_noted(None, date(2027, 2, 1)).unread
    True
    """
    ahead = (day - today).days if day else 0
    return ExamSet(day=day, days=ahead) if ahead > 0 else ExamSet(unread=True)

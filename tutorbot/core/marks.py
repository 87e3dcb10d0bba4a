"""The mark of a learner in a quiz: what each question came to, in points.

What counts of several answers, `core.assignments.worth` says. Where there is one answer in time,
which is nearly always, nobody needs to ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TypeVar

from tutorbot.core.assignments import Given, Terms, worth


@dataclass(frozen=True, kw_only=True)
class Scored:
    """An answer with its newest score; points are None while it is undecided."""

    at: datetime
    points: float | None
    out_of: float | None


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Points by question; None where nothing was answered."""

    points: Mapping[object, float | None]
    out_of: float

    @property
    def total(self) -> float:
        return sum(each or 0.0 for each in self.points.values())

    @property
    def share(self) -> float | None:
        """None for who answered nothing."""
        if not self.out_of or all(each is None for each in self.points.values()):
            return None
        return self.total / self.out_of


QuestionT = TypeVar("QuestionT")


def mark(
    picked: Sequence[QuestionT],
    answers: Mapping[QuestionT, Sequence[Scored]],
    worths: Mapping[QuestionT, float],
    terms: Terms,
) -> Mark:
    """The mark of one learner.

    Args:
        picked: the questions that they got
        answers: to each, in the order of time
        worths: the points that a question is worth, where that is not one
        terms: that hold for them
    """
    points: dict[object, float | None] = {}
    out_of = 0.0
    for question in picked:
        given = answers.get(question, ())
        points[question] = _points(given, terms) if given else None
        known = next((each.out_of for each in reversed(given) if each.out_of), None)
        out_of += known or worths.get(question, 1.0)
    return Mark(points=points, out_of=out_of)


def _points(given: Sequence[Scored], terms: Terms) -> float:
    if len(given) == 1:
        return (given[0].points or 0.0) * float(terms.share(given[0].at))
    counted = worth(
        [
            Given(at=each.at, points=_exact(each.points), out_of=_exact(each.out_of))
            for each in given
        ],
        terms,
    )
    return float(counted.points)


def _exact(points: float | None) -> Fraction | None:
    return None if points is None else Fraction(points)

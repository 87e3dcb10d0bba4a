"""What is worth counting of a piece of work: noted while it is done, counted once it is kept.

None of it says who, or what was typed. Every text is out of a few, so that it may name a metric.
"""

from dataclasses import dataclass

from tutorbot.core.streaks import Outcome


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An answer was judged, or could not be read."""

    verdict: str  # right, part, wrong, form, undecided, unclear, unreadable
    kind: str  # of answer: of options one or several, else the kind of what was typed


@dataclass(frozen=True, kw_only=True)
class DaySettled:
    """It was decided what became of a learner's day; a later fact may settle it once more."""

    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """A reminder was put into words."""


Noted = Judged | DaySettled | Reminded

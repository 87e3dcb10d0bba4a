"""What makes a study day: some answers, right or wrong, or the due reviews; opening alone does not.

Answers in under a second, three running, are taps and no answers. They are not held against
anyone; they just do not count.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

ANSWERS_OF_A_DAY = 3
"""Graded answers that make a study day, unless all due reviews are done before."""
USUAL_GOAL = 5
"""Graded answers a day, where the learner chose no goal."""
QUICK = timedelta(seconds=1)
TAPS_RUNNING = 3


@dataclass(frozen=True, kw_only=True)
class Tally:
    """A day's answers so far."""

    given: int = 0  # mere taps among them
    counted: int = 0
    quick: int = 0  # answers running that took under a second, up to the last one
    qualified: bool = False  # once a study day, always a study day
    doubled: bool = False  # twice the goal was reached

    @property
    def left(self) -> int:
        """Answers that are missing to a study day."""
        return 0 if self.qualified else max(0, ANSWERS_OF_A_DAY - self.counted)


def tallied(
    tally: Tally, *, quick: bool = False, goal: int = USUAL_GOAL, reviews_done: bool = False
) -> Tally:
    """Count one more answer.

    Args:
        tally: the day before it.
        quick: whether it took less than `QUICK`.
        goal: answers that the learner wants to give in a day.
        reviews_done: whether it was the last of the reviews that were due on the day. By
            themselves they make a study day only if none of the day's answers were mere taps.

    >>> taps = Tally()
    >>> for _ in range(9):
    ...     taps = tallied(taps, quick=True)
    >>> taps.counted, tallied(taps).counted
    (0, 1)
    """
    given = tally.given + 1
    running = tally.quick + 1 if quick else 0
    counted = tally.counted + 1
    if running == TAPS_RUNNING:
        counted = max(0, tally.counted - (TAPS_RUNNING - 1))
    elif running > TAPS_RUNNING:
        counted = tally.counted
    return replace(
        tally,
        given=given,
        counted=counted,
        quick=running,
        qualified=tally.qualified
        or (reviews_done and counted == given)
        or counted >= ANSWERS_OF_A_DAY,
        doubled=tally.doubled or counted >= 2 * goal,
    )

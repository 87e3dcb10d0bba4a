"""Learning from everybody's first answers how hard questions are; done in the background."""

from datetime import datetime, timedelta

from tutorbot.core.difficulty import Meeting, guessing, rated
from tutorbot.flows.published import Library
from tutorbot.store import difficulty
from tutorbot.store.difficulty import FirstAnswer
from tutorbot.store.unit import Unit

SETTLED = timedelta(minutes=5)
"""How old an answer must be: one that is stored at this moment may have a smaller id than others.

What comes in later still, as after an outage, may be passed over; ratings are estimates.
"""

AT_ONCE = 1000
"""Answers that one transaction takes."""


async def learn(unit: Unit, library: Library, now: datetime, limit: int = AT_ONCE) -> int:
    """Let ratings rest on the next answers, too; return how many these were.

    Two who do so at once wait for each other, and no answer counts twice.
    """
    firsts = await difficulty.next_answers(unit, now - SETTLED, limit)
    if not firsts:
        return 0
    meetings = [await _meeting(unit, library, first) for first in firsts]
    able, hard = await difficulty.ratings(
        unit, {each.learner for each in firsts}, {each.item for each in firsts}
    )
    await difficulty.keep(unit, firsts[-1].id, *rated(meetings, able, hard))
    return len(firsts)


async def _meeting(unit: Unit, library: Library, first: FirstAnswer) -> Meeting:
    course = await library.course(unit, first.version)
    return Meeting(
        learner=first.learner,
        item=first.item,
        right=first.right and not first.hints,
        guess=guessing(course.question(first.question)),
    )

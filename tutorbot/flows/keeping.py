"""Keeping an answer: the fact, its study day, its score, and what it says of a memory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from tutorbot.core.grading import points, policy
from tutorbot.core.ids import OptionId
from tutorbot.core.learner import Learner
from tutorbot.core.mastery import LESSON_EVERY
from tutorbot.core.practice import (
    Posed,
)
from tutorbot.core.recall import rate, rated
from tutorbot.core.review import REVIEW, owner
from tutorbot.flows import streaks
from tutorbot.store import courses, practice, recall
from tutorbot.store.practice import Attempt, Fact, Sitting
from tutorbot.store.unit import Unit

_REMEMBERED = timedelta(days=90)  # mistakes of one kind that lie further back are forgiven


async def keep(
    unit: Unit,
    learner: Learner,
    attempt: Attempt,
    sitting: Sitting,
    posed: Posed,
    *,
    at: datetime,
    share: Fraction,
    verdict: dict[str, object],
    chosen: tuple[OptionId, ...] | None = None,
    raw: str | None = None,
    parsed: str | None = None,
    typed: bool,
) -> streaks.Counted:
    """Store the answer as a fact, its day, and the score that follows from the newest key."""
    course, version = sitting.source(attempt.place)
    counted = await streaks.count(
        unit,
        learner,
        at,
        posed_at=None if typed else attempt.opened_at,
        reviews_done=await _reviews_done(unit, attempt, sitting),
    )
    answer = await practice.record(
        unit,
        Fact(
            attempt=attempt.id,
            learner=learner.id,
            version=version,
            question=posed.question.id,
            values=posed.values,
            shown=attempt.shown,
            chosen=chosen,
            raw=raw,
            parsed=parsed,
            verdict=verdict,
            hints=attempt.hints,
            try_number=attempt.tries + 1,
            answered_at=at,
            timezone=learner.timezone,
            study_day=counted.day,
        ),
    )
    if verdict["code"] != "undecided":
        memory = rated(
            attempt.memory,
            rate(
                right=verdict["code"] == "right",
                nearly=verdict["code"] == "form",
                hints=attempt.hints,
                rungs=len(posed.question.help),
            ),
            counted.day,
            owner(learner.id, course, attempt.question),
        )
        if memory != attempt.memory:
            await recall.keep(unit, learner.id, course, attempt.question, memory, posed.values)
        await practice.score(
            unit,
            answer,
            await courses.key(unit, version, posed.question.id),
            points=points(
                share=share,
                hints=posed.question.hints[: attempt.hints],
                out_of=posed.question.points,
            ),
            out_of=posed.question.points,
            policy=policy(posed.question),
            at=at,
        )
    return counted


async def _reviews_done(unit: Unit, attempt: Attempt, sitting: Sitting) -> bool:
    """Whether this answer is the last that was due today, and none was skipped."""
    is_last = sitting.course == REVIEW and attempt.place == len(sitting.picked) - 1
    if not is_last or attempt.tries or attempt.memory is None:
        return False
    results = await practice.results(unit, sitting.id)
    return all(each.tries for each in results if each.place != attempt.place)


async def lesson_due(unit: Unit, learner: Learner, tags: Sequence[str], at: datetime) -> bool:
    """Whether an answer just showed a misconception for the third time, or sixth, and so on."""
    for tag in tags:
        times = await recall.times_tagged(unit, learner.id, tag, at - _REMEMBERED)
        if times and times % LESSON_EVERY == 0:
            return True
    return False

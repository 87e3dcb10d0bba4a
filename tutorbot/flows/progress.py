"""How a learner stands, and the exam that they learn for."""

from datetime import datetime

from tutorbot.core import mastery
from tutorbot.core.calendar import study_day
from tutorbot.core.learner import Learner
from tutorbot.core.progress import ExamSet, Progress, coming, exam_day, exam_noted
from tutorbot.flows import review
from tutorbot.flows.published import Library
from tutorbot.store import recall
from tutorbot.store.unit import Unit


async def look(unit: Unit, library: Library, learner: Learner, at: datetime) -> Progress:
    desk = await review.desk(unit, library, learner, at)
    return Progress(
        today=desk.today,
        skills=mastery.skills(desk.firsts, desk.questions),
        met=len(desk.cards),
        coming=coming(desk.candidates, desk.today, len(desk.plan.due)),
        exam=desk.exam if desk.exam and desk.exam > desk.today else None,
    )


async def set_exam(unit: Unit, learner: Learner, said: str, at: datetime) -> ExamSet:
    """Note the day, or forget it; who says none is told which is noted, or how to say one."""
    today = study_day(at, learner.timezone, learner.day_starts)
    if not said.strip():
        return exam_noted(await recall.exam_of(unit, learner.id), today)
    found = exam_day(said, today)
    if not found.unread:
        await recall.set_exam(unit, learner.id, found.day)
    return found

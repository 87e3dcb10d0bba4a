"""Reviews, and help past the hints: one like it solved, other numbers, a closer look at a slip."""

from dataclasses import replace
from datetime import datetime

from tutorbot.core.actions import (
    AskAnother,
    AskLesson,
    AskSibling,
    MendMistakes,
    Review,
)
from tutorbot.core.calendar import study_day
from tutorbot.core.certainty import Calibration, NoMistakes
from tutorbot.core.learner import Learner
from tutorbot.core.outcomes import Outcome
from tutorbot.core.practice import (
    LessonGiven,
    NothingDue,
    PosedNext,
    SiblingShown,
    SolutionLater,
)
from tutorbot.core.progress import Progress
from tutorbot.core.quizzes import AfterTheQuiz
from tutorbot.core.review import AGAIN, REVIEW, Pick
from tutorbot.core.tutoring import feedback_to, fresh_variant, solved_sibling
from tutorbot.flows import certainty, progress, review
from tutorbot.flows.answering import Answering
from tutorbot.store import practice, recall
from tutorbot.store.unit import Unit

_DUE = Review()


class Tutoring(Answering):
    """What a tutor does beside posing and judging."""

    async def review(
        self, unit: Unit, learner: Learner, at: datetime, action: Review = _DUE
    ) -> Outcome:
        """Pose what is due today, or go on with it; a review of an earlier day is over."""
        desk = await review.desk(unit, self._library, learner, at)
        sitting = await practice.unfinished(unit, learner.id, REVIEW)
        if sitting is not None:
            starts = learner.day_starts
            if study_day(sitting.started_at, learner.timezone, starts) == desk.today:
                return await self._resume(unit, learner, sitting, at)
            await practice.finish(unit, sitting.id, at)
        plan = desk.plan
        chosen = plan.new if action.new else plan.due
        if not chosen:
            return NothingDue(coming=plan.coming, new=len(plan.new), waiting=plan.waiting)
        picks = desk.picks(chosen, self._dice)
        posed = await self._begin_picked(unit, learner, REVIEW, picks, at)
        return replace(posed, waiting=0 if action.new else plan.waiting)

    async def progress(self, unit: Unit, learner: Learner, at: datetime) -> Progress:
        return await progress.look(unit, self._library, learner, at)

    async def certainty(self, unit: Unit, learner: Learner, at: datetime) -> Calibration:
        return await certainty.look(unit, self._library, learner, at)

    async def mend(
        self, unit: Unit, learner: Learner, _action: MendMistakes, at: datetime
    ) -> PosedNext | NoMistakes:
        """Pose what was answered with certainty and wrongly, aside: the papers stay as they are."""
        desk = await review.desk(unit, self._library, learner, at)
        mistakes = (await certainty.look(unit, self._library, learner, at)).mistakes
        picks = tuple(desk.pick((each.course, each.question), self._dice) for each in mistakes)
        if not picks:
            return NoMistakes()
        before = await practice.unfinished(unit, learner.id, AGAIN)
        if before is not None:
            await practice.finish(unit, before.id, at)
        return await self._begin_picked(unit, learner, AGAIN, picks, at)

    async def another(
        self, unit: Unit, learner: Learner, action: AskAnother, at: datetime
    ) -> Outcome:
        """Pose the same with other numbers, aside: the paper stays where it is."""
        found = await self._at_hand(unit, learner, action.attempt, at)
        if not isinstance(found, tuple):
            return found
        attempt, sitting = found
        posed = await self._posed(unit, learner, attempt, sitting)
        if not posed.rule.aside:
            return AfterTheQuiz()
        if not posed.solution_due:  # the other one's would tell as much
            return SolutionLater()
        course, version = sitting.source(attempt.place)
        variant = fresh_variant(posed.question, posed.values, self._dice)
        pick = Pick(version=version, course=course, question=attempt.question, variant=variant)
        before = await practice.unfinished(unit, learner.id, AGAIN)
        if before is not None:
            await practice.finish(unit, before.id, at)
        begun = await self._begin_picked(unit, learner, AGAIN, (pick,), at)
        return replace(begun, left=posed)

    async def show_sibling(
        self, unit: Unit, learner: Learner, action: AskSibling, at: datetime
    ) -> Outcome:
        found = await self._at_hand(unit, learner, action.attempt, at)
        if not isinstance(found, tuple):
            return found
        posed = await self._posed(unit, learner, *found)
        if not posed.rule.aside:
            return AfterTheQuiz()
        course = await self._paper(unit, learner, found[1])
        solved = solved_sibling(course, found[0].place, posed.values, self._dice)
        return SiblingShown(posed=posed, solved=solved)

    async def lesson(
        self, unit: Unit, learner: Learner, action: AskLesson, at: datetime
    ) -> Outcome:
        """What the author says to the mistake, and a question like this one, solved."""
        found = await self._at_hand(unit, learner, action.attempt, at)
        if not isinstance(found, tuple):
            return found
        attempt, sitting = found
        posed = await self._posed(unit, learner, attempt, sitting)
        if not posed.rule.tells:
            return AfterTheQuiz()
        course = await self._paper(unit, learner, sitting)
        tags = await recall.last_tags(unit, attempt.id)
        told = [feedback_to(posed.question, tag) for tag in tags]
        return LessonGiven(
            posed=posed,
            feedback=next(filter(None, told), ()),
            solved=solved_sibling(course, attempt.place, posed.values, self._dice)
            if posed.rule.aside
            else None,
        )

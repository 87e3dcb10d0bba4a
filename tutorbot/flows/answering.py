"""Answering a quiz that is set to a class: open, go on, hand in, look back.

It is a sitting of what was picked for this learner, under the rule of the quiz. At every tap it is
asked anew whether they may, and whether it is still open at the moment of which it tells.
"""

from dataclasses import replace
from datetime import datetime
from random import Random

from tutorbot.core.assignments import (
    Assignment,
    BeginQuiz,
    HandIn,
    LookBack,
    OpenQuiz,
    Phase,
    PractiseQuiz,
    Source,
    Standing,
    counting,
    drawn,
    following,
    practising,
    quiz_of,
    standing,
    tried_or_practised,
    trying,
)
from tutorbot.core.course import Choice, Course, Question
from tutorbot.core.ids import AttemptId, CourseId
from tutorbot.core.learner import Learner
from tutorbot.core.outcomes import Outcome
from tutorbot.core.practice import (
    MovedOn,
    Posed,
    PosedNext,
    Rule,
    order_shown,
    pick_variant,
    with_values,
)
from tutorbot.core.quizzes import (
    KeptForQuiz,
    LookedBack,
    NoSuchQuiz,
    QuizAhead,
    QuizFinished,
    QuizNotNow,
    QuizOpened,
    QuizTried,
    QuizzesSet,
    SureToHandIn,
)
from tutorbot.core.review import Pick
from tutorbot.flows import assignments, review, streaks
from tutorbot.flows.scoring import results_of
from tutorbot.flows.sittings import Sittings
from tutorbot.store import assignments as store, learners, practice
from tutorbot.store.practice import Attempt, Result, Sitting
from tutorbot.store.unit import Unit

_NO_ATTEMPT = AttemptId(0)  # for what is shown and takes no answer
_NOT_YET_OVER = frozenset({Phase.OPEN, Phase.LATE})


class Answering(Sittings):
    async def quizzes_set(self, unit: Unit, learner: Learner, at: datetime) -> QuizzesSet:
        those = await store.set_to(unit, learner.id, at)
        return QuizzesSet(standings=tuple(standing(*each, at) for each in those))

    async def open_quiz(
        self, unit: Unit, learner: Learner, action: OpenQuiz | BeginQuiz, at: datetime
    ) -> Outcome:
        """Begin it, or go on where it was left; those who set it may try it without counting."""
        stands = await assignments.look(unit, learner.id, action.assignment, at)
        if stands is None:
            return await self._try(unit, learner, action, at)
        if stands.phase not in _NOT_YET_OVER:
            return await self._not_now(unit, learner, stands)
        name = counting(stands.assignment.id)
        sitting = await practice.unfinished(unit, learner.id, name)
        if sitting is None:  # perhaps it had closed, and there is more time by now
            sitting = await store.take_up(unit, stands.assignment.id, learner.id)
        if sitting is not None:
            ruled = replace(sitting, rule=assignments.rule(stands))
            return await self._continue(unit, learner, ruled, stands, at)
        if stands.assignment.minutes is not None and isinstance(action, OpenQuiz):
            return QuizAhead(standing=stands)
        sitting = await self._begin_quiz(unit, learner, stands.assignment, name, at)
        await store.opened(unit, stands.assignment.id, learner.id, sitting.id, at)
        part = replace(stands.part, sitting=sitting.id, opened_at=stands.part.opened_at or at)
        stands = standing(stands.assignment, part, at)
        ruled = replace(sitting, rule=assignments.rule(stands))
        posed = await self._pose(unit, learner, ruled, 0, at)
        asked_first = stands.assignment.minutes is not None
        return QuizOpened(standing=stands, posed=posed, covered=asked_first)

    async def practise_quiz(
        self, unit: Unit, learner: Learner, action: PractiseQuiz, at: datetime
    ) -> Outcome:
        """Answer it once more when it is over; nothing of that counts towards it."""
        stands = await assignments.look(unit, learner.id, action.assignment, at)
        if stands is None:
            return NoSuchQuiz()
        if not stands.may_practise:
            return QuizNotNow(standing=stands)
        name = practising(stands.assignment.id)
        sitting = await practice.unfinished(unit, learner.id, name)
        if sitting is not None:
            return await self._resume(unit, learner, sitting, at)
        sitting = await self._begin_quiz(unit, learner, stands.assignment, name, at)
        return await self._pose(unit, learner, sitting, 0, at)

    async def hand_in(self, unit: Unit, learner: Learner, action: HandIn, at: datetime) -> Outcome:
        """Finish, unanswered questions or not; whoever leaves some out is asked first."""
        stands = await assignments.look(unit, learner.id, action.assignment, at)
        if stands is None:
            return NoSuchQuiz()
        sitting = await practice.unfinished(unit, learner.id, counting(action.assignment))
        if sitting is None or stands.phase not in _NOT_YET_OVER:
            return QuizNotNow(standing=stands)
        ruled = replace(sitting, rule=assignments.rule(stands))
        newest = await practice.newest_attempt(unit, sitting.id)
        left = None if newest is None else await self._posed(unit, learner, newest, ruled)
        unanswered = stands.assignment.of - sum(
            bool(each.tries) for each in await practice.results(unit, sitting.id)
        )
        if unanswered and not action.sure:
            return SureToHandIn(standing=stands, unanswered=unanswered)
        return await self._hand_in(unit, learner, sitting, stands, left, at)

    async def look_back(
        self, unit: Unit, learner: Learner, action: LookBack, at: datetime
    ) -> Outcome:
        """Show a question with its solution, once all of that may be told."""
        stands = await assignments.look(unit, learner.id, action.assignment, at)
        if stands is None:
            return NoSuchQuiz()
        if stands.part.sitting is None or not (stands.over and stands.told):
            return QuizNotNow(standing=stands)
        marked = await store.marks(unit, action.assignment, learner.id)
        marks = marked[0].marks if marked else ()
        if action.place >= len(marks):
            return MovedOn()
        mark = marks[action.place]
        sitting = await practice.sitting(unit, stands.part.sitting)
        course = await review.picked(unit, self._library, sitting, learner.language)
        posed = _as_posed(course, sitting, action.place)
        chosen = mark.counted.chosen if mark.counted else ()
        return LookedBack(
            standing=stands,
            posed=posed,
            worth=mark.worth,
            given=mark.counted.raw if mark.counted else None,
            chosen=frozenset(
                place for place, option in enumerate(posed.shown) if option.id in chosen
            ),
        )

    async def _ruled(
        self,
        unit: Unit,
        learner: Learner,
        attempt: Attempt,
        sitting: Sitting,
        at: datetime,
        *,
        leaving: bool,
    ) -> Sitting | Outcome:
        quiz = quiz_of(sitting.course)
        if quiz is not None:
            stands = await assignments.look(unit, learner.id, quiz, at)
            if stands is None:
                return NoSuchQuiz()
            if stands.phase not in _NOT_YET_OVER:
                await self._cut_off(unit, learner, sitting, stands, at)
                return replace(await self._not_now(unit, learner, stands), cut_off=True)
            return replace(sitting, rule=assignments.rule(stands))
        quiz = tried_or_practised(sitting.course)
        if quiz is not None and sitting.course == trying(quiz):
            stands = await assignments.look_as_staff(unit, learner.id, quiz, at)
            return NoSuchQuiz() if stands is None else replace(sitting, rule=_trial(stands))
        if leaving or not attempt.bound:
            return sitting
        key = sitting.source(attempt.place)[0], attempt.question
        for assignment, part in await store.begun(unit, learner.id, at):
            stands = standing(assignment, part, at)
            if stands.sealed and key in {each.key for each in assignment.questions}:
                return KeptForQuiz(standing=stands)
        return sitting

    async def _answered(
        self, unit: Unit, learner: Learner, attempt: Attempt, sitting: Sitting, at: datetime
    ) -> None:
        if sitting.rule.counts and sitting.rule.assignment is not None and not attempt.tries:
            await store.started(unit, sitting.rule.assignment, learner.id, at)

    async def _go_on(
        self, unit: Unit, learner: Learner, attempt: Attempt, sitting: Sitting, at: datetime
    ) -> Outcome:
        """To the next question, to what was skipped, and at last to whether that is all.

        A sitting for which no quiz is open goes on as any other.
        """
        quiz = sitting.rule.assignment
        if quiz is None:
            return await super()._go_on(unit, learner, attempt, sitting, at)
        left = await self._posed(unit, learner, attempt, sitting)
        await practice.close(unit, attempt.id, settled_at=None)
        results = await practice.results(unit, sitting.id)
        unanswered, reached = _unanswered(results), results[-1].place
        place = following(attempt.place, reached, left.of, unanswered)
        if place is not None:
            again = place <= reached
            return await self._pose_open(unit, learner, sitting, place, at, left, again=again)
        if not sitting.rule.counts:
            await practice.finish(unit, sitting.id, at)
            await learners.set_current(unit, learner.id, None)
            return await self._tried(unit, learner, sitting, left)
        stands = await assignments.look(unit, learner.id, quiz, at)
        if stands is None:
            return NoSuchQuiz()
        if unanswered:
            return SureToHandIn(standing=stands, unanswered=len(unanswered), left=left)
        return await self._hand_in(unit, learner, sitting, stands, left, at)

    async def _after_picked(
        self, unit: Unit, learner: Learner, sitting: Sitting, left: Posed, at: datetime
    ) -> Outcome:
        if tried_or_practised(sitting.course) is not None:
            return await self._tried(unit, learner, sitting, left)
        return await super()._after_picked(unit, learner, sitting, left, at)

    async def _tried(
        self, unit: Unit, learner: Learner, sitting: Sitting, left: Posed
    ) -> QuizTried:
        course = await self._paper(unit, learner, sitting)
        results = await results_of(unit, course, sitting)
        return QuizTried(
            left=left,
            right=sum(each.first_right for each in results),
            of=left.of,
            trial=sitting.rule.assignment is not None,
        )

    async def _try(
        self, unit: Unit, learner: Learner, action: OpenQuiz | BeginQuiz, at: datetime
    ) -> Outcome:
        stands = await assignments.look_as_staff(unit, learner.id, action.assignment, at)
        if stands is None:
            return NoSuchQuiz()
        name = trying(action.assignment)
        sitting = await practice.unfinished(unit, learner.id, name)
        if sitting is not None:
            ruled = replace(sitting, rule=_trial(stands))
            return await self._continue(unit, learner, ruled, stands, at)
        sitting = await self._begin_quiz(unit, learner, stands.assignment, name, at)
        ruled = replace(sitting, rule=_trial(stands))
        posed = await self._pose(unit, learner, ruled, 0, at)
        return QuizOpened(standing=stands, posed=posed, trial=True)

    async def _continue(
        self, unit: Unit, learner: Learner, sitting: Sitting, stands: Standing, at: datetime
    ) -> Outcome:
        """Pose the question at which it was left, or one that is still without an answer."""
        newest = await practice.newest_attempt(unit, sitting.id)
        place: int | None = 0
        if newest is not None:
            posed = await self._posed(unit, learner, newest, sitting)
            unanswered = _unanswered(await practice.results(unit, sitting.id))
            # What was only noted is done with: to pose it again would ask for another answer.
            done = newest.solution_seen or not posed.may_try_again or not posed.rule.tells
            waits = not (done or newest.settled_at) if newest.tries else newest.accepting
            place = newest.place
            if not waits:
                place = following(place, place, posed.of, ())
            if place is None:
                place = next(iter(unanswered), None)
            if place is None:
                return await self._go_on(unit, learner, newest, sitting, at)
        again = newest is not None and place <= newest.place
        opened = await self._pose_open(unit, learner, sitting, place, at, again=again)
        trial = not sitting.rule.counts
        return QuizOpened(standing=stands, posed=opened, trial=trial, covered=True)

    async def _pose_open(
        self,
        unit: Unit,
        learner: Learner,
        sitting: Sitting,
        place: int,
        at: datetime,
        left: Posed | None = None,
        *,
        again: bool,
    ) -> PosedNext:
        """Pose the question at a place, for the first time or once more (``again``)."""
        outcome = await self._pose(unit, learner, sitting, place, at, left)
        if not again:
            return outcome
        attempt = outcome.posed.attempt
        await practice.reopen(unit, attempt)
        await practice.pose_again(unit, attempt, at)
        return replace(outcome, posed=replace(outcome.posed, ticked=frozenset()), resumed=True)

    async def _hand_in(
        self,
        unit: Unit,
        learner: Learner,
        sitting: Sitting,
        stands: Standing,
        left: Posed | None,
        at: datetime,
    ) -> QuizFinished:
        quiz = stands.assignment
        await practice.finish(unit, sitting.id, at)
        await learners.set_current(unit, learner.id, None)
        await store.finished(unit, quiz.id, learner.id, at)
        stands = standing(quiz, replace(stands.part, finished_at=at), at)
        summary = None
        if stands.told:
            summary = await assignments.summary(unit, self._library, learner, quiz.id)
            await store.told(unit, quiz.id, learner.id, at)
        return QuizFinished(
            standing=stands,
            summary=summary,
            left=left,
            streak=await streaks.current(unit, learner, at),
        )

    async def _not_now(self, unit: Unit, learner: Learner, stands: Standing) -> QuizNotNow:
        """With how it went, where there is something that may be told."""
        ended = stands.phase in {Phase.DONE, Phase.CLOSED}
        summary = None
        if ended and stands.told and stands.part.sitting is not None:
            quiz = stands.assignment.id
            summary = await assignments.summary(unit, self._library, learner, quiz)
        return QuizNotNow(standing=stands, summary=summary)

    async def _cut_off(
        self, unit: Unit, learner: Learner, sitting: Sitting, stands: Standing, at: datetime
    ) -> None:
        """It closed in the middle of it. What was handed in until then counts."""
        await practice.finish(unit, sitting.id, at)
        await learners.set_current(unit, learner.id, None)
        if stands.told and stands.phase is not Phase.CANCELLED:
            await store.told(unit, stands.assignment.id, learner.id, at)

    async def _begin_quiz(
        self, unit: Unit, learner: Learner, quiz: Assignment, name: CourseId, at: datetime
    ) -> Sitting:
        """Draw what this learner gets, by a seed of their own."""
        seed = self._dice.getrandbits(62)
        questions: dict[Source, Question] = {}
        for source in quiz.questions:
            course = await self._library.course(unit, source.version)
            questions[source] = course.question(source.question)

        def stem(source: Source) -> tuple[int, str] | None:
            group = questions[source].group
            return None if group is None else (source.version, group)

        picks = tuple(
            Pick(
                version=source.version,
                course=source.course,
                question=source.question,
                variant=pick_variant(questions[source], seed),
            )
            for source in drawn(quiz.questions, stem, quiz.draw, Random(f"{seed}/draw"))
        )
        return await practice.begin(unit, learner.id, picks[0].version, name, seed, at, picks)


def _trial(stands: Standing) -> Rule:
    """For those who set it: as many tries as learners have, and told at once."""
    return Rule(assignment=stands.assignment.id, tries=stands.assignment.tries)


def _as_posed(course: Course, sitting: Sitting, place: int) -> Posed:
    """A question as it was posed, or would have been: options come in the order of the seed."""
    question = course.questions[place]
    values = question.variants[sitting.picked[place].variant]
    shown = order_shown(question, Random(f"{sitting.seed}/{question.id}"))
    question = with_values(question, values)
    body = question.body
    return Posed(
        attempt=_NO_ATTEMPT,
        course=course.id,
        paper=course.title,
        number=place + 1,
        of=len(course.questions),
        question=question,
        values=values,
        shown=tuple(map(body.option, shown)) if isinstance(body, Choice) else (),
    )


def _unanswered(results: tuple[Result, ...]) -> list[int]:
    return [each.place for each in results if not each.tries and not each.solution_seen]

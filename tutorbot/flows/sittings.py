"""Sittings of papers and of what was picked: begin, go on, find the question at hand, end."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from random import Random

from tutorbot.core.actions import (
    OpenCourse,
)
from tutorbot.core.course import Choice, Course, Partial, Reveal
from tutorbot.core.grading import policy
from tutorbot.core.ids import AttemptId, CourseId
from tutorbot.core.learner import Learner
from tutorbot.core.outcomes import Outcome
from tutorbot.core.practice import (
    USUAL,
    AlreadyAnswered,
    AnotherFinished,
    MovedOn,
    OnShelf,
    PaperFinished,
    Posed,
    PosedNext,
    ReviewFinished,
    Rule,
    Shelf,
    drawn,
    in_language,
    length,
    order_shown,
    pick_variant,
    solution_due,
    with_values,
)
from tutorbot.core.prose import formulas
from tutorbot.core.review import AGAIN, REVIEW, Pick
from tutorbot.core.tutoring import sibling
from tutorbot.drawing.unicode import say
from tutorbot.flows import review, streaks
from tutorbot.flows.published import Library
from tutorbot.flows.scoring import results_of
from tutorbot.store import courses, learners, practice
from tutorbot.store.practice import Attempt, Sitting
from tutorbot.store.unit import Unit

_USUAL = Partial.ALL_OR_NOTHING.value


class Sittings:
    """What every flow of practice stands on."""

    def __init__(self, library: Library, dice: Random) -> None:
        self._library = library
        self._dice = dice

    async def shelf(self, unit: Unit, learner: Learner, name: str = "") -> Shelf:
        """The papers, with how far the learner is in each."""
        reached = {
            sitting.course: place
            for sitting, place in await practice.unfinished_all(unit, learner.id)
        }
        papers: list[OnShelf] = []
        for published in await courses.newest(unit):
            course = await self._library.course(unit, published.version)
            place = reached.get(published.course)
            papers.append(
                OnShelf(
                    course=published.course,
                    title=in_language(course, learner.language).title,
                    of=length(course),
                    reached=None if place is None else place + 1,
                )
            )
        return Shelf(papers=tuple(papers), name=name)

    async def open(self, unit: Unit, learner: Learner, action: OpenCourse, at: datetime) -> Outcome:
        """Begin the paper, or pose again the question at which it was left."""
        if not is_paper(action.course):
            return await self.shelf(unit, learner)
        sitting = await practice.unfinished(unit, learner.id, action.course)
        if sitting is None:
            return await self._begin(unit, learner, action.course, at)
        return await self._resume(unit, learner, sitting, at)

    async def _resume(
        self, unit: Unit, learner: Learner, sitting: Sitting, at: datetime
    ) -> Outcome:
        newest = await practice.newest_attempt(unit, sitting.id)
        if newest is None:
            return await self._pose(unit, learner, sitting, 0, at)
        posed = await self._posed(unit, learner, newest, sitting)
        over = newest.settled_at is not None or newest.solution_seen or not posed.may_try_again
        if over:
            return await self._go_on(unit, learner, newest, sitting, at)
        if not newest.accepting:  # answered, and not yet rightly: resuming is trying again
            await practice.reopen(unit, newest.id)
            posed = replace(posed, ticked=frozenset())
        await practice.pose_again(unit, newest.id, at)
        await learners.set_current(unit, learner.id, newest.id)
        return PosedNext(posed=posed, resumed=True, probe=_wants_probe(learner, posed))

    async def _go_on(
        self, unit: Unit, learner: Learner, attempt: Attempt, sitting: Sitting, at: datetime
    ) -> Outcome:
        """Leave the question as it stands for the next one, or for the end of the paper."""
        left = await self._posed(unit, learner, attempt, sitting)
        await practice.close(unit, attempt.id, settled_at=None)
        if left.number < left.of:
            return await self._pose(unit, learner, sitting, attempt.place + 1, at, left)
        await practice.finish(unit, sitting.id, at)
        await learners.set_current(unit, learner.id, None)
        if sitting.picked:
            return await self._after_picked(unit, learner, sitting, left, at)
        course = await self._paper(unit, learner, sitting)
        results = await results_of(unit, course, sitting)
        tells = any(each.points != 1 or policy(each) != _USUAL for each in course)
        return PaperFinished(
            course=left.course,
            title=left.paper,
            left=left,
            results=results,
            of=left.of,
            streak=await streaks.current(unit, learner, at),
            points=sum((each.best for each in results), Fraction(0)) if tells else None,
            out_of=sum((each.points for each in course), Fraction(0)),
        )

    async def _after_picked(
        self, unit: Unit, learner: Learner, sitting: Sitting, left: Posed, at: datetime
    ) -> Outcome:
        if sitting.course == AGAIN:
            under_way = await practice.unfinished_all(unit, learner.id)
            before = next(iter(under_way), None)
            shelf = await self.shelf(unit, learner)
            return AnotherFinished(
                left=left,
                back=next(
                    (each for each in shelf.papers if before and each.course == before[0].course),
                    None,
                ),
                review=before is not None and before[0].course == REVIEW,
            )
        course = await self._paper(unit, learner, sitting)
        desk = await review.desk(unit, self._library, learner, at)
        plan = desk.plan
        return ReviewFinished(
            left=left,
            results=await results_of(unit, course, sitting),
            of=left.of,
            streak=await streaks.current(unit, learner, at),
            coming=plan.coming,
            waiting=plan.waiting,
            new=len(plan.new),
            stuck=desk.stuck([(each.course, each.question) for each in sitting.picked]),
        )

    async def _begin_picked(
        self,
        unit: Unit,
        learner: Learner,
        name: CourseId,
        picks: tuple[Pick, ...],
        at: datetime,
    ) -> PosedNext:
        seed = self._dice.getrandbits(62)
        sitting = await practice.begin(unit, learner.id, picks[0].version, name, seed, at, picks)
        return await self._pose(unit, learner, sitting, 0, at)

    async def _begin(
        self,
        unit: Unit,
        learner: Learner,
        course_id: CourseId,
        at: datetime,
        left: Posed | None = None,
    ) -> Outcome:
        newest = await self._library.newest(unit, course_id)
        if newest is None:
            return await self.shelf(unit, learner)
        version, _ = newest
        sitting = await practice.begin(
            unit, learner.id, version, course_id, self._dice.getrandbits(62), at
        )
        return await self._pose(unit, learner, sitting, 0, at, left)

    async def _pose(
        self,
        unit: Unit,
        learner: Learner,
        sitting: Sitting,
        place: int,
        at: datetime,
        left: Posed | None = None,
    ) -> PosedNext:
        course = await self._paper(unit, learner, sitting)
        question = course.questions[place]
        attempt = await practice.open_attempt(
            unit,
            sitting,
            question=question.id,
            place=place,
            variant=sitting.picked[place].variant
            if sitting.picked
            else pick_variant(question, sitting.seed),
            shown=order_shown(question, Random(f"{sitting.seed}/{question.id}")),
            at=at,
        )
        posed = await self._posed(unit, learner, attempt, sitting)
        return PosedNext(posed=posed, left=left, probe=_wants_probe(learner, posed))

    async def _posed(
        self, unit: Unit, learner: Learner, attempt: Attempt, sitting: Sitting
    ) -> Posed:
        return pose(await self._paper(unit, learner, sitting), attempt, sitting.rule)

    async def _paper(self, unit: Unit, learner: Learner, sitting: Sitting) -> Course:
        """What was drawn for the sitting, in the learner's language where it speaks that."""
        if sitting.picked:
            alone = sitting.rule.assignment is None
            return await review.picked(unit, self._library, sitting, learner.language, alone=alone)
        course = await self._library.course(unit, sitting.version)
        return drawn(in_language(course, learner.language), sitting.seed)

    async def _at_hand(
        self,
        unit: Unit,
        learner: Learner,
        attempt_id: AttemptId,
        at: datetime,
        *,
        leaving: bool = False,
    ) -> tuple[Attempt, Sitting] | Outcome:
        """The attempt, if it is this learner's and the paper has not gone on from it.

        Where it may not be answered now, or only be left (``leaving``), what there is to say.
        """
        found = await practice.attempt(unit, attempt_id, learner.id)
        if found is None or found[1].finished_at is not None:
            return MovedOn()
        attempt, sitting = found
        ruled = await self._ruled(unit, learner, attempt, sitting, at, leaving=leaving)
        if not isinstance(ruled, Sitting):
            return ruled
        # In a quiz, what was skipped comes again: then it is the one at hand, though not the last.
        again = ruled.rule.assignment is not None and learner.current == attempt_id
        if not attempt.newest and not again:
            return MovedOn()
        if learner.current != attempt_id:  # a button of a paper laid aside takes it up again
            await learners.set_current(unit, learner.id, attempt_id)
        return attempt, ruled

    async def _accepting(
        self, unit: Unit, learner: Learner, attempt_id: AttemptId, at: datetime
    ) -> tuple[Attempt, Sitting] | Outcome:
        found = await self._at_hand(unit, learner, attempt_id, at)
        if isinstance(found, tuple) and not found[0].accepting:
            return AlreadyAnswered()
        return found

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
        """The sitting with the rule that holds for it now, or why nothing is taken."""
        del unit, learner, attempt, at, leaving
        return sitting


def is_paper(course: CourseId) -> bool:
    """Whether that is one of the shelf, and not a sitting of what was picked."""
    return not course.startswith("~")


def pose(course: Course, attempt: Attempt, rule: Rule = USUAL) -> Posed:
    """The question of an attempt as its learner sees it."""
    question = course.questions[attempt.place]
    values = question.variants[attempt.variant]
    question = rule.applied(with_values(question, values))
    shown = ()
    if isinstance(question.body, Choice):
        shown = tuple(question.body.option(option) for option in attempt.shown)
    return Posed(
        attempt=attempt.id,
        course=course.id,
        paper=course.title,
        number=attempt.place + 1,
        of=len(course.questions),
        question=question,
        values=values,
        shown=shown,
        ticked=attempt.ticked,
        hints_opened=attempt.hints,
        tries=attempt.tries,
        wrong=attempt.wrong,
        unclear=attempt.unclear,
        solution_seen=attempt.solution_seen,
        # In a quiz the order may change, so that what must wait for others waits for the end.
        solution_due=solution_due(course, attempt.place)
        if rule.assignment is None
        else rule.tells and question.reveal is Reveal.ANSWERED,
        sibling=rule.aside and sibling(course, attempt.place) is not None,
        rule=rule,
    )


def _wants_probe(learner: Learner, posed: Posed) -> bool:
    """Ask once whether native formulas are seen, just before the first that would profit."""
    read = (posed.question.stem, posed.question.prose, *(each.prose for each in posed.shown))
    return not learner.probed and any(
        say(latex) is None for prose in read for latex in formulas(prose)
    )

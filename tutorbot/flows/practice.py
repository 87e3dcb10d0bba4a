"""Practising a paper, one request a function: open, answer, hint, try again, solution, next.

Each takes the learner as locked by the transaction, so that two taps of one person come one after
the other whatever process they reach.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from tutorbot.core.actions import (
    AskAnother,
    AskHint,
    AskLesson,
    AskSibling,
    AskStartOver,
    Choose,
    Done,
    Next,
    OpenCourse,
    ReadAs,
    Review,
    ShowSolution,
    StartOver,
    Tick,
    TryAgain,
)
from tutorbot.core.answers.verdicts import (
    Asked,
    Right,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.core.calendar import study_day
from tutorbot.core.course import Choice, Course, Partial, Typed
from tutorbot.core.grading import grade_choice, points, policy
from tutorbot.core.ids import AttemptId, CourseId, OptionId
from tutorbot.core.learner import Learner
from tutorbot.core.mastery import LESSON_EVERY
from tutorbot.core.practice import (
    AlreadyAnswered,
    AnotherFinished,
    ChoiceAnswered,
    HintOpened,
    LessonGiven,
    MovedOn,
    NoMoreHints,
    NothingDue,
    NothingOpen,
    NothingTicked,
    NotRead,
    OnShelf,
    Outcome,
    PaperFinished,
    Posed,
    PosedAgain,
    PosedNext,
    ReadingGone,
    ReviewFinished,
    Shelf,
    SiblingShown,
    SolutionLater,
    SolutionOpened,
    SureToStartOver,
    TapInstead,
    TicksChanged,
    TypedAnswered,
    WhichReading,
    drawn,
    held_back,
    in_its_variant,
    in_language,
    length,
    letters_typed,
    order_shown,
    pick_variant,
    solution_due,
    with_values,
)
from tutorbot.core.progress import Progress
from tutorbot.core.prose import formulas
from tutorbot.core.recall import rate, rated
from tutorbot.core.review import AGAIN, REVIEW, Pick, owner
from tutorbot.core.tutoring import feedback_to, fresh_variant, sibling, solved_sibling
from tutorbot.drawing.unicode import say
from tutorbot.flows import progress, review, streaks
from tutorbot.flows.library import Library
from tutorbot.flows.scoring import as_kept, results_of, tags_of
from tutorbot.store import courses, learners, practice, recall
from tutorbot.store.practice import Attempt, Fact, Sitting
from tutorbot.store.unit import Unit

_USUAL = Partial.ALL_OR_NOTHING.value
_DUE = Review()
_REMEMBERED = timedelta(days=90)  # mistakes of one kind that lie further back are forgiven

Judge = Callable[[Asked, str], Awaitable[Verdict]]


class Practice:
    """The flows of practice, given what they need from outside."""

    def __init__(self, library: Library, judge: Judge, dice: Random) -> None:
        self._library = library
        self._judge = judge
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
        sitting = await practice.unfinished(unit, learner.id, action.course)
        if sitting is None:
            return await self._begin(unit, learner, action.course, at)
        return await self._resume(unit, learner, sitting, at)

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

    async def another(
        self, unit: Unit, learner: Learner, action: AskAnother, at: datetime
    ) -> Outcome:
        """Pose the same with other numbers, aside: the paper stays where it is."""
        found = await self._at_hand(unit, learner, action.attempt)
        if found is None:
            return MovedOn()
        attempt, sitting = found
        posed = await self._posed(unit, learner, attempt, sitting)
        course, version = sitting.source(attempt.place)
        variant = fresh_variant(posed.question, posed.values, self._dice)
        pick = Pick(version=version, course=course, question=attempt.question, variant=variant)
        before = await practice.unfinished(unit, learner.id, AGAIN)
        if before is not None:
            await practice.finish(unit, before.id, at)
        begun = await self._begin_picked(unit, learner, AGAIN, (pick,), at)
        return replace(begun, left=posed)

    async def show_sibling(self, unit: Unit, learner: Learner, action: AskSibling) -> Outcome:
        found = await self._at_hand(unit, learner, action.attempt)
        if found is None:
            return MovedOn()
        posed = await self._posed(unit, learner, *found)
        course = await self._paper(unit, learner, found[1])
        solved = solved_sibling(course, found[0].place, posed.values, self._dice)
        return SiblingShown(posed=posed, solved=solved)

    async def lesson(self, unit: Unit, learner: Learner, action: AskLesson) -> Outcome:
        """What the author says to the mistake, and a question like this one, solved."""
        found = await self._at_hand(unit, learner, action.attempt)
        if found is None:
            return MovedOn()
        attempt, sitting = found
        posed = await self._posed(unit, learner, attempt, sitting)
        course = await self._paper(unit, learner, sitting)
        tags = await recall.last_tags(unit, attempt.id)
        told = [feedback_to(posed.question, tag) for tag in tags]
        return LessonGiven(
            posed=posed,
            feedback=next(filter(None, told), ()),
            solved=solved_sibling(course, attempt.place, posed.values, self._dice),
        )

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
        await learners.set_current(unit, learner.id, newest.id)
        return PosedNext(posed=posed, resumed=True, probe=_wants_probe(learner, posed))

    async def ask_start_over(self, unit: Unit, learner: Learner, action: AskStartOver) -> Outcome:
        shelf = await self.shelf(unit, learner)
        for paper in shelf.papers:
            if paper.course == action.course and paper.reached is not None:
                return SureToStartOver(paper=paper)
        return shelf

    async def start_over(
        self, unit: Unit, learner: Learner, action: StartOver, at: datetime
    ) -> Outcome:
        """Begin anew; what was answered stays. A sitting that is still untouched will do."""
        sitting = await practice.unfinished(unit, learner.id, action.course)
        if sitting is None:
            return await self._begin(unit, learner, action.course, at)
        newest = await practice.newest_attempt(unit, sitting.id)
        if newest is None or not (newest.place or newest.tries or newest.hints):
            return await self.open(unit, learner, OpenCourse(action.course), at)
        left = await self._posed(unit, learner, newest, sitting)
        await practice.close(unit, newest.id, settled_at=None)
        await practice.finish(unit, sitting.id, at)
        return await self._begin(unit, learner, action.course, at, left)

    async def choose(self, unit: Unit, learner: Learner, action: Choose, at: datetime) -> Outcome:
        found = await self._accepting(unit, learner, action.attempt)
        if not isinstance(found, tuple):
            return found
        attempt, sitting = found
        if action.shown >= len(attempt.shown):
            return MovedOn()
        return await self._grade_choice(
            unit, learner, attempt, sitting, frozenset({action.shown}), at
        )

    async def tick(self, unit: Unit, learner: Learner, action: Tick) -> Outcome:
        found = await self._accepting(unit, learner, action.attempt)
        if not isinstance(found, tuple):
            return found
        attempt, sitting = found
        posed = await self._posed(unit, learner, attempt, sitting)
        body = posed.question.body
        if action.shown >= len(attempt.shown) or not isinstance(body, Choice) or not body.several:
            return MovedOn()
        ticked = attempt.ticked ^ {action.shown}
        await practice.set_ticks(unit, attempt.id, ticked)
        return TicksChanged(posed=replace(posed, ticked=ticked))

    async def done(self, unit: Unit, learner: Learner, action: Done, at: datetime) -> Outcome:
        found = await self._accepting(unit, learner, action.attempt)
        if not isinstance(found, tuple):
            return found
        attempt, sitting = found
        if not attempt.ticked:
            return NothingTicked()
        return await self._grade_choice(unit, learner, attempt, sitting, attempt.ticked, at)

    async def write(self, unit: Unit, learner: Learner, text: str, at: datetime) -> Outcome:
        """A typed message: the answer to the question at hand, whatever its type."""
        found = None
        if learner.current is not None:
            found = await practice.attempt(unit, learner.current, learner.id)
        if found is None or found[1].finished_at is not None:
            return NothingOpen(shelf=await self.shelf(unit, learner))
        attempt, sitting = found
        posed = await self._posed(unit, learner, attempt, sitting)
        body = posed.question.body
        if isinstance(body, Typed):
            if not attempt.accepting:
                return AlreadyAnswered()
            return await self._grade_typed(unit, learner, attempt, sitting, posed, text, at)
        places = letters_typed(text, len(posed.shown))
        over = attempt.settled_at is not None or attempt.solution_seen or not posed.may_try_again
        if over or (places is None and not attempt.accepting):
            return AlreadyAnswered()
        if places is None or (len(places) > 1 and not body.several):
            return TapInstead(posed=posed)
        # After a wrong answer, letters are the next try without asking, as with typed answers.
        return await self._grade_choice(unit, learner, attempt, sitting, places, at, typed=True)

    async def read_as(self, unit: Unit, learner: Learner, action: ReadAs, at: datetime) -> Outcome:
        """The learner says which reading of an unclear answer was meant: that is the answer."""
        found = await self._accepting(unit, learner, action.attempt)
        if not isinstance(found, tuple):
            return found
        attempt, sitting = found
        unclear = attempt.unclear
        reading = unclear.reading(action.reading) if unclear else None
        if unclear is None or reading is None:
            return ReadingGone()
        posed = await self._posed(unit, learner, attempt, sitting)
        return await self._grade_typed(
            unit, learner, attempt, sitting, posed, unclear.text, at, reading
        )

    async def hint(self, unit: Unit, learner: Learner, action: AskHint) -> Outcome:
        found = await self._at_hand(unit, learner, action.attempt)
        if found is None:
            return MovedOn()
        attempt, sitting = found
        if attempt.settled_at is not None or attempt.solution_seen:
            return AlreadyAnswered()
        before = await self._posed(unit, learner, attempt, sitting)
        if not before.hints_left:
            return NoMoreHints()
        hints = await practice.add_hint(unit, attempt.id)
        posed = await self._posed(unit, learner, replace(attempt, hints=hints), sitting)
        return HintOpened(
            posed=posed,
            hint=posed.question.help[posed.hints_opened - 1],
            number=posed.hints_opened,
            of=len(posed.question.hints),
        )

    async def try_again(self, unit: Unit, learner: Learner, action: TryAgain) -> Outcome:
        found = await self._at_hand(unit, learner, action.attempt)
        if found is None:
            return MovedOn()
        attempt, sitting = found
        posed = await self._posed(unit, learner, attempt, sitting)
        if attempt.settled_at is not None or attempt.solution_seen or not posed.may_try_again:
            return AlreadyAnswered()
        if not attempt.accepting:
            await practice.reopen(unit, attempt.id)
            attempt = replace(attempt, ticked=frozenset())
        return PosedAgain(posed=await self._posed(unit, learner, attempt, sitting))

    async def solution(self, unit: Unit, learner: Learner, action: ShowSolution) -> Outcome:
        """The solution ends the question: what is answered after it would show nothing."""
        found = await self._at_hand(unit, learner, action.attempt)
        if found is None:
            return MovedOn()
        attempt, sitting = found
        course = await self._paper(unit, learner, sitting)
        if not solution_due(course, attempt.place):
            return SolutionLater()
        await practice.see_solution(unit, attempt.id)
        await practice.close(unit, attempt.id, settled_at=None)
        return SolutionOpened(
            posed=pose(course, replace(attempt, solution_seen=True)),
            held_back=tuple(
                in_its_variant(course.questions[place], sitting.seed)
                for place in held_back(course, attempt.place)
            ),
        )

    async def next(self, unit: Unit, learner: Learner, action: Next, at: datetime) -> Outcome:
        found = await self._at_hand(unit, learner, action.attempt)
        if found is None:
            return MovedOn()
        return await self._go_on(unit, learner, *found, at)

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
        return pose(await self._paper(unit, learner, sitting), attempt)

    async def _paper(self, unit: Unit, learner: Learner, sitting: Sitting) -> Course:
        """What was drawn for the sitting, in the learner's language where it speaks that."""
        if sitting.picked:
            return await review.picked(unit, self._library, sitting, learner.language)
        course = await self._library.course(unit, sitting.version)
        return drawn(in_language(course, learner.language), sitting.seed)

    async def _at_hand(
        self, unit: Unit, learner: Learner, attempt_id: AttemptId
    ) -> tuple[Attempt, Sitting] | None:
        """The attempt, if it is this learner's and the paper has not gone on from it."""
        found = await practice.attempt(unit, attempt_id, learner.id)
        if found is None or found[1].finished_at is not None:
            return None
        newest = await practice.newest_attempt(unit, found[1].id)
        if newest is None or newest.id != attempt_id:
            return None
        if learner.current != attempt_id:  # a button of a paper laid aside takes it up again
            await learners.set_current(unit, learner.id, attempt_id)
        return found

    async def _accepting(
        self, unit: Unit, learner: Learner, attempt_id: AttemptId
    ) -> tuple[Attempt, Sitting] | MovedOn | AlreadyAnswered:
        found = await self._at_hand(unit, learner, attempt_id)
        if found is None:
            return MovedOn()
        return found if found[0].accepting else AlreadyAnswered()

    async def _grade_choice(
        self,
        unit: Unit,
        learner: Learner,
        attempt: Attempt,
        sitting: Sitting,
        places: frozenset[int],
        at: datetime,
        *,
        typed: bool = False,
    ) -> Outcome:
        posed = await self._posed(unit, learner, attempt, sitting)
        assert isinstance(posed.question.body, Choice)
        chosen = frozenset(posed.shown[place].id for place in places)
        grade = grade_choice(posed.question.body, chosen)
        tags = [option.tag for option in grade.chosen_wrong if option.tag]
        counted = await self._keep(
            unit,
            learner,
            attempt,
            sitting,
            posed,
            at=at,
            share=grade.share,
            verdict={
                "code": "right" if grade.right else "wrong",
                "tags": tags,
            },
            chosen=tuple(option.id for option in posed.shown if option.id in chosen),
            typed=typed,
        )
        await practice.close(unit, attempt.id, settled_at=at if grade.right else None)
        return ChoiceAnswered(
            posed=replace(posed, tries=posed.tries + 1, wrong=posed.wrong + (not grade.right)),
            chosen=places,
            grade=grade,
            news=counted.news,
            lesson=await self._lesson_due(unit, learner, tags, at),
        )

    async def _grade_typed(
        self,
        unit: Unit,
        learner: Learner,
        attempt: Attempt,
        sitting: Sitting,
        posed: Posed,
        text: str,
        at: datetime,
        reading: str | None = None,
    ) -> Outcome:
        """Judge what was typed, or the ``reading`` of it that was meant, and keep it if it counts.

        The learner's row is held meanwhile, for milliseconds, or in the worst case for as long as
        the judge may take: whatever else they say waits, and nobody else does.
        """
        assert posed.asked is not None
        judged = text if reading is None else reading
        verdict = await self._judge(posed.asked, judged)
        if isinstance(verdict, Unreadable):
            return await self._not_read(unit, posed, text, judged, verdict)
        right = isinstance(verdict, Right)
        kept = as_kept(posed, verdict)
        counted = await self._keep(
            unit,
            learner,
            attempt,
            sitting,
            posed,
            at=at,
            share=Fraction(right),
            verdict=kept | ({} if reading is None else {"read_as": reading}),
            raw=text,
            parsed=verdict.echo.text,
            typed=True,
        )
        wrong = posed.wrong + isinstance(verdict, Wrong)
        posed = replace(posed, tries=posed.tries + 1, wrong=wrong)
        if right or not posed.may_try_again:  # else the next message is the next try, unasked
            await practice.close(unit, attempt.id, settled_at=at if right else None)
        return TypedAnswered(
            posed=posed,
            verdict=verdict,
            news=counted.news,
            lesson=await self._lesson_due(unit, learner, tags_of(kept), at),
        )

    async def _not_read(
        self, unit: Unit, posed: Posed, text: str, judged: str, verdict: Unreadable
    ) -> Outcome:
        """Ask what is meant, where that is all there is to know; nothing counts so far."""
        readings = verdict.problem.readings
        if readings:
            first = await practice.ask_back(
                unit, posed.attempt, text, [each.text for each in readings]
            )
            return WhichReading(posed=posed, text=judged, verdict=verdict, first=first)
        if posed.unclear is not None:
            await practice.forget_unclear(unit, posed.attempt)
        return NotRead(posed=posed, text=judged, verdict=verdict)

    async def _keep(
        self,
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
        last_review = sitting.course == REVIEW and posed.number == posed.of and not attempt.tries
        counted = await streaks.count(
            unit,
            learner,
            at,
            posed_at=None if typed else attempt.opened_at,
            reviews_done=last_review,
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

    @staticmethod
    async def _lesson_due(unit: Unit, learner: Learner, tags: Sequence[str], at: datetime) -> bool:
        """Whether an answer just showed a misconception for the third time, or sixth, and so on."""
        for tag in tags:
            times = await recall.times_tagged(unit, learner.id, tag, at - _REMEMBERED)
            if times and times % LESSON_EVERY == 0:
                return True
        return False


def pose(course: Course, attempt: Attempt) -> Posed:
    """The question of an attempt as its learner sees it."""
    question = course.questions[attempt.place]
    values = question.variants[attempt.variant]
    question = with_values(question, values)
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
        solution_due=solution_due(course, attempt.place),
        sibling=sibling(course, attempt.place) is not None,
    )


def _wants_probe(learner: Learner, posed: Posed) -> bool:
    """Ask once whether native formulas are seen, just before the first that would profit."""
    read = (posed.question.stem, posed.question.prose, *(each.prose for each in posed.shown))
    return not learner.probed and any(
        say(latex) is None for prose in read for latex in formulas(prose)
    )

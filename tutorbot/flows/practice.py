"""Practising a paper, one request a function: open, answer, hint, try again, solution, next.

Each takes the learner as locked by the transaction, so that two taps of one person come one after
the other whatever process they reach.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from random import Random

from tutorbot.core.actions import (
    AskHint,
    AskStartOver,
    Choose,
    Done,
    Next,
    OpenCourse,
    ReadAs,
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
from tutorbot.core.course import Choice, Typed
from tutorbot.core.learner import Learner
from tutorbot.core.noted import Judged
from tutorbot.core.practice import (
    AlreadyAnswered,
    HintOpened,
    MovedOn,
    NoMoreHints,
    NothingOpen,
    NothingTicked,
    NotRead,
    Outcome,
    Posed,
    PosedAgain,
    ReadingGone,
    SolutionLater,
    SolutionOpened,
    SureToStartOver,
    TapInstead,
    TicksChanged,
    TypedAnswered,
    WhichReading,
    held_back,
    in_its_variant,
    letters_typed,
    solution_due,
)
from tutorbot.flows.keeping import keep, keep_choice, kind_of, lesson_due
from tutorbot.flows.published import Library
from tutorbot.flows.scoring import as_kept, tags_of
from tutorbot.flows.sittings import pose
from tutorbot.flows.tutoring import Tutoring
from tutorbot.store import practice
from tutorbot.store.practice import Attempt, Sitting
from tutorbot.store.unit import Unit

Judge = Callable[[Asked, str], Awaitable[Verdict]]


class Practice(Tutoring):
    """The flows of practice, given what they need from outside."""

    def __init__(self, library: Library, judge: Judge, dice: Random) -> None:
        super().__init__(library, dice)
        self._judge = judge

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
        answered = await keep_choice(
            unit, learner, attempt, sitting, posed, places, at=at, typed=typed
        )
        tags = [option.tag for option in answered.grade.chosen_wrong if option.tag]
        return replace(answered, lesson=await lesson_due(unit, learner, tags, at))

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
        stored = as_kept(posed, verdict)
        wrong = posed.wrong + isinstance(verdict, Wrong)
        answered = replace(posed, tries=posed.tries + 1, wrong=wrong)
        kept = await keep(
            unit,
            learner,
            attempt,
            sitting,
            posed,
            at=at,
            share=Fraction(right),
            verdict=stored | ({} if reading is None else {"read_as": reading}),
            raw=text,
            parsed=verdict.echo.text,
            typed=True,
            closes=not answered.may_try_again,  # else the next message is the next try, unasked
            settles=right,
        )
        return TypedAnswered(
            posed=answered,
            verdict=verdict,
            news=kept.news,
            lesson=await lesson_due(unit, learner, tags_of(stored), at),
            asks=kept.asks,
        )

    async def _not_read(
        self, unit: Unit, posed: Posed, text: str, judged: str, verdict: Unreadable
    ) -> Outcome:
        """Ask what is meant, where that is all there is to know; nothing counts so far."""
        readings = verdict.problem.readings
        unit.note(Judged(verdict="unclear" if readings else "unreadable", kind=kind_of(posed)))
        if readings:
            first = await practice.ask_back(
                unit, posed.attempt, text, [each.text for each in readings]
            )
            return WhichReading(posed=posed, text=judged, verdict=verdict, first=first)
        if posed.unclear is not None:
            await practice.forget_unclear(unit, posed.attempt)
        return NotRead(posed=posed, text=judged, verdict=verdict)

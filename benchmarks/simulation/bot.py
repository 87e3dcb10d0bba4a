"""A tutor that is the bot: its flows, each with a unit of a real store, its clock moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Self

from benchmarks.simulation.lived import Stand
from benchmarks.simulation.scenario import Outage, Person, SetExam
from benchmarks.simulation.school import School, solution
from benchmarks.simulation.sitting import Answered, Asked
from tutorbot.core.actions import (
    AskHint,
    Card,
    Choose,
    ChooseSetting,
    Next,
    OpenCourse,
    Review,
    SetPause,
    SetRest,
    Setting,
    TryAgain,
)
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked as AskedTyped, Verdict
from tutorbot.core.course import Mark, Typed
from tutorbot.core.ids import ChatId, CourseId, QuestionId
from tutorbot.core.learner import Learner
from tutorbot.core.outcomes import Outcome
from tutorbot.core.practice import (
    ChoiceAnswered,
    NothingDue,
    PaperFinished,
    Posed,
    PosedNext,
    ReviewFinished,
    TypedAnswered,
)
from tutorbot.flows import leave, settings, streaks
from tutorbot.flows.practice import Practice
from tutorbot.flows.published import Library, publish
from tutorbot.store import learners, leave as leave_store, recall
from tutorbot.store.unit import Store, Unit


async def furnish(store: Store, school: School, outages: tuple[Outage, ...], at: datetime) -> None:
    """Publish the papers, and let the service notice all that will be outages."""
    async with store.unit() as unit:
        await publish(unit, school.loaded, at)
        for began, ended in outages:
            await leave_store.beat(unit, began, last=True)
            assert await leave_store.beat(unit, ended) == (began, ended)


@dataclass(kw_only=True)
class Bot:
    """One learner's tutor. ``unit`` is the transaction at hand, which the caller opens."""

    person: Person
    practice: Practice
    unit: Unit
    papers: Mapping[CourseId, frozenset[QuestionId]]
    posed: Posed | None = None
    waiting: int = 0

    @classmethod
    def of(cls, person: Person, school: School, library: Library, unit: Unit) -> Self:
        papers = {paper.id: frozenset(each.id for each in paper) for paper in school.papers}
        dice = Random(f"tutor {person.seed}")
        practice = Practice(library, _judged, dice)
        return cls(person=person, practice=practice, unit=unit, papers=papers)

    async def learner(self, at: datetime) -> Learner:
        """Met at the head of every request, as the bot does."""
        return await learners.meet(
            self.unit,
            telegram_id=self.person.number,
            chat=ChatId(self.person.number),
            name="Ada",
            language="en",
            timezone=self.person.home,
            day_starts=self.person.day_starts,
            at=at,
        )

    async def set_goal(self, goal: int, at: datetime) -> None:
        action = ChooseSetting(card=Card.PAGE, setting=Setting.GOAL, value=str(goal))
        assert await settings.choose(self.unit, await self.learner(at), action, at)

    async def greet(self, at: datetime) -> None:
        await streaks.greet(self.unit, await self.learner(at), at)

    async def review(self, at: datetime, *, new: bool = False) -> Asked | None:
        learner = await self.learner(at)
        found = await self.practice.review(self.unit, learner, at, Review(new=new))
        if isinstance(found, NothingDue | PosedNext):
            self.waiting = found.waiting
        return self._asked(found)

    async def open(self, paper: CourseId, at: datetime) -> Asked:
        learner = await self.learner(at)
        asked = self._asked(await self.practice.open(self.unit, learner, OpenCourse(paper), at))
        assert asked
        return asked

    async def hint(self, at: datetime) -> None:
        action = AskHint(self._at_hand.attempt)
        await self.practice.hint(self.unit, await self.learner(at), action, at)

    async def answer(self, at: datetime, *, right: bool) -> Answered:
        learner, posed = await self.learner(at), self._at_hand
        body = posed.question.body
        if isinstance(body, Typed):
            text = solution(body, posed.values) if right else "1"
            found = await self.practice.write(self.unit, learner, text, at)
            assert isinstance(found, TypedAnswered), found
        else:
            wanted = Mark.RIGHT if right else Mark.WRONG
            place = next(n for n, option in enumerate(posed.shown) if option.mark is wanted)
            action = Choose(posed.attempt, place)
            found = await self.practice.choose(self.unit, learner, action, at)
            assert isinstance(found, ChoiceAnswered), found
            assert found.grade.right is right
        return Answered(quick=False, reviews_done=False)  # which only the database knows

    async def try_again(self, at: datetime) -> None:
        action = TryAgain(self._at_hand.attempt)
        await self.practice.try_again(self.unit, await self.learner(at), action, at)

    async def next(self, at: datetime) -> Asked | None:
        action = Next(self._at_hand.attempt)
        return self._asked(await self.practice.next(self.unit, await self.learner(at), action, at))

    async def set_zone(self, timezone: str, at: datetime) -> None:
        await leave.set_clocks(self.unit, await self.learner(at), at, timezone)

    async def set_rest(self, weekdays: tuple[int, ...], at: datetime) -> None:
        await leave.set_rest(self.unit, await self.learner(at), SetRest(weekdays), at)

    async def set_pause(self, days: int, at: datetime) -> None:
        await leave.set_pause(self.unit, await self.learner(at), SetPause(days), at)

    async def set_exam(self, event: SetExam) -> None:
        await recall.set_exam(self.unit, (await self.learner(event.at)).id, event.day)

    async def stand(self, at: datetime) -> Stand:
        seen = await streaks.current(self.unit, await self.learner(at), at)
        return Stand(
            length=seen.length, longest=seen.longest, freezes=seen.freezes, total=seen.total
        )

    @property
    def _at_hand(self) -> Posed:
        assert self.posed
        return self.posed

    def _asked(self, found: Outcome) -> Asked | None:
        match found:
            case PosedNext(posed=posed):
                self.posed = posed
                # A review stands alone, whatever papers its questions come from.
                question = posed.question.id
                course = next(each for each in self.papers if question in self.papers[each])
                return Asked(key=(course, question), question=posed.question)
            case PaperFinished() | ReviewFinished() | NothingDue():
                self.posed = None
                return None
            case _:
                raise AssertionError(found)


async def _judged(asked: AskedTyped, text: str) -> Verdict:
    return judge(asked, text)

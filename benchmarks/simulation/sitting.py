"""One sitting, as a person lives it: greet, review, go on with the papers, until it is enough.

What the tutor is stays open: the rules alone (`rules`), or the bot's flows on a database (`bot`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Protocol

from benchmarks.simulation.lived import Stand
from benchmarks.simulation.minds import Mind
from benchmarks.simulation.scenario import (
    Event,
    Person,
    SetExam,
    SetPause,
    SetRest,
    SetZone,
    Sit,
)
from benchmarks.simulation.school import Key, guessing
from tutorbot.core.course import Question, Typed
from tutorbot.core.ids import CourseId


@dataclass(frozen=True, kw_only=True)
class Asked:
    key: Key
    question: Question
    late: int | None = None  # days since it was due; None: never asked before, or not known


@dataclass(frozen=True, kw_only=True)
class Answered:
    quick: bool
    reviews_done: bool


class Tutor(Protocol):
    """What can be asked of the bot. ``at`` is the time of the tap or the message."""

    async def set_goal(self, goal: int, at: datetime) -> None: ...
    async def greet(self, at: datetime) -> None: ...
    async def review(self, at: datetime, *, new: bool = False) -> Asked | None: ...
    async def open(self, paper: CourseId, at: datetime) -> Asked: ...
    async def hint(self, at: datetime) -> None: ...
    async def answer(self, at: datetime, *, right: bool) -> Answered: ...
    async def try_again(self, at: datetime) -> None: ...
    async def next(self, at: datetime) -> Asked | None: ...
    async def set_zone(self, timezone: str, at: datetime) -> None: ...
    async def set_rest(self, weekdays: tuple[int, ...], at: datetime) -> None: ...
    async def set_pause(self, days: int, at: datetime) -> None: ...
    async def set_exam(self, event: SetExam) -> None: ...
    async def stand(self, at: datetime) -> Stand: ...


class Witness(Protocol):
    """Who looks on, and takes notes."""

    def answered(self, at: datetime, asked: Asked, seen: "Seen", how: Answered) -> None: ...
    def tried_again(self, at: datetime, how: Answered) -> None: ...
    def chose(self, event: Event) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the person knew, and what came of it."""

    known: float  # the chance to recall it
    recalled: bool
    right: bool
    again: bool  # asked before, on another day


_SECOND = timedelta(seconds=1)
_TAP = 0.3 * _SECOND
_SLIP = 0.02  # of the answers of those who know
_HINT_HELPS = 0.5
_EAGER = 3  # new questions


class Sitter:
    """A person before a tutor."""

    def __init__(
        self, person: Person, tutor: Tutor, papers: tuple[CourseId, ...], witness: Witness
    ) -> None:
        self._person = person
        self._tutor = tutor
        self._papers = papers
        self._paper = 0
        self._through = False  # all papers
        self._witness = witness
        self._mind = Mind(person.seed, exponential=person.exponential, growth=person.growth)
        self._dice = Random(f"sitter {person.seed}")
        self._now = datetime.min.replace(tzinfo=UTC)
        self._quick = False
        self._given = 0

    async def does(self, event: Event) -> datetime:
        """Live through an event; return when it was over."""
        tutor = self._tutor
        self._now = event.at
        await tutor.greet(event.at)
        match event:
            case Sit():
                await self._sits(event)
            case SetZone():
                await tutor.set_zone(event.timezone, event.at)
            case SetRest():
                await tutor.set_rest(event.weekdays, event.at)
            case SetPause():
                await tutor.set_pause(event.days, event.at)
            case SetExam():
                await tutor.set_exam(event)
        if not isinstance(event, Sit):
            self._witness.chose(event)
        return self._now

    async def _sits(self, sit: Sit) -> None:
        self._now, self._quick, self._given = sit.at, sit.quick, 0
        await self._reviews(sit.patience, new=False)
        if self._person.skips and self._given < sit.answers:
            await self._reviews(sit.answers, new=True)
        enough = sit.answers
        if self._person.eager and not self._through:
            enough = max(enough, self._given + _EAGER)
        while self._given < enough:
            await self._reads(enough)

    async def _reviews(self, most: int, *, new: bool) -> None:
        asked = await self._tutor.review(self._after(2), new=new)
        while asked is not None:
            await self._answers(asked)
            asked = await self._tutor.next(self._after(1, 4))
            if self._given >= most:
                return

    async def _reads(self, enough: int) -> None:
        """Go on with the paper at hand."""
        asked = await self._tutor.open(self._papers[self._paper], self._after(2))
        while asked is not None:
            if not (self._person.skips and self._dice.random() < 0.2):
                await self._answers(asked)
            asked = await self._tutor.next(self._after(1, 4))
            if asked is not None and self._given >= enough:
                return
        self._paper = (self._paper + 1) % len(self._papers)
        self._through |= self._paper == 0

    async def _answers(self, asked: Asked) -> None:
        dice, key = self._dice, asked.key
        if self._quick and isinstance(asked.question.body, Typed):
            return  # who only taps does not type
        at = self._after(8, 40)
        known = self._mind.recall(key, at)
        met = self._mind.met(key)
        recalled = not self._quick and dice.random() < known
        helped = False
        if not recalled and not self._quick and dice.random() < 0.25:
            await self._tutor.hint(self._after(1, 3))
            helped = dice.random() < _HINT_HELPS
            at = self._after(5, 20)
        if recalled:
            right = dice.random() >= _SLIP
        else:
            right = helped or dice.random() < guessing(asked.question)
        how = await self._tutor.answer(at, right=right)
        self._given += 1
        self._mind.practises(key, asked.question.skills[0], at, recalled=recalled)
        again = met is not None and at - met > timedelta(hours=12)
        seen = Seen(known=known, recalled=recalled, right=right, again=again)
        self._witness.answered(at, asked, seen, how)
        if not right and not self._quick and dice.random() < 0.3:
            await self._tutor.try_again(self._after(1, 3))
            at = self._after(5, 20)
            self._witness.tried_again(at, await self._tutor.answer(at, right=True))

    def _after(self, low: float, high: float | None = None) -> datetime:
        """Some seconds later; for those who tap only, a moment later."""
        seconds = low if high is None else self._dice.uniform(low, high)
        self._now += _TAP if self._quick else seconds * _SECOND
        return self._now

"""A tutor of the rules alone, in memory: decides with `tutorbot.core` what the bot's flows decide.

`bot` runs the flows themselves on a database; both must come to the same, day by day.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from benchmarks.simulation.lived import Stand
from benchmarks.simulation.scenario import Outage, Person, SetExam
from benchmarks.simulation.school import Key, School
from benchmarks.simulation.sitting import Answered, Asked
from tutorbot.core.calendar import study_day
from tutorbot.core.course import Course, Question
from tutorbot.core.ids import ChatId, CourseId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.core.leave import pause_from, rest_begins
from tutorbot.core.mastery import First
from tutorbot.core.practice import pick_variant
from tutorbot.core.qualifying import QUICK, Tally, tallied
from tutorbot.core.recall import due_on, rate, rated
from tutorbot.core.reminders import FIRSTS
from tutorbot.core.review import Card, Pick, Plan, owner
from tutorbot.core.streaks import (
    BEGINNING,
    Cause,
    Day,
    Leave,
    Move,
    Outcome,
    Streak,
    move,
    standing,
    stored_day,
    streak,
)
from tutorbot.flows.review import Desk

_BETWEEN_REOPENINGS = timedelta(days=7)
_SURE = timedelta(days=7)
_KINDEST = (Outcome.ACTIVE, Outcome.FREE, Outcome.FROZEN, Outcome.MISSED)


@dataclass(kw_only=True)
class _Kept:
    """A day with answers."""

    day: Day
    last_at: datetime
    tally: Tally
    goal: int


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A day with answers."""

    day: date
    at: datetime  # of its first answer
    timezone: str
    done: bool  # a study day


@dataclass(kw_only=True)
class _Walk:
    """A paper, or what was picked, and how far it has come."""

    paper: Course | None
    picks: tuple[Pick, ...]
    seed: int
    began: datetime
    place: int = 0
    opened: datetime
    hints: int = 0
    tries: int = 0
    unanswered: int = 0  # places gone on from without an answer


class Rules:
    """One learner's tutor."""

    def __init__(
        self,
        person: Person,
        school: School,
        outages: tuple[Outage, ...],
        learner: LearnerId | None = None,
    ) -> None:
        """``learner``: by which number the bot knows the person, where that matters."""
        self.learner = Learner(
            id=learner or LearnerId(person.number),
            chat=ChatId(person.number),
            language="en",
            timezone=person.home,
            day_starts=person.day_starts,
        )
        self.cards: dict[Key, Card] = {}
        self.firsts: list[First] = []
        self.told: dict[date, tuple[Outcome, Cause]] = {}
        self.waiting = 0  # due at the last look, and put off
        self._questions = school.questions
        self._versions = school.versions
        self._papers = {paper.id: paper for paper in school.papers}
        self._dice = Random(f"tutor {person.seed}")
        self._outages = outages
        self._days: dict[date, _Kept] = {}
        self._lately = deque[_Kept](maxlen=FIRSTS)
        self._since = BEGINNING
        self._settled: date | None = None
        self.rest: list[tuple[date, frozenset[int]]] = []
        self.pauses: list[tuple[date, date]] = []
        self._moves: list[Move] = []
        self._exam: date | None = None
        self._walks: dict[CourseId, _Walk] = {}
        self._reviewing: _Walk | None = None
        self._at_hand: _Walk | None = None

    async def set_goal(self, goal: int, at: datetime) -> None:
        del at
        self.learner = replace(self.learner, goal=goal)

    async def greet(self, at: datetime) -> None:
        today = self.today(at)
        if self._settled is None or today > self._settled:
            self._settled = today
            self._settle(at)

    async def review(self, at: datetime, *, new: bool = False) -> Asked | None:
        walk, self._reviewing = self._reviewing, None
        if walk and self.today(walk.began) == self.today(at):
            walk.opened = at
            self._reviewing = self._at_hand = walk
            return self._asked(walk, at)
        desk = self._desk(at, new=new)
        plan: Plan = desk.plan
        self.waiting = plan.waiting
        chosen = plan.new if new else plan.due
        if not chosen:
            return None
        picks = desk.picks(chosen, self._dice)
        seed = self._dice.getrandbits(62)
        walk = _Walk(paper=None, picks=picks, seed=seed, began=at, opened=at)
        self._reviewing = self._at_hand = walk
        return self._asked(walk, at)

    async def open(self, paper: CourseId, at: datetime) -> Asked:
        walk = self._walks.get(paper)
        if walk is None:
            seed = self._dice.getrandbits(62)
            walk = _Walk(paper=self._papers[paper], picks=(), seed=seed, began=at, opened=at)
            self._walks[paper] = walk
        walk.opened = at
        self._at_hand = walk
        return self._asked(walk, at)

    async def hint(self, at: datetime) -> None:
        del at
        assert self._at_hand
        self._at_hand.hints += 1

    async def answer(self, at: datetime, *, right: bool) -> Answered:
        walk = self._at_hand
        assert walk
        key, question, variant = self._question(walk)
        card = self.cards.get(key)
        values = question.variants[variant]
        is_last = bool(walk.picks) and walk.place == len(walk.picks) - 1
        done = is_last and not walk.tries and card is not None and not walk.unanswered
        typed = not hasattr(question.body, "options")
        day, quick = self._count(at, None if typed else walk.opened, reviews_done=done)
        if not walk.tries:
            self.firsts.append(
                First(
                    course=key[0],
                    question=key[1],
                    values=values,
                    right=right,
                    hints=walk.hints,
                    at=at,
                )
            )
        memory = rated(
            card.memory if card else None,
            rate(right=right, hints=walk.hints, rungs=len(question.help)),
            day,
            owner(self.learner.id, *key),
        )
        if card is None or memory != card.memory:
            self.cards[key] = Card(course=key[0], question=key[1], memory=memory, values=values)
        walk.tries += 1
        return Answered(quick=quick, reviews_done=done)

    async def try_again(self, at: datetime) -> None:
        pass

    async def next(self, at: datetime) -> Asked | None:
        walk = self._at_hand
        assert walk
        walk.unanswered += not walk.tries
        length = len(walk.paper.questions) if walk.paper else len(walk.picks)
        if walk.place + 1 < length:
            walk.place += 1
            walk.opened, walk.hints, walk.tries = at, 0, 0
            return self._asked(walk, at)
        self._at_hand = None
        if walk.paper:
            del self._walks[walk.paper.id]
        else:
            self._reviewing = None
        return None

    async def set_zone(self, timezone: str, at: datetime) -> None:
        was = self.learner
        if timezone == was.timezone:
            return
        before = self._settle(at)
        lately = any(each.reopened and at - each.at < _BETWEEN_REOPENINGS for each in self._moves)
        left, to = (was.timezone, was.day_starts), (timezone, was.day_starts)
        self._moves.append(move(before, at, left, to, may_reopen=not lately))
        self.learner = replace(was, timezone=timezone)
        self._settled = self.today(at)

    async def set_rest(self, weekdays: tuple[int, ...], at: datetime) -> None:
        self.rest.append((rest_begins(self.today(at)), frozenset(weekdays)))

    async def set_pause(self, days: int, at: datetime) -> None:
        self.pauses.append(pause_from(self.today(at), days))

    async def set_exam(self, event: SetExam) -> None:
        self._exam = event.day

    def firsts_by_skill(self) -> dict[str, list[First]]:
        """Oldest first."""
        found: dict[str, list[First]] = {}
        for each in self.firsts:
            for skill in self._questions[each.course, each.question].skills:
                found.setdefault(skill, []).append(each)
        return found

    def lately(self) -> tuple[Begun, ...]:
        """The last days with answers, newest first."""
        return tuple(
            Begun(
                day=each.day.day,
                at=each.day.first_at or each.last_at,
                timezone=each.day.first_timezone or each.day.timezone,
                done=each.tally.qualified,
            )
            for each in reversed(self._lately)
        )

    def run(self, now: datetime) -> int:
        return self._streak(now).length

    def chosen_leave(self) -> Leave:
        return Leave(rest=tuple(self.rest), pauses=tuple(self.pauses))

    async def stand(self, at: datetime) -> Stand:
        seen = self._streak(at)
        return Stand(
            length=seen.length, longest=seen.longest, freezes=seen.freezes, total=seen.total
        )

    def today(self, at: datetime) -> date:
        return study_day(at, self.learner.timezone, self.learner.day_starts)

    def _asked(self, walk: _Walk, at: datetime) -> Asked:
        key, question, _ = self._question(walk)
        card = self.cards.get(key)
        late = (self.today(at) - card.memory.due).days if card else None
        return Asked(key=key, question=question, late=late)

    def _question(self, walk: _Walk) -> tuple[Key, Question, int]:
        if walk.paper:
            question = walk.paper.questions[walk.place]
            return (walk.paper.id, question.id), question, pick_variant(question, walk.seed)
        pick = walk.picks[walk.place]
        key = (pick.course, pick.question)
        return key, self._questions[key], pick.variant

    def _desk(self, at: datetime, *, new: bool) -> Desk:
        """Only with the cards that can make a difference: due ones, and those of today."""
        today = self.today(at)
        exam = self._exam if self._exam and self._exam > today else None
        known = frozenset(course for course, _ in self.cards) - {*self._walks}
        fresh = new and any(key[0] in known and key not in self.cards for key in self._questions)
        cards, questions = self.cards, self._questions
        if not fresh:
            cards = {
                key: card
                for key, card in self.cards.items()
                if card.memory.rated_on == today
                or due_on(card.memory, card.owner(self.learner.id), exam) <= today
            }
            questions = {key: self._questions[key] for key in cards}
        return Desk(
            today=today,
            exam=exam,
            questions=questions,
            versions=self._versions,
            cards=cards,
            firsts=tuple(self.firsts) if fresh else (),
            difficulties={},
            known=known,
            learner=self.learner,
        )

    def _count(
        self, at: datetime, posed_at: datetime | None, *, reviews_done: bool
    ) -> tuple[date, bool]:
        recent = [self._days[day] for day in sorted(self._days, reverse=True)[:5]]
        zone = self.learner.timezone
        moved = self._moves[-1] if self._moves else None
        days = [each.day for each in recent]
        day = stored_day(at, zone, self.learner.day_starts, days, moved if recent else None)
        since = max(posed_at, recent[0].last_at) if posed_at and recent else posed_at
        quick = since is not None and at - since < QUICK
        kept = self._days.get(day)
        if kept is None:
            first = Day(day=day, timezone=zone, first_at=at, first_timezone=zone)
            kept = _Kept(day=first, last_at=at, tally=Tally(), goal=self.learner.goal)
            self._days[day] = kept
            self._lately.append(kept)
        was = kept.tally
        kept.tally = tallied(was, quick=quick, goal=kept.goal, reviews_done=reviews_done)
        kept.last_at = at
        if kept.day.timezone != zone:
            kept.day = replace(kept.day, timezone=zone)
        doubled = kept.tally.doubled and not was.doubled
        if doubled:
            kept.day = replace(kept.day, doubled_at=at)
        if doubled or (kept.tally.qualified and not was.qualified):
            self._settle(at)
        return day, quick

    def _streak(self, now: datetime) -> Streak:
        days = self._studied()
        leave, moves = self._leave(days)
        learner = self.learner
        return streak(days, now, learner.timezone, learner.day_starts, leave, moves, self._since)

    def _studied(self) -> list[Day]:
        after = self._since.last or date.min
        return [
            each.day for day, each in self._days.items() if day > after and each.tally.qualified
        ]

    def _leave(self, days: list[Day]) -> tuple[Leave, list[Move]]:
        if self._since.last is None and not days:
            return Leave(), []
        first = self._since.last or days[0].day
        before = datetime.combine(first, time(), UTC) - timedelta(days=1)
        leave = Leave(
            outages=tuple(each for each in self._outages if each[1] >= before),
            rest=tuple(self.rest),
            pauses=tuple(self.pauses),
        )
        return leave, [each for each in self._moves if each.at >= before]

    def _settle(self, now: datetime) -> Streak:
        seen = self._streak(now)
        for each in seen.settled:
            was = self.told.get(each.day)
            if was is None or _KINDEST.index(each.outcome) < _KINDEST.index(was[0]):
                self.told[each.day] = each.outcome, each.cause
        days = self._studied()
        if days and days[0].day < seen.today - _SURE:
            # Sooner than the bot does, which makes no difference but to speed.
            leave, moves = self._leave(days)
            sure = [day for day in days if day.day < seen.today - _SURE]
            stood = standing(sure, self.learner.day_starts, leave, moves, self._since)
            if stood.last is not None:
                self._since = stood
                for day in [day for day in self._days if day < stood.last - _SURE]:
                    del self._days[day]
        return seen

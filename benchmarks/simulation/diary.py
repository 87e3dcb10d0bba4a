"""What is noted of a simulated year: how the runs stood, what was asked, what was still known."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from benchmarks.simulation.lived import Lived, Stand
from benchmarks.simulation.reminding import Reminded
from benchmarks.simulation.scenario import (
    FIRST,
    STAY,
    Event,
    Habit,
    Outage,
    Person,
    SetPause,
    SetRest,
)
from benchmarks.simulation.school import guessing
from benchmarks.simulation.sitting import Answered, Asked, Seen
from tutorbot.core.leave import pause_from, rest_begins
from tutorbot.core.streaks import Cause, Outcome

MONTH = 30  # days


@dataclass(kw_only=True)
class Recall:
    """Answers to what was asked before on another day."""

    count: int = 0
    expected: float = 0.0  # the sum of the chances
    recalled: int = 0
    right: int = 0

    def add(self, other: "Recall") -> None:
        self.count += other.count
        self.expected += other.expected
        self.recalled += other.recalled
        self.right += other.right

    def note(self, seen: Seen) -> None:
        self.add(Recall(count=1, expected=seen.known, recalled=seen.recalled, right=seen.right))


@dataclass(kw_only=True)
class Day:
    """Of sittings."""

    reviews: int = 0
    new: int = 0
    answers: int = 0
    waiting: int = 0  # due, and more than the day could hold


@dataclass(kw_only=True)
class Diary:
    person: Person
    hindered: int = 0  # days on which the service was down when they wanted to study
    days: dict[date, Day] = field(default_factory=dict[date, Day])
    stands: dict[date, Stand] = field(default_factory=dict[date, Stand])
    on_time: dict[int, Recall] = field(default_factory=dict[int, Recall])  # by month
    typed: Recall = field(default_factory=Recall)  # of those on time, where guessing is no use
    late: Recall = field(default_factory=Recall)
    early: Recall = field(default_factory=Recall)
    told: Counter[tuple[Outcome, Cause]] = field(default_factory=Counter[tuple[Outcome, Cause]])
    missed: list[date] = field(default_factory=list[date])
    mastered: dict[int, int] = field(default_factory=dict[int, int])  # by month
    skills: dict[int, int] = field(default_factory=dict[int, int])  # met
    reminded: Reminded = field(default_factory=Reminded)
    differs: list[str] = field(default_factory=list[str])  # from living day by day


class Note:
    """Writes a diary."""

    def __init__(self, person: Person, outages: tuple[Outage, ...]) -> None:
        self.diary = Diary(person=person)
        self._lived = Lived(
            zone=person.home, day_starts=person.day_starts, goal=person.goal, outages=outages
        )
        self._stays = person.habit in STAY
        self._day = FIRST

    def begins(self, event: Event) -> None:
        self._day = self._lived.day_of(event.at)

    def answered(self, at: datetime, asked: Asked, seen: Seen, how: Answered) -> None:
        self.tried_again(at, how)
        day = self.diary.days.setdefault(self._day, Day())
        if not seen.again:
            day.new += asked.late is None
            return
        day.reviews += 1
        if asked.late is None or self.diary.person.habit is Habit.TAPPERS:
            return
        if asked.late < 0:
            self.diary.early.note(seen)
        elif asked.late == 0:
            self.diary.on_time.setdefault(month(self._day), Recall()).note(seen)
            if not guessing(asked.question):
                self.diary.typed.note(seen)
        else:
            self.diary.late.note(seen)

    def tried_again(self, at: datetime, how: Answered) -> None:
        self.diary.days.setdefault(self._day, Day()).answers += 1
        if self._stays:
            self._lived.answer(at, quick=how.quick, reviews_done=how.reviews_done)

    def chose(self, event: Event) -> None:
        match event:
            case SetRest():
                self._lived.rest.append((rest_begins(self._day), event.weekdays))
            case SetPause():
                self._lived.pauses.append(pause_from(self._day, event.days))
            case _:
                pass

    def stood(self, stand: Stand, at: datetime, waiting: int) -> None:
        self.diary.stands[self._day] = stand
        self.diary.days.setdefault(self._day, Day()).waiting = waiting
        if self._stays and stand != (lived := self._lived.stand(at)):
            self.diary.differs.append(f"{at:%d %b %H:%M}: {stand}, lived {lived}")


def month(day: date) -> int:
    """From 0 on."""
    return (day - FIRST).days // MONTH

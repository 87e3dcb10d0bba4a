"""Who is reminded when, decided by `tutorbot.core.reminders` as the bot's flows do.

Whether a reminder was fair is judged here by the clock on the wall and what the person did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.simulation.rules import Rules
from benchmarks.simulation.scenario import MINUTE, Outage, Person
from tutorbot.core.reminders import (
    Facts,
    Later,
    Log,
    Remind,
    SwitchOff,
    Wish,
    decide,
    is_free,
    next_due,
    skipped,
    snoozed,
    wish,
)

_HOURS = (8, 9, 12, 17, 18, 20, 21)
_NIGHT = (22, 8)


@dataclass(kw_only=True)
class Reminded:
    """How often in a year, and how often wrongly."""

    said: int = 0
    at_night: int = 0
    third_of_a_day: int = 0
    when_done: int = 0
    on_free_days: int = 0
    while_down: int = 0
    switched_off: int = 0

    def add(self, other: "Reminded") -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    @property
    def wrongly(self) -> int:
        return (
            self.at_night
            + self.third_of_a_day
            + self.when_done
            + self.on_free_days
            + self.while_down
        )


class Reminders:
    """The reminders of one learner. Once a minute the bot looks who is to be reminded."""

    def __init__(self, person: Person, rules: Rules, outages: Sequence[Outage]) -> None:
        self.reminded = Reminded()
        self._rules = rules
        self._outages = outages
        self._dice = Random(f"reminders {person.seed}")
        usual = self._dice.random() < 0.5
        hour = None if usual else self._dice.choice(_HOURS)
        rules.learner = replace(rules.learner, reminder_usual=usual, reminder_hour=hour)
        self._log = Log()
        self._due: datetime | None = None
        self._said: dict[date, int] = {}

    def chosen(self, now: datetime) -> None:
        """The learner wants reminders, for the first time or again."""
        wished = self._wish()
        self._log = replace(self._log, unanswered=0, snoozed=None)
        self._due = next_due(wished, self._log, now)

    def moved(self, now: datetime) -> None:
        """The learner set other clocks."""
        if self._due is not None:
            self._due = next_due(self._wish(), self._log, now)

    def sits(self, now: datetime) -> None:
        """Who comes back wants to be reminded again."""
        if self._due is None:
            self.chosen(now)

    def until(self, end: datetime) -> None:
        """Let the time pass."""
        while self._due is not None:
            now = self._due + self._dice.random() * MINUTE
            for began, ended in self._outages:
                if began <= now < ended:
                    now = ended + MINUTE
            if now >= end:
                return
            self._looks(now)

    def _wish(self) -> Wish:
        firsts = [(each.at, each.timezone) for each in self._rules.lately() if each.done]
        wished = wish(self._rules.learner, firsts)
        assert wished
        return wished

    def _looks(self, now: datetime) -> None:
        rules = self._rules
        today, lately = rules.today(now), rules.lately()
        newest = lately[0] if lately else None
        facts = Facts(
            done=newest is not None and newest.day >= today and newest.done,
            answered=newest.day if newest else None,
        )
        wished = self._wish()
        decision = decide(wished, self._log, facts, now)
        if not facts.done and (isinstance(decision, Remind) or self._log.on(today)):
            run = rules.run(now)
            free = is_free(today, rules.chosen_leave())
            decision = decide(wished, self._log, replace(facts, free=free, run=run), now)
        match decision:
            case SwitchOff():
                self._due, self._log = None, Log()
                self.reminded.switched_off += 1
            case Later(due=due):
                assert due > now
                self._due = due
            case Remind(due=due, log=log):
                assert due > now
                self._due, self._log = due, log
                self._judge(now)
                self._reacts(wished, now)

    def _judge(self, now: datetime) -> None:
        zone = ZoneInfo(self._rules.learner.timezone)
        wall = now.astimezone(zone).replace(tzinfo=None)
        day = (wall - timedelta(hours=self._rules.learner.day_starts)).date()
        self._said[day] = self._said.get(day, 0) + 1
        rest, pauses = self._rules.rest, self._rules.pauses
        chosen = max((each for each in rest if each[0] <= day), default=(day, frozenset[int]()))
        paused = any(first <= day <= last for first, last in pauses)
        seen = self.reminded
        seen.said += 1
        seen.at_night += wall.hour >= _NIGHT[0] or wall.hour < _NIGHT[1]
        seen.third_of_a_day += self._said[day] > 2
        seen.when_done += any(each.day == day and each.done for each in self._rules.lately())
        seen.on_free_days += paused or day.weekday() in chosen[1]
        seen.while_down += any(began <= now < ended for began, ended in self._outages)

    def _reacts(self, wished: Wish, now: datetime) -> None:
        """Some tap on "in an hour", a few on "not today"."""
        tap = now + self._dice.uniform(0.2, 20) * MINUTE
        if any(began <= tap < ended for began, ended in self._outages):
            return
        luck = self._dice.random()
        if luck < 0.1:
            put = snoozed(wished, self._log, tap)
            self._due, self._log = put or skipped(wished, self._log, tap)
        elif luck < 0.13:
            self._due, self._log = skipped(wished, self._log, tap)

"""The same lives by the rules alone and by the bot on a database, and where the two differ."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from benchmarks.simulation.bot import Bot, furnish
from benchmarks.simulation.diary import Note
from benchmarks.simulation.rules import Rules
from benchmarks.simulation.scenario import FIRST, Person, Sit, life, outages
from benchmarks.simulation.school import School
from benchmarks.simulation.sitting import Sitter
from benchmarks.simulation.year import at_once
from tutorbot.core.ids import LearnerId
from tutorbot.flows.published import Library
from tutorbot.store import recall, streaks as streaks_store
from tutorbot.store.unit import Store

_AT_ONCE = 3


@dataclass(kw_only=True)
class Compared:
    sittings: int = 0
    answers: int = 0
    cards: int = 0
    settled: int = 0  # days
    differences: list[str] = field(default_factory=list[str])

    def add(self, other: "Compared") -> None:
        self.sittings += other.sittings
        self.answers += other.answers
        self.cards += other.cards
        self.settled += other.settled
        self.differences += other.differences


async def compare(store: Store, people: Sequence[Person], school: School, days: int) -> Compared:
    """Live every life twice. The database is to be empty."""
    began = datetime.combine(FIRST, time(), UTC)
    await furnish(store, school, outages(days), began)
    library, gate, whole = Library(), asyncio.Semaphore(_AT_ONCE), Compared()

    async def one(person: Person) -> Compared:
        async with gate:
            return await _lives_twice(store, library, person, school, days)

    for found in await asyncio.gather(*map(one, people)):
        whole.add(found)
    return whole


async def _lives_twice(
    store: Store, library: Library, person: Person, school: School, days: int
) -> Compared:
    found = Compared()
    papers = tuple(paper.id for paper in school.papers)
    events = life(person, days).events
    async with store.unit() as unit:
        bot = Bot.of(person, school, library, unit)
        learner = await bot.learner(events[0].at)
        await bot.set_goal(person.goal, events[0].at)
    rules = Rules(person, school, outages(days), learner.id)
    note, unread = Note(person, ()), Note(person, ())
    by_rules, by_bot = Sitter(person, rules, papers, note), Sitter(person, bot, papers, unread)
    at_once(rules.set_goal(person.goal, events[0].at))
    for event in events:
        note.begins(event)
        unread.begins(event)
        at = at_once(by_rules.does(event))
        async with store.unit() as unit:
            bot.unit = unit
            same = await by_bot.does(event) == at
            stand = await bot.stand(at)
        wanted = at_once(rules.stand(at))
        found.sittings += isinstance(event, Sit)
        if not same or stand != wanted:
            found.differences.append(f"{person} on {at}: {stand}, not {wanted}")
            break
    found.answers = sum(day.answers for day in note.diary.days.values())
    await _compare_what_is_kept(store, rules, learner.id, found)
    return found


async def _compare_what_is_kept(
    store: Store, rules: Rules, learner: LearnerId, found: Compared
) -> None:
    async with store.unit() as unit:
        kept = {(card.course, card.question): card for card in await recall.all_of(unit, learner)}
        told = {
            each.day: (each.outcome, each.cause)
            for each in await streaks_store.settled(unit, learner, FIRST)
        }
    found.cards, found.settled = len(kept), len(told)
    found.differences += (
        f"{learner}: card {key} is {kept.get(key)}, not {rules.cards.get(key)}"
        for key in sorted({*kept, *rules.cards})
        if kept.get(key) != rules.cards.get(key)
    )
    found.differences += (
        f"{learner}: {day} is {told.get(day)}, not {rules.told.get(day)}"
        for day in sorted({*told, *rules.told})
        if told.get(day) != rules.told.get(day)
    )

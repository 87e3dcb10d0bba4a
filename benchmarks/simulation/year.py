"""A year of one learner by the rules alone, and of many in several processes."""

from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from benchmarks.simulation.diary import Diary, Note, month
from benchmarks.simulation.reminding import Reminders
from benchmarks.simulation.rules import Rules
from benchmarks.simulation.scenario import Person, SetZone, Sit, life, outages
from benchmarks.simulation.school import School
from benchmarks.simulation.sitting import Sitter
from tutorbot.core.mastery import mastered
from tutorbot.core.streaks import Outcome

_Result = TypeVar("_Result")


def lived(person: Person, school: School, days: int) -> tuple[Diary, Rules]:
    """Live through the days."""
    return at_once(_lived(person, school, days))


async def _lived(person: Person, school: School, days: int) -> tuple[Diary, Rules]:
    down = outages(days)
    rules, note = Rules(person, school, down), Note(person, down)
    sitter = Sitter(person, rules, tuple(paper.id for paper in school.papers), note)
    planned = life(person, days)
    note.diary.hindered = planned.hindered
    reached = 0
    begins = planned.events[0].at
    await rules.set_goal(person.goal, begins)
    reminders = Reminders(person, rules, down)
    reminders.chosen(begins)
    for event in planned.events:
        reminders.until(event.at)
        note.begins(event)
        at = await sitter.does(event)
        if isinstance(event, Sit):
            note.stood(await rules.stand(at), at, rules.waiting)
            reminders.sits(at)
        elif isinstance(event, SetZone):
            reminders.moved(at)
        while reached < month(event.at.date()):
            _take_stock(note.diary, rules, reached)
            reached += 1
    _take_stock(note.diary, rules, reached)
    note.diary.reminded = reminders.reminded
    note.diary.told.update(rules.told.values())
    note.diary.missed += (
        day for day, (outcome, _) in rules.told.items() if outcome is Outcome.MISSED
    )
    return note.diary, rules


def _take_stock(diary: Diary, rules: Rules, at: int) -> None:
    by_skill = rules.firsts_by_skill()
    diary.skills[at] = len(by_skill)
    diary.mastered[at] = sum(mastered(firsts, varied=True) for firsts in by_skill.values())


def at_once(work: Coroutine[None, None, _Result]) -> _Result:
    """What comes of work that never waits for anything."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


def years(people: Iterable[Person], school: School, days: int, processes: int) -> Iterator[Diary]:
    """Live through the days of many, in their order."""
    with ProcessPoolExecutor(processes, initializer=_enters, initargs=(school, days)) as pool:
        yield from pool.map(_diary, people, chunksize=5)


_entered: list[tuple[School, int]] = []  # of a worker process


def _enters(school: School, days: int) -> None:
    _entered.append((school, days))


def _diary(person: Person) -> Diary:
    return lived(person, *_entered[-1])[0]

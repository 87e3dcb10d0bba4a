"""Keys against which the answers speak, though nobody has said a word."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from tutorbot.core.analysis import Item, alarm_of
from tutorbot.core.ids import CourseId
from tutorbot.core.key_alarm import Alarm, Answered
from tutorbot.core.keys import QuestionName
from tutorbot.flows.published import Library
from tutorbot.flows.results import chosen_in, under
from tutorbot.store import alarms, courses, results
from tutorbot.store.alarms import Ranked
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Raised:
    """An alarm, and when each of the first answers was given on which it rests."""

    alarm: Alarm
    answered: tuple[datetime, ...]


async def in_courses(
    unit: Unit, library: Library, of: Collection[CourseId] | None
) -> Mapping[QuestionName, Raised]:
    """List those in the newest versions of these courses, or (None) of all, under today's keys."""
    return await _found(unit, library, await alarms.ranked(unit, of))


async def of_question(unit: Unit, library: Library, name: QuestionName) -> Alarm | None:
    given = await alarms.ranked(unit, [name.course], name.question)
    found = (await _found(unit, library, given)).get(name)
    return found.alarm if found else None


async def _found(
    unit: Unit, library: Library, given: Collection[Ranked]
) -> Mapping[QuestionName, Raised]:
    of = {QuestionName(each.course, each.question) for each in given}
    if not of:
        return {}
    in_these = {name.course for name in of}
    newest = {
        each.course: each.version for each in await courses.newest(unit) if each.course in in_these
    }
    keys = await results.newest_keys(unit, newest.values())
    items: dict[QuestionName, Item] = {}
    for course, version in newest.items():
        for question in await library.course(unit, version):
            name = QuestionName(course, question.id)
            if name in of:
                items[name] = under(question, keys.get((version, question.id), {}))
    # Of many answers it takes a while, and others wait for theirs.
    return await asyncio.to_thread(_raised, items, given)


def _raised(
    items: Mapping[QuestionName, Item], given: Collection[Ranked]
) -> dict[QuestionName, Raised]:
    answers: dict[QuestionName, list[Answered]] = defaultdict(list)
    answered: dict[QuestionName, list[datetime]] = defaultdict(list)
    for each in given:
        name = QuestionName(each.course, each.question)
        answers[name].append(Answered(rest=each.rest, chosen=chosen_in(each)))
        answered[name].append(each.at)
    return {
        name: Raised(alarm=alarm, answered=tuple(answered[name]))
        for name, item in items.items()
        if (alarm := alarm_of(item, answers[name])) is not None
    }

"""Keys against which the answers speak, though nobody has said a word."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tutorbot.core.analysis import Item, alarm_of
from tutorbot.core.ids import CourseId, QuestionId
from tutorbot.core.key_alarm import Alarm, Answered
from tutorbot.core.keys import QuestionName
from tutorbot.flows.published import Library
from tutorbot.flows.results import chosen_in, under
from tutorbot.store import alarms, courses, results
from tutorbot.store.alarms import Ranked
from tutorbot.store.unit import Unit


async def in_courses(
    unit: Unit, library: Library, of: Collection[CourseId] | None
) -> Mapping[QuestionName, Alarm]:
    """List those in the newest versions of these courses, or (None) of all, under today's keys."""
    return await _found(unit, library, await alarms.ranked(unit, of))


async def of_question(unit: Unit, library: Library, name: QuestionName) -> Alarm | None:
    given = await alarms.ranked(unit, [name.course], name.question)
    return (await _found(unit, library, given)).get(name)


@dataclass(frozen=True, kw_only=True)
class _Case:
    item: Item
    answers: list[Answered]


async def _found(
    unit: Unit, library: Library, given: Collection[Ranked]
) -> Mapping[QuestionName, Alarm]:
    if not given:
        return {}
    of: dict[CourseId, set[QuestionId]] = {}
    for each in given:
        of.setdefault(each.course, set()).add(each.question)
    newest = {each.course: each.version for each in await courses.newest(unit) if each.course in of}
    keys = await results.newest_keys(unit, newest.values())
    cases: dict[QuestionName, _Case] = {}
    for course_id, version in newest.items():
        for question in await library.course(unit, version):
            if question.id in of[course_id]:
                item = under(question, keys.get((version, question.id), {}))
                cases[QuestionName(course_id, question.id)] = _Case(item=item, answers=[])
    for each in given:
        case = cases.get(QuestionName(each.course, each.question))
        if case is not None:  # else it is in no newest version any more
            case.answers.append(Answered(rest=each.rest, chosen=chosen_in(each)))
    # Of many questions it takes a while, and others wait for answers.
    return await asyncio.to_thread(_raised, cases)


def _raised(cases: Mapping[QuestionName, _Case]) -> dict[QuestionName, Alarm]:
    return {
        name: alarm
        for name, case in cases.items()
        if (alarm := alarm_of(case.item, case.answers)) is not None
    }

"""The word about a class on Monday mornings, put together for those who teach it."""

from collections import defaultdict
from datetime import datetime

from tutorbot.core import mastery
from tutorbot.core.assignments import Source
from tutorbot.core.digest import (
    HOUR,
    LATEST,
    WEEK,
    Called,
    Digest,
    Doubt,
    common_tags,
    stuck_skills,
)
from tutorbot.core.groups import shown_name
from tutorbot.core.ids import LearnerId
from tutorbot.core.keys import QuestionName
from tutorbot.core.learner import Learner
from tutorbot.flows import results as seen
from tutorbot.flows.published import Library
from tutorbot.store import alarms, assignments, courses, digests, keys, results
from tutorbot.store.digests import Due
from tutorbot.store.results import Given
from tutorbot.store.unit import Unit


async def claim(unit: Unit, now: datetime, limit: int) -> tuple[Due, ...]:
    return await digests.claim(unit, now, HOUR, HOUR + LATEST, limit)


async def of_class(
    unit: Unit, library: Library, due: Due, now: datetime
) -> tuple[Digest, tuple[Learner, ...]] | None:
    """What to say of a class and to whom; None where there is nothing, or nobody."""
    readers = await digests.readers(unit, due.class_id)
    if not readers:
        return None
    since = now - WEEK
    people = await results.people(unit, due.class_id)
    called = {
        each.learner: Called(code=each.code, name=shown_name(each.name))
        for each in people
        if not each.left
    }
    silent = set(await results.silent(unit, due.class_id, since))
    given = await results.given(unit, class_id=due.class_id, firsts=True)
    stuck = await _stuck(unit, library, given, since)
    digest = Digest(
        class_id=due.class_id,
        title=due.title,
        weak=await seen.weak_in(unit, library, due.class_id, since),
        tags=common_tags(tag for each in given if each.at >= since for tag in each.tags or ()),
        doubts=await _doubts(unit, library, due, since),
        stuck=tuple((called[who], names) for who, names in stuck.items() if who in called),
        silent=tuple(each for each in called.values() if each.code in silent),
    )
    return None if digest.empty else (digest, tuple(readers))


async def _stuck(
    unit: Unit, library: Library, given: tuple[Given, ...], since: datetime
) -> dict[LearnerId, tuple[str, ...]]:
    """Of those who answered something lately."""
    by_learner: dict[LearnerId, list[Given]] = defaultdict(list)
    for each in given:
        by_learner[each.learner].append(each)
    lately = {
        learner: those
        for learner, those in by_learner.items()
        if those[-1].at >= since and len(those) >= mastery.STUCK_AFTER
    }
    questions = await seen.by_course(
        unit, library, [one for all_ in lately.values() for one in all_]
    )
    return stuck_skills({who: seen.as_met(those) for who, those in lately.items()}, questions)


async def _doubts(unit: Unit, library: Library, due: Due, since: datetime) -> tuple[Doubt, ...]:
    """The keys under alarm; as in the queue, none that somebody has looked at, unless outgrown."""
    found: list[Doubt] = []
    looked_at = await keys.looked_at(unit)
    for assignment in await digests.answered_since(unit, due.class_id, since):
        quiz = await assignments.find(unit, assignment)
        if quiz is None:
            continue
        given = await results.given(unit, assignment=assignment, firsts=True)
        analysis = await seen.analysis_of(
            unit, library, quiz, given, await seen.keys_of(unit, quiz)
        )
        for place, figures in enumerate(analysis.items):
            if figures.alarm:
                source = quiz.questions[place]
                looked = looked_at.get(QuestionName(source.course, source.question))
                if looked and not looked.outgrown(await _answered(unit, source)):
                    continue
                course = await library.course(unit, source.version)
                found.append(
                    Doubt(
                        assignment=assignment,
                        quiz=quiz.title,
                        place=place,
                        question=course.question(source.question).title,
                    )
                )
    return tuple(found)


async def _answered(unit: Unit, source: Source) -> tuple[datetime, ...]:
    """When each first answer to a question was given, in whatever version of its course."""
    all_keys = await courses.keys_of(unit, source.course, source.question)
    return await alarms.answered(unit, [key.version for _, key in all_keys], source.question)

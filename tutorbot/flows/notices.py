"""Telling somebody what was arranged for them in a class, or that they are in it no more."""

from collections.abc import Callable
from datetime import datetime
from gettext import NullTranslations
from typing import assert_never

from tutorbot.core.assignments import Phase, Standing, standing
from tutorbot.core.classes import Role
from tutorbot.core.ids import ClassId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.core.notices import (
    JOB,
    About,
    AskedBack,
    Longer,
    MoreTime,
    Notice,
    TakenOut,
    TimeSet,
    What,
    waits,
)
from tutorbot.core.roster import Person, ends, open_longer
from tutorbot.store import assignments, classes, jobs, joining, learners, outbox, roster
from tutorbot.store.unit import Unit
from tutorbot.views import notices as view


class Notices:
    """``languages``: the words of a reader's language."""

    def __init__(self, languages: Callable[[str], NullTranslations]) -> None:
        self._languages = languages

    async def tell(self, unit: Unit, about: About, at: datetime) -> None:
        """Say it with what the unit does; by the reader's night, in the morning.

        What waits is said once, however often it happens, and as it stands then.
        """
        found = await _found(unit, about, at)
        if found is None:
            return
        until = waits(found[1], found[0].timezone, at)
        if until is None:
            await self._say(unit, *found, at)
        else:
            await jobs.defer(unit, JOB, args=about.as_json(), lock=about.key, not_before=until)

    async def say(self, unit: Unit, about: About, at: datetime) -> None:
        """Say what has waited, if it still holds."""
        found = await _found(unit, about, at)
        if found is not None:
            await self._say(unit, *found, at)

    async def _say(self, unit: Unit, learner: Learner, notice: Notice, at: datetime) -> None:
        words = self._languages(learner.language)
        await outbox.add(
            unit,
            chat=learner.chat,
            learner=learner.id,
            update_id=None,
            utterances=(view.notice(words, notice, learner.timezone),),
            at=at,
        )


async def open_quizzes(
    unit: Unit, class_id: ClassId, learner: LearnerId, at: datetime
) -> tuple[Standing, ...]:
    """How it stands with the quizzes of a class that somebody may answer now."""
    those = [standing(*each, at) for each in await assignments.set_to(unit, learner, at)]
    return tuple(
        each
        for each in those
        if each.assignment.class_id == class_id and each.phase in {Phase.OPEN, Phase.LATE}
    )


async def _found(unit: Unit, about: About, at: datetime) -> tuple[Learner, Notice] | None:
    """Who is told, and what; None: they are gone, or it holds no longer."""
    person = await roster.person(unit, about.class_id, about.member)
    found = await classes.find(unit, about.class_id)
    if person is None or found is None:
        return None
    learner = await learners.by_id(unit, person.learner)
    if learner is None or not learner.started:  # the bot may not write first
        return None
    notice = await _notice(unit, about, person, found.title, at)
    return None if notice is None else (learner, notice)


async def _notice(
    unit: Unit, about: About, person: Person, group: str, at: datetime
) -> Notice | None:
    learns = person.here and person.role is Role.LEARNER
    match about.what:
        case What.EXTENDED:
            quizzes = await _extended(unit, about, person, at) if learns else ()
            return MoreTime(group=group, quizzes=quizzes) if quizzes else None
        case What.TIME if learns:
            quizzes = await _running(unit, about, person, at)
            return TimeSet(group=group, percent=person.percent, quizzes=quizzes)
        case What.TIME:
            return None
        case What.REMOVED:
            return TakenOut(group=group) if person.removed and not person.here else None
        case What.INVITED:
            link = await joining.by_id(unit, about.link) if about.link else None
            if person.removed or person.here or link is None or link.ended(at):
                return None
            return AskedBack(group=group, code=link.code)
        case _:
            assert_never(about.what)


async def _extended(unit: Unit, about: About, person: Person, at: datetime) -> tuple[Longer, ...]:
    return tuple(
        Longer(title=each.assignment.title, until=until)
        for each in await open_quizzes(unit, about.class_id, person.learner, at)
        if open_longer(each) and (until := ends(each)) is not None
    )


async def _running(unit: Unit, about: About, person: Person, at: datetime) -> tuple[Longer, ...]:
    return tuple(
        Longer(title=each.assignment.title, until=each.terms.closes)
        for each in await open_quizzes(unit, about.class_id, person.learner, at)
        if each.minutes is not None and each.part.opened_at and each.terms.closes is not None
    )

"""Joining a class by a link or its code, and the links themselves."""

from datetime import datetime
from random import Random

from tutorbot.core.joining import (
    LINK_PREFIX,
    Joined,
    JoinLink,
    JoinOutcome,
    LinkFull,
    NoSuchLink,
    Place,
    WhichCode,
    code_typed,
    hindrance,
    member_code,
)
from tutorbot.core.learner import Learner
from tutorbot.flows import leave
from tutorbot.store import classes, joining, learners, prompts
from tutorbot.store.classes import Found
from tutorbot.store.unit import Unit

CODE = "class.code"
"""What somebody is asked to type who wants to join."""


class Joining:
    """``dice`` make the codes, and must be none that anybody can foresee."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice

    async def join(self, unit: Unit, learner: Learner, typed: str, at: datetime) -> JoinOutcome:
        """Take somebody in by a code or a link that they typed, or followed."""
        if not typed.removeprefix(LINK_PREFIX).strip():
            await prompts.ask(unit, learner.id, CODE, {}, at)
            return WhichCode()
        code = code_typed(typed)
        link = await joining.by_code(unit, code) if code else None
        found = await classes.find(unit, link.class_id) if link else None
        if link is None or found is None:
            return NoSuchLink()
        place = await classes.place(unit, link.class_id, learner.id)
        hindered = hindrance(link, place, found.title, at)
        if hindered:
            return hindered
        if not await joining.use(unit, link.id, at):  # others were quicker
            return LinkFull()
        code = await self._enter(unit, learner, link, place, at)
        await classes.note(
            unit,
            link.class_id,
            code,
            "joined",
            at,
            {"role": link.role.value, "link": link.id, "cohort": link.cohort},
        )
        moved = await _take_zone(unit, learner, found, at)
        return Joined(
            class_id=link.class_id,
            title=found.title,
            role=link.role,
            cohort=link.cohort,
            back=place is not None,
            zone=found.timezone if moved else None,
            zone_at=at,
        )

    async def _enter(
        self, unit: Unit, learner: Learner, link: JoinLink, place: Place | None, at: datetime
    ) -> str:
        """Write down who joined, and return their code in the class."""
        if place:
            since = None if place.here else at
            await joining.become(unit, link.class_id, learner.id, link.role, link.cohort, since)
            return place.code
        while True:
            code = member_code(self._dice)
            if await joining.enter(
                unit,
                class_id=link.class_id,
                learner=learner.id,
                code=code,
                role=link.role,
                cohort=link.cohort,
                at=at,
            ):
                return code


async def _take_zone(unit: Unit, learner: Learner, found: Found, at: datetime) -> bool:
    """Let somebody whose zone is a guess live by that of the class; whether that is another."""
    if await joining.zone_known(unit, learner.id):
        return False
    await learners.mark_zone_known(unit, learner.id)
    return (await leave.set_clocks(unit, learner, at, found.timezone)).changed

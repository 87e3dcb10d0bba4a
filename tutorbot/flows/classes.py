"""Classes: what somebody asks for who works in one, or is in one."""

from tutorbot.core.classes import Classes, NotAllowed, OpenClass, Right, Taught
from tutorbot.core.learner import Learner
from tutorbot.store import classes
from tutorbot.store.unit import Unit


async def taught(unit: Unit, learner: Learner) -> Classes:
    return Classes(taught=await classes.taught_by(unit, learner.id))


async def open_class(unit: Unit, learner: Learner, action: OpenClass) -> Taught | NotAllowed:
    if not await classes.member(unit, action.class_id, learner.id, Right.SEE_RESULTS):
        return NotAllowed()
    found = await classes.taught_by(unit, learner.id)
    return next((each for each in found if each.class_id == action.class_id), NotAllowed())

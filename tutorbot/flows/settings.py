"""What a learner chooses about themselves, at first and ever after."""

from datetime import datetime

from tutorbot.core.actions import ChooseSetting, Setting
from tutorbot.core.learner import Learner
from tutorbot.core.settings import Chosen, chosen
from tutorbot.flows import leave, reminders
from tutorbot.store import learners
from tutorbot.store.unit import Unit


async def offered(unit: Unit, learner: Learner, at: datetime) -> None:
    """The first steps are being offered; nobody offers them of their own accord again."""
    await learners.mark_onboarded(unit, learner.id, at)


async def choose(
    unit: Unit, learner: Learner, action: ChooseSetting, now: datetime
) -> Chosen | None:
    """Keep a choice; None if there is no such one."""
    changed = chosen(learner, action.setting, action.value)
    if changed is None:
        return None
    if action.setting is Setting.ZONE:
        await learners.mark_zone_known(unit, learner.id)
    if action.setting in _CLOCKS:
        clocks = await leave.set_clocks(unit, learner, now, changed.timezone, changed.day_starts)
        return Chosen(learner=changed, clocks=clocks)
    await learners.keep_choices(unit, changed)
    if action.setting is Setting.REMINDER:
        await reminders.chosen(unit, changed, now)
    return Chosen(learner=changed)


_CLOCKS = (Setting.ZONE, Setting.DAY_STARTS)

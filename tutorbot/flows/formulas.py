"""How a learner wants formulas shown: asked once, chosen by them, changed at any time."""

from tutorbot.core.actions import SetFormulas
from tutorbot.core.learner import Learner
from tutorbot.store import learners
from tutorbot.store.unit import Unit


async def asked(unit: Unit, learner: Learner) -> None:
    """The learner is being asked what they see; nobody asks of their own accord again."""
    await learners.mark_probed(unit, learner.id)


async def choose(unit: Unit, learner: Learner, action: SetFormulas) -> None:
    await learners.set_formulas(unit, learner.id, action.form, action.theme)

"""A learner's own data: handed out, and deleted when they say so."""

from datetime import datetime

from tutorbot.core.actions import Forget
from tutorbot.core.learner import Learner
from tutorbot.core.privacy import expired
from tutorbot.flows import owning
from tutorbot.store import outbox, privacy
from tutorbot.store.unit import Unit

ARCHIVE = "archive"
"""The slot of the message with the file."""


async def may_export(unit: Unit, learner: Learner) -> bool:
    """Tell whether no file is on its way already: each is work, and one is enough."""
    return not await outbox.is_waiting(unit, learner.chat, ARCHIVE)


async def forget(unit: Unit, learner: Learner, action: Forget, at: datetime) -> bool:
    """Delete everything; False if the question was asked too long ago."""
    if expired(action.asked_at, at):
        return False
    await owning.leave_all(unit, learner.id, at)
    await privacy.forget(unit, learner.id)
    return True

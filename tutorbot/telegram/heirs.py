"""Tells somebody, in a chat of their own, that a class belongs to them now."""

from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import NullTranslations

from tutorbot.core.classes import Inherited
from tutorbot.store import learners, outbox
from tutorbot.store.unit import Unit
from tutorbot.views import owning as view


async def tell_heirs(
    unit: Unit,
    inherited: Sequence[Inherited],
    languages: Callable[[str], NullTranslations],
    at: datetime,
) -> None:
    for each in inherited:
        heir = await learners.by_id(unit, each.heir)
        if heir is None:
            continue
        await outbox.add(
            unit,
            chat=heir.chat,
            learner=heir.id,
            update_id=None,
            utterances=(view.inherited(languages(heir.language), each),),
            at=at,
        )

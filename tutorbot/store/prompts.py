"""What a learner was asked to type, in the middle of something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert

from tutorbot.core.ids import LearnerId
from tutorbot.store.class_tables import prompts
from tutorbot.store.tables import learners
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Prompt:
    purpose: str  # such as "class.title": the part before the dot says whose it is
    about: Mapping[str, Any]  # what it was asked for, in JSON
    asked_at: datetime


async def ask(
    unit: Unit, learner: LearnerId, purpose: str, about: Mapping[str, Any], at: datetime
) -> None:
    """Let the next message that is typed be the answer to this; one asked before is forgotten."""
    parameters = {
        "whose": learner,
        "of_learner": learner,
        "of_purpose": purpose,
        "of_what": dict(about),
        "at": at,
    }
    await unit.execute(_ASK, parameters)


async def take(unit: Unit, learner: LearnerId) -> Prompt | None:
    """Find what a learner was asked to type, and forget it: whatever they do now, it is over."""
    row = (await unit.execute(_TAKE, {"whose": learner})).one_or_none()
    if row is None:
        return None
    return Prompt(purpose=row.purpose, about=row.about, asked_at=row.asked_at)


_mark = update(learners).where(learners.c.id == bindparam("whose")).returning(learners.c.id)
_NEW = insert(prompts).values(
    learner_id=bindparam("of_learner"),
    purpose=bindparam("of_purpose"),
    about=bindparam("of_what"),
    asked_at=bindparam("at"),
)
_ASK = (
    _NEW.on_conflict_do_update(
        index_elements=[prompts.c.learner_id],
        set_={name: _NEW.excluded[name] for name in ("purpose", "about", "asked_at")},
    )
    .returning(prompts.c.learner_id)
    .add_cte(_mark.values(prompted=True).cte("marked"))
)
_TAKE = (
    delete(prompts)
    .where(prompts.c.learner_id == bindparam("whose"))
    .returning(prompts)
    .add_cte(_mark.values(prompted=False).cte("unmarked"))
)

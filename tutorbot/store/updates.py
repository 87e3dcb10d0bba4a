"""Which updates of the chat program were processed: each exactly once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert

from tutorbot.store.codec import storable, storable_json
from tutorbot.store.tables import updates
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Poisoned:
    """An update that could not be processed; what stood in it is not for reading."""

    update_id: int
    at: datetime
    error: str


async def claim(unit: Unit, update_id: int, at: datetime) -> bool:
    """Take an update, in the transaction that does its work. False: somebody has it already.

    Two claims at once: the second waits for the first transaction, and gets the update if that
    one was taken back.
    """
    result = await unit.execute(_CLAIM, {"update_id": update_id, "received_at": at})
    return result.one_or_none() is not None


async def poison(unit: Unit, update_id: int, error: str, payload: object, at: datetime) -> None:
    """Put an update aside that cannot be processed, with what is needed to find out why."""
    parameters = {
        "update_id": update_id,
        "received_at": at,
        "error": storable(error),
        "payload": storable_json(payload),
    }
    await unit.execute(_POISON, parameters)


async def poisoned(unit: Unit, limit: int) -> tuple[Poisoned, ...]:
    """List what was put aside, the newest first."""
    rows = await unit.execute(_POISONED, {"most": limit})
    return tuple(
        Poisoned(update_id=row.update_id, at=row.received_at, error=row.error) for row in rows
    )


async def prune(unit: Unit, before: datetime) -> int:
    """Forget updates received before then, except for the poisoned; return how many."""
    return (await unit.execute(_PRUNE, {"before": before})).rowcount


async def prune_poisoned(unit: Unit, before: datetime) -> int:
    """Forget what stood in poisoned updates received before then; return in how many."""
    return (await unit.execute(_PRUNE_POISONED, {"before": before})).rowcount


_CLAIM = insert(updates).on_conflict_do_nothing().returning(updates.c.update_id)
_INSERT = insert(updates)
_POISON = _INSERT.on_conflict_do_update(
    index_elements=[updates.c.update_id],
    set_={"error": _INSERT.excluded.error, "payload": _INSERT.excluded.payload},
)
_POISONED = (
    select(updates.c.update_id, updates.c.received_at, updates.c.error)
    .where(updates.c.error.is_not(None))
    .order_by(updates.c.received_at.desc(), updates.c.update_id.desc())
    .limit(bindparam("most"))
)
_PRUNE = delete(updates).where(
    updates.c.received_at < bindparam("before"), updates.c.error.is_(None)
)
_PRUNE_POISONED = (
    update(updates)
    .where(updates.c.payload.is_not(None), updates.c.received_at < bindparam("before"))
    .values(payload=null())
)

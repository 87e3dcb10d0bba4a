"""Which processes send: each is seen again and again, and taken for dead when it is not.

The clock is the database's alone, so that processes need not agree on the time.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Interval, bindparam, delete, func, insert, select, update

from tutorbot.store import outbox
from tutorbot.store.tables import senders
from tutorbot.store.unit import Unit

PATIENCE = timedelta(seconds=10)
"""Who has not been seen for so long is dead."""


async def enter(unit: Unit, sender: UUID) -> None:
    """Say that a process sends from now on."""
    await unit.execute(_ENTER, {"sender": sender})


async def be_seen(unit: Unit, sender: UUID) -> bool:
    """Say that it still does; False if it was taken for dead, and what it claimed is others'."""
    return bool((await unit.execute(_BE_SEEN, {"sender": sender})).rowcount)


async def leave(unit: Unit, sender: UUID) -> int:
    """Say that it sends no more, and give back what it claimed; return how many messages."""
    await unit.execute(_LEAVE, {"sender": sender})
    return await outbox.release(unit, [sender])


async def bury(unit: Unit, patience: timedelta = PATIENCE) -> tuple[Sequence[UUID], int]:
    """Find who is dead, and give back what they claimed; return who, and how many messages.

    Only for who could be seen itself for as long: after the database was away, all look dead.
    """
    dead = (await unit.execute(_BURY, {"patience": patience})).scalars().all()
    # A statement of its own: it sees what they claimed until the moment their names went.
    return dead, await outbox.release(unit, dead) if dead else 0


_ENTER = insert(senders).values(id=bindparam("sender"), seen_at=func.clock_timestamp())
_BE_SEEN = (
    update(senders)
    .where(senders.c.id == bindparam("sender"))
    .values(seen_at=func.clock_timestamp())
)
_LEAVE = delete(senders).where(senders.c.id == bindparam("sender"))
_dead = (
    select(senders.c.id)
    .where(senders.c.seen_at < func.clock_timestamp() - bindparam("patience", type_=Interval))
    .with_for_update(skip_locked=True)
)
_BURY = delete(senders).where(senders.c.id.in_(_dead)).returning(senders.c.id)

"""What must be said: kept in the transaction that decided it, sent after, its fate written down.

A row waits until it has a fate. Rows of one chat go out in order: whoever claims the oldest
waiting row of a chat has the chat to itself until those rows have a fate, are put off, or
`STALE` has passed because the claimer died. Send what was claimed in the order given, then claim
again until nothing comes: what was added meanwhile was refused to whoever added it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Integer,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from tutorbot.core.ids import ChatId, LearnerId
from tutorbot.store.codec import decode, encode, storable
from tutorbot.store.errors import UnreadableBody
from tutorbot.store.tables import outbox
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Change, Say

STALE = timedelta(seconds=60)
"""How long a claim holds. Nobody may take longer to send one batch."""

PRUNED_AT_ONCE = 10_000


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A row to send; ``tries`` counts this one."""

    id: int
    chat: ChatId
    learner: LearnerId | None
    update_id: int | None
    utterance: Say | Change
    tries: int
    created_at: datetime


async def add(
    unit: Unit,
    *,
    chat: ChatId,
    learner: LearnerId | None,
    update_id: int | None,
    utterances: Sequence[Say | Change],
    at: datetime,
) -> tuple[int, ...]:
    """Put what must be said in line; return the ids in the same order."""
    if not utterances:
        return ()
    rows: list[dict[str, object]] = [
        {
            "learner_id": learner,
            "chat_id": chat,
            "update_id": update_id,
            "slot": utterance.slot,
            "body": encode(utterance),
            "created_at": at,
            "not_before": at,
        }
        for utterance in utterances
    ]
    return tuple((await unit.execute(_ADD, rows)).scalars())


async def claim(
    unit: Unit, *, chat: ChatId | None, limit: int, now: datetime
) -> tuple[Outgoing, ...]:
    """Take up to ``limit`` rows that are due, of one chat or (None) of any, oldest first.

    Commit before sending. Of a chat that somebody else is sending to, or whose oldest row is put
    off, nothing is handed out. A body that this version cannot read is refused on the spot, lest
    it stop its chat for good.
    """
    parameters: dict[str, object] = {"now": now, "stale": now - STALE, "rows": limit}
    if chat is None:
        result = await unit.execute(_CLAIM, parameters)
    else:
        result = await unit.execute(_CLAIM_IN_CHAT, parameters | {"chat": chat})
    taken: list[Outgoing] = []
    for row in sorted(result, key=lambda row: row.id):
        try:
            taken.append(_outgoing(row))
        except UnreadableBody as error:
            await refused(unit, row.id, str(error), now)
    return tuple(taken)


async def sent(unit: Unit, row: int, message_id: int | None, at: datetime) -> None:
    """It went out, as that message; for a `Change`, the message that was edited."""
    await unit.execute(_FATE, _fate(row, "sent", at, message_id=message_id))


async def refused(unit: Unit, row: int, why: str, at: datetime) -> None:
    """It was refused for good and must not be sent again."""
    await unit.execute(_FATE, _fate(row, "refused", at, why=why))


async def unknown(unit: Unit, row: int, why: str, at: datetime) -> None:
    """It may have gone out or not, and is not to be sent again. A reply is put off instead."""
    await unit.execute(_FATE, _fate(row, "unknown", at, why=why))


async def later(
    unit: Unit, row: int, until: datetime, why: str, *, surely_not_sent: bool = False
) -> None:
    """Put a row off, and give back the claimed rows of its chat behind it: they must wait too.

    What was surely not sent does not count as a try.
    """
    parameters = {"row": row, "until": until, "why": storable(why), "back": int(surely_not_sent)}
    await unit.execute(_LATER, parameters)
    await unit.execute(_RELEASE_BEHIND, {"row": row})


async def message_of(unit: Unit, chat: ChatId, slot: str) -> int | None:
    """Find the message that now holds a slot: the latest that was sent or edited under its name."""
    parameters = {"chat": chat, "of_slot": slot}
    return (await unit.execute(_MESSAGE_OF, parameters)).scalar_one_or_none()


async def waiting(unit: Unit, now: datetime, *, limit: int | None = None) -> tuple[ChatId, ...]:
    """List the chats that `claim` would hand something out of, the longest waiting first."""
    result = await unit.execute(_WAITING, {"now": now, "stale": now - STALE, "chats": limit})
    return tuple(ChatId(chat) for chat in result.scalars())


async def depth(unit: Unit) -> int:
    """Count the rows without a fate."""
    return (await unit.execute(_DEPTH)).scalar_one()


async def release_all(unit: Unit) -> int:
    """Give back every claim, at a start when nobody else can be sending; return how many."""
    return (await unit.execute(_RELEASE_ALL)).rowcount


async def drop(unit: Unit, row: int) -> None:
    """Forget a row, sent or not."""
    await unit.execute(_DROP, {"row": row})


async def is_waiting(unit: Unit, chat: ChatId, slot: str) -> bool:
    """Tell whether something under that name is still to be sent."""
    return (await unit.execute(_IS_WAITING, {"chat": chat, "of_slot": slot})).scalar_one()


async def prune(unit: Unit, before: datetime) -> int:
    """Forget rows whose fate was sealed before then; return how many.

    The oldest rows are looked at, and no others, so that years of them are not read in search.
    """
    forgotten, some = 0, PRUNED_AT_ONCE
    while some == PRUNED_AT_ONCE:
        some = (await unit.execute(_PRUNE, {"before": before, "some": some})).rowcount
        forgotten += some
    return forgotten


_ADD = insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True)

_ahead = outbox.alias("ahead")
_DUE = and_(
    outbox.c.fate.is_(None),
    outbox.c.not_before <= bindparam("now"),
    or_(outbox.c.claimed_at.is_(None), outbox.c.claimed_at <= bindparam("stale")),
)
_OLDEST = ~(
    select(_ahead.c.id)
    .where(
        _ahead.c.chat_id == outbox.c.chat_id,
        _ahead.c.id < outbox.c.id,
        _ahead.c.fate.is_(None),
    )
    .exists()
)
_held = (
    select(func.min(_ahead.c.id))
    .where(
        _ahead.c.chat_id == outbox.c.chat_id,
        _ahead.c.fate.is_(None),
        or_(_ahead.c.not_before > bindparam("now"), _ahead.c.claimed_at > bindparam("stale")),
    )
    .scalar_subquery()
)
"""The first row of the chat that is put off or claimed: nothing from there on is handed out."""
_heads = select(outbox.c.id, outbox.c.chat_id, _held.label("held")).where(_DUE, _OLDEST)
_WAITING = (
    select(outbox.c.chat_id)
    .where(_DUE, _OLDEST)
    .order_by(outbox.c.id)
    .limit(bindparam("chats", type_=Integer))  # NULL is none
)


def _claiming(heads: Select[Any, Any, Any]) -> Update:
    """Lock the oldest waiting rows of some chats, and take what stands in line behind them.

    Only the oldest is locked with SKIP LOCKED: it stands for its chat. Were each row locked for
    itself, a second claimer would skip the first row and overtake it with the second. When another
    claimer commits between our snapshot and our lock, PostgreSQL looks at the row again, finds it
    claimed or gone, and leaves the chat out.
    """
    mine = (
        heads.order_by(outbox.c.id)
        .limit(bindparam("rows"))
        .with_for_update(skip_locked=True, of=outbox)
        .cte("mine")
        .prefix_with("MATERIALIZED")
    )
    line = (
        select(outbox.c.id)
        .join(mine, mine.c.chat_id == outbox.c.chat_id)
        .where(
            outbox.c.fate.is_(None),
            or_(mine.c.held.is_(None), outbox.c.id < mine.c.held),
        )
        .order_by(outbox.c.id)
        .limit(bindparam("rows"))
        .cte("line")
        .prefix_with("MATERIALIZED")
    )
    return (
        update(outbox)
        .where(outbox.c.id == line.c.id, _DUE)
        .values(claimed_at=bindparam("now"), tries=outbox.c.tries + 1)
        .returning(outbox)
    )


_CLAIM = _claiming(_heads)
_CLAIM_IN_CHAT = _claiming(_heads.where(outbox.c.chat_id == bindparam("chat")))

_ONE = update(outbox).where(outbox.c.id == bindparam("row"), outbox.c.fate.is_(None))
_FATE = _ONE.values(
    fate=bindparam("fate"),
    message_id=bindparam("message_id"),
    why=bindparam("why"),
    fated_at=bindparam("at"),
)
_LATER = _ONE.values(
    not_before=bindparam("until"),
    claimed_at=None,
    why=bindparam("why"),
    tries=outbox.c.tries - bindparam("back"),
)
_chat_of = select(outbox.c.chat_id).where(outbox.c.id == bindparam("row")).scalar_subquery()
_RELEASE_BEHIND = (
    update(outbox)
    .where(
        outbox.c.chat_id == _chat_of,
        outbox.c.id > bindparam("row"),
        outbox.c.fate.is_(None),
        outbox.c.claimed_at.is_not(None),
    )
    .values(claimed_at=None, tries=outbox.c.tries - 1)  # it was not their turn yet
)
_MESSAGE_OF = (
    select(outbox.c.message_id)
    .where(
        outbox.c.chat_id == bindparam("chat"),
        outbox.c.slot == bindparam("of_slot"),
        outbox.c.fate == "sent",
        outbox.c.message_id.is_not(None),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_DEPTH = select(func.count()).select_from(outbox).where(outbox.c.fate.is_(None))
_RELEASE_ALL = (
    update(outbox)
    .where(outbox.c.fate.is_(None), outbox.c.claimed_at.is_not(None))
    .values(claimed_at=None)
)
_DROP = delete(outbox).where(outbox.c.id == bindparam("row"))
_IS_WAITING = select(
    select(outbox.c.id)
    .where(
        outbox.c.chat_id == bindparam("chat"),
        outbox.c.slot == bindparam("of_slot"),
        outbox.c.fate.is_(None),
    )
    .exists()
)
_oldest = select(outbox.c.id).order_by(outbox.c.id).limit(bindparam("some")).subquery()
_PRUNE = delete(outbox).where(
    outbox.c.id.between(
        select(func.min(_oldest.c.id)).scalar_subquery(),
        select(func.max(_oldest.c.id)).scalar_subquery(),
    ),
    outbox.c.fated_at < bindparam("before"),
)


def _fate(
    row: int, fate: str, at: datetime, *, message_id: int | None = None, why: str | None = None
) -> dict[str, object]:
    why = None if why is None else storable(why)
    return {"row": row, "fate": fate, "message_id": message_id, "why": why, "at": at}


def _outgoing(row: Row[Any]) -> Outgoing:
    return Outgoing(
        id=row.id,
        chat=row.chat_id,
        learner=row.learner_id,
        update_id=row.update_id,
        utterance=decode(row.body),
        tries=row.tries,
        created_at=row.created_at,
    )

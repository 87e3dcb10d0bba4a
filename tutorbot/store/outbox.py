"""What must be said: kept in the transaction that decided it, sent after, its fate written down.

A row waits until it has a fate. Rows of one chat go out in order: whoever claims the oldest
waiting row of a chat has the chat to itself until those rows have a fate, are put off, or are
given back because the claimer is gone (see `store.senders`). Send what was claimed in the order
given, then claim again until nothing comes: what was added meanwhile was refused to whoever added
it.

Of several processes, each claims in a name of its own, and passes it wherever it says what became
of a row. Who sends alone has no name (None), and starts with `release_all`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Integer,
    Select,
    Text,
    Update,
    Uuid,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from tutorbot.core.ids import ChatId, LearnerId
from tutorbot.store.codec import decode, encode, storable
from tutorbot.store.errors import UnreadableBody
from tutorbot.store.statements import Row
from tutorbot.store.tables import outbox, senders
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Change, Say

STALE = timedelta(seconds=60)
"""How long a claim holds that nobody known made. Nobody may take longer to send one batch alone."""

Part = tuple[str, int]
"""A message of a long reply that went out: what tells it from others, and its id."""


class After(Enum):
    """How it stands with a chat once something became of a row."""

    EMPTY = "nothing behind it waits"
    MORE = "something behind it waits"
    TAKEN = "the row is somebody else's by now, and nothing was written"


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
    parts: tuple[Part, ...] = ()
    message: int | None = None  # that its slot holds; None: it is to be looked up
    once: bool = False  # rather not at all than twice: see `begin`


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
    parameters = new_rows(chat, learner, update_id, utterances, at)
    return tuple(sorted((await unit.execute(_ADD, parameters)).scalars()))


async def claim(
    unit: Unit, *, chat: ChatId | None, limit: int, now: datetime, owner: UUID | None = None
) -> tuple[Outgoing, ...]:
    """Take up to ``limit`` rows that are due, of one chat or (None) of any, oldest first.

    Commit before sending. Of a chat that somebody else is sending to, or whose oldest row is put
    off, nothing is handed out. A body that this version cannot read is refused on the spot, lest
    it stop its chat for good; and what is to go out once at most, and had been begun by whoever had
    it before, has an unknown fate.
    """
    parameters: dict[str, object] = {
        "now": now,
        "stale": now - STALE,
        "rows": limit,
        "owner": owner,
    }
    if chat is None:
        result = await unit.execute(_CLAIM, parameters)
    else:
        result = await unit.execute(_CLAIM_IN_CHAT, parameters | {"chat": chat})
    taken: list[Outgoing] = []
    for row in sorted(result, key=lambda row: row.id):
        if row.once and row.begun_at is not None:
            await unknown(unit, row.id, "its sender was lost as it went out", now, owner=owner)
            continue
        try:
            taken.append(_outgoing(row))
        except UnreadableBody as error:
            await refused(unit, row.id, str(error), now, owner=owner)
    return tuple(taken)


async def begin(unit: Unit, rows: Sequence[tuple[int, UUID | None]], at: datetime) -> set[int]:
    """Write down that claimed rows are about to go out; return those that may.

    Args:
        unit: to be committed before they do
        rows: each with the name in which it was claimed
        at: now
    """
    ordered = sorted(rows)
    parameters: dict[str, object] = {
        "rows": [row for row, _ in ordered],
        "owners": [owner for _, owner in ordered],
        "at": at,
    }
    return set((await unit.execute(_BEGIN, parameters)).scalars())


async def sent(
    unit: Unit, row: int, message_id: int | None, at: datetime, *, owner: UUID | None = None
) -> After:
    """It went out, as that message; for a `Change`, the message that was edited."""
    return await _seal(unit, row, "sent", at, owner, message_id=message_id)


async def refused(
    unit: Unit, row: int, why: str, at: datetime, *, owner: UUID | None = None
) -> After:
    """It was refused for good and must not be sent again."""
    return await _seal(unit, row, "refused", at, owner, why=why)


async def unknown(
    unit: Unit, row: int, why: str, at: datetime, *, owner: UUID | None = None
) -> After:
    """It may have gone out or not, and is not to be sent again. A reply is put off instead."""
    return await _seal(unit, row, "unknown", at, owner, why=why)


async def later(
    unit: Unit,
    row: int,
    until: datetime,
    why: str,
    *,
    surely_not_sent: bool = False,
    parts: tuple[Part, ...] = (),
    owner: UUID | None = None,
) -> After:
    """Put a row off, and give back the claimed rows of its chat behind it: they must wait too.

    What was surely not sent does not count as a try, and has not begun. Whoever sends it next goes
    on behind the ``parts``.
    """
    parameters: dict[str, object] = {
        "row": row,
        "owner": owner,
        "until": until,
        "why": storable(why),
        "back": int(surely_not_sent),
        "so_far": [list(part) for part in parts] or None,
    }
    if not (await unit.execute(_LATER, parameters)).rowcount:
        return After.TAKEN
    await unit.execute(_RELEASE_BEHIND, {"row": row, "owner": owner})
    return After.MORE


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


async def release(unit: Unit, owners: Sequence[UUID]) -> int:
    """Give back what processes have claimed that send no more; return how many."""
    return (await unit.execute(_RELEASE, {"owners": list(owners)})).rowcount


async def release_chat(unit: Unit, chat: ChatId, *, owner: UUID | None = None) -> int:
    """Give back one's own claims in a chat, of which one is not sending any; return how many."""
    return (await unit.execute(_RELEASE_CHAT, {"chat": chat, "owner": owner})).rowcount


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


_new = (
    func.unnest(bindparam("slots", type_=ARRAY(Text)), bindparam("bodies", type_=ARRAY(JSONB)))
    .table_valued("slot", "body", with_ordinality="place")
    .render_derived()
)
NEW_COLUMNS = ("learner_id", "chat_id", "update_id", "created_at", "not_before", "slot", "body")
NEW = select(
    bindparam("learner", type_=BigInteger).label("learner"),
    bindparam("chat", type_=BigInteger).label("chat"),
    bindparam("update", type_=BigInteger).label("update"),
    bindparam("at", type_=TIMESTAMP(timezone=True)).label("created"),
    bindparam("at", type_=TIMESTAMP(timezone=True)).label("due"),
    _new.c.slot,
    _new.c.body,
).order_by(_new.c.place)  # which is that of the ids
_ADD = insert(outbox).from_select(NEW_COLUMNS, NEW).returning(outbox.c.id)

_ahead = outbox.alias("ahead")
# The name of a process stands in `senders` for as long as its claims hold. A claim without one is
# that of who sends alone, or was in the making when its process was taken for dead.
_known = select(senders.c.id)
_DUE = and_(
    outbox.c.fate.is_(None),
    outbox.c.not_before <= bindparam("now"),
    or_(
        outbox.c.claimed_at.is_(None),
        and_(
            outbox.c.claimed_at <= bindparam("stale"),
            or_(outbox.c.claimed_by.is_(None), outbox.c.claimed_by.not_in(_known)),
        ),
    ),
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
        or_(
            _ahead.c.not_before > bindparam("now"),
            _ahead.c.claimed_at > bindparam("stale"),
            and_(_ahead.c.claimed_at.is_not(None), _ahead.c.claimed_by.in_(_known)),
        ),
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
        .values(
            claimed_at=bindparam("now"), claimed_by=bindparam("owner"), tries=outbox.c.tries + 1
        )
        .returning(outbox)
    )


_CLAIM = _claiming(_heads)
_CLAIM_IN_CHAT = _claiming(_heads.where(outbox.c.chat_id == bindparam("chat")))

_mine = outbox.c.claimed_by.is_not_distinct_from(bindparam("owner", type_=Uuid))
_behind = outbox.alias("behind")
MORE_BEHIND = (
    select(_behind.c.id)
    .where(
        _behind.c.chat_id == outbox.c.chat_id,
        _behind.c.id > outbox.c.id,
        _behind.c.fate.is_(None),
    )
    .correlate(outbox)
    .exists()
)
_ONE = update(outbox).where(
    outbox.c.id == bindparam("row"),
    outbox.c.fate.is_(None),
    # What became of it is worth knowing also when the claim was given back meanwhile, but not when
    # another has it in hand.
    or_(_mine, outbox.c.claimed_at.is_(None)),
)
_FATE = _ONE.values(
    fate=bindparam("fate"),
    message_id=bindparam("message_id"),
    why=bindparam("why"),
    fated_at=bindparam("at"),
).returning(MORE_BEHIND)
_LATER = _ONE.values(
    not_before=bindparam("until"),
    claimed_at=None,
    claimed_by=None,
    why=bindparam("why"),
    tries=outbox.c.tries - bindparam("back"),
    parts=bindparam("so_far"),
    begun_at=case((bindparam("back", type_=Integer) == 1, None), else_=outbox.c.begun_at),
)
_beginning = (
    func.unnest(bindparam("rows", type_=ARRAY(BigInteger)), bindparam("owners", type_=ARRAY(Uuid)))
    .table_valued("row", "owner")
    .render_derived()
)
_BEGIN = (
    update(outbox)
    .where(
        outbox.c.id == _beginning.c.row,
        outbox.c.fate.is_(None),
        outbox.c.claimed_at.is_not(None),
        outbox.c.claimed_by.is_not_distinct_from(_beginning.c.owner),
    )
    .values(begun_at=bindparam("at"))
    .returning(outbox.c.id)
)
_chat_of = select(outbox.c.chat_id).where(outbox.c.id == bindparam("row")).scalar_subquery()
_RELEASE_BEHIND = (
    update(outbox)
    .where(
        outbox.c.chat_id == _chat_of,
        outbox.c.id > bindparam("row"),
        outbox.c.fate.is_(None),
        outbox.c.claimed_at.is_not(None),
        _mine,
    )
    # It was not their turn yet.
    .values(claimed_at=None, claimed_by=None, tries=outbox.c.tries - 1)
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
    .values(claimed_at=None, claimed_by=None)
)
_RELEASE = _RELEASE_ALL.where(
    outbox.c.claimed_by == func.any(bindparam("owners", type_=ARRAY(Uuid)))
)
_RELEASE_CHAT = _RELEASE_ALL.where(outbox.c.chat_id == bindparam("chat"), _mine)
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


def new_rows(
    chat: ChatId,
    learner: LearnerId | None,
    update_id: int | None,
    utterances: Sequence[Say | Change],
    at: datetime,
) -> dict[str, object]:
    return {
        "learner": learner,
        "chat": chat,
        "update": update_id,
        "at": at,
        "slots": [utterance.slot for utterance in utterances],
        "bodies": [encode(utterance) for utterance in utterances],
    }


async def _seal(
    unit: Unit,
    row: int,
    fate: str,
    at: datetime,
    owner: UUID | None,
    *,
    message_id: int | None = None,
    why: str | None = None,
) -> After:
    parameters = {
        "row": row,
        "owner": owner,
        "fate": fate,
        "message_id": message_id,
        "why": None if why is None else storable(why),
        "at": at,
    }
    more = (await unit.execute(_FATE, parameters)).scalar_one_or_none()
    if more is None:
        return After.TAKEN
    return After.MORE if more else After.EMPTY


def _outgoing(row: Row) -> Outgoing:
    return Outgoing(
        id=row.id,
        chat=row.chat_id,
        learner=row.learner_id,
        update_id=row.update_id,
        utterance=decode(row.body),
        tries=row.tries,
        created_at=row.created_at,
        parts=tuple((what, message) for what, message in row.parts or ()),
        once=row.once,
    )

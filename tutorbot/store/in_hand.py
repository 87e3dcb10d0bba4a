"""The short way of a reply: claimed as it is put in line, and written down with others as sent.

What a bot says to an update it sends itself, at once. So nobody need look for it first, and fates
of several chats fit into one statement. Whatever goes otherwise, goes by `store.outbox`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Uuid,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from tutorbot.core.actions import FormulaForm, Theme
from tutorbot.core.ids import ChatId, LearnerId
from tutorbot.store.outbox import MORE_BEHIND, NEW, NEW_COLUMNS, After, Outgoing, new_rows
from tutorbot.store.tables import learners, outbox
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Change, Say


@dataclass(frozen=True, kw_only=True)
class InHand:
    """What was claimed as it was put in line, and how its reader likes formulas."""

    rows: tuple[Outgoing, ...]
    form: FormulaForm
    theme: Theme


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A row that was sent, and as which message."""

    row: int
    message: int
    at: datetime
    owner: UUID | None


async def add(
    unit: Unit,
    *,
    chat: ChatId,
    learner: LearnerId,
    update_id: int | None,
    utterances: Sequence[Say | Change],
    at: datetime,
    now: datetime,
    owner: UUID | None,
) -> InHand | None:
    """As `outbox.add`, and claim it at once, for who sends it as soon as it is committed.

    None: it is in line, and not claimed, for something waits there already. The unit holds the row
    of the learner, whose chat it is; else two could claim side by side.
    """
    parameters = new_rows(chat, learner, update_id, utterances, at) | {
        "now": now,
        "owner": owner,
    }
    found = (await unit.execute(_ADD_IN_HAND, parameters)).all()
    if not found[0].ours:
        return None
    named: set[str | None] = {None}
    rows: list[Outgoing] = []
    for row, utterance in zip(found, utterances, strict=True):
        rows.append(
            Outgoing(
                id=row.id,
                chat=chat,
                learner=learner,
                update_id=update_id,
                utterance=utterance,
                tries=1,
                created_at=at,
                # One before it in line may have the same slot, and is not sent yet.
                message=None if utterance.slot in named else row.holds,
            )
        )
        named.add(utterance.slot)
    first = found[0]
    return InHand(rows=tuple(rows), form=FormulaForm(first.formulas), theme=Theme(first.theme))


async def arrived(unit: Unit, rows: Sequence[Arrived]) -> Mapping[int, After]:
    """Say of many rows at once that they were sent, as `outbox.sent` does of one; by row."""
    ordered = sorted(rows, key=lambda each: each.row)
    parameters: dict[str, object] = {
        "rows": [each.row for each in ordered],
        "messages": [each.message for each in ordered],
        "ats": [each.at for each in ordered],
        "owners": [each.owner for each in ordered],
    }
    written = {
        row.id: After.MORE if row.more else After.EMPTY
        for row in await unit.execute(_ARRIVED, parameters)
    }
    return {each.row: written.get(each.row, After.TAKEN) for each in rows}


_before = outbox.alias("before")
_line = select(
    select(_before.c.id)
    .where(_before.c.chat_id == bindparam("chat", type_=BigInteger), _before.c.fate.is_(None))
    .exists()
    .label("busy")
).cte("line")
_in_hand = (
    insert(outbox)
    .from_select(
        [*NEW_COLUMNS, "claimed_at", "claimed_by", "tries"],
        NEW.add_columns(
            case((_line.c.busy, None), else_=bindparam("now", type_=TIMESTAMP(timezone=True))),
            case((_line.c.busy, None), else_=bindparam("owner", type_=Uuid)),
            case((_line.c.busy, 0), else_=1),
        ).join(_line, true()),
    )
    .returning(outbox.c.id, outbox.c.slot, outbox.c.claimed_at)
    .cte("in_hand")
)
_reader = (
    select(learners.c.formulas, learners.c.theme)
    .where(learners.c.id == bindparam("learner", type_=BigInteger))
    .subquery("reader")
)
_holds = (
    select(_before.c.message_id)
    .where(
        _before.c.chat_id == bindparam("chat", type_=BigInteger),
        _before.c.slot == _in_hand.c.slot,
        _before.c.fate == "sent",
        _before.c.message_id.is_not(None),
    )
    .order_by(_before.c.id.desc())
    .limit(1)
    .correlate(_in_hand)
    .scalar_subquery()
)
_ADD_IN_HAND = (
    select(
        _in_hand.c.id,
        _in_hand.c.claimed_at.is_not(None).label("ours"),
        _reader.c.formulas,
        _reader.c.theme,
        _holds.label("holds"),
    )
    .join(_reader, true())
    .order_by(_in_hand.c.id)
)

_given = (
    func.unnest(
        bindparam("rows", type_=ARRAY(BigInteger)),
        bindparam("messages", type_=ARRAY(BigInteger)),
        bindparam("ats", type_=ARRAY(TIMESTAMP(timezone=True))),
        bindparam("owners", type_=ARRAY(Uuid)),
    )
    .table_valued("row", "message", "at", "owner")
    .render_derived()
)
_ARRIVED = (
    update(outbox)
    .where(
        outbox.c.id == _given.c.row,
        outbox.c.fate.is_(None),
        or_(
            outbox.c.claimed_by.is_not_distinct_from(_given.c.owner),
            outbox.c.claimed_at.is_(None),
        ),
    )
    .values(fate="sent", message_id=_given.c.message, fated_at=_given.c.at)
    .returning(outbox.c.id, MORE_BEHIND.label("more"))
)

"""Messages to many: taken out of a list in batches, put into the outbox, and their fates gathered.

A recipient without a row in the outbox has been sent nothing. The row is made, and the recipient
told its number, in one statement; so whoever is killed in between leaves both or neither. What
became of the row is written over from the outbox, which forgets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Text,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert as insert_or

from tutorbot.core.assignments import State as Standing
from tutorbot.core.broadcasts import JOB, Broadcast, Fate, Kind, Progress, State
from tutorbot.core.classes import Role
from tutorbot.core.ids import AssignmentId, BroadcastId, ChatId, ClassId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.store import jobs
from tutorbot.store.class_tables import (
    assignees,
    assignments,
    broadcast_recipients as recipients,
    broadcasts,
    class_members,
    classes,
)
from tutorbot.store.codec import encode
from tutorbot.store.learners import LEARNER_COLUMNS, learner_of
from tutorbot.store.statements import Row
from tutorbot.store.tables import learners, outbox
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Say


@dataclass(frozen=True, kw_only=True)
class Recipient:
    learner: Learner
    blocked: bool  # they do not want to hear from us at all
    moot: bool  # nothing is to be done any more: it is over, or they have left


async def make(
    unit: Unit,
    *,
    assignment: AssignmentId,
    kind: Kind,
    silent: bool,
    at_night: bool,
    report: ChatId | None,
    not_before: datetime,
    at: datetime,
) -> BroadcastId:
    """Schedule one; whoever works in the background begins it when it is time."""
    parameters: dict[str, object] = {
        "assignment_id": assignment,
        "kind": kind.value,
        "state": State.SCHEDULED.value,
        "silent": silent,
        "at_night": at_night,
        "report_chat_id": report,
        "not_before": not_before,
        "made_at": at,
    }
    made = BroadcastId((await unit.execute(_MAKE, parameters)).scalar_one())
    await jobs.defer(unit, JOB)
    return made


async def begin(unit: Unit, broadcast: Broadcast, to: Sequence[LearnerId], at: datetime) -> None:
    """Write down to whom it goes, and let it go; an announcement makes them assignees."""
    parameters: dict[str, object] = {
        "broadcast": broadcast.id,
        "assignment": broadcast.assignment,
        "to": list(to),
        "at": at,
    }
    if broadcast.kind is Kind.ANNOUNCEMENT:
        await unit.execute(_ASSIGN, parameters)
    await unit.execute(_ADDRESS, parameters)
    await unit.execute(_BEGIN, parameters)
    await jobs.defer(unit, JOB)


async def at_work(unit: Unit, now: datetime) -> tuple[BroadcastId, ...]:
    """List those of which something is to be done now."""
    rows = await unit.execute(_AT_WORK, {"now": now})
    return tuple(BroadcastId(each) for each in rows.scalars())


async def hold(unit: Unit, broadcast: BroadcastId, *, wait: bool = True) -> Broadcast | None:
    """Find one, and keep others from it until the unit ends.

    None: there is none, or, without ``wait``, somebody has it.
    """
    statement = _HOLD if wait else _HOLD_AT_ONCE
    row = (await unit.execute(statement, {"broadcast": broadcast})).one_or_none()
    return None if row is None else _broadcast(row)


async def last_of(unit: Unit, assignment: AssignmentId, kind: Kind) -> Broadcast | None:
    """Find the latest of its kind about a quiz."""
    parameters = {"of": assignment, "of_kind": kind.value}
    row = (await unit.execute(_LAST_OF, parameters)).one_or_none()
    return None if row is None else _broadcast(row)


async def gather(unit: Unit, broadcast: BroadcastId, at: datetime) -> int:
    """Write over what became of the messages that were under way; return how many were."""
    return (await unit.execute(_GATHER, {"broadcast": broadcast, "at": at})).rowcount


async def under_way(unit: Unit, now: datetime) -> int:
    """Count the messages of all broadcasts that stand in the outbox and could go out."""
    return (await unit.execute(_UNDER_WAY, {"now": now})).scalar_one()


async def take(
    unit: Unit, broadcast: BroadcastId, now: datetime, limit: int
) -> tuple[Recipient, ...]:
    """Take some of those who are to be written to next; nobody else does until the unit ends.

    Who is in the middle of something else, such as an answer, is left for the next time.
    """
    parameters = {"broadcast": broadcast, "now": now, "most": limit}
    rows = await unit.execute(_TAKE, parameters)
    return tuple(
        Recipient(learner=learner_of(row), blocked=row.blocked_at is not None, moot=row.moot)
        for row in rows
    )


async def put(
    unit: Unit, broadcast: BroadcastId, said: Sequence[tuple[Learner, Say]], at: datetime
) -> None:
    """Put into the outbox what is said to some of those that were taken."""
    bodies: dict[int, object] = {}  # many are told the very same
    for _, utterance in said:
        if id(utterance) not in bodies:
            bodies[id(utterance)] = encode(utterance)
    parameters: dict[str, object] = {
        "broadcast": broadcast,
        "of": [learner.id for learner, _ in said],
        "chats": [learner.chat for learner, _ in said],
        "bodies": [bodies[id(utterance)] for _, utterance in said],
        "at": at,
    }
    await unit.execute(_PUT, parameters)


async def seal(
    unit: Unit, broadcast: BroadcastId, of: Sequence[LearnerId], fate: Fate, at: datetime
) -> None:
    """Say what became of it for some to whom nothing was sent."""
    parameters: dict[str, object] = {
        "broadcast": broadcast,
        "of": list(of),
        "as_fate": fate.value,
        "at": at,
    }
    await unit.execute(_SEAL, parameters)


async def put_off(
    unit: Unit, broadcast: BroadcastId, until: Sequence[tuple[LearnerId, datetime]]
) -> None:
    """Let some wait who were taken."""
    parameters: dict[str, object] = {
        "broadcast": broadcast,
        "of": [learner for learner, _ in until],
        "untils": [each for _, each in until],
    }
    await unit.execute(_PUT_OFF, parameters)


async def take_back(unit: Unit, broadcast: BroadcastId) -> int:
    """Take out of the outbox what nobody has in hand yet; return how many messages."""
    return (await unit.execute(_TAKE_BACK, {"broadcast": broadcast})).scalar_one()


async def cancel_rest(unit: Unit, broadcast: BroadcastId, at: datetime) -> None:
    """Let those get nothing to whom nothing is under way."""
    await unit.execute(_CANCEL_REST, {"broadcast": broadcast, "at": at})


async def become(unit: Unit, broadcast: BroadcastId, state: State, at: datetime) -> None:
    """Keep a new state; one that goes on is worked on from now on."""
    parameters = {"broadcast": broadcast, "as_state": state.value, "at": at}
    await unit.execute(_OVER if state.over else _BECOME, parameters)
    if state is not State.DONE:
        await jobs.defer(unit, JOB)


async def told(unit: Unit, broadcast: BroadcastId, at: datetime) -> None:
    """Its progress was put into words."""
    await unit.execute(_TOLD, {"broadcast": broadcast, "at": at})


async def progress(unit: Unit, broadcast: Broadcast, now: datetime, per_second: float) -> Progress:
    row = (await unit.execute(_PROGRESS, {"broadcast": broadcast.id, "now": now})).one()
    return Progress(
        broadcast=broadcast.id,
        assignment=broadcast.assignment,
        class_id=broadcast.class_id,
        title=broadcast.title,
        kind=broadcast.kind,
        state=broadcast.state,
        not_before=broadcast.not_before,
        timezone=broadcast.timezone,
        people=row.people,
        sent=row.sent,
        blocked=row.blocked,
        refused=row.refused,
        unknown=row.unknown,
        cancelled=row.cancelled,
        asleep=row.asleep,
        per_second=per_second,
    )


_MAKE = insert(broadcasts).returning(broadcasts.c.id)
_to = (
    func.unnest(bindparam("to", type_=ARRAY(BigInteger)))
    .table_valued("learner_id")
    .render_derived()
)
_people = (
    # Nobody who is forgotten in this very moment.
    select(learners.c.id)
    .join(_to, _to.c.learner_id == learners.c.id)
    .with_for_update(key_share=True, read=True, of=learners)
    .cte("people")
)
_ASSIGN = (
    insert_or(assignees)
    .from_select(
        ["assignment_id", "learner_id"],
        select(bindparam("assignment", type_=BigInteger), _people.c.id),
    )
    .on_conflict_do_nothing()
)
_ADDRESS = insert(recipients).from_select(
    ["broadcast_id", "learner_id"],
    select(bindparam("broadcast", type_=BigInteger), _people.c.id),
)
_one = update(broadcasts).where(broadcasts.c.id == bindparam("broadcast"))
_BEGIN = _one.values(state=State.RUNNING.value, begun_at=bindparam("at"))
_BECOME = _one.values(state=bindparam("as_state"))
_OVER = _one.values(state=bindparam("as_state"), ended_at=bindparam("at"))
_TOLD = _one.values(told_at=bindparam("at"))

_still = and_(recipients.c.fate.is_(None), recipients.c.outbox_id.is_not(None))
_AT_WORK = (
    select(broadcasts.c.id)
    .where(
        or_(
            broadcasts.c.state == State.RUNNING.value,
            and_(
                broadcasts.c.state == State.SCHEDULED.value,
                broadcasts.c.not_before <= bindparam("now"),
            ),
            and_(
                broadcasts.c.state.in_([State.PAUSED.value, State.CANCELLED.value]),
                exists().where(recipients.c.broadcast_id == broadcasts.c.id, _still),
            ),
        )
    )
    .order_by(broadcasts.c.id)
)
_WITH_ALL = (
    select(
        broadcasts,
        assignments.c.title,
        func.coalesce(assignments.c.draw, func.jsonb_array_length(assignments.c.questions)).label(
            "each_gets"
        ),
        assignments.c.due_at,
        assignments.c.class_id,
        classes.c.title.label("class_title"),
        classes.c.timezone,
    )
    .join(assignments, assignments.c.id == broadcasts.c.assignment_id)
    .join(classes, classes.c.id == assignments.c.class_id)
)
_ONE = _WITH_ALL.where(broadcasts.c.id == bindparam("broadcast"))
_HOLD = _ONE.with_for_update(of=broadcasts, key_share=True)
_HOLD_AT_ONCE = _ONE.with_for_update(of=broadcasts, key_share=True, skip_locked=True)
_LAST_OF = (
    _WITH_ALL.where(
        broadcasts.c.assignment_id == bindparam("of"), broadcasts.c.kind == bindparam("of_kind")
    )
    .order_by(broadcasts.c.id.desc())
    .limit(1)
)

_waiting = select(recipients.c.learner_id, recipients.c.outbox_id).where(
    recipients.c.broadcast_id == bindparam("broadcast"), _still
)
_fates = _waiting.subquery("fates")
_of_the_row = (
    select(
        _fates.c.learner_id,
        case(
            # What the outbox no longer knows of was under way for longer than it keeps anything.
            (outbox.c.id.is_(None), literal(Fate.UNKNOWN.value)),
            (
                and_(outbox.c.fate == "refused", learners.c.blocked_at.is_not(None)),
                literal(Fate.BLOCKED.value),
            ),
            else_=outbox.c.fate,
        ).label("became"),
        func.coalesce(outbox.c.fated_at, bindparam("at", type_=TIMESTAMP(timezone=True))).label(
            "since"
        ),
    )
    .join_from(_fates, learners, learners.c.id == _fates.c.learner_id)
    .join(outbox, outbox.c.id == _fates.c.outbox_id, isouter=True)
    .where(or_(outbox.c.id.is_(None), outbox.c.fate.is_not(None)))
    .subquery("of_the_row")
)
_GATHER = (
    update(recipients)
    .where(
        recipients.c.broadcast_id == bindparam("broadcast"),
        recipients.c.learner_id == _of_the_row.c.learner_id,
    )
    .values(fate=_of_the_row.c.became, fated_at=_of_the_row.c.since)
)
_UNDER_WAY = (
    select(func.count())
    .select_from(recipients)
    .join(outbox, outbox.c.id == recipients.c.outbox_id)
    .where(_still, outbox.c.fate.is_(None), outbox.c.not_before <= bindparam("now"))
)
_next = and_(
    recipients.c.broadcast_id == bindparam("broadcast"),
    recipients.c.fate.is_(None),
    recipients.c.outbox_id.is_(None),
)
_gains = exists().where(
    assignees.c.assignment_id == assignments.c.id,
    assignees.c.learner_id == recipients.c.learner_id,
    assignees.c.finished_at.is_(None),
    func.coalesce(assignees.c.extended_until < assignments.c.due_at, true()),
    assignments.c.due_at > bindparam("now", type_=TIMESTAMP(timezone=True)),
)
_announcing, _their = broadcasts.alias("announcing"), recipients.alias("their")
_to_be_announced = exists().where(  # which says by itself until when
    _announcing.c.assignment_id == assignments.c.id,
    _announcing.c.kind == Kind.ANNOUNCEMENT.value,
    _their.c.broadcast_id == _announcing.c.id,
    _their.c.learner_id == recipients.c.learner_id,
    _their.c.fate.is_(None),
)
_moot = or_(
    assignments.c.state == Standing.CANCELLED.value,
    ~exists().where(
        class_members.c.class_id == assignments.c.class_id,
        class_members.c.learner_id == recipients.c.learner_id,
        class_members.c.role == Role.LEARNER.value,
        class_members.c.left_at.is_(None),
    ),
    and_(broadcasts.c.kind == Kind.EXTENSION.value, or_(~_gains, _to_be_announced)),
    and_(
        broadcasts.c.kind == Kind.REMINDER.value,
        ~exists().where(
            assignees.c.assignment_id == assignments.c.id,
            assignees.c.learner_id == recipients.c.learner_id,
            assignees.c.started_at.is_(None),
            assignees.c.finished_at.is_(None),
            or_(
                assignments.c.due_at.is_(None),
                func.greatest(
                    assignments.c.due_at, assignments.c.late_until, assignees.c.extended_until
                )
                > bindparam("now", type_=TIMESTAMP(timezone=True)),
            ),
        ),
    ),
)
_TAKE = (
    select(*LEARNER_COLUMNS, learners.c.blocked_at, _moot.label("moot"))
    .join_from(recipients, learners, learners.c.id == recipients.c.learner_id)
    .join(broadcasts, broadcasts.c.id == recipients.c.broadcast_id)
    .join(assignments, assignments.c.id == broadcasts.c.assignment_id)
    .where(
        _next,
        or_(recipients.c.not_before.is_(None), recipients.c.not_before <= bindparam("now")),
    )
    .order_by(recipients.c.learner_id)
    .limit(bindparam("most"))
    # Learners are held as an answer holds them, not as their deletion does.
    .with_for_update(skip_locked=True, key_share=True, of=[recipients, learners])
)
_said = (
    func.unnest(
        bindparam("of", type_=ARRAY(BigInteger)),
        bindparam("chats", type_=ARRAY(BigInteger)),
        bindparam("bodies", type_=ARRAY(JSONB)),
    )
    .table_valued("learner_id", "chat_id", "body", with_ordinality="place")
    .render_derived()
)
_at = bindparam("at", type_=TIMESTAMP(timezone=True))
_put = (
    insert(outbox)
    .from_select(
        ["learner_id", "chat_id", "created_at", "not_before", "body", "once"],
        select(
            _said.c.learner_id,
            _said.c.chat_id,
            _at.label("created"),
            _at.label("due"),
            _said.c.body,
            true().label("once"),
        ).order_by(_said.c.place),
    )
    .returning(outbox.c.id, outbox.c.learner_id)
    .cte("put")
)
_PUT = (
    update(recipients)
    .where(
        recipients.c.broadcast_id == bindparam("broadcast"),
        recipients.c.learner_id == _put.c.learner_id,
    )
    .values(outbox_id=_put.c.id)
)
_SEAL = (
    update(recipients)
    .where(
        recipients.c.broadcast_id == bindparam("broadcast"),
        recipients.c.learner_id == func.any(bindparam("of", type_=ARRAY(BigInteger))),
    )
    .values(fate=bindparam("as_fate", type_=Text), fated_at=_at)
)
_until = (
    func.unnest(
        bindparam("of", type_=ARRAY(BigInteger)),
        bindparam("untils", type_=ARRAY(TIMESTAMP(timezone=True))),
    )
    .table_valued("learner_id", "until")
    .render_derived()
)
_PUT_OFF = (
    update(recipients)
    .where(
        recipients.c.broadcast_id == bindparam("broadcast"),
        recipients.c.learner_id == _until.c.learner_id,
    )
    .values(not_before=_until.c.until)
)
_in_nobodys_hand = (
    select(outbox.c.id)
    .where(
        outbox.c.id.in_(
            select(recipients.c.outbox_id).where(
                recipients.c.broadcast_id == bindparam("broadcast"), _still
            )
        ),
        outbox.c.fate.is_(None),
        outbox.c.claimed_at.is_(None),
        outbox.c.begun_at.is_(None),
    )
    # Who is just being claimed goes out.
    .with_for_update(skip_locked=True, of=outbox)
    .cte("in_nobodys_hand")
    .prefix_with("MATERIALIZED")
)
_gone = (
    delete(outbox)
    .where(outbox.c.id.in_(select(_in_nobodys_hand.c.id)))
    .returning(outbox.c.id)
    .cte("gone")
)
_taken_back = (
    update(recipients)
    .where(
        recipients.c.broadcast_id == bindparam("broadcast"),
        recipients.c.outbox_id.in_(select(_gone.c.id)),
    )
    .values(outbox_id=null())
    .returning(recipients.c.learner_id)
    .cte("taken_back")
)
_TAKE_BACK = select(func.count()).select_from(_taken_back)
_CANCEL_REST = update(recipients).where(_next).values(fate=Fate.CANCELLED.value, fated_at=_at)


_PROGRESS = select(
    func.count().label("people"),
    *(func.count().filter(recipients.c.fate == fate.value).label(fate.value) for fate in Fate),
    func.count()
    .filter(
        recipients.c.fate.is_(None),
        recipients.c.outbox_id.is_(None),
        recipients.c.not_before > bindparam("now"),
    )
    .label("asleep"),
).where(recipients.c.broadcast_id == bindparam("broadcast"))


def _broadcast(row: Row) -> Broadcast:
    return Broadcast(
        id=BroadcastId(row.id),
        kind=Kind(row.kind),
        state=State(row.state),
        silent=row.silent,
        at_night=row.at_night,
        report=row.report_chat_id,
        not_before=row.not_before,
        begun_at=row.begun_at,
        told_at=row.told_at,
        assignment=AssignmentId(row.assignment_id),
        title=row.title,
        questions=row.each_gets,
        due_at=row.due_at,
        class_id=ClassId(row.class_id),
        class_title=row.class_title,
        timezone=row.timezone,
    )

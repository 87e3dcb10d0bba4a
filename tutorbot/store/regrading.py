"""Changes of keys, from their drafts to their being undone, and who is told of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import TIMESTAMP, BigInteger, Text, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from tutorbot.core.ids import (
    AnswerId,
    ChatId,
    ClassId,
    CourseId,
    CourseVersionId,
    KeyId,
    LearnerId,
    QuestionId,
    RegradeId,
)
from tutorbot.core.regrading import Policy
from tutorbot.store.key_tables import judgements, regrade_changes, regrades, rulings
from tutorbot.store.rescoring import array, portions
from tutorbot.store.statements import Row
from tutorbot.store.tables import learners, outbox
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Before:
    """The key of one version as it was."""

    version: CourseVersionId
    key: KeyId
    content: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Regrade:
    """A change of a key, from its draft to its being undone."""

    id: RegradeId
    course: CourseId
    question: QuestionId
    kind: str  # correction, undo, ruling, kept
    state: str  # draft, proposed, refused, waiting, undoing, applied, undone, dropped, kept
    policy: Policy
    content: Mapping[str, object]  # of the key that is to hold, before the policy
    before: tuple[Before, ...]
    why: str | None
    who: str
    class_id: ClassId | None
    counts: Mapping[str, int] | None
    report: ChatId | None
    undoes: RegradeId | None
    made_at: datetime
    applied_at: datetime | None
    swept_at: datetime | None


async def draft(
    unit: Unit,
    *,
    course: CourseId,
    question: QuestionId,
    content: Mapping[str, object],
    who: str,
    class_id: ClassId | None,
    at: datetime,
    kind: str = "correction",
    state: str = "draft",
    policy: Policy = Policy.RAISE_ONLY,
    why: str | None = None,
    undoes: RegradeId | None = None,
    report: ChatId | None = None,
    counts: Mapping[str, int] | None = None,
) -> Regrade:
    row: dict[str, object] = {
        "course_id": course,
        "question_id": question,
        "kind": kind,
        "state": state,
        "policy": policy.value,
        "content": dict(content),
        "before": [],
        "why": why,
        "who": who,
        "class_id": class_id,
        "undoes": undoes,
        "report_chat_id": report,
        "counts": None if counts is None else dict(counts),
        "made_at": at,
    }
    return _regrade((await unit.execute(_DRAFT, row)).one())


async def look(unit: Unit, regrade: RegradeId) -> Regrade | None:
    """Find one, whoever holds it."""
    row = (await unit.execute(_LOOK, {"regrade": regrade})).one_or_none()
    return _regrade(row) if row else None


async def find(unit: Unit, regrade: RegradeId, *, wait: bool = True) -> Regrade | None:
    """Find one, and hold it until the unit ends.

    None: there is none, or, without ``wait``, somebody has it.
    """
    statement = _FIND if wait else _FIND_AT_ONCE
    row = (await unit.execute(statement, {"regrade": regrade})).one_or_none()
    return _regrade(row) if row else None


async def of_question(
    unit: Unit, course: CourseId, question: QuestionId, limit: int = 20
) -> tuple[Regrade, ...]:
    """What was done to a question, and what is about to be, the newest first."""
    parameters = {"course": course, "question": question, "limit": limit}
    return tuple(map(_regrade, await unit.execute(_OF_QUESTION, parameters)))


async def in_state(unit: Unit, state: str, limit: int = 20) -> tuple[Regrade, ...]:
    rows = await unit.execute(_IN_STATE, {"state": state, "limit": limit})
    return tuple(map(_regrade, rows))


async def put_off(unit: Unit, limit: int = 100) -> tuple[Regrade, ...]:
    """What was left to the background and not done, the oldest first."""
    return tuple(map(_regrade, await unit.execute(_PUT_OFF, {"limit": limit})))


async def undoing(unit: Unit, regrade: RegradeId) -> Regrade | None:
    """What is about to undo one, and is left to the background."""
    row = (await unit.execute(_UNDOING, {"regrade": regrade})).one_or_none()
    return _regrade(row) if row else None


async def unswept(unit: Unit, before: datetime) -> tuple[Regrade, ...]:
    """Those applied before then, after which nobody has looked whether answers were passed over."""
    return tuple(map(_regrade, await unit.execute(_UNSWEPT, {"before": before})))


async def change_draft(unit: Unit, regrade: Regrade) -> None:
    """Keep what a draft, or a proposal, says by now; judgements of another key are forgotten."""
    parameters: dict[str, object] = {
        "regrade": regrade.id,
        "of_policy": regrade.policy.value,
        "of_content": dict(regrade.content),
        "of_why": regrade.why,
        "of_state": regrade.state,
        "of_report": regrade.report,
        "of_who": regrade.who,
        "of_class": regrade.class_id,
    }
    await unit.execute(_CHANGE_DRAFT, parameters)


async def forget_judgements(unit: Unit, regrade: RegradeId) -> None:
    await unit.execute(_FORGET_JUDGEMENTS, {"regrade": regrade})


async def mark_applied(
    unit: Unit,
    regrade: RegradeId,
    before: Iterable[Before],
    counts: Mapping[str, int],
    at: datetime,
) -> None:
    parameters: dict[str, object] = {
        "regrade": regrade,
        "of_before": [
            {"version": each.version, "key": each.key, "content": dict(each.content)}
            for each in before
        ],
        "of_counts": dict(counts),
        "at": at,
    }
    await unit.execute(_MARK_APPLIED, parameters)


async def mark_undone(unit: Unit, regrade: RegradeId, at: datetime) -> None:
    await unit.execute(_MARK_UNDONE, {"regrade": regrade, "at": at})


async def mark_swept(unit: Unit, regrade: RegradeId, at: datetime) -> None:
    await unit.execute(_MARK_SWEPT, {"regrade": regrade, "at": at})


async def judged(unit: Unit, regrade: RegradeId) -> dict[str, str]:
    """What the judge has found for a draft: the code of the verdict by the digest of the answer."""
    rows = await unit.execute(_JUDGED, {"regrade": regrade})
    return {row.digest: row.code for row in rows}


async def keep_judged(unit: Unit, regrade: RegradeId, found: Mapping[str, str]) -> None:
    for some in portions(tuple(found.items())):
        parameters: dict[str, object] = {
            "regrade": regrade,
            "digests": [digest for digest, _ in some],
            "codes": [code for _, code in some],
        }
        await unit.execute(_KEEP_JUDGED, parameters)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who is to be told."""

    learner: LearnerId
    chat: ChatId
    language: str


async def readers(unit: Unit, of: Collection[LearnerId]) -> tuple[Reader, ...]:
    """Those of them to whom the bot may write."""
    found: list[Reader] = []
    for some in portions(tuple(of)):
        rows = await unit.execute(_READERS, {"learners": list(some)})
        found += [Reader(learner=row.id, chat=row.chat_id, language=row.language) for row in rows]
    return tuple(found)


async def tell(unit: Unit, told: Sequence[tuple[Reader, object]], at: datetime) -> None:
    """Put one message for each reader in line; bodies as `store.codec` writes them."""
    for some in portions(told):
        parameters: dict[str, object] = {
            "learners": [reader.learner for reader, _ in some],
            "chats": [reader.chat for reader, _ in some],
            "bodies": [body for _, body in some],
            "at": at,
        }
        await unit.execute(_TELL, parameters)


async def rule(unit: Unit, answer: AnswerId, *, right: bool, who: str, at: datetime) -> bool:
    """Keep what somebody decided of an answer; False if that was done before."""
    row: dict[str, object] = {
        "answer_id": answer,
        "is_right": right,
        "who": who,
        "ruled_at": at,
    }
    return bool((await unit.execute(_RULE, row)).all())


async def unrule(unit: Unit, regrade: RegradeId) -> None:
    """Take back what was decided of the answers that a regrade changed."""
    await unit.execute(_UNRULE, {"regrade": regrade})


_DRAFT = insert(regrades).returning(regrades)
_LOOK = select(regrades).where(regrades.c.id == bindparam("regrade"))
_FIND = _LOOK.with_for_update()
_FIND_AT_ONCE = _LOOK.with_for_update(skip_locked=True)
_OF_QUESTION = (
    select(regrades)
    .where(
        regrades.c.course_id == bindparam("course"),
        regrades.c.question_id == bindparam("question"),
    )
    .order_by(regrades.c.id.desc())
    .limit(bindparam("limit"))
)
_IN_STATE = (
    select(regrades)
    .where(regrades.c.state == bindparam("state"))
    .order_by(regrades.c.id)
    .limit(bindparam("limit"))
)
_PUT_OFF = (
    select(regrades)
    .where(
        regrades.c.state.in_(["draft", "proposed", "waiting", "undoing"]),
        regrades.c.report_chat_id.is_not(None),
    )
    .order_by(regrades.c.id)
    .limit(bindparam("limit"))
)
_UNDOING = (
    select(regrades)
    .where(regrades.c.undoes == bindparam("regrade"), regrades.c.state == "undoing")
    .limit(1)
)
_UNSWEPT = (
    select(regrades)
    .where(
        regrades.c.swept_at.is_(None),
        regrades.c.applied_at < bindparam("before"),
        regrades.c.kind != "ruling",
    )
    .order_by(regrades.c.id)
)
_ONE = update(regrades).where(regrades.c.id == bindparam("regrade"))
_CHANGE_DRAFT = _ONE.values(
    policy=bindparam("of_policy"),
    content=bindparam("of_content", type_=JSONB),
    why=bindparam("of_why"),
    state=bindparam("of_state"),
    report_chat_id=bindparam("of_report"),
    who=bindparam("of_who"),
    class_id=bindparam("of_class"),
)
_FORGET_JUDGEMENTS = delete(judgements).where(judgements.c.regrade_id == bindparam("regrade"))
_MARK_APPLIED = _ONE.values(
    state="applied",
    before=bindparam("of_before", type_=JSONB),
    counts=bindparam("of_counts", type_=JSONB),
    applied_at=bindparam("at"),
    report_chat_id=None,
)
_MARK_UNDONE = _ONE.values(state="undone", undone_at=bindparam("at"))
_MARK_SWEPT = _ONE.values(swept_at=bindparam("at"))

_JUDGED = select(judgements.c.digest, judgements.c.code).where(
    judgements.c.regrade_id == bindparam("regrade")
)
_found = (
    func.unnest(array("digests", Text), array("codes", Text))
    .table_valued("digest", "code")
    .render_derived()
)
_KEEP_JUDGED = (
    insert(judgements)
    .from_select(
        ["regrade_id", "digest", "code"],
        select(bindparam("regrade", type_=BigInteger), _found.c.digest, _found.c.code),
    )
    .on_conflict_do_nothing()
)
_READERS = (
    select(learners.c.id, learners.c.chat_id, learners.c.language)
    .where(
        learners.c.id == func.any(array("learners", BigInteger)),
        learners.c.started,
        learners.c.blocked_at.is_(None),
    )
    .order_by(learners.c.id)
)
_told = (
    func.unnest(array("learners", BigInteger), array("chats", BigInteger), array("bodies", JSONB))
    .table_valued("learner_id", "chat_id", "body")
    .render_derived()
)
_at = bindparam("at", type_=TIMESTAMP(timezone=True))
_TELL = insert(outbox).from_select(
    ["learner_id", "chat_id", "body", "created_at", "not_before"],
    select(_told.c.learner_id, _told.c.chat_id, _told.c.body, _at.label("a"), _at.label("b")),
)
_RULE = insert(rulings).on_conflict_do_nothing().returning(rulings.c.answer_id)
_UNRULE = delete(rulings).where(
    rulings.c.answer_id == regrade_changes.c.answer_id,
    regrade_changes.c.regrade_id == bindparam("regrade"),
)


def _regrade(row: Row) -> Regrade:
    return Regrade(
        id=row.id,
        course=row.course_id,
        question=row.question_id,
        kind=row.kind,
        state=row.state,
        policy=Policy(row.policy),
        content=row.content,
        before=tuple(
            Before(
                version=CourseVersionId(each["version"]),
                key=KeyId(each["key"]),
                content=each["content"],
            )
            for each in row.before
        ),
        why=row.why,
        who=row.who,
        class_id=row.class_id,
        counts=row.counts,
        report=row.report_chat_id,
        undoes=row.undoes,
        made_at=row.made_at,
        applied_at=row.applied_at,
        swept_at=row.swept_at,
    )

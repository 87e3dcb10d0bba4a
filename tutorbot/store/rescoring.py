"""What a key that was mended makes of the scores of answers, all of them in a few statements.

A score is derived: the new one stands beside the old, under the newer key, and to undo is to take
it away again.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    BigInteger,
    Numeric,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert

from tutorbot.core.ids import (
    AnswerId,
    CourseVersionId,
    KeyId,
    QuestionId,
    RegradeId,
    SittingId,
)
from tutorbot.core.regrading import Changed, Given, Grade, Policy, Standing
from tutorbot.store.key_tables import regrade_changes, rulings
from tutorbot.store.statements import Row
from tutorbot.store.tables import answers, attempts, scores, sittings
from tutorbot.store.unit import Unit

AT_ONCE = 4_000
"""Rows that one statement writes."""

T = TypeVar("T")


async def given(
    unit: Unit, versions: Collection[CourseVersionId], question: QuestionId
) -> tuple[Given, ...]:
    """All answers to a question under these versions, by id, as they stand now."""
    parameters = {"versions": list(versions), "question": question}
    rows = await unit.execute(_GIVEN, parameters)
    # Of many answers it takes a while, and others wait for their turn.
    return await asyncio.to_thread(lambda: tuple(map(_given, rows)))


async def given_one(unit: Unit, answer: AnswerId) -> tuple[Given, QuestionId] | None:
    row = (await unit.execute(_GIVEN_ONE, {"answer": answer})).one_or_none()
    return (_given(row), row.question_id) if row else None


async def count(
    unit: Unit, versions: Collection[CourseVersionId], question: QuestionId, most: int
) -> int:
    """How many answers there are; ``most`` if there are more."""
    parameters = {"versions": list(versions), "question": question, "most": most}
    return (await unit.execute(_COUNT, parameters)).scalar_one()


async def typed_since(
    unit: Unit,
    versions: Collection[CourseVersionId],
    question: QuestionId,
    since: datetime,
    most: int,
) -> int:
    """How many answers were typed after then; ``most`` if there are more."""
    parameters = {"versions": list(versions), "question": question, "since": since, "most": most}
    return (await unit.execute(_TYPED_SINCE, parameters)).scalar_one()


async def change_scores(
    unit: Unit,
    regrade: RegradeId,
    changed: Sequence[Changed],
    keys: Mapping[CourseVersionId, KeyId],
    policy: str,
    at: datetime,
) -> None:
    """Let scores stand under newer keys, and write down what they were."""
    for some in portions(changed):
        olds = [each.given.now for each in some]
        news = [each.new for each in some]
        parameters: dict[str, object] = {
            "regrade": regrade,
            "answers": [each.given.id for each in some],
            "keys": [keys[each.given.version] for each in some],
            "old_points": [_decimal(each.points) for each in olds],
            "old_out_ofs": [_decimal(each.out_of) for each in olds],
            "old_codes": [each.code for each in olds],
            "new_points": [_decimal(each.points) for each in news],
            "new_out_ofs": [_decimal(each.out_of) for each in news],
            "new_codes": [each.code for each in news],
            "policy": policy,
            "at": at,
        }
        await unit.execute(_CHANGE_SCORES, parameters)
        await unit.execute(_NOTE_CHANGES, parameters)


async def take_back_scores(unit: Unit, regrade: RegradeId) -> None:
    """Let the scores from before a regrade stand alone again, as they were."""
    await unit.execute(_TAKE_BACK, {"regrade": regrade})
    await unit.execute(_PUT_BACK, {"regrade": regrade})


async def changed_by(unit: Unit, regrade: RegradeId) -> dict[AnswerId, Grade]:
    """The answers that a regrade changed, and how they stand now."""
    rows = await unit.execute(_CHANGED_BY, {"regrade": regrade})
    return await asyncio.to_thread(
        lambda: {
            AnswerId(answer): _grade(points, out_of, code) for answer, points, out_of, code in rows
        }
    )


async def standings(unit: Unit, of: Collection[SittingId]) -> dict[SittingId, Standing]:
    """What finished papers come to, by the best answer to each question."""
    found: dict[SittingId, Standing] = {}
    for some in portions(tuple(of), 2_000):
        for row in await unit.execute(_STANDINGS, {"sittings": list(some)}):
            found[row.sitting_id] = Standing(
                points=Fraction(row.points or 0), out_of=Fraction(row.out_of or 0)
            )
    return found


def portions(those: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    for start in range(0, len(those), size):
        yield those[start : start + size]


def array(name: str, of: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's own types name no such thing
    return bindparam(name, type_=ARRAY(of, dimensions=1))  # lists in JSON are none of its own


LATEST = (
    select(scores.c.key_id, scores.c.points, scores.c.out_of, scores.c.code)
    .where(scores.c.answer_id == answers.c.id)
    .order_by(scores.c.key_id.desc())
    .limit(1)
    .lateral("latest")
)
CODE_NOW = func.coalesce(LATEST.c.code, answers.c.verdict["code"].astext)
_given_rows = (
    select(
        answers.c.id,
        answers.c.learner_id,
        answers.c.attempt_id,
        attempts.c.sitting_id,
        answers.c.course_version_id,
        answers.c.question_id,
        # What is chosen is judged whatever the values, and reading them takes its time.
        case((answers.c.chosen.is_(None), answers.c.variant)).label("variant"),
        answers.c.chosen,
        func.coalesce(answers.c.verdict["read_as"].astext, answers.c.raw).label("raw"),
        answers.c.hints,
        answers.c.try_number,
        answers.c.answered_at,
        LATEST.c.key_id,
        LATEST.c.points,
        LATEST.c.out_of,
        CODE_NOW.label("code"),
        rulings.c.is_right,
    )
    .select_from(answers)
    .join(attempts, attempts.c.id == answers.c.attempt_id)
    .outerjoin(LATEST, true())
    .outerjoin(rulings, rulings.c.answer_id == answers.c.id)
)
OF_QUESTION = and_(
    answers.c.course_version_id == func.any(array("versions", BigInteger)),
    answers.c.question_id == bindparam("question"),
)
_GIVEN = _given_rows.where(OF_QUESTION).order_by(answers.c.id)
_GIVEN_ONE = _given_rows.where(answers.c.id == bindparam("answer"))
_COUNT = select(func.count()).select_from(
    select(answers.c.id).where(OF_QUESTION).limit(bindparam("most")).subquery()
)
_TYPED_SINCE = select(func.count()).select_from(
    select(answers.c.id)
    .where(OF_QUESTION, answers.c.raw.is_not(None), answers.c.answered_at > bindparam("since"))
    .limit(bindparam("most"))
    .subquery()
)
_changed = (
    func.unnest(
        array("answers", BigInteger),
        array("keys", BigInteger),
        array("old_points", Numeric),
        array("old_out_ofs", Numeric),
        array("old_codes", Text),
        array("new_points", Numeric),
        array("new_out_ofs", Numeric),
        array("new_codes", Text),
    )
    .table_valued(
        "answer_id",
        "key_id",
        "old_points",
        "old_out_of",
        "old_code",
        "new_points",
        "new_out_of",
        "new_code",
    )
    .render_derived()
)
_SCORED = insert(scores).from_select(
    ["answer_id", "key_id", "points", "out_of", "policy", "computed_at", "code"],
    select(
        _changed.c.answer_id,
        _changed.c.key_id,
        _changed.c.new_points,
        _changed.c.new_out_of,
        bindparam("policy", type_=Text),
        bindparam("at", type_=TIMESTAMP(timezone=True)),
        _changed.c.new_code,
    )
    # Whom their learner has had forgotten meanwhile is passed over.
    .join(answers, answers.c.id == _changed.c.answer_id)
    .where(_changed.c.new_points.is_not(None)),
)
_CHANGE_SCORES = _SCORED.on_conflict_do_update(
    index_elements=[scores.c.answer_id, scores.c.key_id],
    set_={
        name: _SCORED.excluded[name]
        for name in ("points", "out_of", "policy", "computed_at", "code")
    },
)
_NOTED = insert(regrade_changes).from_select(
    ["regrade_id", *(column.name for column in _changed.c)],
    select(bindparam("regrade", type_=BigInteger), *_changed.c).join(
        answers, answers.c.id == _changed.c.answer_id
    ),
)
_NOTE_CHANGES = _NOTED.on_conflict_do_update(
    index_elements=[regrade_changes.c.answer_id, regrade_changes.c.regrade_id],
    set_={
        name: _NOTED.excluded[name] for name in ("key_id", "new_points", "new_out_of", "new_code")
    },
)
_mine = regrade_changes.c.regrade_id == bindparam("regrade")
_TAKE_BACK = delete(scores).where(
    scores.c.answer_id == regrade_changes.c.answer_id,
    scores.c.key_id == regrade_changes.c.key_id,
    _mine,
)
_others = scores.alias("others")
# An answer whose only score was under the key that goes: it was given after that had come to hold.
_PUT_BACK = insert(scores).from_select(
    ["answer_id", "key_id", "points", "out_of", "policy", "computed_at"],
    select(
        regrade_changes.c.answer_id,
        regrade_changes.c.key_id,
        regrade_changes.c.old_points,
        regrade_changes.c.old_out_of,
        literal(Policy.STRICT.value, Text),
        func.now(),
    ).where(
        _mine,
        regrade_changes.c.old_points.is_not(None),
        ~select(_others.c.answer_id)
        .where(_others.c.answer_id == regrade_changes.c.answer_id)
        .exists(),
    ),
)
_CHANGED_BY = (
    select(answers.c.id, LATEST.c.points, LATEST.c.out_of, CODE_NOW)
    .select_from(answers)
    .join(regrade_changes, regrade_changes.c.answer_id == answers.c.id)
    .outerjoin(LATEST, true())
    .where(_mine)
)
_best = (
    select(attempts.c.id, attempts.c.sitting_id, LATEST.c.points, LATEST.c.out_of)
    .ext(distinct_on(attempts.c.id))
    .select_from(attempts)
    .join(answers, answers.c.attempt_id == attempts.c.id)
    .join(LATEST, true())
    .where(attempts.c.sitting_id == func.any(array("sittings", BigInteger)))
    .order_by(attempts.c.id, LATEST.c.points.desc())
    .subquery()
)
_STANDINGS = (
    select(
        _best.c.sitting_id,
        func.sum(_best.c.points).label("points"),
        func.sum(_best.c.out_of).label("out_of"),
    )
    .join(sittings, sittings.c.id == _best.c.sitting_id)
    .where(sittings.c.finished_at.is_not(None))
    .group_by(_best.c.sitting_id)
)


def _given(row: Row) -> Given:
    # By place: of a hundred thousand rows, to ask for a name takes longer than all the rest.
    (
        id_,
        learner,
        attempt,
        sitting,
        version,
        _,
        variant,
        chosen,
        raw,
        hints,
        try_number,
        at,
        key,
        points,
        out_of,
        code,
        ruled,
    ) = row
    return Given(
        id=id_,
        learner=learner,
        attempt=attempt,
        sitting=sitting,
        version=version,
        values=tuple((name, Fraction(value)) for name, value in variant or ()),
        chosen=None if chosen is None else tuple(chosen),
        raw=raw,
        hints=hints,
        try_number=try_number,
        at=at,
        now=_grade(points, out_of, code),
        key=key,
        ruled=ruled,
    )


@lru_cache(maxsize=4096)
def _grade(points: Decimal | None, out_of: Decimal | None, code: str) -> Grade:
    return Grade(points=_fraction(points), out_of=_fraction(out_of), code=code)


@lru_cache(maxsize=4096)
def _fraction(points: Decimal | None) -> Fraction | None:
    # Two fractions with denominators up to 500 lie further apart than six places can blur.
    return None if points is None else Fraction(points).limit_denominator(500)


_PLACES = Decimal("0.000001")


@lru_cache(maxsize=4096)
def _decimal(points: Fraction | None) -> Decimal | None:
    if points is None:
        return None
    return (Decimal(points.numerator) / points.denominator).quantize(_PLACES)

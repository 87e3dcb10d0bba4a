"""A learner's walk through a paper: sittings, the attempts in them, and the answers as facts.

An attempt is one question as one learner has it before them: its variant, the options in the
order shown, the ticks. An answer is a fact and never changes; a score is derived from it under
one version of the key, and may be computed again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on, insert

from tutorbot.core.course import Values
from tutorbot.core.ids import (
    AnswerId,
    AttemptId,
    CourseId,
    CourseVersionId,
    LearnerId,
    OptionId,
    QuestionId,
    SittingId,
)
from tutorbot.core.practice import USUAL, Rule, Unclear
from tutorbot.core.recall import Memory
from tutorbot.core.review import Pick
from tutorbot.store.class_tables import assignees
from tutorbot.store.codec import storable, storable_json
from tutorbot.store.recall import MEMORY_COLUMNS, memory_of
from tutorbot.store.statements import Row
from tutorbot.store.tables import answers, attempts, cards, keys, learners, scores, sittings
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Sitting:
    id: SittingId
    learner: LearnerId
    version: CourseVersionId
    course: CourseId
    seed: int  # of the dice that drew its variants and shuffled its options
    started_at: datetime
    finished_at: datetime | None
    picked: tuple[Pick, ...] = ()  # instead of a paper; then the version is that of the first
    rule: Rule = field(default=USUAL, compare=False)  # not kept: what the flow finds to hold now

    def source(self, place: int) -> tuple[CourseId, CourseVersionId]:
        """Where the question at ``place`` comes from."""
        if not self.picked:
            return self.course, self.version
        return self.picked[place].course, self.picked[place].version


@dataclass(frozen=True, kw_only=True)
class Attempt:
    id: AttemptId
    sitting: SittingId
    learner: LearnerId
    question: QuestionId
    place: int  # in the paper, 0 = first
    variant: int
    shown: tuple[OptionId, ...]  # in the order shown; empty for a typed answer
    ticked: frozenset[int]  # places of ``shown``
    hints: int
    solution_seen: bool
    accepting: bool
    tries: int
    wrong: int  # of the tries
    unclear: Unclear | None
    opened_at: datetime  # when it was put before the learner, the last time
    settled_at: datetime | None
    memory: Memory | None = None  # of its question; only `attempt` looks it up
    newest: bool | None = field(default=None, compare=False)  # whether it is the last; as above
    bound: bool | None = field(default=None, compare=False)  # whether they ever opened a set quiz


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One answer, with all that a score could ever depend on."""

    attempt: AttemptId
    learner: LearnerId
    version: CourseVersionId
    question: QuestionId
    values: Values
    shown: tuple[OptionId, ...]
    chosen: tuple[OptionId, ...] | None = None  # None: it was typed
    raw: str | None = None  # as typed
    parsed: str | None = None  # as read
    verdict: Mapping[str, object]  # JSON: a code and its details
    hints: int  # seen before this answer
    try_number: int  # 1 = first
    answered_at: datetime
    timezone: str
    study_day: date


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one place of a paper went, under the newest key version. Points None: no score."""

    place: int
    question: QuestionId
    tries: int
    first_points: Fraction | None  # of the first try that has a score
    first_hints: int | None  # seen before it
    best_points: Fraction | None
    best_hints: int | None
    out_of: Fraction | None
    hints: int
    solution_seen: bool


async def unfinished(unit: Unit, learner: LearnerId, course: CourseId) -> Sitting | None:
    parameters = {"learner": learner, "course": course}
    row = (await unit.execute(_UNFINISHED, parameters)).one_or_none()
    return _sitting(row) if row else None


async def unfinished_all(unit: Unit, learner: LearnerId) -> tuple[tuple[Sitting, int], ...]:
    """List what a learner has begun, newest first, each with the place reached (0 = first)."""
    result = await unit.execute(_UNFINISHED_ALL, {"learner": learner})
    return tuple((_sitting(row), row.reached) for row in result)


async def under_way(unit: Unit, course: CourseId) -> int:
    """Count the learners who have begun a paper and not finished it."""
    return (await unit.execute(_UNDER_WAY, {"course": course})).scalar_one()


async def begin(
    unit: Unit,
    learner: LearnerId,
    version: CourseVersionId,
    course: CourseId,
    seed: int,
    at: datetime,
    picked: Sequence[Pick] = (),
) -> Sitting:
    """Begin a paper. Whoever has one of this course unfinished must `finish` it first."""
    parameters: dict[str, object] = {
        "learner_id": learner,
        "course_version_id": version,
        "course_id": course,
        "seed": seed,
        "started_at": at,
        "picked": [asdict(pick) for pick in picked] or None,
    }
    return _sitting((await unit.execute(_BEGIN, parameters)).one())


async def sitting(unit: Unit, sitting: SittingId) -> Sitting:
    return _sitting((await unit.execute(_SITTING, {"sitting": sitting})).one())


async def finish(unit: Unit, sitting: SittingId, at: datetime) -> None:
    """Close the paper; a second time changes nothing."""
    await unit.execute(_FINISH, {"sitting": sitting, "at": at})


async def open_attempt(
    unit: Unit,
    sitting: Sitting,
    *,
    question: QuestionId,
    place: int,
    variant: int,
    shown: tuple[OptionId, ...],
    at: datetime,
    aside: bool = False,
) -> Attempt:
    """Put a question before the learner, and make it the one that a typed message answers.

    If that place is open already, it stays as it is and is handed out again. One that is posed
    ``aside``, where others read along, is not the one for typed messages.
    """
    parameters: dict[str, object] = {
        "sitting_id": sitting.id,
        "learner_id": sitting.learner,
        "question_id": question,
        "place": place,
        "variant": variant,
        "shown": list(shown),
        "ticked": [],
        "hints": 0,
        "solution_seen": False,
        "accepting": True,
        "tries": 0,
        "opened_at": at,
    }
    attempt = _attempt((await unit.execute(_OPEN, parameters)).one())
    if not aside:
        await unit.execute(_MAKE_CURRENT, {"learner": sitting.learner, "attempt": attempt.id})
    return attempt


async def attempt(
    unit: Unit, attempt: AttemptId, learner: LearnerId
) -> tuple[Attempt, Sitting] | None:
    """Find an attempt by what a button or a message names; None if it is somebody else's."""
    parameters = {"attempt": attempt, "learner": learner}
    row = (await unit.execute(_ATTEMPT, parameters)).one_or_none()
    if row is None:
        return None
    looked_up = {"memory": memory_of(row), "newest": row.newest, "bound": row.bound}
    return replace(_attempt(row), **looked_up), _sitting(row, "of_")


async def newest_attempt(unit: Unit, sitting: SittingId) -> Attempt | None:
    """Find how far a sitting has come: the attempt at its last place."""
    row = (await unit.execute(_NEWEST_ATTEMPT, {"sitting": sitting})).one_or_none()
    return _attempt(row) if row else None


async def set_ticks(unit: Unit, attempt: AttemptId, ticked: Iterable[int]) -> None:
    await unit.execute(_SET_TICKS, {"attempt": attempt, "ticked": sorted(set(ticked))})


async def add_hint(unit: Unit, attempt: AttemptId) -> int:
    """Count one more hint, and return how many were seen."""
    return (await unit.execute(_ADD_HINT, {"attempt": attempt})).scalar_one()


async def see_solution(unit: Unit, attempt: AttemptId) -> None:
    await unit.execute(_SEE_SOLUTION, {"attempt": attempt})


async def close(unit: Unit, attempt: AttemptId, *, settled_at: datetime | None) -> None:
    """Take no more answers; with an instant, the matter is settled for good.

    What was settled once keeps its first instant.
    """
    await unit.execute(_CLOSE, {"attempt": attempt, "at": settled_at})


async def reopen(unit: Unit, attempt: AttemptId) -> None:
    """Take answers again, on a clean slate."""
    await unit.execute(_REOPEN, {"attempt": attempt})


async def pose_again(unit: Unit, attempt: AttemptId, at: datetime) -> None:
    """Note that the question was put before the learner once more, as it is."""
    await unit.execute(_POSE_AGAIN, {"attempt": attempt, "at": at})


async def ask_back(unit: Unit, attempt: AttemptId, text: str, readings: Sequence[str]) -> int:
    """Keep an unclear answer until its learner says what is meant; number its readings.

    Returns:
        The number of the first reading. No number is given twice in an attempt.
    """
    parameters: dict[str, object] = {
        "attempt": attempt,
        "text": storable(text),
        "readings": [storable(each) for each in readings],
    }
    return (await unit.execute(_ASK_BACK, parameters)).scalar_one()


async def forget_unclear(unit: Unit, attempt: AttemptId) -> None:
    """Another answer came in; as an answer that counts is recorded, this happens by itself."""
    await unit.execute(_FORGET_UNCLEAR, {"attempt": attempt})


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What an answer is worth under the newest key of its question."""

    points: Fraction
    out_of: Fraction
    policy: str


async def record(
    unit: Unit,
    fact: Fact,
    scored: Scored | None = None,
    *,
    closes: bool = False,
    settled_at: datetime | None = None,
) -> AnswerId:
    """Keep a fact for good with its score, count the try, and `close` the attempt, all at once."""
    parameters: dict[str, object] = {
        "attempt_id": fact.attempt,
        "learner_id": fact.learner,
        "course_version_id": fact.version,
        "question_id": fact.question,
        "variant": [[name, str(value)] for name, value in fact.values],
        "shown": list(fact.shown),
        "chosen": None if fact.chosen is None else list(fact.chosen),
        "raw": None if fact.raw is None else storable(fact.raw),
        "parsed": None if fact.parsed is None else storable(fact.parsed),
        "verdict": storable_json(fact.verdict),
        "hints": fact.hints,
        "try_number": fact.try_number,
        "answered_at": fact.answered_at,
        "timezone": fact.timezone,
        "study_day": fact.study_day,
        "one_wrong": int(fact.verdict["code"] == "wrong"),
        "goes_on": not closes,
        "at": settled_at,
    }
    if scored is None:
        return AnswerId((await unit.execute(_RECORD, parameters)).scalar_one())
    parameters |= {
        "points": _decimal(scored.points),
        "out_of": _decimal(scored.out_of),
        "policy": scored.policy,
    }
    return AnswerId((await unit.execute(_RECORD_AND_SCORE, parameters)).scalar_one())


async def results(unit: Unit, sitting: SittingId) -> tuple[Result, ...]:
    """Say how each place of a sitting went, in the order of the paper."""
    result = await unit.execute(_RESULTS, {"sitting": sitting})
    return tuple(
        Result(
            place=row.place,
            question=row.question_id,
            tries=row.tries,
            first_points=_fraction(row.first_points),
            first_hints=row.first_hints,
            best_points=_fraction(row.best_points),
            best_hints=row.best_hints,
            out_of=_fraction(row.out_of),
            hints=row.hints,
            solution_seen=row.solution_seen,
        )
        for row in result
    )


_UNFINISHED = select(sittings).where(
    sittings.c.learner_id == bindparam("learner"),
    sittings.c.course_id == bindparam("course"),
    sittings.c.finished_at.is_(None),
)
_reached = (
    select(func.coalesce(func.max(attempts.c.place), 0))
    .where(attempts.c.sitting_id == sittings.c.id)
    .scalar_subquery()
)
_UNFINISHED_ALL = (
    select(sittings, _reached.label("reached"))
    .where(sittings.c.learner_id == bindparam("learner"), sittings.c.finished_at.is_(None))
    .order_by(sittings.c.started_at.desc(), sittings.c.id.desc())
)
_UNDER_WAY = (
    select(func.count())
    .select_from(sittings)
    .where(sittings.c.course_id == bindparam("course"), sittings.c.finished_at.is_(None))
)
_BEGIN = insert(sittings).returning(sittings)
_SITTING = select(sittings).where(sittings.c.id == bindparam("sitting"))
_FINISH = (
    update(sittings)
    .where(sittings.c.id == bindparam("sitting"), sittings.c.finished_at.is_(None))
    .values(finished_at=bindparam("at"))
)

_INSERT_ATTEMPT = insert(attempts)
_OPEN = _INSERT_ATTEMPT.on_conflict_do_update(
    index_elements=[attempts.c.sitting_id, attempts.c.place],
    # Changes nothing, but lets RETURNING hand out the row that is there.
    set_={"place": _INSERT_ATTEMPT.excluded.place},
).returning(attempts)
_MAKE_CURRENT = (
    update(learners)
    .where(learners.c.id == bindparam("learner"))
    .values(current_attempt_id=bindparam("attempt"))
)
_later = attempts.alias("later")
_ATTEMPT = (
    select(
        attempts,
        *(column.label(f"of_{column.name}") for column in sittings.c),
        *MEMORY_COLUMNS,
        (
            ~select(_later.c.id)
            .where(_later.c.sitting_id == attempts.c.sitting_id, _later.c.place > attempts.c.place)
            .exists()
        ).label("newest"),
        select(assignees.c.opened_at)
        .where(assignees.c.learner_id == attempts.c.learner_id, assignees.c.opened_at.is_not(None))
        .exists()
        .label("bound"),
    )
    .join(sittings, sittings.c.id == attempts.c.sitting_id)
    .outerjoin(
        cards,
        and_(
            cards.c.learner_id == attempts.c.learner_id,
            cards.c.course_id
            == func.coalesce(
                sittings.c.picked[attempts.c.place]["course"].astext, sittings.c.course_id
            ),
            cards.c.question_id == attempts.c.question_id,
        ),
    )
    .where(attempts.c.id == bindparam("attempt"), attempts.c.learner_id == bindparam("learner"))
)
_NEWEST_ATTEMPT = (
    select(attempts)
    .where(attempts.c.sitting_id == bindparam("sitting"))
    .order_by(attempts.c.place.desc())
    .limit(1)
)
_ONE = update(attempts).where(attempts.c.id == bindparam("attempt"))
_SET_TICKS = _ONE.values(ticked=bindparam("ticked"))
_ADD_HINT = _ONE.values(hints=attempts.c.hints + 1).returning(attempts.c.hints)
_SEE_SOLUTION = _ONE.values(solution_seen=True)
_unclear_readings = func.cardinality(attempts.c.unclear_readings)
_FORGET_UNCLEAR_IN_ANY = update(attempts).values(
    unclear_text=None,
    unclear_readings=[],
    unclear_first=attempts.c.unclear_first + _unclear_readings,
)
_FORGET_UNCLEAR = _FORGET_UNCLEAR_IN_ANY.where(attempts.c.id == bindparam("attempt"))
_ASK_BACK = _ONE.values(
    unclear_text=bindparam("text"),
    unclear_readings=bindparam("readings"),
    unclear_first=attempts.c.unclear_first + _unclear_readings,
).returning(attempts.c.unclear_first)
_settled = func.coalesce(attempts.c.settled_at, bindparam("at", type_=attempts.c.settled_at.type))
_CLOSE = _FORGET_UNCLEAR.values(accepting=False, settled_at=_settled)
_POSE_AGAIN = _ONE.values(opened_at=bindparam("at"))
_REOPEN = _ONE.values(accepting=True, ticked=[])
_answer = (
    insert(answers)
    .values({column.name: bindparam(column.name) for column in answers.c if not column.primary_key})
    .returning(answers.c.id, answers.c.attempt_id, answers.c.try_number, answers.c.answered_at)
    .cte("answer")
)
_tried = (
    _FORGET_UNCLEAR_IN_ANY.where(attempts.c.id == _answer.c.attempt_id)
    .values(
        tries=_answer.c.try_number,
        wrong=attempts.c.wrong + bindparam("one_wrong"),
        accepting=attempts.c.accepting & bindparam("goes_on", type_=attempts.c.accepting.type),
        settled_at=_settled,
    )
    .returning(attempts.c.id)
    .cte("tried")
)
_newest_key = (
    select(keys.c.id)
    .where(
        keys.c.course_version_id == bindparam("course_version_id", type_=BigInteger),
        keys.c.question_id == bindparam("question_id", type_=Text),
    )
    .order_by(keys.c.version.desc())
    .limit(1)
    .scalar_subquery()
)
_scored = (
    insert(scores)
    .from_select(
        ["answer_id", "key_id", "points", "out_of", "policy", "computed_at"],
        select(
            _answer.c.id,
            _newest_key,
            bindparam("points", type_=scores.c.points.type),
            bindparam("out_of", type_=scores.c.out_of.type),
            bindparam("policy", type_=Text),
            _answer.c.answered_at,
        ),
    )
    .returning(scores.c.answer_id)
    .cte("scored")
)
_RECORD = select(_answer.c.id).add_cte(_tried)
_RECORD_AND_SCORE = _RECORD.add_cte(_scored)
_latest = (
    select(
        answers.c.attempt_id,
        answers.c.try_number,
        answers.c.hints,
        scores.c.points,
        scores.c.out_of,
    )
    .ext(distinct_on(answers.c.id))
    .join(scores, scores.c.answer_id == answers.c.id)
    .join(attempts, attempts.c.id == answers.c.attempt_id)
    .where(attempts.c.sitting_id == bindparam("sitting"))
    .order_by(answers.c.id, scores.c.key_id.desc())
    .subquery()
)


def _first_of(column: ColumnElement[Any], *order: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.array_agg(aggregate_order_by(column, *order))[1]


_RESULTS = (
    select(
        attempts.c.place,
        attempts.c.question_id,
        attempts.c.tries,
        attempts.c.hints,
        attempts.c.solution_seen,
        _first_of(_latest.c.points, _latest.c.try_number).label("first_points"),
        _first_of(_latest.c.hints, _latest.c.try_number).label("first_hints"),
        func.max(_latest.c.points).label("best_points"),
        # Of tries with the same points, the one with the most hints was the nearest to full.
        _first_of(_latest.c.hints, _latest.c.points.desc(), _latest.c.hints.desc()).label(
            "best_hints"
        ),
        func.max(_latest.c.out_of).label("out_of"),
    )
    .outerjoin(_latest, _latest.c.attempt_id == attempts.c.id)
    .where(attempts.c.sitting_id == bindparam("sitting"))
    .group_by(attempts.c.id)
    .order_by(attempts.c.place)
)


def _sitting(row: Row, prefix: str = "") -> Sitting:
    def of(name: str) -> Any:  # noqa: ANN401 - rows know their columns only when they run
        return getattr(row, prefix + name)

    return Sitting(
        id=of("id"),
        learner=of("learner_id"),
        version=of("course_version_id"),
        course=of("course_id"),
        seed=of("seed"),
        started_at=of("started_at"),
        finished_at=of("finished_at"),
        picked=tuple(
            Pick(
                version=CourseVersionId(each["version"]),
                course=CourseId(each["course"]),
                question=QuestionId(each["question"]),
                variant=each["variant"],
            )
            for each in of("picked") or ()
        ),
    )


def _attempt(row: Row) -> Attempt:
    return Attempt(
        id=row.id,
        sitting=row.sitting_id,
        learner=row.learner_id,
        question=row.question_id,
        place=row.place,
        variant=row.variant,
        shown=tuple(row.shown),
        ticked=frozenset(row.ticked),
        hints=row.hints,
        solution_seen=row.solution_seen,
        accepting=row.accepting,
        tries=row.tries,
        wrong=row.wrong,
        unclear=None
        if row.unclear_text is None
        else Unclear(
            text=row.unclear_text,
            readings=tuple(row.unclear_readings),
            first=row.unclear_first,
        ),
        opened_at=row.opened_at,
        settled_at=row.settled_at,
    )


def _decimal(points: Fraction) -> Decimal:
    return (Decimal(points.numerator) / points.denominator).quantize(Decimal("0.000001"))


def _fraction(points: Decimal | None) -> Fraction | None:
    # Two fractions with denominators up to 500 lie further apart than six places can blur.
    return None if points is None else Fraction(points).limit_denominator(500)

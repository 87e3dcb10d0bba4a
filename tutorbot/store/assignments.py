"""Quizzes that are set to a class: how far each learner is with one, and what came of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy import (
    BigInteger,
    Interval,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on

from tutorbot.core.assignments import (
    GRACE,
    SLACK,
    Assignment,
    Given,
    Part,
    Reveals,
    Source,
    State,
    Worth,
    standing,
    terms,
    worth,
)
from tutorbot.core.classes import Role
from tutorbot.core.course import Values
from tutorbot.core.ids import (
    AnswerId,
    AssignmentId,
    CourseId,
    GroupId,
    LearnerId,
    OptionId,
    QuestionId,
    SittingId,
)
from tutorbot.core.learner import Learner
from tutorbot.store import practice
from tutorbot.store.assigned import (
    CLOSES,
    COLUMNS,
    DATED,
    MAY_STILL_ANSWER,
    MEMBERSHIP,
    OTHERS,
    WITH_CLASS,
    assignment_of,
    part_of,
    runs_out,
    sources_of,
)
from tutorbot.store.class_tables import (
    assignees,
    assignments,
    class_members,
    classes,
    round_players,
    rounds,
)
from tutorbot.store.group_tables import group_answers, group_quizzes
from tutorbot.store.learners import LEARNER_COLUMNS, learner_of
from tutorbot.store.practice import Sitting
from tutorbot.store.rescoring import array, portions
from tutorbot.store.statements import Row
from tutorbot.store.tables import answers, attempts, keys, learners, scores, sittings
from tutorbot.store.unit import Unit


async def find(unit: Unit, assignment: AssignmentId) -> Assignment | None:
    """Find a quiz as it was set, whoever asks; a draft, and one of a class that is over, is none.

    Of those who were given more time nothing is said in it.
    """
    parameters = {"assignment": assignment, "learner": None, "at": None}
    row = (await unit.execute(_FOUND, parameters)).one_or_none()
    return None if row is None else assignment_of(row)


async def found(
    unit: Unit, assignment: AssignmentId, learner: LearnerId, at: datetime
) -> tuple[Assignment, Part | None] | None:
    """Find a quiz, and the part of a learner in it: None where it was not set to them.

    A draft, and one of a class that has ended, is none.
    """
    parameters = {"assignment": assignment, "learner": learner, "at": at}
    row = (await unit.execute(_FOUND, parameters)).one_or_none()
    if row is None:
        return None
    return assignment_of(row), None if row.learner_id is None else part_of(row)


async def answered_until(unit: Unit, assignment: AssignmentId, at: datetime) -> datetime | None:
    """When nobody can answer a quiz any more, with those who were given more time; None: never."""
    parameters = {"assignment": assignment, "at": at}
    return (await unit.execute(_ANSWERED_UNTIL, parameters)).scalar_one_or_none()


async def set_to(
    unit: Unit, learner: LearnerId, at: datetime
) -> tuple[tuple[Assignment, Part], ...]:
    """List what is set to a learner in the classes that they are in, the newest first."""
    rows = await unit.execute(_SET_TO, {"learner": learner, "at": at})
    return tuple((assignment_of(row), part_of(row)) for row in rows)


async def begun(
    unit: Unit, learner: LearnerId, at: datetime
) -> tuple[tuple[Assignment, Part], ...]:
    """List what a learner has opened and may not have been told all of, in whatever class."""
    rows = await unit.execute(_BEGUN, {"learner": learner, "at": at})
    return tuple((assignment_of(row), part_of(row)) for row in rows)


async def sealed(
    unit: Unit, learner: LearnerId, at: datetime
) -> frozenset[tuple[CourseId, QuestionId]]:
    """The questions that may not be shown solved to a learner before a quiz with them is over."""
    return frozenset(
        each.key
        for assignment, part in await begun(unit, learner, at)
        if standing(assignment, part, at).sealed
        for each in assignment.questions
    )


async def sealed_in(
    unit: Unit, group: GroupId, at: datetime
) -> frozenset[tuple[CourseId, QuestionId]]:
    """The same of whoever ever took part in a group: what is solved there, all of them see."""
    rows = await unit.execute(_BEGUN_IN, {"group": group, "at": at})
    return frozenset(
        each.key
        for assignment, part in ((assignment_of(row), part_of(row)) for row in rows)
        if standing(assignment, part, at).sealed
        for each in assignment.questions
    )


async def untold(unit: Unit, learner: LearnerId, at: datetime) -> list[SittingId]:
    """The sittings of a learner of which it may not be told yet how they go."""
    return [
        part.sitting
        for assignment, part in await begun(unit, learner, at)
        if part.sitting is not None and not standing(assignment, part, at).told
    ]


async def untold_of(unit: Unit, those: Collection[SittingId], at: datetime) -> frozenset[SittingId]:
    """The same of many learners: those of these sittings of which it may not be told yet."""
    found: set[SittingId] = set()
    for some in portions(tuple(those)):
        for row in await unit.execute(_OF_SITTINGS, {"sittings": list(some), "at": at}):
            part = part_of(row)
            if part.sitting is not None and not standing(assignment_of(row), part, at).told:
                found.add(part.sitting)
    return frozenset(found)


async def take_up(unit: Unit, assignment: AssignmentId, learner: LearnerId) -> Sitting | None:
    """Open again what closed on a learner who has more time by now; None: there is nothing."""
    parameters = {"assignment": assignment, "learner": learner}
    row = (await unit.execute(_TAKE_UP, parameters)).one_or_none()
    return None if row is None else await practice.sitting(unit, SittingId(row.sitting_id))


async def opened(
    unit: Unit, assignment: AssignmentId, learner: LearnerId, sitting: SittingId, at: datetime
) -> None:
    parameters = {"assignment": assignment, "learner": learner, "at": at, "sitting": sitting}
    await unit.execute(_OPENED, parameters)


async def started(unit: Unit, assignment: AssignmentId, learner: LearnerId, at: datetime) -> None:
    """Note the first answer; a later one changes nothing."""
    parameters = {"assignment": assignment, "learner": learner, "at": at}
    await unit.execute(_STARTED, parameters)


async def finished(unit: Unit, assignment: AssignmentId, learner: LearnerId, at: datetime) -> None:
    """Note that a learner is done with it; a second time changes nothing."""
    parameters = {"assignment": assignment, "learner": learner, "at": at}
    await unit.execute(_FINISHED, parameters)


async def told(unit: Unit, assignment: AssignmentId, learner: LearnerId, at: datetime) -> None:
    """Note that a learner was told how it went."""
    parameters = {"assignment": assignment, "learner": learner, "at": at}
    await unit.execute(_TOLD, parameters)


@dataclass(frozen=True, kw_only=True)
class ToTell:
    """Somebody whom nobody has told yet how a quiz went that is over for them."""

    learner: Learner
    blocked: bool
    assignment: Assignment
    part: Part
    here: bool  # still in the class, to learn


async def to_tell(unit: Unit, now: datetime, limit: int) -> tuple[ToTell, ...]:
    """Take up to so many; nobody else does until the unit ends.

    Who is in the middle of something else, such as a last answer, is left for the next time.
    """
    rows = await unit.execute(_TO_TELL, {"now": now, "at": now, "most": limit})
    return tuple(
        ToTell(
            learner=learner_of(row),
            blocked=row.blocked_at is not None,
            assignment=assignment_of(row),
            part=part_of(row),
            here=bool(row.here),
        )
        for row in rows
    )


@dataclass(frozen=True, kw_only=True)
class Try:
    """An answer of a learner to a question of a quiz."""

    answer: AnswerId
    number: int  # 1 = first
    at: datetime
    points: Fraction | None  # under the newest key; None: undecided
    out_of: Fraction | None
    raw: str | None  # as typed
    chosen: tuple[OptionId, ...]
    verdict: Mapping[str, object]  # as it was kept, under the key of that time


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How a learner stands with one question of a quiz, by the scores as they are now."""

    place: int  # among those that the learner got, 0 = first
    source: Source
    values: Values | None  # None: nothing was answered
    tries: tuple[Try, ...]  # in order
    worth: Worth  # what counts of them; its ``out_of`` is never None

    @property
    def counted(self) -> Try | None:
        """The one that counts."""
        return None if self.worth.counted is None else self.tries[self.worth.counted]

    @property
    def first(self) -> Fraction | None:
        """The points of the first answer; None: there is none, or it is undecided."""
        return self.tries[0].points if self.tries else None

    @property
    def best(self) -> Fraction | None:
        return max((each.points for each in self.tries if each.points is not None), default=None)


@dataclass(frozen=True, kw_only=True)
class Marked:
    """How a learner stands with a quiz; no marks at all: it was never opened."""

    learner: LearnerId
    part: Part
    marks: tuple[Mark, ...] = ()

    @property
    def points(self) -> Fraction:
        return sum((each.worth.points for each in self.marks), Fraction(0))

    @property
    def out_of(self) -> Fraction:
        return sum((each.worth.out_of or Fraction(0) for each in self.marks), Fraction(0))


async def marks(
    unit: Unit, assignment: AssignmentId, learner: LearnerId | None = None
) -> tuple[Marked, ...]:
    """What a quiz came to: of everybody to whom it was set, or of one of them.

    All of it follows from the facts and from their newest scores, so that a corrected key shows at
    once. Who has left the class is still there; an unanswered question is worth nothing.
    """
    who = {"assignment": assignment, "learner": learner}
    rows = list(await unit.execute(_ASSIGNEES, who))
    if not rows:
        return ()
    terms_of = {row.learner_id: terms(assignment_of(row), part_of(row)) for row in rows}
    tries: dict[tuple[LearnerId, int], list[Try]] = defaultdict(list)
    values: dict[tuple[LearnerId, int], Values] = {}
    for row in await unit.execute(_TRIES, who):
        place = (row.learner_id, row.place)
        tries[place].append(
            Try(
                answer=AnswerId(row.id),
                number=row.try_number,
                at=row.answered_at,
                points=_fraction(row.points),
                out_of=_fraction(row.out_of),
                raw=row.raw,
                chosen=tuple(map(OptionId, row.chosen or ())),
                verdict=row.verdict,
            )
        )
        values[place] = tuple((name, Fraction(value)) for name, value in row.variant)
    worths = {
        (row.course_version_id, row.question_id): Fraction(row.points or 1)
        for row in await unit.execute(_POINTS, {"versions": _versions(rows)})
    }

    def mark(row: Row, place: int, source: Source) -> Mark:
        those = tries[row.learner_id, place]
        counted = worth(
            [Given(at=each.at, points=each.points, out_of=each.out_of) for each in those],
            terms_of[row.learner_id],
        )
        if counted.out_of is None:
            full = worths.get((source.version, source.question), Fraction(1))
            counted = replace(counted, out_of=full)
        return Mark(
            place=place,
            source=source,
            values=values.get((row.learner_id, place)),
            tries=tuple(those),
            worth=counted,
        )

    return tuple(
        Marked(
            learner=LearnerId(row.learner_id),
            part=part_of(row),
            marks=tuple(
                mark(row, place, source)
                for place, source in enumerate(sources_of(row.picked or ()))
            ),
        )
        for row in rows
    )


def _versions(rows: Sequence[Row]) -> list[int]:
    return sorted({each["version"] for row in rows for each in row.picked or ()})


_SET = State.SET.value
_DRAFT = State.DRAFT.value

_ANSWERED_UNTIL = select(
    func.greatest(
        CLOSES,
        case(
            (
                assignments.c.due_at.is_not(None),
                select(func.max(OTHERS.c.extended_until))
                .where(MAY_STILL_ANSWER)
                .correlate(assignments)
                .scalar_subquery(),
            )
        ),
    )
).where(assignments.c.id == bindparam("assignment"))
_MINE = and_(
    assignees.c.assignment_id == assignments.c.id,
    assignees.c.learner_id == bindparam("learner"),
)
_FOUND = (
    select(*DATED)
    .select_from(WITH_CLASS.outerjoin(assignees, _MINE).outerjoin(class_members, MEMBERSHIP))
    .where(assignments.c.id == bindparam("assignment"), assignments.c.state != _DRAFT)
)
_OF_ONE = select(*DATED).select_from(
    WITH_CLASS.join(assignees, _MINE).outerjoin(class_members, MEMBERSHIP)
)
_SET_TO = _OF_ONE.where(
    assignments.c.state != _DRAFT,
    class_members.c.left_at.is_(None),
    class_members.c.role == Role.LEARNER.value,
).order_by(assignments.c.opens_at.desc(), assignments.c.id.desc())
_UNDER_WAY = and_(
    assignments.c.state == _SET,
    assignees.c.opened_at.is_not(None),
    or_(
        assignees.c.finished_at.is_(None),
        assignments.c.reveal == Reveals.DUE.value,
    ),
)
_BEGUN = _OF_ONE.where(_UNDER_WAY).order_by(assignments.c.id)
_in_group = (
    select(round_players.c.learner_id)
    .join(rounds, rounds.c.id == round_players.c.round_id)
    .where(rounds.c.group_id == bindparam("group"))
    .union(
        select(group_answers.c.learner_id)
        .join(group_quizzes, group_quizzes.c.id == group_answers.c.quiz_id)
        .where(group_quizzes.c.group_id == bindparam("group"))
    )
)
_BEGUN_IN = (
    select(*DATED)
    .select_from(
        WITH_CLASS.join(assignees, assignees.c.assignment_id == assignments.c.id).outerjoin(
            class_members, MEMBERSHIP
        )
    )
    .where(_UNDER_WAY, assignees.c.learner_id.in_(_in_group))
)

_OF_SITTINGS = (
    select(*DATED)
    .select_from(
        WITH_CLASS.join(assignees, assignees.c.assignment_id == assignments.c.id).outerjoin(
            class_members, MEMBERSHIP
        )
    )
    .where(assignees.c.sitting_id == func.any(array("sittings", BigInteger)))
)

_ONE = update(assignees).where(
    assignees.c.assignment_id == bindparam("assignment"),
    assignees.c.learner_id == bindparam("learner"),
)
_OPENED = _ONE.values(
    sitting_id=bindparam("sitting"),
    opened_at=func.coalesce(assignees.c.opened_at, bindparam("at")),
)
_STARTED = _ONE.where(assignees.c.started_at.is_(None)).values(started_at=bindparam("at"))
_FINISHED = _ONE.where(assignees.c.finished_at.is_(None)).values(finished_at=bindparam("at"))
_of_sitting = (
    update(sittings)
    .where(
        sittings.c.id == assignees.c.sitting_id,
        assignees.c.assignment_id == bindparam("assignment"),
        assignees.c.learner_id == bindparam("learner"),
    )
    .values(finished_at=null())
    .returning(sittings.c.id)
    .cte("of_sitting")
)
_TAKE_UP = (
    _ONE.where(assignees.c.sitting_id.is_not(None))
    .values(told_at=null())
    .returning(assignees.c.sitting_id)
    .add_cte(_of_sitting)
)
_TOLD = _ONE.values(told_at=bindparam("at"))

# As `core.assignments.standing` has it, so that nobody is looked at in vain. In Postgres, the
# greatest and the least of several take no notice of NULL.
_last = func.greatest(CLOSES, assignees.c.extended_until)
_wait = cast(literal(GRACE + SLACK), Interval)
_before = bindparam("now", type_=assignees.c.opened_at.type) - _wait
_untold = assignees.alias("untold")
_HELD = (
    # A few rows, once for all who wait: of each quiz all to whom it was set are gone through.
    select(assignments.c.id)
    .where(
        assignments.c.reveal == Reveals.DUE.value,
        assignments.c.state == _SET,
        exists().where(
            _untold.c.assignment_id == assignments.c.id,
            _untold.c.opened_at.is_not(None),
            _untold.c.told_at.is_(None),
        ),
        exists().where(MAY_STILL_ANSWER, OTHERS.c.extended_until >= _before),
    )
    .correlate(None)
)
_here = and_(class_members.c.left_at.is_(None), class_members.c.role == Role.LEARNER.value)
_TO_TELL = (
    select(
        *LEARNER_COLUMNS,
        learners.c.blocked_at,
        *COLUMNS,
        null().label("others_until"),  # those of whom it would be said are held
        _here.label("here"),
    )
    .select_from(
        WITH_CLASS.join(assignees, assignees.c.assignment_id == assignments.c.id)
        .join(learners, learners.c.id == assignees.c.learner_id)
        .outerjoin(class_members, MEMBERSHIP)
    )
    .where(
        assignees.c.told_at.is_(None),
        assignees.c.opened_at.is_not(None),
        assignments.c.state == _SET,
        or_(
            assignments.c.reveal != Reveals.DUE.value,
            assignments.c.due_at.is_(None),
            and_(_before > CLOSES, assignments.c.id.not_in(_HELD)),
        ),
        or_(
            assignees.c.finished_at.is_not(None),
            and_(assignments.c.due_at.is_not(None), _last < _before),
            and_(assignments.c.minutes.is_not(None), runs_out(assignees, class_members) < _before),
        ),
    )
    .order_by(assignees.c.assignment_id, assignees.c.learner_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True, of=[assignees, learners])
)

_WHOSE = and_(
    assignees.c.assignment_id == bindparam("assignment"),
    or_(
        bindparam("learner", type_=assignees.c.learner_id.type).is_(None),
        assignees.c.learner_id == bindparam("learner", type_=assignees.c.learner_id.type),
    ),
)
_ASSIGNEES = (
    select(*COLUMNS, null().label("others_until"), sittings.c.picked)
    .select_from(
        assignments.join(classes, classes.c.id == assignments.c.class_id)
        .join(assignees, assignees.c.assignment_id == assignments.c.id)
        .outerjoin(class_members, MEMBERSHIP)
        .outerjoin(sittings, sittings.c.id == assignees.c.sitting_id)
    )
    .where(_WHOSE)
    .order_by(assignees.c.learner_id)
)
_TRIES = (
    select(
        assignees.c.learner_id,
        attempts.c.place,
        answers.c.id,
        answers.c.try_number,
        answers.c.answered_at,
        answers.c.variant,
        answers.c.raw,
        answers.c.chosen,
        answers.c.verdict,
        scores.c.points,
        scores.c.out_of,
    )
    .ext(distinct_on(assignees.c.learner_id, attempts.c.place, answers.c.try_number))
    .select_from(
        assignees.join(attempts, attempts.c.sitting_id == assignees.c.sitting_id)
        .join(answers, answers.c.attempt_id == attempts.c.id)
        .outerjoin(scores, scores.c.answer_id == answers.c.id)
    )
    .where(_WHOSE)
    .order_by(
        assignees.c.learner_id,
        attempts.c.place,
        answers.c.try_number,
        scores.c.key_id.desc().nulls_last(),
    )
)
_POINTS = (
    select(
        keys.c.course_version_id,
        keys.c.question_id,
        keys.c.content["points"].astext.label("points"),
    )
    .ext(distinct_on(keys.c.course_version_id, keys.c.question_id))
    .where(keys.c.course_version_id.in_(bindparam("versions", expanding=True)))
    .order_by(keys.c.course_version_id, keys.c.question_id, keys.c.version.desc())
)


def _fraction(points: object) -> Fraction | None:
    # As in `store.practice`: six places give back the very fraction that went in.
    return None if points is None else Fraction(str(points)).limit_denominator(500)

"""Questions that are doubted: flags of learners, how they were answered, and who is reached."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert

from tutorbot.core.classes import RIGHTS, Right, Role
from tutorbot.core.ids import (
    AnswerId,
    ClassId,
    CourseId,
    CourseVersionId,
    LearnerId,
    QuestionId,
    SittingId,
)
from tutorbot.core.keys import LookedAt, QuestionName
from tutorbot.store.class_tables import assignees, assignments, class_members, classes
from tutorbot.store.codec import storable
from tutorbot.store.key_tables import question_flags, regrades
from tutorbot.store.rescoring import OF_QUESTION, array
from tutorbot.store.tables import answers, course_versions, learners, scores
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The question of an attempt that has an answer, or whose solution was seen."""

    course: CourseId
    version: CourseVersionId
    question: QuestionId


async def flag(
    unit: Unit, learner: LearnerId, of: Answered, reason: str, words: str | None, at: datetime
) -> bool:
    """Keep what a learner thinks is wrong; False if they had said something before."""
    row: dict[str, object] = {
        "learner_id": learner,
        "course_version_id": of.version,
        "course_id": of.course,
        "question_id": of.question,
        "reason": reason,
        "words": None if words is None else storable(words),
        "flagged_at": at,
    }
    return (await unit.execute(_FLAG, row)).one().fresh


async def unflag(unit: Unit, learner: LearnerId, of: Answered) -> None:
    parameters = {"learner": learner, "course": of.course, "question": of.question}
    await unit.execute(_UNFLAG, parameters)


async def settle_flags(
    unit: Unit, name: QuestionName, at: datetime, of: Collection[ClassId] | None
) -> None:
    """Somebody has looked at the question: what was said of it waits no longer.

    ``of``: only what learners of these classes said, or (None) everybody
    """
    parameters = {
        "course": name.course,
        "question": name.question,
        "at": at,
        "classes": None if of is None else list(of),
    }
    await unit.execute(_SETTLE, parameters)


async def flagged(unit: Unit) -> dict[QuestionName, int]:
    """How many learners doubt which questions, and were not heard yet."""
    rows = await unit.execute(_FLAGGED)
    return {QuestionName(row.course_id, row.question_id): row.flags for row in rows}


@dataclass(frozen=True, kw_only=True)
class Flags:
    reasons: Mapping[str, int]
    words: tuple[str, ...]  # the newest first


async def flags_of(unit: Unit, name: QuestionName) -> Flags:
    parameters = {"course": name.course, "question": name.question}
    rows = (await unit.execute(_FLAGS_OF, parameters)).all()
    reasons: dict[str, int] = {}
    for row in rows:
        reasons[row.reason] = reasons.get(row.reason, 0) + 1
    return Flags(reasons=reasons, words=tuple(row.words for row in rows if row.words)[:5])


async def looked_at(unit: Unit) -> dict[QuestionName, LookedAt]:
    """The questions whose key somebody has mended, or let stand; of several times, the last."""
    return {
        QuestionName(row.course_id, row.question_id): LookedAt(
            who=row.who,
            class_id=row.class_id,
            at=row.at,
            mended=row.state == "applied",
            firsts=row.counts["firsts"] if row.counts and "firsts" in row.counts else None,
        )
        for row in await unit.execute(_LOOKED_AT)
    }


async def chosen(
    unit: Unit, versions: Collection[CourseVersionId], question: QuestionId
) -> tuple[dict[str, int], int]:
    """How many first answers chose which option, or typed what; and how many there are."""
    parameters = {"versions": list(versions), "question": question}
    found = {row.what: row.times for row in await unit.execute(_CHOSEN, parameters)}
    return found, (await unit.execute(_FIRST_ANSWERS, parameters)).scalar_one()


async def undecided(unit: Unit) -> dict[QuestionName, int]:
    """How many answers wait for somebody's word, by question."""
    rows = await unit.execute(_UNDECIDED)
    return {QuestionName(row.course_id, row.question_id): row.waiting for row in rows}


async def classes_using(unit: Unit, learner: LearnerId, course: CourseId) -> tuple[ClassId, ...]:
    """The classes that use a course in which somebody may mend keys."""
    parameters = {"learner": learner, "course": course, "roles": _MENDING}
    return tuple((await unit.execute(_CLASSES_USING, parameters)).scalars())


async def courses_of(unit: Unit, learner: LearnerId) -> frozenset[CourseId]:
    """The courses whose keys somebody may look after, as their classes use them."""
    rows = await unit.execute(_COURSES_OF, {"learner": learner, "roles": _MENDING})
    return frozenset(rows.scalars())


async def courses_in(unit: Unit, class_id: ClassId) -> frozenset[CourseId]:
    """The courses that a class uses."""
    return frozenset((await unit.execute(_COURSES_IN, {"class": class_id})).scalars())


async def reaches_others(
    unit: Unit,
    versions: Collection[CourseVersionId],
    question: QuestionId,
    of: Collection[ClassId],
) -> bool:
    """Whether anybody has answered a question who learns in none of these classes."""
    parameters = {"versions": list(versions), "question": question, "classes": list(of)}
    return (await unit.execute(_REACHES_OTHERS, parameters)).scalar_one()


@dataclass(frozen=True, kw_only=True)
class InClass:
    """A learner in a class."""

    learner: LearnerId
    class_id: ClassId
    title: str
    code: str
    name: str


async def in_classes(
    unit: Unit, of: Collection[LearnerId], only: Collection[ClassId] | None
) -> tuple[InClass, ...]:
    """In which classes learners are; ``only``: of these, or (None) of all."""
    parameters = {"learners": list(of), "classes": None if only is None else list(only)}
    return tuple(
        InClass(
            learner=row.learner_id,
            class_id=row.class_id,
            title=row.title,
            code=row.code,
            name=row.name,
        )
        for row in await unit.execute(_IN_CLASSES, parameters)
    )


async def quizzes_of(unit: Unit, of: Collection[SittingId]) -> dict[SittingId, str]:
    """The quizzes that were sat in these sittings, as their classes know them."""
    rows = await unit.execute(_QUIZZES, {"sittings": list(of)})
    return {row.sitting_id: row.title for row in rows}


async def is_learner_of(unit: Unit, answer: AnswerId, of: Collection[ClassId]) -> bool:
    """Whether an answer was given by a learner of one of these classes."""
    parameters = {"answer": answer, "classes": list(of)}
    return (await unit.execute(_IS_LEARNER_OF, parameters)).scalar_one()


_MENDING = [role.value for role in Role if Right.EDIT_KEYS in RIGHTS[role]]

_NEW_FLAG = insert(question_flags)
_FLAG = _NEW_FLAG.on_conflict_do_update(
    index_elements=[
        question_flags.c.learner_id,
        question_flags.c.course_id,
        question_flags.c.question_id,
    ],
    set_={
        "reason": _NEW_FLAG.excluded.reason,
        "words": _NEW_FLAG.excluded.words,
        "settled_at": None,
    },
).returning(literal_column("xmax = 0", Boolean).label("fresh"))
_OF = (
    question_flags.c.course_id == bindparam("course"),
    question_flags.c.question_id == bindparam("question"),
)
_UNFLAG = question_flags.delete().where(*_OF, question_flags.c.learner_id == bindparam("learner"))
_OPEN = question_flags.c.settled_at.is_(None)
_FLAGGED = (
    select(question_flags.c.course_id, question_flags.c.question_id, func.count().label("flags"))
    .where(_OPEN)
    .group_by(question_flags.c.course_id, question_flags.c.question_id)
)
_FLAGS_OF = (
    select(question_flags.c.reason, question_flags.c.words)
    .where(*_OF, _OPEN)
    .order_by(question_flags.c.flagged_at.desc())
)
_looked_at = func.coalesce(regrades.c.applied_at, regrades.c.made_at)
_LOOKED_AT = (
    select(
        regrades.c.course_id,
        regrades.c.question_id,
        regrades.c.who,
        regrades.c.class_id,
        regrades.c.state,
        regrades.c.counts,
        _looked_at.label("at"),
    )
    .ext(distinct_on(regrades.c.course_id, regrades.c.question_id))
    .where(regrades.c.state.in_(["applied", "kept"]), regrades.c.kind.in_(["correction", "kept"]))
    .order_by(regrades.c.course_id, regrades.c.question_id, _looked_at.desc())
)
_typed = func.array_append(cast([], ARRAY(Text)), func.coalesce(answers.c.parsed, answers.c.raw))
_what = (
    func.unnest(func.coalesce(answers.c.chosen, _typed))
    .table_valued(column("what", Text))
    .render_derived("given")
)
_CHOSEN = (
    select(_what.c.what, func.count().label("times"))
    .select_from(answers.join(_what, true()))
    .where(OF_QUESTION, answers.c.try_number == 1)
    .group_by(_what.c.what)
    .order_by(func.count().desc(), _what.c.what)
    .limit(12)
)
_FIRST_ANSWERS = (
    select(func.count()).select_from(answers).where(OF_QUESTION, answers.c.try_number == 1)
)
_UNDECIDED = (
    select(course_versions.c.course_id, answers.c.question_id, func.count().label("waiting"))
    .join(course_versions, course_versions.c.id == answers.c.course_version_id)
    .where(
        text("(answers.verdict ->> 'code') = 'undecided'"),
        ~select(scores.c.answer_id).where(scores.c.answer_id == answers.c.id).exists(),
    )
    .group_by(course_versions.c.course_id, answers.c.question_id)
)
_set = (
    select(assignments.c.id)
    .where(assignments.c.class_id == classes.c.id, assignments.c.course_id == bindparam("course"))
    .exists()
)
_mine = (
    select(classes.c.id)
    .join(class_members, class_members.c.class_id == classes.c.id)
    .where(
        class_members.c.learner_id == bindparam("learner"),
        class_members.c.role == func.any(array("roles", Text)),
        class_members.c.left_at.is_(None),
        classes.c.ended_at.is_(None),
    )
)
_CLASSES_USING = _mine.where(or_(classes.c.course_id == bindparam("course"), _set)).order_by(
    classes.c.id
)
_COURSES_OF = (
    select(classes.c.course_id)
    .where(classes.c.id.in_(_mine))
    .union(select(assignments.c.course_id).where(assignments.c.class_id.in_(_mine)))
)
_COURSES_IN = (
    select(classes.c.course_id)
    .where(classes.c.id == bindparam("class"))
    .union(select(assignments.c.course_id).where(assignments.c.class_id == bindparam("class")))
)
_learns = (
    class_members.c.role == Role.LEARNER.value,
    class_members.c.class_id == func.any(array("classes", BigInteger)),
)
_SETTLE = (
    update(question_flags)
    .where(
        *_OF,
        _OPEN,
        or_(
            array("classes", BigInteger).is_(None),
            select(class_members.c.learner_id)
            .where(class_members.c.learner_id == question_flags.c.learner_id, *_learns)
            .exists(),
        ),
    )
    .values(settled_at=bindparam("at"))
)
_REACHES_OTHERS = select(
    select(answers.c.id)
    .where(
        OF_QUESTION,
        ~select(class_members.c.learner_id)
        .where(class_members.c.learner_id == answers.c.learner_id, *_learns)
        .exists(),
    )
    .exists()
)
_IN_CLASSES = (
    select(
        class_members.c.learner_id,
        class_members.c.class_id,
        classes.c.title,
        class_members.c.code,
        learners.c.name,
    )
    .join(classes, classes.c.id == class_members.c.class_id)
    .join(learners, learners.c.id == class_members.c.learner_id)
    .where(
        class_members.c.learner_id == func.any(array("learners", BigInteger)),
        class_members.c.role == Role.LEARNER.value,
        class_members.c.left_at.is_(None),
        or_(
            array("classes", BigInteger).is_(None),
            class_members.c.class_id == func.any(array("classes", BigInteger)),
        ),
    )
    .order_by(classes.c.id, class_members.c.code)
)
_QUIZZES = (
    select(assignees.c.sitting_id, assignments.c.title)
    .join(assignments, assignments.c.id == assignees.c.assignment_id)
    .where(assignees.c.sitting_id == func.any(array("sittings", BigInteger)))
)
_IS_LEARNER_OF = select(
    select(answers.c.id)
    .join(class_members, class_members.c.learner_id == answers.c.learner_id)
    .where(answers.c.id == bindparam("answer"), class_members.c.left_at.is_(None), *_learns)
    .exists()
)

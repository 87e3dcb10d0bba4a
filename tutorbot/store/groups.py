"""Groups that the bot is in: what was asked there, who answered, and who stands in the table.

An answer itself is a fact like any other, in an attempt of its learner's own; a row here says of
which posted question it is.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, case, delete, func, insert, or_, select, true, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert as insert_or

from tutorbot.core.groups import Candidate, Group, History, Past, Quiz, Tally
from tutorbot.core.ids import AttemptId, ChatId, GroupId, LearnerId, OptionId, QuizId
from tutorbot.store.class_tables import rounds
from tutorbot.store.group_tables import (
    group_answers,
    group_askers,
    group_members,
    group_quizzes,
    groups,
)
from tutorbot.store.statements import Row
from tutorbot.store.tables import answers, learners, outbox, scores
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a member made of a question: an attempt, and whether it has its answer."""

    attempt: AttemptId
    answered: bool


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer as it was given."""

    chosen: frozenset[OptionId]
    right: bool


@dataclass(frozen=True, kw_only=True)
class Tallies:
    recent: tuple[Tally, ...]
    ever: tuple[Tally, ...]
    running: int  # questions that do not count yet


async def meet(unit: Unit, chat: ChatId, at: datetime) -> Group:
    """Know the group, and hold its row until the unit ends; whoever writes in it has the bot in it.

    A chat that has become another one is known by its former id too, and stays that other one.
    """
    await unit.execute(_ONE_BY_ONE, {"chat": chat})
    known = await find(unit, chat)
    parameters = {"chat_id": known.chat if known else chat, "joined_at": at}
    return _group((await unit.execute(_MEET, parameters)).one())


async def find(unit: Unit, chat: ChatId) -> Group | None:
    row = (await unit.execute(_FIND, {"chat": chat})).one_or_none()
    return _group(row) if row else None


async def left(unit: Unit, chat: ChatId, at: datetime) -> None:
    """Remember that the bot was removed, end its round, and send nothing there any more."""
    await unit.execute(_LEFT, {"chat": chat, "at": at})
    await unit.execute(_END_ROUNDS, {"chat": chat, "at": at})
    await unit.execute(_SILENCE, {"chat": chat, "at": at})


async def move(unit: Unit, old: ChatId, new: ChatId) -> bool:
    """Give a group its new id, once, and what waits to be said there with it.

    Both chats tell of it, and something may have happened in the new one before either does: then
    there are two rows, and what belongs to the later goes to the older. False: it was done before.
    """
    await unit.execute(_ONE_BY_ONE, {"chat": new})
    row = (await unit.execute(_HOLD, {"chat": old})).one_or_none()
    if row is None:
        return False
    other = (await unit.execute(_HOLD, {"chat": new})).one_or_none()
    if other is not None:
        parameters = {"of": row.id, "other": other.id}
        await unit.execute(_ADOPT_QUIZZES, parameters)
        await unit.execute(_ADOPT_ROUNDS, parameters)
        await unit.execute(_ADOPT_MEMBERS, parameters)
        await unit.execute(_DROP_MEMBERS, {"other": other.id})
        await unit.execute(_DROP_GROUP, {"other": other.id})
    await unit.execute(_RENAME, {"of": row.id, "old": old, "new": new})
    await unit.execute(_REDIRECT, {"old": old, "new": new})
    return True


async def history(unit: Unit, group: GroupId) -> History:
    """Tell how often each question was posted in a group, and how last."""
    rows = await unit.execute(_HISTORY, {"group": group})
    return {
        (row.course_id, row.question_id): Past(times=row.times, last=row.last, variant=row.variant)
        for row in rows
    }


async def post(
    unit: Unit,
    group: GroupId,
    candidate: Candidate,
    *,
    variant: int,
    shown: tuple[OptionId, ...],
    language: str,
    asker: LearnerId | None,
    at: datetime,
) -> Quiz:
    """Keep a question that is posted; ``asker`` is None for an anonymous admin."""
    parameters: dict[str, object] = {
        "group_id": group,
        "course_version_id": candidate.version,
        "course_id": candidate.course,
        "question_id": candidate.question.id,
        "variant": variant,
        "shown": list(shown),
        "language": language,
        "posted_at": at,
    }
    quiz = _quiz((await unit.execute(_POST, parameters)).one())
    if asker is not None:
        await unit.execute(_ASKED, {"quiz_id": quiz.id, "learner_id": asker})
    return quiz


async def quiz(unit: Unit, quiz: QuizId, chat: ChatId) -> Quiz | None:
    """Find a posted question by what a button names; None if it is another group's."""
    row = (await unit.execute(_QUIZ, {"quiz": quiz, "chat": chat})).one_or_none()
    return _quiz(row) if row else None


async def asked(unit: Unit, quiz: QuizId, learner: LearnerId) -> bool:
    """Tell whether it was this learner who asked for the question."""
    return (await unit.execute(_WAS_ASKED, {"quiz": quiz, "learner": learner})).scalar_one()


async def take(unit: Unit, quiz: QuizId) -> bool:
    """Hold a question that is being answered, lest it end meanwhile; False if it is over.

    Its counter falls behind by that.
    """
    return (await unit.execute(_TAKE, {"quiz": quiz})).rowcount > 0


async def end(unit: Unit, quiz: QuizId, at: datetime) -> bool:
    """End a question; False if that was done before."""
    return (await unit.execute(_END, {"quiz": quiz, "at": at})).rowcount > 0


async def part(unit: Unit, quiz: QuizId, learner: LearnerId) -> Part | None:
    row = (await unit.execute(_PART, {"quiz": quiz, "learner": learner})).one_or_none()
    return Part(attempt=row.attempt_id, answered=row.answered_at is not None) if row else None


async def take_part(unit: Unit, quiz: QuizId, learner: LearnerId, attempt: AttemptId) -> None:
    parameters = {"quiz_id": quiz, "learner_id": learner, "attempt_id": attempt}
    await unit.execute(_TAKE_PART, parameters)


async def answered(unit: Unit, quiz: QuizId, learner: LearnerId, at: datetime) -> None:
    await unit.execute(_ANSWERED, {"quiz": quiz, "learner": learner, "at": at})


async def given(unit: Unit, attempt: AttemptId) -> Given:
    """Look up the answer of an attempt, and how it stands under the newest key."""
    row = (await unit.execute(_GIVEN, {"attempt": attempt})).one()
    return Given(chosen=frozenset(row.chosen or ()), right=bool(row.right))


async def count(unit: Unit, quiz: QuizId) -> tuple[int, int]:
    """Count who answered, and who of them rightly, under the newest key."""
    row = (await unit.execute(_COUNT, {"quiz": quiz})).one()
    return row.answered, row.right


async def tallies(unit: Unit, group: GroupId, *, since: datetime, over_before: datetime) -> Tallies:
    """Count the answers to questions that are over, by member, under the newest keys.

    A question is over once it has ended, or if it was posted before ``over_before``. Who left the
    group or its table is left out.
    """
    parameters = {"group": group, "since": since, "over_before": over_before}
    rows = (await unit.execute(_TALLIES, parameters)).all()
    running = (await unit.execute(_RUNNING, parameters)).scalar_one()
    return Tallies(
        recent=tuple(
            Tally(name=row.name, right=row.recently_right, answered=row.recent) for row in rows
        ),
        ever=tuple(Tally(name=row.name, right=row.right, answered=row.answered) for row in rows),
        running=running,
    )


async def hide(unit: Unit, group: GroupId, learner: LearnerId, hidden: bool | None) -> bool:
    """Leave the table, or come back; None for the other than now. Return how it now is."""
    parameters = {"group_id": group, "learner_id": learner, "hidden": hidden is not False}
    statement = _TOGGLE if hidden is None else _HIDE
    return (await unit.execute(statement, parameters)).scalar_one()


async def is_member(unit: Unit, group: GroupId, learner: LearnerId) -> bool:
    """Tell whether nobody has said that the learner left the group."""
    return (await unit.execute(_IS_MEMBER, {"group": group, "learner": learner})).scalar_one()


async def mark_members(
    unit: Unit, chat: ChatId, telegram_ids: list[int], left_at: datetime | None
) -> None:
    """Remember who left a group, or (None) who came; those who never learnt here are not kept."""
    parameters = {"chat": chat, "telegram_ids": telegram_ids, "left_at": left_at}
    await unit.execute(_LEAVE if left_at else _COME, parameters)


async def to_count(
    unit: Unit, at: datetime, before: datetime, limit: int = 100
) -> tuple[tuple[ChatId, Quiz, int], ...]:
    """Take a question of each group whose counter is behind, with how many have answered.

    Args:
        unit: in which the new numbers are put into the outbox.
        at: now.
        before: groups in which a counter was edited after that wait.
        limit: of groups.
    """
    held = (await unit.execute(_BEHIND, {"before": before, "limit": limit})).all()
    found: list[tuple[ChatId, Quiz, int]] = []
    for group in held:
        row = (await unit.execute(_CAUGHT_UP, {"group": group.id})).one_or_none()
        if row is None:
            continue
        await unit.execute(_COUNTED, {"group": group.id, "at": at})
        answered, _ = await count(unit, row.id)
        found.append((group.chat_id, _quiz(row), answered))
    return tuple(found)


# Lest a group be met under its new id while it is being moved there.
_ONE_BY_ONE = select(func.pg_advisory_xact_lock(bindparam("chat", type_=groups.c.chat_id.type)))
_INSERT = insert_or(groups)
_MEET = _INSERT.on_conflict_do_update(
    index_elements=[groups.c.chat_id], set_={"left_at": None}
).returning(groups)
_HERE = or_(groups.c.chat_id == bindparam("chat"), groups.c.former_chat_id == bindparam("chat"))
_FIND = select(groups).where(_HERE).order_by(groups.c.id).limit(1)
_LEFT = (
    update(groups)
    .where(groups.c.chat_id == bindparam("chat"), groups.c.left_at.is_(None))
    .values(left_at=bindparam("at"))
)
_SILENCE = (
    update(outbox)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.fate.is_(None))
    .values(fate="refused", why="the bot was removed", fated_at=bindparam("at"))
)
_END_ROUNDS = (
    update(rounds)
    .where(
        rounds.c.group_id.in_(select(groups.c.id).where(groups.c.chat_id == bindparam("chat"))),
        rounds.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"), next_at=None, phase="over")
)
_HOLD = select(groups).where(groups.c.chat_id == bindparam("chat")).with_for_update()
_ADOPT_QUIZZES = (
    update(group_quizzes)
    .where(group_quizzes.c.group_id == bindparam("other"))
    .values(group_id=bindparam("of"))
)
_ADOPT_ROUNDS = (
    update(rounds).where(rounds.c.group_id == bindparam("other")).values(group_id=bindparam("of"))
)
_ADOPT_MEMBERS = (
    insert_or(group_members)
    .from_select(
        ["group_id", "learner_id", "hidden", "left_at"],
        select(
            bindparam("of", type_=group_members.c.group_id.type),
            group_members.c.learner_id,
            group_members.c.hidden,
            group_members.c.left_at,
        ).where(group_members.c.group_id == bindparam("other")),
    )
    .on_conflict_do_nothing()
)
_DROP_MEMBERS = delete(group_members).where(group_members.c.group_id == bindparam("other"))
_DROP_GROUP = delete(groups).where(groups.c.id == bindparam("other"))
_RENAME = (
    update(groups)
    .where(groups.c.id == bindparam("of"))
    .values(chat_id=bindparam("new"), former_chat_id=bindparam("old"), left_at=None)
)
_REDIRECT = (
    update(outbox)
    .where(outbox.c.chat_id == bindparam("old"), outbox.c.fate.is_(None))
    .values(chat_id=bindparam("new"))
)

_HISTORY = (
    select(
        group_quizzes.c.course_id,
        group_quizzes.c.question_id,
        func.count().label("times"),
        func.max(group_quizzes.c.posted_at).label("last"),
        func.array_agg(
            aggregate_order_by(group_quizzes.c.variant, group_quizzes.c.posted_at.desc())
        )[1].label("variant"),
    )
    .where(group_quizzes.c.group_id == bindparam("group"))
    .group_by(group_quizzes.c.course_id, group_quizzes.c.question_id)
)
_POST = insert(group_quizzes).returning(group_quizzes)
_ASKED = insert(group_askers)
_QUIZ = (
    select(group_quizzes)
    .join(groups, groups.c.id == group_quizzes.c.group_id)
    .where(group_quizzes.c.id == bindparam("quiz"), _HERE)
)
_WAS_ASKED = select(
    select(group_askers.c.quiz_id)
    .where(
        group_askers.c.quiz_id == bindparam("quiz"),
        group_askers.c.learner_id == bindparam("learner"),
    )
    .exists()
)
_OPEN = and_(group_quizzes.c.id == bindparam("quiz"), group_quizzes.c.ended_at.is_(None))
_TAKE = update(group_quizzes).where(_OPEN).values(stale=True)
_END = update(group_quizzes).where(_OPEN).values(ended_at=bindparam("at"), stale=False)

_OF_ONE = and_(
    group_answers.c.quiz_id == bindparam("quiz"), group_answers.c.learner_id == bindparam("learner")
)
_PART = select(group_answers.c.attempt_id, group_answers.c.answered_at).where(_OF_ONE)
_TAKE_PART = insert(group_answers)
_ANSWERED = update(group_answers).where(_OF_ONE).values(answered_at=bindparam("at"))
_newest = (
    select((scores.c.points >= scores.c.out_of).label("right"))
    .where(scores.c.answer_id == answers.c.id)
    .order_by(scores.c.key_id.desc())
    .limit(1)
    .lateral("newest")
)
_GIVEN = (
    select(answers.c.chosen, _newest.c.right)
    .join(_newest, true())
    .where(answers.c.attempt_id == bindparam("attempt"))
)
_right = func.count().filter(_newest.c.right)
_GRADED = (
    group_answers.join(answers, answers.c.attempt_id == group_answers.c.attempt_id)
    .join(_newest, true())
    .join(group_quizzes, group_quizzes.c.id == group_answers.c.quiz_id)
)
_COUNT = (
    select(func.count().label("answered"), _right.label("right"))
    .select_from(_GRADED)
    .where(group_answers.c.quiz_id == bindparam("quiz"))
)
_OVER = or_(
    group_quizzes.c.ended_at.is_not(None), group_quizzes.c.posted_at < bindparam("over_before")
)
_lately = group_answers.c.answered_at >= bindparam("since")
_TALLIES = (
    select(
        learners.c.name,
        func.count().label("answered"),
        _right.label("right"),
        func.count().filter(_lately).label("recent"),
        func.count().filter(_newest.c.right, _lately).label("recently_right"),
    )
    .select_from(
        _GRADED.join(learners, learners.c.id == group_answers.c.learner_id).outerjoin(
            group_members,
            and_(
                group_members.c.group_id == group_quizzes.c.group_id,
                group_members.c.learner_id == group_answers.c.learner_id,
            ),
        )
    )
    .where(
        group_quizzes.c.group_id == bindparam("group"),
        _OVER,
        group_members.c.hidden.is_not(true()),
        group_members.c.left_at.is_(None),
    )
    .group_by(learners.c.id)
)
_RUNNING = (
    select(func.count())
    .select_from(group_quizzes)
    .where(
        group_quizzes.c.group_id == bindparam("group"),
        ~_OVER,
        select(group_answers.c.quiz_id)
        .where(
            group_answers.c.quiz_id == group_quizzes.c.id,
            group_answers.c.answered_at.is_not(None),
        )
        .exists(),
    )
)

_INSERT_MEMBER = insert_or(group_members)
_MEMBER = [group_members.c.group_id, group_members.c.learner_id]
_HIDE = _INSERT_MEMBER.on_conflict_do_update(
    index_elements=_MEMBER, set_={"hidden": _INSERT_MEMBER.excluded.hidden}
).returning(group_members.c.hidden)
_TOGGLE = _INSERT_MEMBER.on_conflict_do_update(
    index_elements=_MEMBER, set_={"hidden": case((group_members.c.hidden, False), else_=True)}
).returning(group_members.c.hidden)
_IS_MEMBER = select(
    ~select(group_members.c.group_id)
    .where(
        group_members.c.group_id == bindparam("group"),
        group_members.c.learner_id == bindparam("learner"),
        group_members.c.left_at.is_not(None),
    )
    .exists()
)
_known_there = (
    select(
        groups.c.id,
        learners.c.id,
        bindparam("left_at", type_=group_members.c.left_at.type),
    )
    .join(learners, learners.c.telegram_id.in_(bindparam("telegram_ids", expanding=True)))
    .where(_HERE)
)
_LEAVE = _INSERT_MEMBER.from_select(
    ["group_id", "learner_id", "left_at"], _known_there
).on_conflict_do_update(index_elements=_MEMBER, set_={"left_at": _INSERT_MEMBER.excluded.left_at})
_COME = (
    update(group_members)
    .where(
        group_members.c.group_id == groups.c.id,
        group_members.c.learner_id == learners.c.id,
        learners.c.telegram_id.in_(bindparam("telegram_ids", expanding=True)),
        _HERE,
    )
    .values(left_at=bindparam("left_at"))
)

_BEHIND = (
    select(groups.c.id, groups.c.chat_id)
    .where(
        groups.c.id.in_(select(group_quizzes.c.group_id).where(group_quizzes.c.stale)),
        groups.c.left_at.is_(None),
        or_(groups.c.counted_at.is_(None), groups.c.counted_at <= bindparam("before")),
    )
    .order_by(groups.c.counted_at.nulls_first())
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, key_share=True)
)
_one_behind = (
    select(group_quizzes.c.id)
    .where(group_quizzes.c.group_id == bindparam("group"), group_quizzes.c.stale)
    .order_by(group_quizzes.c.id.desc())
    .limit(1)
    .with_for_update(key_share=True)
    .scalar_subquery()
)
_CAUGHT_UP = (
    update(group_quizzes)
    .where(group_quizzes.c.id == _one_behind)
    .values(stale=False)
    .returning(group_quizzes)
)
_COUNTED = (
    update(groups).where(groups.c.id == bindparam("group")).values(counted_at=bindparam("at"))
)


def _group(row: Row) -> Group:
    return Group(id=row.id, chat=row.chat_id, left=row.left_at is not None)


def _quiz(row: Row) -> Quiz:
    return Quiz(
        id=row.id,
        group=row.group_id,
        version=row.course_version_id,
        course=row.course_id,
        question=row.question_id,
        variant=row.variant,
        shown=tuple(row.shown),
        language=row.language,
        posted_at=row.posted_at,
        ended_at=row.ended_at,
    )

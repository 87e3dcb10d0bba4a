"""Live rounds: their questions, who takes part, who answered what, and what is due in them.

An answer itself is a fact like any other, in an attempt of its learner's own; a row here says of
which question of a round it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Interval, and_, bindparam, func, insert, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from tutorbot.core.ids import (
    AttemptId,
    ChatId,
    CourseId,
    GroupId,
    LearnerId,
    OptionId,
    QuestionId,
    RoundId,
    RoundQuestionId,
)
from tutorbot.core.review import Pick
from tutorbot.core.rounds import BETWEEN_EDITS, Asked, Phase, Player, Round
from tutorbot.store.class_tables import (
    round_answers,
    round_askers,
    round_players,
    round_questions,
    rounds,
)
from tutorbot.store.group_tables import group_members, groups
from tutorbot.store.statements import Row
from tutorbot.store.tables import answers, learners, outbox, scores
from tutorbot.store.unit import Unit


@dataclass(frozen=True, kw_only=True)
class New:
    """A question of a round that is about to be."""

    pick: Pick
    shown: tuple[OptionId, ...]


async def under_way(unit: Unit, group: GroupId) -> bool:
    """Tell whether a round is going on in a group; its row is held, or two could begin one."""
    return (await unit.execute(_UNDER_WAY, {"group": group})).scalar_one()


async def add(
    unit: Unit,
    group: GroupId,
    questions: Sequence[New],
    *,
    thread: int | None,
    language: str,
    about: str,
    seconds: int,
    asker: LearnerId | None,
    at: datetime,
    until: datetime,
) -> RoundId:
    """Keep a round that is about to begin; ``until`` is when its lobby is forgotten."""
    parameters: dict[str, object] = {
        "group_id": group,
        "thread": thread,
        "language": language,
        "about": about,
        "questions": len(questions),
        "seconds": seconds,
        "phase": Phase.LOBBY.value,
        "opened_at": at,
        "next_at": until,
    }
    made = RoundId((await unit.execute(_ADD, parameters)).scalar_one())
    if asker is not None:
        await unit.execute(_ASKED, {"round_id": made, "learner_id": asker})
    for place, each in enumerate(questions):
        await unit.execute(
            _ADD_QUESTION,
            {
                "round_id": made,
                "place": place,
                "course_version_id": each.pick.version,
                "course_id": each.pick.course,
                "question_id": each.pick.question,
                "variant": each.pick.variant,
                "shown": list(each.shown),
            },
        )
    return made


async def hold(unit: Unit, round_id: RoundId, chat: ChatId | None = None) -> Round | None:
    """Find a round and hold it until the unit ends; None if it is another group's than ``chat``."""
    row = (await unit.execute(_HOLD, {"round": round_id, "chat": chat})).one_or_none()
    return _round(row) if row else None


async def look(unit: Unit, round_id: RoundId, chat: ChatId | None = None) -> Round | None:
    """Find a round as `hold` does, and let everybody else have it meanwhile."""
    row = (await unit.execute(_LOOK, {"round": round_id, "chat": chat})).one_or_none()
    return _round(row) if row else None


async def asked_for(unit: Unit, round_id: RoundId, learner: LearnerId) -> bool:
    parameters = {"round": round_id, "learner": learner}
    return (await unit.execute(_WAS_ASKED, parameters)).scalar_one()


async def join(unit: Unit, round_id: RoundId, learner: LearnerId, at: datetime) -> bool:
    """Take somebody in; False if they were before. The lobby shows them in a while."""
    parameters = {"round_id": round_id, "learner_id": learner, "joined_at": at}
    if not (await unit.execute(_JOIN, parameters)).rowcount:
        return False
    await unit.execute(_BEHIND, {"round": round_id, "at": at, "pause": BETWEEN_EDITS})
    return True


async def joined(unit: Unit, round_id: RoundId) -> int:
    return (await unit.execute(_JOINED, {"round": round_id})).scalar_one()


async def due(unit: Unit, now: datetime, limit: int = 50) -> tuple[tuple[Round, bool], ...]:
    """Take the rounds in which something is to be done, each with whether its lobby is behind.

    Where something still waits to be sent to the group, nothing is to be done: a round goes no
    faster than Telegram takes it, and stands still while Telegram is away.
    """
    result = await unit.execute(_DUE, {"now": now, "limit": limit})
    return tuple((_round(row), row.stale) for row in result)


async def go_on(unit: Unit, round_id: RoundId, phase: Phase, place: int, next_at: datetime) -> None:
    parameters = {"round": round_id, "phase": phase.value, "place": place, "next_at": next_at}
    await unit.execute(_GO_ON, parameters)


async def counted(unit: Unit, round_id: RoundId, at: datetime, next_at: datetime) -> None:
    """Note that the lobby shows everybody who is in."""
    await unit.execute(_COUNTED, {"round": round_id, "at": at, "next_at": next_at})


async def end(unit: Unit, round_id: RoundId, at: datetime) -> None:
    """End a round. The question at hand, if there is one, does not count for anybody."""
    await unit.execute(_END, {"round": round_id, "at": at, "phase": Phase.OVER.value})


async def question(unit: Unit, round_id: RoundId, place: int) -> Asked:
    row = (await unit.execute(_QUESTION, {"round": round_id, "place": place})).one()
    return _asked(row)


async def opened(unit: Unit, asked: RoundQuestionId, poll: str, at: datetime) -> None:
    """Telegram has the poll of a question: from now on it runs."""
    row = (await unit.execute(_OPENED, {"asked": asked, "poll": poll, "at": at})).one_or_none()
    if row is None:
        return
    await unit.execute(
        _RUNS,
        {
            "round": row.round_id,
            "of_place": row.place,
            "asking": Phase.ASKING.value,
            "phase": Phase.OPEN.value,
            "next_at": at + BETWEEN_EDITS,
        },
    )


async def is_open(unit: Unit, poll: str) -> bool | None:
    """Tell whether a poll takes answers; None if it is not known."""
    return (await unit.execute(_IS_OPEN, {"poll": poll})).scalar_one_or_none()


async def on_its_way(unit: Unit, since: datetime) -> bool:
    """Tell whether there is a poll that Telegram may have and we do not know yet."""
    parameters = {"phase": Phase.ASKING.value, "since": since}
    return (await unit.execute(_ON_ITS_WAY, parameters)).scalar_one()


async def take(unit: Unit, poll: str) -> Asked | None:
    """Hold a question that is being answered, lest it close meanwhile; None if it is over."""
    row = (await unit.execute(_TAKE, {"poll": poll})).one_or_none()
    return _asked(row) if row else None


async def close(unit: Unit, asked: RoundQuestionId, at: datetime) -> None:
    """Take no more answers; who is being heard just now is waited for."""
    await unit.execute(_CLOSE, {"asked": asked, "at": at})


async def has_answered(unit: Unit, asked: RoundQuestionId, learner: LearnerId) -> bool:
    return (await unit.execute(_HAS_ANSWERED, {"asked": asked, "learner": learner})).scalar_one()


async def answered(
    unit: Unit,
    asked: RoundQuestionId,
    learner: LearnerId,
    attempt: AttemptId,
    milliseconds: int,
    at: datetime,
) -> None:
    parameters = {
        "round_question_id": asked,
        "learner_id": learner,
        "attempt_id": attempt,
        "milliseconds": milliseconds,
        "answered_at": at,
    }
    await unit.execute(_ANSWERED, parameters)


async def voted_since(unit: Unit, asked: RoundQuestionId, since: datetime) -> bool:
    return (await unit.execute(_VOTED_SINCE, {"asked": asked, "since": since})).scalar_one()


async def count(unit: Unit, asked: RoundQuestionId) -> tuple[int, int]:
    """Count who answered, and who of them rightly, under the newest key."""
    row = (await unit.execute(_COUNT, {"asked": asked})).one()
    return row.answered, row.right


async def players(unit: Unit, round_id: RoundId) -> tuple[Player, ...]:
    """Say how everybody did in the questions that are over, under the newest keys."""
    result = await unit.execute(_PLAYERS, {"round": round_id})
    return tuple(
        Player(
            learner=LearnerId(row.id),
            name=row.name,
            named=row.named,
            right=row.right,
            answered=row.answered,
            milliseconds=row.milliseconds,
        )
        for row in result
    )


async def over(unit: Unit, round_id: RoundId) -> int:
    """Count the questions that were asked and are over."""
    return (await unit.execute(_OVER, {"round": round_id})).scalar_one()


async def missed(unit: Unit, round_id: RoundId, learner: LearnerId) -> tuple[Asked, ...] | None:
    """List the questions that somebody did not answer rightly; None if they had no part."""
    parameters = {"round": round_id, "learner": learner}
    if not (await unit.execute(_PLAYS, parameters)).scalar_one():
        return None
    return tuple(_asked(row) for row in await unit.execute(_MISSED, parameters))


async def asked_before(unit: Unit, group: GroupId) -> dict[tuple[CourseId, QuestionId], int]:
    """Count how often each question stood in a round of a group."""
    rows = await unit.execute(_BEFORE, {"group": group})
    return {(row.course_id, row.question_id): row.times for row in rows}


_UNDER_WAY = select(
    select(rounds.c.id)
    .where(rounds.c.group_id == bindparam("group"), rounds.c.ended_at.is_(None))
    .exists()
)
_ADD = insert(rounds).returning(rounds.c.id)
_ASKED = insert(round_askers)
_ADD_QUESTION = insert(round_questions)
_with_chat = select(rounds, groups.c.chat_id).join(groups, groups.c.id == rounds.c.group_id)
_chat = bindparam("chat", type_=groups.c.chat_id.type)
_LOOK = _with_chat.where(
    rounds.c.id == bindparam("round"),
    or_(_chat.is_(None), groups.c.chat_id == _chat, groups.c.former_chat_id == _chat),
)
_HOLD = _LOOK.with_for_update(of=rounds)
_WAS_ASKED = select(
    select(round_askers.c.round_id)
    .where(
        round_askers.c.round_id == bindparam("round"),
        round_askers.c.learner_id == bindparam("learner"),
    )
    .exists()
)
_JOIN = insert_or(round_players).on_conflict_do_nothing()
_BEHIND = (
    update(rounds)
    .where(rounds.c.id == bindparam("round"), rounds.c.phase == Phase.LOBBY.value, ~rounds.c.stale)
    .values(
        stale=True,
        next_at=func.least(
            rounds.c.next_at,
            func.greatest(
                bindparam("at", type_=rounds.c.opened_at.type),
                func.coalesce(rounds.c.counted_at, rounds.c.opened_at)
                + bindparam("pause", type_=Interval),
            ),
        ),
    )
)
_JOINED = select(func.count()).where(round_players.c.round_id == bindparam("round"))
_DUE = (
    select(rounds, groups.c.chat_id)
    .join(groups, groups.c.id == rounds.c.group_id)
    .where(
        rounds.c.next_at <= bindparam("now"),
        groups.c.left_at.is_(None),
        ~select(outbox.c.id)
        .where(outbox.c.chat_id == groups.c.chat_id, outbox.c.fate.is_(None))
        .exists(),
    )
    .order_by(rounds.c.next_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=rounds)
)
_ONE = update(rounds).where(rounds.c.id == bindparam("round"))
_GO_ON = _ONE.values(
    phase=bindparam("phase"), place=bindparam("place"), next_at=bindparam("next_at")
)
_COUNTED = _ONE.values(stale=False, counted_at=bindparam("at"), next_at=bindparam("next_at"))
_END = _ONE.where(rounds.c.ended_at.is_(None)).values(
    ended_at=bindparam("at"), next_at=None, phase=bindparam("phase")
)
_QUESTION = select(round_questions).where(
    round_questions.c.round_id == bindparam("round"), round_questions.c.place == bindparam("place")
)
_OPENED = (
    update(round_questions)
    .where(round_questions.c.id == bindparam("asked"))
    .values(poll_id=bindparam("poll"), opened_at=bindparam("at"))
    .returning(round_questions.c.round_id, round_questions.c.place)
)
_RUNS = _ONE.where(
    rounds.c.phase == bindparam("asking"), rounds.c.place == bindparam("of_place")
).values(phase=bindparam("phase"), next_at=bindparam("next_at"))
_of_round = rounds.c.id == round_questions.c.round_id
_still_open = and_(round_questions.c.closed_at.is_(None), rounds.c.ended_at.is_(None))
_of_poll = round_questions.c.poll_id == bindparam("poll")
_IS_OPEN = select(_still_open).select_from(round_questions.join(rounds, _of_round)).where(_of_poll)
_ON_ITS_WAY = select(
    select(rounds.c.id)
    .where(rounds.c.next_at >= bindparam("since"), rounds.c.phase == bindparam("phase"))
    .exists()
)
_TAKE = (
    select(round_questions)
    .join(rounds, _of_round)
    .where(_of_poll, _still_open)
    .with_for_update(read=True, of=round_questions)
)
_CLOSE = (
    update(round_questions)
    .where(round_questions.c.id == bindparam("asked"), round_questions.c.closed_at.is_(None))
    .values(closed_at=bindparam("at"))
)
_HAS_ANSWERED = select(
    select(round_answers.c.learner_id)
    .where(
        round_answers.c.round_question_id == bindparam("asked"),
        round_answers.c.learner_id == bindparam("learner"),
    )
    .exists()
)
_ANSWERED = insert(round_answers)
_VOTED_SINCE = select(
    select(round_answers.c.learner_id)
    .where(
        round_answers.c.round_question_id == bindparam("asked"),
        round_answers.c.answered_at > bindparam("since"),
    )
    .exists()
)
_newest = (
    select((scores.c.points >= scores.c.out_of).label("right"))
    .where(scores.c.answer_id == answers.c.id)
    .order_by(scores.c.key_id.desc())
    .limit(1)
    .lateral("newest")
)
_GRADED = round_answers.join(answers, answers.c.attempt_id == round_answers.c.attempt_id).join(
    _newest, true()
)
_COUNT = (
    select(func.count().label("answered"), func.count().filter(_newest.c.right).label("right"))
    .select_from(_GRADED)
    .where(round_answers.c.round_question_id == bindparam("asked"))
)
_is_over = and_(
    round_questions.c.round_id == bindparam("round"), round_questions.c.closed_at.is_not(None)
)
_done = (
    select(
        round_answers.c.learner_id,
        func.count().label("answered"),
        func.count().filter(_newest.c.right).label("right"),
        func.sum(round_answers.c.milliseconds).label("milliseconds"),
    )
    .select_from(
        _GRADED.join(round_questions, round_questions.c.id == round_answers.c.round_question_id)
    )
    .where(_is_over)
    .group_by(round_answers.c.learner_id)
    .subquery()
)
_PLAYERS = (
    select(
        learners.c.id,
        learners.c.name,
        and_(group_members.c.hidden.is_not(true()), group_members.c.left_at.is_(None)).label(
            "named"
        ),
        func.coalesce(_done.c.right, 0).label("right"),
        func.coalesce(_done.c.answered, 0).label("answered"),
        func.coalesce(_done.c.milliseconds, 0).label("milliseconds"),
    )
    .select_from(
        round_players.join(learners, learners.c.id == round_players.c.learner_id)
        .join(rounds, rounds.c.id == round_players.c.round_id)
        .outerjoin(_done, _done.c.learner_id == round_players.c.learner_id)
        .outerjoin(
            group_members,
            and_(
                group_members.c.group_id == rounds.c.group_id,
                group_members.c.learner_id == round_players.c.learner_id,
            ),
        )
    )
    .where(round_players.c.round_id == bindparam("round"))
)
_OVER = select(func.count()).select_from(round_questions).where(_is_over)
_PLAYS = select(
    select(round_players.c.learner_id)
    .where(
        round_players.c.round_id == bindparam("round"),
        round_players.c.learner_id == bindparam("learner"),
    )
    .exists()
)
_MISSED = (
    select(round_questions)
    .where(
        _is_over,
        ~select(round_answers.c.learner_id)
        .select_from(_GRADED)
        .where(
            round_answers.c.round_question_id == round_questions.c.id,
            round_answers.c.learner_id == bindparam("learner"),
            _newest.c.right,
        )
        .exists(),
    )
    .order_by(round_questions.c.place)
)
_BEFORE = (
    select(round_questions.c.course_id, round_questions.c.question_id, func.count().label("times"))
    .join(rounds, _of_round)
    .where(rounds.c.group_id == bindparam("group"))
    .group_by(round_questions.c.course_id, round_questions.c.question_id)
)


def _round(row: Row) -> Round:
    return Round(
        id=row.id,
        group=row.group_id,
        chat=row.chat_id,
        thread=row.thread,
        language=row.language,
        about=row.about,
        of=row.questions,
        seconds=row.seconds,
        phase=Phase(row.phase),
        place=row.place,
        opened_at=row.opened_at,
        next_at=row.next_at,
    )


def _asked(row: Row) -> Asked:
    return Asked(
        id=row.id,
        round=row.round_id,
        place=row.place,
        version=row.course_version_id,
        course=row.course_id,
        question=row.question_id,
        variant=row.variant,
        shown=tuple(row.shown),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )

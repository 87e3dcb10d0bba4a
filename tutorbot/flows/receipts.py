"""What came of quizzes that were set: whom they reached, who is missing, and what can be done."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tutorbot.core.assignments import Reveals, State as Standing
from tutorbot.core.broadcasts import (
    TAPS_APART,
    Broadcast,
    Cancel,
    Extend,
    Kind,
    ListQuizzes,
    ListWaiting,
    NothingToRemind,
    NotStarted,
    Pause,
    Progress,
    QuizLine,
    QuizPage,
    Quizzes,
    Remind,
    Resume,
    ShowProgressOf,
    ShowQuiz,
    TooSoon,
)
from tutorbot.core.classes import Member, NotAllowed, Right
from tutorbot.core.drafts import AlreadySet, Draft
from tutorbot.core.groups import shown_name
from tutorbot.core.ids import AssignmentId, BroadcastId
from tutorbot.core.learner import Learner
from tutorbot.flows import broadcasts as sending
from tutorbot.store import assignments, audiences, broadcasts, classes, drafts
from tutorbot.store.unit import Unit

Refusal = NotAllowed | AlreadySet


@dataclass(frozen=True)
class SureToCancel:
    """Whether that is meant is asked first."""

    progress: Progress


class Receipts:
    """Looking at quizzes that were set. ``per_second``: messages that may be sent in all."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second

    async def list(self, unit: Unit, learner: Learner, action: ListQuizzes) -> Quizzes | NotAllowed:
        member = await classes.member(unit, action.class_id, learner.id, Right.SEE_RESULTS)
        found = await classes.find(unit, action.class_id)
        if member is None or found is None:
            return NotAllowed()
        lines: list[QuizLine] = []
        for quiz, state in await drafts.was_set(unit, action.class_id, _LISTED):
            receipts = await drafts.receipts(unit, quiz.id)
            lines.append(
                QuizLine(
                    assignment=quiz.id,
                    title=quiz.title,
                    due_at=quiz.due_at,
                    cancelled=state is Standing.CANCELLED,
                    people=receipts.people,
                    finished=receipts.finished,
                )
            )
        return Quizzes(
            class_id=action.class_id,
            class_title=found.title,
            timezone=found.timezone,
            may_set=member.may(Right.SET),
            lines=tuple(lines),
        )

    async def show(
        self, unit: Unit, learner: Learner, action: ShowQuiz, at: datetime
    ) -> QuizPage | Refusal:
        found = await self._quiz(unit, learner, action.assignment, Right.SEE_RESULTS)
        if not isinstance(found, tuple):
            return found
        return await self._page(unit, *found, at)

    async def waiting(
        self, unit: Unit, learner: Learner, action: ListWaiting
    ) -> NotStarted | Refusal:
        found = await self._quiz(unit, learner, action.assignment, Right.SEE_RESULTS)
        if not isinstance(found, tuple):
            return found
        quiz, _, member = found
        named = member.may(Right.SEE_NAMES)
        people = await drafts.waiting(unit, quiz.id, _NAMED)
        return NotStarted(
            assignment=quiz.id,
            title=quiz.title,
            people=tuple(
                (shown_name(each.name) if named else each.code, each.reached) for each in people
            ),
        )

    async def remind(
        self, unit: Unit, learner: Learner, action: Remind, at: datetime
    ) -> Progress | TooSoon | NothingToRemind | Refusal:
        """Write to those who have not started; a second tap finds that it was done just now."""
        found = await self._quiz(unit, learner, action.assignment, Right.SET, hold=True)
        if not isinstance(found, tuple):
            return found
        quiz, state, member = found
        page = await self._page(unit, quiz, state, member, at)
        if not page.may_remind:
            over = page.closed or page.started >= page.people or page.opens_at > at
            return NothingToRemind() if over else TooSoon()
        which = await broadcasts.make(
            unit,
            assignment=quiz.id,
            kind=Kind.REMINDER,
            silent=False,
            at_night=False,
            report=learner.chat,
            not_before=at,
            at=at,
        )
        made = await broadcasts.hold(unit, which)
        assert made is not None
        await sending.begin_reminder(unit, made, at)
        await classes.note(unit, quiz.class_id, member.code, "reminded", at, {"quiz": quiz.id})
        return await self._progress(unit, which, at)

    async def extend(
        self, unit: Unit, learner: Learner, action: Extend, at: datetime
    ) -> QuizPage | Refusal:
        """Let it be due later, and tell those whom it helps, when no other tap has followed.

        Whoever was given more time for themselves keeps that.
        """
        found = await self._quiz(unit, learner, action.assignment, Right.SET, hold=True)
        if not isinstance(found, tuple):
            return found
        quiz, state, member = found
        if state is not Standing.SET or not 0 < action.hours <= _LONGEST:
            return AlreadySet()
        due = await drafts.extend(unit, quiz.id, timedelta(hours=action.hours))
        if due is None:
            return AlreadySet()
        about = {"quiz": quiz.id, "hours": action.hours, "due": due.isoformat()}
        await classes.note(unit, quiz.class_id, member.code, "extended quiz", at, about)
        again = await drafts.find(unit, quiz.id)
        assert again is not None
        told = await self._tell_extended(unit, again[0], at) if due > at else 0
        return replace(await self._page(unit, *again, member, at), told=told)

    async def decide(
        self,
        unit: Unit,
        learner: Learner,
        action: Pause | Resume | Cancel | ShowProgressOf,
        at: datetime,
    ) -> Progress | SureToCancel | Refusal:
        """Pause it, let it go on, take it back, or only show how far it is."""
        found = await broadcasts.hold(unit, action.broadcast)
        if found is None:
            return AlreadySet()
        member = await classes.member(unit, found.class_id, learner.id, Right.SET)
        if member is None:
            return NotAllowed()
        match action:
            case Pause():
                done, what = await sending.pause(unit, found, at), "paused"
            case Resume():
                done, what = await sending.resume(unit, found, at), "resumed"
            case Cancel(sure=True):
                done, what = await sending.cancel(unit, found, at), "took back"
            case Cancel():
                progress = await broadcasts.progress(unit, found, at, self._per_second)
                return SureToCancel(progress)
            case ShowProgressOf():
                return await broadcasts.progress(unit, found, at, self._per_second)
        if not done:
            return AlreadySet()
        about: dict[str, object] = {"quiz": found.assignment, "kind": found.kind.value}
        await classes.note(unit, found.class_id, member.code, what, at, about)
        return await self._progress(unit, action.broadcast, at)

    async def progress(self, unit: Unit, which: BroadcastId, at: datetime) -> Progress:
        """How far one is that was made just now."""
        return await self._progress(unit, which, at)

    async def _tell_extended(self, unit: Unit, quiz: Draft, at: datetime) -> int:
        """Let a message go out to who has not finished; return to how many."""
        before = await broadcasts.last_of(unit, quiz.id, Kind.EXTENSION)
        if before is not None and not before.state.over:  # nobody hears of a time that has changed
            held = await broadcasts.hold(unit, before.id)
            assert held is not None
            await sending.cancel(unit, held, at)
        to = await audiences.unfinished(unit, quiz.class_id, quiz.id)
        if to:
            await broadcasts.make(
                unit,
                assignment=quiz.id,
                kind=Kind.EXTENSION,
                silent=False,
                at_night=False,
                report=None,
                not_before=at + TAPS_APART,
                at=at,
            )
        return len(to)

    async def _progress(self, unit: Unit, which: BroadcastId, at: datetime) -> Progress:
        found = await broadcasts.hold(unit, which)
        assert found is not None
        return await broadcasts.progress(unit, found, at, self._per_second)

    async def _quiz(
        self,
        unit: Unit,
        learner: Learner,
        which: AssignmentId,
        right: Right,
        *,
        hold: bool = False,
    ) -> tuple[Draft, Standing, Member] | Refusal:
        found = await (drafts.hold if hold else drafts.find)(unit, which)
        if found is None or found[1] is Standing.DRAFT:
            return AlreadySet()
        member = await classes.member(unit, found[0].class_id, learner.id, right)
        return NotAllowed() if member is None else (*found, member)

    async def _page(
        self, unit: Unit, quiz: Draft, state: Standing, member: Member, at: datetime
    ) -> QuizPage:
        receipts = await drafts.receipts(unit, quiz.id)
        announcement: Broadcast | None = await broadcasts.last_of(unit, quiz.id, Kind.ANNOUNCEMENT)
        reminder = await broadcasts.last_of(unit, quiz.id, Kind.REMINDER)
        kept = quiz.reveal is Reveals.DUE and state is Standing.SET
        return QuizPage(
            assignment=quiz.id,
            class_id=quiz.class_id,
            title=quiz.title,
            timezone=quiz.timezone,
            opens_at=quiz.opens_at,
            due_at=quiz.due_at,
            late_until=quiz.late_until,
            cancelled=state is Standing.CANCELLED,
            announcement=await broadcasts.progress(unit, announcement, at, self._per_second)
            if announcement
            else None,
            reminded_at=reminder.not_before if reminder else None,
            people=receipts.people,
            delivered=receipts.delivered,
            opened=receipts.opened,
            started=receipts.started,
            finished=receipts.finished,
            may_set=member.may(Right.SET),
            now=at,
            kept_until=await assignments.answered_until(unit, quiz.id, at) if kept else None,
        )


_LISTED = 10
_NAMED = 100
_LONGEST = 24 * 31  # hours

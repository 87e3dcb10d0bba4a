"""Questions in groups, one request a function: post, answer, end, the table, and who is there.

What concerns one member takes that learner as locked by the transaction, so that two taps of one
person come one after the other whatever process they reach. Whoever needs the rows of a learner and
of a question takes them in this order.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from tutorbot.core.actions import AnswerQuiz, EndQuiz, PostQuiz, QuizDone
from tutorbot.core.course import Choice, Course
from tutorbot.core.groups import (
    BETWEEN_COUNTS,
    IN_GROUP,
    JUST_NOW,
    OVER_AFTER,
    RECENT,
    AnsweredBefore,
    AnswerFirst,
    Candidate,
    JustPosted,
    MemberAnswered,
    NoQuestion,
    NotAMember,
    Outcome,
    Quiz,
    QuizEnded,
    QuizGone,
    QuizOver,
    QuizPosed,
    QuizPosted,
    SolutionForOne,
    Table,
    TableChoice,
    Ticked,
    WhichPaper,
    candidates,
    may_end,
    meant,
    next_question,
    table,
)
from tutorbot.core.ids import AttemptId, ChatId, OptionId
from tutorbot.core.learner import Learner
from tutorbot.core.practice import (
    NothingTicked,
    Posed,
    in_language,
    order_shown,
    with_values,
)
from tutorbot.core.review import Pick
from tutorbot.flows import review
from tutorbot.flows.keeping import keep_choice
from tutorbot.flows.published import Library
from tutorbot.flows.sittings import pose
from tutorbot.store import courses, groups, practice
from tutorbot.store.practice import Attempt, Sitting
from tutorbot.store.unit import Unit


class Groups:
    """The flows of questions in groups, given what they need from outside."""

    def __init__(self, library: Library, dice: Random) -> None:
        self._library = library
        self._dice = dice

    async def ask(
        self,
        unit: Unit,
        chat: ChatId,
        learner: Learner | None,
        language: str,
        said: str,
        at: datetime,
    ) -> Outcome:
        """Post a question, as the words ``said`` have it; without any, ask for a paper first."""
        every = await self._candidates(unit)
        if not every:
            return NoQuestion()
        papers = list(dict.fromkeys(each.course for each in every))
        if said:
            those = meant(every, said)
            if not those:
                return await self._which(unit, papers, language, nothing_fits=True)
            return await self._post(unit, chat, learner, language, those, at)
        if len(papers) > 1:
            return await self._which(unit, papers, language)
        return await self._post(unit, chat, learner, language, every, at)

    async def post(
        self,
        unit: Unit,
        chat: ChatId,
        learner: Learner,
        language: str,
        action: PostQuiz,
        at: datetime,
    ) -> Outcome:
        """Post the next question of a paper, or of any."""
        every = await self._candidates(unit)
        those = [each for each in every if action.course in {None, each.course}]
        if not those:
            return NoQuestion()
        return await self._post(unit, chat, learner, language, those, at)

    async def answer(
        self, unit: Unit, chat: ChatId, learner: Learner, action: AnswerQuiz, at: datetime
    ) -> Outcome:
        """Grade a tap, or set a tick where several options are right."""
        found = await self._taken(unit, chat, learner, action)
        if not isinstance(found, Quiz):
            return found
        attempt, sitting, posed = await self._begun(unit, learner, found)
        if action.shown >= len(attempt.shown):
            return QuizGone()
        assert isinstance(posed.question.body, Choice)
        if not posed.question.body.several:
            places = frozenset({action.shown})
            return await self._grade(unit, learner, found, (attempt, sitting, posed), places, at)
        ticked = attempt.ticked ^ {action.shown}
        await practice.set_ticks(unit, attempt.id, ticked)
        return Ticked(places=tuple(sorted(ticked)))

    async def done(
        self, unit: Unit, chat: ChatId, learner: Learner, action: QuizDone, at: datetime
    ) -> Outcome:
        found = await self._taken(unit, chat, learner, action)
        if not isinstance(found, Quiz):
            return found
        begun = await self._begun(unit, learner, found)
        attempt, _, posed = begun
        if not attempt.ticked or not isinstance(posed.question.body, Choice):
            return NothingTicked()
        return await self._grade(unit, learner, found, begun, attempt.ticked, at)

    async def end(
        self,
        unit: Unit,
        chat: ChatId,
        learner: Learner | None,
        action: EndQuiz,
        at: datetime,
        *,
        admin: bool,
    ) -> Outcome:
        """Show the solution: to all, if the presser may do that, else to who has answered."""
        quiz = await groups.quiz(unit, action.quiz, chat)
        if quiz is None:
            return QuizGone()
        if quiz.ended_at is not None:
            return QuizOver()
        asked = learner is not None and await groups.asked(unit, quiz.id, learner.id)
        if may_end(asked=asked, admin=admin):
            if not await groups.end(unit, quiz.id, at):
                return QuizOver()
            answered, right = await groups.count(unit, quiz.id)
            posed = await self._as_posted(unit, quiz)
            return QuizEnded(posed=replace(posed, answered=answered), right=right)
        part = await groups.part(unit, quiz.id, learner.id) if learner else None
        if learner is None or part is None or not part.answered:
            return AnswerFirst()
        _, _, own = await self._begun(unit, learner, quiz)
        return SolutionForOne(posed=own)

    async def table(self, unit: Unit, chat: ChatId, at: datetime) -> Table:
        group = await groups.find(unit, chat)
        if group is None:
            return Table(recent=(), ever=(), running=False)
        counted = await groups.tallies(
            unit, group.id, since=at - RECENT, over_before=at - OVER_AFTER
        )
        return Table(
            recent=table(counted.recent), ever=table(counted.ever), running=counted.running > 0
        )

    async def leave_table(
        self, unit: Unit, chat: ChatId, learner: Learner, at: datetime, hidden: bool | None = None
    ) -> TableChoice:
        """Leave the table, or come back; None for the other than now."""
        group = await groups.meet(unit, chat, at)
        return TableChoice(hidden=await groups.hide(unit, group.id, learner.id, hidden))

    async def counters(self, unit: Unit, at: datetime) -> Sequence[tuple[ChatId, QuizPosed]]:
        """Take the questions whose counters are behind, each with how many have answered."""
        return [
            (chat, replace(await self._as_posted(unit, quiz), answered=answered))
            for chat, quiz, answered in await groups.to_count(unit, at, at - BETWEEN_COUNTS)
        ]

    async def _candidates(self, unit: Unit) -> list[Candidate]:
        found: list[Candidate] = []
        for published in await courses.newest(unit):
            course = await self._library.course(unit, published.version)
            found += candidates(published.version, course)
        return found

    async def _which(
        self, unit: Unit, papers: Sequence[str], language: str, *, nothing_fits: bool = False
    ) -> WhichPaper:
        named = [
            (each.course, in_language(await self._library.course(unit, each.version), language))
            for each in await courses.newest(unit)
            if each.course in papers
        ]
        return WhichPaper(
            papers=tuple((course, paper.title) for course, paper in named),
            nothing_fits=nothing_fits,
        )

    async def _post(
        self,
        unit: Unit,
        chat: ChatId,
        learner: Learner | None,
        language: str,
        those: Sequence[Candidate],
        at: datetime,
    ) -> Outcome:
        group = await groups.meet(unit, chat, at)
        history = await groups.history(unit, group.id)
        newest = max((past.last for past in history.values()), default=None)
        if newest is not None and at - newest < JUST_NOW:
            return JustPosted()
        candidate = next_question(those, history)
        assert candidate is not None
        question, past = candidate.question, history.get(candidate.key)
        others = [
            variant
            for variant in range(len(question.variants))
            if past is None or variant != past.variant
        ]
        quiz = await groups.post(
            unit,
            group.id,
            candidate,
            variant=self._dice.choice(others or [0]),
            shown=order_shown(question, self._dice),
            language=language,
            asker=learner.id if learner else None,
            at=at,
        )
        return QuizPosted(posed=await self._as_posted(unit, quiz))

    async def _as_posted(self, unit: Unit, quiz: Quiz) -> QuizPosed:
        """The question as all see it, in the language of whoever asked for it."""
        course: Course = in_language(await self._library.course(unit, quiz.version), quiz.language)
        question = course.question(quiz.question)
        question = with_values(question, question.variants[quiz.variant])
        assert isinstance(question.body, Choice)
        return QuizPosed(
            quiz=quiz,
            question=question,
            shown=tuple(question.body.option(option) for option in quiz.shown),
            paper=course.title,
        )

    async def _taken(
        self, unit: Unit, chat: ChatId, learner: Learner, action: AnswerQuiz | QuizDone
    ) -> Quiz | Outcome:
        """The question, held for an answer of a member who has given none yet."""
        quiz = await groups.quiz(unit, action.quiz, chat)
        if quiz is None:
            return QuizGone()
        part = await groups.part(unit, quiz.id, learner.id)
        if part is not None and part.answered:
            given = await groups.given(unit, part.attempt)
            return AnsweredBefore(places=_places(quiz, given.chosen), right=given.right)
        if not await groups.is_member(unit, quiz.group, learner.id):
            return NotAMember()
        return quiz if await groups.take(unit, quiz.id) else QuizOver()

    async def _begun(
        self, unit: Unit, learner: Learner, quiz: Quiz
    ) -> tuple[Attempt, Sitting, Posed]:
        """The member's own attempt at the question, begun now if there is none."""
        part = await groups.part(unit, quiz.id, learner.id)
        mine = part.attempt if part else await self._begin(unit, learner, quiz)
        found = await practice.attempt(unit, mine, learner.id)
        assert found is not None
        course = await review.picked(unit, self._library, found[1], learner.language)
        return *found, pose(course, found[0])

    async def _begin(self, unit: Unit, learner: Learner, quiz: Quiz) -> AttemptId:
        """A sitting of this one question. It ends at once, so that no paper is under way by it."""
        pick = Pick(
            version=quiz.version, course=quiz.course, question=quiz.question, variant=quiz.variant
        )
        sitting = await practice.begin(
            unit, learner.id, quiz.version, IN_GROUP, quiz.id, quiz.posted_at, (pick,)
        )
        await practice.finish(unit, sitting.id, quiz.posted_at)
        attempt = await practice.open_attempt(
            unit,
            sitting,
            question=quiz.question,
            place=0,
            variant=quiz.variant,
            shown=quiz.shown,
            at=quiz.posted_at,
            aside=True,
        )
        await groups.take_part(unit, quiz.id, learner.id, attempt.id)
        return attempt.id

    async def _grade(
        self,
        unit: Unit,
        learner: Learner,
        quiz: Quiz,
        begun: tuple[Attempt, Sitting, Posed],
        places: frozenset[int],
        at: datetime,
    ) -> MemberAnswered:
        attempt, sitting, posed = begun
        answered = await keep_choice(
            unit, learner, attempt, sitting, posed, places, at=at, settles=True
        )
        await groups.answered(unit, quiz.id, learner.id, at)
        return MemberAnswered(answered=replace(answered, asks=None))


def _places(quiz: Quiz, chosen: frozenset[OptionId]) -> tuple[int, ...]:
    return tuple(place for place, option in enumerate(quiz.shown) if option in chosen)

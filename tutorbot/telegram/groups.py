"""What the bot makes of what is said in groups: the table from requests to flows and views."""

from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import NullTranslations
from typing import assert_never

from tutorbot.core.actions import (
    AnswerQuiz,
    EndQuiz,
    LeaveTable,
    PostQuiz,
    QuizDone,
    ShowTable,
)
from tutorbot.core.groups import (
    AnsweredBefore,
    AnswerFirst,
    JustPosted,
    KeptForQuiz,
    MemberAnswered,
    NoQuestion,
    NotAMember,
    NotAPerson,
    Outcome,
    QuizEnded,
    QuizGone,
    QuizOver,
    QuizPosted,
    SolutionForOne,
    Table,
    TableChoice,
    Ticked,
    WhichPaper,
)
from tutorbot.core.ids import ChatId
from tutorbot.core.learner import Learner
from tutorbot.core.practice import NothingTicked
from tutorbot.flows.groups import Groups
from tutorbot.store import groups
from tutorbot.store.unit import Unit
from tutorbot.telegram.read import (
    CommandInGroup,
    GroupMoved,
    InGroup,
    MembersChanged,
    PressedInGroup,
    RemovedFromGroup,
)
from tutorbot.views import groups as view, practice as practice_view
from tutorbot.views.reply import Change, Utterance

SaidInGroup = (
    InGroup | CommandInGroup | PressedInGroup | RemovedFromGroup | GroupMoved | MembersChanged
)

_PRIVATE = {
    "start",
    "papers",
    "review",
    "progress",
    "quizzes",
    "exam",
    "settings",
    "privacy",
    "export",
    "forget",
    "streak",
    "tz",
    "formulas",
    "help",
}
"""Commands that lead to the private chat. Others may be meant for another bot of the group."""

_HIDE = {"hide", "hide me"}
_SHOW = {"show", "show me"}


class GroupTalk:
    """Answers one thing said in a group, within the transaction that it is given."""

    def __init__(self, flows: Groups, languages: Callable[[str], NullTranslations]) -> None:
        self._flows = flows
        self._languages = languages

    async def __call__(
        self, unit: Unit, learner: Learner | None, said: SaidInGroup
    ) -> Sequence[Utterance]:
        language = learner.language if learner else said.speaker.language
        words = self._languages(language)
        chat = said.speaker.chat
        match said:
            case InGroup(added=added):
                if added:
                    await groups.meet(unit, chat, said.at)
                return view.welcome(words)
            case RemovedFromGroup():
                await groups.left(unit, chat, said.at)
            case GroupMoved(old=old, new=new):
                await groups.move(unit, old, new)
            case MembersChanged(telegram_ids=those, left=left):
                await groups.mark_members(unit, chat, [*those], said.at if left else None)
            case CommandInGroup():
                return await self._command(words, unit, learner, said, language)
            case PressedInGroup():
                outcome = await self._pressed(unit, learner, said, language)
                return _show(self._languages, words, outcome, pressed=True)
            case _:
                assert_never(said)
        return ()

    async def counters(
        self, unit: Unit, now: datetime
    ) -> Sequence[tuple[ChatId, Sequence[Change]]]:
        """Bring the counters below posted questions up to date, as far as they may be edited."""
        return [
            (chat, view.counter(self._languages(posed.quiz.language), posed))
            for chat, posed in await self._flows.counters(unit, now)
        ]

    async def _command(
        self,
        words: NullTranslations,
        unit: Unit,
        learner: Learner | None,
        said: CommandInGroup,
        language: str,
    ) -> Sequence[Utterance]:
        chat, wish = said.speaker.chat, said.argument.casefold()
        match said.name:
            case "quiz":
                outcome = await self._flows.ask(
                    unit, chat, learner, language, said.argument, said.at
                )
            case "table" if wish in _HIDE | _SHOW:
                if learner is None:
                    return view.not_a_person(words, pressed=False)
                outcome = await self._flows.leave_table(
                    unit, chat, learner, said.at, hidden=wish in _HIDE
                )
            case "table":
                outcome = await self._flows.table(unit, chat, said.at)
            case name if name in _PRIVATE or said.addressed:
                return view.private_only(words)
            case _:
                return ()
        return _show(self._languages, words, outcome, pressed=False)

    async def _pressed(
        self, unit: Unit, learner: Learner | None, said: PressedInGroup, language: str
    ) -> Outcome:
        flows, chat, at = self._flows, said.speaker.chat, said.at
        match said.action:
            case EndQuiz() as action:
                return await flows.end(unit, chat, learner, action, at, admin=said.admin)
            case ShowTable():
                return await flows.table(unit, chat, at)
            case None:
                return QuizGone()
            case _ if learner is None or said.speaker.anonymous:
                return NotAPerson()
            case AnswerQuiz() as action:
                return await flows.answer(unit, chat, learner, action, at)
            case QuizDone() as action:
                return await flows.done(unit, chat, learner, action, at)
            case PostQuiz() as action:
                return await flows.post(unit, chat, learner, language, action, at)
            case LeaveTable():
                return await flows.leave_table(unit, chat, learner, at)
            case _:
                return QuizGone()


def _show(
    languages: Callable[[str], NullTranslations],
    words: NullTranslations,
    outcome: Outcome,
    *,
    pressed: bool,
) -> Sequence[Utterance]:
    match outcome:
        case WhichPaper():
            return view.which_paper(words, outcome)
        case QuizPosted(posed=posed):
            return view.posted(words, posed)
        case NoQuestion():
            return view.no_question(words)
        case JustPosted():
            return view.just_posted(words, pressed=pressed)
        case QuizGone():
            return view.gone(words)
        case QuizOver():
            return view.over(words)
        case MemberAnswered():
            return view.member_answered(words, outcome)
        case AnsweredBefore():
            return view.answered_before(words, outcome)
        case Ticked():
            return view.ticked(words, outcome)
        case NothingTicked():
            return practice_view.nothing_ticked(words)
        case AnswerFirst():
            return view.answer_first(words)
        case SolutionForOne():
            return view.solution_for_one(words, outcome)
        case QuizEnded():  # for all, in the language in which it was asked
            return view.ended(languages(outcome.posed.quiz.language), outcome)
        case NotAPerson():
            return view.not_a_person(words, pressed=pressed)
        case KeptForQuiz():
            return view.kept_for_quiz(words)
        case NotAMember():
            return view.not_a_member(words)
        case Table():
            return view.table(words, outcome, pressed=pressed)
        case TableChoice():
            return view.table_choice(words, outcome, pressed=pressed)
        case _:
            assert_never(outcome)

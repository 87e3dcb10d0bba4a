"""The desk of doubted keys."""

from collections.abc import Callable, Sequence
from datetime import datetime
from gettext import NullTranslations
from typing import assert_never, cast

from tutorbot.core.actions import Action
from tutorbot.core.classes import NotAllowed
from tutorbot.core.ids import AttemptId, CourseId, RegradeId
from tutorbot.core.keys import (
    EVERYWHERE,
    AddAnswer,
    AnswerAsked,
    Applied,
    ApplyRegrade,
    AskDoubt,
    ChoosePolicy,
    Doubt,
    DoubtAsked,
    DoubtedQuestion,
    DoubtNoted,
    Doubts,
    DoubtTakenBack,
    Draft,
    DropAnswer,
    DropRegrade,
    EditKey,
    GiveReason,
    Gone,
    InWork,
    KeepKey,
    KeyAction,
    KeyKept,
    ListDoubts,
    ListUndecided,
    NoneUndecided,
    NoReason,
    NoRight,
    NothingChanged,
    OpenDoubt,
    Proposed,
    Refused,
    RefuseRegrade,
    Rule,
    Ruled,
    SayDoubt,
    ShowRegrade,
    SureToRefuse,
    TakeDoubtBack,
    Tried,
    TryRegrade,
    TurnOption,
    UndecidedAnswer,
    Undone,
    UndoRegrade,
)
from tutorbot.core.learner import Learner
from tutorbot.flows import doubts, key_drafts
from tutorbot.flows.doubts import Outcome
from tutorbot.flows.keys import Keys
from tutorbot.flows.publishing import Author
from tutorbot.flows.rulings import Rulings
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.desks import as_messages
from tutorbot.telegram.read import Command, Pressed, Wrote
from tutorbot.views import classes as classes_view, doubts as doubts_view, keys as view
from tutorbot.views.reply import Utterance


class KeyDesk:
    name = "key"
    actions = frozenset[type[Action]](KeyAction.__args__)
    commands = frozenset({"keys"})

    def __init__(
        self, keys: Keys, rulings: Rulings, languages: Callable[[str], NullTranslations]
    ) -> None:
        self._keys = keys
        self._rulings = rulings
        self._languages = languages

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        asked = cast("KeyAction", action)
        outcome = await self._asked(unit, learner, said, asked)
        if isinstance(outcome, DoubtTakenBack) and isinstance(asked, TakeDoubtBack):
            return doubts_view.doubt_taken_back(words, asked.attempt)
        if isinstance(outcome, Proposed) and isinstance(asked, ApplyRegrade):
            return view.put_before_authors(words, outcome, of=asked.regrade)
        new = isinstance(asked, EditKey)  # else the draft has its message
        return show(words, outcome, new=new)

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        author = Author(learner=learner, telegram_id=said.speaker.telegram_id)
        outcome = await self._keys.doubts(unit, author, ListDoubts(EVERYWHERE))
        if isinstance(outcome, NotAllowed):
            return view.not_yours(words)
        return show(words, outcome)

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        author = Author(learner=learner, telegram_id=said.speaker.telegram_id)
        match prompt.purpose:
            case doubts.DOUBT:
                flag = SayDoubt(AttemptId(prompt.about["attempt"]), Doubt.ELSE)
                outcome = await self._keys.say_doubt(unit, learner, flag, said.at, said.text)
            case key_drafts.ANSWER:
                regrade = RegradeId(prompt.about["regrade"])
                outcome = await self._keys.add_answer(unit, author, regrade, said.text)
            case _:
                regrade = RegradeId(prompt.about["regrade"])
                outcome = await self._keys.type_reason(unit, author, regrade, said.text)
        if isinstance(outcome, DoubtNoted):
            return doubts_view.doubt_noted(words, outcome, typed=True)
        return as_messages(show(words, outcome, new=True))

    async def published(
        self, unit: Unit, author: Author, course: CourseId, at: datetime
    ) -> Sequence[Utterance]:
        """Offer to let answers under older versions follow a file that was just published."""
        words = self._languages(author.learner.language)
        return view.from_file(words, await self._keys.from_file(unit, author, course, at))

    async def _asked(
        self, unit: Unit, learner: Learner, said: Pressed, asked: KeyAction
    ) -> Outcome:
        keys, at = self._keys, said.at
        author = Author(learner=learner, telegram_id=said.speaker.telegram_id)
        match asked:
            case AskDoubt():
                return await keys.ask_doubt(unit, learner, asked)
            case SayDoubt():
                return await keys.say_doubt(unit, learner, asked, at)
            case TakeDoubtBack():
                return await keys.take_doubt_back(unit, learner, asked)
            case ListDoubts():
                return await keys.doubts(unit, author, asked)
            case OpenDoubt():
                return await keys.question(unit, author, asked)
            case KeepKey():
                return await keys.keep(unit, author, asked, at)
            case EditKey():
                return await keys.edit(unit, author, asked, at)
            case ShowRegrade():
                return await keys.show(unit, author, asked)
            case TurnOption():
                return await keys.turn(unit, author, asked)
            case AddAnswer():
                return await keys.ask_answer(unit, author, asked, at)
            case DropAnswer():
                return await keys.drop_answer(unit, author, asked)
            case ChoosePolicy():
                return await keys.choose_policy(unit, author, asked)
            case GiveReason():
                return await keys.give_reason(unit, author, asked, at)
            case TryRegrade():
                return await keys.try_out(unit, author, asked)
            case ApplyRegrade():
                return await keys.apply(unit, author, asked, at)
            case DropRegrade():
                return await keys.drop(unit, author, asked)
            case RefuseRegrade():
                return await keys.refuse(unit, author, asked, at)
            case UndoRegrade():
                return await keys.undo(unit, author, asked, at)
            case ListUndecided():
                return await self._rulings.next(unit, author, asked)
            case Rule():
                return await self._rulings.rule(unit, author, asked, at)
            case _:
                assert_never(asked)


def show(words: NullTranslations, outcome: Outcome, *, new: bool = False) -> Sequence[Utterance]:
    match outcome:
        case DoubtAsked():
            return doubts_view.doubt_asked(words, outcome)
        case DoubtNoted():
            return doubts_view.doubt_noted(words, outcome)
        case DoubtTakenBack() | Gone():
            return view.decided_before(words)
        case Doubts():
            return view.queue(words, outcome)
        case DoubtedQuestion():
            return view.doubted_question(words, outcome)
        case KeyKept():
            return view.key_kept(words, outcome)
        case Draft():
            return view.drafted(words, outcome, new=new)
        case Tried():
            return view.dry_run(words, outcome)
        case InWork():
            return view.in_work(words, outcome)
        case Applied():
            return view.corrected(words, outcome)
        case Proposed():
            return view.put_before_authors(words, outcome)
        case SureToRefuse():
            return view.sure_to_refuse(words, outcome)
        case Refused():
            return view.refused(words, outcome)
        case Undone():
            return view.taken_back(words, outcome)
        case AnswerAsked():
            return view.answer_asked(words, outcome)
        case NoReason():
            return view.no_reason(words)
        case NothingChanged():
            return view.nothing_changed(words)
        case NoRight():
            return view.no_right(words)
        case UndecidedAnswer() | NoneUndecided():
            return view.undecided_answer(words, outcome)
        case Ruled():
            return view.ruling_kept(words, outcome)
        case NotAllowed():
            return classes_view.not_allowed(words)
        case _:
            assert_never(outcome)

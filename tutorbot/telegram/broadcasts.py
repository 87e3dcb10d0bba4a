"""The desk of quizzes that are set: their making, their sending, and what came of them."""

from collections.abc import Callable, Sequence
from gettext import NullTranslations
from typing import assert_never, cast

from tutorbot.core.actions import Action
from tutorbot.core.broadcasts import (
    BroadcastAction,
    Cancel,
    Extend,
    ListQuizzes,
    ListWaiting,
    NothingToRemind,
    NotStarted,
    Pause,
    Progress,
    QuizPage,
    Quizzes,
    Remind,
    Resume,
    ShowProgressOf,
    ShowQuiz,
    TooSoon,
)
from tutorbot.core.classes import NotAllowed
from tutorbot.core.drafts import (
    AlreadySet,
    ChooseAspect,
    Confirming,
    ConfirmQuiz,
    DraftAction,
    DraftPage,
    DropDraft,
    Dropped,
    NewQuiz,
    OpenAspect,
    PreviewQuiz,
    QuizPreviewed,
    QuizSet,
    SendQuiz,
    ShowDraft,
    Typing,
    Unsendable,
)
from tutorbot.core.learner import Learner
from tutorbot.flows.drafts import Making
from tutorbot.flows.receipts import Receipts, SureToCancel
from tutorbot.store.prompts import Prompt
from tutorbot.store.unit import Unit
from tutorbot.telegram.desks import as_messages
from tutorbot.telegram.read import Command, Pressed, Wrote
from tutorbot.views import (
    broadcasts as view,
    classes as classes_view,
    drafts as drafts_view,
    receipts as receipts_view,
)
from tutorbot.views.reply import Utterance

Outcome = (
    DraftPage
    | Typing
    | QuizPreviewed
    | Confirming
    | Unsendable
    | Dropped
    | Quizzes
    | QuizPage
    | NotStarted
    | Progress
    | SureToCancel
    | TooSoon
    | NothingToRemind
    | NotAllowed
    | AlreadySet
)


class SendingDesk:
    name = "send"
    actions = frozenset[type[Action]]((*DraftAction.__args__, *BroadcastAction.__args__))
    commands = frozenset[str]()

    def __init__(
        self, making: Making, receipts: Receipts, languages: Callable[[str], NullTranslations]
    ) -> None:
        self._making = making
        self._receipts = receipts
        self._languages = languages

    async def pressed(
        self, unit: Unit, learner: Learner, said: Pressed, action: Action
    ) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        asked = cast("DraftAction | BroadcastAction", action)
        if isinstance(asked, SendQuiz):
            sent = await self._making.send(unit, learner, asked, said.at)
            if not isinstance(sent, QuizSet):
                return _show(words, sent)
            progress = await self._receipts.progress(unit, sent.broadcast, said.at)
            return *drafts_view.was_set(words, sent), view.shown(words, progress)
        outcome = await self._done(unit, learner, said, asked)
        anew = isinstance(asked, NewQuiz | Remind) or (isinstance(asked, ShowQuiz) and asked.anew)
        return _show(words, outcome, anew=anew)

    async def commanded(self, unit: Unit, learner: Learner, said: Command) -> Sequence[Utterance]:
        del unit, said
        return drafts_view.too_late(self._languages(learner.language))

    async def wrote(
        self, unit: Unit, learner: Learner, said: Wrote, prompt: Prompt
    ) -> Sequence[Utterance]:
        words = self._languages(learner.language)
        outcome = await self._making.typed(unit, learner, prompt, said.text, said.at)
        if isinstance(outcome, NotAllowed):
            return as_messages(classes_view.not_allowed(words))
        if isinstance(outcome, AlreadySet):
            return drafts_view.too_late(words)
        return _show(words, outcome, anew=True)

    async def _done(
        self,
        unit: Unit,
        learner: Learner,
        said: Pressed,
        asked: DraftAction | BroadcastAction,
    ) -> Outcome:
        making, receipts, at = self._making, self._receipts, said.at
        match asked:
            case NewQuiz():
                return await making.begin(unit, learner, asked, at)
            case ShowDraft() | OpenAspect():
                return await making.show(unit, learner, asked, at)
            case ChooseAspect():
                return await making.choose(unit, learner, asked, at)
            case PreviewQuiz():
                return await making.preview(unit, learner, asked)
            case ConfirmQuiz():
                return await making.confirm(unit, learner, asked, at)
            case DropDraft():
                return await making.drop(unit, learner, asked)
            case ListQuizzes():
                return await receipts.list(unit, learner, asked)
            case ShowQuiz():
                return await receipts.show(unit, learner, asked, at)
            case ListWaiting():
                return await receipts.waiting(unit, learner, asked)
            case Remind():
                return await receipts.remind(unit, learner, asked, at)
            case Extend():
                return await receipts.extend(unit, learner, asked, at)
            case Pause() | Resume() | Cancel() | ShowProgressOf():
                return await receipts.decide(unit, learner, asked, at)
            case SendQuiz():
                raise AssertionError(asked)
            case _:
                assert_never(asked)


def _show(words: NullTranslations, outcome: Outcome, *, anew: bool = False) -> Sequence[Utterance]:
    match outcome:
        case DraftPage():
            return drafts_view.page(words, outcome, anew=anew)
        case Typing():
            return drafts_view.typing(words, outcome)
        case QuizPreviewed():
            return drafts_view.previewed(words, outcome)
        case Confirming():
            return drafts_view.confirming(words, outcome)
        case Unsendable():
            return drafts_view.unsendable(words, outcome)
        case Dropped():
            return drafts_view.dropped(words, outcome)
        case Quizzes():
            return receipts_view.quizzes(words, outcome)
        case QuizPage():
            return receipts_view.page(words, outcome, anew=anew)
        case NotStarted():
            return receipts_view.not_started(words, outcome)
        case Progress():
            return (view.shown(words, outcome) if anew else view.told(words, outcome),)
        case SureToCancel(progress=progress):
            return view.sure_to_cancel(words, progress)
        case TooSoon():
            return receipts_view.too_soon(words)
        case NothingToRemind():
            return receipts_view.nothing_to_remind(words)
        case NotAllowed():
            return classes_view.not_allowed(words)
        case AlreadySet():
            return view.decided_before(words)
        case _:
            assert_never(outcome)

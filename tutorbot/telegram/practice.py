"""What is said to what came of practising, whoever was asked for it."""

from collections.abc import Sequence
from gettext import NullTranslations
from typing import assert_never

from tutorbot.core.learner import Learner
from tutorbot.core.outcomes import Outcome
from tutorbot.core.practice import (
    AlreadyAnswered,
    AnotherFinished,
    ChoiceAnswered,
    HintOpened,
    LessonGiven,
    MovedOn,
    NoMoreHints,
    NothingDue,
    NothingOpen,
    NothingTicked,
    NotRead,
    PaperFinished,
    PosedAgain,
    PosedNext,
    ReadingGone,
    ReviewFinished,
    Shelf,
    SiblingShown,
    SolutionLater,
    SolutionOpened,
    SureToStartOver,
    TapInstead,
    TicksChanged,
    TypedAnswered,
    WhichReading,
)
from tutorbot.core.quizzes import (
    AfterTheQuiz,
    AnswerNoted,
    KeptForQuiz,
    LookedBack,
    NoSuchQuiz,
    QuizAhead,
    QuizFinished,
    QuizNotNow,
    QuizOpened,
    QuizTried,
    QuizzesSet,
    SureToHandIn,
)
from tutorbot.flows import certainty, formulas
from tutorbot.store.unit import Unit
from tutorbot.views import (
    assignments as quiz_view,
    certainty as certainty_view,
    home,
    practice as view,
    review as review_view,
)
from tutorbot.views.reply import Utterance


async def show(
    words: NullTranslations,
    unit: Unit,
    learner: Learner,
    outcome: Outcome,
    *,
    pressed: bool,
) -> Sequence[Utterance]:
    """Put an outcome into words, and note what is said by it."""
    match outcome:
        case Shelf():
            return home.shelf(words, outcome)
        case PosedNext():
            if outcome.probe:
                await formulas.asked(unit, learner)
            return view.posed_next(words, outcome)
        case SureToStartOver():
            return home.sure_to_start_over(words, outcome)
        case PosedAgain():
            return view.posed_again(words, outcome)
        case ChoiceAnswered(asks=asks) | TypedAnswered(asks=asks):
            verdict = (
                view.choice_answered(words, outcome)
                if isinstance(outcome, ChoiceAnswered)
                else view.typed_answered(words, outcome)
            )
            if asks is None:
                return verdict
            asked = certainty_view.ask(words, outcome, pressed=pressed)
            last = certainty_view.told(outcome, verdict, pressed=pressed)
            await certainty.put_off(unit, learner, asks, last)
            return asked
        case NotRead():
            return view.not_read(words, outcome)
        case WhichReading():
            return view.which_reading(words, outcome)
        case ReadingGone():
            return view.reading_gone(words)
        case TicksChanged():
            return view.ticks_changed(words, outcome)
        case NothingTicked():
            return view.nothing_ticked(words)
        case TapInstead():
            return view.tap_instead(words, outcome)
        case HintOpened():
            return view.hint_opened(words, outcome)
        case NoMoreHints():
            return view.no_more_hints(words)
        case SolutionOpened():
            return view.solution_opened(words, outcome)
        case SolutionLater():
            return view.solution_later(words)
        case PaperFinished():
            return view.paper_finished(words, outcome)
        case NothingDue():
            return review_view.nothing_due(words, outcome)
        case ReviewFinished():
            return review_view.review_finished(words, outcome)
        case AnotherFinished():
            return review_view.another_finished(words, outcome)
        case SiblingShown():
            return review_view.sibling_shown(words, outcome)
        case LessonGiven():
            return review_view.lesson_given(words, outcome)
        case (
            AnswerNoted()
            | AfterTheQuiz()
            | KeptForQuiz()
            | NoSuchQuiz()
            | QuizzesSet()
            | QuizNotNow()
            | QuizAhead()
            | SureToHandIn()
            | QuizFinished()
            | QuizTried()
            | LookedBack()
        ):
            return quiz_view.show(words, outcome, learner.timezone, pressed=pressed)
        case QuizOpened():
            if outcome.posed.probe:
                await formulas.asked(unit, learner)
            return quiz_view.show(words, outcome, learner.timezone, pressed=pressed)
        case AlreadyAnswered():
            return view.already_answered(words, pressed=pressed)
        case MovedOn():
            return home.stale(words)
        case NothingOpen():
            return home.nothing_open(words, outcome.shelf)
        case _:
            assert_never(outcome)

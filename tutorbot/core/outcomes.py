"""All that can come of what a learner says or taps while they practise."""

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
from tutorbot.core.quizzes import QuizOutcome

Outcome = (
    Shelf
    | ChoiceAnswered
    | TypedAnswered
    | NotRead
    | WhichReading
    | ReadingGone
    | TicksChanged
    | NothingTicked
    | TapInstead
    | HintOpened
    | NoMoreHints
    | SolutionOpened
    | SolutionLater
    | PosedAgain
    | PosedNext
    | SureToStartOver
    | PaperFinished
    | NothingDue
    | ReviewFinished
    | AnotherFinished
    | SiblingShown
    | LessonGiven
    | QuizOutcome
    | AlreadyAnswered
    | MovedOn
    | NothingOpen
)

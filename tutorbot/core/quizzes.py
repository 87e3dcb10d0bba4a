"""What can come of answering a quiz that is set to a class.

The outcomes are what flows give back and views put into words.
"""

from dataclasses import dataclass

from tutorbot.core.answers.verdicts import Echo
from tutorbot.core.assignments import Standing, Summary, Worth
from tutorbot.core.practice import Posed, PosedNext
from tutorbot.core.streaks import News, Streak


@dataclass(frozen=True, kw_only=True)
class AnswerNoted:
    """An answer is in, and nothing tells whether it stands."""

    posed: Posed
    chosen: frozenset[int] = frozenset()  # places in `posed.shown`
    echo: Echo | None = None  # of what was typed
    news: News | None = None


@dataclass(frozen=True, kw_only=True)
class AfterTheQuiz:
    """Help like that would tell too much while the quiz is open."""


@dataclass(frozen=True, kw_only=True)
class KeptForQuiz:
    """A question, met elsewhere, of a quiz that the learner is in the middle of."""

    standing: Standing


@dataclass(frozen=True, kw_only=True)
class NoSuchQuiz:
    """There is none, or it was not set to them, or they have left the class."""


@dataclass(frozen=True, kw_only=True)
class QuizzesSet:
    """What is set to a learner, the newest first."""

    standings: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True)
class QuizNotNow:
    """It is not to be answered: not yet, no more, or no more by them."""

    standing: Standing
    cut_off: bool = False  # in the middle of it
    summary: Summary | None = None


@dataclass(frozen=True, kw_only=True)
class QuizAhead:
    """Its time would run from its opening, so that is asked about first."""

    standing: Standing


@dataclass(frozen=True, kw_only=True)
class QuizOpened:
    standing: Standing
    posed: PosedNext
    trial: bool = False  # by one of those who set it
    covered: bool = False  # whether there is a message about its terms already


@dataclass(frozen=True, kw_only=True)
class SureToHandIn:
    standing: Standing
    unanswered: int
    left: Posed | None = None


@dataclass(frozen=True, kw_only=True)
class QuizFinished:
    standing: Standing
    summary: Summary | None  # None: it is told later
    left: Posed | None = None
    streak: Streak | None = None


@dataclass(frozen=True, kw_only=True)
class QuizTried:
    """A quiz was gone through without counting: by who set it, or as practice."""

    left: Posed
    right: int  # at the first try
    of: int
    trial: bool


@dataclass(frozen=True, kw_only=True)
class LookedBack:
    """A question of a quiz that is over."""

    standing: Standing
    posed: Posed
    worth: Worth
    given: str | None  # as typed
    chosen: frozenset[int] = frozenset()  # places in `posed.shown`


QuizOutcome = (
    AnswerNoted
    | AfterTheQuiz
    | KeptForQuiz
    | NoSuchQuiz
    | QuizzesSet
    | QuizNotNow
    | QuizAhead
    | QuizOpened
    | SureToHandIn
    | QuizFinished
    | QuizTried
    | LookedBack
)
"""What can come of a quiz that is set to a class."""

"""How sure learners are of their answers, and how often they are right when they say so.

Certainty is asked about the first answer to a question, after it has come in and before its verdict
is told. Each level stands for a range of how often one would be right with it; together these
ranges leave nothing out, so that whatever the figures, a level has them fit or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from math import sqrt

from tutorbot.core.ids import AnswerId, AttemptId, CourseId, QuestionId
from tutorbot.core.mastery import First
from tutorbot.core.recall import Memory


class Level(Enum):
    GUESS = "g"
    FAIRLY = "f"
    CERTAIN = "c"


MEANS: Mapping[Level, tuple[float, float]] = {
    Level.GUESS: (0.0, 0.5),
    Level.FAIRLY: (0.5, 0.9),
    Level.CERTAIN: (0.9, 1.0),
}
"""The share of right answers that a level promises, from and to."""

LEAST = 10
"""Answers at a level below which nothing is said of it."""

MOST = 5
"""Mistakes shown, and posed again in one go."""

_Z = 1.96  # of the normal distribution, for 95 of 100


class Finding(Enum):
    TOO_FEW = "too few"
    LESS = "less"  # right less often than the level promises
    FITS = "fits"
    OPEN = "open"  # it lies outside, and that may be luck
    MORE = "more"


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """How the answers at one level went."""

    level: Level
    right: int
    of: int

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share would come to lie with very many answers, in 95 of 100 cases."""
        return wilson(self.right, self.of)

    @property
    def finding(self) -> Finding:
        """Less or more is what can hardly be luck: the whole interval lies past the promise."""
        if self.of < LEAST:
            return Finding.TOO_FEW
        (low, high), (least, most) = self.interval, MEANS[self.level]
        if high < least:
            return Finding.LESS
        if low > most:
            return Finding.MORE
        return Finding.FITS if least <= self.share <= most else Finding.OPEN


@dataclass(frozen=True, kw_only=True)
class Asks:
    """The learner is to say how sure they are of an answer, and its verdict waits until then."""

    answer: AnswerId
    course: CourseId
    question: QuestionId
    # What is remembered if it was a guess; None where that makes no difference.
    if_guessed: Memory | None = None


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """An answer whose learner was asked how sure they are."""

    attempt: AttemptId
    right: bool
    asks: Asks


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A question that was answered with certainty, and wrongly, and not rightly since."""

    course: CourseId
    question: QuestionId
    title: str
    paper: str


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What a learner knows about what they know."""

    on: bool  # whether they are asked
    levels: tuple[Calibrated, ...]
    mistakes: tuple[Mistake, ...] = ()  # newest first

    @property
    def said(self) -> int:
        return sum(each.of for each in self.levels)


@dataclass(frozen=True, kw_only=True)
class Noted:
    """The learner has said how sure they are; ``right`` is how the answer went."""

    level: Level
    right: bool


@dataclass(frozen=True, kw_only=True)
class ToldBefore:
    """The learner says how sure they are of an answer whose verdict is no longer awaited."""


@dataclass(frozen=True, kw_only=True)
class NoMistakes:
    """There is nothing left to mend of what was answered with certainty."""


def is_asked(*, wanted: bool, code: str, tries: int, hints: int, of: int) -> bool:
    """Whether to ask how sure a learner is of an answer.

    Args:
        wanted: the learner likes to be asked.
        code: of the verdict; only what is right or wrong can be compared with what one thought.
        tries: before this answer; later ones follow a verdict, and certainty is about knowing.
        hints: opened before the answer, the worked example included.
        of: the hints there are, the worked example left out: whoever saw that, follows it.
    """
    return wanted and code in {"right", "wrong"} and not tries and hints <= of


def calibrated(said: Iterable[tuple[Level, bool]]) -> tuple[Calibrated, ...]:
    """Count, for each level in order, how often an answer was right."""
    right, of = dict.fromkeys(Level, 0), dict.fromkeys(Level, 0)
    for level, was_right in said:
        of[level] += 1
        right[level] += was_right
    return tuple(Calibrated(level=each, right=right[each], of=of[each]) for each in Level)


def to_mend(
    slips: Iterable[tuple[CourseId, QuestionId]], firsts: Iterable[First]
) -> tuple[tuple[CourseId, QuestionId], ...]:
    """The questions that went wrong though their learner was certain, and still do.

    Args:
        slips: newest first, of which the newest few are kept.
        firsts: first answers, oldest first; who has answered rightly since, has mended it.
    """
    last = {(each.course, each.question): each.right for each in firsts}
    left = [each for each in dict.fromkeys(slips) if not last.get(each, False)]
    return tuple(left[:MOST])


def wilson(right: int, of: int, z: float = _Z) -> tuple[float, float]:
    """The score interval of a share, which is honest for few answers and for all or none right.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22 (1927), 209-212.

    >>> [round(each, 3) for each in wilson(8, 10)], wilson(0, 0)
    ([0.49, 0.943], (0.0, 1.0))
    """
    if not of:
        return 0.0, 1.0
    share, per = right / of, z * z / of
    middle = (share + per / 2) / (1 + per)
    reach = z * sqrt(share * (1 - share) / of + per / (4 * of)) / (1 + per)
    # Where none or all are right, the end is exact, whatever the last bits make of it.
    low = 0.0 if right == 0 else middle - reach
    return low, 1.0 if right == of else middle + reach

"""How hard questions are and how able learners: Elo with guessing.

As chess players are rated, in units of natural logarithms: a learner of ability 1 gives a question
of difficulty 0 a right answer with odds of e to 1, beside what guessing gives. A beginner and a new
question are at 0. A. Elo, The Rating of Chessplayers, 1978; for tutors: R. Pelánek, Applications
of the Elo rating system in adaptive educational systems, Computers & Education 98, 2016.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp

from tutorbot.core.course import Choice, Question
from tutorbot.core.ids import CourseId, LearnerId, QuestionId

Item = tuple[CourseId, QuestionId]

FITTING = 0.75
"""The chance of a right answer at which practice is neither dull nor dispiriting."""

_FIRST_STEP = 0.8
_FADING = 0.05  # how much smaller the steps get with each answer


@dataclass(frozen=True, kw_only=True)
class Rating:
    """Of a learner, in ability, or of a question, in difficulty."""

    value: float = 0.0
    answers: int = 0  # first answers that it rests on

    def moved(self, surprise: float) -> "Rating":
        """The more answers there were, the smaller the step."""
        step = _FIRST_STEP / (1 + _FADING * self.answers)
        return Rating(value=self.value + step * surprise, answers=self.answers + 1)


UNKNOWN = Rating()


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A first answer of a learner to a question."""

    learner: LearnerId
    item: Item
    right: bool  # and without a hint
    guess: float  # the chance to be right without any idea


def guessing(question: Question) -> float:
    """The chance to be right without any idea."""
    body = question.body
    if not isinstance(body, Choice):
        return 0.0
    options = len(body.options)
    return 1 / (2**options - 1) if body.several else 1 / options


def chance(ability: float, difficulty: float, guess: float) -> float:
    """The chance of a right answer.

    >>> chance(0, 0, 0), chance(0, 0, 0.25)
    (0.5, 0.625)
    """
    return guess + (1 - guess) / (1 + exp(difficulty - ability))


def met(learner: Rating, item: Rating, *, right: bool, guess: float) -> tuple[Rating, Rating]:
    """Both after an answer, each moved by how much it surprises."""
    surprise = right - chance(learner.value, item.value, guess)
    return learner.moved(surprise), item.moved(-surprise)


def rated(
    meetings: Iterable[Meeting],
    learners: Mapping[LearnerId, Rating],
    items: Mapping[Item, Rating],
) -> tuple[dict[LearnerId, Rating], dict[Item, Rating]]:
    """Learners and questions after these meetings, oldest first; those who met nobody are left out.

    A mapping may lack whoever is new.
    """
    able: dict[LearnerId, Rating] = {}
    hard: dict[Item, Rating] = {}
    for each in meetings:
        learner = able.get(each.learner) or learners.get(each.learner, UNKNOWN)
        item = hard.get(each.item) or items.get(each.item, UNKNOWN)
        able[each.learner], hard[each.item] = met(learner, item, right=each.right, guess=each.guess)
    return able, hard


def fit(question: Question, ability: Mapping[str, float], difficulty: float = 0.0) -> float:
    """How far a new question is from what fits a learner of such ability by skill: 0 fits best."""
    known = [ability.get(name, 0.0) for name in question.skills] or [0.0]
    return abs(chance(sum(known) / len(known), difficulty, guessing(question)) - FITTING)

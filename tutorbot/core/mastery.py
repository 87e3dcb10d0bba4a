"""What a learner masters, where they are stuck, and how hard a question would be for them.

All of it follows from first answers, those given before any other try at a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import exp

from tutorbot.core.course import Choice, Question, Values
from tutorbot.core.ids import CourseId, QuestionId

RECENT = 4
RIGHT_OF_RECENT = 3
VARIANTS = 2
APART = timedelta(hours=20)
STUCK_AFTER = 10
"""First answers without mastery."""

LESSON_EVERY = 3
"""Mistakes of one kind."""


class Standing(Enum):
    MASTERED = "mastered"
    LEARNING = "learning"
    WEAK = "weak"
    STUCK = "stuck"  # much practice, and no mastery: something else is needed


@dataclass(frozen=True, kw_only=True)
class First:
    """A first answer."""

    course: CourseId
    question: QuestionId
    values: Values
    right: bool
    hints: int
    at: datetime

    @property
    def unaided(self) -> bool:
        return self.right and not self.hints


@dataclass(frozen=True, kw_only=True)
class Skill:
    name: str
    standing: Standing
    answers: int  # first answers
    right: int  # of the most recent ones, without help
    recent: int  # how many these are
    last: datetime


def mastered(firsts: Sequence[First], *, varied: bool) -> bool:
    """Whether the first answers to the questions of a skill show mastery.

    Args:
        firsts: oldest first.
        varied: whether there is more than one question, or variant of it.
    """
    right = [each for each in firsts[-RECENT:] if each.unaided]
    if len(right) < RIGHT_OF_RECENT or right[-1].at - right[0].at < APART:
        return False
    met = {(each.course, each.question, each.values) for each in right}
    return not varied or len(met) >= VARIANTS


def stuck(firsts: Sequence[First], *, varied: bool) -> bool:
    """Whether there was much practice and never mastery, not even for a while."""
    return len(firsts) >= STUCK_AFTER and not any(
        mastered(firsts[:end], varied=varied) for end in range(1, len(firsts) + 1)
    )


def skills(
    firsts: Iterable[First], questions: Mapping[tuple[CourseId, QuestionId], Question]
) -> tuple[Skill, ...]:
    """How a learner stands in each skill that they have met, by name.

    Args:
        firsts: oldest first.
        questions: all that there are; answers to others are passed over.
    """
    by_skill: dict[str, list[First]] = defaultdict(list)
    for each in firsts:
        question = questions.get((each.course, each.question))
        for name in question.skills if question else ():
            by_skill[name].append(each)
    variants: dict[str, int] = defaultdict(int)
    for question in questions.values():
        for name in question.skills:
            variants[name] += len(question.variants)
    return tuple(
        _skill(name, by_skill[name], varied=variants[name] > 1) for name in sorted(by_skill)
    )


def _skill(name: str, firsts: Sequence[First], *, varied: bool) -> Skill:
    recent = firsts[-RECENT:]
    right = sum(each.unaided for each in recent)
    if mastered(firsts, varied=varied):
        standing = Standing.MASTERED
    elif stuck(firsts, varied=varied):
        standing = Standing.STUCK
    else:
        standing = Standing.WEAK if 2 * right < len(recent) else Standing.LEARNING
    return Skill(
        name=name,
        standing=standing,
        answers=len(firsts),
        right=right,
        recent=len(recent),
        last=firsts[-1].at,
    )


# Elo, as chess players are rated, in units of natural logarithms: a learner of ability 1 gives a
# question of difficulty 0 a right answer with odds of e to 1, beside what guessing gives.

_FIRST_STEP = 0.8
_FADING = 0.05  # how much smaller the steps get with each answer
FITTING = 0.75
"""The chance of a right answer at which practice is neither dull nor dispiriting."""


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


def learnt(
    ability: float, difficulty: float, *, right: bool, guess: float, answers: int
) -> tuple[float, float]:
    """Ability and difficulty after an answer, each moved by how much it surprises.

    Args:
        ability: of the learner.
        difficulty: of the question.
        right: the answer.
        guess: the chance to be right without any idea.
        answers: how many there were before; the more, the smaller the step.
    """
    surprise = right - chance(ability, difficulty, guess)
    step = _FIRST_STEP / (1 + _FADING * answers)
    return ability + step * surprise, difficulty - step * surprise


def abilities(
    firsts: Iterable[First], questions: Mapping[tuple[CourseId, QuestionId], Question]
) -> dict[str, float]:
    """The ability in each skill that a learner has met; 0 is that of a beginner."""
    found: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    difficulties: dict[tuple[CourseId, QuestionId], float] = defaultdict(float)
    for each in firsts:
        key = (each.course, each.question)
        question = questions.get(key)
        if question is None:
            continue
        guess = guessing(question)
        for name in question.skills:
            found[name], difficulties[key] = learnt(
                found[name],
                difficulties[key],
                right=each.unaided,
                guess=guess,
                answers=counts[name],
            )
            counts[name] += 1
    return dict(found)


def fit(question: Question, ability: Mapping[str, float]) -> float:
    """How far a new question is from what fits a learner: 0 fits best."""
    known = [ability.get(name, 0.0) for name in question.skills] or [0.0]
    return abs(chance(sum(known) / len(known), 0, guessing(question)) - FITTING)

"""What a learner masters, where they are stuck, and how able they are.

All of it follows from first answers, those given before any other try at a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from tutorbot.core.course import Question, Values
from tutorbot.core.difficulty import UNKNOWN, Item, Rating, guessing, met
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


def abilities(
    firsts: Iterable[First],
    questions: Mapping[Item, Question],
    difficulties: Mapping[Item, float],
) -> dict[str, float]:
    """The ability in each skill that a learner has met, as `core.difficulty` measures it.

    Args:
        firsts: oldest first.
        questions: all that there are; answers to others are passed over.
        difficulties: of those that others have answered, too.
    """
    found: dict[str, Rating] = {}
    for each in firsts:
        key = (each.course, each.question)
        question = questions.get(key)
        if question is None:
            continue
        guess, item = guessing(question), Rating(value=difficulties.get(key, 0.0))
        for name in question.skills:
            before = found.get(name, UNKNOWN)
            found[name], _ = met(before, item, right=each.unaided, guess=guess)
    return {name: rating.value for name, rating in found.items()}

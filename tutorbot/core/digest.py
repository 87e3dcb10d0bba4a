"""The word about a class on Monday mornings: what is worth knowing of the week before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tutorbot.core import mastery
from tutorbot.core.course import Question
from tutorbot.core.ids import AssignmentId, ClassId, CourseId, LearnerId, QuestionId
from tutorbot.core.mastery import Standing
from tutorbot.core.results import SkillLine

HOUR = timedelta(hours=8)
"""From the start of Monday, by the clocks of the class."""

LATEST = timedelta(days=2)
"""Later than that nothing is said of the week before: it is nearly the next."""

WEEK = timedelta(days=7)
COMMON = 3
"""Answers that show a misconception, from which it is common."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A question whose key the strong speak against."""

    assignment: AssignmentId
    quiz: str
    place: int
    question: str


@dataclass(frozen=True, kw_only=True)
class Called:
    """A learner, for whoever may see names."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Digest:
    class_id: ClassId
    title: str
    weak: tuple[SkillLine, ...]
    tags: tuple[tuple[str, int], ...]
    doubts: tuple[Doubt, ...]
    stuck: tuple[tuple[Called, tuple[str, ...]], ...]  # with the skills
    silent: tuple[Called, ...]

    @property
    def empty(self) -> bool:
        return not (self.weak or self.tags or self.doubts or self.stuck or self.silent)


def common_tags(tags: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The misconceptions of several answers, the most frequent first."""
    counts = Counter(tags)
    return tuple(
        (tag, count)
        for tag, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        if count >= COMMON
    )


def stuck_skills(
    firsts: Mapping[LearnerId, Sequence[mastery.First]],
    questions: Mapping[tuple[CourseId, QuestionId], Question],
) -> dict[LearnerId, tuple[str, ...]]:
    """Those who practise a skill much, and never master it."""
    found: dict[LearnerId, tuple[str, ...]] = {}
    for learner, theirs in firsts.items():
        if len(theirs) < mastery.STUCK_AFTER:
            continue
        names = tuple(
            each.name
            for each in mastery.skills(theirs, questions)
            if each.standing is Standing.STUCK
        )
        if names:
            found[learner] = names
    return found

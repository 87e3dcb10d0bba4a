"""What to review today: overdue first, kindred ones apart, no more than a day can hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tutorbot.core.course import Values
from tutorbot.core.ids import CourseId, CourseVersionId, QuestionId
from tutorbot.core.recall import LAST_DAYS, Memory, due_on, known

REVIEW = CourseId("~review")
"""What stands for the paper when a learner reviews; the name of no course."""

AGAIN = CourseId("~again")
"""The same for one question with other numbers."""

REVIEWS_A_DAY = 20
NEW_A_DAY = 10

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Pick:
    """A question to pose, in the version of the course and the variant in which it was picked."""

    version: CourseVersionId
    course: CourseId
    question: QuestionId
    variant: int


@dataclass(frozen=True, kw_only=True)
class Card:
    """A question that a learner has answered, and how well they know it."""

    course: CourseId
    question: QuestionId
    memory: Memory
    values: Values  # when it was last rated

    def owner(self, learner: int) -> str:
        return owner(learner, self.course, self.question)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question that could be posed."""

    course: CourseId
    question: QuestionId
    skills: frozenset[str] = frozenset()
    due: date | None = None  # None: never answered
    known: float = 0.0
    rated_on: date | None = None
    ratings: int = 0

    @property
    def kin(self) -> tuple[CourseId, frozenset[str]] | None:
        """Siblings have the same; None has none."""
        return (self.course, self.skills) if self.skills else None


@dataclass(frozen=True, kw_only=True)
class Coming:
    """When the next reviews are due."""

    day: date
    days: int  # from today
    count: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    due: tuple[Candidate, ...] = ()  # to pose now, in this order
    waiting: int = 0  # due as well, and moved to the days to come
    new: tuple[Candidate, ...] = ()  # that could be begun today
    coming: Coming | None = None  # after what is posed now


def owner(learner: int, course: CourseId, question: QuestionId) -> str:
    """The name by which due days are spread."""
    return f"{learner}/{course}/{question}"


def candidate(
    card: Card, learner: int, skills: Iterable[str], today: date, exam: date | None = None
) -> Candidate:
    return Candidate(
        course=card.course,
        question=card.question,
        skills=frozenset(skills),
        due=due_on(card.memory, card.owner(learner), exam),
        known=known(card.memory, today),
        rated_on=card.memory.rated_on,
        ratings=card.memory.ratings,
    )


def plan(
    candidates: Iterable[Candidate],
    today: date,
    *,
    exam: date | None = None,
    a_day: int = REVIEWS_A_DAY,
    new_a_day: int = NEW_A_DAY,
) -> Plan:
    """Choose what to pose now.

    What is least known comes first, and what does not fit into the day waits for the next, as do
    siblings of what is posed or was answered today; shortly before an exam, siblings do not wait.

    Args:
        candidates: all questions that were ever answered, and new ones in the order to begin them.
        today: the study day.
        exam: the day of it.
        a_day: reviews, those already done today included.
        new_a_day: the same of new ones.
    """
    every = list(candidates)
    done = [each for each in every if each.rated_on == today]
    room = max(0, a_day - sum(each.ratings > 1 for each in done))
    room_for_new = max(0, new_a_day - sum(each.ratings == 1 for each in done))
    soon = exam is not None and today < exam <= today + LAST_DAYS * _DAY
    buried = {each.kin for each in done}

    def unburied(those: Sequence[Candidate], room: int) -> list[Candidate]:
        taken: list[Candidate] = []
        for each in those:
            if len(taken) < room and (soon or each.kin is None or each.kin not in buried):
                taken.append(each)
                buried.add(each.kin)
        return taken

    overdue = [each for each in every if each.due is not None and each.due <= today]
    overdue.sort(key=lambda each: (each.known, each.due, each.course, each.question))
    now = unburied(overdue, room)
    new = unburied([each for each in every if each.due is None], room_for_new)
    waiting = len(overdue) - len(now)
    return Plan(
        due=mixed(now),
        waiting=waiting,
        new=mixed(new),
        coming=_coming([each for each in every if each not in now], today, a_day),
    )


def _coming(rest: Sequence[Candidate], today: date, a_day: int) -> Coming | None:
    days = {each: max(each.due, today + _DAY) for each in rest if each.due}
    if not days:
        return None
    first = min(days.values())
    those = [each for each, day in days.items() if day == first]
    count = len({each.kin or each.question for each in those})  # siblings one by one
    return Coming(day=first, days=(first - today).days, count=min(count, a_day))


def mixed(those: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The same, so that no two running ask for the same skill where that can be helped.

    Of those that ask for another, one of the same family (the word before the first dot) comes
    next: what is easily confused is told apart side by side.
    """
    left = list(those)
    order: list[Candidate] = []
    while left:
        order.append(left.pop(_next_place(order[-1] if order else None, left)))
    return tuple(order)


def _next_place(last: Candidate | None, left: Sequence[Candidate]) -> int:
    if last is None:
        return 0
    others = [place for place, each in enumerate(left) if not each.skills & last.skills]
    near = [place for place in others[:_AHEAD] if _families(left[place]) & _families(last)]
    return next(iter([*near, *others]), 0)


_AHEAD = 4  # places that a question may come forward for being kindred


def _families(each: Candidate) -> frozenset[str]:
    return frozenset(skill.partition(".")[0] for skill in each.skills)

"""How a class does: what its people may ask to see, and what they are shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tutorbot.core.analysis import Analysis, ItemFigures
from tutorbot.core.course import Question
from tutorbot.core.ids import AssignmentId, ClassId, KeyId
from tutorbot.core.mastery import Skill

SILENT = timedelta(days=7)
"""Without any answer, after which a learner is said to be silent."""

WEAK = 0.5
FEWEST = 5
"""A skill of a class is weak if less than this share of the points was had at first, and at least
so many answers say so."""


@dataclass(frozen=True)
class ShowResults:
    """How a class does in all that was set to it."""

    class_id: ClassId


@dataclass(frozen=True)
class ShowQuizResults:
    assignment: AssignmentId


@dataclass(frozen=True)
class ShowQuestionResults:
    assignment: AssignmentId
    place: int  # in the quiz, 0 is the first


@dataclass(frozen=True)
class ListLearnerResults:
    class_id: ClassId
    page: int  # 0 is the first


@dataclass(frozen=True)
class ShowLearnerResults:
    class_id: ClassId
    code: str


@dataclass(frozen=True)
class SendMarks:
    """The marks of a quiz as a table for spreadsheets."""

    assignment: AssignmentId


@dataclass(frozen=True)
class SendStatements:
    """The answers of a quiz as xAPI statements."""

    assignment: AssignmentId


@dataclass(frozen=True)
class SetDigest:
    """Say every Monday how the class does, or do not."""

    class_id: ClassId
    on: bool


ResultsAction = (
    ShowResults
    | ShowQuizResults
    | ShowQuestionResults
    | ListLearnerResults
    | ShowLearnerResults
    | SendMarks
    | SendStatements
    | SetDigest
)


@dataclass(frozen=True, kw_only=True)
class QuizLine:
    """A quiz among those of a class. ``facility`` is of first answers."""

    assignment: AssignmentId
    title: str
    due_at: datetime | None
    learners: int  # to whom it was set
    begun: int
    finished: int
    late: int
    facility: float | None


@dataclass(frozen=True, kw_only=True)
class SkillLine:
    name: str
    answers: int
    facility: float


@dataclass(frozen=True, kw_only=True)
class ClassResults:
    class_id: ClassId
    title: str
    timezone: str
    learners: int
    silent: int
    quizzes: tuple[QuizLine, ...]  # the newest first
    more: int  # older ones
    weak: tuple[SkillLine, ...]  # the weakest first
    digest: bool | None  # whether there is one every Monday; None: not for this one to say


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    place: int
    title: str
    figures: ItemFigures


@dataclass(frozen=True, kw_only=True)
class QuizResults:
    """``marks`` are those of everybody who answered anything, as shares of the points."""

    line: QuizLine
    class_id: ClassId
    marks: tuple[float, ...]
    questions: tuple[QuestionLine, ...]
    analysis: Analysis
    names: bool  # whether this one may see them


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """How a question goes with all who learn by the course."""

    answers: int
    facility: float | None


@dataclass(frozen=True, kw_only=True)
class QuestionResults:
    assignment: AssignmentId
    title: str  # of the quiz
    place: int
    of: int
    question: Question
    figures: ItemFigures
    everybody: Everybody | None
    key: KeyId | None  # for who may correct it


@dataclass(frozen=True, kw_only=True)
class LearnerLine:
    code: str
    name: str | None  # None: not for this one to see
    last: datetime | None  # when they answered anything

    def silent(self, now: datetime) -> bool:
        return self.last is None or now - self.last > SILENT


@dataclass(frozen=True, kw_only=True)
class LearnerList:
    class_id: ClassId
    timezone: str
    page: int
    pages: int
    learners: tuple[LearnerLine, ...]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class LearnerMark:
    """How a learner did in a quiz; no ``share``: they answered nothing of it."""

    assignment: AssignmentId
    title: str
    share: float | None
    finished: bool
    late: bool


@dataclass(frozen=True, kw_only=True)
class LearnerResults:
    class_id: ClassId
    timezone: str
    line: LearnerLine
    marks: tuple[LearnerMark, ...]
    skills: tuple[Skill, ...]  # that need something: stuck ones first, then weak ones
    now: datetime


@dataclass(frozen=True)
class NothingThere:
    """There is no such quiz or learner any more."""


def weak_skills(
    counts: Mapping[int, tuple[int, float]], questions: Mapping[int, Question]
) -> tuple[SkillLine, ...]:
    """Find the skills in which a class loses more than it gets, the weakest first.

    Args:
        counts: scored first answers to each question, and the sum of their shares
        questions: by the same numbers
    """
    answers: dict[str, int] = {}
    shares: dict[str, float] = {}
    for number, (count, share) in counts.items():
        for name in questions[number].skills if number in questions else ():
            answers[name] = answers.get(name, 0) + count
            shares[name] = shares.get(name, 0.0) + share
    lines = [
        SkillLine(name=name, answers=count, facility=shares[name] / count)
        for name, count in answers.items()
        if count >= FEWEST and shares[name] / count < WEAK
    ]
    return tuple(sorted(lines, key=lambda each: (each.facility, each.name)))


def median(values: Sequence[float]) -> float:
    """Of at least one.

    >>> median([3, 1, 2]), median([1, 2])
    (2, 1.5)
    """
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def mean(values: Iterable[float]) -> float:
    """Of at least one."""
    those = list(values)
    return sum(those) / len(those)

"""Quizzes that are set to a class, on the side of those who answer them.

When one can be answered, what an answer counts by when it was given, and when it is told whether it
stands: each follows from what was set, from the part that one learner has in it, and from a clock.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from fractions import Fraction
from random import Random
from typing import TypeVar

from tutorbot.core.ids import (
    AssignmentId,
    ClassId,
    CourseId,
    CourseVersionId,
    QuestionId,
    SittingId,
)

GRACE = timedelta(seconds=15)
"""So much later an answer still counts: nobody knows when a button was pressed, only when we heard
of it."""

SLACK = timedelta(minutes=2)
"""So long after the end results wait for what is still on its way."""

SOON = timedelta(minutes=10)
"""Before the end a question that is posed says how long there is."""

_COUNTING, _TRYING, _PRACTISING = "~quiz-", "~try-", "~practise-"


@dataclass(frozen=True)
class OpenQuiz:
    """Begin what is set, go on with it, or hear how it stands."""

    assignment: AssignmentId


@dataclass(frozen=True)
class BeginQuiz:
    """Begin one whose time runs from then on."""

    assignment: AssignmentId


@dataclass(frozen=True)
class ListQuizzesSet:
    """All that is set to the presser."""


@dataclass(frozen=True)
class HandIn:
    """Finish before all is answered, or ask whether that is meant."""

    assignment: AssignmentId
    sure: bool = False


@dataclass(frozen=True)
class PractiseQuiz:
    """Answer it once more, with other numbers, when it counts no longer."""

    assignment: AssignmentId


@dataclass(frozen=True)
class LookBack:
    """Show a question of a quiz that is over, with what was answered and its solution."""

    assignment: AssignmentId
    place: int  # 0 is the first


AssignmentAction = OpenQuiz | BeginQuiz | ListQuizzesSet | HandIn | PractiseQuiz | LookBack


class Reveals(Enum):
    """When it is told whether an answer stands."""

    ANSWERED = "answered"  # at once
    FINISHED = "finished"  # when its learner is done with the whole
    DUE = "due"  # when that, and nobody can answer for credit any more


class State(Enum):
    DRAFT = "draft"
    SET = "set"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A question of a quiz, and the version of the course that it is from."""

    version: CourseVersionId
    course: CourseId
    question: QuestionId

    @property
    def key(self) -> tuple[CourseId, QuestionId]:
        return self.course, self.question


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A quiz as it was set."""

    id: AssignmentId
    class_id: ClassId
    class_title: str
    title: str
    questions: tuple[Source, ...]
    draw: int | None = None  # how many of them each learner gets; None: all
    opens_at: datetime
    due_at: datetime | None = None
    late_until: datetime | None = None
    late_share: Fraction = Fraction(1)
    tries: int | None = None  # None: as each question says
    minutes: int | None = None  # from its opening by the learner
    reveal: Reveals = Reveals.ANSWERED
    practice_after: bool = True
    state: State = State.SET
    others_until: datetime | None = None  # so long some may answer who were given more time

    @property
    def closes(self) -> datetime | None:
        """When it takes no more answers but of who was given more time; None: never."""
        return None if self.due_at is None else max(self.due_at, self.late_until or self.due_at)

    @property
    def answered_until(self) -> datetime | None:
        """When nobody can answer it any more."""
        closes = self.closes
        return None if closes is None else max(closes, self.others_until or closes)

    @property
    def of(self) -> int:
        """How many questions each learner gets."""
        return len(self.questions) if self.draw is None else min(self.draw, len(self.questions))


@dataclass(frozen=True, kw_only=True)
class Part:
    """How far a learner is with it."""

    sitting: SittingId | None = None
    opened_at: datetime | None = None
    started_at: datetime | None = None  # the first answer
    finished_at: datetime | None = None
    extended_until: datetime | None = None
    time_factor: Fraction = Fraction(1)  # of the minutes


class Phase(Enum):
    TO_COME = "to come"
    OPEN = "open"
    LATE = "late"  # due, and still taken
    CLOSED = "closed"
    DONE = "done"  # by the learner
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What holds for one learner."""

    opens: datetime
    due: datetime | None
    closes: datetime | None  # None: never
    late_share: Fraction
    last_counts: bool  # of several answers to a question; else the best

    def share(self, given: datetime) -> Fraction:
        """How much of an answer counts that was given then."""
        if self.closes is not None and given > self.closes + GRACE:
            return Fraction(0)
        if self.due is not None and given > self.due + GRACE:
            return self.late_share
        return Fraction(1)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How it stands for one learner with a quiz."""

    assignment: Assignment
    part: Part
    terms: Terms
    phase: Phase
    told: bool  # whether it may be told which answers stand
    now: datetime

    @property
    def over(self) -> bool:
        """Whether nothing more is taken."""
        return self.phase in {Phase.DONE, Phase.CLOSED, Phase.CANCELLED}

    @property
    def sealed(self) -> bool:
        """Whether its questions are kept from being shown solved elsewhere."""
        begun = self.part.opened_at is not None
        return begun and not (self.over and self.told)

    @property
    def may_practise(self) -> bool:
        set_ = self.assignment.state is State.SET
        return set_ and self.assignment.practice_after and self.over and self.told

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes until it closes, where that is soon."""
        closes = self.terms.closes
        if closes is None or self.over or closes - self.now > SOON:
            return None
        return max(0, int((closes - self.now) / timedelta(minutes=1)))

    @property
    def minutes(self) -> int | None:
        """How long this learner has from their opening."""
        minutes = self.assignment.minutes
        return None if minutes is None else int(minutes * self.part.time_factor)


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer to a question, in the order of time."""

    at: datetime
    points: Fraction | None  # under the newest key; None: undecided
    out_of: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What the answers of a learner to a question of a quiz come to."""

    points: Fraction = Fraction(0)
    out_of: Fraction | None = None  # None: nothing was answered that has a score
    late: Fraction = Fraction(0)  # what was taken off for being late
    undecided: bool = False  # an answer that nobody could decide so far may bring more
    counted: int | None = None  # which answer it is that counts, 0 = first


@dataclass(frozen=True, kw_only=True)
class SummaryLine:
    """How one question went, as far as that may be told."""

    number: int  # 1 for the first
    title: str
    answered: bool
    worth: Worth


@dataclass(frozen=True, kw_only=True)
class Summary:
    lines: tuple[SummaryLine, ...]

    @property
    def points(self) -> Fraction:
        return sum((each.worth.points for each in self.lines), Fraction(0))

    @property
    def out_of(self) -> Fraction:
        return sum((each.worth.out_of or Fraction(0) for each in self.lines), Fraction(0))

    @property
    def late(self) -> Fraction:
        return sum((each.worth.late for each in self.lines), Fraction(0))

    @property
    def undecided(self) -> int:
        return sum(each.worth.undecided for each in self.lines)


def terms(assignment: Assignment, part: Part) -> Terms:
    due = assignment.due_at
    closes = None
    if due is not None:
        due = max(due, part.extended_until or due)
        closes = max(due, assignment.late_until or due)
    if assignment.minutes is not None and part.opened_at is not None:
        seconds = float(assignment.minutes * part.time_factor * 60)
        runs_out = part.opened_at + timedelta(seconds=seconds)
        closes = runs_out if closes is None else min(closes, runs_out)
    return Terms(
        opens=assignment.opens_at,
        due=due,
        closes=closes,
        late_share=assignment.late_share,
        # Who is not told whether an answer stands may think again, but not go through all options.
        last_counts=assignment.reveal is not Reveals.ANSWERED,
    )


def standing(assignment: Assignment, part: Part, now: datetime) -> Standing:
    """How it stands at an instant: that of an answer is when it was given."""
    those = terms(assignment, part)
    phase = _phase(assignment, part, those, now)
    match assignment.reveal:
        case Reveals.ANSWERED:
            told = True
        case Reveals.FINISHED:
            told = phase in {Phase.DONE, Phase.CLOSED}
        case Reveals.DUE:
            last = assignment.answered_until
            told = phase in {Phase.DONE, Phase.CLOSED} and (last is None or now > last + GRACE)
    return Standing(
        assignment=assignment,
        part=part,
        terms=those,
        phase=phase,
        told=told or phase is Phase.CANCELLED,
        now=now,
    )


def _phase(assignment: Assignment, part: Part, those: Terms, now: datetime) -> Phase:
    if assignment.state is not State.SET:
        return Phase.CANCELLED
    if part.finished_at is not None:
        return Phase.DONE
    if now < those.opens:
        return Phase.TO_COME
    if those.closes is not None and now > those.closes + GRACE:
        return Phase.CLOSED
    if those.due is not None and now > those.due + GRACE:
        return Phase.LATE
    return Phase.OPEN


def worth(answers: Sequence[Given], those: Terms) -> Worth:
    """What counts of the answers to one question.

    Of those in time, the last where nobody was told whether an answer stands, else the best; of
    late ones the same, at their share. What brings more of the two counts.
    """
    taken = [place for place, each in enumerate(answers) if those.share(each.at)]
    if those.last_counts:
        last = {those.share(answers[place].at): place for place in taken}
        taken = sorted(last.values())
    if not taken:
        return Worth()

    def brings(place: int) -> Fraction:
        return those.share(answers[place].at) * (answers[place].points or 0)

    counted = max(taken, key=lambda place: (brings(place), place))
    full = answers[counted].points or Fraction(0)
    out_of = max((each.out_of for each in answers if each.out_of is not None), default=None)
    return Worth(
        points=brings(counted),
        out_of=out_of,
        late=full - brings(counted),
        undecided=any(answers[place].points is None for place in taken)
        and (out_of is None or brings(counted) < out_of),
        counted=counted,
    )


ItemT = TypeVar("ItemT")


def drawn(
    those: Sequence[ItemT],
    stem: Callable[[ItemT], Hashable | None],
    draw: int | None,
    dice: Random,
) -> tuple[ItemT, ...]:
    """What one learner gets, in the order in which it was set.

    Those of one stem come one after the other, and are drawn together as far as there is room: of
    one that does not fit, the first ones fill what is left, since later ones may build on them.

    Args:
        those: all questions.
        stem: what a question shares with others; None for one that stands alone.
        draw: how many; None is all.
        dice: of this learner.
    """
    stems: dict[Hashable, list[ItemT]] = {}
    for place, each in enumerate(those):
        name = stem(each)
        stems.setdefault((place,) if name is None else name, []).append(each)
    blocks = list(stems.values())
    if draw is None or draw >= len(those):
        return tuple(each for block in blocks for each in block)
    order = list(range(len(blocks)))
    dice.shuffle(order)
    taken: dict[int, int] = {}
    left = draw
    for place in order:
        if len(blocks[place]) <= left:
            taken[place] = len(blocks[place])
            left -= len(blocks[place])
    for place in order:
        if left and place not in taken:
            taken[place] = min(left, len(blocks[place]))
            left -= taken[place]
    return tuple(each for place in sorted(taken) for each in blocks[place][: taken[place]])


def following(place: int, reached: int, of: int, unanswered: Sequence[int]) -> int | None:
    """Where to go on from a place: to the next question, or to the next one that was skipped.

    Args:
        place: gone on from.
        reached: the last place that was ever posed.
        of: how many places there are.
        unanswered: places that were posed and not answered, in order.

    >>> following(0, 0, 3, [0]), following(0, 2, 3, [0, 1])
    (1, 1)
    >>> following(2, 2, 3, [0, 1]) is None  # then it is asked whether that is all
    True
    """
    if reached + 1 < of:
        return reached + 1
    return next((each for each in unanswered if each > place), None)


def counting(assignment: AssignmentId) -> CourseId:
    """What stands for the paper in the sitting that counts; the name of no course."""
    return CourseId(f"{_COUNTING}{assignment}")


def trying(assignment: AssignmentId) -> CourseId:
    """The same for one of those who set it."""
    return CourseId(f"{_TRYING}{assignment}")


def practising(assignment: AssignmentId) -> CourseId:
    """The same when it is over."""
    return CourseId(f"{_PRACTISING}{assignment}")


def quiz_of(course: CourseId) -> AssignmentId | None:
    """The quiz that a sitting counts for.

    >>> quiz_of(counting(AssignmentId(7))), quiz_of(trying(AssignmentId(7)))
    (7, None)
    """
    return _numbered(course, _COUNTING)


def tried_or_practised(course: CourseId) -> AssignmentId | None:
    """The quiz that a sitting is about which does not count."""
    return _numbered(course, _TRYING) or _numbered(course, _PRACTISING)


def _numbered(course: CourseId, prefix: str) -> AssignmentId | None:
    number = course.removeprefix(prefix)
    return AssignmentId(int(number)) if course.startswith(prefix) else None

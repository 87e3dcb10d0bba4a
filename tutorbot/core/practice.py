"""Practising a paper: what is posed, in which order, and what can come of an answer.

The outcomes are what flows give back and views put into words.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from tutorbot.core.answers.verdicts import Asked, Unreadable, Verdict
from tutorbot.core.certainty import Asks
from tutorbot.core.course import (
    Choice,
    Course,
    Hint,
    Option,
    Question,
    Reveal,
    Typed,
    Values,
    retold,
)
from tutorbot.core.grading import ChoiceGrade, points
from tutorbot.core.ids import AssignmentId, AttemptId, CourseId, OptionId, QuestionId
from tutorbot.core.prose import Prose, fill
from tutorbot.core.review import Coming
from tutorbot.core.streaks import News, Streak

LETTERS = "ABCDEFGHIJKL"  # a question has at most twelve options
_BETWEEN_LETTERS = re.compile(r"[,;.)&+]|\band\b")


@dataclass(frozen=True, kw_only=True)
class Unclear:
    """An answer that can be read in several ways, about which its learner was asked."""

    text: str  # as typed
    readings: tuple[str, ...]  # all of it, typed so that there is one way only
    first: int  # the number of the first reading, among all ever offered in the attempt

    def reading(self, number: int) -> str | None:
        """The reading of that number; None for one of another answer."""
        place = number - self.first
        return self.readings[place] if 0 <= place < len(self.readings) else None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Under what a question is posed, beside what its author says."""

    assignment: AssignmentId | None = None  # the quiz of a class that it is posed for
    counts: bool = False  # towards that
    tries: int | None = None  # at most, whatever the question says
    tells: bool = True  # whether an answer stands; else it is only noted
    minutes_left: int | None = None  # where it closes soon

    @property
    def aside(self) -> bool:
        """Whether help may lead past the question: one like it solved, the same posed anew."""
        return self.assignment is None

    def applied(self, question: Question) -> Question:
        """The question with as many tries, and without what could tell too much."""
        limits = [each for each in (question.tries, self.tries) if each is not None]
        question = replace(question, tries=min(limits, default=None))
        if self.tells:
            return question
        body = question.body
        if isinstance(body, Choice):
            options = tuple(replace(each, feedback=()) for each in body.options)
            body = replace(body, options=options)
        return replace(question, body=body, worked=(), solution=(), dispute=None)


USUAL = Rule()


@dataclass(frozen=True, kw_only=True)
class Posed:
    """A question as one learner sees it: values set in, options in the order shown."""

    attempt: AttemptId
    course: CourseId
    paper: str  # its title
    number: int  # 1 for the first question of the paper
    of: int
    question: Question
    values: Values
    shown: tuple[Option, ...] = ()
    ticked: frozenset[int] = frozenset()  # places in `shown`
    hints_opened: int = 0
    tries: int = 0
    wrong: int = 0  # of the tries; the others were right, or not held against the learner
    unclear: Unclear | None = None  # asked about, and its buttons still show
    solution_seen: bool = False
    solution_due: bool = True  # whether the author lets the solution be shown here
    sibling: bool = False  # whether there is a question like it to show solved
    rule: Rule = USUAL

    @property
    def may_try_again(self) -> bool:
        # Where an answer is only noted, a right one must not make a difference.
        used = self.wrong if self.rule.tells else self.tries
        return self.question.tries is None or used < self.question.tries

    @property
    def hints_left(self) -> int:
        """Help that is left, the worked example included."""
        return len(self.question.help) - self.hints_opened

    @property
    def asked(self) -> Asked | None:
        """What the judge of typed answers needs; None for a question with options."""
        body = self.question.body
        return Asked(typed=body, values=self.values) if isinstance(body, Typed) else None


@dataclass(frozen=True, kw_only=True)
class OnShelf:
    """A paper that can be opened, and how far the learner is in it."""

    course: CourseId
    title: str
    of: int
    reached: int | None = None  # the number of the question at hand; None: not begun


@dataclass(frozen=True, kw_only=True)
class Shelf:
    papers: tuple[OnShelf, ...]
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ChoiceAnswered:
    posed: Posed  # as it stands after the answer
    chosen: frozenset[int]  # places in `posed.shown`
    grade: ChoiceGrade
    news: News | None = None  # of the streak, if this answer changed how it stands
    lesson: bool = False  # to be offered: it was a mistake of one kind for the third time
    asks: Asks | None = None  # first, how sure the learner is

    @property
    def points(self) -> Fraction:
        question = self.posed.question
        opened = question.hints[: self.posed.hints_opened]
        return points(share=self.grade.share, hints=opened, out_of=question.points)


@dataclass(frozen=True, kw_only=True)
class TypedAnswered:
    posed: Posed
    verdict: Verdict
    news: News | None = None
    lesson: bool = False
    asks: Asks | None = None


@dataclass(frozen=True, kw_only=True)
class NotRead:
    """The typed answer could not be read; nothing was counted."""

    posed: Posed
    text: str
    verdict: Unreadable


@dataclass(frozen=True, kw_only=True)
class WhichReading:
    """The typed answer can be read in several ways, and the learner is asked; nothing was counted.

    ``posed`` is as it stood before; ``first`` is the number of the first reading.
    """

    posed: Posed
    text: str
    verdict: Unreadable
    first: int


@dataclass(frozen=True, kw_only=True)
class ReadingGone:
    """A reading of an answer was picked after another answer came in."""


@dataclass(frozen=True, kw_only=True)
class TicksChanged:
    posed: Posed


@dataclass(frozen=True, kw_only=True)
class NothingTicked:
    pass


@dataclass(frozen=True, kw_only=True)
class TapInstead:
    """Words came where a tap was due, and they name no option."""

    posed: Posed


@dataclass(frozen=True, kw_only=True)
class HintOpened:
    """One more rung of help; past the last hint it is the worked example."""

    posed: Posed
    hint: Hint
    number: int
    of: int

    @property
    def is_worked_example(self) -> bool:
        return self.number > len(self.posed.question.hints)


@dataclass(frozen=True, kw_only=True)
class NoMoreHints:
    pass


@dataclass(frozen=True, kw_only=True)
class SolutionOpened:
    """``held_back``: questions of the same part whose solutions had to wait for this one."""

    posed: Posed
    held_back: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SolutionLater:
    """The author keeps the solution back: it would give away what is asked next."""


@dataclass(frozen=True, kw_only=True)
class PosedAgain:
    posed: Posed


@dataclass(frozen=True, kw_only=True)
class PosedNext:
    """``left`` is the question gone on from, whose buttons are to rest."""

    posed: Posed
    left: Posed | None = None
    resumed: bool = False
    probe: bool = False  # first ask whether native formulas can be seen
    waiting: int = 0  # reviews moved to the days to come, told as one begins


@dataclass(frozen=True, kw_only=True)
class SureToStartOver:
    """Asks whether to leave a paper where it stands and begin it anew."""

    paper: OnShelf


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    number: int
    title: str
    first_right: bool
    ever_right: bool
    best: Fraction = Fraction(0)  # points


@dataclass(frozen=True, kw_only=True)
class PaperFinished:
    course: CourseId
    title: str
    left: Posed
    results: tuple[QuestionResult, ...]
    of: int
    streak: Streak
    points: Fraction | None = None  # the best of each question; None: they tell nothing more
    out_of: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class NothingDue:
    """No review today, or none any more."""

    coming: Coming | None  # None: nothing was ever answered
    new: int = 0  # that could be begun instead
    waiting: int = 0


@dataclass(frozen=True, kw_only=True)
class ReviewFinished:
    left: Posed
    results: tuple[QuestionResult, ...]
    of: int
    streak: Streak
    coming: Coming | None
    waiting: int = 0
    new: int = 0
    stuck: tuple[str, ...] = ()  # skills of these questions that more of the same does not help


@dataclass(frozen=True, kw_only=True)
class AnotherFinished:
    """The question with other numbers is done; back to what it was about."""

    left: Posed
    back: OnShelf | None = None
    review: bool = False  # one is under way


@dataclass(frozen=True, kw_only=True)
class Solved:
    """A question with its solution, values set in."""

    question: Question
    same: bool  # the very question, with other numbers


@dataclass(frozen=True, kw_only=True)
class SiblingShown:
    posed: Posed
    solved: Solved | None


@dataclass(frozen=True, kw_only=True)
class LessonGiven:
    posed: Posed
    feedback: Prose  # of the author to this kind of mistake
    solved: Solved | None


@dataclass(frozen=True, kw_only=True)
class AlreadyAnswered:
    """A second tap on a question that has its answer."""


@dataclass(frozen=True, kw_only=True)
class MovedOn:
    """A button of a question that the learner has left behind, or that was never theirs."""


@dataclass(frozen=True, kw_only=True)
class NothingOpen:
    """Words came, and no question is waiting for them."""

    shelf: Shelf


def order_shown(question: Question, dice: Random) -> tuple[OptionId, ...]:
    """The options in the order to show: shuffled, but for those that are pinned to their places."""
    if not isinstance(question.body, Choice):
        return ()
    options = question.body.options
    loose = [option.id for option in options if not option.pinned]
    if question.body.shuffled:
        dice.shuffle(loose)
    following = iter(loose)
    return tuple(option.id if option.pinned else next(following) for option in options)


def pick_variant(question: Question, seed: int) -> int:
    """Which variant a sitting gets: the same for all questions of a group, whatever the order.

    Under stems that use each other, each settles its values in turn, so all have the same ones.
    """
    left = list(enumerate(question.variants))
    settled = question.settled or ((question.group or question.id, len(question.variants[0])),)
    for name, count in settled:
        ways = list(dict.fromkeys(values[:count] for _, values in left))
        drawn = ways[Random(f"{seed}/{name}").randrange(len(ways))]
        left = [(place, values) for place, values in left if values[:count] == drawn]
    return left[0][0]


def drawn(course: Course, seed: int) -> Course:
    """The paper that a sitting of this seed gets: of each pool, only what was drawn from it.

    The questions keep their order, so those that share a stem stay together.
    """
    if not course.pools:
        return course
    left_out: set[QuestionId] = set()
    for pool in course.pools:
        dice = Random(f"{seed}/pool/{pool.id}")
        left_out |= {*pool.questions} - {*dice.sample(pool.questions, pool.pick)}
    questions = tuple(each for each in course.questions if each.id not in left_out)
    translations = tuple(drawn(each, seed) for each in course.translations)
    return replace(course, questions=questions, translations=translations, sections=())


def length(course: Course) -> int:
    """How many questions of a course each learner gets."""
    return len(course.questions) - sum(len(pool.questions) - pool.pick for pool in course.pools)


def in_language(course: Course, language: str) -> Course:
    """The course as far as it speaks the language (BCP 47) of a learner; else as it was written.

    >>> austrian = Course(id=CourseId("a"), title="Eins", lang="de", questions=())
    >>> course = Course(
    ...     id=CourseId("a"), title="One", lang="en", questions=(), translations=(austrian,)
    ... )
    >>> in_language(course, "de-AT").title, in_language(course, "fr").title
    ('Eins', 'One')
    """
    spoken = {each.lang.casefold(): each for each in (*course.translations, course)}
    wanted = language.casefold()
    return spoken.get(wanted) or spoken.get(wanted.partition("-")[0]) or course


def in_its_variant(question: Question, seed: int) -> Question:
    """The question with the values that a sitting of this seed gets."""
    return with_values(question, question.variants[pick_variant(question, seed)])


def solution_due(course: Course, place: int) -> bool:
    """Whether the solution of the question at ``place`` (0 = first) may be shown in its turn."""
    question, after = course.questions[place], course.questions[place + 1 :]
    match question.reveal:
        case Reveal.ANSWERED:
            return True
        case Reveal.GROUP:
            return all(each.group != question.group for each in after)
        case Reveal.PAPER:
            return not after


def held_back(course: Course, place: int) -> tuple[int, ...]:
    """The places before ``place`` whose solutions had to wait until now."""
    now = course.questions[place]
    if not solution_due(course, place):
        return ()
    return tuple(
        earlier
        for earlier, question in enumerate(course.questions[:place])
        if (question.reveal is Reveal.GROUP and question.group == now.group)
        or (question.reveal is Reveal.PAPER and place == len(course.questions) - 1)
    )


def with_values(question: Question, values: Values) -> Question:
    """The question with the values of a variant set in everything that a learner reads."""
    names = {name: str(value) for name, value in values}
    return retold(question, lambda prose: fill(prose, names))


def letters_typed(text: str, shown: int) -> frozenset[int] | None:
    """The places named by letters, for those who type instead of tapping; None if it is no such.

    >>> sorted(letters_typed("a, c", 4)), letters_typed("attention", 4), letters_typed("E", 4)
    ([0, 2], None, None)
    >>> sorted(letters_typed("AC", 4)), letters_typed("bad", 4)
    ([0, 2], None)
    """
    known = LETTERS[:shown]
    if text.isupper() and len(text) <= shown and set(text) <= set(known):
        return frozenset(known.index(each) for each in text)
    letters = _BETWEEN_LETTERS.sub(" ", text).upper().split()
    if not letters or any(len(each) != 1 or each not in known for each in letters):
        return None
    return frozenset(known.index(each) for each in letters)

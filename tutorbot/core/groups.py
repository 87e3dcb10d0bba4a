"""Questions in groups: what is posted, who may end it, and how a group's table comes about.

The outcomes are what flows give back and views put into words.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from tutorbot.core.course import Choice, Course, Option, Question, Reveal
from tutorbot.core.ids import (
    ChatId,
    CourseId,
    CourseVersionId,
    GroupId,
    OptionId,
    QuestionId,
    QuizId,
)
from tutorbot.core.practice import ChoiceAnswered, NothingTicked, Posed

IN_GROUP = CourseId("~group")
"""What stands for the paper in a sitting of one question in a group; the name of no course."""

JUST_NOW = timedelta(seconds=10)
"""So soon after a question no other is posted: two people asked at once, or one tapped twice."""

BETWEEN_COUNTS = timedelta(seconds=5)
"""How often the counters of a group are edited at most: edits count as messages, of which Telegram
lets a group have 20 a minute."""

OVER_AFTER = timedelta(days=1)
"""From then on a question that nobody ended counts in the table."""

RECENT = timedelta(days=7)
"""What the first part of a table is about."""

MOST_IN_TABLE = 20


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """A question as it was posted in a group: the same options in the same places for everybody."""

    id: QuizId
    group: GroupId
    version: CourseVersionId
    course: CourseId
    question: QuestionId
    variant: int
    shown: tuple[OptionId, ...]
    language: str  # of whoever asked for it
    posted_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A question that could be posted."""

    version: CourseVersionId
    course: CourseId
    question: Question
    paper: str  # its title

    @property
    def key(self) -> tuple[CourseId, QuestionId]:
        return self.course, self.question.id


@dataclass(frozen=True, kw_only=True)
class Past:
    """How often a question was posted in a group, and when and in which variant last."""

    times: int
    last: datetime
    variant: int


History = Mapping[tuple[CourseId, QuestionId], Past]


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a member answered in a group, of the questions that are over."""

    name: str
    right: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A line of the table; those who do equally well share a place."""

    place: int
    name: str
    right: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class QuizPosed:
    """A posted question with its values set in and its options in the order shown."""

    quiz: Quiz
    question: Question
    shown: tuple[Option, ...]
    paper: str
    answered: int = 0

    @property
    def several(self) -> bool:
        return isinstance(self.question.body, Choice) and self.question.body.several


@dataclass(frozen=True, kw_only=True)
class WhichPaper:
    """A question is asked for, and there are several papers to take it from."""

    papers: tuple[tuple[CourseId, str], ...]
    nothing_fits: bool = False  # the words that came with it


@dataclass(frozen=True, kw_only=True)
class QuizPosted:
    posed: QuizPosed


@dataclass(frozen=True, kw_only=True)
class NoQuestion:
    """There is no question that can be answered by tapping."""


@dataclass(frozen=True, kw_only=True)
class JustPosted:
    """Another question was posted a moment ago."""


@dataclass(frozen=True, kw_only=True)
class QuizGone:
    """A button of a question that is not known, or not of this group."""


@dataclass(frozen=True, kw_only=True)
class QuizOver:
    """A tap on a question whose solution everybody has seen."""


@dataclass(frozen=True, kw_only=True)
class MemberAnswered:
    answered: ChoiceAnswered


@dataclass(frozen=True, kw_only=True)
class AnsweredBefore:
    """The first answer stands; this is what it was."""

    places: tuple[int, ...]
    right: bool


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """The presser's ticks as they now are."""

    places: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerFirst:
    """Somebody asks for the solution who has not answered and may not end the question."""


@dataclass(frozen=True, kw_only=True)
class SolutionForOne:
    """For a member who has answered, while others still think."""

    posed: Posed


@dataclass(frozen=True, kw_only=True)
class QuizEnded:
    posed: QuizPosed  # with how many answered
    right: int


@dataclass(frozen=True, kw_only=True)
class NotAPerson:
    """An anonymous admin: nobody knows whose answer it would be."""


@dataclass(frozen=True, kw_only=True)
class KeptForQuiz:
    """The question is in a quiz of a class that the learner is in the middle of."""


@dataclass(frozen=True, kw_only=True)
class NotAMember:
    """Somebody who has left the group, or was removed from it."""


@dataclass(frozen=True, kw_only=True)
class Table:
    recent: tuple[Standing, ...]
    ever: tuple[Standing, ...]
    running: bool  # whether there are questions that will count once they are over


@dataclass(frozen=True, kw_only=True)
class TableChoice:
    """The member left the table, or is back in it."""

    hidden: bool


Outcome = (
    WhichPaper
    | QuizPosted
    | NoQuestion
    | JustPosted
    | QuizGone
    | QuizOver
    | MemberAnswered
    | AnsweredBefore
    | Ticked
    | NothingTicked
    | AnswerFirst
    | SolutionForOne
    | QuizEnded
    | NotAPerson
    | KeptForQuiz
    | NotAMember
    | Table
    | TableChoice
)


@dataclass(frozen=True, kw_only=True)
class Group:
    id: GroupId
    chat: ChatId
    left: bool = False  # the bot was removed


def fits(question: Question) -> bool:
    """Whether a question can be answered by tapping, and its solution shown after it."""
    return isinstance(question.body, Choice) and question.reveal is Reveal.ANSWERED


def candidates(version: CourseVersionId, course: Course) -> tuple[Candidate, ...]:
    """The questions of a course that can be posted, in the order of the paper."""
    return tuple(
        Candidate(version=version, course=course.id, question=question, paper=course.title)
        for question in course
        if fits(question)
    )


def meant(all_of_them: Iterable[Candidate], words: str) -> tuple[Candidate, ...]:
    """Those that somebody means who types a few words: of a paper, or else of a skill or a title.

    >>> meant((), "gradients")
    ()
    """
    wanted = _words(words)
    every = tuple(all_of_them)
    papers = tuple(each for each in every if wanted <= _words(f"{each.paper} {each.course}"))
    if papers:
        return papers
    return tuple(
        each
        for each in every
        if wanted <= _words(" ".join((each.question.title, *each.question.skills, each.paper)))
    )


def next_question(those: Sequence[Candidate], history: History) -> Candidate | None:
    """The first that was not posted in the group yet; else the one posted least, longest ago."""

    def told(candidate: Candidate) -> tuple[int, float]:
        past = history.get(candidate.key)
        return (past.times, past.last.timestamp()) if past else (0, 0.0)

    return min(those, key=told, default=None)


def table(tallies: Iterable[Tally]) -> tuple[Standing, ...]:
    """Rank those who answered: accuracy first, then who answered more; equals share a place.

    >>> lines = table(
    ...     Tally(name=name, right=right, answered=answered)
    ...     for name, right, answered in [("A", 1, 2), ("B", 2, 2), ("C", 1, 2), ("D", 0, 0)]
    ... )
    >>> [(line.place, line.name) for line in lines]
    [(1, 'B'), (2, 'A'), (2, 'C')]
    """

    def merit(tally: Tally) -> tuple[Fraction, int]:
        return Fraction(tally.right, tally.answered), tally.answered

    found = [each for each in tallies if each.answered]
    found.sort(key=lambda each: each.name.casefold())
    found.sort(key=merit, reverse=True)
    standings: list[Standing] = []
    for number, each in enumerate(found, 1):
        shared = number > 1 and merit(each) == merit(found[number - 2])
        standings.append(
            Standing(
                place=standings[-1].place if shared else number,
                name=shown_name(each.name),
                right=each.right,
                answered=each.answered,
            )
        )
    return tuple(standings)


def may_end(*, asked: bool, admin: bool) -> bool:
    """Whether somebody may show the solution to all: who asked for it, and who runs the group."""
    return asked or admin


def shown_name(name: str) -> str:
    """A first name as it can stand in a table: short, on one line, and nothing but a name.

    Telegram makes links of what looks like one, and pings whoever is called by ``@``.

    >>> shown_name("Ada  Maria"), "@" in shown_name("@all"), shown_name(" ")
    ('Ada Maria', False, '…')
    """
    visible = "".join(
        each
        if unicodedata.category(each) not in _UNSEEN or each in _JOINERS
        else " " * each.isspace()
        for each in name
    )
    short = " ".join(visible.split()).translate(_NO_LINKS)
    if len(short) > _LONGEST_NAME:
        short = short[: _LONGEST_NAME - 1].rstrip() + "…"
    if any(unicodedata.bidirectional(each) in {"R", "AL"} for each in short):
        return f"\u2068{short}\u2069"
    return short or "…"


_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"  # within words of some scripts, and within emoji
_NO_LINKS = str.maketrans({"@": "＠", ".": "․", "/": "∕", "#": "＃"})  # noqa: RUF001 - that they look alike is what they are for
_LONGEST_NAME = 24


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))

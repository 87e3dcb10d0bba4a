"""A quiz in the making: what it holds, to whom it goes, when it is open, and by which rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar, assert_never
from zoneinfo import ZoneInfo

from tutorbot.core.assignments import Reveals
from tutorbot.core.course import Course, Question, Values
from tutorbot.core.ids import (
    AssignmentId,
    BroadcastId,
    ClassId,
    CourseId,
    CourseVersionId,
    QuestionId,
)

LONGEST_TITLE = 60
"""Characters."""


class Aspect(Enum):
    """What can be chosen of a quiz, each on a page of its own."""

    COURSE = "c"
    WHAT = "w"
    DRAW = "n"
    AUDIENCE = "a"
    OPENS = "o"
    DUE = "d"
    LATE = "l"
    TRIES = "t"
    MINUTES = "m"
    REVEAL = "r"
    PRACTICE = "p"
    TITLE = "i"


@dataclass(frozen=True)
class NewQuiz:
    """Begin to make one, or go on with the one that was begun."""

    class_id: ClassId


@dataclass(frozen=True)
class ShowDraft:
    assignment: AssignmentId


@dataclass(frozen=True)
class OpenAspect:
    """Show what can be chosen."""

    assignment: AssignmentId
    aspect: Aspect


@dataclass(frozen=True)
class ChooseAspect:
    assignment: AssignmentId
    aspect: Aspect
    value: str  # read by `core.drafts.chosen`


@dataclass(frozen=True)
class PreviewQuiz:
    """Show a question as learners will see it; ``place`` 0 is the first."""

    assignment: AssignmentId
    place: int


@dataclass(frozen=True)
class ConfirmQuiz:
    """Show to how many it goes, and how long that takes."""

    assignment: AssignmentId
    silent: bool = False
    at_night: bool = False


@dataclass(frozen=True)
class SendQuiz:
    """Set it, and let it be announced."""

    assignment: AssignmentId
    silent: bool
    at_night: bool


@dataclass(frozen=True)
class DropDraft:
    assignment: AssignmentId


DraftAction = (
    NewQuiz
    | ShowDraft
    | OpenAspect
    | ChooseAspect
    | PreviewQuiz
    | ConfirmQuiz
    | SendQuiz
    | DropDraft
)


@dataclass(frozen=True)
class WholeClass:
    """All who learn in it."""


@dataclass(frozen=True)
class OfCohort:
    cohort: str


@dataclass(frozen=True)
class Unfinished:
    """Whoever has not finished a quiz that was set before."""

    assignment: AssignmentId


@dataclass(frozen=True)
class WeakIn:
    """Whoever had less than half right of their last answers on a skill."""

    skill: str


Audience = WholeClass | OfCohort | Unfinished | WeakIn


def audience_as_json(audience: Audience) -> dict[str, object]:
    match audience:
        case WholeClass():
            return {"kind": "class"}
        case OfCohort(cohort=cohort):
            return {"kind": "cohort", "cohort": cohort}
        case Unfinished(assignment=assignment):
            return {"kind": "unfinished", "assignment": assignment}
        case WeakIn(skill=skill):
            return {"kind": "weak", "skill": skill}
        case _:
            assert_never(audience)


def audience_of(kept: Mapping[str, Any]) -> Audience:
    match kept:
        case {"kind": "cohort", "cohort": str(cohort)}:
            return OfCohort(cohort)
        case {"kind": "unfinished", "assignment": int(assignment)}:
            return Unfinished(AssignmentId(assignment))
        case {"kind": "weak", "skill": str(skill)}:
            return WeakIn(skill)
        case _:
            return WholeClass()


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A quiz as far as it is made."""

    id: AssignmentId
    class_id: ClassId
    class_title: str
    timezone: str  # of the class
    version: CourseVersionId
    course: CourseId
    title: str
    questions: tuple[QuestionId, ...]  # in the order of the paper
    draw: int | None  # how many of them each learner gets; None: all
    audience: Audience
    opens_at: datetime  # not later than now: at once
    due_at: datetime | None
    late_until: datetime | None
    late_share: Fraction
    tries: int | None  # None: as each question says
    minutes: int | None
    reveal: Reveals
    practice_after: bool
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """What there is to choose from."""

    everything: tuple[QuestionId, ...]
    courses: tuple[tuple[CourseId, str], ...]  # with their titles
    sections: tuple[tuple[str, tuple[QuestionId, ...]], ...]
    pools: tuple[tuple[str, tuple[QuestionId, ...], int], ...]  # how many are drawn at last
    skills: tuple[tuple[str, tuple[QuestionId, ...]], ...]
    cohorts: tuple[str, ...]
    before: tuple[tuple[AssignmentId, str], ...]  # quizzes that were set


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """The draft, with what can be chosen of one aspect of it, or of none."""

    draft: Draft
    choosable: Choosable
    aspect: Aspect | None = None
    now: datetime
    wrong: bool = False  # what was typed could not be read


@dataclass(frozen=True)
class Typing:
    """Something is to be typed."""

    draft: AssignmentId
    aspect: Aspect
    timezone: str
    wrong: bool = False  # what was typed before could not be read
    over: bool = False  # or is a time that has passed


@dataclass(frozen=True, kw_only=True)
class QuizPreviewed:
    draft: AssignmentId
    question: Question
    values: Values
    number: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Confirming:
    """What is about to be sent, to how many, and how long it takes."""

    draft: Draft
    people: int
    seconds: float
    choosable: Choosable
    silent: bool
    at_night: bool
    now: datetime


class Unsendable(Enum):
    """Why a quiz cannot be set as it is."""

    NOBODY = "nobody"
    OVER = "over"  # it would be due before it opens


@dataclass(frozen=True, kw_only=True)
class QuizSet:
    """It is set, and goes out now or later."""

    draft: Draft
    broadcast: BroadcastId


@dataclass(frozen=True)
class AlreadySet:
    """It was set, or put aside, before."""


@dataclass(frozen=True)
class Dropped:
    title: str
    draft: AssignmentId


def choosable(
    course: Course,
    courses: tuple[tuple[CourseId, str], ...],
    cohorts: tuple[str, ...],
    before: tuple[tuple[AssignmentId, str], ...],
) -> Choosable:
    skills: dict[str, list[QuestionId]] = {}
    for question in course:
        for skill in question.skills:
            skills.setdefault(skill, []).append(question.id)
    return Choosable(
        everything=tuple(question.id for question in course),
        courses=courses,
        sections=tuple((each.title, each.questions) for each in course.sections if each.questions),
        pools=tuple((each.id, each.questions, each.pick) for each in course.pools),
        skills=tuple((name, tuple(skills[name])) for name in sorted(skills)),
        cohorts=cohorts,
        before=before,
    )


def skills_chosen(draft: Draft, of: Choosable) -> tuple[str, ...]:
    """Say which skills the questions are of, as far as they are no part and not the whole."""
    got = set(draft.questions)
    parts = [set(each) for _, each in of.sections] + [set(each) for _, each, _ in of.pools]
    if got == set(of.everything) or got in parts:
        return ()
    return tuple(name for name, questions in of.skills if set(questions) <= got)


def chosen(draft: Draft, of: Choosable, aspect: Aspect, value: str, now: datetime) -> Draft | None:
    """Apply a choice; None if there is no such choice, or no longer.

    That of another course is made where courses are read.
    """
    everything = of.everything
    match aspect, value[:1], value[1:]:
        case Aspect.WHAT, "*", "":
            return replace(draft, questions=everything, draw=None)
        case Aspect.WHAT, "s", place if found := _at(of.sections, place):
            return replace(draft, questions=found[1], draw=None)
        case Aspect.WHAT, "p", place if found := _at(of.pools, place):
            return replace(draft, questions=found[1], draw=found[2])
        case Aspect.WHAT, "k", place if found := _at(of.skills, place):
            names = set(skills_chosen(draft, of)) ^ {found[0]}
            wanted = {each for name, them in of.skills if name in names for each in them}
            questions = tuple(each for each in everything if each in wanted) or everything
            return replace(draft, questions=questions, draw=None)
        case Aspect.DRAW, "*", "":
            return replace(draft, draw=None)
        case Aspect.DRAW, "n", many if 0 < _number(many) < len(draft.questions):
            return replace(draft, draw=_number(many))
        case Aspect.AUDIENCE, "*", "":
            return replace(draft, audience=WholeClass())
        case Aspect.AUDIENCE, "h", place if cohort := _at(of.cohorts, place):
            return replace(draft, audience=OfCohort(cohort))
        case Aspect.AUDIENCE, "u", place if quiz := _at(of.before, place):
            return replace(draft, audience=Unfinished(quiz[0]))
        case Aspect.AUDIENCE, "w", place if found := _at(of.skills, place):
            return replace(draft, audience=WeakIn(found[0]))
        case Aspect.OPENS, "*", "":
            return opening(draft, now)
        case Aspect.OPENS, "t", "":
            return opening(draft, tomorrow_morning(now, draft.timezone))
        case Aspect.DUE, "*", "":
            return replace(draft, due_at=None, late_until=None, late_share=Fraction(1))
        case Aspect.DUE, "h", hours if 0 < _number(hours) <= _LONGEST:
            begins = max(draft.opens_at, now)
            return ending(draft, begins + timedelta(hours=_number(hours)))
        case Aspect.LATE, "*", "":
            return replace(draft, late_until=None, late_share=Fraction(1))
        case Aspect.LATE, "p", terms if draft.due_at and terms in LATE_TERMS:
            percent, hours = LATE_TERMS[terms]
            until = draft.due_at + timedelta(hours=hours)
            return replace(draft, late_until=until, late_share=Fraction(percent, 100))
        case Aspect.TRIES, "*", "":
            return replace(draft, tries=None)
        case Aspect.TRIES, "n", many if 0 < _number(many) <= _MOST_TRIES:
            return replace(draft, tries=_number(many))
        case Aspect.MINUTES, "*", "":
            return replace(draft, minutes=None)
        case Aspect.MINUTES, "n", many if 0 < _number(many) <= _MOST_MINUTES:
            return replace(draft, minutes=_number(many))
        case Aspect.REVEAL, "r", name if name in _REVEALS:
            return replace(draft, reveal=_REVEALS[name])
        case Aspect.PRACTICE, "y" | "n" as said, "":
            return replace(draft, practice_after=said == "y")
        case _:
            return None


def opening(draft: Draft, at: datetime) -> Draft:
    return replace(draft, opens_at=at)


def ending(draft: Draft, at: datetime) -> Draft:
    """Let it be due then, and as late as before after that."""
    late = draft.late_until
    if late and draft.due_at:
        late = at + (late - draft.due_at)
    return replace(draft, due_at=at, late_until=late)


def tomorrow_morning(now: datetime, timezone: str) -> datetime:
    zone = ZoneInfo(timezone)
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def read_moment(typed: str, timezone: str) -> datetime | None:
    """Read a day and an hour by the clocks of a zone; None for anything else.

    >>> read_moment("2026-12-01 18:00", "Europe/Rome")
    datetime.datetime(2026, 12, 1, 17, 0, tzinfo=datetime.timezone.utc)
    >>> read_moment("tomorrow", "Europe/Rome") is None
    True
    """
    try:
        said = datetime.strptime(" ".join(typed.split()), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - its zone is the next thing said
    except ValueError:
        return None
    if not _FIRST_YEAR <= said.year <= _LAST_YEAR:
        return None
    return said.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def unsendable(draft: Draft, people: int, now: datetime) -> Unsendable | None:
    if draft.due_at is not None and draft.due_at <= max(draft.opens_at, now):
        return Unsendable.OVER
    return None if people else Unsendable.NOBODY


MORNING = time(9)
LATE_TERMS = {"50.48": (50, 48), "80.24": (80, 24), "100.24": (100, 24)}
"""Percent, and hours after the due time."""

_LONGEST = 24 * 366  # hours
_MOST_TRIES = 9
_MOST_MINUTES = 600
_FIRST_YEAR, _LAST_YEAR = 2020, 2200
_REVEALS = {reveal.value: reveal for reveal in Reveals}


def _number(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < _DIGITS else 0


_DIGITS = 6


Thing = TypeVar("Thing")


def _at(those: Sequence[Thing], place: str) -> Thing | None:
    """The one in that place, if the digits name one."""
    known = place.isascii() and place.isdecimal() and len(place) < _DIGITS
    return those[int(place)] if known and int(place) < len(those) else None

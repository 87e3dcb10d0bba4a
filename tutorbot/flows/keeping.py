"""Keeping an answer: the fact, its study day, its score, and what it says of a memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from tutorbot.core.calendar import study_day
from tutorbot.core.certainty import Asks, is_asked
from tutorbot.core.course import Choice, Typed
from tutorbot.core.grading import grade_choice, points, policy
from tutorbot.core.ids import CourseId, OptionId
from tutorbot.core.learner import Learner
from tutorbot.core.mastery import LESSON_EVERY
from tutorbot.core.noted import Judged
from tutorbot.core.practice import ChoiceAnswered, Posed
from tutorbot.core.recall import Memory, rate, rated
from tutorbot.core.review import REVIEW, owner
from tutorbot.core.streaks import News
from tutorbot.flows import streaks
from tutorbot.store import practice, recall
from tutorbot.store.practice import Attempt, Fact, Scored, Sitting
from tutorbot.store.unit import Unit

_REMEMBERED = timedelta(days=90)  # mistakes of one kind that lie further back are forgiven


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What an answer brought about, beside being kept."""

    news: News | None = None  # of the streak
    asks: Asks | None = None  # how sure the learner is of it


async def keep(
    unit: Unit,
    learner: Learner,
    attempt: Attempt,
    sitting: Sitting,
    posed: Posed,
    *,
    at: datetime,
    share: Fraction,
    verdict: dict[str, object],
    chosen: tuple[OptionId, ...] | None = None,
    raw: str | None = None,
    parsed: str | None = None,
    typed: bool,
    closes: bool = False,
    settles: bool = False,
) -> Kept:
    """Store the answer as a fact, its day, and the score that follows from the newest key.

    The attempt is closed with it, or settled for good, if it is said so.

    It rates the memory at once, as if nobody asked how sure the learner is: perhaps they never say.
    Who never opened the private chat has no streak: nobody knows by which clock it would run.
    """
    course, version = sitting.source(attempt.place)
    if learner.started:
        counted = await streaks.count(
            unit,
            learner,
            at,
            posed_at=None if typed else attempt.opened_at,
            reviews_done=await _reviews_done(unit, attempt, sitting),
        )
    else:
        day = study_day(at, learner.timezone, learner.day_starts)
        counted = streaks.Counted(day=day, news=None)
    code = str(verdict["code"])
    scored = Scored(
        points=points(
            share=share,
            hints=posed.question.hints[: attempt.hints],
            out_of=posed.question.points,
        ),
        out_of=posed.question.points,
        policy=policy(posed.question),
    )
    answer = await practice.record(
        unit,
        Fact(
            attempt=attempt.id,
            learner=learner.id,
            version=version,
            question=posed.question.id,
            values=posed.values,
            shown=attempt.shown,
            chosen=chosen,
            raw=raw,
            parsed=parsed,
            verdict=verdict,
            hints=attempt.hints,
            try_number=attempt.tries + 1,
            answered_at=at,
            timezone=learner.timezone,
            study_day=counted.day,
        ),
        None if code == "undecided" else scored,
        closes=closes or settles,
        settled_at=at if settles else None,
    )
    unit.note(Judged(verdict="part" if 0 < share < 1 else code, kind=kind_of(posed)))
    asks: Asks | None = None
    if code != "undecided":
        memory = _remembered(learner, attempt, posed, counted.day, course, code)
        if memory != attempt.memory:
            await recall.keep(unit, learner.id, course, attempt.question, memory, posed.values)
        if is_asked(
            wanted=learner.certainty,
            code=code,
            tries=attempt.tries,
            hints=attempt.hints,
            of=len(posed.question.hints),
        ):
            guessed = _remembered(learner, attempt, posed, counted.day, course, code, unsure=True)
            asks = Asks(
                answer=answer,
                course=course,
                question=attempt.question,
                if_guessed=None if guessed == memory else guessed,
            )
    return Kept(news=counted.news, asks=asks)


async def keep_choice(
    unit: Unit,
    learner: Learner,
    attempt: Attempt,
    sitting: Sitting,
    posed: Posed,
    places: frozenset[int],
    *,
    at: datetime,
    typed: bool = False,
    settles: bool = False,
) -> ChoiceAnswered:
    """Grade the options in these places, and keep the answer; a right one settles the question."""
    assert isinstance(posed.question.body, Choice)
    chosen = frozenset(posed.shown[place].id for place in places)
    grade = grade_choice(posed.question.body, chosen)
    kept = await keep(
        unit,
        learner,
        attempt,
        sitting,
        posed,
        at=at,
        share=grade.share,
        verdict={
            "code": "right" if grade.right else "wrong",
            "tags": [option.tag for option in grade.chosen_wrong if option.tag],
        },
        chosen=tuple(option.id for option in posed.shown if option.id in chosen),
        typed=typed,
        closes=True,
        settles=settles or grade.right,
    )
    return ChoiceAnswered(
        posed=replace(posed, tries=posed.tries + 1, wrong=posed.wrong + (not grade.right)),
        chosen=places,
        grade=grade,
        news=kept.news,
        asks=kept.asks,
    )


def kind_of(posed: Posed) -> str:
    """The kind of answer that is asked for, out of a few."""
    match posed.question.body:
        case Choice(several=several):
            return "several" if several else "one"
        case Typed(kind=kind):
            return kind.value


def _remembered(
    learner: Learner,
    attempt: Attempt,
    posed: Posed,
    day: date,
    course: CourseId,
    code: str,
    *,
    unsure: bool = False,
) -> Memory:
    """The memory of a question after an answer to it."""
    rating = rate(
        right=code == "right",
        nearly=code == "form",
        hints=attempt.hints,
        rungs=len(posed.question.help),
        unsure=unsure,
    )
    return rated(attempt.memory, rating, day, owner(learner.id, course, attempt.question))


async def _reviews_done(unit: Unit, attempt: Attempt, sitting: Sitting) -> bool:
    """Whether this answer is the last that was due today, and none was skipped."""
    is_last = sitting.course == REVIEW and attempt.place == len(sitting.picked) - 1
    if not is_last or attempt.tries or attempt.memory is None:
        return False
    results = await practice.results(unit, sitting.id)
    return all(each.tries for each in results if each.place != attempt.place)


async def lesson_due(unit: Unit, learner: Learner, tags: Sequence[str], at: datetime) -> bool:
    """Whether an answer just showed a misconception for the third time, or sixth, and so on."""
    for tag in tags:
        times = await recall.times_tagged(unit, learner.id, tag, at - _REMEMBERED)
        if times and times % LESSON_EVERY == 0:
            return True
    return False

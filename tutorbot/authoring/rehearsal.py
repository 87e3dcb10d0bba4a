"""A question gone through from end to end: all that the bot would say to whoever answers it.

The words are those of `tutorbot.views`, so what an author reads here is what learners read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from gettext import NullTranslations

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Unreadable, Verdict
from tutorbot.core.course import Choice, Course, Mark, Typed, Values
from tutorbot.core.grading import grade_choice
from tutorbot.core.ids import AttemptId
from tutorbot.core.practice import (
    LETTERS,
    ChoiceAnswered,
    HintOpened,
    NotRead,
    Posed,
    PosedNext,
    SolutionOpened,
    TypedAnswered,
    with_values,
)
from tutorbot.courses.keys import as_typed
from tutorbot.views import practice
from tutorbot.views.reply import Reply, Say, Utterance


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a learner does, and what the bot says to it."""

    done: str  # "A", "h x e", "Hint 1"; nothing for the question itself
    mark: str  # "right", "wrong", "unscored" or nothing
    replies: tuple[Reply, ...]
    tag: str = ""


Answered = Callable[[Sequence[tuple[Asked, str]]], Sequence[tuple[str, Verdict] | None]]
"""Lines of keys into what would be typed and its verdict; None for what takes too long."""


def rehearse(
    words: NullTranslations, course: Course, place: int, values: Values, answered: Answered
) -> tuple[Scene, ...]:
    """All scenes of the question at ``place`` (0 = first), options in the order of the file."""
    question = with_values(course.questions[place], values)
    body = question.body
    posed = Posed(
        attempt=AttemptId(0),
        course=course.id,
        paper=course.title,
        number=place + 1,
        of=len(course.questions),
        question=question,
        values=values,
        shown=body.options if isinstance(body, Choice) else (),
    )
    return (
        Scene(done="", mark="", replies=_said(practice.posed_next(words, PosedNext(posed=posed)))),
        *_answers(words, posed, answered),
        *_hints(words, posed),
        _solution(words, posed),
    )


def meet(line: tuple[Asked, str]) -> tuple[str, Verdict]:
    """What a learner would type for a line of the key, and how it is judged."""
    asked, text = line
    typed = as_typed(asked, text)
    return typed, judge(asked, typed)


def _answers(words: NullTranslations, posed: Posed, answered: Answered) -> Iterator[Scene]:
    match posed.question.body:
        case Choice() as choice:
            yield from _choices(words, posed, choice)
        case Typed() as typed:
            yield from _typed(words, posed, typed, answered)


def _choices(words: NullTranslations, posed: Posed, choice: Choice) -> Iterator[Scene]:
    once = replace(posed, tries=1)
    right = [place for place, option in enumerate(posed.shown) if option.mark is Mark.RIGHT]
    ways: list[tuple[int, ...]] = [(place,) for place in range(len(posed.shown))]
    if choice.several and len(right) != 1:
        ways.insert(0, tuple(right))
    for way in ways:
        options = [posed.shown[place] for place in way]
        grade = grade_choice(choice, frozenset(option.id for option in options))
        outcome = ChoiceAnswered(
            posed=replace(once, wrong=0 if grade.right else 1),
            chosen=frozenset(way),
            grade=grade,
        )
        lone = options[0] if len(options) == 1 else None
        yield Scene(
            done=" ".join(LETTERS[place] for place in way),
            mark=lone.mark.value if lone else "right",
            replies=_said(practice.choice_answered(words, outcome)),
            tag=(lone.tag or "") if lone else "",
        )


def _typed(
    words: NullTranslations, posed: Posed, typed: Typed, answered: Answered
) -> Iterator[Scene]:
    lines = [(line, "right") for line in typed.accepted]
    lines += [(line, "wrong") for line in typed.mistaken]
    asked = Asked(typed=typed, values=posed.values)
    outcomes = answered([(asked, line.text) for line, _ in lines])
    for (line, mark), outcome in zip(lines, outcomes, strict=True):
        done, replies = line.text, ()
        if outcome:
            done, verdict = outcome
            replies = _said(_judged(words, posed, done, verdict))
        yield Scene(done=done, mark=mark, replies=replies, tag=line.tag or line.note or "")


def _judged(
    words: NullTranslations, posed: Posed, text: str, verdict: Verdict
) -> tuple[Utterance, ...]:
    if isinstance(verdict, Unreadable):
        return practice.not_read(words, NotRead(posed=posed, text=text, verdict=verdict))
    once = replace(posed, tries=1, wrong=1)
    outcome = TypedAnswered(posed=once, verdict=verdict)
    return practice.typed_answered(words, outcome)


def _hints(words: NullTranslations, posed: Posed) -> Iterator[Scene]:
    hints = posed.question.hints
    for number, hint in enumerate(posed.question.help, 1):
        opened = replace(posed, hints_opened=number)
        outcome = HintOpened(posed=opened, hint=hint, number=number, of=len(hints))
        done = "Worked example" if outcome.is_worked_example else f"Hint {number}"
        yield Scene(done=done, mark="", replies=_said(practice.hint_opened(words, outcome)))


def _solution(words: NullTranslations, posed: Posed) -> Scene:
    outcome = SolutionOpened(posed=replace(posed, solution_seen=True))
    replies = _said(practice.solution_opened(words, outcome))
    return Scene(done="Solution", mark="", replies=replies)


def _said(utterances: Sequence[Utterance]) -> tuple[Reply, ...]:
    return tuple(each.reply for each in utterances if isinstance(each, Say))

"""How an answer is kept, and how a sitting went by what was kept of it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from tutorbot.core.answers.verdicts import (
    Right,
    RightButForm,
    Undecided,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.core.course import Course, Question, Typed
from tutorbot.core.grading import points
from tutorbot.core.practice import Posed, QuestionResult
from tutorbot.store import practice
from tutorbot.store.practice import Result, Sitting
from tutorbot.store.unit import Unit

_BLUR = Fraction(1, 100_000)
"""Points are kept with six decimals."""


async def results_of(unit: Unit, course: Course, sitting: Sitting) -> tuple[QuestionResult, ...]:
    """How each question went that was posed; ``course`` is the one drawn for the sitting."""
    return tuple(
        _result(course.questions[each.place], each)
        for each in await practice.results(unit, sitting.id)
    )


def as_kept(posed: Posed, verdict: Verdict) -> dict[str, object]:
    """A verdict as it is stored with the answer."""
    match verdict:
        case Right(accepted=index):
            return {"code": "right", "accepted": index}
        case RightButForm(accepted=index, form=form, missing=missing):
            return {
                "code": "form",
                "accepted": index,
                "form": form.value,
                "missing": missing.code,
            }
        case Undecided():
            return {"code": "undecided"}
        case Unreadable(problem=problem):
            return {"code": "unreadable", "problem": problem.code}
        case Wrong():
            body = posed.question.body
            assert isinstance(body, Typed)
            line = None if verdict.mistaken is None else body.mistaken[verdict.mistaken]
            return {
                "code": "wrong",
                "mistaken": verdict.mistaken,
                "tags": [line.tag] if line and line.tag else [],
                "slip": verdict.slip.code if verdict.slip else None,
                "proof": verdict.proof.method,
            }


def tags_of(kept: Mapping[str, object]) -> tuple[str, ...]:
    """The misconceptions in a verdict as stored."""
    return tuple(map(str, cast("list[object]", kept.get("tags", []))))


def _result(question: Question, result: Result) -> QuestionResult:
    def is_right(scored: Fraction | None, hints: int | None) -> bool:
        """Whether these are all the points that were left to have after the hints."""
        if not scored:
            return False
        opened = question.hints[: hints or 0]
        full = points(share=Fraction(1), hints=opened, out_of=result.out_of or Fraction(1))
        return scored >= full - _BLUR

    return QuestionResult(
        number=result.place + 1,
        title=question.title,
        first_right=is_right(result.first_points, result.first_hints),
        ever_right=is_right(result.best_points, result.best_hints),
        best=result.best_points or Fraction(0),
    )

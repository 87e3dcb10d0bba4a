"""Facts into grades: what an answer is worth under one version of the key.

An answer itself never changes; its grade is derived and may be derived again when a key is mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutorbot.core.answers.verdicts import Right, Verdict, Wrong
from tutorbot.core.course import Choice, Expression, Hint, Mark, Option, Question, Typed
from tutorbot.core.ids import OptionId

POLICY = "all-or-nothing"


@dataclass(frozen=True, kw_only=True)
class ChoiceGrade:
    """How a set of options stands to the key."""

    right: bool
    chosen_right: tuple[Option, ...]
    chosen_wrong: tuple[Option, ...]
    chosen_unscored: tuple[Option, ...]
    missing: int  # how many right ones were left out; which ones, the solution tells


def grade_choice(choice: Choice, chosen: frozenset[OptionId]) -> ChoiceGrade:
    """All or nothing: every right option and no wrong one; the unscored ones do not matter.

    >>> options = tuple(
    ...     Option(id=OptionId(name), prose=(), mark=mark)
    ...     for name, mark in [("a", Mark.RIGHT), ("b", Mark.WRONG), ("c", Mark.UNSCORED)]
    ... )
    >>> grade = grade_choice(Choice(options=options, several=True), frozenset({"a", "c"}))
    >>> grade.right, grade.missing
    (True, 0)
    """
    taken = [option for option in choice.options if option.id in chosen]
    by_mark = {mark: tuple(each for each in taken if each.mark is mark) for mark in Mark}
    due = sum(option.mark is Mark.RIGHT for option in choice.options)
    missing = due - len(by_mark[Mark.RIGHT])
    return ChoiceGrade(
        right=not missing and not by_mark[Mark.WRONG],
        chosen_right=by_mark[Mark.RIGHT],
        chosen_wrong=by_mark[Mark.WRONG],
        chosen_unscored=by_mark[Mark.UNSCORED],
        missing=missing,
    )


def points(*, right: bool, hints: Sequence[Hint]) -> Fraction:
    """Points out of 1: a right answer less the cost of the hints that were opened, at least 0."""
    cost = sum((hint.cost for hint in hints), Fraction(0))
    return max(Fraction(0), 1 - cost) if right else Fraction(0)


def matched(typed: Typed, verdict: Verdict) -> Expression | None:
    """The author's line that the answer equals, if it equals one that has something to say."""
    if isinstance(verdict, Right):
        return typed.accepted[verdict.accepted]
    if isinstance(verdict, Wrong) and verdict.mistaken is not None:
        return typed.mistaken[verdict.mistaken]
    return None


def key_of(question: Question) -> dict[str, object]:
    """The part of a question that grades, as it is kept with its version."""
    match question.body:
        case Choice(options=options):
            return {
                "kind": "choice",
                "right": [option.id for option in options if option.mark is Mark.RIGHT],
                "unscored": [option.id for option in options if option.mark is Mark.UNSCORED],
            }
        case Typed() as typed:
            asked: dict[str, object] = {
                "kind": typed.kind.value,
                "accepted": [line.text for line in typed.accepted],
                "mistaken": [line.text for line in typed.mistaken],
            }
            further = {
                "form": typed.form.value if typed.form else None,
                "tolerance": None if typed.tolerance is None else str(typed.tolerance),
                "figures": typed.significant,
                "unit": typed.unit,
            }
            return asked | {name: value for name, value in further.items() if value is not None}

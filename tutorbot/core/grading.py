"""Facts into grades: what an answer is worth under one version of the key.

An answer itself never changes; its grade is derived and may be derived again when a key is mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutorbot.core.answers.verdicts import Right, Verdict, Wrong
from tutorbot.core.course import (
    Choice,
    Expression,
    Hint,
    Mark,
    Option,
    Partial,
    Question,
    Typed,
)
from tutorbot.core.ids import OptionId


@dataclass(frozen=True, kw_only=True)
class ChoiceGrade:
    """How a set of options stands to the key."""

    right: bool
    chosen_right: tuple[Option, ...]
    chosen_wrong: tuple[Option, ...]
    chosen_unscored: tuple[Option, ...]
    missing: int  # how many right ones were left out; which ones, the solution tells
    share: Fraction  # of the points, by the author's policy; 1 exactly if it is right


def grade_choice(choice: Choice, chosen: frozenset[OptionId]) -> ChoiceGrade:
    """Right is every right option and no wrong one; the unscored ones do not matter.

    Where one option is asked for, a key that was mended may accept any of several.

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
    due = due if choice.several else min(due, 1)
    missing = due - len(by_mark[Mark.RIGHT])
    right = not missing and not by_mark[Mark.WRONG]
    return ChoiceGrade(
        right=right,
        chosen_right=by_mark[Mark.RIGHT],
        chosen_wrong=by_mark[Mark.WRONG],
        chosen_unscored=by_mark[Mark.UNSCORED],
        missing=missing,
        share=Fraction(1) if right else _share(choice, taken),
    )


def _share(choice: Choice, taken: Sequence[Option]) -> Fraction:
    """What ticks that are not all right are worth, as a share of the points."""
    scored = [option for option in choice.options if option.mark is not Mark.UNSCORED]
    due = sum(option.mark is Mark.RIGHT for option in scored)
    hit = sum(option.mark is Mark.RIGHT for option in taken)
    strayed = sum(option.mark is Mark.WRONG for option in taken)
    match choice.partial:
        case Partial.NET_CORRECT if due:
            return Fraction(max(0, hit - strayed), due)
        case Partial.EACH_DECISION if scored:
            return Fraction(len(scored) - strayed - (due - hit), len(scored))
        case _:
            return Fraction(0)


def points(*, share: Fraction, hints: Sequence[Hint], out_of: Fraction = Fraction(1)) -> Fraction:
    """The points of an answer: its share less the cost of the hints that were opened, at least 0.

    >>> points(share=Fraction(1), hints=[Hint(prose=(), cost=Fraction(1, 2))], out_of=Fraction(3))
    Fraction(3, 2)
    """
    cost = sum((hint.cost for hint in hints), Fraction(0))
    return max(Fraction(0), share - cost) * out_of


def policy(question: Question) -> str:
    """The name under which the scores of a question are kept."""
    body = question.body
    return (body.partial if isinstance(body, Choice) else Partial.ALL_OR_NOTHING).value


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
            } | _scoring(question)
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
            asked |= {name: value for name, value in further.items() if value is not None}
            return asked | _scoring(question)


def _scoring(question: Question) -> dict[str, object]:
    """What a right answer is worth, where it is not one point for all of it."""
    scoring: dict[str, object] = {}
    if question.points != 1:
        scoring["points"] = str(question.points)
    if policy(question) != Partial.ALL_OR_NOTHING.value:
        scoring["partial"] = policy(question)
    return scoring

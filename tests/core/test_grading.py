from fractions import Fraction

import pytest

from tutorbot.core.course import Choice, Hint, Mark, Option, Question
from tutorbot.core.grading import grade_choice, key_of, points
from tutorbot.core.ids import OptionId, QuestionId
from tutorbot.core.prose import words


def choice(**marks: Mark) -> Choice:
    return Choice(
        several=True,
        options=tuple(
            Option(id=OptionId(name), prose=words_(name), mark=mark, feedback=words_(name))
            for name, mark in marks.items()
        ),
    )


def words_(text: str):
    return (words(text),)


PAPER = choice(a=Mark.RIGHT, b=Mark.RIGHT, c=Mark.WRONG, d=Mark.UNSCORED)


@pytest.mark.parametrize(
    ("chosen", "right", "missing", "too_many"),
    [
        ("ab", True, 0, 0),
        ("abd", True, 0, 0),  # the disputed one costs nothing ticked ...
        ("a", False, 1, 0),
        ("abc", False, 0, 1),
        ("c", False, 2, 1),
        ("d", False, 2, 0),  # ... and earns nothing either
        ("", False, 2, 0),
    ],
)
def test_ticks_are_right_when_all_that_are_right_are_set_and_none_that_is_wrong(
    chosen: str, right: bool, missing: int, too_many: int
):
    grade = grade_choice(PAPER, frozenset(OptionId(each) for each in chosen))
    assert (grade.right, grade.missing, len(grade.chosen_wrong)) == (right, missing, too_many)


@pytest.mark.parametrize(
    ("right", "costs", "expected"),
    [
        (True, [], Fraction(1)),
        (True, [0, Fraction(1, 2)], Fraction(1, 2)),
        (True, [Fraction(3, 4), Fraction(1, 2)], Fraction(0)),  # never below nothing
        (False, [], Fraction(0)),
    ],
)
def test_hints_cost_what_the_author_says(right: bool, costs: list[Fraction], expected: Fraction):
    hints = [Hint(prose=(), cost=Fraction(cost)) for cost in costs]
    assert points(right=right, hints=hints) == expected


def test_the_key_that_is_kept_names_options_by_their_permanent_ids():
    question = Question(id=QuestionId("q"), title="", prose=(), body=PAPER)
    assert key_of(question) == {"kind": "choice", "right": ["a", "b"], "unscored": ["d"]}

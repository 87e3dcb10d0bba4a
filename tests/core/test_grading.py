from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.course import Choice, Hint, Mark, Option, Partial, Question
from tutorbot.core.grading import grade_choice, key_of, points, policy
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
    ("chosen", "net", "each"),
    [
        ("ab", Fraction(1), Fraction(1)),
        ("abd", Fraction(1), Fraction(1)),
        ("a", Fraction(1, 2), Fraction(2, 3)),
        ("ad", Fraction(1, 2), Fraction(2, 3)),
        ("abc", Fraction(1, 2), Fraction(2, 3)),
        ("ac", Fraction(0), Fraction(1, 3)),
        ("c", Fraction(0), Fraction(0)),  # never below nothing
        ("d", Fraction(0), Fraction(1, 3)),  # what is left as the key has it counts as well
    ],
)
def test_ticks_that_are_right_in_part_earn_what_the_author_says(
    chosen: str, net: Fraction, each: Fraction
):
    ticks = frozenset(OptionId(name) for name in chosen)
    shares = [grade_choice(replace(PAPER, partial=partial), ticks).share for partial in Partial]
    assert shares == [Fraction(net == 1), net, each]


@given(st.lists(st.sampled_from(Mark), min_size=1, max_size=12), st.data())
def test_only_right_ticks_earn_all_and_none_earn_less_than_nothing(
    marks: list[Mark], data: st.DataObject
):
    options = {f"o{place}": mark for place, mark in enumerate(marks)}
    ticks = data.draw(st.sets(st.sampled_from(list(options))))
    for partial in Partial:
        asked = replace(choice(**options), partial=partial)
        grade = grade_choice(asked, frozenset(map(OptionId, ticks)))
        assert 0 <= grade.share <= 1
        assert (grade.share == 1) == grade.right


@pytest.mark.parametrize(
    ("share", "costs", "expected"),
    [
        (1, [], Fraction(2)),
        (1, [0, Fraction(1, 2)], Fraction(1)),
        (1, [Fraction(3, 4), Fraction(1, 2)], Fraction(0)),  # never below nothing
        (Fraction(1, 2), [Fraction(1, 4)], Fraction(1, 2)),
        (0, [], Fraction(0)),
    ],
)
def test_hints_cost_what_the_author_says(
    share: Fraction, costs: list[Fraction], expected: Fraction
):
    hints = [Hint(prose=(), cost=Fraction(cost)) for cost in costs]
    assert points(share=Fraction(share), hints=hints, out_of=Fraction(2)) == expected


def test_the_key_that_is_kept_names_options_by_their_permanent_ids():
    question = Question(id=QuestionId("q"), title="", prose=(), body=PAPER)
    assert key_of(question) == {"kind": "choice", "right": ["a", "b"], "unscored": ["d"]}


def test_the_key_that_is_kept_says_what_it_is_worth_where_that_is_not_one_point():
    body = replace(PAPER, partial=Partial.NET_CORRECT)
    question = Question(id=QuestionId("q"), title="", prose=(), body=body, points=Fraction(5, 2))
    assert key_of(question).items() >= {"points": "5/2", "partial": "net-correct"}.items()
    assert policy(question) == "net-correct"

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.course import Choice, Mark, Option, Question
from tutorbot.core.ids import OptionId, QuestionId
from tutorbot.core.practice import letters_typed, order_shown, pick_variant, with_values
from tutorbot.core.prose import Display, words


def question(pins: list[bool], *, shuffled: bool = True, group: str | None = None) -> Question:
    options = tuple(
        Option(id=OptionId(f"o{place}"), prose=(), mark=Mark.WRONG, pinned=pinned)
        for place, pinned in enumerate(pins)
    )
    return Question(
        id=QuestionId("q"),
        title="",
        prose=(),
        body=Choice(options=options, shuffled=shuffled),
        group=group,
        variants=tuple((("h", Fraction(value)),) for value in (10, 20, 30)),
    )


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers())
def test_options_are_all_shown_once_and_pinned_ones_stay_in_place(pins: list[bool], seed: int):
    asked = question(pins)
    shown = order_shown(asked, Random(seed))
    assert sorted(shown) == sorted(f"o{place}" for place in range(len(pins)))
    assert all(shown[place] == f"o{place}" for place, pinned in enumerate(pins) if pinned)


def test_options_in_a_fixed_order_are_not_shuffled():
    asked = question([False] * 6, shuffled=False)
    assert all(
        order_shown(asked, Random(seed)) == tuple(f"o{place}" for place in range(6))
        for seed in range(20)
    )


@given(st.integers(min_value=0, max_value=2**62))
def test_questions_of_one_group_get_the_same_variant(seed: int):
    first, second = question([False], group="mri"), question([True], group="mri")
    assert pick_variant(first, seed) == pick_variant(second, seed)


def test_every_variant_comes_up():
    assert {pick_variant(question([False]), seed) for seed in range(60)} == {0, 1, 2}


def test_the_values_of_a_variant_stand_in_words_and_formulas():
    asked = Question(
        id=QuestionId("q"),
        title="",
        prose=(words("A state of {{h}} numbers"), Display(r"h \in \mathbb{R}^{{{h}}}")),
        body=Choice(options=()),
    )
    shown = with_values(asked, (("h", Fraction(100)),))
    assert shown.prose == (words("A state of 100 numbers"), Display(r"h \in \mathbb{R}^{100}"))


@pytest.mark.parametrize(
    ("text", "options", "places"),
    [
        ("b", 4, {1}),
        ("B.", 4, {1}),
        ("(", 4, None),
        ("a c", 4, {0, 2}),
        ("A,C)", 4, {0, 2}),
        ("e", 4, None),
        ("because", 4, None),
        ("", 4, None),
    ],
)
def test_typed_letters_stand_for_options(text: str, options: int, places: set[int] | None):
    assert letters_typed(text, options) == (None if places is None else frozenset(places))

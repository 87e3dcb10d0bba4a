from dataclasses import replace
from gettext import NullTranslations

import pytest

from tutorbot.core.answers.judge import echoed, judge
from tutorbot.core.answers.verdicts import Asked, Echo, Right
from tutorbot.core.course import Expression, Form, Kind, Typed
from tutorbot.views.examples import example, how_to_type

WORDS = NullTranslations()
KEYS = {
    Kind.FORMULA: "{a} + {b}",
    Kind.NUMBER: "3",
    Kind.SIZE: "2 x 2",
    Kind.QUANTITY: "3 km/h",
    Kind.EQUATION: "{a} = {b}",
    Kind.INEQUALITY: "{a} < {b}",
    Kind.SET: "{{1, 2}}",
    Kind.SOLUTIONS: "{a} = 1",
    Kind.INTERVAL: "[0, 1]",
    Kind.TUPLE: "(3, 2, 1)",
    Kind.VECTOR: "(3, 2, 1)",
    Kind.MATRIX: "[1, 2; 3, 4]",
    Kind.LOGIC: "{a} & {b}",
}


def typed(kind: Kind, a: str = "n", b: str = "m") -> Typed:
    key = Expression(text=KEYS[kind].format(a=a, b=b))
    return Typed(kind=kind, accepted=(key,), symbols=(a, b))


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("symbols", [("n", "m"), ("p", "alpha"), ("theta", "s_4")])
def test_the_example_under_a_question_can_be_read_and_is_not_the_answer(
    kind: Kind, symbols: tuple[str, ...]
):
    body = typed(kind, *symbols)
    asked = Asked(typed=body)
    assert isinstance(echoed(asked, example(body)), Echo)
    assert not isinstance(judge(asked, example(body)), Right)


@pytest.mark.parametrize("kind", [Kind.FORMULA, Kind.EQUATION, Kind.INEQUALITY, Kind.LOGIC])
def test_the_example_speaks_of_the_symbols_of_the_question(kind: Kind):
    said = how_to_type(WORDS, typed(kind, "r", "k"))
    assert "r" in example(typed(kind, "r", "k"))
    assert "such as" in said


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_answer_says_how_to_type_it(kind: Kind):
    body = Typed(kind=kind, accepted=(Expression(text="1"),), symbols=("n", "m"))
    said = how_to_type(WORDS, body)
    assert said.startswith("Type ")
    assert "{names}" not in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (Form.EXPANDED, "Multiply everything out."),
        (Form.FACTORED, "as a product."),
        (Form.LOWEST_TERMS, "Cancel"),
        (Form.SINGLE_FRACTION, "one fraction."),
        (Form.PARTIAL_FRACTIONS, "partial fractions."),
        (Form.SIMPLIFIED_RADICAL, "roots."),
    ],
)
def test_a_form_that_is_asked_for_is_said_under_the_question(form: Form, words: str):
    assert words in how_to_type(WORDS, replace(typed(Kind.FORMULA), form=form))


@pytest.mark.parametrize(("figures", "number"), [(1, "7"), (2, "7.5"), (4, "7.500")])
def test_a_number_of_figures_is_shown_by_a_number_that_has_them(figures: int, number: str):
    assert f"as {number}." in how_to_type(WORDS, replace(typed(Kind.NUMBER), significant=figures))


def test_a_question_about_an_unknown_function_shows_how_to_apply_it():
    body = replace(typed(Kind.FORMULA, "V", "s"), functions=("O",))
    assert example(body) == "7·O(V)/5"
    assert isinstance(echoed(Asked(typed=body), example(body)), Echo)

"""A form that is asked for holds for each side, entry and number of a structure."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, RightButForm
from tutorbot.core.course import Form, Kind

Ask = Callable[..., Asked]


def formed(asked: Asked, form: Form) -> Asked:
    return replace(asked, typed=replace(asked.typed, form=form))


@pytest.mark.parametrize(
    ("kind", "key", "form", "right", "not_yet", "code"),
    [
        (Kind.MATRIX, "[[1/2, 1]]", Form.LOWEST_TERMS, "1/2 1", "2/4 1", "form-reduce"),
        (Kind.TUPLE, "(1/2, 3)", Form.LOWEST_TERMS, "(1/2, 3)", "(0.5, 3)", "form-decimal"),
        (Kind.VECTOR, "(x^2+x, 1)", Form.EXPANDED, "(x+x², 1)", "(x(x+1), 1)", "form-bracket"),
        (
            Kind.SOLUTIONS,
            "x = 2*sqrt(2)",
            Form.SIMPLIFIED_RADICAL,
            "x=2√2",
            "x=√8",
            "form-root-square",
        ),
        (Kind.SET, "{1/2, 1/3}", Form.LOWEST_TERMS, "{1/3, 1/2}", "{1/3, 3/6}", "form-reduce"),
        (
            Kind.EQUATION,
            "(x-2)*(x-3) = 0",
            Form.FACTORED,
            "0=(x-3)(x-2)",
            "x²-5x+6=0",
            "form-not-factored",
        ),
        (Kind.EQUATION, "y = 2*x + 6", Form.EXPANDED, "6+2x=y", "y=2(x+3)", "form-bracket"),
        (Kind.EQUATION, "y = 2*x + 6", Form.SAME_UP_TO_ORDER, "6+2x=y", "2x=y-6", "form-order"),
        (Kind.EQUATION, "y = 2*x + 6", Form.AS_TYPED, "y=2x+6", "6+2x=y", "form-as-typed"),
        (Kind.INEQUALITY, "x < 1/2", Form.LOWEST_TERMS, "1/2 > x", "x < 2/4", "form-reduce"),
        (Kind.INTERVAL, "[0, 1/2)", Form.LOWEST_TERMS, "[0, 1/2)", "[0, 2/4)", "form-reduce"),
        (Kind.SET, "{x^2+x}", Form.AS_TYPED, "{x²+x}", "{x+x²}", "form-as-typed"),
    ],
)
def test_the_form_is_asked_of_every_part(
    ask: Ask, kind: Kind, key: str, form: Form, right: str, not_yet: str, code: str
):
    asked = formed(ask(kind, key, symbols="x y"), form)
    assert checked(asked) == ()
    assert isinstance(judge(asked, right), Right)
    verdict = judge(asked, not_yet)
    assert isinstance(verdict, RightButForm)
    assert verdict.missing.code == code


def test_the_number_of_a_quantity_has_a_form_too(ask: Ask):
    asked = formed(ask(Kind.QUANTITY, "1/2 m"), Form.LOWEST_TERMS)
    assert checked(asked) == ()
    assert isinstance(judge(asked, "1/2 m"), Right)
    assert isinstance(judge(asked, "2/4 m"), RightButForm)
    assert isinstance(judge(asked, "50 cm"), Right)


@pytest.mark.parametrize(("kind", "key"), [(Kind.MATRIX, "[[2/4]]"), (Kind.QUANTITY, "2/4 m")])
def test_a_key_that_has_not_the_form_itself_is_a_fault(ask: Ask, kind: Kind, key: str):
    found = checked(formed(ask(kind, key), Form.LOWEST_TERMS))
    assert len(found) == 1
    assert "lowest-terms" in found[0]

"""Right, and in the form that was asked for or not: what is said to be missing."""

from collections.abc import Callable
from dataclasses import replace
from gettext import NullTranslations
from math import gcd

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, RightButForm, Wrong
from tutorbot.core.course import Form, Kind
from tutorbot.core.prose import Paragraph, Prose, Text
from tutorbot.views.answers import form_prose

Ask = Callable[..., Asked]

ROWS = [
    (
        Form.EXPANDED,
        "x^2+2x+1",
        {
            "x^2+2x+1": "",
            "1 + 2x + x²": "",
            "(x^2+2x)+1": "",
            "(x+1)^2": "form-bracket",
            "x(x+2)+1": "form-bracket",
            "-(-x^2-2x-1)": "form-bracket",
            "(2x^2+4x+2)/2": "form-bracket",
            "x^2+x+x+1": "form-like-terms",
            "x^2+2x+1+0x": "form-like-terms",
            "x·x+2x+1": "form-multiply",
            "x^2+2·1x+1": "form-multiply",
        },
    ),
    (Form.EXPANDED, "e^x*x + x", {"x e^x + x": "", "x(e^x+1)": "form-bracket"}),
    (
        Form.FACTORED,
        "x^4-1",
        {
            "(x-1)(x+1)(x^2+1)": "",
            "-(1-x)(x+1)(x²+1)": "",
            "(x²-1)(x²+1)": "form-factor-further",
            "x^4-1": "form-not-factored",
            "(2x-2)(x+1)(x²+1)/2": "form-common-factor",
        },
    ),
    (
        Form.FACTORED,
        "6x^2+6x",
        {
            "6x(x+1)": "",
            "2·3·x(x+1)": "",
            "6(x²+x)": "form-factor-further",
            "x(6x+6)": "form-common-factor",
            "6x²+6x": "form-not-factored",
        },
    ),
    (
        Form.FACTORED,
        "x^2*y - y^3",
        {
            "y(x-y)(x+y)": "",
            "y(x²-y²)": "form-factor-further",
            "(x-y)(xy+y²)": "form-factor-further",
        },
    ),
    (Form.FACTORED, "x^2+1", {"x²+1": "", "2(x²+1)/2": ""}),
    (Form.FACTORED, "(x+1/2)*(x-3)", {"(x+1/2)(x-3)": "", "(2x+1)(x-3)/2": ""}),
    (
        Form.FACTORED,
        "2^2*3",
        {
            "2²·3": "",
            "2·6": "form-factor-further",
            "12": "form-factor-further",
        },
    ),
    (
        Form.LOWEST_TERMS,
        "3/2",
        {
            "3/2": "",
            "1½": "",
            "1 + 1/2": "",
            "-3/(-2)": "",
            "6/4": "form-reduce",
            "1.5": "form-decimal",
            "2 - 1/2": "form-not-worked-out",
            "3·(1/2)": "form-not-worked-out",
        },
    ),
    (
        Form.LOWEST_TERMS,
        "(x+1)/2",
        {
            "(x+1)/2": "",
            "x/2 + 1/2": "",
            "(2x+2)/4": "form-reduce",
            "(x²-1)/(2(x-1))": "form-reduce",
            "2/4·(x+1)": "form-reduce",
        },
    ),
    (
        Form.SINGLE_FRACTION,
        "(x^2+1)/x",
        {
            "(x²+1)/x": "",
            "(1/x)(x²+1)": "",
            "(x²+1)x^-1": "",
            "x + 1/x": "form-fraction-in-sum",
            "x²/x + 1/x": "form-fractions-left",
            "1/(x/(x²+1))": "form-fractions-left",
        },
    ),
    (
        Form.PARTIAL_FRACTIONS,
        "1/(x-1) - 1/(x+1)",
        {
            "1/(x-1) - 1/(x+1)": "",
            "1/(x-1) - 2/(2x+2)": "",
            "2/(x²-1)": "form-denominator",
            "1/(x-1) - x/(x²+x)": "form-denominator",
            "x/(x-1) - 1 - 1/(x+1)": "form-numerator",
            "1/(x-1) - 2/(x+1) + 1/(x+1)": "form-same-denominator",
        },
    ),
    (
        Form.PARTIAL_FRACTIONS,
        "1/x + 1/x^2 + x/(x^2+1)",
        {"1/x^2 + 1/x + x/(x²+1)": "", "(x+1)/x² + x/(x²+1)": "form-numerator"},
    ),
    (
        Form.SAME_UP_TO_ORDER,
        "3x(x+1) - 2",
        {
            "-2 + (1+x)·3x": "",
            "(x+1)·x·3 - 2": "",
            "3x²+3x-2": "form-order",
            "x(3x+3)-2": "form-order",
        },
    ),
    (Form.AS_TYPED, "3x(x+1)", {"3·x·(x+1)": "", "3(x)(x + 1)": "", "x(x+1)·3": "form-as-typed"}),
    (
        Form.SIMPLIFIED_RADICAL,
        "2*sqrt(2)",
        {
            "2√2": "",
            "√2·2": "",
            "2·2^(1/2)": "",
            "√8": "form-root-square",
            "8^(1/2)": "form-root-square",
            "√2 + √2": "form-like-terms",
            "4/√2": "form-root-below",
            "√4·√2": "form-root-square",
            "6√2 - 4√2": "form-like-terms",
        },
    ),
    (
        Form.SIMPLIFIED_RADICAL,
        "sqrt(6)/2",
        {
            "√6/2": "",
            "√(3/2)": "form-root-fraction",
            "√2√3/2": "form-multiply",
            "√(2·3)/2": "form-not-worked-out",
        },
    ),
    (Form.SIMPLIFIED_RADICAL, "2*cbrt(2)", {"2·cbrt(2)": "", "cbrt(16)": "form-root-square"}),
]
CASES = [
    pytest.param(form, key, typed, missing, id=f"{form.value}: {typed}")
    for form, key, answers in ROWS
    for typed, missing in answers.items()
]


def said_in(prose: Prose) -> str:
    (block,) = prose
    assert isinstance(block, Paragraph)
    return "".join(each.text for each in block.line if isinstance(each, Text))


def asked_in(ask: Ask, form: Form, key: str) -> Asked:
    asked = ask(Kind.FORMULA, key, symbols="x y")
    return replace(asked, typed=replace(asked.typed, form=form))


@pytest.mark.parametrize(("form", "key", "typed", "missing"), CASES)
def test_the_right_value_is_told_what_its_form_lacks(
    ask: Ask, form: Form, key: str, typed: str, missing: str
):
    verdict = judge(asked_in(ask, form, key), typed)
    if missing:
        assert isinstance(verdict, RightButForm)
        assert (verdict.form, verdict.missing.code) == (form, missing)
        said = said_in(form_prose(NullTranslations(), verdict))
        assert said.startswith("The value is right. ")
        assert "{" not in said
    else:
        assert isinstance(verdict, Right)


@pytest.mark.parametrize(
    ("form", "key", "typed", "words"),
    [
        (Form.FACTORED, "x^4-1", "(x²-1)(x²+1)", "x² − 1 can be factored further"),
        (Form.LOWEST_TERMS, "3/2", "6/4", "6/4 can be reduced by 2"),
        (Form.SINGLE_FRACTION, "x/y+y/x", "x/y+y/x", "There are still 2 fractions"),
        (Form.EXPANDED, "(x+1)^2", "(x+1)²", "(x + 1)² is not multiplied out"),
        (Form.SIMPLIFIED_RADICAL, "2*sqrt(2)", "√8", "√(8) can be simplified"),
        (Form.LOWEST_TERMS, "(x+1)/2", "(x²-1)/(2x-2)", "by x − 1"),
    ],
)
def test_a_teacher_would_say_it_so(ask: Ask, form: Form, key: str, typed: str, words: str):
    verdict = judge(asked_in(ask, form, key), typed)
    assert isinstance(verdict, RightButForm)
    assert words in said_in(form_prose(NullTranslations(), verdict))


@pytest.mark.parametrize("form", Form)
def test_a_wrong_value_is_wrong_in_any_form(ask: Ask, form: Form):
    assert isinstance(judge(asked_in(ask, form, "x+1"), "x+2"), Wrong)


def test_a_key_must_stand_in_its_own_form(ask: Ask):
    assert checked(asked_in(ask, Form.FACTORED, "(x-1)*(x+1)")) == ()
    assert len(checked(asked_in(ask, Form.FACTORED, "x^2-1"))) == 1


def test_one_of_the_accepted_lines_may_be_met(ask: Ask):
    asked = ask(Kind.FORMULA, "x*(x+1)", "x^2+x", symbols="x")
    asked = replace(asked, typed=replace(asked.typed, form=Form.SAME_UP_TO_ORDER))
    assert isinstance(judge(asked, "x+x²"), Right)
    assert isinstance(judge(asked, "(1+x)x"), Right)
    assert isinstance(judge(asked, "x(2x+2)/2"), RightButForm)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize(
    "typed", ["(x+1)^999", "((x+1)^40+(y+1)^40)^40", "x^(1/0)", "1/(x-x)", "√" * 40 + "x"]
)
def test_a_large_answer_is_judged_at_once_in_any_form(ask: Ask, form: Form, typed: str):
    judge(asked_in(ask, form, typed if "/0" not in typed and "x-x" not in typed else "x"), typed)


factors = st.lists(
    st.tuples(st.integers(1, 5), st.integers(-5, 5).filter(bool)), min_size=2, max_size=3
)


@given(factors)
@settings(deadline=None)
def test_a_product_of_primitive_lines_is_factored_and_not_expanded(
    ask: Ask, lines: list[tuple[int, int]]
):
    primitive = [(a // gcd(a, b), b // gcd(a, b)) for a, b in lines]
    key = "*".join(f"({a}*x+{b})".replace("+-", "-") for a, b in primitive)
    assert isinstance(judge(asked_in(ask, Form.FACTORED, key), key), Right)
    assert isinstance(judge(asked_in(ask, Form.EXPANDED, key), key), RightButForm)

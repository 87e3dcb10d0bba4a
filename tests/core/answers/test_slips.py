"""The slip is named by its meaning, in whatever form the wrong answer comes."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    ("typed", "code", "details"),
    [
        ("-3n(n+m+1)", "sign", {}),
        ("6n(n+m+1)", "factor", {"factor": "2"}),
        ("n²+nm+n", "missing-factor", {"factor": "3"}),
        ("3(n+m+1)", "missing-factor", {"factor": "n"}),
        ("3n²m(n+m+1)", "times", {"factor": "m·n"}),
        ("-1.5n(n+m+1)", "factor", {"factor": "−1/2"}),
        ("3n²+3nm+3n+7", "extra-term", {"term": "7"}),
        ("3n(n+m+1)+2m²", "extra-term", {"term": "2·m²"}),
        ("3n²+3n", "missing-term", {"term": "3·n·m"}),
        ("3n(n+m+1)-m/2", "extra-term", {"term": "−m/2"}),
        ("3(n²-nm+n)", "term-sign", {"term": "n·m"}),
        ("1/(3n(n+m+1))", "upside-down", {}),
        ("3m(m+n+1)", "swapped", {"first": "m", "second": "n"}),
    ],
)
def test_what_is_off_in_a_formula_is_named(
    ask: Ask, typed: str, code: str, details: dict[str, str]
):
    verdict = judge(ask(Kind.FORMULA, "3*(n^2+n*m+n)", symbols="n m"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert (verdict.slip.code, dict(verdict.slip.details)) == (code, details)


@pytest.mark.parametrize(
    ("key", "typed", "code", "details"),
    [
        ("a^2+b", "b^2+a", "swapped", {"first": "a", "second": "b"}),
        ("f(a)/a", "f(b)/b", "replaced", {"wrong": "b", "right": "a"}),
        ("f'(a)*b", "-b*f'(a)", "sign", {}),
        ("f'(a)/f(a)", "f(a)/f'(a)", "upside-down", {}),
        ("sqrt(a)+b", "sqrt(a)-b", "term-sign", {"term": "b"}),
        ("exp(a)*b", "2e^a b", "factor", {"factor": "2"}),
    ],
)
def test_a_slip_is_seen_through_functions_and_roots(
    ask: Ask, key: str, typed: str, code: str, details: dict[str, str]
):
    verdict = judge(ask(Kind.FORMULA, key, symbols="a b", functions="f"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert (verdict.slip.code, dict(verdict.slip.details)) == (code, details)


@pytest.mark.parametrize(
    ("typed", "code", "details"),
    [
        ("-600", "sign", {}),
        ("1200", "factor", {"factor": "2"}),
        ("150", "factor", {"factor": "1/4"}),
        ("601", "off-by-one", {"by": "1"}),
        ("599", "off-by-one", {"by": "−1"}),
    ],
)
def test_what_is_off_in_a_number_is_named_where_it_says_something(
    ask: Ask, typed: str, code: str, details: dict[str, str]
):
    verdict = judge(ask(Kind.NUMBER, "600"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert (verdict.slip.code, dict(verdict.slip.details)) == (code, details)


def test_a_slip_that_nobody_knows_is_not_made_up(ask: Ask):
    for key, typed in (("3*(n^2+n*m+n)", "n^5 + 17m^3 - 2"), ("600", "187")):
        kind = Kind.NUMBER if key == "600" else Kind.FORMULA
        verdict = judge(ask(kind, key, symbols="n m"), typed)
        assert isinstance(verdict, Wrong)
        assert verdict.slip is None

"""Numbers, exact and within a tolerance, as they are written in different countries."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Right, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    "typed",
    [
        "60000",
        "60,000",
        "60 000",
        "60\u00a0000",
        "60'000",
        "60_000",
        "60{,}000",
        "60.000,0",
        "60,000.00",
        "6e4",
        "6·10^4",
        "6×10⁴",
        "4*(100*100+100*50)",
        "120000/2",
        "$60000$",
        "+60000",
        "６００００",
    ],
)
def test_a_number_is_right_however_its_digits_are_grouped(count: Asked, typed: str):
    assert isinstance(judge(count, typed), Right)


@pytest.mark.parametrize(
    ("typed", "mistaken"), [("15000", 0), ("15,000", 0), ("60001", None), ("59999.999999", None)]
)
def test_a_number_is_exact(count: Asked, typed: str, mistaken: int | None):
    verdict = judge(count, typed)
    assert isinstance(verdict, Wrong)
    assert verdict.mistaken == mistaken


def test_a_point_that_could_be_a_separator_is_asked_about(count: Asked):
    verdict = judge(count, "60.000")
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == "ambiguous-number"
    assert verdict.problem.details == {"first": "60.000", "second": "60000"}


def test_a_learner_types_the_numbers_and_not_their_names(count: Asked):
    verdict = judge(count, "4(h*h+h*e)")
    assert isinstance(verdict, Unreadable)
    assert (verdict.problem.code, verdict.problem.at) == ("value-name", 2)


@pytest.mark.parametrize(
    "typed",
    [
        "|-3,5|",
        "abs(3.5)",
        "sqrt(49/4)",
        "3,5",
        "3.5",
        "7/2",
        "3½",
        "35/10",
        "3+0,5",
        "350%",
        "0,0035e3",
    ],
)
def test_decimals_are_exact(ask: Ask, typed: str):
    assert isinstance(judge(ask(Kind.NUMBER, "7/2"), typed), Right)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("0.33", True),
        ("1/3", True),
        ("0,34", True),
        ("0.35", False),
        ("0.3", False),
        ("-1/3", False),
    ],
)
def test_a_tolerance_is_relative(ask: Ask, typed: str, right: bool):
    verdict = judge(ask(Kind.NUMBER, "1/3", tolerance=Fraction(1, 50)), typed)
    assert isinstance(verdict, Right if right else Wrong)


@pytest.mark.parametrize(
    ("key", "typed", "right"),
    [
        ("sqrt(2)", "2^(1/2)", True),
        ("sqrt(2)", "1.41421356", False),
        ("1.414213562", "sqrt(2)", True),
        ("0.5", "0.5000001", False),
        ("0.5", "1/2", True),
        ("pi", "3.14159", False),
        ("exp(1)", "e", True),
        ("ln(2)", "0.693", False),
    ],
)
def test_roots_are_compared_exactly_unless_the_key_was_rounded(
    ask: Ask, key: str, typed: str, right: bool
):
    assert isinstance(judge(ask(Kind.NUMBER, key), typed), Right if right else Wrong)


def test_a_root_is_taken_within_the_tolerance(ask: Ask):
    asked = ask(Kind.NUMBER, "sqrt(2)", tolerance=Fraction(1, 1000))
    assert isinstance(judge(asked, "1.414"), Right)
    assert isinstance(judge(asked, "1.41"), Wrong)

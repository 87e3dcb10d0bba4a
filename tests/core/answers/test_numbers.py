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


@pytest.mark.parametrize(
    ("key", "typed"),
    [("0.67", "2/3"), ("6.73", "sqrt(3)+5"), ("3.14", "pi"), ("0.667", "0.67"), ("1.25", "1.2")],
)
def test_a_short_decimal_key_is_exact_and_what_rounds_to_it_is_told_to_be_near(
    ask: Ask, key: str, typed: str
):
    verdict = judge(ask(Kind.NUMBER, key), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert verdict.slip.code == "rounded"
    near = ask(Kind.NUMBER, key, tolerance=Fraction(1, 20))
    assert isinstance(judge(near, typed), Right)


@pytest.mark.parametrize(
    ("kind", "key", "typed"),
    [
        (Kind.QUANTITY, "60000 m", "60.000 m"),
        (Kind.QUANTITY, "60 km", "60.000 m"),
        (Kind.QUANTITY, "1.234 kg", "1,234 kg"),
        (Kind.TUPLE, "(1000, 5)", "(1.000; 5)"),
        (Kind.SET, "{1000}", "{1.000}"),
        (Kind.SOLUTIONS, "x = 1000", "x = 1.000"),
        (Kind.EQUATION, "y = 1000*x", "y = 1.000x"),
        (Kind.INTERVAL, "[0, 1000]", "[0; 1.000]"),
    ],
)
def test_a_separator_is_asked_about_only_where_the_other_meaning_is_right(
    ask: Ask, kind: Kind, key: str, typed: str
):
    verdict = judge(ask(kind, key, symbols="x y"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == "ambiguous-number"
    assert len(verdict.problem.readings) == 2


@pytest.mark.parametrize("typed", ["x", "x = x", "x + 1", "x = 2x"])
def test_the_unknown_alone_is_no_solution_and_costs_no_try(ask: Ask, typed: str):
    verdict = judge(ask(Kind.SOLUTIONS, "x = 2 or x = 3", symbols="x"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == "solutions-wanted"


def test_a_letter_that_the_solutions_are_made_of_is_a_solution(ask: Ask):
    asked = ask(Kind.SOLUTIONS, "x = a or x = -a", symbols="x a")
    assert isinstance(judge(asked, "a, -a"), Right)
    assert isinstance(judge(asked, "a"), Wrong)
    assert isinstance(judge(asked, "x"), Unreadable)

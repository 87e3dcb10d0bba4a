"""What can be meant in several ways is asked about, and each way can be read in one way only."""

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.answers.judge import echoed, judge
from tutorbot.core.answers.readings import thousands_or_decimals
from tutorbot.core.answers.verdicts import Asked, Echo, Problem, Right, Unreadable, Wrong
from tutorbot.core.course import Expression, Kind, Typed

THIN = "\N{NARROW NO-BREAK SPACE}"


def asked(kind: Kind, key: str, symbols: str = "", functions: str = "") -> Asked:
    return Asked(
        typed=Typed(
            kind=kind,
            accepted=(Expression(text=key),),
            symbols=tuple(symbols.split()),
            functions=tuple(functions.split()),
        )
    )


COUNT = asked(Kind.FORMULA, "3*(n^2+n*m+n)", "n m alpha s_4")
UNKNOWN = asked(Kind.FORMULA, "1/f(x)", "x", "f")
SIXTY = asked(Kind.NUMBER, "60000")


def readings(question: Asked, text: str) -> list[tuple[str, str]]:
    """The label of each reading, and how it is read then."""
    verdict = judge(question, text)
    assert isinstance(verdict, Unreadable), verdict
    found: list[tuple[str, str]] = []
    for reading in verdict.problem.readings:
        read = echoed(question, reading.text)
        assert isinstance(read, Echo), read
        found.append((reading.shown, read.text))
    return found


@pytest.mark.parametrize(
    ("text", "power", "product"),
    [
        ("n2", ("n²", "n²"), ("2·n", "2·n")),
        ("3(n2+nm+n)", ("n²", "3·(n² + n·m + n)"), ("2·n", "3·(2·n + n·m + n)")),
        ("3(n 2+nm+n)", ("n²", "3·(n² + n·m + n)"), ("2·n", "3·(2·n + n·m + n)")),
        ("1/n2", ("n²", "1/n²"), ("2·n", "1/(2·n)")),
        ("mn10", ("n¹⁰", "m·n¹⁰"), ("10·n", "m·(10·n)")),
        ("2^n3", ("n³", "2^(n³)"), ("3·n", "2^(3·n)")),
        ("(n+1)2", ("(…)²", "(n + 1)²"), ("2·(…)", "(n + 1)·2")),
        ("α2", ("α²", "α²"), ("2·α", "2·α")),
        ("s_4 2", ("s₄²", "s₄²"), ("2·s₄", "2·s₄")),
        ("$n2$", ("n²", "n²"), ("2·n", "2·n")),
        ("ｎ２", ("n²", "n²"), ("2·n", "2·n")),
        ("π2", ("π²", "π²"), ("2·π", "2·π")),
        ("n2.5", ("n^2.5", "n^2.5"), ("2.5·n", "2.5·n")),
    ],
)
def test_a_number_behind_a_letter_is_a_power_or_a_factor(
    text: str, power: tuple[str, str], product: tuple[str, str]
):
    assert readings(COUNT, text) == [power, product]


@pytest.mark.parametrize(
    ("text", "shown", "read"),
    [
        ("f⁻¹(x)", "1/f(x)", "1/f(x)"),
        ("2f^{-1}(x+1)/3", "1/f(x+1)", "2·(1/f(x + 1))/3"),
        ("f^-1 (x)", "1/f(x)", "1/f(x)"),
    ],
)
def test_minus_one_above_a_function_may_be_one_over_it(text: str, shown: str, read: str):
    assert readings(UNKNOWN, text) == [(shown, read)]


def test_another_negative_power_of_a_function_is_not_guessed_at():
    assert readings(UNKNOWN, "f^-2(x)") == []


def test_thousands_in_one_country_are_decimals_in_another():
    assert readings(SIXTY, "60.000") == [("60.000", "60.000"), (f"60{THIN}000", "60000")]


@pytest.mark.parametrize("key", ["[1, 2; 3, 4]", "[1,2;3,4]"])
def test_commas_beside_semicolons_part_entries_for_authors_and_are_asked_about_otherwise(key: str):
    matrix = asked(Kind.MATRIX, key)
    assert isinstance(judge(matrix, "[[1, 2], [3, 4]]"), Right)
    assert readings(matrix, "[1,2;3,4]") == [
        ("[1.2, 3.4]", "[1.2, 3.4]"),
        ("[1, 2; 3, 4]", "[1, 2; 3, 4]"),
    ]


@given(st.lists(st.sampled_from([*"nm+*/^()2 3", "s_4", "1.500", "2,000", "α"]), max_size=14))
def test_taking_a_reading_each_time_comes_to_an_end(parts: list[str]):
    for place in (0, -1):
        text = "".join(parts)
        for _ in range(len(parts) + 1):
            verdict = judge(COUNT, text)
            if not isinstance(verdict, Unreadable) or not verdict.problem.readings:
                break
            text = verdict.problem.readings[place].text
        else:
            pytest.fail(f"still unclear: {text!r}")


@given(st.from_regex(r"[1-9][0-9]{0,2}[.,][0-9]{3}", fullmatch=True))
def test_each_way_to_read_a_separator_is_clear(number: str):
    first, second = thousands_or_decimals(number)
    assert thousands_or_decimals(first.text) == thousands_or_decimals(second.text) == ()
    assert not isinstance(echoed(SIXTY, first.text), Problem)
    assert isinstance(judge(SIXTY, second.text if "." in number else first.text), Right) == (
        number[:-4] + number[-3:] == "60000"
    )


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("1", "ln(10,10)"),
        ("1", "log(10,10)"),
        ("log_2(5)", "log(5,2)"),
        ("log_2(5)", "ln(5, 2)"),
        ("log_2(5)", "log(5; 2)"),
        ("log_2(2.5)", "log(2,5; 2)"),
        ("5", "max(2,5)"),
        ("1", "min(1,5)"),
        ("4", "gcd(8,12)"),
        ("24", "lcm(8,12)"),
        ("sin(2.5)", "sin(2,5)"),
        ("ln(2.5)", "ln(2.5)"),
        ("1", "binomial(5,5)"),
    ],
)
def test_a_comma_parts_the_arguments_of_what_takes_two(key: str, typed: str):
    assert isinstance(judge(asked(Kind.FORMULA, key, "x"), typed), Right)


def test_a_comma_that_could_be_a_decimal_is_asked_about_where_that_would_be_right():
    verdict = judge(asked(Kind.FORMULA, "3*ln(2.5)", "x"), "3 ln(2,5)")
    assert isinstance(verdict, Unreadable)
    assert [each.text for each in verdict.problem.readings] == ["3 ln(2, 5)", "3 ln(2.5)"]
    assert [each.shown for each in verdict.problem.readings] == ["ln(2, 5)", "ln(2.5)"]
    assert isinstance(judge(asked(Kind.FORMULA, "3*ln(7)", "x"), "3 ln(2,5)"), Wrong)

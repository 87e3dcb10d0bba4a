"""What other programs and textbooks write, read as it is meant."""

from collections.abc import Callable

import pytest

from tutorbot.checking.pairs import Pair, asked, best
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]

RIGHT = [
    ("expr", "Rational(3, 4)*x", "3x/4", "x"),
    ("expr", r"\overline{2+3i}", "2-3*i", ""),
    ("expr", r"\bar z", "conjugate(z)", "z"),
    ("logic", r"\overline{A} \lor \overline{B}", "not (A and B)", "A B"),
    ("matrix", "Matrix([[1, 2], [3, 4]])", "[[1, 2], [3, 4]]", ""),
    ("matrix", "matrix([1, 2], [3, 4])", "Matrix([[1, 2], [3, 4]])", ""),
    (
        "matrix",
        r"\left[\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right]",
        "[[1, 2], [3, 4]]",
        "",
    ),
    ("equation", "x = +-3", "x^2 = 9", "x"),
    ("equation", r"x = \pm 3", "x^2 = 9", "x"),
    ("expr", "log(8, 2) + ln(9, 3)", "5", ""),
    ("expr", r"\dfrac{1}{2}\operatorname{sin}\left|x\right|", "sin(abs(x))/2", "x"),
    ("interval", r"(-\infty, 2) \cup [3, \infty)", "(-oo, 2) U [3, oo)", ""),
    ("set", r"\left\{a_{12}, \frac12\right\}", "{0.5, a_12}", "a_12"),
]
WRONG = [
    ("expr", "Rational(4, 3)*x", "3x/4", "x"),
    ("expr", r"\overline{2+3i}", "2+3*i", ""),
    ("matrix", "Matrix([[1, 3], [2, 4]])", "[[1, 2], [3, 4]]", ""),
    ("equation", "x = +-3", "x = 3", "x"),
    ("expr", "ln(x)", "ln(abs(x))", "x"),
]


def verdict_of(kind: str, typed: str, key: str, names: str) -> object:
    pair = Pair(student=typed, teacher=key, names=tuple(names.split()), kind=kind)
    return best(asked(pair), typed)


@pytest.mark.parametrize(("kind", "typed", "key", "names"), RIGHT)
def test_what_is_meant_is_read(kind: str, typed: str, key: str, names: str):
    assert isinstance(verdict_of(kind, typed, key, names), Right)


@pytest.mark.parametrize(("kind", "typed", "key", "names"), WRONG)
def test_what_is_read_is_no_more_than_what_is_meant(kind: str, typed: str, key: str, names: str):
    assert isinstance(verdict_of(kind, typed, key, names), Wrong | Undecided)


def test_a_repeating_decimal_is_no_product(ask: Ask):
    verdict = judge(ask(Kind.FORMULA, "0", symbols="x"), r"0.\overline{3}")
    assert isinstance(verdict, Unreadable)


def test_bars_of_the_key_count_where_the_answer_has_no_real_value(ask: Ask):
    """ln x is what ln|x| is for positive x, and only for those."""
    assert isinstance(judge(ask(Kind.FORMULA, "ln|x|", symbols="x"), "ln(x)"), Wrong)
    assert isinstance(judge(ask(Kind.FORMULA, "ln|x|", symbols="x"), "ln(x^2)/2"), Right)
    positive = ask(Kind.FORMULA, "ln|x|", symbols="x", positive="x")
    assert isinstance(judge(positive, "ln(x)"), Right)

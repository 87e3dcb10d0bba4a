"""Odd and even: signs that turn with an exponent, with a whole number, with a negative symbol."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]

DIFFERENT = [
    ("1", "(-1)^n", "n", ""),
    ("1", "(-1)^n", "n", "n"),
    ("1", "(-1)^(n*m)", "n m", "n m"),
    ("1", "(-1)^(n+m)", "n m", ""),
    ("1", "(-1)^(n*m*k)", "n m k", "n m k"),
    ("x^n", "(-x)^n", "x n", ""),
    ("x^n", "(-x)^n", "x n", "n"),
    ("2^n", "(-2)^n", "n", "n"),
    ("(a-b)^n", "(b-a)^n", "a b n", ""),
    ("((1-q)/(1+q))^n", "((q-1)/(q+1))^n", "q n", ""),
    ("0", "1-(-1)^n", "n", ""),
    ("(-1)^n*sqrt(x^2)", "(-1)^n*x", "n x", ""),
    ("sum(k, k, 1, n)", "sum((-1)^k*k, k, 1, n)", "n", ""),
    ("sum(x^k, k, 1, n)", "sum((-x)^k, k, 1, n)", "n x", ""),
    ("1", "cos(pi*n)", "n", "n"),
    ("1", "cos(pi*n*m)", "n m", "n m"),
    ("0", "sin(pi*n/2)", "n", "n"),
    ("a+b+c+d+x", "a+b+c+d+sqrt(x^2)", "a b c d x", ""),
    ("a*b*c*d*x", "a*b*c*d*sqrt(x^2)", "a b c d x", ""),
    ("x^3", "(-x)^3", "x", ""),
    ("x^-1", "(-x)^-1", "x", ""),
    ("x^(1/3)", "(-x)^(1/3)", "x", ""),
    ("x^(1/3)", "(x^2)^(1/6)", "x", ""),
    ("x+40", "sqrt((x+40)^2)", "x", ""),
    ("1+4*sin(x)", "sqrt((1+4*sin(x))^2)", "x", ""),
    ("(n+y)*(x+y-1)", "(n*(-1)^(n*m)+y)*sqrt(x+y-1)^2", "n m x y", "n m"),
    ("-(2x)^3", "-(max(ln(exp(x)),-ln(exp(x)))+x)^3", "x", "x"),
    ("asin(n)", "asin(n*(-1)^(n*m))", "n m", "n m"),
    ("x", "sqrt(x^(exp(ln(2))))", "x", ""),
    ("cbrt(2x)", "cbrt(x+max(x,-x))", "x", ""),
    ("(2x)^(1/3)", "(x+|x|)^(1/3)", "x", ""),
    ("n+sqrt(y)", "(-1)^(n*m)*(n+sqrt(y))", "n m y", "n m"),
    ("4+y", "((4+y)^2)^(1/2)+0*sqrt(x)", "x y", ""),
    ("x-1000", "sqrt(x^2-2000x+1000000)", "x", ""),
    ("ln(x-70)", "ln((x-70)^2)/2", "x", ""),
    ("acos(n)", "acos(n*(-1)^(n*m))", "n m", "n m"),
    ("atanh(n/2)", "atanh(n/2*(-1)^(n*m))", "n m", "n m"),
    ("n*sqrt(2-n^2)", "n*(-1)^(n*m)*sqrt(2-n^2)", "n m", "n m"),
    ("n+sqrt(1-n^2)", "n*(-1)^(n*m)+sqrt(1-n^2)", "n m", "n m"),
    ("ln(3-n)", "ln(3-n*(-1)^(n*m))", "n m", "n m"),
    ("ln(asin(n))", "ln(asin(n))*(-1)^(n*m)", "n m", "n m"),
    ("ln(2-n^2)+n*m", "ln(2-n^2)+n*m*(-1)^(n*m)", "n m", "n m"),
    ("asin(n/2)", "asin(n/2*(-1)^((n+1)*m))", "n m", "n m"),
    ("asin((n-1)/3)", "asin((n-1)/3*(-1)^(n*m))", "n m", "n m"),
    ("asin(n)", "asin(n*(-1)^(n*m))", "n m", ""),
    ("asin(n)", "asin(n*cos(pi*n*m))", "n m", "n m"),
    ("asin(n*m*k)", "asin(n*m*k*(-1)^(n*m*k))", "n m k", "n m k"),
    ("(-1)^n*(x+40)", "(-1)^n*sqrt((x+40)^2)", "n x", ""),
    ("(x+40)^n", "sqrt((x+40)^2)^n", "n x", ""),
    ("(x+40)^n", "|x+40|^n", "n x", "n"),
    ("x^n", "sqrt(x^(2n))", "x n", ""),
    ("x^n", "|x|^n", "x n", ""),
    ("x+40", "max(x+40,cos(pi*n)*(x+40))", "x n", "n"),
    ("binomial(n,k)", "(-1)^(n*k)*binomial(n,k)", "n k", "n k"),
    ("1", "(-1)^(n*(n-1)/2)", "n", "n"),
    ("(|x|^p+|y|^p)^(1/p)", "(x^p+y^p)^(1/p)", "x y p", ""),
    ("i^(4n)", "i^(2n)", "n", "n"),
    ("i^(4n)", "i^n", "n", "n"),
]
EQUAL = [
    ("(-1)^(n+1)", "-(-1)^n", "n", ""),
    ("(-1)^(n+1)", "(-1)^(n-1)", "n", ""),
    ("1", "(-1)^(2n)", "n", "n"),
    ("1", "(-1)^(n(n+1))", "n", "n"),
    ("(-1)^n", "(-1)^(n^2)", "n", "n"),
    ("(-1)^n", "cos(pi*n)", "n", "n"),
    ("(-x)^n", "(-1)^n*x^n", "x n", "n"),
    ("(a-b)^n", "(-1)^n*(b-a)^n", "a b n", "n"),
    ("(x+1)^n*(x+1)", "(x+1)^(n+1)", "x n", ""),
    ("0", "sin(pi*n)", "n", "n"),
    ("n", "floor(n)", "n", "n"),
    ("n", "floor(n+1/2)", "n", "n"),
    ("x^-2", "(-x)^-2", "x", ""),
    ("2", "2+(sqrt(6)-sqrt(2)*sqrt(3))^3", "x", ""),
    ("sqrt(x)*asin(x)", "((sqrt(x)*asin(x))^2)^(1/2)", "x", ""),
    ("|x|+(-1)^(2n)", "|x|+1", "x n", ""),
    ("x^(1/3)", "-(-x)^(1/3)", "x", ""),
    ("x^(2/3)", "(-x)^(2/3)", "x", ""),
    ("cos(x)", "cos(-x)", "x", ""),
    ("-sin(x)", "sin(-x)", "x", ""),
    ("|x-y|", "|y-x|", "x y", ""),
    ("cbrt(x-y+|y-x|)", "(|x-y|+x-y)^(1/3)", "x y", ""),
    ("acos(n)+m", "pi/2-asin(n)+m", "n m", "n m"),
    ("asin(n)", "asin(n*(-1)^(2m))", "n m", "n m"),
    ("asin(n*m)", "-asin(-n*m)", "n m", "n m"),
    ("(-1)^k*binomial(n,k)", "(-1)^k*n!/(k!*(n-k)!)", "n k", "n k"),
    ("(-1)^(n+m)*binomial(n,m)", "cos(pi*(n+m))*n!/(m!*(n-m)!)", "n m", "n m"),
    ("(-1)^n*sqrt(x)", "cos(pi*n)*exp(ln(x)/2)", "n x", "n"),
    ("(1+r/n)^(n*t)", "exp(n*t*ln(1+r/n))", "r n t", ""),
    ("(a/b)^(1/n)", "a^(1/n)/b^(1/n)", "a b n", ""),
    ("x^ln(y)", "y^ln(x)", "x y", ""),
    ("(-1)^n*|x|", "cos(pi*n)*max(x,-x)", "n x", "n"),
    ("(x+1)^n", "exp(n*ln(x+1))", "x n", ""),
    ("(-1)^(n*m*k)", "cos(pi*n*m*k)", "n m k", "n m k"),
    ("(a-b)^(2n)", "|a-b|^(2n)", "a b n", "n"),
    ("(a-b)^(2n)", "|a-b|^(2n)", "a b n", ""),
    ("(1-p)^(n-k)*p^k*binomial(n,k)", "n!/(k!*(n-k)!)*p^k*(1-p)^(n-k)", "n k p", ""),
    ("(1-p)^(n-k)*p^k*binomial(n,k)", "n!/(k!*(n-k)!)*p^k*(1-p)^(n-k)", "n k p", "n k"),
    ("i^(4n)", "1", "n", "n"),
    ("i^n", "exp(i*pi*n/2)", "n", "n"),
    ("sqrt(1-n^2)*m", "m*sqrt((1-n)*(1+n))", "n m", "n m"),
    ("2*asin(n*m)", "asin(n*m)*(1+cos(2*pi*n))", "n m", "n m"),
    ("n!*(-1)^n", "cos(pi*n)*n!", "n", "n"),
    ("ln(3-n)*(-1)^(n*m)", "ln(3-n)*cos(pi*n*m)", "n m", "n m"),
]


@pytest.mark.parametrize(("key", "typed", "symbols", "integer"), DIFFERENT)
def test_what_differs_for_odd_numbers_only_is_wrong(
    ask: Ask, key: str, typed: str, symbols: str, integer: str
):
    verdict = judge(ask(Kind.FORMULA, key, symbols=symbols, integer=integer), typed)
    assert isinstance(verdict, Wrong)


@pytest.mark.parametrize(("key", "typed", "symbols", "integer"), EQUAL)
def test_what_is_equal_for_odd_and_even_numbers_is_right(
    ask: Ask, key: str, typed: str, symbols: str, integer: str
):
    verdict = judge(ask(Kind.FORMULA, key, symbols=symbols, integer=integer), typed)
    assert isinstance(verdict, Right)


@pytest.mark.parametrize("typed", ["|x|", "sqrt(x^2)", "max(x, -x)", "x*sign(x)", "|-x|"])
def test_a_positive_number_is_its_own_size(ask: Ask, typed: str):
    assert isinstance(judge(ask(Kind.FORMULA, "x", symbols="x", positive="x"), typed), Right)
    assert isinstance(judge(ask(Kind.FORMULA, "x", symbols="x"), typed), Wrong)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("(-1)^n*x = y", "x = y"),
        ("(-1)^n*x = 1", "x = 1"),
        ("(a-b)^n = 2", "(b-a)^n = 2"),
    ],
)
def test_a_sign_that_turns_is_no_constant_factor_of_an_equation(ask: Ask, key: str, typed: str):
    question = ask(Kind.EQUATION, key, symbols="x y a b n")
    assert not isinstance(judge(question, typed), Right)
    assert isinstance(judge(question, key), Right)


def test_a_turning_sign_is_no_agreement(ask: Ask):
    """Right is x, right is 1, right is the sign: none of them is true of (−1)ⁿ·x + 1."""
    verdict = judge(ask(Kind.FORMULA, "x + y", symbols="x y n m"), "(-1)^(n+m)*x + y")
    assert isinstance(verdict, Wrong)
    assert verdict.agrees is not None
    assert verdict.agrees.details == {"parts": "", "last": "y", "count": "1"}
    verdict = judge(ask(Kind.FORMULA, "x", symbols="x n m"), "(-1)^(n+m)*x")
    assert isinstance(verdict, Wrong)
    assert verdict.slip is None or verdict.slip.code not in {"sign", "factor"}


_BATCH = """
import json, sys
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import Expression, Kind, Typed

found = []
for key, typed, symbols, integer in json.load(sys.stdin):
    question = Typed(
        kind=Kind.FORMULA,
        accepted=(Expression(text=key),),
        symbols=tuple(symbols.split()),
        integer=tuple(integer.split()),
    )
    found.append(type(judge(Asked(typed=question), typed)).__name__)
json.dump(found, sys.stdout)
"""


@pytest.mark.long
@pytest.mark.slow
def test_verdicts_do_not_depend_on_the_dice_of_the_process():
    rows = json.dumps([*DIFFERENT, *EQUAL])
    for _ in range(6):
        done = subprocess.run(
            [sys.executable, "-c", _BATCH], input=rows, capture_output=True, text=True, check=True
        )
        assert json.loads(done.stdout) == ["Wrong"] * len(DIFFERENT) + ["Right"] * len(EQUAL)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("sqrt(2)", "sqrt(2)+1e-60"),
        ("sqrt(2)", "sqrt(2)+1e-290"),
        ("sin(x)", "sin(x)+1e-300*cos(x)"),
        ("sin(x)", "sin(x)+(1e-100)^9*cos(x)"),
        ("sin(x)", "sin(x)+2^(-3000)*cos(x)"),
        ("sin(x)", "sin(x)+exp(-900)"),
        ("sin(x)", "sin(x)+exp(-exp(9))"),
        ("sqrt(x)^3", "sqrt(x)^3+1e-99"),
    ],
)
def test_no_number_is_too_small_to_count(ask: Ask, key: str, typed: str):
    question = ask(Kind.FORMULA, key, symbols="x")
    assert isinstance(judge(question, typed), Wrong | Undecided)
    assert isinstance(judge(question, key + "+1-1"), Right)

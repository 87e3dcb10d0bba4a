"""What is read, how it is echoed, and where reading stops."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import echoed, judge
from tutorbot.core.answers.verdicts import Asked, Echo, Problem, Unreadable
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("3(n²+nm+n)", "3·(n² + n·m + n)"),
        ("n*m/2", "n·m/2"),
        ("n*(m/2)", "n·(m/2)"),
        ("-n - -m", "−n − (−m)"),
        ("(n+m)^2/(n-m)", "(n + m)²/(n − m)"),
        ("n^-1", "n⁻¹"),
        ("n^(m+1)", "n^(m + 1)"),
        ("2/4", "2/4"),
        ("٢/٤", "2/4"),
        ("४ + n", "4 + n"),
        ("٢٫٥n", "2.5·n"),
        (r"\frac{n+1}{m}", "(n + 1)/m"),
        ("sqrt(n)", "√(n)"),
        ("n%+m!", "n% + m!"),
        ("pi n", "π·n"),
        ("1,500n", "1500·n"),
        (".5n", "0.5·n"),
        ("N", "n"),
        ("log_10(n)", "log₁₀(n)"),
        (r"\log_2 n", "log₂(n)"),
        (r"\sqrt[3]{n}", "root(n, 3)"),
        ("sin 2n + cos n m", "sin(2·n) + cos(n·m)"),
        ("|n||m|", "|n|·|m|"),
        ("2^n^m", "2^(n^m)"),
        ("-n^2", "−n²"),
    ],
)
def test_the_echo_keeps_the_order_and_form_that_was_typed(gru: Asked, typed: str, text: str):
    echo = echoed(gru, typed)
    assert isinstance(echo, Echo)
    assert echo.text == text


def test_the_echo_of_names_and_functions_is_how_they_are_written(derivative: Asked, total: Asked):
    echo = echoed(derivative, "-V O'(Vs_4+c)/O(Vs_4+c)")
    assert isinstance(echo, Echo)
    assert echo.text == "−V·O′(V·s₄ + c)/O(V·s₄ + c)"
    assert echo.latex == (
        r"-\frac{V \cdot O'\left(V \cdot s_{4} + c\right)}{O\left(V \cdot s_{4} + c\right)}"
    )
    summed = echoed(total, "sum(s_t^2, t, 1, T)")
    assert isinstance(summed, Echo)
    assert summed == Echo(text="Σ_{t=1}^{T} sₜ²", latex=r"\sum_{t=1}^{T} s_{t}^{2}")


@pytest.mark.parametrize(
    ("typed", "code", "at", "details"),
    [
        ("", "empty", 0, {}),
        ("  \n", "empty", 3, {}),
        ("$$", "empty", 2, {}),
        ("3(n²+nm+n", "unclosed-bracket", 1, {"bracket": "("}),
        ("3n²+nm+n)", "unopened-bracket", 8, {"bracket": ")"}),
        ("3(n²+nm+n]", "wrong-bracket", 9, {"bracket": "]", "wanted": ")"}),
        ("3()", "empty-bracket", 1, {}),
        ("n²x", "unknown-symbol", 2, {"name": "x"}),
        ("foo(n)", "unknown-symbol", 0, {"name": "foo"}),
        ("n + answer", "unknown-symbol", 4, {"name": "answer"}),
        ("I don't know", "unknown-symbol", 0, {"name": "I"}),
        ("n_3", "unknown-symbol", 0, {"name": "n_3"}),
        ("n2", "ambiguous-power", 0, {"power": "n^2", "product": "2·n"}),
        ("n²+m3", "ambiguous-power", 3, {"power": "m^3", "product": "3·m"}),
        ("3 4", "two-numbers", 2, {"first": "3", "second": "4"}),
        ("n+", "operand-missing", 1, {"sign": "+"}),
        ("n*/m", "operand-missing", 1, {"sign": "*"}),
        ("n =", "relation", 2, {"sign": "="}),
        ("n ≤ m", "relation", 2, {"sign": "≤"}),
        ("n·", "operand-missing", 1, {"sign": "·"}),
        ("n, m", "comma", 1, {}),
        ("n!!", "double-factorial", 2, {}),
        ("sin", "function-without-argument", 0, {"function": "sin"}),
        ("log(1, 2, 3)", "argument-count", 0, {"function": "log", "wanted": "2"}),
        (r"\foo n", "unknown-command", 0, {"command": r"\foo"}),
        (r"\frac{n}", "argument-missing", 0, {"command": r"\frac"}),
        ("9^9^9^9", "exponent-too-large", 2, {}),
        ("n^(10^10)", "exponent-too-large", 3, {}),
        ("n/0", "division-by-zero", 0, {}),
        ("m + 1/(n-n)", "division-by-zero", 4, {}),
        ("n🙂", "character", 1, {"character": "🙂"}),
        ("n\x00", "character", 1, {"character": "U+0000"}),
        ('__import__("os")', "character", 11, {"character": '"'}),
        ("𝑛²+𝑥", "unknown-symbol", 3, {"name": "𝑥"}),
        ("½(", "unclosed-bracket", 1, {"bracket": "("}),
    ],
)
def test_what_cannot_be_read_says_where_and_why(
    gru: Asked, typed: str, code: str, at: int, details: dict[str, str]
):
    verdict = judge(gru, typed)
    assert isinstance(verdict, Unreadable)
    problem = verdict.problem
    assert (problem.code, problem.at, dict(problem.details)) == (code, at, details)


def test_a_name_that_differs_in_capitals_is_suggested(ask: Ask):
    problem = echoed(ask(Kind.FORMULA, "V", symbols="V"), "2v")
    assert isinstance(problem, Problem)
    assert problem.details == {"name": "v", "suggestion": "V"}


def test_a_function_without_brackets_is_asked_about(derivative: Asked):
    problem = echoed(derivative, "O' V")
    assert isinstance(problem, Problem)
    assert problem.details == {"function": "O′"}


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("s_4t", "s₄·t"),
        ("s4 t", "s₄·t"),
        ("s_tV", "sₜ·V"),
        ("s_{t}V", "sₜ·V"),
        ("ts_t", "t·sₜ"),
        ("cV", "c·V"),
        (r"c\,V", "c·V"),
        ("O(V)c", "O(V)·c"),
        ("c(V+1)", "c·(V + 1)"),
        ("cO(V)", "c·O(V)"),
        ("O²(V)", "O(V)²"),
        ("O'(V)²", "O′(V)²"),
        (r"\mathbf{s}_4 V", "s₄·V"),
        (r"\mathrm{V}c", "V·c"),
    ],
)
def test_declared_names_part_what_is_written_together(derivative: Asked, typed: str, text: str):
    echo = echoed(derivative, typed)
    assert isinstance(echo, Echo)
    assert echo.text == text

"""What a learner types for a formula, and what is said of it."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    "typed",
    [
        "3(n²+nm+n)",
        "3n^2+3nm+3n",
        "3n**2 + 3n*m + 3n",
        "3*n*(n+m+1)",
        "3n(n+m+1)",
        "3(n^2+mn+n)",
        "(n^2+nm+n)·3",
        "3×n×(n+m+1)",
        "3 n (n + m + 1)",
        "n(3n+3m+3)",
        "6n(n+m+1)/2",
        "6n(n+m+1)÷2",
        "½·6n(n+m+1)",
        "1½·2n(n+m+1)",
        r"$3 \times (n^2 + nm + n)$",
        r"$$3 \cdot (n^2 + nm + n)$$",
        r"\(3(n^2+nm+n)\)",
        r"3\left(n^{2}+nm+n\right)",
        r"\frac{6}{2}(n^{2}+nm+n)",
        r"\frac62 n(n+m+1)",
        r"3 n \, (n + m + 1)",
        "３（ｎ²＋ｎｍ＋ｎ）",
        "3(𝑛² + 𝑛𝑚 + 𝑛)",
        "3[n² + n·m + n]",
        "3{n² + n·m + n}",
        "3N(N+M+1)",
        "3N(n+m+1)",
        "-(-3n)(n+m+1)",
        "3n − (−3nm) – (−3n²)",
        "3n²+3nm+3n.",
        " 3n²+3nm+3n\n",
        "3\u200en(n+m+1)",
        "3n(n+m+1)^1",
        "3n^(1/2)*n^(1/2)*(n+m+1)",
        "3 sqrt(n)^2 (n+m+1)",
        "3√n√n(n+m+1)",
        "3n(n+m+sin(n)^2+cos(n)^2)",
        "3.0n(n+m+1)",
        "3,0n(n+m+1)",
        "300%·n(n+m+1)",
        "3n(n+m+1!)",
    ],
)
def test_any_spelling_of_the_right_formula_is_right(gru: Asked, typed: str):
    assert isinstance(judge(gru, typed), Right)


@pytest.mark.parametrize(
    ("typed", "mistaken"),
    [
        ("4(n^2+nm+n)", 0),
        ("4n(n+m+1)", 0),
        ("3(n^2+nm)", 1),
        ("3n(n+m)", 1),
        ("n^2+nm+2n", 2),
        ("n + 3(n^2+nm+n)", 3),
        ("3n²+3nm+4n", 3),
    ],
)
def test_a_foreseen_mistake_is_known_in_any_form(gru: Asked, typed: str, mistaken: int):
    verdict = judge(gru, typed)
    assert isinstance(verdict, Wrong)
    assert verdict.mistaken == mistaken
    assert verdict.proof.got != verdict.proof.expected


@pytest.mark.parametrize(
    "typed",
    [
        "3",
        "n",
        "0",
        "3(n^2+nm+n)+0.000001",
        "3n^2+3m^2+3n",
        "3^n",
        "sqrt(n)",
        "|n|",
        "n!",
        "3(-n)²",
    ],
)
def test_a_wrong_formula_is_wrong_with_a_proof(gru: Asked, typed: str):
    verdict = judge(gru, typed)
    assert isinstance(verdict, Wrong)
    assert verdict.mistaken is None
    assert verdict.proof.method in {"fingerprint", "ball", "exact"}


@pytest.mark.parametrize(
    "typed",
    [
        "-V O'(Vs_4+c)/O(Vs_4+c)",
        "-V*O′(V*s₄+c)/O(V*s₄+c)",
        "-VO’(Vs₄+c)/O(Vs₄+c)",
        r"-\frac{V\mathcal{O}'(Vs_4+c)}{\mathcal{O}(Vs_4+c)}",
        r"-V\frac{\mathcal O'(Vs_{4}+c)}{\mathcal O(Vs_{4}+c)}",
        r"-V \cdot \frac{O^{\prime}(V s_4 + c)}{O(V s_4 + c)}",
        "-(V/O(c+s_4V)) O'(c+s_4V)",
        "V*O'(V*s_4+c)/(-O(V*s_4+c))",
        "-V*O'(2c+V*s_4-c)*O(V*s_4+c)^-1",
        "-V O'(V s4 + c)/O(V s4 + c)",
        "−V·O′(V·s₄ + c)/O(V·s₄ + c)",
    ],
)
def test_a_derivative_may_be_typed_as_it_is_written(derivative: Asked, typed: str):
    assert isinstance(judge(derivative, typed), Right)


@pytest.mark.parametrize(
    "typed",
    [
        "V*O'(V*s_4+c)/O(V*s_4+c)",
        "-O'(V*s_4+c)/O(V*s_4+c)",
        "-V*O'(V*s_4)/O(V*s_4+c)",
        "-V*O''(V*s_4+c)/O(V*s_4+c)",
        "-V*O'(V*s_t+c)/O(V*s_t+c)",
        "-s_4*O'(V*s_4+c)/O(V*s_4+c)",
    ],
)
def test_a_wrong_derivative_is_proved_wrong(derivative: Asked, typed: str):
    assert isinstance(judge(derivative, typed), Wrong)


def test_functions_may_meet_roots_and_exponentials(ask: Ask):
    asked = ask(Kind.FORMULA, "exp(2x)*f'(x)", symbols="x", functions="f")
    assert isinstance(judge(asked, "exp(x)^2 f'(x)"), Right)
    assert isinstance(judge(asked, "e^x e^x f'(x)"), Right)
    assert isinstance(judge(asked, "cosh(2x) f'(x) + sinh(2x) f'(x)"), Right)
    assert isinstance(judge(asked, "exp(x) f'(x)"), Wrong)
    assert isinstance(judge(asked, "exp(2x) f(x)"), Wrong)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("x", "sqrt(x^2)"),
        ("sqrt(x^2)", "x"),
        ("abs(x-2)", "x-2"),
        ("max(x, 0)", "x"),
        ("x^2", "x^2 + 10^-30"),
        ("sin(x)", "x - x^3/6"),
        ("ln(x^2)", "ln(x)^2"),
        ("2^x", "x^2"),
        ("x/y", "y/x"),
    ],
)
def test_what_agrees_only_here_and_there_is_wrong(ask: Ask, key: str, typed: str):
    assert isinstance(judge(ask(Kind.FORMULA, key, symbols="x y"), typed), Wrong)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("2^(n+1)", "2·2^n"),
        ("(a*b)^n", "a^n b^n"),
        ("(-1)^(2n)", "1"),
        ("n!/(n-1)!", "n"),
        ("ln(a*b)", "ln a + ln b"),
        ("log_2(8)", "3"),
        ("sqrt(8)", "2√2"),
        ("tanh(a)", "(e^a - e^(-a))/(e^a + e^-a)"),
        ("1/(1+e^(-a))", r"\frac{e^a}{1+e^a}"),
        ("abs(a)", "|a|"),
        ("max(a, b)", "(a + b + |a - b|)/2"),
        ("sigma*alpha", "σα"),
        ("a^(1/3)", "cbrt(a)"),
        ("sin(a)^2", "sin^2 a"),
    ],
)
def test_what_is_equal_by_the_rules_is_right(ask: Ask, key: str, typed: str):
    symbols = "a b n sigma alpha"
    asked = ask(Kind.FORMULA, key, symbols=symbols, integer="n", positive="n")
    assert isinstance(judge(asked, typed), Right)


def test_e_is_a_word_only_where_the_key_uses_it(gru: Asked, ask: Ask):
    assert isinstance(judge(gru, "3e"), Unreadable)
    assert isinstance(judge(ask(Kind.FORMULA, "exp(n)", symbols="n"), "e^n"), Right)


def test_a_slash_before_a_product_is_read_left_to_right_and_the_other_reading_is_named(ask: Ask):
    asked = ask(Kind.FORMULA, "1/(2*n)", symbols="n")
    verdict = judge(asked, "1/2n")
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert (verdict.slip.code, verdict.slip.details["other"]) == ("reading", "1/(2·n)")
    assert isinstance(judge(ask(Kind.FORMULA, "n/2", symbols="n"), "1/2n"), Right)


def test_any_accepted_line_will_do_and_is_told_apart(ask: Ask):
    verdict = judge(ask(Kind.FORMULA, "3*n", "4*n", symbols="n"), "2n+2n")
    assert isinstance(verdict, Right)
    assert verdict.accepted == 1


def test_what_cannot_be_told_is_not_held_against_anyone(ask: Ask):
    asked = ask(Kind.FORMULA, "sum(f(t), t, 1, T)", symbols="T", functions="f")
    assert isinstance(judge(asked, "f(T) + sum(f(t), t, 1, T-1)"), Undecided)

"""Antiderivatives, right up to a constant; and what an author lets be worked out."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.fixture
def square(ask: Ask) -> Asked:
    asked = ask(Kind.FORMULA, "x^3/3 + C", symbols="x a C", mistaken=("2x + C",))
    return replace(asked, typed=replace(asked.typed, constant="C"))


@pytest.mark.parametrize(
    "typed", ["x³/3 + C", "x³/3 + c", "k + x³/3", "x³/3 - 2K", "(x³+1)/3 + C", "x³/3 + a + C"]
)
def test_the_constant_may_be_called_and_shifted_as_one_likes(square: Asked, typed: str):
    assert checked(square) == ()
    assert isinstance(judge(square, typed), Right)


@pytest.mark.parametrize("typed", ["x³/3", "x³/3 + 1", "(x³-5)/3"])
def test_a_missing_constant_is_named(square: Asked, typed: str):
    verdict = judge(square, typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert verdict.slip.code == "constant-missing"


@pytest.mark.parametrize(
    "typed", ["x³/3 + x + C", "x² + C", "C·x³/3", "x³/3 + C·x", "(x+1)³/3 + C"]
)
def test_another_function_is_wrong_whatever_its_constant(square: Asked, typed: str):
    verdict = judge(square, typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is None or verdict.slip.code != "constant-missing"


def test_a_foreseen_mistake_is_known_with_any_constant(square: Asked):
    verdict = judge(square, "k + 2x")
    assert isinstance(verdict, Wrong)
    assert verdict.mistaken == 0


def test_a_constant_that_reaches_only_half_the_line_is_left_to_the_instructor(square: Asked):
    assert isinstance(judge(square, "x³/3 + C²"), Undecided)


def test_an_integral_without_bounds_asks_for_its_antiderivatives(ask: Ask):
    asked = ask(Kind.FORMULA, "int((x+a)^2, x)", symbols="x a")
    assert checked(asked) == ()
    assert isinstance(judge(asked, "(x+a)³/3 + C"), Right)
    assert isinstance(judge(asked, "x³/3 + a x² + a² x + c"), Right)
    assert isinstance(judge(asked, "(x+a)³/3"), Wrong)
    assert isinstance(judge(asked, "∫ (x+a)² dx"), Unreadable)


def derive(asked: Asked, **names: str) -> Asked:
    return replace(asked, typed=replace(asked.typed, derived=tuple(names.items())))


@pytest.mark.parametrize(
    ("names", "key", "right", "wrong"),
    [
        ({"f": "diff(x^2*sin(x), x)"}, "f", "2x sin x + x² cos x", "2x cos x"),
        ({"f": "diff(ln(O(V*x+c)), x)"}, "-f", "-V O'(Vx+c)/O(Vx+c)", "V O'(Vx+c)/O(Vx+c)"),
        ({"f": "x^2 + h", "g": "diff(f^2, x)"}, "g", "4x(x²+3)", "2x(x²+3)"),
    ],
)
def test_a_key_may_be_derived(ask: Ask, names: dict[str, str], key: str, right: str, wrong: str):
    asked = derive(ask(Kind.FORMULA, key, symbols="x V c", functions="O", h=3), **names)
    assert checked(asked) == ()
    assert isinstance(judge(asked, right), Right)
    assert isinstance(judge(asked, wrong), Wrong)
    verdict = judge(asked, names["f"])
    assert isinstance(verdict, Unreadable)


@pytest.mark.slow
def test_an_integral_may_be_derived_and_written_in_a_form(ask: Ask):
    asked = derive(ask(Kind.NUMBER, "f"), f="int(t^2, t, 0, 1)")
    assert isinstance(judge(asked, "1/3"), Right)
    asked = derive(ask(Kind.FORMULA, "f", symbols="x"), f="factor(x^2 - 1)")
    assert isinstance(judge(asked, "(x-1)(x+1)"), Right)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["int(1/x, x, -1, 1)", "limit(abs(x)/x, x, 0)", "diff(x", "y"])
def test_what_cannot_be_derived_is_told_to_its_author(ask: Ask, text: str):
    flaws = checked(derive(ask(Kind.FORMULA, "f", symbols="x"), f=text))
    assert len(flaws) == 1
    assert f"`{text}`" in flaws[0]

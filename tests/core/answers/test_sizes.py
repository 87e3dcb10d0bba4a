"""Sizes: rows by columns."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Right, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    "typed",
    [
        "100x50",
        "100X50",
        "100 x 50",
        "100 × 50",
        "100×50.",
        "100*50",
        "(100, 50)",
        "(100,50)",
        "[100, 50]",
        "100, 50",
        "(100; 50)",
        "(100x50)",
        "100 by 50",
        "100х50",  # Cyrillic
        r"100 \times 50",
        r"$100\times50$",
        "2·50 x 100/2",
        "10^2 x 50",
    ],
)
def test_a_size_may_be_typed_in_any_usual_way(weights: Asked, typed: str):
    verdict = judge(weights, typed)
    assert isinstance(verdict, Right)


def test_a_transposed_size_is_the_foreseen_mistake(weights: Asked):
    verdict = judge(weights, "50 x 100")
    assert isinstance(verdict, Wrong)
    assert verdict.mistaken == 0
    assert verdict.echo.text == "50 × 100"


@pytest.mark.parametrize(
    ("typed", "slip", "details"),
    [
        ("50x100", "transposed", {}),
        ("100x51", "entry", {"place": "2"}),
        ("100x50x1", "entry-count", {"got": "3", "wanted": "2"}),
    ],
)
def test_what_is_off_in_a_size_is_named(ask: Ask, typed: str, slip: str, details: dict[str, str]):
    verdict = judge(ask(Kind.SIZE, "h x e", h=100, e=50), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert (verdict.slip.code, verdict.slip.details) == (slip, details)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("100", "size-wanted"),
        ("h x e", "value-name"),
        ("100 50", "two-numbers"),
        ("100 x", "operand-missing"),
        ("x", "operand-missing"),
        ("(100, 50", "unclosed-bracket"),
        ("", "empty"),
    ],
)
def test_half_a_size_is_asked_about(weights: Asked, typed: str, code: str):
    verdict = judge(weights, typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == code


def test_a_size_may_have_symbols_and_more_than_two_entries(ask: Ask):
    asked = ask(Kind.SIZE, "n x 4*n*m x 3", symbols="n m")
    assert isinstance(judge(asked, "n x 4nm x 3"), Right)
    assert isinstance(judge(asked, "(n, 2n·2m, 3)"), Right)
    assert isinstance(judge(asked, "n × 4n·m × 3"), Right)
    assert isinstance(judge(asked, "n x 4m x 3"), Wrong)
    assert isinstance(judge(ask(Kind.SIZE, "x × y", symbols="x y"), "x × y"), Right)

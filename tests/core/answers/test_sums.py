"""Finite sums with a symbol as a bound."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Right, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    "typed",
    [
        r"\sum_{t=1}^{T} -s_t O'(V s_t+c)/O(V s_t+c)",
        r"\sum_{t=1}^{T} -s_t \frac{\mathcal{O}'(Vs_t+c)}{\mathcal{O}(Vs_t+c)}",
        r"\sum\limits_{t=1}^T -s_t \frac{\mathcal{O}'(Vs_t+c)}{\mathcal{O}(Vs_t+c)}",
        "sum(-s_t*O'(V*s_t+c)/O(V*s_t+c), t, 1, T)",
        "-sum(s_t*O'(V*s_t+c)/O(V*s_t+c), t, 1, T)",
        "sum_{t=1}^T -s_tO'(V s_t+c)/O(V s_t+c)",
        "sum_(t=1)^T (-s_t O'(V s_t+c)/O(V s_t+c))",
        "Σ_{t=1}^{T} -s_t O'(V s_t+c)/O(V s_t+c)",
        "∑_{t=1}^{T} −sₜ·O′(V·sₜ + c)/O(V·sₜ + c)",
        r"-\sum_{k=1}^{T} s_k \frac{O'(V s_k+c)}{O(V s_k+c)}",
        "sum(-s_i*O'(V*s_i+c)/O(V*s_i+c), i, 1, T)",
        "2*sum(-s_t*O'(V*s_t+c)/O(V*s_t+c)/2, t, 1, T)",
        "sum(-s_t*O'(V*s_t+c)/O(V*s_t+c) + V, t, 1, T) - V*sum(1, t, 1, T)",
    ],
)
def test_a_sum_is_right_whatever_its_index_is_called(total: Asked, typed: str):
    assert isinstance(judge(total, typed), Right)


@pytest.mark.parametrize(
    "typed",
    [
        "sum(s_t*O'(V*s_t+c)/O(V*s_t+c), t, 1, T)",
        "sum(-s_t*O'(V*s_t+c)/O(V*s_t+c), t, 0, T)",
        "sum(-s_t*O'(V*s_t+c)/O(V*s_t+c), t, 1, T-1)",
        "-s_t*O'(V*s_t+c)/O(V*s_t+c)",
        "-sum(s_t*O'(V*s_t+c), t, 1, T)/sum(O(V*s_t+c), t, 1, T)",
        "sum(-V*O'(V*s_t+c)/O(V*s_t+c), t, 1, T)",
    ],
)
def test_a_wrong_sum_is_proved_wrong_by_writing_out_its_terms(total: Asked, typed: str):
    verdict = judge(total, typed)
    assert isinstance(verdict, Wrong)
    assert ("T", "3") in verdict.proof.point


def test_a_foreseen_mistake_in_a_sum_is_known(total: Asked):
    verdict = judge(total, "-sum(s_k*O(V*s_k+c)/O'(V*s_k+c), k, 1, T)")
    assert isinstance(verdict, Wrong)
    assert verdict.mistaken == 0


def test_a_sum_between_numbers_is_worked_out(ask: Ask):
    asked = ask(Kind.NUMBER, "sum(t^2, t, 1, 4)")
    assert isinstance(judge(asked, "30"), Right)
    assert isinstance(judge(asked, "29"), Wrong)


def test_a_sum_may_be_answered_in_closed_form(ask: Ask):
    asked = ask(Kind.FORMULA, "sum(t, t, 1, T)", symbols="T", integer="T", positive="T")
    assert isinstance(judge(asked, "T(T+1)/2"), Right)
    assert isinstance(judge(asked, "T(T-1)/2"), Wrong)


@pytest.mark.parametrize(
    "typed", ["sum(s_t, t)", "sum_{t}^T s_t", "sum(s_t, 3, 1, T)", "sum(s_t, t, 1, T"]
)
def test_half_a_sum_is_asked_about(total: Asked, typed: str):
    assert isinstance(judge(total, typed), Unreadable)

"""Worked steps: each of them true, and the last one where the author wanted to be."""

from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Domain, Expression, Same
from tutorbot.core.answers.forms.asked import missing
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.reader import Read, read
from tutorbot.core.answers.steps import Goal, work
from tutorbot.core.answers.tree import (
    Add,
    Mul,
    Neg,
    Node,
    Operation,
    Pow,
    Symbol,
    number,
    substitute,
)
from tutorbot.core.answers.vocabulary import Vocabulary
from tutorbot.core.course import Form

WORDS = Vocabulary(symbols=frozenset(("x", "y", "h", "e")), constants=frozenset(("pi",)))


def tree(text: str) -> Node:
    outcome = read(text, WORDS)
    assert isinstance(outcome, Read)
    return outcome.tree


@pytest.mark.parametrize(
    ("text", "goal", "shown"),
    [
        (
            "(x+1)^2",
            Goal.EXPANDED,
            ["(x + 1)·(x + 1)", "x·x + x + x + 1", "x² + x + x + 1", "x² + 2·x + 1"],
        ),
        ("2x(x-3)", Goal.EXPANDED, ["2·x·x − 2·3·x", "2·x² − 6·x"]),
        ("-(x-y)", Goal.EXPANDED, ["−x + y"]),
        ("6x^2+6x", Goal.FACTORED, ["6·x·(x + 1)"]),
        ("2x^3-2x", Goal.FACTORED, ["2·x·(x² − 1)", "2·x·(x − 1)·(x + 1)"]),
        ("4*(10*10+10*5)", Goal.ADDED_UP, ["4·(100 + 50)", "4·150", "600"]),
        ("1/2+1/3", Goal.ADDED_UP, ["5/6"]),
        ("x+1", Goal.EXPANDED, []),
    ],
)
def test_the_way_is_shown_step_by_step(text: str, goal: Goal, shown: list[str]):
    assert [unicode(step.after) for step in work(tree(text), goal)] == shown


def test_shapes_are_set_in_first_and_then_added_up():
    values = {"h": Fraction(100), "e": Fraction(50)}
    steps = work(tree("4*(h*h + h*e)"), Goal.ADDED_UP, values)
    assert [step.rule for step in steps] == ["substitute", "work-out", "work-out", "work-out"]
    assert unicode(steps[0].after) == "4·(100·100 + 100·50)"
    assert unicode(steps[-1].after) == "60000"


def test_a_derivative_is_taken_rule_by_rule():
    steps = work(tree("diff(x^2*sin(x), x)"), Goal.DIFFERENTIATED)
    assert len(steps) == 2
    assert "d/dx" in unicode(steps[0].after)
    assert "d/dx" not in unicode(steps[-1].after)
    steps = work(tree("diff(ln((x^2+1)^3), x)"), Goal.DIFFERENTIATED)
    assert "d/dx" not in unicode(steps[-1].after)


polynomials = st.recursive(
    st.one_of(st.sampled_from("xy").map(Symbol), st.integers(1, 9).map(number)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: Add(tuple(terms))),
        st.lists(inner, min_size=2, max_size=3).map(lambda factors: Mul(tuple(factors))),
        inner.map(Neg),
        inner.map(lambda base: Pow(base, number(2))),
    ),
    max_leaves=7,
)


@given(polynomials, st.sampled_from(Goal))
@settings(deadline=None)
def test_both_sides_of_every_step_are_equal(start: Node, goal: Goal):
    if goal is Goal.DIFFERENTIATED:
        start = Operation("derivative", start, "x", (number(1),))
    current = start
    values = {"y": Fraction(3, 2)} if goal is Goal.ADDED_UP else None
    for step in work(start, goal, values):
        assert step.before == current
        before = substitute(step.before, values or {}) if step.rule == "substitute" else step.before
        outcome = compare(Expression(before), Expression(step.after), Domain())
        assert isinstance(outcome, Same)
        current = step.after


@given(polynomials)
@settings(deadline=None, max_examples=60)
def test_what_is_expanded_has_the_form(start: Node):
    steps = work(start, Goal.EXPANDED)
    last = steps[-1].after if steps else start
    if len(steps) < 30 and len(unicode(last)) < 300:
        assert missing(Form.EXPANDED, last, (last,)) is None

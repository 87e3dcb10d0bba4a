"""What is off in an equation, a set, a matrix or a formula of logic is named, or found in part."""

import re

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked, Wrong
from tutorbot.core.course import Expression, Kind, Typed


def wrong(kind: Kind, key: str, typed: str) -> Wrong:
    names = tuple(sorted(set(re.findall(r"(?<![A-Za-z])[apqrxy](?![A-Za-z])", key + " " + typed))))
    typed_question = Typed(kind=kind, accepted=(Expression(text=key),), symbols=names)
    verdict = judge(Asked(typed=typed_question), typed)
    assert isinstance(verdict, Wrong)
    return verdict


@pytest.mark.parametrize(
    ("kind", "key", "typed", "code"),
    [
        (Kind.EQUATION, "y=2x+3", "y=2x-3", "number-sign"),
        (Kind.EQUATION, "2x+3=7", "2x=7+3", "side-sign"),
        (Kind.EQUATION, "x+3=5", "x=5+3", "side-sign"),
        (Kind.EQUATION, "x^2-5x+6=0", "x^2+5x+6=0", "term-sign"),
        (Kind.EQUATION, "x^2=y^2", "x=y", "solutions-lost"),
        (Kind.EQUATION, "x^2-x=0", "x-1=0", "solutions-lost"),
        (Kind.EQUATION, "x=y", "a*x=a*y", "needless-symbol"),
        (Kind.EQUATION, "1=x", "1=1", "always-true"),
        (Kind.EQUATION, "3x+2y=6", "3x+2y=8", "side-number"),
        (Kind.EQUATION, "3x+2y=6", "y=3-2x/3", "side-number"),
        (Kind.EQUATION, "3x+2y=6", "x=(6+2y)/3", "term-sign"),
        (Kind.EQUATION, "3x+2y=6", "3x+2=6", "symbol-unused"),
        (Kind.EQUATION, "x^2+y^2=25", "x^2+y^2=5", "side-number"),
        (Kind.EQUATION, "y=sin(2x)", "y=2sin(x)", "factor-outside"),
        (Kind.EQUATION, "y^2=sin(x)", "y^2=cos(x)", "function-swapped"),
        (Kind.INEQUALITY, "x>2", "x>1", "side-number"),
        (Kind.INEQUALITY, "x>2", "x<2", "direction"),
        (Kind.INEQUALITY, "x>2", "x>-2", "term-sign"),
        (Kind.INEQUALITY, "-2x<4", "x<-2", "direction"),
        (Kind.INEQUALITY, "-3<=x and x<=3", "-3<=x", "condition-missing"),
        (Kind.INEQUALITY, "-3<=x and x<=3", "-3<x<3", "strictness"),
        (Kind.INEQUALITY, "1<x<5", "1<x<4", "side-number"),
        (Kind.INEQUALITY, "x<-1 or x>3", "-1<x<3", "negated"),
        (Kind.INEQUALITY, "x+y<2", "x+y<3", "side-number"),
        (Kind.INTERVAL, "[1,3]", "{1,3}", "points-only"),
        (Kind.INTERVAL, "[1,3)", "(1,3]", "bracket"),
        (Kind.INTERVAL, "[1,3)", "[1,4)", "high-end"),
        (Kind.INTERVAL, "(-inf,2)", "(2,inf)", "negated"),
        (Kind.INTERVAL, "(-inf,2)", "(-inf,-2)", "high-end"),
        (Kind.INTERVAL, "(-inf,-1) U (3,inf)", "(-1,3)", "negated"),
        (Kind.LOGIC, "p->q", "q->p", "converse"),
        (Kind.LOGIC, "p->q", "not p -> not q", "inverse"),
        (Kind.LOGIC, "not(p and q)", "not p and not q", "de-morgan"),
        (Kind.LOGIC, "not p or not q", "not(p or q)", "de-morgan"),
        (Kind.LOGIC, "p and not q", "p and q", "negation-missing"),
        (Kind.LOGIC, "p->q", "p and q", "implication-and"),
        (Kind.LOGIC, "p<->q", "p->q", "one-way"),
        (Kind.LOGIC, "p or (q and r)", "(p or q) and r", "grouping"),
        (Kind.LOGIC, "p xor q", "p or q", "either-or"),
        (Kind.LOGIC, "p and q and r", "p and q", "condition-missing"),
        (Kind.LOGIC, "not(p or q)", "not p or q", "negation-spread"),
        (Kind.LOGIC, "not p", "p", "negated"),
        (Kind.SET, "{1,2,3}", "{1,2,4}", "wrong-entries"),
        (Kind.SET, "{1,2,3}", "{1,2}", "missing-entries"),
        (Kind.SET, "{1,2}", "{-1,-2}", "signs-turned"),
        (Kind.SET, "{1,2}", "{1,2,3}", "extra-entries"),
        (Kind.SOLUTIONS, "x=2 or x=-2", "x=2", "missing-entries"),
        (Kind.SOLUTIONS, "x=2 or x=3", "x=-2 or x=-3", "signs-turned"),
        (Kind.SOLUTIONS, "x=2 or x=-3", "x=2 or x=3", "wrong-entries"),
        (Kind.SOLUTIONS, "x=sqrt(2) or x=-sqrt(2)", "x=2 or x=-2", "wrong-entries"),
        (Kind.TUPLE, "(1,2,3)", "(1,3,2)", "entries-swapped"),
        (Kind.TUPLE, "(1,2,3)", "(2,3,1)", "other-order"),
        (Kind.TUPLE, "(1,2,3)", "(3,2,1)", "reversed"),
        (Kind.TUPLE, "(1,2)", "(-1,-2)", "sign"),
        (Kind.TUPLE, "(1,2)", "(1,-2)", "entry"),
        (Kind.TUPLE, "(1,2,3)", "(1,2)", "entry-count"),
        (Kind.VECTOR, "(2,4,6)", "(1,2,3)", "factor"),
        (Kind.VECTOR, "(2,-4,6)", "(2,4,6)", "entry"),
        (Kind.VECTOR, "(x,2*x)", "(x,x/2)", "entry"),
        (Kind.MATRIX, "[[1,2],[3,4]]", "[[1,3],[2,4]]", "transposed"),
    ],
)
def test_the_slip_in_a_structure_is_named(kind: Kind, key: str, typed: str, code: str):
    slip = wrong(kind, key, typed).slip
    assert slip is not None
    assert slip.code == code


@pytest.mark.parametrize(
    ("kind", "key", "typed", "code"),
    [
        (Kind.INEQUALITY, "x>2", "x>=1", "too-wide"),
        (Kind.INEQUALITY, "x<-1 or x>3", "x>3", "too-narrow"),
        (Kind.INEQUALITY, "x^2<4", "x<2", "too-wide"),
        (Kind.INTERVAL, "(-inf,-1) U (3,inf)", "(3,inf)", "too-narrow"),
        (Kind.INTERVAL, "[0,5]", "[0,5] U {7}", "too-wide"),
        (Kind.LOGIC, "p or q", "p and r", "too-narrow"),
        (Kind.LOGIC, "p -> (q -> r)", "(p -> q) -> r", "too-narrow"),
    ],
)
def test_where_no_slip_is_known_it_is_said_which_way_it_is_off(
    kind: Kind, key: str, typed: str, code: str
):
    verdict = wrong(kind, key, typed)
    assert verdict.slip is None
    assert verdict.agrees is not None
    assert verdict.agrees.code == code


def test_of_one_wrong_entry_the_slip_within_is_known():
    slip = wrong(Kind.VECTOR, "(x, 2*x)", "(x, x/2)").slip
    assert slip is not None
    assert dict(slip.details) == {"place": "2", "inner": "factor", "inner.factor": "1/4"}


def test_a_term_that_changed_sides_with_its_sign_is_told_from_a_wrong_sign():
    slip = wrong(Kind.EQUATION, "2x+3=7", "2x=7+3").slip
    assert slip is not None
    assert (slip.code, slip.details["term"]) == ("side-sign", "3")

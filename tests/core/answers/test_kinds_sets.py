"""Sets, solutions and intervals."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("{2, 4, 7}", "{7,4,2}"),
        ("{2, 4, 7}", "2, 4, 7"),
        ("{2, 4, 7}", "{2;4;7}"),
        ("{2, 4, 7}", "{2,2,4,7}"),
        ("{2, 4, 7}", r"\{2, 4, 7\}"),
        ("{2, 4, 7}", r"\left\{2, 4, 7\right\}"),
        ("{2, 4, 7}", "M = {2, 4, 7}"),
        ("{2, 4, 7}", "{√4, 8/2, 7}"),
        ("{2, 4, 7}", "{2, 4} ∪ {7}"),
        ("{2, 4, 7}", "{2, 4, 7, 9} \\ {9}".replace("\\ ", "∖ ")),
        ("{2, 4, 7}", "{2,4,7,9} - {9}"),
        ("{1.5, 2}", "{1,5; 2}"),
        ("{}", "∅"),
        ("{}", r"\emptyset"),
        ("{}", "{1} ∩ {2}"),
        ("{a, b^2}", "{b·b, a}"),
        ("{(1, 2), (3, 4)}", "{(3,4), (1,2)}"),
        ("{-3, 3}", "{±3}"),
    ],
)
def test_a_set_is_right_in_any_order(ask: Ask, key: str, typed: str):
    asked = ask(Kind.SET, key, symbols="a b")
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("typed", "slip", "right"),
    [
        ("{2, 4}", "missing-entries", "2"),
        ("{2, 4, 7, 8}", "extra-entries", None),
        ("{2, 4, 8}", "wrong-entries", "2"),
        ("{5}", "wrong-entries", None),
        ("∅", "missing-entries", None),
    ],
)
def test_what_is_off_in_a_set_is_counted(ask: Ask, typed: str, slip: str, right: str | None):
    verdict = judge(ask(Kind.SET, "{2, 4, 7}"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.proof.method == "entries"
    assert verdict.slip is not None
    assert verdict.slip.code == slip
    assert (verdict.agrees.details["count"] if verdict.agrees else None) == right


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2", "set-wanted"),
        ("(2, 4, 7)", "set-wanted"),
        ("{2, 4, 7", "unclosed-bracket"),
        ("{2,, 4}", "operand-missing"),
        ("{2, 4, x}", "unknown-symbol"),
        ("{1/0}", "division-by-zero"),
    ],
)
def test_what_is_no_set_costs_no_try(ask: Ask, typed: str, code: str):
    verdict = judge(ask(Kind.SET, "{2, 4, 7}"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == code


def test_a_comma_that_may_be_a_decimal_is_asked_about(ask: Ask):
    verdict = judge(ask(Kind.SET, "{1.5, 2}"), "{1,5, 2}")
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == "ambiguous-list"
    first, second = verdict.problem.readings
    assert isinstance(judge(ask(Kind.SET, "{1.5, 2}"), second.text), Right)
    assert isinstance(judge(ask(Kind.SET, "{1.5, 2}"), first.text), Wrong | Unreadable)


@pytest.mark.parametrize(
    "typed",
    [
        "x = 3 or x = -3",
        "x=3, x=-3",
        "x = 3; x = −3",
        "x = ±3",
        "±3",
        "+/- 3",
        r"\pm 3",
        "{3, -3}",
        "{-3; 3}",
        "3 and -3",
        "3 und -3",
        "3; -3",
        "3, -3",
        "x ∈ {-3, 3}",
        "L = {-3, 3}",
        "x_1 = 3, x_2 = -3",
        "x₁ = −3 and x₂ = 3",
        r"x_{1,2} = \pm 3",
        "x = 3 or -3",
        "x = √9 or x = -9/3",
    ],
)
def test_solutions_may_be_listed_in_any_way(ask: Ask, typed: str):
    asked = ask(Kind.SOLUTIONS, "x = 3 or x = -3", symbols="x")
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("x = 3", "missing-entries"),
        ("x = 3 or x = -3 or x = 0", "extra-entries"),
        ("±√3", "wrong-entries"),
        ("no solution", "missing-entries"),
    ],
)
def test_a_solution_too_many_or_too_few_is_named(ask: Ask, typed: str, slip: str):
    verdict = judge(ask(Kind.SOLUTIONS, "{3, -3}", symbols="x"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert verdict.slip.code == slip


@pytest.mark.parametrize("typed", ["x^2 = 9", "x > 3", "2x = 6", "x = x", "[3, 4] ∪ {1}"])
def test_who_has_not_solved_yet_is_told_so(ask: Ask, typed: str):
    verdict = judge(ask(Kind.SOLUTIONS, "{3, -3}", symbols="x"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == "solutions-wanted"


def test_solutions_for_several_symbols_are_tuples(ask: Ask):
    asked = ask(Kind.SOLUTIONS, "x = 1, y = 2", symbols="x y")
    for typed in ("y = 2 and x = 1", "(1, 2)", "{(1, 2)}", "x=1; y=2"):
        assert isinstance(judge(asked, typed), Right), typed
    assert isinstance(judge(asked, "(2, 1)"), Wrong)


def test_roots_with_a_plus_minus_are_two(ask: Ask):
    asked = ask(Kind.SOLUTIONS, "(1+sqrt(5))/2, (1-sqrt(5))/2", symbols="x")
    assert isinstance(judge(asked, "x = (1 ± √5)/2"), Right)
    assert isinstance(judge(asked, r"x = \frac{1 \pm \sqrt{5}}{2}"), Right)
    assert isinstance(judge(asked, "1/2 ∓ √5/2"), Right)
    assert isinstance(judge(asked, "x = (1 ± √3)/2"), Wrong)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("[1, 4)", "[1,4)"),
        ("[1, 4)", "[1;4["),
        ("[1, 4)", r"\left[1, 4\right)"),
        ("[1, 4)", "1 ≤ x < 4"),
        ("[1, 4)", "x >= 1 and x < 4"),
        ("[1, 4)", "x ∈ [1, 4)"),
        ("[1, 4)", "{x | 1 <= x < 4}"),
        ("[1, 4)", "[1, 2] ∪ [2, 4)"),
        ("[1, 4)", "[1, 3) U [2, 4)"),
        ("[1, 4)", "[1, 9) ∩ (-∞, 4)"),
        ("[1, 4)", "[1, 4] ∖ {4}"),
        ("[0.5, 2]", "[0,5; 2]"),
        ("(-oo, 3]", "(−∞, 3]"),
        ("(-oo, 3]", "]-∞; 3]"),
        ("(-oo, 3]", "[-inf, 3]"),
        ("(-oo, 3]", r"(-\infty, 3]"),
        ("(-oo, 3]", "x ≤ 3"),
        ("R", "(-∞, ∞)"),
        ("R", "ℝ"),
        ("R", r"\mathbb{R}"),
        ("R", "(-oo, 0] ∪ (0, oo)"),
        ("(-oo, 2) U (2, oo)", "R \\ {2}".replace("\\ ", "∖ ")),
        ("(-oo, 2) U (2, oo)", r"\mathbb{R} \setminus \{2\}"),
        ("(-oo, 2) U (2, oo)", "x ≠ 2"),
        ("{}", "∅"),
        ("{}", "(3, 1)"),
        ("(sqrt(2), pi)", "(2^(1/2), π)"),
    ],
)
def test_an_interval_is_right_however_it_is_put_together(ask: Ask, key: str, typed: str):
    asked = ask(Kind.INTERVAL, key)
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("(1, 4)", "bracket"),
        ("[1, 4]", "bracket"),
        ("(1, 4]", "bracket"),
        ("[1, 5)", "high-end"),
        ("[4, 1)", None),
        ("{1, 4}", "points-only"),
        ("[1, 2) ∪ (2, 4)", None),
        ("1 < x < 4", "strictness"),
        ("x ≥ 1", "condition-missing"),
        ("R", None),
    ],
)
def test_a_wrong_interval_is_shown_by_a_number(ask: Ask, typed: str, slip: str | None):
    verdict = judge(ask(Kind.INTERVAL, "[1, 4)"), typed)
    assert isinstance(verdict, Wrong)
    assert [name for name, _ in verdict.proof.point] == ["x"]
    assert (verdict.slip.code if verdict.slip else None) == slip


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1", "interval-wanted"),
        ("(1, 2, 3)", "interval-wanted"),
        ("[1, 4", "unclosed-bracket"),
        ("[1, ]", "operand-missing"),
        ("x ≤ ∞", "infinity-reached"),
    ],
)
def test_what_is_no_interval_costs_no_try(ask: Ask, typed: str, code: str):
    verdict = judge(ask(Kind.INTERVAL, "[1, 4)"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == code


def test_the_ends_of_an_interval_may_be_symbols(ask: Ask):
    asked = ask(Kind.INTERVAL, "(a, a + b]", symbols="a b")
    assert isinstance(judge(asked, "]a; b + a]"), Right)
    assert isinstance(judge(asked, "(a, a + 2b]"), Wrong)


def test_more_entries_than_can_be_matched_are_left_open(ask: Ask):
    many = ", ".join(str(each) for each in range(60))
    asked = ask(Kind.SET, "{1, 2}")
    assert isinstance(judge(asked, "{" + many + "}"), Undecided)

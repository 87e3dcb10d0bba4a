"""Equations, inequalities and formulas of logic: what holds, and for which numbers."""

from collections.abc import Callable

import pytest

from tutorbot.core.answers.judge import checked, judge
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Unreadable, Wrong
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("y = 3x - 4", "y=3x-4"),
        ("y = 3x - 4", "3x − y = 4"),
        ("y = 3x - 4", "-2y + 6x - 8 = 0"),
        ("y = 3x - 4", "(y+4)/3 = x"),
        ("y = 3x - 4", "(y + 4)/x = 3"),
        ("y = 3x - 4", r"y = 3\cdot x - 4"),
        ("y = 3x - 4", "y==3x-4"),
        ("3x = 6", "x=2"),
        ("3x = 6", "x + 1 = 3"),
        ("x = 1.5", "x = 3/2"),
        ("x = 1.5", "x=1,5"),
        ("x = 3 or x = 5", "(x-3)(x-5)=0"),
        ("x = 3 or x = 5", "x^2 = 8x - 15"),
        ("x = 3 or x = 5", "x=5 oder x=3"),
        ("x^2 = 7", "x = ±√7"),
        ("x^2 = 7", "x=sqrt(7) or x=-sqrt(7)"),
        ("x^2 + y^2 = 1", "(y - sqrt(1-x^2))(y + sqrt(1-x^2)) = 0"),
        ("x*y = x", "x = 0 or y = 1"),
        ("|x| = |y|", "x = y or x = -y"),
        ("f(x) = 2x + f(1)", "f(x) - 2x - f(1) = 0"),
        ("y = sin(x)^2 + cos(x)^2", "y = 1"),
        ("i*x = y", "y/i = x"),
        ("x = x", "all"),
        ("1 = 2", "false"),
    ],
)
def test_an_equation_is_right_in_any_form_with_the_same_solutions(ask: Ask, key: str, typed: str):
    asked = ask(Kind.EQUATION, key, symbols="x y", functions="f")
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("y = 3x - 4", "y = 3x + 4"),
        ("y = 3x - 4", "y = 3x"),
        ("y = 3x - 4", "y < 3x - 4"),
        ("x = 3 or x = 5", "x = 3"),
        ("x = 3 or x = 5", "x = 3 and x = 5"),
        ("x = y", "x^2 = y^2"),
        ("x = y", "x*y = y^2"),
        ("x = y", "|x| = |y|"),
        ("x^2 + y^2 = 1", "y = sqrt(1 - x^2)"),
        ("y = x^40", "y = x^41"),
        ("x = 3", "x = 3.000001"),
        ("x = 3", "x ≠ 3"),
        ("x = 3", "all"),
    ],
)
def test_another_equation_is_wrong_with_a_point_that_shows_it(ask: Ask, key: str, typed: str):
    verdict = judge(ask(Kind.EQUATION, key, symbols="x y"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.proof.point
    assert verdict.proof.got != verdict.proof.expected


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("x = 2", "(x - 2)^3 = 0"),  # the same number, three times
        ("f(1) = f(2) + 3", "f(4) = f(5) + 3"),  # nothing is known of f
        ("x^2 = 0", "x^2 exp(x) = 0"),
        ("sqrt(x) = sqrt(y)", "x = y"),
    ],
)
def test_equations_of_which_neither_can_be_said_are_undecided(ask: Ask, key: str, typed: str):
    asked = ask(Kind.EQUATION, key, symbols="x y", functions="f")
    assert isinstance(judge(asked, typed), Undecided)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("3x - 4", "equation-wanted"),
        ("y", "equation-wanted"),
        ("{1}", "equation-wanted"),
        ("y = ", "operand-missing"),
        ("= 3x", "operand-missing"),
        ("y = 3z", "unknown-symbol"),
        ("y = (3x", "unclosed-bracket"),
        ("y = 3x)", "unopened-bracket"),
        ("y = x/0", "division-by-zero"),
        ("", "empty"),
    ],
)
def test_what_is_no_equation_costs_no_try(ask: Ask, typed: str, code: str):
    verdict = judge(ask(Kind.EQUATION, "y = 3x - 4", symbols="x y"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == code


def test_the_side_of_a_solved_equation_is_looked_at_like_a_formula(ask: Ask):
    verdict = judge(ask(Kind.EQUATION, "y = 3x - 4", symbols="x y"), "y = 3x + 4")
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert "sign" in verdict.slip.code


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("x > 2", "2 < x"),
        ("x > 2", "-x < -2"),
        ("x > 2", "3x - 6 > 0"),
        ("x > 2", r"x \gt 2"),
        ("x >= 2", "x ≥ 2"),
        ("x >= 2", "x => 2"),
        ("x >= 2", r"x \geqslant 2"),
        ("x >= 2", "not (x < 2)"),
        ("1 < x < 5", "x > 1 and x < 5"),
        ("1 < x < 5", "x > 1, x < 5"),
        ("1 < x < 5", "5 > x > 1"),
        ("1 < x < 5", "|x - 3| < 2"),
        ("1 < x < 5", "(x-1)(x-5) < 0"),
        ("1 < x < 5", "x ∈ ]1, 5["),
        ("1 < x < 5", "x > 1 && x < 5"),
        ("x < -3 or x > 3", "x^2 > 9"),
        ("x < -3 or x > 3", "|x| > 3"),
        ("x < -3 or x > 3", "x > 3 || x < -3"),
        ("x < -3 or x > 3", r"x < -3 \lor x > 3"),
        ("(x < 0 or x > 1) and x < 5", "x < 0 or 1 < x < 5"),
        ("x > 0", "1/x > 0"),
        ("x != 0", "x < 0 or x > 0"),
        ("x > sqrt(2)", "x^2 > 2 and x > 0"),
        ("x <= 1.5", "x ≤ 1,5"),
        ("x < y", "y - x > 0"),
        ("sin(x) > 1/2", "1 < 2 sin(x)"),
        ("x^2 < 0", "false"),
        ("x < 2", "-∞ < x < 2"),
    ],
)
def test_an_inequality_is_right_however_it_is_turned(ask: Ask, key: str, typed: str):
    asked = ask(Kind.INEQUALITY, key, symbols="x y")
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("key", "typed", "slip"),
    [
        ("x > 2", "x < 2", "direction"),
        ("x > 2", "x >= 2", "strictness"),
        ("x > 2", "x ≤ 2", "negated"),
        ("x > 2", "x > 3", "side-number"),
        ("1 < x < 5", "1 ≤ x ≤ 5", "strictness"),
        ("1 < x < 5", "x > 1 or x < 5", "and-or"),
        ("x < y", "x > y", "direction"),
        ("x < y", "x ≤ y", "strictness"),
        ("x*y > 0", "x > 0", "symbol-unused"),
        ("sin(x) > 1/2", "sin(x) ≥ 1/2", "strictness"),
        ("x > pi", "x > 3.14159265", None),
        ("x > 1", f"x > 1.{'0' * 90}1", "side-number"),
    ],
)
def test_what_is_off_in_an_inequality_is_named_and_proved(
    ask: Ask, key: str, typed: str, slip: str | None
):
    verdict = judge(ask(Kind.INEQUALITY, key, symbols="x y"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.proof.point
    assert (verdict.slip.code if verdict.slip else None) == slip


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2", "inequality-wanted"),
        ("(1, 5)", "inequality-wanted"),
        ("x ≤ ∞", "infinity-reached"),
        ("x >", "operand-missing"),
        ("x > 1 and", "operand-missing"),
        ("x > (1, 2)", "inequality-wanted"),
    ],
)
def test_what_is_no_inequality_costs_no_try(ask: Ask, typed: str, code: str):
    verdict = judge(ask(Kind.INEQUALITY, "x > 2", symbols="x"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == code


def test_what_a_symbol_stands_for_counts(ask: Ask):
    positive = ask(Kind.INEQUALITY, "x^2 > 4", symbols="x", positive="x")
    assert isinstance(judge(positive, "x > 2"), Right)
    whole = ask(Kind.INEQUALITY, "x > 2", symbols="x", integer="x")
    assert isinstance(judge(whole, "x ≥ 3"), Right)
    assert isinstance(judge(whole, "x ≥ 4"), Wrong)


@pytest.mark.parametrize(
    "typed",
    [
        "a ∧ b → c",
        "a and b implies c",
        "a & b => c",
        "a && b -> c",
        "(a ∧ b) → c",
        "¬(a ∧ b) ∨ c",
        "!(a && b) || c",
        "~a | ~b | c",
        "not a or not b or c",
        "NOT a OR NOT b OR c",
        r"\neg a \lor \neg b \lor c",
        r"a \land b \to c",
        "a → (b → c)",
        "a -> b -> c",
        "~c => ~(a & b)",
        "nicht (a und b) oder c",
        "(a ∧ b ∧ c) ↔ (a ∧ b)",
        "a ∧ b → c ∧ true",
    ],
)
def test_a_formula_of_logic_may_be_written_in_any_signs(ask: Ask, typed: str):
    asked = ask(Kind.LOGIC, "a & b -> c", symbols="a b c")
    assert checked(asked) == ()
    assert isinstance(judge(asked, typed), Right)


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("a ∧ b", None),
        ("c → a ∧ b", "converse"),
        ("a ∨ b → c", "and-or"),
        ("a ∧ b ∧ ¬c", "negated"),
        ("true", "always-true"),
        ("a xor b xor c", None),
    ],
)
def test_a_wrong_formula_of_logic_is_shown_by_an_assignment(ask: Ask, typed: str, slip: str | None):
    verdict = judge(ask(Kind.LOGIC, "a & b -> c", symbols="a b c"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.proof.method == "truth-table"
    assert [name for name, _ in verdict.proof.point] == ["a", "b", "c"]
    assert {verdict.proof.got, verdict.proof.expected} == {"true", "false"}
    assert (verdict.slip.code if verdict.slip else None) == slip


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a d", "unknown-symbol"),
        ("a b", "logic-wanted"),
        ("a + b", "logic-wanted"),
        ("a ∧", "operand-missing"),
        ("¬", "operand-missing"),
        ("(a ∧ b", "unclosed-bracket"),
    ],
)
def test_what_is_no_formula_of_logic_costs_no_try(ask: Ask, typed: str, code: str):
    verdict = judge(ask(Kind.LOGIC, "a & b -> c", symbols="a b c"), typed)
    assert isinstance(verdict, Unreadable)
    assert verdict.problem.code == code


def test_twelve_letters_are_decided_and_more_are_left_open(ask: Ask):
    letters = list("abcdfghjklmno")
    twelve = ask(Kind.LOGIC, " & ".join(letters[:12]), symbols=" ".join(letters))
    assert isinstance(judge(twelve, " ∧ ".join(reversed(letters[:12]))), Right)
    assert isinstance(judge(twelve, " ∧ ".join(letters[:11])), Wrong)
    assert isinstance(judge(twelve, " ∧ ".join(letters)), Undecided)


def test_relations_may_stand_in_a_formula_of_logic(ask: Ask):
    asked = ask(Kind.LOGIC, "P and x = y", symbols="P x y")
    assert isinstance(judge(asked, "y = x and P"), Right)
    assert isinstance(judge(asked, "x = y or P"), Wrong)


def test_a_foreseen_mistake_is_known_in_any_form(ask: Ask):
    asked = ask(Kind.INEQUALITY, "x > 2", mistaken=("x > -2",), symbols="x")
    verdict = judge(asked, "0 < x + 2")
    assert isinstance(verdict, Wrong)
    assert verdict.mistaken == 0
    assert checked(ask(Kind.EQUATION, "x = 2", mistaken=("2x = 4",), symbols="x"))


def test_the_values_of_a_variant_are_set_in(ask: Ask):
    asked = ask(Kind.EQUATION, "y = a*x + b", symbols="x y", a=2, b=-3)
    assert isinstance(judge(asked, "y = 2x - 3"), Right)
    assert isinstance(judge(asked, "y = a x + b"), Unreadable)

"""Whatever is rearranged by the rules of algebra stays right, however it is written down."""

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings, strategies as st

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.constant import rational
from tutorbot.core.answers.expression import Different, Domain, Expression, Same
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.mistakes.mutants import Words, sites
from tutorbot.core.answers.printing import echo, unicode
from tutorbot.core.answers.tree import Add, Call, Constant, Div, Mul, Neg, Node, Pow, Symbol, number
from tutorbot.core.answers.verdicts import Asked, Right
from tutorbot.core.course import Expression as Line, Kind, Typed

POSITIVE = Domain(positive=frozenset("xyn"))
TWO, ONE, HALF = number(2), number(1), Div(number(1), number(2))

Rule = Callable[[Node, Node], tuple[Node, Node]]


def call(name: str, *inside: Node) -> Node:
    return Call(name, inside)


def squared(node: Node) -> Node:
    return Pow(node, TWO)


RULES: dict[str, Rule] = {
    "a(a + b) = a² + ab": lambda a, b: (Mul((a, Add((a, b)))), Add((squared(a), Mul((a, b))))),
    "(a + b)² written out": lambda a, b: (
        squared(Add((a, b))),
        Add((squared(a), Mul((TWO, a, b)), squared(b))),
    ),
    "a² − b² = (a + b)(a − b)": lambda a, b: (
        Add((squared(a), Neg(squared(b)))),
        Mul((Add((a, b)), Add((a, Neg(b))))),
    ),
    "1/a + 1/b over one bar": lambda a, b: (
        Add((Div(ONE, a), Div(ONE, b))),
        Div(Add((a, b)), Mul((a, b))),
    ),
    "a/b by b⁻¹": lambda a, b: (Div(a, b), Mul((a, Pow(b, Neg(ONE))))),
    "a divided twice": lambda a, b: (Div(Div(a, b), a), Div(ONE, b)),
    "e to a sum": lambda a, b: (
        call("exp", Add((a, b))),
        Mul((Pow(Constant("e"), b), call("exp", a))),
    ),
    "the logarithm of a product": lambda a, b: (
        call("ln", Mul((a, b))),
        Add((call("ln", b), call("ln", a))),
    ),
    "the logarithm of a power": lambda a, b: (
        call("ln", Div(squared(a), b)),
        Add((Mul((TWO, call("ln", a))), Neg(call("ln", b)))),
    ),
    "sin² + cos² = 1": lambda a, b: (
        Add((squared(call("sin", a)), b, squared(call("cos", a)))),
        Add((ONE, b)),
    ),
    "the sine of a sum": lambda a, b: (
        call("sin", Add((a, b))),
        Add(
            (
                Mul((call("sin", a), call("cos", b))),
                Mul((call("cos", a), call("sin", b))),
            )
        ),
    ),
    "cos 2a": lambda a, b: (
        Mul((b, call("cos", Mul((TWO, a))))),
        Mul((b, Add((ONE, Neg(Mul((TWO, squared(call("sin", a))))))))),
    ),
    "the cosine is even": lambda a, b: (
        call("cos", Add((a, Neg(b)))),
        call("cos", Add((b, Neg(a)))),
    ),
    "the root of a product": lambda a, b: (
        call("sqrt", Mul((a, b))),
        Mul((Pow(a, HALF), call("sqrt", b))),
    ),
    "powers of one base": lambda a, b: (
        Mul((Pow(a, Symbol("n")), Pow(a, b))),
        Pow(a, Add((b, Symbol("n")))),
    ),
    "a power of a product": lambda a, b: (
        Pow(Mul((a, b)), Symbol("n")),
        Mul((Pow(b, Symbol("n")), Pow(a, Symbol("n")))),
    ),
}

# Everything in these is positive where x, y and n are.
parts = st.recursive(
    st.one_of(st.sampled_from("xy").map(Symbol), st.integers(1, 6).map(number)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: Add(tuple(terms))),
        st.lists(inner, min_size=2, max_size=2).map(lambda factors: Mul(tuple(factors))),
        st.builds(Div, inner, inner),
        inner.map(lambda base: call("sqrt", base)),
    ),
    max_leaves=4,
)
polynomials = st.recursive(
    st.one_of(st.sampled_from("xy").map(Symbol), st.integers(2, 9).map(number)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: Add(tuple(terms))),
        st.lists(inner, min_size=2, max_size=2).map(lambda factors: Mul(tuple(factors))),
        inner.map(Neg),
        inner.map(squared),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@given(parts, parts)
@settings(max_examples=12, deadline=None)
def test_a_rule_of_algebra_keeps_an_answer_right(rule: Rule, one: Node, other: Node):
    left, right = map(Expression, rule(one, other))
    assert isinstance(compare(left, right, POSITIVE), Same)
    assert isinstance(compare(right, left, POSITIVE), Same)
    more = Expression(Add((right.tree, Div(ONE, number(7)))))
    assert isinstance(compare(more, left, POSITIVE), Different)


@given(polynomials)
@settings(max_examples=25, deadline=None)
def test_no_slip_of_a_key_is_ever_right(key: Node):
    """Unless the slip changes nothing, as a sign before 0 does: held against plain fractions."""
    expected = Expression(key)
    points = [{"x": Fraction(3 * at + 2, 7), "y": Fraction(5 - 4 * at, 3)} for at in range(9)]
    values = [rational(key, point) for point in points]
    tried = 0
    for site in sites(key):
        for _, made in site.mutants(Words(("x", "y"), ())):
            outcome = compare(Expression(made), expected, Domain())
            try:
                found = [rational(made, point) for point in points]
            except ArithmeticError:
                assert not isinstance(outcome, Same)
                continue
            if None not in found:
                assert isinstance(outcome, Same) == (found == values), unicode(made)
            tried += 1
            if tried > 150:
                return


SPELLINGS: dict[str, Callable[[str], str]] = {
    "stars for powers": lambda text: text.replace("^", "**"),
    "dots for stars": lambda text: text.replace("*", "·"),
    "crosses for stars": lambda text: text.replace("*", "×"),
    "full width": lambda text: text.translate({each: each + 0xFEE0 for each in range(0x21, 0x7F)}),
    "Cyrillic": lambda text: text.translate(str.maketrans("xy", "ху")),
    "mathematical italics": lambda text: text.translate(str.maketrans("xy", "𝑥𝑦")),
    "long minus": lambda text: text.replace("-", "−"),
    "dashes": lambda text: text.replace("-", "–"),
    "square brackets": lambda text: text.replace("(", "[").replace(")", "]"),
    "wide": " ".join,
    "dollars": lambda text: f"${text}$",
    "LaTeX brackets": lambda text: text.replace("(", r"\left(").replace(")", r"\right)"),
    "LaTeX products": lambda text: text.replace("*", r" \cdot "),
    "superscripts": lambda text: text.replace("^2", "²"),
}


def typed(node: Node) -> str:
    """As a careful learner types it, with all signs and brackets."""
    match node:
        case Add(terms):
            return "(" + "+".join(map(typed, terms)).replace("+-", "-") + ")"
        case Mul(factors):
            return "(" + "*".join(map(typed, factors)) + ")"
        case Neg(of):
            return f"-{typed(of)}" if isinstance(of, Symbol) else f"(-{typed(of)})"
        case Pow(base):
            return f"({typed(base)})^2"
        case _:
            return unicode(node)


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
@given(polynomials)
@settings(max_examples=10, deadline=None)
def test_a_right_answer_is_right_in_every_spelling(spelled: Callable[[str], str], key: Node):
    text = typed(key)
    assume("--" not in text)
    question = Asked(
        typed=Typed(kind=Kind.FORMULA, accepted=(Line(text=text),), symbols=("x", "y"))
    )
    assert isinstance(judge(question, spelled(text)), Right)


@given(polynomials, polynomials)
@settings(max_examples=30, deadline=None)
def test_both_echoes_of_an_answer_are_right_answers(over: Node, under: Node):
    point = {"x": Fraction(math.isqrt(3) + 4, 7), "y": Fraction(11, 13)}
    assume(rational(under, point))
    tree = Div(over, under)
    assume(Expression(tree).prints is not None)
    question = Asked(
        typed=Typed(kind=Kind.FORMULA, accepted=(Line(text=unicode(tree)),), symbols=("x", "y"))
    )
    shown = echo(tree)
    assert isinstance(judge(question, shown.text), Right)
    assert isinstance(judge(question, shown.latex), Right)

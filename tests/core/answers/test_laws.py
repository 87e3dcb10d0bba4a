"""What holds for every text and every expression."""

from fractions import Fraction

from hypothesis import assume, given, settings, strategies as st

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Different, Domain, Expression, Same
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.reader import Read, read
from tutorbot.core.answers.tree import (
    Add,
    Apply,
    Call,
    Constant,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Symbol,
    Total,
    number,
)
from tutorbot.core.answers.verdicts import Asked, Right, Undecided, Unreadable, Wrong
from tutorbot.core.answers.vocabulary import Vocabulary

WORDS = Vocabulary(
    symbols=frozenset(("n", "m", "s_4", "s_t", "alpha", "V", "T")), functions=frozenset(("O", "f"))
)
PIECES = (
    *"nmNM0123456789()[]{}+-*/^_!%|,.;:=<>'\" xеπ½²₄√∑×·−",
    *(r"\frac", r"\sqrt", r"\sum", r"\left(", r"\right)", "{", "}", "sin", "sum(", "log", "**"),
)

leaves = st.one_of(
    st.sampled_from(sorted(WORDS.symbols - {"T"})).map(Symbol),
    st.integers(0, 40).map(number),
    st.sampled_from(["0.5", "12.25"]).map(lambda text: Number(text, Fraction(text))),
    st.just(Constant("pi")),
)


def called(name: str, inside: Node) -> Node:
    return Call(name, (inside,))


def applied(name: str, primes: int, inside: Node) -> Node:
    return Apply(name, primes, (inside,))


def summed(body: Node) -> Node:
    return Total(body, "t", number(1), Symbol("T"))


def squared(base: Node) -> Node:
    return Pow(base, number(2))


def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        inner.map(Neg),
        st.builds(Div, inner, inner),
        st.builds(Pow, inner, st.one_of(st.integers(0, 5).map(number), inner)),
        st.builds(
            called,
            st.sampled_from(["sqrt", "sin", "ln", "exp", "abs", "factorial", "percent"]),
            inner,
        ),
        st.builds(applied, st.sampled_from(["O", "f"]), st.integers(0, 2), inner),
    )


def grown_with_sums(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(grown(inner), inner.map(summed))


trees = st.recursive(leaves, grown, max_leaves=12)
trees_with_sums = st.recursive(leaves, grown_with_sums, max_leaves=12)
polynomials = st.recursive(
    st.one_of(st.sampled_from("nm").map(Symbol), st.integers(1, 9).map(number)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda terms: Add(tuple(terms))),
        st.lists(inner, min_size=2, max_size=3).map(lambda factors: Mul(tuple(factors))),
        inner.map(Neg),
        inner.map(squared),
    ),
    max_leaves=10,
)


@given(trees_with_sums)
@settings(deadline=None)
def test_reading_what_is_printed_gives_the_same_tree(tree: Node):
    written = unicode(tree)
    outcome = read(written, WORDS)
    if isinstance(outcome, Read):
        assert outcome.tree == tree
        assert unicode(outcome.tree) == written
    else:
        # Chance may pile up exponents, or sums, beyond the limits; nothing else is refused.
        assert outcome.code in {"exponent-too-large", "too-deep"}


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_a_verdict(gru: Asked, weights: Asked, count: Asked, total: Asked, text: str):
    for asked in (gru, weights, count, total):
        verdict = judge(asked, text)
        assert isinstance(verdict, Right | Wrong | Unreadable | Undecided)
        if isinstance(verdict, Unreadable):
            assert 0 <= verdict.problem.at <= len(text)
            assert verdict.problem.length >= 1


@given(polynomials)
@settings(deadline=None)
def test_an_expression_equals_itself_rearranged(tree: Node):
    assert compare(Expression(_rearranged(tree)), Expression(tree), Domain()) == Same(
        method="fingerprint"
    )


@given(trees)
@settings(deadline=None)
def test_the_opposite_is_never_right(tree: Node):
    expected = Expression(tree)
    assume(expected.prints is not None and expected.prints[0] != 0)
    outcome = compare(Expression(Neg(tree)), expected, Domain())
    if isinstance(outcome, Same):
        # Only where it is zero for a deeper reason, such as ln(1) or sin(0·n).
        zero = compare(Expression(Mul((number(2), tree))), expected, Domain())
        assert isinstance(zero, Same)


@given(polynomials, st.integers(1, 9))
@settings(deadline=None)
def test_one_more_is_wrong_with_a_counterexample(tree: Node, more: int):
    outcome = compare(Expression(Add((tree, number(more)))), Expression(tree), Domain())
    assert isinstance(outcome, Different)
    assert outcome.proof.got != outcome.proof.expected


def _rearranged(node: Node) -> Node:
    """Terms and factors turned around, squares written out, a term added and taken off again."""
    match node:
        case Add(terms):
            extra = Mul((Symbol("n"), Symbol("m")))
            return Add((extra, *(_rearranged(term) for term in reversed(terms)), Neg(extra)))
        case Mul(factors):
            return Mul(tuple(_rearranged(factor) for factor in reversed(factors)))
        case Pow(base):
            return Mul((_rearranged(base), _rearranged(base)))
        case Neg(of):
            return Mul((number(2), Div(_rearranged(of), Neg(number(2)))))
        case _:
            return node

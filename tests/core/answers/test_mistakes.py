"""A slip is found by its meaning: in any spelling, against any shape of the key."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings, strategies as st

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Domain, Expression, Same
from tutorbot.core.answers.judge import judge, prepare
from tutorbot.core.answers.kinds.scalar import Lines
from tutorbot.core.answers.mistakes.diagnosis import diagnose, known
from tutorbot.core.answers.mistakes.mutants import Words, mutants
from tutorbot.core.answers.mistakes.shapes import shapes
from tutorbot.core.answers.reader import Read, read
from tutorbot.core.answers.tree import Add, Call, Div, Mul, Neg, Node, Pow, Symbol, number
from tutorbot.core.answers.verdicts import Asked, Right, Slip, Wrong
from tutorbot.core.answers.vocabulary import Vocabulary
from tutorbot.core.course import Kind

Ask = Callable[..., Asked]
WORDS = Vocabulary(symbols=frozenset("abcknmxy"), functions=frozenset("fg"))


def tree(text: str) -> Node:
    outcome = read(text, WORDS)
    assert isinstance(outcome, Read)
    return outcome.tree


def slip(key: str, typed: str) -> Slip | None:
    prepared = known(Expression(tree(key)), names=("a", "b"), functions=("f", "g"))
    return diagnose(prepared, Expression(tree(typed)))


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        # Sums and brackets.
        ("3(a+b)", "3a+b", "distributed"),
        ("3(a+b)", "b+3a", "distributed"),
        ("a-(b+c)", "a-b+c", "minus-bracket"),
        ("a-2(b+c)", "a-2b+2c", "minus-bracket"),
        ("a*b+c", "c-a b", "term-sign"),
        ("a*b+c+2", "c+2", "missing-term"),
        ("(a+b)(c+n)", "ac+bn", "cross-terms"),
        ("a+b", "a*b", "product-for-sum"),
        # Powers.
        ("(a+b)^2", "a^2+b^2", "power-spread"),
        ("(a-b)^2", "a²-b²", "power-spread"),
        ("(a+b)^2", "a²+ab+b²", "middle-term"),
        ("(2a)^3", "2a^3", "power-of-product"),
        ("2a^3", "8a³", "power-too-wide"),
        ("(a/b)^2", "a²/b", "power-of-fraction"),
        ("a^(-2)", "-a²", "negative-exponent"),
        ("2^(n+1)", "2^n+1", "exponent-bracket"),
        ("2^(n+m)", "2^n+2^m", "exponent-spread"),
        ("a^3", "3a", "power-as-product"),
        ("3a", "a^3", "product-as-power"),
        ("2^n", "n^2", "base-exponent"),
        ("a^4 b", "b a^5", "exponent"),
        ("a^4 b", "b a", "exponent-missing"),
        # Fractions.
        ("a/b+c", "b/a+c", "fraction-turned"),
        ("1/a+1/b", "1/(a+b)", "fractions-added"),
        ("1/a+1/b", "2/(a+b)", "fractions-added"),
        ("1/a+1/b", "2/(a b)", "numerators-added"),
        ("(a+b)/c", "a+b/c", "only-divided"),
        ("(a+b)/a", "b", "cancelled"),
        ("a/(b+c)", "a/b+a/c", "fraction-split"),
        ("a/(b+c)", "a/b+c", "denominator-bracket"),
        ("a/(b c)+1", "ac/b+1", "denominator-bracket"),
        # Functions.
        ("sin(a+b)", "sin a+sin b", "function-spread"),
        ("sqrt(a^2+b^2)", "a+b", "function-spread"),
        ("ln(a)+ln(b)", "ln(a+b)", "function-joined"),
        ("ln(a+b)", "ln(a)*ln(b)", "log-of-sum"),
        ("sin(2a)", "2 sin(a)", "factor-outside"),
        ("2sin(a)", "sin(2a)", "factor-inside"),
        ("sin(a)^2", "sin(a²)", "power-inside"),
        ("sin(a^2)", "sin²(a)", "power-outside"),
        ("cos(a)+b", "b+sin(a)", "function-swapped"),
        ("f(a)+b", "b+g(a)", "function-swapped"),
        ("f'(a)+b", "b+f''(a)", "primes"),
        ("sin(a)", "sin(a π/180)", "degrees"),
        ("2cos(2a)", "cos(2a)", "chain"),
        ("2a*f'(a^2)", "f'(a²)", "chain"),
        ("3 sqrt(a)", "3a", "root-dropped"),
        ("asin(a)", "1/sin(a)", "inverse-reciprocal"),
        ("n!", "(n-1)!", "factorial"),
        ("binomial(n,k)", "n!/(n-k)!", "order-counted"),
        ("sum(k^2,k,1,n)", "sum(k²,k,0,n-1)", None),
        ("sum(k^2+1,k,1,n)", "sum(k²+1,k,0,n)", "sum-low"),
        ("sum(k^2,k,1,n)", "sum(k²,k,1,n-1)", "sum-high"),
        # The whole.
        ("a^3+b", "3a²", "derivative-given"),
        ("3a^2", "a³", "antiderivative-given"),
        ("a+b", "1/(a+b)", "upside-down"),
        ("a+b", "(a+b)²", "squared"),
        ("(k+8)/(k^2-3)", "(k+51)/(k²-3)", "number"),
        ("a+b*c", "b+a*c", "swapped"),
        ("2^n*(n+1)", "2^(n+1)*(n+2)", "shifted-everywhere"),
        # Through identities that no fingerprint sees.
        ("cos(a)cos(b)+sin(a)sin(b)", "cos(a+b)", "term-sign"),
        ("sin(a)^2+b", "1-cos(a)^2-b", "term-sign"),
    ],
)
def test_a_slip_is_named(key: str, typed: str, code: str | None):
    found = slip(key, typed)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("typed", ["3n²+nm+n", "n(n+m+1)+2n²", "n+3n^2+m n"])
def test_a_slip_is_the_same_in_every_spelling(typed: str):
    assert slip("3(n^2+n m+n)", typed) == Slip(
        code="distributed", details={"factor": "3", "bracket": "n² + n·m + n"}
    )


@pytest.mark.parametrize(
    ("typed", "code", "details"),
    [
        ("3n² + 2nm + 3n", "coefficient", {"wrong": "2·n·m", "right": "3·n·m"}),
        ("3n(n+m)", "missing-term", {"term": "1"}),
        ("3n²+3nm", "missing-term", {"term": "3·n"}),
    ],
)
def test_a_slip_is_told_in_the_shape_that_was_typed(typed: str, code: str, details: dict[str, str]):
    assert slip("3(n^2+n m+n)", typed) == Slip(code=code, details=details)


def test_a_slip_against_another_accepted_line_is_named_too(ask: Ask):
    asked = ask(Kind.FORMULA, "a^2-b^2", "b", symbols="a b")
    verdict = judge(asked, "-b")
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None


@pytest.mark.parametrize(
    ("key", "typed", "code", "details"),
    [
        ("3a^2+2b", "3a²+5b^7", "right-terms", {"parts": "", "last": "3·a²", "count": "1"}),
        ("a^2*b+a", "a^5*b^3+a^7", "both-zero", {"where": "a = 0"}),
        ("(a+1)/(b+2)", "(a^2+7)/(b+2)", "right-denominator", {"under": "b + 2"}),
        ("sqrt(a^2)", "a", "right-where", {"where": "a > 0"}),
        ("cos(pi*a)", "1-a", "right-where", {"where": "a = 0"}),
    ],
)
def test_what_is_right_already_is_said(
    ask: Ask, key: str, typed: str, code: str, details: dict[str, str]
):
    verdict = judge(ask(Kind.FORMULA, key, symbols="a b"), typed)
    assert isinstance(verdict, Wrong)
    assert verdict.agrees == Slip(code=code, details=details)


def test_a_counterexample_is_small_and_shows_both_values(gru: Asked):
    verdict = judge(gru, "3n²+3m")
    assert isinstance(verdict, Wrong)
    assert verdict.example is not None
    values = {name: int(value) for name, value in verdict.example.point}
    assert set(values) == {"n", "m"}
    assert max(values.values()) <= 9
    n, m = values["n"], values["m"]
    assert verdict.example.got == str(3 * n**2 + 3 * m)
    assert verdict.example.expected == str(3 * (n * n + n * m + n))


def test_two_numbers_have_no_slip_by_chance(ask: Ask):
    for typed in ("0.9", "7", "1.37"):
        verdict = judge(ask(Kind.FORMULA, "1.1", symbols="a"), typed)
        assert isinstance(verdict, Wrong)
        assert verdict.slip is None
        assert verdict.agrees is not None


def test_what_learners_were_seen_to_do_is_told_first():
    got = Expression(tree("2a+b"))
    plain = known(Expression(tree("2(a+b)")), names=("a", "b"))
    first = diagnose(plain, got)
    assert first is not None
    assert first.code == "distributed"
    seen = known(Expression(tree("2(a+b)")), names=("a", "b"), confirmed={"missing-term": 5})
    assert diagnose(seen, got) == first
    seen = known(Expression(tree("2(a+b)")), names=("a", "b"), confirmed={"coefficient": 5})
    told = Slip(code="coefficient", details={"wrong": "b", "right": "2·b"})
    assert diagnose(seen, got) == told


leaves = st.one_of(
    st.sampled_from("ab").map(Symbol),
    st.integers(1, 9).map(number),
)


def called(name: str, inside: Node) -> Node:
    return Call(name, (inside,))


def raised(base: Node, exponent: int) -> Node:
    return Pow(base, number(exponent))


def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        inner.map(Neg),
        st.builds(Div, inner, inner),
        st.builds(raised, inner, st.integers(2, 3)),
        st.builds(called, st.sampled_from(["sqrt", "sin", "ln"]), inner),
    )


keys = st.recursive(leaves, grown, max_leaves=6)


@given(keys, st.data())
@settings(deadline=None, max_examples=60)
def test_what_one_slip_makes_of_a_key_is_never_right_and_has_a_name(key: Node, data: st.DataObject):
    expected = Expression(key)
    assume(expected.prints is not None)
    assume(expected.symbols)
    prepared = known(expected, names=("a", "b"))
    made = list(mutants(key, Words(names=("a", "b"))))
    _, whole = data.draw(st.sampled_from(made))
    got = Expression(whole)
    assume(got.prints is not None)
    outcome = compare(got, expected, Domain())
    if isinstance(outcome, Same) or got.prints == expected.prints:
        return  # not every change changes something: 1·a, 0 + 0
    assume(got.symbols)
    assert diagnose(prepared, got) is not None


@given(keys)
@settings(deadline=None, max_examples=60)
def test_the_shapes_of_a_key_equal_it(key: Node):
    expected = Expression(key)
    assume(expected.prints is not None)
    for shape in shapes(key):
        assert Expression(shape).prints == expected.prints


def test_a_huge_key_is_prepared_in_bounded_work(ask: Ask):
    text = "+".join(f"{at}*a^{at}*b^{at % 7}*sin(a+{at}*b)" for at in range(1, 40))
    key = prepare(ask(Kind.FORMULA, text, symbols="a b"))
    assert isinstance(key, Lines)
    assert len(key.known.table) <= 4_000
    verdict = judge(ask(Kind.FORMULA, text, symbols="a b"), text)
    assert isinstance(verdict, Right)

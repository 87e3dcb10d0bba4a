"""Whether two expressions are equal: by fingerprints, then balls, then SymPy."""

from fractions import Fraction

from tutorbot.core.answers.constant import UndefinedError, integer, rational
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.fingerprint import fingerprint, proves
from tutorbot.core.answers.sampling import by_balls, shown
from tutorbot.core.answers.tree import Node, Number, Pow, Total, walk
from tutorbot.core.answers.verdicts import Proof

MAX_SYMPY = 60  # nodes of both sides; beyond it SymPy rarely comes back in time
MAX_SYMPY_DEGREE = 12
MAX_SYMPY_NUMBER = 1_000  # it works out factorials and powers before anyone can ask how large

_SMALL = ((2, 3, 5, 7, 4, 6, 8), (3, 2, 4, 5, 6, 7, 8), (1, 2, 3, 4, 5, 6, 7))


def compare(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    """How ``got`` stands to ``expected``. Never raises; a proof comes with every difference."""
    if got.prints is None or expected.prints is None:
        return Unknown()
    if got.prints == expected.prints:
        return Same(method="fingerprint")
    if got.value is not None and expected.value is not None:
        if got.value == expected.value:
            return Same(method="exact")
        proof = Proof(method="exact", got=str(got.value), expected=str(expected.value))
        return Different(proof=proof)
    if got.proves and expected.proves:
        return Different(proof=_counterexample(got, expected))
    summed = bool(got.bounds or expected.bounds)
    outcome = _written_out(got, expected) if summed else None
    if outcome is None:
        outcome = by_balls(got, expected, domain)
        if summed and isinstance(outcome, Same):
            outcome = Unknown()  # only a few lengths of the sum were tried
    if not isinstance(outcome, Unknown) or not _is_for_sympy(got, expected):
        return outcome
    # SymPy takes half a second to load, and hardly any answer needs it.
    from tutorbot.core.answers import algebra  # noqa: PLC0415

    if algebra.equal(got.tree, expected.tree, domain.positive, domain.integer):
        return Same(method="sympy")
    return outcome


def _is_for_sympy(got: Expression, expected: Expression) -> bool:
    """Small sums, for which it knows closed forms; elsewhere the cheaper tiers know as much."""
    if got.size + expected.size > MAX_SYMPY or "factorial" in got.words | expected.words:
        return False
    nodes = [*walk(got.tree), *walk(expected.tree)]
    return any(isinstance(each, Total) for each in nodes) and all(map(_is_small, nodes))


def _is_small(node: Node) -> bool:
    """Whether it is no large number, written out or as a power."""
    if not isinstance(node, Number | Pow):
        return True
    try:
        value = rational(node)
    except ArithmeticError:
        return False
    if isinstance(node, Pow) and (integer(node.exponent) or 0) > MAX_SYMPY_DEGREE:
        return False
    return value is None or abs(value) <= MAX_SYMPY_NUMBER


def _counterexample(got: Expression, expected: Expression) -> Proof:
    """Small whole numbers at which they differ, where such are found; they do differ."""
    names = sorted(got.symbols | expected.symbols)
    for numbers in _SMALL:
        point = {name: Fraction(numbers[at % len(numbers)]) for at, name in enumerate(names)}
        try:
            ours, theirs = rational(got.tree, point), rational(expected.tree, point)
        except ArithmeticError:
            continue
        if ours is None or theirs is None:
            break
        if ours != theirs:
            return Proof(
                method="fingerprint", point=shown(point), got=str(ours), expected=str(theirs)
            )
    return Proof(method="fingerprint")


def _written_out(got: Expression, expected: Expression) -> Comparison | None:
    """Sums up to a symbol: they differ if they do when two or three terms are written out.

    None: what stands in them is beyond fingerprints.
    """
    for first in (3, 2, 4):
        values = {name: first + at for at, name in enumerate(sorted(got.bounds | expected.bounds))}
        if not (proves(got.tree, values) and proves(expected.tree, values)):
            return None
        try:
            same = fingerprint(got.tree, 0, values) == fingerprint(expected.tree, 0, values)
        except UndefinedError:
            continue
        if not same:
            point = {name: Fraction(value) for name, value in values.items()}
            return Different(proof=Proof(method="fingerprint", point=shown(point)))
    return Unknown()

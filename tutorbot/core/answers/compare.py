"""Whether two expressions are equal: by fingerprints, then balls, then SymPy."""

from fractions import Fraction

from flint import acb

from tutorbot.core.answers.ball_functions import OutsideError
from tutorbot.core.answers.balls import PRECISIONS
from tutorbot.core.answers.closing import closed, is_endless, is_for_sympy, is_unworked
from tutorbot.core.answers.constant import UndefinedError, rational
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.extent import extent, is_boundless
from tutorbot.core.answers.fingerprint import fingerprint, proves
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.sampling import by_balls, shown
from tutorbot.core.answers.tree import Node, Operation, Total, walk
from tutorbot.core.answers.verdicts import Proof

ACCURATE = 20  # bits of an integral
_SMALL = ((2, 3, 5, 7, 4, 6, 8), (3, 2, 4, 5, 6, 7, 8), (1, 2, 3, 4, 5, 6, 7))


def compare(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    """How ``got`` stands to ``expected``. Never raises; a proof comes with every difference."""
    outcome = _by_tiers(got, expected, domain)
    if not isinstance(outcome, Unknown) or not _is_for_sympy(got, expected):
        return outcome
    if expected.proves and expected.symbols and any(map(is_endless, walk(got.tree))):
        return outcome  # at most where it converges is it a quotient of polynomials
    ours, theirs = _closed(got, domain, alone=True), _closed(expected, domain, alone=False)
    if (ours, theirs) != (got.tree, expected.tree):
        outcome = _by_tiers(Expression(ours), Expression(theirs), domain)
    if not isinstance(outcome, Unknown) or not _is_sum(got, expected):
        return outcome
    if _may_diverge(got, expected):
        return outcome  # SymPy, too, takes endless sums off themselves
    if not any(map(is_unworked, walk(got.tree))) and _near_one(got) is None:
        return outcome  # it broods over ln 0
    # SymPy takes half a second to load, and hardly any answer needs it.
    from tutorbot.core.answers import algebra  # noqa: PLC0415

    if algebra.equal(got.tree, expected.tree, domain.positive, domain.integer):
        return Same(method="sympy")
    return outcome


def _closed(side: Expression, domain: Domain, *, alone: bool) -> Node:
    """In closed form, if there is one. Of integrals, limits and products, SymPy gets the author's.

    Such as learners could make up take it too long; they are worked out in numbers.
    """
    if alone and any(isinstance(each, Operation) for each in walk(side.tree)):
        return side.tree
    return closed(side.tree, domain.positive, domain.integer, agree) or side.tree


def agree(got: Node, expected: Node) -> bool:
    """Whether two expressions are proved equal without SymPy."""
    return isinstance(_by_tiers(Expression(got), Expression(expected), Domain()), Same)


def _by_tiers(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    """Without SymPy."""
    if "infinity" in expected.words and (is_boundless(got.tree) or is_boundless(expected.tree)):
        return _by_extent(got, expected)
    if got.prints is None or expected.prints is None:
        return Unknown()
    if got.matches(expected) and not _may_diverge(got, expected):
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
        if not (_is_tractable(got) and _is_tractable(expected)):
            return Unknown()
        outcome = by_balls(got, expected, domain)
        if summed and isinstance(outcome, Same):
            outcome = Unknown()  # only a few lengths of the sum were tried
    return outcome


def _is_tractable(side: Expression) -> bool:
    """Whether its integrals, if there are any, can be worked out where all symbols are near one.

    One that comes out vaguely there takes just as long elsewhere, and tells as little.
    """
    if not side.integrates:
        return True
    value = _near_one(side)
    return value is not None and value.rel_accuracy_bits() >= ACCURATE


def _near_one(side: Expression) -> acb | None:
    """The value where all symbols are near one, if there is one."""
    point = {name: Fraction(9 + at, 8) for at, name in enumerate(sorted(side.symbols))}
    try:
        return side.complex_ball(point, bits=PRECISIONS[0])
    except OutsideError:
        return None


def _by_extent(got: Expression, expected: Expression) -> Comparison:
    ours, theirs = extent(got.tree), extent(expected.tree)
    if ours is None or theirs is None or ours == theirs == 0:
        return Unknown()
    if ours == theirs:
        return Same(method="exact")
    proof = Proof(method="exact", got=unicode(got.tree), expected=unicode(expected.tree))
    return Different(proof=proof)


def _may_diverge(got: Expression, expected: Expression) -> bool:
    """Whether an endless operation stands in one that the other lacks.

    Taken off itself, an integral that has no value leaves nothing in a fingerprint.
    """
    ours = [each for each in walk(got.tree) if is_endless(each)]
    theirs = {fingerprint(each) for each in walk(expected.tree) if is_endless(each)}
    return any(fingerprint(each) not in theirs for each in ours)


def _is_for_sympy(got: Expression, expected: Expression) -> bool:
    """Small sums, integrals and limits; elsewhere the cheaper tiers know as much."""
    nodes = [*walk(got.tree), *walk(expected.tree)]
    return any(map(is_unworked, nodes)) and is_for_sympy(got.tree) and is_for_sympy(expected.tree)


def _is_sum(got: Expression, expected: Expression) -> bool:
    return any(isinstance(each, Total) for side in (got, expected) for each in walk(side.tree))


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

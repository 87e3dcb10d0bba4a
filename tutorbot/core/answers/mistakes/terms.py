"""The right answer plus something: a term too many, one missing, one with the wrong sign."""

from dataclasses import replace

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.derivative import NotDifferentiableError, differentiated
from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.fingerprint import fingerprint
from tutorbot.core.answers.mistakes.pair import Monomial, Pair, small_fraction
from tutorbot.core.answers.mistakes.shapes import shapes
from tutorbot.core.answers.printing import name_shown, unicode
from tutorbot.core.answers.secret import PRIME
from tutorbot.core.answers.tree import Add, Mul, Neg, Node
from tutorbot.core.answers.verdicts import Slip

MAX_NAMES = 4
MAX_SIZE = 40  # nodes of what is differentiated


def term(pair: Pair) -> Slip | None:
    difference = pair.difference
    if difference is None:
        return None
    turned = wrong_sign(pair)
    if turned is not None:
        return turned
    part = _in_its_place(pair, difference)
    if part is not None:
        return part
    size = replace(difference, factor=abs(difference.factor)).shown()
    # What is too much when added is missing when it should have been there.
    code = "extra-term" if difference.factor > 0 else "lacks-term"
    return Slip(code=code, details={"term": size})


def _in_its_place(pair: Pair, difference: Monomial) -> Slip | None:
    """The term of the answer that is too much, or has another coefficient.

    What is a product is told multiplied out: ``yours``.
    """
    tree = pair.got.tree
    if not isinstance(tree, Add):
        tree = next((each for each in shapes(tree) if isinstance(each, Add)), tree)
    got, expected = pair.got.prints, pair.expected.prints
    if not isinstance(tree, Add) or got is None or expected is None:
        return None
    for each in tree.terms:
        try:
            values = [fingerprint(each, point) for point in (0, 1)]
        except UndefinedError:
            continue
        ratios = [
            small_fraction(value * pow(one - other, -1, PRIME) % PRIME)
            for value, one, other in zip(values, got, expected, strict=True)
        ]
        if ratios[0] is None or ratios[0] != ratios[1]:
            continue
        left = replace(difference, factor=difference.factor * (ratios[0] - 1))
        details = {"wrong": unicode(each), "right": left.shown()} if left.factor else {}
        if tree is not pair.got.tree:
            details["yours"] = unicode(tree)
        if left.factor:
            return Slip(code="coefficient", details=details)
        return Slip(code="extra-term", details={"term": unicode(each)} | details)
    return None


def wrong_sign(pair: Pair) -> Slip | None:
    """Twice a term of the right answer is what the difference makes: its sign was turned."""
    got, expected = pair.got.prints, pair.expected.prints
    assert got is not None
    assert expected is not None
    for each in _terms(pair.expected):
        try:
            doubled = [2 * fingerprint(each, point) for point in (0, 1)]
        except UndefinedError:
            continue
        if all((expected[at] - got[at] - doubled[at]) % PRIME == 0 for at in (0, 1)):
            shown = unicode(each.of if isinstance(each, Neg) else each)
            return Slip(code="term-sign", details={"term": shown})
    return None


def antiderivative(pair: Pair) -> Slip | None:
    """The derivative of the answer is the right one, or that of its derivative is."""
    if pair.got.size > MAX_SIZE:
        return None
    for name in sorted(pair.got.symbols)[:MAX_NAMES]:
        try:
            slope = differentiated(pair.got.tree, name)
        except NotDifferentiableError:
            continue
        if _is(slope, pair.expected):
            return Slip(code="antiderivative-given", details={"symbol": name_shown(name)})
        if Expression(slope).size > 2 * MAX_SIZE:
            continue
        try:
            again = differentiated(slope, name)
        except NotDifferentiableError:
            continue
        if _is(again, pair.expected):
            return Slip(code="integrated", details={"symbol": name_shown(name)})
    return None


def _is(tree: Node, expected: Expression) -> bool:
    """Whether they have the same fingerprints; the second one is rarely looked at."""
    assert expected.prints is not None
    try:
        return all(fingerprint(tree, at) == each for at, each in enumerate(expected.prints))
    except UndefinedError:
        return False


def _terms(expression: Expression) -> list[Node]:
    """The terms of a sum, and those of a product with one bracket when it is multiplied out."""
    tree = expression.tree
    if isinstance(tree, Add):
        return list(tree.terms)
    if isinstance(tree, Mul):
        for at, factor in enumerate(tree.factors):
            if isinstance(factor, Add):
                before, after = tree.factors[:at], tree.factors[at + 1 :]
                return [_times((*before, each, *after)) for each in factor.terms]
    return []


def _times(factors: tuple[Node, ...]) -> Node:
    """One flat product, its sign in front."""
    flat: list[Node] = []
    negative = False
    for factor in factors:
        inner = factor
        while isinstance(inner, Neg):
            inner, negative = inner.of, not negative
        flat.extend(inner.factors if isinstance(inner, Mul) else (inner,))
    product = Mul(tuple(flat))
    return Neg(product) if negative else product

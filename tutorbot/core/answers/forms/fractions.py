"""Fractions in lowest terms, and everything over one line."""

import math

from flint import fmpq_mpoly

from tutorbot.core.answers.constant import fraction
from tutorbot.core.answers.forms.parts import Power, algebraic, over_under, without_sign
from tutorbot.core.answers.forms.ring import Ring, TooLargeError, content, is_number
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Add, Div, Mul, Neg, Node, Number, Pow, symbols, walk
from tutorbot.core.answers.verdicts import Slip


def missing_lowest(got: Node, expected: Node) -> Slip | None:
    """Nothing can be cancelled; a number is a whole, a fraction, or a whole and a fraction."""
    for part in _quotients(got):
        slip = _reducible(part)
        if slip is not None:
            return slip
    value = fraction(expected)
    if symbols(got) or value is None:
        return None
    bare = without_sign(got)
    if isinstance(bare, Number):
        if "." in bare.text and value.denominator != 1:
            return Slip(code="form-decimal", details={"part": unicode(bare)})
        return None
    if _is_plain(bare):
        return None
    if isinstance(bare, Add) and len(bare.terms) == 2:  # noqa: PLR2004 - 1½
        whole, part = bare.terms
        if isinstance(whole, Number) and _is_plain(part) and _is_proper(part):
            return None
    return Slip(code="form-not-worked-out", details={"part": unicode(got)})


def missing_single(got: Node, expected: Node) -> Slip | None:
    """At most one fraction line, and everything stands above or below it."""
    del expected
    lines = [part for part in algebraic(got) if _is_quotient(part)]
    bare = without_sign(got)
    inside = [part for part in lines if part is not bare and not _is_factor(bare, part)]
    if len(lines) > 1:
        return Slip(code="form-fractions-left", details={"count": str(len(lines))})
    if inside:
        return Slip(code="form-fraction-in-sum", details={"part": unicode(inside[0])})
    return None


def _is_factor(whole: Node, part: Node) -> bool:
    return isinstance(whole, Mul) and any(without_sign(each) is part for each in whole.factors)


def _is_quotient(node: Node) -> bool:
    if isinstance(node, Pow):
        value = fraction(node.exponent)
        return value is not None and value < 0
    return isinstance(node, Div)


def _is_plain(node: Node) -> bool:
    """An integer over an integer."""
    match node:
        case Div(over, under):
            inner = (without_sign(over), without_sign(under))
            return all(isinstance(each, Number) and "." not in each.text for each in inner)
        case Neg(of):
            return _is_plain(of)
        case _:
            return False


def _is_proper(part: Node) -> bool:
    value = fraction(part)
    return value is not None and 0 < value < 1


def _quotients(got: Node) -> list[Node]:
    """The largest products and quotients with something below a line."""
    found: list[Node] = []
    waiting = [got]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mul | Div | Pow) and over_under(node)[1]:
            found.append(node)
        elif isinstance(node, Add | Neg | Mul):
            waiting.extend(node.terms if isinstance(node, Add) else _below(node))
    return found


def _below(node: Neg | Mul) -> tuple[Node, ...]:
    return (node.of,) if isinstance(node, Neg) else node.factors


def _reducible(part: Node) -> Slip | None:
    above, below = over_under(part)
    ring = Ring(each.base for each in (*above, *below))
    try:
        over, under = _multiplied(ring, above), _multiplied(ring, below)
    except TooLargeError:
        return _reducible_apart(part, above, below)
    common = over.gcd(under)
    details = {"part": unicode(part)}
    if not is_number(common):
        return Slip(code="form-reduce", details=details | {"by": ring.shown(common)})
    one, other = content(over), content(under)
    number = math.gcd(one.numerator, other.numerator)
    if number > 1:
        return Slip(code="form-reduce", details=details | {"by": str(number)})
    if one.denominator > 1 or other.denominator > 1:
        decimals = any(isinstance(each, Number) and "." in each.text for each in walk(part))
        if not decimals:
            return Slip(code="form-nested-fraction", details=details)
    return None


def _reducible_apart(part: Node, above: list[Power], below: list[Power]) -> Slip | None:
    """Where it is too large to divide, at least no factor stands above and below alike."""
    for each in above:
        if any(each.base == other.base for other in below):
            by = unicode(each.base)
            return Slip(code="form-reduce", details={"part": unicode(part), "by": by})
    return None


def _multiplied(ring: Ring, powers: list[Power]) -> fmpq_mpoly:
    product: Node = Mul(
        (
            Number("1", ring.one),
            *(
                Pow(each.base, Number(str(each.exponent), each.exponent * ring.one))
                for each in powers
            ),
        )
    )
    return ring.polynomial(product)

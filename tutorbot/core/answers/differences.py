"""What a relation asks about: left minus right, and which of these are multiples of one another."""

from collections.abc import Mapping
from fractions import Fraction

from flint import arb

from tutorbot.core.answers.balls import OutsideError, ball, complex_ball
from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import (
    Domain,
    Expression,
    Same,
)
from tutorbot.core.answers.polynomials import NoPolynomialError, as_tree, middle, quotient
from tutorbot.core.answers.secret import PRIME, dice
from tutorbot.core.answers.signs import Sign
from tutorbot.core.answers.structures import (
    STRUCTURES,
    Infinity,
    Joined,
    Relation,
    Thing,
)
from tutorbot.core.answers.tree import Add, Call, Mul, Neg, Node, Number, literal, number

BITS = 128


def difference_of(left: Node, right: Node, *, equation: bool) -> Node:
    if isinstance(left, Call) and isinstance(right, Call):
        squared = equation and left.name == right.name == "abs"
        if squared:  # |u| = |v| where u² = v²
            ours, theirs = left.arguments[0], right.arguments[0]
            return Mul((Add((ours, Neg(theirs))), Add((ours, theirs))))
    if isinstance(right, Number) and not right.value:
        return left
    return Add((left, Neg(right)))


def endless(left: Thing, right: Thing) -> Sign:
    """The sign of left − right where a side is infinite."""
    high = isinstance(left, Infinity) and not left.negative
    if high or (isinstance(right, Infinity) and right.negative):
        return 1
    return -1


def as_one_product(thing: Joined) -> Relation | None:
    """X = 1 or x = 2, as (x − 1)(x − 2) = 0."""
    if thing.sign != "∨":
        return None
    factors: list[Node] = []
    known: set[int | None] = set()
    for part in thing.parts:
        inner = part
        if isinstance(part, Joined):
            inner = as_one_product(part)
        if not isinstance(inner, Relation) or inner.sign != "=":
            return None
        if isinstance(inner.left, STRUCTURES) or isinstance(inner.right, STRUCTURES):
            return None
        difference = Expression(difference_of(inner.left, inner.right, equation=True))
        shared = family(difference)
        if shared is None or shared not in known:
            known.add(shared)
            factors.append(without_denominators(difference).tree)
    return Relation(Mul(tuple(factors)), "=", number(0))


def without_denominators(difference: Expression) -> Expression:
    """Without the denominators, which never vanish where it is defined."""
    names = tuple(sorted(difference.symbols))
    try:
        over, under = quotient(difference.tree, names)
    except NoPolynomialError:
        return difference
    if under.is_constant():
        return difference
    return Expression(as_tree(over, names))


def constant_ratio(left: Expression, right: Expression, *, equation: bool) -> int:
    """The sign of left / right, if that is a constant; 0 if it is none, or cannot be told.

    In an equation any constant will do, and 1 is returned for it.
    """
    if left.prints is None or right.prints is None or 0 in right.prints or 0 in left.prints:
        return 0
    first, second = (
        ours * pow(theirs, -1, PRIME) % PRIME
        for ours, theirs in zip(left.prints, right.prints, strict=True)
    )
    if first != second and left.proves and right.proves:
        return 0
    turning = bool(left.exponents or right.exponents)  # (−1)ⁿ is no constant
    if first in {1, PRIME - 1} and (turning or first == second):
        sign = 1 if first == 1 else -1
        return _turning_ratio(left, right, sign) if turning else sign
    names = left.symbols | right.symbols
    value = _ratio_somewhere(left, right, sorted(names))
    if (
        first == second and not turning
    ):  # the same constant at two points; if it is a number, its sign shows
        if value is None:
            return int(equation)
        return 1 if value > 0 else -1
    # Beyond fingerprints, such as (y − √a)(y + √a) and y² − a.
    scaled = None if value is None else Expression(Mul((literal(value), right.tree)))
    if scaled and isinstance(compare(left, scaled, Domain()), Same):
        return 1 if value and value > 0 else -1
    return 0


def _turning_ratio(left: Expression, right: Expression, ratio: int) -> int:
    """1 or −1 if it is that whichever exponents are odd, else 0."""
    scaled = right if ratio == 1 else Expression(Neg(right.tree))
    return ratio if isinstance(compare(left, scaled, Domain()), Same) else 0


def _ratio_somewhere(left: Expression, right: Expression, names: list[str]) -> Fraction | None:
    """Left / right at some point, as the nearest simple fraction."""
    throw = dice("ratio", tuple(names))
    for trial in range(12):
        most = 4_000 if trial % 2 else 700  # some are only defined near nought
        point = {name: Fraction(throw.randrange(100, most), 1_009) for name in names}
        value = _divided(left.tree, right.tree, point)
        if value is None:
            continue
        if value.is_finite() and not value.contains(0):
            try:
                found = middle(value)
            except NoPolynomialError:
                return None
            return found.limit_denominator(1_000) or found
    return None


def _divided(left: Node, right: Node, point: Mapping[str, Fraction]) -> arb | None:
    try:
        return ball(left, point, bits=BITS) / ball(right, point, bits=BITS)
    except (OutsideError, ZeroDivisionError):
        pass
    try:
        value = complex_ball(left, point, bits=BITS) / complex_ball(right, point, bits=BITS)
    except (OutsideError, ZeroDivisionError):
        return None
    return value.real if value.imag.contains(0) else None


def family(expression: Expression) -> int | None:
    """The same for all constant multiples."""
    if expression.prints is None or 0 in expression.prints:
        return None
    first, second = expression.prints
    return first * pow(second, -1, PRIME) % PRIME


def are_polynomials(nodes: list[Node], names: list[str]) -> bool:
    for node in nodes:
        try:
            quotient(node, tuple(names))
        except NoPolynomialError:
            return False
    return True

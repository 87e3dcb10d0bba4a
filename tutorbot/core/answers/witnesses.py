"""Points that tell statements in several symbols apart: anywhere, and on the borders of both."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from flint import arb, ctx

from tutorbot.core.answers.balls import PRECISIONS, OutsideError, ball, ball_near
from tutorbot.core.answers.constant import rational
from tutorbot.core.answers.expression import Domain
from tutorbot.core.answers.polynomials import (
    NoPolynomialError,
    as_tree,
    dense,
    quotient,
    real_roots,
)
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.sampling import shown
from tutorbot.core.answers.secret import dice
from tutorbot.core.answers.signs import clear_sign
from tutorbot.core.answers.tree import Node, substitute, symbols, walk

BITS = 128
MAX_WORK = 2_000  # nodes to work out
MAX_DEGREE = 12  # up to which roots are quick
Point = tuple[tuple[str, str], ...]

_TRIES = 40
_BORDERS = 12  # points on the border of each quantity


def witnesses(
    nodes: list[Node], names: list[str], domain: Domain
) -> Iterator[tuple[Point, tuple[int, ...]]]:
    """Points of the domain, and which signs the quantities have there, beyond doubt."""
    throw = dice("witnesses", tuple(names))

    def anywhere(trial: int) -> dict[str, Fraction]:
        point: dict[str, Fraction] = {}
        for name in names:
            value = Fraction(throw.randrange(-5, 6))
            if trial % 3 and name not in domain.integer:
                most = 4_000 if trial % 3 == 1 else 900  # some curves live near nought
                value = Fraction(throw.randrange(-most, most), 1_009)
            if name in domain.positive:
                value = abs(value) or Fraction(1)
            point[name] = value
        return point

    size = sum(1 for node in nodes for _ in walk(node))
    for trial in range(max(4, min(_TRIES, MAX_WORK // size))):
        point = anywhere(trial)
        signs = _all_known([_certain_sign(node, point) for node in nodes])
        if signs is not None:
            yield shown(point), signs
    for at, node in enumerate(nodes):
        inside = sorted(symbols(node) - domain.integer)
        for trial in range(min(_BORDERS, MAX_WORK // (12 * size)) if inside else 0):
            point = anywhere(trial)
            name = throw.choice(inside)
            for where, written in _zeros(node, point, name):
                if name in domain.positive and not where > 0:
                    continue
                signs = _all_known(
                    [
                        0 if place == at else _certain_sign_near(each, point, name, where)
                        for place, each in enumerate(nodes)
                    ]
                )
                if signs is not None:
                    there = {key: str(value) for key, value in point.items()} | {name: written}
                    yield tuple((name_shown(key), there[key]) for key in names), signs


def _zeros(node: Node, point: Mapping[str, Fraction], name: str) -> Iterator[tuple[arb, str]]:
    """The real roots in one symbol, the others being given."""
    others = {key: value for key, value in point.items() if key != name}
    try:
        over, under = quotient(substitute(node, others), (name,))
    except NoPolynomialError:
        yield from _crossings(node, point, name)
        return
    coefficients = dense(over)
    if len(coefficients) - 1 > MAX_DEGREE:
        return
    denominator = as_tree(under, (name,))
    for root in real_roots(coefficients, BITS):
        try:
            below = ball_near(denominator, {}, name, root, bits=BITS)
        except OutsideError:
            continue
        if not below.contains(0):
            yield root, root.str(6, radius=False)


def _crossings(node: Node, point: Mapping[str, Fraction], name: str) -> Iterator[tuple[arb, str]]:
    """Between two places where the signs differ there is a root, if nothing is undefined there."""
    marks = [Fraction(each, 7) for each in (-200, -61, -20, -9, -4, -1, 2, 5, 10, 23, 64, 211)]
    known = [(mark, _certain_sign(node, {**point, name: mark})) for mark in marks]
    for (low, below), (high, above) in pairwise(known):
        if below is None or above is None or below * above != -1:
            continue
        left, right = low, high
        for _ in range(60):
            middle = (left + right) / 2
            sign = _certain_sign(node, {**point, name: middle})
            if sign is None:
                break
            if sign == 0:
                left = right = middle
                break
            if sign == below:
                left = middle
            else:
                right = middle
        else:
            sign = 1
        where = _between(left, right)
        try:  # a jump would be undefined somewhere, or has no bounds
            ball_near(node, point, name, where, bits=BITS)
        except OutsideError:
            continue
        if right - left < Fraction(1, 2**30):
            yield where, where.str(6, radius=False)
            return


def _between(left: Fraction, right: Fraction) -> arb:
    ctx.prec = BITS
    low = arb(left.numerator) / left.denominator
    return low.union(arb(right.numerator) / right.denominator)


def _certain_sign(node: Node, point: Mapping[str, Fraction]) -> int | None:
    quick = clear_sign(node, point)
    if quick:
        return quick
    try:
        exact = rational(node, point)
    except ArithmeticError:
        return None
    if exact is not None:
        return (exact > 0) - (exact < 0)
    for bits in PRECISIONS:
        try:
            value = ball(node, point, bits=bits)
        except OutsideError:
            return None
        if not value.contains(0):
            return 1 if value > 0 else -1
    return None


def _certain_sign_near(
    node: Node, point: Mapping[str, Fraction], name: str, where: arb
) -> int | None:
    try:
        value = ball_near(node, point, name, where, bits=BITS)
    except OutsideError:
        return None
    if value.contains(0):
        return None
    return 1 if value > 0 else -1


def _all_known(signs: list[int | None]) -> tuple[int, ...] | None:
    known = tuple(each for each in signs if each is not None)
    return known if len(known) == len(signs) else None

"""Answers without bound: ∞, −∞, ∞ + 99, 2·∞."""

from tutorbot.core.answers.constant import fraction
from tutorbot.core.answers.tree import (
    Add,
    Call,
    Constant,
    Div,
    Mul,
    Neg,
    Node,
    Operation,
    Pow,
    Total,
    children,
    walk,
)

INFINITY = Constant("infinity")
_GROWING = frozenset(("exp", "ln", "sqrt", "cbrt"))


def is_boundless(node: Node) -> bool:
    """Whether infinity stands in it as a value, and not where a sum or an integral goes to."""
    if isinstance(node, Total | Operation):
        return False
    return node == INFINITY or any(map(is_boundless, children(node)))


def extent(node: Node) -> int | None:
    """1 or −1 where it grows beyond all bounds, 0 where it is finite; none if neither is plain.

    >>> extent(Neg(INFINITY)), extent(Add((INFINITY, Neg(INFINITY))))
    (-1, None)
    """
    match node:
        case Constant("infinity"):
            return 1
        case Neg():
            inside = extent(node.of)
            return None if inside is None else -inside
        case Add():
            extents = {extent(term) for term in node.terms}
            ends = extents - {0}
            return None if None in ends or len(ends) > 1 else next(iter(ends), 0)
        case Mul() | Div():
            return _product(node)
        case Pow():
            power = fraction(node.exponent)
            base = extent(node.base)
            if base == 0 and extent(node.exponent) == 0:
                return 0
            return 1 if base == 1 and power is not None and power > 0 else None
        case Call(name, (argument,)) if name in _GROWING | {"abs"}:
            inside = extent(argument)
            if name == "abs" and inside is not None:
                return abs(inside)
            return inside if inside in {0, 1} else None
        case Total() | Operation():
            return None if any(each == INFINITY for each in walk(node)) else 0
        case _:
            return 0 if all(extent(child) == 0 for child in children(node)) else None


def _product(node: Mul | Div) -> int | None:
    """A finite factor beside an infinite one must have a sign."""
    if isinstance(node, Div) and extent(node.under) != 0:
        return None
    sign = 1
    endless = False
    for factor in children(node):
        end = extent(factor)
        if end is None:
            return None
        endless = endless or end != 0
        sign *= end or 1
    if not endless:
        return 0
    for factor in children(node):
        if extent(factor) == 0:
            value = fraction(factor)
            if not value:
                return None
            sign *= 1 if value > 0 else -1
    return sign

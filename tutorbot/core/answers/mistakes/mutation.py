"""One slip made in one place of a tree, and how it is told."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Add, Div, Mul, Neg, Node, Number, Pow, number
from tutorbot.core.answers.verdicts import Slip

Detail = Node | str


class Mutation(NamedTuple):
    """What a slip would have made of a node: thousands are made for a key, so it is a tuple."""

    tree: Node
    code: str
    details: tuple[tuple[str, Detail], ...] = ()

    def slip(self) -> Slip:
        return Slip(
            code=self.code,
            details={
                name: detail if isinstance(detail, str) else unicode(detail)
                for name, detail in self.details
            },
        )


ONE = number(1)
TWO = number(2)
MINUS_ONE = Neg(ONE)


def total_of(terms: Sequence[Node]) -> Node:
    """Their sum; a sum of one is that one, and of none is 0."""
    if len(terms) == 1:
        return terms[0]
    return Add(tuple(terms)) if terms else number(0)


def product_of(factors: Sequence[Node]) -> Node:
    """One flat product, its sign in front; of none it is 1."""
    flat: list[Node] = []
    negative = False
    for factor in factors:
        inner = factor
        while isinstance(inner, Neg):
            inner, negative = inner.of, not negative
        flat.extend(inner.factors if isinstance(inner, Mul) else (inner,))
    plain = [each for each in flat if not is_one(each)]
    product = ONE if not plain else plain[0] if len(plain) == 1 else Mul(tuple(plain))
    return Neg(product) if negative else product


def opposite(node: Node) -> Node:
    return node.of if isinstance(node, Neg) else Neg(node)


def without_sign(node: Node) -> Node:
    while isinstance(node, Neg):
        node = node.of
    return node


def shifted(node: Node, by: int) -> Node:
    """One more or less of it, as it would be typed: n + 1, 3 for 2."""
    value = whole(node)
    if value is not None:
        return whole_number(value + by)
    *first, last = _terms(node)
    value = whole(last)
    if value is not None:  # n + 1 and one more: n + 2
        return total_of((*first, whole_number(value + by)) if value + by else first)
    return Add((*first, last, whole_number(by)))


def whole(node: Node) -> int | None:
    """Its value if it is a whole number as typed, with or without a minus."""
    if isinstance(node, Neg):
        value = whole(node.of)
        return None if value is None else -value
    if isinstance(node, Number) and node.value.denominator == 1:
        return node.value.numerator
    return None


def whole_number(value: int) -> Node:
    return number(value) if value >= 0 else Neg(number(-value))


def fraction_of(value: Fraction) -> Node:
    size = abs(value)
    top: Node = number(size.numerator)
    written = top if size.denominator == 1 else Div(top, number(size.denominator))
    return Neg(written) if value < 0 else written


def power_of(base: Node, exponent: Node) -> Node:
    return base if is_one(exponent) else Pow(base, exponent)


def is_one(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 1


def at(nodes: tuple[Node, ...], place: int, new: Node) -> tuple[Node, ...]:
    """The same nodes but for one."""
    return (*nodes[:place], new, *nodes[place + 1 :])


def others(nodes: tuple[Node, ...], place: int) -> tuple[Node, ...]:
    return (*nodes[:place], *nodes[place + 1 :])


def _terms(node: Node) -> tuple[Node, ...]:
    return node.terms if isinstance(node, Add) else (node,)

"""What the forms share: a tree taken apart into its terms, or into factors above and below."""

from collections.abc import Iterator
from dataclasses import dataclass

from tutorbot.core.answers.constant import integer
from tutorbot.core.answers.tree import Add, Call, Div, Mul, Neg, Node, Pow, children


@dataclass(frozen=True)
class Power:
    """A factor with how often it occurs."""

    base: Node
    exponent: int


def terms(node: Node) -> Iterator[Node]:
    """What is added up, signs and brackets around sums seen through."""
    match node:
        case Add():
            for term in node.terms:
                yield from terms(term)
        case Neg(of) if isinstance(of, Add | Neg):
            yield from terms(of)
        case _:
            yield node


def over_under(node: Node) -> tuple[list[Power], list[Power]]:
    """The factors above and below the line; a sign is none."""
    above: list[Power] = []
    below: list[Power] = []
    _sort(node, 1, above, below)
    return above, below


def _sort(node: Node, times: int, above: list[Power], below: list[Power]) -> None:
    match node:
        case Neg():
            _sort(node.of, times, above, below)
        case Mul():
            for factor in node.factors:
                _sort(factor, times, above, below)
        case Div():
            _sort(node.over, times, above, below)
            _sort(node.under, -times, above, below)
        case Pow() if (exponent := integer(node.exponent)) is not None and exponent:
            _sort(node.base, times * exponent, above, below)
        case Call("percent", (argument,)):
            _sort(argument, times, above, below)
        case _:
            (above if times > 0 else below).append(Power(node, abs(times)))


def is_algebraic(node: Node) -> bool:
    """Whether its parts are parts of the form, and not the argument of a function."""
    if isinstance(node, Pow):
        return integer(node.exponent) is not None
    return isinstance(node, Add | Mul | Neg | Div)


def algebraic(node: Node) -> Iterator[Node]:
    """Every part that is reached through sums, products, quotients and powers, itself first."""
    yield node
    if isinstance(node, Pow) and is_algebraic(node):
        yield from algebraic(node.base)
    elif is_algebraic(node):
        for child in children(node):
            yield from algebraic(child)


def without_sign(node: Node) -> Node:
    while isinstance(node, Neg):
        node = node.of
    return node

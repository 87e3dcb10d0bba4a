"""What was typed, as a tree that keeps it: ``2/4`` stays two over four, ``a − b`` a difference.

Two nodes are equal when they say the same in the same order; where they stood (``span``, code
points of the text as typed) does not count. The reader bounds the height, so walking down is safe.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Node:
    span: Span = field(default=(0, 0), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Number(_Node):
    text: str  # digits with at most one point, perhaps an exponent: 12, 0.5, 1e-9
    value: Fraction = field(compare=False)


@dataclass(frozen=True, slots=True)
class Symbol(_Node):
    name: str  # s_4, alpha


@dataclass(frozen=True, slots=True)
class Constant(_Node):
    name: str  # pi, e, i


@dataclass(frozen=True, slots=True)
class Add(_Node):
    terms: tuple["Node", ...]  # a − b is (a, Neg(b))


@dataclass(frozen=True, slots=True)
class Mul(_Node):
    factors: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Neg(_Node):
    of: "Node"


@dataclass(frozen=True, slots=True)
class Div(_Node):
    over: "Node"
    under: "Node"


@dataclass(frozen=True, slots=True)
class Pow(_Node):
    base: "Node"
    exponent: "Node"


@dataclass(frozen=True, slots=True)
class Call(_Node):
    """A function that everybody knows: sqrt, sin, factorial, percent."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Apply(_Node):
    """A function of the question, of which nothing is known, or one of its derivatives."""

    name: str
    primes: int
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Total(_Node):
    """A finite sum. In ``body`` the ``index`` is bound, as the name t and in s_t alike."""

    body: "Node"
    index: str
    low: "Node"
    high: "Node"


Node = Number | Symbol | Constant | Add | Mul | Neg | Div | Pow | Call | Apply | Total


@dataclass(frozen=True, slots=True)
class Size:
    """Rows by columns (by more)."""

    entries: tuple[Node, ...]
    span: Span = field(default=(0, 0), compare=False, kw_only=True)


Tree = Node | Size


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case Number() | Symbol() | Constant():
            return ()
        case Add():
            return node.terms
        case Mul():
            return node.factors
        case Neg():
            return (node.of,)
        case Div():
            return (node.over, node.under)
        case Pow():
            return (node.base, node.exponent)
        case Call() | Apply():
            return node.arguments
        case Total():
            return (node.body, node.low, node.high)


def walk(node: Node) -> Iterator[Node]:
    """Every node, without recursion, in no promised order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))


def height(node: Node) -> int:
    highest = 0
    waiting = [(node, 1)]
    while waiting:
        node, level = waiting.pop()
        highest = max(highest, level)
        waiting.extend((child, level + 1) for child in children(node))
    return highest


def symbols(node: Node) -> frozenset[str]:
    """The names that are free in it. A subscript that is a bound index makes the name bound."""
    match node:
        case Symbol():
            return frozenset((node.name,))
        case Total():
            inside = frozenset(
                name
                for name in symbols(node.body)
                if name != node.index and name.partition("_")[2] != node.index
            )
            return inside | symbols(node.low) | symbols(node.high)
        case _:
            return frozenset[str]().union(*(symbols(child) for child in children(node)))


def number(value: int) -> Number:
    return Number(str(value), Fraction(value))


def substitute(node: Node, values: Mapping[str, Fraction]) -> Node:
    """The same tree with numbers in place of some symbols."""
    if not values:
        return node

    def inside(child: Node) -> Node:
        return substitute(child, values)

    match node:
        case Symbol():
            return literal(values[node.name]) if node.name in values else node
        case Number() | Constant():
            return node
        case Add():
            return Add(tuple(map(inside, node.terms)), span=node.span)
        case Mul():
            return Mul(tuple(map(inside, node.factors)), span=node.span)
        case Neg():
            return Neg(inside(node.of), span=node.span)
        case Div():
            return Div(inside(node.over), inside(node.under), span=node.span)
        case Pow():
            return Pow(inside(node.base), inside(node.exponent), span=node.span)
        case Call():
            return Call(node.name, tuple(map(inside, node.arguments)), span=node.span)
        case Apply():
            arguments = tuple(map(inside, node.arguments))
            return Apply(node.name, node.primes, arguments, span=node.span)
        case Total():
            outside = {name: value for name, value in values.items() if name != node.index}
            body = substitute(node.body, outside)
            return Total(body, node.index, inside(node.low), inside(node.high), span=node.span)


def literal(value: Fraction) -> Node:
    """A number as it would be typed."""
    size = abs(value)
    written: Node = number(size.numerator)
    if size.denominator != 1:
        written = Div(written, number(size.denominator))
    return Neg(written) if value < 0 else written

"""What was typed, as a tree that keeps it: ``2/4`` stays two over four, ``a − b`` a difference.

Two nodes are equal when they say the same in the same order; where they stood (``span``, code
points of the text as typed) does not count. The reader bounds the height, so walking down is safe.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True, slots=True)
class Operation(_Node):
    """An operation of the calculus on ``body`` in the variable ``name``.

    ``arguments``: of a derivative, its order; of an integral, nothing (an antiderivative) or from
    where to where; of a product, its first and last index; of a limit, where ``name`` goes. It goes
    there from the ``side`` ``+``, ``-`` or both. A derivative leaves its variable free, as does an
    antiderivative; elsewhere it is bound.
    """

    kind: str  # "derivative", "integral", "product", "limit"
    body: "Node"
    name: str
    arguments: tuple["Node", ...] = ()
    side: str = ""

    @property
    def binds(self) -> bool:
        return self.kind != "derivative" and bool(self.arguments)


Node = Number | Symbol | Constant | Add | Mul | Neg | Div | Pow | Call | Apply | Total | Operation


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
        case Operation():
            return (node.body, *node.arguments)


def rebuilt(node: Node, parts: tuple[Node, ...]) -> Node:
    """The same node with other ``children``, of which there are as many."""
    match node:
        case Number() | Symbol() | Constant():
            return node
        case Add():
            return Add(parts, span=node.span)
        case Mul():
            return Mul(parts, span=node.span)
        case Neg():
            return Neg(parts[0], span=node.span)
        case Div():
            return Div(parts[0], parts[1], span=node.span)
        case Pow():
            return Pow(parts[0], parts[1], span=node.span)
        case Call():
            return Call(node.name, parts, span=node.span)
        case Apply():
            return Apply(node.name, node.primes, parts, span=node.span)
        case Total():
            return Total(parts[0], node.index, parts[1], parts[2], span=node.span)
        case Operation():
            return replace(node, body=parts[0], arguments=parts[1:])


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
        case Operation() if node.binds:
            outside = (symbols(each) for each in node.arguments)
            return frozenset[str]().union(symbols(node.body) - {node.name}, *outside)
        case _:
            return frozenset[str]().union(*(symbols(child) for child in children(node)))


def number(value: int) -> Number:
    return Number(str(value), Fraction(value))


def substitute(node: Node, values: Mapping[str, Fraction]) -> Node:
    """The same tree with numbers in place of some symbols."""
    return replaced(node, {name: literal(value) for name, value in values.items()})


def replaced(node: Node, by: Mapping[str, Node]) -> Node:
    """The same tree with others in place of some symbols; what is bound stays."""
    if not by:
        return node
    if isinstance(node, Symbol):
        return by.get(node.name, node)
    bound = None
    if isinstance(node, Total):
        bound = node.index
    elif isinstance(node, Operation) and (node.binds or node.name in by):
        # Where a number takes the variable's place, there is nothing left to differentiate by.
        bound = node.name
    outside = {name: tree for name, tree in by.items() if name != bound}
    parts = children(node)
    if not parts:
        return node
    first = replaced(parts[0], outside if bound else by)
    return rebuilt(node, (first, *(replaced(each, by) for each in parts[1:])))


def literal(value: Fraction) -> Node:
    """A number as it would be typed."""
    size = abs(value)
    written: Node = number(size.numerator)
    if size.denominator != 1:
        written = Div(written, number(size.denominator))
    return Neg(written) if value < 0 else written

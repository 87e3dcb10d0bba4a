"""The value of an expression at a secret random point of a finite field.

Equal expressions have equal fingerprints, whatever their form. Two different rational expressions
agree by accident with a chance of about degree / 2⁶⁰ (Schwartz, Zippel). What has no place in a
field (roots, sines, π, functions of which nothing is known) takes a random value that depends on
the *values* of its arguments; so a difference there proves nothing, unless `proves` says so.
"""

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction

from tutorbot.core.answers.constant import (
    MAX_EXPONENT,
    MAX_FACTORIAL,
    UndefinedError,
    fraction,
    integer,
)
from tutorbot.core.answers.derivative import NotDifferentiableError, primed, worked
from tutorbot.core.answers.secret import IMAGINARY_UNIT, PRIME, oracle
from tutorbot.core.answers.tree import (
    Add,
    Apply,
    Call,
    Constant,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Operation,
    Pow,
    Symbol,
    Total,
    children,
    walk,
)
from tutorbot.core.answers.vocabulary import KNOWN

TURNS = 4  # i⁴ = 1: a power of a number depends on what is left of its exponent
SAMPLES = 3  # points that stand for the terms of a sum whose bounds are symbols
MAX_WORK = 4_000  # nodes to visit for a sum that is written out

_EXACT = frozenset(
    ("abs", "binomial", "ceil", "floor", "gcd", "lcm", "max", "min", "mod", "semifactorial")
) | {"sign", "sqrt"}
"""Functions of rational numbers that are rational again, if not always."""

Values = Mapping[str, int]
NOWHERE: Values = {}


def fingerprint(
    node: Node, point: int = 0, values: Values = NOWHERE, rests: Values = NOWHERE
) -> int:
    """Its value at the random ``point``, where some symbols may be given values of their own.

    ``rests``: what exponents leave when divided by `TURNS`, for symbols that stand in exponents.

    Raises:
        UndefinedError: it divides by zero there (nearly always: everywhere).
    """
    return _Field(point, values, rests).value(node)


def symbol_value(name: str, point: int = 0) -> int:
    """The value of a symbol at a random point."""
    return oracle("symbol", point, name)


def proves(node: Node, values: Values = NOWHERE) -> bool:
    """Whether different fingerprints mean different expressions, if both sides are such."""
    match node:
        case Constant():
            return node.name == "i"
        case Pow():
            exponent = integer(node.exponent)
            return (
                exponent is not None and abs(exponent) <= MAX_EXPONENT and proves(node.base, values)
            )
        case Call("percent", (argument,)):
            return proves(argument, values)
        case Call("factorial", (argument,)):
            value = integer(argument)
            return value is not None and 0 <= value <= MAX_FACTORIAL
        case Call():
            return False
        case Apply(name) if name in KNOWN:
            return False
        case Operation():
            tree = _worked(node)
            return tree is not None and proves(tree, values)
        case Total():
            inside = {**values, node.index: 0}
            return _bounds(node, values) is not None and proves(node.body, inside)
        case _:
            return all(proves(child, values) for child in children(node))


class _Field:
    """Evaluates at one point. Values in [0, PRIME)."""

    def __init__(self, point: int, values: Values, rests: Values = NOWHERE) -> None:
        self.point = point
        self.values = dict(values)
        self.rests = rests
        self.bound: dict[str, int] = {}
        self.seen: dict[str, int] = {}

    def value(self, node: Node) -> int:
        match node:
            case Symbol():
                return self.symbol(node.name)
            case Number():
                return _residue(node.value)
            case Mul():
                product = 1
                for factor in node.factors:
                    product = product * self.value(factor) % PRIME
                return product
            case Add():
                return sum(map(self.value, node.terms)) % PRIME
            case Neg():
                return -self.value(node.of) % PRIME
            case Div():
                under = self.value(node.under)
                if under == 0:
                    raise UndefinedError(node)
                return self.value(node.over) * pow(under, -1, PRIME) % PRIME
            case Pow():
                return self.power(node)
            case Constant("degree"):
                return oracle("constant", "pi") * pow(180, -1, PRIME) % PRIME
            case Constant():
                return IMAGINARY_UNIT if node.name == "i" else oracle("constant", node.name)
            case Apply(name) if name in KNOWN:
                return self.primed(node)
            case Apply():
                arguments = tuple(map(self.value, node.arguments))
                return oracle("apply", self.point, node.name, node.primes, arguments)
            case Call("exp", (argument,)):
                return self.power(Pow(Constant("e"), argument))
            case Call():
                return self.call(node)
            case Total():
                return self.total(node)
            case Operation():
                return self.operation(node)

    def symbol(self, name: str) -> int:
        name = self.indexed(name)
        given = self.bound.get(name, self.values.get(name))
        if given is not None:
            return given % PRIME
        value = self.seen.get(name)
        if value is None:
            value = self.seen[name] = symbol_value(name, self.point)
        return value

    def indexed(self, name: str) -> str:
        """The name of this very term: s_t is s_3 in the third."""
        if not self.bound:
            return name
        base, _, subscript = name.partition("_")
        return f"{base}_{self.bound[subscript]}" if subscript in self.bound else name

    def power(self, node: Pow) -> int:
        base = self.value(node.base)
        exponent = integer(node.exponent)
        if exponent is not None and abs(exponent) <= MAX_EXPONENT:
            if exponent < 0 and base == 0:
                raise UndefinedError(node)
            return pow(base, exponent, PRIME)
        known = fraction(node.exponent)
        if known is not None:
            if abs(known.numerator) > MAX_EXPONENT:
                return oracle("power", base, known)
            if base == 0 and known < 0:
                raise UndefinedError(node)
            return pow(oracle("root", base, known.denominator), known.numerator, PRIME)
        # Exponents count modulo PRIME − 1: there the laws of powers hold by themselves.
        residue = self.exponent(node.exponent)
        if residue is None or base == 0:
            return oracle("power", base, self.value(node.exponent))
        return pow(base, residue, PRIME)

    def exponent(self, node: Node) -> int | None:
        """Its value modulo PRIME − 1, if it is made of sums and products only."""
        match node:
            case Number() if node.value.denominator == 1:
                return node.value.numerator % (PRIME - 1)
            case Symbol():
                name = self.indexed(node.name)
                given = self.bound.get(name, self.values.get(name))
                if given is None:
                    given = oracle("exponent", self.point, name)
                    if name in self.rests:
                        given = _turned(given, self.rests[name])
                return given % (PRIME - 1)
            case Neg():
                value = self.exponent(node.of)
                return None if value is None else -value % (PRIME - 1)
            case Add() | Mul():
                result = 0 if isinstance(node, Add) else 1
                for child in children(node):
                    value = self.exponent(child)
                    if value is None:
                        return None
                    result = result + value if isinstance(node, Add) else result * value
                    result %= PRIME - 1
                return result
            case Pow():
                base, exponent = self.exponent(node.base), integer(node.exponent)
                if base is None or exponent is None or not 0 <= exponent <= MAX_EXPONENT:
                    return None
                return pow(base, exponent, PRIME - 1)
            case _:
                return None

    def call(self, node: Call) -> int:
        arguments = tuple(map(self.value, node.arguments))
        exact = fraction(node) if node.name in _EXACT else None
        if exact is not None:
            return _residue(exact)
        match node.name:
            case "percent":
                return arguments[0] * pow(100, -1, PRIME) % PRIME
            case "factorial":
                value = integer(node.arguments[0])
                if value is not None and 0 <= value <= MAX_FACTORIAL:
                    return math.factorial(value) % PRIME
            case "sqrt":
                return oracle("root", arguments[0], 2)
            case "min" | "max" | "gcd" | "lcm":
                arguments = tuple(sorted(arguments))
            case "binomial":
                arguments = (arguments[0], *sorted(arguments[1:]))
            case "log":
                under = oracle("call", "ln", arguments[1:])
                return oracle("call", "ln", arguments[:1]) * pow(under, -1, PRIME) % PRIME
            case _:
                pass
        return oracle("call", node.name, arguments)

    def total(self, node: Total) -> int:
        bounds = _bounds(node, self.values)
        if bounds is not None:
            return self.terms(node, ((value, 1) for value in range(bounds[0], bounds[1] + 1)))
        # A random combination of random terms: linear, as a sum is, and nothing beyond.
        low, high = self.value(node.low), self.value(node.high)
        return self.terms(
            node,
            (
                (self.index(each), oracle("weight", self.point, low, high, each))
                for each in range(SAMPLES)
            ),
        )

    def index(self, each: int) -> int:
        """A random number that stands for an index: (−1)ᵏ must meet even ones and odd ones."""
        return _turned(oracle("index", self.point, each), each)

    def primed(self, node: Apply) -> int:
        try:
            return self.value(primed(node))
        except NotDifferentiableError:
            arguments = tuple(map(self.value, node.arguments))
            return oracle("primed", node.name, node.primes, arguments)

    def operation(self, node: Operation) -> int:
        """A derivative is worked out; what cannot be is again a random linear combination."""
        tree = _worked(node)
        if tree is not None:
            return self.value(tree)
        about = tuple(map(self.value, node.arguments))
        # An antiderivative and a derivative are functions of their variable, the others are not.
        place = None if node.binds else self.symbol(node.name)
        values = map(self.index, range(SAMPLES))
        if node.kind in {"product", "limit"}:
            inside = tuple(self.inside(node.body, node.name, value) for value in values)
            return oracle(node.kind, self.point, about, node.side, inside)
        return self.combined(
            node.body,
            node.name,
            (
                (value, oracle(node.kind, self.point, about, place, each))
                for each, value in enumerate(values)
            ),
        )

    def terms(self, node: Total, weighted: Iterable[tuple[int, int]]) -> int:
        return self.combined(node.body, node.index, weighted)

    def combined(self, body: Node, name: str, weighted: Iterable[tuple[int, int]]) -> int:
        return sum(weight * self.inside(body, name, value) for value, weight in weighted) % PRIME

    def inside(self, body: Node, name: str, value: int) -> int:
        """The value of what an index or a variable is bound in."""
        outer = self.bound.get(name)
        self.bound[name] = value
        result = self.value(body)
        if outer is None:
            self.bound.pop(name, None)
        else:
            self.bound[name] = outer
        return result


def _worked(node: Operation) -> Node | None:
    """A derivative worked out, if there is a rule for it."""
    try:
        return worked(node) if node.kind == "derivative" else None
    except NotDifferentiableError:
        return None


class Remembering(_Field):
    """Evaluates many variations of one tree: what they share with it is worked out once.

    The tree must outlive it: its nodes are known by where they are, not by what they say.
    """

    def __init__(self, tree: Node, point: int = 0) -> None:
        super().__init__(point, NOWHERE)
        self.tree = tree
        self.kept: dict[int, int | None] = dict.fromkeys(map(id, walk(tree)))
        self.visited = 0  # nodes, those that were known among them

    def value(self, node: Node) -> int:
        self.visited += 1
        place = id(node)
        if self.bound or place not in self.kept:
            return super().value(node)
        value = self.kept[place]
        if value is None:
            value = self.kept[place] = super().value(node)
        return value


def _turned(value: int, rest: int) -> int:
    """Nearly the same number, with this rest when divided by `TURNS`."""
    return value - value % TURNS + rest


def _residue(value: Fraction) -> int:
    if value.denominator == 1:
        return value.numerator % PRIME
    return value.numerator * pow(value.denominator, -1, PRIME) % PRIME


def _bounds(node: Total, values: Values) -> tuple[int, int] | None:
    """From where to where, if that is known and short enough to be written out."""
    known = {name: Fraction(value) for name, value in values.items()}
    low, high = integer(node.low, known), integer(node.high, known)
    if low is None or high is None:
        return None
    nested = any(isinstance(each, Total) for each in walk(node.body))
    if nested or (high - low + 1) * sum(1 for _ in walk(node.body)) > MAX_WORK:
        return None
    return low, high

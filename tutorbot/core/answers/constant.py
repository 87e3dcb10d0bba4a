"""The exact value of an expression without symbols, as long as it is rational and not enormous."""

import math
from collections.abc import Mapping
from fractions import Fraction

from tutorbot.core.answers.tree import Add, Call, Div, Mul, Neg, Node, Number, Pow, Symbol, Total

MAX_BITS = 4_096
MAX_EXPONENT = 10**9
MAX_FACTORIAL = 400
MAX_TERMS = 60
MAX_ALL_TERMS = 400  # of sums within sums

NOTHING: Mapping[str, Fraction] = {}


class UndefinedError(ArithmeticError):
    """A division by zero; ``node`` is the quotient or power that cannot be."""

    def __init__(self, node: Node) -> None:
        super().__init__("division by zero")
        self.node = node


class TooLargeError(ArithmeticError):
    """A rational number of more than `MAX_BITS` bits."""


class _Room:
    """How many terms of sums may still be worked out."""

    def __init__(self) -> None:
        self.left = MAX_ALL_TERMS


def rational(
    node: Node, values: Mapping[str, Fraction] = NOTHING, room: _Room | None = None
) -> Fraction | None:
    """Its value where the symbols have these values; none if it is not (known to be) rational.

    Raises:
        UndefinedError: it divides by zero.
        TooLargeError: the value is too large to be written out.
    """
    room = room or _Room()
    match node:
        case Number():
            return node.value
        case Symbol():
            return values.get(node.name)
        case Neg():
            value = rational(node.of, values, room)
            return None if value is None else -value
        case Add():
            return _fold(node.terms, values, room, product=False)
        case Mul():
            return _fold(node.factors, values, room, product=True)
        case Div():
            over = rational(node.over, values, room)
            under = rational(node.under, values, room)
            if under == 0:
                raise UndefinedError(node)
            return None if over is None or under is None else _bounded(over / under)
        case Pow():
            return _power(node, values, room)
        case Call():
            return _call(node, values, room)
        case Total():
            return _total(node, values, room)
        case _:
            return None


def integer(node: Node, values: Mapping[str, Fraction] = NOTHING) -> int | None:
    """Its value if that is a whole number; errors of `rational` count as none."""
    if isinstance(node, Number):
        return node.value.numerator if node.value.denominator == 1 else None
    try:
        value = rational(node, values)
    except ArithmeticError:
        return None
    return value.numerator if value is not None and value.denominator == 1 else None


def fraction(node: Node) -> Fraction | None:
    """Its value if that is rational; errors of `rational` count as none."""
    try:
        return rational(node)
    except ArithmeticError:
        return None


def _fold(
    nodes: tuple[Node, ...], values: Mapping[str, Fraction], room: _Room, *, product: bool
) -> Fraction | None:
    result: Fraction | None = None
    for node in nodes:
        value = rational(node, values, room)
        if value is None:
            return None
        if result is None:
            result = value
        else:
            result = _bounded(result * value if product else result + value)
    return result


def _power(node: Pow, values: Mapping[str, Fraction], room: _Room) -> Fraction | None:
    base = rational(node.base, values, room)
    exponent = rational(node.exponent, values, room)
    if base is None or exponent is None or exponent.denominator != 1:
        return None
    if base == 0 and exponent < 0:
        raise UndefinedError(node)
    if base in (0, 1, -1):
        return base ** (2 - exponent.numerator % 2) if exponent else Fraction(1)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if (bits - 1) * abs(exponent.numerator) > MAX_BITS:
        raise TooLargeError
    return _bounded(base**exponent.numerator)


def _call(node: Call, values: Mapping[str, Fraction], room: _Room) -> Fraction | None:
    arguments: list[Fraction] = []
    for each in node.arguments:
        argument = rational(each, values, room)
        if argument is None:
            return None
        arguments.append(argument)
    first, *rest = arguments
    match node.name:
        case "percent":
            return first / 100
        case "abs":
            return abs(first)
        case "sign":
            return Fraction((first > 0) - (first < 0))
        case "floor":
            return Fraction(math.floor(first))
        case "ceil":
            return Fraction(math.ceil(first))
        case "min" | "max":
            return min(arguments) if node.name == "min" else max(arguments)
        case "mod" if rest[0] != 0:
            return first % rest[0]
        case "re" | "conj":
            return first
        case "im":
            return Fraction(0)
        case "sqrt" if first >= 0:
            over, under = math.isqrt(first.numerator), math.isqrt(first.denominator)
            exact = over * over == first.numerator and under * under == first.denominator
            return Fraction(over, under) if exact else None
        case _ if all(argument.denominator == 1 for argument in arguments):
            return _of_whole_numbers(node.name, [argument.numerator for argument in arguments])
        case _:
            return None


def _of_whole_numbers(name: str, arguments: list[int]) -> Fraction | None:
    first, *rest = arguments
    match name:
        case "factorial" if 0 <= first <= MAX_FACTORIAL:
            return _bounded(Fraction(math.factorial(first)))
        case "semifactorial" if 0 <= first <= MAX_FACTORIAL:
            return _bounded(Fraction(math.prod(range(first, 0, -2))))
        case "binomial" if 0 <= first <= MAX_FACTORIAL and 0 <= sum(rest) <= first:
            if min(rest) < 0:
                return None
            result = 1
            for each in rest:
                result *= math.comb(first, each)
                first -= each
            return _bounded(Fraction(result))
        case "gcd":
            return Fraction(math.gcd(*arguments))
        case "lcm":
            return _bounded(Fraction(math.lcm(*arguments)))
        case _:
            return None


def _total(node: Total, values: Mapping[str, Fraction], room: _Room) -> Fraction | None:
    low, high = integer(node.low, values), integer(node.high, values)
    if low is None or high is None or high - low >= MAX_TERMS:
        return None
    result = Fraction(0)
    for value in range(low, high + 1):
        room.left -= 1
        if room.left < 0:
            raise TooLargeError
        term = rational(node.body, {**values, node.index: Fraction(value)}, room)
        if term is None:
            return None
        result = _bounded(result + term)
    return result


def _bounded(value: Fraction) -> Fraction:
    if value.numerator.bit_length() > MAX_BITS or value.denominator.bit_length() > MAX_BITS:
        raise TooLargeError
    return value

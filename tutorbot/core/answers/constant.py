"""The exact value of an expression without symbols, as long as it is rational and not enormous."""

import math
from collections.abc import Mapping
from fractions import Fraction

from tutorbot.core.answers.tree import Add, Call, Div, Mul, Neg, Node, Number, Pow, Symbol, Total

MAX_BITS = 4_096
MAX_EXPONENT = 10**9
MAX_FACTORIAL = 400
MAX_TERMS = 60

NOTHING: Mapping[str, Fraction] = {}


class UndefinedError(ArithmeticError):
    """A division by zero; ``node`` is the quotient or power that cannot be."""

    def __init__(self, node: Node) -> None:
        super().__init__("division by zero")
        self.node = node


class TooLargeError(ArithmeticError):
    """A rational number of more than `MAX_BITS` bits."""


def rational(node: Node, values: Mapping[str, Fraction] = NOTHING) -> Fraction | None:
    """Its value where the symbols have these values; none if it is not (known to be) rational.

    Raises:
        UndefinedError: it divides by zero.
        TooLargeError: the value is too large to be written out.
    """
    match node:
        case Number():
            return node.value
        case Symbol():
            return values.get(node.name)
        case Neg():
            value = rational(node.of, values)
            return None if value is None else -value
        case Add():
            return _fold(node.terms, values, product=False)
        case Mul():
            return _fold(node.factors, values, product=True)
        case Div():
            over = rational(node.over, values)
            under = rational(node.under, values)
            if under == 0:
                raise UndefinedError(node)
            return None if over is None or under is None else _bounded(over / under)
        case Pow():
            return _power(node, values)
        case Call(name, (argument,)):
            return _call(name, rational(argument, values))
        case Total():
            return _total(node, values)
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
    nodes: tuple[Node, ...], values: Mapping[str, Fraction], *, product: bool
) -> Fraction | None:
    result = Fraction(1 if product else 0)
    for node in nodes:
        value = rational(node, values)
        if value is None:
            return None
        result = _bounded(result * value if product else result + value)
    return result


def _power(node: Pow, values: Mapping[str, Fraction]) -> Fraction | None:
    base = rational(node.base, values)
    exponent = rational(node.exponent, values)
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


def _call(name: str, argument: Fraction | None) -> Fraction | None:
    if argument is None:
        return None
    if name == "percent":
        return argument / 100
    if name == "abs":
        return abs(argument)
    if name == "factorial" and argument.denominator == 1 and 0 <= argument <= MAX_FACTORIAL:
        return _bounded(Fraction(math.factorial(argument.numerator)))
    if name == "sqrt" and argument >= 0:
        over, under = math.isqrt(argument.numerator), math.isqrt(argument.denominator)
        exact = over * over == argument.numerator and under * under == argument.denominator
        return Fraction(over, under) if exact else None
    return None


def _total(node: Total, values: Mapping[str, Fraction]) -> Fraction | None:
    low, high = integer(node.low, values), integer(node.high, values)
    if low is None or high is None or high - low >= MAX_TERMS:
        return None
    result = Fraction(0)
    for value in range(low, high + 1):
        term = rational(node.body, {**values, node.index: Fraction(value)})
        if term is None:
            return None
        result = _bounded(result + term)
    return result


def _bounded(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise TooLargeError
    return value

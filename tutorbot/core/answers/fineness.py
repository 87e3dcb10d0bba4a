"""How many bits it takes to see every number in an expression, however small it is."""

from collections.abc import Mapping
from fractions import Fraction

from tutorbot.core.answers.balls import OutsideError, complex_ball
from tutorbot.core.answers.constant import integer
from tutorbot.core.answers.tree import Call, Constant, Node, Number, Pow, children

BITS = 64
BITS_OF_ONE = 2  # of what is neither number nor power
TOO_MANY = 10**6


def fineness(node: Node, point: Mapping[str, Fraction]) -> int:
    """Bits, about: those of all numbers in it, as often as powers repeat them."""
    match node:
        case Number():
            return node.value.numerator.bit_length() + node.value.denominator.bit_length()
        case Pow() if (whole := integer(node.exponent, point)) is not None:
            return min(TOO_MANY, fineness(node.base, point) * max(1, abs(whole)))
        case Pow():
            inside = fineness(node.base, point) + fineness(node.exponent, point)
            return inside + _size(node.exponent, point)
        case Call("exp" | "sinh" | "cosh", (argument,)):
            return fineness(argument, point) + _size(argument, point)
        case Constant():
            return BITS_OF_ONE
        case _:
            return BITS_OF_ONE + sum(fineness(each, point) for each in children(node))


def _size(exponent: Node, point: Mapping[str, Fraction]) -> int:
    """Twice its size: e is less than four."""
    try:
        size = complex_ball(exponent, point, bits=BITS).abs_upper()
    except OutsideError:
        return TOO_MANY
    return 2 * int(float(size)) if size < TOO_MANY else TOO_MANY

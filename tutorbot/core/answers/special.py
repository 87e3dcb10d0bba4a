"""Functions of whole and of complex numbers, with proved bounds: gcd, mod, n!!, re, arg, sinc.

Real and complex balls know the elementary functions; these are what learners type beside them.
Whatever has no value, or none that is certain, raises a ValueError.
"""

import math
from collections.abc import Callable

from flint import acb, arb

MAX_SEMIFACTORIAL = 300
MAX_DIGITS = 10**40  # of whole numbers whose divisors are sought


def real(name: str, arguments: list[arb]) -> arb:
    """The value at real arguments.

    Raises:
        ValueError: there is none, or the bounds cannot tell.
    """
    if name not in _REAL:
        raise ValueError(name)
    return _REAL[name](*arguments)


def complex_(name: str, arguments: list[acb]) -> acb:
    """The value at complex arguments, as `real`."""
    if name in _COMPLEX:
        return _COMPLEX[name](*arguments)
    if any(not argument.imag.is_zero() for argument in arguments):
        raise ValueError(name)
    return acb(_REAL[name](*(argument.real for argument in arguments)))


def semifactorial(number: int) -> int:
    """n!!, the product of every second number down from n.

    >>> semifactorial(7), semifactorial(0)
    (105, 1)
    """
    return math.prod(range(number, 0, -2))


def _whole(value: arb) -> int:
    number = value.unique_fmpz() if value.is_exact() else None
    if number is None or abs(int(number)) > MAX_DIGITS:
        raise ValueError("no whole number")
    return int(number)


def _semifactorial(value: arb) -> arb:
    number = _whole(value)
    if not 0 <= number <= MAX_SEMIFACTORIAL:
        raise ValueError("beyond what is worked out")
    return arb(semifactorial(number))


def _mod(value: arb, by: arb) -> arb:
    """What is left of a value, between 0 and ``by``."""
    times = (value / by).floor()
    if not times.is_exact():
        raise ValueError("too near to a multiple")
    return value - by * times


def _arg(value: arb) -> arb:
    if value > 0:
        return arb(0)
    if value < 0:
        return arb.pi()
    raise ValueError("zero has no direction")


def _atan2(rise: arb, run: arb) -> arb:
    if not (run > 0 or run < 0 or rise > 0 or rise < 0):
        raise ValueError("zero has no direction")
    if run < 0 and rise.contains(0) and not rise.is_zero():
        raise ValueError("too near to where the angle jumps")
    return arb.atan2(rise, run)


def _complex_arg(value: acb) -> acb:
    if value.contains(0):
        raise ValueError("zero has no direction")
    return acb(value.arg())


def _itself(value: arb) -> arb:
    return value


def _nothing(value: arb) -> arb:  # noqa: ARG001 - whatever it is
    return arb(0)


def _sinc(value: arb) -> arb:
    return value.sinc()


def _gcd(*numbers: arb) -> arb:
    return arb(math.gcd(*map(_whole, numbers)))


def _lcm(*numbers: arb) -> arb:
    return arb(math.lcm(*map(_whole, numbers)))


_REAL: dict[str, Callable[..., arb]] = {
    "re": _itself,
    "im": _nothing,
    "conj": _itself,
    "arg": _arg,
    "atan2": _atan2,
    "sinc": _sinc,
    "gcd": _gcd,
    "lcm": _lcm,
    "mod": _mod,
    "semifactorial": _semifactorial,
}

_COMPLEX: dict[str, Callable[[acb], acb]] = {
    "re": lambda z: acb(z.real),
    "im": lambda z: acb(z.imag),
    "conj": lambda z: acb(z.real, -z.imag),
    "arg": _complex_arg,
    "sinc": lambda z: z.sinc(),
}

NAMES = frozenset(_REAL)

"""The functions that everybody knows, on balls: real ones and complex ones."""

from collections.abc import Callable

from flint import acb, arb

MAX_GAMMA = 10_000  # arguments of factorials beyond it take too long


class OutsideError(ArithmeticError):
    """The point lies outside the domain, or so near its border that the bounds cannot tell."""


class UncertainError(OutsideError):
    """A power of a negative number, whose exponent may be whole or nearly so: e^(ln 2)."""


def inside(value: arb, certain: bool) -> arb:
    if not certain:
        raise OutsideError
    return value


def gamma(value: arb) -> arb:
    return inside(value, abs(value) < MAX_GAMMA).gamma()


def cube_root(value: arb) -> arb:
    if value.contains(0):
        return around_nought(value, arb(1) / 3)
    return -((-value).root(3)) if value < 0 else value.root(3)


def around_nought(value: arb, exponent: arb) -> arb:
    """An odd root of what may be nought, or on either side of it."""
    return arb(0) if value.is_zero() else arb(0, (value.abs_upper() ** exponent).abs_upper())


def sign(value: arb) -> arb:
    return inside(value.sgn(), not value.contains(0))


REAL_CALLS: dict[str, Callable[[arb], arb]] = {
    "sqrt": lambda x: arb(0) if x.is_zero() else inside(x, x >= 0).sqrt(),
    "cbrt": cube_root,
    "abs": abs,
    "sign": sign,
    "percent": lambda x: x / 100,
    "factorial": lambda x: inside(gamma(x + 1), x >= 0),
    "gamma": gamma,
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "tan": lambda x: x.tan(),
    "sec": lambda x: x.sec(),
    "csc": lambda x: x.csc(),
    "cot": lambda x: x.cot(),
    "sinh": lambda x: x.sinh(),
    "cosh": lambda x: x.cosh(),
    "tanh": lambda x: x.tanh(),
    "sech": lambda x: x.sech(),
    "csch": lambda x: x.csch(),
    "coth": lambda x: x.coth(),
    "asin": lambda x: x.asin(),
    "acos": lambda x: x.acos(),
    "atan": lambda x: x.atan(),
    "acot": lambda x: (1 / x).atan(),
    "asec": lambda x: (1 / x).acos(),
    "acsc": lambda x: (1 / x).asin(),
    "asinh": lambda x: x.asinh(),
    "acosh": lambda x: x.acosh(),
    "atanh": lambda x: x.atanh(),
    "asech": lambda x: (1 / x).acosh(),
    "acsch": lambda x: (1 / x).asinh(),
    "acoth": lambda x: (1 / x).atanh(),
}

CUTS: dict[str, Callable[[acb], bool]] = {
    "asin": lambda x: abs(x.real) < 1 or not x.imag.contains(0),
    "acos": lambda x: abs(x.real) < 1 or not x.imag.contains(0),
    "atanh": lambda x: abs(x.real) < 1 or not x.imag.contains(0),
    "acosh": lambda x: x.real > 1 or not x.imag.contains(0),
    "atan": lambda x: abs(x.imag) < 1 or not x.real.contains(0),
    "asinh": lambda x: abs(x.imag) < 1 or not x.real.contains(0),
    "acot": lambda x: not x.real.contains(0),
}
"""Where an inverse function is certain not to meet its branch cut."""

COMPLEX_CALLS: dict[str, Callable[[acb], acb]] = {
    "sqrt": lambda x: x.sqrt(),
    "cbrt": lambda x: (x.log() / 3).exp(),
    "abs": lambda x: acb(abs(x)),
    "percent": lambda x: x / 100,
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "tan": lambda x: x.tan(),
    "sec": lambda x: x.sec(),
    "csc": lambda x: x.csc(),
    "cot": lambda x: x.cot(),
    "sinh": lambda x: x.sinh(),
    "cosh": lambda x: x.cosh(),
    "tanh": lambda x: x.tanh(),
    "sech": lambda x: x.sech(),
    "csch": lambda x: x.csch(),
    "coth": lambda x: x.coth(),
    "asin": lambda x: x.asin(),
    "acos": lambda x: x.acos(),
    "atan": lambda x: x.atan(),
    "acot": lambda x: (1 / x).atan(),
    "asinh": lambda x: x.asinh(),
    "acosh": lambda x: x.acosh(),
    "atanh": lambda x: x.atanh(),
}

"""Values with proved error bounds (Arb's balls): two that do not meet prove a difference.

Functions of which nothing is known stand for one that we make up, with its true derivatives: if two
expressions differ for that one, they differ.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from typing import Generic, TypeVar

from flint import acb, arb, ctx, fmpq

from tutorbot.core.answers import special
from tutorbot.core.answers.ball_functions import (
    COMPLEX_CALLS,
    CUTS,
    REAL_CALLS,
    OutsideError,
    UncertainError,
    around_nought,
    gamma,
    inside,
)
from tutorbot.core.answers.constant import MAX_EXPONENT, fraction, integer
from tutorbot.core.answers.derivative import NotDifferentiableError, primed, worked
from tutorbot.core.answers.secret import oracle
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
    walk,
)
from tutorbot.core.answers.vocabulary import KNOWN

PRECISIONS = (128, 512)  # bits; the second where the first cannot tell
MAX_TERMS = 24
MAX_ALL_TERMS = 60  # of sums within sums
MAX_INTEGRALS = 4  # each of them as often as a sum has terms
MAX_VALUES = 600  # of a function that is integrated
MAX_VISITED = 4_000  # nodes of it, all values together
MAX_DEGREE = 64  # of the quadrature


def ball(node: Node, point: Mapping[str, Fraction], *, bits: int) -> arb:
    """The real value at a point.

    Raises:
        OutsideError: it leaves the real numbers there, or cannot be computed.
    """
    ctx.prec = bits
    try:
        value = _Real(point).value(node)
    except (ZeroDivisionError, ValueError, OverflowError, NotImplementedError) as error:
        raise OutsideError from error
    if not value.is_finite():
        raise OutsideError
    return value


def ball_near(
    node: Node, point: Mapping[str, Fraction], name: str, where: arb, *, bits: int
) -> arb:
    """The real value where one symbol lies in a ball, such as a root that is no fraction.

    Raises:
        OutsideError: it leaves the real numbers there, or cannot be computed.
    """
    ctx.prec = bits
    try:
        value = _Near(point, name, where).value(node)
    except (ZeroDivisionError, ValueError, OverflowError, NotImplementedError) as error:
        raise OutsideError from error
    if not value.is_finite():
        raise OutsideError
    return value


def complex_ball(node: Node, point: Mapping[str, Fraction], *, bits: int) -> acb:
    """The complex value at a point, on the principal branches.

    Raises:
        OutsideError: it cannot be computed there.
    """
    ctx.prec = bits
    try:
        value = _Complex(point).value(node)
    except (ZeroDivisionError, ValueError, OverflowError, NotImplementedError) as error:
        raise OutsideError from error
    if not (value.real.is_finite() and value.imag.is_finite()):
        raise OutsideError
    return value


def exactly(value: Fraction) -> arb:
    return arb(fmpq(value.numerator, value.denominator))


B = TypeVar("B", arb, acb)


class _Ball(ABC, Generic[B]):
    def __init__(self, point: Mapping[str, Fraction]) -> None:
        self.point = dict(point)
        self.terms_left = MAX_ALL_TERMS
        self.integrals_left = MAX_INTEGRALS
        self.lifted: dict[str, B] = {}

    @abstractmethod
    def lift(self, value: Fraction) -> B: ...
    @abstractmethod
    def constant(self, name: str) -> B: ...
    @abstractmethod
    def holds_zero(self, value: B) -> bool: ...
    @abstractmethod
    def whole_power(self, base: B, exponent: int) -> B: ...
    @abstractmethod
    def root(self, base: B, exponent: Fraction) -> B: ...
    @abstractmethod
    def power(self, base: B, exponent: B) -> B: ...
    @abstractmethod
    def call(self, name: str, arguments: list[B]) -> B: ...
    @abstractmethod
    def integral(self, node: Operation) -> B:
        """From where to where, over what is finite."""

    @abstractmethod
    def wave(self, angle: B, shift: Fraction) -> B:
        """The sine of angle + shift·π."""

    def value(self, node: Node) -> B:
        match node:
            case Number():
                return self.lift(node.value)
            case Symbol():
                return self.variable(node.name)
            case Constant():
                return self.constant(node.name)
            case Add():
                result = self.value(node.terms[0])
                for term in node.terms[1:]:
                    result = result + self.value(term)
                return result
            case Mul():
                result = self.value(node.factors[0])
                for factor in node.factors[1:]:
                    result = result * self.value(factor)
                return result
            case Neg():
                return -self.value(node.of)
            case Div():
                under = self.value(node.under)
                if self.holds_zero(under):
                    raise OutsideError
                return self.value(node.over) / under
            case Pow():
                return self.raised(node)
            case Call("exp", (argument,)):
                return self.value(argument).exp()
            case Call():
                return self.call(node.name, [self.value(each) for each in node.arguments])
            case Apply(name) if name in KNOWN:
                try:
                    return self.value(primed(node))
                except NotDifferentiableError as error:
                    raise OutsideError from error
            case Apply():
                return self.made_up(node)
            case Total():
                return self.total(node)
            case Operation():
                return self.operation(node)

    def operation(self, node: Operation) -> B:
        match node.kind:
            case "derivative":
                try:
                    return self.value(worked(node))
                except NotDifferentiableError as error:
                    raise OutsideError from error
            case "product":
                low, high = (integer(each, self.point) for each in node.arguments)
                return self.terms(node.body, node.name, low, high, product=True)
            case "integral" if node.arguments:
                self.integrals_left -= 1
                if self.integrals_left < 0:
                    raise OutsideError
                return self.integral(node)
            case _:
                raise OutsideError

    def variable(self, name: str) -> B:
        value = self.lifted.get(name)
        if value is None:
            value = self.lifted[name] = self.lift(self.symbol(name))
        return value

    def symbol(self, name: str) -> Fraction:
        base, _, subscript = name.partition("_")
        if subscript in self.point and name not in self.point:
            name = f"{base}_{self.point[subscript]}"
        if name not in self.point:  # a term of a sum, such as s_3
            self.point[name] = Fraction(oracle("term", name) % 2_000 + 300, 1_009)
        return self.point[name]

    def raised(self, node: Pow) -> B:
        if isinstance(node.base, Constant) and node.base.name == "e":
            return self.value(node.exponent).exp()
        base = self.value(node.base)
        whole = integer(node.exponent, self.point)
        if whole is not None:
            if abs(whole) > MAX_EXPONENT or (whole < 0 and self.holds_zero(base)):
                raise OutsideError
            return self.whole_power(base, whole)
        known = fraction(node.exponent)
        if known is not None:
            return self.root(base, known)
        return self.power(base, self.value(node.exponent))

    def made_up(self, node: Apply) -> B:
        """Say f(x, …) = sin(ax + … + c) + d(ax + …) + 3, differentiated as often as primed."""

        def rate(about: object) -> Fraction:
            return Fraction(oracle("rate", node.name, about) % 1_500 + 300, 1_013)

        arguments = [self.value(each) for each in node.arguments]
        angle = self.lift(rate("shift"))
        line = self.lift(Fraction(0))
        for place, argument in enumerate(arguments):
            line = line + self.lift(rate(place)) * argument
        inner = rate(0) ** node.primes
        result = self.lift(inner) * self.wave(line + angle, Fraction(node.primes, 2))
        if node.primes == 0:
            return result + self.lift(rate("slope")) * line + self.lift(Fraction(3))
        if node.primes == 1:
            return result + self.lift(rate("slope") * rate(0))
        return result

    def total(self, node: Total) -> B:
        low, high = integer(node.low, self.point), integer(node.high, self.point)
        return self.terms(node.body, node.index, low, high)

    def terms(
        self, body: Node, name: str, low: int | None, high: int | None, *, product: bool = False
    ) -> B:
        if low is None or high is None or high - low >= MAX_TERMS:
            raise OutsideError
        outer = self.point.get(name)
        result = self.lift(Fraction(int(product)))
        for value in range(low, high + 1):
            self.terms_left -= 1
            if self.terms_left < 0:
                raise OutsideError
            self.point[name] = Fraction(value)
            self.lifted.clear()
            term = self.value(body)
            result = result * term if product else result + term
        self.lifted.clear()
        if outer is None:
            self.point.pop(name, None)
        else:
            self.point[name] = outer
        return result


class _Real(_Ball[arb]):
    def lift(self, value: Fraction) -> arb:
        return exactly(value)

    def constant(self, name: str) -> arb:
        if name == "i":
            raise OutsideError
        if name == "infinity":
            raise OutsideError
        if name == "degree":
            return arb.pi() / 180
        return arb.pi() if name == "pi" else arb.const_e()

    def holds_zero(self, value: arb) -> bool:
        return value.contains(0)

    def whole_power(self, base: arb, exponent: int) -> arb:
        if base.mid() == 0 and exponent >= 0:
            # flint knows real powers by their logarithms there, and finds none.
            return (acb(base) ** exponent).real
        return base**exponent

    def root(self, base: arb, exponent: Fraction) -> arb:
        """Odd roots of negative numbers are real, as they are taught."""
        if base < 0:
            if exponent.denominator % 2 == 0:
                raise OutsideError
            result = ((-base).log() * exactly(exponent)).exp()
            return result if exponent.numerator % 2 == 0 else -result
        if base.is_zero() and exponent > 0:
            return arb(0)
        if base.contains(0) and exponent > 0 and exponent.denominator % 2:
            return around_nought(base, exactly(exponent))
        if exponent == _HALF:
            return inside(base, base >= 0).sqrt()
        return (inside(base, base > 0).log() * exactly(exponent)).exp()

    def power(self, base: arb, exponent: arb) -> arb:
        if base > 0:
            return (base.log() * exponent).exp()
        whole = exponent.unique_fmpz()
        if whole is None or base.contains(0):
            raise OutsideError
        if not exponent.is_exact():
            raise UncertainError
        return base ** int(whole)

    def integral(self, node: Operation) -> arb:
        low, high = (acb(self.value(each)) for each in node.arguments)
        value = _Path(self.point, node.name).along(node.body, low, high)
        return inside(value.real, value.imag.contains(0))

    def wave(self, angle: arb, shift: Fraction) -> arb:
        return (angle + arb.pi() * exactly(shift)).sin()

    def call(self, name: str, arguments: list[arb]) -> arb:
        if name in REAL_CALLS:
            return REAL_CALLS[name](arguments[0])
        first, *rest = arguments
        match name:
            case "ln" | "log":
                value = inside(first, first > 0).log()
                return value / inside(rest[0], rest[0] > 0).log() if rest else value
            case "root":
                degree = rest[0].unique_fmpz()
                if degree is None or not rest[0].is_exact() or degree == 0:
                    raise OutsideError
                return self.root(first, Fraction(1, int(degree)))
            case "min" | "max":
                for each in rest:
                    first = first.min(each) if name == "min" else first.max(each)
                return first
            case "binomial":
                below = arb(1)
                for each in rest:
                    below = below * gamma(each + 1)
                    first = first - each
                return gamma(arguments[0] + 1) / (below * gamma(first + 1))
            case "floor" | "ceil":
                value = first.floor() if name == "floor" else first.ceil()
                return inside(value, value.is_exact())
            case _:
                return special.real(name, arguments)


class RealVariations:
    """Values of many variations of one tree at one point: what they share is worked out once.

    The tree must outlive it: its nodes are known by where they are, not by what they say.
    """

    def __init__(self, tree: Node, point: Mapping[str, Fraction], *, bits: int) -> None:
        self.evaluate = _Shared(tree, point)
        self.bits = bits

    def value(self, node: Node) -> arb | None:
        """None where it leaves the real numbers, or cannot be computed."""
        ctx.prec = self.bits
        try:
            value = self.evaluate.value(node)
        except (ArithmeticError, ValueError, NotImplementedError):
            return None
        return value if value.is_finite() else None


class _Shared(_Real):
    """``tree`` must be without sums and integrals: in them a name has many values."""

    def __init__(self, tree: Node, point: Mapping[str, Fraction]) -> None:
        super().__init__(point)
        self.tree = tree
        self.kept: dict[int, arb | None] = dict.fromkeys(map(id, walk(tree)))

    def value(self, node: Node) -> arb:
        place = id(node)
        if place not in self.kept:
            return super().value(node)
        value = self.kept[place]
        if value is None:
            value = self.kept[place] = super().value(node)
        return value


class _Near(_Real):
    def __init__(self, point: Mapping[str, Fraction], name: str, where: arb) -> None:
        super().__init__(point)
        self.name = name
        self.where = where

    def value(self, node: Node) -> arb:
        if isinstance(node, Symbol) and node.name == self.name:
            return self.where
        return super().value(node)


class _Complex(_Ball[acb]):
    def lift(self, value: Fraction) -> acb:
        return acb(exactly(value))

    def constant(self, name: str) -> acb:
        if name == "i":
            return acb(0, 1)
        if name == "infinity":
            raise OutsideError
        if name == "degree":
            return acb(arb.pi() / 180)
        return acb(arb.pi() if name == "pi" else arb.const_e())

    def holds_zero(self, value: acb) -> bool:
        return value.contains(0)

    def whole_power(self, base: acb, exponent: int) -> acb:
        return base**exponent

    def root(self, base: acb, exponent: Fraction) -> acb:
        if exponent == _HALF:
            return base.sqrt()
        return self.power(base, self.lift(exponent))

    def power(self, base: acb, exponent: acb) -> acb:
        if base.contains(0):
            raise OutsideError
        return (base.log() * exponent).exp()

    def integral(self, node: Operation) -> acb:
        low, high = (self.value(each) for each in node.arguments)
        return _Path(self.point, node.name).along(node.body, low, high)

    def wave(self, angle: acb, shift: Fraction) -> acb:
        return (angle + acb(arb.pi() * exactly(shift))).sin()

    def call(self, name: str, arguments: list[acb]) -> acb:
        if name in COMPLEX_CALLS:
            return COMPLEX_CALLS[name](arguments[0])
        first, *rest = arguments
        match name:
            case "ln" | "log":
                return first.log() / rest[0].log() if rest else first.log()
            case "root":
                return self.power(first, 1 / rest[0])
            case _ if name in special.NAMES:
                return special.complex_(name, arguments)
            case _:
                raise OutsideError


class _Path(_Complex):
    """What is integrated, on a path between two points; the proof needs to know where it is smooth.

    `flint.acb.integral` asks for values on whole discs, and for no finite ones where the function
    is not holomorphic on the disc.
    """

    def __init__(self, point: Mapping[str, Fraction], name: str) -> None:
        super().__init__({each: value for each, value in point.items() if each != name})
        self.name = name
        self.at = acb(0)
        self.smooth = False

    def along(self, body: Node, low: acb, high: acb) -> acb:
        if not (low.is_finite() and high.is_finite()):
            raise OutsideError

        def value(at: acb, smooth: bool) -> acb:
            self.at, self.smooth = at, smooth
            try:
                return self.value(body)
            except (ArithmeticError, ValueError, NotImplementedError):
                return acb(math.nan)

        values = min(MAX_VALUES, max(40, MAX_VISITED // sum(1 for _ in walk(body))))
        result = acb.integral(
            value, low, high, eval_limit=values, depth_limit=ctx.prec, deg_limit=MAX_DEGREE
        )
        if not result.is_finite():
            raise OutsideError
        return result

    def variable(self, name: str) -> acb:
        return self.at if name == self.name else super().variable(name)

    def integral(self, node: Operation) -> acb:  # noqa: ARG002 - whichever it is
        raise OutsideError  # integrals in integrals take too long

    def root(self, base: acb, exponent: Fraction) -> acb:
        """Odd roots of negative numbers are real, as for real numbers."""
        if exponent == _HALF:
            return base.sqrt(analytic=self.smooth)
        if base.real < 0 and exponent.denominator % 2:
            value = (-base).pow(self.lift(exponent))
            return value if exponent.numerator % 2 == 0 else -value
        if base.real > 0:
            return base.pow(self.lift(exponent))
        if self.smooth or exponent < 0:
            raise OutsideError
        bound = base.abs_upper() ** exactly(exponent)
        return acb(arb(0, bound), arb(0, bound))

    def power(self, base: acb, exponent: acb) -> acb:
        return base.pow(exponent, analytic=self.smooth)

    def call(self, name: str, arguments: list[acb]) -> acb:
        first, *rest = arguments
        match name:
            case "sqrt":
                return first.sqrt(analytic=self.smooth)
            case "cbrt":
                return self.root(first, Fraction(1, 3))
            case "ln" | "log":
                value = first.log(analytic=self.smooth)
                return value / rest[0].log(analytic=self.smooth) if rest else value
            case "abs":
                return first.real_abs(analytic=self.smooth)
            case "sign":
                return first.real_sgn(analytic=self.smooth)
            case "floor":
                return first.real_floor(analytic=self.smooth)
            case "ceil":
                return first.real_ceil(analytic=self.smooth)
            case "min" | "max":
                for each in rest:
                    pick = first.real_min if name == "min" else first.real_max
                    first = pick(each, analytic=self.smooth)
                return first
            case "factorial":
                return (first + 1).gamma()
            case "root":
                raise OutsideError
            case _ if self.smooth and name in CUTS and not CUTS[name](first):
                raise OutsideError
            case _:
                return super().call(name, arguments)


_HALF = Fraction(1, 2)

"""A wrong answer beside the right one, ready to be probed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.fingerprint import fingerprint, symbol_value
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.secret import PRIME
from tutorbot.core.answers.tree import Node, replaced

SMALL = 10**6  # numerators and denominators that a slip may have
MAX_DEGREE = 8


@dataclass(frozen=True, kw_only=True)
class Monomial:
    """A number times powers of symbols."""

    factor: Fraction
    degrees: tuple[tuple[str, int], ...]  # none of them 0

    def shown(self) -> str:
        """In Unicode, as the printer would: 3·n²·m."""
        over = [_powered(name, degree) for name, degree in self.degrees if degree > 0]
        under = [_powered(name, -degree) for name, degree in self.degrees if degree < 0]
        sign = "−" if self.factor < 0 else ""
        size = abs(self.factor)
        if size.numerator != 1 or not over:
            over.insert(0, str(size.numerator))
        if size.denominator != 1:
            under.insert(0, str(size.denominator))
        below = "·".join(under)
        if len(under) > 1:
            below = f"({below})"
        return sign + "·".join(over) + (f"/{below}" if below else "")


Elsewhere = dict[tuple[int, int, tuple[tuple[str, int], ...]], int | None]
"""Fingerprints of right expressions: which one, at which point, with which values."""


class Pair:
    """``got`` is not ``expected``; both have fingerprints."""

    def __init__(
        self, got: Expression, expected: Expression, elsewhere: Elsewhere | None = None
    ) -> None:
        """``elsewhere``: what is known of the right one from earlier wrong ones."""
        self.got = got
        self.expected = expected
        self.elsewhere: Elsewhere = {} if elsewhere is None else elsewhere
        self._tried: dict[tuple[int, tuple[tuple[str, int], ...]], int | None] = {}
        self.names = sorted(got.symbols | expected.symbols)

    @cached_property
    def ratio(self) -> Monomial | None:
        """Got / expected, if that is a monomial."""
        return self._monomial(divide=True)

    @cached_property
    def difference(self) -> Monomial | None:
        """Got − expected, if that is a monomial."""
        return self._monomial(divide=False)

    def equal_where(self, values: Mapping[str, int], by: Mapping[str, Node]) -> bool:
        """Whether ``got`` with other values for some symbols is ``expected``.

        ``by``: what has these values. It is asked for where exponents could be odd or even.
        """
        got = self._got_at(0, values)
        equal = got is not None and got == self._unchanged(tuple(values))
        if equal and (self.got.exponents or self.expected.exponents):
            return Expression(replaced(self.got.tree, by)).matches(self.expected)
        return equal

    def _unchanged(self, names: tuple[str, ...]) -> int | None:
        """Its fingerprint where these symbols have their own values in exponents, too."""
        assert self.expected.prints is not None
        if self.expected.proves:
            return self.expected.prints[0]
        return self._expected_at(0, {name: symbol_value(name) for name in names})

    def _got_at(self, point: int, values: Mapping[str, int]) -> int | None:
        """None where it divides by zero. Ratio and difference ask for the same."""
        if not values and self.got.prints is not None:
            return self.got.prints[point]
        here = point, tuple(values.items())
        if here not in self._tried:
            self._tried[here] = _print(self.got, point, values)
        return self._tried[here]

    def _expected_at(self, point: int, values: Mapping[str, int]) -> int | None:
        """None where it divides by zero."""
        if not values and self.expected.prints is not None:
            return self.expected.prints[point]
        here = (id(self.expected), point, tuple(values.items()))
        if here not in self.elsewhere:
            self.elsewhere[here] = _print(self.expected, point, values)
        return self.elsewhere[here]

    def _monomial(self, *, divide: bool) -> Monomial | None:
        """Double each symbol in turn: a monomial of degree d grows by 2^d."""
        first = self._relation(0, {}, divide=divide)
        second = self._relation(1, {}, divide=divide)
        if not first or not second:
            return None
        inverse = pow(first, -1, PRIME)
        degrees: list[tuple[str, int]] = []
        for name in self.names:
            doubled = self._relation(0, {name: 2 * symbol_value(name, 0)}, divide=divide)
            degree = None if doubled is None else _DEGREES.get(doubled * inverse % PRIME)
            if degree is None:
                return None
            if degree:
                degrees.append((name, degree))
        factors: list[int] = []
        for point, value in enumerate((first, second)):
            for name, degree in degrees:
                value = value * pow(symbol_value(name, point), -degree, PRIME) % PRIME  # noqa: PLW2901 - one factor at a time
            factors.append(value)
        factor = small_fraction(factors[0]) if factors[0] == factors[1] else None
        return None if factor is None else Monomial(factor=factor, degrees=tuple(degrees))

    def _relation(self, point: int, values: Mapping[str, int], *, divide: bool) -> int | None:
        got, expected = self._got_at(point, values), self._expected_at(point, values)
        if got is None or expected is None:
            return None
        if not divide:
            return (got - expected) % PRIME
        return got * pow(expected, -1, PRIME) % PRIME if expected else None


def _print(side: Expression, point: int, values: Mapping[str, int]) -> int | None:
    try:
        return fingerprint(side.tree, point, values)
    except UndefinedError:
        return None


def small_fraction(residue: int) -> Fraction | None:
    """The fraction with small numerator and denominator that has this residue, if there is one."""
    left, right = PRIME, residue
    before, after = 0, 1
    while right > SMALL:
        quotient = left // right
        left, right = right, left - quotient * right
        before, after = after, before - quotient * after
    return Fraction(right, after) if after and abs(after) <= SMALL else None


_DEGREES = {pow(2, degree, PRIME): degree for degree in range(-MAX_DEGREE, MAX_DEGREE + 1)}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _powered(name: str, degree: int) -> str:
    shown = name_shown(name)
    return shown if degree == 1 else shown + str(degree).translate(_RAISED)

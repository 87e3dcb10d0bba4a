"""Whether two expressions are equal: fingerprints first, then balls, then SymPy, each total and bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import acb, arb, ctx

from tutorbot.core.answers.balls import PRECISIONS, OutsideError, ball, complex_ball, exactly
from tutorbot.core.answers.constant import UndefinedError, fraction, rational
from tutorbot.core.answers.fingerprint import fingerprint, proves
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.secret import dice
from tutorbot.core.answers.tree import Call, Constant, Node, Number, Total, symbols, walk
from tutorbot.core.answers.verdicts import Proof

AGREEMENTS = 4  # points at which balls of 128 bits must coincide
TRIES = 14
TRIES_NEAR = 3  # so many points are positive and near one
_PIECEWISE = 36
MAX_SYMPY = 60  # nodes of both sides

_NEAR = 3  # so many points are positive and near one
_PIECEWISE = frozenset(("abs", "sign", "floor", "ceil", "min", "max"))


@dataclass(frozen=True, kw_only=True)
class Domain:
    """What the symbols stand for. Others stand for real numbers."""

    positive: frozenset[str] = frozenset()
    integer: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Same:
    method: str  # "fingerprint", "ball", "exact", "sympy"


@dataclass(frozen=True, kw_only=True)
class Different:
    proof: Proof


@dataclass(frozen=True)
class Unknown:
    """Neither proved."""


Comparison = Same | Different | Unknown


class Expression:
    """A tree, and what was worked out about it so far."""

    def __init__(self, tree: Node) -> None:
        self.tree = tree

    @cached_property
    def prints(self) -> tuple[int, int] | None:
        """Its fingerprints at two points; none if it divides by zero."""
        try:
            return fingerprint(self.tree, 0), fingerprint(self.tree, 1)
        except UndefinedError:
            return None

    @cached_property
    def proves(self) -> bool:
        return proves(self.tree)

    @cached_property
    def symbols(self) -> frozenset[str]:
        return symbols(self.tree)

    @cached_property
    def value(self) -> Fraction | None:
        return fraction(self.tree)

    @cached_property
    def size(self) -> int:
        return sum(1 for _ in walk(self.tree))

    @cached_property
    def calls(self) -> frozenset[str]:
        """The known functions and the constants in it."""
        return frozenset(each.name for each in walk(self.tree) if isinstance(each, Call | Constant))

    @cached_property
    def bounds(self) -> frozenset[str]:
        """The symbols in the bounds of sums: they stand for whole numbers."""
        return frozenset[str]().union(
            *(
                symbols(each.low) | symbols(each.high)
                for each in walk(self.tree)
                if isinstance(each, Total)
            )
        )


def compare(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    """How ``got`` stands to ``expected``. Never raises; a proof comes with every difference."""
    if got.prints is None or expected.prints is None:
        return Unknown()
    if got.prints == expected.prints:
        return Same(method="fingerprint")
    if got.value is not None and expected.value is not None:
        values = {"got": str(got.value), "expected": str(expected.value)}
        return Different(proof=Proof(method="exact", **values))
    if got.proves and expected.proves:
        return Different(proof=counterexample(got, expected))
    written_out = _written_out(got, expected)
    if written_out is not None:
        return written_out
    numerically = _by_balls(got, expected, domain)
    if not isinstance(numerically, Unknown) or got.size + expected.size > MAX_SYMPY:
        return numerically
    # SymPy takes half a second to load, and hardly any answer needs it.
    from tutorbot.core.answers import algebra  # noqa: PLC0415

    if algebra.equal(got.tree, expected.tree, domain.positive, domain.integer):
        return Same(method="sympy")
    return numerically


def counterexample(got: Expression, expected: Expression) -> Proof:
    """A small point at which two expressions with different fingerprints differ, where one is found."""
    names = sorted(got.symbols | expected.symbols)
    for numbers in ((2, 3, 5, 7, 4, 6, 8), (3, 2, 4, 5, 6, 7, 8), (1, 2, 3, 4, 5, 6, 7)):
        point = {name: Fraction(numbers[at % 7]) for at, name in enumerate(names)}
        try:
            ours, theirs = rational(got.tree, point), rational(expected.tree, point)
        except ArithmeticError:
            continue
        if ours is None or theirs is None:
            break
        if ours != theirs:
            return Proof(
                method="fingerprint",
                point=_shown(point),
                got=str(ours),
                expected=str(theirs),
            )
    return Proof(method="fingerprint")


def _written_out(got: Expression, expected: Expression) -> Comparison | None:
    """Sums up to a symbol differ if they differ when two or three terms are written out."""
    bounds = got.bounds | expected.bounds
    if not bounds:
        return None
    for first in (3, 2, 4):
        values = {name: first + at for at, name in enumerate(sorted(bounds))}
        if not (proves(got.tree, values) and proves(expected.tree, values)):
            return None
        try:
            ours = fingerprint(got.tree, 0, values)
            theirs = fingerprint(expected.tree, 0, values)
        except UndefinedError:
            continue
        if ours != theirs:
            point = {name: Fraction(value) for name, value in values.items()}
            return Different(proof=Proof(method="fingerprint", point=_shown(point)))
    return Unknown()


def _by_balls(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    names = sorted(got.symbols | expected.symbols)
    calls = got.calls | expected.calls
    points = _Points(got, expected, domain)
    if not names:
        passes = [(_at, [{}]), (_at_complex, [{}])]
    elif calls & _PIECEWISE:
        passes = [(_at, points.near_borders()), (_at_complex, points.anywhere(8))]
    else:
        # Where nothing is real, as in (−1)^n, whole numbers are meant.
        passes = [
            (_at, points.anywhere(TRIES)),
            (_at, points.whole_numbers(TRIES)),
            (_at_complex, points.anywhere(8)),
        ]
    for at, where in passes[2 if "i" in calls and len(passes) > 2 else 1 if "i" in calls else 0 :]:  # noqa: PLR2004 - the last
        needed = 1 if not names else len(where) // 3 if calls & _PIECEWISE else AGREEMENTS
        agreed: set[tuple[Fraction, ...]] = set()
        for point in where:
            match at(got, expected, point):
                case Different() as different:
                    return different
                case Same():
                    agreed.add(tuple(point.values()))
                case Unknown():
                    pass
            if len(agreed) >= needed and not calls & _PIECEWISE:
                break
        if len(agreed) >= needed:
            return Same(method="ball")
    return Unknown()


class _Points:
    """Random admissible points."""

    def __init__(self, got: Expression, expected: Expression, domain: Domain) -> None:
        self.names = sorted(got.symbols | expected.symbols)
        self.domain = domain
        self.bounds = got.bounds | expected.bounds
        self.throw = dice("points", tuple(self.names))
        self.sides = (got, expected)

    def anywhere(self, count: int) -> list[dict[str, Fraction]]:
        """The first few positive and near one, since most expressions are defined there."""
        return [
            {name: self.signed(name, self.size(trial, name), trial) for name in self.names}
            for trial in range(count)
        ]

    def whole_numbers(self, count: int) -> list[dict[str, Fraction]]:
        return [
            {
                name: Fraction(self.throw.randrange(1, 7 if name in self.bounds else 12))
                for name in self.names
            }
            for _ in range(count)
        ]

    def near_borders(self) -> list[dict[str, Fraction]]:
        """Also where pieces may meet: beside the numbers that occur, and beside their opposites."""
        numbers = {
            each.value
            for side in self.sides
            for each in walk(side.tree)
            if isinstance(each, Number)
        }
        borders = sorted({Fraction(0), *numbers, *(-number for number in numbers)})[:16]
        return self.anywhere(TRIES) + [
            {
                name: self.signed(
                    name,
                    self.throw.choice(borders) + Fraction(self.throw.randrange(1, 400), 1_009),
                    0,
                )
                for name in self.names
            }
            for _ in range(TRIES_PIECEWISE - TRIES)
        ]

    def size(self, trial: int, name: str) -> Fraction:
        throw = self.throw
        if name in self.bounds:
            return Fraction(throw.randrange(1, 7))
        if name in self.domain.integer:
            return Fraction(throw.randrange(1, 8 if trial < _NEAR else 30))
        match trial % 5:
            case 0 | 3:
                return Fraction(throw.randrange(50, 960), 1_013)
            case 4:
                return Fraction(throw.randrange(3_000, 31_000), 1_021)
            case _:
                return Fraction(throw.randrange(300, 3_000), 1_009)

    def signed(self, name: str, value: Fraction, trial: int) -> Fraction:
        if name in self.domain.positive or name in self.bounds:
            return abs(value) or Fraction(1)
        return -value if trial >= _NEAR and self.throw.randrange(2) else value


def _at(got: Expression, expected: Expression, point: Mapping[str, Fraction]) -> Comparison:
    for bits in PRECISIONS:
        try:
            ours, theirs = ball(got.tree, point, bits=bits), ball(expected.tree, point, bits=bits)
        except OutsideError:
            return Unknown()
        gap = ours - theirs
        if not gap.contains(0):
            return Different(proof=_ball_proof(point, ours.str(6), theirs.str(6)))
        if gap.rad() < _tiny(bits) * (1 + abs(theirs.mid())):
            return Same(method="ball")
    return Unknown()


def _at_complex(got: Expression, expected: Expression, point: Mapping[str, Fraction]) -> Comparison:
    for bits in PRECISIONS:
        try:
            ours = complex_ball(got.tree, point, bits=bits)
            theirs = complex_ball(expected.tree, point, bits=bits)
        except OutsideError:
            return Unknown()
        gap: acb = ours - theirs
        if not gap.contains(0):
            return Different(proof=_ball_proof(point, ours.str(6), theirs.str(6)))
        limit = _tiny(bits) * (1 + abs(theirs.mid()))
        if gap.real.rad() < limit and gap.imag.rad() < limit:
            return Same(method="ball")
    return Unknown()


def within(got: Expression, expected: Expression, tolerance: Fraction) -> Comparison:
    """Whether two numbers lie within a relative tolerance of the expected one."""
    if got.value is not None and expected.value is not None:
        close = abs(got.value - expected.value) <= tolerance * abs(expected.value)
        values = {"got": str(got.value), "expected": str(expected.value)}
        return Same(method="exact") if close else Different(proof=Proof(method="exact", **values))
    for bits in PRECISIONS:
        try:
            ours, theirs = ball(got.tree, {}, bits=bits), ball(expected.tree, {}, bits=bits)
        except OutsideError:
            return Unknown()
        ctx.prec = bits
        room = exactly(tolerance) * abs(theirs) - abs(ours - theirs)
        if room >= 0:
            return Same(method="ball")
        if room < 0:
            return Different(proof=_ball_proof({}, ours.str(6), theirs.str(6)))
    return Unknown()


def _tiny(bits: int) -> arb:
    return arb(2) ** (-bits // 3)


def _ball_proof(point: Mapping[str, Fraction], got: str, expected: str) -> Proof:
    return Proof(method="ball", point=_shown(point), got=got, expected=expected)


def _shown(point: Mapping[str, Fraction]) -> tuple[tuple[str, str], ...]:
    return tuple((name_shown(name), str(value)) for name, value in point.items())

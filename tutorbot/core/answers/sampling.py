"""Two expressions side by side at random points of their domain, computed with proved error bounds.

One point at which the balls do not meet proves a difference. Points at which a side leaves the real
numbers count for nothing: neither as agreement nor as difference.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import Protocol

from flint import acb, arb, ctx

from tutorbot.core.answers import pieces
from tutorbot.core.answers.ball_functions import UncertainError
from tutorbot.core.answers.balls import PRECISIONS, OutsideError, ball, exactly
from tutorbot.core.answers.constant import fraction, rational
from tutorbot.core.answers.decimals import apart
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.fineness import fineness
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.secret import dice
from tutorbot.core.answers.tree import Number, Pow, walk
from tutorbot.core.answers.verdicts import Proof

AGREEMENTS = 4  # different points at which balls of 128 bits must coincide
TRIES = 10
PATIENCE = 4  # points that may tell nothing of an integral, which takes its time at each
MOST_TRIES = 64  # where powers and waves meet whole numbers
MOST_COUNTED = 6  # symbols of which all odd and even combinations fit into these
MAX_FINENESS = 8_192  # bits
MAX_LOOKS = 5_000  # nodes to work out along pieces
AGREEMENTS_IN_PIECES = 12
TRIES_IN_PIECES = 36

_SEEN_FROM = (0, 1, 2, 4)  # points from which pieces are looked along
_NEAR = 3  # so many points are positive and near one, where most expressions are defined
_IN_PIECES = frozenset(("abs", "sign", "floor", "ceil", "min", "max", "mod", "arg", "atan2"))
_PERIODIC = frozenset(("sin", "cos", "tan", "sec", "csc", "cot", "i", *_IN_PIECES))
_OF_WHOLE_NUMBERS = frozenset(("gcd", "lcm", "mod", "semifactorial"))
"""Of these, no number of points tells that two expressions agree everywhere."""

Point = dict[str, Fraction]


class At(Protocol):
    """How two expressions stand to one another at a point."""

    def __call__(
        self,
        got: Expression,
        expected: Expression,
        point: Mapping[str, Fraction],
        precisions: tuple[int, ...] = ...,
        /,
    ) -> Comparison: ...


def by_balls(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    words = got.words | expected.words
    if not got.symbols | expected.symbols:
        real = _real(got, expected, {})
        if real == Unknown():
            return _sharper(_complex(got, expected, {}), _complex, got, expected, {})
        return _sharper(real, _real, got, expected, {})
    outcome = _at_points(got, expected, domain)
    return Unknown() if words & _OF_WHOLE_NUMBERS and isinstance(outcome, Same) else outcome


def _at_points(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    words = got.words | expected.words
    points = _Points(got, expected, domain)
    if "i" not in words:
        outcome = _real_points(got, expected, points, in_pieces=bool(words & _IN_PIECES))
        if outcome is not None:
            return outcome
    count = points.tries if points.tries > TRIES else 2 * AGREEMENTS
    found = _tried(_complex, got, expected, points.anywhere(count))
    return _enough(_complex, got, expected, found, AGREEMENTS)


def _real_points(
    got: Expression, expected: Expression, points: "_Points", *, in_pieces: bool
) -> Comparison | None:
    """None: there is no point at which both are real."""
    needed = AGREEMENTS_IN_PIECES if in_pieces else AGREEMENTS
    everywhere = points.near_borders() if in_pieces else points.anywhere(points.tries)
    # Where nothing is real, as in (−1)^n, whole numbers are meant.
    for each in (everywhere, points.whole_numbers()):
        found = _tried(_real, got, expected, each)
        if isinstance(found, list) and 0 < len(found) < needed:
            # They are real on a narrow stretch only, as asin(x) is.
            more = _tried(_real, got, expected, points.beside_these(found, 2 * needed))
            found = [*found, *more] if isinstance(more, list) else more
        outcome = _enough(_real, got, expected, found, needed)
        if isinstance(outcome, Same) and (
            in_pieces or pieces.is_rooted(got.tree) or pieces.is_rooted(expected.tree)
        ):
            seen = _SEEN_FROM if in_pieces else _SEEN_FROM[:2]
            return _leaving_the_reals(got, expected, points) or _along_the_pieces(
                got, expected, points, seen
            )
        if outcome != Unknown() or found:
            return outcome
    return None


def within(got: Expression, expected: Expression, tolerance: Fraction) -> Comparison:
    """Whether a number lies within a relative tolerance of the expected one."""
    if got.value is not None and expected.value is not None:
        if abs(got.value - expected.value) <= tolerance * abs(expected.value):
            return Same(method="exact")
        proof = Proof(method="exact", got=str(got.value), expected=str(expected.value))
        return Different(proof=proof)
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
            return Different(proof=_proof({}, ours, theirs))
    return Unknown()


def shown(point: Mapping[str, Fraction]) -> tuple[tuple[str, str], ...]:
    return tuple((name_shown(name), str(value)) for name, value in point.items())


def _leaving_the_reals(
    got: Expression, expected: Expression, points: "_Points"
) -> Different | None:
    """An author who writes ln|x| means more than ln x, which has no real value at −1."""
    if "abs" not in expected.words or "abs" in got.words:
        return None
    if any(isinstance(each, Pow) and fraction(each.exponent) is None for each in walk(got.tree)):
        return None  # exponents may be meant to be whole
    for point in points.anywhere(TRIES):
        try:
            ball(expected.tree, point, bits=PRECISIONS[0])
        except OutsideError:
            continue
        if _real(got, expected, point) == Unknown():
            outcome = _complex(got, expected, point)
            if isinstance(outcome, Different):
                return outcome
    return None


def _tried(
    at: At, got: Expression, expected: Expression, points: Iterable[Point]
) -> Different | list[Point]:
    """The first difference, or the points at which they agree.

    All points are tried: √x² is x until the first negative x.
    """
    agreed: dict[tuple[Fraction, ...], Point] = {}
    patience = PATIENCE if got.integrates or expected.integrates else None
    for tried, point in enumerate(points):
        if tried == patience and not agreed:
            break
        outcome = at(got, expected, point)
        if isinstance(outcome, Different):
            return outcome
        if isinstance(outcome, Same):
            agreed[tuple(point.values())] = point
    return list(agreed.values())


def _enough(
    at: At, got: Expression, expected: Expression, found: Different | list[Point], needed: int
) -> Comparison:
    if isinstance(found, Different):
        return found
    if len(found) < needed:
        return Unknown()
    return _sharper(Same(method="ball"), at, got, expected, found[0])


def _sharper(
    outcome: Comparison,
    at: At,
    got: Expression,
    expected: Expression,
    point: Mapping[str, Fraction],
) -> Comparison:
    """An agreement once more, in so many bits that no number is lost: 1 + 10⁻³⁰⁰ is not 1."""
    if not isinstance(outcome, Same):
        return outcome
    bits = fineness(got.tree, point) + fineness(expected.tree, point)
    if bits <= PRECISIONS[0]:
        return outcome
    return at(got, expected, point, (bits + 64,)) if bits <= MAX_FINENESS else Unknown()


def _along_the_pieces(
    got: Expression, expected: Expression, points: "_Points", seen_from: tuple[int, ...]
) -> Comparison:
    """Agreement at random points, confirmed wherever a piece ends and another begins."""
    trees = (got.tree, expected.tree)
    left = MAX_LOOKS // (got.size + expected.size)
    for where in (each for at, each in enumerate(points.anywhere(TRIES)) if at in seen_from):
        for name in points.names:
            turning = pieces.points(trees, name, where)
            if turning is None and (got.words | expected.words) & pieces.JUMPING:
                return Unknown()
            for point in islice(points.of_the_domain(turning or (), name), max(0, left)):
                left -= 1
                outcome = _exactly(got, expected, point)
                if isinstance(outcome, Different):
                    return outcome
    return Same(method="ball")


def _exactly(got: Expression, expected: Expression, point: Point) -> Comparison:
    try:
        ours, theirs = rational(got.tree, point), rational(expected.tree, point)
    except ArithmeticError:
        return Unknown()
    if ours is None or theirs is None:
        return _real(got, expected, point)
    if ours == theirs:
        return Same(method="exact")
    proof = Proof(method="exact", point=shown(point), got=str(ours), expected=str(theirs))
    return Different(proof=proof)


def _real(
    got: Expression,
    expected: Expression,
    point: Mapping[str, Fraction],
    precisions: tuple[int, ...] = PRECISIONS,
) -> Comparison:
    for bits in precisions:
        try:
            # The key first: where it leaves the reals, nobody asks for a long answer's value.
            if expected.integrates and not got.integrates:
                got.ball(point, bits=bits)
            theirs, ours = expected.ball(point, bits=bits), got.ball(point, bits=bits)
        except UncertainError:
            return _complex(got, expected, point)  # where such powers have values in any case
        except OutsideError:
            return Unknown()
        ctx.prec = bits
        gap = ours - theirs
        if not gap.contains(0):
            return Different(proof=_proof(point, ours, theirs))
        if gap.rad() < _tiny(bits) * (1 + abs(theirs.mid())):
            return Same(method="ball")
    return Unknown()


def _complex(
    got: Expression,
    expected: Expression,
    point: Mapping[str, Fraction],
    precisions: tuple[int, ...] = PRECISIONS,
) -> Comparison:
    for bits in precisions:
        try:
            if expected.integrates and not got.integrates:
                got.complex_ball(point, bits=bits)
            theirs = expected.complex_ball(point, bits=bits)
            ours = got.complex_ball(point, bits=bits)
        except OutsideError:
            return Unknown()
        ctx.prec = bits
        gap = ours - theirs
        if not gap.contains(0):
            return Different(proof=_proof(point, ours, theirs))
        limit = _tiny(bits) * (1 + abs(theirs.mid()))
        if gap.real.rad() < limit and gap.imag.rad() < limit:
            return Same(method="ball")
    return Unknown()


def _tiny(bits: int) -> arb:
    return arb(2) ** (-bits // 3)


def _proof(point: Mapping[str, Fraction], got: arb | acb, expected: arb | acb) -> Proof:
    ours, theirs = apart(got, expected)
    return Proof(method="ball", point=shown(point), got=ours, expected=theirs)


class _Points:
    """Random points of the domain; the same ones for the same names within a process.

    Whole numbers are odd and even in turn, each beside each: (−1)ⁿ is 1 for half of them.
    """

    def __init__(self, got: Expression, expected: Expression, domain: Domain) -> None:
        self.sides = (got, expected)
        self.exponents = got.exponents | expected.exponents
        # Whole numbers come first: so their combinations are tried first.
        names = got.symbols | expected.symbols
        self.whole = sorted(names & (domain.integer | self.exponents))
        self.names = [*self.whole, *sorted(names.difference(self.whole))]
        self.domain = domain
        self.bounds = got.bounds | expected.bounds
        self.throw = dice("points", tuple(self.names))
        # Beyond the third symbol, each is once negative alone.
        self.tries = TRIES + max(0, len(self.names) - _NEAR)
        words = got.words | expected.words
        if self.exponents or (domain.integer.intersection(names) and words & _PERIODIC):
            # Several rounds: at some points of each, one side may not be real.
            self.tries = max(self.tries, min(MOST_TRIES, 4 ** (len(self.whole) + 1)))

    def anywhere(self, count: int, whole: frozenset[str] = frozenset()) -> Iterator[Point]:
        """``whole``: symbols that are whole numbers beside those of which that is known."""
        whole |= self.domain.integer
        for trial in range(count):
            yield {
                name: self.signed(
                    name, self.size(name, trial, name in whole), self.turned(place, trial)
                )
                for place, name in enumerate(self.names)
            }

    def whole_numbers(self) -> Iterator[Point]:
        """First in exponents only, if there are any there, then everywhere."""
        if self.exponents:
            yield from self.anywhere(self.tries, self.exponents)
        yield from self.anywhere(self.tries, frozenset(self.names))

    def near_borders(self) -> Iterator[Point]:
        """Also where pieces may meet: beside the numbers that occur, and beside their opposites."""
        yield from self.anywhere(self.tries)
        numbers = {
            each.value
            for side in self.sides
            for each in walk(side.tree)
            if isinstance(each, Number)
        }
        borders = sorted({Fraction(0), *numbers, *(-number for number in numbers)})[:16]
        for _ in range(TRIES_IN_PIECES - TRIES):
            yield {
                name: self.signed(name, self.beside(name, borders), turned=False)
                for name in self.names
            }

    def beside(self, name: str, borders: list[Fraction]) -> Fraction:
        border = self.throw.choice(borders)
        if name in self.domain.integer:
            return Fraction(round(border) + self.throw.randrange(-3, 4))
        return border + Fraction(self.throw.randrange(-400, 400), 1_009)

    def beside_these(self, points: list[Point], count: int) -> Iterator[Point]:
        for each in range(count):
            point = points[each % len(points)]
            yield {
                name: value
                if name in self.domain.integer or name in self.bounds
                else value * (1 + Fraction(self.throw.randrange(-40, 40), 401))
                for name, value in point.items()
            }

    def of_the_domain(self, points: Iterable[Point], name: str) -> Iterator[Point]:
        """Those along one symbol that the domain has; beside them where it has whole numbers."""
        for point in points:
            value = point[name]
            whole = {value.__floor__(), value.__ceil__()}
            for each in map(Fraction, whole) if name in self.domain.integer else (value,):
                if each > 0 or name not in self.domain.positive:
                    yield {**point, name: each}

    def size(self, name: str, trial: int, whole: bool) -> Fraction:
        throw = self.throw
        if name in self.bounds:
            return Fraction(throw.randrange(1, 7))
        if whole:
            return Fraction(self.counted(name, trial))
        match trial % 5:
            case 0 | 3:
                return Fraction(throw.randrange(50, 960), 1_013)
            case 4:
                return Fraction(throw.randrange(3_000, 31_000), 1_021)
            case _:
                return Fraction(throw.randrange(300, 3_000), 1_009)

    def counted(self, name: str, trial: int) -> int:
        """A whole number from one on; the bits of ``trial`` say what four leaves of each."""
        code = trial ^ trial >> 3  # so that a sign goes with odd numbers and with even ones
        place, count = self.names.index(name), max(1, len(self.whole))
        rest = (code >> place & 1) | (code >> (place + count) & 1) << 1
        if place >= MOST_COUNTED:
            rest = self.throw.randrange(4)
        return (rest or 4) + 4 * self.throw.randrange(
            2 if trial < _NEAR else self.throw.choice((1, 2, 7))
        )

    def turned(self, place: int, trial: int) -> bool:
        """Whether a symbol is negative: first none, then each of three alone, then several."""
        if trial < _NEAR:
            return False
        if trial < TRIES and place < _NEAR:
            return bool((trial - _NEAR + 1) >> place & 1)
        if TRIES <= trial < TRIES + len(self.names) - _NEAR:
            return place == trial - TRIES + _NEAR
        return bool(self.throw.randrange(2))

    def signed(self, name: str, value: Fraction, turned: bool) -> Fraction:
        if name in self.domain.positive or name in self.bounds:
            return abs(value) or Fraction(1)
        return -value if turned else value

"""Points at which two expressions are held against one another: random, but odd and even by design.

A sign that turns with whole numbers, as (−1)ⁿ does, may turn with any way in which these are odd or
even. So there are points of every way, and a list of the ways for those who look at them.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice, permutations, product

from tutorbot.core.answers.expression import Domain, Expression
from tutorbot.core.answers.secret import dice
from tutorbot.core.answers.tree import Number, walk

AGREEMENTS = 4  # different points at which balls of 128 bits must coincide
TRIES = 10
MOST_TRIES = 64  # where powers and waves meet whole numbers
MOST_COUNTED = 6  # symbols of which all odd and even combinations fit into these
FINEST_WAYS = 16  # what is left by four is told apart where there are no more ways than these
TRIES_IN_PIECES = 36
MOST_SMALL = 9  # points of one way, of which few have values
MOST_ORDERS = 6
MOST_MOVED = 6

_NEAR = 3  # so many points are positive and near one, where most expressions are defined
IN_PIECES = frozenset(("abs", "sign", "floor", "ceil", "min", "max", "mod", "arg", "atan2"))
_PERIODIC = frozenset(("sin", "cos", "tan", "sec", "csc", "cot", "i", *IN_PIECES))

Point = dict[str, Fraction]
Agreed = dict[tuple[Fraction, ...], Point]
"""Points at which both sides agree, by their values."""
Way = tuple[int, ...]
"""What is left of each counted symbol, divided by `Points.turns`."""


class Points:
    """Random points of the domain; the same ones for the same names within a process.

    Whole numbers are odd and even in turn, each beside each: (−1)ⁿ is 1 for half of them.
    """

    def __init__(self, got: Expression, expected: Expression, domain: Domain) -> None:
        self.sides = (got, expected)
        self.domain = domain
        self.bounds = got.bounds | expected.bounds
        names = got.symbols | expected.symbols
        self.exponents = names & (got.counted_exponents | expected.counted_exponents)
        # Whole numbers come first: so their combinations are tried first.
        self.whole = sorted(names & (domain.integer | self.exponents))
        self.names = [*self.whole, *sorted(names.difference(self.whole))]
        self.throw = dice("points", tuple(self.names))
        integer = domain.integer & names
        waving = integer and (got.words | expected.words) & _PERIODIC
        # Beyond the third symbol, each is once negative alone.
        self.tries = self.tries_whole = TRIES + max(0, len(self.names) - _NEAR)
        if self.exponents or waving:
            # Several rounds: at some points of each, one side may not be real.
            self.tries_whole = max(self.tries, min(MOST_TRIES, 4 ** (len(self.whole) + 1)))
        if integer:
            self.tries = self.tries_whole
        self.counted = self._counted()
        self.turns = 4 if 4 ** len(self.counted) <= FINEST_WAYS else 2

    def _counted(self) -> list[str]:
        """The whole symbols with which signs may turn, all of them if these are not too many."""
        return self.whole if len(self.whole) <= MOST_COUNTED else sorted(self.exponents)

    def is_uncountable(self) -> bool:
        """Whether there are more ways to be odd and even than can be looked at."""
        return len(self.counted) > MOST_COUNTED

    def missing(self, agreed: Agreed, *, enough: int | None = None) -> list[Way]:
        """The ways in which counted symbols can be odd and even that were met at few points."""
        ways = list(product(range(self.turns), repeat=len(self.counted)))
        met = Counter(map(self.way, agreed.values()))
        enough = enough or max(1, min(AGREEMENTS, self.tries_whole // (2 * len(ways))))
        return [way for way in ways if met[way] < enough]

    def way(self, point: Point) -> Way | None:
        """None: a symbol is not whole there."""
        values = [point[name] for name in self.counted]
        if any(value.denominator > 1 for value in values):
            return None
        return tuple(value.numerator % self.turns for value in values)

    def parities(self, point: Point) -> Way | None:
        way = self.way(point)
        return None if way is None else tuple(rest % 2 for rest in way)

    def rounds(self, *, in_pieces: bool) -> Iterator[Iterator[Point]]:
        """Anywhere, then where exponents are whole, if they need not be."""
        yield self.near_borders() if in_pieces else self.anywhere(self.tries)
        if self.exponents - self.domain.integer:
            count = max(self.tries_whole, TRIES_IN_PIECES) if in_pieces else self.tries_whole
            yield self.anywhere(count, self.exponents)

    def all_whole(self) -> Iterator[Point]:
        return self.anywhere(self.tries_whole, frozenset(self.names))

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

    def small(self, way: Way, agreed: Agreed) -> Iterator[Point]:  # noqa: ARG002 - as below
        """Small numbers: both sides may have values at few, as arcsin n has at −1, 0 and 1."""
        numbers = [self.smallest(name, rest) for name, rest in zip(self.counted, way, strict=True)]
        every = list(islice(product(*numbers), MOST_SMALL + 1))
        if len(every) > MOST_SMALL:
            every = [tuple(map(self.throw.choice, numbers)) for _ in range(MOST_SMALL)]
        every = [*islice(self.in_every_order(way), MOST_ORDERS), *every]
        for others, values in zip(self.anywhere(len(every)), every, strict=True):
            yield {**others, **dict(zip(self.counted, map(Fraction, values), strict=True))}

    def in_every_order(self, way: Way) -> Iterator[tuple[int, ...]]:
        """Each of two numbers once above the other: of 3 things, 5 are chosen in no way."""
        for order in permutations(range(len(way))) if len(way) > 1 else ():
            yield tuple(
                (rest or self.turns) + self.turns * place
                for rest, place in zip(way, order, strict=True)
            )

    def moved(self, way: Way, agreed: Agreed) -> Iterator[Point]:
        """Beside points of other ways, such as those at which binomial coefficients have values."""
        known = [point for point in agreed.values() if self.way(point) is not None]
        known = known[-MOST_MOVED:] or list(agreed.values())
        for trial in range(MOST_MOVED if known else 0):
            point = known[trial % len(known)]
            yield {
                **point,
                **{
                    name: self.beside_it(name, point[name], rest, up=trial % 2 == 0)
                    for name, rest in zip(self.counted, way, strict=True)
                },
            }

    def smallest(self, name: str, rest: int) -> tuple[int, ...]:
        """The smallest whole numbers that leave this rest."""
        if self.is_positive(name):
            return rest or self.turns, (rest or self.turns) + self.turns
        return (rest, rest - self.turns) if rest else (self.turns, -self.turns, 0)

    def beside_it(self, name: str, value: Fraction, rest: int, *, up: bool) -> Fraction:
        """The next whole number that leaves this rest, or either that or the one before."""
        low = math.floor(value)
        below = Fraction(low - (low - rest) % self.turns)
        above = below if below == value else below + self.turns
        if up or (below <= 0 and self.is_positive(name)):
            return above
        return self.throw.choice((below, above))

    def is_positive(self, name: str) -> bool:
        return name in self.domain.positive or name in self.bounds

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
            return Fraction(round(border) + self.throw.randrange(-8, 9))
        return border + Fraction(self.throw.randrange(-400, 400), 1_009)

    def beside_these(self, points: list[Point], count: int) -> Iterator[Point]:
        for each in range(count):
            point = points[each % len(points)]
            yield {
                name: value
                if name in self.domain.integer
                or name in self.bounds
                or (name in self.exponents and value.denominator == 1)
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
            return Fraction(self.number(name, trial))
        match trial % 5:
            case 0 | 3:
                return Fraction(throw.randrange(50, 960), 1_013)
            case 4:
                return Fraction(throw.randrange(3_000, 31_000), 1_021)
            case _:
                return Fraction(throw.randrange(300, 3_000), 1_009)

    def number(self, name: str, trial: int) -> int:
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
        if self.is_positive(name):
            return abs(value) or Fraction(1)
        return -value if turned else value

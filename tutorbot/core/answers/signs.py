"""Where on the real line quantities are positive, zero and negative: exactly, cell by cell.

The roots of all of them cut the line into points and open intervals; within one of these no sign
changes, so that one look at each decides every question about all real numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

from flint import arb, ctx, fmpq_mpoly, fmpz_poly

from tutorbot.core.answers.balls import PRECISIONS, OutsideError, ball, exactly
from tutorbot.core.answers.constant import TooLargeError, UndefinedError, integer, rational
from tutorbot.core.answers.polynomials import NoPolynomialError, dense, middle, quotient, real_roots
from tutorbot.core.answers.tree import (
    Add,
    Apply,
    Call,
    Div,
    Mul,
    Neg,
    Node,
    Operation,
    Pow,
    Symbol,
    Total,
    children,
    rebuilt,
    symbols,
    walk,
)

MAX_DEGREE = 24
MAX_PIECES = 3  # absolute values in one quantity
FEW_BITS = 64
BITS_OF_CONSTANTS = 512
BITS = (256, 1_536)  # the second where roots lie too close together for the first

Sign = int | None
"""−1, 0, 1; none where the quantity is undefined."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    signs: tuple[Sign, ...]
    shown: str  # a number in it
    positive: bool
    whole: bool  # whether it holds a whole number


class NoCellsError(ArithmeticError):
    """Not all roots can be found, or told apart."""


class _TooCloseError(NoCellsError):
    """More bits could tell them apart."""


Key = tuple[object, ...]
Roots = frozenset[Key]


def cells(quantities: Sequence[Node], name: str) -> Iterator[Cell]:
    """Every sign pattern that occurs on the line, with a number at which it does.

    Raises:
        NoCellsError: a quantity is beyond polynomials, their quotients and absolute values. Some
            cells may have come before that is known.
    """
    if any(map(has_unknown, quantities)):
        raise NoCellsError
    for bits in BITS[:-1]:
        try:
            return _cells(quantities, name, bits)
        except _TooCloseError:
            continue
    return _cells(quantities, name, BITS[-1])


def _cells(quantities: Sequence[Node], name: str, bits: int) -> Iterator[Cell]:
    line = _Line(name, bits)
    # What has no exact roots is held against those that have: √2 is a root of x² − 2.
    curves: dict[int, _Curve] = {}
    for at in sorted(range(len(quantities)), key=lambda at: not _is_quotient(quantities[at], name)):
        curves[at] = _Curve(quantities[at], line)
    order = line.order()
    return line.cells([curves[at] for at in range(len(quantities))], order, line.marks(order))


def _is_quotient(node: Node, name: str) -> bool:
    try:
        quotient(node, (name,))
    except NoPolynomialError:
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class _Piece:
    roots: Roots
    poles: Roots


class _Curve:
    """One quantity, and for each pattern of signs within its bars, where it vanishes."""

    def __init__(self, node: Node, line: "_Line") -> None:
        self.node = node
        self.inner: list[Node] = []
        pieces: dict[tuple[int, ...], Node] = {(): node}
        while True:
            bars = next(
                (
                    each
                    for each in walk(pieces[next(iter(pieces))])
                    if isinstance(each, Call)
                    and each.name == "abs"
                    and not any(isinstance(it, Call) for it in walk(each.arguments[0]))
                ),
                None,
            )
            if bars is None:
                break
            if len(self.inner) == MAX_PIECES:
                raise NoCellsError
            inside = bars.arguments[0]
            self.inner.append(inside)
            line.zeros(inside)
            pieces = {
                (*pattern, sign): _with(piece, bars, inside if sign > 0 else Neg(inside))
                for pattern, piece in pieces.items()
                for sign in (1, -1)
            }
        self.pieces = {pattern: line.zeros(piece) for pattern, piece in pieces.items()}
        self.last: tuple[Fraction, Sign] | None = None

    def between(self, name: str, number: Fraction) -> Sign:
        """Its sign at a number that is no root."""
        if self.last is None or self.last[0] != number:
            self.last = number, _sign_at(self.node, name, number)
        return self.last[1]

    def at(self, key: Key, name: str, beside: Fraction) -> Sign:
        """Its sign at a root of some quantity; no root lies between it and ``beside``."""
        pattern = tuple(_sign_at(inside, name, beside) or 1 for inside in self.inner)
        piece = self.pieces[pattern]
        if key in piece.poles:
            return None
        return 0 if key in piece.roots else self.between(name, beside)


class _Line:
    def __init__(self, name: str, bits: int) -> None:
        self.name = name
        self.found: dict[Key, arb] = {}
        self.bits = bits

    def zeros(self, node: Node) -> _Piece:
        if self.name not in symbols(node):
            return _Piece(roots=frozenset(), poles=frozenset())
        try:
            over, under = quotient(node, (self.name,))
        except NoPolynomialError:
            return _Piece(roots=self.inexact(node), poles=frozenset())
        return _Piece(roots=self.exact(over), poles=self.exact(under))

    def exact(self, polynomial: fmpq_mpoly) -> Roots:
        """The real roots of each irreducible factor, so that equal roots have equal keys."""
        coefficients = dense(polynomial)
        lowest = next((at for at, value in enumerate(coefficients) if value), 0)
        keys: set[Key] = set()
        if lowest:
            self.found[0, 1, 0] = arb(0)
            keys.add((0, 1, 0))
        if len(coefficients) - 1 - lowest > MAX_DEGREE:
            raise NoCellsError
        for factor, _ in fmpz_poly(coefficients[lowest:]).factor()[1]:
            if factor.degree() > 0:
                keys |= self.irreducible(factor)
        return frozenset(keys)

    def irreducible(self, factor: fmpz_poly) -> set[Key]:
        name = tuple(int(each) for each in factor.coeffs())
        if len(name) == 2:  # noqa: PLR2004 - linear
            value = Fraction(-name[0], name[1])
            key: Key = (value.numerator, value.denominator, 0)
            ctx.prec = self.bits
            self.found[key] = exactly(value)
            return {key}
        keys: set[Key] = set()
        for at, root in enumerate(real_roots(list(name), self.bits)):
            self.found[(*name, at)] = root
            keys.add((*name, at))
        return keys

    def inexact(self, node: Node) -> Roots:
        """Of straight lines and parabolas whose coefficients are π, roots and the like."""
        ctx.prec = BITS_OF_CONSTANTS
        coefficients = _coefficients(node, self.name)
        while coefficients and coefficients[-1].is_zero():
            coefficients.pop()
        if len(coefficients) < 2:  # noqa: PLR2004 - a constant
            return frozenset()
        if coefficients[-1].contains(0):
            raise NoCellsError
        low, slope, *rest = coefficients
        values: list[arb]
        if not rest:
            values = [-low / slope]
        else:
            inside = slope * slope - 4 * rest[0] * low
            if inside.contains(0):
                raise NoCellsError
            roots = [inside.sqrt(), -inside.sqrt()] if inside > 0 else []
            values = [(root - slope) / (2 * rest[0]) for root in roots]
        keys: set[Key] = set()
        for value in values:
            key = next((key for key, known in self.found.items() if known.overlaps(value)), None)
            if key is None:
                key = ("inexact", len(self.found))
                self.found[key] = value
            keys.add(key)
        return frozenset(keys)

    def cells(
        self, curves: list[_Curve], order: list[Key], marks: list[Fraction]
    ) -> Iterator[Cell]:
        for at, number in enumerate(marks):
            low = self.found[order[at - 1]] if at else None
            high = self.found[order[at]] if at < len(order) else None
            yield Cell(
                signs=tuple(curve.between(self.name, number) for curve in curves),
                shown=str(number),
                positive=high is None or bool(high > 0),
                whole=_holds_whole(low, high),
            )
            if at < len(order):
                key, value = order[at], self.found[order[at]]
                exact = len(key) == 3 and isinstance(key[0], int)  # noqa: PLR2004 - see irreducible
                yield Cell(
                    signs=tuple(curve.at(key, self.name, number) for curve in curves),
                    shown=str(Fraction(key[0], key[1]))  # pyright: ignore[reportArgumentType, reportCallIssue] -- a fraction's key
                    if exact
                    else value.str(6, radius=False),
                    positive=bool(value > 0),
                    whole=exact and key[1] == 1,
                )

    def order(self) -> list[Key]:
        """The roots from left to right."""
        order = sorted(self.found, key=lambda key: self.found[key].mid())
        for left, right in pairwise(order):
            if not self.found[left] < self.found[right]:
                raise _TooCloseError
        return order

    def marks(self, order: list[Key]) -> list[Fraction]:
        """A number in each open interval, from left to right."""
        if not order:
            return [Fraction(0)]
        ends = [_fractions(self.found[key]) for key in order]
        between = [simplest(left[1], right[0]) for left, right in pairwise(ends)]
        below = Fraction(ends[0][0].__floor__() - 1)
        above = Fraction(ends[-1][1].__ceil__() + 1)
        return [below, *between, above]


def has_unknown(node: Node) -> bool:
    """Whether something stands in it that has no value of its own: f, or the terms of a sum."""
    return any(isinstance(each, Apply | Total | Operation) for each in walk(node))


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator between the two.

    >>> simplest(Fraction(1, 3), Fraction(1, 2))
    Fraction(2, 5)
    """
    if low >= high:
        raise NoCellsError
    whole = low.numerator // low.denominator
    if whole + 1 < high:
        return Fraction(0) if low < 0 < high else Fraction(whole + 1)
    left, right = low - whole, high - whole
    # 0 ≤ left < right ≤ 1: turn both upside down.
    if left == 0:
        return whole + 1 / Fraction((1 / right).__floor__() + 1)
    return whole + 1 / simplest(1 / right, 1 / left)


def clear_sign(node: Node, point: Mapping[str, Fraction]) -> int:
    """1 or −1 where few bits tell; 0 where they do not. Fractions grow, and take longer."""
    try:
        value = ball(node, point, bits=FEW_BITS)
    except OutsideError:
        return 0
    return int(value > 0) - int(value < 0)


def sign_of(node: Node) -> Sign:
    """The sign of a constant; none if it cannot be told."""
    return _sign_at(node, "", Fraction(0), strict=False)


def _sign_at(node: Node, name: str, number: Fraction, *, strict: bool = True) -> Sign:
    quick = clear_sign(node, {name: number})
    if quick:
        return quick
    try:
        exact = rational(node, {name: number})
    except UndefinedError:
        return None
    except TooLargeError:
        exact = None
    if exact is not None:
        return (exact > 0) - (exact < 0)
    for bits in PRECISIONS:
        try:
            value = ball(node, {name: number}, bits=bits)
        except OutsideError:
            if strict and bits == PRECISIONS[-1]:
                return None
            continue
        if value > 0:
            return 1
        if value < 0:
            return -1
        if value.is_zero():
            return 0
    if strict:
        raise NoCellsError
    return None


def _with(node: Node, old: Node, new: Node) -> Node:
    """The same tree with another part in place of one."""
    if node == old:
        return new
    return rebuilt(node, tuple(_with(part, old, new) for part in children(node)))


def _coefficients(node: Node, name: str) -> list[arb]:
    """Of a polynomial of degree two at most, the constant first."""
    if name not in symbols(node):
        try:
            return [ball(node, {}, bits=BITS_OF_CONSTANTS)]
        except OutsideError as error:
            raise NoCellsError from error
    match node:
        case Symbol():
            return [arb(0), arb(1)]
        case Neg():
            return [-each for each in _coefficients(node.of, name)]
        case Add():
            result: list[arb] = []
            for term in node.terms:
                more = _coefficients(term, name)
                width = max(len(result), len(more))
                padded = [[*each, *[arb(0)] * (width - len(each))] for each in (result, more)]
                result = [left + right for left, right in zip(*padded, strict=True)]
            return result
        case Mul():
            result = [arb(1)]
            for factor in node.factors:
                result = _times(result, _coefficients(factor, name))
            return result
        case Div() if name not in symbols(node.under):
            under = _coefficients(node.under, name)[0]
            if under.contains(0):
                raise NoCellsError
            return [each / under for each in _coefficients(node.over, name)]
        case Pow() if integer(node.exponent) in {1, 2}:
            base = _coefficients(node.base, name)
            return base if integer(node.exponent) == 1 else _times(base, base)
        case _:
            raise NoCellsError


def _times(left: list[arb], right: list[arb]) -> list[arb]:
    width = len(left) + len(right) - 1
    if width > 3:  # noqa: PLR2004 - a parabola has three
        raise NoCellsError
    result = [arb(0)] * width
    for (i, ours), (j, theirs) in product(enumerate(left), enumerate(right)):
        result[i + j] += ours * theirs
    return result


def _fractions(value: arb) -> tuple[Fraction, Fraction]:
    """Below and above it."""
    ctx.prec = max(BITS)
    found: list[Fraction] = []
    for end in (value.lower(), value.upper()):
        try:
            found.append(middle(end))
        except NoPolynomialError as error:
            raise NoCellsError from error
    slack = Fraction(1, 2 ** max(BITS))
    return found[0] - slack, found[1] + slack


def _holds_whole(low: arb | None, high: arb | None) -> bool:
    if low is None or high is None:
        return True
    return _fractions(low)[1].__floor__() + 1 < _fractions(high)[0]

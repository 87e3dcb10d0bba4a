"""Whether two statements hold for the same numbers, or for the same truth of their letters.

Each relation asks for the sign of a quantity (left minus right). Quantities that are multiples of
each other are one; a truth table over all signs and letters then says for which of them two
statements differ. If for none, they are the same. Otherwise one sees which signs occur: on a line
all of them are found (`signs`); in more dimensions, and beyond polynomials, some.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import product

from flint import arb

from tutorbot.core.answers.balls import OutsideError, ball, complex_ball
from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.polynomials import NoPolynomialError, as_tree, quotient
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.secret import PRIME, dice
from tutorbot.core.answers.signs import NoCellsError, Sign, cells, has_unknown, sign_of
from tutorbot.core.answers.structures import (
    POINT_SETS,
    STRUCTURES,
    Infinity,
    Interval,
    Joined,
    Not,
    PointSet,
    Proposition,
    Reals,
    Relation,
    SetOf,
    SetOperation,
    Thing,
    Truth,
)
from tutorbot.core.answers.tree import Add, Call, Mul, Neg, Node, Number, literal, number
from tutorbot.core.answers.verdicts import Proof
from tutorbot.core.answers.witnesses import witnesses

MAX_LETTERS = 12
BITS = 128
MAX_QUANTITIES = 24
MAX_PAIRS = 6  # quantities that are held against each other by their values
MAX_PAIR = 60  # nodes of both
MAX_LOOKS = 20_000
MAX_SIZE = 1_000  # nodes of both statements

_HOLDS: dict[str, frozenset[Sign]] = {
    "=": frozenset((0,)),
    "≠": frozenset((-1, 1)),
    "<": frozenset((-1,)),
    "≤": frozenset((-1, 0)),
    ">": frozenset((1,)),
    "≥": frozenset((0, 1)),
}


class NoStatementError(ValueError):
    """It is none that can hold or not; ``thing`` is the part that cannot."""

    def __init__(self, thing: Thing) -> None:
        super().__init__("no statement")
        self.thing = thing


def member(of: Node, points: PointSet) -> Thing:
    """The statement that a number lies in a set of numbers."""
    match points:
        case Reals():
            return Truth(value=True)
        case SetOf():
            if not points.entries:
                return Truth(value=False)
            return _joined("∨", tuple(_is_entry(of, each) for each in points.entries))
        case Interval():
            low = Relation(points.low, "≤" if points.with_low else "<", of)
            high = Relation(of, "≤" if points.with_high else "<", points.high)
            return Joined("∧", (low, high))
        case SetOperation():
            parts = tuple(_within(of, each) for each in points.parts)
            if points.sign == "∖":
                return Joined("∧", (parts[0], Not(parts[1])))
            return _joined("∨" if points.sign == "∪" else "∧", parts)


def _is_entry(of: Node, entry: Thing) -> Thing:
    if isinstance(entry, POINT_SETS):  # {1, [2, 3)} is meant as a union
        raise NoStatementError(entry)
    if isinstance(entry, Joined) and entry.sign == "∨":  # ±2
        return _joined("∨", tuple(_is_entry(of, each) for each in entry.parts))
    if isinstance(entry, STRUCTURES):
        raise NoStatementError(entry)
    return Relation(of, "=", entry)


def _within(of: Node, part: Thing) -> Thing:
    if not isinstance(part, POINT_SETS):
        raise NoStatementError(part)
    return member(of, part)


def _joined(sign: str, parts: tuple[Thing, ...]) -> Thing:
    return parts[0] if len(parts) == 1 else Joined(sign, parts)


def compare_statements(got: Thing, expected: Thing, domain: Domain) -> Comparison:
    """How two statements stand to each other. Never raises but for what is no statement.

    Raises:
        NoStatementError: a side contains what can be neither true nor false.
    """
    table = _Table()
    try:
        ours = table.add(got)
        theirs = table.add(expected)
        return table.compare(ours, theirs, domain)
    except _TooLargeError:
        return Unknown()


class _TooLargeError(ArithmeticError):
    pass


@dataclass(frozen=True)
class _Asked:
    """Whether the sign of a quantity is among these."""

    quantity: int
    signs: frozenset[Sign]


@dataclass(frozen=True)
class _Letter:
    name: str


@dataclass(frozen=True)
class _Constant:
    value: bool


@dataclass(frozen=True)
class _Of:
    sign: str
    parts: tuple["_Formula", ...]


_Formula = _Asked | _Letter | _Constant | _Of


@dataclass
class _Table:
    quantities: list[Expression] = field(default_factory=list[Expression])
    known: dict[int, int] = field(default_factory=dict[int, int])  # by what multiples share
    letters: list[str] = field(default_factory=list[str])
    size: int = 0

    # -- from statements to formulas over signs and letters --------------------------------------

    def add(self, thing: Thing) -> _Formula:
        match thing:
            case Truth():
                return _Constant(thing.value)
            case Proposition():
                if thing.name not in self.letters:
                    self.letters.append(thing.name)
                return _Letter(thing.name)
            case Not():
                return _Of("¬", (self.add(thing.of),))
            case Relation():
                return self.relation(thing)
            case Joined():
                whole = _product(thing)
                if whole is not None:
                    return self.relation(whole)
                return _Of(thing.sign, tuple(map(self.add, thing.parts)))
            case _:
                raise NoStatementError(thing)

    def relation(self, thing: Relation) -> _Formula:
        left, sign, right = thing.left, thing.sign, thing.right
        if sign == "∈":
            if isinstance(left, STRUCTURES) or not isinstance(right, POINT_SETS):
                raise NoStatementError(thing)
            return self.add(member(left, right))
        if isinstance(left, Infinity) or isinstance(right, Infinity):
            return _Constant(_endless(left, right) in _HOLDS[sign])
        if isinstance(left, STRUCTURES) or isinstance(right, STRUCTURES):
            raise NoStatementError(thing)
        difference = _difference(left, right, equation=sign in "=≠")
        return self.quantity(Expression(difference), _HOLDS[sign], equation=sign in "=≠")

    def quantity(
        self, difference: Expression, signs: frozenset[Sign], *, equation: bool
    ) -> _Formula:
        self.size += difference.size
        if self.size > MAX_SIZE:
            raise _TooLargeError
        if difference.prints == (0, 0):
            return _Constant(0 in signs)
        if not difference.symbols and not has_unknown(difference.tree):
            value = sign_of(difference.tree)
            if value is not None:
                return _Constant(value in signs)
            if "i" in difference.words and difference.prints is not None and difference.proves:
                return _Constant(0 not in signs)
        if equation:
            difference = _numerator(difference)
        if len(self.quantities) > MAX_QUANTITIES:
            raise _TooLargeError
        for at in self.alike(difference):
            ratio = _ratio(difference, self.quantities[at], equation=equation)
            if ratio:
                turned = frozenset(None if each is None else each * ratio for each in signs)
                return _Asked(at, turned)
        at = len(self.quantities)
        self.quantities.append(difference)
        shared = _shared(difference)
        if shared is not None:
            self.known.setdefault(shared, at)
        return _Asked(at, signs)

    def alike(self, difference: Expression) -> Iterator[int]:
        """The known quantities of which it may be a multiple."""
        shared = _shared(difference)
        if shared in self.known:
            yield self.known[shared]
        if len(self.quantities) <= MAX_PAIRS:
            for at, each in enumerate(self.quantities):
                if (
                    not (each.proves and difference.proves)
                    and each.size + difference.size < MAX_PAIR
                ):
                    yield at

    # -- which signs and letters tell them apart -------------------------------------------------

    def compare(self, ours: _Formula, theirs: _Formula, domain: Domain) -> Comparison:
        if len(self.letters) > MAX_LETTERS or len(self.quantities) > MAX_QUANTITIES:
            raise _TooLargeError
        rows = _Rows(tuple(sorted(self.letters)))
        if ours == theirs or self.same_for_all_signs(rows, ours, theirs):
            return Same(method="exact")
        if not self.quantities:
            return _different(rows, ours, theirs, (), ())
        nodes = [each.tree for each in self.quantities]
        names = sorted(frozenset[str]().union(*(each.symbols for each in self.quantities)))
        real = not any("i" in each.words for each in self.quantities)
        if len(names) == 1 and real:
            try:
                found = cells(nodes, names[0])
            except NoCellsError:
                pass
            else:
                for cell in found:
                    if names[0] in domain.positive and not cell.positive:
                        continue
                    if names[0] in domain.integer and not cell.whole:
                        continue
                    if rows.of(ours, cell.signs) != rows.of(theirs, cell.signs):
                        point = ((name_shown(names[0]), cell.shown),)
                        return _different(rows, ours, theirs, cell.signs, point)
                # (x − 1)³ = 0 and x = 1 have the same solutions, one of them three times.
                if _is_equation(ours) and _is_equation(theirs) and _polynomials(nodes, names):
                    return Unknown()
                return Same(method="exact")
        for point, signs in witnesses(nodes, names, domain):
            if rows.of(ours, signs) != rows.of(theirs, signs):
                return _different(rows, ours, theirs, signs, point)
        return Unknown()

    def same_for_all_signs(self, rows: "_Rows", ours: _Formula, theirs: _Formula) -> bool:
        """Whether no signs whatever could tell them apart."""
        vectors = 3 ** len(self.quantities)
        if vectors * (_weight(ours) + _weight(theirs)) > MAX_LOOKS:
            return False
        every = product((-1, 0, 1), repeat=len(self.quantities))
        return all(rows.of(ours, signs) == rows.of(theirs, signs) for signs in every)


def _weight(formula: _Formula) -> int:
    return 1 + sum(map(_weight, formula.parts)) if isinstance(formula, _Of) else 1


def _is_equation(formula: _Formula) -> bool:
    return isinstance(formula, _Asked) and formula.signs == _HOLDS["="]


class _Rows:
    """The truth table over the letters, a row a bit."""

    def __init__(self, letters: tuple[str, ...]) -> None:
        self.letters = letters
        self.all = (1 << 2 ** len(letters)) - 1
        self.letter: dict[str, int] = {}
        for at, name in enumerate(letters):
            width = 2**at
            pattern, known = ((1 << width) - 1) << width, 2 * width
            while known < 2 ** len(letters):
                pattern |= pattern << known
                known *= 2
            self.letter[name] = pattern

    def of(self, formula: _Formula, signs: tuple[Sign, ...]) -> int:
        """The rows in which it holds, where the quantities have these signs."""
        match formula:
            case _Constant():
                return self.all if formula.value else 0
            case _Letter():
                return self.letter[formula.name]
            case _Asked():
                return self.all if signs[formula.quantity] in formula.signs else 0
            case _Of():
                first, *rest = (self.of(part, signs) for part in formula.parts)
                match formula.sign:
                    case "¬":
                        return self.all & ~first
                    case "∧":
                        return reduce(lambda one, other: one & other, rest, first)
                    case "∨":
                        return reduce(lambda one, other: one | other, rest, first)
                    case "⊕":
                        return reduce(lambda one, other: one ^ other, rest, first)
                    case "→":
                        return (self.all & ~first) | rest[0]
                    case _:
                        return self.all & ~(first ^ rest[0])


def _different(
    rows: _Rows,
    ours: _Formula,
    theirs: _Formula,
    signs: tuple[Sign, ...],
    point: tuple[tuple[str, str], ...],
) -> Different:
    holding = rows.of(ours, signs)
    differing = holding ^ rows.of(theirs, signs)
    row = differing & -differing
    letters = tuple(
        (name_shown(name), "true" if rows.letter[name] & row else "false") for name in rows.letters
    )
    holds = bool(holding & row)
    return Different(
        proof=Proof(
            method="sign" if point else "truth-table",
            point=(*point, *letters),
            got="true" if holds else "false",
            expected="false" if holds else "true",
        )
    )


# -- quantities ----------------------------------------------------------------------------------


def _difference(left: Node, right: Node, *, equation: bool) -> Node:
    if isinstance(left, Call) and isinstance(right, Call):
        squared = equation and left.name == right.name == "abs"
        if squared:  # |u| = |v| where u² = v²
            ours, theirs = left.arguments[0], right.arguments[0]
            return Mul((Add((ours, Neg(theirs))), Add((ours, theirs))))
    if isinstance(right, Number) and not right.value:
        return left
    return Add((left, Neg(right)))


def _endless(left: Thing, right: Thing) -> Sign:
    """The sign of left − right where a side is infinite."""
    high = isinstance(left, Infinity) and not left.negative
    if high or (isinstance(right, Infinity) and right.negative):
        return 1
    return -1


def _product(thing: Joined) -> Relation | None:
    """X = 1 or x = 2, as (x − 1)(x − 2) = 0."""
    if thing.sign != "∨":
        return None
    factors: list[Node] = []
    known: set[int | None] = set()
    for part in thing.parts:
        inner = part
        if isinstance(part, Joined):
            inner = _product(part)
        if not isinstance(inner, Relation) or inner.sign != "=":
            return None
        if isinstance(inner.left, STRUCTURES) or isinstance(inner.right, STRUCTURES):
            return None
        difference = Expression(_difference(inner.left, inner.right, equation=True))
        shared = _shared(difference)
        if shared is None or shared not in known:
            known.add(shared)
            factors.append(_numerator(difference).tree)
    return Relation(Mul(tuple(factors)), "=", number(0))


def _numerator(difference: Expression) -> Expression:
    """Without the denominators, which never vanish where it is defined."""
    names = tuple(sorted(difference.symbols))
    try:
        over, under = quotient(difference.tree, names)
    except NoPolynomialError:
        return difference
    if under.is_constant():
        return difference
    return Expression(as_tree(over, names))


def _ratio(left: Expression, right: Expression, *, equation: bool) -> int:
    """The sign of left / right, if that is a constant; 0 if it is none, or cannot be told.

    In an equation any constant will do, and 1 is returned for it.
    """
    if left.prints is None or right.prints is None or 0 in right.prints or 0 in left.prints:
        return 0
    first, second = (
        ours * pow(theirs, -1, PRIME) % PRIME
        for ours, theirs in zip(left.prints, right.prints, strict=True)
    )
    if first != second and left.proves and right.proves:
        return 0
    if first == second and first in {1, PRIME - 1}:
        return 1 if first == 1 else -1
    names = left.symbols | right.symbols
    value = _ratio_somewhere(left, right, sorted(names))
    if first == second:  # the same constant at two points; if it is a number, its sign shows
        if value is None:
            return int(equation)
        return 1 if value > 0 else -1
    # Beyond fingerprints, such as (y − √a)(y + √a) and y² − a.
    scaled = None if value is None else Expression(Mul((literal(value), right.tree)))
    if scaled and isinstance(compare(left, scaled, Domain()), Same):
        return 1 if value and value > 0 else -1
    return 0


def _ratio_somewhere(left: Expression, right: Expression, names: list[str]) -> Fraction | None:
    """Left / right at some point, as the nearest simple fraction."""
    throw = dice("ratio", tuple(names))
    for trial in range(12):
        most = 4_000 if trial % 2 else 700  # some are only defined near nought
        point = {name: Fraction(throw.randrange(100, most), 1_009) for name in names}
        value = _divided(left.tree, right.tree, point)
        if value is None:
            continue
        if value.is_finite() and not value.contains(0):
            mantissa, exponent = value.mid().man_exp()
            found = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
            return found.limit_denominator(1_000) or found
    return None


def _divided(left: Node, right: Node, point: Mapping[str, Fraction]) -> arb | None:
    try:
        return ball(left, point, bits=BITS) / ball(right, point, bits=BITS)
    except (OutsideError, ZeroDivisionError):
        pass
    try:
        value = complex_ball(left, point, bits=BITS) / complex_ball(right, point, bits=BITS)
    except (OutsideError, ZeroDivisionError):
        return None
    return value.real if value.imag.contains(0) else None


def _shared(expression: Expression) -> int | None:
    """The same for all constant multiples."""
    if expression.prints is None or 0 in expression.prints:
        return None
    first, second = expression.prints
    return first * pow(second, -1, PRIME) % PRIME


def _polynomials(nodes: list[Node], names: list[str]) -> bool:
    for node in nodes:
        try:
            quotient(node, tuple(names))
        except NoPolynomialError:
            return False
    return True

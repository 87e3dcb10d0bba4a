"""Whether two statements hold for the same numbers, or for the same truth of their letters.

Each relation asks for the sign of a quantity (left minus right). Quantities that are multiples of
each other are one; a truth table over all signs and letters then says for which of them two
statements differ. If for none, they are the same. Otherwise one sees which signs occur: on a line
all of them are found (`signs`); in more dimensions, and beyond polynomials, some.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import product

from tutorbot.core.answers.differences import (
    are_polynomials,
    as_one_product,
    constant_ratio,
    difference_of,
    endless,
    family,
    without_denominators,
)
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.printing import name_shown
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
from tutorbot.core.answers.tree import Node, number
from tutorbot.core.answers.verdicts import Proof
from tutorbot.core.answers.witnesses import witnesses

NOTHING = Expression(number(0))

MAX_LETTERS = 12
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
                whole = as_one_product(thing)
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
            return _Constant(endless(left, right) in _HOLDS[sign])
        if isinstance(left, STRUCTURES) or isinstance(right, STRUCTURES):
            raise NoStatementError(thing)
        difference = difference_of(left, right, equation=sign in "=≠")
        return self.quantity(Expression(difference), _HOLDS[sign], equation=sign in "=≠")

    def quantity(
        self, difference: Expression, signs: frozenset[Sign], *, equation: bool
    ) -> _Formula:
        self.size += difference.size
        if self.size > MAX_SIZE:
            raise _TooLargeError
        if difference.matches(NOTHING):
            return _Constant(0 in signs)
        if not difference.symbols and not has_unknown(difference.tree):
            value = sign_of(difference.tree)
            if value is not None:
                return _Constant(value in signs)
            if "i" in difference.words and difference.prints is not None and difference.proves:
                return _Constant(0 not in signs)
        if equation:
            difference = without_denominators(difference)
        if len(self.quantities) > MAX_QUANTITIES:
            raise _TooLargeError
        for at in self.alike(difference):
            ratio = constant_ratio(difference, self.quantities[at], equation=equation)
            if ratio:
                turned = frozenset(None if each is None else each * ratio for each in signs)
                return _Asked(at, turned)
        at = len(self.quantities)
        self.quantities.append(difference)
        shared = family(difference)
        if shared is not None:
            self.known.setdefault(shared, at)
        return _Asked(at, signs)

    def alike(self, difference: Expression) -> Iterator[int]:
        """The known quantities of which it may be a multiple."""
        shared = family(difference)
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
                for cell in cells(nodes, names[0]):
                    if names[0] in domain.positive and not cell.positive:
                        continue
                    if names[0] in domain.integer and not cell.whole:
                        continue
                    if rows.of(ours, cell.signs) != rows.of(theirs, cell.signs):
                        point = ((name_shown(names[0]), cell.shown),)
                        return _different(rows, ours, theirs, cell.signs, point)
            except NoCellsError:
                pass
            else:
                # (x − 1)³ = 0 and x = 1 have the same solutions, one of them three times.
                if _is_equation(ours) and _is_equation(theirs) and are_polynomials(nodes, names):
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

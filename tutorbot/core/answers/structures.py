"""What is typed beyond one expression: relations and what joins them, sets, lists, matrices.

A `Thing` is either of these or an expression. As in `tree`, what was typed is kept in its order,
and where it stood does not count.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tutorbot.core.answers.tree import Node, Span, symbols, walk

FLIPPED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "=": "=", "≠": "≠"}


@dataclass(frozen=True, slots=True)
class _Structure:
    span: Span = field(default=(0, 0), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Infinity(_Structure):
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Truth(_Structure):
    """What always holds, or never."""

    value: bool


@dataclass(frozen=True, slots=True)
class Proposition(_Structure):
    """A letter that is true or false."""

    name: str


@dataclass(frozen=True, slots=True)
class Relation(_Structure):
    left: "Thing"
    sign: str  # = ≠ < ≤ > ≥ ∈
    right: "Thing"


@dataclass(frozen=True, slots=True)
class Not(_Structure):
    of: "Thing"


@dataclass(frozen=True, slots=True)
class Joined(_Structure):
    """Several statements joined by ∧, ∨, ⊕, → or ↔; the last two join two."""

    sign: str
    parts: tuple["Thing", ...]
    chained: bool = field(default=False, compare=False)  # 1 < x < 3 was typed


@dataclass(frozen=True, slots=True)
class SetOf(_Structure):
    entries: tuple["Thing", ...]


@dataclass(frozen=True, slots=True)
class Reals(_Structure):
    pass


@dataclass(frozen=True, slots=True)
class Interval(_Structure):
    low: Node | Infinity
    high: Node | Infinity
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class SetOperation(_Structure):
    """Sets joined by ∪, ∩ or ∖; the last joins two."""

    sign: str
    parts: tuple["Thing", ...]


@dataclass(frozen=True, slots=True)
class Listing(_Structure):
    """A tuple or a vector: its entries in order."""

    entries: tuple["Thing", ...]
    opening: str = field(default="(", compare=False)  # ( [ or <


@dataclass(frozen=True, slots=True)
class Matrix(_Structure):
    rows: tuple[tuple["Thing", ...], ...]  # not empty, all of one length


Statement = Truth | Proposition | Relation | Not | Joined
PointSet = SetOf | Reals | Interval | SetOperation
Structure = Statement | PointSet | Infinity | Listing | Matrix
Thing = Node | Structure

STATEMENTS = (Truth, Proposition, Relation, Not, Joined)
POINT_SETS = (SetOf, Reals, Interval, SetOperation)
STRUCTURES = (*STATEMENTS, *POINT_SETS, Infinity, Listing, Matrix)


def parts(thing: Structure) -> tuple[Thing, ...]:
    match thing:
        case Relation():
            return (thing.left, thing.right)
        case Not():
            return (thing.of,)
        case Joined() | SetOperation():
            return thing.parts
        case SetOf() | Listing():
            return thing.entries
        case Interval():
            return (thing.low, thing.high)
        case Matrix():
            return tuple(entry for row in thing.rows for entry in row)
        case Infinity() | Truth() | Proposition() | Reals():
            return ()


def rebuilt(thing: Thing, change: Callable[[Node], Node]) -> Thing:
    """The same structure with other expressions in it."""

    def inside(part: Thing) -> Thing:
        return rebuilt(part, change)

    match thing:
        case Relation():
            left, right = inside(thing.left), inside(thing.right)
            return Relation(left, thing.sign, right, span=thing.span)
        case Not():
            return Not(inside(thing.of), span=thing.span)
        case Joined():
            joined = tuple(map(inside, thing.parts))
            return Joined(thing.sign, joined, chained=thing.chained, span=thing.span)
        case SetOperation():
            return SetOperation(thing.sign, tuple(map(inside, thing.parts)), span=thing.span)
        case SetOf():
            return SetOf(tuple(map(inside, thing.entries)), span=thing.span)
        case Listing():
            entries = tuple(map(inside, thing.entries))
            return Listing(entries, opening=thing.opening, span=thing.span)
        case Interval():
            low = thing.low if isinstance(thing.low, Infinity) else change(thing.low)
            high = thing.high if isinstance(thing.high, Infinity) else change(thing.high)
            return Interval(low, high, thing.with_low, thing.with_high, span=thing.span)
        case Matrix():
            rows = tuple(tuple(map(inside, row)) for row in thing.rows)
            return Matrix(rows, span=thing.span)
        case Infinity() | Truth() | Proposition() | Reals():
            return thing
        case _:
            return change(thing)


def expressions(thing: Thing) -> Iterator[Node]:
    """The expressions in it, from left to right."""
    if isinstance(thing, STRUCTURES):
        for part in parts(thing):
            yield from expressions(part)
    else:
        yield thing


def free(thing: Thing) -> frozenset[str]:
    """The symbols in it; propositions are none."""
    return frozenset[str]().union(*map(symbols, expressions(thing)))


def weight(thing: Thing) -> int:
    """How many parts and nodes it has."""
    if isinstance(thing, STRUCTURES):
        return 1 + sum(map(weight, parts(thing)))
    return sum(1 for _ in walk(thing))

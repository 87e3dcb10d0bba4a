"""An expression with what was worked out about it, and how two of them can stand to one another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from flint import acb, arb

from tutorbot.core.answers.ball_functions import OutsideError, UncertainError
from tutorbot.core.answers.balls import ball, complex_ball
from tutorbot.core.answers.constant import UndefinedError, fraction
from tutorbot.core.answers.fingerprint import SAMPLES, fingerprint, proves
from tutorbot.core.answers.parity import (
    counted_exponents,
    equal_for_all_parities,
    exponents,
)
from tutorbot.core.answers.tree import (
    Call,
    Constant,
    Node,
    Operation,
    Total,
    children,
    symbols,
    walk,
)
from tutorbot.core.answers.verdicts import Proof

MAX_VALUES = 64  # that are kept

_Place = tuple[int, tuple[tuple[str, int, int], ...]]
"""With how many bits, and where."""
B = TypeVar("B", arb, acb)


@dataclass(frozen=True, kw_only=True)
class Domain:
    """What the symbols stand for; those not named here stand for real numbers."""

    positive: frozenset[str] = frozenset()
    integer: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Same:
    method: str  # "fingerprint", "exact", "ball", "sympy"


@dataclass(frozen=True, kw_only=True)
class Different:
    proof: Proof


@dataclass(frozen=True)
class Unknown:
    """Neither is proved."""


Comparison = Same | Different | Unknown


class Expression:
    """A tree, and what was found out about it so far."""

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self._real: dict[_Place, arb | None] = {}
        self._complex: dict[_Place, acb | None] = {}

    def ball(self, point: Mapping[str, Fraction], *, bits: int) -> arb:
        """As `balls.ball`, kept for the next time: a key is asked for the same points again."""
        return _kept(self._real, ball, self.tree, point, bits)

    def complex_ball(self, point: Mapping[str, Fraction], *, bits: int) -> acb:
        """As `balls.complex_ball`, kept for the next time."""
        return _kept(self._complex, complex_ball, self.tree, point, bits)

    @cached_property
    def prints(self) -> tuple[int, int] | None:
        """Its fingerprints at two points; none if it divides by zero."""
        try:
            return fingerprint(self.tree, 0), fingerprint(self.tree, 1)
        except UndefinedError:
            return None

    def matches(self, other: "Expression") -> bool:
        """Whether they have equal fingerprints, whichever of their exponents are odd."""
        if self.prints is None or self.prints != other.prints:
            return False
        if not (self.exponents or other.exponents):
            return True
        return equal_for_all_parities(self.tree, other.tree)

    @cached_property
    def proves(self) -> bool:
        return proves(self.tree)

    @cached_property
    def value(self) -> Fraction | None:
        return fraction(self.tree)

    @cached_property
    def symbols(self) -> frozenset[str]:
        return symbols(self.tree)

    @cached_property
    def size(self) -> int:
        """How many nodes a fingerprint visits: those of what is summed up several times."""
        size = 0
        waiting: list[tuple[Node, int]] = [(self.tree, 1)]
        while waiting:
            node, times = waiting.pop()
            size += times
            often = times * SAMPLES if isinstance(node, Total | Operation) else times
            waiting.extend((child, often) for child in children(node))
        return size

    @cached_property
    def words(self) -> frozenset[str]:
        """The known functions and the constants in it."""
        return frozenset(each.name for each in walk(self.tree) if isinstance(each, Call | Constant))

    @cached_property
    def integrates(self) -> bool:
        """Whether an integral from somewhere to somewhere stands in it, which takes its time."""
        operations = (each for each in walk(self.tree) if isinstance(each, Operation))
        return any(each.kind == "integral" and each.arguments for each in operations)

    @cached_property
    def exponents(self) -> frozenset[str]:
        """The symbols in exponents of what could be negative."""
        return exponents(self.tree)

    @cached_property
    def counted_exponents(self) -> frozenset[str]:
        """The symbols that make exponents whole, also exponents of single symbols."""
        return counted_exponents(self.tree)

    @cached_property
    def bounds(self) -> frozenset[str]:
        """The symbols in the bounds of sums: they stand for whole numbers."""
        sums = [each for each in walk(self.tree) if isinstance(each, Total)]
        return frozenset[str]().union(*(symbols(each.low) | symbols(each.high) for each in sums))


def _kept(
    known: dict[_Place, B | None],
    worked_out: Callable[..., B],
    tree: Node,
    point: Mapping[str, Fraction],
    bits: int,
) -> B:
    place = bits, tuple((name, at.numerator, at.denominator) for name, at in point.items())
    if place not in known:
        if len(known) >= MAX_VALUES:
            known.clear()
        try:
            known[place] = worked_out(tree, point, bits=bits)
        except UncertainError:
            raise  # rare, and of another kind
        except OutsideError:
            known[place] = None
    value = known[place]
    if value is None:
        raise OutsideError
    return value

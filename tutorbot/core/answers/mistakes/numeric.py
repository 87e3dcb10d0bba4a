"""The table once more, by values at one point, where fingerprints do not see what is equal.

cos(x + y) and cos x cos y − sin x sin y have different fingerprints and the same values. What is
found by its value at one point is then held against the answer with proved bounds.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from fractions import Fraction

from flint import arb

from tutorbot.core.answers.balls import OutsideError, RealVariations, ball
from tutorbot.core.answers.expression import Domain, Expression, Same
from tutorbot.core.answers.mistakes.mutation import Mutation
from tutorbot.core.answers.mistakes.table import Table
from tutorbot.core.answers.sampling import by_balls
from tutorbot.core.answers.secret import oracle
from tutorbot.core.answers.tree import Node, Operation, Total, symbols, walk

MAX_ENTRIES = 1_200
MAX_TRIED = 12  # slips that make values as near as that; far more do of what is nearly nought
BITS = 64
NEAR = 1e-11  # relatively


class Numeric:
    """Values of the slips of a table, in ascending order."""

    def __init__(self, table: Table, domain: Domain) -> None:
        self.table = table
        self.domain = domain
        entries: list[tuple[float, int]] = []
        known = frozenset[str]().union(*map(symbols, table.trees)) | set(table.words.names)
        self.point = {name: value_of(name) for name in known}
        variations = {id(tree): RealVariations(tree, self.point, bits=BITS) for tree in table.trees}
        for site, start in zip(table.sites, table.starts, strict=True):
            for place, (_, whole) in enumerate(site.mutants(table.words), start):
                value = _float(variations[id(site.tree)].value(whole))
                if value is not None:
                    entries.append((value, place))
            if len(entries) >= MAX_ENTRIES:
                break
        entries.sort()
        self.values = array("d", (value for value, _ in entries))
        self.places = array("H", (place for _, place in entries))

    def find(self, got: Expression) -> Mutation | None:
        """A slip that makes of the key what the answer is, proved to."""
        point = {name: self.point.get(name) or value_of(name) for name in got.symbols}
        try:
            value = _float(ball(got.tree, point, bits=BITS))
        except OutsideError:
            return None
        if value is None:
            return None
        room = NEAR * max(abs(value), NEAR)
        first = bisect_left(self.values, value - room)
        last = min(bisect_right(self.values, value + room), first + MAX_TRIED)
        for at in range(first, last):
            mutation, whole = self.table.made(self.places[at])
            if isinstance(by_balls(got, Expression(whole), self.domain), Same):
                return mutation
        return None


def is_needed(trees: tuple[Node, ...]) -> bool:
    """Whether values see more than fingerprints, and can be had."""
    return not any(isinstance(each, Total | Operation) for tree in trees for each in walk(tree))


def value_of(name: str) -> Fraction:
    """Where a symbol is tried: positive and near one, where most things are defined."""
    return Fraction(300 + oracle("slips at", name) % 600, 1_013)


def _float(value: arb | None) -> float | None:
    if value is None or not value.rad() < abs(value.mid()) * NEAR + NEAR:
        return None
    number = float(value.mid())
    return number if math.isfinite(number) else None

"""Where expressions in pieces turn: |x − 2| at 2, ⌊3x⌋ at every third.

Between two turns they are smooth, so that looking at each turn and between any two shows whether
two of them agree everywhere near; random points alone would miss a narrow piece.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations

from tutorbot.core.answers.constant import rational
from tutorbot.core.answers.tree import Add, Call, Div, Neg, Node, walk

MAX_TURNS = 40
STEPS = range(-3, 4)  # of a staircase, whose other steps look the same
JUMPING = frozenset(("floor", "ceil", "mod", "sign"))

Point = dict[str, Fraction]


def points(trees: tuple[Node, ...], name: str, where: Mapping[str, Fraction]) -> list[Point] | None:
    """Every turn along one symbol, and what lies between, the other symbols being where they are.

    None: it cannot be told where they turn.
    """
    turns: set[Fraction] = set()
    for node in (each for tree in trees for each in walk(tree)):
        if not isinstance(node, Call):
            continue
        for inside, steps in _turning(node):
            line = _line(inside, name, where)
            if line is None:
                return None
            slope, height = line
            if slope:
                turns.update((step - height) / slope for step in steps)
        if len(turns) > MAX_TURNS:
            return None
    return [{**where, name: value} for value in _along(sorted(turns))]


def _turning(node: Call) -> Iterator[tuple[Node, tuple[int, ...]]]:
    """Expressions that turn a function where they have one of some values."""
    match node:
        case Call("abs" | "sign", (argument,)):
            yield argument, (0,)
        case Call("floor" | "ceil", (argument,)):
            yield argument, tuple(STEPS)
        case Call("mod", (argument, by)):
            yield Div(argument, by), tuple(STEPS)
        case Call("min" | "max", arguments):
            for first, second in combinations(arguments, 2):
                yield Add((first, Neg(second))), (0,)
        case _:
            pass


def _line(node: Node, name: str, where: Mapping[str, Fraction]) -> tuple[Fraction, Fraction] | None:
    """Slope and height at zero, if it is a straight line in the symbol."""
    heights: list[Fraction] = []
    for value in (Fraction(0), Fraction(1), Fraction(2), Fraction(-7, 3)):
        try:
            height = rational(node, {**where, name: value})
        except ArithmeticError:
            return None
        if height is None:
            return None
        heights.append(height)
    start, one, two, back = heights
    slope = one - start
    straight = two - one == slope and back - start == slope * Fraction(-7, 3)
    return (slope, start) if straight else None


def _along(turns: list[Fraction]) -> Iterator[Fraction]:
    if not turns:
        return
    yield from turns
    for before, after in zip([turns[0] - 3, *turns], [*turns, turns[-1] + 3], strict=True):
        gap = after - before
        yield from (before + gap * part for part in (Fraction(3, 7), Fraction(11, 13)))

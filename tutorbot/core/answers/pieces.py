"""Where expressions in pieces turn: |x − 2| at 2, ⌊3x⌋ at every third, √(x + 4)² at −4.

Between two turns they are smooth, so that looking at each turn and between any two shows whether
two of them agree everywhere near; random points alone would miss a narrow piece.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations

from flint import arb

from tutorbot.core.answers.balls import OutsideError, ball
from tutorbot.core.answers.constant import integer, rational
from tutorbot.core.answers.polynomials import (
    NoPolynomialError,
    dense,
    middle,
    quotient,
    real_roots,
)
from tutorbot.core.answers.tree import (
    Add,
    Call,
    Div,
    Mul,
    Neg,
    Node,
    Pow,
    children,
    substitute,
    walk,
)

MAX_TURNS = 40
STEPS = range(-3, 4)  # of a staircase, whose other steps look the same
MAX_DEGREE = 12
MAX_PART = 10**12  # denominators of roots that are no fractions
PROBES = (Fraction(0), Fraction(1), Fraction(2), Fraction(-7, 3))  # of what may be a line
BITS = 128
ANYWHERE = tuple(Fraction(271 * step, 83) for step in range(-4, 5))
ROOTED = frozenset(("sqrt", "cbrt", "root", "ln", "log"))
JUMPING = frozenset(("floor", "ceil", "mod", "sign"))

Point = dict[str, Fraction]


def points(trees: tuple[Node, ...], name: str, where: Mapping[str, Fraction]) -> list[Point] | None:
    """Every turn along one symbol, and what lies between, the other symbols being where they are.

    None: it cannot be told where they turn.
    """
    turns: set[Fraction] = set()
    for node in (each for tree in trees for each in walk(tree)):
        for inside, steps in _turning(node):
            found = _where(inside, steps, name, where)
            if found is not None:
                turns.update(found)
            elif isinstance(node, Call) and node.name in JUMPING:
                return None
            else:
                turns.update(ANYWHERE)  # such as √(1 + 2 sin x)²
        if len(turns) > MAX_TURNS:
            return None
    return [{**where, name: value} for value in _along(sorted(turns))]


def is_rooted(tree: Node) -> bool:
    """Whether a root, a logarithm or a broken power stands in it."""
    return any(
        (isinstance(each, Call) and each.name in ROOTED)
        or (isinstance(each, Pow) and integer(each.exponent) is None)
        for each in walk(tree)
    )


def _turning(node: Node) -> Iterator[tuple[Node, tuple[int, ...]]]:
    """Expressions that turn a function where they have one of some values."""
    match node:
        case Call("abs" | "sign", (argument,)):
            yield from ((part, (0,)) for part in _factors(argument))
        case Call("floor" | "ceil", (argument,)):
            yield argument, tuple(STEPS)
        case Call("mod", (argument, by)):
            yield Div(argument, by), tuple(STEPS)
        case Call("min" | "max", arguments):
            for first, second in combinations(arguments, 2):
                yield Add((first, Neg(second))), (0,)
        case Call(name, (argument, *_)) if name in ROOTED:
            yield from ((part, (0,)) for part in _factors(argument))
        case Pow() if integer(node.exponent) is None:
            yield from ((part, (0,)) for part in _factors(node.base))
        case _:
            pass


def _factors(node: Node) -> Iterator[Node]:
    """What it vanishes with, or is undefined with."""
    match node:
        case Neg():
            yield from _factors(node.of)
        case Pow():
            yield from _factors(node.base)
        case Call("abs" | "sqrt" | "cbrt", (argument,)):
            yield from _factors(argument)
        case Call("exp"):
            pass
        case Mul() | Div():
            for child in children(node):
                yield from _factors(child)
        case _:
            yield node


def _where(
    inside: Node, steps: tuple[int, ...], name: str, where: Mapping[str, Fraction]
) -> list[Fraction] | None:
    """Where along the symbol it has one of these values; none if that cannot be told."""
    line = _line(inside, name, where)
    if line is not None:
        slope, height = line
        return [(step - height) / slope for step in steps] if slope else []
    if steps != (0,):
        return None
    others = {key: value for key, value in where.items() if key != name}
    try:
        parts = [dense(part) for part in quotient(substitute(inside, others), (name,))]
    except NoPolynomialError:
        return _near_line(inside, name, others)
    if max(map(len, parts)) > MAX_DEGREE:
        return None
    return [_middle(root) for part in parts if len(part) > 1 for root in real_roots(part, BITS)]


def _near_line(inside: Node, name: str, others: Point) -> list[Fraction] | None:
    """As `_where`, of a straight line with numbers such as π in it."""
    try:
        start, one, two, back = (
            _middle(ball(inside, {**others, name: value}, bits=BITS)) for value in PROBES
        )
    except (OutsideError, NoPolynomialError):
        return None
    slope = one - start
    bends = abs(two - one - slope) + abs(back - start - slope * PROBES[-1])
    if bends * MAX_PART > 9 * (1 + abs(slope)):
        return None
    return [-start / slope] if abs(slope) * MAX_PART > 1 else []


def _middle(value: arb) -> Fraction:
    return middle(value).limit_denominator(MAX_PART)


def _line(node: Node, name: str, where: Mapping[str, Fraction]) -> tuple[Fraction, Fraction] | None:
    """Slope and height at zero, if it is a straight line in the symbol."""
    heights: list[Fraction] = []
    for value in PROBES:
        try:
            height = rational(node, {**where, name: value})
        except ArithmeticError:
            return None
        if height is None:
            return None
        heights.append(height)
    start, one, two, back = heights
    slope = one - start
    straight = two - one == slope and back - start == slope * PROBES[-1]
    return (slope, start) if straight else None


def _along(turns: list[Fraction]) -> Iterator[Fraction]:
    if not turns:
        return
    yield from turns
    for before, after in zip([turns[0] - 3, *turns], [*turns, turns[-1] + 3], strict=True):
        gap = after - before
        yield from (before + gap * part for part in (Fraction(3, 7), Fraction(11, 13)))

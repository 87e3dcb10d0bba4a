"""A counterexample that can be checked by hand: small whole numbers, and both values there."""

from collections.abc import Iterator
from fractions import Fraction

from flint import arb

from tutorbot.core.answers.balls import OutsideError, ball
from tutorbot.core.answers.constant import rational
from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.mistakes.known import Known
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.tree import Apply, Node, Symbol, Total, walk
from tutorbot.core.answers.verdicts import Proof

MAX_NAMES = 6
MAX_SIZE = 200
SHORT = 8  # characters of both values: no need to look for simpler ones
READABLE = 10**6  # numerators and denominators that one can compare at a glance
BITS = 64

_NUMBERS = ((2, 3, 5, 4, 7, 6), (1, 2, 3, 4, 5, 6), (3, 2, 1, 5, 4, 7), (1, 1, 1, 1, 1, 1))


def example(key: Known, got: Expression) -> Proof | None:
    """None where there is no symbol to put a number in, or none was found that is readable."""
    names = sorted(got.symbols | key.expected.symbols, key=key.order)
    sides = got.tree, key.expected.tree
    if "±" in names:
        return None  # it stands for two values
    if not 0 < len(names) <= MAX_NAMES or got.size + key.expected.size > MAX_SIZE:
        return None
    if any(_is_unknown(each) for side in sides for each in walk(side)):
        return None
    shortest: Proof | None = None
    for point in _points(names):
        found = _exact(got, key, point) or _near(got, key.expected, point)
        if found is None:
            continue
        if shortest is None or _length(found) < _length(shortest):
            shortest = found
        if _length(found) <= SHORT:
            break
    return shortest


def _is_unknown(node: Node) -> bool:
    """A function of the question, or a sum of terms that its index counts: they have no values."""
    return isinstance(node, Apply) or (
        isinstance(node, Total)
        and any(
            isinstance(each, Symbol) and each.name.partition("_")[2] == node.index
            for each in walk(node.body)
        )
    )


def _points(names: list[str]) -> Iterator[dict[str, Fraction]]:
    for numbers in _NUMBERS:
        yield {name: Fraction(value) for name, value in zip(names, numbers, strict=False)}


def _length(proof: Proof) -> int:
    return len(proof.got or "") + len(proof.expected or "")


def _exact(got: Expression, key: Known, point: dict[str, Fraction]) -> Proof | None:
    theirs = key.value(point)
    if theirs is None:
        return None
    try:
        ours = rational(got.tree, point)
    except ArithmeticError:
        return None
    if ours is None or ours == theirs:
        return None
    if any(max(abs(side.numerator), side.denominator) > READABLE for side in (ours, theirs)):
        return None
    return _proof(point, str(ours), str(theirs))


def _near(got: Expression, expected: Expression, point: dict[str, Fraction]) -> Proof | None:
    try:
        ours = ball(got.tree, point, bits=BITS)
        theirs = ball(expected.tree, point, bits=BITS)
    except OutsideError:
        return None
    if (ours - theirs).contains(0):
        return None
    for digits in (3, 5):
        left, right = _rounded(ours, digits), _rounded(theirs, digits)
        if left is None or right is None:
            return None
        if left != right:
            return _proof(point, left, right, "about")
    return None


def _rounded(value: arb, digits: int) -> str | None:
    """About so many figures, without powers of ten: 0.841."""
    number = float(value)
    if not 1 / READABLE < abs(number) < READABLE:
        return "0" if number == 0 else None
    decimals = max(0, digits - len(str(int(abs(number)))))
    return f"{number:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{number:.0f}"


def _proof(point: dict[str, Fraction], got: str, expected: str, method: str = "example") -> Proof:
    shown = tuple((name_shown(name), str(value)) for name, value in point.items())
    got, expected = (each.replace("-", "−") for each in (got, expected))
    return Proof(method=method, point=shown, got=got, expected=expected)

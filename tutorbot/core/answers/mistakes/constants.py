"""Numbers: any two have a ratio and a difference, so only what says something is told."""

from fractions import Fraction

from flint import arb

from tutorbot.core.answers.balls import OutsideError, ball
from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.tree import Apply, Number, walk
from tutorbot.core.answers.verdicts import Slip

TELLING_FACTORS = frozenset(
    map(Fraction, ("2", "3", "4", "10", "100", "1000", "10000", "100000", "1000000"))
)
NEAR = Fraction(1, 100)  # relatively: within it, something was rounded
BITS = 128
MAX_SIZE = 200

CHANCE = frozenset(
    (
        "factor",
        "times",
        "number",
        "coefficient",
        "extra-term",
        "missing-term",
        "lacks-term",
        "misplaced",
        "extra-factor",
        "extra-denominator",
        "instead",
    )
)
"""What any two numbers have in common; it tells nothing about how one came about."""


def of_number(got: Expression, expected: Expression) -> Slip | None:
    """The sign, a telling factor, one more or less, or a value that was rounded."""
    values = _values(got, expected)
    if values is None:
        return None
    ours, theirs = values
    for ratio, code in ((-1, "sign"), *((each, "factor") for each in sorted(TELLING_FACTORS))):
        if _is(ours, theirs * _exactly(Fraction(ratio))):
            details = {} if code == "sign" else {"factor": str(ratio)}
            return Slip(code=code, details=details)
        if ratio != -1 and _is(ours * _exactly(Fraction(ratio)), theirs):
            return Slip(code="factor", details={"factor": str(1 / Fraction(ratio))})
    for by, shown in ((1, "1"), (-1, "−1")):
        if _is(ours - theirs, arb(by)):
            return Slip(code="off-by-one", details={"by": shown})
    if _is(ours * theirs, arb(1)):
        return Slip(code="upside-down")
    if _is_decimal(got) or _is_decimal(expected):
        room = abs(theirs) * _exactly(NEAR) - abs(ours - theirs)
        if room > 0:
            return Slip(code="rounded")
    return None


def is_number(expression: Expression) -> bool:
    """Whether it has one value, whatever stands for what."""
    return not expression.symbols and not any(
        isinstance(each, Apply) for each in walk(expression.tree)
    )


def which_way(got: Expression, expected: Expression) -> Slip | None:
    """Whether it is too large or too small."""
    values = _values(got, expected)
    if values is None:
        return None
    ours, theirs = values
    if ours > theirs:
        return Slip(code="too-large")
    return Slip(code="too-small") if ours < theirs else None


def _values(got: Expression, expected: Expression) -> tuple[arb, arb] | None:
    if got.size + expected.size > MAX_SIZE:
        return None
    try:
        return ball(got.tree, {}, bits=BITS), ball(expected.tree, {}, bits=BITS)
    except OutsideError:
        return None


def _is(one: arb, other: arb) -> bool:
    """Whether they are equal as far as anybody can tell, and not both zero."""
    gap = one - other
    return gap.contains(0) and bool(gap.rad() < arb(2) ** (-BITS // 3)) and not one.contains(0)


def _exactly(value: Fraction) -> arb:
    return arb(value.numerator) / value.denominator


def _is_decimal(expression: Expression) -> bool:
    return any(isinstance(each, Number) and "." in each.text for each in walk(expression.tree))

"""Numbers: any two have a ratio and a difference, so only what says something is told."""

from fractions import Fraction

from flint import arb

from tutorbot.core.answers.balls import OutsideError, ball
from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.tree import Apply, Constant, Neg, Number, walk
from tutorbot.core.answers.verdicts import Slip

TELLING_FACTORS = frozenset(
    map(Fraction, ("2", "3", "4", "10", "100", "1000", "10000", "100000", "1000000"))
)
NEAR = Fraction(1, 100)  # relatively: within it, something was rounded
BITS = 128
MAX_SIZE = 200
LARGE = 1_000  # whole numbers beyond it rarely meet by chance
MOST_PLACES = 12
ROUND = (2, 10, 100, 1_000)

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
    return _of_digits(got, expected, ours, theirs) or _of_meaning(expected, ours, theirs)


def is_chance(code: str, got: Expression, expected: Expression) -> bool:
    """Whether a slip of this kind may as well have nothing to do with the answer.

    Between large whole numbers, or beyond the rational ones, hardly anything meets by chance.
    """
    if code not in CHANCE:
        return False
    if expected.value is None:
        return got.value is not None
    return got.value is None or min(abs(got.value), abs(expected.value)) < LARGE


def _of_digits(got: Expression, expected: Expression, ours: arb, theirs: arb) -> Slip | None:
    """Rounded on the way, or too roughly; or two digits that changed places."""
    if _is_decimal(got) or _is_decimal(expected):
        room = abs(theirs) * _exactly(NEAR) - abs(ours - theirs)
        if room > 0:
            return Slip(code="rounded")
    if got.value is None:
        return None
    if expected.value is not None:
        one, other = _digits(got.value), _digits(expected.value)
        if one and other and _is_turned(one, other):
            return Slip(code="digits-swapped")
    step = _last_place(got)
    if step is not None and step < abs(got.value) and abs(theirs - ours) < _exactly(step):
        return Slip(code="rounded")
    return None


def _of_meaning(expected: Expression, ours: arb, theirs: arb) -> Slip | None:
    """Degrees for radians; the root of it."""
    pi = any(isinstance(each, Constant) and each.name == "pi" for each in walk(expected.tree))
    for one, other in ((ours, theirs), (theirs, ours)):
        if _is(one * arb.pi(), other * 180) and (pi or other is ours):
            return Slip(code="angle")
    if ours > 1 and _is(ours * ours, theirs):
        return Slip(code="rooted")
    return None


def _digits(value: Fraction) -> str | None:
    """As it is written; none for what is no decimal."""
    for places in range(MOST_PLACES):
        scaled = value * 10**places
        if scaled.denominator == 1:
            return f"{scaled.numerator}.{places}"
    return None


def _is_turned(one: str, other: str) -> bool:
    """Whether two neighbouring digits have changed places."""
    if len(one) != len(other) or one == other:
        return False
    at = next(at for at, (this, that) in enumerate(zip(one, other, strict=True)) if this != that)
    return other == one[:at] + one[at : at + 2][::-1] + one[at + 2 :]


def _last_place(got: Expression) -> Fraction | None:
    """What the last of the digits that were typed counts; none for what is no plain number."""
    tree = got.tree.of if isinstance(got.tree, Neg) else got.tree
    if not isinstance(tree, Number) or not tree.value or "e" in tree.text:
        return None
    places = len(tree.text.partition(".")[2])
    return Fraction(1, 10**places)


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
        return Slip(code="too-large", details=_times(ours, theirs))
    return Slip(code="too-small", details=_times(theirs, ours)) if ours < theirs else None


def _times(larger: arb, smaller: arb) -> dict[str, str]:
    """How many times larger one is at least, in a round number."""
    if smaller <= 0:
        return {}
    passed = [times for times in ROUND if larger > smaller * times]
    return {"times": str(passed[-1])} if passed else {}


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

"""A number, exact or within a relative tolerance; it may be typed as a sum not worked out."""

from fractions import Fraction

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Comparison, Domain, Expression
from tutorbot.core.answers.kinds.scalar import Lines, lines
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis, diagnose
from tutorbot.core.answers.mistakes.known import Known
from tutorbot.core.answers.sampling import within
from tutorbot.core.answers.tree import Neg, Number
from tutorbot.core.answers.verdicts import Asked, Slip

MOST_ROUNDING = Fraction(1, 10**6)
TELLING_FACTORS = frozenset(map(Fraction, ("2", "3", "4", "10", "100", "1000")))
"""Two numbers always have a ratio; these are the ones that say something."""

WORKED_OUT = 5  # nodes of a key that says how it comes about: 4·(h² + h·e)
CHANCE = frozenset(("factor", "number", "coefficient", "extra-term", "missing-term", "misplaced"))
"""What any two numbers have in common; it tells nothing about how one came about."""


def prepare(asked: Asked) -> Lines:
    tolerance = asked.typed.tolerance

    def exact(got: Expression, expected: Expression) -> Comparison:
        return compare(got, expected, Domain())

    def close(got: Expression, expected: Expression) -> Comparison:
        room = rounding(expected) if tolerance is None else tolerance
        return within(got, expected, room) if room else exact(got, expected)

    return lines(asked, close, exact, diagnosed)


def rounding(expected: Expression) -> Fraction:
    """How far, relatively, a value may lie from a decimal key because the author rounded it.

    Half a unit in the last place, if that is less than a millionth of it: 1.414213562 stands for
    the root of two, and 0.5 for one half.
    """
    tree = expected.tree.of if isinstance(expected.tree, Neg) else expected.tree
    if not isinstance(tree, Number) or "." not in tree.text or not tree.value:
        return Fraction(0)
    decimals = len(tree.text.partition("e")[0].partition(".")[2])
    _, _, power = tree.text.partition("e")
    half = Fraction(1, 2) / 10**decimals * Fraction(10) ** int(power or 0)
    room = half / tree.value
    return room if room <= MOST_ROUNDING else Fraction(0)


def diagnosed(key: Known, got: Expression) -> Diagnosis:
    """What says something of a number; a slip of the whole computation only by exact values."""
    return Diagnosis(slip=_slip(got, key.expected) or _in_the_working(key, got))


def _slip(got: Expression, expected: Expression) -> Slip | None:
    ours, theirs = got.value, expected.value
    if ours is None or theirs is None or not ours or not theirs:
        return None
    ratio = ours / theirs
    if ratio == -1:
        return Slip(code="sign")
    if ratio in TELLING_FACTORS or 1 / ratio in TELLING_FACTORS:
        return Slip(code="factor", details={"factor": str(ratio)})
    if abs(ours - theirs) == 1:
        return Slip(code="off-by-one", details={"by": "1" if ours > theirs else "−1"})
    return None


def _in_the_working(key: Known, got: Expression) -> Slip | None:
    """A slip in the computation that the key writes out; of a bare number nothing can be said."""
    if key.expected.size < WORKED_OUT:
        return None
    found = diagnose(key, got)
    return found if found is not None and found.code not in CHANCE else None

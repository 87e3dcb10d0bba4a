"""A number, exact or within a relative tolerance; it may be typed as a sum that was not worked out."""

from fractions import Fraction

from tutorbot.core.answers.compare import Comparison, Domain, Expression, compare, within
from tutorbot.core.answers.kinds.scalar import Lines, lines
from tutorbot.core.answers.verdicts import Asked, Slip

TELLING_FACTORS = frozenset(map(Fraction, ("2", "3", "4", "10", "100", "1000")))
"""Two numbers always have a ratio; these are the ones that say something."""


def prepare(asked: Asked) -> Lines:
    tolerance = asked.typed.tolerance

    def exact(got: Expression, expected: Expression) -> Comparison:
        return compare(got, expected, Domain())

    def close(got: Expression, expected: Expression) -> Comparison:
        return within(got, expected, tolerance) if tolerance else exact(got, expected)

    return lines(asked, close, exact, slip)


def slip(got: Expression, expected: Expression) -> Slip | None:
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

"""The right answer times something: a sign, a number, a monomial; or upside down."""

from tutorbot.core.answers.mistakes.pair import Pair
from tutorbot.core.answers.secret import PRIME
from tutorbot.core.answers.verdicts import Slip


def factor(pair: Pair) -> Slip | None:
    ratio = pair.ratio
    if ratio is None:
        return None
    if not ratio.degrees and ratio.factor == -1:
        return Slip(code="sign")
    code = "times" if ratio.degrees else "factor"
    return Slip(code=code, details={"factor": ratio.shown()})


def upside_down(pair: Pair) -> Slip | None:
    got, expected = pair.got.prints, pair.expected.prints
    assert got is not None
    assert expected is not None
    if all(ours * theirs % PRIME == 1 for ours, theirs in zip(got, expected, strict=True)):
        return Slip(code="upside-down")
    return None


def power(pair: Pair) -> Slip | None:
    """The square of the right answer, or its square root."""
    got, expected = pair.got.prints, pair.expected.prints
    assert got is not None
    assert expected is not None
    points = list(zip(got, expected, strict=True))
    if all(ours == theirs * theirs % PRIME for ours, theirs in points):
        return Slip(code="squared")
    if all(ours * ours % PRIME == theirs for ours, theirs in points):
        return Slip(code="rooted")
    return None

"""Which slip it was: the families in the order in which their words help most."""

from collections.abc import Callable

from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.mistakes.factors import factor, upside_down
from tutorbot.core.answers.mistakes.pair import Pair
from tutorbot.core.answers.mistakes.symbols import replaced, swapped
from tutorbot.core.answers.mistakes.terms import term, wrong_sign
from tutorbot.core.answers.verdicts import Slip

FAMILIES: tuple[Callable[[Pair], Slip | None], ...] = (
    factor,
    term,
    wrong_sign,
    upside_down,
    swapped,
    replaced,
)
MAX_SIZE = 400  # nodes; beyond it nobody can say in a sentence what is wrong


def slip(got: Expression, expected: Expression) -> Slip | None:
    """The mistake in a sentence's words, if one of the families knows it."""
    if got.prints is None or expected.prints is None or got.prints == expected.prints:
        return None
    if got.size + expected.size > MAX_SIZE:
        return None
    pair = Pair(got, expected)
    return next((found for family in FAMILIES if (found := family(pair)) is not None), None)

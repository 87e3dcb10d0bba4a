"""Which slip it was: the families in the order in which their words help most."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tutorbot.core.answers.expression import Domain, Expression
from tutorbot.core.answers.mistakes.factors import factor, upside_down
from tutorbot.core.answers.mistakes.pair import Pair
from tutorbot.core.answers.mistakes.symbols import replaced, swapped
from tutorbot.core.answers.mistakes.terms import term, wrong_sign
from tutorbot.core.answers.verdicts import Proof, Slip

FAMILIES: tuple[Callable[[Pair], Slip | None], ...] = (
    factor,
    term,
    wrong_sign,
    upside_down,
    swapped,
    replaced,
)
MAX_SIZE = 400  # nodes; beyond it nobody can say in a sentence what is wrong


@dataclass(frozen=True, kw_only=True)
class Known:
    """One right expression, made ready for telling slips against it. Make it with `known`."""

    expected: Expression
    names: tuple[str, ...] = ()
    domain: Domain = field(default_factory=Domain)
    confirmed: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What can be said about a wrong expression; the fields are those of `Wrong`."""

    slip: Slip | None = None
    agrees: Slip | None = None
    example: Proof | None = None


def known(
    expected: Expression,
    *,
    names: Iterable[str] = (),
    domain: Domain | None = None,
    confirmed: Mapping[str, int] | None = None,
) -> Known:
    """Prepare a right expression (a key, an entry, a side) once for all wrong ones to come.

    ``names`` are the symbols that a learner may type; ``confirmed`` counts how often a slip (by
    its code) was the one, for ranking.
    """
    return Known(
        expected=expected,
        names=tuple(sorted({*names, *expected.symbols})),
        domain=domain or Domain(),
        confirmed=dict(confirmed or {}),
    )


def diagnose(key: Known, got: Expression) -> Slip | None:
    """The mistake in a sentence's words, if it can be named. ``got`` is known to differ."""
    return slip(got, key.expected)


def diagnosed(key: Known, got: Expression) -> Diagnosis:
    """The slip, where it is right already, and a counterexample in small numbers."""
    return Diagnosis(slip=diagnose(key, got))


def slip(got: Expression, expected: Expression) -> Slip | None:
    """The mistake in a sentence's words, if one of the families knows it."""
    if got.prints is None or expected.prints is None or got.prints == expected.prints:
        return None
    if got.size + expected.size > MAX_SIZE:
        return None
    pair = Pair(got, expected)
    return next((found for family in FAMILIES if (found := family(pair)) is not None), None)

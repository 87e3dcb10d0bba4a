"""What can be said about a wrong expression: the slip, where it is right, an example.

The slips that are one step away from the key come out of its table; what is not there is probed for
by ratio, difference and exchange. All of it sees meaning, not spelling.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tutorbot.core.answers.expression import Domain, Expression
from tutorbot.core.answers.mistakes.agreement import agreement
from tutorbot.core.answers.mistakes.constants import is_chance, is_number, of_number
from tutorbot.core.answers.mistakes.example import example
from tutorbot.core.answers.mistakes.factors import factor, power, upside_down
from tutorbot.core.answers.mistakes.holes import misplaced, too_much
from tutorbot.core.answers.mistakes.known import MAX_ELSEWHERE, Known
from tutorbot.core.answers.mistakes.mutation import Mutation
from tutorbot.core.answers.mistakes.pair import Pair
from tutorbot.core.answers.mistakes.ranking import best, is_telling
from tutorbot.core.answers.mistakes.symbols import replaced, shifted, swapped, vocabulary
from tutorbot.core.answers.mistakes.terms import antiderivative, term, wrong_sign
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Node, Number, height
from tutorbot.core.answers.verdicts import Proof, Slip

FAMILIES: tuple[Callable[[Pair], Slip | None], ...] = (
    upside_down,
    factor,
    wrong_sign,
    term,
    swapped,
    replaced,
    shifted,
    power,
    antiderivative,
)
MAX_SIZE = 240  # nodes of both; beyond it nobody can say in a sentence what is wrong
MAX_HEIGHT = 24
KEPT = 512  # entries and sides of keys at hand
VAGUE = frozenset(("times", "lacks-term", "extra-term"))  # worth a look at what else it may be


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
    functions: Iterable[str] = (),
    domain: Domain | None = None,
    also: Iterable[Expression] = (),
    confirmed: Mapping[str, int] | None = None,
) -> Known:
    """Make a right expression (a key, an entry, a side) ready for all wrong ones to come.

    It costs a few milliseconds when the first wrong one comes; `Known.prepared` pays them at once.
    What was made is kept for the next time the same is asked for.
    """
    if not also and not confirmed:
        named = tuple(sorted(names)), tuple(sorted(functions))
        return _kept(expected.tree, *named, domain or Domain())
    return Known(
        expected,
        names=names,
        functions=functions,
        domain=domain,
        also=also,
        confirmed=confirmed,
    )


@lru_cache(maxsize=KEPT)
def _kept(tree: Node, names: tuple[str, ...], functions: tuple[str, ...], domain: Domain) -> Known:
    return Known(Expression(tree), names=names, functions=functions, domain=domain)


def diagnosed(key: Known, got: Expression) -> Diagnosis:
    """The slip, where it is right already, and a counterexample in small numbers."""
    if not _is_speakable(key, got):
        return Diagnosis()
    slip = diagnose(key, got)
    return Diagnosis(
        slip=slip,
        agrees=agreement(key, got),
        example=example(key, got),
    )


def diagnose(key: Known, got: Expression) -> Slip | None:
    """The mistake in a sentence's words, if it can be named. ``got`` is known to differ."""
    prints = got.prints
    if prints is None or key.expected.prints is None or prints == key.expected.prints:
        return None
    if not _is_speakable(key, got):
        return None
    found = key.table.find(got, key.confirmed)
    if is_number(got) and is_number(key.expected):
        return _of_number(key, got, found)
    first = best(found, key.confirmed)
    if first is not None and not key.confirmed and is_telling(first):
        return first.slip()
    told = [] if first is None else [first.slip()]
    told.extend(_probed(key, got, thorough=first is None or bool(key.confirmed)))
    in_own_shape = [slip for slip in told if "yours" not in slip.details]
    return best(in_own_shape or told, key.confirmed)


def _is_speakable(key: Known, got: Expression) -> bool:
    return got.size + key.expected.size <= MAX_SIZE and height(got.tree) <= MAX_HEIGHT


def _of_number(key: Known, got: Expression, found: list[Mutation]) -> Slip | None:
    """Numbers are near one another by chance; what only chance explains is not told."""
    telling = [each.slip() for each in found if not is_chance(each.code, got, key.expected)]
    if isinstance(key.expected.tree, Number):
        # To say that it belongs there would be to tell the answer.
        whole = unicode(key.expected.tree)
        telling = [slip for slip in telling if slip.details.get("right") != whole]
    plain = of_number(got, key.expected)
    if plain is not None:
        telling.append(plain)
    return best(telling, key.confirmed)


def _probed(key: Known, got: Expression, *, thorough: bool) -> Iterator[Slip]:
    """What is no single slip, or has a better explanation; the first one is enough mostly."""
    for slip in _probes(key, got, thorough=thorough):
        yield slip
        if not key.confirmed and slip.code not in VAGUE:
            return


def _probes(key: Known, got: Expression, *, thorough: bool) -> Iterator[Slip]:
    for expected in (key.expected, *key.also):
        if expected.prints is None:
            continue
        if len(key.elsewhere) > MAX_ELSEWHERE:
            key.elsewhere = {}
        pair = Pair(got, expected, key.elsewhere)
        found = (family(pair) for family in FAMILIES)
        yield from (slip for slip in found if slip is not None)
    if not thorough or got.prints is None or key.expected.prints is None:
        return
    if key.two_slips is not None:
        slip = key.two_slips.find(got.prints)
        if slip is not None:
            yield slip
    slip = misplaced(got.tree, got.prints, key.trees)
    slip = slip or too_much(got.tree, key.expected.tree, key.expected.prints)
    if slip is not None:
        yield slip
    if key.numeric is not None:
        mutation = key.numeric.find(got)
        if mutation is not None:
            yield mutation.slip()
            return
    slip = vocabulary(Pair(got, key.expected))
    if slip is not None:
        yield slip

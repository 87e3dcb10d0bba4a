"""Tuples and vectors: entry by entry, in order."""

from tutorbot.core.answers.expression import Domain, Expression, Same
from tutorbot.core.answers.kinds import structured
from tutorbot.core.answers.kinds.structured import Structured, entry_diagnosis, nested, wanted
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.mistakes.factors import factor
from tutorbot.core.answers.mistakes.pair import Pair
from tutorbot.core.answers.structure_compare import compare_things, match_sets
from tutorbot.core.answers.structure_reader import Manner, read_thing
from tutorbot.core.answers.structures import STRUCTURES, Listing, Matrix, Thing
from tutorbot.core.answers.verdicts import Asked, Problem, Slip
from tutorbot.core.answers.vocabulary import Vocabulary

MAX_ENTRIES = 100


def prepare_tuple(asked: Asked) -> Structured:
    return structured.prepare(asked, _read_tuple, compare_things, diagnose)


def prepare_vector(asked: Asked) -> Structured:
    return structured.prepare(asked, _read_vector, compare_things, diagnose)


def diagnose(got: Thing, expected: Thing, domain: Domain) -> Diagnosis:
    if not isinstance(got, Listing) or not isinstance(expected, Listing):
        return Diagnosis()
    ours, theirs = got.entries, expected.entries
    if len(ours) != len(theirs):
        details = {"got": str(len(ours)), "wanted": str(len(theirs))}
        return Diagnosis(slip=Slip(code="entry-count", details=details))
    if len(ours) > 1 and isinstance(compare_things(Listing(ours[::-1]), expected, domain), Same):
        return Diagnosis(slip=Slip(code="reversed"))
    wrong = [
        at
        for at, (one, other) in enumerate(zip(ours, theirs, strict=True), start=1)
        if not isinstance(compare_things(one, other, domain), Same)
    ]
    if len(wrong) > 1:
        slip = of_all(ours, theirs) or _of_order(ours, theirs, wrong, domain)
        if slip is not None:
            return Diagnosis(slip=slip)
    return by_place(wrong, [str(at) for at in wrong], ours, theirs, domain)


def _of_order(
    ours: tuple[Thing, ...], theirs: tuple[Thing, ...], wrong: list[int], domain: Domain
) -> Slip | None:
    """Two that have changed places, or all of it in another order."""
    if len(wrong) == 2:  # noqa: PLR2004 - a pair
        one, two = (at - 1 for at in wrong)
        crossed = ((ours[one], theirs[two]), (ours[two], theirs[one]))
        if all(isinstance(compare_things(*pair, domain), Same) for pair in crossed):
            details = {"first": str(one + 1), "second": str(two + 1)}
            return Slip(code="entries-swapped", details=details)
    found = match_sets(ours, theirs, domain)
    if found is not None and not (found.extra or found.missing or found.doubtful):
        return Slip(code="other-order")
    return None


def of_all(ours: tuple[Thing, ...], theirs: tuple[Thing, ...]) -> Slip | None:
    """All of the entries off by the same sign or factor."""
    slips: list[Slip] = []
    for got, expected in zip(ours, theirs, strict=True):
        if isinstance(got, STRUCTURES) or isinstance(expected, STRUCTURES):
            return None
        one, other = Expression(got), Expression(expected)
        if one.prints is None or other.prints is None:
            return None
        if other.prints == (0, 0) == one.prints:
            continue
        if (0, 0) in (one.prints, other.prints):
            return None
        found = factor(Pair(one, other))
        if found is None or (slips and found != slips[0]):
            return None
        slips.append(found)
    return slips[0] if len(slips) > 1 else None


def by_place(
    wrong: list[int],
    places: list[str],
    got: tuple[Thing, ...],
    expected: tuple[Thing, ...],
    domain: Domain,
) -> Diagnosis:
    """Which entries differ; of one alone, also how."""
    right = len(got) - len(wrong)
    agrees = None
    if right:
        details = {"count": str(right), "of": str(len(got))}
        agrees = Slip(code="entries-right", details=details)
    if len(wrong) == 1:
        at = wrong[0] - 1
        inner = entry_diagnosis(got[at], expected[at], domain).slip
        details = {"place": places[0]} | nested(inner)
        return Diagnosis(slip=Slip(code="entry", details=details), agrees=agrees)
    if not right:
        return Diagnosis()
    return Diagnosis(
        slip=Slip(code="entries", details={"places": ", ".join(places)}), agrees=agrees
    )


def _read_tuple(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = read_thing(text, vocabulary, Manner(sets=True))
    if isinstance(outcome, Problem):
        return outcome
    return outcome if isinstance(outcome, Listing) else wanted("tuple-wanted", outcome)


def _read_vector(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = read_thing(text, vocabulary, Manner(spaces=True))
    if isinstance(outcome, Problem):
        return outcome
    found = _as_vector(outcome)
    return found if isinstance(found, Listing) else wanted("vector-wanted", outcome)


def _as_vector(thing: Thing) -> Thing:
    """A column or a row is a vector; [[1], [2]] too."""
    match thing:
        case Matrix(rows) if len(rows) == 1:
            return Listing(rows[0], span=thing.span)
        case Matrix(rows) if len(rows[0]) == 1:
            return Listing(tuple(row[0] for row in rows), span=thing.span)
        case Listing(entries) if entries and all(
            isinstance(each, Listing) and len(each.entries) == 1 for each in entries
        ):
            inner = tuple(each.entries[0] for each in entries if isinstance(each, Listing))
            return Listing(inner, opening=thing.opening, span=thing.span)
        case Listing((Listing() as inner,)):
            return inner
        case _:
            return thing

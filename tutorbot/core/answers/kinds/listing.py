"""Tuples and vectors: entry by entry, in order."""

from tutorbot.core.answers.expression import Domain, Same
from tutorbot.core.answers.kinds import structured
from tutorbot.core.answers.kinds.structured import Structured, entry_diagnosis, wanted
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.structure_compare import compare_things
from tutorbot.core.answers.structure_reader import Manner, read_thing
from tutorbot.core.answers.structures import Listing, Matrix, Thing
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
    return by_place(wrong, [str(at) for at in wrong], ours, theirs, domain)


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
        details = {"place": places[0]} | ({"inner": inner.code} if inner else {})
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

"""Two structures side by side: part by part, each judged as expressions are."""

from collections.abc import Sequence
from dataclasses import dataclass

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.structure_printing import shown
from tutorbot.core.answers.structures import (
    POINT_SETS,
    STATEMENTS,
    STRUCTURES,
    Infinity,
    Interval,
    Listing,
    Matrix,
    Reals,
    SetOf,
    SetOperation,
    Thing,
)
from tutorbot.core.answers.tree import Symbol
from tutorbot.core.answers.truth import NoStatementError, compare_statements, member
from tutorbot.core.answers.verdicts import Proof

MAX_MATCHED = 40  # entries of a set on each side

HIDDEN = Symbol("□")  # stands for the numbers of a set; nobody can type it


def compare_things(got: Thing, expected: Thing, domain: Domain) -> Comparison:
    """How two structures of one kind stand to each other; never raises."""
    try:
        return _compared(got, expected, domain)
    except NoStatementError:
        return Unknown()


def different(got: Thing, expected: Thing) -> Different:
    return Different(proof=Proof(method="entries", got=shown(got), expected=shown(expected)))


def _compared(got: Thing, expected: Thing, domain: Domain) -> Comparison:
    if not isinstance(got, STRUCTURES) and not isinstance(expected, STRUCTURES):
        return compare(Expression(got), Expression(expected), domain)
    if isinstance(got, STATEMENTS) and isinstance(expected, STATEMENTS):
        return compare_statements(got, expected, domain)
    match got, expected:
        case Infinity(), Infinity():
            same = got.negative == expected.negative
            return Same(method="exact") if same else different(got, expected)
        case Listing(), Listing():
            return in_order(got.entries, expected.entries, domain, got, expected)
        case Matrix(), Matrix():
            if (len(got.rows), len(got.rows[0])) != (len(expected.rows), len(expected.rows[0])):
                return different(got, expected)
            ours = tuple(entry for row in got.rows for entry in row)
            theirs = tuple(entry for row in expected.rows for entry in row)
            return in_order(ours, theirs, domain, got, expected)
        case SetOf(), SetOf():
            found = match_sets(got.entries, expected.entries, domain)
            if found is None:
                return Unknown()
            if not found.missing and not found.extra:
                return Same(method="entries")
            return Unknown() if found.doubtful else different(got, expected)
        case _:
            pass
    if isinstance(got, POINT_SETS) and isinstance(expected, POINT_SETS):
        if _is_points(got) and _is_points(expected):
            return compare_statements(member(HIDDEN, got), member(HIDDEN, expected), domain)
        if isinstance(got, SetOperation) and got == expected:
            return Same(method="exact")
        return Unknown()
    return different(got, expected)


def in_order(
    got: Sequence[Thing],
    expected: Sequence[Thing],
    domain: Domain,
    whole: Thing,
    wanted: Thing,
) -> Comparison:
    if len(got) != len(expected):
        return different(whole, wanted)
    outcome: Comparison = Same(method="entries")
    for ours, theirs in zip(got, expected, strict=True):
        match compare_things(ours, theirs, domain):
            case Different():
                return different(whole, wanted)
            case Unknown():
                outcome = Unknown()
            case Same():
                pass
    return outcome


@dataclass(frozen=True, kw_only=True)
class Matched:
    """What of one set has no equal in the other."""

    extra: tuple[Thing, ...]
    missing: tuple[Thing, ...]
    doubtful: bool  # whether some of it may have one


def match_sets(got: Sequence[Thing], expected: Sequence[Thing], domain: Domain) -> Matched | None:
    """Match the entries of two sets, repetitions aside; none if there are too many."""
    if len(got) > MAX_MATCHED or len(expected) > MAX_MATCHED:
        return None
    left = list(expected)
    known: list[Thing] = []
    extra: list[Thing] = []
    doubtful = False
    for ours in got:
        if any(isinstance(compare_things(ours, each, domain), Same) for each in known):
            continue
        outcomes = [compare_things(ours, theirs, domain) for theirs in left]
        at = next((at for at, each in enumerate(outcomes) if isinstance(each, Same)), None)
        if at is None:
            doubtful = doubtful or any(isinstance(each, Unknown) for each in outcomes)
            extra.append(ours)
            continue
        known.append(left.pop(at))
    missing = [
        each
        for each in left
        if not any(isinstance(compare_things(each, it, domain), Same) for it in known)
    ]
    return Matched(extra=tuple(extra), missing=tuple(missing), doubtful=doubtful)


def _is_points(thing: Thing) -> bool:
    """Whether it is made of numbers and intervals only."""
    match thing:
        case Reals() | Interval():
            return True
        case SetOf():
            return not any(isinstance(each, STRUCTURES) for each in thing.entries)
        case SetOperation():
            return all(map(_is_points, thing.parts))
        case _:
            return False

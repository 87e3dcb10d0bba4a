"""A set: order and repetition do not matter, and neither does how it is put together."""

from tutorbot.core.answers.expression import Domain
from tutorbot.core.answers.kinds import structured
from tutorbot.core.answers.kinds.structured import Structured, entry_diagnosis, nested, wanted
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.structure_compare import compare_things, match_sets
from tutorbot.core.answers.structure_printing import shown
from tutorbot.core.answers.structure_reader import Manner, read_thing
from tutorbot.core.answers.structures import (
    POINT_SETS,
    STRUCTURES,
    Infinity,
    Interval,
    Joined,
    Listing,
    SetOf,
    SetOperation,
    Thing,
)
from tutorbot.core.answers.tree import Neg
from tutorbot.core.answers.verdicts import Asked, Problem, Slip
from tutorbot.core.answers.vocabulary import Vocabulary


def prepare(asked: Asked) -> Structured:
    return structured.prepare(asked, _read, compare_things, diagnose)


def diagnose(got: Thing, expected: Thing, domain: Domain) -> Diagnosis:
    """Which entries are too many, how many are missing, and how many are right."""
    if not isinstance(got, SetOf) or not isinstance(expected, SetOf):
        return Diagnosis()
    found = match_sets(got.entries, expected.entries, domain)
    if found is None or found.doubtful:
        return Diagnosis()
    right = len(expected.entries) - len(found.missing)
    agrees = None
    if right and (found.missing or not found.extra):  # all of it, and more, would tell too much
        details = {"count": str(right), "of": str(len(expected.entries))}
        agrees = Slip(code="entries-right", details=details)
    slip = _of_signs(got, expected, domain) or _slip(found.extra, found.missing)
    if slip is not None and len(found.extra) == len(found.missing) == 1:
        inner = entry_diagnosis(found.extra[0], found.missing[0], domain).slip
        slip = Slip(code=slip.code, details={**slip.details, **nested(inner)})
    return Diagnosis(slip=slip, agrees=agrees)


def _of_signs(got: SetOf, expected: SetOf, domain: Domain) -> Slip | None:
    """−2 and −3 for 2 and 3, as who reads zeros off (x − 2)(x − 3)."""
    turned = tuple(each if isinstance(each, STRUCTURES) else Neg(each) for each in got.entries)
    if len(turned) < 2:  # noqa: PLR2004 - of one, its own slip is told
        return None
    found = match_sets(turned, expected.entries, domain)
    if found is None or found.doubtful or found.extra or found.missing:
        return None
    return Slip(code="signs-turned")


def _slip(extra: tuple[Thing, ...], missing: tuple[Thing, ...]) -> Slip | None:
    if extra and missing:
        listed = ", ".join(map(shown, extra))
        return Slip(code="wrong-entries", details={"entries": listed, "count": str(len(extra))})
    if extra:
        listed = ", ".join(map(shown, extra))
        return Slip(code="extra-entries", details={"entries": listed, "count": str(len(extra))})
    return Slip(code="missing-entries", details={"count": str(len(missing))}) if missing else None


def _read(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = read_thing(text, vocabulary, Manner(sets=True))
    if isinstance(outcome, Problem):
        return outcome
    found = flattened(_as_set(outcome))
    return found if isinstance(found, POINT_SETS) else wanted("set-wanted", outcome)


def _as_set(thing: Thing) -> Thing:
    """1, 2, 3 without braces is a set; (1, 2) within a union is an interval."""
    match thing:
        case Listing(entries, opening) if not opening:
            return SetOf(entries, span=thing.span)
        case Listing(entries, opening) if len(entries) == 2 and not any(  # noqa: PLR2004 - its ends
            isinstance(each, STRUCTURES) and not isinstance(each, Infinity) for each in entries
        ):
            low, high = entries
            assert isinstance(low, Infinity) or not isinstance(low, STRUCTURES)
            assert isinstance(high, Infinity) or not isinstance(high, STRUCTURES)
            closed = opening == "["
            return Interval(low, high, closed, closed, span=thing.span)
        case SetOperation(sign, parts):
            return SetOperation(sign, tuple(map(_as_set, parts)), span=thing.span)
        case _:
            return thing


def flattened(thing: Thing) -> Thing:
    """With both numbers in place of ± in a set."""
    match thing:
        case SetOf():
            entries: list[Thing] = []
            for each in thing.entries:
                match each:
                    case Joined("∨", parts) if not any(isinstance(it, STRUCTURES) for it in parts):
                        entries.extend(parts)
                    case _:
                        entries.append(each)
            return SetOf(tuple(entries), span=thing.span)
        case SetOperation():
            parts = tuple(map(flattened, thing.parts))
            return SetOperation(thing.sign, parts, span=thing.span)
        case _:
            return thing

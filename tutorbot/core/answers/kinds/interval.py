"""An interval, a union of intervals, or the inequality that says the same."""

from dataclasses import replace
from functools import lru_cache

from tutorbot.core.answers.expression import Comparison, Different, Domain, Same, Unknown
from tutorbot.core.answers.kinds import statement, statement_slips, structured
from tutorbot.core.answers.kinds.sets import flattened
from tutorbot.core.answers.kinds.structured import (
    Structured,
    entry_diagnosis,
    nested,
    wanted,
)
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.structure_compare import HIDDEN, compare_things
from tutorbot.core.answers.structure_reader import Manner, read_thing
from tutorbot.core.answers.structures import (
    POINT_SETS,
    STATEMENTS,
    Infinity,
    Interval,
    SetOf,
    SetOperation,
    Thing,
    free,
    rebuilt,
)
from tutorbot.core.answers.tree import replaced
from tutorbot.core.answers.truth import NoStatementError, member
from tutorbot.core.answers.verdicts import Asked, Problem, Slip
from tutorbot.core.answers.vocabulary import Vocabulary


def prepare(asked: Asked) -> Structured:
    return structured.prepare(asked, _read, _same, _diagnose)


def _read(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = read_thing(text, _with_a_name(vocabulary), Manner(sets=True, intervals=True))
    if isinstance(outcome, Problem):
        return outcome
    if isinstance(outcome, POINT_SETS):
        found = flattened(outcome)
        assert isinstance(found, POINT_SETS)
        try:
            member(HIDDEN, found)
        except NoStatementError as error:
            return wanted("interval-wanted", error.thing)
        return found
    if isinstance(outcome, STATEMENTS):
        return statement.sound(outcome, "interval-wanted")
    return wanted("interval-wanted", outcome)


@lru_cache(maxsize=256)
def _with_a_name(vocabulary: Vocabulary) -> Vocabulary:
    """Where nothing is declared, x is what lies in the interval."""
    return vocabulary if vocabulary.symbols else replace(vocabulary, symbols=frozenset("x"))


def _same(got: Thing, expected: Thing, domain: Domain) -> Comparison:
    ours, theirs = _stated(got, free(expected)), _stated(expected, free(got))
    if ours is None or theirs is None:
        return Unknown()
    outcome = statement.same(ours, theirs, domain)
    if not isinstance(outcome, Different):
        return outcome
    names = free(got) - free(expected)
    name = name_shown(min(names)) if names else "x"
    point = tuple((name if key == HIDDEN.name else key, at) for key, at in outcome.proof.point)
    return Different(proof=replace(outcome.proof, point=point))


def _stated(thing: Thing, other: frozenset[str]) -> Thing | None:
    """What holds for the hidden number if it lies in the set; none if it is unclear which."""
    if isinstance(thing, POINT_SETS):
        return member(HIDDEN, thing)
    names = free(thing)
    if len(names) > 1:
        names -= other
    if not names:
        return thing
    if len(names) > 1:
        return None
    swap = {next(iter(names)): HIDDEN}
    return rebuilt(thing, lambda node: replaced(node, swap))


def _diagnose(got: Thing, expected: Thing, domain: Domain) -> Diagnosis:
    both = isinstance(got, POINT_SETS) and isinstance(expected, POINT_SETS)
    if both and isinstance(_same(_opened(got), _opened(expected), domain), Same):
        return Diagnosis(slip=Slip(code="bracket"))
    if isinstance(got, Interval) and isinstance(expected, Interval):
        found = _of_ends(got, expected, domain)
        if found is not None:
            return found
    if isinstance(got, SetOf) and isinstance(expected, Interval):
        return Diagnosis(slip=Slip(code="points-only"))
    ours, theirs = _stated(got, free(expected)), _stated(expected, free(got))
    if ours is None or theirs is None:
        return Diagnosis()
    found = statement_slips.diagnosed(ours, theirs, domain)
    if both and found.agrees is not None and found.agrees.code == "right-entries":
        return Diagnosis(slip=found.slip)  # told in terms of a number that nobody typed
    return found


def _of_ends(got: Interval, expected: Interval, domain: Domain) -> Diagnosis | None:
    """Which of the two ends is right, and what is off at the other."""
    ends = ((got.low, expected.low, "low"), (got.high, expected.high, "high"))
    wrong = [
        (ours, theirs, name)
        for ours, theirs, name in ends
        if not isinstance(compare_things(ours, theirs, domain), Same)
    ]
    if len(wrong) != 1:
        return None
    ours, theirs, name = wrong[0]
    inner = entry_diagnosis(ours, theirs, domain).slip
    return Diagnosis(slip=Slip(code=f"{name}-end", details=nested(inner)))


def _opened(thing: Thing) -> Thing:
    """With all ends left out."""
    match thing:
        case Interval(low, high):
            closed_low = isinstance(low, Infinity) and thing.with_low
            closed_high = isinstance(high, Infinity) and thing.with_high
            return Interval(low, high, closed_low, closed_high)
        case SetOperation(sign, parts):
            return SetOperation(sign, tuple(map(_opened, parts)))
        case _:
            return thing

"""What equations, inequalities and logical formulas share: a statement that holds or does not."""

from collections.abc import Mapping
from dataclasses import replace

from tutorbot.core.answers.expression import Comparison, Domain, Same, Unknown
from tutorbot.core.answers.kinds.structured import wanted
from tutorbot.core.answers.structures import (
    FLIPPED,
    POINT_SETS,
    STRUCTURES,
    Infinity,
    Joined,
    Listing,
    Not,
    Proposition,
    Relation,
    Thing,
    Truth,
    parts,
    weight,
)
from tutorbot.core.answers.truth import NoStatementError, compare_statements
from tutorbot.core.answers.verdicts import Problem, Slip

MAX_SIZE = 70  # parts and nodes; beyond it nobody can say in a sentence what is wrong

_STRICT = {"≤": "<", "≥": ">"}
_LOOSE = {"<": "≤", ">": "≥"}
_OTHER_WORD = {"∧": "∨", "∨": "∧"}


def sound(thing: Thing, code: str) -> Thing | Problem:
    """The thing, if it is a statement through and through; a system may be parted by commas."""
    if isinstance(thing, Listing) and not thing.opening and thing.entries:
        thing = Joined("∧", thing.entries, span=thing.span)
    trouble = _no_statement(thing)
    if trouble is None:
        return thing
    if isinstance(trouble, Relation):
        return wanted("infinity-reached", trouble)
    return wanted(code, trouble)


def same(got: Thing, expected: Thing, domain: Domain) -> Comparison:
    try:
        return compare_statements(got, expected, domain)
    except NoStatementError:
        return Unknown()


def slip(got: Thing, expected: Thing, domain: Domain) -> Slip | None:
    """A sign turned around, an end left out or taken in, “and” for “or”, the opposite."""
    if weight(got) + weight(expected) > MAX_SIZE:
        return None
    strict = _with_signs(got, _STRICT), _with_signs(expected, _STRICT)
    if strict != (got, expected) and isinstance(same(*strict, domain), Same):
        return Slip(code="strictness")
    changes = (
        (_with_signs(got, FLIPPED), "direction"),
        (_with_words(got), "and-or"),
        (Not(got), "negated"),
        (Not(_with_signs(got, _LOOSE)), "negated"),
        (Not(_with_signs(got, _STRICT)), "negated"),
    )
    for changed, code in dict(changes).items():
        if changed != got and isinstance(same(changed, expected, domain), Same):
            return Slip(code=code)
    return None


def _no_statement(thing: Thing) -> Thing | None:
    """The first part that is none; a relation that reaches infinity; none if all is well."""
    match thing:
        case Truth() | Proposition():
            return None
        case Relation():
            sides = (thing.left, thing.right)
            if thing.sign == "∈":
                inside = isinstance(thing.right, POINT_SETS)
                return None if inside and not isinstance(thing.left, STRUCTURES) else thing.right
            if any(isinstance(side, Infinity) for side in sides):
                return None if thing.sign in "<>" else thing
            return next((side for side in sides if isinstance(side, STRUCTURES)), None)
        case Not() | Joined():
            found = (_no_statement(part) for part in parts(thing))
            return next((each for each in found if each is not None), None)
        case _:
            return thing


def _with_signs(thing: Thing, other: Mapping[str, str]) -> Thing:
    match thing:
        case Relation():
            return replace(thing, sign=other.get(thing.sign, thing.sign))
        case Not():
            return replace(thing, of=_with_signs(thing.of, other))
        case Joined():
            return replace(thing, parts=tuple(_with_signs(each, other) for each in thing.parts))
        case _:
            return thing


def _with_words(thing: Thing) -> Thing:
    if not isinstance(thing, Joined):
        return thing
    inside = tuple(map(_with_words, thing.parts))
    return replace(thing, sign=_OTHER_WORD.get(thing.sign, thing.sign), parts=inside)

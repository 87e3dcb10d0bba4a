"""The solutions of an equation, in any of the ways in which they are written down."""

from dataclasses import replace
from functools import lru_cache

from tutorbot.core.answers.kinds import sets, structured
from tutorbot.core.answers.kinds.structured import Structured, wanted
from tutorbot.core.answers.structure_compare import compare_things
from tutorbot.core.answers.structure_reader import Manner, read_thing
from tutorbot.core.answers.structures import (
    POINT_SETS,
    STRUCTURES,
    Joined,
    Listing,
    Reals,
    Relation,
    SetOf,
    Thing,
    Truth,
    free,
)
from tutorbot.core.answers.tree import Node, Symbol, symbols
from tutorbot.core.answers.verdicts import Asked, Problem
from tutorbot.core.answers.vocabulary import Vocabulary


def prepare(asked: Asked) -> Structured:
    key = structured.prepare(asked, _read, compare_things, sets.diagnose)
    known = frozenset[str]().union(*map(free, key.accepted + key.mistaken))
    unknown = key.vocabulary.symbols - known
    pairs = any(isinstance(each, Listing) for it in key.accepted for each in _entries(it))
    if len(unknown) != 1 and not pairs:
        return key  # which of the letters is solved for, nobody says

    def read(text: str, vocabulary: Vocabulary) -> Thing | Problem:
        """``x`` is no solution for x: it says nothing."""
        outcome = _read(text, vocabulary)
        for each in () if isinstance(outcome, Problem) else _entries(outcome):
            if free(each) & unknown:
                return wanted("solutions-wanted", each)
        return outcome

    return replace(key, read=read)


def _entries(thing: Thing) -> tuple[Thing, ...]:
    return thing.entries if isinstance(thing, SetOf) else ()


def _read(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    """As a set of numbers, or of tuples where several symbols are solved for."""
    if text.casefold().strip(" .!") in {"no solution", "no solutions", "keine lösung"}:
        return SetOf((), span=(0, len(text)))
    outcome = read_thing(text, _numbered(vocabulary), Manner(sets=True))
    if isinstance(outcome, Problem):
        return outcome
    if isinstance(outcome, Reals):
        return outcome
    if isinstance(outcome, Truth):
        return Reals(span=outcome.span) if outcome.value else SetOf((), span=outcome.span)
    found = _Solutions(vocabulary)
    trouble = found.take(outcome)
    if trouble is not None:
        return wanted("solutions-wanted", trouble)
    return SetOf(tuple(found.entries), span=outcome.span)


class _Solutions:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.several = len(vocabulary.symbols) > 1
        self.entries: list[Thing] = []
        self.name: str | None = None

    def take(self, thing: Thing) -> Thing | None:
        """Collect the solutions; what is none is given back."""
        match thing:
            case SetOf(parts) | Joined("∨", parts):
                return self.all(parts)
            case Joined("∧", parts):
                together = self.together(parts)
                if together is not None:
                    self.entries.append(together)
                    return None
                return self.all(parts)
            case Listing(parts, opening):
                together = self.together(parts)
                if together is not None:
                    self.entries.append(together)
                    return None
                tuples = opening == "(" and self.several
                if tuples and not any(isinstance(each, STRUCTURES) for each in parts):
                    self.entries.append(Listing(parts, span=thing.span))
                    return None
                return self.all(parts)
            case Relation(left, "∈" | "=", right) if isinstance(right, POINT_SETS):
                return self.take(right) if isinstance(left, Symbol) else thing
            case Relation():
                solved = _solved(thing)
                if solved is None or self.name not in {None, _stem(solved[0])}:
                    return thing
                self.name = _stem(solved[0])
                self.entries.append(solved[1])
                return None
            case _ if isinstance(thing, STRUCTURES):
                return thing
            case _:
                self.entries.append(thing)
                return None

    def all(self, parts: tuple[Thing, ...]) -> Thing | None:
        for part in parts:
            trouble = self.take(part)
            if trouble is not None:
                return trouble
        return None

    def together(self, parts: tuple[Thing, ...]) -> Listing | None:
        """X = 1 and y = 2: one solution for several symbols, by their names."""
        solved = [_solved(part) for part in parts]
        known = dict(each for each in solved if each is not None)
        if len(known) < len(parts) or len(known) < 2 or not self.several:  # noqa: PLR2004 - a pair
            return None
        if len({_stem(name) for name in known}) == 1:  # x₁ and x₂ are two solutions for x
            return None
        ordered = tuple(known[name] for name in sorted(known))
        return Listing(ordered)


def _solved(thing: Thing) -> tuple[str, Node] | None:
    if not isinstance(thing, Relation) or thing.sign != "=":
        return None
    for one, other in ((thing.left, thing.right), (thing.right, thing.left)):
        if isinstance(one, Symbol) and not isinstance(other, STRUCTURES):
            return None if one.name in symbols(other) else (one.name, other)
    return None


@lru_cache(maxsize=256)
def _numbered(vocabulary: Vocabulary) -> Vocabulary:
    """With x₁, x₂ … for the solutions for x, and x₁,₂ for two at once."""
    plain = {name for name in vocabulary.symbols if "_" not in name}
    more = {f"{name}_{number}" for name in plain for number in _NUMBERS}
    return replace(vocabulary, symbols=vocabulary.symbols | more)


def _stem(name: str) -> str:
    """The x of x₁."""
    stem, _, number = name.partition("_")
    return stem if number in _NUMBERS else name


_NUMBERS = ("1", "2", "3", "4", "5", "6", "1,2", "1/2", "12")

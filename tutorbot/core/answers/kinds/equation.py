"""An equation, or several: the same if they have the same solutions, however they are written."""

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Comparison, Different, Domain, Expression
from tutorbot.core.answers.kinds import statement, statement_slips, structured
from tutorbot.core.answers.kinds.structured import Structured, entry_diagnosis
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.structure_reader import Manner, read_thing
from tutorbot.core.answers.structures import STRUCTURES, Relation, Thing
from tutorbot.core.answers.tree import Node, Symbol, symbols
from tutorbot.core.answers.verdicts import Asked, Problem
from tutorbot.core.answers.vocabulary import Vocabulary


def prepare(asked: Asked) -> Structured:
    return structured.prepare(asked, _read, _same, _diagnose)


def _read(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = read_thing(text, vocabulary, Manner())
    return outcome if isinstance(outcome, Problem) else statement.sound(outcome, "equation-wanted")


def _same(got: Thing, expected: Thing, domain: Domain) -> Comparison:
    outcome = statement.same(got, expected, domain)
    ours, theirs = _solved(got), _solved(expected)
    if ours and theirs and ours[0] == theirs[0] and not isinstance(outcome, Different):
        # y = … on both sides: what stands there decides.
        sides = compare(Expression(ours[1]), Expression(theirs[1]), domain)
        return sides if isinstance(sides, Different) else outcome
    return outcome


def _diagnose(got: Thing, expected: Thing, domain: Domain) -> Diagnosis:
    ours, theirs = _solved(got), _solved(expected)
    if ours and theirs and ours[0] == theirs[0]:
        return entry_diagnosis(ours[1], theirs[1], domain)
    return statement_slips.diagnosed(got, expected, domain)


def _solved(thing: Thing) -> tuple[str, Node] | None:
    """The symbol and the expression of y = …, if it is such."""
    if not isinstance(thing, Relation) or thing.sign != "=":
        return None
    for one, other in ((thing.left, thing.right), (thing.right, thing.left)):
        if isinstance(one, Symbol) and not isinstance(other, STRUCTURES):
            return None if one.name in symbols(other) else (one.name, other)
    return None

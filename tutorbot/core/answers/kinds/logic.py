"""A truth-functional formula, decided by its table; relations may stand in place of letters."""

from tutorbot.core.answers.expression import Domain
from tutorbot.core.answers.kinds import statement, structured
from tutorbot.core.answers.kinds.structured import Structured
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.structure_reader import Manner, read_thing
from tutorbot.core.answers.structures import Thing
from tutorbot.core.answers.verdicts import Asked, Problem
from tutorbot.core.answers.vocabulary import Vocabulary


def prepare(asked: Asked) -> Structured:
    return structured.prepare(asked, _read, statement.same, _diagnose)


def _read(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = read_thing(text, vocabulary, Manner(propositions=True))
    return outcome if isinstance(outcome, Problem) else statement.sound(outcome, "logic-wanted")


def _diagnose(got: Thing, expected: Thing, domain: Domain) -> Diagnosis:
    return Diagnosis(slip=statement.slip(got, expected, domain))

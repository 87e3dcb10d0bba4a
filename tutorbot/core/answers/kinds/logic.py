"""A truth-functional formula, decided by its table; relations may stand in place of letters."""

from tutorbot.core.answers.kinds import statement, statement_slips, structured
from tutorbot.core.answers.kinds.structured import Structured
from tutorbot.core.answers.structure_reader import Manner, read_thing
from tutorbot.core.answers.structures import Thing
from tutorbot.core.answers.verdicts import Asked, Problem
from tutorbot.core.answers.vocabulary import Vocabulary


def prepare(asked: Asked) -> Structured:
    return structured.prepare(asked, _read, statement.same, statement_slips.diagnosed)


def _read(text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = read_thing(text, vocabulary, Manner(propositions=True))
    return outcome if isinstance(outcome, Problem) else statement.sound(outcome, "logic-wanted")

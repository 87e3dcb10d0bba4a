"""A formula in declared symbols and functions, in whatever form."""

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Comparison, Expression
from tutorbot.core.answers.kinds.scalar import Lines, domain, lines
from tutorbot.core.answers.mistakes.diagnosis import diagnosed
from tutorbot.core.answers.verdicts import Asked


def prepare(asked: Asked) -> Lines:
    where = domain(asked)

    def same(got: Expression, expected: Expression) -> Comparison:
        return compare(got, expected, where)

    return lines(asked, same, same, diagnosed)

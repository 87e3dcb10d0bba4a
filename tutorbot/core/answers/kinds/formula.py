"""A formula in declared symbols and functions, in whatever form."""

from dataclasses import replace

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Comparison, Expression
from tutorbot.core.answers.kinds.antiderivative import family
from tutorbot.core.answers.kinds.scalar import Lines, author_lines, domain, lines
from tutorbot.core.answers.mistakes.diagnosis import diagnosed
from tutorbot.core.answers.plus_minus import alike, both, in_either_order, is_double
from tutorbot.core.answers.verdicts import Asked


def prepare(asked: Asked) -> Lines:
    where = domain(asked)

    def same(got: Expression, expected: Expression) -> Comparison:
        if not (is_double(got) or is_double(expected)):
            return compare(got, expected, where)
        upper, lower = both(got.tree)
        first, second = both(expected.tree)
        return in_either_order(
            alike(compare(upper, first, where), compare(lower, second, where)),
            alike(compare(upper, second, where), compare(lower, first, where)),
        )

    accepted, _ = author_lines(asked)
    constants = family(asked, accepted[0])
    if constants is None:
        return lines(asked, same, same, diagnosed)

    def mistaken(got: Expression, mistake: Expression) -> Comparison:
        return same(constants.renamed(got), mistake)

    key = lines(asked, constants.same(same), mistaken, constants.diagnose(same, diagnosed))
    return replace(key, renames=True)

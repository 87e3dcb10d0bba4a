"""A formula in declared symbols and functions, in whatever form."""

from dataclasses import replace

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Comparison, Expression, Same
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
        ours, (upper, lower) = both(got.tree), both(expected.tree)
        straight = alike(compare, ours, (upper, lower), where)
        if isinstance(straight, Same):
            return straight
        return in_either_order(straight, alike(compare, ours, (lower, upper), where))

    accepted, _ = author_lines(asked)
    constants = family(asked, accepted[0]) if accepted else None
    if constants is None:
        return lines(asked, same, same, diagnosed)

    def mistaken(got: Expression, mistake: Expression) -> Comparison:
        return same(constants.renamed(got), mistake)

    key = lines(asked, constants.same(same), mistaken, constants.diagnose(same, diagnosed))
    return replace(key, renames=True)

"""A number, exact or within a relative tolerance; it may be typed as a sum not worked out."""

from fractions import Fraction

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Comparison, Domain, Expression, Same
from tutorbot.core.answers.kinds.figures import fits, unfit
from tutorbot.core.answers.kinds.scalar import Lines, lines
from tutorbot.core.answers.mistakes.diagnosis import diagnosed
from tutorbot.core.answers.reader import read
from tutorbot.core.answers.sampling import within
from tutorbot.core.answers.tree import Neg, Number
from tutorbot.core.answers.verdicts import Asked, Problem, Right, RightButForm, Verdict
from tutorbot.core.course import Form

MOST_ROUNDING = Fraction(1, 10**6)
_NEARLY = Fraction(999, 1_000)


def prepare(asked: Asked) -> Lines:
    tolerance = asked.typed.tolerance
    significant = asked.typed.significant

    def exact(got: Expression, expected: Expression) -> Comparison:
        return compare(got, expected, Domain())

    def close(got: Expression, expected: Expression) -> Comparison:
        if significant is not None and fits(got, expected, significant):
            return Same(method="exact")
        room = rounding(expected) if tolerance is None else tolerance
        return within(got, expected, room) if room else exact(got, expected)

    return lines(asked, close, exact, diagnosed)


def with_figures(key: Lines, text: str, verdict: Verdict, significant: int) -> Verdict:
    """A right number that is not given with as many figures as are asked for lacks a form."""
    outcome = read(text, key.vocabulary)
    if not isinstance(verdict, Right) or isinstance(outcome, Problem):
        return verdict
    missing = unfit(outcome.tree, significant)
    if missing is None:
        return verdict
    return RightButForm(
        echo=verdict.echo, accepted=verdict.accepted, form=Form.FIGURES, missing=missing
    )


def rounding(expected: Expression) -> Fraction:
    """How far, relatively, a value may lie from a decimal key because the author rounded it.

    Less than a unit in the last place, as some cut off where others round, if that is less than a
    millionth of it: 1.414213562 stands for the root of two, and 0.5 for one half.
    """
    tree = expected.tree.of if isinstance(expected.tree, Neg) else expected.tree
    if not isinstance(tree, Number) or "." not in tree.text or not tree.value:
        return Fraction(0)
    decimals = len(tree.text.partition("e")[0].partition(".")[2])
    _, _, power = tree.text.partition("e")
    unit = Fraction(10) ** (int(power or 0) - decimals)
    room = _NEARLY * unit / tree.value
    return room if room <= MOST_ROUNDING else Fraction(0)

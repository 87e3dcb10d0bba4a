"""An antiderivative: right up to a constant, which must be there, whatever it is called.

The key is `F + C` where ``assume: {C: constant}``, or an integral without bounds. The variable is
that of the integral, else the first of the symbols.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tutorbot.core.answers.constant import fraction
from tutorbot.core.answers.derivative import NotDifferentiableError, differentiated
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.mistakes.known import Known
from tutorbot.core.answers.tree import Node, Operation, Symbol, replaced
from tutorbot.core.answers.verdicts import Asked, Proof, Slip
from tutorbot.core.answers.vocabulary import canonical, canonical_all
from tutorbot.core.answers.words import ARBITRARY, is_antiderivative

Compare = Callable[[Expression, Expression], Comparison]
Diagnose = Callable[[Known, Expression], Diagnosis]


@dataclass(frozen=True, kw_only=True)
class Family:
    """All antiderivatives of one function."""

    constant: str
    variable: str
    declared: frozenset[str]

    def same(self, compare: Compare) -> Compare:
        """Equal but for the constant."""

        def same(got: Expression, expected: Expression) -> Comparison:
            if got.tree == expected.tree:
                return Same(method="exact")
            got = self.renamed(got)
            slopes = self._slopes(got, expected)
            if slopes is None:
                return compare(got, expected)
            slope = compare(*slopes)
            if not isinstance(slope, Same):
                return slope
            if self.constant not in got.symbols:
                return Different(proof=Proof(method="constant"))
            return slope if self._is_free(got) else Unknown()

        return same

    def diagnose(self, compare: Compare, otherwise: Diagnose) -> Diagnose:
        def diagnose(key: Known, got: Expression) -> Diagnosis:
            renamed = self.renamed(got)
            slopes = self._slopes(renamed, key.expected)
            if slopes and isinstance(compare(*slopes), Same):
                name = self.constant
                return Diagnosis(slip=Slip(code="constant-missing", details={"constant": name}))
            return otherwise(key, renamed)

        return diagnose

    def renamed(self, got: Expression) -> Expression:
        """With the key's name for the constant."""
        used = (got.symbols & ARBITRARY) - self.declared
        if len(used) != 1 or self.constant in got.symbols:
            return got
        return Expression(replaced(got.tree, {name: Symbol(self.constant) for name in used}))

    def _slopes(
        self, got: Expression, expected: Expression
    ) -> tuple[Expression, Expression] | None:
        try:
            return Expression(self._slope(got.tree)), Expression(self._slope(expected.tree))
        except NotDifferentiableError:
            return None

    def _slope(self, tree: Node) -> Node:
        return differentiated(tree, self.variable)

    def _is_free(self, got: Expression) -> bool:
        """Whether the constant shifts it by whatever one likes: as + C or − 2·C, not as C²."""
        try:
            rate = Expression(differentiated(got.tree, self.constant))
        except NotDifferentiableError:
            return False
        if fraction(rate.tree):
            return True
        return rate.proves and rate.prints is not None and 0 != rate.prints[0] == rate.prints[1]


def family(asked: Asked, key: Node) -> Family | None:
    """The family that the key stands for, if it is an antiderivative."""
    declared = canonical_all(asked.typed.symbols)
    if is_antiderivative(key):
        assert isinstance(key, Operation)
        return Family(constant="C", variable=key.name, declared=declared)
    if asked.typed.constant is None:
        return None
    constant = canonical(asked.typed.constant)
    variable = next(name for name in asked.typed.symbols if canonical(name) != constant)
    return Family(constant=constant, variable=canonical(variable), declared=declared)

"""Parts of a tree as polynomials over the rationals, for FLINT to factor and to divide.

What is no sum, product, quotient by a number or power stands as a generator of its own: in
eˣ(x + 1) there are two, eˣ and x. Two generators are the same if their fingerprints are.
"""

import math
from collections.abc import Iterable
from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from tutorbot.core.answers.constant import fraction, integer
from tutorbot.core.answers.fingerprint import fingerprint
from tutorbot.core.answers.forms.parts import Power, over_under
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Add, Div, Mul, Neg, Node, Number, Pow, children

MAX_DEGREE = 40
MAX_TERMS = 600
MAX_GENERATORS = 12

Factor = tuple[fmpq_mpoly, int]


class TooLargeError(ArithmeticError):
    """No polynomial, or one too large to be worked with here."""


class Ring:
    """The polynomials in whatever stands in some trees."""

    one = Fraction(1)

    def __init__(self, trees: Iterable[Node]) -> None:
        self._generators: dict[int, Node] = {}
        for tree in trees:
            self._collect(tree)
        if len(self._generators) > MAX_GENERATORS:
            raise TooLargeError
        self._places = {value: place for place, value in enumerate(self._generators)}
        names = tuple(f"g{place}" for place in range(max(1, len(self._generators))))
        self._context = fmpq_mpoly_ctx.get(names, Ordering.deglex)

    def _collect(self, node: Node) -> None:
        match node:
            case Number():
                pass
            case Add() | Mul() | Neg() | Div():
                for child in children(node):
                    self._collect(child)
            case Pow() if integer(node.exponent) is not None:
                self._collect(node.base)
            case _:
                self._generators.setdefault(fingerprint(node), node)

    def polynomial(self, node: Node) -> fmpq_mpoly:
        """The polynomial that it is.

        Raises:
            TooLargeError: it is none, or too large.
        """
        result = self._polynomial(node)
        if len(result) > MAX_TERMS:
            raise TooLargeError
        return result

    def kind(self, term: Node) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """The powers above and below of a term without its number; none if it is no such term."""
        above, below = over_under(term)
        try:
            degrees = tuple(
                self._degrees([each for each in side if fraction(each.base) is None])
                for side in (above, below)
            )
        except TooLargeError:
            return None
        return degrees[0], degrees[1]

    def _degrees(self, powers: list[Power]) -> tuple[int, ...]:
        result = self.constant(Fraction(1))
        for each in powers:
            result = self._bounded(result, self._power(self._polynomial(each.base), each.exponent))
        if len(result) != 1:
            raise TooLargeError
        return result.monoms()[0]

    def constant(self, value: Fraction) -> fmpq_mpoly:
        return self._context.constant(fmpq(value.numerator, value.denominator))

    def _polynomial(self, node: Node) -> fmpq_mpoly:
        match node:
            case Number():
                return self.constant(node.value)
            case Neg():
                return -self._polynomial(node.of)
            case Add():
                result = self.constant(Fraction(0))
                for term in node.terms:
                    result = result + self._polynomial(term)
                return result
            case Mul():
                result = self.constant(Fraction(1))
                for factor in node.factors:
                    result = self._bounded(result, self._polynomial(factor))
                return result
            case Div():
                under = fraction(node.under)
                if not under:
                    raise TooLargeError
                return self._polynomial(node.over) * fmpq(under.denominator, under.numerator)
            case Pow() if (exponent := integer(node.exponent)) is not None:
                return self._power(self._polynomial(node.base), exponent)
            case _:
                place = self._places.get(fingerprint(node))
                if place is None:
                    raise TooLargeError
                return self._context.gen(place)

    def _power(self, base: fmpq_mpoly, exponent: int) -> fmpq_mpoly:
        degree = max(1, base.total_degree())
        if exponent < 0 or exponent * degree > MAX_DEGREE:
            raise TooLargeError
        if len(base) > 1 and math.comb(exponent + len(base) - 1, exponent) > MAX_TERMS:
            raise TooLargeError
        return base**exponent

    def _bounded(self, left: fmpq_mpoly, right: fmpq_mpoly) -> fmpq_mpoly:
        if len(left) * len(right) > 4 * MAX_TERMS:
            raise TooLargeError
        result = left * right
        if len(result) > MAX_TERMS or result.total_degree() > 2 * MAX_DEGREE:
            raise TooLargeError
        return result

    def shown(self, polynomial: fmpq_mpoly) -> str:
        """In Unicode, highest powers first."""
        return unicode(self.tree(polynomial))

    def tree(self, polynomial: fmpq_mpoly) -> Node:
        """Back to a tree, expanded."""
        terms = [
            self._term(Fraction(int(factor.p), int(factor.q)), degrees)
            for degrees, factor in polynomial.to_dict().items()
        ]
        terms.sort(key=lambda term: isinstance(term, Neg))  # a minus does not come first
        if not terms:
            return _number(Fraction(0))
        return terms[0] if len(terms) == 1 else Add(tuple(terms))

    def _term(self, factor: Fraction, degrees: tuple[int, ...]) -> Node:
        parts: list[Node] = []
        generators = list(self._generators.values())
        for place, degree in enumerate(degrees):
            if degree:
                base = generators[place]
                parts.append(base if degree == 1 else Pow(base, _number(Fraction(int(degree)))))
        if abs(factor) != 1 or not parts:
            parts.insert(0, _number(abs(factor)))
        made = parts[0] if len(parts) == 1 else Mul(tuple(parts))
        return Neg(made) if factor < 0 else made


def _number(value: Fraction) -> Node:
    over = Number(str(value.numerator), Fraction(value.numerator))
    if value.denominator == 1:
        return over
    return Div(over, Number(str(value.denominator), Fraction(value.denominator)))


def factors(polynomial: fmpq_mpoly) -> list[Factor]:
    """Its irreducible factors over the rationals with their powers, numbers left out."""
    return list(polynomial.factor()[1])


def is_number(polynomial: fmpq_mpoly) -> bool:
    return polynomial.is_constant()


def content(polynomial: fmpq_mpoly) -> Fraction:
    """The largest number that can be taken out so that whole numbers stay."""
    values = [Fraction(int(each.p), int(each.q)) for each in polynomial.coeffs()]
    over = math.gcd(*(value.numerator for value in values))
    under = math.lcm(*(value.denominator for value in values))
    return Fraction(over, under)

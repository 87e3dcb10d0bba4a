"""Partial fractions: a sum of fractions over powers of what cannot be factored."""

from collections.abc import Iterable

from flint import fmpq_mpoly

from tutorbot.core.answers.forms.parts import Power, over_under, terms
from tutorbot.core.answers.forms.ring import Ring, factors, is_number
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Mul, Node, Number, Pow
from tutorbot.core.answers.verdicts import Slip


def missing(got: Node, expected: Node) -> Slip | None:
    del expected
    found = list(terms(got))
    ring = Ring(each.base for term in found for side in over_under(term) for each in side)
    seen: list[fmpq_mpoly] = []
    for term in found:
        above, below = over_under(term)
        over, under = (_product(ring, side) for side in (above, below))
        if is_number(under):
            continue
        parts = factors(under)
        details = {"part": unicode(term)}
        if len(parts) > 1:
            return Slip(code="form-denominator", details=details)
        if over.total_degree() >= parts[0][0].total_degree():
            return Slip(code="form-numerator", details=details)
        if any(_same(each, under) for each in seen):
            return Slip(code="form-same-denominator", details=details)
        seen.append(under)
    return None


def _same(one: fmpq_mpoly, other: fmpq_mpoly) -> bool:
    degree = one.gcd(other).total_degree()
    return one.total_degree() == degree == other.total_degree()


def _product(ring: Ring, side: Iterable[Power]) -> fmpq_mpoly:
    powers = (Pow(each.base, Number(str(each.exponent), each.exponent * ring.one)) for each in side)
    return ring.polynomial(Mul((Number("1", ring.one), *powers)))

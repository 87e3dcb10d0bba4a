"""Factored, completely, over the rationals; a whole number into primes."""

from fractions import Fraction

from tutorbot.core.answers.constant import fraction
from tutorbot.core.answers.forms.parts import Power, over_under, without_sign
from tutorbot.core.answers.forms.ring import Ring, content, factors, is_number
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Add, Node, Number, symbols
from tutorbot.core.answers.verdicts import Slip

LARGEST = 10**6  # whole numbers of which primes are asked for


def missing(got: Node, expected: Node) -> Slip | None:
    above, below = over_under(got)
    parts = [*above, *below]
    value = fraction(expected)
    if value is not None and not symbols(got):
        return _composite(parts, value)
    ring = Ring(each.base for each in parts)
    for each in parts:
        slip = _reducible(ring, each.base, alone=len(parts) == 1 and parts[0].exponent == 1)
        if slip is not None:
            return slip
    return None


def _reducible(ring: Ring, part: Node, *, alone: bool) -> Slip | None:
    if not isinstance(without_sign(part), Add):
        return None
    polynomial = ring.polynomial(part)
    if is_number(polynomial):
        return None
    found = factors(polynomial)
    if len(found) > 1 or found[0][1] > 1:
        code = "form-not-factored" if alone else "form-factor-further"
        return Slip(code=code, details={"part": unicode(part)})
    common = content(polynomial)
    if common.numerator > 1:
        details = {"part": unicode(part), "common": str(common.numerator)}
        return Slip(code="form-common-factor", details=details)
    return None


def _composite(parts: list[Power], value: Fraction) -> Slip | None:
    if abs(value.numerator) > LARGEST or value.denominator > LARGEST:
        return None
    for each in parts:
        if not isinstance(each.base, Number) or each.base.value.denominator != 1:
            return Slip(code="form-factor-further", details={"part": unicode(each.base)})
        number = each.base.value.numerator
        if any(number % prime == 0 for prime in range(2, int(number**0.5) + 1)):
            return Slip(code="form-factor-further", details={"part": unicode(each.base)})
    return None

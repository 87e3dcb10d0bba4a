"""Expanded: no bracket is left to multiply out, and like terms are added up."""

from tutorbot.core.answers.constant import fraction, integer
from tutorbot.core.answers.forms.parts import Power, algebraic, over_under, terms, without_sign
from tutorbot.core.answers.forms.ring import Ring
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Add, Div, Mul, Neg, Node, Number, Pow
from tutorbot.core.answers.verdicts import Slip


def missing(got: Node, expected: Node) -> Slip | None:
    del expected
    return _bracket(got) or _products(got) or like_terms(got)


def _bracket(got: Node) -> Slip | None:
    for part in algebraic(got):
        match part:
            case Mul() | Div():
                above, _ = over_under(part)
                sums = [each for each in above if isinstance(without_sign(each.base), Add)]
                if sums:
                    return _slip(part if len(sums) > 1 else sums[0].base)
            case Pow() if isinstance(without_sign(part.base), Add | Mul | Div):
                exponent = integer(part.exponent)
                if exponent is not None and exponent > 1:
                    return _slip(part)
            case Neg() if isinstance(part.of, Add):
                return _slip(part)
            case _:
                pass
    return None


def _slip(part: Node) -> Slip:
    return Slip(code="form-bracket", details={"part": unicode(part)})


def _products(got: Node) -> Slip | None:
    """A term is one number times powers of different letters."""
    for term in terms(got):
        above, below = over_under(term)
        numbers = [each for each in above if fraction(each.base) is not None]
        if len(numbers) > 1 or any(each.exponent > 1 for each in numbers):
            return Slip(code="form-multiply", details={"part": unicode(term)})
        letters = [each.base for each in _letters(above)]
        if len(set(letters)) < len(letters) or {each.base for each in _letters(below)} & set(
            letters
        ):
            return Slip(code="form-multiply", details={"part": unicode(term)})
    return None


def _letters(factors: list[Power]) -> list[Power]:
    return [each for each in factors if not isinstance(each.base, Number)]


def like_terms(got: Node) -> Slip | None:
    """Two terms that differ in their numbers only."""
    seen: dict[object, Node] = {}
    found = list(terms(got))
    ring = Ring(found)
    for term in found:
        kind = ring.kind(term)
        if kind is None:
            continue
        if kind in seen:
            details = {"first": unicode(seen[kind]), "second": unicode(without_sign(term))}
            return Slip(code="form-like-terms", details=details)
        seen[kind] = without_sign(term)
    return None

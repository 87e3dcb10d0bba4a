"""Simplified radicals: no square left in a root, no root below a line, like roots added up."""

from tutorbot.core.answers.constant import fraction, integer
from tutorbot.core.answers.forms.expanded import like_terms
from tutorbot.core.answers.forms.parts import algebraic, over_under
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.tree import Add, Call, Div, Mul, Node, Pow, walk
from tutorbot.core.answers.verdicts import Slip

LARGEST = 10**9  # under a root: what people work out by hand


def missing(got: Node, expected: Node) -> Slip | None:
    del expected
    for part in walk(got):
        index = root_index(part)
        if index is not None:
            slip = _not_simple(part, index)
            if slip is not None:
                return slip
    for part in algebraic(got):
        if isinstance(part, Div | Mul | Pow):
            above, below = over_under(part)
            roots = [each.base for each in below if _has_root(each.base)]
            if roots:
                return Slip(code="form-root-below", details={"part": unicode(roots[0])})
            twice = [each for each in above if each.exponent > 1 and root_index(each.base)]
            if twice or sum(root_index(each.base) == 2 for each in above) > 1:  # noqa: PLR2004 - √
                return Slip(code="form-multiply", details={"part": unicode(part)})
    return like_terms(got) if isinstance(got, Add) else None


def root_index(node: Node) -> int | None:
    """Which root of something it is."""
    match node:
        case Call("sqrt", _):
            return 2
        case Call("cbrt", _):
            return 3
        case Call("root", (_, which)):
            return integer(which)
        case Pow(_, exponent):
            value = fraction(exponent)
            if value is not None and value.denominator > 1:
                return value.denominator
            return None
        case _:
            return None


def _has_root(node: Node) -> bool:
    return any(root_index(part) is not None for part in algebraic(node))


def _not_simple(part: Node, index: int) -> Slip | None:
    assert isinstance(part, Call | Pow)
    inside = part.base if isinstance(part, Pow) else part.arguments[0]
    details = {"part": unicode(part), "index": str(index)}
    if isinstance(part, Pow):
        exponent = fraction(part.exponent)
        if exponent is not None and not 0 < exponent < 1:
            return Slip(code="form-root-square", details=details)
    value = fraction(inside)
    if value is None:
        return None
    if value.denominator > 1:
        return Slip(code="form-root-fraction", details=details)
    number = abs(value.numerator)
    if number > LARGEST or index < 2:  # noqa: PLR2004 - no root
        return None
    divisor = 2
    while divisor**index <= number:
        if number % divisor**index == 0:
            return Slip(code="form-root-square", details=details)
        divisor += 1
    if number <= 1 or isinstance(inside, Add | Mul | Div):
        return Slip(code="form-not-worked-out", details=details)
    return None

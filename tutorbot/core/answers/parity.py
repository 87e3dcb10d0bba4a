"""Equal fingerprints of powers with symbols above: equal for odd exponents and for even ones?

In a field (−1)ⁿ is 1 or −1 once and for all, as the random n happens to be even or odd. So two
expressions with such powers are held against one another for every way in which the symbols of
their exponents can be odd or even; where i is about, for every rest that four leaves.
"""

from itertools import product

from tutorbot.core.answers.constant import UndefinedError, fraction
from tutorbot.core.answers.fingerprint import TURNS, fingerprint
from tutorbot.core.answers.tree import (
    Call,
    Constant,
    Node,
    Pow,
    Symbol,
    children,
    symbols,
    walk,
)

MAX_WAYS = 64

_WHOLE = frozenset(
    ("abs", "binomial", "ceil", "factorial", "floor", "gcd", "lcm", "max", "min", "mod")
) | {"semifactorial", "sign"}
"""Functions of whole numbers that are whole, too."""


def exponents(node: Node) -> frozenset[str]:
    """The symbols in exponents of what could be negative; bound ones are left out.

    Powers of positive numbers and of single symbols bring no −1, whatever they are multiplied with.
    """
    found = frozenset[str]()
    for each in walk(node):
        if isinstance(each, Pow) and not _is_plain(each.base) and fraction(each.exponent) is None:
            found |= symbols(each.exponent)
    return found & symbols(node) if found else found


def counted_exponents(node: Node) -> frozenset[str]:
    """The symbols that make exponents whole where they are whole themselves.

    Those of single symbols are among them: xⁿ is not √(x²ⁿ), where x is negative and n is odd.
    """
    found = frozenset[str]()
    for each in walk(node):
        if isinstance(each, Pow) and not _is_positive(each.base):
            found |= _counted(each.exponent)
    return found & symbols(node) if found else found


def _counted(exponent: Node) -> frozenset[str]:
    match exponent:
        case Symbol():
            return frozenset((exponent.name,))
        case Call() if exponent.name not in _WHOLE:
            return frozenset()
        case _:
            return frozenset[str]().union(*map(_counted, children(exponent)))


def _is_plain(base: Node) -> bool:
    return isinstance(base, Symbol) or _is_positive(base)


def _is_positive(base: Node) -> bool:
    match base:
        case Constant():
            return base.name != "i"
        case _:
            return (fraction(base) or 0) > 0


def equal_for_all_parities(left: Node, right: Node) -> bool:
    """Whether the fingerprints at point 0 are equal whichever symbols above are odd.

    False also where there are too many such symbols to try all ways.
    """
    names = sorted(exponents(left) | exponents(right))
    if not names:
        return True
    turns = any(each == Constant("i") for side in (left, right) for each in walk(side))
    # Half a turn is enough without i: −1 is its own inverse.
    rests = range(TURNS if turns else TURNS // 2)
    if len(rests) ** len(names) > MAX_WAYS:
        return False
    for way in product(rests, repeat=len(names)):
        chosen = dict(zip(names, way, strict=True))
        try:
            if fingerprint(left, 0, rests=chosen) != fingerprint(right, 0, rests=chosen):
                return False
        except UndefinedError:
            return False
    return True

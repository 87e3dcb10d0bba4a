"""Where a wrong expression is right already."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from flint import arb

from tutorbot.core.answers.balls import OutsideError, ball
from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.expression import Expression
from tutorbot.core.answers.fingerprint import NOWHERE, TURNS, fingerprint, symbol_value
from tutorbot.core.answers.mistakes.constants import is_number, which_way
from tutorbot.core.answers.mistakes.known import Known
from tutorbot.core.answers.mistakes.mutation import without_sign
from tutorbot.core.answers.parity import exponents
from tutorbot.core.answers.printing import name_shown, unicode
from tutorbot.core.answers.secret import dice, oracle
from tutorbot.core.answers.tree import Add, Apply, Div, Mul, Neg, Node, Number, walk
from tutorbot.core.answers.verdicts import Slip

MAX_NAMES = 5
MAX_SHOWN = 3  # parts that a sentence can list
MAX_LENGTH = 60
MAX_SIZE = 400
MAX_KEPT = 256  # prints
BITS = 128
WAYS = 16  # in which exponents can be odd or even


def agreement(key: Known, got: Expression) -> Slip | None:
    """The terms that are right, or the values of a symbol for which the whole is."""
    expected = key.expected
    if got.prints is None or expected.prints is None or got.size + expected.size > MAX_SIZE:
        return None
    if is_number(got) and is_number(expected):
        return which_way(got, expected)
    return (
        _right_terms(key, got)
        or _right_side_of_fraction(key, got)
        or _right_where(key, got)
        or _right_by_value(key, got)
        or _right_factors(key, got)
    )


def _right_terms(key: Known, got: Expression) -> Slip | None:
    typed = [(term, _print(term)) for term in _terms(got.tree)]
    for tree in key.trees:
        terms = _terms(tree)
        if len(typed) == len(terms) == 1:
            continue
        known = Counter(_kept(key, term) for term in terms)
        right: list[Node] = []
        for term, print_ in typed:
            if print_ is not None and known[print_]:
                known[print_] -= 1
                right.append(term)
        if len(right) == len(terms):
            return None  # all of it is there, and more: to say so would be to tell the answer
        if right:
            return _listed("right-terms", right)
    return None


def _right_factors(key: Known, got: Expression) -> Slip | None:
    typed = [(each, _print(each)) for each in _factors(got.tree) if not isinstance(each, Number)]
    for tree in key.trees:
        factors = [each for each in _factors(tree) if not isinstance(each, Number)]
        known = {print_ for factor in factors if (print_ := _kept(key, factor)) is not None}
        right = [factor for factor, print_ in typed if print_ in known]
        if right and (len(typed) > 1 or len(factors) > 1):
            return _listed("right-factors", right)
    return None


def _right_side_of_fraction(key: Known, got: Expression) -> Slip | None:
    typed = without_sign(got.tree)
    if not isinstance(typed, Div):
        return None
    under, over = _print(typed.under), _print(typed.over)
    for tree in key.trees:
        plain = without_sign(tree)
        if isinstance(plain, Div):
            if isinstance(typed.under, Number) and isinstance(typed.over, Number):
                continue
            below = under is not None and not isinstance(typed.under, Number)
            if below and under == _kept(key, plain.under):
                return Slip(code="right-denominator", details={"under": unicode(typed.under)})
            above = over is not None and not isinstance(typed.over, Number)
            if above and over == _kept(key, plain.over):
                return Slip(code="right-numerator", details={"over": unicode(typed.over)})
    return None


def _right_where(key: Known, got: Expression) -> Slip | None:
    """For m = 0; for n = m. Places where both are zero tell least."""
    names = sorted(got.symbols | key.expected.symbols)[:MAX_NAMES]
    vanishing: Slip | None = None
    for where, values in _places(key, names):
        value = _print(got.tree, values)
        if value is None or value != _kept(key, key.expected.tree, values):
            continue
        if not (got.proves and key.expected.proves):
            held = _value(key.expected, values)
            if held is None:
                continue  # ln 0 is ln 0, and neither is a value
            value = value and not held.contains(0)
        if value:
            return Slip(code="right-where", details={"where": where})
        vanishing = vanishing or Slip(code="both-zero", details={"where": where})
    return vanishing


def _right_by_value(key: Known, got: Expression) -> Slip | None:
    """As `_right_where`, where fingerprints do not see it. The other symbols stand anywhere."""
    if got.proves and key.expected.proves:
        return None
    names = sorted(got.symbols | key.expected.symbols)[:MAX_NAMES]
    throw = dice("agreement", tuple(names))
    places: list[tuple[str, str | None, int]] = [
        *((f"{name_shown(name)} > 0", None, 0) for name in names[:1] if len(names) == 1),
        *((f"{name_shown(name)} = {value}", name, value) for value in (0, 1) for name in names),
    ]
    for where, fixed, value in places:
        points = [
            {
                name: Fraction(value)
                if name == fixed
                else Fraction(throw.randrange(99, 3_000), 1_013)
                for name in names
            }
            for _ in range(3)
        ]
        if all(_meet(got, key.expected, point) for point in points):
            return Slip(code="right-where", details={"where": where})
    return None


def _value(expected: Expression, values: dict[str, int]) -> arb | None:
    """Its value there, wherever the other symbols stand; none if it has none. 1 if unknown."""
    if any(isinstance(each, Apply) for each in walk(expected.tree)):
        return arb(1)
    names = sorted(expected.symbols | values.keys())
    throw = dice("defined", tuple(names))
    point = {name: Fraction(throw.randrange(99, 3_000), 1_013) for name in names}
    others = {symbol_value(name): name for name in names}
    for name, value in values.items():
        point[name] = point[others[value]] if value in others else Fraction(value)
    try:
        return ball(expected.tree, point, bits=BITS)
    except OutsideError:
        return None


def _meet(got: Expression, expected: Expression, point: dict[str, Fraction]) -> bool:
    """Whether both have the same value there, and not merely nought."""
    try:
        theirs = ball(expected.tree, point, bits=BITS)
        gap = ball(got.tree, point, bits=BITS) - theirs
    except OutsideError:
        return False
    if theirs.contains(0):
        return False
    return gap.contains(0) and bool(gap.rad() < arb(2) ** (-BITS // 3))


def _places(key: Known, names: list[str]) -> Iterator[tuple[str, dict[str, int]]]:
    for value in (0, 1, -1):
        for name in names:
            if value > 0 or name not in key.domain.positive:
                shown = str(value).replace("-", "−")
                yield f"{name_shown(name)} = {shown}", {name: value}
    for one, two in combinations(names, 2):
        yield f"{name_shown(one)} = {name_shown(two)}", {one: symbol_value(two)}


def _terms(tree: Node) -> tuple[Node, ...]:
    return tree.terms if isinstance(tree, Add) else (tree,)


def _factors(tree: Node) -> tuple[Node, ...]:
    while isinstance(tree, Neg):
        tree = tree.of
    return tree.factors if isinstance(tree, Mul) else (tree,)


def _listed(code: str, parts: Sequence[Node]) -> Slip | None:
    shown = [unicode(part) for part in parts[:MAX_SHOWN]]
    while shown and sum(map(len, shown)) > MAX_LENGTH:
        shown.pop()
    if not shown:
        return None
    *others, last = shown
    details = {"parts": ", ".join(others), "last": last, "count": str(len(shown))}
    return Slip(code=code, details=details)


def _kept(key: Known, part: Node, values: Mapping[str, int] = NOWHERE) -> int | None:
    """The print of a part of the key, which every wrong answer is held against."""
    place = part, tuple(values.items())
    if place not in key.prints:
        if len(key.prints) >= MAX_KEPT:
            key.prints.clear()
        key.prints[place] = _print(part, values)
    return key.prints[place]


def _print(node: Node, values: Mapping[str, int] = NOWHERE) -> int | None:
    names = exponents(node)
    try:
        if not names:
            return fingerprint(node, 0, values)
        # (−1)ⁿ must not pass for 1 because n happens to be even.
        ways = [{name: oracle("rest", way, name) % TURNS for name in names} for way in range(WAYS)]
        found = [fingerprint(node, 0, values, rests) for rests in ways]
    except UndefinedError:
        return None
    return found[0] if len({*found}) == 1 else oracle("ways", found)

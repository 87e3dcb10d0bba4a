"""One part replaced by something else, whatever that is.

If the answer is the key but for one part, that part is worth something else in it: the value is
solved for, down from the top of the key, through sums, products and quotients. It is then looked
for among small multiples of the part, and among the parts of the answer. The same is done with the
parts of the answer, which finds what is too much in it.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.fingerprint import Remembering
from tutorbot.core.answers.mistakes.mutation import fraction_of, product_of, without_sign
from tutorbot.core.answers.mistakes.pair import small_fraction
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.secret import PRIME
from tutorbot.core.answers.tree import Add, Div, Mul, Neg, Node, Number, Symbol, children, walk
from tutorbot.core.answers.verdicts import Slip

MAX_PARTS = 60  # nodes that are looked at
MAX_SHOWN = 40  # characters of a part that a sentence can hold
TELLING = 10_000  # numerators and denominators that a slip may have

_Values = tuple[int, int]
_NOTHING: _Values = (0, 0)
_ONE: _Values = (1, 1)


class _Hole(NamedTuple):
    part: Node
    parent: Node
    value: _Values  # of the part, at the two points
    wanted: _Values  # what it would have to be


def misplaced(got: Node, prints: _Values, trees: tuple[Node, ...]) -> Slip | None:
    """The smallest part of the key that stands otherwise in the answer.

    ``prints``: the fingerprints of the answer.
    """
    holes = [hole for tree in trees for hole in _holes(tree, prints)]
    for hole in holes:
        if isinstance(hole.part, Number) and (found := _as_number(hole)) is not None:
            return found
    parts = _parts(got) if holes else {}
    for hole in holes:
        wrong = parts.get(hole.wanted)
        wrong = None if wrong == got else wrong
        found = _as_number(hole) if wrong is None else _told(hole.part, wrong)
        if found is not None:
            return found
    return None


def too_much(got: Node, expected: Node, prints: _Values) -> Slip | None:
    """The smallest part of the answer that stands otherwise in the key, or should not be there.

    ``prints``: the fingerprints of the key.
    """
    parts = _parts(expected)
    for hole in _holes(got, prints):
        shown = unicode(without_sign(hole.part))
        if len(shown) <= MAX_SHOWN:
            if hole.wanted == _ONE and isinstance(hole.parent, Mul):
                return Slip(code="extra-factor", details={"factor": unicode(hole.part)})
            if hole.wanted == _ONE and isinstance(hole.parent, Div):
                return Slip(code="extra-denominator", details={"under": unicode(hole.part)})
            if hole.wanted == _NOTHING and isinstance(hole.parent, Add):
                return Slip(code="extra-term", details={"term": shown})
        right = parts.get(hole.wanted)
        if right is None or right == expected:
            continue
        found = _told(right, hole.part)
        if found is not None:
            return found
    return None


def _holes(tree: Node, prints: _Values) -> Iterator[_Hole]:
    """Each part with the value that would make ``prints`` of the tree; the smallest parts first."""
    fields = Remembering(tree, 0), Remembering(tree, 1)
    try:
        for field in fields:
            field.value(tree)
    except UndefinedError:
        return
    found: list[tuple[int, _Hole]] = []
    waiting: list[tuple[int, Node, _Values]] = [(0, tree, prints)]
    while waiting and len(found) < MAX_PARTS:
        level, node, wanted = waiting.pop()
        for child in children(node):
            below = _below(node, child, wanted, fields)
            if below is None or len(found) >= MAX_PARTS:
                break
            value = fields[0].value(child), fields[1].value(child)
            if below != value:
                found.append((level, _Hole(child, node, value, below)))
                waiting.append((level + 1, child, below))
    found.sort(key=lambda each: -each[0])
    for _, hole in found:
        yield hole


def _below(
    node: Node, child: Node, wanted: _Values, fields: tuple[Remembering, Remembering]
) -> _Values | None:
    """What a child has to be for its parent to be as wanted; none where that cannot be solved."""
    solved: list[int] = []
    for field, target in zip(fields, wanted, strict=True):
        match node:
            case Add():
                value = target - field.value(node) + field.value(child)
            case Neg():
                value = -target
            case Mul():
                rest = 1
                for factor in node.factors:
                    if factor is not child:
                        rest = rest * field.value(factor) % PRIME
                if rest == 0:
                    return None
                value = target * pow(rest, -1, PRIME)
            case Div() if child is node.over:
                value = target * field.value(node.under)
            case Div():
                if target == 0:
                    return None
                value = field.value(node.over) * pow(target, -1, PRIME)
            case _:
                return None
        solved.append(value % PRIME)
    return solved[0], solved[1]


def _as_number(hole: _Hole) -> Slip | None:
    """A number that is another one in the answer, or a symbol with another coefficient."""
    part, value, wanted = hole.part, hole.value, hole.wanted
    if isinstance(part, Number):
        wrong = _same_fraction(wanted)
        return None if wrong is None else _told(part, fraction_of(wrong), "number")
    if not isinstance(part, Symbol) or 0 in value:
        return None
    ratio = _same_fraction(
        tuple(one * pow(other, -1, PRIME) % PRIME for one, other in zip(wanted, value, strict=True))
    )
    if ratio:
        return _told(part, product_of((fraction_of(ratio), part)))
    more = _same_fraction(
        tuple((one - other) % PRIME for one, other in zip(wanted, value, strict=True))
    )
    return _told(part, Add((part, fraction_of(more)))) if more else None


def _same_fraction(values: tuple[int, ...]) -> Fraction | None:
    if values[0] != values[1]:
        return None
    value = small_fraction(values[0])
    if value is None or max(abs(value.numerator), value.denominator) > TELLING:
        return None
    return value


def _parts(tree: Node) -> dict[_Values, Node]:
    fields = Remembering(tree, 0), Remembering(tree, 1)
    found: dict[_Values, Node] = {}
    for node in walk(tree):
        try:
            found[fields[0].value(node), fields[1].value(node)] = node
        except UndefinedError:
            continue
        if len(found) >= MAX_PARTS:
            break
    return found


def _told(right: Node, wrong: Node, code: str = "misplaced") -> Slip | None:
    shown = {"wrong": unicode(wrong), "right": unicode(right)}
    if max(map(len, shown.values())) > MAX_SHOWN:
        return None
    return Slip(code=code, details=shown)

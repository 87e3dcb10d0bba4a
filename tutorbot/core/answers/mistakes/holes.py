"""One part of the key replaced by something else, whatever that is.

If the answer is the key but for one part, that part is worth something else in it: the value is
solved for, down from the top of the key, through sums, products and quotients. It is then looked
for among small multiples of the part, and among the parts of the answer.
"""

from collections.abc import Iterator
from fractions import Fraction

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.fingerprint import Remembering
from tutorbot.core.answers.mistakes.mutation import fraction_of, product_of
from tutorbot.core.answers.mistakes.pair import small_fraction
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.secret import PRIME
from tutorbot.core.answers.tree import (
    Add,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Symbol,
    children,
    walk,
)
from tutorbot.core.answers.verdicts import Slip

MAX_PARTS = 120  # nodes of the key that are looked at
MAX_SHOWN = 40  # characters of a part that a sentence can hold
TELLING = 100  # numerators and denominators that a slip may have

_Values = tuple[int, int]


def misplaced(got: Node, prints: _Values, trees: tuple[Node, ...]) -> Slip | None:
    """The smallest part of the key that stands otherwise in the answer."""
    parts: dict[_Values, Node] | None = None
    for tree in trees:
        for node, right, wanted in _solved(tree, prints):
            found = _as_number(node, right, wanted)
            if found is None:
                if parts is None:
                    parts = _parts(got)
                wrong = parts.get(wanted)
                if wrong is None or wrong == got:
                    continue
                found = _told(node, wrong)
            if found is not None:
                return found
    return None


def _solved(tree: Node, prints: _Values) -> Iterator[tuple[Node, _Values, _Values]]:
    """Each part, its value at the two points, and the value that would make the answer of it.

    The smallest parts first: they say most.
    """
    fields = Remembering(tree, 0), Remembering(tree, 1)
    try:
        for field in fields:
            field.value(tree)
    except UndefinedError:
        return
    levels: list[tuple[int, Node, _Values, _Values]] = []
    waiting: list[tuple[int, Node, _Values]] = [(0, tree, prints)]
    while waiting and len(levels) < MAX_PARTS:
        level, node, wanted = waiting.pop()
        for child in children(node):
            below = _below(node, child, wanted, fields)
            if below is None:
                continue
            right = fields[0].value(child), fields[1].value(child)
            if below != right:
                levels.append((level, child, right, below))
                waiting.append((level + 1, child, below))
    levels.sort(key=lambda each: -each[0])
    for _, node, right, wanted in levels:
        yield node, right, wanted


def _below(
    node: Node, child: Node, wanted: _Values, fields: tuple[Remembering, Remembering]
) -> _Values | None:
    """What a child has to be for its parent to be as wanted."""
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


def _as_number(node: Node, right: _Values, wanted: _Values) -> Slip | None:
    """The part is a number, and is another one in the answer; or it has another coefficient."""
    if isinstance(node, Number):
        wrong = _same_fraction(wanted)
        return None if wrong is None else _told(node, fraction_of(wrong), "number")
    if not isinstance(node, Symbol) or 0 in right:
        return None
    ratio = _same_fraction(
        tuple(
            value * pow(part, -1, PRIME) % PRIME for value, part in zip(wanted, right, strict=True)
        )
    )
    if ratio:
        return _told(node, product_of((fraction_of(ratio), node)))
    more = _same_fraction(
        tuple((value - part) % PRIME for value, part in zip(wanted, right, strict=True))
    )
    return _told(node, Add((node, fraction_of(more)))) if more else None


def _same_fraction(values: tuple[int, ...]) -> Fraction | None:
    if values[0] != values[1]:
        return None
    value = small_fraction(values[0])
    if value is None or max(abs(value.numerator), value.denominator) > TELLING * TELLING:
        return None
    return value


def _parts(got: Node) -> dict[_Values, Node]:
    fields = Remembering(got, 0), Remembering(got, 1)
    found: dict[_Values, Node] = {}
    for node in walk(got):
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

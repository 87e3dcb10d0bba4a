"""Integrals, sums, products and limits in closed form, as SymPy finds it and we check it.

An antiderivative is differentiated again; everything else is worked out a second time in numbers.
"""

from collections.abc import Callable
from functools import lru_cache

from tutorbot.core.answers.constant import integer, rational
from tutorbot.core.answers.derivative import NotDifferentiableError, differentiated, primed, worked
from tutorbot.core.answers.tree import (
    Apply,
    Call,
    Constant,
    Node,
    Number,
    Operation,
    Pow,
    Total,
    children,
    rebuilt,
    walk,
)
from tutorbot.core.answers.vocabulary import KNOWN

Agree = Callable[[Node, Node], bool]

MAX_SIZE = 60  # nodes; beyond it SymPy rarely comes back in time
MAX_DEPTH = 3  # functions within functions; it writes each of them in several ways
MAX_DEGREE = 12
MAX_NUMBER = 1_000  # it works out factorials and powers before anyone can ask how large


def is_unworked(node: Node) -> bool:
    """Whether it is an operation that fingerprints do not see through."""
    match node:
        case Operation():
            return node.kind != "derivative"
        case Total():
            return True
        case _:
            return False


def is_endless(node: Node) -> bool:
    """Whether it may have no value at all: then a difference of two of them is not zero."""
    match node:
        case Operation():
            return node.kind not in {"derivative", "product"}
        case Total():
            return any(isinstance(each, Constant) for each in (node.low, node.high))
        case _:
            return False


@lru_cache(maxsize=512)
def closed(
    node: Node, positive: frozenset[str], integral: frozenset[str], agree: Agree
) -> Node | None:
    """The same with all operations worked out, the innermost first; none if one stays.

    ``agree`` says whether two expressions are equal, without asking here again.
    """
    if not is_for_sympy(node):
        return None
    try:
        return _closed(node, positive, integral, agree)
    except NotDifferentiableError:
        return None


def _closed(
    node: Node, positive: frozenset[str], integral: frozenset[str], agree: Agree
) -> Node | None:
    if isinstance(node, Operation) and node.kind == "derivative":
        return _closed(worked(node), positive, integral, agree)
    if isinstance(node, Apply) and node.name in KNOWN:
        return _closed(primed(node), positive, integral, agree)
    parts: list[Node] = []
    for child in children(node):
        part = _closed(child, positive, integral, agree)
        if part is None:
            return None
        parts.append(part)
    made = rebuilt(node, tuple(parts))
    if not is_unworked(made):
        return made
    # SymPy takes half a second to load, and hardly any answer needs it.
    from tutorbot.core.answers import algebra  # noqa: PLC0415

    found = algebra.closed(made, positive, integral)
    if found is not None and isinstance(made, Operation) and not made.arguments:
        return found if agree(differentiated(found, made.name), made.body) else None
    return found


def is_for_sympy(node: Node) -> bool:
    """Whether it is small enough to be worked out in time."""
    nodes = list(walk(node))
    return (
        len(nodes) <= MAX_SIZE
        and _depth(node) <= MAX_DEPTH
        and all(map(_is_small, nodes))
        and not any(map(_is_heavy, nodes))
    )


def _depth(node: Node) -> int:
    """How many functions, or powers with symbols above, stand within one another."""
    inside = max(map(_depth, children(node)), default=0)
    grows = isinstance(node, Pow) and integer(node.exponent) is None
    return inside + (grows or isinstance(node, Call | Apply))


def _is_heavy(node: Node) -> bool:
    """Whether it has so many terms that no closed form would be quicker than adding them up.

    Such are sums of sums, and sums from number to number: a short one was written out before.
    """
    if not isinstance(node, Total) and not (isinstance(node, Operation) and node.kind == "product"):
        return False
    body, low, high = children(node)
    return any(map(is_unworked, walk(body))) or not (integer(low) is None or integer(high) is None)


def _is_small(node: Node) -> bool:
    """Whether it is no large number, written out or as a power, nor a factorial."""
    if isinstance(node, Call):
        return node.name != "factorial"
    if not isinstance(node, Number | Pow):
        return True
    try:
        value = rational(node)
    except ArithmeticError:
        return False
    if isinstance(node, Pow) and abs(integer(node.exponent) or 0) > MAX_DEGREE:
        return False
    return value is None or abs(value) <= MAX_NUMBER

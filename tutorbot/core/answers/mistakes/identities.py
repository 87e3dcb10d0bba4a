"""A key as identities rewrite it: who knows cos 2x as 1 − 2 sin²x makes the slips of that.

The values are the same wherever both sides are defined; fingerprints do not see it.
"""

from collections.abc import Callable, Iterator
from math import isqrt

from tutorbot.core.answers.mistakes.mutation import ONE, TWO, opposite, product_of, whole
from tutorbot.core.answers.tree import (
    Add,
    Call,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    children,
    number,
    rebuilt,
)

MAX_SIZE = 80  # nodes of a key that is rewritten
LARGEST = 10_000  # under a root, which a learner simplifies by hand

Rule = Callable[[Node], Node | None]


def rewritten(tree: Node) -> Iterator[Node]:
    """The key in the other ways that the laws of its functions know."""
    for rule in _RULES:
        made = _everywhere(rule, tree)
        if made != tree:
            yield made


def _everywhere(rule: Rule, node: Node) -> Node:
    found = rule(node)
    if found is not None:
        return found
    return rebuilt(node, tuple(_everywhere(rule, part) for part in children(node)))


def _pythagoras(node: Node) -> Node | None:
    """The square of one by that of the other."""
    match node:
        case Pow(Call("sin" | "cos" as name, arguments), exponent) if whole(exponent) == 2:  # noqa: PLR2004 - a square
            other = "cos" if name == "sin" else "sin"
            return Add((ONE, Neg(Pow(Call(other, arguments), TWO))))
        case Div(over, Pow(Call("cos", arguments), exponent)) if whole(exponent) == 2:  # noqa: PLR2004 - a square
            return product_of((over, Add((ONE, Pow(Call("tan", arguments), TWO)))))
        case _:
            return None


def _double_angle(node: Node) -> Node | None:
    match node:
        case Call("sin", (Mul() as angle,)) if (half := _half(angle)) is not None:
            return Mul((TWO, Call("sin", (half,)), Call("cos", (half,))))
        case Call("cos", (Mul() as angle,)) if (half := _half(angle)) is not None:
            return Add((ONE, Neg(Mul((TWO, Pow(Call("sin", (half,)), TWO))))))
        case _:
            return None


def _double_cosine(node: Node) -> Node | None:
    match node:
        case Call("cos", (Mul() as angle,)) if (half := _half(angle)) is not None:
            return Add((Mul((TWO, Pow(Call("cos", (half,)), TWO))), Neg(ONE)))
        case _:
            return None


def _half(angle: Mul) -> Node | None:
    first, *rest = angle.factors
    value = whole(first)
    if value is None or value % 2 or not value:
        return None
    return product_of((number(abs(value) // 2), *rest)) if value > 0 else None


def _logarithms(node: Node) -> Node | None:
    """Products, quotients and powers taken out of a logarithm."""
    match node:
        case Call("ln", (Mul(factors),)):
            return Add(tuple(Call("ln", (factor,)) for factor in factors))
        case Call("ln", (Div(over, under),)):
            return Add((Call("ln", (over,)), opposite(Call("ln", (under,)))))
        case Call("ln", (Pow(base, exponent),)):
            return product_of((exponent, Call("ln", (base,))))
        case _:
            return None


def _simple_root(node: Node) -> Node | None:
    """√50 as 5·√2."""
    match node:
        case Call("sqrt", (Number(value=value),)) if (
            value.denominator == 1 and 0 < value <= LARGEST
        ):
            inside = value.numerator
            outside = next(
                root for root in range(isqrt(inside), 0, -1) if inside % (root * root) == 0
            )
            if outside == 1 or outside * outside == inside:
                return None
            return Mul((number(outside), Call("sqrt", (number(inside // outside**2),))))
        case _:
            return None


_RULES: tuple[Rule, ...] = (_pythagoras, _double_angle, _double_cosine, _logarithms, _simple_root)

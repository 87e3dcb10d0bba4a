"""Two values in one: ± stands for plus and for minus, and ∓ for the other one at the same time.

In a tree, ± is a symbol of that name which stands before what it signs; ∓ is its opposite.
"""

from collections.abc import Callable

from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.tree import Mul, Neg, Node, Span, Symbol, number, replaced

PLUS_MINUS = "±"

Pair = tuple[Expression, Expression]
Compare = Callable[[Expression, Expression, Domain], Comparison]


def signed(sign: str, operand: Node, span: Span) -> Node:
    """What ± or ∓ stands before."""
    both = Mul((Symbol(PLUS_MINUS), operand), span=span)
    return both if sign == "±" else Neg(both, span=span)


def is_double(expression: Expression) -> bool:
    return PLUS_MINUS in expression.symbols


def both(tree: Node) -> Pair:
    """With the upper signs, and with the lower ones."""
    one = number(1)
    return (
        Expression(replaced(tree, {PLUS_MINUS: one})),
        Expression(replaced(tree, {PLUS_MINUS: Neg(one)})),
    )


def alike(compare: Compare, ours: Pair, theirs: Pair, where: Domain) -> Comparison:
    """Whether two values are equal to two others, each to its own."""
    for got, expected in zip(ours, theirs, strict=True):
        outcome = compare(got, expected, where)
        if not isinstance(outcome, Same):
            return outcome
    return Same(method="ball")


def in_either_order(straight: Comparison, crossed: Comparison) -> Comparison:
    """The better of the two ways to match two values with two others."""
    if isinstance(crossed, Same):
        return crossed
    if isinstance(straight, Different) and isinstance(crossed, Different):
        return straight
    return Unknown()


def occurs(text: str) -> bool:
    """Whether a line of a key has a double sign, however it is spelled."""
    return any(each in text for each in ("±", "∓", r"\pm", r"\mp", "plus_minus", "minus_plus"))

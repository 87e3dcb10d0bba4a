"""Two values in one: ± stands for plus and for minus, and ∓ for the other one at the same time.

In a tree, ± is a symbol of that name which stands before what it signs; ∓ is its opposite.
"""

from tutorbot.core.answers.expression import Comparison, Different, Expression, Same, Unknown
from tutorbot.core.answers.tree import Mul, Neg, Node, Span, Symbol, number, replaced

PLUS_MINUS = "±"


def signed(sign: str, operand: Node, span: Span) -> Node:
    """What ± or ∓ stands before."""
    both = Mul((Symbol(PLUS_MINUS), operand), span=span)
    return both if sign == "±" else Neg(both, span=span)


def is_double(expression: Expression) -> bool:
    return PLUS_MINUS in expression.symbols


def both(tree: Node) -> tuple[Expression, Expression]:
    """With the upper signs, and with the lower ones."""
    one = number(1)
    return (
        Expression(replaced(tree, {PLUS_MINUS: one})),
        Expression(replaced(tree, {PLUS_MINUS: Neg(one)})),
    )


def alike(first: Comparison, second: Comparison) -> Comparison:
    """Whether two values are equal to two others, of which each is compared with its own."""
    for outcome in (first, second):
        if isinstance(outcome, Different):
            return outcome
    return first if isinstance(first, Same) and isinstance(second, Same) else Unknown()


def in_either_order(straight: Comparison, crossed: Comparison) -> Comparison:
    """The better of the two ways to match two values with two others."""
    if isinstance(straight, Same) or isinstance(crossed, Same):
        return straight if isinstance(straight, Same) else crossed
    if isinstance(straight, Different) and isinstance(crossed, Different):
        return straight
    return Unknown()


def occurs(text: str) -> bool:
    """Whether a line of a key has a double sign, however it is spelled."""
    return any(each in text for each in ("±", "∓", r"\pm", r"\mp", "plus_minus", "minus_plus"))

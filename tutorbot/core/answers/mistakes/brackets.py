"""All brackets forgotten at once: n(n + 1)/2 typed as n·n + 1/2."""

from tutorbot.core.answers.mistakes.mutation import opposite, product_of, total_of
from tutorbot.core.answers.tree import Add, Div, Mul, Neg, Node, Pow


def lost(tree: Node) -> Node | None:
    """What the tree would be without any bracket; none if it has none to lose."""
    terms = _terms(tree)
    made = total_of(terms)
    return None if made == tree or len(terms) == 1 else made


def _terms(node: Node) -> list[Node]:
    """The terms that are read from left to right where there are no brackets."""
    match node:
        case Add():
            return [part for term in node.terms for part in _terms(term)]
        case Neg(of):
            first, *rest = _terms(of)
            return [opposite(first), *rest]
        case Mul():
            terms = _terms(node.factors[0])
            for factor in node.factors[1:]:
                first, *rest = _terms(factor)
                terms = [*terms[:-1], product_of((terms[-1], first)), *rest]
            return terms
        case Div():
            terms = _terms(node.over)
            first, *rest = _terms(node.under)
            return [*terms[:-1], _over(terms[-1], first), *rest]
        case Pow():
            terms = _terms(node.base)
            return [*terms[:-1], _raised(terms[-1], node.exponent)]
        case _:
            return [node]


def _over(term: Node, under: Node) -> Node:
    return Neg(Div(term.of, under)) if isinstance(term, Neg) else Div(term, under)


def _raised(term: Node, exponent: Node) -> Node:
    return Neg(Pow(term.of, exponent)) if isinstance(term, Neg) else Pow(term, exponent)

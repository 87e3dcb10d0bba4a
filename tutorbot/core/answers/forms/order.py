"""The same as asked for but for the order, or exactly as it was typed."""

from tutorbot.core.answers.constant import fraction
from tutorbot.core.answers.tree import Add, Div, Mul, Neg, Node, Number, children, rebuilt
from tutorbot.core.answers.verdicts import Slip


def missing_order(got: Node, expected: Node) -> Slip | None:
    return None if _sorted(got) == _sorted(expected) else Slip(code="form-order")


def missing_typed(got: Node, expected: Node) -> Slip | None:
    return None if _joined(got) == _joined(expected) else Slip(code="form-as-typed")


def _joined(node: Node) -> Node:
    """Brackets around a sum in a sum, or a product in a product, are not to be seen."""
    parts = tuple(map(_joined, children(node)))
    match node:
        case Number():
            return Number(_digits(node), node.value)
        case Add():
            return Add(tuple(term for part in parts for term in _of(Add, part)))
        case Mul():
            return Mul(tuple(factor for part in parts for factor in _of(Mul, part)))
        case Neg() if fraction(node.of) == 0:
            return parts[0]
        case _:
            return rebuilt(node, parts)


def _of(kind: type[Add | Mul], node: Node) -> tuple[Node, ...]:
    return children(node) if isinstance(node, kind) else (node,)


def _sorted(node: Node) -> Node:
    """Terms and factors in one order for all; a sign goes before the whole product."""
    node = _signed(_joined(node))
    parts = tuple(map(_sorted, children(node)))
    if isinstance(node, Add | Mul):
        parts = tuple(sorted(parts, key=repr))
    return rebuilt(node, parts)


def _signed(node: Node) -> Node:
    match node:
        case Mul():
            negative = False
            factors: list[Node] = []
            for factor in node.factors:
                inner = factor
                while isinstance(inner, Neg):
                    inner, negative = inner.of, not negative
                factors.append(inner)
            return Neg(Mul(tuple(factors))) if negative else Mul(tuple(factors))
        case Div(Neg(of), under):
            return Neg(Div(of, under))
        case Neg(Neg(of)):
            return _signed(of)
        case Neg(Add(terms)):
            return Add(tuple(term.of if isinstance(term, Neg) else Neg(term) for term in terms))
        case _:
            return node


def _digits(node: Number) -> str:
    return str(node.value) if node.value.denominator == 1 else node.text

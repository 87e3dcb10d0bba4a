"""Derivatives by the rules that are taught, on our own tree: exact, total, and without SymPy."""

from collections.abc import Callable
from functools import lru_cache

from tutorbot.core.answers.constant import integer
from tutorbot.core.answers.tree import (
    Add,
    Apply,
    Call,
    Constant,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Operation,
    Pow,
    Symbol,
    Total,
    number,
    replaced,
    symbols,
    walk,
)
from tutorbot.core.answers.vocabulary import KNOWN

MAX_ORDER = 6
MAX_SIZE = 3_000  # nodes of what comes out
MAX_WORK = 20_000  # nodes times symbols of what goes in: a product has a term for each factor

ZERO, ONE, TWO = number(0), number(1), number(2)
_INNER = "\x00u"  # a name that nobody can type


class NotDifferentiableError(ArithmeticError):
    """No rule is known here, or the result would be too large to be of use."""


def differentiated(body: Node, name: str, order: int = 1) -> Node:
    """The derivative, with zeros and ones left out.

    Raises:
        NotDifferentiableError: there is no rule for it, as for the floor of a number.
    """
    if order > MAX_ORDER:
        raise NotDifferentiableError
    result = body
    for _ in range(order):
        result = _once(result, name)
    return result


def worked(node: Operation) -> Node:
    """A derivative as typed, worked out.

    Raises:
        NotDifferentiableError: there is no rule for it.
    """
    order = integer(node.arguments[0])
    if node.kind != "derivative" or order is None or order < 0:
        raise NotDifferentiableError
    return differentiated(node.body, node.name, order)


@lru_cache(maxsize=256)
def primed(node: Apply) -> Node:
    """A known function with primes, such as sin′(x), worked out.

    Raises:
        NotDifferentiableError: there is no rule for it.
    """
    least, most = KNOWN[node.name]
    if not least == most == len(node.arguments) == 1:
        raise NotDifferentiableError
    inner = differentiated(Call(node.name, (Symbol(_INNER),)), _INNER, node.primes)
    return replaced(inner, {_INNER: node.arguments[0]})


@lru_cache(maxsize=256)
def _once(node: Node, name: str) -> Node:
    nodes = list(walk(node))
    if len(nodes) * sum(1 for each in nodes if isinstance(each, Symbol)) > MAX_WORK:
        raise NotDifferentiableError
    result = _of(node, name)
    if sum(1 for _ in walk(result)) > MAX_SIZE:
        raise NotDifferentiableError
    return result


def _of(node: Node, name: str) -> Node:
    if not depends(node, name):
        return ZERO
    match node:
        case Symbol():
            return ONE
        case Neg():
            return negative(_of(node.of, name))
        case Add():
            return total(*(_of(term, name) for term in node.terms))
        case Mul():
            return total(
                *(
                    product(*node.factors[:at], _of(factor, name), *node.factors[at + 1 :])
                    for at, factor in enumerate(node.factors)
                )
            )
        case Div():
            return _quotient(node, name)
        case Pow():
            return _power(node, name)
        case Call():
            return _call(node, name)
        case Apply():
            return _applied(node, name)
        case Total():
            return _summed(node, name)
        case Operation():
            return _operated(node, name)
        case _:
            return ZERO


def depends(node: Node, name: str) -> bool:
    """Whether the variable occurs in it, free; a family s_t with a bound t may contain s_4."""
    base, _, subscript = name.partition("_")
    for each in symbols(node):
        if each == name:
            return True
    if subscript:
        for each in walk(node):
            if isinstance(each, Symbol) and each.name.partition("_")[0] == base:
                return True
    return False


def _quotient(node: Div, name: str) -> Node:
    over, under = _of(node.over, name), _of(node.under, name)
    if under == ZERO:
        return quotient(over, node.under)
    above = total(product(over, node.under), negative(product(node.over, under)))
    return quotient(above, Pow(node.under, TWO))


def _power(node: Pow, name: str) -> Node:
    base, exponent = node.base, node.exponent
    if not depends(exponent, name):
        lower = _lowered(exponent)
        return product(exponent, power(base, lower), _of(base, name))
    if isinstance(base, Constant) and base.name == "e":
        return product(node, _of(exponent, name))
    logarithm = Call("ln", (base,))
    inner = total(
        product(_of(exponent, name), logarithm),
        quotient(product(exponent, _of(base, name)), base),
    )
    return product(node, inner)


def _lowered(exponent: Node) -> Node:
    whole = integer(exponent)
    return Add((exponent, Neg(ONE))) if whole is None else signed(whole - 1)


def _call(node: Call, name: str) -> Node:
    first, *rest = node.arguments
    if node.name == "log" and rest:
        return _of(Div(Call("ln", (first,)), Call("ln", (rest[0],))), name)
    if node.name == "root":
        return _of(Pow(first, Div(ONE, rest[0])), name)
    rule = _RULES.get(node.name)
    if rule is None or rest:
        raise NotDifferentiableError
    return product(rule(first), _of(first, name))


def _applied(node: Apply, name: str) -> Node:
    if node.name in KNOWN:
        return _of(primed(node), name)
    if len(node.arguments) != 1:
        raise NotDifferentiableError  # there is no sign for a partial derivative of f(x, y)
    outer = Apply(node.name, node.primes + 1, node.arguments)
    return product(outer, _of(node.arguments[0], name))


def _summed(node: Total, name: str) -> Node:
    if name == node.index or depends(node.low, name) or depends(node.high, name):
        raise NotDifferentiableError
    if "_" in name and any(
        isinstance(each, Symbol) and each.name.partition("_")[2] == node.index
        for each in walk(node.body)
    ):
        raise NotDifferentiableError  # only one of the terms of the sum may be meant
    return Total(_of(node.body, name), node.index, node.low, node.high)


def _operated(node: Operation, name: str) -> Node:
    match node.kind:
        case "derivative":
            return _of(worked(node), name)
        case "integral" if not node.arguments and node.name == name:
            return node.body
        case "integral" if node.arguments:
            return _leibniz(node, name)
        case _:
            raise NotDifferentiableError


def _leibniz(node: Operation, name: str) -> Node:
    """The derivative of an integral of which the bounds may move."""
    low, high = node.arguments
    if any(isinstance(each, Constant) and each.name == "infinity" for each in (low, high)):
        if depends(node, name):
            raise NotDifferentiableError
        return ZERO
    inside: Node = ZERO
    if name != node.name and depends(node.body, name):
        inside = Operation("integral", _of(node.body, name), node.name, node.arguments)
    at_high = product(replaced(node.body, {node.name: high}), _of(high, name))
    at_low = product(replaced(node.body, {node.name: low}), _of(low, name))
    return total(inside, at_high, negative(at_low))


# -- sums and products without zeros and ones ----------------------------------------------------


def total(*terms: Node) -> Node:
    kept: list[Node] = []
    for term in terms:
        kept.extend(term.terms if isinstance(term, Add) else () if term == ZERO else (term,))
    return ZERO if not kept else kept[0] if len(kept) == 1 else Add(tuple(kept))


def product(*factors: Node) -> Node:
    """Numbers first; a sign goes before the whole."""
    kept: list[Node] = []
    negated = False
    for factor in factors:
        inner = factor
        while isinstance(inner, Neg):
            inner, negated = inner.of, not negated
        kept.extend(inner.factors if isinstance(inner, Mul) else (inner,))
    if ZERO in kept:
        return ZERO
    kept = [factor for factor in kept if factor != ONE]
    kept.sort(key=lambda factor: not isinstance(factor, Number))
    result = ONE if not kept else kept[0] if len(kept) == 1 else Mul(tuple(kept))
    return negative(result) if negated else result


def quotient(over: Node, under: Node) -> Node:
    if over == ZERO or under == ONE:
        return over
    return negative(Div(over.of, under)) if isinstance(over, Neg) else Div(over, under)


def negative(node: Node) -> Node:
    if isinstance(node, Neg):
        return node.of
    return node if node == ZERO else Neg(node)


def power(base: Node, exponent: Node) -> Node:
    return ONE if exponent == ZERO else base if exponent == ONE else Pow(base, exponent)


def signed(value: int) -> Node:
    return Neg(number(-value)) if value < 0 else number(value)


def _square(node: Node) -> Node:
    return Pow(node, TWO)


def _one_minus_square(x: Node) -> Node:
    return Add((ONE, Neg(_square(x))))


def _over(under: Node) -> Node:
    return Div(ONE, under)


def _root(node: Node) -> Node:
    return Call("sqrt", (node,))


def _f(name: str, *arguments: Node) -> Node:
    return Call(name, arguments)


_RULES: dict[str, Callable[[Node], Node]] = {
    "sin": lambda x: _f("cos", x),
    "cos": lambda x: Neg(_f("sin", x)),
    "tan": lambda x: _over(_square(_f("cos", x))),
    "sec": lambda x: Mul((_f("sec", x), _f("tan", x))),
    "csc": lambda x: Neg(Mul((_f("csc", x), _f("cot", x)))),
    "cot": lambda x: Neg(_over(_square(_f("sin", x)))),
    "sinh": lambda x: _f("cosh", x),
    "cosh": lambda x: _f("sinh", x),
    "tanh": lambda x: _over(_square(_f("cosh", x))),
    "sech": lambda x: Neg(Mul((_f("sech", x), _f("tanh", x)))),
    "csch": lambda x: Neg(Mul((_f("csch", x), _f("coth", x)))),
    "coth": lambda x: Neg(_over(_square(_f("sinh", x)))),
    "asin": lambda x: _over(_root(_one_minus_square(x))),
    "acos": lambda x: Neg(_over(_root(_one_minus_square(x)))),
    "atan": lambda x: _over(Add((ONE, _square(x)))),
    "acot": lambda x: Neg(_over(Add((ONE, _square(x))))),
    "asinh": lambda x: _over(_root(Add((_square(x), ONE)))),
    "acosh": lambda x: _over(Mul((_root(Add((x, Neg(ONE)))), _root(Add((x, ONE)))))),
    "atanh": lambda x: _over(_one_minus_square(x)),
    "acoth": lambda x: _over(_one_minus_square(x)),
    "exp": lambda x: _f("exp", x),
    "ln": _over,
    "log": _over,
    "sqrt": lambda x: _over(Mul((TWO, _root(x)))),
    "cbrt": lambda x: _over(Mul((number(3), _square(_f("cbrt", x))))),
    "abs": lambda x: _f("sign", x),
    "percent": lambda x: _f("percent", ONE),  # noqa: ARG005 - a hundredth, whatever stands there
}

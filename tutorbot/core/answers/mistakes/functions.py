"""Slips with functions, roots, logarithms, factorials and sums: what each would have made."""

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tutorbot.core.answers.mistakes.mutation import (
    ONE,
    TWO,
    Mutation,
    at,
    fraction_of,
    others,
    product_of,
    shifted,
    total_of,
    whole,
)
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
    Total,
    number,
)

Mutations = Iterator[Mutation]

_MIXED_UP: dict[str, tuple[str, ...]] = {
    "sin": ("cos", "tan", "sinh"),
    "cos": ("sin", "tan", "cosh"),
    "tan": ("cot", "sin", "cos", "tanh"),
    "cot": ("tan",),
    "sec": ("csc", "cos"),
    "csc": ("sec", "sin"),
    "asin": ("acos", "sin", "atan"),
    "acos": ("asin", "cos", "atan"),
    "atan": ("tan", "acot", "asin"),
    "acot": ("atan", "cot"),
    "sinh": ("cosh", "sin"),
    "cosh": ("sinh", "cos"),
    "tanh": ("coth", "tan", "sinh"),
    "coth": ("tanh",),
    "asinh": ("acosh", "sinh"),
    "acosh": ("asinh", "cosh"),
    "atanh": ("tanh", "acoth"),
    "exp": ("ln",),
    "ln": ("exp",),
    "sqrt": ("cbrt",),
    "cbrt": ("sqrt",),
    "min": ("max",),
    "max": ("min",),
    "floor": ("ceil",),
    "ceil": ("floor",),
}
_ANGLES = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))
_INVERSE = {"asin": "sin", "acos": "cos", "atan": "tan", "acot": "cot"}
_SIGNS = frozenset(("sin", "cos"))  # whose derivatives differ by a sign
_ROOTS = frozenset(("sqrt", "cbrt", "root"))
_LOGARITHMS = frozenset(("ln", "log"))


def of_call(node: Call) -> Mutations:
    name, arguments = node.name, node.arguments
    first, *rest = arguments
    for other in _MIXED_UP.get(name, ()):
        details = (("wrong", other), ("right", name))
        yield Mutation(Call(other, arguments), "function-swapped", details)
        if other in _SIGNS:
            details = (("wrong", f"−{other}"), ("right", name))
            yield Mutation(Neg(Call(other, arguments)), "function-swapped", details)
    if name == "sqrt" and isinstance(first, Pow) and whole(first.exponent) == 2:  # noqa: PLR2004 - a square
        yield Mutation(first.base, "root-of-square", (("root", node),))
        yield Mutation(Neg(first.base), "root-of-square", (("root", node),))
    if name in _ROOTS:
        yield Mutation(first, "root-dropped", (("root", node),))
        yield Mutation(Pow(first, TWO), "squared-for-root", (("root", node),))
        yield Mutation(Div(first, TWO), "halved-for-root", (("root", node),))
    elif not rest or name == "log":
        yield Mutation(first, "function-dropped", (("function", name), ("part", node)))
    if name in _ANGLES:
        for turned in (
            Div(product_of((first, Constant("pi"))), number(180)),
            Div(product_of((first, number(180))), Constant("pi")),
        ):
            yield Mutation(Call(name, (turned,)), "degrees", (("function", name),))
    if name in _INVERSE:
        reciprocal = Div(ONE, Call(_INVERSE[name], arguments))
        yield Mutation(reciprocal, "inverse-reciprocal", (("function", name),))
    if name in _LOGARITHMS:
        yield from _of_logarithm(node)
    if name == "exp":
        yield from _of_exponential(first)
    if not rest or name in {"log", "root"}:
        yield from _spread(node)
    if name == "factorial":
        yield from _of_factorial(node)
    if name == "binomial" and len(node.arguments) == 2:  # noqa: PLR2004 - chosen for one
        yield from _of_binomial(node)


def of_application(node: Apply, functions: tuple[str, ...]) -> Mutations:
    for other in functions:
        if other != node.name:
            details = (("wrong", other), ("right", node.name))
            yield Mutation(Apply(other, node.primes, node.arguments), "function-swapped", details)
    for primes in (node.primes - 1, node.primes + 1):
        if primes >= 0:
            wrong = Apply(node.name, primes, node.arguments)
            yield Mutation(wrong, "primes", (("wrong", wrong), ("right", node)))
    if len(node.arguments) == 1:
        yield Mutation(
            node.arguments[0], "function-dropped", (("function", node.name), ("part", node))
        )
        yield from _spread(node)


def of_total(node: Total) -> Mutations:
    for by in (1, -1):
        low, high = shifted(node.low, by), shifted(node.high, by)
        yield Mutation(
            Total(node.body, node.index, low, node.high), "sum-low", (("right", node.low),)
        )
        yield Mutation(
            Total(node.body, node.index, node.low, high), "sum-high", (("right", node.high),)
        )
    if isinstance(node.body, Mul):
        for place, factor in enumerate(node.body.factors):
            rest = product_of(others(node.body.factors, place))
            alone = Total(factor, node.index, node.low, node.high)
            apart = product_of((alone, Total(rest, node.index, node.low, node.high)))
            yield Mutation(apart, "sum-of-product", (("product", node.body),))


def of_operation(node: Operation) -> Mutations:
    """The derivative, the integral, the limit forgotten, or one of its numbers one off."""
    details = (("part", node),)
    yield Mutation(node.body, "operation-dropped", details)
    for place, argument in enumerate(node.arguments):
        for by in (1, -1):
            wrong = replace(node, arguments=at(node.arguments, place, shifted(argument, by)))
            yield Mutation(wrong, "operation", (("wrong", wrong), ("right", node)))
    if node.kind == "integral" and len(node.arguments) == 2:  # noqa: PLR2004 - from where to where
        turned = replace(node, arguments=node.arguments[::-1])
        yield Mutation(turned, "operation", (("wrong", turned), ("right", node)))


def _spread(node: Call | Apply) -> Mutations:
    """f(a + b) → f(a) + f(b), and f(2a) → 2 f(a)."""
    first = node.arguments[0]
    details = (("function", node.name), ("part", node))
    if isinstance(first, Mul | Div) and node.name in _ROOTS:  # √(ab) → √a + √b
        pieces = first.factors if isinstance(first, Mul) else (first.over, Neg(first.under))
        added = tuple(
            Neg(_with(node, each.of)) if isinstance(each, Neg) else _with(node, each)
            for each in pieces
        )
        yield Mutation(Add(added), "function-of-product", details)
    if isinstance(first, Add):
        parts = tuple(
            Neg(_with(node, term.of)) if isinstance(term, Neg) else _with(node, term)
            for term in first.terms
        )
        yield Mutation(Add(parts), "function-spread", details)
        bases = [_base(term) for term in first.terms]
        if node.name in _ROOTS and None not in bases:
            bases = [each for each in bases if each is not None]
            yield Mutation(total_of(bases), "function-spread", details)
        head, *tail = first.terms
        yield Mutation(Add((_with(node, head), *tail)), "argument-bracket", details)
    if isinstance(first, Mul):
        for place, factor in enumerate(first.factors):
            inner = product_of(others(first.factors, place))
            pulled = product_of((factor, _with(node, inner)))
            yield Mutation(pulled, "factor-outside", (("factor", factor), ("part", node)))
        parts = tuple(_with(node, factor) for factor in first.factors)
        if node.name not in _ROOTS | {"abs"}:
            yield Mutation(Mul(parts), "function-of-product", details)
    if isinstance(first, Div):
        over, under = _with(node, first.over), _with(node, first.under)
        yield Mutation(Div(over, first.under), "argument-bracket", details)
        if node.name not in _ROOTS | {"abs"}:
            yield Mutation(Div(over, under), "function-of-product", details)
    if isinstance(first, Pow):
        outside = Pow(_with(node, first.base), first.exponent)
        yield Mutation(outside, "power-outside", details)
    if isinstance(first, Neg):
        yield Mutation(Neg(_with(node, first.of)), "minus-outside", details)


def _base(term: Node) -> Node | None:
    """The base of a power: a of a², −a of −a², 3 of 9."""
    match term:
        case Neg(of):
            base = _base(of)
            return None if base is None else Neg(base)
        case Pow():
            return term.base
        case Number(value=value) if value > 0:
            root = Fraction(math.isqrt(value.numerator), math.isqrt(value.denominator))
            return fraction_of(root) if root * root == value else None
        case _:
            return None


def _with(node: Call | Apply, argument: Node) -> Node:
    arguments = at(node.arguments, 0, argument)
    if isinstance(node, Call):
        return Call(node.name, arguments)
    return Apply(node.name, node.primes, arguments)


def _of_logarithm(node: Call) -> Mutations:
    first, *rest = node.arguments
    if rest:
        yield Mutation(Call("ln", (first,)), "log-base", (("part", node),))
        turned = Call("log", (rest[0], first))
        yield Mutation(turned, "log-turned", (("part", node),))
        for base in (number(10), TWO):
            if base != rest[0]:
                yield Mutation(Call("log", (first, base)), "log-base", (("part", node),))
        quotient = Call("ln", (Div(first, rest[0]),))
        yield Mutation(quotient, "log-base", (("part", node),))
    else:
        for base in (number(10), TWO):
            yield Mutation(Call("log", (first, base)), "log-base", (("part", node),))
    details = (("part", node),)
    if isinstance(first, Add):  # ln(a + b) → ln a · ln b
        yield Mutation(Mul(tuple(_with(node, term) for term in first.terms)), "log-of-sum", details)


def _of_exponential(exponent: Node) -> Mutations:
    euler = Constant("e")
    details = (("power", Pow(euler, exponent)),)
    yield Mutation(Pow(euler, shifted(exponent, 1)), "exponent-near", details)
    yield Mutation(Pow(euler, shifted(exponent, -1)), "exponent-near", details)
    if isinstance(exponent, Mul):
        spread = tuple(Pow(euler, factor) for factor in exponent.factors)
        yield Mutation(Mul(spread), "exponents-added", (("base", euler),))


def _of_factorial(node: Call) -> Mutations:
    inner = node.arguments[0]
    if isinstance(inner, Pow):
        loose = Pow(inner.base, Call("factorial", (inner.exponent,)))
        yield Mutation(loose, "factorial-bracket", (("right", node),))
    for by in (-1, 1, -2, 2):
        wrong = Call("factorial", (shifted(inner, by),))
        yield Mutation(wrong, "factorial", (("wrong", wrong), ("right", node)))
    squared = Pow(inner, inner)
    yield Mutation(squared, "power-for-factorial", (("right", node),))


def _of_binomial(node: Call) -> Mutations:
    above, below = node.arguments
    for place, inner in enumerate(node.arguments):
        for by in (1, -1):
            wrong = Call("binomial", at(node.arguments, place, shifted(inner, by)))
            yield Mutation(wrong, "binomial", (("wrong", wrong), ("right", node)))
    turned = Call("binomial", (below, above))
    yield Mutation(turned, "binomial", (("wrong", turned), ("right", node)))
    gone = Call("factorial", (Add((above, Neg(below))),))
    ordered = Div(Call("factorial", (above,)), gone)
    yield Mutation(ordered, "order-counted", (("right", node),))
    yield Mutation(Pow(above, below), "order-counted", (("right", node),))
    falling = Div(Call("factorial", (above,)), Call("factorial", (below,)))
    yield Mutation(falling, "binomial-quotient", (("right", node),))
    yield Mutation(Div(above, below), "binomial-quotient", (("right", node),))

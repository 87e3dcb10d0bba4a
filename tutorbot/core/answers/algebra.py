"""The only door to SymPy. It is given our trees, never a text: its own parser executes what it reads.

It may prove two expressions equal. What it cannot prove stays undecided; it is never asked for more.
"""

from collections.abc import Callable

import sympy

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
    Pow,
    Symbol,
    Total,
)


def equal(got: Node, expected: Node, positive: frozenset[str], integer: frozenset[str]) -> bool:
    """Whether SymPy can show that the difference is zero. May take long: run it under a deadline."""
    build = _Builder(positive, integer)
    try:
        difference = build.build(got) - build.build(expected)
        return any(step(difference) == 0 for step in (sympy.expand, sympy.simplify))
    except (
        ArithmeticError,
        AttributeError,
        NotImplementedError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        return False  # whatever it stumbles over is not proved


class _Builder:
    def __init__(self, positive: frozenset[str], integer: frozenset[str]) -> None:
        self.positive = positive
        self.integer = integer
        self.bound: list[str] = []

    def build(self, node: Node) -> sympy.Expr:
        match node:
            case Number():
                return sympy.Rational(node.value.numerator, node.value.denominator)
            case Symbol():
                return self.symbol(node.name)
            case Constant():
                return {"pi": sympy.pi, "e": sympy.E, "i": sympy.I}[node.name]
            case Add():
                return sympy.Add(*map(self.build, node.terms))
            case Mul():
                return sympy.Mul(*map(self.build, node.factors))
            case Neg():
                return -self.build(node.of)
            case Div():
                return self.build(node.over) / self.build(node.under)
            case Pow():
                return sympy.Pow(self.build(node.base), self.build(node.exponent))
            case Call():
                return _CALLS[node.name](*map(self.build, node.arguments))
            case Apply():
                function = sympy.Function(f"{node.name}{'_prime' * node.primes}")
                return function(*map(self.build, node.arguments))
            case Total():
                self.bound.append(node.index)
                body = self.build(node.body)
                index = self.symbol(node.index)
                self.bound.pop()
                return sympy.Sum(body, (index, self.build(node.low), self.build(node.high)))

    def symbol(self, name: str) -> sympy.Expr:
        base, _, subscript = name.partition("_")
        if subscript in self.bound:
            return sympy.Function(f"{base}_")(self.symbol(subscript))
        if name in self.bound:
            return sympy.Symbol(f"{name}_bound{self.bound.index(name)}", integer=True)
        return sympy.Symbol(
            name,
            real=True,
            positive=True if name in self.positive else None,
            integer=True if name in self.integer else None,
        )


_CALLS: dict[str, Callable[..., sympy.Expr]] = {
    **{
        name: getattr(sympy, name)
        for name in [
            "sin",
            "cos",
            "tan",
            "sec",
            "csc",
            "cot",
            "sinh",
            "cosh",
            "tanh",
            "sech",
            "csch",
            "coth",
            "asin",
            "acos",
            "atan",
            "asec",
            "acsc",
            "acot",
            "asinh",
            "acosh",
            "atanh",
            "exp",
            "sqrt",
            "cbrt",
            "root",
            "sign",
            "factorial",
            "gamma",
            "binomial",
        ]
    },
    "ln": sympy.log,
    "log": sympy.log,
    "abs": sympy.Abs,
    "floor": sympy.floor,
    "ceil": sympy.ceiling,
    "min": sympy.Min,
    "max": sympy.Max,
    "percent": lambda of: of / 100,
}

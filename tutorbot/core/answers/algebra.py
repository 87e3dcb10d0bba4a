"""The only door to SymPy. It is given our trees, never a text: its parser executes what it reads.

It may prove two expressions equal. What it cannot prove stays undecided.
"""

from collections.abc import Callable
from typing import Any

import sympy  # pyright: ignore[reportMissingTypeStubs] -- it has none, and its own hints are partial

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

S: Any = sympy  # the one line at which SymPy's missing types are let go


def equal(got: Node, expected: Node, positive: frozenset[str], integer: frozenset[str]) -> bool:
    """Whether SymPy can show that the difference is zero. May take long: set a deadline."""
    builder = _Builder(positive, integer)
    try:
        difference = (builder.build(got) - builder.build(expected)).doit()
        return bool(S.expand(difference) == 0 or S.simplify(difference) == 0)
    except (ArithmeticError, AttributeError, NotImplementedError, RecursionError):
        return False  # what it stumbles over is not proved
    except (TypeError, ValueError):
        return False


class _Builder:
    def __init__(self, positive: frozenset[str], integer: frozenset[str]) -> None:
        self.positive = positive
        self.integer = integer
        self.bound: list[str] = []

    def build(self, node: Node) -> Any:  # noqa: ANN401 - see S
        match node:
            case Number():
                return S.Rational(node.value.numerator, node.value.denominator)
            case Symbol():
                return self.symbol(node.name)
            case Constant():
                return {"pi": S.pi, "e": S.E, "i": S.I}[node.name]
            case Add():
                return S.Add(*map(self.build, node.terms))
            case Mul():
                return S.Mul(*map(self.build, node.factors))
            case Neg():
                return -self.build(node.of)
            case Div():
                return self.build(node.over) / self.build(node.under)
            case Pow():
                return S.Pow(self.build(node.base), self.build(node.exponent))
            case Call():
                return _CALLS[node.name](*map(self.build, node.arguments))
            case Apply():
                function = S.Function(f"{node.name}{'_prime' * node.primes}")
                return function(*map(self.build, node.arguments))
            case Total():
                self.bound.append(node.index)
                body = self.build(node.body)
                index = self.symbol(node.index)
                self.bound.pop()
                return S.Sum(body, (index, self.build(node.low), self.build(node.high)))

    def symbol(self, name: str) -> Any:  # noqa: ANN401 - see S
        base, _, subscript = name.partition("_")
        if subscript in self.bound:
            return S.Function(f"{base}_")(self.symbol(subscript))
        if name in self.bound:
            return S.Symbol(f"{name}_bound{self.bound.index(name)}", integer=True)
        return S.Symbol(
            name,
            real=True,
            positive=True if name in self.positive else None,
            integer=True if name in self.integer else None,
        )


def _percent(of: Any) -> Any:  # noqa: ANN401 - see S
    return of / 100


_CALLS: dict[str, Callable[..., Any]] = {
    **{
        name: getattr(S, name)
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
    "ln": S.log,
    "log": S.log,
    "abs": S.Abs,
    "floor": S.floor,
    "ceil": S.ceiling,
    "min": S.Min,
    "max": S.Max,
    "percent": _percent,
}

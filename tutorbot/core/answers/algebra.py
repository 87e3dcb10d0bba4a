"""The only door to SymPy. It is given our trees, never a text: its parser executes what it reads.

It may prove two expressions equal, and propose closed forms of integrals, sums and limits, which it
then works out a second time in numbers. What it cannot prove stays undecided.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from importlib import import_module
from typing import Any

import sympy  # pyright: ignore[reportMissingTypeStubs] -- it has none, and its own hints are partial

from tutorbot.core.answers.derivative import primed
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
)
from tutorbot.core.answers.vocabulary import KNOWN

S: Any = sympy  # the one line at which SymPy's missing types are let go


def _polynomial(symbol: Any, expression: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - see S
    """A polynomial of whole coefficients as a function, where SymPy would write Python and run it.

    Raises:
        NotImplementedError: it is none; SymPy then takes another way.
    """
    if not expression.is_polynomial(symbol):
        raise NotImplementedError
    coefficients = S.Poly(expression, symbol).all_coeffs()
    if not all(each.is_Integer for each in coefficients):
        raise NotImplementedError
    whole = [int(each) for each in coefficients]
    return lambda value: reduce(lambda sum_, each: sum_ * value + each, whole, 0)


# With these it adds up endless series and looks for roots. No term that anybody typed is to be run.
for _module in map(import_module, ("sympy.core.evalf", "sympy.polys.rootoftools")):
    vars(_module)["lambdify"] = _polynomial


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


def closed(node: Node, positive: frozenset[str], integer: frozenset[str]) -> Node | None:
    """An integral, sum, product or limit worked out; none if SymPy does not find it, or doubts.

    May take long: set a deadline. Trust an antiderivative after differentiating it.
    """
    builder = _Builder(positive, integer)
    try:
        asked = builder.build(node)
        found = _worked(node, asked)
        if found is None or not _is_confirmed(node, asked, found):
            return None
        return _Reader(builder).tree(found)
    except (ArithmeticError, AttributeError, NotImplementedError, RecursionError):
        return None
    except (KeyError, TypeError, ValueError):
        return None


def warm_up() -> None:
    """Let SymPy make the tables now that it makes when first asked for a sum or an integral."""
    x = S.Symbol("x")
    S.simplify(S.hyperexpand(S.hyper((1, 1), (2,), x)))
    import_module("sympy.integrals.meijerint").meijerint_indefinite(S.exp(-x), x)


def simplified(node: Node, how: str, positive: frozenset[str], integer: frozenset[str]) -> Node:
    """An expression as SymPy would write it: ``expand``, ``factor``, ``apart`` and the like.

    Raises:
        ValueError: SymPy does not know how, or what comes out has no place in our trees.
    """
    builder = _Builder(positive, integer)
    try:
        return _Reader(builder).tree(_SIMPLIFIED[how](builder.build(node)))
    except (ArithmeticError, AttributeError, NotImplementedError, RecursionError) as error:
        raise ValueError(how) from error
    except (KeyError, TypeError) as error:
        raise ValueError(how) from error


def _worked(node: Node, asked: Any) -> Any:  # noqa: ANN401 - see S
    match node:
        case Operation("limit", side=side):
            body, name, target, _ = asked.args
            direction = side or ("+" if target in (S.oo, -S.oo) else "+-")
            found = S.limit(body, name, target, direction)
        case Operation("integral") if node.arguments:
            found = S.integrate(*asked.args, conds="none")
        case _:
            found = asked.doit()
    unfinished = (S.Integral, S.Sum, S.Product, S.Limit, S.Piecewise, S.AccumBounds)
    if found.has(*unfinished) or found.has(S.nan, S.zoo, S.oo):
        return None
    return S.simplify(found)


def _is_confirmed(node: Node, asked: Any, found: Any) -> bool:  # noqa: ANN401 - see S
    """Whether the numbers agree, worked out in another way at points of the domain."""
    if isinstance(node, Operation) and (node.kind == "limit" or not node.arguments):
        return node.kind != "limit" or _approached(asked, found)
    names = sorted(asked.free_symbols | found.free_symbols, key=str)
    for trial in range(2):
        point = {
            name: S.Integer(3 + trial + place)
            if name.is_integer
            else S.Rational(7 + 5 * place + 3 * trial, 11)
            for place, name in enumerate(names)
        }
        ours, theirs = S.N(asked.subs(point), 20), S.N(found.subs(point), 20)
        if not (ours.is_number and theirs.is_number):
            return False
        if abs(complex(ours) - complex(theirs)) > _CLOSE * (1 + abs(complex(theirs))):
            return False
    return True


def _approached(asked: Any, found: Any) -> bool:  # noqa: ANN401 - see S
    """Whether the values come nearer to the limit."""
    body, name, target, direction = asked.args
    if (asked.free_symbols | found.free_symbols) - {name}:
        point = {each: S.Rational(13, 11) for each in asked.free_symbols - {name}}
        body, found, target = body.subs(point), found.subs(point), target.subs(point)
    sign = -1 if target == -S.oo or str(direction) == "-" else 1
    gaps: list[float] = []
    for power in (3, 6, 9):
        # In floats: SymPy would write a power of fractions out.
        step = S.Float(10, 40) ** power
        place = sign * step if target in (S.oo, -S.oo) else S.N(target, 40) + sign / step
        gaps.append(abs(complex(body.subs(name, place)) - complex(found)))
    return gaps[-1] <= max(1e-3, gaps[0] / 2) * (1 + abs(complex(found)))


_CLOSE = 1e-10
_SIMPLIFIED: dict[str, Callable[[Any], Any]] = {
    "expand": S.expand,
    "factor": S.factor,
    "apart": S.apart,
    "together": lambda it: S.cancel(S.together(it)),
    "simplify": S.simplify,
}


class _Builder:
    def __init__(self, positive: frozenset[str], integer: frozenset[str]) -> None:
        self.positive = positive
        self.integer = integer
        self.bound: list[str] = []
        self.names: dict[Any, str] = {}  # of the symbols that were made
        self.functions: dict[Any, tuple[str, int]] = {}

    def build(self, node: Node) -> Any:  # noqa: ANN401 - see S
        match node:
            case Number():
                return S.Rational(node.value.numerator, node.value.denominator)
            case Symbol():
                return self.symbol(node.name)
            case Constant():
                return {"pi": S.pi, "e": S.E, "i": S.I, "infinity": S.oo, "degree": S.pi / 180}[
                    node.name
                ]
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
            case Apply() if node.name in KNOWN:
                return self.build(primed(node))
            case Apply():
                function = S.Function(f"{node.name}{'_prime' * node.primes}")
                self.functions[function] = (node.name, node.primes)
                return function(*map(self.build, node.arguments))
            case Total():
                self.bound.append(node.index)
                body = self.build(node.body)
                index = self.symbol(node.index)
                self.bound.pop()
                return S.Sum(body, (index, self.build(node.low), self.build(node.high)))
            case Operation():
                return self.operation(node)

    def operation(self, node: Operation) -> Any:  # noqa: ANN401 - see S
        arguments = [self.build(each) for each in node.arguments]
        if node.kind == "product":
            self.bound.append(node.name)
            body, index = self.build(node.body), self.symbol(node.name)
            self.bound.pop()
            return S.Product(body, (index, *arguments))
        # The variable of an integral or a limit is real whatever the name is used for outside.
        inner = _Builder(frozenset(), frozenset()) if node.binds else self
        inner.bound = self.bound
        variable = S.Symbol(node.name, real=True) if node.binds else self.symbol(node.name)
        body = self.build(node.body)
        if node.binds:
            body = body.subs(self.symbol(node.name), variable)
        self.names[variable] = node.name
        match node.kind:
            case "integral":
                return S.Integral(body, (variable, *arguments))
            case "limit":
                return S.Limit(body, variable, *arguments, node.side or "+")
            case _:
                return S.Derivative(body, (variable, *arguments))

    def symbol(self, name: str) -> Any:  # noqa: ANN401 - see S
        base, _, subscript = name.partition("_")
        if subscript in self.bound:
            return S.Function(f"{base}_")(self.symbol(subscript))
        if name in self.bound:
            return S.Symbol(f"{name}_bound{self.bound.index(name)}", integer=True)
        made = S.Symbol(
            name,
            real=True,
            positive=True if name in self.positive else None,
            integer=True if name in self.integer else None,
        )
        self.names[made] = name
        return made


class _Reader:
    """SymPy's expressions back to our trees; what has no place in them is refused."""

    def __init__(self, builder: _Builder) -> None:
        self.names = builder.names
        self.functions = builder.functions

    def tree(self, it: Any) -> Node:  # noqa: ANN401 - see S
        if it in self.names:
            return Symbol(self.names[it])
        if it.is_Rational:
            return _rational(Fraction(int(it.p), int(it.q)))
        for made, name in ((S.pi, "pi"), (S.E, "e"), (S.I, "i")):
            if it == made:
                return Constant(name)
        if it.is_Add:
            return _signed(self.tree(each) for each in it.as_ordered_terms())
        if it.is_Mul:
            return self.product(it)
        if it.is_Pow:
            return self.power(it)
        if it.func in self.functions:
            name, primes = self.functions[it.func]
            return Apply(name, primes, tuple(map(self.tree, it.args)))
        return Call(_NAMES[it.func], tuple(map(self.tree, it.args)))

    def product(self, it: Any) -> Node:  # noqa: ANN401 - see S
        over, under = S.fraction(it)
        if under != 1:
            negative = bool(over.could_extract_minus_sign())
            quotient = Div(self.tree(-over if negative else over), self.tree(under))
            return Neg(quotient) if negative else quotient
        first, rest = it.as_coeff_Mul()
        if first == -1:
            return Neg(self.tree(rest))
        if first < 0:
            return Neg(self.tree(S.Mul(-first, rest, evaluate=False)))
        return Mul(tuple(self.tree(each) for each in it.as_ordered_factors()))

    def power(self, it: Any) -> Node:  # noqa: ANN401 - see S
        base, exponent = it.as_base_exp()
        if exponent.is_Rational and exponent < 0:
            return Div(number(1), self.tree(S.Pow(base, -exponent)))
        if exponent == S.Rational(1, 2):
            return Call("sqrt", (self.tree(base),))
        return Pow(self.tree(base), self.tree(exponent))


def _rational(value: Fraction) -> Node:
    size = abs(value)
    made: Node = number(size.numerator)
    if size.denominator != 1:
        made = Div(made, number(size.denominator))
    return Neg(made) if value < 0 else made


def _signed(terms: Iterable[Node]) -> Node:
    """A sum that begins with a plus where it can."""
    found = list(terms)
    found.sort(key=lambda term: isinstance(term, Neg))
    return Add(tuple(found))


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
_NAMES: dict[Any, str] = {
    **{getattr(S, name): name for name in KNOWN if hasattr(S, name)},
    S.log: "ln",
    S.Abs: "abs",
    S.ceiling: "ceil",
    S.Min: "min",
    S.Max: "max",
}
"""What SymPy's functions are called here."""

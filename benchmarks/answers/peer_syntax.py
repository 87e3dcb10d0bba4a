"""Our trees in the syntax that each peer reads most safely.

What a learner typed was read by us, so that no peer fails at a product without a sign or at a
letter it holds for a constant: symbols become plain letters, brackets stand around everything, and
functions that a peer does not know are written with those it knows. So peers are compared by what
they decide, not by what they can read.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from tutorbot.core.answers.printing import latex
from tutorbot.core.answers.reader import read
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
    children,
    literal,
    number,
    rebuilt,
    replaced,
    walk,
)
from tutorbot.core.answers.verdicts import Problem
from tutorbot.core.answers.vocabulary import Vocabulary

LETTERS = "xyzabcmnpqrtuvwk"  # that no peer holds for a constant, a function or a differential
FUNCTIONS = "fghFGH"


class NoWords(ValueError):
    """The peer has no words for it."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """One side for each peer; None where it has no words for it."""

    sympy: str | None
    math_verify: str | None
    kas: str | None


def written(sides: tuple[Node, Node]) -> tuple[Written, Written]:
    """Both sides, with the same letters for the same symbols.

    Raises:
        NoWords: there are more symbols than letters.
    """
    one, other = renamed(sides)
    return _written(one), _written(other)


def _written(tree: Node) -> Written:
    def words(of: Callable[[Node], str]) -> str | None:
        try:
            return of(tree)
        except NoWords:
            return None

    return Written(sympy=words(for_sympy), math_verify=words(for_math_verify), kas=words(for_kas))


# -- names -----------------------------------------------------------------------------------------


def renamed(sides: tuple[Node, Node]) -> tuple[Node, Node]:
    nodes = [node for side in sides for node in walk(side)]
    bound = {node.index for node in nodes if isinstance(node, Total)}
    bound |= {node.name for node in nodes if isinstance(node, Operation)}
    names = {node.name for node in nodes if isinstance(node, Symbol)} | bound
    if any(name.partition("_")[2] in bound for name in names):
        return sides  # terms of a sum that its index counts
    letters = _given(names, LETTERS)
    applied = {f"{n.name}{n.primes}" for n in nodes if isinstance(n, Apply)}
    functions = _given(applied, FUNCTIONS)

    def new(node: Node) -> Node:
        node = rebuilt(node, tuple(map(new, children(node))))
        match node:
            case Symbol():
                return Symbol(letters[node.name])
            case Apply():
                return Apply(functions[f"{node.name}{node.primes}"], 0, node.arguments)
            case Total():
                return Total(node.body, letters[node.index], node.low, node.high)
            case Operation():
                name = letters[node.name]
                return Operation(node.kind, node.body, name, node.arguments, node.side)
            case _:
                return node

    return new(sides[0]), new(sides[1])


def _given(names: Iterable[str], pool: str) -> dict[str, str]:
    """A letter for each name, its own where it may keep it."""
    names = sorted(names)
    kept = {name: name for name in names if name in pool}
    free = iter(letter for letter in pool if letter not in kept)
    try:
        return kept | {name: next(free) for name in names if name not in kept}
    except StopIteration:
        raise NoWords("more names than letters") from None


# -- functions that a peer does not know -----------------------------------------------------------


OTHERWISE = {
    "percent": "x/100",
    "cbrt": "x^(1/3)",
    "root": "x^(1/y)",
    "exp": "e^x",
    "sech": "1/cosh(x)",
    "csch": "1/sinh(x)",
    "coth": "cosh(x)/sinh(x)",
    "asech": "acosh(1/x)",
    "acsch": "asinh(1/x)",
    "acoth": "atanh(1/x)",
    "asinh": "ln(x + sqrt(x^2 + 1))",
    "acosh": "ln(x + sqrt(x^2 - 1))",
    "atanh": "ln((1 + x)/(1 - x))/2",
    "log10": "ln(x)/ln(10)",
    "log2": "ln(x)/ln(2)",
    "log": "ln(x)/ln(y)",
    "sinc": "sin(x)/x",
    "re": "(x + conj(x))/2",
}
_READER = Vocabulary(symbols=frozenset("xy"))


def _otherwise(node: Call) -> Node:
    if node.name == "log" and len(node.arguments) == 1:
        return Call("ln", node.arguments)
    if node.name not in OTHERWISE:
        raise NoWords(node.name)
    made = read(OTHERWISE[node.name], _READER)
    assert not isinstance(made, Problem)
    return replaced(made.tree, dict(zip("xy", node.arguments, strict=False)))


def _known_only(node: Node, known: frozenset[str]) -> Node:
    node = rebuilt(node, tuple(_known_only(each, known) for each in children(node)))
    if not isinstance(node, Call):
        return node
    if node.name == "binomial" and len(node.arguments) > 2:
        raise NoWords(node.name)
    if node.name in known:
        return node
    return _known_only(_otherwise(node), known)


# -- SymPy -----------------------------------------------------------------------------------------

SYMPY = {
    **{
        name: name
        for name in [
            *("sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "asec", "acsc"),
            *("acot", "sinh", "cosh", "tanh", "sech", "csch", "coth", "asinh", "acosh", "atanh"),
            *("asech", "acsch", "acoth", "exp", "sqrt", "cbrt", "root", "sign", "factorial"),
            *("binomial", "floor", "re", "im", "arg", "atan2", "gcd", "lcm"),
        ]
    },
    "abs": "Abs",
    "ceil": "ceiling",
    "conj": "conjugate",
    "ln": "log",
    "log": "log",
    "max": "Max",
    "min": "Min",
    "mod": "Mod",
    "semifactorial": "factorial2",
    "sinc": "sinc",
}
SYMPY_CONSTANTS = {"pi": "pi", "e": "E", "i": "I", "infinity": "oo", "degree": "(pi/180)"}


def for_sympy(tree: Node) -> str:
    """Python, of nothing but names that SymPy has and letters."""
    return _for_sympy(_known_only(tree, frozenset(SYMPY)))


def _for_sympy(node: Node) -> str:
    parts = [f"({_for_sympy(each)})" for each in children(node)]
    match node:
        case Number():
            return f"Rational({node.value.numerator}, {node.value.denominator})"
        case Symbol():
            return node.name
        case Constant():
            return SYMPY_CONSTANTS[node.name]
        case Call():
            return f"{SYMPY[node.name]}({', '.join(parts)})"
        case Apply():
            return f"Function('{node.name}')({', '.join(parts)})"
        case Total():
            body, low, high = parts
            return f"Sum({body}, ({node.index}, {low}, {high}))"
        case Operation():
            return _operation_for_sympy(node, parts)
        case _:
            return _joined(node, parts, "**")


def _operation_for_sympy(node: Operation, parts: list[str]) -> str:
    body, *arguments = parts
    if node.kind == "limit":
        return f"Limit({body}, {node.name}, {arguments[0]}, '{node.side or '+-'}')"
    kind = node.kind.capitalize()
    return f"{kind}({body}, ({', '.join((node.name, *arguments))}))"


# -- KAS -------------------------------------------------------------------------------------------

_KAS_ARCUS = ("asin", "acos", "atan", "asec", "acsc", "acot")
KAS = {
    **{name: name for name in ("sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh")},
    **{name: name for name in ("sech", "csch", "coth", "sqrt", "ln", "abs")},
    **{name: f"arc{name[1:]}" for name in _KAS_ARCUS},
}


def for_kas(tree: Node) -> str:
    """Its own plain syntax. A power of a function needs brackets there: sin(x)^2 is sin(x^2)."""
    return _for_kas(_known_only(tree, frozenset(KAS)))


def _for_kas(node: Node) -> str:
    parts = [f"({_for_kas(each)})" for each in children(node)]
    match node:
        case Number():
            return _plain_number(node)
        case Symbol():
            return node.name
        case Constant("pi" | "e" | "i"):
            return node.name  # it has no imaginary unit: i is one more letter
        case Constant("degree"):
            return "((pi)/(180))"
        case Call():
            return f"{KAS[node.name]}{parts[0]}"
        case Apply() if len(parts) == 1:
            return f"{node.name}{parts[0]}"
        case Constant() | Apply() | Total() | Operation():
            raise NoWords(type(node).__name__)
        case _:
            return _joined(node, parts, "^")


def _plain_number(node: Number) -> str:
    if "e" not in node.text.lower():
        return node.text
    value = node.value
    return f"(({value.numerator})/({value.denominator}))"


def _joined(node: Add | Mul | Neg | Div | Pow, parts: list[str], power: str) -> str:
    match node:
        case Add():
            return "+".join(parts)
        case Mul():
            return "*".join(parts)
        case Neg():
            return f"-{parts[0]}"
        case Div():
            return "/".join(parts)
        case Pow():
            return power.join(parts)


# -- math-verify -----------------------------------------------------------------------------------

_ARCUS = "sin|cos|tan|sec|csc|cot"
_MATH_VERIFY = frozenset(
    [
        *("sin", "cos", "tan", "sec", "csc", "cot", "asin", "acos", "atan", "asec", "acsc", "acot"),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "sqrt", "root", "ln", "log"),
        *("abs", "factorial", "binomial", "min", "max"),
    ]
)


def for_math_verify(tree: Node) -> str:
    """LaTeX. Its i is a letter mostly, so that the unit is written as a root."""
    plain = _plain_numbers(_known_only(tree, _MATH_VERIFY))
    text = latex(plain)
    text = re.sub(rf"\\operatorname\{{a({_ARCUS})\}}", r"\\arc\1", text)
    text = re.sub(r"\\operatorname\{a(sinh|cosh|tanh)\}", r"\\ar\1", text)
    return f"${text}$"


def _plain_numbers(node: Node) -> Node:
    node = rebuilt(node, tuple(map(_plain_numbers, children(node))))
    match node:
        case Number() if "e" in node.text.lower():
            return literal(Fraction(node.value))
        case Constant("i"):
            return Call("sqrt", (Neg(number(1)),))
        case _:
            return node

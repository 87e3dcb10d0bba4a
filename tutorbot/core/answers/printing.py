"""A tree back to what people read, in the learner's own order: Unicode, or LaTeX.

Reading the Unicode gives the same tree again.
"""

from tutorbot.core.answers.characters import GREEK, SUBSCRIPTS, SUPERSCRIPTS
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
    Size,
    Symbol,
    Total,
    Tree,
    walk,
)
from tutorbot.core.answers.verdicts import Echo

_LETTER = {name: letter for letter, name in reversed(GREEK.items())}
_RAISED = {plain: raised for raised, plain in SUPERSCRIPTS.items()}
_LOWERED = {plain: lowered for lowered, plain in SUBSCRIPTS.items()}
_CONSTANTS = {
    "pi": ("π", r"\pi"),
    "infinity": ("∞", r"\infty"),
    "degree": ("°", r"{}^{\circ}"),
}
_LATEX_FUNCTIONS = frozenset(
    [
        "sin",
        "cos",
        "tan",
        "sec",
        "csc",
        "cot",
        "sinh",
        "cosh",
        "tanh",
        "coth",
        "exp",
        "ln",
        "log",
        "min",
        "max",
    ]
)


def echo(tree: Tree) -> Echo:
    return Echo(text=unicode(tree), latex=latex(tree))


def unicode(tree: Tree) -> str:
    """The tree in one line of Unicode.

    >>> unicode(Mul((Symbol("alpha"), Pow(Symbol("s_4"), Symbol("n")))))
    'α·s₄^n'
    """
    if isinstance(tree, Size):
        return " × ".join(_grouped(entry, Add, Neg, Mul, Div) for entry in tree.entries)
    return _unicode(tree)


def latex(tree: Tree) -> str:
    r"""The tree in LaTeX without dollar signs.

    >>> latex(Div(Symbol("alpha"), Symbol("s_4")))
    '\\frac{\\alpha}{s_{4}}'
    """
    if isinstance(tree, Size):
        return r" \times ".join(_latex_grouped(entry, Add, Neg, Mul) for entry in tree.entries)
    return _latex(tree)


def name_shown(name: str) -> str:
    """A declared name in Unicode.

    >>> name_shown("sigma_10")
    'σ₁₀'
    """
    base, _, subscript = name.partition("_")
    shown = _LETTER.get(base, base)
    if not subscript:
        return shown
    if all(each in _LOWERED for each in subscript):
        return shown + "".join(_LOWERED[each] for each in subscript)
    return f"{shown}_{subscript}" if subscript.isalnum() else f"{shown}_{{{subscript}}}"


def _unicode(node: Node) -> str:
    match node:
        case Number():
            return node.text
        case Symbol():
            return name_shown(node.name)
        case Constant():
            return _CONSTANTS.get(node.name, (node.name, ""))[0]
        case Add():
            first, *rest = node.terms
            return _grouped(first, Add) + "".join(map(_further_term, rest))
        case Neg(Mul((Symbol("±"), inside))):
            return "∓" + _grouped(inside, Add, Neg)
        case Neg():
            return "−" + _grouped(node.of, Add, Neg)
        case Mul((Symbol("±"), inside)):
            return "±" + _grouped(inside, Add, Neg)
        case Mul((angle, Constant("degree"))):
            return _grouped(angle, Add, Neg, Mul, Div, Pow, Call, Apply, Total, Operation) + "°"
        case Mul():
            return _product(node)
        case Div():
            over = _grouped(node.over, Add, Neg, Total, Operation)
            return f"{over}/{_grouped(node.under, Add, Neg, Mul, Div, Total, Operation)}"
        case Pow():
            return _unicode_base(node.base) + _unicode_exponent(node.exponent)
        case Call():
            return _unicode_call(node)
        case Apply():
            inside = ", ".join(map(_unicode, node.arguments))
            return f"{name_shown(node.name)}{'′' * node.primes}({inside})"
        case Total():
            body = _grouped(node.body, Add, Neg, Total, Operation)
            low, high = _unicode(node.low), _unicode(node.high)
            return f"Σ_{{{name_shown(node.index)}={low}}}^{{{high}}} {body}"
        case Operation():
            return _unicode_operation(node)


def _further_term(term: Node) -> str:
    match term:
        case Neg(Mul((Symbol("±"), inside))):
            return " ∓ " + _grouped(inside, Add, Neg)
        case Mul((Symbol("±"), inside)):
            return " ± " + _grouped(inside, Add, Neg)
        case Neg():
            return " − " + _grouped(term.of, Add, Neg)
        case _:
            pass
    return " + " + _grouped(term, Add, Neg)


def _product(node: Mul) -> str:
    first, *rest = node.factors
    # A quotient first is read as one; further on it would swallow what stands before it.
    return "·".join(
        (
            _grouped(first, Add, Neg, Mul, Total, Operation),
            *(_grouped(factor, Add, Neg, Mul, Div, Total, Operation) for factor in rest),
        )
    )


def _unicode_base(base: Node) -> str:
    return _grouped(base, Add, Neg, Mul, Div, Pow, Total, Operation)


def _unicode_exponent(exponent: Node) -> str:
    inside = _unicode(exponent)
    unsigned = exponent.of if isinstance(exponent, Neg) else exponent
    raised = [_RAISED.get(each) for each in inside.replace("−", "-")]
    if isinstance(unsigned, Number) and None not in raised:
        return "".join(each for each in raised if each)
    if isinstance(exponent, Add | Neg | Mul | Div | Pow | Total | Operation) or _ends_in_postfix(
        exponent
    ):
        return f"^({inside})"
    return f"^{inside}"


def _unicode_call(node: Call) -> str:
    first = node.arguments[0]
    match node.name:
        case "sqrt":
            return f"√({_unicode(first)})"
        case "factorial":
            return (
                _unicode_base(first) + "!"
                if not _ends_in_postfix(first)
                else f"({_unicode(first)})!"
            )
        case "percent":
            return (
                _unicode_base(first) + "%"
                if not _ends_in_postfix(first)
                else f"({_unicode(first)})%"
            )
        case "abs" if not any(
            isinstance(each, Call) and each.name == "abs" for each in walk(first)
        ):
            return f"|{_unicode(first)}|"
        case "log" if isinstance(node.arguments[1], Number) and node.arguments[1].text.isdigit():
            return name_shown(f"log_{node.arguments[1].text}") + f"({_unicode(first)})"
        case name:
            return f"{name}({', '.join(map(_unicode, node.arguments))})"


def _unicode_operation(node: Operation) -> str:
    name = name_shown(node.name)
    arguments = [_unicode(each) for each in node.arguments]
    match node.kind:
        case "derivative":
            order = arguments[0] if arguments[0] != "1" else ""
            raised = "".join(_RAISED.get(each, each) for each in order)
            return f"d{raised}/d{name}{raised} {_grouped(node.body, Add, Neg, Total, Operation)}"
        case "integral":
            bounds = f"_{{{arguments[0]}}}^{{{arguments[1]}}}" if arguments else ""
            return f"∫{bounds} {_grouped(node.body, Add, Neg)} d{name}"
        case "product":
            low, high = arguments
            body = _grouped(node.body, Add, Neg, Total, Operation)
            return f"∏_{{{name}={low}}}^{{{high}}} {body}"
        case _:
            side = f"^{node.side}" if node.side else ""
            body = _grouped(node.body, Add, Neg, Total, Operation)
            return f"lim_{{{name}→{arguments[0]}{side}}} {body}"


def _ends_in_postfix(node: Node) -> bool:
    return isinstance(node, Call) and node.name in {"factorial", "percent"}


def _grouped(node: Node, *looser: type[Node]) -> str:
    written = _unicode(node)
    return f"({written})" if isinstance(node, looser) else written


def _latex(node: Node) -> str:
    match node:
        case Number():
            return node.text
        case Symbol():
            return _latex_name(node.name)
        case Constant():
            return _CONSTANTS.get(node.name, ("", node.name))[1]
        case Add():
            first, *rest = node.terms
            return _latex_grouped(first, Add) + "".join(map(_latex_further_term, rest))
        case Neg(Mul((Symbol("±"), inside))):
            return r"\mp " + _latex_grouped(inside, Add, Neg)
        case Mul((Symbol("±"), inside)):
            return r"\pm " + _latex_grouped(inside, Add, Neg)
        case Mul((angle, Constant("degree"))):
            loose = (Add, Neg, Mul, Div, Pow, Call, Apply, Total, Operation)
            return _latex_grouped(angle, *loose) + r"^{\circ}"
        case Neg():
            return "-" + _latex_grouped(node.of, Add, Neg)
        case Mul():
            first, *rest = node.factors
            return r" \cdot ".join(
                (
                    _latex_grouped(first, Add, Neg, Mul, Total, Operation),
                    *(_latex_grouped(factor, Add, Neg, Mul, Total, Operation) for factor in rest),
                )
            )
        case Div():
            return rf"\frac{{{_latex(node.over)}}}{{{_latex(node.under)}}}"
        case Pow():
            base = _latex_grouped(node.base, Add, Neg, Mul, Div, Pow, Total, Operation)
            return f"{base}^{{{_latex(node.exponent)}}}"
        case Call():
            return _latex_call(node)
        case Apply():
            inside = ", ".join(map(_latex, node.arguments))
            return _latex_name(node.name) + "'" * node.primes + rf"\left({inside}\right)"
        case Total():
            body = _latex_grouped(node.body, Add, Neg, Total, Operation)
            index = _latex_name(node.index)
            return rf"\sum_{{{index}={_latex(node.low)}}}^{{{_latex(node.high)}}} {body}"
        case Operation():
            return _latex_operation(node)


def _latex_further_term(term: Node) -> str:
    match term:
        case Neg(Mul((Symbol("±"), inside))):
            return r" \mp " + _latex_grouped(inside, Add, Neg)
        case Mul((Symbol("±"), inside)):
            return r" \pm " + _latex_grouped(inside, Add, Neg)
        case Neg():
            return " - " + _latex_grouped(term.of, Add, Neg)
        case _:
            pass
    return " + " + _latex_grouped(term, Add, Neg)


def _latex_name(name: str) -> str:
    base, _, subscript = name.partition("_")
    written = f"\\{base}" if base in _LETTER else base
    if len(base) > 1 and base not in _LETTER:
        written = rf"\mathrm{{{base}}}"
    return f"{written}_{{{subscript}}}" if subscript else written


def _latex_call(node: Call) -> str:
    if node.name in {"factorial", "percent"}:
        sign = "!" if node.name == "factorial" else r"\%"
        return _latex_grouped(node.arguments[0], Add, Neg, Mul, Div, Pow, Call) + sign
    first, *rest = map(_latex, node.arguments)
    match node.name:
        case "sqrt":
            return rf"\sqrt{{{first}}}"
        case "root":
            return rf"\sqrt[{rest[0]}]{{{first}}}"
        case "abs":
            return rf"\left|{first}\right|"
        case "binomial" if len(rest) == 1:
            return rf"\binom{{{first}}}{{{rest[0]}}}"
        case "log" if rest:
            return rf"\log_{{{rest[0]}}}\left({first}\right)"
        case name:
            inside = ", ".join((first, *rest))
            word = f"\\{name}" if name in _LATEX_FUNCTIONS else rf"\operatorname{{{name}}}"
            return rf"{word}\left({inside}\right)"


def _latex_operation(node: Operation) -> str:
    name = _latex_name(node.name)
    arguments = [_latex(each) for each in node.arguments]
    body = _latex_grouped(node.body, Add, Neg, Total, Operation)
    match node.kind:
        case "derivative":
            order = f"^{{{arguments[0]}}}" if arguments[0] != "1" else ""
            return rf"\frac{{d{order}}}{{d{name}{order}}} {body}"
        case "integral":
            bounds = f"_{{{arguments[0]}}}^{{{arguments[1]}}}" if arguments else ""
            return rf"\int{bounds} {_latex_grouped(node.body, Add, Neg)} \, d{name}"
        case "product":
            low, high = arguments
            return rf"\prod_{{{name}={low}}}^{{{high}}} {body}"
        case _:
            side = f"^{{{node.side}}}" if node.side else ""
            return rf"\lim_{{{name} \to {arguments[0]}{side}}} {body}"


def _latex_grouped(node: Node, *looser: type[Node]) -> str:
    written = _latex(node)
    return rf"\left({written}\right)" if isinstance(node, looser) else written

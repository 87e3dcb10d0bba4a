"""Worked steps of a solution: one rule at a time, and each step proved before it is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from tutorbot.core.answers.compare import agree
from tutorbot.core.answers.constant import fraction, integer
from tutorbot.core.answers.derivative import (
    NotDifferentiableError,
    depends,
    differentiated,
    negative,
    power,
    product,
    signed,
    total,
)
from tutorbot.core.answers.forms.parts import terms
from tutorbot.core.answers.forms.ring import Ring, content, factors
from tutorbot.core.answers.tree import (
    Add,
    Call,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Operation,
    Pow,
    Symbol,
    children,
    literal,
    number,
    rebuilt,
    substitute,
)

MAX_STEPS = 40
MAX_POWER = 6  # of a bracket that is written out as a product


class Goal(Enum):
    EXPANDED = "expanded"
    FACTORED = "factored"
    ADDED_UP = "added-up"  # a number, from the inside out
    DIFFERENTIATED = "differentiated"


@dataclass(frozen=True, kw_only=True)
class Step:
    """``before`` equals ``after`` by the rule; for `substitute`, with the values set in."""

    before: Node
    after: Node
    rule: str


Rule = Callable[[Node], Node | None]


def work(
    expression: Node, goal: Goal, values: Mapping[str, Fraction] | None = None
) -> tuple[Step, ...]:
    """The way to the goal, as far as each step of it can be proved; none if it is there already.

    ``values``, such as the sizes of a variant, are set in first.
    """
    steps: list[Step] = []
    current = expression
    if values:
        current = substitute(expression, values)
        if current != expression:
            steps.append(Step(before=expression, after=current, rule="substitute"))
    while len(steps) < MAX_STEPS:
        found = _next(current, goal)
        if found is None or not agree(current, found.after):
            break
        steps.append(found)
        current = found.after
    return tuple(steps)


def _next(current: Node, goal: Goal) -> Step | None:
    for name, rule in _RULES[goal]:
        try:
            after = rule(current)
        except (ArithmeticError, NotDifferentiableError):
            after = None
        if after is not None and after != current:
            return Step(before=current, after=after, rule=name)
    return None


def _somewhere(rule: Rule) -> Rule:
    """The rule at the first place where it fits, the innermost first."""

    def apply(node: Node) -> Node | None:
        parts = children(node)
        for at, child in enumerate(parts):
            found = apply(child)
            if found is not None:
                return _flat(rebuilt(node, (*parts[:at], found, *parts[at + 1 :])))
        found = rule(node)
        return None if found is None or found == node else found

    return apply


def _everywhere(rule: Rule) -> Rule:
    """The rule at all places at once, each part only once."""

    def apply(node: Node) -> Node:
        found = rule(node)
        if found is not None:
            return found
        return _flat(rebuilt(node, tuple(map(apply, children(node)))))

    return apply


def _flat(node: Node) -> Node:
    """Without brackets that say nothing."""
    match node:
        case Add():
            return total(*node.terms)
        case Mul(inner) if any(isinstance(each, Mul) for each in inner):
            return Mul(tuple(part for each in inner for part in _factors(each)))
        case Neg(Neg(of)):
            return of
        case _:
            return node


def _factors(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Mul) else (node,)


# -- expand --------------------------------------------------------------------------------------


def _write_power_out(node: Node) -> Node | None:
    if not isinstance(node, Pow) or not isinstance(node.base, Add):
        return None
    exponent = integer(node.exponent)
    if exponent is None or not 2 <= exponent <= MAX_POWER:  # noqa: PLR2004 - a power worth the name
        return None
    return Mul((node.base,) * exponent)


def _multiply_out(node: Node) -> Node | None:
    match node:
        case Neg(Add() as inner):
            return total(*(negative(term) for term in inner.terms))
        case Div(Add() as inner, under) if fraction(under):
            return total(*(_over(term, under) for term in inner.terms))
        case Mul():
            sums = [each for each in node.factors if isinstance(each, Add)]
            if not sums:
                return None
            first, *others = sums
            rest = list(node.factors)
            rest.remove(first)
            if others:
                rest.remove(others[0])
                second = others[0]
                made = total(*(product(one, two) for one in first.terms for two in second.terms))
                return Mul((*rest, made)) if rest else made
            return total(*(product(*rest, term) for term in first.terms))
        case _:
            return None


def _over(term: Node, under: Node) -> Node:
    return Neg(Div(term.of, under)) if isinstance(term, Neg) else Div(term, under)


def _tidy_terms(node: Node) -> Node | None:
    """Numbers multiplied and powers joined in each term."""
    if not isinstance(node, Add):
        return _monomial(node)
    return Add(tuple(_monomial(term) or term for term in node.terms))


def _monomial(node: Node) -> Node | None:
    if not isinstance(node, Mul | Neg | Div | Pow):
        return None
    ring = Ring([node])
    polynomial = ring.polynomial(node)
    return ring.tree(polynomial) if len(polynomial) <= 1 else None


def _add_like_terms(node: Node) -> Node | None:
    if not isinstance(node, Add):
        return None
    ring = Ring([node])
    polynomial = ring.polynomial(node)
    if len(polynomial) >= sum(1 for _ in terms(node)):
        return None
    return ring.tree(polynomial)


# -- factor --------------------------------------------------------------------------------------


def _take_out(node: Node) -> Node | None:
    """The number and the powers that all terms share."""
    if not isinstance(node, Add):
        return None
    ring = Ring([node])
    polynomial = ring.polynomial(node)
    if len(polynomial) <= 1:
        return None
    common = polynomial.term_content()
    shared = common * ring.constant(content(polynomial) / content(common))
    if shared.is_constant() and shared == ring.constant(Fraction(1)):
        return None
    rest = polynomial / shared
    return Mul((*_factors(ring.tree(shared)), ring.tree(rest)))


def _factor(node: Node) -> Node | None:
    if not isinstance(node, Add):
        return None
    ring = Ring([node])
    polynomial = ring.polynomial(node)
    found = factors(polynomial)
    if not found or (len(found) == 1 and found[0][1] == 1):
        return None
    parts = [power(ring.tree(base), number(int(times))) for base, times in found]
    made = ring.constant(Fraction(1))
    for base, times in found:
        made = made * base ** int(times)
    rest = content(polynomial) / content(made)
    if polynomial.leading_coefficient() * made.leading_coefficient() < 0:
        rest = -rest
    return product(*([literal(rest)] if rest != 1 else []), *parts)


# -- add up --------------------------------------------------------------------------------------


def _work_out(node: Node) -> Node | None:
    """What is made of plain numbers, once for each part."""
    parts = children(node)
    if not parts or isinstance(node, Neg) or _is_plain(node):
        return None
    if not all(isinstance(part, Number) or _is_plain(part) for part in parts):
        return None
    value = fraction(node)
    made = None if value is None else literal(value)
    return None if made == node else made


def _is_plain(node: Node) -> bool:
    """A number as one would write it, with its sign, or a fraction in lowest terms."""
    value = fraction(node)
    return value is not None and literal(value) == node


# -- differentiate -------------------------------------------------------------------------------


def _differentiate(node: Node) -> Node | None:
    """One rule: of sums, products, quotients, powers, or the chain."""
    if not isinstance(node, Operation) or node.kind != "derivative":
        return None
    body, name = node.body, node.name
    if integer(node.arguments[0]) != 1:
        return None

    def inner(part: Node) -> Node:
        return Operation("derivative", part, name, (number(1),))

    match body:
        case Add():
            return total(*(inner(term) for term in body.terms if depends(term, name)))
        case Neg():
            return negative(inner(body.of))
        case Mul():
            return _of_product(body, name, inner)
        case Div() if depends(body.under, name):
            above = Add(
                (Mul((inner(body.over), body.under)), Neg(Mul((body.over, inner(body.under)))))
            )
            return Div(above, Pow(body.under, number(2)))
        case Div():
            return Div(inner(body.over), body.under)
        case Pow(Symbol(), _) | Symbol():
            return differentiated(body, name)
        case Pow(base, exponent) if (times := integer(exponent)) is not None:
            return product(exponent, power(base, signed(times - 1)), inner(base))
        case Call(function, (argument,)) if not isinstance(argument, Symbol):
            variable = Symbol(name)
            outer = differentiated(Call(function, (variable,)), name)
            return product(_with(outer, name, argument), inner(argument))
        case _:
            return differentiated(body, name)


def _of_product(body: Mul, name: str, inner: Callable[[Node], Node]) -> Node:
    constant = [factor for factor in body.factors if not depends(factor, name)]
    moving = [factor for factor in body.factors if depends(factor, name)]
    if constant:
        return product(*constant, inner(moving[0] if len(moving) == 1 else Mul(tuple(moving))))
    return total(
        *(
            product(*moving[:at], inner(factor), *moving[at + 1 :])
            for at, factor in enumerate(moving)
        )
    )


def _with(node: Node, name: str, by: Node) -> Node:
    if isinstance(node, Symbol):
        return by if node.name == name else node
    return rebuilt(node, tuple(_with(part, name, by) for part in children(node)))


_RULES: dict[Goal, tuple[tuple[str, Rule], ...]] = {
    Goal.EXPANDED: (
        ("write-power-out", _somewhere(_write_power_out)),
        ("multiply-out", _somewhere(_multiply_out)),
        ("multiply", _tidy_terms),
        ("add-like-terms", _add_like_terms),
    ),
    Goal.FACTORED: (
        ("take-out", _take_out),
        ("factor", _everywhere(_factor)),
    ),
    Goal.ADDED_UP: (("work-out", _everywhere(_work_out)),),
    Goal.DIFFERENTIATED: (
        ("differentiate", _everywhere(_differentiate)),
        ("multiply", _tidy_terms),
    ),
}

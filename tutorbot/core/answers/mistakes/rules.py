"""Slips with the rules of differentiating, seen in what the right answer is made of.

The key of such a question is the derivative; what was differentiated is not known. But where a sum
is u′·v + u·v′, each part is the derivative of another, and so it shows what the rule was for.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.derivative import NotDifferentiableError, differentiated
from tutorbot.core.answers.fingerprint import fingerprint
from tutorbot.core.answers.mistakes.mutation import (
    MINUS_ONE,
    ONE,
    Mutation,
    opposite,
    others,
    product_of,
    shifted,
    without_sign,
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
    Pow,
    Symbol,
    symbols,
)

Mutations = Iterator[Mutation]

MOST_FACTORS = 4  # of a term of which every split is looked at
MOST_INNER = 5  # factors that the chain rule may have brought


def of_sum(node: Add) -> Mutations:
    """u′·v + u·v′ → u′·v′."""
    if len(node.terms) != 2:  # noqa: PLR2004 - the rule has two
        return
    for one, two in (node.terms, node.terms[::-1]):
        for name in sorted(symbols(node)):
            for first in _splits(one):  # u′ and v
                for second in _splits(two):  # u and v′
                    if _is_slope(second.left, name, first.left) and _is_slope(
                        first.right, name, second.right
                    ):
                        made = product_of((first.left, second.right))
                        yield Mutation(made, "product-rule", (("sum", node),))


def of_quotient(node: Div) -> Mutations:
    """(u′·v − u·v′)/v² → u′/v′; and v′/v → 1/v′."""
    over, under = node.over, node.under
    if isinstance(over, Add) and len(over.terms) == 2 and isinstance(under, Pow):  # noqa: PLR2004 - the rule has two
        below = _print(under.base)
        for one, two in (over.terms, over.terms[::-1]):
            for name in sorted(symbols(node)):
                for first in _splits(one):
                    if _print(first.right) != below:
                        continue
                    for second in _splits(opposite(two)):
                        if _is_slope(second.left, name, first.left) and _is_slope(
                            under.base, name, second.right
                        ):
                            made = Div(first.left, second.right)
                            yield Mutation(made, "quotient-rule", (("fraction", node),))
    if not isinstance(under, Symbol | Number | Constant):
        for name in sorted(symbols(under)):
            if _is_slope(under, name, over):
                yield Mutation(Div(ONE, over), "inside-differentiated", (("part", node),))


def of_product(factors: tuple[Node, ...]) -> Mutations:
    yield from _without_inner_derivative(factors)
    for place, factor in enumerate(factors):
        power = _exponential(factor)
        if power is not None:
            yield from _as_a_power(power, others(factors, place))


def of_power(node: Pow) -> Mutations:
    power = _exponential(node)
    if power is not None:
        yield from _as_a_power(power, ())


def _as_a_power(power: Pow, rest: tuple[Node, ...]) -> Mutations:
    """The derivative of 2ˣ taken as if it were x²: x·2ˣ⁻¹, whatever came before it dropped."""
    brought = {_print(Call("ln", (power.base,)))}
    for name in symbols(power.exponent):
        brought.add(_print(_slope(power.exponent, name)))
    kept = [each for each in rest if _print(each) not in brought]
    lowered = Pow(power.base, shifted(power.exponent, -1))
    for before in ([*kept, power.exponent], [*rest, power.exponent]):
        made = product_of((*before, lowered))
        yield Mutation(made, "power-rule", (("power", power),))


def _exponential(node: Node) -> Pow | None:
    """A power with a constant base and a symbol in its exponent."""
    if isinstance(node, Call) and node.name == "exp":
        node = Pow(Constant("e"), node.arguments[0])
    if isinstance(node, Pow) and not symbols(node.base) and symbols(node.exponent):
        return node
    return None


def _without_inner_derivative(factors: tuple[Node, ...]) -> Mutations:
    """The chain rule forgotten: cos(2x) for 2·cos(2x); or taken inside: cos(2x) for 2x·cos(x²)."""
    for place, factor in enumerate(factors):
        inside = _inside(factor)
        wanted = set[int | None]() if inside is None else _slopes(inside)
        rest = [at_ for at_ in range(len(factors)) if at_ != place][:MOST_INNER]
        for count in range(1, len(rest) + 1) if wanted else ():
            for some in combinations(rest, count):
                inner = product_of([factors[each] for each in some])
                if _print(inner) not in wanted:
                    continue
                left = [each for at_, each in enumerate(factors) if at_ not in some]
                yield Mutation(product_of(left), "chain", (("factor", inner),))
                taken = [
                    _with_inside(each, inner) if at_ == place else each
                    for at_, each in enumerate(factors)
                    if at_ not in some
                ]
                yield Mutation(product_of(taken), "inside-differentiated", (("part", factor),))


def _inside(factor: Node) -> Node | None:
    """What a function is taken of, if that is more than a symbol."""
    match factor:
        case Call(_, (inside,)) | Apply(_, _, (inside,)):
            pass
        case Pow(base, exponent):
            inside = exponent if symbols(exponent) else base
        case _:
            return None
    return None if isinstance(inside, Symbol | Number | Constant) else inside


def _with_inside(factor: Node, inside: Node) -> Node:
    match factor:
        case Call():
            return Call(factor.name, (inside,))
        case Apply():
            return Apply(factor.name, factor.primes, (inside,))
        case Pow():
            return (
                Pow(factor.base, inside)
                if symbols(factor.exponent)
                else Pow(inside, factor.exponent)
            )
        case _:
            return factor


def _slopes(inside: Node) -> set[int | None]:
    """The fingerprints of what the chain rule brings before a derivative such as cos(2x)."""
    found = {_print(_slope(inside, name)) for name in sorted(symbols(inside))}
    return found - {None, 0, 1}


class _Split(NamedTuple):
    left: Node
    right: Node


def _splits(term: Node) -> list[_Split]:
    """A term as a product of two, in every way; its sign and 1 are factors, too."""
    bare = without_sign(term)
    factors = list(bare.factors if isinstance(bare, Mul) else (bare,))
    if isinstance(term, Neg):
        factors.append(MINUS_ONE)
    if len(factors) > MOST_FACTORS:
        return []
    found: list[_Split] = []
    for count in range(len(factors) + 1):
        for some in combinations(range(len(factors)), count):
            left = [factors[each] for each in some]
            right = [each for at_, each in enumerate(factors) if at_ not in some]
            found.append(_Split(product_of(left), product_of(right)))
    return found


def _is_slope(of: Node, name: str, slope: Node) -> bool:
    found = _slope(of, name)
    value = None if found is None else _print(found)
    return bool(value) and value == _print(slope)


def _slope(of: Node, name: str) -> Node | None:
    try:
        return differentiated(of, name)
    except NotDifferentiableError:
        return None


def _print(node: Node | None) -> int | None:
    if node is None:
        return None
    try:
        return fingerprint(node)
    except UndefinedError:
        return None

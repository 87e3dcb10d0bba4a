"""Slips with sums, products, quotients and powers: what each would have made of a node."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, islice

from tutorbot.core.answers.mistakes import rules
from tutorbot.core.answers.mistakes.mutation import (
    MINUS_ONE,
    ONE,
    TWO,
    Mutation,
    at,
    fraction_of,
    is_one,
    opposite,
    others,
    power_of,
    product_of,
    shifted,
    total_of,
    whole,
    whole_number,
    without_sign,
)
from tutorbot.core.answers.tree import (
    Add,
    Call,
    Constant,
    Div,
    Mul,
    Neg,
    Node,
    Number,
    Pow,
    Symbol,
)

Mutations = Iterator[Mutation]
Names = tuple[str, ...]

LARGEST_SQUARED = 30  # numbers that are squared in the head
MOST_PARTS = 12  # terms or factors of which each is looked at with each


def of_number(node: Number) -> Mutations:
    value = node.value
    squared = (value * value,) if abs(value) <= LARGEST_SQUARED else ()
    for wrong in dict.fromkeys((value + 1, value - 1, 2 * value, value / 2, *squared)):
        if wrong not in (value, 0):
            yield _instead(node, fraction_of(wrong), "number")
    if value:
        yield Mutation(Neg(node), "part-sign", (("part", node),))
        if value != 1:
            yield _instead(node, fraction_of(1 / value), "number")


def of_symbol(node: Symbol, names: Names) -> Mutations:
    for name in names:
        if name != node.name:
            yield _instead(node, Symbol(name), "symbol")
    for by in (1, -1):
        yield _instead(node, shifted(node, by), "shifted")
    yield Mutation(Neg(node), "part-sign", (("part", node),))
    yield _instead(node, Pow(node, TWO), "instead")
    yield _instead(node, product_of((TWO, node)), "instead")


def of_constant(node: Constant) -> Mutations:
    if node.name == "i":
        yield Mutation(Neg(node), "part-sign", (("part", node),))
    else:
        yield _instead(node, product_of((TWO, node)), "instead")
        yield _instead(node, Div(node, TWO), "instead")


def of_sum(node: Add, names: Names) -> Mutations:
    terms = node.terms
    for place, term in enumerate(terms):
        size = without_sign(term)
        without = total_of(others(terms, place))
        turned = Add(at(terms, place, opposite(term)))
        if isinstance(size, Number) and len(terms) == 2:  # noqa: PLR2004 - n + 1 is told whole
            yield _instead(node, without, "number-missing")
            yield _instead(node, turned, "number-sign")
        else:
            yield Mutation(without, "missing-term", (("term", term),))
            yield Mutation(turned, "term-sign", (("term", size),))
        yield _term_times(terms, place, TWO)
        yield _term_times(terms, place, Div(ONE, TWO))
        for name in names:
            yield _term_times(terms, place, Symbol(name))
    if len(terms) > 1:
        yield Mutation(Neg(node), "bracket-sign", (("bracket", node),))
    for by in (ONE, MINUS_ONE):
        if not any(isinstance(without_sign(term), Number) for term in terms):
            yield Mutation(Add((*terms, by)), "extra-term", (("term", by),))
    if len(terms) == 2:  # noqa: PLR2004 - a pair
        yield from _of_two(node)
    yield from _joined(node)
    yield from rules.of_sum(node)


def _of_two(node: Add) -> Mutations:
    """1 − p → p, 2ⁿ − 1 → 2ⁿ⁻¹, 4a + 3b → 7ab, and the product in place of the sum."""
    first, second = node.terms
    for one, two in ((first, second), (second, first)):
        if is_one(one) and isinstance(two, Neg):
            yield Mutation(two.of, "complement", (("sum", node),))
        if isinstance(one, Pow):
            inside = Pow(one.base, Add((one.exponent, two)))
            yield Mutation(inside, "exponent-joined", (("sum", node), ("power", one)))
    if not any(is_one(without_sign(each)) for each in node.terms):
        yield Mutation(product_of(node.terms), "product-for-sum", (("sum", node),))
    (size, rest), (other, more) = _coefficient(first), _coefficient(second)
    if not (is_one(rest) or is_one(more)):
        if rest == more:  # 5x − x → 5
            left = fraction_of(max(abs(size), abs(other)))
            yield Mutation(left, "unlike-terms", (("sum", node),))
        else:
            together = product_of((fraction_of(size + other), rest, more))
            yield Mutation(together, "unlike-terms", (("sum", node),))
    if isinstance(first, Call) and first.name in {"ln", "log"} and isinstance(second, Neg):
        taken = second.of
        if isinstance(taken, Call) and taken.name == first.name:
            yield Mutation(Div(first, taken), "log-quotient", (("sum", node),))


def _coefficient(term: Node) -> tuple[Fraction, Node]:
    """A term as a number times the rest."""
    bare = without_sign(term)
    size, rest = Fraction(1), list[Node]()
    for factor in bare.factors if isinstance(bare, Mul) else (bare,):
        if isinstance(factor, Number):
            size *= factor.value
        else:
            rest.append(factor)
    return (-size if isinstance(term, Neg) else size), product_of(rest)


def _swapped_exponents(factors: tuple[Node, ...]) -> Mutations:
    powers = [(at_, each) for at_, each in enumerate(factors) if isinstance(each, Pow)]
    for (one, first), (two, second) in combinations(powers[:MOST_PARTS], 2):
        if first.exponent != second.exponent:
            half = at(factors, one, Pow(first.base, second.exponent))
            made = product_of(at(half, two, Pow(second.base, first.exponent)))
            details = (("first", first.exponent), ("second", second.exponent))
            yield Mutation(made, "swapped", details)


def _term_times(terms: tuple[Node, ...], place: int, factor: Node) -> Mutation:
    term = terms[place]
    made = (
        opposite_of_division(term, factor)
        if isinstance(factor, Div)
        else product_of((term, factor) if isinstance(factor, Symbol) else (factor, term))
    )
    details = (("term", without_sign(term)), ("wrong", without_sign(made)))
    return Mutation(Add(at(terms, place, made)), "term-factor", details)


def opposite_of_division(term: Node, factor: Div) -> Node:
    """The term divided by what stands under ``factor``, its minus in front."""
    if isinstance(term, Neg):
        return Neg(Div(term.of, factor.under))
    return Div(term, factor.under)


def _joined(node: Add) -> Mutations:
    """Sums of powers, quotients or functions made one: a² + b² → (a + b)²."""
    terms, plain = node.terms, [without_sign(term) for term in node.terms]
    signed = [Neg if isinstance(term, Neg) else None for term in terms]
    first = plain[0]

    def joined(parts: list[Node]) -> Node:
        return Add(
            tuple(Neg(part) if sign else part for part, sign in zip(parts, signed, strict=True))
        )

    if isinstance(first, Pow) and all(
        isinstance(term, Pow) and term.exponent == first.exponent for term in plain
    ):
        bases = [term.base for term in plain if isinstance(term, Pow)]
        yield Mutation(Pow(joined(bases), first.exponent), "power-joined", (("sum", node),))
    if isinstance(first, Call) and all(
        isinstance(term, Call) and term.name == first.name and len(term.arguments) == 1
        for term in plain
    ):
        inner = [term.arguments[0] for term in plain if isinstance(term, Call)]
        details = (("function", first.name), ("sum", node))
        yield Mutation(Call(first.name, (joined(inner),)), "function-joined", details)
    if any(isinstance(term, Div) for term in plain):
        over = [term.over if isinstance(term, Div) else term for term in plain]
        under = [term.under if isinstance(term, Div) else ONE for term in plain]
        added = Div(joined(over), total_of(under))
        yield Mutation(added, "fractions-added", (("sum", node),))
        if all(is_one(each) for each in over):
            yield Mutation(Div(ONE, joined(under)), "fractions-added", (("sum", node),))
        below = [each for each in under if not is_one(each)]
        yield Mutation(Div(joined(over), product_of(below)), "numerators-added", (("sum", node),))
        if 0 < len(below) < len(under):
            yield Mutation(Div(joined(over), below[0]), "numerators-added", (("sum", node),))


def of_product(node: Mul) -> Mutations:
    factors = node.factors
    for place, factor in enumerate(factors):
        rest = others(factors, place)
        yield Mutation(product_of(rest), "missing-factor", (("factor", factor),))
        if isinstance(factor, Number):
            for mutation in of_number(factor):
                wrong = product_of(at(factors, place, mutation.tree))
                if mutation.code == "number":
                    yield _instead(node, wrong, "coefficient")
        if not isinstance(factor, Number) or abs(factor.value) != 1:
            divided = Div(product_of(rest), factor)
            yield Mutation(divided, "divided", (("by", factor),))
        if isinstance(factor, Add):
            yield from _not_distributed(factors, place, factor)
    yield from rules.of_product(factors)
    yield from _swapped_exponents(factors)
    if len(factors) == 2:  # noqa: PLR2004 - a pair
        yield Mutation(Add(factors), "sum-for-product", (("product", node),))
        yield from _only_like_with_like(factors[0], factors[1])
    for place, factor in islice(enumerate(factors), MOST_PARTS):
        for other, second in islice(enumerate(factors), MOST_PARTS):
            if place != other:
                rest = tuple(each for at_, each in enumerate(factors) if at_ not in (place, other))
                yield from _two_factors(rest, factor, second, first=place < other)


def _not_distributed(factors: tuple[Node, ...], place: int, bracket: Add) -> Mutations:
    """3(n + m) → 3n + m, for all that stands before the bracket and for each factor alone."""
    rest = others(factors, place)
    splits = [(rest, tuple[Node, ...]())]
    if len(rest) > 1:
        splits += [((each,), others(rest, at_)) for at_, each in enumerate(rest)]
    for before, outside in splits:
        details = (("factor", product_of(before)), ("bracket", bracket))
        for kept, term in enumerate(bracket.terms):
            only = Add(at(bracket.terms, kept, product_of((*before, term))))
            yield Mutation(product_of((*outside, only)), "distributed", details)
            if len(bracket.terms) > 2:  # noqa: PLR2004 - of two, that is the other one alone
                forgot = tuple(
                    each if at_ == kept else product_of((*before, each))
                    for at_, each in enumerate(bracket.terms)
                )
                yield Mutation(product_of((*outside, Add(forgot))), "distributed", details)


def _only_like_with_like(first: Node, second: Node) -> Mutations:
    """(a + b)(c + d) → ac + bd."""
    if isinstance(first, Add) and isinstance(second, Add) and len(first.terms) == len(second.terms):
        pairs = zip(first.terms, second.terms, strict=True)
        details = (("first", first), ("second", second))
        yield Mutation(Add(tuple(map(product_of, pairs))), "cross-terms", details)


def _two_factors(rest: tuple[Node, ...], one: Node, two: Node, *, first: bool) -> Mutations:
    """What becomes of two factors of a product, in this order."""
    if isinstance(two, Pow):
        whole_product = Pow(product_of((one, two.base)), two.exponent)
        details = (("power", two), ("factor", one))
        yield Mutation(product_of((*rest, whole_product)), "power-too-wide", details)
    if isinstance(one, Number) and not isinstance(two, Number):
        raised = product_of((*rest, Pow(two, one)))
        yield Mutation(raised, "product-as-power", (("product", product_of((one, two))),))
    if isinstance(two, Call) and len(two.arguments) == 1 and not isinstance(one, Call):
        inside = Call(two.name, (product_of((one, two.arguments[0])),))
        details = (("factor", one), ("function", two.name))
        yield Mutation(product_of((*rest, inside)), "factor-inside", details)
    if first:
        (base, left), (other, right) = _as_power(one), _as_power(two)
        if base == other and not (is_one(left) or is_one(right)):
            multiplied = Pow(base, product_of((left, right)))
            details = (("base", base),)
            yield Mutation(product_of((*rest, multiplied)), "exponents-multiplied", details)


def _as_power(node: Node) -> tuple[Node, Node]:
    return (node.base, node.exponent) if isinstance(node, Pow) else (node, ONE)


def of_opposite(node: Neg) -> Mutations:
    inner = node.of
    yield Mutation(inner, "part-sign", (("part", inner),))
    if isinstance(inner, Add):
        for place in range(1, len(inner.terms)):
            turned = tuple(map(opposite, inner.terms[:place]))
            made = Add((*turned, *inner.terms[place:]))
            yield Mutation(made, "minus-bracket", (("bracket", inner),))
    if isinstance(inner, Mul):
        for place, factor in enumerate(inner.factors):
            if isinstance(factor, Add):
                before = product_of(others(inner.factors, place))
                made = Add(
                    (
                        Neg(product_of((before, factor.terms[0]))),
                        *(product_of((before, term)) for term in factor.terms[1:]),
                    )
                )
                yield Mutation(made, "minus-bracket", (("bracket", factor),))
    if isinstance(inner, Pow):
        even = whole(inner.exponent)
        if even is not None and even % 2 == 0:
            yield Mutation(
                Pow(Neg(inner.base), inner.exponent), "minus-squared", (("power", node),)
            )


def of_quotient(node: Div) -> Mutations:
    over, under = node.over, node.under
    yield Mutation(Div(under, over), "fraction-turned", (("fraction", node),))
    yield Mutation(over, "denominator-missing", (("under", under),))
    yield Mutation(product_of((over, under)), "multiplied", (("by", under),))
    if not is_one(over):
        yield Mutation(Div(ONE, under), "numerator-missing", (("over", over),))
    if isinstance(over, Add):
        for place, term in enumerate(over.terms):
            only = Add(at(over.terms, place, Div(term, under)))
            details = (("over", over), ("under", under))
            yield Mutation(only, "only-divided", details)
        yield from _cancelled(over, under)
    if isinstance(under, Add):
        first, *rest = under.terms
        loose = Add((Div(over, first), *rest))
        yield Mutation(loose, "denominator-bracket", (("under", under),))
        split = Add(
            tuple(
                Neg(Div(over, term.of)) if isinstance(term, Neg) else Div(over, term)
                for term in under.terms
            )
        )
        yield Mutation(split, "fraction-split", (("fraction", node),))
        if isinstance(over, Add):
            yield from _cancelled_term(over, under)
            if len(over.terms) == len(under.terms):
                pairs = zip(over.terms, under.terms, strict=True)
                apart = Add(tuple(Div(above, without_sign(below)) for above, below in pairs))
                yield Mutation(apart, "fraction-split", (("fraction", node),))
    if isinstance(under, Mul):
        for place, factor in enumerate(under.factors):
            rest = product_of(others(under.factors, place))
            loose = product_of((Div(over, factor), rest))
            yield Mutation(loose, "denominator-bracket", (("under", under),))
    if isinstance(over, Mul):
        for place, factor in enumerate(over.factors):
            part = product_of((*others(over.factors, place), Div(under, factor)))
            yield Mutation(part, "fraction-turned", (("fraction", Div(factor, under)),))
    if isinstance(over, Call) and isinstance(under, Call) and over.name == under.name:
        inside = Call(over.name, (Div(over.arguments[0], under.arguments[0]),))
        details = (("function", over.name), ("sum", node))
        yield Mutation(inside, "function-joined", details)
    elif isinstance(over, Call) and len(over.arguments) == 1:  # ln(5)/3 → ln(5/3)
        inside = Call(over.name, (Div(over.arguments[0], under),))
        details = (("factor", Div(ONE, under)), ("function", over.name))
        yield Mutation(inside, "factor-inside", details)
    yield from rules.of_quotient(node)


def _cancelled(over: Add, under: Node) -> Mutations:
    """(a + b)/a → b: a term struck out against the denominator."""
    for place, term in enumerate(over.terms):
        if without_sign(term) == under:
            rest = total_of(others(over.terms, place))
            yield Mutation(rest, "cancelled", (("part", under),))


def _cancelled_term(over: Add, under: Add) -> Mutations:
    """(a + b)/(a + c) → b/c."""
    for place, term in enumerate(over.terms):
        for below, other in enumerate(under.terms):
            if term == other:
                struck = Div(
                    total_of(others(over.terms, place)), total_of(others(under.terms, below))
                )
                yield Mutation(struck, "cancelled", (("part", term),))


def of_power(node: Pow) -> Mutations:
    base, exponent = node.base, node.exponent
    yield Mutation(base, "exponent-missing", (("power", node),))
    value = whole(exponent)
    wrong_ones = (
        [shifted(exponent, 1), shifted(exponent, -1)]
        if value is None
        else [
            whole_number(each)
            for each in (value + 1, value - 1, *range(-3, 7), 2 * value)
            if each not in (value, 1, 0)
        ]
    )
    for wrong in dict.fromkeys(wrong_ones):
        details = (("right", node), ("wrong", power_of(base, wrong)))
        yield Mutation(Pow(base, wrong), "exponent", details)
    if isinstance(exponent, Neg) or (value is not None and value < 0):
        turned = Neg(Pow(base, opposite(exponent)))
        yield Mutation(turned, "negative-exponent", (("power", node),))
    yield Mutation(Pow(base, opposite(exponent)), "exponent-sign", (("power", node),))
    yield Mutation(product_of((base, exponent)), "power-as-product", (("power", node),))
    if value is None and exponent != base:
        yield Mutation(Pow(exponent, base), "base-exponent", (("power", node),))
    yield from _power_of_compound(node)
    yield from _compound_exponent(node)
    yield from rules.of_power(node)


def _power_of_compound(node: Pow) -> Mutations:
    base, exponent = node.base, node.exponent
    match base:
        case Add(terms):
            plain = [Pow(without_sign(term), exponent) for term in terms]
            details = (("power", node),)
            yield Mutation(Add(tuple(plain)), "power-spread", details)
            signed = tuple(
                Neg(power) if isinstance(term, Neg) else power
                for power, term in zip(plain, terms, strict=True)
            )
            yield Mutation(Add(signed), "power-spread", details)
            if len(terms) == 2 and whole(exponent) == 2:  # noqa: PLR2004 - a square of two terms
                middle = product_of(terms)
                once = Add((plain[0], middle, plain[1]))
                yield Mutation(once, "middle-term", details)
                if isinstance(terms[1], Neg):
                    wrong = Add((plain[0], product_of((TWO, middle)), Neg(plain[1])))
                    yield Mutation(wrong, "term-sign", (("term", plain[1]),))
        case Mul(factors):
            for place, factor in enumerate(factors):
                one = product_of(at(factors, place, Pow(factor, exponent)))
                yield Mutation(one, "power-of-product", (("power", node),))
                rest = tuple(Pow(each, exponent) for each in others(factors, place))
                yield Mutation(product_of((factor, *rest)), "power-of-product", (("power", node),))
        case Div(over, under):
            details = (("power", node),)
            yield Mutation(Div(Pow(over, exponent), under), "power-of-fraction", details)
            yield Mutation(Div(over, Pow(under, exponent)), "power-of-fraction", details)
        case Pow():
            added = Pow(base.base, Add((base.exponent, exponent)))
            yield Mutation(added, "exponents-added", (("base", base.base),))
        case Neg(of):
            yield Mutation(Neg(Pow(of, exponent)), "minus-squared", (("power", node),))
        case Call(name, (argument,)):
            inside = Call(name, (Pow(argument, exponent),))
            details = (("power", node), ("function", name))
            yield Mutation(inside, "power-inside", details)
        case _:
            pass


def _compound_exponent(node: Pow) -> Mutations:
    base, exponent = node.base, node.exponent
    match exponent:
        case Add(terms):
            first, *rest = terms
            details = (("power", node),)
            yield Mutation(Add((Pow(base, first), *rest)), "exponent-bracket", details)
            spread = tuple(
                Neg(Pow(base, term.of)) if isinstance(term, Neg) else Pow(base, term)
                for term in terms
            )
            yield Mutation(Add(spread), "exponent-spread", details)
            if not any(is_one(without_sign(term)) for term in terms):
                multiplied = Pow(base, product_of(terms))
                yield Mutation(multiplied, "exponents-multiplied", (("base", base),))
        case Mul(factors):
            details = (("power", node),)
            loose = product_of((Pow(base, factors[0]), *factors[1:]))
            yield Mutation(loose, "exponent-bracket", details)
            for place, factor in enumerate(factors):  # e^(2x) → 2·e^x
                outside = product_of((factor, Pow(base, product_of(others(factors, place)))))
                taken = (("factor", factor), ("part", node))
                yield Mutation(outside, "factor-outside", taken)
            added = Pow(base, Add(factors))
            yield Mutation(added, "exponents-added", (("base", base),))
            nested = Pow(base, Pow(factors[0], product_of(factors[1:])))
            yield Mutation(nested, "exponents-powered", details)
        case Div(over, under):
            yield Mutation(Div(Pow(base, over), under), "exponent-bracket", (("power", node),))
            if under != over:
                yield Mutation(Pow(base, Div(under, over)), "exponent-turned", (("power", node),))
        case Number(value=value) if value == Fraction(1, 2):
            yield Mutation(base, "root-dropped", (("root", node),))
        case _:
            pass


def _instead(right: Node, wrong: Node, code: str) -> Mutation:
    return Mutation(wrong, code, (("wrong", wrong), ("right", right)))

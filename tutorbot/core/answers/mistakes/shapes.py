"""A key in the other shapes in which a learner may have had it when the slip was made.

A slip against 3n² + 3nm + 3n is another one than against 3(n² + nm + n). So the key is multiplied
out and factored, above and below its fraction bar; what is no sum or product counts as a letter.
"""

from collections.abc import Iterator
from fractions import Fraction

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from tutorbot.core.answers.constant import fraction
from tutorbot.core.answers.mistakes.mutation import fraction_of, product_of, total_of
from tutorbot.core.answers.tree import Add, Div, Mul, Neg, Node, Number, Pow, number

MAX_TERMS = 24  # of a polynomial, above or below
MAX_LETTERS = 8
MAX_DEGREE = 12  # of a letter that is raised at once
MAX_TOTAL_DEGREE = 40


class _TooLargeError(Exception):
    """Too long for anybody to have written it out."""


def shapes(tree: Node) -> Iterator[Node]:
    """The key multiplied out, and factored, where that can be done and differs from it."""
    seen = {tree}
    for shape in _other_shapes(tree):
        if shape not in seen:
            seen.add(shape)
            yield shape


def _other_shapes(tree: Node) -> Iterator[Node]:
    if isinstance(tree, Number):
        return
    letters: dict[Node, int] = {}
    _collect(tree, letters)
    if not 0 < len(letters) <= MAX_LETTERS:
        return
    context = fmpq_mpoly_ctx.get(tuple(f"x{at}" for at in range(len(letters))), Ordering.deglex)
    try:
        over, under = _Quotients(context, letters).of(tree)
    except (_TooLargeError, ZeroDivisionError, OverflowError):
        return
    if not over or not under:
        return
    common = over.gcd(under)
    over, under = over / common, under / common
    scale = under.leading_coefficient()
    over, under = over / scale, under / scale
    names = list(letters)
    # Whole numbers above and below: n/2 + m/3 is (3n + 2m)/6.
    above, below = _whole(over)
    under_above, under_below = _whole(under)
    factor = Fraction(under_below, below)
    over, under = above * factor.numerator, under_above * factor.denominator
    yield _quotient(_expanded(over, names), _expanded(under, names))
    yield _quotient(_factored(over, names), _factored(under, names))
    if len(under) == 1:
        yield _term_by_term(over, under, names)
    else:
        yield _quotient(_expanded(over, names), _factored(under, names))


def _collect(node: Node, letters: dict[Node, int]) -> None:
    match node:
        case Number():
            pass
        case Add() | Mul() | Neg() | Div():
            for child in _parts(node):
                _collect(child, letters)
        case Pow() if _exponent(node) is not None:
            _collect(node.base, letters)
        case _:
            letters.setdefault(node, len(letters))


def _parts(node: Add | Mul | Neg | Div) -> tuple[Node, ...]:
    match node:
        case Add():
            return node.terms
        case Mul():
            return node.factors
        case Neg():
            return (node.of,)
        case Div():
            return (node.over, node.under)


def _exponent(node: Pow) -> int | None:
    value = fraction(node.exponent)
    if value is None or value.denominator != 1 or abs(value) > MAX_DEGREE:
        return None
    return value.numerator


_Pair = tuple[fmpq_mpoly, fmpq_mpoly]


class _Quotients:
    """Quotients of two polynomials in the letters."""

    def __init__(self, context: fmpq_mpoly_ctx, letters: dict[Node, int]) -> None:
        self.context = context
        self.letters = letters
        self.one = context.constant(1)

    def of(self, node: Node) -> _Pair:
        match node:
            case Number():
                return self.context.constant(_exact(node.value)), self.one
            case Neg(inner):
                over, under = self.of(inner)
                return -over, under
            case Add(terms):
                over, under = self.of(terms[0])
                for term in terms[1:]:
                    more, below = self.of(term)
                    if below == under:
                        over = over + more
                    else:
                        over, under = over * below + more * under, under * below
                    _check(over, under)
                return over, under
            case Mul(factors):
                over, under = self.of(factors[0])
                for factor in factors[1:]:
                    more, below = self.of(factor)
                    _check_product(over, more)
                    _check_product(under, below)
                    over, under = over * more, under * below
                return over, under
            case Div():
                over, under = self.of(node.over)
                more, below = self.of(node.under)
                if not more:
                    raise ZeroDivisionError
                return over * below, under * more
            case Pow() if (exponent := _exponent(node)) is not None:
                over, under = self.of(node.base)
                if exponent < 0:
                    over, under = under, over
                if (len(over) + len(under) - 1) > 2 and abs(exponent) > MAX_TERMS // 4:  # noqa: PLR2004 - binomials grow with it
                    raise _TooLargeError
                result = self.one, self.one
                for _ in range(abs(exponent)):
                    result = result[0] * over, result[1] * under
                    _check(*result)
                return result
            case _:
                return self.context.gens()[self.letters[node]], self.one


def _exact(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _check(over: fmpq_mpoly, under: fmpq_mpoly) -> None:
    if max(len(over), len(under)) > MAX_TERMS:
        raise _TooLargeError
    if max(over.total_degree(), under.total_degree()) > MAX_TOTAL_DEGREE:
        raise _TooLargeError


def _check_product(one: fmpq_mpoly, two: fmpq_mpoly) -> None:
    if len(one) * len(two) > MAX_TERMS * 4:
        raise _TooLargeError


def _whole(polynomial: fmpq_mpoly) -> tuple[fmpq_mpoly, int]:
    """The polynomial with whole coefficients, and by what it was multiplied for that."""
    least = 1
    for coefficient in polynomial.coeffs():
        denominator = int(coefficient.q)
        least = least * denominator // _gcd(least, denominator)
    return polynomial * least, least


def _gcd(one: int, two: int) -> int:
    while two:
        one, two = two, one % two
    return one


def _quotient(over: Node, under: Node) -> Node:
    if isinstance(under, Number) and under.value == 1:
        return over
    if isinstance(over, Neg):
        return Neg(Div(over.of, under))
    return Div(over, under)


def _expanded(polynomial: fmpq_mpoly, names: list[Node]) -> Node:
    return total_of(
        [
            _monomial(_fraction(coefficient), tuple(map(int, degrees)), names)
            for degrees, coefficient in polynomial.to_dict().items()
        ]
    )


def _term_by_term(over: fmpq_mpoly, under: fmpq_mpoly, names: list[Node]) -> Node:
    """a/c + b/c for (a + b)/c."""
    ((below, scale),) = under.to_dict().items()
    return total_of(
        [
            _monomial(
                _fraction(coefficient) / _fraction(scale),
                tuple(int(up) - int(down) for up, down in zip(degrees, below, strict=True)),
                names,
            )
            for degrees, coefficient in over.to_dict().items()
        ]
    )


def _factored(polynomial: fmpq_mpoly, names: list[Node]) -> Node:
    content, factors = polynomial.factor()
    parts: list[Node] = []
    scale = _fraction(content)
    if abs(scale) != 1:
        parts.append(fraction_of(abs(scale)))
    for factor, times in factors:
        base = _expanded(factor, names)
        parts.append(base if times == 1 else Pow(base, number(int(times))))
    product = product_of(sorted(parts, key=lambda part: isinstance(part, Add)))
    return Neg(product) if scale < 0 else product


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _monomial(coefficient: Fraction, degrees: tuple[int, ...], names: list[Node]) -> Node:
    over: list[Node] = []
    under: list[Node] = []
    size = abs(coefficient)
    if size.numerator != 1:
        over.append(number(size.numerator))
    if size.denominator != 1:
        under.append(number(size.denominator))
    for name, degree in zip(names, degrees, strict=True):
        if degree:
            power = name if abs(degree) == 1 else Pow(name, number(abs(degree)))
            (over if degree > 0 else under).append(power)
    written = product_of(over)
    if under:
        written = Div(written, product_of(under))
    return Neg(written) if coefficient < 0 else written

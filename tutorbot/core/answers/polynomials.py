"""Expressions as polynomials with rational coefficients, where they are such and not enormous."""

import math
from fractions import Fraction
from typing import cast

from flint import Ordering, acb, arb, ctx, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz_poly

from tutorbot.core.answers.constant import integer
from tutorbot.core.answers.tree import Add, Call, Div, Mul, Neg, Node, Number, Pow, Symbol, number

MAX_TERMS = 200
MAX_DEGREE = 10_000
MAX_NAMES = 8
MAX_BITS = 8_192


class NoPolynomialError(ArithmeticError):
    """It is no quotient of polynomials, or too large a one."""


def quotient(node: Node, names: tuple[str, ...]) -> tuple[fmpq_mpoly, fmpq_mpoly]:
    """Numerator and denominator, without common factors.

    Raises:
        NoPolynomialError: there are none, or they would be too large.
    """
    if len(names) > MAX_NAMES:
        raise NoPolynomialError
    # flint takes ASCII only, and keeps every context that it was ever asked for.
    context = fmpq_mpoly_ctx.get(tuple(f"x{at}" for at in range(len(names) or 1)), Ordering.lex)
    over, under = _Builder(context, names).quotient(node)
    if under.is_zero():
        raise NoPolynomialError
    common = over.gcd(under)
    return over / common, under / common


def dense(polynomial: fmpq_mpoly) -> list[int]:
    """Whole coefficients of a multiple of a polynomial in one symbol, the constant first."""
    terms = {int(powers[0]): value for powers, value in polynomial.to_dict().items()}
    scale = math.lcm(*(int(value.q) for value in terms.values()))
    found = [0] * (max(terms, default=0) + 1)
    for power, value in terms.items():
        found[power] = int(value.p) * (scale // int(value.q))
    return found


def real_roots(coefficients: list[int], bits: int) -> list[arb]:
    """From left to right; each of them once."""
    ctx.prec = bits
    found = cast("list[tuple[acb, int]]", fmpz_poly(coefficients).complex_roots())
    roots = [root.real for root, _ in found if root.imag == 0]
    return sorted(roots, key=lambda root: float(root.mid()))


def middle(value: arb) -> Fraction:
    """The exact middle of a ball.

    Raises:
        NoPolynomialError: it has too many digits to be written out, as e^e^50 has.
    """
    mantissa, exponent = value.mid().man_exp()
    if abs(int(exponent)) > MAX_BITS:
        raise NoPolynomialError
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def as_tree(polynomial: fmpq_mpoly, names: tuple[str, ...]) -> Node:
    terms: list[Node] = []
    for powers, value in polynomial.to_dict().items():
        coefficient = Fraction(int(value.p), int(value.q))
        factors = [
            Pow(Symbol(name), number(int(power)))
            for name, power in zip(names, powers, strict=False)
            if power
        ]
        terms.append(Mul((Number(str(coefficient), coefficient), *factors)))
    return Add(tuple(terms)) if terms else number(0)


def rational(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


Pair = tuple[fmpq_mpoly, fmpq_mpoly]


class _Builder:
    def __init__(self, context: fmpq_mpoly_ctx, names: tuple[str, ...]) -> None:
        self.context = context
        self.gens = dict(zip(names, context.gens(), strict=False))
        self.one = context.constant(1)

    def quotient(self, node: Node) -> Pair:
        match node:
            case Number():
                if node.value.numerator.bit_length() > 4_096:  # noqa: PLR2004 - as in constant
                    raise NoPolynomialError
                return self.context.constant(rational(node.value)), self.one
            case Symbol() if node.name in self.gens:
                return self.gens[node.name], self.one
            case Neg():
                over, under = self.quotient(node.of)
                return -over, under
            case Add():
                result = self.quotient(node.terms[0])
                for term in node.terms[1:]:
                    over, under = self.quotient(term)
                    if under == result[1]:
                        result = self.bounded(result[0] + over, under)
                    else:
                        result = self.bounded(
                            self.times(result[0], under) + self.times(over, result[1]),
                            self.times(result[1], under),
                        )
                return result
            case Mul():
                result = self.quotient(node.factors[0])
                for factor in node.factors[1:]:
                    result = self.product(result, self.quotient(factor))
                return result
            case Div():
                over, under = self.quotient(node.under)
                if over.is_zero():
                    raise NoPolynomialError
                return self.product(self.quotient(node.over), (under, over))
            case Pow():
                return self.power(node)
            case Call("percent", (argument,)):
                over, under = self.quotient(argument)
                return over, under * 100
            case _:
                raise NoPolynomialError

    def power(self, node: Pow) -> Pair:
        exponent = integer(node.exponent)
        if exponent is None:
            raise NoPolynomialError
        over, under = self.quotient(node.base)
        if exponent < 0:
            if over.is_zero():
                raise NoPolynomialError
            over, under, exponent = under, over, -exponent
        for side in (over, under):
            # The power of one term is one term; that of several grows with every step.
            terms = len(side)
            if side.total_degree() * exponent > MAX_DEGREE:
                raise NoPolynomialError
            if terms > 1 and exponent * terms > MAX_TERMS // 4:
                raise NoPolynomialError
            if terms == 1 and any(
                max(abs(int(each.p)), int(each.q)).bit_length() * exponent > 8_192  # noqa: PLR2004 - bits
                for each in side.coeffs()
            ):
                raise NoPolynomialError
        return self.bounded(over**exponent, under**exponent)

    def product(self, left: Pair, right: Pair) -> Pair:
        return self.bounded(self.times(left[0], right[0]), self.times(left[1], right[1]))

    def times(self, left: fmpq_mpoly, right: fmpq_mpoly) -> fmpq_mpoly:
        if len(left) * len(right) > 4 * MAX_TERMS:
            raise NoPolynomialError
        return left * right

    def bounded(self, over: fmpq_mpoly, under: fmpq_mpoly) -> Pair:
        for side in (over, under):
            if len(side) > MAX_TERMS or (len(side) and side.total_degree() > MAX_DEGREE):
                raise NoPolynomialError
        return over, under

"""What is off in one equation or inequality beside another, whatever side its terms stand on."""

from fractions import Fraction

from flint import fmpq_mpoly

from tutorbot.core.answers.differences import difference_of
from tutorbot.core.answers.expression import Domain, Expression, Same
from tutorbot.core.answers.kinds import statement
from tutorbot.core.answers.mistakes.diagnosis import diagnosed, known
from tutorbot.core.answers.mistakes.mutation import fraction_of, power_of, product_of
from tutorbot.core.answers.mistakes.pair import Pair
from tutorbot.core.answers.mistakes.symbols import vocabulary
from tutorbot.core.answers.polynomials import NoPolynomialError, quotient
from tutorbot.core.answers.printing import unicode
from tutorbot.core.answers.structures import (
    FLIPPED,
    STRUCTURES,
    Joined,
    Relation,
    Thing,
    Truth,
    weight,
)
from tutorbot.core.answers.tree import Add, Mul, Neg, Node, Symbol, number
from tutorbot.core.answers.verdicts import Slip

MAX_SIZE = 60
MAX_DEGREE = 60
MAX_SIGNS = 8
MAX_SCALES = 4  # terms that may be the one that is the same on both sides

_SURE = frozenset(
    (
        "chain",
        "distributed",
        "exponent",
        "exponent-missing",
        "function-swapped",
        "middle-term",
        "minus-bracket",
        "missing-term",
        "power-spread",
        "product-for-sum",
        "root-dropped",
        "swapped",
        "term-sign",
    )
)
"""Slips that stay what they are when a term has changed sides."""


def slip(got: Thing, expected: Thing, domain: Domain) -> Slip | None:
    """A term with the wrong sign, one too many, a number that is off, a solution lost."""
    if weight(got) + weight(expected) > MAX_SIZE:
        return None
    if not isinstance(got, Relation) or not isinstance(expected, Relation):
        return None
    ours, theirs = _difference(got), _difference(expected)
    if ours is None or theirs is None:
        return None
    mine, wanted = Expression(ours), Expression(theirs)
    if not mine.symbols and wanted.symbols:
        return _of_truth(got, domain)
    if mine.prints is None or wanted.prints is None:
        return None
    if mine.symbols != wanted.symbols:
        return vocabulary(Pair(mine, wanted))
    return (
        _of_signs(got, expected, mine, wanted)
        or _of_polynomials(got.sign, expected.sign, mine, wanted)
        or _of_others(got.sign, expected.sign, mine, wanted)
    )


def is_part(got: Thing, expected: Thing, domain: Domain) -> bool:
    """Whether the one holds only where the other does."""
    implied = Joined("→", (got, expected))
    return isinstance(statement.same(implied, Truth(value=True), domain), Same)


def _difference(relation: Relation) -> Node | None:
    left, right = relation.left, relation.right
    if isinstance(left, STRUCTURES) or isinstance(right, STRUCTURES):
        return None
    return difference_of(left, right, equation=relation.sign in "=≠")


def _of_truth(got: Relation, domain: Domain) -> Slip | None:
    """0 = 0 has lost what it was about."""
    for value, code in ((True, "always-true"), (False, "never-true")):
        if isinstance(statement.same(got, Truth(value=value), domain), Same):
            return Slip(code=code)
    return None


def _of_signs(
    got: Relation, expected: Relation, mine: Expression, wanted: Expression
) -> Slip | None:
    """With the sign of one term turned, it would be right."""
    if got.sign != expected.sign:
        return None
    across = {_print(each) for each in (*_terms(expected.left), *_terms(expected.right))}
    terms = [(each, True) for each in _terms(got.left)]
    terms += [(each, False) for each in _terms(got.right)]
    for term, on_left in terms if len(terms) <= MAX_SIGNS else ():
        twice = Mul((number(2), term))
        turned = Expression(Add((mine.tree, Neg(twice) if on_left else twice)))
        if turned.prints is None or wanted.prints is None:
            return None
        ratio = Pair(turned, wanted).ratio
        if ratio is None or ratio.degrees or (got.sign not in "=≠" and ratio.factor < 0):
            continue
        moved = _print(term) in across and term not in (got.left, got.right)
        inner = term.of if isinstance(term, Neg) else term
        return Slip(code="side-sign" if moved else "term-sign", details={"term": unicode(inner)})
    return None


def _terms(side: Thing) -> tuple[Node, ...]:
    if isinstance(side, STRUCTURES):
        return ()
    return side.terms if isinstance(side, Add) else (side,)


def _print(node: Node) -> int | None:
    prints = Expression(node).prints
    return None if prints is None else prints[0]


def _of_polynomials(sign: str, other: str, got: Expression, expected: Expression) -> Slip | None:
    names = tuple(sorted(got.symbols | expected.symbols))
    try:
        ours, under = quotient(got.tree, names)
        theirs, below = quotient(expected.tree, names)
    except NoPolynomialError:
        return None
    if max(ours.total_degree(), theirs.total_degree()) > MAX_DEGREE:
        return None
    if sign == other == "=":
        found = _of_solutions(ours, theirs)
        if found is not None:
            return found
    elif not (under.is_constant() and below.is_constant()):
        return None  # the sign of what stands below would count
    return _of_one_term(sign, other, (ours, theirs), names)


def _of_solutions(ours: fmpq_mpoly, theirs: fmpq_mpoly) -> Slip | None:
    """Divided by what may be 0, or multiplied."""
    if ours.is_constant() or theirs.is_constant():
        return None
    if not theirs % ours:
        return Slip(code="solutions-lost")
    return Slip(code="solutions-extra") if not ours % theirs else None


def _of_one_term(
    sign: str, other: str, sides: tuple[fmpq_mpoly, fmpq_mpoly], names: tuple[str, ...]
) -> Slip | None:
    """Scaled so that some term is the same in both, they differ in one term."""
    ours, theirs = sides
    mine, wanted = ours.to_dict(), theirs.to_dict()
    for degrees in [each for each in wanted if each in mine][:MAX_SCALES]:
        scale = wanted[degrees] / mine[degrees]
        if sign not in "=≠" and sign != (other if scale > 0 else FLIPPED[other]):
            continue
        scaled = ours * scale
        gap = scaled - theirs
        if len(gap) != 1:
            continue
        ((place, much),) = gap.to_dict().items()
        context = ours.context()
        right = context.from_dict({place: wanted[place]}) if place in wanted else None
        wrong = scaled.to_dict().get(place)
        if right is None:
            term = _shown(context.from_dict({place: much}), names)
            return Slip(code="side-term-extra", details={"term": term})
        if wrong is None:
            return Slip(code="side-term-missing", details={"term": _shown(right, names)})
        if wrong == -wanted[place]:
            return Slip(code="term-sign", details={"term": _shown(right, names)})
        return Slip(code="side-number", details={"term": _shown(right, names)})
    return None


def _of_others(sign: str, other: str, got: Expression, expected: Expression) -> Slip | None:
    key = known(expected)
    found = diagnosed(key, got).slip
    if sign == other and found is not None and found.code in _SURE:
        return found
    found = diagnosed(key, Expression(Neg(got.tree))).slip
    turned = sign == FLIPPED.get(other, other)
    return found if turned and found is not None and found.code in _SURE else None


def _shown(term: fmpq_mpoly, names: tuple[str, ...]) -> str:
    """One term, without its sign, which depends on the side."""
    ((degrees, value),) = term.to_dict().items()
    size = fraction_of(abs(Fraction(int(value.p), int(value.q))))
    powers = [
        power_of(Symbol(name), number(int(degree)))
        for name, degree in zip(names, degrees, strict=False)
        if degree
    ]
    return unicode(product_of((size, *powers)))

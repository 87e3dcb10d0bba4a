"""Two expressions side by side at random points of their domain, computed with proved error bounds.

One point at which the balls do not meet proves a difference. Points at which a side leaves the real
numbers count for nothing: neither as agreement nor as difference.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import islice
from typing import Protocol

from flint import acb, arb, ctx

from tutorbot.core.answers import pieces
from tutorbot.core.answers.ball_functions import UncertainError
from tutorbot.core.answers.balls import PRECISIONS, OutsideError, ball, exactly
from tutorbot.core.answers.constant import fraction, rational
from tutorbot.core.answers.decimals import apart
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.fineness import fineness
from tutorbot.core.answers.points import AGREEMENTS, IN_PIECES, TRIES, Agreed, Point, Points
from tutorbot.core.answers.printing import name_shown
from tutorbot.core.answers.tree import Pow, walk
from tutorbot.core.answers.verdicts import Proof

PATIENCE = 4  # points that may tell nothing of an integral, which takes its time at each
MAX_FINENESS = 8_192  # bits
MAX_LOOKS = 5_000  # nodes to work out along pieces
MAX_MISSING = 2_000  # nodes of both sides, for each way to be odd and even that is looked at again
MOST_VIEWS = 8  # ways to be odd and even, from a point of each of which pieces are looked along
AGREEMENTS_IN_PIECES = 12

_SEEN_FROM = (0, 1, 2, 4)  # points from which pieces are looked along
_OF_WHOLE_NUMBERS = frozenset(("gcd", "lcm", "mod", "semifactorial"))
"""Of these, no number of points tells that two expressions agree everywhere."""


class At(Protocol):
    """How two expressions stand to one another at a point."""

    def __call__(
        self,
        got: Expression,
        expected: Expression,
        point: Mapping[str, Fraction],
        precisions: tuple[int, ...] = ...,
        /,
    ) -> Comparison: ...


def by_balls(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    words = got.words | expected.words
    if not got.symbols | expected.symbols:
        real = _real(got, expected, {})
        if real == Unknown():
            return _sharper(_complex(got, expected, {}), _complex, got, expected, {})
        return _sharper(real, _real, got, expected, {})
    outcome = _at_points(got, expected, domain)
    return Unknown() if words & _OF_WHOLE_NUMBERS and isinstance(outcome, Same) else outcome


def _at_points(got: Expression, expected: Expression, domain: Domain) -> Comparison:
    words = got.words | expected.words
    points = Points(got, expected, domain)
    if "i" not in words:
        outcome = _real_points(got, expected, points, in_pieces=bool(words & IN_PIECES))
        if outcome is not None:
            return outcome
    return _complex_points(got, expected, points)


def _real_points(
    got: Expression, expected: Expression, points: Points, *, in_pieces: bool
) -> Comparison | None:
    """None: there is no point at which both are real."""
    needed = AGREEMENTS_IN_PIECES if in_pieces else AGREEMENTS
    agreed: Agreed = {}
    for each in points.rounds(in_pieces=in_pieces):
        before = len(agreed)
        found = _tried(_real, got, expected, each, agreed)
        if found is None and 0 < len(agreed) - before < needed:
            # They are real on a narrow stretch only, as asin(x) is.
            beside = points.beside_these(list(agreed.values())[before:], 2 * needed)
            found = _tried(_real, got, expected, beside, agreed)
        if found is not None:
            return found
    if not agreed:  # whole numbers are meant
        found = _tried(_real, got, expected, points.all_whole(), agreed)
        if found is not None:
            return found
    outcome = _in_ways(_real, got, expected, points, agreed)
    if isinstance(outcome, Different):
        return outcome
    if not agreed:
        return None
    everywhere = dict(agreed)  # where nothing is real in some way, complex values decide there
    outcome = outcome or _in_ways(_complex, got, expected, points, everywhere, enough=1)
    if outcome is not None:
        return outcome
    outcome = _enough(_real, got, expected, agreed, needed)
    if isinstance(outcome, Different) or points.missing(everywhere, enough=1):
        return outcome if isinstance(outcome, Different) else Unknown()
    if isinstance(outcome, Same) and (
        in_pieces or pieces.is_rooted(got.tree) or pieces.is_rooted(expected.tree)
    ):
        views = _views(points, list(agreed.values()), _SEEN_FROM if in_pieces else _SEEN_FROM[:2])
        return _leaving_the_reals(got, expected, points) or _along_the_pieces(
            got, expected, points, views
        )
    return outcome


def _complex_points(got: Expression, expected: Expression, points: Points) -> Comparison:
    count = points.tries if points.tries > TRIES else 2 * AGREEMENTS
    agreed: Agreed = {}
    for each in (points.anywhere(count), *islice(points.rounds(in_pieces=False), 1, None)):
        found = _tried(_complex, got, expected, each, agreed)
        if found is not None:
            return found
    outcome = _in_ways(_complex, got, expected, points, agreed) if agreed else Unknown()
    if outcome is not None:
        return outcome
    if points.missing(agreed, enough=1):
        return Unknown()
    return _enough(_complex, got, expected, agreed, AGREEMENTS)


def _in_ways(
    at: At,
    got: Expression,
    expected: Expression,
    points: Points,
    agreed: Agreed,
    *,
    enough: int | None = None,
) -> Different | Unknown | None:
    """Looks once more where whole symbols are odd and even in a way that few points were of."""
    if points.is_uncountable():
        return Unknown()
    ways = points.missing(agreed, enough=enough)
    if len(ways) * (got.size + expected.size) > MAX_MISSING:
        return Unknown()
    for way in ways:
        for there in (points.small, points.moved):
            before = len(agreed)
            found = _tried(at, got, expected, there(way, agreed), agreed)
            if found is not None:
                return found
            if len(agreed) > before:
                break
    return None


def _leaving_the_reals(got: Expression, expected: Expression, points: Points) -> Different | None:
    """An author who writes ln|x| means more than ln x, which has no real value at −1."""
    if "abs" not in expected.words or "abs" in got.words:
        return None
    if any(isinstance(each, Pow) and fraction(each.exponent) is None for each in walk(got.tree)):
        return None  # exponents may be meant to be whole
    for point in points.anywhere(TRIES):
        try:
            ball(expected.tree, point, bits=PRECISIONS[0])
        except OutsideError:
            continue
        if _real(got, expected, point) == Unknown():
            outcome = _complex(got, expected, point)
            if isinstance(outcome, Different):
                return outcome
    return None


def within(got: Expression, expected: Expression, tolerance: Fraction) -> Comparison:
    """Whether a number lies within a relative tolerance of the expected one."""
    if got.value is not None and expected.value is not None:
        if abs(got.value - expected.value) <= tolerance * abs(expected.value):
            return Same(method="exact")
        proof = Proof(method="exact", got=str(got.value), expected=str(expected.value))
        return Different(proof=proof)
    for bits in PRECISIONS:
        try:
            ours, theirs = ball(got.tree, {}, bits=bits), ball(expected.tree, {}, bits=bits)
        except OutsideError:
            return Unknown()
        ctx.prec = bits
        room = exactly(tolerance) * abs(theirs) - abs(ours - theirs)
        if room >= 0:
            return Same(method="ball")
        if room < 0:
            return Different(proof=_proof({}, ours, theirs))
    return Unknown()


def shown(point: Mapping[str, Fraction]) -> tuple[tuple[str, str], ...]:
    return tuple((name_shown(name), str(value)) for name, value in point.items())


def _tried(
    at: At, got: Expression, expected: Expression, points: Iterable[Point], agreed: Agreed
) -> Different | None:
    """The first difference, if there is one; else the points at which they agree are added.

    All points are tried: √x² is x until the first negative x.
    """
    patience = PATIENCE if got.integrates or expected.integrates else None
    before = len(agreed)
    for tried, point in enumerate(points):
        if tried == patience and len(agreed) == before:
            break
        outcome = at(got, expected, point)
        if isinstance(outcome, Different):
            return outcome
        if isinstance(outcome, Same):
            agreed[tuple(point.values())] = point
    return None


def _enough(
    at: At, got: Expression, expected: Expression, agreed: Agreed, needed: int
) -> Comparison:
    if len(agreed) < needed:
        return Unknown()
    return _sharper(Same(method="ball"), at, got, expected, next(iter(agreed.values())))


def _sharper(
    outcome: Comparison,
    at: At,
    got: Expression,
    expected: Expression,
    point: Mapping[str, Fraction],
) -> Comparison:
    """An agreement once more, in so many bits that no number is lost: 1 + 10⁻³⁰⁰ is not 1."""
    if not isinstance(outcome, Same):
        return outcome
    bits = fineness(got.tree, point) + fineness(expected.tree, point)
    if bits <= PRECISIONS[0]:
        return outcome
    return at(got, expected, point, (bits + 64,)) if bits <= MAX_FINENESS else Unknown()


def _views(points: Points, agreed: list[Point], seen_from: tuple[int, ...]) -> list[Point]:
    """Points from which pieces are looked along, one of each way to be odd and even among them.

    Where x is negative, xⁿ and |x|ⁿ differ for odd n only.
    """
    odd_and_even = {points.parities(point): point for point in reversed(agreed)}
    views = [agreed[at] for at in seen_from if at < len(agreed)]
    more = [point for point in odd_and_even.values() if point not in views]
    return [*views, *more[:MOST_VIEWS]]


def _along_the_pieces(
    got: Expression, expected: Expression, points: Points, views: list[Point]
) -> Comparison:
    """Agreement at random points, confirmed wherever a piece ends and another begins."""
    trees = (got.tree, expected.tree)
    left = MAX_LOOKS // (got.size + expected.size)
    for where in views:
        for name in points.names:
            turning = pieces.points(trees, name, where)
            if turning is None and (got.words | expected.words) & pieces.JUMPING:
                return Unknown()
            for point in islice(points.of_the_domain(turning or (), name), max(0, left)):
                left -= 1
                outcome = _exactly(got, expected, point)
                if isinstance(outcome, Different):
                    return outcome
    return Same(method="ball")


def _exactly(got: Expression, expected: Expression, point: Point) -> Comparison:
    try:
        ours, theirs = rational(got.tree, point), rational(expected.tree, point)
    except ArithmeticError:
        return Unknown()
    if ours is None or theirs is None:
        return _real(got, expected, point)
    if ours == theirs:
        return Same(method="exact")
    proof = Proof(method="exact", point=shown(point), got=str(ours), expected=str(theirs))
    return Different(proof=proof)


def _real(
    got: Expression,
    expected: Expression,
    point: Mapping[str, Fraction],
    precisions: tuple[int, ...] = PRECISIONS,
) -> Comparison:
    for bits in precisions:
        try:
            # The key first: where it leaves the reals, nobody asks for a long answer's value.
            if expected.integrates and not got.integrates:
                got.ball(point, bits=bits)
            theirs, ours = expected.ball(point, bits=bits), got.ball(point, bits=bits)
        except UncertainError:
            return _complex(got, expected, point)  # where such powers have values in any case
        except OutsideError:
            return Unknown()
        ctx.prec = bits
        gap = ours - theirs
        if not gap.contains(0):
            return Different(proof=_proof(point, ours, theirs))
        if gap.rad() < _tiny(bits) * (1 + abs(theirs.mid())):
            return Same(method="ball")
    return Unknown()


def _complex(
    got: Expression,
    expected: Expression,
    point: Mapping[str, Fraction],
    precisions: tuple[int, ...] = PRECISIONS,
) -> Comparison:
    for bits in precisions:
        try:
            if expected.integrates and not got.integrates:
                got.complex_ball(point, bits=bits)
            theirs = expected.complex_ball(point, bits=bits)
            ours = got.complex_ball(point, bits=bits)
        except OutsideError:
            return Unknown()
        ctx.prec = bits
        gap = ours - theirs
        if not gap.contains(0):
            return Different(proof=_proof(point, ours, theirs))
        limit = _tiny(bits) * (1 + abs(theirs.mid()))
        if gap.real.rad() < limit and gap.imag.rad() < limit:
            return Same(method="ball")
    return Unknown()


def _tiny(bits: int) -> arb:
    return arb(2) ** (-bits // 3)


def _proof(point: Mapping[str, Fraction], got: arb | acb, expected: arb | acb) -> Proof:
    ours, theirs = apart(got, expected)
    return Proof(method="ball", point=shown(point), got=ours, expected=theirs)

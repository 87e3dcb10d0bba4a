"""A number with a unit: the same quantity in any unit of the same dimension."""

from dataclasses import dataclass, replace
from fractions import Fraction

from tutorbot.core.answers.characters import MAX_LENGTH, too_long
from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Comparison, Different, Domain, Expression, Same
from tutorbot.core.answers.forms.asked import missing
from tutorbot.core.answers.kinds.figures import fits, unfit
from tutorbot.core.answers.kinds.number import rounding
from tutorbot.core.answers.kinds.scalar import UnsoundKeyError, domain, undefined
from tutorbot.core.answers.printing import echo
from tutorbot.core.answers.reader import read
from tutorbot.core.answers.readings import ambiguous_number, separated_otherwise
from tutorbot.core.answers.sampling import within
from tutorbot.core.answers.tree import Add, Mul, Node, literal, substitute
from tutorbot.core.answers.units import NoUnit, Unit, read_unit, starts
from tutorbot.core.answers.verdicts import (
    Asked,
    Echo,
    Problem,
    Proof,
    Right,
    RightButForm,
    Slip,
    Undecided,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.core.answers.vocabulary import Vocabulary, canonical
from tutorbot.core.answers.words import for_author, for_learner
from tutorbot.core.course import Form

NEARLY = Fraction(1, 10**12)
"""How far, relatively, a conversion may be off: a degree is π/180, which no fraction is."""

MAX_CUTS = 40
BARE = Unit(factor=Fraction(1), dimension=(), shown="")


@dataclass(frozen=True, kw_only=True)
class Quantity:
    number: Expression
    unit: Unit | None  # None: a number alone

    @property
    def measured(self) -> Expression:
        """In root units, from their own zero."""
        assert self.unit is not None
        scaled: Node = Mul((self.number.tree, literal(self.unit.factor)))
        return Expression(Add((scaled, literal(self.unit.offset))) if self.unit.offset else scaled)


@dataclass(frozen=True, kw_only=True)
class Quantities:
    accepted: tuple[Quantity, ...]
    mistaken: tuple[Quantity, ...]
    vocabulary: Vocabulary  # the learner's
    domain: Domain
    tolerance: Fraction | None
    significant: int | None
    form: Form | None = None


def prepare(asked: Asked) -> Quantities:
    """Read the key.

    Raises:
        UnsoundKeyError: a line cannot be read, or has no unit.
    """
    words = for_author(asked)
    values = {canonical(name): value for name, value in asked.values}
    usual = None
    if asked.typed.unit:
        outcome = read_unit(asked.typed.unit)
        if isinstance(outcome, NoUnit):
            problem = Problem(code="unknown-unit", at=0, details={"unit": outcome.word})
            raise UnsoundKeyError(asked.typed.unit, problem)
        usual = outcome

    def quantity(text: str) -> Quantity:
        found = _read(text, words)
        if isinstance(found, Problem):
            raise UnsoundKeyError(text, found)
        unit = found.unit or usual
        if unit is None:
            raise UnsoundKeyError(text, Problem(code="unit-missing", at=len(text)))
        return Quantity(number=Expression(substitute(found.number.tree, values)), unit=unit)

    accepted = tuple(quantity(each.text) for each in asked.typed.accepted)
    mistaken = tuple(quantity(each.text) for each in asked.typed.mistaken)
    trees = tuple(each.number.tree for each in accepted + mistaken)
    return Quantities(
        accepted=accepted,
        mistaken=mistaken,
        vocabulary=for_learner(asked, trees),
        domain=domain(asked),
        tolerance=asked.typed.tolerance,
        significant=asked.typed.significant,
        form=asked.typed.form,
    )


def judge(key: Quantities, text: str) -> Verdict:
    verdict = _judged(key, text)
    problem = ambiguous_number(text) if isinstance(verdict, Wrong) else None
    if problem is not None:
        other = _judged(key, separated_otherwise(text))
        if isinstance(other, Right | RightButForm):
            return Unreadable(problem=problem)
    return verdict


def _judged(key: Quantities, text: str) -> Verdict:
    got = _read(text, key.vocabulary)
    if isinstance(got, Problem):
        return Unreadable(problem=got)
    if got.number.prints is None:
        return Unreadable(problem=undefined(got.number.tree))
    shown = _echo(got)
    if got.unit is None and key.accepted and _is_bare(key.accepted[0]):
        got = replace(got, unit=BARE)  # 0.5 is 50 %, and π is 180°
    if got.unit is None:
        return _without_unit(key, got, shown)
    outcomes = [_same(key, got, expected) for expected in key.accepted]
    for at, outcome in enumerate(outcomes):
        if isinstance(outcome, Same):
            return _formed(key, got, Right(echo=shown, accepted=at))
    proofs = [each.proof for each in outcomes if isinstance(each, Different)]
    for at, mistake in enumerate(key.mistaken):
        if isinstance(_same(key, got, mistake), Same):
            proof = proofs[0] if proofs else Proof(method="mistaken")
            return Wrong(echo=shown, proof=proof, mistaken=at)
    if len(proofs) < len(outcomes):
        return Undecided(echo=shown)
    return Wrong(echo=shown, proof=proofs[0], slip=_slip(key, got))


def _formed(key: Quantities, got: Quantity, right: Right) -> Right | RightButForm:
    """Whether its number also has the figures and the form that are asked for."""
    shown, at, tree = right.echo, right.accepted, got.number.tree
    if key.significant is not None:
        slip = unfit(tree, key.significant)
        if slip is not None:
            return RightButForm(echo=shown, accepted=at, form=Form.FIGURES, missing=slip)
    if key.form is not None:
        slip = missing(key.form, tree, (key.accepted[at].number.tree,))
        if slip is not None:
            return RightButForm(echo=shown, accepted=at, form=key.form, missing=slip)
    return right


def echoed(key: Quantities, text: str) -> Echo | Problem:
    got = _read(text, key.vocabulary)
    return got if isinstance(got, Problem) else _echo(got)


def flaws(key: Quantities, asked: Asked) -> list[str]:
    found: list[str] = []
    for expected, line in zip(key.accepted, asked.typed.accepted, strict=True):
        if expected.number.prints is None:
            found.append(f"`{line.text}` divides by zero")
        elif not isinstance(_same(key, expected, expected), Same):
            found.append(f"`{line.text}` does not accept itself")
        elif key.form and missing(key.form, expected.number.tree, (expected.number.tree,)):
            found.append(f"`{line.text}` is not in the form `{key.form.value}` itself")
    for mistake, line in zip(key.mistaken, asked.typed.mistaken, strict=True):
        found.extend(
            f"`{line.text}` is marked as a mistake and equals the accepted `{right.text}`"
            for expected, right in zip(key.accepted, asked.typed.accepted, strict=True)
            if isinstance(_same(key, mistake, expected), Same)
        )
    return found


def _read(text: str, vocabulary: Vocabulary) -> Quantity | Problem:
    """Cut where the longest unit begins that leaves a number before it."""
    if len(text) > MAX_LENGTH:
        return too_long(text)
    first: Problem | None = None
    stranger: tuple[int, str] | None = None
    for count, cut in enumerate(starts(text)):
        if count > MAX_CUTS:
            break
        if not text[:cut].strip():
            continue
        unit = read_unit(text[cut:])
        if isinstance(unit, NoUnit):
            place = text.find(unit.word, cut)
            stranger = stranger or (max(place, cut), unit.word)
            continue
        outcome = read(text[:cut], vocabulary)
        if isinstance(outcome, Problem):
            first = first or outcome
            continue
        return Quantity(number=Expression(outcome.tree), unit=unit)
    outcome = read(text, vocabulary)
    if not isinstance(outcome, Problem):
        return Quantity(number=Expression(outcome.tree), unit=None)
    if first is None and stranger is not None and outcome.code in {"unknown-symbol", "character"}:
        at, word = stranger
        return Problem(code="unknown-unit", at=at, length=max(1, len(word)), details={"unit": word})
    return first or outcome


def _same(key: Quantities, got: Quantity, expected: Quantity) -> Comparison:
    ours, theirs = got.unit, expected.unit
    assert ours is not None
    assert theirs is not None
    if ours.dimension != theirs.dimension:
        return Different(
            proof=Proof(
                method="dimension", got=ours.dimension_shown, expected=theirs.dimension_shown
            )
        )
    room = rounding(expected.number) if key.tolerance is None else key.tolerance
    if ours.factor != theirs.factor:
        room = max(room, NEARLY)
    if key.significant is not None and fits(
        got.number, expected.number, key.significant, _ratio(got, expected)
    ):
        return Same(method="exact")
    if not room:
        return compare(got.measured, expected.measured, key.domain)
    return within(got.measured, expected.measured, room)


def _is_bare(quantity: Quantity) -> bool:
    return quantity.unit is not None and not quantity.unit.dimension


def _ratio(got: Quantity, expected: Quantity) -> Fraction | None:
    """How many of the key's units one of the learner's is; none for temperatures of two zeros."""
    assert got.unit is not None
    assert expected.unit is not None
    if got.unit.offset != expected.unit.offset:
        return None
    return got.unit.factor / expected.unit.factor


def _without_unit(key: Quantities, got: Quantity, shown: Echo) -> Wrong:
    expected = key.accepted[0]
    assert expected.unit is not None
    named = replace(got, unit=expected.unit)
    right = isinstance(_same(key, named, expected), Same)
    details = {"unit": expected.unit.shown, "number": "right" if right else "wrong"}
    proof = Proof(method="unit", got="", expected=expected.unit.shown)
    return Wrong(echo=shown, proof=proof, slip=Slip(code="unit-missing", details=details))


def _slip(key: Quantities, got: Quantity) -> Slip | None:
    expected = key.accepted[0]
    assert got.unit is not None
    assert expected.unit is not None
    if got.unit.dimension != expected.unit.dimension:
        details = {"got": got.unit.shown, "wanted": expected.unit.shown}
        return Slip(code="dimension", details=details)
    for code, factor in (("sign", Fraction(-1)), *((f"{each}", each) for each in _FACTORS)):
        scaled = Expression(Mul((literal(factor), got.number.tree)))
        if isinstance(_same(key, replace(got, number=scaled), expected), Same):
            if code == "sign":
                return Slip(code="sign")
            details = {"factor": str(factor if factor > 1 else 1 / factor)}
            return Slip(code="unit-scale", details=details)
    return None


_FACTORS = tuple(
    each
    for size in (10, 100, 1_000, 10_000, 10**6, 10**9, 60, 3_600, Fraction(18, 5), 24)
    for each in (Fraction(size), 1 / Fraction(size))
)


def _echo(got: Quantity) -> Echo:
    number = echo(got.number.tree)
    if got.unit is None:
        return number
    unit = got.unit.shown
    safe = "".join(rf"\{each}" if each in "%#&_{}" else each for each in unit)
    return Echo(text=f"{number.text} {unit}", latex=rf"{number.latex}\,\text{{{safe}}}")

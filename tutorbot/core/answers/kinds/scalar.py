"""What formulas and numbers share: one expression, held against the lines of the key."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tutorbot.core.answers.constant import UndefinedError
from tutorbot.core.answers.derived import NotDerivedError, derived, named
from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.fingerprint import fingerprint
from tutorbot.core.answers.forms.asked import missing
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis
from tutorbot.core.answers.mistakes.known import Known
from tutorbot.core.answers.notes import noted
from tutorbot.core.answers.printing import echo, unicode
from tutorbot.core.answers.reader import read
from tutorbot.core.answers.readings import (
    ambiguous_number,
    arguments_or_decimal,
    separated_otherwise,
)
from tutorbot.core.answers.tree import Node, substitute
from tutorbot.core.answers.verdicts import (
    Asked,
    Note,
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
from tutorbot.core.answers.vocabulary import Vocabulary, canonical, canonical_all
from tutorbot.core.answers.words import for_author, for_learner
from tutorbot.core.course import Form


class UnsoundKeyError(ValueError):
    """A line of a key cannot be read; the course check refuses such a question.

    ``line`` is as the author wrote it.
    """

    def __init__(self, line: str, problem: Problem) -> None:
        super().__init__(f"`{line}` cannot be read: {problem.code} at {problem.at}")
        self.line = line
        self.problem = problem


Compare = Callable[[Expression, Expression], Comparison]
Diagnose = Callable[[Known, Expression], Diagnosis]


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The key of a question whose answer is one expression."""

    accepted: tuple[Expression, ...]
    mistaken: tuple[Expression, ...]
    vocabulary: Vocabulary  # the learner's
    domain: Domain
    same: Compare = field(repr=False)  # whether an answer counts as an accepted line
    alike: Compare = field(repr=False)  # whether it is a mistaken line
    known: Known = field(repr=False)  # the accepted lines, with every slip against them
    diagnose: Diagnose = field(repr=False)
    form: Form | None = None
    renames: bool = False  # `alike` sees through the name of a constant, fingerprints do not


def author_lines(asked: Asked) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The accepted and the mistaken lines, with the values of the variant set in.

    Raises:
        UnsoundKeyError: one of them cannot be read.
    """
    vocabulary = for_author(asked)
    values = {canonical(name): value for name, value in asked.values}
    try:
        names = derived(asked)
    except NotDerivedError as error:
        raise UnsoundKeyError(error.text, error.problem) from error

    def tree(text: str) -> Node:
        outcome = read(text, vocabulary)
        if isinstance(outcome, Problem):
            raise UnsoundKeyError(text, outcome)
        return substitute(named(outcome.tree, names), values)

    typed = asked.typed
    return (
        tuple(tree(each.text) for each in typed.accepted),
        tuple(tree(each.text) for each in typed.mistaken),
    )


def lines(asked: Asked, same: Compare, alike: Compare, diagnose: Diagnose) -> Lines:
    accepted, mistaken = author_lines(asked)
    vocabulary = for_learner(asked, accepted + mistaken)
    where = domain(asked)
    first, *also = right = tuple(map(_worked_out, accepted))
    return Lines(
        accepted=right,
        mistaken=tuple(map(_worked_out, mistaken)),
        vocabulary=vocabulary,
        domain=where,
        same=same,
        alike=alike,
        known=Known(
            first,
            names=vocabulary.symbols,
            functions=vocabulary.functions,
            domain=where,
            also=also,
        ).prepared(),
        diagnose=diagnose,
        form=asked.typed.form,
    )


def _worked_out(tree: Node) -> Expression:
    """With all at hand that every comparison asks for."""
    expression = Expression(tree)
    _ = expression.prints, expression.proves, expression.value
    return expression


def domain(asked: Asked) -> Domain:
    typed = asked.typed
    return Domain(positive=canonical_all(typed.positive), integer=canonical_all(typed.integer))


def judge(key: Lines, text: str) -> Verdict:
    outcome = read(text, key.vocabulary)
    if isinstance(outcome, Problem):
        return Unreadable(problem=outcome)
    got = Expression(outcome.tree)
    if got.prints is None:
        return Unreadable(problem=undefined(outcome.tree))
    verdict = hold(key, got)
    other = read(text, key.vocabulary, tight=True) if outcome.ambiguous else outcome
    if not isinstance(other, Problem) and other.tree != outcome.tree:
        details = {"other": unicode(other.tree)}
        meant = Expression(other.tree)
        if isinstance(verdict, Wrong) and verdict.mistaken is None and _is_accepted(key, meant):
            slip = Slip(code="reading", details=details)
            return Wrong(echo=verdict.echo, proof=verdict.proof, slip=slip)
        verdict = noted(verdict, Note(code="left-to-right", at=0, details=details))
    if isinstance(verdict, Wrong):
        problem = ambiguous_number(text)
        if problem is not None and _is_right_as(key, separated_otherwise(text)):
            return Unreadable(problem=problem)
        readings = arguments_or_decimal(text)
        if readings and _is_right_as(key, readings[1].text):
            first, second = (reading.shown for reading in readings)
            return Unreadable(
                problem=Problem(
                    code="base-or-decimal",
                    at=0,
                    length=len(text),
                    details={"first": first, "second": second},
                    readings=readings,
                )
            )
    return verdict


def _is_right_as(key: Lines, typed: str) -> bool:
    outcome = read(typed, key.vocabulary)
    return not isinstance(outcome, Problem) and _is_accepted(key, Expression(outcome.tree))


def _is_accepted(key: Lines, got: Expression) -> bool:
    return any(isinstance(key.same(got, expected), Same) for expected in key.accepted)


def hold(key: Lines, got: Expression) -> Verdict:
    """Hold what was read against the lines of the key."""
    shown = echo(got.tree)
    proofs: list[Proof] = []
    for at, expected in enumerate(key.accepted):
        match key.same(got, expected):
            case Same():
                return _formed(key, got, Right(echo=shown, accepted=at))
            case Different() as different:
                proofs.append(different.proof)
            case Unknown():
                pass
    for at, mistake in enumerate(key.mistaken):
        if _is(key, got, mistake):
            proof = proofs[0] if proofs else Proof(method="mistaken")
            return Wrong(echo=shown, proof=proof, mistaken=at)
    if len(proofs) < len(key.accepted):
        return Undecided(echo=shown)
    found = key.diagnose(key.known, got)
    return Wrong(
        echo=shown,
        proof=proofs[0],
        slip=found.slip,
        agrees=found.agrees,
        example=found.example,
    )


def _formed(key: Lines, got: Expression, right: Right) -> Right | RightButForm:
    """Whether it also stands in the form that is asked for."""
    if key.form is None:
        return right
    first = key.accepted[right.accepted]
    also = (each for each in key.accepted if each is not first)
    lines = [first, *(each for each in also if isinstance(key.same(got, each), Same))]
    slip = missing(key.form, got.tree, (line.tree for line in lines))
    if slip is None:
        return right
    return RightButForm(echo=right.echo, accepted=right.accepted, form=key.form, missing=slip)


def _is(key: Lines, got: Expression, mistake: Expression) -> bool:
    """Whether it is this mistake; no proof is sought that it is not."""
    if got.matches(mistake):
        return True
    if got.proves and mistake.proves and not key.renames:
        return False
    return isinstance(key.alike(got, mistake), Same)


def undefined(tree: Node) -> Problem:
    """Where it divides by zero."""
    start, end = tree.span
    try:
        fingerprint(tree, 0)
        fingerprint(tree, 1)
    except UndefinedError as error:
        start, end = error.node.span
    return Problem(code="division-by-zero", at=start, length=max(1, end - start))


def flaws(key: Lines, asked: Asked) -> list[str]:
    """What an author should mend: an accepted line that refuses itself, a mistake that is right."""
    found: list[str] = []
    for expected, line in zip(key.accepted, asked.typed.accepted, strict=True):
        if expected.prints is None:
            found.append(f"`{line.text}` divides by zero")
        elif not isinstance(key.same(expected, expected), Same):
            found.append(f"`{line.text}` does not accept itself")
        elif key.form is not None and missing(key.form, expected.tree, (expected.tree,)):
            found.append(f"`{line.text}` is not in the form `{key.form.value}` itself")
    for mistake, line in zip(key.mistaken, asked.typed.mistaken, strict=True):
        if mistake.prints is None:
            found.append(f"`{line.text}` divides by zero")
        found.extend(
            f"`{line.text}` is marked as a mistake and equals the accepted `{right.text}`"
            for expected, right in zip(key.accepted, asked.typed.accepted, strict=True)
            if isinstance(key.same(mistake, expected), Same)
        )
    return found

"""What the kinds beyond one expression share: a structure, held against the lines of the key."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tutorbot.core.answers.expression import (
    Comparison,
    Different,
    Domain,
    Expression,
    Same,
    Unknown,
)
from tutorbot.core.answers.forms.structures import missing_in
from tutorbot.core.answers.kinds.scalar import UnsoundKeyError, domain, undefined
from tutorbot.core.answers.mistakes.diagnosis import Diagnosis, diagnosed, known
from tutorbot.core.answers.readings import ambiguous_number, separated_otherwise
from tutorbot.core.answers.structure_printing import echo_thing, shown
from tutorbot.core.answers.structures import STRUCTURES, Thing, expressions, rebuilt
from tutorbot.core.answers.tree import substitute
from tutorbot.core.answers.verdicts import (
    Asked,
    Echo,
    Problem,
    Proof,
    Reading,
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

Read = Callable[[str, Vocabulary], Thing | Problem]
Compare = Callable[[Thing, Thing, Domain], Comparison]
Diagnose = Callable[[Thing, Thing, Domain], Diagnosis]


@dataclass(frozen=True, kw_only=True)
class Structured:
    """The key of a question whose answer is a structure."""

    accepted: tuple[Thing, ...]
    mistaken: tuple[Thing, ...]
    vocabulary: Vocabulary  # the learner's
    domain: Domain
    read: Read = field(repr=False)
    same: Compare = field(repr=False)
    diagnose: Diagnose = field(repr=False)
    form: Form | None = None


def prepare(asked: Asked, read: Read, same: Compare, diagnose: Diagnose) -> Structured:
    """Read the key.

    Raises:
        UnsoundKeyError: a line cannot be read.
    """
    words = for_author(asked)
    values = {canonical(name): value for name, value in asked.values}

    def thing(text: str) -> Thing:
        outcome = read(text, words)
        if isinstance(outcome, Problem):
            raise UnsoundKeyError(text, outcome)
        return rebuilt(outcome, lambda node: substitute(node, values))

    accepted = tuple(thing(each.text) for each in asked.typed.accepted)
    mistaken = tuple(thing(each.text) for each in asked.typed.mistaken)
    trees = tuple(tree for line in accepted + mistaken for tree in expressions(line))
    return Structured(
        accepted=accepted,
        mistaken=mistaken,
        vocabulary=for_learner(asked, trees),
        domain=domain(asked),
        read=read,
        same=same,
        diagnose=diagnose,
        form=asked.typed.form,
    )


def judge(key: Structured, text: str) -> Verdict:
    got = _read(key, text, key.vocabulary)
    if isinstance(got, Problem):
        return Unreadable(problem=got)
    verdict = hold(key, got)
    problem = ambiguous_number(text) if isinstance(verdict, Wrong) else None
    if problem is not None and "," not in text:  # 1.000 may be a thousand; 1,000 may be two
        other = _read(key, separated_otherwise(text), key.vocabulary)
        if not isinstance(other, Problem) and isinstance(hold(key, other), Right | RightButForm):
            return Unreadable(problem=problem)
    if isinstance(verdict, Wrong) and key.vocabulary.lists and "," in text:
        # 1,5 between other numbers: two of them, or one?
        decimal, parted = _other_commas(text), text.replace(",", ", ")
        if decimal == text:  # no comma stands between digits
            return verdict
        as_read, otherwise = (decimal, parted) if ";" in text else (parted, decimal)
        other = _read(key, otherwise, key.vocabulary)
        if isinstance(other, Problem):
            return verdict
        otherwise_judged = hold(key, other)
        if isinstance(otherwise_judged, Right | RightButForm):
            at = text.index(",")
            details = {"first": shown(got), "second": shown(other)}
            readings = (
                Reading(text=as_read, shown=shown(got)),
                Reading(text=otherwise, shown=shown(other)),
            )
            return Unreadable(
                problem=Problem(code="ambiguous-list", at=at, details=details, readings=readings)
            )
        if _has_other_size(verdict) and not _has_other_size(otherwise_judged):
            return otherwise_judged  # the reading that has the size of the key is meant
    return verdict


def _has_other_size(verdict: Verdict) -> bool:
    return (
        isinstance(verdict, Wrong)
        and verdict.slip is not None
        and verdict.slip.code in {"entry-count", "matrix-size"}
    )


def echoed(key: Structured, text: str) -> Echo | Problem:
    got = _read(key, text, key.vocabulary)
    return got if isinstance(got, Problem) else echo_thing(got)


def hold(key: Structured, got: Thing) -> Verdict:
    """Hold what was read against the lines of the key."""
    echo = echo_thing(got)
    proofs: list[Proof] = []
    for at, expected in enumerate(key.accepted):
        match key.same(got, expected, key.domain):
            case Same():
                return _formed(key, got, Right(echo=echo, accepted=at))
            case Different() as different:
                proofs.append(different.proof)
            case Unknown():
                pass
    for at, mistake in enumerate(key.mistaken):
        if isinstance(key.same(got, mistake, key.domain), Same):
            proof = proofs[0] if proofs else Proof(method="mistaken")
            return Wrong(echo=echo, proof=proof, mistaken=at)
    if len(proofs) < len(key.accepted):
        return Undecided(echo=echo)
    found = key.diagnose(got, key.accepted[0], key.domain)
    return Wrong(
        echo=echo, proof=proofs[0], slip=found.slip, agrees=found.agrees, example=found.example
    )


def _formed(key: Structured, got: Thing, right: Right) -> Right | RightButForm:
    """Whether it also stands in the form that is asked for."""
    if key.form is None:
        return right
    first = key.accepted[right.accepted]
    also = (each for each in key.accepted if each is not first)
    lines = (first, *(each for each in also if isinstance(key.same(got, each, key.domain), Same)))
    slip = missing_in(key.form, got, lines)
    if slip is None:
        return right
    return RightButForm(echo=right.echo, accepted=right.accepted, form=key.form, missing=slip)


def flaws(key: Structured, asked: Asked) -> list[str]:
    """What an author should mend: an accepted line that refuses itself, a mistake that is right."""
    found: list[str] = []
    for expected, line in zip(key.accepted, asked.typed.accepted, strict=True):
        if _undefined(expected) is not None:
            found.append(f"`{line.text}` divides by zero")
        elif not isinstance(key.same(expected, expected, key.domain), Same):
            found.append(f"`{line.text}` does not accept itself")
        elif key.form is not None and missing_in(key.form, expected, (expected,)):
            found.append(f"`{line.text}` is not in the form `{key.form.value}` itself")
    for mistake, line in zip(key.mistaken, asked.typed.mistaken, strict=True):
        found.extend(
            f"`{line.text}` is marked as a mistake and equals the accepted `{right.text}`"
            for expected, right in zip(key.accepted, asked.typed.accepted, strict=True)
            if isinstance(key.same(mistake, expected, key.domain), Same)
        )
    return found


def wanted(code: str, thing: Thing, **details: str) -> Problem:
    """What was typed can be read, and is not what was asked for."""
    start, end = thing.span
    return Problem(code=code, at=start, length=max(1, end - start), details=details)


def only(slip: Slip | None) -> Diagnosis:
    return Diagnosis(slip=slip)


def nested(slip: Slip | None) -> dict[str, str]:
    """The details of a slip in which this one is found, such as that of an entry."""
    if slip is None:
        return {}
    return {"inner": slip.code} | {f"inner.{name}": it for name, it in slip.details.items()}


def entry_diagnosis(got: Thing, expected: Thing, domain: Domain) -> Diagnosis:
    """Of one expression within a structure."""
    if isinstance(got, STRUCTURES) or isinstance(expected, STRUCTURES):
        return Diagnosis()
    return diagnosed(known(Expression(expected), domain=domain), Expression(got))


def _read(key: Structured, text: str, vocabulary: Vocabulary) -> Thing | Problem:
    outcome = key.read(text, vocabulary)
    if isinstance(outcome, Problem):
        return outcome
    problem = _undefined(outcome)
    return outcome if problem is None else problem


def _undefined(thing: Thing) -> Problem | None:
    for tree in expressions(thing):
        if Expression(tree).prints is None:
            return undefined(tree)
    return None


def _other_commas(text: str) -> str:
    """1,5, 2 is 1.5; 2."""
    return "".join(
        "."
        if each == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
        else each
        for at, each in enumerate(text)
    )

"""A size, rows by columns: compared entry by entry."""

from dataclasses import dataclass

from tutorbot.core.answers.compare import compare
from tutorbot.core.answers.expression import Different, Domain, Expression, Same
from tutorbot.core.answers.kinds.scalar import UnsoundKeyError, domain, undefined
from tutorbot.core.answers.printing import echo
from tutorbot.core.answers.reader import read_size
from tutorbot.core.answers.tree import Size, substitute
from tutorbot.core.answers.verdicts import (
    Asked,
    Problem,
    Proof,
    Right,
    Slip,
    Undecided,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.core.answers.vocabulary import Vocabulary, canonical
from tutorbot.core.answers.words import for_author, for_learner

Entries = tuple[Expression, ...]


@dataclass(frozen=True, kw_only=True)
class Sizes:
    accepted: tuple[Entries, ...]
    mistaken: tuple[Entries, ...]
    vocabulary: Vocabulary  # the learner's
    domain: Domain


def prepare(asked: Asked) -> Sizes:
    """Read the key.

    Raises:
        UnsoundKeyError: a line cannot be read.
    """
    words = for_author(asked)
    values = {canonical(name): value for name, value in asked.values}

    def entries(text: str) -> Entries:
        outcome = read_size(text, words)
        if isinstance(outcome, Problem):
            raise UnsoundKeyError(text, outcome)
        return tuple(Expression(substitute(entry, values)) for entry in outcome.entries)

    accepted = tuple(entries(each.text) for each in asked.typed.accepted)
    mistaken = tuple(entries(each.text) for each in asked.typed.mistaken)
    trees = tuple(entry.tree for size in accepted + mistaken for entry in size)
    return Sizes(
        accepted=accepted,
        mistaken=mistaken,
        vocabulary=for_learner(asked, trees),
        domain=domain(asked),
    )


def judge(key: Sizes, text: str) -> Verdict:
    outcome = read_size(text, key.vocabulary)
    if isinstance(outcome, Problem):
        return Unreadable(problem=outcome)
    got = tuple(map(Expression, outcome.entries))
    for entry in got:
        if entry.prints is None:
            return Unreadable(problem=undefined(entry.tree))
    shown = echo(outcome)
    held = [_same(got, expected, key.domain) for expected in key.accepted]
    if True in held:
        return Right(echo=shown, accepted=held.index(True))
    proof = Proof(method="entries", got=shown.text, expected=_shown(key.accepted[0]))
    for at, mistake in enumerate(key.mistaken):
        if _same(got, mistake, key.domain):
            return Wrong(echo=shown, proof=proof, mistaken=at)
    if None in held:
        return Undecided(echo=shown)
    return Wrong(echo=shown, proof=proof, slip=_slip(got, key.accepted[0], key.domain))


def flaws(key: Sizes, asked: Asked) -> list[str]:
    found: list[str] = []
    for expected, line in zip(key.accepted, asked.typed.accepted, strict=True):
        if any(entry.prints is None for entry in expected):
            found.append(f"`{line.text}` divides by zero")
        elif not _same(expected, expected, key.domain):
            found.append(f"`{line.text}` does not accept itself")
    for mistake, line in zip(key.mistaken, asked.typed.mistaken, strict=True):
        found.extend(
            f"`{line.text}` is marked as a mistake and equals the accepted `{right.text}`"
            for expected, right in zip(key.accepted, asked.typed.accepted, strict=True)
            if _same(mistake, expected, key.domain)
        )
    return found


def _same(got: Entries, expected: Entries, where: Domain) -> bool | None:
    """None: some entry is undecided, and none is known to differ."""
    if len(got) != len(expected):
        return False
    outcomes = [compare(ours, theirs, where) for ours, theirs in zip(got, expected, strict=True)]
    if any(isinstance(outcome, Different) for outcome in outcomes):
        return False
    return True if all(isinstance(outcome, Same) for outcome in outcomes) else None


def _slip(got: Entries, expected: Entries, where: Domain) -> Slip | None:
    if len(got) != len(expected):
        details = {"got": str(len(got)), "wanted": str(len(expected))}
        return Slip(code="entry-count", details=details)
    if _same(got[::-1], expected, where):
        return Slip(code="transposed")
    wrong = [
        at
        for at, (ours, theirs) in enumerate(zip(got, expected, strict=True), start=1)
        if not isinstance(compare(ours, theirs, where), Same)
    ]
    return Slip(code="entry", details={"place": str(wrong[0])}) if len(wrong) == 1 else None


def _shown(entries: Entries) -> str:
    return echo(Size(tuple(entry.tree for entry in entries))).text

"""Slips of logic, named where a truth table knows them: the converse, De Morgan, a lost “not”."""

from collections.abc import Iterator
from functools import reduce

from tutorbot.core.answers.structures import Joined, Not, Proposition, Thing, Truth, parts
from tutorbot.core.answers.verdicts import Slip

MAX_LETTERS = 6
MAX_SLIPS = 200

Slipped = tuple[Thing, str]

_OTHER = {"∧": "∨", "∨": "∧"}


def slip(got: Thing, expected: Thing) -> Slip | None:
    """What makes the answer of the key; none for what is not made of letters alone."""
    letters = sorted(_letters(got) | _letters(expected))
    if len(letters) > MAX_LETTERS:
        return None
    typed = _table(got, letters)
    wanted = _table(expected, letters)
    if typed is None or wanted is None:
        return None
    if _table(Not(got), letters) == wanted:
        return Slip(code="negated")
    if not _letters(got) or typed in (0, _table(Truth(value=True), letters)):
        return Slip(code="always-true" if typed else "never-true")
    nots = _nots(got) > _nots(expected)
    for at, (made, code) in enumerate(_slipped(expected, letters)):
        if at >= MAX_SLIPS:
            break
        if _table(made, letters) == typed:
            return Slip(code="inverse" if code == "converse" and nots else code)
    return None


def _slipped(thing: Thing, letters: list[str]) -> Iterator[Slipped]:
    """All that one slip makes of a statement; what is made of its parts comes last."""
    yield from _here(thing, letters)
    match thing:
        case Not():
            for made, code in _slipped(thing.of, letters):
                yield Not(made), code
        case Joined():
            for at, part in enumerate(thing.parts):
                for made, code in _slipped(part, letters):
                    yield (
                        Joined(thing.sign, (*thing.parts[:at], made, *thing.parts[at + 1 :])),
                        code,
                    )
        case _:
            pass


def _here(thing: Thing, letters: list[str]) -> Iterator[Slipped]:
    match thing:
        case Not(Joined(sign, inner)) if sign in _OTHER:
            yield Joined(sign, tuple(map(Not, inner))), "de-morgan"
            yield Joined(_OTHER[sign], inner), "negation-missing"
            for at, part in enumerate(inner):
                yield Joined(sign, (*inner[:at], Not(part), *inner[at + 1 :])), "negation-spread"
            yield thing.of, "negation-missing"
        case Not():
            yield thing.of, "negation-missing"
        case Joined("→", (first, second)):
            yield Joined("→", (second, first)), "converse"
            yield Joined("↔", (first, second)), "both-ways"
            yield Joined("∧", (first, second)), "implication-and"
            yield Joined("→", (first, Not(second))), "negation-extra"
        case Joined("↔", (first, second)):
            yield Joined("→", (first, second)), "one-way"
            yield Joined("→", (second, first)), "one-way"
        case Joined("⊕", several):
            yield Joined("∨", several), "either-or"
        case Joined(sign, several) if sign in _OTHER:
            if all(isinstance(each, Not) for each in several):
                inside = tuple(each.of for each in several if isinstance(each, Not))
                yield Not(Joined(sign, inside)), "de-morgan"
            yield Joined(_OTHER[sign], several), "and-or"
            if sign == "∨":
                yield Joined("⊕", several), "either-or"
            if len(several) == 2:  # noqa: PLR2004 - two sides
                yield Joined("→", several), "implication-and"
                yield from _regrouped(thing)
            for at in range(len(several)):
                rest = (*several[:at], *several[at + 1 :])
                yield rest[0] if len(rest) == 1 else Joined(sign, rest), "condition-missing"
        case Proposition():
            yield Not(thing), "negation-extra"
            for name in letters:
                if name != thing.name:
                    yield Proposition(name), "letter"
        case _:
            pass


def _regrouped(thing: Joined) -> Iterator[Slipped]:
    """P ∨ (q ∧ r) as (p ∨ q) ∧ r."""
    first, second = thing.parts
    if isinstance(second, Joined) and second.sign == _OTHER[thing.sign]:
        head, *tail = second.parts
        yield Joined(second.sign, (Joined(thing.sign, (first, head)), *tail)), "grouping"
    if isinstance(first, Joined) and first.sign == _OTHER[thing.sign]:
        *head, last = first.parts
        yield Joined(first.sign, (*head, Joined(thing.sign, (last, second)))), "grouping"


def _letters(thing: Thing) -> frozenset[str]:
    match thing:
        case Proposition():
            return frozenset((thing.name,))
        case Not() | Joined():
            return frozenset[str]().union(*map(_letters, parts(thing)))
        case _:
            return frozenset()


def _nots(thing: Thing) -> int:
    match thing:
        case Not() | Joined():
            return isinstance(thing, Not) + sum(map(_nots, parts(thing)))
        case _:
            return 0


def _table(thing: Thing, letters: list[str]) -> int | None:
    """The rows in which it holds, a row a bit; none where it is not made of letters."""
    rows = 2 ** len(letters)
    whole = (1 << rows) - 1
    match thing:
        case Truth():
            return whole if thing.value else 0
        case Proposition():
            at = letters.index(thing.name)
            return sum(1 << row for row in range(rows) if row >> at & 1)
        case Not():
            inner = _table(thing.of, letters)
            return None if inner is None else whole & ~inner
        case Joined():
            found = [_table(part, letters) for part in thing.parts]
            known = [each for each in found if each is not None]
            if len(known) < len(found):
                return None
            return _joined(thing.sign, known, whole)
        case _:
            return None


def _joined(sign: str, tables: list[int], whole: int) -> int:
    first, *rest = tables
    match sign:
        case "∧":
            return reduce(lambda one, other: one & other, rest, first)
        case "∨":
            return reduce(lambda one, other: one | other, rest, first)
        case "⊕":
            return reduce(lambda one, other: one ^ other, rest, first)
        case "→":
            return (whole & ~first) | rest[0]
        case _:
            return whole & ~(first ^ rest[0])

"""What is right, learnt by answering: responses are tried on the rules of an item.

Programs write rules in so many ways that it is surer to try responses than to read the rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from tutorbot.core.course import Mark, Partial
from tutorbot.courses.importers.weights import Marks, one_right, several_right

MOST_EFFORT = 3_000_000
"""Elements of rules looked at, for all items of a file: enough for 5,000 as programs write them."""

Response = Mapping[str, frozenset[str]]
"""What is answered in each place of an item, by its ident."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    score: Fraction
    feedback: tuple[str, ...]  # idents of what is said


@dataclass
class Effort:
    """How much trying is left for the items of one file."""

    left: int = MOST_EFFORT

    def spend(self, rules: "Rules", options: int) -> bool:
        """Whether there is enough for trying so many options or texts."""
        self.left -= rules.size * (2 * options + 4)
        return self.left >= 0


class Rules(Protocol):
    @property
    def size(self) -> int:
        """In elements."""
        ...

    def run(self, response: Response) -> Outcome: ...

    def share(self, score: Fraction) -> Fraction:
        """Of all marks that can be had."""
        ...

    def right_sets(self, place: str) -> Iterator[frozenset[str]]:
        """Sets of ticks that the rules have points for."""
        ...


@dataclass(frozen=True, kw_only=True)
class TriedOptions:
    marks: Marks
    told: tuple[tuple[str, ...], ...]  # for each option
    always: tuple[str, ...]
    rest: tuple[str, ...]  # what is said to right or wrong answers as a whole


@dataclass(frozen=True, kw_only=True)
class TriedTexts:
    shares: tuple[Fraction, ...]
    told: tuple[tuple[str, ...], ...]
    always: tuple[str, ...]
    rest: tuple[str, ...]


def try_options(rules: Rules, place: str, idents: Sequence[str], *, several: bool) -> TriedOptions:
    """Tick each option alone, and the best set of them together."""
    nothing = rules.run({})
    runs = [rules.run({place: frozenset({each})}) for each in idents]
    always = _always([nothing, *runs])
    shares = [rules.share(run.score) for run in runs]
    if not several:
        told = tuple(_without(run, always) for run in runs)
        return TriedOptions(marks=one_right(shares), told=told, always=always, rest=())
    best = max(
        rules.right_sets(place),
        key=lambda ticks: (rules.run({place: ticks}).score, len(ticks)),
        default=frozenset[str](),
    )
    alone = tuple(shares)
    # Where marks never fall below nothing, a wrong tick shows beside right ones only.
    together = rules.run({place: best}).score
    shares = [
        share or rules.share(rules.run({place: best | {each}}).score - together)
        for each, share in zip(idents, shares, strict=True)
    ]
    told = tuple(_without(run, nothing.feedback) for run in runs)
    known = {*always, *(each for one in told for each in one)}
    common = dict.fromkeys((*rules.run({place: best}).feedback, *nothing.feedback))
    return TriedOptions(
        marks=_several(rules, place, idents, best, shares, alone),
        told=told,
        always=always,
        rest=tuple(each for each in common if each not in known),
    )


def try_texts(rules: Rules, place: str, texts: Iterable[str]) -> TriedTexts:
    """Type each of the texts."""
    nothing = rules.run({})
    runs = [rules.run({place: frozenset({text})}) for text in texts]
    always = _always([nothing, *runs])
    return TriedTexts(
        shares=tuple(rules.share(run.score) for run in runs),
        told=tuple(_without(run, nothing.feedback) for run in runs),
        always=always,
        rest=_without(nothing, always),
    )


def _several(
    rules: Rules,
    place: str,
    idents: Sequence[str],
    best: frozenset[str],
    shares: Sequence[Fraction],
    alone: Sequence[Fraction],
) -> Marks:
    """All or nothing, unless ticks give points one by one."""
    everything = rules.run({place: frozenset(idents)}).score
    is_whole = not any(alone) if len(best) > 1 else everything <= 0
    if not best or not is_whole or not rules.run({place: best}).score:
        return several_right(shares)
    return Marks(
        marks=tuple(Mark.RIGHT if each in best else Mark.WRONG for each in idents),
        partial=Partial.ALL_OR_NOTHING,
    )


def _always(runs: Sequence[Outcome]) -> tuple[str, ...]:
    return tuple(each for each in runs[0].feedback if all(each in run.feedback for run in runs))


def _without(run: Outcome, known: Iterable[str]) -> tuple[str, ...]:
    left = set(known)
    return tuple(each for each in run.feedback if each not in left)

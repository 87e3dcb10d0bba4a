"""The key alarm: whether the strong prefer an answer that the key calls wrong.

Two stories are held against each other for each question: that the key is right, and that another
answer is. In either, the chance of the right answer rises with how well somebody does elsewhere,
and who does not know it takes one of the others, whichever. Each story is averaged over how hard
and how telling a question may be and how its wrong answers draw, so what comes out is a Bayes
factor: by how much the answers are likelier if the key is wrong.

If the key is right, such a factor is 1 on average, so by Markov's inequality it exceeds 1/α with a
chance of at most α: a test of that level, without tables and without dice. Over the options of a
question the factors are averaged, which keeps the level. (G. Shafer, Testing by betting, JRSS A
184, 2021; V. Vovk and R. Wang, E-values, Annals of Statistics 49, 2021.)
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log

LEVEL = 0.05
"""At most so many questions with a right key give the alarm, where the stories above hold."""

FEWEST = 10
"""Answers below which nothing is said."""

WRONG_KEYS = 0.01
"""How many keys are taken to be wrong before anybody has answered."""

AGREEING = 3
"""Learners who must have typed the same before it can be what the strong agree on."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """An answer that speaks against the key.

    Of the ``strong``, the better half of those who answered, so many ``chose`` it, and so many
    followed the ``key``.
    """

    answer: str  # the id of an option, or what was typed
    factor: float  # by how much likelier the answers are if this one is right
    strong: int
    chose: int
    key: int

    @property
    def chance(self) -> float:
        """That the key is wrong, from 0 to 1, if so many keys are as `WRONG_KEYS` says."""
        odds = self.factor * WRONG_KEYS / (1 - WRONG_KEYS)
        return odds / (1 + odds)

    def clear(self, questions: int) -> bool:
        """Whether it would stand out among so many questions: Bonferroni's adjustment."""
        return self.factor >= questions / LEVEL


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One answer, and how well its learner does elsewhere."""

    rest: float
    chosen: frozenset[str]


def key_alarm(
    answers: Sequence[Answered],
    options: Sequence[str],
    right: frozenset[str],
    guess: float,
    *,
    several: bool = False,
) -> Alarm | None:
    """Look for an answer that the strong prefer to what the key says.

    Args:
        answers: in any order; what comes out does not depend on it
        options: those that may be right; whatever else was chosen is taken together
        right: those of the key
        guess: the chance of a right answer without any idea
        several: several may be chosen, and each is looked at by itself
    """
    abilities = _standardised([each.rest for each in answers])
    if len(answers) < FEWEST or not abilities:
        return None
    marks = [(_cell(at), each.chosen) for at, each in zip(abilities, answers, strict=True)]
    found = (
        _each_by_itself(marks, options, right)
        if several
        else _one_of_them(marks, options, right, guess)
    )
    if not found:
        return None
    factor = sum(found.values()) / len(found)
    answer = max(found, key=lambda each: (found[each], each))
    if factor < 1 / LEVEL:
        return None
    middle = sorted(cell for cell, _ in marks)[len(marks) // 2]
    strong = [chosen for cell, chosen in marks if cell >= middle]
    against = answer not in right
    chose = sum((answer in chosen) == against for chosen in strong)
    key = len(strong) - chose if several else sum(bool(right & chosen) for chosen in strong)
    if chose <= key:
        return None
    return Alarm(answer=answer, factor=factor, strong=len(strong), chose=chose, key=key)


_Marks = Sequence[tuple[int, frozenset[str]]]


def _one_of_them(
    marks: _Marks, options: Sequence[str], right: frozenset[str], guess: float
) -> dict[str, float]:
    """The factor of each wrong answer: it is right, instead of what the key says."""
    if len(right) != 1 or not right < set(options):
        return {}
    (keyed,) = right
    by_option = {option: [0] * _CELLS for option in options}
    for cell, chosen in marks:
        for option in chosen:
            by_option.setdefault(option if option in options else _OTHER, [0] * _CELLS)[cell] += 1
    as_keyed = _likelihood(by_option, keyed, guess)
    return {
        option: _factor(_likelihood(by_option, option, guess), as_keyed)
        for option in options
        if option != keyed
    }


def _each_by_itself(
    marks: _Marks, options: Sequence[str], right: frozenset[str]
) -> dict[str, float]:
    """The factor of each option: the key has it the wrong way round."""
    found: dict[str, float] = {}
    for option in options:
        decided = {"ticked": [0] * _CELLS, "left": [0] * _CELLS}
        for cell, chosen in marks:
            decided["ticked" if option in chosen else "left"][cell] += 1
        keyed, other = ("ticked", "left") if option in right else ("left", "ticked")
        found[option] = _factor(_likelihood(decided, other, 0.5), _likelihood(decided, keyed, 0.5))
    return found


def _likelihood(by_option: Mapping[str, Sequence[int]], right: str, guess: float) -> float:
    """The logarithm of how likely the answers are if ``right`` is."""
    hit = by_option[right]
    others = [each for option, each in by_option.items() if option != right]
    missed = [sum(cells) for cells in zip(*others, strict=True)]
    seen = [cell for cell in range(_CELLS) if hit[cell] or missed[cell]]
    return _log_sum(
        [
            weight + sum(hit[cell] * yes[cell] + missed[cell] * no[cell] for cell in seen)
            for weight, yes, no in _curves(max(guess, _LEAST_GUESS))
        ]
    ) + _drawn([sum(each) for each in others])


@lru_cache(maxsize=64)
def _curves(guess: float) -> tuple[tuple[float, tuple[float, ...], tuple[float, ...]], ...]:
    """For each kind of question, the logarithms of its weight and of right and wrong by cell."""
    weights = {
        (slope, hard): exp(-(((hard - _USUAL) / _SPREAD) ** 2) / 2)
        for slope in _SLOPES
        for hard in _DIFFICULTIES
    }
    total = sum(weights.values())
    curves: list[tuple[float, tuple[float, ...], tuple[float, ...]]] = []
    for (slope, hard), weight in weights.items():
        chances = [
            guess + (1 - guess) / (1 + exp(slope * (hard - _ability(cell))))
            for cell in range(_CELLS)
        ]
        yes = tuple(log(chance) for chance in chances)
        no = tuple(log(1 - chance) for chance in chances)
        curves.append((log(weight / total), yes, no))
    return tuple(curves)


def _drawn(counts: Sequence[int]) -> float:
    """How likely such a split among wrong answers is, all ways in which they draw being alike.

    The logarithm of the Dirichlet-multinomial distribution with all ones, for answers in a row.
    """
    kinds, answers = len(counts), sum(counts)
    if not kinds:
        return 0.0
    return lgamma(kinds) - lgamma(kinds + answers) + sum(lgamma(1 + count) for count in counts)


def _factor(other: float, keyed: float) -> float:
    return exp(min(_MOST, other - keyed))


def _log_sum(logarithms: Sequence[float]) -> float:
    most = max(logarithms)
    return most + log(sum(exp(each - most) for each in logarithms))


def _standardised(rests: Sequence[float]) -> list[float]:
    """In standard deviations from the mean; empty if all are alike."""
    if not rests:
        return []
    mean = sum(rests) / len(rests)
    spread = (sum((each - mean) ** 2 for each in rests) / len(rests)) ** 0.5
    return [(each - mean) / spread for each in rests] if spread > _NONE else []


def _cell(ability: float) -> int:
    return max(0, min(_CELLS - 1, round(ability / _WIDTH) + _CELLS // 2))


def _ability(cell: int) -> float:
    return (cell - _CELLS // 2) * _WIDTH


def typed_answers(answers: Sequence[Answered], right: str) -> tuple[str, ...]:
    """What was typed, as options: what enough learners agree on, and what the key accepts."""
    counts = Counter(each for answer in answers for each in answer.chosen)
    agreed = {each for each, count in counts.items() if count >= AGREEING}
    return tuple(sorted(agreed | {right}))


# Abilities from −3 to 3 standard deviations in steps of a quarter: so a thousand learners cost as
# little as twenty.
_CELLS = 25
_WIDTH = 0.25
_SLOPES = (0.5, 1.0, 1.75)
_DIFFICULTIES = tuple(step / 2 for step in range(-6, 7))
_USUAL = -0.4  # of difficulty: more than half of those who answer a usual question know it
_SPREAD = 1.3
_LEAST_GUESS = 0.01
_OTHER = ""
_NONE = 1e-9
_MOST = 600.0  # e to which is still a float

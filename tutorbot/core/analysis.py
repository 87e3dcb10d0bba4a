"""How a quiz went, and what its questions are worth: statistics of first answers.

The classical ones, as in F. Lord and M. Novick, Statistical Theories of Mental Test Scores, 1968;
L. Cronbach, Psychometrika 16, 1951. `docs/analysis.md` says what each means to a teacher.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

from tutorbot.core.course import Choice, Mark, Question
from tutorbot.core.grading import grade_choice
from tutorbot.core.ids import LearnerId, OptionId
from tutorbot.core.key_alarm import Alarm, Answered, key_alarm, typed_answers

UNSTEADY = 30
"""First answers below which figures are said to be unsteady."""

ALPHA_ITEMS = 3
ALPHA_LEARNERS = 10
"""Questions, and learners who answered all of them, from which alpha means something."""

RIGHT = "✓"
"""What stands for whatever the key of a typed question accepts."""


@dataclass(frozen=True, kw_only=True)
class First:
    """A first answer.

    ``chosen`` are the options, or the one thing that was typed: `RIGHT`, or a wrong answer as it
    was read.
    """

    share: float | None  # of the points; None: not decided, or without a score
    chosen: frozenset[str]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question as the analysis sees it. Without options, its answer is typed."""

    options: tuple[str, ...] = ()
    right: frozenset[str] = frozenset({RIGHT})
    unscored: frozenset[str] = frozenset()
    several: bool = False
    guess: float = 0.0  # the mean share of the points without any idea


Sheets = Mapping[LearnerId, Mapping[int, First]]
"""For each learner their first answers, by the place of the question in the quiz."""


class Flag(Enum):
    """What a teacher may want to know of a question, the most pressing first."""

    KEY = "key"  # the strong prefer an answer that the key calls wrong
    AGAINST = "against"  # the better somebody is, the more likely they miss it
    MISSED = "missed"  # by most
    EASY = "easy"
    VAGUE = "vague"  # weak and strong do alike


@dataclass(frozen=True, kw_only=True)
class OptionFigures:
    option: str
    count: int  # of those who chose it
    share: float
    strong: float | None  # the share of those who chose it among the better half by rest score
    rest: float | None  # the mean rest score of who chose it
    discrimination: float | None  # choosing it, with the rest score


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """How a question went. A figure is None where it cannot be had.

    Rest scores are the mean share of the points on the other questions that a learner answered, so
    that where all answered all, correlations are those with the sum.
    """

    answers: int  # with a score
    undecided: int
    facility: float | None = None  # the mean share of the points, from 0 to 1
    error: float | None = None  # the standard error of that
    corrected: float | None = None  # the facility that is left once guessing is taken away
    discrimination: float | None = None  # correlation of share and rest score
    options: tuple[OptionFigures, ...] = ()  # of a typed question: the wrong answers, common first
    unused: tuple[str, ...] = ()  # wrong options that nobody chose
    tags: tuple[tuple[str, int], ...] = ()  # misconceptions, common first
    alarm: Alarm | None = None

    @property
    def unsteady(self) -> bool:
        return self.answers < UNSTEADY

    @property
    def flags(self) -> tuple[Flag, ...]:
        found: list[Flag] = []
        known = self.facility if self.corrected is None else self.corrected
        if self.alarm:
            found.append(Flag.KEY)
        if self.discrimination is not None and self.discrimination < _AGAINST:
            found.append(Flag.AGAINST)
        if known is not None and self.answers >= _SOME:
            if known < _MISSED:
                found.append(Flag.MISSED)
            elif known >= _EASY:
                found.append(Flag.EASY)
        if (
            not self.unsteady
            and self.discrimination is not None
            and _AGAINST <= self.discrimination < _VAGUE
            and Flag.EASY not in found
        ):
            found.append(Flag.VAGUE)
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """A quiz. ``alpha`` is of the ``complete`` learners, who have a score on every question."""

    items: tuple[ItemFigures, ...]
    learners: int  # with any answer
    complete: int
    alpha: float | None = None
    error: float | None = None  # the standard error of measurement, as a share of all points


def item_of(question: Question) -> Item:
    body = question.body
    if not isinstance(body, Choice):
        return Item()
    return Item(
        options=tuple(each.id for each in body.options),
        right=frozenset(each.id for each in body.options if each.mark is Mark.RIGHT),
        unscored=frozenset(each.id for each in body.options if each.mark is Mark.UNSCORED),
        several=body.several,
        guess=blind_share(body),
    )


@lru_cache(maxsize=4096)
def blind_share(choice: Choice) -> float:
    """What is to be had without any idea: the mean share over all that may be chosen.

    That is each option alike, or where several may be ticked each set of them but the empty one.
    """
    ids = [each.id for each in choice.options]
    if choice.several and len(ids) > _MOST_OPTIONS:
        return 0.0
    sizes = range(1, len(ids) + 1) if choice.several else (1,)
    sets = [frozenset[OptionId](some) for size in sizes for some in combinations(ids, size)]
    return float(sum(grade_choice(choice, some).share for some in sets) / len(sets))


def analyse(items: Sequence[Item], sheets: Sheets) -> Analysis:
    totals = {
        learner: _Total.of([each.share for each in sheet.values() if each.share is not None])
        for learner, sheet in sheets.items()
    }
    alpha = _alpha(len(items), sheets)
    return Analysis(
        items=tuple(_figures(item, place, sheets, totals) for place, item in enumerate(items)),
        learners=sum(bool(sheet) for sheet in sheets.values()),
        complete=alpha.learners,
        alpha=alpha.value,
        error=alpha.error,
    )


def correlation(these: Sequence[float], those: Sequence[float]) -> float | None:
    """Pearson's; with one of two values on one side, it is the point-biserial one.

    None below three pairs, or where one side has no spread.

    >>> correlation([0, 0, 1, 1], [1, 2, 3, 4])
    0.8944271909999159
    """
    count = len(these)
    if count < _PAIRS:
        return None
    mean, other = sum(these) / count, sum(those) / count
    spread = sum((x - mean) ** 2 for x in these)
    spread_there = sum((y - other) ** 2 for y in those)
    if spread < _NONE or spread_there < _NONE:
        return None
    both = sum((x - mean) * (y - other) for x, y in zip(these, those, strict=True))
    return max(-1.0, min(1.0, both / (spread * spread_there) ** 0.5))


def corrected(facility: float, guess: float) -> float | None:
    """What is left of a facility once guessing is taken away; below 0 if guessing does better.

    >>> corrected(0.625, 0.25)
    0.5
    """
    return (facility - guess) / (1 - guess) if 0 < guess < 1 else None


def histogram(shares: Sequence[float], bars: int = 10) -> tuple[int, ...]:
    """How many marks fall into each tenth; all of the points count to the last one.

    >>> histogram([0, 0.05, 0.1, 1], 10)
    (2, 1, 0, 0, 0, 0, 0, 0, 0, 1)
    """
    counts = [0] * bars
    for share in shares:
        counts[min(bars - 1, max(0, int(share * bars + _BLUR)))] += 1
    return tuple(counts)


@dataclass(frozen=True, kw_only=True)
class _Total:
    """All shares of a learner, from which each can be taken away again."""

    shares: float
    count: int

    @classmethod
    def of(cls, shares: Sequence[float]) -> "_Total":
        return cls(shares=sum(shares), count=len(shares))

    def rest(self, share: float | None) -> float | None:
        """The mean share on the other questions."""
        shares, count = self.shares, self.count
        if share is not None:
            shares, count = shares - share, count - 1
        return shares / count if count else None


@dataclass(frozen=True, kw_only=True)
class _Seen:
    first: First
    share: float
    rest: float | None


def _figures(
    item: Item, place: int, sheets: Sheets, totals: Mapping[LearnerId, _Total]
) -> ItemFigures:
    given = [(learner, sheet[place]) for learner, sheet in sheets.items() if place in sheet]
    seen = [
        _Seen(first=first, share=first.share, rest=totals[learner].rest(first.share))
        for learner, first in given
        if first.share is not None
    ]
    undecided = len(given) - len(seen)
    tags = Counter(tag for _, first in given for tag in first.tags)
    if not seen:
        return ItemFigures(answers=0, undecided=undecided, tags=_common(tags))
    facility = sum(each.share for each in seen) / len(seen)
    ranked = [(each, each.rest) for each in seen if each.rest is not None]
    options = _options(item, seen)
    return ItemFigures(
        answers=len(seen),
        undecided=undecided,
        facility=facility,
        error=_standard_error([each.share for each in seen]),
        corrected=corrected(facility, item.guess),
        discrimination=correlation(
            [each.share for each, _ in ranked], [rest for _, rest in ranked]
        ),
        options=options,
        unused=tuple(
            each.option
            for each in options
            if not each.count and each.option not in item.right | item.unscored
        ),
        tags=_common(tags),
        alarm=alarm_of(
            item, [Answered(rest=rest, chosen=each.first.chosen) for each, rest in ranked]
        ),
    )


def _options(item: Item, seen: Sequence[_Seen]) -> tuple[OptionFigures, ...]:
    """In one walk over the answers, however many options there are."""
    counts: Counter[str] = Counter()
    ranked: Counter[str] = Counter()
    sums: dict[str, float] = {}
    rests: list[float] = []
    for each in seen:
        counts.update(each.first.chosen)
        if each.rest is not None:
            rests.append(each.rest)
            for option in each.first.chosen:
                ranked[option] += 1
                sums[option] = sums.get(option, 0.0) + each.rest
    mean = sum(rests) / len(rests) if rests else 0.0
    spread = sum((rest - mean) ** 2 for rest in rests)
    middle = sorted(rests)[len(rests) // 2] if rests else 0.0
    strong = [each for each in seen if each.rest is not None and each.rest >= middle]
    of_strong = Counter(option for each in strong for option in each.first.chosen)

    def figures(option: str) -> OptionFigures:
        took = ranked[option]
        return OptionFigures(
            option=option,
            count=counts[option],
            share=counts[option] / len(seen),
            strong=of_strong[option] / len(strong) if strong else None,
            rest=sums[option] / took if took else None,
            discrimination=_point_biserial(
                took, len(rests), sums.get(option, 0.0) - took * mean, spread
            ),
        )

    named: Sequence[str] = item.options
    if not named:
        named = [typed for typed, _ in _common(counts) if typed not in item.right][:_TYPED]
    return tuple(map(figures, named))


def _point_biserial(took: int, count: int, above: float, spread: float) -> float | None:
    """The correlation of taking an option with the rest score.

    Args:
        took: how many did
        count: of so many
        above: by how much the rest scores of these exceed the mean, summed up
        spread: the squares of what the rest scores of all differ from the mean by, summed up
    """
    if count < _PAIRS or spread < _NONE or not 0 < took < count:
        return None
    return max(-1.0, min(1.0, above / (took * (count - took) / count * spread) ** 0.5))


def alarm_of(item: Item, answers: Sequence[Answered]) -> Alarm | None:
    """The alarm of the key, from first answers with a score."""
    if not item.options:
        (right,) = item.right
        options = typed_answers(answers, right)
        return key_alarm(answers, options, item.right, item.guess)
    options = tuple(each for each in item.options if each not in item.unscored)
    if item.several:
        return key_alarm(answers, options, item.right, item.guess, several=True)
    return key_alarm(answers, options, item.right, 1 / max(1, len(options)))


@dataclass(frozen=True, kw_only=True)
class _Alpha:
    learners: int
    value: float | None = None
    error: float | None = None


def _alpha(items: int, sheets: Sheets) -> _Alpha:
    """Cronbach's alpha over those who have a score on every question, and what follows from it."""
    rows = [
        [share for place in range(items) if (share := _share(sheet, place)) is not None]
        for sheet in sheets.values()
        if len(sheet) >= items
    ]
    rows = [row for row in rows if len(row) == items]
    if items < ALPHA_ITEMS or len(rows) < ALPHA_LEARNERS:
        return _Alpha(learners=len(rows))
    of_sums = _variance([sum(row) for row in rows])
    if of_sums < _NONE:
        return _Alpha(learners=len(rows))
    of_items = sum(_variance(column) for column in zip(*rows, strict=True))
    alpha = items / (items - 1) * (1 - of_items / of_sums)
    error = (of_sums * max(0.0, 1 - alpha)) ** 0.5 / items
    return _Alpha(learners=len(rows), value=alpha, error=error)


def _share(sheet: Mapping[int, First], place: int) -> float | None:
    first = sheet.get(place)
    return None if first is None else first.share


def _standard_error(shares: Sequence[float]) -> float | None:
    return (_variance(shares) / len(shares)) ** 0.5 if len(shares) > 1 else None


def _variance(values: Sequence[float]) -> float:
    """Of the sample."""
    mean = sum(values) / len(values)
    return sum((each - mean) ** 2 for each in values) / (len(values) - 1)


_Thing = TypeVar("_Thing", bound=str)


def _common(counts: "Counter[_Thing]") -> tuple[tuple[_Thing, int], ...]:
    """The most frequent first, and of equal ones in the order of the alphabet."""
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


# Thresholds in the words of a teacher; R. Ebel and D. Frisbie, Essentials of Educational
# Measurement, 1991, call a discrimination below 0.2 poor.
_EASY = 0.9
_MISSED = 0.35
_SOME = 5  # answers, before a question is called easy or hard
_VAGUE = 0.1
_AGAINST = -0.1
_PAIRS = 3
_TYPED = 6  # wrong answers that are named
_MOST_OPTIONS = 12
_NONE = 1e-12
_BLUR = 1e-9

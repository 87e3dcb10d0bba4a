"""When to ask again: one card for each question that a learner has answered, whatever its variant.

The memory model is FSRS, by py-fsrs. It counts in whole days here, in study days: a question is due
on a day, not at an hour, and the first answer of a day rates it. What py-fsrs would let through or
leave to chance is settled here: days before the last rating change nothing, and due days are spread
by what learner and question are called, not by dice.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache, lru_cache

import fsrs

LONGEST = 365
"""Days; then even what is known well is looked at again."""

LAST_DAYS = 7
"""Before an exam, in which all that would come after it comes once more."""

_DAY = timedelta(days=1)
_ANY_DAY = date(2020, 1, 1)
_NOON = time(12, tzinfo=UTC)
_SPREAD = 0.05  # of the interval, either way
_STEADY = 2  # days up to which an interval is not spread
_RUNGS = 2  # from which on the last one tells nearly all


class Rating(Enum):
    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, kw_only=True)
class Memory:
    """How well a question is known, as after its last rating."""

    stability: float  # days until nine of ten would still know it
    difficulty: float  # 1 to 10
    rated_on: date  # study day
    due: date  # study day
    ratings: int = 1
    lapses: int = 0  # how often it was known before, and was not then


def rate(
    *,
    right: bool,
    nearly: bool = False,
    hints: int = 0,
    rungs: int = 0,
    unsure: bool = False,
    easy: bool = False,
) -> Rating:
    """Rate a first answer.

    Args:
        right: the answer, at once.
        nearly: its value is right, and its form is not.
        hints: how many were opened before it.
        rungs: how many there are, the worked example included.
        unsure: the learner said so.
        easy: the learner said so; never assumed.
    """
    told = hints >= rungs >= _RUNGS
    if told or not (right or nearly):
        return Rating.AGAIN
    if nearly or hints or unsure:
        return Rating.HARD
    return Rating.EASY if easy else Rating.GOOD


def rated(before: Memory | None, rating: Rating, day: date, owner: str) -> Memory:
    """The memory after a rating; only the first of a study day counts, and none from the past.

    Args:
        before: None for the first time.
        rating: of the answer.
        day: the study day of the answer.
        owner: names learner and question.
    """
    if before is not None and day <= before.rated_on:
        return before
    if before is None:
        stability, difficulty, interval = _rated_first(rating)
    else:
        days = (day - before.rated_on).days
        stability, difficulty, interval = _rated_again(
            before.stability, before.difficulty, days, rating
        )
    lapsed = before is not None and rating is Rating.AGAIN
    return Memory(
        stability=stability,
        difficulty=difficulty,
        rated_on=day,
        due=day + timedelta(days=_spread(interval, owner)),
        ratings=(before.ratings if before else 0) + 1,
        lapses=(before.lapses if before else 0) + lapsed,
    )


def known(memory: Memory, day: date) -> float:
    """How likely it is to be known on a day, from 0 to 1."""
    return _SCHEDULER.get_card_retrievability(_card(memory, day), _at(max(day, memory.rated_on)))


def due_on(memory: Memory, owner: str, exam: date | None = None) -> date:
    """The study day on which to ask again: before an exam, if it was not asked shortly before."""
    if exam is None or memory.due < exam or memory.rated_on >= exam - LAST_DAYS * _DAY:
        return memory.due
    before = exam - (1 + int(_share(owner) * LAST_DAYS)) * _DAY
    return max(before, memory.rated_on + _DAY)


@cache
def _rated_first(rating: Rating) -> tuple[float, float, int]:
    return _reviewed(_card(None, _ANY_DAY), _ANY_DAY, rating)


@lru_cache(maxsize=4096)
def _rated_again(
    stability: float, difficulty: float, days: int, rating: Rating
) -> tuple[float, float, int]:
    """Rate so many days after the last time; which days these are makes no difference.

    Many learners answer one question in the same few ways, as is seen when its key is mended.
    """
    before = Memory(
        stability=stability, difficulty=difficulty, rated_on=_ANY_DAY, due=_ANY_DAY + _DAY
    )
    day = _ANY_DAY + timedelta(days=days)
    return _reviewed(_card(before, day), day, rating)


def _reviewed(card: fsrs.Card, day: date, rating: Rating) -> tuple[float, float, int]:
    """Stability, difficulty, and the days until it is due."""
    card, _ = _SCHEDULER.review_card(card, _RATINGS[rating], _at(day))
    assert card.stability is not None
    assert card.difficulty is not None
    return card.stability, card.difficulty, (card.due - _at(day)).days


def _spread(days: int, owner: str) -> int:
    """An interval that differs a little between questions learnt together, yet never shrinks."""
    if days <= _STEADY:
        return max(days, 1)
    # Always by the same share for one owner, so that the longer of two intervals stays the longer.
    near = _STEADY + 1 + (days - _STEADY - 1) * (1 + _SPREAD * (2 * _share(owner) - 1))
    return min(round(near), LONGEST)


def _share(owner: str) -> float:
    """From 0 to 1, evenly, and always the same for one owner."""
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], "big") / 2**64


def _at(day: date) -> datetime:
    """An instant for FSRS, which counts whole 24 hours and wants `datetime.UTC`."""
    return datetime.combine(day, _NOON)


def _card(memory: Memory | None, day: date) -> fsrs.Card:
    # With an id and a due date of ours, as it would look at the clock and sleep for its own.
    if memory is None:
        return fsrs.Card(card_id=0, due=_at(day))
    return fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=_at(memory.due),
        last_review=_at(memory.rated_on),
    )


_RATINGS = {rating: fsrs.Rating(rating.value) for rating in Rating}

# No steps within a day: what was wrong comes again in its own paper at once, and here tomorrow.
_SCHEDULER = fsrs.Scheduler(
    learning_steps=(), relearning_steps=(), enable_fuzzing=False, maximum_interval=LONGEST
)

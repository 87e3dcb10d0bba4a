"""How sure one was, and how often one was right."""

from datetime import UTC, datetime
from itertools import pairwise
from math import isclose, sqrt

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.certainty import (
    LEAST,
    MEANS,
    MOST,
    Calibrated,
    Finding,
    Level,
    calibrated,
    is_asked,
    to_mend,
    wilson,
)
from tutorbot.core.ids import CourseId, QuestionId
from tutorbot.core.mastery import First

counts = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
answers = st.lists(st.tuples(st.sampled_from(Level), st.booleans()), max_size=60)
SUMS = CourseId("sums")


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [  # by R's prop.test(right, of, correct = FALSE)
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_the_interval_is_the_one_of_wilson(right: int, of: int, low: float, high: float):
    assert wilson(right, of) == pytest.approx((low, high), abs=5e-5)


@given(counts)
def test_an_interval_holds_its_share_and_lies_between_none_and_all(count: tuple[int, int]):
    low, high = wilson(*count)
    assert 0 <= low <= count[0] / count[1] <= high <= 1


@given(counts)
def test_each_end_is_where_the_share_just_passes_the_test_of_a_normal_law(count: tuple[int, int]):
    share = count[0] / count[1]
    for end in wilson(*count):
        if 0 < end < 1:
            spread = sqrt(end * (1 - end) / count[1])
            assert isclose(abs(share - end), 1.96 * spread, rel_tol=1e-6)


@given(counts)
def test_wrong_mirrors_right(count: tuple[int, int]):
    right, of = count
    low, high = wilson(right, of)
    assert wilson(of - right, of) == pytest.approx((1 - high, 1 - low))


@given(counts, st.integers(2, 20))
def test_more_answers_of_the_same_share_narrow_the_interval(count: tuple[int, int], times: int):
    right, of = count
    low, high = wilson(right, of)
    near_low, near_high = wilson(right * times, of * times)
    assert near_high - near_low < high - low


def test_of_no_answers_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert Calibrated(level=Level.GUESS, right=0, of=0).share == 0


def test_the_levels_leave_no_share_out():
    ends = [MEANS[level] for level in Level]
    assert ends[0][0] == 0
    assert ends[-1][1] == 1
    assert all(before[1] == after[0] for before, after in pairwise(ends))


@pytest.mark.parametrize(
    ("level", "right", "of", "finding"),
    [
        (Level.CERTAIN, 9, 9, Finding.TOO_FEW),
        (Level.CERTAIN, 0, 9, Finding.TOO_FEW),
        (Level.CERTAIN, 10, 10, Finding.FITS),
        (Level.CERTAIN, 8, 10, Finding.OPEN),
        (Level.CERTAIN, 7, 10, Finding.LESS),
        (Level.CERTAIN, 80, 100, Finding.LESS),
        (Level.FAIRLY, 7, 10, Finding.FITS),
        (Level.FAIRLY, 1, 10, Finding.LESS),
        (Level.FAIRLY, 2, 10, Finding.OPEN),
        (Level.FAIRLY, 10, 10, Finding.OPEN),
        (Level.FAIRLY, 100, 100, Finding.MORE),
        (Level.GUESS, 0, 10, Finding.FITS),
        (Level.GUESS, 5, 10, Finding.FITS),
        (Level.GUESS, 7, 10, Finding.OPEN),
        (Level.GUESS, 9, 10, Finding.MORE),
        (Level.GUESS, 70, 100, Finding.MORE),
    ],
)
def test_only_what_can_hardly_be_luck_is_told(level: Level, right: int, of: int, finding: Finding):
    assert Calibrated(level=level, right=right, of=of).finding is finding


@given(st.sampled_from(Level), counts)
def test_a_share_that_a_level_stands_for_is_never_held_against_it(
    level: Level, count: tuple[int, int]
):
    went = Calibrated(level=level, right=count[0], of=count[1])
    least, most = MEANS[level]
    if least <= went.share <= most:
        assert went.finding in {Finding.FITS, Finding.TOO_FEW}
    else:
        assert went.finding is not Finding.FITS
    assert (went.finding is Finding.TOO_FEW) == (went.of < LEAST)


def test_nobody_guesses_too_badly_or_is_certain_too_rightly():
    for right in range(101):
        assert Calibrated(level=Level.GUESS, right=right, of=100).finding is not Finding.LESS
        assert Calibrated(level=Level.CERTAIN, right=right, of=100).finding is not Finding.MORE


@given(answers)
def test_every_answer_is_counted_once_whatever_the_order(said: list[tuple[Level, bool]]):
    found = calibrated(said)
    assert [each.level for each in found] == list(Level)
    assert sum(each.of for each in found) == len(said)
    assert sum(each.right for each in found) == sum(right for _, right in said)
    assert calibrated(reversed(said)) == found


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({}, True),
        ({"code": "wrong"}, True),
        ({"hints": 2}, True),
        ({"wanted": False}, False),
        ({"code": "form"}, False),
        ({"code": "undecided"}, False),
        ({"tries": 1}, False),
        ({"hints": 3}, False),  # the worked example
    ],
)
def test_it_is_asked_about_first_answers_that_are_right_or_wrong(
    changed: dict[str, object], asked: bool
):
    usual: dict[str, object] = {"wanted": True, "code": "right", "tries": 0, "hints": 0, "of": 2}
    assert is_asked(**(usual | changed)) is asked  # pyright: ignore[reportArgumentType] -- a table


def first(name: str, *, right: bool) -> First:
    return First(
        course=SUMS,
        question=QuestionId(name),
        values=(),
        right=right,
        hints=0,
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )


def test_what_was_answered_rightly_since_is_mended():
    slips = [(SUMS, QuestionId(name)) for name in "abac"]
    firsts = [
        first("a", right=True),
        first("a", right=False),
        first("b", right=False),
        first("b", right=True),
        first("c", right=False),
    ]
    assert to_mend(slips, firsts) == ((SUMS, "a"), (SUMS, "c"))


def test_the_newest_few_mistakes_are_shown():
    slips = [(SUMS, QuestionId(str(number))) for number in range(20)]
    assert to_mend(slips, []) == tuple(slips[:MOST])

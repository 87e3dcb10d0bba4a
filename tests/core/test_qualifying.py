import pytest
from hypothesis import given, strategies as st

from tutorbot.core.qualifying import Tally, tallied


def after(taps: str, goal: int = 5) -> Tally:
    """The tally after answers: a for one that was thought about, q for one under a second."""
    tally = Tally()
    for tap in taps:
        tally = tallied(tally, quick=tap == "q", goal=goal)
    return tally


@pytest.mark.parametrize(
    ("taps", "counted", "qualified"),
    [
        ("", 0, False),
        ("aa", 2, False),
        ("aaa", 3, True),
        ("aqq", 3, True),  # two quick ones may well be known by heart
        ("qqq", 0, False),
        ("qqqqqqqq", 0, False),
        ("qqqaa", 2, False),
        ("qqqaaa", 3, True),
        ("aaqqq", 2, True),  # it was a study day before, and stays one
    ],
)
def test_three_answers_make_a_study_day_and_mere_taps_none(
    taps: str, counted: int, qualified: bool
):
    assert (after(taps).counted, after(taps).qualified) == (counted, qualified)


def test_who_has_finished_the_due_reviews_has_studied():
    assert tallied(Tally(), reviews_done=True).qualified
    assert tallied(Tally(), reviews_done=True).left == 0


@pytest.mark.parametrize(
    ("taps", "quick", "qualified"),
    [
        ("qq", True, False),
        ("qqqqqqqqq", False, False),  # a thought about the last of many makes up for none
        ("qq", False, True),
        ("q", True, True),
        ("", True, True),
    ],
)
def test_tapping_through_the_due_reviews_makes_no_study_day(
    taps: str, quick: bool, qualified: bool
):
    assert tallied(after(taps), quick=quick, reviews_done=True).qualified == qualified


def test_twice_the_goal_is_noted():
    assert not after("a" * 9).doubled
    assert after("a" * 10).doubled
    assert after("aaaa", goal=2).doubled


@given(st.text("aq", max_size=30))
def test_one_more_answer_never_takes_a_study_day_away(taps: str):
    days = [after(taps[:number]) for number in range(len(taps) + 1)]
    qualified = [day.qualified for day in days]
    assert qualified == sorted(qualified)
    assert all(0 <= day.counted <= number for number, day in enumerate(days))

"""When a question comes again, and what py-fsrs must not be trusted with."""

import random
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import fsrs
import pytest
from hypothesis import given, strategies as st

from tutorbot.core import recall
from tutorbot.core.recall import LONGEST, Memory, Rating, due_on, known, rate, rated

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)

ratings = st.sampled_from(Rating)
owners = st.text(max_size=12)


def lived(steps: list[tuple[Rating, int]], owner: str = "1/rnn/size") -> Memory:
    """Someone who was asked a day, then so many days later, and so on."""
    memory, day = rated(None, Rating.GOOD, MONDAY, owner), MONDAY
    for rating, wait in steps:
        day += wait * DAY
        memory = rated(memory, rating, day, owner)
    return memory


lives = st.lists(st.tuples(ratings, st.integers(1, 400)), max_size=12)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"right": True}, Rating.GOOD),
        ({"right": False}, Rating.AGAIN),
        ({"right": False, "hints": 1, "rungs": 3}, Rating.AGAIN),
        ({"right": True, "hints": 1, "rungs": 3}, Rating.HARD),
        ({"right": True, "hints": 3, "rungs": 3}, Rating.AGAIN),
        ({"right": True, "hints": 1, "rungs": 1}, Rating.HARD),
        ({"right": True, "unsure": True}, Rating.HARD),
        ({"right": True, "unsure": True, "easy": True}, Rating.HARD),
        ({"right": True, "easy": True}, Rating.EASY),
        ({"right": False, "easy": True}, Rating.AGAIN),
        ({"right": False, "nearly": True}, Rating.HARD),
    ],
)
def test_an_answer_is_rated_by_how_it_came_about(answer: dict[str, bool], expected: Rating):
    assert rate(**answer) is expected


@given(lives, ratings, st.integers(0, 400), owners)
def test_nothing_is_due_before_tomorrow_nor_later_than_in_a_year(
    steps: list[tuple[Rating, int]], rating: Rating, wait: int, owner: str
):
    before = lived(steps, owner)
    after = rated(before, rating, before.rated_on + wait * DAY, owner)
    assert after.rated_on + DAY <= after.due <= after.rated_on + LONGEST * DAY


@given(lives, st.integers(1, 400), owners)
def test_intervals_never_shrink_with_a_right_answer(
    steps: list[tuple[Rating, int]], wait: int, owner: str
):
    before = lived(steps, owner)
    after = rated(before, Rating.GOOD, before.rated_on + wait * DAY, owner)
    assert after.due - after.rated_on >= before.due - before.rated_on
    assert after.stability >= before.stability


@given(owners)
def test_intervals_grow_up_to_a_year_for_who_always_knows_when_asked(owner: str):
    memory = rated(None, Rating.GOOD, MONDAY, owner)
    waits: list[int] = []
    while not waits or waits[-1] < 0.94 * LONGEST:
        waits.append((memory.due - memory.rated_on).days)
        memory = rated(memory, Rating.GOOD, memory.due, owner)
    assert waits == sorted(set(waits))
    assert len(waits) < 10


@given(lives, st.integers(1, 400), ratings, st.lists(ratings, max_size=5))
def test_later_answers_of_a_study_day_change_nothing_whatever_their_order(
    steps: list[tuple[Rating, int]], wait: int, first: Rating, later: list[Rating]
):
    before = lived(steps)
    day = before.rated_on + wait * DAY
    once = rated(before, first, day, "1/rnn/size")
    after = once
    for rating in later:
        after = rated(after, rating, day, "1/rnn/size")
    assert after == once


@given(lives, ratings, st.integers(0, 400))
def test_what_comes_in_for_a_day_gone_by_changes_nothing(
    steps: list[tuple[Rating, int]], rating: Rating, ago: int
):
    before = lived(steps)
    assert rated(before, rating, before.rated_on - ago * DAY, "1/rnn/size") == before


@given(lives, st.integers(1, 400))
def test_a_better_rating_never_comes_back_sooner(steps: list[tuple[Rating, int]], wait: int):
    before = lived(steps)
    day = before.rated_on + wait * DAY
    dues = [rated(before, rating, day, "1/rnn/size").due for rating in Rating]
    assert dues == sorted(dues)


@given(lives, st.integers(0, 800))
def test_what_is_known_fades(steps: list[tuple[Rating, int]], days: int):
    memory = lived(steps)
    day = memory.rated_on + days * DAY
    assert 0 < known(memory, day + DAY) < known(memory, day) <= 1


def test_a_slip_is_counted_and_asked_tomorrow():
    memory = lived([(Rating.GOOD, 2), (Rating.AGAIN, 11)])
    assert (memory.lapses, memory.ratings) == (1, 3)
    assert memory.due - memory.rated_on <= 3 * DAY


def test_what_was_learnt_together_comes_back_on_different_days():
    dues = {lived([(Rating.GOOD, 2), (Rating.GOOD, 11)], f"1/rnn/{n}").due for n in range(40)}
    assert len(dues) >= 3


@given(lives, owners, st.integers(1, 60))
def test_before_an_exam_all_is_asked_once_more(
    steps: list[tuple[Rating, int]], owner: str, ahead: int
):
    memory = lived(steps, owner)
    exam = memory.rated_on + ahead * DAY
    due = due_on(memory, owner, exam)
    assert memory.rated_on < due <= memory.due
    if ahead > recall.LAST_DAYS:
        assert due < exam


def test_without_an_exam_the_due_day_stands():
    memory = lived([(Rating.GOOD, 2)])
    assert due_on(memory, "1/rnn/size") == memory.due


# What py-fsrs does by itself, so that whoever takes a newer one sees which guard is no longer due.

SCHEDULER = fsrs.Scheduler(learning_steps=(), relearning_steps=())
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("zone", [timezone(timedelta(0)), ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo")])
def test_fsrs_takes_no_zone_but_utc_itself(zone: timezone | ZoneInfo):
    card = fsrs.Card(card_id=0, due=NOON)
    if zone == UTC:
        SCHEDULER.review_card(card, fsrs.Rating.Good, NOON.astimezone(zone))
        return
    with pytest.raises(ValueError, match="UTC"):
        SCHEDULER.review_card(card, fsrs.Rating.Good, NOON.astimezone(zone))


def test_fsrs_counts_hours_where_days_are_meant():
    card, _ = SCHEDULER.review_card(fsrs.Card(card_id=0, due=NOON), fsrs.Rating.Good, NOON)
    evening_to_morning = NOON + timedelta(hours=23)
    assert SCHEDULER.get_card_retrievability(card, evening_to_morning) == 1
    memory = rated(None, Rating.GOOD, MONDAY, "")
    assert known(memory, MONDAY + DAY) < 1


def test_fsrs_accepts_reviews_from_before_the_last():
    card, _ = SCHEDULER.review_card(fsrs.Card(card_id=0, due=NOON), fsrs.Rating.Good, NOON)
    earlier, _ = SCHEDULER.review_card(card, fsrs.Rating.Good, NOON - 30 * DAY)
    assert earlier.last_review == NOON - 30 * DAY


def test_neither_dice_nor_the_clock_have_a_say():
    state = random.getstate()
    first = lived([(Rating.GOOD, 3), (Rating.HARD, 9), (Rating.GOOD, 30)])
    assert random.getstate() == state
    random.seed(1)
    assert lived([(Rating.GOOD, 3), (Rating.HARD, 9), (Rating.GOOD, 30)]) == first
    random.setstate(state)


def test_nothing_heavy_comes_along():
    assert not {"torch", "pandas", "fsrs.optimizer"} & set(sys.modules)

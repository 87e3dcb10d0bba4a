from datetime import date, timedelta

from hypothesis import given, strategies as st

from tutorbot.core.leave import (
    MOST_PAUSED,
    Pause,
    ended,
    pause_from,
    pause_now,
    paused_days,
    pauses_left,
    rest_begins,
)

TODAY = date(2026, 11, 19)
DAY = timedelta(days=1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_rest_days_hold_from_next_monday_on(today: date):
    since = rest_begins(today)
    assert since.weekday() == 0
    assert DAY <= since - today <= 7 * DAY


def test_a_pause_is_set_ahead_and_counts_its_days():
    assert pause_from(TODAY, 3) == (TODAY + DAY, TODAY + 3 * DAY)


def test_a_pause_can_be_ended_at_any_time():
    pause = pause_from(TODAY, 7)
    assert ended(pause, TODAY) is None
    assert ended(pause, TODAY + DAY) is None
    assert ended(pause, TODAY + 3 * DAY) == (TODAY + DAY, TODAY + 2 * DAY)


def test_the_pause_at_hand_is_the_one_that_is_not_over():
    over, ahead = (TODAY - 9 * DAY, TODAY - DAY), (TODAY + DAY, TODAY + 3 * DAY)
    assert pause_now([over], TODAY) is None
    assert pause_now([over, ahead], TODAY) == ahead
    assert pause_now([over, ahead], TODAY + 3 * DAY) == ahead


def test_sixty_days_of_a_year_can_be_paused():
    month = (TODAY - 40 * DAY, TODAY - 11 * DAY)
    assert pauses_left([], TODAY) == (3, 7, 14, 30)
    assert pauses_left([month], TODAY) == (3, 7, 14, 30)
    assert pauses_left([month, (TODAY - 100 * DAY, TODAY - 80 * DAY)], TODAY) == (3, 7)
    assert pauses_left([(TODAY - 400 * DAY, TODAY - 371 * DAY)], TODAY) == (3, 7, 14, 30)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), max_size=30))
def test_whoever_pauses_as_often_as_they_may_keeps_within_the_year(steps: list[tuple[int, int]]):
    pauses: list[Pause] = []
    today = TODAY
    for wait, choice in steps:
        today += wait * DAY
        left = pauses_left(pauses, today)
        if left and pause_now(pauses, today) is None:
            pauses.append(pause_from(today, left[choice % len(left)]))
        assert paused_days(pauses, today) <= MOST_PAUSED

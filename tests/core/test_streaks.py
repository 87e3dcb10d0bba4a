from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.calendar import day_start, known_timezone, missable, study_day
from tutorbot.core.streaks import Day, Streak, stored_day, streak

Answer = tuple[datetime, str]  # an instant, and the zone that the learner was in

ZONES = sorted(zone for zone in available_timezones() if known_timezone(zone))
BERLIN, LOS_ANGELES, TOKYO = "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"
DAY = timedelta(days=1)

zones = st.sampled_from(ZONES)
hours = st.integers(0, 6)
instants = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
strides = st.floats(0.1, 70).map(lambda hours: timedelta(hours=hours))


def answers(zone: st.SearchStrategy[str]) -> st.SearchStrategy[list[Answer]]:
    """Answers a few hours or days apart, oldest first."""
    steps = st.lists(st.tuples(strides, zone), min_size=1, max_size=30)
    return st.builds(walk, instants, steps)


def walk(at: datetime, steps: Iterable[tuple[timedelta, str]]) -> list[Answer]:
    given: list[Answer] = []
    for stride, zone in steps:
        at += stride
        given.append((at, zone))
    return given


def clock(shown: str, zone: str) -> Answer:
    """An answer when the clocks of a zone show that; an hour that they skip is moved forward."""
    return datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone


def kept(given: Iterable[Answer], day_starts: int = 4) -> tuple[Day, ...]:
    """The study days of answers stored in that order."""
    days: dict[date, Day] = {}
    last: date | None = None
    for at, zone in given:
        last = stored_day(at, zone, day_starts, last)
        first = days.get(last) or Day(day=last, timezone=zone, first_at=at, first_timezone=zone)
        days[last] = Day(
            day=last,
            timezone=zone,
            first_at=first.first_at,
            first_timezone=first.first_timezone,
        )
    return tuple(days.values())


def after(*given: Answer) -> Streak:
    """How the runs stand right after the last answer."""
    return streak(kept(given), *given[-1])


# Examples, most of which have broken somebody's streak somewhere.


def test_without_an_answer_there_is_no_run():
    none = streak((), datetime(2026, 1, 1, tzinfo=UTC), BERLIN)
    assert none == Streak(length=0, longest=0, last_day=None, studied_today=False, days=())


def test_the_first_answer_begins_a_run():
    first = after(clock("2026-01-10 20:00", BERLIN))
    assert (first.length, first.longest, first.studied_today) == (1, 1, True)


def test_two_answers_on_either_side_of_four_in_the_morning_are_two_days():
    assert after(clock("2026-01-10 03:59", BERLIN), clock("2026-01-10 04:00", BERLIN)).length == 2


def test_an_evening_that_ends_at_two_in_the_morning_is_one_day():
    assert after(clock("2026-01-10 23:00", BERLIN), clock("2026-01-11 02:00", BERLIN)).length == 1


def test_today_stays_open_until_it_is_over():
    days = kept([clock("2026-01-09 20:00", BERLIN), clock("2026-01-10 20:00", BERLIN)])
    evening = streak(days, *clock("2026-01-11 23:59", BERLIN))
    assert (evening.length, evening.studied_today) == (2, False)
    assert streak(days, *clock("2026-01-12 03:59", BERLIN)).length == 2
    assert streak(days, *clock("2026-01-12 04:00", BERLIN)).length == 0


def test_a_missed_day_begins_a_new_run_and_the_longest_stays():
    seen = after(*(clock(f"2026-01-{day} 20:00", BERLIN) for day in (10, 11, 12, 14)))
    assert (seen.length, seen.longest, len(seen.days)) == (1, 3, 4)


def test_the_29th_of_february_is_a_day_like_any_other():
    assert (
        after(*(clock(f"2028-{day} 20:00", BERLIN) for day in ("02-28", "02-29", "03-01"))).length
        == 3
    )
    assert after(*(clock(f"2028-{day} 20:00", BERLIN) for day in ("02-28", "03-01"))).length == 1
    assert after(*(clock(f"2027-{day} 20:00", BERLIN) for day in ("02-28", "03-01"))).length == 2


def test_half_an_hour_of_summer_time_on_lord_howe_breaks_nothing():
    week = [clock(f"2026-04-0{day} 04:05", "Australia/Lord_Howe") for day in range(2, 10)]
    assert after(*week).length == 8


def test_clocks_that_change_at_midnight_in_beirut_break_nothing():
    week = [clock(f"2026-03-{day} 00:30", "Asia/Beirut") for day in range(26, 32)]
    assert after(*week).length == 6


def test_samoa_goes_from_the_29th_to_the_31st_of_december_without_a_miss():
    days = ("2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01")
    assert after(*(clock(f"{day} 20:00", "Pacific/Apia") for day in days)).length == 4


def test_kwajalein_has_no_21st_of_august_1993_to_miss():
    days = ("1993-08-19", "1993-08-20", "1993-08-22")
    assert after(*(clock(f"{day} 20:00", "Pacific/Kwajalein") for day in days)).length == 3


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("zone", ["Europe/Athens", "Antarctica/Troll", "Africa/Cairo", BERLIN])
def test_an_hour_that_the_clocks_skip_breaks_nothing_all_year(zone: str, hour: int):
    first = datetime.combine(date(2026, 1, 1), time(hour, 30))
    year = [clock(str(first + number * DAY), zone) for number in range(365)]
    seen = after(*year)
    assert seen.length == len(seen.days) >= 364  # one of them may have slid into the next


def test_in_kathmandu_the_night_ends_a_quarter_past_ten_by_utc():
    kathmandu = "Asia/Kathmandu"
    late = datetime(2026, 5, 1, 22, 10, tzinfo=UTC)
    assert after((late - timedelta(hours=18), kathmandu), (late, kathmandu)).length == 1
    assert after((late, kathmandu), (late + timedelta(minutes=5), kathmandu)).length == 2


@pytest.mark.parametrize(
    ("left", "arrived", "hours", "length"),
    [
        ("2026-01-10 22:00", "2026-01-12 12:00", 21, 3),
        ("2026-01-10 20:00", "2026-01-12 13:00", 24, 3),
        ("2026-01-10 08:00", "2026-01-12 23:00", 46, 1),  # slept through a day on either side
    ],
)
def test_flying_from_los_angeles_to_tokyo_loses_a_date_but_no_day(
    left: str, arrived: str, hours: int, length: int
):
    flight = (
        clock("2026-01-09 20:00", LOS_ANGELES),
        clock(left, LOS_ANGELES),
        clock(arrived, TOKYO),
    )
    assert flight[2][0] - flight[1][0] == timedelta(hours=hours)
    assert after(*flight).length == length


def test_flying_from_tokyo_to_los_angeles_the_date_lived_twice_counts_once():
    home = clock("2026-01-10 09:00", TOKYO)
    again = clock("2026-01-10 08:00", LOS_ANGELES)
    assert after(home, again).length == 1
    assert after(home, again, clock("2026-01-11 08:00", LOS_ANGELES)).length == 2


def test_a_day_reached_in_tokyo_stays_reached_in_los_angeles():
    home = clock("2026-01-11 05:00", TOKYO)
    landed = clock("2026-01-10 20:00", LOS_ANGELES)
    seen = after(home, landed)
    assert (seen.last_day, seen.length, seen.studied_today) == (date(2026, 1, 11), 1, True)


def test_answers_later_on_the_day_of_arrival_do_not_count_the_flight_anew():
    flight = [clock("2026-01-10 20:00", LOS_ANGELES), clock("2026-01-12 13:00", TOKYO)]
    assert after(*flight, clock("2026-01-13 03:59", TOKYO)).length == 2


def test_a_clock_of_ours_that_steps_back_takes_no_day_away():
    days = [clock("2026-01-09 12:00", BERLIN), clock("2026-01-10 04:10", BERLIN)]
    seen = after(*days, clock("2026-01-10 03:50", BERLIN))
    assert (seen.length, seen.last_day, seen.studied_today) == (2, date(2026, 1, 10), True)


def test_two_devices_in_the_same_second_make_one_day():
    at = clock("2026-01-10 12:00:00", BERLIN)
    assert kept([at, at]) == kept([at])
    assert after(at, (at[0], TOKYO)).length == 1


def test_where_the_first_answer_is_not_known_the_learner_is_believed():
    days = [
        Day(day=date(2026, 1, 10), timezone=LOS_ANGELES),
        Day(day=date(2026, 1, 12), timezone=TOKYO),
    ]
    assert streak(days, *clock("2026-01-12 13:00", TOKYO)).length == 2


# Laws.


@settings(max_examples=60, deadline=None)
@given(answers(zones), st.randoms(use_true_random=False))
def test_the_order_in_which_days_are_read_and_repeats_change_nothing(
    given: list[Answer], dice: Random
):
    days = kept(given)
    shuffled = [*days, *days]
    dice.shuffle(shuffled)
    assert streak(shuffled, *given[-1]) == streak(days, *given[-1])


@settings(max_examples=60, deadline=None)
@given(answers(zones))
def test_an_answer_delivered_twice_counts_once(given: list[Answer]):
    twice = [answer for answer in given for _ in range(2)]
    assert kept(twice) == kept(given)


@settings(max_examples=60, deadline=None)
@given(answers(st.just(BERLIN)), st.randoms(use_true_random=False))
def test_the_order_of_answers_within_a_day_changes_nothing(given: list[Answer], dice: Random):
    mixed = sorted(given, key=lambda answer: (study_day(*answer), dice.random()))
    assert streak(kept(mixed), *given[-1]) == streak(kept(given), *given[-1])


@settings(max_examples=100, deadline=None)
@given(st.data(), zones, hours)
def test_in_one_zone_the_run_is_what_living_day_by_day_would_make_it(
    data: st.DataObject, zone: str, begins: int
):
    given = data.draw(answers(st.just(zone)))
    now = given[-1][0] + data.draw(strides)
    studied = {study_day(at, zone, begins) for at, _ in given}
    today = study_day(now, zone, begins)
    length = longest = 0
    day = min(studied)
    while day <= today:
        if day in studied:
            length += 1
        elif day < today and missable(day, zone, begins):
            length = 0
        longest = max(longest, length)
        day += DAY
    seen = streak(kept(given, begins), now, zone, begins)
    assert (seen.length, seen.longest) == (length, longest)
    assert seen.days == tuple(sorted(studied))
    assert seen.studied_today is (today in studied)


@settings(max_examples=100, deadline=None)
@given(
    zones,
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(1970, 2036),
    st.integers(0, 364),
    hours,
)
def test_the_same_time_by_the_clock_every_day_never_breaks(
    zone: str, hour: int, minute: int, year: int, start: int, begins: int
):
    first = datetime.combine(date(year, 1, 1), time(hour, minute)) + start * DAY
    given = [clock(str(first + number * DAY), zone) for number in range(40)]
    days = kept(given, begins)
    assert streak(days, *given[-1], begins).length == len(days)


@settings(max_examples=100, deadline=None)
@given(
    instants,
    st.lists(
        st.tuples(st.floats(0.2, 22.99).map(lambda h: timedelta(hours=h)), zones),
        min_size=2,
        max_size=30,
    ),
    hours,
)
def test_steps_under_23_hours_never_break_wherever_one_goes(
    at: datetime, steps: Sequence[tuple[timedelta, str]], begins: int
):
    given = walk(at, steps)
    days = kept(given, begins)
    assert streak(days, *given[-1], begins).length == len(days)


@settings(max_examples=60, deadline=None)
@given(answers(zones), zones, strides)
def test_a_change_of_zone_rewrites_nothing(given: list[Answer], other: str, stride: timedelta):
    at, zone = given[-1]
    before = kept(given)
    moved = kept([*given, (at + stride, other)])
    assert moved[: len(before) - 1] == before[:-1]
    assert [day.day for day in moved[: len(before)]] == [day.day for day in before]
    here, there = streak(before, at, zone), streak(before, at, other)
    assert (here.longest, here.days) == (there.longest, there.days)


@settings(max_examples=60, deadline=None)
@given(answers(zones), zones, strides)
def test_a_run_is_never_longer_than_the_longest_nor_than_all_days(
    given: list[Answer], zone: str, stride: timedelta
):
    seen = streak(kept(given), given[-1][0] + stride, zone)
    assert 0 <= seen.length <= seen.longest <= len(seen.days)
    assert seen.longest >= 1


@settings(max_examples=100, deadline=None)
@given(answers(zones), zones, strides, hours)
def test_one_more_answer_never_lowers_anything(
    given: list[Answer], zone: str, stride: timedelta, begins: int
):
    now = given[-1][0] + stride
    before = streak(kept(given, begins), now, zone, begins)
    then = streak(kept([*given, (now, zone)], begins), now, zone, begins)
    assert then.length >= max(before.length, 1)
    assert then.longest >= before.longest
    assert then.studied_today
    assert then.days[: len(before.days)] == before.days


def test_an_answer_right_when_the_day_begins_is_of_that_day():
    at = day_start(date(2026, 7, 1), BERLIN)
    assert stored_day(at, BERLIN) == date(2026, 7, 1)
    assert stored_day(at - timedelta(microseconds=1), BERLIN) == date(2026, 6, 30)

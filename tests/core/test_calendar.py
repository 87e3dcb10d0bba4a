from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.calendar import day_start, known_timezone, missable, study_day

ZONES = sorted(zone for zone in available_timezones() if known_timezone(zone))
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

zones = st.sampled_from(ZONES)
hours = st.integers(0, 6)
dates = st.dates(date(1970, 1, 2), date(2036, 12, 30))


def clock(shown: str, zone: str) -> datetime:
    """The instant at which the clocks of a zone show that, in UTC."""
    return datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("shown", "zone", "day"),
    [
        ("2026-01-10 03:59:59", "Europe/Berlin", "2026-01-09"),
        ("2026-01-10 04:00", "Europe/Berlin", "2026-01-10"),
        ("2026-01-11 03:59", "Europe/Berlin", "2026-01-10"),
        ("2028-03-01 03:59", "Europe/Berlin", "2028-02-29"),
        ("2027-03-01 03:59", "Europe/Berlin", "2027-02-28"),
        ("2026-01-01 00:00", "Pacific/Kiritimati", "2025-12-31"),
    ],
)
def test_a_study_day_begins_at_four_by_the_learners_clocks(shown: str, zone: str, day: str):
    assert study_day(clock(shown, zone), zone) == date.fromisoformat(day)


def test_in_kathmandu_the_study_day_begins_a_quarter_of_an_hour_aside():
    assert study_day(datetime(2026, 5, 1, 22, 14, 59, tzinfo=UTC), "Asia/Kathmandu").day == 1
    assert study_day(datetime(2026, 5, 1, 22, 15, tzinfo=UTC), "Asia/Kathmandu").day == 2


@pytest.mark.parametrize(("begins", "day"), [(0, 10), (3, 10), (4, 9), (6, 9)])
def test_a_learner_may_let_the_day_begin_earlier_or_later(begins: int, day: int):
    at = clock("2026-01-10 03:30", "Europe/Berlin")
    assert study_day(at, "Europe/Berlin", begins) == date(2026, 1, day)


def test_a_datetime_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no timezone"):
        study_day(datetime(2026, 1, 10), "Europe/Berlin")  # noqa: DTZ001 -- what is refused


@pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Kathmandu", "UTC", "Etc/GMT+5"])
def test_a_zone_of_iana_is_known(name: str):
    assert known_timezone(name)


@pytest.mark.parametrize(
    "name",
    ["", "Berlin", "europe/berlin", "America", "localtime", "Factory", "posix/Europe/Berlin",
     "../etc/passwd", "/etc/localtime", "UTC+1", "Europe/Berlin\0", "Z" * 5000],
)  # fmt: skip
def test_anything_else_is_no_zone(name: str):
    assert not known_timezone(name)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/London", "America/New_York", "UTC"])
def test_where_the_clocks_leave_the_small_hours_alone_every_day_can_be_missed(zone: str):
    year = [date(2026, 1, 1) + number * DAY for number in range(365)]
    assert all(missable(day, zone) for day in year)


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [("Pacific/Apia", "2011-12-30"), ("Pacific/Kwajalein", "1993-08-21")],
)
def test_a_date_that_a_zone_skips_cannot_be_missed(zone: str, skipped: str):
    day = date.fromisoformat(skipped)
    assert not missable(day, zone)
    assert missable(day + DAY, zone)


@pytest.mark.parametrize("zone", ["Europe/Athens", "Europe/Helsinki", "Europe/Kyiv"])
def test_a_night_whose_last_hour_is_skipped_cannot_be_missed(zone: str):
    """The clocks go from 3:00 to 4:00, so that 3:30 that night is 4:30, of the next study day."""
    assert not missable(date(2026, 3, 28), zone)
    assert missable(date(2026, 3, 27), zone)
    assert missable(date(2026, 3, 29), zone)


@settings(max_examples=150, deadline=None)
@given(dates, zones, hours)
def test_a_study_day_begins_once_and_the_instant_before_is_of_an_earlier_one(
    day: date, zone: str, begins: int
):
    start = day_start(day, zone, begins)
    assert start.tzinfo is UTC
    assert study_day(start, zone, begins) >= day
    assert study_day(start - SECOND, zone, begins) < day


def test_every_study_day_of_a_zone_that_skips_one_begins_when_the_last_ends():
    assert day_start(date(2011, 12, 30), "Pacific/Apia") == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert day_start(date(2011, 12, 31), "Pacific/Apia") == datetime(2011, 12, 30, 14, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(st.data(), zones, hours)
def test_a_day_that_can_be_missed_has_all_its_clock_times(
    data: st.DataObject, zone: str, begins: int
):
    """Those that the clocks skip, moved forward, are still of that day: nobody could be late."""
    day = data.draw(st.one_of(dates, changes(zone)))
    shown = [
        datetime.combine(day, time(begins)) + quarter * timedelta(minutes=15)
        for quarter in range(96)
    ]
    kept = {study_day(each.replace(tzinfo=ZoneInfo(zone)), zone, begins) for each in shown} == {day}
    assert kept or not missable(day, zone, begins)


def changes(zone: str) -> st.SearchStrategy[date]:
    """Dates about which the clocks of a zone change between 2000 and 2036; else any date."""
    days = [date(2000, 1, 1) + number * DAY for number in range(0, 37 * 365, 7)]
    offsets = [
        datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()
        for day in days
    ]
    near = [
        day + number * DAY
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
        for number in range(8)
    ]
    return st.sampled_from(near) if near else dates

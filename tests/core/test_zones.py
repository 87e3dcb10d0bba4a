from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.calendar import known_timezone
from tutorbot.core.zones import CITIES, Region, clocks, clocks_near, time_in

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2036, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants its bounds naive


def test_every_city_has_a_zone_that_is_known_and_a_place_on_earth():
    for city in CITIES:
        assert known_timezone(city.timezone), city
        assert abs(city.latitude) <= 90, city
        assert abs(city.longitude) <= 180, city


def test_no_city_is_listed_twice():
    names = [city.name for city in CITIES]
    assert len(names) == len(set(names))


@settings(deadline=None, max_examples=30)
@given(INSTANTS, st.sampled_from(Region))
def test_each_clock_shows_what_clocks_show_in_all_of_its_cities(now: datetime, region: Region):
    for clock in clocks(region, now):
        assert {time_in(city.timezone, now) for city in clock.cities} == {clock.shows}


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(INSTANTS)
def test_every_city_can_be_reached_in_two_taps(now: datetime):
    reached = [city for region in Region for clock in clocks(region, now) for city in clock.cities]
    assert sorted(reached, key=repr) == sorted(CITIES, key=repr)


@settings(deadline=None, max_examples=30)
@given(INSTANTS, st.sampled_from(Region))
def test_a_list_of_clocks_goes_once_around_and_fits_a_keyboard(now: datetime, region: Region):
    found = clocks(region, now)
    ahead = [now.astimezone(ZoneInfo(clock.timezone)).utcoffset() for clock in found]
    assert ahead == sorted(ahead, key=lambda each: each or timedelta())
    assert len(found) <= 24


def test_cities_with_the_same_time_all_year_share_a_clock():
    (berlin,) = [clock for clock in clocks(Region.EUROPE, NOON) if clock.shows == "13:00"]
    assert [city.name for city in berlin.cities[:3]] == ["Berlin", "Paris", "Madrid"]


def test_two_days_of_difference_in_spring_are_a_clock_of_their_own():
    east = [clock for clock in clocks(Region.ASIA, NOON) if clock.shows == "14:00"]
    assert [clock.cities[0].name for clock in east] == ["Beirut", "Jerusalem"]


def test_cities_with_another_summer_have_a_clock_of_their_own():
    at_eight = [clock for clock in clocks(Region.NORTH_AMERICA, NOON) if clock.shows == "07:00"]
    assert [clock.cities[0].name for clock in at_eight] == ["Panama", "New York"]


@pytest.mark.parametrize(
    ("latitude", "longitude", "timezone"),
    [
        (52.4, 13.1, "Europe/Berlin"),  # Potsdam
        (19.0, 73.0, "Asia/Kolkata"),  # Navi Mumbai
        (-33.8, 151.0, "Australia/Sydney"),  # Parramatta
        (21.5, -158.0, "Pacific/Honolulu"),  # Oahu
        (-16.8, -180.0, "Pacific/Fiji"),  # Taveuni, on the date line
        (90.0, 0.0, None),  # the pole has no clock, and breaks nothing
    ],
)
def test_a_place_suggests_the_clocks_around_it(
    latitude: float, longitude: float, timezone: str | None
):
    found = clocks_near(latitude, longitude, NOON)
    assert 1 <= len(found) <= 3
    if timezone:
        assert timezone in {city.timezone for city in found[0].cities}


@settings(deadline=None, max_examples=30)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_gets_a_guess(latitude: float, longitude: float):
    assert clocks_near(latitude, longitude, NOON)

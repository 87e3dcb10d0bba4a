"""Finding one's time zone in two taps: a part of the world, then a clock that shows the time.

A list of cities, not of all zones: nobody's zone is missing as long as some city keeps the same
time through the year. Zones that do so are shown as one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from tutorbot.core.calendar import known_timezones


class Region(Enum):
    """Where a learner looks for their time zone."""

    EUROPE = "e"
    AFRICA = "f"
    ASIA = "a"
    NORTH_AMERICA = "n"
    SOUTH_AMERICA = "s"
    PACIFIC = "p"


@dataclass(frozen=True, kw_only=True)
class City:
    region: Region
    name: str
    timezone: str  # IANA name
    latitude: float  # degrees, north is positive
    longitude: float  # degrees, east is positive


@dataclass(frozen=True, kw_only=True)
class Clock:
    """A time of day, and the cities that keep it all year; the first gives its zone."""

    shows: str  # as 14:05
    cities: tuple[City, ...]

    @property
    def timezone(self) -> str:
        return self.cities[0].timezone


def time_in(timezone: str, now: datetime) -> str:
    """Tell the time of day in a zone.

    >>> time_in("Asia/Kathmandu", datetime(2026, 11, 22, 12, tzinfo=UTC))
    '17:45'
    """
    return now.astimezone(ZoneInfo(timezone)).strftime("%H:%M")


def place_of(timezone: str) -> str:
    """Name the place that a zone is called after.

    >>> place_of("America/Argentina/Buenos_Aires")
    'Buenos Aires'
    """
    return timezone.rpartition("/")[2].replace("_", " ")


def zone_named(typed: str) -> str | None:
    """Find the zone that somebody means: by its IANA name, or by a city.

    >>> zone_named("europe/berlin"), zone_named("Buenos Aires"), zone_named("here")
    ('Europe/Berlin', 'America/Argentina/Buenos_Aires', None)
    """
    wanted = "_".join(typed.casefold().split())
    return _zones_by_name().get(wanted)


@lru_cache(maxsize=1)
def _zones_by_name() -> dict[str, str]:
    zones = sorted(known_timezones())
    by_place = {place_of(each).replace(" ", "_").casefold(): each for each in zones}
    by_city = {each.name.replace(" ", "_").casefold(): each.timezone for each in CITIES}
    return by_place | by_city | {each.casefold(): each for each in zones}


def clocks(region: Region, now: datetime) -> tuple[Clock, ...]:
    """List the times of day in a part of the world, from west to east."""
    return _clocks((city for city in CITIES if city.region is region), now)


def clocks_near(latitude: float, longitude: float, now: datetime) -> tuple[Clock, ...]:
    """Guess the clocks by which one lives at a place, the most likely first; three at most."""
    near = sorted(CITIES, key=lambda city: _distance(city, latitude, longitude))
    found = _clocks(near[:_NEAR], now)
    return tuple(sorted(found, key=lambda clock: near.index(clock.cities[0])))[:_SHOWN]


_NEAR = 6
_SHOWN = 3
_STEP = timedelta(days=2)  # summer begins in Beirut two days after it does in Jerusalem
_YEAR = 183  # steps


def _clocks(cities: Iterable[City], now: datetime) -> tuple[Clock, ...]:
    alike: dict[tuple[timedelta, ...], list[City]] = {}
    for city in cities:
        alike.setdefault(_through_the_year(city.timezone, now), []).append(city)
    return tuple(
        Clock(shows=time_in(each[0].timezone, now), cities=tuple(each))
        for _, each in sorted(alike.items(), key=lambda pair: pair[0])
    )


def _through_the_year(timezone: str, now: datetime) -> tuple[timedelta, ...]:
    """Tell how far the clocks of a zone are ahead of UTC, now and through a year."""
    return (_ahead(timezone, now), *_ahead_of_days(timezone, now.astimezone(UTC).date()))


@lru_cache(maxsize=512)
def _ahead_of_days(timezone: str, first: date) -> tuple[timedelta, ...]:
    noon = datetime.combine(first, time(12), UTC)
    return tuple(_ahead(timezone, noon + number * _STEP) for number in range(_YEAR))


def _ahead(timezone: str, at: datetime) -> timedelta:
    return at.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta()


def _distance(city: City, latitude: float, longitude: float) -> float:
    """Measure the way to a city along the surface, in radii of the earth."""
    here, there = radians(latitude), radians(city.latitude)
    north = sin((there - here) / 2) ** 2
    east = sin(radians(city.longitude - longitude) / 2) ** 2
    return 2 * asin(sqrt(min(1.0, north + cos(here) * cos(there) * east)))


def _city(region: Region, line: str) -> City:
    name, timezone, latitude, longitude = line.split(" | ")
    return City(
        region=region,
        name=name,
        timezone=timezone,
        latitude=float(latitude),
        longitude=float(longitude),
    )


_LINES = {
    Region.EUROPE: """\
Reykjavik | Atlantic/Reykjavik | 64.1 | -21.9
Azores | Atlantic/Azores | 37.7 | -25.7
London | Europe/London | 51.5 | -0.1
Lisbon | Europe/Lisbon | 38.7 | -9.1
Dublin | Europe/Dublin | 53.3 | -6.3
Berlin | Europe/Berlin | 52.5 | 13.4
Paris | Europe/Paris | 48.9 | 2.4
Madrid | Europe/Madrid | 40.4 | -3.7
Rome | Europe/Rome | 41.9 | 12.5
Warsaw | Europe/Warsaw | 52.2 | 21.0
Stockholm | Europe/Stockholm | 59.3 | 18.1
Vienna | Europe/Vienna | 48.2 | 16.4
Belgrade | Europe/Belgrade | 44.8 | 20.5
Kyiv | Europe/Kyiv | 50.5 | 30.5
Athens | Europe/Athens | 38.0 | 23.7
Helsinki | Europe/Helsinki | 60.2 | 24.9
Bucharest | Europe/Bucharest | 44.4 | 26.1
Chisinau | Europe/Chisinau | 47.0 | 28.9
Kaliningrad | Europe/Kaliningrad | 54.7 | 20.5
Istanbul | Europe/Istanbul | 41.0 | 29.0
Moscow | Europe/Moscow | 55.8 | 37.6
Minsk | Europe/Minsk | 53.9 | 27.6
Samara | Europe/Samara | 53.2 | 50.2
Yekaterinburg | Asia/Yekaterinburg | 56.8 | 60.6
""",
    Region.AFRICA: """\
Praia | Atlantic/Cape_Verde | 14.9 | -23.5
Accra | Africa/Accra | 5.6 | -0.2
Dakar | Africa/Dakar | 14.7 | -17.5
Abidjan | Africa/Abidjan | 5.3 | -4.0
Casablanca | Africa/Casablanca | 33.6 | -7.6
Lagos | Africa/Lagos | 6.5 | 3.4
Kinshasa | Africa/Kinshasa | -4.3 | 15.3
Algiers | Africa/Algiers | 36.8 | 3.1
Tunis | Africa/Tunis | 36.8 | 10.2
Cairo | Africa/Cairo | 30.0 | 31.2
Johannesburg | Africa/Johannesburg | -26.2 | 28.0
Khartoum | Africa/Khartoum | 15.6 | 32.5
Tripoli | Africa/Tripoli | 32.9 | 13.2
Harare | Africa/Harare | -17.8 | 31.1
Nairobi | Africa/Nairobi | -1.3 | 36.8
Addis Ababa | Africa/Addis_Ababa | 9.0 | 38.7
Mauritius | Indian/Mauritius | -20.2 | 57.5
""",
    Region.ASIA: """\
Jerusalem | Asia/Jerusalem | 31.8 | 35.2
Beirut | Asia/Beirut | 33.9 | 35.5
Riyadh | Asia/Riyadh | 24.7 | 46.7
Baghdad | Asia/Baghdad | 33.3 | 44.4
Tehran | Asia/Tehran | 35.7 | 51.4
Dubai | Asia/Dubai | 25.2 | 55.3
Tbilisi | Asia/Tbilisi | 41.7 | 44.8
Kabul | Asia/Kabul | 34.5 | 69.2
Karachi | Asia/Karachi | 24.9 | 67.0
Tashkent | Asia/Tashkent | 41.3 | 69.2
Almaty | Asia/Almaty | 43.2 | 76.9
Delhi | Asia/Kolkata | 28.6 | 77.2
Mumbai | Asia/Kolkata | 19.1 | 72.9
Bengaluru | Asia/Kolkata | 13.0 | 77.6
Colombo | Asia/Colombo | 6.9 | 79.9
Kathmandu | Asia/Kathmandu | 27.7 | 85.3
Dhaka | Asia/Dhaka | 23.8 | 90.4
Omsk | Asia/Omsk | 55.0 | 73.4
Yangon | Asia/Yangon | 16.8 | 96.2
Jakarta | Asia/Jakarta | -6.2 | 106.8
Bangkok | Asia/Bangkok | 13.8 | 100.5
Hanoi | Asia/Ho_Chi_Minh | 21.0 | 105.8
Novosibirsk | Asia/Novosibirsk | 55.0 | 82.9
Beijing | Asia/Shanghai | 39.9 | 116.4
Shanghai | Asia/Shanghai | 31.2 | 121.5
Singapore | Asia/Singapore | 1.4 | 103.8
Manila | Asia/Manila | 14.6 | 121.0
Hong Kong | Asia/Hong_Kong | 22.3 | 114.2
Irkutsk | Asia/Irkutsk | 52.3 | 104.3
Tokyo | Asia/Tokyo | 35.7 | 139.7
Seoul | Asia/Seoul | 37.6 | 127.0
Yakutsk | Asia/Yakutsk | 62.0 | 129.7
Vladivostok | Asia/Vladivostok | 43.1 | 131.9
Magadan | Asia/Magadan | 59.6 | 150.8
Kamchatka | Asia/Kamchatka | 53.0 | 158.7
""",
    Region.NORTH_AMERICA: """\
Adak | America/Adak | 51.9 | -176.7
Anchorage | America/Anchorage | 61.2 | -149.9
Los Angeles | America/Los_Angeles | 34.1 | -118.2
Vancouver | America/Vancouver | 49.3 | -123.1
Phoenix | America/Phoenix | 33.4 | -112.1
Denver | America/Denver | 39.7 | -105.0
Chicago | America/Chicago | 41.9 | -87.6
Houston | America/Chicago | 29.8 | -95.4
Winnipeg | America/Winnipeg | 49.9 | -97.1
Mexico City | America/Mexico_City | 19.4 | -99.1
Guatemala | America/Guatemala | 14.6 | -90.5
Regina | America/Regina | 50.4 | -104.6
New York | America/New_York | 40.7 | -74.0
Toronto | America/Toronto | 43.7 | -79.4
Miami | America/New_York | 25.8 | -80.2
Havana | America/Havana | 23.1 | -82.4
Panama | America/Panama | 9.0 | -79.5
Kingston | America/Jamaica | 18.0 | -76.8
Halifax | America/Halifax | 44.6 | -63.6
San Juan | America/Puerto_Rico | 18.5 | -66.1
St. John's | America/St_Johns | 47.6 | -52.7
Nuuk | America/Nuuk | 64.2 | -51.7
""",
    Region.SOUTH_AMERICA: """\
Bogotá | America/Bogota | 4.7 | -74.1
Lima | America/Lima | -12.0 | -77.0
Quito | America/Guayaquil | -0.2 | -78.5
Caracas | America/Caracas | 10.5 | -66.9
La Paz | America/La_Paz | -16.5 | -68.1
Manaus | America/Manaus | -3.1 | -60.0
Santiago | America/Santiago | -33.4 | -70.7
Asunción | America/Asuncion | -25.3 | -57.6
São Paulo | America/Sao_Paulo | -23.6 | -46.6
Buenos Aires | America/Argentina/Buenos_Aires | -34.6 | -58.4
Montevideo | America/Montevideo | -34.9 | -56.2
Noronha | America/Noronha | -3.9 | -32.4
""",
    Region.PACIFIC: """\
Pago Pago | Pacific/Pago_Pago | -14.3 | -170.7
Honolulu | Pacific/Honolulu | 21.3 | -157.9
Tahiti | Pacific/Tahiti | -17.5 | -149.6
Perth | Australia/Perth | -32.0 | 115.9
Darwin | Australia/Darwin | -12.5 | 130.8
Adelaide | Australia/Adelaide | -34.9 | 138.6
Brisbane | Australia/Brisbane | -27.5 | 153.0
Port Moresby | Pacific/Port_Moresby | -9.4 | 147.2
Sydney | Australia/Sydney | -33.9 | 151.2
Melbourne | Australia/Melbourne | -37.8 | 145.0
Lord Howe | Australia/Lord_Howe | -31.6 | 159.1
Honiara | Pacific/Guadalcanal | -9.4 | 160.0
Norfolk | Pacific/Norfolk | -29.1 | 167.9
Auckland | Pacific/Auckland | -36.8 | 174.8
Fiji | Pacific/Fiji | -18.1 | 178.4
Chatham | Pacific/Chatham | -44.0 | -176.5
Tonga | Pacific/Tongatapu | -21.1 | -175.2
Kiritimati | Pacific/Kiritimati | 1.9 | -157.4
""",
}

CITIES = tuple(
    _city(region, line) for region, lines in _LINES.items() for line in lines.splitlines()
)

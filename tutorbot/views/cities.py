"""Parts of the world and cities, as the language of the words calls them."""

from gettext import NullTranslations
from typing import cast

from tutorbot.core.zones import City, Region, place_of
from tutorbot.views import local

_Places = dict[str, dict[str, str]]


def region_name(words: NullTranslations, region: Region) -> str:
    _ = words.gettext
    match region:
        case Region.EUROPE:
            return _("Europe")
        case Region.AFRICA:
            return _("Africa")
        case Region.ASIA:
            return _("Asia, Middle East")
        case Region.NORTH_AMERICA:
            return _("North America")
        case Region.SOUTH_AMERICA:
            return _("South America")
        case Region.PACIFIC:
            return _("Australia, Pacific")


def place_name(words: NullTranslations, timezone: str) -> str:
    """Name the place that a zone is called after.

    >>> place_name(NullTranslations(), "America/Argentina/Buenos_Aires")
    'Buenos Aires'
    """
    # Babel types no part of what it knows of a language.
    places = cast("_Places", local.locale(words).time_zones)
    # Not by `babel.dates`, which looks such a zone up under its new name only, in vain.
    found = places.get(_RENAMED.get(timezone, timezone)) or places.get(timezone, {})
    return found.get("city") or place_of(timezone)


def city_name(words: NullTranslations, city: City) -> str:
    """Name a city; one that no zone is called after keeps its English name."""
    called_after = place_of(city.timezone) == city.name
    return place_name(words, city.timezone) if called_after else city.name


# What CLDR has under a name of former days only.
_RENAMED = {
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Europe/Kyiv": "Europe/Kiev",
}

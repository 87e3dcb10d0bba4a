"""Parts of the world and cities, as the language of the words calls them."""

from gettext import NullTranslations

from babel.dates import get_timezone_location

from tutorbot.core.zones import City, Region, place_of
from tutorbot.views import local


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

    >>> place_name(NullTranslations(), "America/Sao_Paulo")
    'São Paulo'
    """
    return get_timezone_location(timezone, locale=local.locale(words), return_city=True)


def city_name(words: NullTranslations, city: City) -> str:
    """Name a city; one that no zone is called after keeps its English name."""
    called_after = place_of(city.timezone) == city.name
    return place_name(words, city.timezone) if called_after else city.name

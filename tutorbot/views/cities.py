"""The time zones to choose from, by the cities that people know; another can be typed by name."""

from collections.abc import Mapping
from gettext import NullTranslations

from tutorbot.core.zones import Region


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


def by_region(words: NullTranslations) -> Mapping[Region, tuple[tuple[str, str], ...]]:
    """IANA names, with the cities that stand for them."""
    _ = words.gettext
    return {
        Region.EUROPE: (
            ("Atlantic/Azores", _("Azores")),
            ("Atlantic/Reykjavik", _("Reykjavík")),
            ("Europe/London", _("London, Dublin, Lisbon")),
            ("Europe/Berlin", _("Berlin, Paris, Madrid, Rome")),
            ("Europe/Athens", _("Athens, Helsinki, Kyiv")),
            ("Europe/Kaliningrad", _("Kaliningrad")),
            ("Europe/Moscow", _("Moscow, Minsk")),
            ("Europe/Istanbul", _("Istanbul")),
            ("Europe/Samara", _("Samara")),
        ),
        Region.AFRICA: (
            ("Atlantic/Cape_Verde", _("Cape Verde")),
            ("Africa/Abidjan", _("Accra, Dakar, Abidjan")),
            ("Africa/Casablanca", _("Casablanca")),
            ("Africa/Lagos", _("Lagos, Kinshasa, Algiers")),
            ("Africa/Cairo", _("Cairo")),
            ("Africa/Johannesburg", _("Johannesburg, Harare, Tripoli")),
            ("Africa/Nairobi", _("Nairobi, Addis Ababa")),
            ("Indian/Mauritius", _("Mauritius")),
        ),
        Region.ASIA: (
            ("Asia/Jerusalem", _("Jerusalem")),
            ("Asia/Beirut", _("Beirut")),
            ("Asia/Riyadh", _("Riyadh, Baghdad, Amman")),
            ("Asia/Tehran", _("Tehran")),
            ("Asia/Dubai", _("Dubai, Baku, Tbilisi")),
            ("Asia/Kabul", _("Kabul")),
            ("Asia/Karachi", _("Karachi, Tashkent, Almaty")),
            ("Asia/Kolkata", _("Delhi, Mumbai, Colombo")),
            ("Asia/Kathmandu", _("Kathmandu")),
            ("Asia/Dhaka", _("Dhaka, Bishkek")),
            ("Asia/Yangon", _("Yangon")),
            ("Asia/Bangkok", _("Bangkok, Jakarta, Hanoi")),
            ("Asia/Shanghai", _("Beijing, Singapore, Manila")),
            ("Asia/Tokyo", _("Tokyo, Seoul")),
            ("Asia/Vladivostok", _("Vladivostok")),
            ("Asia/Kamchatka", _("Kamchatka")),
        ),
        Region.NORTH_AMERICA: (
            ("Pacific/Honolulu", _("Honolulu")),
            ("America/Anchorage", _("Anchorage")),
            ("America/Los_Angeles", _("Los Angeles, Vancouver")),
            ("America/Phoenix", _("Phoenix")),
            ("America/Denver", _("Denver, Calgary")),
            ("America/Mexico_City", _("Mexico City, Guatemala")),
            ("America/Chicago", _("Chicago, Winnipeg")),
            ("America/New_York", _("New York, Toronto")),
            ("America/Havana", _("Havana")),
            ("America/Jamaica", _("Kingston, Panama")),
            ("America/Halifax", _("Halifax")),
            ("America/Puerto_Rico", _("San Juan, Santo Domingo")),
            ("America/St_Johns", _("St John's")),
        ),
        Region.SOUTH_AMERICA: (
            ("America/Bogota", _("Bogotá, Lima, Quito")),
            ("America/Caracas", _("Caracas, La Paz")),
            ("America/Manaus", _("Manaus")),
            ("America/Santiago", _("Santiago")),
            ("America/Asuncion", _("Asunción")),
            ("America/Sao_Paulo", _("São Paulo, Rio de Janeiro")),
            ("America/Argentina/Buenos_Aires", _("Buenos Aires, Montevideo")),
            ("America/Noronha", _("Fernando de Noronha")),
        ),
        Region.PACIFIC: (
            ("Australia/Perth", _("Perth")),
            ("Australia/Darwin", _("Darwin")),
            ("Australia/Adelaide", _("Adelaide")),
            ("Australia/Brisbane", _("Brisbane, Port Moresby")),
            ("Australia/Sydney", _("Sydney, Melbourne")),
            ("Australia/Lord_Howe", _("Lord Howe Island")),
            ("Pacific/Noumea", _("Nouméa, Solomon Islands")),
            ("Pacific/Auckland", _("Auckland")),
            ("Pacific/Fiji", _("Fiji, Kwajalein")),
            ("Pacific/Chatham", _("Chatham Islands")),
            ("Pacific/Tongatapu", _("Tonga, Samoa")),
            ("Pacific/Kiritimati", _("Kiritimati")),
            ("Pacific/Pago_Pago", _("Pago Pago")),
            ("Pacific/Tahiti", _("Tahiti")),
        ),
    }

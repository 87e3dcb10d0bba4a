"""The languages that the bot speaks: the one list of them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Language:
    tag: str  # BCP 47, in its shortest form
    name: str  # as those who speak it call it


SPOKEN = (
    Language(tag="en", name="English"),
    Language(tag="de", name="Deutsch"),
    Language(tag="es", name="Español"),
    Language(tag="hi", name="हिन्दी"),
    Language(tag="ru", name="Русский"),
    Language(tag="ar", name="العربية"),
)
"""The first one is spoken to whoever speaks none of them."""


def nearest(tag: str, spoken: tuple[Language, ...] = SPOKEN) -> Language:
    """Find the language to speak to somebody whose app is set to ``tag``.

    >>> nearest("en-GB").name
    'English'
    """
    wanted = tag.lower().replace("_", "-")
    for language in spoken:
        if wanted == language.tag or wanted.startswith(f"{language.tag}-"):
            return language
    return spoken[0]


def is_spoken(tag: str, spoken: tuple[Language, ...] = SPOKEN) -> bool:
    return any(language.tag == tag for language in spoken)

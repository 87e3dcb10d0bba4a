"""The languages that the bot speaks, from the catalogues in ``locales``; English is the source.

Catalogues are read as they are written, so no compiled copy of one can be out of date.
"""

import gettext
import re
from functools import cache
from importlib import resources
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tutorbot.core import languages as core

DOMAIN = "tutorbot"
SPOKEN = tuple(sorted(each.tag for each in core.SPOKEN if each.tag != "en"))
"""Beside English, the source."""

FIRST_STRONG, END = "\u2068", "\u2069"
"""What stands between them is laid out on its own, whichever way the text around it runs."""


def languages(tag: str) -> gettext.NullTranslations:
    """The words of the language with this BCP 47 tag, or of the nearest one that is spoken.

    >>> languages("de-AT").gettext("Done"), languages("pt").gettext("Done")
    ('Fertig', 'Done')
    """
    name = core.nearest(tag).tag
    return _words(name) if name in SPOKEN else _ENGLISH


def catalogue(name: str) -> Catalog:
    """What the translators wrote."""
    path = resources.files("tutorbot") / "locales" / name / "LC_MESSAGES" / f"{DOMAIN}.po"
    return read_po(BytesIO(path.read_bytes()), locale=name, domain=DOMAIN, abort_invalid=True)


def isolated(sentence: str) -> str:
    """The sentence with each ``{name}`` and each ``/command`` isolated that is not yet.

    In Arabic, “3·n + 1” would else be torn apart, “<” would point the other way, and the slash of
    a command would stand behind it.
    """
    return _HOLE.sub(lambda found: found[1] or f"{FIRST_STRONG}{found[0]}{END}", sentence)


_LEFTWARDS = {"ar"}  # written from right to left
_HOLE = re.compile(rf"({FIRST_STRONG}[^{END}]*{END})|\{{\w+\}}|/[a-z]+")
_ENGLISH = gettext.NullTranslations()


@cache
def _words(name: str) -> gettext.NullTranslations:
    written = catalogue(name)
    if name in _LEFTWARDS:
        for message in written:
            if message.id:
                _isolate(message)
    compiled = BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _isolate(message: Message) -> None:
    said = message.string
    message.string = isolated(said) if isinstance(said, str) else tuple(map(isolated, said or ()))

"""What is worth saying about how a text was read, though it could be read."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from tutorbot.core.answers.characters import GREEK, LOOKALIKES
from tutorbot.core.answers.verdicts import Note, Unreadable, Verdict
from tutorbot.core.answers.vocabulary import canonical_all

MOST_LETTERS = 3  # named in one note

VerdictT = TypeVar("VerdictT", bound=Verdict)


def noted(verdict: VerdictT, *notes: Note) -> VerdictT:
    """The verdict with notes to its echo; one without an echo has no place for them."""
    if not notes or isinstance(verdict, Unreadable):
        return verdict
    echo = replace(verdict.echo, notes=(*verdict.echo.notes, *notes))
    return replace(verdict, echo=echo)


def lookalikes(typed: str, symbols: Iterable[str] = ()) -> tuple[Note, ...]:
    r"""Letters of other alphabets that were taken for the Latin ones that they look like.

    >>> [note.details for note in lookalikes("n + \N{CYRILLIC SMALL LETTER O}")]
    [{'letters': 'o'}]
    """
    if typed.isascii():
        return ()
    names = canonical_all(symbols)  # a declared Greek capital is meant, whatever it looks like
    places = [
        at
        for at, letter in enumerate(typed)
        if letter in LOOKALIKES and GREEK.get(letter) not in names
    ]
    if not places:
        return ()
    letters = dict.fromkeys(LOOKALIKES[typed[at]] for at in places)
    named = ", ".join(list(letters)[:MOST_LETTERS]) + (", …" if len(letters) > MOST_LETTERS else "")
    return (Note(code="look-alike", at=places[0], details={"letters": named}),)

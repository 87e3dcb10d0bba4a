"""What is worth saying about how a text was read, though it could be read."""

from dataclasses import replace
from typing import TypeVar

from tutorbot.core.answers.characters import LOOKALIKES
from tutorbot.core.answers.verdicts import Note, Unreadable, Verdict

MOST_LETTERS = 3  # named in one note

VerdictT = TypeVar("VerdictT", bound=Verdict)


def noted(verdict: VerdictT, *notes: Note) -> VerdictT:
    """The verdict with notes to its echo; one without an echo has no place for them."""
    if not notes or isinstance(verdict, Unreadable):
        return verdict
    echo = replace(verdict.echo, notes=(*verdict.echo.notes, *notes))
    return replace(verdict, echo=echo)


def lookalikes(typed: str) -> tuple[Note, ...]:
    r"""Letters of other alphabets that were taken for the Latin ones that they look like.

    >>> [note.details for note in lookalikes("n + \N{CYRILLIC SMALL LETTER O}")]
    [{'letters': 'o'}]
    """
    if typed.isascii():
        return ()
    places = [at for at, letter in enumerate(typed) if letter in LOOKALIKES]
    if not places:
        return ()
    letters = dict.fromkeys(LOOKALIKES[typed[at]] for at in places)
    named = ", ".join(list(letters)[:MOST_LETTERS]) + (", …" if len(letters) > MOST_LETTERS else "")
    return (Note(code="look-alike", at=places[0], details={"letters": named}),)

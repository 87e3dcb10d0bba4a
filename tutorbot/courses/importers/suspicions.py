"""What a person should look at in a text that was typed, scanned or converted."""

import re
from collections.abc import Iterator

_LOST_SIGN = re.compile(r"(?<![A-Za-z\\])([A-Za-z])(?:\^\{?\w\}?|_\{?\w\}?)\s+\1(?![A-Za-z^_{(])")
_DANGLING = re.compile(
    r"(?:[-+=*/<>]|\\times|\\cdot|\\le|\\ge|\\neq)\s*$|^\s*(?:[=*/]|\\times|\\cdot)"
)
_DOUBLED = re.compile(r"=\s*=|\+\s*\+|\\times\s*\\times|[-+]\s*[*/=)]")
_UNREADABLE = re.compile("[\ufffd\u25a1\ue000-\uf8ff]")
_EMPTY = re.compile(r"\\frac\s*\{\s*\}|\\frac\s*\{[^{}]*\}\s*\{\s*\}|\\sqrt\s*\{\s*\}|[_^]\{\s*\}")
_OF = r"\\in\s*\\mathbb\s*\{?R\}?\s*\^\s*\{?\s*"
_INPUT = re.compile(rf"\binputs?\b[^.;]{{0,40}}?{_OF}(\w)\s*\}}?(?!\s*\\times)")
_STATE = re.compile(rf"\b(?:state|hidden|output)\b[^.;]{{0,80}}?{_OF}(\w)\s*\}}?(?!\s*\\times)")
_MATRIX = re.compile(rf"(\w+)('?s?)\s*{_OF}(\w)\s*\\times\s*(\w)\s*\}}?")
_LETTERS = re.compile(
    r"\b(?:both|only|either|neither)?\s*\(?[A-F]\)?\s*(?:and|or|nor|,|&)\s*\(?[A-F]\)?(?!\w)"
)
_LONGEST_LOOKED_AT = 4_000


def damaged(latex: str) -> str | None:
    """Why a formula looks as if a part of it were lost, as the end of a sentence.

    >>> damaged("n^2 n")
    'a sign seems to be lost'
    """
    latex = latex[:_LONGEST_LOOKED_AT]
    if _LOST_SIGN.search(latex):
        return "a sign seems to be lost"
    if _UNREADABLE.search(latex):
        return "a character cannot be read"
    if _EMPTY.search(latex):
        return "a part of it is empty"
    if _DANGLING.search(latex):
        return "it begins or ends with an operator"
    if _DOUBLED.search(latex):
        return "two operators stand side by side"
    return None


def unreadable(text: str) -> bool:
    """Whether a converter has left characters that nobody can read."""
    return _UNREADABLE.search(text) is not None


def turned_matrices(question: str, solution: str) -> Iterator[str]:
    """Matrices said to have the sizes of the input and the state the wrong way around.

    What multiplies an input of m numbers, and gives a state of n, has n rows and m columns.
    """
    text = f"{question}\n{solution}"[: 5 * _LONGEST_LOOKED_AT].replace("$", "")
    given, kept = _INPUT.search(text), _STATE.search(text)
    if not given or not kept or given[1] == kept[1]:
        return
    for found in _MATRIX.finditer(text):
        if (found[3], found[4]) == (given[1], kept[1]):
            yield (
                f"{found[1]} is said to be {found[3]}×{found[4]}; to multiply an input of "
                f"{given[1]} numbers it must be {found[4]}×{found[3]}"
            )


def names_letters(option: str) -> bool:
    """Whether an option speaks of others by their letters: “Both A and C”."""
    return len(option) < 80 and _LETTERS.search(option) is not None  # noqa: PLR2004 -- such options are short

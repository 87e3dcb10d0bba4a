r"""Formulas in running text: ``\(…\)``, ``\[…\]``, ``$$…$$`` and, where it is custom, ``$…$``."""

import re
from collections.abc import Iterator

from tutorbot.core.prose import Display, Formula

LONGEST_FORMULA = 4_000
"""In characters. Two delimiters further apart than this do not belong together."""

_OPENING = re.compile(r"\\\(|\\\[|\$\$|(?<!\\)\$(?=\S)|\\begin\{([a-z]+\*?)\}")
_ENVIRONMENTS = {  # and what they are called inside of a formula
    "equation": "",
    "displaymath": "",
    "align": "aligned",
    "aligned": "aligned",
    "eqnarray": "aligned",
    "gather": "gathered",
    "multline": "gathered",
}
_CLOSING = {r"\(": r"\\\)", r"\[": r"\\\]", "$$": r"\$\$", "$": r"(?<![\\\s])\$(?!\d)"}
_LONGEST_CLOSING = 20


def split_tex(text: str, *, dollars: bool = False) -> Iterator[tuple[int, int, Formula | Display]]:
    r"""Where formulas begin and end in a text, and what they are.

    ``dollars`` says whether ``$…$`` holds a formula, as in Markdown; a price is none: the opening
    sign stands before a character, the closing one after a character and not before a digit.

    >>> list(split_tex(r"Is \(x^2\) even?"))
    [(3, 10, Formula(latex='x^2'))]
    """
    clear: dict[str, int] = {}
    at = 0
    while found := _OPENING.search(text, at):
        end, formula = _read(text, found, clear, dollars=dollars)
        if formula:
            yield found.start(), end, formula
        at = max(end, found.start() + 1)


def _read(
    text: str, found: re.Match[str], clear: dict[str, int], *, dollars: bool
) -> tuple[int, Formula | Display | None]:
    opening = found[0]
    if found[1]:
        name = found[1].removesuffix("*")
        if name not in _ENVIRONMENTS:
            return found.end(), None
        closing = _find(text, rf"\\end\{{{re.escape(found[1])}\}}", found.end(), clear)
        if not closing:
            return found.end(), None
        body, inner = text[found.end() : closing.start()].strip(), _ENVIRONMENTS[name]
        return closing.end(), Display(rf"\begin{{{inner}}}{body}\end{{{inner}}}" if inner else body)
    if opening == "$" and not dollars:
        return found.end(), None
    closing = _find(text, _CLOSING[opening], found.end(), clear)
    latex = text[found.end() : closing.start()].strip() if closing else ""
    if not closing or not latex:
        return found.end(), None
    return closing.end(), Formula(latex) if opening in {"$", r"\("} else Display(latex)


def _find(text: str, closing: str, start: int, clear: dict[str, int]) -> re.Match[str] | None:
    """The next closing sign in reach; ``clear`` remembers up to where there is none."""
    begin, end = max(start, clear.get(closing, 0)), min(len(text), start + LONGEST_FORMULA)
    found = re.compile(closing).search(text, begin, end) if begin < end else None
    if not found:
        # A sign across the edge would have been missed, so it is looked for again.
        clear[closing] = max(begin, end - _LONGEST_CLOSING)
    return found

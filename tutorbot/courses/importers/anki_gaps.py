"""Gaps in a text as Anki writes them: ``{{c1::answer::hint}}``, also one in another."""

import re
from dataclasses import dataclass

_OPENING = re.compile(r"\{\{c(\d{1,3})::")
_DEEPEST = 8
_GAP = "____"


@dataclass(frozen=True, kw_only=True)
class Gap:
    answer: str  # HTML
    hint: str


@dataclass(frozen=True, kw_only=True)
class _Piece:
    number: int
    parts: "tuple[str | _Piece, ...]"
    hint: str


def gap_numbers(text: str) -> tuple[int, ...]:
    """The numbers of the gaps, each once, in their order."""
    return tuple(sorted({int(each) for each in _OPENING.findall(text)}))


def with_gap(text: str, number: int) -> tuple[str, tuple[Gap, ...]]:
    """The text with the gaps of one number open and all others filled, and what those hide."""
    parts, _ = _read(text, 0, 0)
    found: list[Gap] = []
    return _shown(parts, number, found), tuple(found)


def _read(text: str, at: int, depth: int) -> tuple[tuple[str | _Piece, ...], int]:
    """The pieces up to the end of the gap that is open, and where they end."""
    parts: list[str | _Piece] = []
    while at < len(text):
        opening = _OPENING.search(text, at)
        end = text.find("}}", at) if depth else -1
        if opening and (end < 0 or opening.start() < end) and depth < _DEEPEST:
            parts.append(text[at : opening.start()])
            inner, at = _read(text, opening.end(), depth + 1)
            parts.append(_piece(int(opening[1]), inner))
        elif end >= 0:
            # Braces of LaTeX may end right before those of the gap.
            while text[end + 2 : end + 3] == "}":
                end += 1
            parts.append(text[at:end])
            return tuple(parts), end + 2
        else:
            parts.append(text[at:])
            return tuple(parts), len(text)
    return tuple(parts), at


def _piece(number: int, parts: tuple[str | _Piece, ...]) -> _Piece:
    last = parts[-1] if parts else ""
    if isinstance(last, str) and "::" in last:
        words, _, hint = last.rpartition("::")
        return _Piece(number=number, parts=(*parts[:-1], words), hint=hint)
    return _Piece(number=number, parts=parts, hint="")


def _shown(parts: tuple[str | _Piece, ...], number: int, found: list[Gap]) -> str:
    written: list[str] = []
    for part in parts:
        if isinstance(part, str):
            written.append(part)
        elif part.number == number:
            found.append(Gap(answer=_shown(part.parts, -1, []), hint=part.hint))
            written.append(_GAP)
        else:
            written.append(_shown(part.parts, number, found))
    return "".join(written)

"""Prose as Telegram's HTML, measured and split the way Telegram counts."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import chain
from typing import Literal
from unicodedata import bidirectional

from tutorbot.core.prose import (
    Block,
    Bullets,
    Choices,
    Display,
    Formula,
    Heading,
    Inline,
    Line,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
)

Spell = Callable[[str], str]
"""LaTeX → one line of text."""


@dataclass(frozen=True)
class Span:
    text: str
    tag: Literal["", "b", "i", "code"] = ""


@dataclass(frozen=True)
class Piece:
    """What stays together when a text is split, where that is possible."""

    spans: tuple[Span, ...]
    frame: Literal["", "pre", "blockquote"] = ""

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


def pieces(prose: Prose, spell: Spell) -> tuple[Piece, ...]:
    """The prose, paragraph by paragraph, with its formulas spelled; empty ones are left out."""
    made = (_piece(block, spell) for block in prose)
    return tuple(piece for piece in made if piece.text.strip())


def length(text: Iterable[Piece]) -> int:
    """What Telegram counts: UTF-16 units without the tags."""
    return units(_BETWEEN.join(piece.text for piece in text))


def html(text: Iterable[Piece]) -> str:
    return _BETWEEN.join(_html(piece) for piece in text)


def split(text: Sequence[Piece], limit: int) -> tuple[tuple[Piece, ...], ...]:
    """Messages of at most ``limit`` UTF-16 units, split between paragraphs if at all possible."""
    messages: list[tuple[Piece, ...]] = []
    room: tuple[Piece, ...] = ()
    for piece in chain.from_iterable(_cut(piece, limit) for piece in text):
        if room and length((*room, piece)) > limit:
            messages.append(room)
            room = ()
        room = (*room, piece)
    return (*messages, room) if room else tuple(messages)


def units(text: str) -> int:
    """The length in UTF-16 units.

    >>> units("n ∈ 🎲")
    6
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def runs_left(text: str) -> bool:
    """Whether there are letters in it that run from right to left."""
    # Looked for among the few that may, as most texts have none of these.
    return any(bidirectional(each) in _LEFTWARDS for each in _MAY_RUN_LEFT.findall(text))


_BETWEEN = "\n\n"
_BULLET = "• "
_TAGS: dict[Style, Literal["", "b", "i", "code"]] = {
    Style.PLAIN: "",
    Style.BOLD: "b",
    Style.ITALIC: "i",
    Style.CODE: "code",
}


def _piece(block: Block, spell: Spell) -> Piece:
    match block:
        case Quote():
            return Piece(tuple(_stacked(_lines(block, spell))), "blockquote")
        case Verbatim(text):
            return Piece((Span(text),), "pre")
        case _:
            return Piece(tuple(_stacked(_lines(block, spell))))


def _lines(block: Block, spell: Spell) -> Iterator[tuple[Span, ...]]:
    match block:
        case Heading(line):
            yield tuple(replace(span, tag="b") for span in _spans(line, spell))
        case Paragraph(line):
            yield _spans(line, spell)
        case Display(latex):
            yield (Span(_no_command(spell(latex))),)
        case Bullets(items, ordered):
            for number, item in enumerate(items, 1):
                yield (Span(f"{number}. " if ordered else _BULLET), *_spans(item, spell))
        case Quote(lines):
            yield from (_spans(line, spell) for line in lines)
        case Verbatim(text):
            yield from ((Span(line, "code"),) for line in text.splitlines())
        case Picture(words=words):
            yield (Span(_PICTURE), Span(words, "i"))
        case Choices(options):
            for letter, body in options:
                inner = [line for each in body for line in _lines(each, spell)]
                first, *more = inner or [()]
                yield (Span(letter, "b"), Span("  "), *first)
                yield from more


def _spans(line: Line, spell: Spell) -> tuple[Span, ...]:
    among_leftwards = any(runs_left(part.text) for part in line if isinstance(part, Text))
    return tuple(_span(part, spell, alone=among_leftwards) for part in line)


def _span(part: Inline, spell: Spell, *, alone: bool) -> Span:
    """With ``alone``, a formula or code is laid out apart from the words around it."""
    is_formula = isinstance(part, Formula)
    text = _no_command(spell(part.latex) if is_formula else part.text)
    if alone and (is_formula or part.style is Style.CODE):
        text = f"{_LEFT_TO_RIGHT}{text}{_END}"
    return Span(text, "" if is_formula else _TAGS[part.style])


def _no_command(text: str) -> str:
    """Keep apps from taking the ``/O`` of ``O(z)/O′(z)`` for a command to tap on.

    A word joiner is not seen, and is passed over when an answer with it is read.
    """
    return _LIKE_A_COMMAND.sub("/\u2060", text)


_PICTURE = "🖼 "
_ISOLATED = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
_MAY_RUN_LEFT = re.compile(  # in these blocks of Unicode, and nowhere else
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_LEFTWARDS = frozenset(("R", "AL"))
_WAYS = _LEFTWARDS | {"L"}
_RUNS_LEFT, _LEFT_TO_RIGHT, _END = "\u200f", "\u2066", "\u2069"
_LIKE_A_COMMAND = re.compile("(?<=[^\\s\\w/<>\u2066-\u2068])/(?=\\w)")


def _stacked(lines: Iterable[tuple[Span, ...]]) -> Iterator[Span]:
    for number, line in enumerate(lines):
        if number:
            yield Span("\n")
        yield from _laid_out(line)


def _laid_out(line: tuple[Span, ...]) -> tuple[Span, ...]:
    """A line with words from right to left runs that way, whatever it begins with.

    Apps take the way of a line from its first letter: here that may be the “A” of an option.
    """
    text = "".join(span.text for span in line)
    if not runs_left(text):
        return line
    ways = (bidirectional(each) for each in _without_isolated(text))
    first = next((way for way in ways if way in _WAYS), "")
    return line if first in _LEFTWARDS else (Span(_RUNS_LEFT), *line)


def _without_isolated(text: str) -> str:
    """What counts for the way of a line; one sentence may be isolated within another."""
    while (left := _ISOLATED.sub("", text)) != text:
        text = left
    return text


def _html(piece: Piece) -> str:
    inner = "".join(
        f"<{span.tag}>{escape(span.text, quote=False)}</{span.tag}>"
        if span.tag and span.text
        else escape(span.text, quote=False)
        for span in piece.spans
    )
    return f"<{piece.frame}>{inner}</{piece.frame}>" if piece.frame else inner


def _cut(piece: Piece, limit: int) -> Iterator[Piece]:
    """A piece that is too long for any message, cut at a line, else at a word, else anywhere."""
    while units(piece.text) > limit:
        most = _fitting(piece.text, limit)
        head = piece.text[:most]
        at = next((at for mark in "\n " if (at := head.rfind(mark)) > most // 2), most)
        yield replace(piece, spans=_between(piece.spans, 0, at))
        rest = at if at == most else at + 1
        piece = replace(piece, spans=_between(piece.spans, rest, len(piece.text)))
    yield piece


def _fitting(text: str, limit: int) -> int:
    """How many characters of ``text`` fit into ``limit`` UTF-16 units."""
    used = 0
    for at, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return at
    return len(text)


def _between(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """The spans from one character of their text to another."""
    kept: list[Span] = []
    for span in spans:
        part = span.text[max(start, 0) : max(end, 0)]
        if part:
            kept.append(replace(span, text=part))
        start, end = start - len(span.text), end - len(span.text)
    return tuple(kept)

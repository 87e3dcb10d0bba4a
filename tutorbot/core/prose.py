"""What a learner reads: paragraphs, lists and formulas, before anyone decides how to show them.

Words and LaTeX are kept as the author wrote them, ``{{h}}`` included; `fill` sets the values of a
variant in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum


class Style(Enum):
    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"


@dataclass(frozen=True)
class Text:
    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True)
class Formula:
    """LaTeX without its dollar signs."""

    latex: str


Inline = Text | Formula
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    line: Line


@dataclass(frozen=True)
class Paragraph:
    line: Line


@dataclass(frozen=True)
class Display:
    """A formula on a line of its own."""

    latex: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Quote:
    """An aside: a caret under what was typed, a note on a disputed key."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Verbatim:
    """Monospaced text whose columns matter, such as an answer with a caret under it."""

    text: str


@dataclass(frozen=True)
class Choices:
    """The lettered options of a question, in the order shown; each may carry display formulas."""

    options: tuple[tuple[str, "Prose"], ...]


@dataclass(frozen=True)
class Picture:
    """A picture that stands beside the course file, with the words that say the same."""

    file: str  # its name, without a folder; in a published course, the digest of its content
    words: str


Block = Heading | Paragraph | Display | Bullets | Quote | Verbatim | Choices | Picture
Prose = tuple[Block, ...]

_HOLE = re.compile(r"\{\{\s*([A-Za-z]\w*)\s*\}\}")


def words(text: str, style: Style = Style.PLAIN) -> Paragraph:
    """One paragraph of plain words."""
    return Paragraph((Text(text, style),))


def fill(prose: Prose, values: Mapping[str, str]) -> Prose:
    """Set the values of a variant in for ``{{name}}``, in words and in formulas alike.

    A name without a value stays as it is; the course check has refused it long before.

    >>> fill((words("A state of {{h}} numbers"),), {"h": "100"})
    (Paragraph(line=(Text(text='A state of 100 numbers', style=<Style.PLAIN: 'plain'>),)),)
    """
    return tuple(_fill_block(block, values) for block in prose) if values else prose


def pictures(prose: Prose) -> Iterator[Picture]:
    """The pictures, in reading order."""
    for block in prose:
        match block:
            case Picture():
                yield block
            case Choices(options):
                for _, body in options:
                    yield from pictures(body)
            case _:
                pass


def with_files(prose: Prose, names: Mapping[str, str]) -> Prose:
    """Call the files of pictures by other names; a file without another keeps its own."""
    return tuple(
        replace(block, file=names.get(block.file, block.file))
        if isinstance(block, Picture)
        else block
        for block in prose
    )


def formulas(prose: Prose) -> Iterator[str]:
    """The LaTeX of every formula, in reading order."""
    for block in prose:
        match block:
            case Display(latex):
                yield latex
            case Choices(options):
                for _, body in options:
                    yield from formulas(body)
            case Heading(line) | Paragraph(line):
                yield from _latex(line)
            case Bullets(items) | Quote(items):
                for item in items:
                    yield from _latex(item)
            case Verbatim() | Picture():
                pass


def _latex(line: Line) -> Iterator[str]:
    return (part.latex for part in line if isinstance(part, Formula))


def _fill_block(block: Block, values: Mapping[str, str]) -> Block:
    match block:
        case Display(latex):
            return Display(_set_in(latex, values))
        case Choices(options):
            return Choices(tuple((letter, fill(body, values)) for letter, body in options))
        case Heading(line) | Paragraph(line):
            return replace(block, line=_fill_line(line, values))
        case Bullets(items):
            return replace(block, items=tuple(_fill_line(item, values) for item in items))
        case Quote(lines):
            return Quote(tuple(_fill_line(line, values) for line in lines))
        case Picture(words=words):
            return replace(block, words=_set_in(words, values))
        case Verbatim():
            return block


def _fill_line(line: Line, values: Mapping[str, str]) -> Line:
    return tuple(
        replace(part, text=_set_in(part.text, values))
        if isinstance(part, Text)
        else Formula(_set_in(part.latex, values))
        for part in line
    )


def _set_in(text: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)

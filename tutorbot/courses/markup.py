"""From what a learner reads back to the Markdown that says it."""

import itertools
import re
import string
from collections.abc import Iterable, Sequence

from tutorbot.core.prose import (
    Block,
    Bullets,
    Choices,
    Display,
    Formula,
    Heading,
    Line,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
)
from tutorbot.courses.prose import tidy

WIDTH = 100
"""In characters; lines are filled up to here where there is a space to break at."""

_SPACE = "\x00"  # where a line may be broken
_BREAK = "\x01"  # where it must be
_SPACES = frozenset({_SPACE, _BREAK})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HOLE = re.compile(r"\{\{\s*[A-Za-z]\w*\s*\}\}")
_LONE_SPACE = re.compile(r"(?<!\s) (?!\s)")
_PUNCTUATION = frozenset(string.punctuation)
_BRACKETS = re.compile(r"(\\.)|([\[\]])")
_APART = "<!---->"
_MARKERS = {Style.BOLD: "**", Style.ITALIC: "*"}
_SIGNS = re.compile(
    r"""
      [\\`$]                            # always a mark of something
    | (?!(?<=[ ])\*[ ])\*              # bold or italic, but not between spaces
    | \{                                # an attribute, at the end of a line
    | <(?=[A-Za-z/!?])                  # HTML
    | &(?=\#|\w+;)                      # a character by its name
    | \](?=\()                          # a link
    | (?<![^\W_])_++ | _++(?![^\W_])      # italic, but not within a word
    """,
    re.VERBOSE,
)
_LINE_STARTS = re.compile(
    r"""
      (?P<sign> \#{1,6} | [-+*] ) (?=\s|$)
    | (?P<run> -- | ~~~ | > )
    | (?P<number> \d{1,9} ) [.)] (?=\s|$)
    """,
    re.VERBOSE,
)
_TO_FENCE = re.compile(r"`+")


def blocks(
    prose: Prose, *, quotes: bool = True, leading: str = "", trailing: str = ""
) -> list[str]:
    """The lines of some prose, blocks apart by an empty line.

    Where a quote would mean something else, its words stand as paragraphs. ``leading`` and
    ``trailing`` stand around the first paragraph, or on a line of their own if there is none.
    """
    parts: list[list[str]] = []
    marker = ""
    for block in prose:
        if isinstance(block, Bullets):
            # Two lists on end would run into one.
            kinds = ("1.", "1)") if block.ordered else ("*", "+")
            marker = kinds[marker == kinds[0]]
            parts.append(_list(block.items, marker))
        else:
            marker = ""
            parts.append(_block(block, quotes=quotes))
    if leading:
        head, shown = [" ".join(filter(None, (leading, trailing)))], False
        match prose[:1]:
            case (Paragraph(line),) if tidy(_clean(line)):
                head, shown = _paragraph(line, leading=f"{leading} "), True
            case (Display(latex),) if len(_rows(latex)) == 1:
                head, shown = [f"{leading} {parts[0][0]}"], True
            case _:
                pass
        if shown and trailing:
            head[-1] += f" {trailing}"
        parts[:shown] = [head]
    return _apart(parts)


def words_of(text: str) -> str:
    """Plain words on one line, as in a heading."""
    written = _text(_CONTROL.sub("", " ".join(text.split()))).replace(_SPACE, " ")
    return written[:-1] + "\\#" if re.search(r"(?:^|\s)#+$", written) else written


def in_backticks(code: str) -> str:
    """An expression, or anything else in which no sign has a meaning.

    >>> in_backticks("n^2"), in_backticks("a`b")
    ('`n^2`', '``a`b``')
    """
    code = _CONTROL.sub(" ", code.replace("\n", " ").replace("\r", " ")).replace("\t", " ")
    runs = {len(run) for run in _TO_FENCE.findall(code)}
    fence = "`" * next(length for length in itertools.count(1) if length not in runs)
    padded = code.startswith("`") or code.endswith("`")
    padded = padded or (code.startswith(" ") and code.endswith(" ") and code.strip(" ") != "")
    return f"{fence} {code} {fence}" if padded else f"{fence}{code}{fence}"


def in_dollars(latex: str) -> str:
    latex = " ".join(_rows(latex))
    return f"${_not_escaping(latex)}$"


def _block(block: Block, *, quotes: bool) -> list[str]:
    match block:
        case Paragraph(line):
            return _paragraph(line)
        case Heading(line):
            bold = tuple(
                Text(part.text, Style.BOLD) if isinstance(part, Text) else part for part in line
            )
            return _paragraph(bold)
        case Display(latex):
            return display(latex)
        case Bullets(items):
            return _list(items, "*")
        case Quote(lines):
            written = _apart([_paragraph(line) for line in lines])
            return quoted(written) if quotes else written
        case Verbatim(text):
            return _verbatim(text)
        case Choices(options):
            return _apart([blocks(body, leading=f"**{letter}**") for letter, body in options])
        case Picture(file, words):
            return [f"![{_BRACKETS.sub(_with_brackets, words_of(words))}]({file})"]


def _with_brackets(found: re.Match[str]) -> str:
    return found[1] or f"\\{found[2]}"


def display(latex: str) -> list[str]:
    rows = _rows(latex)
    if not rows:
        return []
    rows[-1] = _not_escaping(rows[-1])
    return [f"$${rows[0]}$$"] if len(rows) == 1 else ["$$", *rows, "$$"]


def quoted(lines: Iterable[str]) -> list[str]:
    return [f"> {line}" if line else ">" for line in lines]


def indented(lines: Iterable[str], by: int) -> list[str]:
    return [" " * by + line if line else "" for line in lines]


def _apart(parts: Iterable[Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if part:
            lines += ["", *part] if lines else part
    return lines


def _verbatim(text: str) -> list[str]:
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip("\n")
    longest = max((len(run) for run in _TO_FENCE.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *(text.split("\n") if text else []), fence]


def _list(items: Sequence[Line], marker: str) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(items, start=1):
        mark = marker.replace("1", str(number))
        first, *more = _paragraph(item, width=WIDTH - len(mark) - 1) or [""]
        lines += [f"{mark} {first}".rstrip(), *indented(more, len(mark) + 1)]
    return lines


def _paragraph(line: Line, *, leading: str = "", width: int = WIDTH) -> list[str]:
    """The lines of a paragraph, of which ``leading`` begins the first."""
    parts = tidy(_clean(line))
    written: list[str] = []
    for place, part in enumerate(parts):
        match part:
            case Formula(latex):
                written.append(in_dollars(latex))
            case Text(text, Style.CODE):
                written.append(in_backticks(text))
            case Text(text, style):
                marker = _MARKERS.get(style, "")
                inner = _text(text, at_end=place == len(parts) - 1)
                written.append(f"{marker}{inner}{marker}")
    for place, part in enumerate(parts):
        if isinstance(part, Text) and part.style in _MARKERS:
            _part_from(place, parts, written)
    return _filled("".join(written), leading, width)


def _part_from(place: int, parts: Line, written: list[str]) -> None:
    """See that the stars around bold or italic words are taken for what they are.

    They are not where a letter stands outside and a full stop inside, or next to other stars.
    """
    length = len(_MARKERS[_style(parts[place])])
    inner = written[place][length:-length]
    before = written[place - 1] if place else ""
    after = written[place + 1] if place + 1 < len(parts) else ""
    if before and not before.endswith(_APART):
        touching = _style(parts[place - 1]) in _MARKERS
        if touching or not _is_mark(inner[0], before[-1]):
            written[place] = _APART + written[place]
    if after and not _is_mark(inner[-1], after[0]):
        written[place] += _APART


def _is_mark(inside: str, outside: str) -> bool:
    """Whether stars between these two signs begin or end bold or italic words."""
    return inside.isalnum() or outside in _PUNCTUATION or outside in _SPACES or outside.isspace()


def _style(part: Text | Formula) -> Style:
    return part.style if isinstance(part, Text) else Style.PLAIN


def _clean(line: Line) -> Line:
    return tuple(
        Text(_CONTROL.sub("", part.text.replace("\r\n", "\n").replace("\r", "\n")), part.style)
        if isinstance(part, Text)
        else part
        for part in line
        if isinstance(part, Text) or _rows(part.latex)
    )


def _text(text: str, *, at_end: bool = False) -> str:
    """Words with what would be read as a mark escaped; holes of variants stay."""
    written: list[str] = []
    last = 0
    for hole in _HOLE.finditer(text):
        written += [_escaped(text, last, hole.start()), hole[0]]
        last = hole.end()
    written.append(_escaped(text, last, len(text)))
    if at_end and text.endswith("\\"):
        written[-1] = written[-1][:-2] + "&#92;"
    return _LONE_SPACE.sub(_SPACE, "".join(written)).replace("\n", _BREAK)


def _escaped(text: str, start: int, end: int) -> str:
    return "".join(
        words + "".join(f"\\{sign}" for sign in marks) for words, marks in _runs(text, start, end)
    )


def _runs(text: str, start: int, end: int) -> Iterable[tuple[str, str]]:
    """What may stay, and what is escaped, in turn; the neighbours outside are looked at too."""
    last = start
    for found in _SIGNS.finditer(text, start, end):
        yield text[last : found.start()], found[0]
        last = found.end()
    yield text[last:end], ""


def _filled(written: str, leading: str, width: int) -> list[str]:
    lines: list[str] = []
    for place, line in enumerate(written.split(_BREAK) if written else []):
        chunks = line.split(_SPACE)
        current = leading + chunks[0] if leading and not place else _at_line_start(chunks[0])
        for chunk in chunks[1:]:
            if len(current) + 1 + len(chunk) > width and _at_line_start(chunk) == chunk:
                lines.append(current)
                current = chunk
            else:
                current = f"{current} {chunk}"
        lines.append(current)
        if place < written.count(_BREAK):
            lines[-1] += "\\"
    return lines


def _at_line_start(chunk: str) -> str:
    """The chunk as it stands at the beginning of a line, where some signs begin a block."""
    found = _LINE_STARTS.match(chunk)
    if not found:
        return chunk
    place = len(found["number"] or "")
    return f"{chunk[:place]}\\{chunk[place:]}"


def _not_escaping(latex: str) -> str:
    """LaTeX that does not end in a backslash, which would take the dollar sign after it along."""
    backslashes = len(latex) - len(latex.rstrip("\\"))
    return latex + " " if backslashes % 2 else latex


def _rows(latex: str) -> list[str]:
    cleaned = _CONTROL.sub(" ", latex.replace("\r\n", "\n").replace("\r", "\n"))
    return [line.strip() for line in cleaned.split("\n") if line.strip()]

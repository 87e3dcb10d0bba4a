"""What a learner reads, as HTML for other programs."""

from collections.abc import Callable, Iterator
from html import escape

from tutorbot.core.prose import (
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

Draw = Callable[[str, bool], str]
"""From LaTeX to HTML; the second says whether it stands on a line of its own."""

Show = Callable[[Picture], str]
"""From a picture to the address where the program finds it."""

_TAGS = {Style.BOLD: "b", Style.ITALIC: "i", Style.CODE: "code"}


def to_html(prose: Prose, draw: Draw, show: Show) -> str:
    return "".join(_blocks(prose, draw, show))


def mathjax(latex: str, display: bool) -> str:
    """Between the delimiters that MathJax looks for."""
    text = escape(latex, quote=False)
    return rf"\[{text}\]" if display else rf"\({text}\)"


def pictures_in(prose: Prose) -> Iterator[Picture]:
    return (block for block in prose if isinstance(block, Picture))


def _blocks(prose: Prose, draw: Draw, show: Show) -> Iterator[str]:
    for block in prose:
        match block:
            case Heading(line):
                yield f"<h4>{_line(line, draw)}</h4>"
            case Paragraph(line):
                yield f"<p>{_line(line, draw)}</p>"
            case Display(latex):
                yield f'<p class="display">{draw(latex, True)}</p>'
            case Bullets(items, ordered):
                tag = "ol" if ordered else "ul"
                yield f"<{tag}>{''.join(f'<li>{_line(item, draw)}</li>' for item in items)}</{tag}>"
            case Quote(lines):
                inner = "".join(f"<p>{_line(line, draw)}</p>" for line in lines)
                yield f"<blockquote>{inner}</blockquote>"
            case Verbatim(text):
                yield f"<pre>{escape(text, quote=False)}</pre>"
            case Picture(_, words):
                yield f'<p><img src="{escape(show(block))}" alt="{escape(words)}"></p>'
            case Choices(options):
                inner = "".join(f"<li>{to_html(body, draw, show)}</li>" for _, body in options)
                yield f"<ol>{inner}</ol>"


def _line(line: Line, draw: Draw) -> str:
    return "".join(_inline(part, draw) for part in line)


def _inline(part: Text | Formula, draw: Draw) -> str:
    if isinstance(part, Formula):
        return draw(part.latex, False)
    text = escape(part.text, quote=False).replace("\n", "<br>")
    tag = _TAGS.get(part.style)
    return f"<{tag}>{text}</{tag}>" if tag else text

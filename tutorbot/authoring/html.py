"""Prose as HTML for the pages of authors. Whatever an author wrote is escaped."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from html import escape

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
    Verbatim,
    formulas,
)
from tutorbot.drawing import unicode
from tutorbot.drawing.canvas import NotDrawable

Draw = Callable[[str, bool], Awaitable[str]]
"""LaTeX, and whether it has a line of its own, as SVG; or `NotDrawable`."""

_TAGS = {Style.PLAIN: "", Style.BOLD: "b", Style.ITALIC: "i", Style.CODE: "code"}


class Form(StrEnum):
    """How formulas are shown."""

    SENT = "sent"  # as the bot does: in words where all of a message can be said so
    WORDS = "words"  # to who wants plain text
    TYPESET = "typeset"


class Writer:
    """Writes prose; ``picture`` tells the address of a file that lies beside the course."""

    def __init__(self, draw: Draw, picture: Callable[[str], str], form: Form = Form.SENT) -> None:
        self._draw = draw
        self._picture = picture
        self._form = form

    async def message(self, prose: Prose) -> str:
        """One message. Its formulas are all in words, or all typeset."""
        sayable = all(unicode.say(latex) is not None for latex in formulas(prose))
        in_words = self._form is Form.WORDS or (self._form is Form.SENT and sayable)
        return await _Message(self._draw, self._picture, in_words=in_words).prose(prose)


class _Message:
    def __init__(self, draw: Draw, picture: Callable[[str], str], *, in_words: bool) -> None:
        self._draw = draw
        self._picture = picture
        self._in_words = in_words

    async def prose(self, prose: Prose) -> str:
        return "".join([await self._block(block) for block in prose])

    async def _block(self, block: Block) -> str:
        match block:
            case Heading(line):
                return f"<h4>{await self._line(line)}</h4>"
            case Paragraph(line):
                return f"<p>{await self._line(line)}</p>"
            case Display(latex):
                return f'<div class="display">{await self._formula(latex, display=True)}</div>'
            case Bullets(items, ordered):
                tag = "ol" if ordered else "ul"
                inner = "".join([f"<li>{await self._line(item)}</li>" for item in items])
                return f"<{tag}>{inner}</{tag}>"
            case Quote(lines):
                inner = "".join([f"<p>{await self._line(line)}</p>" for line in lines])
                return f"<blockquote>{inner}</blockquote>"
            case Verbatim(text):
                return f"<pre>{escape(text)}</pre>"
            case Choices(options):
                rows = [
                    f"<dt>{escape(letter)}</dt><dd>{await self.prose(body)}</dd>"
                    for letter, body in options
                ]
                return f'<dl class="options">{"".join(rows)}</dl>'
            case Picture(file=file, words=words):
                source, alt = escape(self._picture(file)), escape(words)
                return f'<figure><img src="{source}" alt="{alt}"></figure>'

    async def _line(self, line: Line) -> str:
        return "".join([await self._inline(part) for part in line])

    async def _inline(self, part: Inline) -> str:
        if isinstance(part, Formula):
            return await self._formula(part.latex, display=False)
        text, tag = escape(part.text).replace("\n", "<br>"), _TAGS[part.style]
        return f"<{tag}>{text}</{tag}>" if tag else text

    async def _formula(self, latex: str, *, display: bool) -> str:
        if self._in_words:
            return f'<span class="words">{escape(unicode.plain(latex))}</span>'
        try:
            svg = await self._draw(latex, display)
        except NotDrawable as trouble:
            return f'<code class="bad" title="{escape(str(trouble))}">{escape(latex)}</code>'
        # Inline styles are not let through; the page sets this one itself.
        return svg.replace(" style=", " data-style=", 1).replace("<svg", '<svg class="math"', 1)

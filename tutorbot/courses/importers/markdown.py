"""Markdown of other programs as HTML, so that all prose is read in one way."""

import html
import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin

from tutorbot.core.prose import Formula
from tutorbot.courses.importers.tex import split_tex

LARGEST_MARKDOWN = 100_000
"""In characters, for one text."""
_LONGEST_PARAGRAPH = 8_000  # inline rules may look at it once for each of its characters

_CODE = re.compile(r"(`+)[^`]+?\1(?!`)")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def html_of(markdown: str) -> str:
    r"""The HTML of a Markdown text, its formulas as ``\(…\)`` and ``\[…\]``.

    Beyond `LARGEST_MARKDOWN`, and in paragraphs too long to be prose, no mark has a meaning.
    """
    if len(markdown) > LARGEST_MARKDOWN:
        return html.escape(markdown, quote=False)
    paragraphs = _BLANK_LINES.split(markdown)
    if any(len(each) > _LONGEST_PARAGRAPH for each in paragraphs):
        return "".join(f"<p>{html.escape(each, quote=False)}</p>" for each in paragraphs)
    return str(_reader().render(with_dollars(markdown)))


def with_dollars(text: str) -> str:
    r"""The text with ``\(…\)`` and the like written with dollar signs, which Markdown spares."""
    pieces: list[str] = []
    at = 0
    for start, end in _outside_code(text):
        pieces.append(text[at:start])
        pieces.append(_in_dollars(text[start:end]))
        at = end
    return "".join(pieces) + text[at:]


def _outside_code(text: str) -> Sequence[tuple[int, int]]:
    edges = [0, *(edge for found in _CODE.finditer(text) for edge in found.span()), len(text)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _in_dollars(text: str) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, formula in split_tex(text, dollars=True):
        latex = _BLANK_LINES.sub("\n", formula.latex)
        sign = "$" if isinstance(formula, Formula) else "$$"
        pieces += (text[at:start], sign, latex, sign)
        at = end
    return "".join(pieces) + text[at:]


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    dollarmath_plugin(reader, allow_labels=False, double_inline=True, allow_blank_lines=False)
    # Indented code and underlined headings are accidents in what was converted or typed.
    reader.disable(["lheading", "code", "reference"])
    for kind in ("math_inline", "math_inline_double", "math_block"):
        reader.add_render_rule(kind, _render_math)
    return reader


def _render_math(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    latex = html.escape(tokens[place].content.strip(), quote=False)
    if tokens[place].type == "math_inline":
        return rf"\({latex}\)"
    return rf"\[{latex}\]"

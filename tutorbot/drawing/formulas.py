"""LaTeX → SVG for pages and PNG for chats, typeset by MathJax inside a small JavaScript engine.

Slow to start (a quarter of a second) and, with strange LaTeX, slow to end: `Studio` runs it in a
process of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from tutorbot.drawing import breaking, canvas, mathjax
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.latex import LONGEST
from tutorbot.drawing.theme import PALETTES, Palette, Theme


@dataclass(frozen=True, kw_only=True)
class FormulaLine:
    """One formula of a picture, with the letter of its option if it has one."""

    label: str | None = None
    latex: str


def svg(latex: str, *, display: bool) -> str:
    """The formula as an SVG of its own, in the colour and (by ``ex``) the size of its page's text.

    Raises:
        NotDrawable: for faulty, forbidden or boundless LaTeX.
    """
    drawing = _typeset(latex, display=display)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{drawing.width * _EX:.3f}ex" height="{drawing.height * _EX:.3f}ex"'
        f' style="vertical-align: {-drawing.below * _EX:.3f}ex"'
        f' viewBox="{drawing.view_box}">{drawing.body}</svg>'
    )


def png(lines: Sequence[FormulaLine], theme: Theme) -> bytes:
    """Formulas under each other, as wide as a phone shows well: 800 to 1280 pixels.

    Raises:
        NotDrawable: for faulty, forbidden or boundless LaTeX in any line.
    """
    if not lines:
        raise NotDrawable("no formula at all")
    palette = PALETTES[theme]
    labelled = any(line.label for line in lines)
    column = max(_chip_width(line.label) for line in lines) + _AFTER_LABEL if labelled else 0
    room = (_WIDEST - 2 * _PAD - column) / _EM
    drawings = [_fitting(line.latex, room) for line in lines]
    widest = max(drawing.width for drawing in drawings) * _EM
    scale = min(1.0, room * _EM / widest)
    if scale < _SMALLEST_SCALE:
        raise NotDrawable("too wide for a phone")
    width = max(_NARROWEST, widest * scale + column + 2 * _PAD)
    body = ""
    y = float(_PAD)
    for at, (line, drawing) in enumerate(zip(lines, drawings, strict=True)):
        if at and labelled:
            body += _rule(y - _GAP / 2, width, palette)
        em = _EM * scale
        height = max(drawing.height * em, _CHIP if labelled else 0)
        top = y + (height - drawing.height * em) / 2
        left = _PAD + column if labelled else (width - drawing.width * em) / 2
        if line.label:
            body += _chip(line.label, y + height / 2, palette)
        body += _placed(drawing, left, top, em, palette.ink)
        y += height + _GAP
    height = y - _GAP + _PAD
    if height > _HIGHEST:
        raise NotDrawable("too high for a phone")
    return canvas.png(canvas.sheet(width, height, palette.paper, body))


# Pixels of the picture. A phone shows 800 of them on about 300 points, so 48 become 18 points.
_EM = 48
_PAD = 44
_GAP = 52  # between formulas
_NARROWEST, _WIDEST, _HIGHEST = 800, 1280, 4000
_SMALLEST_SCALE = 0.4
_FULL_LINE = 0.8  # of the room, once a formula takes several lines
_CHIP = 60
_AFTER_LABEL = 32
_EX = 1 / 0.442  # one em in ex, the measure of MathJax's font

_UNITS = 1000  # of MathJax in one em
_WIDEST_EM, _HIGHEST_EM = 100, 80

_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # engines end at these, or worse
# What reaches outside the formula: links, styles, definitions that would stay for the next one.
_FORBIDDEN = re.compile(
    r"\\(href|url|require|style|class|cssId|data|html\w*|mmlToken|bbox|unicode|toggle|mathtip|"
    r"texttip|action\w*|(?:re|provide)?newcommand|newcommand|(?:re)?newenvironment|[egx]?def|let|"
    r"futurelet|DeclareMathOperator|DeclarePairedDelimiters?\w*|definecolor|tag|label|ref|eqref|"
    r"newtagform|usetagform|catcode|input|include|verb)(?![A-Za-z])"
)
_DRAWN_ELEMENTS = {
    "svg", "g", "defs", "path", "use", "rect", "line", "text", "polygon", "polyline", "ellipse",
}  # fmt: skip
_ELEMENT = re.compile(r"<([A-Za-z][\w:-]*)")
_OUTSIDE = re.compile(r'href="(?!#)|url\(|\son\w+=', re.IGNORECASE)
_FAULT = re.compile(r'data-mjx-error="([^"]*)"')
_UNKNOWN = re.compile(r'data-mml-node="mtext" fill="red" stroke="red" data-latex="(\\[A-Za-z@]+)"')
_OPENING = re.compile(r'<svg[^>]*\sviewBox="([-\d. ]+)"[^>]*>')
_NOTES = re.compile(r'\s(?:data-[\w-]+|class|focusable|role)="[^"]*"')
_GLYPH = re.compile(r'((?:id|xlink:href)="#?)MJX-\d+-')
_RULE = re.compile(r'<(line|rect)\s(?:data-line="\w+"|data-frame="true")\sclass="mjx-(\w+)"')
_WORDS = re.compile(r"<text ([^>]*)>([^<]*)</text>")
_DASHES = {
    "solid": "",
    "dashed": ' stroke-dasharray="140"',
    "dotted": ' stroke-linecap="round" stroke-dasharray="0,140"',
}


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    """What MathJax drew; lengths in em, ``below`` the baseline."""

    body: str
    view_box: str
    width: float
    height: float
    below: float


def _typeset(latex: str, *, display: bool) -> _Drawing:
    if len(latex) > LONGEST:
        raise NotDrawable("too long")
    if not latex.strip():
        raise NotDrawable("empty")
    if _NO_TEXT.search(latex):
        raise NotDrawable("signs that are no text")
    if found := _FORBIDDEN.search(latex):
        raise NotDrawable(f"\\{found[1]} is not for formulas")
    drawn = mathjax.typeset(latex, display=display)
    if found := _FAULT.search(drawn):
        raise NotDrawable(unescape(found[1]))
    if found := _UNKNOWN.search(drawn):
        raise NotDrawable(f"unknown {found[1]}")
    opening = _OPENING.match(drawn)
    if opening is None:
        raise NotDrawable("a formula without a size")
    if not _DRAWN_ELEMENTS.issuperset(_ELEMENT.findall(drawn)) or _OUTSIDE.search(drawn):
        raise NotDrawable("it would draw more than lines and letters")
    _, y, width, height = map(float, opening[1].split())
    if not (0 < width < _WIDEST_EM * _UNITS and 0 < height < _HIGHEST_EM * _UNITS):
        raise NotDrawable("of no sensible size")
    body = drawn[opening.end() : drawn.rindex("</svg>")]
    body = _RULE.sub(_visible_rule, body)
    return _Drawing(
        body=_GLYPH.sub(r"\1mjx-", _NOTES.sub("", body)),
        view_box=opening[1],
        width=width / _UNITS,
        height=height / _UNITS,
        below=(height + y) / _UNITS,
    )


def _fitting(latex: str, room: float) -> _Drawing:
    """The formula, over several lines where one is too long for the ``room`` (in em) there is."""
    whole = _typeset(latex, display=True)
    if whole.width <= room:
        return whole
    chunks = breaking.chunks(latex)
    if len(chunks) < 2:  # noqa: PLR2004 -- nothing to part
        return whole
    try:
        widths = [_typeset(chunk, display=True).width for chunk in chunks]
        return _typeset(breaking.over_lines(chunks, widths, room * _FULL_LINE), display=True)
    except NotDrawable:
        return whole


def _visible_rule(found: re.Match[str]) -> str:
    """MathJax leaves the lines of tables to a style sheet, which a picture has not."""
    return f'<{found[1]} fill="none" stroke-width="60"{_DASHES.get(found[2], "")}'


def _fitted_words(found: re.Match[str]) -> str:
    """MathJax allots 0.6 em to each letter that it has no drawing of; set the words into that."""
    length = len(found[2].replace("&amp;", "&").replace("&lt;", "<")) * 600
    return (
        f'<text {found[1]} textLength="{length}" lengthAdjust="spacingAndGlyphs">{found[2]}</text>'
    )


def _placed(drawing: _Drawing, left: float, top: float, em: float, ink: str) -> str:
    for _, said in _WORDS.findall(drawing.body):
        canvas.must_have_letters(said)
    return (
        f'<svg x="{left:.1f}" y="{top:.1f}" width="{drawing.width * em:.1f}"'
        f' height="{drawing.height * em:.1f}" viewBox="{drawing.view_box}" color="{ink}"'
        f' overflow="visible">{_WORDS.sub(_fitted_words, drawing.body)}</svg>'
    )


def _chip_width(label: str | None) -> float:
    return max(_CHIP, 22 * len(label or "") + 36)


def _chip(label: str, middle: float, palette: Palette) -> str:
    width = _chip_width(label)
    return (
        f'<rect x="{_PAD}" y="{middle - _CHIP / 2:.1f}" width="{width:g}" height="{_CHIP}"'
        f' rx="{_CHIP / 2:g}" fill="{palette.chip}"/>'
        + canvas.words(
            label,
            _PAD + width / 2,
            middle + 12,
            size=33,
            colour=palette.chip_ink,
            anchor="middle",
            bold=True,
        )
    )


def _rule(y: float, width: float, palette: Palette) -> str:
    return (
        f'<line x1="{_PAD}" y1="{y:.1f}" x2="{width - _PAD:.1f}" y2="{y:.1f}"'
        f' stroke="{palette.rule}" stroke-width="2"/>'
    )

"""How a quiz or a question went: marks as columns, questions or options as bars."""

from tutorbot.drawing import canvas
from tutorbot.drawing.theme import PALETTES, Palette, Theme
from tutorbot.views.reply import ResultBar, ResultsPicture


def results_png(picture: ResultsPicture, theme: Theme) -> bytes:
    """Columns for marks, then a line for each bar: its name, the bar, and what it says in words.

    What the key says has a tick in its name, and what speaks against it a sign, so that nobody
    needs to tell colours apart.

    Raises:
        NotDrawable: if our font lacks the letters of the words.
    """
    palette = PALETTES[theme]
    room = _WIDTH - 2 * _PAD
    body = canvas.words(picture.title, _PAD, 86, size=46, colour=palette.ink, bold=True, room=room)
    y = 140.0
    for line in picture.subtitle.splitlines():
        body += canvas.words(line, _PAD, y, size=32, colour=palette.quiet, room=room)
        y += 46
    y += 10
    if picture.columns:
        body += _columns(picture, y, palette)
        y += _TALLEST + 128
    if picture.bars:
        if picture.heading:
            body += canvas.words(
                picture.heading, _PAD, y + 34, size=34, colour=palette.ink, bold=True, room=room
            )
            y += 64
        y += 34
        for bar in picture.bars:
            body += _bar(bar, y, palette)
            y += _ROW
        if picture.more:
            body += canvas.words(picture.more, _PAD, y, size=_SMALL, colour=palette.quiet)
            y += 54
    if picture.strong:
        body += _mark(_PAD + 14, y - 26, palette)
        body += canvas.words(
            picture.strong, _PAD + 44, y, size=_SMALL, colour=palette.quiet, room=room - 44
        )
        y += 54
    return canvas.png(canvas.sheet(_WIDTH, y, palette.paper, body))


# Pixels. Shown 300 points wide, the smallest words are eight.
_WIDTH = 1100
_PAD = 44
_ROW = 106
_SMALL = 30
_TALLEST = 220  # column
_NAMES = 0.6  # of the width
_TALL = 30


def _columns(picture: ResultsPicture, y: float, palette: Palette) -> str:
    most = max(1, *(count for _, count in picture.columns))
    wide = (_WIDTH - 2 * _PAD) / len(picture.columns)
    body = ""
    for place, (name, count) in enumerate(picture.columns):
        middle = _PAD + (place + 0.5) * wide
        tall = max(8.0, _TALLEST * count / most) if count else 6.0
        top = y + 40 + _TALLEST - tall
        fill = palette.days[3] if count else palette.days[0]
        body += (
            f'<rect x="{middle - wide * 0.42:.1f}" y="{top:.1f}" width="{wide * 0.84:.1f}"'
            f' height="{tall:.1f}" rx="8" fill="{fill}"/>'
        )
        if count:
            body += canvas.words(
                str(count), middle, top - 12, size=_SMALL, colour=palette.ink, anchor="middle"
            )
        body += canvas.words(
            name,
            middle,
            y + _TALLEST + 84,
            size=_SMALL,
            colour=palette.quiet,
            anchor="middle",
            room=wide - 6,
        )
    return body


def _bar(bar: ResultBar, y: float, palette: Palette) -> str:
    sign = "⚠ " if bar.alarm else "✓ " if bar.right else ""
    whole = _WIDTH - 2 * _PAD
    said = min(whole * (1 - _NAMES), canvas.width(bar.word, _SMALL))
    body = canvas.words(
        sign + bar.name,
        _PAD,
        y,
        size=34,
        colour=palette.ink,
        bold=bar.right or bar.alarm,
        room=whole - said - 24,
        least=_SMALL,
    ) + canvas.words(
        bar.word,
        _WIDTH - _PAD,
        y,
        size=_SMALL,
        colour=palette.quiet,
        anchor="end",
        room=whole * (1 - _NAMES),
    )
    top = y + 16
    body += _rect(_PAD, top, whole, palette.days[0], palette.empty_edge)
    if bar.percent:
        fill = palette.frozen_ink if bar.alarm else palette.days[3 if bar.right else 2]
        body += _rect(_PAD, top, max(10.0, whole * bar.percent / 100), fill, fill)
    if bar.strong is not None:
        body += _mark(_PAD + whole * bar.strong / 100, top, palette)
    return body


def _rect(x: float, y: float, wide: float, fill: str, edge: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{_TALL}" rx="9" fill="{fill}"'
        f' stroke="{edge}" stroke-width="2"/>'
    )


def _mark(x: float, y: float, palette: Palette) -> str:
    """A line across the bar."""
    return (
        f'<path d="M{x:.1f} {y - 6:.1f} V{y + _TALL + 6:.1f}" stroke="{palette.ink}"'
        ' stroke-width="7" stroke-linecap="round"/>'
    )

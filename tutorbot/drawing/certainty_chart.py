"""How sure one was, beside how often one was right, legible on a phone."""

from collections.abc import Sequence

from tutorbot.drawing import canvas
from tutorbot.drawing.theme import PALETTES, Palette, Theme
from tutorbot.views.reply import CertaintyPicture, LevelBar


def certainty_png(picture: CertaintyPicture, theme: Theme) -> bytes:
    """A scale from none to all right for each level: what it stands for, and a dot for what was.

    A line through the dot is the range that allows for luck. Words say whether the two fit, so that
    nobody needs to tell colours apart.

    Raises:
        NotDrawable: if our font lacks the letters of the words.
    """
    palette = PALETTES[theme]
    room = _WIDTH - 2 * _PAD
    body = canvas.words(
        picture.title, _PAD, 86, size=46, colour=palette.ink, bold=True, room=room
    ) + canvas.words(picture.subtitle, _PAD, 140, size=32, colour=palette.quiet, room=room)
    y = _FIRST_ROW
    for level in picture.levels:
        body += _level(level, y, palette)
        y += _ROW
    body += _scale(picture.scale, y - 54, palette)
    y += 56
    return canvas.png(
        canvas.sheet(_WIDTH, y + 3 * _LINE, palette.paper, body + _legend(picture, y, palette))
    )


# Pixels. Shown 300 points wide, the smallest words are eight.
_WIDTH = 1100
_PAD = 44
_FIRST_ROW = 236
_ROW = 172
_TRACK = 44  # thickness of a scale
_SMALL = 30
_LINE = 56
_DOT = 17
_LATE = 80  # percent


def _at(percent: float) -> float:
    return _PAD + (_WIDTH - 2 * _PAD) * percent / 100


def _level(level: LevelBar, y: float, palette: Palette) -> str:
    half = (_WIDTH - 2 * _PAD) / 2
    body = canvas.words(
        level.name, _PAD, y, size=36, colour=palette.ink, bold=True, room=half - 80
    ) + canvas.words(
        level.word,
        _WIDTH - _PAD,
        y,
        size=_SMALL,
        colour=palette.quiet,
        anchor="end",
        room=half + 60,
    )
    top = y + 24
    body += _bar(_at(0), top, _at(100) - _at(0), palette.days[0], palette.empty_edge)
    start, end = map(_at, level.means)
    body += _bar(start, top, end - start, palette.chip, palette.frozen_ink)
    if level.share is None:
        return body
    middle = top + _TRACK / 2
    low, high = map(_at, level.between)
    body += _line(low, high, middle, palette)
    return body + _dot(_at(level.share), middle, palette)


def _bar(x: float, y: float, wide: float, fill: str, edge: str, *, tall: float = _TRACK) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:g}" width="{wide:.1f}" height="{tall:g}" rx="10" fill="{fill}"'
        f' stroke="{edge}" stroke-width="2"/>'
    )


def _line(start: float, end: float, y: float, palette: Palette) -> str:
    return (
        f'<path d="M{start:.1f} {y:g} H{end:.1f}" stroke="{palette.ink}" stroke-width="7"'
        ' stroke-linecap="round"/>'
    )


def _dot(x: float, y: float, palette: Palette) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:g}" r="{_DOT}" fill="{palette.days[3]}"'
        f' stroke="{palette.ink}" stroke-width="5"/>'
    )


def _scale(marks: Sequence[tuple[int, str]], y: float, palette: Palette) -> str:
    """Each mark below its place; those in the last fifth end there, to leave room to the next."""
    body = ""
    for percent, name in marks:
        anchor = "start" if not percent else "end" if percent > _LATE else "middle"
        x = _at(percent) - (0 if percent in {0, 100} or percent <= _LATE else 14)
        body += canvas.words(name, x, y, size=_SMALL, colour=palette.quiet, anchor=anchor)
    return body


def _legend(picture: CertaintyPicture, y: float, palette: Palette) -> str:
    """Each sign with its words, one below the other: words may be long."""
    room = _WIDTH - 2 * _PAD - 110
    body = f'<path d="M{_PAD} {y - 62} H{_WIDTH - _PAD}" stroke="{palette.rule}" stroke-width="3"/>'
    signs = (
        _bar(_PAD, y - 30, 76, palette.chip, palette.frozen_ink, tall=36),
        _dot(_PAD + 38, y + _LINE - 12, palette),
        _line(_PAD + 4, _PAD + 72, y + 2 * _LINE - 12, palette),
    )
    for place, (sign, said) in enumerate(
        zip(signs, (picture.means, picture.share, picture.between), strict=True)
    ):
        body += sign + canvas.words(
            said, _PAD + 104, y + place * _LINE, size=_SMALL, colour=palette.ink, room=room
        )
    return body

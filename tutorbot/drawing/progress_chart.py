"""Skills and the days ahead as bars, legible on a phone."""

from tutorbot.drawing import canvas
from tutorbot.drawing.theme import PALETTES, Palette, Theme
from tutorbot.views.reply import ProgressPicture, SkillBar


def progress_png(picture: ProgressPicture, theme: Theme) -> bytes:
    """A line for each skill: its name, its recent answers, and how it stands; then a bar a day.

    What colours say stands there in words as well.

    Raises:
        NotDrawable: if our font lacks the letters of the words.
    """
    palette = PALETTES[theme]
    room = _WIDTH - 2 * _PAD
    body = canvas.words(
        picture.title, _PAD, 86, size=46, colour=palette.ink, bold=True, room=room
    ) + canvas.words(picture.subtitle, _PAD, 140, size=32, colour=palette.quiet, room=room)
    y = _FIRST_ROW
    for skill in picture.skills:
        body += _skill(skill, y, palette)
        y += _ROW
    if picture.more:
        body += canvas.words(picture.more, _PAD, y + 8, size=_SMALL, colour=palette.quiet)
        y += _ROW - 16
    y += 36
    body += (
        f'<path d="M{_PAD} {y - 46} H{_WIDTH - _PAD}" stroke="{palette.rule}" stroke-width="3"/>'
    )
    body += canvas.words(
        picture.ahead, _PAD, y + 14, size=34, colour=palette.ink, bold=True, room=room
    )
    body += _days(picture, y + 84, palette)
    return canvas.png(canvas.sheet(_WIDTH, y + 84 + _TALLEST + 96, palette.paper, body))


# Pixels. Shown 300 points wide, the smallest words are eight.
_WIDTH = 1100
_PAD = 44
_FIRST_ROW = 226
_ROW = 66
_SMALL = 30
_STEPS = 4  # recent answers
_STEP = 54
_STEPS_AT = 520
_WORD_AT = _STEPS_AT + _STEPS * _STEP + 24
_TALLEST = 150  # bar of a day


def _skill(skill: SkillBar, y: float, palette: Palette) -> str:
    body = canvas.words(
        skill.name, _PAD, y, size=34, colour=palette.ink, room=_STEPS_AT - _PAD - 24
    )
    colour = palette.days[max(skill.level, 1) + 1]
    for step in range(min(skill.recent, _STEPS)):
        filled = step < skill.right
        fill = colour if filled else palette.days[0]
        edge = "" if filled else f' stroke="{palette.empty_edge}" stroke-width="2"'
        body += (
            f'<rect x="{_STEPS_AT + step * _STEP}" y="{y - 30}" width="{_STEP - 8}" height="36"'
            f' rx="9" fill="{fill}"{edge}/>'
        )
    return body + canvas.words(
        skill.word, _WORD_AT, y, size=_SMALL, colour=palette.quiet, room=_WIDTH - _WORD_AT - _PAD
    )


def _days(picture: ProgressPicture, y: float, palette: Palette) -> str:
    most = max((count for _, count in picture.days), default=0)
    wide = (_WIDTH - 2 * _PAD) / max(1, len(picture.days))
    body = ""
    for place, (name, count) in enumerate(picture.days):
        middle = _PAD + (place + 0.5) * wide
        tall = max(6, _TALLEST * count / most) if count else 6
        top = y + _TALLEST - tall
        fill = palette.days[3] if count else palette.days[0]
        body += (
            f'<rect x="{middle - wide * 0.32:.1f}" y="{top:.1f}" width="{wide * 0.64:.1f}"'
            f' height="{tall:.1f}" rx="8" fill="{fill}"/>'
        )
        if count:
            body += canvas.words(
                str(count), middle, top - 12, size=_SMALL, colour=palette.ink, anchor="middle"
            )
        body += canvas.words(
            name,
            middle,
            y + _TALLEST + 44,
            size=_SMALL,
            colour=palette.ink if place == 0 else palette.quiet,
            anchor="middle",
            bold=place == 0,
            room=wide - 8,
        )
    return body

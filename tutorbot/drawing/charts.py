"""The year of study as a calendar of two half-years, legible on a phone."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tutorbot.drawing import canvas
from tutorbot.drawing.theme import PALETTES, Palette, Theme
from tutorbot.views.reply import CalendarPicture


def calendar_png(picture: CalendarPicture, theme: Theme) -> bytes:
    """Fifty-two weeks in two rows, each day as dark as it had answers, today with a ring.

    Frozen days are ice with a star, free days have a bar.

    Raises:
        NotDrawable: if our font lacks the letters of the words.
    """
    palette = PALETTES[theme]
    days = {day: _shade(_level(count), palette) for day, count in picture.days}
    days |= dict.fromkeys(picture.frozen, _frozen(palette))
    days |= dict.fromkeys(picture.free, _free(palette))
    monday = picture.today - timedelta(days=picture.today.weekday())
    starts = (monday - timedelta(weeks=2 * _WEEKS - 1), monday - timedelta(weeks=_WEEKS - 1))
    room = _WIDTH - 2 * _PAD
    body = canvas.words(
        picture.title, _PAD, 86, size=46, colour=palette.ink, bold=True, room=room
    ) + canvas.words(picture.subtitle, _PAD, 140, size=32, colour=palette.quiet, room=room)
    y = _FIRST_ROW
    for start in starts:
        body += _half_year(picture, days, start, y, palette)
        y += _ROW
    body += _legend(picture, y - _ROW + 7 * _STEP + 62, palette)
    height = y - _ROW + 7 * _STEP + 62 + 52
    return canvas.png(canvas.sheet(_WIDTH, height, palette.paper, body))


# Pixels. Shown 300 points wide, a day is nine points and the smallest words are eight.
_WIDTH = 1100
_PAD = 44
_WEEKS = 26
_STEP = 36
_CELL = 31
_LEFT = 118  # of the first week; the days of the week stand before it
_FIRST_ROW = 236
_ROW = 7 * _STEP + 92
_SMALL = 28
_LEVELS = (1, 3, 8, 15)  # answers from which a day is darker
_OTHER = 240  # what the legend has for each other kind of day


@dataclass(frozen=True, kw_only=True)
class _Look:
    """How a day is drawn."""

    fill: str
    edge: str = ""
    width: int = 0  # of the edge
    mark: str = ""  # the rest of a <g> tag and what is in it, about the middle of the day


def _half_year(
    picture: CalendarPicture,
    days: dict[date, _Look],
    start: date,
    y: float,
    palette: Palette,
) -> str:
    body = _month_names(picture, start, y - 18, palette)
    for at in (0, 2, 4, 6):
        body += canvas.words(
            picture.weekdays[at],
            _LEFT - 14,
            y + at * _STEP + 26,
            size=28,
            room=_LEFT - 20,
            colour=palette.quiet,
            anchor="end",
        )
    for week in range(_WEEKS):
        for weekday in range(7):
            day = start + timedelta(weeks=week, days=weekday)
            if day <= picture.today:
                look = days.get(day) or _shade(0, palette)
                if day == picture.today:
                    look = replace(look, edge=palette.ink, width=4)
                body += _day(_LEFT + week * _STEP, y + weekday * _STEP, look)
    return body


def _month_names(picture: CalendarPicture, start: date, y: float, palette: Palette) -> str:
    """Each month over the week that has its first day, and the first week if there is room."""
    firsts = [
        week
        for week in range(_WEEKS)
        if (start + timedelta(weeks=week, days=6)).day <= 7  # noqa: PLR2004 -- days of a week
    ]
    if not firsts or firsts[0] > 2:  # noqa: PLR2004 -- weeks that a name is wide
        firsts.insert(0, 0)
    return "".join(
        canvas.words(
            picture.months[(start + timedelta(weeks=week, days=6)).month - 1],
            _LEFT + week * _STEP,
            y,
            size=_SMALL,
            colour=palette.quiet,
        )
        for week in firsts
    )


def _day(x: float, y: float, look: _Look) -> str:
    inset = look.width / 2 if look.width else 0
    edge = f' stroke="{look.edge}" stroke-width="{look.width}"' if look.width else ""
    body = (
        f'<rect x="{x + inset:g}" y="{y + inset:g}" width="{_CELL - 2 * inset:g}"'
        f' height="{_CELL - 2 * inset:g}" rx="7" fill="{look.fill}"{edge}/>'
    )
    if look.mark:
        middle = f"{x + _CELL / 2:g} {y + _CELL / 2:g}"
        body += f'<g transform="translate({middle})" {look.mark}</g>'
    return body


def _shade(level: int, palette: Palette) -> _Look:
    """A day with answers, or without any."""
    if level == 0:
        return _Look(fill=palette.days[0], edge=palette.empty_edge, width=2)
    return _Look(fill=palette.days[level])


def _frozen(palette: Palette) -> _Look:
    """Ice with a star of six rays, so that nobody needs to tell colours apart."""
    rays = "".join(f'<path d="M0 -9 V9" transform="rotate({turn})"/>' for turn in (0, 60, 120))
    mark = f'stroke="{palette.frozen_ink}" stroke-width="3" stroke-linecap="round">{rays}'
    return _Look(fill=palette.frozen, mark=mark)


def _free(palette: Palette) -> _Look:
    """A day that may stay empty: a short bar, as on a calendar page that is struck out."""
    mark = f'stroke="{palette.quiet}" stroke-width="4" stroke-linecap="round"><path d="M-6 0 H6"/>'
    return _Look(fill=palette.days[0], edge=palette.empty_edge, width=2, mark=mark)


def _level(answers: int) -> int:
    return sum(answers >= least for least in _LEVELS)


def _legend(picture: CalendarPicture, y: float, palette: Palette) -> str:
    """Less, five days, more; then what else a day can be, where there is such a day."""
    others = [
        (word, look)
        for word, look in (
            (picture.frozen_word, _frozen(palette)),
            (picture.free_word, _free(palette)),
        )
        if word
    ]
    # Amounts in the middle, where words of any length have room, or from the left.
    cells = _PAD + 120 if others else (_WIDTH - 5 * _STEP) / 2
    body = canvas.words(
        picture.less, cells - 16, y, size=_SMALL, colour=palette.quiet, anchor="end", room=104
    )
    for level in range(5):
        body += _day(cells + level * _STEP, y - 26, _shade(level, palette))
    x = cells + 5 * _STEP + 10
    body += canvas.words(picture.more, x, y, size=_SMALL, colour=palette.quiet, room=_OTHER - 40)
    for number, (word, look) in enumerate(others):
        at = x + (number + 0.7) * _OTHER
        body += _day(at, y - 26, look)
        body += canvas.words(
            word, at + _STEP + 10, y, size=_SMALL, colour=palette.quiet, room=_OTHER - _STEP - 30
        )
    return body

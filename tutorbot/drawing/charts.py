"""The year of study as a calendar of two half-years, legible on a phone."""

from datetime import date, timedelta

from tutorbot.drawing import canvas
from tutorbot.drawing.theme import PALETTES, Palette, Theme
from tutorbot.views.reply import CalendarPicture


def calendar_png(picture: CalendarPicture, theme: Theme) -> bytes:
    """Fifty-two weeks in two rows, each day as dark as it had answers, today with a ring.

    Raises:
        NotDrawable: if our font lacks the letters of the words.
    """
    palette = PALETTES[theme]
    counts = dict(picture.days)
    monday = picture.today - timedelta(days=picture.today.weekday())
    starts = (monday - timedelta(weeks=2 * _WEEKS - 1), monday - timedelta(weeks=_WEEKS - 1))
    room = _WIDTH - 2 * _PAD
    body = canvas.words(
        picture.title, _PAD, 86, size=46, colour=palette.ink, bold=True, room=room
    ) + canvas.words(picture.subtitle, _PAD, 140, size=32, colour=palette.quiet, room=room)
    y = _FIRST_ROW
    for start in starts:
        body += _half_year(picture, counts, start, y, palette)
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


def _half_year(
    picture: CalendarPicture,
    counts: dict[date, int],
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
                is_today = day == picture.today
                body += _day(
                    _LEFT + week * _STEP,
                    y + weekday * _STEP,
                    _level(counts.get(day, 0)),
                    palette,
                    ring=is_today,
                )
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


def _day(x: float, y: float, level: int, palette: Palette, *, ring: bool = False) -> str:
    edge = f' stroke="{palette.empty_edge}" stroke-width="2"' if level == 0 else ""
    inset = 1 if level == 0 else 0
    if ring:
        edge, inset = f' stroke="{palette.ink}" stroke-width="4"', 0
    return (
        f'<rect x="{x + inset:g}" y="{y + inset:g}" width="{_CELL - 2 * inset}"'
        f' height="{_CELL - 2 * inset}" rx="7" fill="{palette.days[level]}"{edge}/>'
    )


def _level(answers: int) -> int:
    return sum(answers >= least for least in _LEVELS)


def _legend(picture: CalendarPicture, y: float, palette: Palette) -> str:
    """Less, five days, more; in the middle, where words of any length have room."""
    cells = (_WIDTH - 5 * _STEP) / 2
    body = canvas.words(
        picture.less, cells - 16, y, size=_SMALL, colour=palette.quiet, anchor="end"
    )
    for level in range(5):
        body += _day(cells + level * _STEP, y - 26, level, palette)
    return body + canvas.words(
        picture.more, cells + 5 * _STEP + 10, y, size=_SMALL, colour=palette.quiet
    )

from dataclasses import replace
from datetime import date, timedelta
from struct import unpack

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.drawing import charts
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.theme import Theme
from tutorbot.languages import SPOKEN, languages
from tutorbot.views import local
from tutorbot.views.reply import CalendarPicture

TODAY = date(2026, 11, 19)
YEAR = CalendarPicture(
    today=TODAY,
    days=((TODAY - timedelta(days=3), 4),),
    title="Your year",
    subtitle="1 study day",
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    less="less",
    more="more",
)


def drawn(picture: CalendarPicture, theme: Theme = Theme.LIGHT) -> bytes:
    return charts.calendar_png(picture, theme)


@pytest.mark.parametrize("theme", Theme)
def test_the_year_is_as_wide_as_a_phone_shows_well(theme: Theme):
    width, height = unpack(">II", drawn(YEAR, theme)[16:24])
    assert 800 <= width <= 1280
    assert height < width


def test_the_themes_differ():
    assert drawn(YEAR, Theme.LIGHT) != drawn(YEAR, Theme.DARK)


@pytest.mark.parametrize("answers", [0, 1, 3, 8, 15])
def test_a_day_with_more_answers_has_another_shade(answers: int):
    day = TODAY - timedelta(days=40)
    more = replace(YEAR, days=((day, answers + 20 if answers < 15 else 0),))
    assert drawn(replace(YEAR, days=((day, answers),))) != drawn(more)


def test_today_is_marked_though_nothing_was_answered_yet():
    assert drawn(replace(YEAR, days=())) != drawn(
        replace(YEAR, days=(), today=TODAY - timedelta(days=1))
    )


def test_days_before_the_year_and_after_today_are_not_shown():
    outside = ((TODAY - timedelta(days=400), 9), (TODAY + timedelta(days=1), 9))
    assert drawn(replace(YEAR, days=YEAR.days + outside)) == drawn(YEAR)


def test_words_in_other_letters_and_with_signs_are_drawn():
    drawn(replace(YEAR, title="Ваш <год> & «дни»", less="λιγότερο", more="أكثر"))


def test_words_that_our_font_lacks_are_refused():
    with pytest.raises(NotDrawable):
        drawn(replace(YEAR, title="你的一年"))


@pytest.mark.parametrize("tag", SPOKEN)
def test_the_year_speaks_each_language_in_its_own_letters(tag: str):
    words = languages(tag)
    named = replace(YEAR, weekdays=local.weekdays(words), months=local.months(words))
    # Letters that a font lacks are all the same box.
    letters = {each for name in local.whole_weekdays(words) for each in name if each.isalpha()}
    first, second, *_ = sorted(letters, reverse=True)
    assert drawn(replace(named, title=first)) != drawn(replace(named, title=second))


@settings(max_examples=8, deadline=None)
@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
def test_any_day_ends_a_year(today: date):
    assert drawn(replace(YEAR, today=today, days=((today, 2),)))

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.prose import Bullets, Heading, Paragraph, Prose, Text
from tutorbot.core.streaks import News, Repair, Streak, Studied
from tutorbot.views import local
from tutorbot.views.reply import CalendarPicture, Reply, Say, Utterance
from tutorbot.views.streaks import greeting, news_lines, show, streak_line, streak_reply

WORDS = NullTranslations()
BERLIN = "Europe/Berlin"
TODAY = date(2026, 11, 19)  # a Thursday
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """A streak, and the days it is made of."""

    streak: Streak
    days: tuple[date, ...]


def standing(length: int, *studied: date, longest: int | None = None) -> Standing:
    last = max(studied, default=None)
    streak = Streak(
        length=length,
        longest=length if longest is None else longest,
        total=len(studied),
        last_day=last,
        today=max(TODAY, *studied) if studied else TODAY,
        studied_today=last is not None and last >= TODAY,
    )
    return Standing(streak, tuple(sorted(studied)))


def studied(standing: Standing, counts: Mapping[date, int]) -> Studied:
    left = 0 if standing.streak.studied_today else 3
    return Studied(streak=standing.streak, days=tuple(counts.items()), left_today=left, goal=5)


def ago(*days: int) -> tuple[date, ...]:
    return tuple(TODAY - number * DAY for number in days)


def lines(prose: Prose) -> list[str]:
    """The prose as lines of plain text."""
    said: list[str] = []
    for block in prose:
        match block:
            case Heading(line) | Paragraph(line):
                said.append("".join(part.text for part in line if isinstance(part, Text)))
            case Bullets(items):
                said += [
                    "".join(part.text for part in item if isinstance(part, Text)) for item in items
                ]
            case _:
                raise AssertionError(block)
    return said


def reply(seen: Standing, answers: int = 3, words: NullTranslations = WORDS) -> Reply:
    return streak_reply(words, studied(seen, dict.fromkeys(seen.days, answers)), BERLIN)


def test_a_run_is_told_with_its_weeks_and_the_year():
    counts = dict(zip(ago(0, 1, 3, 4, 8, 300), (5, 2, 7, 1, 4, 9), strict=True))
    seen = studied(standing(2, *counts, longest=4), counts)
    told = streak_reply(WORDS, seen, BERLIN)
    assert lines(told.prose) == [
        "2 days in a row",
        "Today is done.",
        "Longest run: 4 days. 6 study days in the past 52 weeks.",
        "1 freeze in hand. Next milestone: 3 days.",
        "This week: Mon 7, Tue –, Wed 2, Thu 5",
        "Last week: Mon –, Tue –, Wed 4, Thu –, Fri –, Sat –, Sun 1",
    ]
    assert labels(told) == ["Rest days and pauses"]


def labels(told: Reply) -> list[str]:
    return [button.label for row in told.keyboard for button in row]


def test_frozen_and_free_days_stand_in_the_weeks_and_in_the_picture():
    seen = studied(standing(2, *ago(0, 3)), dict.fromkeys(ago(0, 3), 4))
    seen = replace(seen, frozen=frozenset(ago(1)), free=frozenset(ago(2)))
    told = streak_reply(WORDS, seen, BERLIN)
    assert "This week: Mon 4, Tue free, Wed frozen, Thu 4" in lines(told.prose)
    assert isinstance(told.picture, CalendarPicture)
    assert (told.picture.frozen, told.picture.free) == (ago(1), ago(2))
    assert (told.picture.frozen_word, told.picture.free_word) == ("frozen", "free")


def test_rest_days_and_a_pause_are_told():
    seen = studied(standing(1, TODAY), {TODAY: 4})
    seen = replace(seen, rest=frozenset({5, 6}), pause=(TODAY + DAY, TODAY + 3 * DAY))
    assert lines(streak_reply(WORDS, seen, BERLIN).prose)[3] == (
        "1 freeze in hand. Next milestone: 3 days."
        " Free: Saturday and Sunday. Paused from Fri 20 Nov to Sun 22 Nov."
    )


def repairable() -> Streak:
    until = datetime(2026, 11, 20, 3, tzinfo=UTC)
    seen = standing(0, *ago(3, 4, 5, 6), longest=4).streak
    return replace(seen, freezes=0, repair=Repair(until=until, length=4))


def test_a_run_that_can_be_repaired_is_offered_with_the_hour_by_the_learners_clock():
    seen = Studied(streak=repairable(), days=(), left_today=3, goal=5)
    assert lines(streak_reply(WORDS, seen, BERLIN).prose)[2] == (
        "Your run of 4 days rests. 10 answers in one day wake it, until Friday, 04:00."
    )


def said(words: tuple[Utterance, ...]) -> str:
    (utterance,) = words
    assert isinstance(utterance, Say)
    return " ".join(lines(utterance.reply.prose))


def test_the_next_morning_a_freeze_is_told():
    seen = replace(standing(5, *ago(2, 3, 4, 5, 6)).streak, freezes=0)
    one = News(streak=seen, frozen=ago(1), goal=5)
    assert said(greeting(WORDS, one, BERLIN)) == (
        "❄️ Wednesday was frozen, and your run goes on: 5 days in a row."
        " 0 freezes in hand. Next milestone: 7 days."
    )
    two = News(streak=seen, frozen=(*ago(9), *ago(8)), goal=5)
    assert said(greeting(WORDS, two, BERLIN)).startswith("❄️ 10 Nov and 11 Nov were frozen")


def test_after_a_break_the_way_back_is_told_first():
    news = News(streak=repairable(), missed=ago(1)[0], goal=5)
    assert said(greeting(WORDS, news, BERLIN)) == (
        "🌱 Good to see you. Your run of 4 days has been resting since Wednesday."
        " 10 answers in one day wake it, until Friday, 04:00."
    )
    late = News(streak=replace(repairable(), repair=None), missed=ago(3)[0], goal=5)
    assert said(greeting(WORDS, late, BERLIN)) == (
        "🌱 Good to see you. Today can begin a new run. Longest run: 4 days."
    )


def test_an_answer_tells_the_day_the_milestone_and_the_repair():
    seen = standing(7, *ago(0, 1, 2, 3, 4, 5, 6)).streak
    assert news_lines(WORDS, News(streak=seen, counted=True, milestone=7)) == (
        "Day 7 in a row.",
        "🎉 A milestone: 7 study days without a break.",
    )
    assert news_lines(WORDS, News(streak=seen, frozen=ago(1))) == ("❄️ Wednesday was frozen.",)
    assert news_lines(WORDS, News(streak=seen, repaired=True)) == (
        "🩹 Your run is whole again: 7 days in a row.",
    )


def test_one_is_said_in_the_singular():
    assert lines(reply(standing(1, *ago(0))).prose)[0::2][:2] == [
        "1 day in a row",
        "Longest run: 1 day. 1 study day in the past 52 weeks.",
    ]


def test_an_open_day_is_an_invitation_with_a_button():
    told = reply(standing(2, *ago(1, 2)))
    assert lines(told.prose)[1] == "Today is still open: 3 answers add it."
    assert lines(told.prose)[4] == "This week: Mon –, Tue 3, Wed 3, Thu still open"
    assert labels(told) == ["Papers", "Rest days and pauses"]


def test_after_a_break_the_next_run_is_one_answer_away():
    told = reply(standing(0, *ago(3, 4, 5), longest=3))
    assert lines(told.prose)[:3] == [
        "0 days in a row, and a fresh start",
        "Today is open: 3 answers start a new run.",
        "Longest run: 3 days. 3 study days in the past 52 weeks.",
    ]


def test_before_the_first_answer_there_is_no_picture_to_show():
    told = reply(standing(0))
    assert lines(told.prose) == [
        "Your study days",
        "None yet. 3 answers make today the first.",
    ]
    assert told.picture is None
    assert told.keyboard


def test_the_answer_to_the_command_is_one_message():
    seen = standing(1, *ago(0))
    assert show(WORDS, studied(seen, {TODAY: 3}), BERLIN) == (Say(reply=reply(seen)),)


@pytest.mark.parametrize(
    ("seen", "line"),
    [
        (standing(1, *ago(0)), "Your first study day. A good start."),
        (standing(1, *ago(0, 5), longest=1), "Day 1 of a new run."),
        (standing(3, *ago(0, 1, 2)), "Day 3 in a row."),
        (standing(2, *ago(0, 1, 5, 6, 7), longest=3), "Day 2 in a row."),
        (standing(3, *ago(0, 1, 2, 5, 6), longest=3), "Day 3 in a row, your longest run."),
        (standing(0, *ago(5)), "Three answers in a day start a new run."),
    ],
)
def test_the_day_just_counted_is_one_short_line(seen: Standing, line: str):
    assert streak_line(WORDS, seen.streak) == line


def test_the_picture_has_the_weeks_that_are_drawn_and_no_day_outside_them():
    monday = date(2026, 11, 16)
    first = monday - timedelta(weeks=51)
    seen = standing(1, TODAY, monday, first, first - DAY)
    picture = reply(seen).picture
    assert isinstance(picture, CalendarPicture)
    assert [day for day, _ in picture.days] == [first, monday, TODAY]
    assert picture.subtitle == "Longest run: 1 day. 3 study days in the past 52 weeks."


def test_a_day_reached_further_east_is_today_in_the_picture_too():
    seen = standing(2, *ago(0, -1))
    picture = reply(seen).picture
    assert isinstance(picture, CalendarPicture)
    assert picture.today == TODAY + DAY


def test_the_picture_names_weekdays_from_monday_and_months_from_january():
    picture = reply(standing(1, TODAY)).picture
    assert isinstance(picture, CalendarPicture)
    assert picture.weekdays[TODAY.weekday()] == "Thu"
    assert picture.months[TODAY.month - 1] == "Nov"
    assert (len(picture.weekdays), len(picture.months)) == (7, 12)


def some_standing(days: set[int], length: int, more: int) -> Standing:
    length, longest = min(length, len(days)), min(length + more, len(days))
    return standing(length, *ago(*days), longest=longest)


standings = st.builds(
    some_standing,
    st.sets(st.integers(0, 500), max_size=30),
    st.integers(0, 30),
    st.integers(0, 30),
)


@given(standings, st.integers(1, 60))
def test_the_words_say_all_that_the_picture_says(seen: Standing, answers: int):
    told = reply(seen, answers)
    said = lines(told.prose)
    if told.picture is None:
        return
    assert isinstance(told.picture, CalendarPicture)
    assert told.picture.title == said[0]
    assert told.picture.subtitle in said
    assert f" {len(told.picture.days)} study day" in said[2]
    week = {day: count for day, count in told.picture.days if TODAY - day <= 3 * DAY}
    for day, count in week.items():
        assert f"{told.picture.weekdays[day.weekday()]} {count}" in said[4]


@given(standings)
def test_nobody_is_made_to_feel_guilty(seen: Standing):
    said = " ".join([*lines(reply(seen).prose), streak_line(WORDS, seen.streak)]).lower()
    for word in ("lost", "lose", "broke", "miss", "fail", "forgot", "only", "sadly", "but "):
        assert word not in said


local.weekdays(WORDS)  # reads what Babel knows of a language, once


class Marked(NullTranslations):
    """A language without letters: what has one was not translated."""

    def gettext(self, message: str) -> str:
        return " ".join(re.findall(r"\{\w+\}", message)) or "·"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(f"{context}: {message}")


@given(standings)
def test_every_word_can_be_translated(seen: Standing):
    told = reply(seen, words=Marked())
    shown = [*lines(told.prose), streak_line(Marked(), seen.streak)]
    shown += [button.label for row in told.keyboard for button in row]
    if told.picture:
        picture = told.picture
        assert isinstance(picture, CalendarPicture)
        shown += [picture.title, picture.subtitle, picture.less, picture.more]
        shown += [*picture.weekdays, *picture.months]
    named = [*local.weekdays(WORDS), *local.months(WORDS)]  # Babel's, in every language
    rest = re.sub("|".join(map(re.escape, named)), "", " ".join(shown))
    assert not any(letter.isalpha() for letter in rest)

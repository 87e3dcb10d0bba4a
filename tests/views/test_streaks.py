import re
from datetime import date, timedelta
from gettext import NullTranslations

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.prose import Bullets, Heading, Paragraph, Prose, Text
from tutorbot.core.streaks import Streak
from tutorbot.views import local
from tutorbot.views.reply import Reply, Say
from tutorbot.views.streaks import show, streak_line, streak_reply

WORDS = NullTranslations()
TODAY = date(2026, 11, 19)  # a Thursday
DAY = timedelta(days=1)


def standing(length: int, *studied: date, longest: int | None = None) -> Streak:
    return Streak(
        length=length,
        longest=length if longest is None else longest,
        last_day=max(studied, default=None),
        studied_today=TODAY in studied,
        days=tuple(sorted(studied)),
    )


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


def reply(streak: Streak, answers: int = 3, words: NullTranslations = WORDS) -> Reply:
    return streak_reply(words, streak, [(day, answers) for day in streak.days], TODAY)


def test_a_run_is_told_with_its_weeks_and_the_year():
    counts = dict(zip(ago(0, 1, 3, 4, 8, 300), (5, 2, 7, 1, 4, 9), strict=True))
    streak = standing(2, *counts, longest=4)
    told = streak_reply(WORDS, streak, counts.items(), TODAY)
    assert lines(told.prose) == [
        "2 days in a row",
        "Today is done.",
        "Longest run: 4 days. 6 study days in the past 52 weeks.",
        "This week: Mon 7, Tue –, Wed 2, Thu 5",
        "Last week: Mon –, Tue –, Wed 4, Thu –, Fri –, Sat –, Sun 1",
    ]
    assert told.keyboard == ()


def test_one_is_said_in_the_singular():
    assert lines(reply(standing(1, *ago(0))).prose)[0::2][:2] == [
        "1 day in a row",
        "Longest run: 1 day. 1 study day in the past 52 weeks.",
    ]


def test_an_open_day_is_an_invitation_with_a_button():
    told = reply(standing(2, *ago(1, 2)))
    assert lines(told.prose)[1] == "Today is still open: one answer keeps it."
    assert lines(told.prose)[3] == "This week: Mon –, Tue 3, Wed 3, Thu still open"
    assert [button.label for row in told.keyboard for button in row] == ["Papers"]


def test_after_a_break_the_next_run_is_one_answer_away():
    told = reply(standing(0, *ago(3, 4, 5), longest=3))
    assert lines(told.prose)[:3] == [
        "0 days in a row, and a fresh start",
        "Today is open: one answer starts a new run.",
        "Longest run: 3 days. 3 study days in the past 52 weeks.",
    ]


def test_before_the_first_answer_there_is_no_picture_to_show():
    told = reply(standing(0))
    assert lines(told.prose) == ["Your study days", "None yet. One answer makes today the first."]
    assert told.picture is None
    assert told.keyboard


def test_the_answer_to_the_command_is_one_message():
    streak = standing(1, *ago(0))
    assert show(WORDS, streak, [(TODAY, 3)], TODAY) == (Say(reply=reply(streak)),)


@pytest.mark.parametrize(
    ("streak", "line"),
    [
        (standing(1, *ago(0)), "Your first study day. A good start."),
        (standing(1, *ago(0, 5), longest=1), "Day 1 of a new run."),
        (standing(3, *ago(0, 1, 2)), "Day 3 in a row."),
        (standing(2, *ago(0, 1, 5, 6, 7), longest=3), "Day 2 in a row."),
        (standing(3, *ago(0, 1, 2, 5, 6), longest=3), "Day 3 in a row, your longest run."),
        (standing(0, *ago(5)), "One answer starts a new run."),
    ],
)
def test_the_day_just_counted_is_one_short_line(streak: Streak, line: str):
    assert streak_line(WORDS, streak) == line


def test_the_picture_has_the_weeks_that_are_drawn_and_no_day_outside_them():
    monday = date(2026, 11, 16)
    first = monday - timedelta(weeks=51)
    streak = standing(1, TODAY, monday, first, first - DAY)
    picture = reply(streak).picture
    assert picture is not None
    assert [day for day, _ in picture.days] == [first, monday, TODAY]
    assert picture.subtitle == "Longest run: 1 day. 3 study days in the past 52 weeks."


def test_a_day_reached_further_east_is_today_in_the_picture_too():
    streak = standing(2, *ago(0, -1))
    picture = reply(streak).picture
    assert picture is not None
    assert picture.today == TODAY + DAY


def test_the_picture_names_weekdays_from_monday_and_months_from_january():
    picture = reply(standing(1, TODAY)).picture
    assert picture is not None
    assert picture.weekdays[TODAY.weekday()] == "Thu"
    assert picture.months[TODAY.month - 1] == "Nov"
    assert (len(picture.weekdays), len(picture.months)) == (7, 12)


def some_standing(days: set[int], length: int, more: int) -> Streak:
    length, longest = min(length, len(days)), min(length + more, len(days))
    return standing(length, *ago(*days), longest=longest)


standings = st.builds(
    some_standing,
    st.sets(st.integers(0, 500), max_size=30),
    st.integers(0, 30),
    st.integers(0, 30),
)


@given(standings, st.integers(1, 60))
def test_the_words_say_all_that_the_picture_says(streak: Streak, answers: int):
    told = reply(streak, answers)
    said = lines(told.prose)
    if told.picture is None:
        return
    assert told.picture.title == said[0]
    assert told.picture.subtitle in said
    assert f" {len(told.picture.days)} study day" in said[2]
    week = {day: count for day, count in told.picture.days if TODAY - day <= 3 * DAY}
    for day, count in week.items():
        assert f"{told.picture.weekdays[day.weekday()]} {count}" in said[3]


@given(standings)
def test_nobody_is_made_to_feel_guilty(streak: Streak):
    said = " ".join([*lines(reply(streak).prose), streak_line(WORDS, streak)]).lower()
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
def test_every_word_can_be_translated(streak: Streak):
    told = reply(streak, words=Marked())
    shown = [*lines(told.prose), streak_line(Marked(), streak)]
    shown += [button.label for row in told.keyboard for button in row]
    if told.picture:
        picture = told.picture
        shown += [picture.title, picture.subtitle, picture.less, picture.more]
        shown += [*picture.weekdays, *picture.months]
    named = [*local.weekdays(WORDS), *local.months(WORDS)]  # Babel's, in every language
    rest = re.sub("|".join(map(re.escape, named)), "", " ".join(shown))
    assert not any(letter.isalpha() for letter in rest)

"""A reminder says what today can add, in plain words, and never what would be lost."""

import re
from datetime import time
from gettext import NullTranslations

import pytest

from tutorbot.core.prose import Paragraph, Text
from tutorbot.core.reminders import AreOff, NotToday, Snoozed
from tutorbot.views.reminders import answered, reminder
from tutorbot.views.reply import Change, Say, Toast

WORDS = NullTranslations()


def said(
    run: int = 0, left: int = 3, reviews: int = 0, *, last: bool = False, may_snooze: bool = True
) -> Say:
    return reminder(WORDS, run=run, left=left, reviews=reviews, last=last, may_snooze=may_snooze)


def told(say: Say) -> str:
    return " ".join(
        part.text
        for block in say.reply.prose
        if isinstance(block, Paragraph)
        for part in block.line
        if isinstance(part, Text)
    )


def labels(say: Say) -> list[str]:
    return [button.label for row in say.reply.keyboard for button in row]


@pytest.mark.parametrize(
    ("run", "left", "reviews", "text"),
    [
        (0, 3, 0, "🌱 3 questions make today a study day."),
        (0, 1, 1, "🌱 1 question makes today a study day. 1 review is ready for you."),
        (1, 2, 0, "🌱 You have studied 1 day in a row. 2 questions add today."),
        (
            12,
            3,
            7,
            (
                "🌱 You have studied 12 days in a row. 3 questions add today."
                " 7 reviews are ready for you."
            ),
        ),
    ],
)
def test_a_reminder_says_what_today_can_add(run: int, left: int, reviews: int, text: str):
    assert told(said(run, left, reviews)) == text


def test_the_third_one_says_that_silence_is_understood():
    assert "that is fine" in told(said(last=True))
    assert "/settings" in told(said(last=True))
    assert "/settings" not in told(said())


@pytest.mark.parametrize("run", [0, 1, 50])
@pytest.mark.parametrize("last", [False, True])
def test_no_reminder_blames_anybody(run: int, last: bool):
    assert not re.search(
        r"lose|lost|miss|forg|sad|disappoint|should|must|only|hurry", told(said(run, last=last))
    )


def test_reviews_that_are_due_are_one_tap_away():
    assert labels(said(reviews=2))[0] == "▶ Review now"
    assert labels(said())[0] == "▶ Go on"


def test_where_it_gets_late_no_other_hour_is_offered():
    assert "⏰ In an hour" in labels(said())
    assert "⏰ In an hour" not in labels(said(may_snooze=False))


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Snoozed(until=time(19, 7, 31)), "Good: once more at 19:07."),
        (NotToday(asked=True), "All right, no more today."),
        (NotToday(asked=False), "It gets late for that: no more today."),
        (AreOff(), "I remind you no more. /settings brings reminders back."),
    ],
)
def test_a_tap_is_answered_and_leaves_the_way_on(answer: Snoozed | NotToday | AreOff, text: str):
    toast, change = answered(WORDS, answer)
    assert toast == Toast(text=text)
    assert isinstance(change, Change)
    assert [button.label for row in change.reply.keyboard for button in row] == ["▶ Go on"]

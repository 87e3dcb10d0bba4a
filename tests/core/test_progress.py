from datetime import date, timedelta

import pytest

from tutorbot.core.ids import CourseId, QuestionId
from tutorbot.core.progress import coming, exam_day
from tutorbot.core.review import Candidate

TODAY = date(2026, 11, 23)


def test_what_a_day_cannot_hold_goes_to_the_next():
    due = [TODAY - timedelta(days=3)] * 30 + [TODAY + timedelta(days=1)] * 25
    those = [
        Candidate(course=CourseId("rnn"), question=QuestionId(str(place)), due=day)
        for place, day in enumerate(due)
    ]
    found = coming(those, TODAY, now=12)
    assert [count for _, count in found] == [12, 20, 20, 3, 0, 0, 0]
    assert found[0][0] == TODAY


@pytest.mark.parametrize(
    ("said", "day", "unread"),
    [
        ("2026-12-20", date(2026, 12, 20), False),
        (" 2026-12-20 ", date(2026, 12, 20), False),
        ("", None, True),  # asked for without a word; only "off" forgets the day
        ("Off ", None, False),
        ("off", None, False),
        ("2026-11-23", None, True),
        ("2026-13-01", None, True),
        ("20 December", None, True),
    ],
)
def test_the_day_of_an_exam_is_read_or_asked_for_again(said: str, day: date | None, unread: bool):
    found = exam_day(said, TODAY)
    assert (found.day, found.unread) == (day, unread)

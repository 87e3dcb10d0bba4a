from dataclasses import replace
from datetime import UTC, datetime
from gettext import NullTranslations

from tutorbot.core.ids import AnswerId, CourseId, LearnerId, QuestionId
from tutorbot.core.undecided import LeftUndecided, code_of
from tutorbot.views.undecided import as_text

WORDS = NullTranslations()
LEFT = LeftUndecided(
    answer=AnswerId(12),
    learner=code_of(LearnerId(7)),
    course=CourseId("rnn-1"),
    question=QuestionId("gru"),
    typed="3n",
    read="3·n",
    key="3*h  (h = 100)",
    at=datetime(2026, 11, 22, 9, 5, tzinfo=UTC),
)


def test_an_instructor_sees_what_was_typed_read_and_wanted():
    assert as_text(WORDS, [LEFT]) == (
        "#12  2026-11-22 09:05  L7  rnn-1/gru\n  typed  3n\n  read   3·n\n  key    3*h  (h = 100)"
    )


def test_what_was_typed_cannot_move_the_cursor_of_a_terminal():
    tricky = replace(LEFT, typed="n\x1b[2J\nkey 0")
    assert "\x1b" not in as_text(WORDS, [tricky])
    assert as_text(WORDS, [tricky]).count("\n") == 3


def test_an_empty_queue_is_said_in_a_sentence():
    assert as_text(WORDS, []) == "No answer waits to be decided."

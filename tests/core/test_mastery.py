"""Mastery, being stuck, and how hard a question is for someone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.course import Choice, Kind, Mark, Option, Question, Typed
from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.mastery import (
    First,
    Standing,
    abilities,
    mastered,
    skills,
    stuck,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RNN = CourseId("rnn")


def question(name: str, *skills: str, options: int = 0, variants: int = 1) -> Question:
    body = Typed(kind=Kind.NUMBER, accepted=())
    if options:
        body = Choice(
            options=tuple(
                Option(id=OptionId(str(n)), prose=(), mark=Mark.WRONG) for n in range(options)
            )
        )
    values = tuple((("h", Fraction(n)),) for n in range(variants)) if variants > 1 else ((),)
    return Question(
        id=QuestionId(name), title=name, prose=(), body=body, skills=skills, variants=values
    )


def firsts(marks: str, *, hours: float = 24, question: str = "size") -> list[First]:
    """Right +, wrong -, right after a hint h; each with numbers of its own."""
    return [
        First(
            course=RNN,
            question=QuestionId(question),
            values=(("h", Fraction(place)),),
            right=mark != "-",
            hints=int(mark == "h"),
            at=NOON + place * timedelta(hours=hours),
        )
        for place, mark in enumerate(marks)
    ]


@pytest.mark.parametrize(
    ("marks", "hours", "expected"),
    [
        ("+++", 24, True),
        ("++-+", 24, True),
        ("++", 24, False),
        ("+h+h", 24, False),
        ("----+++", 24, True),
        ("++++--", 24, False),
        ("+++", 10, True),
        ("+++", 9.9, False),
        ("++++", 1, False),
    ],
)
def test_three_of_the_last_four_right_without_help_and_a_night_between_are_mastery(
    marks: str, hours: float, expected: bool
):
    assert mastered(firsts(marks, hours=hours), varied=True) is expected


def test_the_same_numbers_again_and_again_are_no_mastery_where_there_are_others():
    same = [replace(each, values=()) for each in firsts("++++")]
    assert not mastered(same, varied=True)
    assert mastered(same, varied=False)


@given(st.text("+-h", max_size=14))
def test_a_wrong_answer_never_makes_a_master(marks: str):
    assert not mastered(firsts(marks + "-"), varied=True) or mastered(firsts(marks), varied=True)


def test_who_practises_ten_times_without_mastery_is_stuck_and_who_had_it_once_is_not():
    assert stuck(firsts("+--+--+--+"), varied=True)
    assert not stuck(firsts("+--+--+--"), varied=True)
    assert not stuck(firsts("+++-------"), varied=True)


def test_skills_are_told_by_name_with_how_they_stand():
    questions = {
        (RNN, QuestionId(name)): question(name, skill, variants=2)
        for name, skill in (("size", "rnn.size"), ("gate", "rnn.gate"), ("loss", "rnn.loss"))
    }
    answered = [
        *firsts("+++"),
        *firsts("--+", question="gate"),
        *firsts("-" * 10, question="loss"),
        *firsts("+", question="gone"),
    ]
    told = {each.name: each.standing for each in skills(answered, questions)}
    assert told == {
        "rnn.gate": Standing.WEAK,
        "rnn.loss": Standing.STUCK,
        "rnn.size": Standing.MASTERED,
    }


def test_a_right_answer_to_a_hard_question_shows_more_than_one_to_an_easy_question():
    questions = {(RNN, QuestionId("size")): question("size", "rnn", variants=2)}
    hard, easy = (dict.fromkeys(questions, value) for value in (2.0, -2.0))
    run = firsts("+++")
    assert abilities(run, questions, hard)["rnn"] > abilities(run, questions, easy)["rnn"] > 0
    assert abilities(firsts("---"), questions, {})["rnn"] < 0

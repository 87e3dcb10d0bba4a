"""What is posted in a group, and how its table comes about."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.course import Choice, Course, Kind, Mark, Option, Question, Reveal, Typed
from tutorbot.core.groups import (
    Candidate,
    Past,
    Tally,
    candidates,
    may_end,
    meant,
    next_question,
    shown_name,
    table,
)
from tutorbot.core.ids import CourseId, CourseVersionId, OptionId, QuestionId

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TAPPED = Choice(options=(Option(id=OptionId("a"), prose=(), mark=Mark.RIGHT),))


def question(
    name: str,
    *skills: str,
    body: Choice | Typed = TAPPED,
    reveal: Reveal = Reveal.ANSWERED,
) -> Question:
    return Question(
        id=QuestionId(name),
        title=name.title(),
        prose=(),
        body=body,
        skills=skills,
        reveal=reveal,
    )


def paper(name: str, title: str, *questions: Question) -> tuple[Candidate, ...]:
    course = Course(id=CourseId(name), title=title, lang="en", questions=questions)
    return candidates(CourseVersionId(1), course)


GATES = paper("rnn-1", "Gates and gradients", question("bptt", "rnn.bptt"), question("lstm"))
SIZES = paper("rnn-2", "Sizes", question("size", "rnn.sizes"), question("depth", "cnn.depth"))
EVERY = (*GATES, *SIZES)


def names(those: tuple[Candidate, ...]) -> list[str]:
    return [each.question.id for each in those]


def test_only_what_is_tapped_and_gives_nothing_away_is_posted():
    typed = question("typed", body=Typed(kind=Kind.NUMBER, accepted=()))
    later = question("later", reveal=Reveal.GROUP)
    assert names(paper("p", "P", typed, later, question("fine"))) == ["fine"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gates", ["bptt", "lstm"]),
        ("GATES gradients", ["bptt", "lstm"]),
        ("rnn-2", ["size", "depth"]),
        ("bptt", ["bptt"]),
        ("sizes depth", ["depth"]),  # the paper and the question
        ("cnn", ["depth"]),
        ("rnn", ["bptt", "lstm", "size", "depth"]),  # both papers are called so
        ("poetry", []),
        ("/%$", ["bptt", "lstm", "size", "depth"]),  # no word at all
    ],
)
def test_words_mean_a_paper_or_else_a_skill_or_a_title(words: str, found: list[str]):
    assert names(meant(EVERY, words)) == found


def test_what_was_never_posted_comes_first_in_the_order_of_the_paper():
    first = next_question(EVERY, {})
    assert first is not None
    assert first.question.id == "bptt"
    posted = {first.key: Past(times=1, last=NOON, variant=0)}
    second = next_question(EVERY, posted)
    assert second is not None
    assert second.question.id == "lstm"


def test_then_what_was_posted_least_and_longest_ago():
    ages = {"bptt": (2, 9), "lstm": (1, 1), "size": (1, 5), "depth": (1, 3)}
    history = {
        each.key: Past(times=times, last=NOON - timedelta(days=days), variant=0)
        for each in EVERY
        for times, days in [ages[each.question.id]]
    }
    found = next_question(EVERY, history)
    assert found is not None
    assert found.question.id == "size"
    assert next_question((), history) is None


@pytest.mark.parametrize(
    ("asked", "admin", "may"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_who_asked_or_runs_the_group_may_end_a_question(asked: bool, admin: bool, may: bool):
    assert may_end(asked=asked, admin=admin) is may


TALLIES = st.lists(
    st.integers(0, 9).flatmap(
        lambda answered: st.builds(
            Tally,
            name=st.text(min_size=1, max_size=5),
            right=st.integers(0, answered),
            answered=st.just(answered),
        )
    ),
    max_size=8,
)


@given(TALLIES)
def test_a_table_has_all_who_answered_and_nobody_else(tallies: list[Tally]):
    lines = table(tallies)
    told = sorted((each.right, each.answered) for each in lines)
    assert told == sorted((each.right, each.answered) for each in tallies if each.answered)


@given(TALLIES)
def test_the_more_accurate_stand_higher_and_equals_share_a_place(tallies: list[Tally]):
    lines = table(tallies)
    for number, line in enumerate(lines):
        merit = Fraction(line.right, line.answered), line.answered
        better = sum((Fraction(each.right, each.answered), each.answered) > merit for each in lines)
        assert line.place == better + 1
        assert line.place <= number + 1


@given(st.text(max_size=80))
def test_a_name_in_a_table_is_short_on_one_line_and_calls_nobody(name: str):
    shown = shown_name(name)
    assert shown
    assert len(shown) <= 26
    assert not {*"@/.#\n\r\t\0\u202e"} & {*shown}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ada", "Ada"),
        ("  Ada \n Maria ", "Ada Maria"),
        ("لينا", "\u2068لينا\u2069"),
        ("\u202eevil", "evil"),
        ("👩‍🔬 Marie", "👩‍🔬 Marie"),
        ("x" * 40, "x" * 23 + "…"),
        ("\u200e", "…"),
    ],
)
def test_names_are_shown_as_they_are_otherwise(name: str, shown: str):
    assert shown_name(name) == shown

"""What text2qti takes, we take: its plain text as a course, with what stays out told."""

from textwrap import dedent

import pytest
from hypothesis import given, settings, strategies as st
from text2qti.config import Config  # pyright: ignore[reportMissingTypeStubs] - it has none
from text2qti.quiz import (  # pyright: ignore[reportMissingTypeStubs] - it has none
    Question as TheirQuestion,
    Quiz,
)

from tutorbot.core.course import Choice, Course, Mark, Question
from tutorbot.courses.check import check
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.text2qti import read
from tutorbot.courses.parse import parse
from tutorbot.courses.prose import plain
from tutorbot.courses.writing import write

PAPER = r"""
    Quiz title: Gates
    Quiz description: All about **gates**.
    shuffle answers: true

    % nobody reads this
    Title: The sum
    Points: 2
    1.  How much is $2+2$?

        Think *well*.
    ... Count on your fingers.
    + Yes.
    - No.
    ! It is four.
    a)  3
    ... One less.
    *b) 4
    c)  All of the above

    2.  Which are even?
    [*] two
    [ ] three
    [*] four

    3.  Who wrote the notes?
    *   Ada
    *   Ada Lovelace

    4.  How much is a tenth?
    =   [0.09, 0.11]

    5.  How much is pi?
    =   3.14 +- 1%

    6.  How much is $10^2$?
    =   100

    COMMENT
    hidden
    END_COMMENT

    GROUP
    pick: 1
    points per question: 3
    7.  Yes?
    *a) Yes
    b)  No
    8.  No?
    a)  Yes
    *b) No
    END_GROUP

    Text title: A tank
    Text: It holds five litres.

    9.  Is it large?
    a)  True
    *b) False
    """


def imported(text: str) -> Imported:
    found = read(dedent(text), "quiz.txt")
    assert isinstance(found, Imported), found
    return found


def key(question: Question) -> list[str]:
    if isinstance(question.body, Choice):
        options = question.body.options
        return [plain(each.prose) for each in options if each.mark is Mark.RIGHT]
    return [line.text for line in question.body.accepted]


def their_keys(text: str) -> list[list[str]]:
    quiz = Quiz(dedent(text).lstrip(), config=Config())
    return [
        [choice.choice_raw for choice in each.choices if choice.correct]
        or [str(each.numerical_raw)]
        for each in quiz.questions_and_delims
        if isinstance(each, TheirQuestion)
    ]


def test_all_that_it_knows_is_kept():
    found = imported(PAPER)
    course = found.course
    assert (course.title, plain(course.about)) == ("Gates", "All about gates.")
    assert [key(each) for each in course] == [
        ["4"],
        ["two", "four"],
        ["Ada", "Ada Lovelace"],
        ["0.1"],
        ["3.14"],
        ["100"],
        ["Yes"],
        ["No"],
        ["False"],
    ]
    first = course.questions[0]
    assert (first.title, first.points) == ("The sum", 2)
    assert plain(first.prose) == "How much is $2+2$?\nThink well."
    assert plain(first.solution) == "It is four.\nCount on your fingers."
    assert isinstance(first.body, Choice)
    assert [plain(each.feedback) for each in first.body.options] == ["One less.", "Yes.", "No."]
    assert [len(pool.questions) for pool in course.pools] == [2]
    assert [question.points for question in course.questions[6:]] == [3, 3, 1]
    assert plain(course.questions[8].stem) == "A tank\nIt holds five litres."


def test_it_reads_the_keys_that_text2qti_reads():
    theirs = their_keys(PAPER)
    ours = [key(each) for each in imported(PAPER).course]
    numbers = {3: ["[0.09, 0.11]"], 4: ["3.14 +- 1%"]}  # which we turn into tolerances
    assert [numbers.get(place, each) for place, each in enumerate(ours)] == theirs


def test_what_was_read_is_a_course_without_faults():
    course = imported(PAPER).course
    source = write(course)
    found = parse(source, "quiz.quiz.md")
    assert isinstance(found, Course)
    assert check(found, source) == ()


@pytest.mark.parametrize(
    ("text", "weight", "words"),
    [
        ("2. Write.\n___", Weight.LOST, "essay"),
        ("2. Draw.\n^^^", Weight.LOST, "file to hand in"),
        ("2. Ask.", Weight.LOST, "neither options"),
        ("2. Ask.\na) one\nb) two", Weight.MISSING, "No option"),
        ("2. Ask.\n= many", Weight.LOST, "no number"),
        ("2. Ask.\n- no\n= 3", Weight.LOST, "all other answers"),
        ("strange words", Weight.LOST, "none that text2qti knows"),
        ("```{.python .run}\nprint(1)\n```", Weight.LOST, "not run"),
    ],
)
def test_what_stays_out_is_told(text: str, weight: Weight, words: str):
    remarks = imported(f"1. Fine?\n*a) yes\nb) no\n\n{text}\n").remarks
    assert any(each.weight is weight and words in each.what for each in remarks), remarks


WORDS = st.lists(
    st.sampled_from(["water", "fire", "$x^2$", "**bold**", "`code`", "stone"]),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(
    st.lists(
        st.tuples(
            WORDS,
            st.lists(WORDS, min_size=2, max_size=4, unique=True),
            st.integers(0, 3),
            st.booleans(),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[0],
    )
)
@settings(max_examples=40, deadline=None)
def test_whatever_it_takes_is_read_alike(asked: list[tuple[str, list[str], int, bool]]):
    lines: list[str] = []
    for number, (words, options, wish, several) in enumerate(asked, start=1):
        lines.append(f"{number}. {words}")
        for place, option in enumerate(options):
            right = place == wish % len(options)
            box = f"[{'*' if right else ' '}]" if several else f"{'*' * right}{'abcd'[place]})"
            lines.append(f"{box} {option}")
        lines.append("")
    text = "\n".join(lines)
    theirs = [[each.replace("**", "").replace("`", "") for each in own] for own in their_keys(text)]
    assert [key(each) for each in imported(text).course] == theirs


@given(st.text(alphabet="12. ab)*[]=_^!+-\n %GROUP:") | st.text())
@settings(deadline=None)
def test_any_text_gets_an_answer(text: str):
    found = read(text, "quiz.txt")
    if isinstance(found, Imported):
        parse(write(found.course), "quiz.quiz.md")


def test_what_is_too_large_is_refused_in_a_sentence():
    found = read("1. a\n*a) b\n" * 1_000_000, "quiz.txt")
    assert isinstance(found, NotImported)
    assert "split it" in found.what


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["1. a\n*a) b\n", "GROUP\n", "```{", "COMMENT\n", "* a\n", "1. a\n ", "[*] a\n"]
)
def test_no_file_takes_long(piece: str):
    read(piece * (300_000 // len(piece)), "quiz.txt")

"""What holds for any paper, however it is written or damaged."""

import re

import pytest
from hypothesis import given, settings, strategies as st

from tests.courses.marked import keys
from tutorbot.courses.importers.imported import Imported, NotImported
from tutorbot.courses.importers.marked import LARGEST_TEXT, read
from tutorbot.courses.parse import parse
from tutorbot.courses.writing import write

WORDS = st.sampled_from(["water", "fire", "stone", "glass", "river", "forest", "tensor"])
SENTENCES = st.lists(WORDS, min_size=2, max_size=6).map(" ".join)
ASKED = st.tuples(
    SENTENCES, st.lists(SENTENCES, min_size=2, max_size=5, unique=True), st.integers(0, 4)
)
LABELS = st.sampled_from(["{}.", "({})", "{})", "- {}.", "- **{}.**", "* {})"])
NUMBERS = st.sampled_from(["{}.", "## {}.", "- {}.", "Q{}.", "**{}.**", "Question {}:", "{})"])
KEYS = st.sampled_from(
    [
        "Answer: {}",
        "Ans: {}",
        "Solution: Option {} is the correct answer.",
        "**Correct Answer:** ({})",
        "Accepted answer is {}.",
        "Therefore, **Option {}** is correct.",
    ]
)


@given(
    st.lists(ASKED, min_size=2, max_size=4),
    NUMBERS,
    LABELS,
    KEYS,
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_paper_of_these_kinds_comes_back_whole(
    asked: list[tuple[str, list[str], int]], number: str, label: str, answer: str, spaced: bool
):
    gap = "\n\n" if spaced else "\n"
    lines: list[str] = []
    expected: list[str] = []
    for place, (words, options, wish) in enumerate(asked, start=1):
        right = wish % len(options)
        lines.append(f"{number.format(place)} Why {words}?")
        lines += [f"{label.format('ABCDE'[at])} {option}" for at, option in enumerate(options)]
        lines.append("\n" + answer.format("ABCDE"[right]) + "\n")
        expected.append(" | ".join("*" * (at == right) + each for at, each in enumerate(options)))
    assert keys(gap.join(lines)) == expected


PIECES = [
    "1. ",
    "2. ",
    "Q3. ",
    "A. ",
    "B. ",
    "(a) ",
    "- ",
    "* ",
    "## ",
    "**",
    "$",
    "$$",
    "\\(",
    "Answer: ",
    "Ans: B",
    "Solution: ",
    "Accepted Answers:",
    "\n",
    "\n\n",
    "    ",
    "river",
    "stone",
    "valley!",
    "Option B",
    "|",
    "---",
    "(correct)",
    "✓",
    "I think ",
    "Consider ",
    "Answer the following",
    "![x](y.png)",
    "<b>",
    "```",
    "Answer key",
    "1-B",
    "Page 1 of 2",
    "1 point",
    "all of the above",
    "previous question, ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=80, deadline=None)
def test_no_line_disappears(paper: str):
    found = read(paper, "paper.md")
    if isinstance(found, NotImported):
        return
    kept = write(found.course) + " ".join(f"{each.what} {each.quote}" for each in found.remarks)
    for word in ("river", "stone", "valley", "think", "Consider"):
        assert word not in paper or word in kept


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_out_can_be_written_and_read_again(paper: str):
    found = read(paper, "paper.md")
    if isinstance(found, Imported):
        parse(write(found.course), "paper.quiz.md")


@given(st.text())
def test_any_text_gets_an_answer(paper: str):
    read(paper, "paper.md")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "1. a\nA. b\nB. c\n",
        "1. ",
        "A. ",
        "(a) ",
        "$$",
        "$x ",
        "**",
        "Answer: ",
        "Answer: A, ",
        "{",
        "\n",
        "a\n\n",
        "Accepted Answers:\n",
        "- [ ] a\n",
        "1-A, ",
        "I think ",
        "Consider the previous question ",
        "[",
        "![",
        "<a ",
    ],
)
def test_no_paper_takes_long(piece: str):
    paper = piece * (200_000 // len(piece))
    read(paper, "paper.md")
    read("1. Ask?\nA. b\nB. c\nAns: A\n" + paper, "paper.md")


def test_a_paper_that_is_too_long_is_refused_in_a_sentence():
    found = read("1. a\n" * LARGEST_TEXT, "paper.md")
    assert isinstance(found, NotImported)
    assert re.fullmatch(
        r"The paper has [\d,]+ characters; split it, [\d,]+ can be read\.", found.what
    )

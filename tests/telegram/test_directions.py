"""Words from right to left, with formulas among them that run the other way."""

import sys
import unicodedata

import pytest

from tutorbot.core.prose import Block, Choices, Display, Formula, Paragraph, Style, Text, words
from tutorbot.telegram import markup
from tutorbot.telegram.markup import runs_left

RIGHT_TO_LEFT, LEFT_TO_RIGHT, FIRST_STRONG, END = "\u200f", "\u2066", "\u2068", "\u2069"


def shown(block: Block) -> str:
    return markup.html(markup.pieces((block,), lambda latex: latex))


def test_a_formula_among_arabic_words_is_isolated():
    line = Paragraph((Text("احسب "), Formula("n - 1"), Text(" الآن")))
    assert shown(line) == f"احسب {LEFT_TO_RIGHT}n - 1{END} الآن"


def test_code_among_arabic_words_is_isolated():
    line = Paragraph((Text("اكتب "), Text("x < 1", Style.CODE)))
    assert shown(line) == f"اكتب <code>{LEFT_TO_RIGHT}x &lt; 1{END}</code>"


@pytest.mark.parametrize("block", [words("Right: n − 1."), Display("n - 1")])
def test_other_lines_stay_as_they_are(block: Block):
    assert not set(shown(block)) & {RIGHT_TO_LEFT, LEFT_TO_RIGHT, END}


def test_a_lettered_option_runs_the_way_of_its_words():
    assert shown(Choices((("A", (words("نعم"),)),))) == f"{RIGHT_TO_LEFT}<b>A</b>  نعم"


@pytest.mark.parametrize(
    ("said", "marked"),
    [
        ("صحيح: n", False),
        ("✅ صحيح", False),
        ("n صحيح", True),
        (f"{FIRST_STRONG}n{END} صحيح", False),
        (f"{FIRST_STRONG}هذا{END}: {FIRST_STRONG}n{END}", True),
        (f"{FIRST_STRONG}n{END}: {FIRST_STRONG}{FIRST_STRONG}n{END} صحيح{END}", True),
    ],
)
def test_a_line_is_marked_only_where_its_first_letter_would_mislead(said: str, marked: bool):
    assert shown(words(said)).startswith(RIGHT_TO_LEFT) is marked


def test_no_letter_that_runs_left_is_overlooked():
    every = map(chr, range(sys.maxunicode + 1))
    leftwards = [each for each in every if unicodedata.bidirectional(each) in {"R", "AL"}]
    assert all(runs_left(each) for each in leftwards)
    assert not runs_left("Σ ∑ 中 🎲 π")

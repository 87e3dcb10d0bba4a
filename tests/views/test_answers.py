"""What a learner reads about what was typed."""

import re
from gettext import NullTranslations
from pathlib import Path

import pytest

from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import (
    Asked,
    Echo,
    Problem,
    Reading,
    Right,
    Slip,
    Unreadable,
    Wrong,
)
from tutorbot.core.course import Expression, Kind, Typed
from tutorbot.core.prose import Paragraph, Prose, Text, Verbatim
from tutorbot.views.answers import (
    COLUMNS,
    echo_prose,
    pointed,
    problem_prose,
    reading_labels,
    slip_prose,
    wrong_prose,
)
from tutorbot.views.slips import agreement

WORDS = NullTranslations()
GRU = Asked(
    typed=Typed(kind=Kind.FORMULA, accepted=(Expression(text="3*(n^2+n*m+n)"),), symbols=("n", "m"))
)


class Anything(dict[str, str]):
    """Details for any sentence."""

    def __missing__(self, name: str) -> str:
        return "?"


def said(prose: Prose) -> str:
    lines: list[str] = []
    for block in prose:
        match block:
            case Verbatim(text):
                lines.append(text)
            case Paragraph(line):
                lines.append("".join(part.text for part in line if isinstance(part, Text)))
            case _:
                pytest.fail("words and monospaced lines only")
    return "\n".join(lines)


def test_the_echo_says_what_was_read():
    verdict = judge(GRU, "3(n²+nm+n)")
    assert isinstance(verdict, Right)
    assert said(echo_prose(WORDS, verdict.echo)) == "I read 3·(n² + n·m + n)."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("3(n²+nm+n", "3(n²+nm+n\n ^\nThe “(” opened here is never closed."),
        ("3n²+nm+n)", "3n²+nm+n)\n        ^\nThis “)” closes nothing."),
        ("3n²+k", "3n²+k\n    ^\n“k” is not a symbol of this question."),
        ("n2+nm", "n2+nm\n^^\nDid you mean n² or 2·n?"),
        ("n²+", "n²+\n  ^\nSomething is missing after “+”."),
        ("9^9^9^9", "9^9^9^9\n  ^^^^^\nThis makes a number too large for me."),
        ("", "I see no answer there."),
        ("  ", "I see no answer there."),
        ("(" * 100_000, "That is longer than the 2000 characters I can read."),
        ("n/0", "n/0\n^^^\nThis divides by zero."),
        ("n = 3", "n = 3\n  ^\nOnly one side, please"),
        ('__import__("os")', '__import__("os")\n           ^\nI don\'t know what “"” means'),
        ("foo", "foo\n^^^\n“foo” is not a symbol of this question."),
    ],
)
def test_what_cannot_be_read_is_pointed_at_with_a_way_to_mend_it(typed: str, words: str):
    verdict = judge(GRU, typed)
    assert isinstance(verdict, Unreadable)
    assert said(problem_prose(WORDS, verdict.problem, typed)).startswith(words)


@pytest.mark.parametrize(
    ("text", "at", "length", "lines"),
    [
        ("abc", 3, 1, "abc\n   ^"),
        ("３（ｎ", 1, 1, "３（ｎ\n  ^^"),
        ("a\u0301b", 2, 1, "a\u0301b\n ^"),
        ("a\tb\nc", 4, 1, "a b c\n    ^"),
        ("0123456789" * 5, 0, 1, "012345678901234567890123456789…\n^"),
        ("0123456789" * 5, 49, 1, "…012345678901234567890123456789\n" + " " * 30 + "^"),
    ],
)
def test_the_caret_stands_under_the_place(text: str, at: int, length: int, lines: str):
    assert pointed(text, at, length) == lines


@pytest.mark.parametrize("at", range(0, 400, 7))
@pytest.mark.parametrize("letter", ["n", "ｎ", "²"])
def test_a_long_line_is_clipped_around_the_caret(letter: str, at: int):
    text = letter * at + "@" + letter * (399 - at)
    line, carets = pointed(text, at).split("\n")
    wide = sum(2 if each == "ｎ" else 1 for each in line)
    assert wide <= COLUMNS
    before = line[: line.index("@")]
    assert len(carets) - 1 == sum(2 if each == "ｎ" else 1 for each in before)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-3n(n+m+1)", "Everything is right but the sign."),
        ("6n(n+m+1)", "You are off by the factor 2."),
        ("3n²+3nm", "A term is missing: 3·n."),
        ("3n(n+m+1)+m", "You have a term too many: m."),
        ("3(n²-nm+n)", "Look at the sign of n·m."),
    ],
)
def test_a_slip_is_named_in_one_sentence(typed: str, words: str):
    verdict = judge(GRU, typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    assert said(slip_prose(WORDS, verdict.slip)) == words


@pytest.mark.parametrize(
    ("typed", "tries", "words"),
    [
        (
            "3n²+3nm",
            0,
            "3·n² and 3·n·m are right already.",
        ),
        (
            "3n²+3nm",
            1,
            "A term is missing.\nWith n = 2, m = 3 yours gives 30, and it should be 36.",
        ),
        ("3n²+3nm", 2, "A term is missing: 3·n."),
        (
            "m^5+n",
            0,
            "Try it with n = 2, m = 3: yours gives 245 there.",
        ),
        (
            "m^5+n",
            7,
            (
                "With n = 2, m = 3 yours gives 245, and it should be 36."
                " Go through your steps with these numbers."
            ),
        ),
    ],
)
def test_a_wrong_answer_is_explained_in_stages(typed: str, tries: int, words: str):
    verdict = judge(GRU, typed)
    assert isinstance(verdict, Wrong)
    assert said(wrong_prose(WORDS, verdict, tries)) == words


@pytest.mark.parametrize("typed", ["3n²+3nm", "6n(n+m+1)", "3n²+nm+n", "3(n²-nm+n)"])
def test_the_first_wrong_try_gives_nothing_of_the_key_away(typed: str):
    verdict = judge(GRU, typed)
    assert isinstance(verdict, Wrong)
    assert verdict.slip is not None
    first = said(wrong_prose(WORDS, verdict, 0))
    for told in verdict.slip.details.values():
        assert f" {told} " not in f" {first} ".replace(".", " ")


def test_whether_a_number_is_too_large_is_told_only_after_another_try():
    asked = Asked(typed=Typed(kind=Kind.NUMBER, accepted=(Expression(text="600"),)))
    verdict = judge(asked, "187")
    assert isinstance(verdict, Wrong)
    assert said(wrong_prose(WORDS, verdict, 0)) == "It is not equal to what is asked for."
    assert said(wrong_prose(WORDS, verdict, 1)).endswith("The right answer is larger than yours.")


def test_every_slip_that_is_found_has_words():
    folder = Path(__file__).parents[2] / "tutorbot" / "core" / "answers" / "mistakes"
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    codes = set(
        re.findall(
            r'(?:Slip\(code=|Mutation\([^"]*|_instead\([^"]*, |, )"([a-z]+(?:-[a-z]+)+)"', source
        )
    )
    assert len(codes) > 50
    unsaid = {"both-zero"}  # it tells too little
    for code in codes - unsaid:
        slip = Slip(code=code, details=Anything(count="1"))
        sentence = said(slip_prose(WORDS, slip)) or agreement(WORDS, slip)
        assert sentence, code


def test_a_slip_without_words_says_nothing():
    assert slip_prose(WORDS, Slip(code="of-tomorrow")) == ()


def test_braces_in_an_answer_do_no_harm():
    assert said(echo_prose(WORDS, Echo(text="{x}", latex=""))) == "I read {x}."
    problem = Problem(code="unknown-symbol", at=0, details={"name": "{0}"})
    assert "{0}" in said(problem_prose(WORDS, problem, "{0}"))


def test_every_problem_that_reading_can_find_has_a_sentence_of_its_own():
    folder = Path(__file__).parents[2] / "tutorbot" / "core" / "answers"
    source = "".join(path.read_text() for path in folder.rglob("*.py"))
    codes = set(re.findall(r'(?:trouble|trouble_from|trouble_at|problem)\(\s*"([a-z-]+)"', source))
    codes |= set(re.findall(r'code="([a-z-]+)"', source))
    codes |= set(re.findall(r'(?:unclear|wanted)\(\s*"([a-z-]+)"', source))
    codes -= set(re.findall(r'(?:Slip|Note)\(code="([a-z-]+)"', source)) | {"unexpected"}
    assert len(codes) > 20
    details = Anything()
    fallback = said(problem_prose(WORDS, Problem(code="unexpected", at=0), "n"))
    asked = {"ambiguous-list"}  # which reading is meant, without words of its own
    for_authors = {"not-worked-out"}  # it concerns the key
    for code in codes - asked - for_authors:
        problem = Problem(code=code, at=0, details=details)
        assert said(problem_prose(WORDS, problem, "n")) != fallback, code


@pytest.mark.parametrize(
    ("shown", "labels", "question"),
    [
        (("n²", "2·n"), ("n²", "2·n"), "Did you mean n² or 2·n?"),
        (("1/f(x)",), ("1/f(x)",), "Did you mean 1/f(x)?"),
        (("a", "b", "c"), ("a", "b", "c"), "Did you mean a, b or c?"),
        (("{1}", "n" * 30), ("1", "2"), "Did you mean 1) {1} or 2) " + "n" * 30 + "?"),
    ],
)
def test_a_question_between_readings_offers_each_on_a_button(
    shown: tuple[str, ...], labels: tuple[str, ...], question: str
):
    readings = tuple(Reading(text="", shown=each) for each in shown)
    assert reading_labels(readings) == labels
    problem = Problem(code="of-tomorrow", at=0, readings=readings)
    assert said(problem_prose(WORDS, problem, "n")) == f"n\n^\n{question}"


def test_a_long_reading_does_not_fill_the_message():
    readings = (Reading(text="", shown="n" * 2000), Reading(text="", shown="m" * 2000))
    problem = Problem(code="of-tomorrow", at=0, readings=readings)
    assert len(said(problem_prose(WORDS, problem, "n"))) < 700

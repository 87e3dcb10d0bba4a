"""The pages to print: everything in one file, questions first, then every answer."""

import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from tutorbot.core.course import (
    Choice,
    Course,
    Expression,
    Hint,
    Kind,
    Mark,
    Option,
    Pool,
    Question,
    Typed,
)
from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.prose import Display, Formula, Paragraph, Picture, Prose, Text
from tutorbot.courses.exporters.exported import Exported
from tutorbot.courses.exporters.page import export

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def draw(latex: str, display: bool) -> str:
    return f"<svg data-latex='{latex}' data-display='{display}'></svg>"


def said(text: str) -> Prose:
    return (Paragraph((Text(text),)),)


CHOICE = Question(
    id=QuestionId("gates"),
    title="Gates & <b>more</b>",
    prose=(
        Paragraph((Text("What is "), Formula("h_t"), Text("?"))),
        Display("x^2"),
        Picture("gate.png", "A gate"),
    ),
    body=Choice(
        options=(
            Option(
                id=OptionId("a"), prose=said("The state"), mark=Mark.RIGHT, feedback=said("It is.")
            ),
            Option(id=OptionId("b"), prose=said("The gate"), mark=Mark.WRONG),
            Option(id=OptionId("c"), prose=said("Both"), mark=Mark.UNSCORED),
        ),
    ),
    stem=said("The shared stem."),
    group="g",
    hints=(Hint(prose=said("Unroll it.")),),
    solution=said("Because."),
    points=Fraction(3, 2),
)
TYPED = Question(
    id=QuestionId("count"),
    title="Count",
    prose=said("How many with {{h}}?"),
    body=Typed(
        kind=Kind.NUMBER,
        accepted=(Expression(text="4*h^2"),),
        mistaken=(Expression(text="3*h^2", feedback=said("Three gates.")),),
    ),
    stem=said("The shared stem."),
    group="g",
    variants=tuple((("h", Fraction(h)),) for h in (10, 20, 30)),
)


def page(variant: int = 0) -> Exported:
    course = Course(
        id=CourseId("c"),
        title="A <course>",
        lang="de",
        questions=(CHOICE, TYPED),
        pools=(Pool(id="p", questions=(CHOICE.id, TYPED.id), pick=1),),
    )
    return export(course, {"gate.png": PNG}, draw, variant=variant)


def text(variant: int = 0) -> str:
    return page(variant).content.decode()


def paper_and_key() -> tuple[str, str]:
    paper, _, key = text().partition("<section class=key>")
    return paper, key


def test_the_paper_asks_and_does_not_tell() -> None:
    paper, _ = paper_and_key()
    for each in (
        "The state",
        "The gate",
        "Both",
        "How many with 10?",
        "1.5 points",
        "/ 2.5 points",
    ):
        assert each in paper
    for each in ("It is.", "Because.", "Unroll it.", "✓", "4*h", "Three gates."):
        assert each not in paper


def test_the_key_tells_everything() -> None:
    _, key = paper_and_key()
    for each in ("A ✓", "It is.", "Because.", "Unroll it.", "not scored", "Three gates."):
        assert each in key
    assert re.search(r"data-latex='4 ?\\cdot ?10\^\{?2\}?'", key)


def test_a_shared_stem_stands_once_and_a_pool_says_how_many() -> None:
    paper, _ = paper_and_key()
    assert paper.count("The shared stem.") == 1
    assert "Answer 1 of the questions 1, 2." in paper


def test_another_variant_gives_another_paper_and_it_is_said() -> None:
    assert "How many with 20?" in text(1)
    assert "How many with 10?" in text(3)
    assert page(1).remarks == ("Variant 2 of each question is printed. (the course)",)


def test_the_page_needs_nothing_else_and_what_is_written_does_not_become_html() -> None:
    whole = text()
    assert "data:image/png;base64," in whole
    assert "A &lt;course&gt;" in whole
    assert "Gates &amp; &lt;b&gt;more&lt;/b&gt;" in whole
    assert '<html lang="de">' in whole
    assert not re.search(r"(?:src|href)=[\"'](?!data:)", whole)
    assert "@page" in whole


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as of the parser
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_element_that_opens_closes() -> None:
    reader = _Balanced()
    reader.feed(text())
    assert not reader.open


@pytest.mark.parametrize("variant", [0, 1])
def test_the_courses_of_the_repository_are_printed(
    variant: int, content: tuple[Course, ...]
) -> None:
    for course in content:
        whole = export(course, {}, draw, variant=variant).content.decode()
        assert whole.count("<article>") == 2 * len(course.questions)
        assert "{{" not in whole

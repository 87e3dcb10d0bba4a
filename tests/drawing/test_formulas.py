import struct
import xml.etree.ElementTree as ET
import zlib
from typing import Protocol

import pytest

from tutorbot.drawing import canvas, formulas
from tutorbot.drawing.canvas import NotDrawable
from tutorbot.drawing.formulas import FormulaLine
from tutorbot.drawing.theme import PALETTES, Theme


class Seed(Protocol):
    @property
    def latex(self) -> str: ...


OPTIONS = [
    FormulaLine(label=label, latex=latex)
    for label, latex in [
        ("A", r"n^2 + nm + 2n"),
        ("B", r"3 \times (n^2 + nm + n)"),
        ("C", r"\frac{\partial \mathcal{L}}{\partial V} = \sum_{t=1}^{T} -s_t"),
        ("D", r"4 \times (n^2 + nm + n)"),
    ]
]
LONG = (
    r"(100, 1) = (m_{hh}, n_{hh}) (100, 1) + (m_{xh}, n_{xh}) (50, 1) + (m_{bh}, n_{bh})"
    r" + (m_{hh}, n_{hh}) (100, 1) + (m_{xh}, n_{xh}) (50, 1) + (m_{bh}, n_{bh})"
)


def one(latex: str, theme: Theme = Theme.LIGHT) -> bytes:
    return formulas.png([FormulaLine(latex=latex)], theme)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def paper(png: bytes) -> str:
    """The colour of the upper left corner, which no filter of PNG changes."""
    start = png.index(b"IDAT")
    pixels = zlib.decompressobj().decompress(png[start + 4 :], 4)
    return "#" + pixels[1:4].hex()


def blank(png: bytes, theme: Theme) -> bytes:
    return canvas.png(canvas.sheet(*size(png), PALETTES[theme].paper, ""))


@pytest.mark.parametrize("theme", Theme)
def test_each_formula_of_the_courses_fits_a_phone_and_shows_something(seed: Seed, theme: Theme):
    png = one(seed.latex, theme)
    width, height = size(png)
    assert 800 <= width <= 1280
    assert 100 <= height <= 400
    assert paper(png) == PALETTES[theme].paper
    assert len(png) > len(blank(png, theme)) + 200


@pytest.mark.parametrize("display", [True, False])
def test_each_formula_of_the_courses_is_sound_svg_in_the_colour_of_its_page(
    seed: Seed, *, display: bool
):
    svg = formulas.svg(seed.latex, display=display)
    root = ET.fromstring(svg)  # noqa: S314 -- our own drawing
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["width"].endswith("ex")
    assert "currentColor" in svg
    assert "data-" not in svg


@pytest.mark.parametrize(
    "latex",
    [
        r"f(x) = \begin{cases} x^2 & \text{if } x \ge 0 \\ -x & \text{otherwise} \end{cases}",
        r"A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"\begin{align*} a &= b + c \\ &= d \end{align*}",
        r"\underbrace{W_{xh} x_t}_{\text{input}} \xrightarrow{\tanh} h_t",
        r"\boldsymbol{\theta} \in \mathbb{R}^{m \times n}, \quad \|w\|_2^2",
        r"\text{ответ: } x = \tfrac{1}{2} \quad \text{где } x \in \mathbb{R}",
        r"\text{a < b \& c}",
        r"\color{red}{x} + \boxed{y} + \cancel{z}",
        r"\ce{2H2 + O2 -> 2H2O}",
    ],
)
def test_what_teachers_write_is_drawn(latex: str):
    png = one(latex)
    assert len(png) > len(blank(png, Theme.LIGHT)) + 200
    ET.fromstring(formulas.svg(latex, display=True))  # noqa: S314 -- our own drawing


@pytest.mark.parametrize(
    "latex", [r'\color{"><script>}{x}', r'\text{"><b>}', r'\text{ж"><b>\&amp;}', r"\text{ж'<ж}"]
)
def test_what_looks_like_markup_stays_text(latex: str):
    svg = formulas.svg(latex, display=True)
    root = ET.fromstring(svg)  # noqa: S314 -- our own drawing
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {
        "svg", "g", "defs", "path", "use", "text",
    }  # fmt: skip
    assert one(latex)


def test_the_lines_of_a_table_are_seen():
    cells = r"\begin{array}{%s} a & b \\ c & d \end{array}"
    assert one(cells % "c|c") != one(cells % "cc")
    assert 'stroke-width="60"' in formulas.svg(cells % "c|c", display=True)


@pytest.mark.parametrize("theme", Theme)
def test_options_stand_under_each_other_with_their_letters(theme: Theme):
    stacked = formulas.png(OPTIONS, theme)
    unlabelled = formulas.png([FormulaLine(latex=line.latex) for line in OPTIONS], theme)
    assert size(stacked)[1] > 2 * size(formulas.png(OPTIONS[:1], theme))[1]
    assert stacked != unlabelled
    assert paper(stacked) == PALETTES[theme].paper


def test_a_long_formula_goes_on_in_the_next_line_instead_of_shrinking():
    short, long = size(one("n + m")), size(one(LONG))
    assert long[0] <= 1280
    assert long[1] > short[1] + 80


@pytest.mark.parametrize(
    ("latex", "why"),
    [
        ("", "empty"),
        ("x\x00y", "no text"),
        ("x\ud800", "no text"),
        ("x" * 5000, "too long"),
        (r"\foo{x}", r"unknown \foo"),
        (r"\frac{a}{", "Missing close brace"),
        ("a & b", "Misplaced"),
        (r"\begin{matrix} a", "Missing"),
        (r"\href{https://example.org}{x}", "href"),
        (r"\require{html} x", "require"),
        (r"\style{fill:url(x)}{x}", "style"),
        (r"\def\a{\a\a}\a", "def"),
        (r"\newcommand{\a}{b} \a", "newcommand"),
        (r"\tag{1} x", "tag"),
        (r"\rule{500em}{1em}", "size"),
        (r"\hspace{90em} x", "wide"),
        (r"\text{你好}", "font"),
    ],
)
def test_what_cannot_or_must_not_be_drawn_is_refused_with_a_reason(latex: str, why: str):
    with pytest.raises(NotDrawable, match=why.replace("\\", "\\\\")):
        one(latex)


def test_a_pile_of_formulas_too_high_for_a_phone_is_refused():
    with pytest.raises(NotDrawable, match="high"):
        formulas.png(OPTIONS * 20, Theme.LIGHT)


def test_a_picture_of_nothing_is_refused():
    with pytest.raises(NotDrawable):
        formulas.png([], Theme.LIGHT)


def test_after_a_fault_the_next_formula_is_drawn_as_ever():
    before = one("x^2")
    with pytest.raises(NotDrawable):
        one(r"\frac{")
    assert one("x^2") == before

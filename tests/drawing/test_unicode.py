import re
from fractions import Fraction
from typing import Protocol

import pytest
from hypothesis import given, strategies as st

from tutorbot.drawing.unicode import plain, say


class Seed(Protocol):
    @property
    def latex(self) -> str: ...
    @property
    def plain(self) -> str: ...
    @property
    def said(self) -> bool: ...


def test_each_formula_of_the_courses_is_said_as_a_teacher_would_type_it(seed: Seed):
    assert plain(seed.latex) == seed.plain


def test_each_formula_of_the_courses_stands_in_the_text_only_if_nothing_is_lost(seed: Seed):
    assert say(seed.latex) == (seed.plain if seed.said else None)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("", ""),
        ("x^2 + y_1", "x² + y₁"),
        ("2n", "2n"),
        (r"\frac{1}{2}", "1/2"),
        (r"90^\circ", "90°"),
        ("A^T A", "Aᵀ A"),
        ("-x-(-y)", "−x − (−y)"),
        (r"a \bmod n", "a mod n"),
        (r"f\colon X\to Y", "f: X → Y"),
        (r"\{x\mid x>0\}", "{x | x > 0}"),
        (r"5\%", "5%"),
        ("10{,}000", "10,000"),
        ("n!", "n!"),
        (r"x=1,\quad y=2", "x = 1, y = 2"),
        (r"\sin^2 x+\cos^2 x=1", "sin² x + cos² x = 1"),
        (r"\mathrm{ReLU}(x)=\max(0,x)", "ReLU(x) = max(0, x)"),
        (r"\sqrt{x^2+1}", "√(x² + 1)"),
        (r"\sqrt{\pi}", "√π"),
        (r"\hat{y}", "ŷ"),
        ("f''(x)", "f″(x)"),
        (r"f^{\prime}", "f′"),
        ("p(x|y)", "p(x|y)"),
        (r"\|w\|_2^2", "‖w‖₂²"),
        (r"a \not= b", "a ≠ b"),
        (r"\text{ответ: } x = \tfrac{1}{2}", "ответ: x = 1/2"),
        (r"\sum_i x_i", "∑ᵢ xᵢ"),
        (r"x^* y_t^*", "x* yₜ*"),
        (r"-\frac{a}{b}.", "−a/b."),
        (r"1, ..., n", "1, ..., n"),
        (r"x_{\text{max}}", "xₘₐₓ"),
    ],
)
def test_what_a_line_can_say_is_said(latex: str, text: str):
    assert say(latex) == text
    assert plain(latex) == text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac{a}{b c}", "a/(bc)"),
        (r"\frac{n(n+1)}{2}", "n(n + 1)/2"),
        (r"\frac{n}{k(n-k)}", "n/(k(n − k))"),
        (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
        (r"c/\frac{a}{b}", "c/(a/b)"),
        (r"\log\frac ab", "log(a/b)"),
        (r"\frac{\log x}{2}", "(log x)/2"),
        (r"\frac{1}{2}mv^2", "(1/2) mv²"),
        (r"\frac{a}{b}\times c", "(a/b)×c"),
        (r"2\frac12", "2 1/2"),
        (r"{\frac ab}^2", "(a/b)²"),
        (r"\frac{d}{dx}f(x)", "(d/dx) f(x)"),
        (r"x^{a/b}y", "x^(a/b) y"),
        (r"e^{i\pi}+1=0", "e^(iπ) + 1 = 0"),
        (r"x_{i,j}", "x_{i,j}"),
        (r"x_{i,j}^2", "x_{i,j}^2"),
        (r"W_{yh}h_t", "W_yh hₜ"),
        (r"\sqrt[5]{x}", "(x)^(1/5)"),
        (r"\int_0^1 f(x)\,dx", "∫_{0}^{1} f(x) dx"),
        (r"\sum_{t=1}^{T} s_t", "∑_{t=1}^{T} sₜ"),
        (r"\prod_{i,j}^n x_i", "∏_{i,j}^{n} xᵢ"),
        (r"\sum^n x", "∑^{n} x"),
        (r"\sum_{\text{paths}} p", "∑_{paths} p"),
        (r"\sum_{\text{paths}} \text{gain}", "∑_{paths} gain"),
        (r"\tau \cdot \frac{g}{|g|}.", "τ·g/|g|."),
        (r"\frac{a}{|b||c|}", "a/(|b||c|)"),
        (r"g^*(Wh)", "g*(Wh)"),
        (r"\lim_{n\to\infty} a_n", "lim_{n→∞} aₙ"),
        (r"\underset{\theta}{\arg\min} f", "arg min_θ f"),
        (r"\binom{n}{k}", "C(n, k)"),
        (r"\overline{AB}", "overline(AB)"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (
            r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}",
            "{x, if x > 0; 0, otherwise}",
        ),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b\n= c"),
    ],
)
def test_what_a_line_would_flatten_is_left_to_a_picture_and_has_a_plain_form(latex: str, text: str):
    assert say(latex) is None
    assert plain(latex) == text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\mathbb{R}", "ℝ"),
        (r"\mathcal{L}", "ℒ"),
        (r"\mathcal{O}(n)", "O(n)"),
        (r"\mathbb{E}[X]", "E[X]"),
        (r"\mathbf{w} \cdot y", "w·y"),
    ],
)
def test_letters_that_phones_lack_become_plain_ones(latex: str, text: str):
    assert say(latex) == text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\mathcal{O} \ne O", "𝒪 ≠ O"),
        (r"\mathbf{x} = (x_1, x_2)", "𝐱 = (x₁, x₂)"),
        (r"\mathfrak{g}", "𝔤"),
        (r"\mathbb{1}", "𝟙"),
    ],
)
def test_letters_that_would_be_confused_keep_their_shape_and_ask_for_a_picture(
    latex: str, text: str
):
    assert say(latex) is None
    assert plain(latex) == text


@pytest.mark.parametrize(
    "latex",
    [
        r"\strange{x}",
        r"\frac{a}{",
        r"\frac{a}",
        "a}",
        "a & b",
        "x^",
        "x^2^3",
        r"\left( a",
        r"a \right)",
        r"\begin{tabular}a\end{tabular}",
        r"\begin{matrix} a",
        r"\text{a $b$}",
        r"\color{red}{x}",
        "{" * 200 + "}" * 200,
        r"\sqrt" * 500,
        "x+" * 3000,
    ],
)
def test_what_is_beyond_a_line_stays_as_its_author_wrote_it(latex: str):
    assert say(latex) is None
    assert plain(latex) == latex.strip()


@given(st.text())
def test_any_text_is_said_somehow(text: str):
    assert isinstance(plain(text), str)
    assert isinstance(say(text), str | None)


_BITS = st.sampled_from(
    [
        "\\frac", "{", "}", "^", "_", "x", "1", "+", "-", "(", ")", "\\left(", "\\right)", "'", "&",
        "\\\\", "\\sqrt", "[", "]", "\\sum", "\\mathbf", "\\text", "\\begin{cases}", "\\end{cases}",
        "\\hat", "\\not", "=", " ", "\\quad", "\\underbrace", "\\mathcal{O}", "\\alpha", "\\binom",
    ]
)  # fmt: skip


@given(st.lists(_BITS, max_size=40).map("".join))
def test_any_latex_is_said_somehow(latex: str):
    said = say(latex)
    assert plain(latex) == said if said is not None else isinstance(plain(latex), str)


# A formula is made together with its value; the line is read by the rules of the blackboard (powers
# before products, products and strokes from the left) and must come to the same.
_LETTERS = {"a": Fraction(2), "b": Fraction(3), "c": Fraction(5)}
_Valued = tuple[str, Fraction]
_ATOMS = [*_LETTERS.items(), ("7", Fraction(7)), ("11", Fraction(11))]


def _sum_of(a: _Valued, b: _Valued) -> _Valued:
    return f"({a[0]} + {b[0]})", a[1] + b[1]


def _difference(a: _Valued, b: _Valued) -> _Valued:
    return f"({a[0]} - {{({b[0]})}})", a[1] - b[1]


def _dotted(a: _Valued, b: _Valued) -> _Valued:
    return rf"{{{a[0]}}} \cdot {{{b[0]}}}", a[1] * b[1]


def _neighbours(a: _Valued, b: _Valued) -> _Valued:
    return rf"{{{a[0]}}} {{({b[0]})}}", a[1] * b[1]


def _fraction(a: _Valued, b: _Valued) -> _Valued:
    return rf"\frac{{{a[0]}}}{{{b[0]}}}", a[1] / b[1]


def _after_a_letter(a: _Valued, b: _Valued) -> _Valued:
    return rf"a \frac{{{a[0]}}}{{{b[0]}}}", 2 * a[1] / b[1]


def _before_a_letter(a: _Valued, b: _Valued) -> _Valued:
    return rf"\frac{{{a[0]}}}{{{b[0]}}} b", 3 * a[1] / b[1]


def _divided(a: _Valued, b: _Valued) -> _Valued:
    return rf"{{({a[0]})}}/{{({b[0]})}}", a[1] / b[1]


def _squared(a: _Valued, _: _Valued) -> _Valued:
    return rf"\left({a[0]}\right)^2", a[1] ** 2


_WHOLE = [_sum_of, _difference, _dotted, _neighbours, _squared]
_PARTED = [_fraction, _after_a_letter, _before_a_letter, _divided]


@st.composite
def _formulas(draw: st.DrawFn, depth: int = 4) -> _Valued:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(_ATOMS))
    a, b = draw(_formulas(depth - 1)), draw(_formulas(depth - 1))
    return draw(st.sampled_from(_WHOLE + _PARTED if b[1] else _WHOLE))(a, b)


@given(_formulas())
def test_the_plain_form_never_changes_the_value(formula: _Valued):
    latex, value = formula
    text = plain(latex)
    assert _value(text) == value, text


def _value(text: str) -> Fraction:
    """Read a line: numbers, letters, + − · / ² and brackets; neighbours are multiplied."""
    signs = re.findall(r"\d+|[abc+−·/²()]", text)
    value, rest = _sum(signs)
    assert not rest, text
    return value


def _sum(signs: list[str]) -> tuple[Fraction, list[str]]:
    value, signs = _product(signs)
    while signs and signs[0] in "+−":
        sign, signs = signs[0], signs[1:]
        more, signs = _product(signs)
        value = value + more if sign == "+" else value - more
    return value, signs


def _product(signs: list[str]) -> tuple[Fraction, list[str]]:
    value, signs = _power(signs)
    while signs and signs[0] not in "+−)":
        sign = signs[0]
        more, signs = _power(signs[1:] if sign in "·/" else signs)
        value = value / more if sign == "/" else value * more
    return value, signs


def _power(signs: list[str]) -> tuple[Fraction, list[str]]:
    first, signs = signs[0], signs[1:]
    if first == "(":
        value, signs = _sum(signs)
        signs = signs[1:]
    else:
        value = _LETTERS.get(first) or Fraction(first)
    while signs and signs[0] == "²":
        value, signs = value**2, signs[1:]
    return value, signs

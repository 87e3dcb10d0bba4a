"""The HTML of other programs becomes paragraphs, lists and formulas, and nothing is lost unsaid."""

import pytest
from hypothesis import given, strategies as st

from tutorbot.core.prose import (
    Bullets,
    Display,
    Formula,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
)
from tutorbot.courses.importers.html import LARGEST_HTML, read_html
from tutorbot.courses.importers.imported import Weight


def resolve(address: str) -> str | None:
    return address.rpartition("/")[2] if address.endswith(".png") else None


def said(*parts: str | Text | Formula) -> Paragraph:
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))


BOLD, ITALIC, CODE = Style.BOLD, Style.ITALIC, Style.CODE


@pytest.mark.parametrize(
    ("html", "prose"),
    [
        ("plain &amp; simple", (said("plain & simple"),)),
        ("<p>one</p>\n<p>two</p>", (said("one"), said("two"))),
        ("one<br>two", (said("one\ntwo"),)),
        (
            "a <b>bold</b> and <em>slanted</em> word",
            (said("a ", Text("bold", BOLD), " and ", Text("slanted", ITALIC), " word"),),
        ),
        ("<code>f(x)</code>", (said(Text("f(x)", CODE)),)),
        ("<h3>Title</h3>body", (said(Text("Title", BOLD)), said("body"))),
        (r"is \(x^2\) even?", (said("is ", Formula("x^2"), " even?"),)),
        (r"so \[a &lt; b\] holds", (said("so"), Display("a < b"), said("holds"))),
        ("$$x$$", (Display("x"),)),
        ("costs $5 and $6", (said("costs $5 and $6"),)),
        (r"\begin{equation}x=1\end{equation}", (Display("x=1"),)),
        (r"\begin{align*}x&amp;=1\end{align*}", (Display(r"\begin{aligned}x&=1\end{aligned}"),)),
        ("<ul><li>a<li><b>b</b></ul>c", (Bullets(((Text("a"),), (Text("b", BOLD),))), said("c"))),
        ("<ol><li>a</li></ol>", (Bullets(((Text("a"),),), ordered=True),)),
        ("<pre>a\n  b</pre>", (Verbatim("a\n  b"),)),
        ("<blockquote>so</blockquote>", (Quote(((Text("so"),),)),)),
        ("x<sup>2</sup> in H<sub>2</sub>O", (said("x² in H₂O"),)),
        ("x<sub>max</sub>", (said("x", Formula(r"_{\text{max}}")),)),
        ("if x<y then a<b", (said("if x<y then a<b"),)),
        ("<script type='math/tex'>x</script>", (said(Formula("x")),)),
        (
            '<img class="equation_image" data-equation-content="\\pi" src="/e">',
            (said(Formula(r"\pi")),),
        ),
        ('<math alttext="x"><mi>x</mi></math>', (said(Formula("x")),)),
        ('<img src="a/b.png" alt="A cell">', (Picture("b.png", "A cell"),)),
        ('<a href="http://e.example">here</a>', (said("here (http://e.example)"),)),
        ("<!-- unseen --><style>p {}</style>seen", (said("seen"),)),
        ("", ()),
        ("<p>&nbsp;</p>", ()),
    ],
)
def test_what_a_browser_shows_is_what_a_learner_reads(html: str, prose: Prose):
    assert read_html(html, resolve) == (prose, ())


def test_a_dollar_is_a_formula_only_where_that_is_custom():
    found, _ = read_html("$x$ for $5 or $6", resolve, dollars=True)
    assert found == (said(Formula("x"), " for $5 or $6"),)


@pytest.mark.parametrize(
    ("html", "weight", "quote"),
    [
        ('<img src="gone.gif">', Weight.LOST, "gone.gif"),
        ('<img src="there.png">', Weight.MISSING, "there.png"),
        ('<iframe src="film"></iframe>', Weight.LOST, "film"),
        ("<script>alert()</script>", Weight.LOST, "alert()"),
        ("<math><mi>x</mi></math>", Weight.LOST, "<mi>x</mi>"),
        ("<table><tr><td>a</table>", Weight.CHANGED, ""),
        ("<ul><li>a<ul><li>b</ul></ul>", Weight.CHANGED, ""),
        ("x" * (LARGEST_HTML + 1), Weight.LOST, "xxx"),
    ],
)
def test_what_a_chat_cannot_show_is_said(html: str, weight: Weight, quote: str):
    _, remarks = read_html(html, resolve, where="question 3")
    assert [(remark.weight, remark.where) for remark in remarks] == [(weight, "question 3")]
    assert quote in remarks[0].quote


PIECES = r"""<p> </p> <b> </b> <ul> <li> </ul> <table> <tr> <td> <pre> <sub> </a> <!-- --> <script>
 \( \) $$ < x &lt; <td <a/href='x'> " """


@given(st.lists(st.sampled_from([*PIECES.split(), " "]), max_size=40).map("".join) | st.text())
def test_any_text_can_be_read(html: str):
    read_html(html, resolve)


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!",
        "<a ",
        "<!--",
        "<ul>",
        "<ul><li>",
        "\\(",
        "$$",
        "$x ",
        "<a href='",
        "</",
        "<math>",
        "<p><a>",
    ],
)
def test_no_text_takes_long(piece: str):
    read_html(piece * (LARGEST_HTML // len(piece)), resolve, dollars=True)

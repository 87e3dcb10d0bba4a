"""Courses as hypothesis draws them: all that the format can say, words that try to mean more."""

from fractions import Fraction

from hypothesis import strategies as st

from tutorbot.core.course import (
    Choice,
    Course,
    Dispute,
    Expression,
    Form,
    Hint,
    Kind,
    Mark,
    Option,
    Partial,
    Pool,
    Question,
    Reveal,
    Typed,
    Values,
)
from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.prose import (
    Block,
    Bullets,
    Display,
    Formula,
    Line,
    Paragraph,
    Picture,
    Prose,
    Quote,
    Style,
    Text,
    Verbatim,
)
from tutorbot.courses.prose import tidy

_FORMS = [each for each in Form if each is not Form.FIGURES]
_FORMLESS = {Kind.SIZE, Kind.LOGIC, Kind.TEXT}
_SIGNS = "ab1 é\\`*_$[]{}()<>&!#+-.~|=:;\"'%@^,/?x\n\u00a0…"
_SNIPPETS = (
    "a b c", "- a", "* a", "1. a", "# a", "> a", "```", "~~~", "---", "***", "[x] a", "(x) a",
    "[tag] so", "answer: `1`", "hint: a", "{#id}", "{a=b}", "{h}", "a_b", "__a__", "**a**",
    "[a](b)", "![a](b.png)", "<b>", "<!-- a -->", "<http://a.b>", "&amp;", "&#65;", "\\n", "5 $",
    "$a$", "$$", "``", "word " * 40, "a  b", "\t", "\\\n", "3 * 4", "C#", "+ b", "2) b",
)  # fmt: skip
texts = st.one_of(
    st.text(_SIGNS, min_size=1, max_size=12),
    st.sampled_from(_SNIPPETS),
    st.lists(st.sampled_from(_SNIPPETS), min_size=1, max_size=5).map(" ".join),
).filter(lambda text: "{{" not in text)
ids = st.from_regex(r"[a-z0-9]{1,6}([-.][a-z0-9]{1,6}){0,2}", fullmatch=True)
tags = st.none() | st.sampled_from(["count.bias-dropped", "a", "2nd"])
names = st.sampled_from(["n", "m", "x", "alpha", "W_1"])
latex = st.sampled_from(
    ["a", "n^2", r"\frac{a}{b}", r"a \\", r"\$5", "- b", "# c", "a < b", "a_1 * b_2", "`a`", "a\\"]
)
codes = st.text("ab`* $\\_", min_size=1, max_size=6).filter(str.strip)


def _inlines() -> st.SearchStrategy[Text | Formula]:
    styles = st.sampled_from([Style.PLAIN, Style.PLAIN, Style.BOLD, Style.ITALIC])
    return st.one_of(
        st.builds(Text, texts, styles),
        st.builds(Formula, latex),
        st.builds(Text, codes, st.just(Style.CODE)),
    )


lines: st.SearchStrategy[Line] = st.lists(_inlines(), min_size=1, max_size=4).map(tidy).filter(bool)
_displays = st.lists(latex, min_size=1, max_size=3).map(
    lambda rows: Display("\n".join(row.strip() for row in rows))
)
_pictures = st.builds(
    Picture,
    st.sampled_from(["a.png", "b_1.JPG", "c-d.gif"]),
    texts.map(lambda text: " ".join(text.split())).filter(bool),
)
_verbatims = st.sampled_from(["a  b\n  c", "```\nx\n```", "- a\n\n> b", "", "#"]).map(Verbatim)
_loose: list[st.SearchStrategy[Block]] = [
    lines.map(Paragraph),
    lines.map(Paragraph),
    _displays,
    st.builds(Bullets, st.lists(lines, min_size=1, max_size=3).map(tuple), st.booleans()),
    _verbatims,
    _pictures,
]
quotes = st.lists(lines, min_size=1, max_size=2).map(lambda each: Quote(tuple(each)))
proses: st.SearchStrategy[Prose] = st.lists(st.one_of(*_loose, quotes), max_size=3).map(tuple)
said: st.SearchStrategy[Prose] = st.lists(st.one_of(*_loose, quotes), min_size=1, max_size=3).map(
    tuple
)
without_quotes: st.SearchStrategy[Prose] = st.lists(st.one_of(*_loose), min_size=1, max_size=3).map(
    tuple
)
titles = texts.map(lambda text: " ".join(text.split())).filter(bool)
numbers = st.sampled_from(
    [Fraction(1, 2), Fraction(1, 3), Fraction(0), Fraction(1), Fraction(1, 8)]
)


@st.composite
def choices(draw: st.DrawFn) -> tuple[Choice, Dispute | None]:
    several = draw(st.booleans())
    marks = [Mark.RIGHT, Mark.WRONG, *([Mark.UNSCORED] if several else [])]
    taken = draw(st.lists(ids, min_size=1, max_size=4, unique=True))
    options = tuple(
        Option(
            id=OptionId(name),
            prose=draw(without_quotes),
            mark=draw(st.sampled_from(marks)),
            feedback=draw(proses),
            tag=draw(tags),
            pinned=draw(st.booleans()),
        )
        for name in taken
    )
    partial = draw(st.sampled_from(Partial)) if several else Partial.ALL_OR_NOTHING
    doubted = draw(st.lists(st.sampled_from(taken), unique=True))
    why = draw(said)
    return (
        Choice(options=options, several=several, shuffled=draw(st.booleans()), partial=partial),
        draw(
            st.none() | st.just(Dispute(why=why, options=tuple(OptionId(each) for each in doubted)))
        ),
    )


expressions = st.builds(
    Expression,
    text=st.text("nm`+*^ ${}", min_size=1, max_size=8).map(str.strip).filter(bool),
    feedback=proses,
    tag=tags,
    note=st.none() | st.just("two-bias"),
)


@st.composite
def typed(draw: st.DrawFn) -> Typed:
    symbols = tuple(draw(st.lists(names, unique=True, max_size=3)))
    some = st.lists(st.sampled_from(symbols), unique=True) if symbols else st.just([])
    assumed = [tuple(name for name in symbols if name in draw(some)) for _ in range(3)]
    kind = draw(st.sampled_from(Kind))
    return Typed(
        kind=kind,
        accepted=tuple(draw(st.lists(expressions, min_size=1, max_size=3))),
        mistaken=tuple(draw(st.lists(expressions, max_size=2))),
        symbols=symbols,
        functions=draw(st.sampled_from([(), ("O",)])),
        positive=assumed[0],
        integer=assumed[1],
        complex=assumed[2],
        constants=draw(st.sampled_from([(), ("e", "i")])),
        tolerance=draw(st.none() | st.sampled_from([Fraction(1, 100), Fraction(1, 3)])),
        significant=draw(st.none() | st.just(3)),
        unit=draw(st.none() | st.sampled_from(["km/h", "%", "m", "#1"])),
        form=draw(st.none() if kind in _FORMLESS else st.none() | st.sampled_from(_FORMS)),
        log_base=draw(st.none() | st.sampled_from([2, 10])),
        constant=symbols[1] if len(symbols) > 1 and draw(st.booleans()) else None,
        derived=draw(st.sampled_from([(), (("f", 'diff(x^2, "x")'),)])),
    )


@st.composite
def variants(draw: st.DrawFn) -> tuple[Values, ...]:
    found = tuple(draw(st.lists(st.sampled_from(["h", "e", "k"]), unique=True, max_size=2)))
    values = st.integers(-3, 5).map(Fraction) | numbers
    rows = draw(st.lists(st.tuples(*[values for _ in found]), min_size=1, max_size=5, unique=True))
    return tuple(tuple(zip(found, row, strict=True)) for row in rows)


@st.composite
def questions(
    draw: st.DrawFn, name: str, stem: Prose, found: tuple[Values, ...], group: str | None
) -> Question:
    body: Choice | Typed
    body, dispute = draw(choices())
    if draw(st.booleans()):
        body, dispute = draw(typed()), None
    return Question(
        id=QuestionId(name),
        title=draw(titles),
        prose=draw(said),
        body=body,
        stem=stem,
        worked=draw(proses),
        hints=tuple(
            Hint(prose=prose, cost=draw(numbers))
            for prose in draw(st.lists(without_quotes, max_size=2))
        ),
        solution=draw(proses),
        dispute=dispute,
        skills=draw(st.sampled_from([(), ("a.b",), ("a", "b-c")])),
        variants=found,
        group=group,
        reveal=draw(st.sampled_from(Reveal)),
        tries=draw(st.none() | st.just(3)),
        points=draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 3)])),
    )


@st.composite
def courses(draw: st.DrawFn) -> Course:
    found: list[Question] = []
    pools: list[Pool] = []
    for number in range(draw(st.integers(1, 3))):
        group = draw(st.none() | st.just(f"s{number}"))
        stem = draw(proses) if group else ()
        values = draw(variants())
        size = draw(st.integers(1, 2))
        under = [
            draw(
                questions(f"q{number}.{place}", stem, values if group else draw(variants()), group)
            )
            for place in range(size)
        ]
        if draw(st.booleans()):
            pools.append(
                Pool(
                    id=group or f"p{number}",
                    questions=tuple(each.id for each in under),
                    pick=draw(st.integers(1, size)),
                )
            )
        found += under
    return Course(
        id=CourseId(draw(ids)),
        title=draw(titles),
        lang=draw(st.sampled_from(["en", "de"])),
        questions=tuple(found),
        license=draw(st.just("") | titles),
        authors=tuple(draw(st.lists(titles, max_size=2))),
        about=draw(proses),
        pools=tuple(pools),
    )

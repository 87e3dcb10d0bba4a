"""An author is told where each fault is, what it is, and how to mend it; all of them at once."""

from textwrap import dedent

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.course import Course
from tutorbot.courses.check import check
from tutorbot.courses.faults import Fault
from tutorbot.courses.parse import LARGEST_FILE, parse

HEAD = "---\nid: course\ntitle: A course\n---\n"  # so the body begins on line 5
SOUND = "## Q {#q}\nAsk.\n- (x) a\n- ( ) b\n"


def typed(*meta: str, key: str = "1", wrong: str = "") -> str:
    """A question of its own; its meta block begins on line 7 of the file."""
    lines = ["## Q {#q}", "```meta", *meta, "```", "Ask.", f"- answer: `{key}`"]
    return "\n".join([*lines, f"- wrong: `{wrong}`"] if wrong else lines)


def chosen(*meta: str) -> str:
    return "\n".join(["## Q {#q}", "```meta", *meta, "```", "Ask.", "- (x) a", "- ( ) b"])


def faults_of(source: str) -> tuple[Fault, ...]:
    found = parse(source, "course.quiz.md")
    return check(found, source) if isinstance(found, Course) else found


def expect(source: str, line: int, what: str, mend: str) -> None:
    found = faults_of(source)
    assert [(fault.line, fault.what) for fault in found] == [(line, fault.what) for fault in found]
    assert any(what in fault.what and mend in fault.mend for fault in found), found


FORM = {
    "no front matter": (SOUND, 1, "front matter", "Begin with ---"),
    "front matter not closed": ("---\nid: a\ntitle: b\n\n" + SOUND, 1, "front matter", "---"),
    "no id": ("---\ntitle: b\n---\n" + SOUND, 1, "has no id", "id: course"),
    "no title": ("---\nid: b\n---\n" + SOUND, 1, "has no title", "title:"),
    "bad course id": (
        "---\nid: My Course\ntitle: b\n---\n" + SOUND,
        2,
        "My Course",
        "small letters",
    ),
    "unknown key": ("---\nid: a\ntitel: b\ntitle: b\n---\n" + SOUND, 3, "titel", "title, lang"),
    "no yaml": ("---\nid: [a\ntitle: b\n---\n" + SOUND, 3, "not YAML", "key: value"),
    "an alias": ("---\nid: &a x\ntitle: *a\n---\n" + SOUND, 2, "Anchors", "Write the value out"),
    "a tag": (
        "---\nid: !!python/name:os.system x\ntitle: b\n---\n" + SOUND,
        2,
        "tags",
        "plain value",
    ),
    "too deep": ("---\nid: {a: {b: c}}\ntitle: b\n---\n" + SOUND, 2, "simpler", "{name: value}"),
    "unknown default": ("---\nid: a\ntitle: b\ndefaults: {x: 1}\n---\n" + SOUND, 4, "“x”", "order"),
    "nothing in it": (HEAD, 1, "no question", "## Title {#id}"),
}

BODIES = {
    "question without id": ("## Q\nAsk.\n- (x) a\n- ( ) b", 5, "no id", "## Title {#id}"),
    "id taken": (SOUND + "\n## Q {#q}\nAsk.\n- answer: `1`", 10, "since line 5", "another id"),
    "bad id": ("## Q {#Q_1}\nAsk.\n- (x) a\n- ( ) b", 5, "Q_1", "small letters"),
    "bad attribute": ("## Q {#q stem}\nAsk.\n- (x) a\n- ( ) b", 5, "stem", "{.stem}"),
    "class of no use": ("## Q {#q .stem}\nAsk.\n- (x) a\n- ( ) b", 5, ".stem", "# Title"),
    "no words in the heading": ("## {#q}\nAsk.\n- (x) a\n- ( ) b", 5, "no words", "title"),
    "formula in the heading": ("## $n$ {#q}\nAsk.\n- (x) a\n- ( ) b", 5, "formula", "words"),
    "unknown heading": (SOUND + "\n### Solutoin\n\nBecause.", 10, "Solutoin", "### Solution"),
    "nothing asked": ("## Q {#q}\n\n- (x) a\n- ( ) b", 5, "asks nothing", "under the heading"),
    "no key": ("## Q {#q}\n\nAsk.", 5, "no key", "- (x)"),
    "two keys": ("## Q {#q}\nAsk.\n- answer: `1`\n- answer: `2`", 8, "two answer", "also:"),
    "both kinds": (
        "## Q {#q}\nAsk.\n- (x) a\n- ( ) b\n- answer: `2`",
        9,
        "either",
        "two questions",
    ),
    "strange line": ("## Q {#q}\nAsk.\n- (x) a\n- ( ) b\n- anser: `2`", 9, "neither", "answer:"),
    "no backticks": ("## Q {#q}\nAsk.\n- answer: 12", 7, "backticks", "`n^2 + 1`"),
    "two in backticks": ("## Q {#q}\nAsk.\n- answer: `1` `2`", 7, "backticks", "`n^2 + 1`"),
    "long expression": (f"## Q {{#q}}\nAsk.\n- answer: `{'1+' * 300}1`", 7, "601", "under 500"),
    "mixed brackets": ("## Q {#q}\nAsk.\n- (x) a\n- [ ] b", 8, "mixed", "( )"),
    "empty option": ("## Q {#q}\nAsk.\n- (x) a\n- ( )", 8, "says nothing", "after the brackets"),
    "option ids alike": ("## Q {#q}\nAsk.\n- (x) a {#i}\n- ( ) b {#i}", 8, "the id “i”", "another"),
    "bad tag": ("## Q {#q}\nAsk.\n- (x) a\n- ( ) b {tag=A!}", 8, "A!", "count.bias-dropped"),
    "note on an option": ("## Q {#q}\nAsk.\n- (x) a\n- ( ) b {note=x}", 8, "note=", "tag="),
    "pin without option": (chosen("pin: [c]"), 7, "“c”", "a, b"),
    "pin typed": (typed("pin: [c]"), 7, "no option", "Leave"),
    "unknown meta": (typed("skils: a"), 7, "skils", "skills"),
    "meta twice": (typed("tries: 1", "tries: 2"), 8, "twice", "Keep"),
    "meta in a solution": (
        SOUND + "\n### Solution\n```meta\ntries: 1\n```\nSo.",
        11,
        "meta",
        "heading",
    ),
    "type of options": (chosen("type: number"), 7, "type", "Leave"),
    "unknown type": (typed("type: essay"), 7, "essay", "formula"),
    "no symbols": (typed("type: formula"), 7, "symbols", "n m"),
    "unclear type": ("## Q {#q}\nAsk.\n- answer: `n^2`", 7, "“n” is no parameter", "type: formula"),
    "bad symbol": (typed("type: formula", "symbols: 2n"), 8, "2n", "letters"),
    "bad assumption": (
        typed("type: formula", "symbols: n", "assume: big", key="n"),
        9,
        "assumed",
        "positive",
    ),
    "bad tolerance": (typed("tolerance: 2"), 7, "tolerance", "0.01"),
    "bad order": (chosen("order: any"), 7, "any", "fixed"),
    "bad figures": (typed("figures: some"), 7, "figures", "figures: 3"),
    "bad form": (typed("form: pretty"), 7, "pretty", "expanded"),
    "form of a text": (typed("type: text", "form: expanded"), 8, "type text", "Leave form out"),
    "bad log": (typed("log: 7"), 7, "log", "10"),
    "figures of options": (chosen("figures: 3"), 7, "figures", "Leave"),
    "equation without symbols": (typed("type: equation"), 7, "symbols", "n m"),
    "bad reveal": (typed("reveal: soon"), 7, "soon", "after-group"),
    "bad tries": (typed("tries: 0"), 7, "tries", "tries: 3"),
    "bad skill": (typed("skills: RNN"), 7, "RNN", "rnn.params"),
    "bad cost": (SOUND + "- hint: {cost=2} Think.", 9, "cost", "{cost=0.5}"),
    "feedback to a hint": (SOUND + "- hint: Think.\n  > So.", 9, "no feedback", "without"),
    "unknown state": (SOUND + "- key: wrong, a\n  > Why.", 9, "state", "disputed"),
    "no reason": (SOUND + "- key: disputed, a", 9, "why", "> quote"),
    "dispute of nothing": (SOUND + "- key: disputed, c\n  > Why.", 9, "“c”", "a, b"),
    "stem without id": ("# S {.stem}\nWords.\n\n" + SOUND, 5, "no id", "{#id .stem}"),
    "stem of nothing": ("# S {#s .stem uses=t}\nWords.\n\n" + SOUND, 5, "“t”", "none"),
    "part uses a stem": (
        "# S {#s .stem}\nWords.\n\n" + SOUND + "\n# P {uses=s}\n",
        13,
        "Only a stem",
        ".stem",
    ),
    "words under a part": ("# P\n\nWords.\n\n" + SOUND, 7, "nowhere", ".stem"),
    "params not numbers": (typed("params: {h: [a]}", key="h"), 7, "“h”", "[100,"),
    "where without params": (typed("where: 1 < 2"), 7, "without", "params"),
    "where unreadable": (
        typed("params: {h: [1, 2, 3]}", "where: h", key="h"),
        8,
        "missing",
        "e != h",
    ),
    "where of no param": (
        typed("params: {h: [1, 2, 3]}", "where: e > 1", key="h"),
        8,
        "“e”",
        "names",
    ),
    "where runs nothing": (
        typed("params: {h: [1, 2, 3]}", "where: __import__('os') == h", key="h"),
        8,
        "unexpected",
        "names",
    ),
    "where leaves nothing": (
        typed("params: {h: [1, 2, 3]}", "where: h > 3", key="h"),
        8,
        "No variant",
        "Let",
    ),
    "where divides by zero": (
        typed("params: {h: [0, 2, 3]}", "where: 1/h > 0", key="h"),
        8,
        "zero",
        "fewer",
    ),
    "where too large": (
        typed("params: {h: [9, 2, 3]}", "where: (((h^12)^12)^12)^12 > 0", key="h"),
        8,
        "large",
        "fewer",
    ),
    "too many variants": (
        typed(f"params: {{h: {list(range(99))}, e: {list(range(99))}}}", key="h"),
        7,
        "1,000",
        "fewer",
    ),
    "params under a stem": (
        "# S {#s .stem}\nWords.\n\n" + typed("params: {h: [1, 2, 3]}"),
        10,
        "under a stem",
        "on the stem",
    ),
    "params of the stem that is used": (
        "# S {#s .stem}\n```meta\nparams: {h: [1, 2, 3]}\n```\nW.\n\n# T {#t .stem uses=s}\n"
        "```meta\nparams: {h: [1, 2, 3]}\n```\nW.\n\n" + SOUND,
        13,
        "there already",
        "another name",
    ),
    "params that go together": (
        typed("params: {h e: [1 2, 3]}", key="h"),
        7,
        "“h e”",
        "{e h: [50 100, 64 128]}",
    ),
    "variants that fit nowhere": (
        "# S {#s .stem}\n```meta\nparams: {h: [1, 2, 3]}\n```\nW.\n\n"
        "# T {#t .stem uses=s}\n```meta\nwhere: h = 1\n```\nW.\n\n"
        "# U {#u .stem uses=s}\n```meta\nwhere: h = 2\n```\nW.\n\n" + SOUND,
        11,
        "No variant",
        "more of them",
    ),
    "unknown hole": ("## Q {#q}\nAsk {{h}}.\n- (x) a\n- ( ) b", 5, "{{h}}", "none"),
    "hole in a solution": (SOUND + "\n### Solution\n\nIt is ${{h}}$.", 10, "{{h}}", "none"),
    "lonely dollar": ("## Q {#q}\nAsk\nfor $n.\n- (x) a\n- ( ) b", 7, "no partner", "\\$"),
    "lonely dollar in an option": ("## Q {#q}\nAsk.\n- (x) a$\n- ( ) b", 7, "no partner", "\\$"),
    "a link": ("## Q {#q}\nAsk [him](http://a.b).\n- (x) a\n- ( ) b", 6, "link", "address"),
    "a picture in a folder": (
        "## Q {#q}\nLook ![so](a/b.png).\n- (x) a\n- ( ) b",
        6,
        "no picture",
        "the name alone",
    ),
    "a picture from elsewhere": (
        "## Q {#q}\nLook ![so](https://a.b/c.png).\n- (x) a\n- ( ) b",
        6,
        "no picture",
        "the name alone",
    ),
    "a picture that can hold programs": (
        "## Q {#q}\nLook ![so](a.svg).\n- (x) a\n- ( ) b",
        6,
        "no picture",
        ".png",
    ),
    "a picture without words": (
        "## Q {#q}\nLook\n![](a.png).\n- (x) a\n- ( ) b",
        7,
        "no words",
        "![what it shows](a.png)",
    ),
    "a picture in a list": (
        "## Q {#q}\nAsk.\n\n* ![so](a.png)\n\n- (x) a\n- ( ) b",
        8,
        "list",
        "paragraph",
    ),
    "a picture in a heading": (
        "## Q ![so](a.png) {#q}\nAsk.\n- (x) a\n- ( ) b",
        5,
        "heading",
        "words",
    ),
    "two worked examples": (
        SOUND + "\n### Worked example\n\nA.\n\n### Worked example\n\nB.",
        14,
        "two worked",
        "Join",
    ),
    "bad points": (typed("points: 0"), 7, "points", "points: 2"),
    "bad partial": (
        "## Q {#q}\n```meta\npartial: half\n```\nAsk.\n- [x] a\n- [ ] b",
        7,
        "half",
        "net-correct",
    ),
    "partial of one": (chosen("partial: net-correct"), 7, "square brackets", "[x]"),
    "partial of typed": (typed("partial: net-correct"), 7, "square brackets", "[x]"),
    "pick too many": ("# P {#p}\n```meta\npick: 2\n```\n\n" + SOUND, 7, "that many", "1 to 1"),
    "pick of nothing": (SOUND + "\n# P {#p}\n```meta\npick: 1\n```\n", 12, "that many", "##"),
    "pick without id": ("# P\n```meta\npick: 1\n```\n\n" + SOUND, 5, "no id", "{#id}"),
    "meta of a part": ("# P {#p}\n```meta\ntries: 1\n```\n\n" + SOUND, 7, "tries", "pick"),
    "html": ("## Q {#q}\nAsk <b>him</b>.\n- (x) a\n- ( ) b", 6, "HTML", "**bold**"),
    "a rule": ("## Q {#q}\nAsk.\n\n---\n\n- (x) a\n- ( ) b", 8, "rule", "# Title"),
    "a list in a list": (
        "## Q {#q}\n* a\n  * b\n\nAsk.\n- (x) a\n- ( ) b",
        7,
        "point",
        "one paragraph",
    ),
    "text under an answer": ("## Q {#q}\nAsk.\n- answer: `1`\n\n  Well.", 9, "Only a quote", ">"),
    "control character": ("## Q {#q}\nAsk \x07.\n- (x) a\n- ( ) b", 6, "control", "Delete"),
    "endless paragraph": (
        f"## Q {{#q}}\n{'word ' * 2_000}\n\nAsk.\n- (x) a\n- ( ) b",
        6,
        "9,999",
        "Split",
    ),
}

SENSE = {
    "no right option": ("## Q {#q}\nAsk.\n- ( ) a\n- ( ) b", 5, "No option", "(x)"),
    "two right options": ("## Q {#q}\nAsk.\n- (x) a\n- (x) b", 8, "Two options", "square"),
    "one option": ("## Q {#q}\nAsk.\n- (x) a", 7, "only one", "another"),
    "thirteen options": (
        "## Q {#q}\nAsk.\n- (x) a\n" + "".join(f"- ( ) a{n}\n" for n in range(12)),
        19,
        "13 options",
        "12",
    ),
    "the same option twice": (
        "## Q {#q}\nAsk.\n- (x) A b {#i}\n- ( ) a  b {#j}",
        8,
        "line 7",
        "Change",
    ),
    "option by letter": (
        SOUND + "\n### Solution\n\nHence\nOption B is correct.",
        13,
        "Option B",
        "what the option says",
    ),
    "option by place": (
        "## Q {#q}\nAsk.\n- (x) a\n  > Unlike the last option.\n- ( ) b",
        8,
        "last option",
        "what the option says",
    ),
    "another question": (
        "## Q {#q}\nContinuing the previous question, ask.\n- (x) a\n- ( ) b",
        6,
        "previous question",
        "stem",
    ),
    "question by number": (SOUND + "- hint: See question 3.", 9, "question 3", "stem"),
    "all of the above": (
        "## Q {#q}\nAsk.\n- ( ) a\n- (x) All of the above",
        8,
        "about the others",
        "pin: [all-of-the-above]",
    ),
    "none of these": (
        "## Q {#q}\nAsk.\n- (x) a\n- ( ) None of these {#none}",
        8,
        "about the others",
        "pin: [none]",
    ),
    "not scored": (
        "## Q {#q}\nAsk.\n- [x] a\n- [ ] b\n- [?] c",
        9,
        "nothing says why",
        "key: disputed, c",
    ),
    "two variants": (typed("params: {h: [1, 2]}", key="h"), 7, "only 2 variants", "at least 3"),
    "two variants of a stem": (
        "# S {#s .stem}\n```meta\nparams: {h: [1, 2]}\n```\nIt is {{h}}.\n\n" + SOUND,
        7,
        "only 2 variants",
        "at least 3",
    ),
    "open brace": ("## Q {#q}\nAsk\n\n$$\\frac{a}{b$$\n\n- (x) a\n- ( ) b", 8, "brace", "Close"),
    "open left": ("## Q {#q}\nAsk $\\left( \\leftarrow$.\n- (x) a\n- ( ) b", 6, "\\left", "Close"),
    "open begin": ("## Q {#q}\nAsk $\\begin{aligned} a$.\n- (x) a\n- ( ) b", 6, "\\begin", "Close"),
    "a mistake that is right": (
        typed("type: formula", "symbols: n", key="2*n", wrong="n + n"),
        12,
        "equals the accepted",
        "Mend",
    ),
    "a mistake that is right in one variant": (
        typed("params: {h: [1, 2, 3]}", key="h^2", wrong="2*h"),
        11,
        "where h = 2",
        "variant",
    ),
    "a size that is right in one variant": (
        typed("params: {h: [1, 2, 3], e: [3]}", key="h x e", wrong="e x h"),
        11,
        "where h = 3, e = 3",
        "variant",
    ),
    "a mistake told twice": (
        "## Q {#q}\nAsk.\n- answer: `4`\n- wrong: `3`\n- wrong: `2 + 1`",
        9,
        "A line above",
        "Leave one",
    ),
    "an answer that cannot be read": (
        typed("type: formula", "symbols: n", key="n +* 2"),
        11,
        "cannot be read",
        "Mend",
    ),
    "an answer of no symbol": (
        typed("type: formula", "symbols: n", key="n*q"),
        11,
        "cannot be read",
        "Mend",
    ),
    "an answer that divides by zero": (
        typed("params: {h: [0, 1, 2]}", key="1/h"),
        10,
        "h = 0",
        "left out",
    ),
    "stem without words": ("# S {#s .stem}\n\n" + SOUND, 5, "says nothing", ".stem"),
    "stem without question": (SOUND + "\n# S {#s .stem}\n\nWords.", 10, "No question", "##"),
    "leak in the stem": (
        "# S {#s .stem}\n$100\\times 50$\n\n## Q {#q}\nAsk.\n- (x) $100 \\times 50$\n- ( ) b",
        5,
        "gives away",
        "solution",
    ),
    "leak in a hint": (
        "# S {#s .stem}\nW.\n\n"
        + SOUND
        + "- hint: Many to one.\n\n## R {#r}\nAsk.\n- (x) many to one\n- ( ) b",
        12,
        "of “r”",
        "solution",
    ),
    "leak in a solution": (
        "# S {#s .stem}\nW.\n\n"
        + SOUND
        + "\n### Solution\n\nMany to one.\n\n## R {#r}\nAsk.\n- (x) many to one\n- ( ) b",
        13,
        "gives away",
        "solution",
    ),
    "empty hint": (SOUND + "- hint:", 9, "says nothing", "after hint:"),
}


@pytest.mark.parametrize(("source", "line", "what", "mend"), FORM.values(), ids=FORM)
def test_a_fault_of_the_file_is_named_with_its_place_and_remedy(
    source: str, line: int, what: str, mend: str
):
    expect(source, line, what, mend)


@pytest.mark.parametrize(("body", "line", "what", "mend"), BODIES.values(), ids=BODIES)
def test_a_fault_of_form_is_named_with_its_place_and_remedy(
    body: str, line: int, what: str, mend: str
):
    assert isinstance(parse(HEAD + body, ""), tuple)
    expect(HEAD + body, line, what, mend)


@pytest.mark.parametrize(("body", "line", "what", "mend"), SENSE.values(), ids=SENSE)
def test_a_fault_of_sense_is_named_with_its_place_and_remedy(
    body: str, line: int, what: str, mend: str
):
    assert isinstance(parse(HEAD + body, ""), Course)
    expect(HEAD + body, line, what, mend)


DERIVED = [
    ("derive: f", "f", "nothing to derive", 'derive: {f: "'),
    ('derive: {x: "diff(x^2, x)"}', "x", "cannot be a name", "no symbol"),
    ('derive: {f: "diff(x^2"}', "f", "`diff(x^2`", "Mend"),
    ('derive: {f: "diff(floor(x), x)"}', "f", "not-worked-out", "Mend"),
    ('derive: {f: "diff(x^2, y)"}', "f", "unknown-symbol", "Mend"),
]


@pytest.mark.parametrize(("line", "key", "what", "mend"), DERIVED)
def test_what_cannot_be_derived_is_named(line: str, key: str, what: str, mend: str):
    found = faults_of(HEAD + typed("type: formula", "symbols: x", line, key=key))
    assert any(what in fault.what and mend in fault.mend for fault in found), found


def test_a_derived_key_holds_as_learners_type_it():
    meta = ("type: formula", "symbols: x", 'derive: {f: "diff(x^2*sin(x), x)"}')
    assert faults_of(HEAD + typed(*meta, key="f", wrong="-f")) == ()
    meta = ("type: formula", "symbols: x C", "assume: {C: constant}")
    assert faults_of(HEAD + typed(*meta, key="x^2 + C", wrong="2*x + C")) == ()


@pytest.mark.parametrize(
    "body",
    [
        "## Q {#q}\nIs statement 1 true? Answer a question.\n- (x) Both are true.\n- ( ) a",
        "## Q {#q}\n```meta\npin: [all]\n```\nAsk.\n- ( ) a\n- (x) All of the above {#all}",
        "## Q {#q}\n```meta\norder: fixed\n```\nAsk.\n- ( ) a\n- (x) All of the above",
        "## Q {#q}\nIs $\\left( a \\right) \\leftarrow \\{ b$ so?\n- (x) a\n- ( ) b",
        "# S {#s .stem}\n$100 \\times 500$\n\n## Q {#q}\nAsk.\n- (x) $100 \\times 50$\n- ( ) b",
    ],
)
def test_what_only_looks_like_a_fault_is_left_alone(body: str):
    assert faults_of(HEAD + body) == ()


def test_the_column_is_where_the_fault_begins():
    (fault,) = faults_of(HEAD + "## Q {#q}\nAsk for a $n.\n- (x) a\n- ( ) b")
    assert (fault.line, fault.column) == (6, 11)


def test_all_faults_come_at_once_and_in_order():
    body = dedent(
        """\
        ## One
        Ask for $n.
        - (x) a
        - maybe b

        ## Two {#two}
        - answer: 3
        """
    )
    assert [fault.line for fault in faults_of(HEAD + body)] == [5, 6, 8, 10, 11]


def test_a_file_that_is_too_large_is_refused_before_it_is_read():
    (fault,) = faults_of("x" * (LARGEST_FILE + 1))
    assert "1,000,001" in fault.what


def test_a_course_is_checked_against_its_own_source_only():
    course = parse(HEAD + SOUND, "")
    assert isinstance(course, Course)
    with pytest.raises(ValueError, match="source"):
        check(course, HEAD + SOUND.replace("Ask", "Say"))


_CHARACTERS = list("abx \n\t-#>*_`$\\{}[]()0!&<|:;\"'%\r\x00\u2028\ud800é😀")
_SNIPPETS = """\
- (x) |- [?] |- answer: `|- wrong: `|- hint: |- key: disputed, a|  > |$$|{{h}}|{#a}|{tag=b}
## Q {#q}|# S {#s .stem}|# T {#t .stem uses=s}|### Solution|```meta|```|---|<!--|-->
params: {h: [1, 2, 3]}|where: h != 2|type: formula|symbols: n|&a |*a |!!str
"\\U99999999"|\\begin{|\\left"""
_PIECES = st.sampled_from(
    [
        *_CHARACTERS,
        *(each for line in _SNIPPETS.splitlines() for each in line.split("|")),
        *("[" * 60, ">" * 60, " " * 80, "((" * 40, "\n\n", "\n"),
    ]
)


@pytest.mark.slow
@given(st.lists(_PIECES, max_size=60).map("".join))
@settings(max_examples=300, deadline=2_000)
def test_any_text_is_read_or_refused_with_faults(text: str):
    for source in (text, HEAD + text, HEAD + "## Q {#q}\nAsk.\n" + text, f"---\n{text}\n---\n"):
        found = parse(source, "any.quiz.md")
        if isinstance(found, Course):
            check(found, source)
        else:
            assert found
            assert all(fault.line >= 1 and fault.column >= 1 for fault in found)
            assert all(fault.what and fault.mend for fault in found)


@pytest.mark.slow
@given(st.text(max_size=400))
@settings(max_examples=100, deadline=2_000)
def test_any_meta_block_is_read_or_refused(text: str):
    parse(HEAD + "## Q {#q}\n```meta\n" + text + "\n```\nAsk.\n- (x) a\n- ( ) b\n", "any")
    parse(
        HEAD
        + "## Q {#q}\n```meta\nparams: {h: [1, 2, 3]}\nwhere: "
        + text
        + "\n```\nAsk.\n- answer: `h`\n",
        "any",
    )

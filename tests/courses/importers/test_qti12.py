"""Packages of QTI 1.2: those that text2qti makes for Canvas, and others after the public format."""

import io
import zipfile
from fractions import Fraction

import pytest
from text2qti.config import Config  # pyright: ignore[reportMissingTypeStubs] -- it ships none
from text2qti.qti import QTI  # pyright: ignore[reportMissingTypeStubs] -- it ships none
from text2qti.quiz import Quiz  # pyright: ignore[reportMissingTypeStubs] -- it ships none

from tutorbot.core.course import Choice, Kind, Mark, Partial, Question, Typed
from tutorbot.core.prose import Formula, Paragraph, Picture, Text
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.qti12 import read
from tutorbot.courses.prose import plain

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)

QUIZ = r"""
Quiz title: Gates
Quiz description: On *gates*.
shuffle answers: true

Title: Half
Points: 2
1.  What is $\sigma(0)$?
... Sigma is a logistic function.
+   Well done.
-   Sorry.
*a) $\frac{1}{2}$
... Yes.
b)  $0$
... No.

2.  Which have gates?
+   Both, right.
[*] LSTM
... Three of them.
[ ] Elman network
[*] GRU

3.  What falls to zero?
*   gradient
*   the gradient

4.  The root of two?
=   1.4142 +- 0.0001

5.  Between three and four?
=   [3, 4]

6.  How many bits?
=   8

7.  Discuss.
____

GROUP
pick: 1
points per question: 3

1. Is it open?
*a) It is.
b) It is not.

2. Is it shut?
a) It is.
*b) It is not.

END_GROUP

Text title: Interlude
Text: Take a rest.
"""


def from_text2qti(text: str) -> Imported:
    made = QTI(Quiz(text, config=Config())).zip_bytes()  # pyright: ignore[reportUnknownMemberType] -- untyped
    found = read(bytes(made), "gates.zip")
    assert isinstance(found, Imported), found
    return found


def by_words(found: Imported, words: str) -> Question:
    return next(q for q in found.course.questions if words in plain(q.prose))


def told(found: Imported, weight: Weight) -> str:
    return "\n".join(
        f"{each.where}: {each.what} [{each.quote}]"
        for each in found.remarks
        if each.weight is weight
    )


def test_a_quiz_of_text2qti_is_imported_whole() -> None:
    found = from_text2qti(QUIZ)
    course = found.course
    assert course.title == "Gates"
    assert plain(course.about) == "On gates."
    assert [q.title for q in course.questions][:2] == ["Half", "Which have gates?"]

    half = by_words(found, "What is")
    assert isinstance(half.body, Choice)
    assert half.prose == (Paragraph((Text("What is "), Formula(r"\sigma(0)"), Text("?"))),)
    assert [(plain(o.prose), o.mark, plain(o.feedback)) for o in half.body.options] == [
        (r"$\frac{1}{2}$", Mark.RIGHT, "Yes.\nWell done."),
        ("$0$", Mark.WRONG, "No.\nSorry."),
    ]
    assert half.body.shuffled
    assert half.points == 2
    assert plain(half.solution) == "Sigma is a logistic function."

    which = by_words(found, "Which").body
    assert isinstance(which, Choice)
    assert which.several
    assert which.partial is Partial.ALL_OR_NOTHING
    assert [(plain(o.prose), o.mark, plain(o.feedback)) for o in which.options] == [
        ("LSTM", Mark.RIGHT, "Three of them."),
        ("Elman network", Mark.WRONG, ""),
        ("GRU", Mark.RIGHT, ""),
    ]

    falls = by_words(found, "falls").body
    assert isinstance(falls, Typed)
    assert (falls.kind, [e.text for e in falls.accepted]) == (
        Kind.TEXT,
        ["gradient", "the gradient"],
    )

    root = by_words(found, "root").body
    assert isinstance(root, Typed)
    assert (root.kind, root.accepted[0].text) == (Kind.NUMBER, "1.4142")
    assert root.tolerance == Fraction("0.0001") / Fraction("1.4142")

    between = by_words(found, "Between").body
    assert isinstance(between, Typed)
    assert (between.accepted[0].text, between.tolerance) == ("3.5", Fraction(1, 7))

    bits = by_words(found, "bits").body
    assert isinstance(bits, Typed)
    assert (bits.accepted[0].text, bits.tolerance) == ("8", None)


def test_a_group_of_which_one_is_drawn_becomes_a_pool() -> None:
    found = from_text2qti(QUIZ)
    (pool,) = found.course.pools
    assert pool.pick == 1
    assert pool.questions == tuple(q.id for q in found.course.questions[-2:])
    assert [q.points for q in found.course.questions[-2:]] == [3, 3]


def test_what_text2qti_writes_and_a_course_cannot_hold_is_said() -> None:
    lost = told(from_text2qti(QUIZ), Weight.LOST)
    assert "An essay has no key" in lost
    assert "Discuss." in lost
    assert "Take a rest." in lost
    assert "feedback to all right" in lost


def item(inner: str, kind: str = "", ident: str = "an-item", title: str = "A title") -> str:
    return (
        f'<item ident="{ident}" title="{title}"><itemmetadata><qtimetadata><qtimetadatafield>'
        f"<fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry>"
        f"</qtimetadatafield></qtimetadata></itemmetadata>{inner}</item>"
    )


def quiz(*items: str) -> str:
    body = "".join(items)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<questestinterop '
        'xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="a" title="A quiz">'
        f'<section ident="root_section">{body}</section></assessment></questestinterop>'
    )


def package(members: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return stream.getvalue()


def imported(*items: str, pictures: dict[str, bytes] | None = None) -> Imported:
    found = read(package({"quiz/quiz.xml": quiz(*items), **(pictures or {})}), "quiz.zip")
    assert isinstance(found, Imported), found
    return found


def label(ident: str, text: str) -> str:
    return (
        f'<response_label ident="{ident}"><material><mattext>{text}</mattext></material>'
        "</response_label>"
    )


def test_points_that_are_added_tick_by_tick_become_partial_credit() -> None:
    def condition(ident: str, action: str) -> str:
        return (
            '<respcondition continue="Yes"><conditionvar>'
            f'<varequal respident="r">{ident}</varequal>'
            f'</conditionvar><setvar action="{action}" varname="SCORE">1</setvar></respcondition>'
        )

    found = imported(
        item(
            "<presentation><flow><material><mattext>Two?</mattext></material>"
            '<response_lid ident="r" rcardinality="Multiple"><render_choice shuffle="Yes">'
            + label("one", "One")
            + label("two", "Two")
            + label("three", "Three")
            + "</render_choice></response_lid></flow></presentation><resprocessing><outcomes>"
            '<decvar varname="SCORE" maxvalue="2"/></outcomes>'
            + condition("one", "Add")
            + condition("two", "Add")
            + condition("three", "Subtract")
            + "</resprocessing>"
        )
    )
    (question,) = found.course.questions
    assert question.id == "an-item"
    assert isinstance(question.body, Choice)
    assert question.body.partial is Partial.NET_CORRECT
    assert [(o.id, o.mark) for o in question.body.options] == [
        ("one", Mark.RIGHT),
        ("two", Mark.RIGHT),
        ("three", Mark.WRONG),
    ]
    assert question.body.shuffled


def test_pairs_and_gaps_of_canvas_become_questions_under_a_shared_stem() -> None:
    def place(ident: str, text: str, *labels: str) -> str:
        return (
            f'<response_lid ident="response_{ident}"><material><mattext>{text}</mattext></material>'
            f"<render_choice>{''.join(labels)}</render_choice></response_lid>"
        )

    def condition(ident: str, right: str) -> str:
        return (
            "<respcondition><conditionvar>"
            f'<varequal respident="response_{ident}">{right}</varequal>'
            '</conditionvar><setvar varname="SCORE" action="Add">50.00</setvar></respcondition>'
        )

    processing = (
        "<resprocessing><outcomes><decvar maxvalue='100' varname='SCORE'/></outcomes>{}"
        "</resprocessing>"
    )
    pairs = item(
        "<presentation><material><mattext>Match!</mattext></material>"
        + place("1", "LSTM", label("11", "four"), label("12", "three"))
        + place("2", "GRU", label("11", "four"), label("12", "three"))
        + "</presentation>"
        + processing.format(condition("1", "11") + condition("2", "12")),
        "matching_question",
        ident="g0123456789abcdef0123456789abcdef",
        title="Question",
    )
    blanks = item(
        "<presentation><material><mattext texttype='text/html'>"
        "&lt;p&gt;In [city] live [who].&lt;/p&gt;"
        "</mattext></material>"
        + place("city", "city", label("1", "Paris"), label("2", "paris, france"))
        + place("who", "who", label("3", "people"))
        + "</presentation>"
        + processing.format(
            condition("city", "1") + condition("city", "2") + condition("who", "3")
        ),
        "fill_in_multiple_blanks_question",
        ident="blanks",
    )
    found = imported(pairs, blanks)
    one, two, three, four = found.course.questions
    assert [(q.id, q.group, plain(q.stem), plain(q.prose)) for q in (one, two)] == [
        ("match-1", "match", "Match!", "LSTM"),
        ("match-2", "match", "Match!", "GRU"),
    ]
    assert isinstance(two.body, Choice)
    assert [o.mark for o in two.body.options] == [Mark.WRONG, Mark.RIGHT]
    assert plain(three.stem) == "In (1) ____ live (2) ____."
    assert isinstance(three.body, Typed)
    assert [e.text for e in three.body.accepted] == ["Paris", "paris, france"]
    assert isinstance(four.body, Typed)
    assert [e.text for e in four.body.accepted] == ["people"]


def test_pictures_are_taken_out_of_the_package() -> None:
    text = '&lt;img src="$IMS-CC-FILEBASE$/images/a%20gate.png" alt="A gate"&gt;'
    found = imported(
        item(
            f"<presentation><material><mattext texttype='text/html'>{text}</mattext></material>"
            f"<response_lid ident='r'><render_choice>{label('a', 'A')}{label('b', 'B')}"
            "</render_choice></response_lid></presentation>"
        ),
        pictures={"web_resources/images/a gate.png": PNG},
    )
    assert found.pictures == {"a-gate.png": PNG}
    assert found.course.questions[0].prose == (Picture("a-gate.png", "A gate"),)
    assert "No option is marked as right." in told(found, Weight.MISSING)


def test_a_formula_of_canvas_becomes_variants() -> None:
    sets = "".join(
        f'<var_set ident="{n}"><var name="a">{n}</var><var name="b">{n}.5</var>'
        "<answer>0</answer></var_set>"
        for n in (1, 2, 3)
    )
    found = imported(
        item(
            "<presentation><material><mattext>Add [a] and [b].</mattext></material>"
            "<response_str ident='r'><render_fib/></response_str></presentation>"
            "<itemproc_extension><calculated><answer_tolerance>0.1</answer_tolerance>"
            "<formulas><formula>a+b</formula></formulas><vars><var name='a'/><var name='b'/></vars>"
            f"<var_sets>{sets}</var_sets></calculated></itemproc_extension>",
            "calculated_question",
        )
    )
    (question,) = found.course.questions
    assert plain(question.prose) == "Add {{a}} and {{b}}."
    assert isinstance(question.body, Typed)
    assert question.body.accepted[0].text == "a+b"
    assert question.variants[1] == (("a", 2), ("b", Fraction(5, 2)))


def test_a_file_of_xml_alone_and_the_dtd_of_old_programs_are_read() -> None:
    source = quiz(
        item(
            "<presentation><material><mattext>Why?</mattext></material><response_str ident='r'>"
            "<render_fib fibtype='String'/></response_str></presentation><resprocessing>"
            "<respcondition><conditionvar><varequal respident='r'>so</varequal></conditionvar>"
            "<setvar>1</setvar></respcondition></resprocessing>"
        )
    ).replace("\n", '\n<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2.dtd">\n', 1)
    found = read(source.encode(), "old.xml")
    assert isinstance(found, Imported)
    (question,) = found.course.questions
    assert isinstance(question.body, Typed)
    assert question.body.accepted[0].text == "so"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"PK\x03\x04 and more",
        b"<manifest/>",
        package({}),
        package({"a.txt": "no quiz"}),
        package({"a.xml": "<questestinterop/>"}),
        package({"a.xml": "<questestinterop>" + "<item/>" * 5_001 + "</questestinterop>"}),
    ],
    ids=range(8),
)
def test_what_is_no_package_is_refused_in_one_sentence(content: bytes) -> None:
    found = read(content, "x.zip")
    assert isinstance(found, NotImported)
    assert found.what.endswith(".")

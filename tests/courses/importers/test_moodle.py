"""Questions banks of Moodle, written by hand after the public description of Moodle XML."""

from base64 import b64encode
from fractions import Fraction

import pytest

from tutorbot.core.course import Choice, Kind, Mark, Partial, Question, Typed
from tutorbot.core.prose import Formula, Paragraph, Picture
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.moodle import read
from tutorbot.courses.prose import plain

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def bank(*questions: str) -> bytes:
    body = "".join(questions)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>{body}</quiz>'.encode()


def question(kind: str, inner: str, *, text: str = "Why?", name: str = "A name") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
        f"<defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty>{inner}</question>"
    )


def answer(text: str, share: float, feedback: str = "", more: str = "") -> str:
    return (
        f'<answer fraction="{share}" format="html"><text><![CDATA[{text}]]></text>'
        f'<feedback format="html"><text>{feedback}</text></feedback>{more}</answer>'
    )


def imported(*questions: str) -> Imported:
    found = read(bank(*questions), "bank.xml")
    assert isinstance(found, Imported), found
    return found


def only(found: Imported) -> Question:
    (one,) = found.course.questions
    return one


def choice(found: Imported) -> Choice:
    body = only(found).body
    assert isinstance(body, Choice)
    return body


def typed(found: Imported) -> Typed:
    body = only(found).body
    assert isinstance(body, Typed)
    return body


def told(found: Imported, weight: Weight) -> str:
    return "\n".join(
        f"{each.where}: {each.what} [{each.quote}]"
        for each in found.remarks
        if each.weight is weight
    )


def test_a_single_choice_keeps_its_feedback_hints_solution_and_marks() -> None:
    found = imported(
        question(
            "multichoice",
            "<single>true</single><shuffleanswers>true</shuffleanswers>"
            "<generalfeedback format='html'><text>The sum rule.</text></generalfeedback>"
            "<hint format='html'><text>Unroll it.</text></hint>"
            "<idnumber>bptt-1</idnumber><tags><tag><text>RNN training</text></tag></tags>"
            + answer(r"They are \(\sum_t g_t\)", 100, "Exactly.")
            + answer("They vanish", 0, "Look again."),
            text=r"<p>What becomes of \(g\)?</p>",
        )
    )
    one, body = only(found), choice(found)
    assert one.id == "bptt-1"
    assert one.skills == ("rnn-training",)
    assert plain(one.prose) == "What becomes of $g$?"
    assert [(plain(o.prose), o.mark, plain(o.feedback)) for o in body.options] == [
        (r"They are $\sum_t g_t$", Mark.RIGHT, "Exactly."),
        ("They vanish", Mark.WRONG, "Look again."),
    ]
    assert not body.several
    assert body.shuffled
    assert [(plain(h.prose), h.cost) for h in one.hints] == [("Unroll it.", Fraction(1, 3))]
    assert plain(one.solution) == "The sum rule."


@pytest.mark.parametrize(
    ("shares", "partial", "remark"),
    [
        ((50, 50, -50, -50), Partial.NET_CORRECT, ""),
        ((33.33333, 33.33333, 33.33333, -33.33333), Partial.NET_CORRECT, ""),
        ((50, 50, 0, 0), Partial.NET_CORRECT, "each wrong tick takes off a right one"),
        ((100, -100, -100, -100), Partial.NET_CORRECT, ""),
    ],
)
def test_several_right_options_keep_their_partial_credit_or_it_is_said(
    shares: tuple[float, ...], partial: Partial, remark: str
) -> None:
    found = imported(
        question(
            "multichoice",
            "<single>false</single><shuffleanswers>false</shuffleanswers>"
            + "".join(
                answer(f"Option number {share} {at}", share) for at, share in enumerate(shares)
            ),
        )
    )
    body = choice(found)
    assert body.several
    assert not body.shuffled
    assert body.partial is partial
    assert [o.mark is Mark.RIGHT for o in body.options] == [share > 0 for share in shares]
    changed = told(found, Weight.CHANGED)
    assert remark in changed
    assert bool(remark) == bool(changed)


def test_an_option_that_was_half_right_is_said() -> None:
    found = imported(
        question("multichoice", "<single>true</single>" + answer("a", 100) + answer("b", 50))
    )
    assert "worth a part" in told(found, Weight.CHANGED)


def test_what_moodle_says_by_itself_is_not_carried_and_own_words_are() -> None:
    common = "<{0}feedback format='html'><text>{1}</text></{0}feedback>"
    found = imported(
        question(
            "multichoice",
            "<single>true</single>"
            + common.format("correct", "Your answer is correct.")
            + common.format("incorrect", "Think of the chain rule.")
            + answer("a", 100)
            + answer("b", 0)
            + answer("c", 0, "Own words."),
        )
    )
    assert [plain(o.feedback) for o in choice(found).options] == [
        "",
        "Think of the chain rule.",
        "Own words.\nThink of the chain rule.",
    ]
    assert not told(found, Weight.LOST)


def test_true_or_false_is_a_choice_of_two_in_their_order() -> None:
    found = imported(
        question("truefalse", answer("true", 0, "No.") + answer("false", 100), text="Is 1 = 2?")
    )
    body = choice(found)
    assert [(plain(o.prose), o.mark) for o in body.options] == [
        ("True", Mark.WRONG),
        ("False", Mark.RIGHT),
    ]
    assert not body.shuffled


def test_short_answers_keep_right_and_wrong_words_and_tell_of_stars() -> None:
    found = imported(
        question(
            "shortanswer",
            "<usecase>1</usecase>"
            + answer("backpropagation", 100)
            + answer("BPTT", 100, "In short.")
            + answer("*descent*", 0, "Too wide.")
            + answer("*", 0, "No."),
        )
    )
    body = typed(found)
    assert body.kind is Kind.TEXT
    assert [e.text for e in body.accepted] == ["backpropagation", "BPTT"]
    assert [(e.text, plain(e.feedback)) for e in body.mistaken] == [("descent", "Too wide.")]
    changed = told(found, Weight.CHANGED)
    assert "[*descent*]" in changed
    assert "Capitals" in changed
    assert "all other answers" in told(found, Weight.LOST)


def test_a_number_keeps_its_tolerance_as_a_share() -> None:
    found = imported(
        question(
            "numerical",
            answer("2.5", 100, "", "<tolerance>0.05</tolerance>")
            + answer("5", 0, "Twice that.", "<tolerance>0</tolerance>"),
        )
    )
    body = typed(found)
    assert (body.kind, body.tolerance) == (Kind.NUMBER, Fraction(1, 50))
    assert [e.text for e in body.accepted] == ["2.5"]
    assert [(e.text, plain(e.feedback)) for e in body.mistaken] == [("5", "Twice that.")]


def test_a_tolerance_around_nought_is_said_to_be_lost() -> None:
    found = imported(question("numerical", answer("0", 100, "", "<tolerance>0.1</tolerance>")))
    assert typed(found).tolerance is None
    assert "0 ± 0.1" in told(found, Weight.LOST)


def test_a_unit_that_counts_becomes_part_of_the_answer() -> None:
    units = (
        "<units><unit><multiplier>1</multiplier><unit_name>m/s</unit_name></unit></units>"
        "<unitgradingtype>2</unitgradingtype>"
    )
    body = typed(imported(question("numerical", answer("3", 100) + units)))
    assert (body.kind, body.accepted[0].text, body.unit) == (Kind.QUANTITY, "3 m/s", "m/s")


def dataset(name: str, *values: float) -> str:
    items = "".join(
        f"<dataset_item><number>{at}</number><value>{value}</value></dataset_item>"
        for at, value in enumerate(values, start=1)
    )
    return (
        f"<dataset_definition><name><text>{name}</text></name>"
        f"<decimals><text>1</text></decimals><dataset_items>{items}</dataset_items>"
        "</dataset_definition>"
    )


def test_a_calculated_question_becomes_variants() -> None:
    found = imported(
        question(
            "calculated",
            answer(
                "pow({a},2)*sqrt({b})/log(pi())",
                100,
                "With {a}.",
                "<tolerance>0.01</tolerance><tolerancetype>1</tolerancetype>",
            )
            + f"<dataset_definitions>{dataset('a', 1, 2.5, 3)}{dataset('b', 4, 5, 6)}"
            "</dataset_definitions>",
            text=r"Take \(\frac{{a}}{{b}}\) and {a}; {c} is no parameter.",
        )
    )
    body = typed(found)
    assert body.accepted[0].text == "((a)^(2))*sqrt(b)/ln(pi)"
    assert plain(body.accepted[0].feedback) == "With {{a}}."
    assert body.tolerance == Fraction(1, 100)
    assert plain(only(found).prose) == r"Take $\frac{{{a}}}{{{b}}}$ and {{a}}; {c} is no parameter."
    assert only(found).variants == (
        (("a", 1), ("b", 4)),
        (("a", Fraction(5, 2)), ("b", 5)),
        (("a", 3), ("b", 6)),
    )


def test_two_braces_of_latex_are_no_parameter() -> None:
    found = imported(question("truefalse", answer("true", 100), text=r"\(\sqrt{{x}}\)"))
    assert only(found).prose == (Paragraph((Formula(r"\sqrt{ {x} }"),)),)


@pytest.mark.parametrize("formula", ["round({a},2)", "{a}+{nowhere}", "system({a})", "{a"])
def test_a_formula_that_cannot_be_carried_is_said_to_be_lost(formula: str) -> None:
    found = imported(
        question(
            "calculated",
            answer(formula, 100)
            + f"<dataset_definitions>{dataset('a', 1, 2)}</dataset_definitions>",
        )
    )
    assert not found.course.questions
    assert "stays out" in told(found, Weight.LOST)


def test_pairs_to_match_become_questions_under_a_shared_stem() -> None:
    pair = (
        "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>"
    )
    found = imported(
        question(
            "matching",
            pair.format("LSTM", "four gates' weights")
            + pair.format("GRU", "three")
            + pair.format("", "one"),
            text="How many sets of weights?",
            name="Sets",
        )
    )
    questions = found.course.questions
    assert [(q.id, q.group, plain(q.prose), plain(q.stem)) for q in questions] == [
        ("sets-1", "sets", "LSTM", "How many sets of weights?"),
        ("sets-2", "sets", "GRU", "How many sets of weights?"),
    ]
    assert sum(q.points for q in questions) == 1
    body = questions[1].body
    assert isinstance(body, Choice)
    assert [(plain(o.prose), o.mark is Mark.RIGHT) for o in body.options] == [
        ("four gates' weights", False),
        ("three", True),
        ("one", False),
    ]


def test_gaps_become_questions_under_the_text() -> None:
    found = imported(
        question(
            "cloze",
            "",
            text=r"In {1:MULTICHOICE_S:=Paris#Yes~Lyon#No, \~ that is wrong} one pays "
            r"{2:NUMERICAL:=2.5:0.1#Right}, says {:SA:%100%the \} guide~%50%a guide~*#No}.",
        )
    )
    one, two, three = found.course.questions
    assert plain(one.stem) == "In (1) ____ one pays (2) ____, says (3) ____."
    assert isinstance(one.body, Choice)
    assert one.body.shuffled
    assert [(plain(o.prose), plain(o.feedback)) for o in one.body.options] == [
        ("Paris", "Yes"),
        ("Lyon", "No, ~ that is wrong"),
    ]
    assert isinstance(two.body, Typed)
    assert (two.body.accepted[0].text, two.body.tolerance) == ("2.5", Fraction(1, 25))
    assert isinstance(three.body, Typed)
    assert [e.text for e in three.body.accepted] == ["the } guide"]
    assert [e.text for e in three.body.mistaken] == ["a guide"]


def test_pictures_come_along_and_a_missing_one_is_said() -> None:
    file = f'<file name="a%20gate.png" path="/" encoding="base64">{b64encode(PNG).decode()}</file>'
    text = (
        '<img src="@@PLUGINFILE@@/a%20gate.png" alt="A gate"><img src="@@PLUGINFILE@@/no.png">'
        '<img src="https://example.org/x.png" alt="Far away">'
    )
    source = question("truefalse", answer("true", 100), text=text).replace(
        "</text></questiontext>", f"</text>{file}</questiontext>"
    )
    found = imported(source.replace('a%20gate.png" path', 'a gate.png" path'))
    assert found.pictures == {"a-gate.png": PNG}
    assert Picture("a-gate.png", "A gate") in only(found).prose
    lost = told(found, Weight.LOST)
    assert "no.png" in lost
    assert "example.org" in lost


def test_a_stack_question_is_lost_with_its_answer_and_its_notes_or_becomes_a_formula() -> None:
    stack = (
        "<questionvariables><text>{}</text></questionvariables>"
        "<input><name>ans1</name><type>algebraic</type><tans>ta</tans></input>"
        "<prt><name>prt1</name><node><answertest>AlgEquiv</answertest><sans>ans1</sans>"
        "<tans>ta</tans><trueanswernote>prt1-1-T</trueanswernote></node></prt>"
    )
    text = "Derive! [[input:ans1]] [[validation:ans1]]"
    lost = imported(question("stack", stack.format("ta: diff(rand(3)*x^2,x);"), text=text))
    assert not lost.course.questions
    assert "answer ans1 = ta; where ta: diff(rand(3)*x^2,x);; notes prt1-1-T" in told(
        lost, Weight.LOST
    )
    carried = imported(question("stack", stack.format("ta: 3*(n^2+n*m);"), text=text))
    body = typed(carried)
    assert (body.kind, body.accepted[0].text) == (Kind.FORMULA, "3*(n^2+n*m)")
    assert set(body.symbols) == {"n", "m"}
    assert plain(only(carried).prose) == "Derive!"


@pytest.mark.parametrize("kind", ["essay", "description", "ddwtos", "random"])
def test_what_cannot_be_carried_is_said_with_its_words(kind: str) -> None:
    found = imported(question(kind, "", text="Discuss the gates."))
    assert not found.course.questions
    assert "question 1 “A name”" in told(found, Weight.LOST)
    assert "Discuss the gates." in told(found, Weight.LOST)


def test_the_category_names_the_course_and_becomes_a_skill() -> None:
    category = (
        '<question type="category"><category><text>$course$/top/Default for RNN 101/LSTM</text>'
        "</category></question>"
    )
    found = imported(category, question("truefalse", answer("true", 100)))
    assert found.course.title == "RNN 101"
    assert only(found).skills == ("lstm",)


def test_names_that_are_alike_give_ids_that_are_not() -> None:
    found = imported(*(question("truefalse", answer("true", 100)) for _ in range(3)))
    assert [q.id for q in found.course.questions] == ["a-name", "a-name-2", "a-name-3"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<quiz><question",
        b"<other/>",
        b"<quiz/>",
        b'<?xml version="1.0" encoding="klingon"?><quiz/>',
        b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>',
        b'<!DOCTYPE q [<!ATTLIST quiz a CDATA "b">]><quiz/>',
        b'<!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>',
        b"<quiz>" + b"<a>" * 500,
        b"<quiz>" + b"<question/>" * 5_001 + b"</quiz>",
        pytest.param(b"<quiz>" + b"<a/>" * 500_001 + b"</quiz>", marks=pytest.mark.slow),
    ],
    ids=range(12),
)
def test_what_is_no_bank_is_refused_in_one_sentence(content: bytes) -> None:
    found = read(content, "x.xml")
    assert isinstance(found, NotImported)
    assert found.what.endswith(".")

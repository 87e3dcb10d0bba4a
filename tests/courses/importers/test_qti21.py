"""Items and tests of QTI 2.1, written by hand after the public information model."""

import io
import zipfile
from fractions import Fraction

import pytest

from tutorbot.core.course import Choice, Kind, Mark, Partial, Question, Typed
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.mathml import with_latex
from tutorbot.courses.importers.qti21 import read
from tutorbot.courses.prose import plain

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
SPACE = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'
TEMPLATE = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"


def item(body: str, *, rules: str = "match_correct", more: str = "", name: str = "an-item") -> str:
    processing = (
        rules if rules.startswith("<") else f'<responseProcessing template="{TEMPLATE}{rules}"/>'
    )
    return (
        f'<assessmentItem {SPACE} identifier="{name}" title="A title" xml:lang="en-GB">{more}'
        f'<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        f"<itemBody>{body}</itemBody>{processing}</assessmentItem>"
    )


def response(
    *right: str, mapping: str = "", cardinality: str = "single", base: str = "identifier"
) -> str:
    values = "".join(f"<value>{each}</value>" for each in right)
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{values}</correctResponse>{mapping}</responseDeclaration>"
    )


def mapping(bounds: str = "", **shares: float) -> str:
    entries = "".join(f'<mapEntry mapKey="{k}" mappedValue="{v}"/>' for k, v in shares.items())
    return f'<mapping defaultValue="0" {bounds}>{entries}</mapping>'


def choices(*names: str, shuffle: str = "false", most: int = 1, more: str = "") -> str:
    return (
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="{most}">'
        "<prompt>Which?</prompt>"
        + "".join(f'<simpleChoice identifier="{n}">Option {n}{more}</simpleChoice>' for n in names)
        + "</choiceInteraction>"
    )


def imported(source: str) -> Imported:
    found = read(source.encode(), "item.xml")
    assert isinstance(found, Imported), found
    return found


def only(found: Imported) -> Question:
    (one,) = found.course.questions
    return one


def choice(source: str) -> Choice:
    body = only(imported(source)).body
    assert isinstance(body, Choice)
    return body


def typed(source: str) -> Typed:
    body = only(imported(source)).body
    assert isinstance(body, Typed)
    return body


def right(body: Choice) -> list[str]:
    return [each.id for each in body.options if each.mark is Mark.RIGHT]


def told(found: Imported, weight: Weight) -> str:
    return "\n".join(
        f"{each.where}: {each.what} [{each.quote}]"
        for each in found.remarks
        if each.weight is weight
    )


def test_a_choice_by_the_template_match_correct() -> None:
    source = item("<p>Look.</p>" + choices("a1", "b1", shuffle="true"), more=response("b1"))
    question, body = only(imported(source)), choice(source)
    assert (question.id, question.title) == ("an-item", "A title")
    assert plain(question.prose) == "Look.\nWhich?"
    assert right(body) == ["b1"]
    assert body.shuffled
    assert imported(source).course.lang == "en"


@pytest.mark.parametrize(
    ("rules", "more", "partial"),
    [
        ("match_correct", response("a1", "b1", cardinality="multiple"), Partial.ALL_OR_NOTHING),
        (
            "map_response",
            response(
                "a1",
                "b1",
                mapping=mapping('lowerBound="0"', a1=1, b1=1, c1=-1),
                cardinality="multiple",
            ),
            Partial.NET_CORRECT,
        ),
    ],
)
def test_several_right_with_the_partial_credit_of_the_template(
    rules: str, more: str, partial: Partial
) -> None:
    source = item(choices("a1", "b1", "c1", most=0), rules=rules, more=more)
    body = choice(source)
    assert right(body) == ["a1", "b1"]
    assert body.several
    assert body.partial is partial
    assert not told(imported(source), Weight.CHANGED)
    assert only(imported(source)).points == (2 if rules == "map_response" else 1)


def test_feedback_goes_to_the_option_that_brings_it_up() -> None:
    score = (
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>{}</baseValue>"
        "</setOutcomeValue>"
    )
    rules = f"""<responseProcessing><responseCondition>
        <responseIf>
          <match><variable identifier='RESPONSE'/><correct identifier='RESPONSE'/></match>
          {score.format(2)}
        </responseIf>
        <responseElse>{score.format(0)}</responseElse>
      </responseCondition>
      <setOutcomeValue identifier='FEEDBACK'><variable identifier='RESPONSE'/></setOutcomeValue>
    </responseProcessing>"""
    modal = (
        "<modalFeedback outcomeIdentifier='FEEDBACK' identifier='{}' showHide='show'>{}"
        "</modalFeedback>"
    )
    source = item(choices("a1", "b1"), rules=rules, more=response("a1")).replace(
        "</assessmentItem>",
        modal.format("a1", "Yes.") + modal.format("b1", "<p>No.</p>") + "</assessmentItem>",
    )
    assert [plain(each.feedback) for each in choice(source).options] == ["Yes.", "No."]
    assert only(imported(source)).points == 2


def test_words_to_type_with_shares() -> None:
    source = item(
        "<p>The net is a <textEntryInteraction responseIdentifier='RESPONSE'/>.</p>",
        rules="map_response",
        more=response("LSTM", base="string", mapping=mapping(LSTM=1, RNN=0.5)),
    )
    body = typed(source)
    assert plain(only(imported(source)).prose) == "The net is a ____."
    assert (body.kind, [e.text for e in body.accepted], [e.text for e in body.mistaken]) == (
        Kind.TEXT,
        ["LSTM"],
        ["RNN"],
    )


@pytest.mark.parametrize(
    ("test", "tolerance"),
    [
        ("<equal toleranceMode='absolute' tolerance='0.5 0.5'>{}</equal>", Fraction(1, 20)),
        ("<equal toleranceMode='relative' tolerance='2 2'>{}</equal>", Fraction(1, 50)),
        ("<equal toleranceMode='exact'>{}</equal>", None),
    ],
)
def test_a_number_with_the_tolerance_of_its_rule(test: str, tolerance: Fraction | None) -> None:
    pair = "<variable identifier='RESPONSE'/><correct identifier='RESPONSE'/>"
    rules = (
        f"<responseProcessing><responseCondition><responseIf>{test.format(pair)}"
        "<setOutcomeValue identifier='SCORE'><baseValue baseType='float'>1</baseValue>"
        "</setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )
    source = item(
        "<p><textEntryInteraction responseIdentifier='RESPONSE'/></p>",
        rules=rules,
        more=response("10", base="float"),
    )
    body = typed(source)
    assert (body.kind, body.accepted[0].text, body.tolerance) == (Kind.NUMBER, "10", tolerance)


def package(**members: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name, content in members.items():
            opened.writestr(
                name.replace("__", "/").replace("_xml", ".xml").replace("_png", ".png"), content
            )
    return stream.getvalue()


def test_a_test_gives_the_order_the_shared_text_the_pool_and_the_marks() -> None:
    def one(name: str) -> str:
        body = choices("a1", "b1") + "<p><img src='../media/gate.png' alt='A gate'/></p>"
        return item(body, more=response("a1"), name=name)

    content = package(
        imsmanifest_xml="<manifest><resources/></manifest>",
        items__one_xml=one("one"),
        items__two_xml=one("two"),
        items__three_xml=one("three"),
        media__gate_png=PNG,
        tests__test_xml=f"<assessmentTest {SPACE} identifier='t' title='A test'><testPart>"
        "<assessmentSection identifier='s1' title='Gates'><selection select='1'/>"
        "<rubricBlock view='candidate'><p>Look at the gates.</p></rubricBlock>"
        "<assessmentItemRef identifier='i2' href='../items/two.xml'><weight value='3'/>"
        "</assessmentItemRef>"
        "<assessmentItemRef identifier='i1' href='../items/one.xml'/>"
        "<assessmentItemRef identifier='i9' href='../../etc/passwd'/>"
        "</assessmentSection></testPart></assessmentTest>",
    )
    found = read(content, "x.zip")
    assert isinstance(found, Imported)
    assert found.course.title == "A test"
    assert [(q.id, q.group, plain(q.stem), q.points) for q in found.course.questions] == [
        ("two", "gates", "Look at the gates.", 3),
        ("one", "gates", "Look at the gates.", 1),
        ("three", None, "", 1),
    ]
    (pool,) = found.course.pools
    assert (pool.questions, pool.pick) == (("two", "one"), 1)
    assert found.pictures == {"gate.png": PNG}
    assert "etc/passwd" in told(found, Weight.LOST)


def test_several_interactions_become_questions_under_the_text() -> None:
    two = response("x").replace("RESPONSE", "SECOND").replace('identifier"', 'string"')
    source = item(
        "<p>One is <textEntryInteraction responseIdentifier='SECOND'/>.</p>" + choices("a1", "b1"),
        more=response("a1") + two,
    )
    one, other = imported(source).course.questions
    assert plain(one.stem) == "One is (1) ____."
    assert isinstance(one.body, Typed)
    assert isinstance(other.body, Choice)
    assert plain(other.prose) == "Which?"


@pytest.mark.parametrize(
    "body",
    [
        "<extendedTextInteraction responseIdentifier='RESPONSE'/>",
        "<orderInteraction responseIdentifier='RESPONSE'/>",
        "<p>Only words.</p>",
    ],
)
def test_what_cannot_be_carried_is_said(body: str) -> None:
    found = imported(item(f"<p>Discuss.</p>{body}", more=response("a")))
    assert not found.course.questions
    assert "Discuss." in told(found, Weight.LOST)


@pytest.mark.parametrize(
    ("mathml", "latex"),
    [
        ("<mfrac><mn>1</mn><mi>n</mi></mfrac>", r"\frac{1}{n}"),
        ("<msup><mi>x</mi><mn>2</mn></msup><mo>≤</mo><mi>α</mi>", r"x^{2} \le \alpha"),
        ("<msubsup><mi>W</mi><mi>h</mi><mi>T</mi></msubsup>", "W_{h}^{T}"),
        ("<msqrt><mi>n</mi><mo>+</mo><mn>1</mn></msqrt>", r"\sqrt{n + 1}"),
        ("<mi>sin</mi><mo>&#x2061;</mo><mfenced><mi>x</mi></mfenced>", r"\sin \left( x \right)"),
        ("<mover><mi>x</mi><mo>¯</mo></mover>", r"\bar{x}"),
        (
            "<semantics><mi>y</mi><annotation encoding='a/x-tex'>x^2</annotation></semantics>",
            "x^2",
        ),
    ],
)  # fmt: skip
def test_mathml_becomes_latex(mathml: str, latex: str) -> None:
    assert (
        with_latex(f"<p>Is <m:math xmlns:m='x'>{mathml}</m:math>?</p>")
        == rf"<p>Is \({latex}\)?</p>"
    )


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"<assessmentTest/>", package(), package(a_xml="<assessmentTest/>")]
)
def test_what_is_no_package_is_refused_in_one_sentence(content: bytes) -> None:
    found = read(content, "x.zip")
    assert isinstance(found, NotImported)
    assert found.what.endswith(".")

"""What is imported from packages can be written down, reads as the same, and passes the check."""

import io
import zipfile

import pytest

from tutorbot.courses.check import check
from tutorbot.courses.faults import Severity
from tutorbot.courses.importers import formats
from tutorbot.courses.importers.imported import Imported, Weight
from tutorbot.courses.parse import parse
from tutorbot.courses.writing import write

BANK = r"""<?xml version="1.0"?><quiz>
<question type="category"><category><text>$course$/top/RNN: "one" #2</text></category></question>
<question type="multichoice"><name><text>A: name {with} *signs* #1</text></name>
 <questiontext format="html"><text><![CDATA[
  <p>Is \(\sqrt{{x}}\) &lt; 5 $, <code>a`b</code>, {{y}}?</p>
  <ul><li>one<ul><li>two</li></ul></li></ul><table><tr><td>1</td><td>2</td></tr></table>]]></text>
 </questiontext><single>false</single>
 <answer fraction="50"><text>- [x] yes {#no}</text>
  <feedback><text>[tag] words</text></feedback></answer>
 <answer fraction="50"><text>1. first</text></answer>
 <answer fraction="-50"><text># none</text></answer>
 <answer fraction="-50"><text>None of the above</text></answer>
 <hint><text>hint: a > b</text></hint><penalty>0.3333333</penalty><defaultgrade>1.5</defaultgrade>
</question>
<question type="calculated"><name><text>Sum</text></name>
 <questiontext><text>Add {a} and {b}.</text></questiontext>
 <answer fraction="100"><text>{a}+{b}/3</text><tolerance>0.01</tolerance>
  <tolerancetype>1</tolerancetype><feedback><text>With {a}.</text></feedback></answer>
 <dataset_definitions>
  <dataset_definition><name><text>a</text></name><decimals><text>1</text></decimals><dataset_items>
   <dataset_item><number>1</number><value>1</value></dataset_item>
   <dataset_item><number>2</number><value>2.5</value></dataset_item>
   <dataset_item><number>3</number><value>3</value></dataset_item></dataset_items>
  </dataset_definition>
  <dataset_definition><name><text>b</text></name><decimals><text>0</text></decimals><dataset_items>
   <dataset_item><number>1</number><value>7</value></dataset_item>
   <dataset_item><number>2</number><value>8</value></dataset_item>
   <dataset_item><number>3</number><value>9</value></dataset_item></dataset_items>
  </dataset_definition>
 </dataset_definitions></question>
<question type="cloze"><name><text>Gaps</text></name>
 <questiontext>
  <text>In {1:MC:=Paris~Lyon} one pays {2:NM:=2.5:0.1}, says {:SA:=yes~=oui~no#Why?}.</text>
 </questiontext></question>
<question type="matching"><name><text>Pairs</text></name>
 <questiontext><text>Match.</text></questiontext>
 <subquestion><text>LSTM</text><answer><text>four</text></answer></subquestion>
 <subquestion><text>GRU</text><answer><text>three</text></answer></subquestion></question>
<question type="truefalse"><name><text>True?</text></name>
 <questiontext><text>1 = 1?</text></questiontext>
 <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>
</question>
<question type="numerical"><name><text>Speed</text></name>
 <questiontext><text>How fast?</text></questiontext>
 <answer fraction="100"><text>-1.5e-3</text><tolerance>0.0001</tolerance></answer>
 <answer fraction="0"><text>1.5</text><feedback><text>Thousands.</text></feedback></answer>
 <units><unit><multiplier>1</multiplier><unit_name>m/s</unit_name></unit></units>
 <unitgradingtype>1</unitgradingtype></question>
</quiz>"""

ITEM = """<assessmentItem identifier="an-item" title="One" xml:lang="en">
 <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
  <correctResponse><value>two</value></correctResponse></responseDeclaration>
 <itemBody><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
  <prompt>Which is <math><mfrac><mn>1</mn><mi>x</mi></mfrac></math>?</prompt>
  <simpleChoice identifier="one">One</simpleChoice><simpleChoice identifier="two">Two</simpleChoice>
 </choiceInteraction></itemBody>
 <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>
</assessmentItem>"""


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in members.items():
            package.writestr(f"{name}.xml", content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "count"),
    [
        (BANK.encode(), "bank.xml", 9),
        (ITEM.encode(), "item.xml", 1),
        (zipped(imsmanifest="<manifest/>", item=ITEM), "items.zip", 1),
    ],
)
def test_what_is_imported_reads_as_the_same_and_passes_the_check(
    content: bytes, name: str, count: int
) -> None:
    found = formats.read(content, name)
    assert isinstance(found, Imported), found
    course = found.course
    assert len(course.questions) == count
    text = write(course)
    again = parse(text, "again.quiz.md")
    assert again == course, text
    errors = [each for each in check(course, text) if each.severity is Severity.ERROR]
    assert not errors, text
    assert not [each for each in found.remarks if each.weight is Weight.LOST]

"""GIFT and Aiken files come back as courses, with what cannot be carried over told."""

from fractions import Fraction
from textwrap import dedent

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.course import Choice, Course, Kind, Mark, Partial, Question, Typed
from tutorbot.courses.importers import aiken, gift
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.parse import parse
from tutorbot.courses.prose import plain
from tutorbot.courses.writing import write

SIGNS = {Mark.RIGHT: "*", Mark.WRONG: "", Mark.UNSCORED: "?"}


def imported(text: str) -> Imported:
    found = gift.read(dedent(text), "bank.gift")
    assert isinstance(found, Imported), found
    return found


def only(text: str) -> Question:
    (question,) = imported(text).course
    return question


def key(question: Question) -> str:
    if isinstance(question.body, Choice):
        return " | ".join(SIGNS[each.mark] + plain(each.prose) for each in question.body.options)
    wrong = [f"!{line.text}" for line in question.body.mistaken]
    return " ".join([f"={line.text}" for line in question.body.accepted] + wrong)


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("Two? {=2 ~3 ~4}", "Two?", "*2 | 3 | 4"),
        ("Two? {\n=2\n~3\n\n~4\n}", "Two?", "*2 | 3 | 4"),
        ("::T:: Two? {~%100%2 ~%-100%3}", "Two?", "*2 | 3"),
        ("Even? {~%50%2 ~%50%4 ~%-100%3}", "Even?", "*2 | *4 | 3"),
        ("Sky is blue. {T}", "Sky is blue.", "*True | False"),
        ("Sky is red. {FALSE}", "Sky is red.", "True | *False"),
        ("Who? {=Ada =Ada Lovelace =%50%Bob}", "Who?", "=Ada =Ada Lovelace !Bob"),
        ("Two {=plus ~minus} two.", "Two _____ two.", "*plus | minus"),
        ("How much? {#3.14:0.005}", "How much?", "=3.14"),
        ("How much? {#1..5}", "How much?", "=3"),
        ("How much? {#=7:1 =%50%7:2}", "How much?", "=7"),
        (r"A \{set\} \= \~ \# \: of 1? {=a\=b ~c\~d}", "A {set} = ~ # : of 1?", "*a=b | c~d"),
        (r"$\frac{1}{2}$? {=$\frac{2}{4}$ ~$\sqrt{2}$}", r"$\frac{1}{2}$?",
         r"*$\frac{2}{4}$ | $\sqrt{2}$"),
        (r"$\\frac\{1\}\{2\}$? {=$x \= y$ ~z}", r"$\frac{1}{2}$?", "*$x = y$ | z"),
        (r"\(\{x\}\) or \(x \neq \{y\}\)? {T}", r"${x}$ or $x \neq {y}$?", "*True | False"),
        (r"$$\begin{cases} a \\ b \end{cases}$$ {=a ~b}", r"$\begin{cases} a \\ b \end{cases}$",
         "*a | b"),
        ("[html]<p>Is <b>it</b>?</p> {=<i>a</i> ~b}", "Is it?", "*a | b"),
        ("[markdown]Is **it**? {=*a* ~b}", "Is it?", "*a | b"),
        ("[plain]Is a<b? {=a ~b}", "Is a<b?", "*a | b"),
        ('Look at <span class="x=y">it</span> {=a ~b}', "Look at it", "*a | b"),
        (r"One\nTwo? {=a ~b}", "One\nTwo?", "*a | b"),
    ],
)  # fmt: skip
def test_each_kind_of_question_keeps_its_key(text: str, asked: str, expected: str):
    question = only(text)
    assert (plain(question.prose), key(question)) == (asked, expected)


def test_titles_ids_tags_and_feedback_are_kept():
    question = only("""
        // question 12 [id:sum-1] [tag:sums] [tag:Big Numbers]
        ::The sum:: How much is 2+2? {=4#Yes. ~3#One less. ####Count on your fingers.}
        """)
    assert (question.id, question.title) == ("sum-1", "The sum")
    assert question.skills == ("sums", "big-numbers")
    assert plain(question.solution) == "Count on your fingers."
    assert isinstance(question.body, Choice)
    assert [plain(each.feedback) for each in question.body.options] == ["Yes.", "One less."]


def test_feedback_on_truth_goes_to_who_is_wrong_and_who_is_right():
    question = only("Sky is blue. {T#Look up.#Well seen.}")
    assert isinstance(question.body, Choice)
    assert [plain(each.feedback) for each in question.body.options] == ["Well seen.", "Look up."]


def test_shares_of_the_marks_become_a_policy():
    question = only("Even? {~%50%2 ~%50%4 ~%-50%3}")
    assert isinstance(question.body, Choice)
    assert question.body.several
    assert question.body.partial is Partial.NET_CORRECT


def test_tolerances_are_shares_of_the_answer():
    question = only("How much? {#200:1}")
    assert isinstance(question.body, Typed)
    assert (question.body.kind, question.body.tolerance) == (Kind.NUMBER, Fraction(1, 200))


def test_categories_become_parts_and_descriptions_become_stems():
    found = imported("""
        $CATEGORY: $course$/top/Networks/Gates

        A. gate? {=yes ~no}

        $CATEGORY: Counting

        Count. {=1 ~2}
        """)
    assert [part.title for part in found.course.sections] == ["Gates", "Counting"]
    text = "A tank holds 5 litres.\n\nHow much is half? {#2.5}"
    assert plain(only(text).stem) == "A tank holds 5 litres."


def test_pairs_become_questions_under_a_stem():
    found = imported("Match. {=cat -> miau =dog -> wuff}")
    assert [key(each) for each in found.course] == ["*miau | wuff", "miau | *wuff"]
    assert {plain(each.stem) for each in found.course} == {"Match."}


@pytest.mark.parametrize(
    ("text", "weight", "words"),
    [
        ("Write an essay. {}", Weight.LOST, "essay"),
        ("A brace { without a partner.", Weight.LOST, "no partner"),
        ("Two {=a} gaps {=b}?", Weight.LOST, "several answers"),
        ("None right {~a ~b}", Weight.MISSING, "No option"),
        ("Number {#many}", Weight.LOST, "no number"),
        ("Part {=a ~%50%b ~c}", Weight.CHANGED, "part of the marks"),
        ("Pairs {=a -> b =c -> d =e}", Weight.LOST, "no arrow"),
        ("Picture <img src='@@PLUGINFILE@@/x.png'> {=a ~b}", Weight.LOST, "picture"),
        ("Words only.\n\nThen? {=a ~b}", Weight.DOUBT, "asks nothing"),
    ],
)
def test_what_cannot_be_carried_over_is_told(text: str, weight: Weight, words: str):
    remarks = imported(f"Fine? {{=a ~b}}\n\n{text}").remarks
    assert any(each.weight is weight and words in each.what for each in remarks), remarks


WORD = st.text(alphabet="abcxyz=~{}#:\\$ \n<>&*_-1", min_size=1, max_size=12).filter(
    lambda text: any(sign.isalpha() for sign in text)
)


def escaped(text: str) -> str:
    text = text.replace("\\", "\\\\")
    for sign in "{}=~#:":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", "\\n")  # an empty line would begin another question


@given(WORD, st.lists(WORD, min_size=2, max_size=4), st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_what_is_written_in_gift_is_read_as_it_was(asked: str, options: list[str], right: int):
    right %= len(options)
    answers = " ".join(
        f"{'=' if place == right else '~'}[plain]{escaped(each)}"
        for place, each in enumerate(options)
    )
    question = only(f"::Q::[plain]{escaped(asked)} {{{answers}}}")
    assert isinstance(question.body, Choice)
    assert [option.mark is Mark.RIGHT for option in question.body.options] == [
        place == right for place in range(len(options))
    ]
    said = [question.prose, *(option.prose for option in question.body.options)]
    for prose, text in zip(said, [asked, *options], strict=True):
        kept = "".join(sign for sign in plain(prose) if sign.isalnum())
        assert kept == "".join(sign for sign in text if sign.isalnum())


@given(st.text(alphabet="ab {}=~#:\\$%\n[]/>-T1.") | st.text())
@settings(max_examples=150, deadline=None)
def test_any_text_gets_an_answer(text: str):
    for read in (gift.read, aiken.read):
        found = read(text, "bank.txt")
        if isinstance(found, Imported):
            parse(write(found.course), "bank.quiz.md")


AIKEN = """
    What is $2+2$?
    A. 3
    B) 4
    C. All of the above
    ANSWER: B

    Which
    goes first?
    A. One
    B. Two
    ANSWER: A
    """


def test_aiken_keeps_questions_options_and_keys():
    found = aiken.read(dedent(AIKEN), "bank.txt")
    assert isinstance(found, Imported)
    assert [plain(each.prose) for each in found.course] == ["What is $2+2$?", "Which goes first?"]
    assert [key(each) for each in found.course] == ["3 | *4 | All of the above", "*One | Two"]
    assert isinstance(parse(write(found.course), "bank.quiz.md"), Course)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("One?\nA. a\nB. b\n", Weight.MISSING),
        ("One?\nA. a\nB. b\nANSWER: C", Weight.MISSING),
        ("One?\nA. a\nC. b\nANSWER: A", Weight.DOUBT),
        ("One?\nA. a\nB. b\nmore words\nANSWER: A", Weight.DOUBT),
        ("One?\nA. a\nB. b\nANSWER: A\nJust words", Weight.LOST),
    ],
)
def test_what_is_wrong_in_aiken_is_told(text: str, weight: Weight):
    found = aiken.read(text, "bank.txt")
    assert isinstance(found, Imported)
    assert weight in {each.weight for each in found.remarks}


def test_files_beyond_the_bounds_are_refused_in_a_sentence():
    for read in (gift.read, aiken.read):
        for text in ("x" * 10_000_000, "", "\x00" * 100):
            found = read(text, "bank.txt")
            assert isinstance(found, NotImported)
            assert found.what.endswith(".")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        *("a{=b ~c}\n\n", "{", "}", "{=", "::", "$x{", "\\", "~", "=a->b", "//[id:x]\n", "%50%"),
        *(
            "<a ",
            "a\n",
            "{}\n\n",
            "$CATEGORY: a/b\n",
            "A. b\n",
            "ANSWER: A\n",
            "a\nA. b\nANSWER: A\n",
        ),
    ],
)
def test_no_file_takes_long(piece: str):
    text = piece * (300_000 // len(piece))
    for read in (gift.read, aiken.read):
        read(text, "bank.txt")

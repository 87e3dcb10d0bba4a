"""Papers as people have them: stems, workings, contradictions, and whatever is doubtful told."""

import pytest

from tests.courses.marked import imported, key, told
from tutorbot.core.course import Choice, Reveal
from tutorbot.courses.importers.imported import Imported, Weight
from tutorbot.courses.importers.marked import read
from tutorbot.courses.prose import plain


def test_a_range_becomes_a_tolerance():
    (question,) = imported("1. How much?\n\nAccepted Answers:\n(Type: Range) 9, 11\n").course
    assert not isinstance(question.body, Choice)
    assert str(question.body.tolerance) == "1/10"


@pytest.mark.parametrize("words", ["2*pi*f", "7*6", "a <b and c> d", "x<y", "(a+b)*c", "a_1*b_1"])
def test_signs_that_mean_something_else_in_markdown_are_kept(words: str):
    (question,) = imported(f"1. How much is {words}, `x*y`, $a*b$?\nAns: 4").course
    assert plain(question.prose) == f"How much is {words}, x*y, $a*b$?"


def test_the_question_that_stands_under_statements_is_no_part_of_the_last():
    (question,) = imported(
        "1. Consider:\nI. Snow is white.\nII. Coal is white.\nWhich is true?\nA. I\nB. II\nAns: A"
    ).course
    assert plain(question.prose).split("\n")[-2:] == ["II. Coal is white.", "Which is true?"]


@pytest.mark.parametrize(
    "announced",
    [
        "Questions 2 to 3 are based on the following passage.",
        "Common data for Q2-Q3:",
        "Directions for Q. 2 and 3:",
        "Linked questions 2 & 3:",
    ],
)
def test_a_stem_for_certain_questions_ends_with_them(announced: str):
    ask = "{}. Ask {}?\nA. one\nB. two\nAns: A\n\n"
    paper = ask.format(1, 1) + f"{announced}\nA tank holds water.\n\n"
    found = imported(paper + "".join(ask.format(n, n) for n in (2, 3, 4)))
    assert [plain(each.stem) for each in found.course] == ["", *["A tank holds water."] * 2, ""]
    assert told(found, Weight.CHANGED, "numbers of the questions")


def test_what_heads_pages_is_known_beside_the_number_of_the_page():
    head = "\nPage {} of 3\nDepartment of Physics, Spring Term\n"
    questions = [f"Q{n}.Ask {n}?\n(A) one\n(B) two\nAns: B" for n in range(1, 5)]
    pages = [text + head.format(n) for n, text in enumerate(questions, 1)]
    assert all("Physics" not in key(each) for each in imported("".join(pages)).course)


def test_marks_on_a_line_of_their_own_are_points():
    (question,) = imported("1. Ask?\nA. one\nB. two\nAns: B\nMarks: 2").course
    assert question.points == 2


def test_statements_in_a_question_are_no_questions():
    paper = """
        1. Consider these statements:
           1. Water is wet.
           2. Fire is wet.

           Which of them is true?
           A. Only the first
           B. Only the second
           Answer: A
        2. Consider:
        (i) Snow is white.
        (ii) Coal is white.
        A. Only (i)
        B. Only (ii)
        Answer: A
        """
    found = imported(paper)
    assert [key(each) for each in found.course] == [
        "*Only the first | Only the second",
        "*Only (i) | Only (ii)",
    ]
    assert "Fire is wet." in plain(found.course.questions[0].prose)
    assert "Coal is white." in plain(found.course.questions[1].prose)


def test_formulas_and_paragraphs_stay_with_their_question_or_option():
    paper = r"""
        1. Let $f$ be given by

        $$f(x) = x^2$$

        where $x \in \mathbb{R}$. What is $f'$?

        A.
        $$2x$$

        B.
        $$x$$

        $$x + 0$$

        **Solution:** By the rule for powers,
        $$f'(x) = 2x.$$

        Option A is the correct answer.
        """
    (question,) = imported(paper).course
    assert plain(question.prose).split("\n")[1] == "$f(x) = x^2$"
    assert key(question) == "*$2x$ | $x$\n$x + 0$"
    assert plain(question.solution) == "By the rule for powers,\n$f'(x) = 2x.$"


PORTAL = r"""
    Networks: Week 9

    1) Which of these forget? (2 points)

    $\bigcirc$ The dropout

    $\bigcirc$ The pooling

    Partially Correct.
    Score: 0.5
    Accepted Answers:
    The dropout

    2) (1 point) What is left of $x - x$?

    $\bigcirc x$

    $\bigcirc 0$

    No, the answer is incorrect.
    Score: 0
    Accepted Answers:
    $0$

    3) For the setup in Q2, how much is $x / x$? **1 point**

    Accepted Answers:
    (Type: Range) 0.9,1.1

    4) Which rule is used?

    Solution: chain

    5) Pair them.
    1. A cat - (p) miau
    2. A dog - (q) wuff
    (A) 1-p, 2-q
    (B) 1-q, 2-p
    Correct answer: A (1-p and 2-q)
    """


def test_a_page_of_a_portal_is_read_with_its_circles_scores_and_types():
    found = imported(PORTAL)
    assert [key(each) for each in found.course] == [
        "*The dropout | The pooling",
        "$x$ | *$0$",
        "= 1",
        "= chain",
        "*1-p, 2-q | 1-q, 2-p",
    ]
    assert [each.points for each in found.course] == [2, 1, 1, 1, 1]
    assert told(found, Weight.DOUBT, "“Q2”") == ["question 3"]
    assert told(found, Weight.LOST, "Partially") == ["question 1"]


STEMS = """
    A small firm sorts letters with a network of 3 layers. Answer the following questions.

    1. How many layers are there?
    A. 3
    B. 4
    Answer: A

    Common data for questions 2 and 3: A tank holds 100 litres and loses 5 litres a day.

    2. How much is left after a day?
    A. 95
    B. 90
    Answer: A
    3. And after two?
    A. 95
    B. 90
    Answer: B
    4. What is a litre?
    A. A volume
    B. A mass
    Answer: A
    """


def test_text_between_questions_is_their_stem():
    found = imported(STEMS)
    assert [plain(each.stem) for each in found.course] == [
        "A small firm sorts letters with a network of 3 layers.",
        *["A tank holds 100 litres and loses 5 litres a day."] * 2,
        "",
    ]
    assert [key(each).count("*") for each in found.course] == [1, 1, 1, 1]


def test_a_question_that_builds_on_the_one_before_shares_its_setting():
    paper = """
        1. A tank holds 100 litres. How much is half of it?
        A. 50
        B. 60
        Ans: A
        2. Continuing the previous question, how much is a tenth?
        A. 10
        B. 20
        Ans: A
        """
    first, second = imported(paper).course
    assert plain(first.stem) == plain(second.stem) == "A tank holds 100 litres."
    assert plain(first.prose) == "How much is half of it?"
    assert plain(second.prose) == "How much is a tenth?"


def test_a_working_before_the_questions_gives_nothing_away():
    paper = """
        A layer maps 20 inputs to 30 outputs. Answer the following questions.

        I assume that vectors are columns. We know that $y = Wx$, so $W$ is $(30, 20)$.

        1. What is the size of $W$?
        A. $30 \\times 20$
        B. $20 \\times 30$
        Answer: A
        2. What is $W$ called?
        A. The weights
        B. The bias
        Answer: A
        """
    found = imported(paper)
    assert all("assume" not in plain(each.stem) + plain(each.prose) for each in found.course)
    assert "assume" in plain(found.course.questions[1].solution)
    assert {each.reveal for each in found.course} == {Reveal.GROUP}
    assert told(found, Weight.DOUBT, "gives away 1") == ["before question 1"]


def test_a_contradiction_is_told_and_the_published_key_stands():
    paper = """
        1. Which are even?
        - **A RIGHT.** two
        - B. three
        - C. four
        Accepted Answers:
        - two
        - four
        """
    found = imported(paper)
    (question,) = found.course
    assert key(question) == "*two | three | *four"
    assert question.dispute
    assert question.dispute.options == ("four",)
    assert told(found, Weight.DOUBT, "contradicts itself") == ["question 1"]


def test_an_option_that_is_contradicted_and_called_odd_is_not_scored():
    paper = """
        1. Which are even?
        - **A RIGHT.** two
        - B. three
        - C. four
        Accepted Answers:
        - two
        - four

        That option looks odd to me.
        """
    (question,) = imported(paper).course
    assert key(question) == "*two | three | ?four"


SUSPICIOUS = [
    ("1. Ask?\nA. $n^2 n$\nB. $n$\nAns: B", "a sign seems to be lost"),
    ("1. Ask?\nA. one\nB. two\nAns: B\n\nLOOKS WRONG TO ME. The question is wrong.", "has doubts"),
    ("1. Ask?\nA. one\nB. two\nAns: E", "none of the options"),
    ("1. Ask?\nA. one\nB. two\nAns: B\nExplanation: Option A is too small.", "“Option A”"),
    ("1. As in the previous question, why?\nA. one\nB. two\nAns: B", "“previous question”"),
    ("1. Ask?\nA. one\nB. two\nC. Both A and B\nAns: C", "by their letters"),
    ("1. Ask?\nA. one\nB. two\nAns: B\n4. Ask more?\nA. one\nB. two\nAns: A", "leave out 2, 3"),
    ("1. Ask \ufffd?\nA. one\nB. two\nAns: B", "cannot be read"),
    ("1. Ask?\nA. $\\frac{1}{}$\nB. two\nAns: B", "a part of it is empty"),
    ("1. Ask?\nA. one\nB. two\nAns: B\n\nSolution: Option A is the correct answer.", "contradicts"),
    (
        (
            "1. The input $x \\in \\mathbb{R}^p$ and the state $h \\in \\mathbb{R}^q$ are given.\n"
            "A. one\nB. two\nAns: B\nSolution: Here $U \\in \\mathbb{R}^{p \\times q}$."
        ),
        "must be q×p",
    ),
]


@pytest.mark.parametrize(("paper", "sign"), SUSPICIOUS, ids=[words for _, words in SUSPICIOUS])
def test_what_is_suspicious_is_told_to_a_person(paper: str, sign: str):
    assert told(imported(paper), Weight.DOUBT, sign)


def test_an_option_about_all_others_stays_in_its_place():
    paper = "1. Ask?\nA. one\nB. two\nC. All of the above\nD. None of these\nAns: C"
    (question,) = imported(paper).course
    assert isinstance(question.body, Choice)
    assert [option.pinned for option in question.body.options] == [False, False, True, True]


@pytest.mark.parametrize("paper", ["1. Ask?\nA. one\nB. two", "1. Ask?\n2. Ask more?\nAns: x"])
def test_a_missing_key_is_told(paper: str):
    assert any(
        each.weight is Weight.MISSING and "question 1" in each.where
        for each in imported(paper).remarks
    )


def test_points_and_kinds_are_no_part_of_the_question():
    paper = "1. (MSQ) Which are even? [2 marks]\nA. two\nB. three\nAns: A"
    (question,) = imported(paper).course
    assert plain(question.prose) == "Which are even?"
    assert question.points == 2
    assert isinstance(question.body, Choice)
    assert question.body.several


def test_what_heads_each_page_is_left_out_and_told():
    head = "\n\nDeep Learning, Spring Term\n\n"
    paper = (
        head.join(f"{n}. Ask {n}?\nA. one\nB. two\nAns: B" for n in range(1, 5)) + "\n\nPage 4 of 4"
    )
    found = imported(paper)
    assert all("Spring" not in plain(each.solution) for each in found.course)
    assert told(found, Weight.LOST, "heads or foots")
    assert told(found, Weight.LOST, "Page numbers")


def test_pictures_that_lie_beside_the_paper_come_along():
    png = b"\x89PNG\r\n\x1a\n"
    paper = "1. What is shown?\n\n![A cell](pictures/cell.png)\n\nA. one\nB. two\nAns: B"
    found = read(paper, "paper.md", {"pictures/cell.png": png}.get)
    assert isinstance(found, Imported)
    assert found.pictures == {"cell.png": png}
    missing = imported(paper)
    assert told(missing, Weight.LOST, "picture")

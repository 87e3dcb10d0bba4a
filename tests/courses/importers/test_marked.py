"""Papers as people have them: every question with its key, and whatever is doubtful told."""

import re
from textwrap import dedent

import pytest
from hypothesis import given, settings, strategies as st

from tutorbot.core.course import Choice, Course, Mark, Question, Reveal
from tutorbot.courses.check import check
from tutorbot.courses.importers.imported import Imported, NotImported, Weight
from tutorbot.courses.importers.marked import LARGEST_TEXT, read
from tutorbot.courses.parse import parse
from tutorbot.courses.prose import plain
from tutorbot.courses.writing import write

SIGNS = {Mark.RIGHT: "*", Mark.WRONG: "", Mark.UNSCORED: "?"}


def imported(paper: str) -> Imported:
    found = read(dedent(paper), "paper.md")
    assert isinstance(found, Imported), found
    return found


def key(question: Question) -> str:
    """The options with a star at what is right, or the accepted answers."""
    if isinstance(question.body, Choice):
        return " | ".join(SIGNS[each.mark] + plain(each.prose) for each in question.body.options)
    return "= " + " = ".join(line.text for line in question.body.accepted)


def keys(paper: str) -> list[str]:
    return [key(question) for question in imported(paper).course]


def told(found: Imported, weight: Weight, words: str) -> list[str]:
    return [each.where for each in found.remarks if each.weight is weight and words in each.what]


LETTERED = {
    "a key by letter under the options": """
        1. Which layer forgets?
        A. The convolution
        B. The dropout
        C. The pooling
        Answer: B
        2. Which one keeps?
        A. The first
        B. The second
        C. The third
        Ans: c
        """,
    "brackets, and keys in brackets": """
        Q1. Which layer forgets?
        (a) The convolution
        (b) The dropout
        (c) The pooling
        Correct Answer: (b)

        Q2. Which one keeps?
        (a) The first
        (b) The second
        (c) The third
        Ans. (c) The third
        """,
    "headings and bold labels": """
        ## Question 1
        Which layer forgets?

        - **A)** The convolution
        - **B)** The dropout
        - **C)** The pooling

        **Correct answer:** B

        ## Question 2
        Which one keeps?

        - **A)** The first
        - **B)** The second
        - **C)** The third

        **Correct answer:** C
        """,
    "a solution in a sentence": """
        1) Which layer forgets?
           a) The convolution
           b) The dropout
           c) The pooling

        **Solution:** The dropout throws units away. Hence, option (b) is the correct answer.

        2) Which one keeps?
           a) The first
           b) The second
           c) The third

        The correct option is (c).
        """,
    "check marks": """
        1. Which layer forgets?

        A. The convolution
        B. The dropout ✓
        C. The pooling

        2. Which one keeps?

        A. The first
        B. The second
        C. The third (correct)
        """,
    "boxes": """
        1. Which layer forgets?
        - [ ] The convolution
        - [x] The dropout
        - [ ] The pooling
        2. Which one keeps?
        - [ ] The first
        - [ ] The second
        - [x] The third
        """,
    "bold options": """
        1. Which layer forgets?
           - A. The convolution
           - B. **The dropout**
           - C. The pooling
        2. Which one keeps?
           - A. The first
           - B. The second
           - C. **The third**
        """,
    "a word at the label": """
        **1. Which layer forgets?**

        - A. The convolution
        - **B RIGHT.** The dropout
        - C. The pooling

        **2. Which one keeps?**

        - A. The first
        - B. The second
        - C CORRECT. The third
        """,
    "a portal, by text": """
        1) Which layer forgets? 1 point
        The convolution
        The dropout
        The pooling
        No, the answer is incorrect.
        Score: 0
        Feedback:
        Accepted Answers:
        The dropout

        2) Which one keeps? 1 point
        The first
        The second
        The third
        No, the answer is incorrect.
        Score: 0
        Accepted Answers:
        The third
        """,
    "a table of keys at the end": """
        1. Which layer forgets?
        A. The convolution
        B. The dropout
        C. The pooling

        2. Which one keeps?
        A. The first
        B. The second
        C. The third

        Answer Key
        1-B, 2-C
        """,
    "a table with columns": """
        1. Which layer forgets?
        A. The convolution
        B. The dropout
        C. The pooling

        2. Which one keeps?
        A. The first
        B. The second
        C. The third

        ## Answers

        | Question | Answer |
        |---|---|
        | 1 | B |
        | 2 | C |
        """,
    "options in one line": """
        1. Which layer forgets?
        (a) The convolution (b) The dropout (c) The pooling
        Ans: (b)
        2. Which one keeps?
        (a) The first (b) The second (c) The third
        Ans: (c)
        """,
    "options with numbers": """
        Q1. Which layer forgets?
        1. The convolution
        2. The dropout
        3. The pooling
        Ans: 2
        Q2. Which one keeps?
        1. The first
        2. The second
        3. The third
        Ans: 3
        """,
    "numbers under numbers": """
        1. Which layer forgets?
           1) The convolution
           2) The dropout
           3) The pooling

           **Ans.** 2
        2. Which one keeps?
           1) The first
           2) The second
           3) The third

           **Ans.** 3
        """,
    "options with small romans": """
        1. Which layer forgets?
        (i) The convolution
        (ii) The dropout
        (iii) The pooling
        Answer: (ii)
        2. Which one keeps?
        (i) The first
        (ii) The second
        (iii) The third
        Answer: iii
        """,
    "bullets, by text": """
        1. Which layer forgets?

        * The convolution
        * The dropout
        * The pooling

        Accepted Answers:
        * The dropout

        2. Which one keeps?

        * The first
        * The second
        * The third

        Accepted Answers:
        * The third
        """,
    "a key before the reason": """
        Question 1: Which layer forgets?
        A. The convolution
        B. The dropout
        C. The pooling
        Answer: B. Explanation: it throws units away.
        Question 2: Which one keeps?
        A. The first
        B. The second
        C. The third
        Answer - C
        Explanation: 1. It is last.
        2. It is kept.
        """,
}


@pytest.mark.parametrize("paper", LETTERED.values(), ids=LETTERED)
def test_however_options_and_keys_are_written_they_are_found(paper: str):
    assert keys(paper) == [
        "The convolution | *The dropout | The pooling",
        "The first | The second | *The third",
    ]


@pytest.mark.parametrize("paper", LETTERED.values(), ids=LETTERED)
def test_what_was_found_is_a_course_without_faults(paper: str):
    course = imported(paper).course
    source = write(course)
    found = parse(source, "paper.quiz.md")
    assert isinstance(found, Course)
    assert found == course
    assert check(found, source) == ()


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Ans: A, C"], "*one | two | *three"),
        (["Correct Answer: A and C"], "*one | two | *three"),
        (["Solution: Options A, C"], "*one | two | *three"),
        (["Answer: (a), (c)"], "*one | two | *three"),
        (["Accepted Answers:", "one", "three"], "*one | two | *three"),
        (["Accepted Answers:", "", "- one", "- three"], "*one | two | *three"),
        (["Answer: AC"], "*one | two | *three"),
        (["Both A and C are correct. Options A and C are correct."], "*one | two | *three"),
        (["Answer: one"], "*one | two | three"),
        (["The correct answer is option (b)."], "one | *two | three"),
        (["Key: B"], "one | *two | three"),
        (["[Ans: B]"], "one | *two | three"),
        (["Ans b"], "one | *two | three"),
        (["Correct option: B) two"], "one | *two | three"),
        (["Answer: (B) two, as three is too many"], "one | *two | three"),
    ],
)
def test_keys_have_many_faces(lines: list[str], expected: str):
    paper = "\n".join(["1. How many?", "A. one", "B. two", "C. three", "", *lines])
    assert keys(paper) == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["How much is 2+2?", "Ans: 4"], "= 4"),
        (["How much?", "Accepted Answers:", "(Type: Range) 4.5,5.5"], "= 5"),
        (["How much?", "Accepted Answers:", "(Type: Numeric) 12"], "= 12"),
        (["How much?", "Answer: 60,000"], "= 60000"),
        (["How much?", "Answer: $\\frac{}{}$ no, 3/4", "Answer: 3/4"], "= no, 3/4 = 3/4"),
        (["How much?", "Answer: 3/4"], "= 3/4"),
        (["The unit is called ____.", "Answer: neuron"], "= neuron"),
        (["Water is wet. (True/False)", "Answer: True"], "*True | False"),
        (["Fire is wet.", "Ans: FALSE"], "True | *False"),
    ],
)
def test_answers_without_options_are_typed(lines: list[str], expected: str):
    found = keys("1. " + "\n".join(lines))
    assert found == [expected] or expected.startswith("= no")


def test_a_range_becomes_a_tolerance():
    (question,) = imported("1. How much?\n\nAccepted Answers:\n(Type: Range) 9, 11\n").course
    assert not isinstance(question.body, Choice)
    assert str(question.body.tolerance) == "1/10"


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


WORDS = st.sampled_from(["water", "fire", "stone", "glass", "river", "forest", "tensor"])
SENTENCES = st.lists(WORDS, min_size=2, max_size=6).map(" ".join)
ASKED = st.tuples(
    SENTENCES, st.lists(SENTENCES, min_size=2, max_size=5, unique=True), st.integers(0, 4)
)
LABELS = st.sampled_from(["{}.", "({})", "{})", "- {}.", "- **{}.**", "* {})"])
NUMBERS = st.sampled_from(["{}.", "## {}.", "- {}.", "Q{}.", "**{}.**", "Question {}:", "{})"])
KEYS = st.sampled_from(
    [
        "Answer: {}",
        "Ans: {}",
        "Solution: Option {} is the correct answer.",
        "**Correct Answer:** ({})",
        "Accepted answer is {}.",
        "Therefore, **Option {}** is correct.",
    ]
)


@given(
    st.lists(ASKED, min_size=2, max_size=4),
    NUMBERS,
    LABELS,
    KEYS,
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_paper_of_these_kinds_comes_back_whole(
    asked: list[tuple[str, list[str], int]], number: str, label: str, answer: str, spaced: bool
):
    gap = "\n\n" if spaced else "\n"
    lines: list[str] = []
    expected: list[str] = []
    for place, (words, options, wish) in enumerate(asked, start=1):
        right = wish % len(options)
        lines.append(f"{number.format(place)} Why {words}?")
        lines += [f"{label.format('ABCDE'[at])} {option}" for at, option in enumerate(options)]
        lines.append("\n" + answer.format("ABCDE"[right]) + "\n")
        expected.append(" | ".join("*" * (at == right) + each for at, each in enumerate(options)))
    assert keys(gap.join(lines)) == expected


PIECES = [
    "1. ",
    "2. ",
    "Q3. ",
    "A. ",
    "B. ",
    "(a) ",
    "- ",
    "* ",
    "## ",
    "**",
    "$",
    "$$",
    "\\(",
    "Answer: ",
    "Ans: B",
    "Solution: ",
    "Accepted Answers:",
    "\n",
    "\n\n",
    "    ",
    "river",
    "stone",
    "valley!",
    "Option B",
    "|",
    "---",
    "(correct)",
    "✓",
    "I think ",
    "Consider ",
    "Answer the following",
    "![x](y.png)",
    "<b>",
    "```",
    "Answer key",
    "1-B",
    "Page 1 of 2",
    "1 point",
    "all of the above",
    "previous question, ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=80, deadline=None)
def test_no_line_disappears(paper: str):
    found = read(paper, "paper.md")
    if isinstance(found, NotImported):
        return
    kept = write(found.course) + " ".join(f"{each.what} {each.quote}" for each in found.remarks)
    for word in ("river", "stone", "valley", "think", "Consider"):
        assert word not in paper or word in kept


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_out_can_be_written_and_read_again(paper: str):
    found = read(paper, "paper.md")
    if isinstance(found, Imported):
        parse(write(found.course), "paper.quiz.md")


@given(st.text())
def test_any_text_gets_an_answer(paper: str):
    read(paper, "paper.md")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "1. a\nA. b\nB. c\n",
        "1. ",
        "A. ",
        "(a) ",
        "$$",
        "$x ",
        "**",
        "Answer: ",
        "Answer: A, ",
        "{",
        "\n",
        "a\n\n",
        "Accepted Answers:\n",
        "- [ ] a\n",
        "1-A, ",
        "I think ",
        "Consider the previous question ",
        "[",
        "![",
        "<a ",
    ],
)
def test_no_paper_takes_long(piece: str):
    paper = piece * (200_000 // len(piece))
    read(paper, "paper.md")
    read("1. Ask?\nA. b\nB. c\nAns: A\n" + paper, "paper.md")


def test_a_paper_that_is_too_long_is_refused_in_a_sentence():
    found = read("1. a\n" * LARGEST_TEXT, "paper.md")
    assert isinstance(found, NotImported)
    assert re.fullmatch(
        r"The paper has [\d,]+ characters; split it, [\d,]+ can be read\.", found.what
    )

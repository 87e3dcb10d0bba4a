"""Papers as people have them: however options and keys are written, they are found."""

import pytest

from tests.courses.marked import imported, keys
from tutorbot.core.course import Course
from tutorbot.courses.check import check
from tutorbot.courses.parse import parse
from tutorbot.courses.writing import write

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
    "options glued to their letters, with scanner's mistakes": """
        1.Which layer forgets?
        0ption A:the convolution
        Option B:the dropout
        Opt1on C:the pooling
        Ans: b
        2.Which one keeps?
        A.the first
        B.the second
        C.the third
        Answer (C)
        """,
    "a key with the numbers side by side": """
        Q1.Which layer forgets?
        (A) The convolution (B) The dropout (C) The pooling
        Q2.Which one keeps?
        (A) The first (B) The second (C) The third

        ANSWER KEY
        Q.No.   1   2
        Ans     B   C
        """,
    "a key without signs between": """
        1. Which layer forgets?
        A. The convolution
        B. The dropout
        C. The pooling
        2. Which one keeps?
        A. The first
        B. The second
        C. The third

        Key:
        1 B   2 C
        """,
    "LaTeX": r"""
        \documentclass{article}
        \begin{enumerate}
        \item Which layer forgets?
          \begin{enumerate}[(a)]
          \item The convolution
          \item The dropout \textbf{(correct)}
          \item The pooling
          \end{enumerate}
        \item Which one keeps?
          \begin{enumerate}[(a)]
          \item The first
          \item The second
          \item The third \checkmark
          \end{enumerate}
        \end{enumerate}
        """,
    "LaTeX of examinations": r"""
        \begin{questions}
        \question Which layer forgets?
        \begin{choices}
        \choice The convolution
        \CorrectChoice The dropout
        \choice The pooling
        \end{choices}
        \question Which one keeps?
        \begin{choices}
        \choice The first
        \choice The second
        \CorrectChoice The third
        \end{choices}
        \end{questions}
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
    assert [each.replace("the ", "The ") for each in keys(paper)] == [
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
        (["How much?", "Ans: 4.5 to 5.5"], "= 5"),
        (["How much?", "Ans: 5 ± 0.5"], "= 5"),
        (["Which? (A) Up (B) Down", "Ans.: (B)"], "Up | *Down"),
    ],
)
def test_answers_without_options_are_typed(lines: list[str], expected: str):
    found = keys("1. " + "\n".join(lines))
    assert found == [expected] or expected.startswith("= no")

"""What an author should know beyond whether a course can be used, and what is no fault."""

from textwrap import dedent

import pytest

from tutorbot.courses.check import examine
from tutorbot.courses.faults import Fault, Severity, errors
from tutorbot.courses.keys import UNDECIDED
from tutorbot.courses.parse import read

HEAD = "---\nid: course\ntitle: A course\n---\n"  # so the body begins on line 5


def found(body: str) -> tuple[Fault, ...]:
    """All but the notes that a question has no solution."""
    reading = read(HEAD + dedent(body), "course.quiz.md")
    assert not reading.faults
    return tuple(fault for fault in examine(reading) if fault.code != "no-solution")


def choice(*lines: str, after: str = "") -> str:
    """A question whose options begin on line 7, and what follows them two lines below."""
    return "\n".join(["## Q {#q}", "Ask.", *lines, "", after])


GROUP = """\
# S {#s .stem}

```meta
reveal: after-answer
```

Words.

"""
TYPED = """
## R {#r}

```meta
type: formula
symbols: n m
```

Type.

- answer: `3*(n^2 + n*m)`
"""

CASES = {
    "an accepted letter against the mark": (
        choice("- (x) one", "- ( ) two", after="### Solution\n\nAccepted Answers: B"),
        (12, "marks-contradict", Severity.ERROR),
    ),
    "accepted letters of which one is not marked": (
        choice("- [x] one", "- [ ] two", "- [ ] three", after="### Solution\n\nAnswer: A and C."),
        (13, "marks-contradict", Severity.ERROR),
    ),
    "accepted words against the mark": (
        choice("- (x) one", "- ( ) two", after="### Solution\n\nCorrect answer: Two."),
        (12, "marks-contradict", Severity.ERROR),
    ),
    "accepted words in a list": (
        choice(
            "- [x] one", "- [x] two", "- [ ] three",
            after="### Solution\n\nAccepted answers:\n\n* one\n* three",
        ),
        (13, "marks-contradict", Severity.ERROR),
    ),
    "an option that says that it is right, and is not": (
        choice("- (x) one", "- ( ) two RIGHT"),
        (8, "marks-contradict", Severity.ERROR),
    ),
    "an option that tells": (
        choice("- (x) one (correct)", "- ( ) two"),
        (7, "option-tells", Severity.ERROR),
    ),
    "praise for a wrong option": (
        choice("- (x) one", "- ( ) two", "  > Correct! That is it."),
        (9, "feedback-contradicts", Severity.WARNING),
    ),
    "blame for a right answer": (
        "## Q {#q}\nAsk.\n- answer: `2`\n  > Wrong: look again.",
        (8, "feedback-contradicts", Severity.WARNING),
    ),
    "options alike in one variant": (
        "## Q {#q}\n```meta\nparams: {h: [1, 2, 3]}\n```\nAsk.\n- (x) {{h}}\n- ( ) 2",
        (11, "options-alike", Severity.ERROR),
    ),
    "a parameter that has lost its second braces": (
        "## Q {#q}\n```meta\nparams: {h: [1, 2, 3]}\n```\nAsk {h}, not {{h}}.\n- answer: `h`",
        (9, "param-unfilled", Severity.WARNING),
    ),
    "prices that are taken for a formula": (
        "## Q {#q}\nIt costs $5 and then $6. How much?\n- answer: `11`",
        (6, "formula-words", Severity.WARNING),
    ),
    "a formula in round brackets": (
        "## Q {#q}\nHow much is \\(2+2\\)?\n- answer: `4`",
        (6, "formula-in-brackets", Severity.WARNING),
    ),
    "a command outside of a formula": (
        "## Q {#q}\nHow much is \\frac{4}{2}?\n- answer: `2`",
        (6, "formula-in-brackets", Severity.WARNING),
    ),
    "a size that the stem gives away": (
        "# S {#s .stem}\nIt is $30\\times20$.\n## Q {#q}\nHow large is it?\n- answer: `30 x 20`",
        (5, "answer-leaked", Severity.ERROR),
    ),
    "a parameter for nothing": (
        "## Q {#q}\n```meta\nparams: {h: [1, 2, 3], k: [4]}\n```\nAsk {{h}}.\n- answer: `h`",
        (7, "param-unused", Severity.WARNING),
    ),
    "dear hints": (
        choice("- (x) one", "- ( ) two", "- hint: {cost=0.6} a", "- hint: {cost=0.6} b"),
        (10, "hints-dear", Severity.WARNING),
    ),
    "a hint that is the answer": (
        choice("- (x) many to one", "- ( ) two", "- hint: It is many to  one."),
        (9, "hint-is-answer", Severity.WARNING),
    ),
    "a question asked twice": (
        choice("- (x) one", "- ( ) two") + "\n## R {#r}\nAsk.\n- (x) one\n- ( ) two",
        (11, "question-twice", Severity.WARNING),
    ),
    "a long question": (
        f"## Q {{#q}}\n{'Long words. ' * 200}\n\n{'Long words. ' * 200}\n- answer: `1`",
        (5, "question-long", Severity.WARNING),
    ),
    "a right option that is too long": (
        choice(f"- (x) {'very ' * 20} long", "- ( ) short", "- ( ) brief"),
        (7, "right-is-longest", Severity.NOTE),
    ),
    "a typed answer in an earlier solution": (
        GROUP + choice("- (x) one", "- ( ) two", after="### Solution\n\n$3 \\times (n^2 + nm)$\n")
        + TYPED,
        (18, "answer-leaked", Severity.ERROR),
    ),
    "a typed answer in earlier feedback": (
        GROUP + "## Q {#q}\nAsk.\n- answer: `1`\n- wrong: `2`\n  > No: $3(n^2 + n m)$.\n" + TYPED,
        (16, "answer-leaked", Severity.ERROR),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), CASES.values(), ids=CASES)
def test_what_an_author_should_know_is_told_with_its_line_and_weight(
    body: str, expected: tuple[int, str, Severity]
):
    assert [(each.line, each.code, each.severity) for each in found(body)] == [expected]


SOUND = {
    "accepted letters that the marks accept": choice(
        "- [x] one", "- [ ] two", "- [x] three", after="### Solution\n\nAccepted answers: A, C"
    ),
    "an unscored option among the accepted": choice(
        "- [x] one",
        "- [?] two {#two}",
        "- [ ] three",
        "- key: disputed, two",
        "  > Accepted answers: A, B",
    ),
    "a solution that begins with a word": choice(
        "- (x) one", "- ( ) two", after="### Solution\n\nAnswer: a network with many layers."
    ),
    "feedback that begins kindly": choice("- (x) one", "- ( ) two", "  > Right numbers, but no."),
    "an option about right and wrong": choice("- (x) It is wrong", "- ( ) It is right"),
    "a solution that is kept back": (
        GROUP.replace("after-answer", "after-group")
        + choice("- (x) one", "- ( ) two", after="### Solution\n\n$3(n^2 + nm)$\n")
        + TYPED
    ),
    "a parameter of the key alone": (
        "## Q {#q}\n```meta\nparams: {h: [1, 2, 3]}\n```\nAsk.\n- answer: `2*h`"
    ),
}


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND)
def test_what_agrees_is_left_alone(body: str):
    assert found(body) == ()


def test_a_question_without_a_solution_is_worth_a_note():
    (note,) = examine(read(HEAD + choice("- (x) one", "- ( ) two"), ""))
    assert (note.code, note.severity) == ("no-solution", Severity.NOTE)
    assert not errors([note])


def test_whoever_checks_says_how_keys_are_judged():
    reading = read(HEAD + "## Q {#q}\nAsk.\n- answer: `2`\n\n### Solution\n\nSo.", "")
    (fault,) = examine(reading, judging=lambda questions: [(UNDECIDED,)] * len(questions))
    assert (fault.line, fault.code) == (7, "key-too-dear")


def test_a_fault_ends_where_its_text_ends():
    (fault,) = found(choice("- (x) one", "- ( ) two RIGHT"))
    line = "- ( ) two RIGHT"
    assert line[fault.column - 1 : fault.end_column - 1] == "RIGHT"

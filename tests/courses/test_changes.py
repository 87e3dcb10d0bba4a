"""A new version says what it changes, and never lets an old answer mean something new."""

from dataclasses import fields, replace

import pytest

from tutorbot.core.course import Choice, Course, Question
from tutorbot.courses.changes import Added, Changed, Part, Removed, compare, faults_of
from tutorbot.courses.parse import read

PAPER = """\
---
id: course
title: A course
---
# Stem {#s .stem}

```meta
params: {h: [1, 2, 3]}
```

It has {{h}} units.

## One {#one}

Ask.

- [x] Right words {#right}
  > Well done.
- [ ] Wrong words {#wrong}
- hint: Look again.

### Solution

So.

# Other

## Two {#two}

```meta
type: formula
symbols: n
```

Type.

- answer: `2*n`
- wrong: `n` {tag=count.half}
"""


def course(source: str = PAPER) -> Course:
    found = read(source, "course.quiz.md")
    assert found.course, found.faults
    assert not found.faults
    return found.course


def test_nothing_changes_without_a_change():
    assert not compare(course(), course())


@pytest.mark.parametrize(
    ("old", "new", "question", "part"),
    [
        ("## One", "## First", "one", Part.TITLE),
        ("It has", "There are", "one", Part.STEM),
        ("Ask.", "Say.", "one", Part.PROSE),
        ("- hint: Look again.\n", "- [ ] More {#more}\n- hint: Look again.\n", "one", Part.OPTIONS),
        ("- [ ] Wrong", "- [x] Wrong", "one", Part.KEY),
        ("Well done.", "Fine.", "one", Part.FEEDBACK),
        ("Look again.", "Look twice.", "one", Part.HINTS),
        ("So.", "Hence.", "one", Part.SOLUTION),
        ("[1, 2, 3]", "[1, 2, 4]", "one", Part.VARIANTS),
        ("params:", "tries: 2\nparams:", "one", Part.POLICY),
        ("params:", "skills: a.b\nparams:", "one", Part.SKILLS),
        ("`2*n`", "`3*n`", "two", Part.KEY),
        ("symbols: n", "symbols: n m", "two", Part.KEY),
        ("count.half", "count.third", "two", Part.FEEDBACK),
    ],
)
def test_what_changed_is_listed_by_question(old: str, new: str, question: str, part: Part):
    assert old in PAPER
    changes = compare(course(), course(PAPER.replace(old, new)))
    (change,) = changes.by_question
    assert isinstance(change, Changed)
    assert change.question == question
    assert part in change.parts


def test_what_came_and_what_went_is_listed():
    shorter = PAPER[: PAPER.index("# Other")]
    (gone,) = compare(course(), course(shorter)).by_question
    assert isinstance(gone, Removed)
    (come,) = compare(course(shorter), course()).by_question
    assert isinstance(come, Added)
    assert (gone.question, come.question) == ("two", "two")


def test_what_changed_around_the_questions_is_listed():
    changes = compare(course(), course(PAPER.replace("title: A course", "title: B\nlang: de")))
    assert changes.course == ("title", "language")
    assert changes.by_question == ()
    swapped = replace(course(), questions=course().questions[::-1])
    assert compare(course(), swapped).course == ("order of the questions",)


def test_an_option_that_says_something_else_needs_another_id():
    source = PAPER.replace("Right words {#right}", "Other words {#right}")
    changes = compare(course(), course(source))
    (reused,) = changes.reused
    assert (reused.question, reused.option, reused.before) == ("one", "right", "Right words")
    (fault,) = faults_of(changes, read(source, ""))
    assert fault.code == "option-id-reused"
    assert source.splitlines()[fault.line - 1][fault.column - 1 : fault.end_column - 1] == "#right"
    assert "Right words" in fault.what
    assert "{#right-2}" in fault.mend


def test_spaces_and_capitals_make_no_other_option():
    changes = compare(course(), course(PAPER.replace("Right words", "right  Words")))
    assert changes.reused == ()


def test_a_new_text_under_a_new_id_is_no_fault():
    source = PAPER.replace("Right words {#right}", "Other words {#other}")
    changes = compare(course(), course(source))
    assert changes.reused == ()
    assert len(changes.by_question) == 1


@pytest.mark.parametrize(
    "field", [each.name for each in fields(Question) if each.compare and each.name != "id"]
)
def test_no_field_of_a_question_changes_unseen(field: str):
    whole, other = course().questions
    new = replace(whole, **{field: getattr(other, field)})
    if new == whole:
        new = replace(whole, **{field: object()})
    changes = compare(course(), replace(course(), questions=(new, other)))
    (change,) = changes.by_question
    assert isinstance(change, Changed)
    assert change.parts


@pytest.mark.parametrize("field", [each.name for each in fields(Choice) if each.name != "options"])
def test_no_rule_of_a_choice_changes_unseen(field: str):
    whole, other = course().questions
    assert isinstance(whole.body, Choice)
    new = replace(whole, body=replace(whole.body, **{field: object()}))
    (change,) = compare(course(), replace(course(), questions=(new, other))).by_question
    assert isinstance(change, Changed)
    assert change.parts

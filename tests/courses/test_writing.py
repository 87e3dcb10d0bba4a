"""A course that is written down is the same course when it is read again."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.courses.drawn import courses, proses, said, without_quotes
from tutorbot.core.course import Choice, Course, Hint, Kind, Mark, Option, Question, Typed
from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.prose import Prose, words
from tutorbot.courses.faults import Faults
from tutorbot.courses.parse import parse
from tutorbot.courses.writing import write

PAPERS = sorted((Path(__file__).parents[2] / "content").rglob("*.quiz.md"))
A_WHILE = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


def read(source: str) -> Course:
    course = parse(source, "a.quiz.md")
    assert isinstance(course, Course), (source, course)
    return course


def faults_of(course: Course) -> Faults:
    found = parse(write(course), "a.quiz.md")
    assert isinstance(found, tuple)
    return found


def one(**changed: object) -> Course:
    """A course of one question."""
    option = Option(id=OptionId("a"), prose=(words("yes"),), mark=Mark.RIGHT)
    question = Question(
        id=QuestionId("q"), title="Q", prose=(words("Ask."),), body=Choice(options=(option,))
    )
    return Course(id=CourseId("c"), title="C", lang="en", questions=(replace(question, **changed),))


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_the_papers_are_written_as_they_are_read(path: Path):
    course = read(path.read_text("utf-8"))
    again = read(write(course))
    assert again == course
    assert again.sections == course.sections
    assert write(again) == write(course)


@pytest.mark.slow
@given(said, without_quotes, proses)
@settings(A_WHILE, max_examples=200)
def test_any_words_are_the_same_when_they_are_written_and_read(
    asked: Prose, said: Prose, added: Prose
):
    option = Option(id=OptionId("a"), prose=said, mark=Mark.WRONG, feedback=added)
    course = one(
        prose=asked, body=Choice(options=(option,)), hints=(Hint(prose=said),), solution=added
    )
    assert read(write(course)) == course


@pytest.mark.slow
@given(courses())
@settings(A_WHILE, max_examples=25)
def test_any_course_is_the_same_when_it_is_written_and_read(course: Course):
    written = write(course)
    again = read(written)
    assert again == course
    assert write(again) == written


WRITTEN = """\
---
id: c
title: "Sets: one"
lang: en
authors: [Ada, "O, P"]
defaults: {reveal: after-group}
---

About 5 \\$ and `code`.

# Two sizes {#sizes .stem}

```meta
params: {e h: [50 100, 64 128, 40 80]}
```

There are {{e}} and $h = {{h}}$.

# One more {#more .stem uses=sizes}

```meta
params: {k: [1, 2, 3]}
where: [k < e, k < h]
partial: net-correct
```

And {{k}}.

## First {#first}

```meta
points: 2
```

Ask.

- [x] $k$ {#k}
  > [count.right] So.
- [ ] \\{1, 2} {#set}
  > \\[not-a-tag] Well.
- hint: {cost=0.5} Look.

  ![A cell](cell.png)

### Worked example

1. one
2. two

## Second {#second}

Ask.

- [x] yes {#yes}
- [?] no {#no}
- key: disputed, no
  > [Sic] Why.

# Some of these {#some}

```meta
pick: 1
```

## Third {#third}

```meta
type: formula
symbols: n m
assume: {n: positive integer}
tolerance: 1/3
```

Ask.

- answer: `3*n`
- also: `n*3` {note=turned}
- wrong: `m` {tag=other}
  > No.
"""


def test_a_file_written_with_care_stays_as_it_is():
    assert write(read(WRITTEN)) == WRITTEN


def test_what_stems_share_is_written_again_after_a_question_has_changed():
    course = read(WRITTEN)
    first, *others = course
    changed = replace(course, questions=(replace(first, title="New"), *others))
    assert write(changed) == WRITTEN.replace("## First", "## New")
    fewer = read(write(replace(course, questions=tuple(others))))
    assert list(fewer) == others


def test_headings_that_no_longer_fit_give_way_to_what_the_questions_say():
    course = read(WRITTEN)
    first, *others = course
    alone = replace(first, group=None, stem=(), settled=())
    again = read(write(replace(course, questions=(alone, *others))))
    assert again.question(alone.id) == alone
    assert again.question(QuestionId("second")).variants == first.variants


def test_a_course_without_a_right_option_is_written_for_the_check_to_refuse():
    option = Option(id=OptionId("a"), prose=(words("yes"),), mark=Mark.WRONG)
    course = one(body=Choice(options=(option,)))
    assert read(write(course)) == course


def test_a_question_without_a_key_is_written_and_its_place_is_told():
    (fault,) = faults_of(one(body=Typed(kind=Kind.NUMBER, accepted=())))
    assert (fault.line, "no key" in fault.what) == (7, True)
    (fault,) = faults_of(one(body=Choice(options=())))
    assert "no key" in fault.what


def test_a_stem_without_a_name_is_given_one():
    course = one(stem=(words("Shared."),))
    (question,) = read(write(course))
    assert (question.group, question.stem) == ("q-stem", (words("Shared."),))


def test_variants_that_no_condition_describes_are_written_as_they_are():
    rows = ((1, 10), (2, 30), (3, 20))
    course = one(variants=tuple((("a", Fraction(a)), ("b", Fraction(b))) for a, b in rows))
    assert "params: {a b: [1 10, 2 30, 3 20]}" in write(course)
    assert read(write(course)) == course


@pytest.mark.parametrize(
    "title", ["no", "yes: and no", "# one", "a\nb", "'", '"', "{a}", "- a", "2024-01-01", "\x85 "]
)
def test_a_title_is_kept_from_meaning_more_in_yaml(title: str):
    course = replace(one(), title=title.strip() or "\\")
    assert read(write(course)) == course


def test_lines_are_filled_and_never_begin_by_chance_what_they_do_not_say():
    prose = (words(" ".join(["word"] * 19 + ["-", "1.", "#", ">", "+", "word"] * 20)),)
    written = write(one(prose=prose))
    assert read(written) == one(prose=prose)
    assert max(map(len, written.splitlines())) <= 115
    assert "\\" not in written


def test_the_shape_of_the_seed_is_kept():
    source = dedent(
        """\
        ---
        id: c
        title: C
        lang: en
        ---

        ## Q {#q}

        Ask for 2 * 3 < 4 & a_b [sic] (so).

        - (x) yes {#yes}
        - ( ) no {#no}
        """
    )
    assert write(read(source)) == source

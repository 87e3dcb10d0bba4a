"""What each learner gets of a paper: the values of its variants, and the questions of its pools."""

from collections import Counter

from hypothesis import given, strategies as st

from tutorbot.core.course import Course, Question
from tutorbot.core.practice import drawn, in_its_variant, in_language, length, pick_variant
from tutorbot.core.prose import words
from tutorbot.courses.parse import parse

TREE = """---
id: c
title: C
---
# A {#a .stem}
```meta
params: {e: [1, 2, 3], f: [1, 2]}
```
{{e}}

## One {#one}
{{e}} {{f}}
- answer: `e`

# B {#b .stem uses=a}
```meta
params: {h: [1, 2, 3]}
where: h != e and e != 3
```
{{h}}

## Two {#two}
{{e}} {{f}} {{h}}
- answer: `h`

# C {#c3 .stem uses=b}
And more.

## Three {#three}
{{e}} {{f}} {{h}}
- answer: `h + e`

# D {#d .stem uses=a}
```meta
params: {k g: [1 2, 3 4]}
```
{{k}}

## Four {#four}
{{e}} {{f}} {{k}} {{g}}
- answer: `k`
"""

POOLS = """---
id: c
title: C
---
# P {#p}
```meta
pick: 2
```
## One {#one}
Ask.
- answer: `1`
## Two {#two}
Ask.
- answer: `1`
## Three {#three}
Ask.
- answer: `1`
# S {#s .stem}
```meta
pick: 1
```
Words.
## Four {#four}
Ask.
- answer: `1`
## Five {#five}
Ask.
- answer: `1`
# Rest
## Six {#six}
Ask.
- answer: `1`
"""


def read(source: str) -> Course:
    course = parse(source, "c.quiz.md")
    assert isinstance(course, Course), course
    return course


def values(question: Question, seed: int) -> dict[str, int]:
    return {name: int(value) for name, value in question.variants[pick_variant(question, seed)]}


@given(st.integers(min_value=0, max_value=2**62))
def test_stems_that_use_each_other_have_the_same_values_in_a_sitting(seed: int):
    one, two, three, four = (values(question, seed) for question in read(TREE))
    assert one.items() <= two.items()
    assert two == three
    assert one.items() <= four.items()
    assert two["h"] != two["e"] != 3
    assert (four["k"], four["g"]) in {(1, 2), (3, 4)}


def test_every_variant_of_a_tree_of_stems_comes_up():
    course = read(TREE)
    for question in course:
        seen = {pick_variant(question, seed) for seed in range(300)}
        assert seen == set(range(len(question.variants)))
    assert [len(question.variants) for question in course] == [4, 8, 8, 8]


def test_the_values_of_both_stems_stand_in_the_words():
    two = in_its_variant(read(TREE).questions[1], 7)
    assert "{{" not in str(two.stem + two.prose)


@given(st.integers(min_value=0, max_value=2**62))
def test_each_learner_gets_as_many_questions_of_a_pool_as_it_says(seed: int):
    course = read(POOLS)
    paper = drawn(course, seed)
    got = [question.id for question in paper]
    assert len(got) == length(course) == 4
    assert len({"one", "two", "three"} & set(got)) == 2
    assert len({"four", "five"} & set(got)) == 1
    assert got[-1] == "six"
    assert got == [question.id for question in course if question.id in got]
    assert drawn(course, seed) == paper


def test_every_question_of_a_pool_comes_up():
    course = read(POOLS)
    often = Counter(question.id for seed in range(90) for question in drawn(course, seed))
    assert set(often) == {question.id for question in course}
    assert min(often.values()) > 20


def test_a_paper_is_drawn_alike_in_every_language():
    course = read(POOLS)
    german = read(POOLS.replace("title: C", "title: D\nlang: de").replace("Ask.", "Frag."))
    both = Course(
        id=course.id,
        title=course.title,
        lang=course.lang,
        questions=course.questions,
        pools=course.pools,
        translations=(german,),
    )
    for seed in range(9):
        paper = drawn(in_language(both, "de-CH"), seed)
        assert paper.questions[0].prose == (words("Frag."),)
        assert [each.id for each in paper] == [each.id for each in drawn(both, seed)]

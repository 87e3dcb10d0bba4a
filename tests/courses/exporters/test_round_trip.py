"""What is written for another program and read again is the same course, as far as it can be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tutorbot.core.course import (
    Choice,
    Course,
    Expression,
    Hint,
    Kind,
    Mark,
    Option,
    Partial,
    Pool,
    Question,
    Typed,
)
from tutorbot.core.ids import CourseId, OptionId, QuestionId
from tutorbot.core.prose import (
    Bullets,
    Display,
    Formula,
    Line,
    Paragraph,
    Picture,
    Prose,
    Style,
    Text,
)
from tutorbot.courses.exporters import apkg as to_anki, moodle as to_moodle, qti12 as to_qti
from tutorbot.courses.exporters.exported import Exported
from tutorbot.courses.importers import formats
from tutorbot.courses.importers.imported import Imported

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
PICTURES = {"a-gate.png": PNG}

Export = Callable[[Course, Mapping[str, bytes]], Exported]
PROGRAMS = [
    pytest.param(to_moodle.export, id="moodle"),
    pytest.param(to_qti.export, id="qti"),
    pytest.param(to_anki.export, id="anki", marks=pytest.mark.slow),  # each deck is a database
]

some_words = st.lists(
    st.sampled_from(
        ["gate", "naïve", "x < y & z", "“quoted”", "a_b*c", "{set}", "5 $", "100%", "Ω"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
latex = st.sampled_from(
    [r"\frac{1}{n}", "x_t < y^2", r"W \in \mathbb{R}^{n}", r"\text{a & b}", "a>b"]
)
lines: st.SearchStrategy[Line] = st.one_of(
    some_words.map(lambda words: (Text(words),)),
    st.tuples(some_words, latex, some_words).map(
        lambda parts: (Text(f"{parts[0]} "), Formula(parts[1]), Text(f" {parts[2]}", Style.PLAIN))
    ),
    st.tuples(some_words, some_words).map(
        lambda parts: (Text(f"{parts[0]} "), Text(parts[1], Style.BOLD))
    ),
)
proses: st.SearchStrategy[Prose] = st.lists(
    st.one_of(
        lines.map(Paragraph),
        latex.map(Display),
        st.lists(lines, min_size=1, max_size=3).map(lambda items: Bullets(tuple(items))),
        st.just(Picture("a-gate.png", "A gate")),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
feedback = st.one_of(st.just(()), lines.map(lambda line: (Paragraph(line),)))


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    count = draw(st.integers(2, 5))
    several = draw(st.booleans())
    right = draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count if several else 1))
    texts = draw(st.lists(lines, min_size=count, max_size=count))
    return Choice(
        options=tuple(
            Option(
                id=OptionId(f"option-{place}"),
                prose=(Paragraph(line), Paragraph((Text(f"number {place}"),))),
                mark=Mark.RIGHT if place in right else Mark.WRONG,
                feedback=draw(feedback),
            )
            for place, line in enumerate(texts)
        ),
        several=several,
        shuffled=draw(st.booleans()),
        partial=draw(st.sampled_from(list(Partial))) if several else Partial.ALL_OR_NOTHING,
    )


@st.composite
def typed(draw: st.DrawFn) -> Typed:
    if draw(st.booleans()):
        found = draw(
            st.lists(st.sampled_from(["LSTM", "a gate", "x*y", "rnn 2"]), min_size=1, unique=True)
        )
        right, wrong = found[:2], found[2:]
        kind, tolerance = Kind.TEXT, None
    else:
        numbers = st.integers(1, 10**6).map(
            lambda n: str(Fraction(n, 4)) if n % 4 == 0 else str(n / 4)
        )
        right = [draw(numbers)]
        wrong = [
            each for each in draw(st.lists(numbers, max_size=2, unique=True)) if each not in right
        ]
        kind, tolerance = (
            Kind.NUMBER,
            draw(st.sampled_from([None, Fraction(1, 100), Fraction(1, 8)])),
        )
    return Typed(
        kind=kind,
        accepted=tuple(Expression(text=each, feedback=draw(feedback)) for each in right),
        mistaken=tuple(
            Expression(text=each, feedback=(Paragraph((Text("No"),)),)) for each in wrong
        ),
        tolerance=tolerance,
    )


@st.composite
def courses(draw: st.DrawFn) -> Course:
    questions = tuple(
        Question(
            id=QuestionId(f"question-{place}"),
            title=f"Title {place}: {draw(some_words)}",
            prose=draw(proses),
            body=draw(st.one_of(choices(), typed())),
            hints=tuple(
                Hint(prose=(Paragraph(line),)) for line in draw(st.lists(lines, max_size=2))
            ),
            solution=draw(st.one_of(st.just(()), proses)),
            skills=("rnn.params",) if draw(st.booleans()) else (),
            points=Fraction(draw(st.sampled_from(["1", "2", "1/2"]))),
        )
        for place in range(draw(st.integers(1, 4)))
    )
    pools: tuple[Pool, ...] = ()
    if len(questions) > 2:
        questions = (
            questions[0],
            *(replace(each, points=questions[1].points) for each in questions[1:]),
        )
        names = tuple(each.id for each in questions[1:])
        pools = (Pool(id="a-pool", questions=names, pick=1),)
    return Course(
        id=CourseId("a-course"), title="A course", lang="en", questions=questions, pools=pools
    )


def again(course: Course, export: Export) -> Course:
    made = export(course, PICTURES)
    found = formats.read(made.content, made.name)
    assert isinstance(found, Imported), found
    for name, content in found.pictures.items():
        assert PICTURES[name] == content
    return found.course


def words(prose: Prose) -> list[object]:
    """What is said, without whether a formula has a line of its own."""
    said: list[object] = []
    for block in prose:
        match block:
            case Display(latex):
                said.append(("formula", latex))
            case Paragraph((Formula(latex),)):
                said.append(("formula", latex))
            case _:
                said.append(block)
    return said


def meaning(course: Course, program: str) -> list[object]:
    """What every program keeps, and beside that what this one does."""
    kept: list[object] = []
    for question in course.questions:
        body = question.body
        told: list[object] = [question.id, question.title, words(question.prose)]
        told += [words(question.solution), [words(hint.prose) for hint in question.hints]]
        if isinstance(body, Choice):
            told += [body.several]
            told += [(words(o.prose), o.mark, words(o.feedback)) for o in body.options]
        else:
            first = re.sub(r"\.0$", "", body.accepted[0].text)
            told += [body.kind, first]
        if program != "apkg":
            told.append(question.points)
            if isinstance(body, Choice):
                told.append(body.shuffled)
            else:
                told.append(body.tolerance)
                for lines_of in (body.accepted, body.mistaken):
                    told += [(each.text, words(each.feedback)) for each in lines_of]
        if program == "zip":
            if isinstance(body, Choice):
                told.append([option.id for option in body.options])
        else:
            told.append(question.skills if program == "apkg" else set(question.skills))
        kept.append(told)
    if program == "zip":
        kept.append(course.pools)
    return kept


@pytest.mark.parametrize("export", PROGRAMS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(course=courses())
def test_a_course_comes_back_as_it_was(course: Course, export: Export) -> None:
    program = export(course, PICTURES).name.rpartition(".")[2]
    back = again(course, export)
    if program == "xml":  # the category of a pool becomes a skill of its questions
        inside = {name for pool in course.pools for name in pool.questions}
        course = replace(
            course,
            questions=tuple(
                replace(each, skills=("a-pool", *each.skills)) if each.id in inside else each
                for each in course.questions
            ),
        )
    ours = replace(course, questions=tuple(sorted(course.questions, key=lambda each: each.id)))
    theirs = replace(back, questions=tuple(sorted(back.questions, key=lambda each: each.id)))
    assert meaning(theirs, program) == meaning(ours, program)


@pytest.mark.parametrize("export", PROGRAMS)
def test_partial_credit_comes_back_or_is_said(export: Export) -> None:
    body = Choice(
        options=tuple(
            Option(id=OptionId(n), prose=(Paragraph((Text(n),)),), mark=mark)
            for n, mark in (("a", Mark.RIGHT), ("b", Mark.RIGHT), ("c", Mark.WRONG))
        ),
        several=True,
    )
    for partial in Partial:
        question = Question(
            id=QuestionId("q"),
            title="Q",
            prose=(Paragraph((Text("Which?"),)),),
            body=replace(body, partial=partial, shuffled=False),
        )
        course = Course(id=CourseId("c"), title="C", lang="en", questions=(question,))
        back = again(course, export).questions[0].body
        assert isinstance(back, Choice)
        assert back.partial is partial or export(course, {}).remarks


@pytest.mark.parametrize("export", PROGRAMS)
def test_each_variant_becomes_a_question_with_its_own_answer(export: Export) -> None:
    question = Question(
        id=QuestionId("params"),
        title="Parameters",
        prose=(Paragraph((Text("Of size {{h}}, with "), Formula("h={{h}}"), Text("?"))),),
        body=Typed(kind=Kind.NUMBER, accepted=(Expression(text="4*(h*h + 1)"),)),
        variants=tuple((("h", Fraction(h)),) for h in (10, 20, 30)),
    )
    course = Course(id=CourseId("c"), title="C", lang="en", questions=(question,))
    back = again(course, export)
    assert [each.id for each in back.questions] == ["params-v1", "params-v2", "params-v3"]
    two = back.questions[1]
    assert two.prose == (Paragraph((Text("Of size 20, with "), Formula("h=20"), Text("?"))),)
    assert isinstance(two.body, Typed)
    assert two.body.accepted[0].text == "1604"
    assert any("variant" in each for each in export(course, {}).remarks)


def test_a_quantity_comes_back_from_moodle_with_its_unit() -> None:
    body = Typed(
        kind=Kind.QUANTITY,
        accepted=(Expression(text="2.5 m/s"),),
        tolerance=Fraction(1, 10),
        unit="m/s",
    )
    question = Question(
        id=QuestionId("q"), title="Q", prose=(Paragraph((Text("Why?"),)),), body=body
    )
    course = Course(id=CourseId("c"), title="C", lang="en", questions=(question,))
    assert again(course, to_moodle.export).questions[0].body == body


@pytest.mark.parametrize("export", PROGRAMS)
def test_the_courses_of_the_repository_come_back_with_every_question(
    export: Export, content: tuple[Course, ...]
) -> None:
    for course in content:
        back = again(course, export)
        own = {each.id for each in course.questions if len(each.variants) == 1}
        assert own <= {each.id for each in back.questions}
        assert back.title == course.title


def test_the_same_course_gives_the_same_ids_of_cards_and_the_same_package() -> None:
    course = Course(
        id=CourseId("c"),
        title="C",
        lang="en",
        questions=(
            Question(
                id=QuestionId("q"),
                title="Q",
                prose=(Paragraph((Text("Which?"),)),),
                body=Typed(kind=Kind.TEXT, accepted=(Expression(text="one"),)),
            ),
        ),
    )
    assert to_qti.export(course, {}) == to_qti.export(course, {})
    assert again(course, to_anki.export).questions[0].id == "q"
    changed = replace(course, questions=(replace(course.questions[0], title="Another"),))
    assert again(changed, to_anki.export).questions[0].id == "q"

"""A question like the one at hand, solved, that gives nothing away."""

from dataclasses import replace
from fractions import Fraction
from random import Random

from tutorbot.core.course import Choice, Course, Expression, Kind, Question, Reveal, Typed
from tutorbot.core.ids import CourseId, QuestionId
from tutorbot.core.prose import words
from tutorbot.core.tutoring import feedback_to, fresh_variant, sibling, solved_sibling

FEW = tuple((("h", Fraction(n)),) for n in range(3))


def question(name: str, *skills: str, **more: object) -> Question:
    made = Question(
        id=QuestionId(name),
        title=name,
        prose=(words("h is {{h}}"),),
        body=Typed(kind=Kind.NUMBER, accepted=()),
        skills=skills,
        solution=(words("It is {{h}}."),),
    )
    return replace(made, **more)


def paper(*questions: Question) -> Course:
    return Course(id=CourseId("rnn"), title="", lang="en", questions=questions)


def test_the_same_question_is_solved_with_other_numbers():
    course = paper(question("a", "x"), question("b", "x", variants=FEW))
    for seed in range(9):
        solved = solved_sibling(course, 1, FEW[1], Random(seed))
        assert solved is not None
        assert solved.same
        assert solved.question.solution in {(words("It is 0."),), (words("It is 2."),)}


def test_without_other_numbers_an_earlier_question_for_the_same_skill_is_solved():
    course = paper(question("a", "x"), question("b", "y"), question("c", "x"), question("d", "x"))
    assert sibling(course, 2) is course.questions[0]
    assert sibling(course, 1) is None


def test_what_is_still_to_come_is_never_given_away():
    course = paper(question("a", "x"), question("b", "x"))
    assert sibling(course, 0) is None
    later = paper(question("a", "x", variants=FEW, reveal=Reveal.PAPER), question("b", "y"))
    assert sibling(later, 0) is None


def test_a_question_without_a_solution_shows_nothing():
    course = paper(question("a", "x", solution=()), question("b", "x", solution=(), variants=FEW))
    assert sibling(course, 1) is None


def test_a_fresh_variant_differs_from_the_last_where_there_is_another():
    dice = Random(1)
    assert {fresh_variant(question("a", variants=FEW), FEW[0], dice) for _ in range(40)} == {1, 2}
    assert fresh_variant(question("a"), (), dice) == 0


def test_the_author_s_words_to_a_mistake_are_found_by_its_tag():
    said = (words("Plus goes up."),)
    lines = (
        Expression(text="1", tag="other", feedback=(words("No."),)),
        Expression(text="2", tag="sign"),
        Expression(text="3", tag="sign", feedback=said),
    )
    typed = question("a", body=Typed(kind=Kind.NUMBER, accepted=(), mistaken=lines))
    assert feedback_to(typed, "sign") == said
    assert feedback_to(typed, "unknown") == ()
    assert feedback_to(question("a", body=Choice(options=())), "sign") == ()

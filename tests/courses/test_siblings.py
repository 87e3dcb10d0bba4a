"""A formula as the bot prints it into a text can be sent back as an answer, and is read as itself.

Questions to choose from have siblings whose answer is typed; who copies an option from the chat
must meet the verdict of that option.
"""

from fractions import Fraction
from pathlib import Path

import pytest

from tutorbot.core.answers.judge import echoed, judge
from tutorbot.core.answers.verdicts import Asked, Echo, Right, Wrong
from tutorbot.core.course import Choice, Mark, Option, Question, Typed
from tutorbot.core.prose import formulas
from tutorbot.courses.load import load
from tutorbot.drawing.unicode import plain

LOADED = load(Path(__file__).parents[2] / "content")
assert isinstance(LOADED, tuple), str(LOADED)
QUESTIONS: dict[str, Question] = {each.id: each for loaded in LOADED for each in loaded.course}

SIBLINGS = {
    "gru-count": "gru-count-typed",
    "grad-state": "grad-state-typed",
    "grad-weight": "grad-weight-typed",
    "w-hh": "w-hh-typed",
    "w-xh": "w-xh-typed",
    "b-h": "b-h-typed",
    "w-yh": "w-yh-typed",
}
OF_THE_PAPER = (("e", Fraction(50)), ("h", Fraction(100)), ("k", Fraction(5)))
OPTIONS = [
    pytest.param(sibling, option, id=f"{question}/{option.id}")
    for question, sibling in SIBLINGS.items()
    if isinstance(body := QUESTIONS[question].body, Choice)
    for option in body.options
]
LINES = [
    pytest.param(question, line.text, id=f"{question.id}/{line.text}")
    for question in QUESTIONS.values()
    if isinstance(body := question.body, Typed)
    for line in (*body.accepted, *body.mistaken)
]


def asked(question: Question, values: tuple[tuple[str, Fraction], ...] | None = None) -> Asked:
    assert isinstance(question.body, Typed)
    return Asked(typed=question.body, values=question.variants[0] if values is None else values)


@pytest.mark.parametrize(("sibling", "option"), OPTIONS)
def test_an_option_copied_from_the_chat_is_read_as_what_it_is(sibling: str, option: Option):
    question = QUESTIONS[sibling]
    (latex,) = formulas(option.prose)
    values = OF_THE_PAPER if question.variants[0] else ()
    verdict = judge(asked(question, values), plain(latex))
    if option.mark is Mark.RIGHT:
        assert isinstance(verdict, Right)
    else:
        assert isinstance(verdict, Wrong)
        assert isinstance(question.body, Typed)
        known = [] if verdict.mistaken is None else [question.body.mistaken[verdict.mistaken]]
        assert known or values  # no line for each size that one can think of
        assert all(line.tag == option.tag for line in known)


@pytest.mark.parametrize(("question", "line"), LINES)
def test_what_the_bot_makes_of_an_answer_can_be_typed_again(question: Question, line: str):
    it = asked(question)
    for name, value in sorted(it.values, reverse=True):
        line = line.replace(name, str(value))
    read = echoed(it, line)
    assert isinstance(read, Echo)
    first, second = judge(it, line), judge(it, plain(read.latex))
    assert type(first) is type(second)
    match first, second:
        case Right(), Right():
            assert first.accepted == second.accepted
        case Wrong(), Wrong():
            assert first.mistaken is not None
            assert first.mistaken == second.mistaken
        case _:
            raise AssertionError("a key is right or wrong")

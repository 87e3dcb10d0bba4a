"""Both papers from the first question to the last, as learners with all kinds of answers."""

from itertools import count

import pytest

from tests.chat.school import Sitter, check_shown
from tutorbot.core.course import Choice, Course, Mark, Option, Question, Typed
from tutorbot.core.practice import Posed
from tutorbot.courses.load import Loaded
from tutorbot.playground.people import Bubble

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.mark.long
@pytest.mark.parametrize("number", [1, 2])
async def test_every_answer_to_every_question_gets_its_own_word(ada: Sitter, number: int):
    """Each wrong option and each expected mistake, each hint, then the right answer."""
    paper: Course = ada.school.paper(number)
    await ada.opens(paper)
    for place, question in enumerate(paper.questions):
        posed = await ada.at_hand(paper)
        assert posed.question.id == question.id
        if posed.question.hints:
            hint = await ada.presses_and_sees("Hint", f"Hint 1 of {len(question.hints)}")
            check_shown(hint, posed.question.hints[0].prose)
        if isinstance(posed.question.body, Choice):
            await choose_everything(ada, posed)
        else:
            await type_everything(ada, posed)
        solution = await ada.presses_and_sees("Solution", "Solution")
        check_shown(solution, posed.question.solution)
        last = place + 1 == len(paper.questions)
        following = "The end of" if last else f"Question {place + 2} of {len(paper.questions)}"
        await ada.presses_and_sees("Finish" if last else "Next", following)
    end = ada.actor.last().text
    assert f"0 of {len(paper.questions)} questions right at the first try." in end
    assert f"{len(paper.questions)} more after a second look." in end


async def choose_everything(ada: Sitter, posed: Posed) -> None:
    body = posed.question.body
    assert isinstance(body, Choice)
    right = [option for option in body.options if option.mark is Mark.RIGHT]
    for wrong in (option for option in body.options if option.mark is Mark.WRONG):
        taken = [*right, wrong] if body.several else [wrong]
        verdict = await take(ada, posed, taken, "Not quite")
        check_shown(verdict, wrong.feedback)
        if body.several:
            assert "1 tick is too many." in verdict.text
        await ada.presses_and_sees("Try again", f"Question {posed.number} of")
    if len(right) > 1:
        verdict = await take(ada, posed, right[1:], "Not quite")
        assert "1 right option is still unticked." in verdict.text
        await ada.presses_and_sees("Try again", f"Question {posed.number} of")
    verdict = await take(ada, posed, right, "Right.")
    for option in right:
        check_shown(verdict, option.feedback)
    if posed.question.dispute:
        assert "disputed" in verdict.text


async def take(ada: Sitter, posed: Posed, options: list[Option], words: str) -> Bubble:
    body = posed.question.body
    assert isinstance(body, Choice)
    if not body.several:
        return await ada.presses_and_sees(ada.letter(posed, options[0]), words)
    for option in options:
        letter = ada.letter(posed, option)
        await ada.actor.presses(f"☐ {letter}")
        await ada.actor.hears(lambda bubble, letter=letter: f"☑ {letter}" in bubble.buttons)
    return await ada.presses_and_sees("Done", words)


async def type_everything(ada: Sitter, posed: Posed) -> None:
    body = posed.question.body
    assert isinstance(body, Typed)
    values = {name: str(value) for name, value in posed.values}
    for line in body.mistaken:
        verdict = await ada.writes_and_sees(with_numbers(line.text, values), "Not quite")
        assert "I read" in verdict.text
        check_shown(verdict, line.feedback)
    verdict = await ada.writes_and_sees("3(n²+nm", "That cost you nothing")
    assert "▲" in verdict.text or "^" in verdict.text
    for line in body.accepted[:1]:
        verdict = await ada.writes_and_sees(with_numbers(line.text, values), "Right.")
        check_shown(verdict, line.feedback)


def with_numbers(expression: str, values: dict[str, str]) -> str:
    """An author's expression as a learner of this variant types it, who sees only the numbers."""
    for name, value in values.items():
        expression = expression.replace(name, value)
    return expression


async def test_who_answers_all_at_once_is_told_so_at_the_end(ada: Sitter):
    paper: Course = ada.school.paper(1)
    await ada.opens(paper)
    for place in count():
        posed = await ada.at_hand(paper)
        await answer_right(ada, posed)
        if place + 1 == len(paper.questions):
            break
        await ada.presses_and_sees("Next", f"Question {place + 2} of")
    end = await ada.presses_and_sees("Finish", "The end of")
    total = len(paper.questions)
    assert f"{total} of {total} questions right at the first try." in end.text
    assert "second look" not in end.text


async def answer_right(ada: Sitter, posed: Posed) -> None:
    body = posed.question.body
    if isinstance(body, Choice):
        await take(ada, posed, [each for each in body.options if each.mark is Mark.RIGHT], "Right.")
    else:
        values = {name: str(value) for name, value in posed.values}
        await ada.writes_and_sees(with_numbers(body.accepted[0].text, values), "Right.")


def questions_of(paper: Course, kind: type[Choice | Typed]) -> list[Question]:
    return [question for question in paper.questions if isinstance(question.body, kind)]


def test_the_papers_hold_twenty_questions_and_typed_siblings(papers: tuple[Loaded, ...]):
    choices = [len(questions_of(each.course, Choice)) for each in papers]
    typed = [len(questions_of(each.course, Typed)) for each in papers]
    assert choices == [10, 10]
    assert all(typed)

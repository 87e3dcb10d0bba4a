"""What all found hard is offered late to those who come after."""

import asyncio

import pytest

from tests.chat.school import School, Sitter
from tutorbot.core.course import Mark
from tutorbot.flows.difficulty import SETTLED, learn
from tutorbot.flows.published import Library
from tutorbot.store import difficulty

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


async def folded(school: School) -> int:
    async with school.store.unit() as unit:
        return await learn(unit, Library(), school.clock.now)


async def test_each_first_answer_counts_once_however_many_do_the_work(school: School):
    paper = school.paper(1)
    first = paper.questions[0]
    for name in ("Ada", "Ben", "Cleo"):
        sitter = Sitter(school, school.person(name))
        await sitter.opens(paper)
        posed = await sitter.at_hand(paper)
        wrong = next(option for option in posed.shown if option.mark is Mark.WRONG)
        await sitter.presses_and_sees(sitter.letter(posed, wrong), "Not quite")
        await sitter.presses_and_sees("Try again", "Question 1 of")
        right = next(option for option in posed.shown if option.mark is Mark.RIGHT)
        await sitter.presses_and_sees(sitter.letter(posed, right), "Right")
    assert await folded(school) == 0, "what is just being stored can wait"
    school.clock.passes(seconds=SETTLED.total_seconds() + 1)
    assert sorted(await asyncio.gather(*(folded(school) for _ in range(3)))) == [0, 0, 3]
    async with school.store.unit() as unit:
        known = await difficulty.of_courses(unit, [paper.id])
    assert set(known) == {(paper.id, first.id)}
    assert known[paper.id, first.id] > 1, "three of three were wrong at first"

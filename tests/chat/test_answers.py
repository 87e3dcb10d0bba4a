"""Answers that are typed: asked about where they are unclear, told what they lack, never lost."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.chat.pondering import ponders
from tests.chat.school import School, Sitter
from tests.chat.test_talk import answers_of, goes_to
from tutorbot import wiring
from tutorbot.checking.checker import Checker
from tutorbot.flows.undecided import waiting

pytestmark = [pytest.mark.postgres]

GRU = "gru-count-typed"
WHICH = "Did you mean n² or 2·n?"


async def kept(sitter: Sitter) -> list[tuple[str, str, str]]:
    """Every stored answer: as typed, as read, and its verdict."""
    async with sitter.school.store.unit() as unit:
        rows = await unit.execute(
            text("SELECT raw, parsed, verdict ->> 'code' AS code FROM answers ORDER BY id")
        )
        return [(row.raw, row.parsed, row.code) for row in rows]


async def test_an_unclear_answer_is_asked_about_and_the_tapped_reading_is_the_answer(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), GRU)
    asked = await ada.writes_and_sees("3(n2+nm+n)", WHICH)
    assert asked.enabled == ("n²", "2·n")
    assert await answers_of(ada) == 0
    verdict = await ada.presses_and_sees("n²", "Right.")
    assert "I read 3·(n² + n·m + n)." in verdict.text
    assert await kept(ada) == [("3(n2+nm+n)", "3·(n² + n·m + n)", "right")]
    await ada.actor.settles()
    assert not any("2·n" in each.enabled for each in ada.actor.messages())


async def test_the_other_reading_is_judged_as_what_it_is(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), GRU)
    await ada.writes_and_sees("3(n2+nm+n)", WHICH)
    await ada.presses_and_sees("2·n", "Not quite")
    await ada.writes_and_sees("3(n²+nm+n)", "Right.")


async def test_each_unclear_place_is_asked_about_in_turn(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), GRU)
    await ada.writes_and_sees("3n2 + 3(n+m2)", WHICH)
    asked = await ada.presses_and_sees("n²", "Did you mean m² or 2·m?")
    assert asked.enabled == ("m²", "2·m")
    assert await answers_of(ada) == 0
    await ada.presses_and_sees("2·m", "Not quite")
    assert await kept(ada) == [("3n2 + 3(n+m2)", "3·n² + 3·(n + 2·m)", "wrong")]


async def test_a_restart_between_question_and_tap_loses_nothing(closed_school: School):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    async with closed_school.bot():
        await goes_to(ada, closed_school.paper(1), GRU)
        await ada.writes_and_sees("3(n2+nm+n)", WHICH)
    async with closed_school.bot():
        await ada.presses_and_sees("n²", "Right.")
    assert await kept(ada) == [("3(n2+nm+n)", "3·(n² + n·m + n)", "right")]


async def test_who_types_something_else_instead_has_given_another_answer(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), GRU)
    asked = await ada.writes_and_sees("3(n2+nm+n)", WHICH)
    await ada.writes_and_sees("4(n²+nm+n)", "Not quite")
    await ada.actor.presses_on(asked, "n²")
    assert "gone on from that answer" in (await ada.actor.sees_toast()).text
    assert await kept(ada) == [("4(n²+nm+n)", "4·(n² + n·m + n)", "wrong")]


async def test_a_button_of_an_earlier_answer_names_no_reading_of_a_later_one(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), GRU)
    first = await ada.writes_and_sees("3(n2+nm+n)", WHICH)
    await ada.writes_and_sees("4(n²+nm+n2)", WHICH)
    await ada.actor.presses_on(first, "n²")
    assert "gone on from that answer" in (await ada.actor.sees_toast()).text
    assert await answers_of(ada) == 0
    await ada.actor.presses("2·n")
    await ada.sees("Not quite")


async def test_two_taps_on_a_reading_count_once(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), GRU)
    asked = await ada.writes_and_sees("3(n2+nm+n)", WHICH)
    await ada.actor.presses_on(asked, "2·n")
    await ada.actor.presses_on(asked, "n²")
    await ada.actor.settles()
    assert await answers_of(ada) == 1


async def test_what_cannot_be_read_ends_the_question_which_reading_was_meant(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), GRU)
    await ada.writes_and_sees("3(n2+nm+n)", WHICH)
    await ada.writes_and_sees("3(n²+nm+n", "never closed")
    await ada.actor.settles()
    assert not any("n²" in each.enabled for each in ada.actor.messages())


async def test_readings_of_a_question_left_behind_are_put_to_rest(ada: Sitter):
    await goes_to(ada, ada.school.paper(1), GRU)
    asked = await ada.writes_and_sees("3(n2+nm+n)", WHICH)
    await ada.actor.presses("Skip")
    await ada.actor.settles()
    assert not any("n²" in each.enabled for each in ada.actor.messages())
    await ada.actor.presses_on(asked, "n²")
    assert "behind you" in (await ada.actor.sees_toast()).text


async def hears(sitter: Sitter, answer: str, words: str) -> None:
    """Wait long: what is slow is meant to be, and workers may still be loading."""
    await sitter.actor.says(answer)
    await sitter.actor.hears(lambda bubble: words in bubble.text)


@pytest.mark.slow
async def test_whoever_waits_for_a_verdict_sees_that_it_is_being_typed(closed_school: School):
    async with wiring.started(Checker(deadline=20, decide=ponders)) as checker:
        school = replace(closed_school, checker=checker)
        ada = Sitter(school, school.person("Ada"))
        async with school.bot():
            await goes_to(ada, school.paper(1), GRU)
            await hears(ada, "n+1", "I read n + 1.")
    typing = school.playground.calls("sendChatAction")
    assert typing
    assert {each.params["action"] for each in typing} == {"typing"}


@pytest.mark.slow
async def test_what_cannot_be_decided_costs_nothing_and_waits_for_an_instructor(
    closed_school: School,
):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    async with wiring.started(Checker(deadline=3, decide=ponders)) as checker:
        slow = replace(closed_school, checker=checker)
        async with slow.bot():
            await goes_to(ada, slow.paper(1), GRU)
            await hears(ada, "n+2", "I cannot tell")
            said = ada.actor.last()
            assert "I read n + 2." in said.text
            assert "not held against you" in said.text
    async with closed_school.bot():
        await hears(ada, "3(n²+nm+n)", "Right.")
    async with closed_school.store.unit() as unit:
        (left,) = await waiting(unit, 10)
        scored = (await unit.execute(text("SELECT points FROM scores"))).scalars().all()
    assert (left.typed, left.read, left.question) == ("n+2", "n + 2", GRU)
    assert left.key == "3*(n^2 + n*m + n)"
    assert [int(points) for points in scored] == [1]

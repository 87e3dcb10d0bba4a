"""Study days lived in the chat: with a freeze, a break, flights, odd clocks, and outages."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter, at, studies
from tutorbot.core.streaks import Streak
from tutorbot.flows import streaks
from tutorbot.store import learners

pytestmark = [pytest.mark.postgres]

BERLIN = "Europe/Berlin"


async def lives_in(sitter: Sitter, zone: str) -> None:
    async with sitter.school.store.unit() as unit:
        learner = await learners.find(unit, sitter.actor.id)
        assert learner is not None
        await learners.set_timezone(unit, learner.id, zone)


async def stands(sitter: Sitter) -> Streak:
    async with sitter.school.store.unit() as unit:
        learner = await learners.find(unit, sitter.actor.id)
        assert learner is not None
        return await streaks.current(unit, learner, sitter.school.clock.now)


async def stored(sitter: Sitter, sql: str) -> list[tuple[Any, ...]]:
    async with sitter.school.store.unit() as unit:
        return [tuple(row) for row in await unit.execute(text(sql))]


async def test_three_answers_make_a_study_day_and_it_is_told_once(ada: Sitter):
    assert "first study day" not in await studies(ada, 2)
    assert (await studies(ada, 2)).count("first study day") == 1
    assert (await stands(ada)).length == 1


async def test_tapping_on_without_reading_makes_no_study_day(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    for number in range(2, 7):
        await ada.actor.presses("A")
        await ada.actor.hears(lambda bubble: "Next" in "".join(bubble.buttons))
        await ada.actor.settles()
        await ada.presses_and_sees("Next", f"Question {number} of")
        await ada.actor.settles()
    assert (await stands(ada)).total == 0


@pytest.mark.slow
async def test_a_week_with_a_freeze_a_break_and_a_repair(ada: Sitter):
    at(ada, "2026-11-23 18:00")  # a Monday
    await studies(ada)
    at(ada, "2026-11-24 18:00")
    await studies(ada)
    at(ada, "2026-11-25 18:00")
    assert "A milestone: 3 study days" in await studies(ada)
    at(ada, "2026-11-27 09:00")
    said = await studies(ada)
    assert said.count("❄️ Thursday was frozen, and your run goes on: 3 days in a row.") == 1
    assert "Day 4 in a row." in said
    at(ada, "2026-11-29 09:00")  # without a freeze, Saturday ended the run
    await ada.actor.says("/streak")
    await ada.sees("0 days in a row")
    greeting = next(each.text for each in ada.actor.messages() if "🌱" in each.text)
    assert "Your run of 4 days has been resting since Saturday." in greeting
    assert "10 answers in one day wake it, until Tuesday, 04:00." in greeting
    said = await studies(ada, 10)
    assert "Day 1 of a new run." in said
    assert "🩹 Your run is whole again: 5 days in a row." in said
    assert "🌱" not in said
    seen = await stands(ada)
    assert (seen.length, seen.longest, seen.repair) == (5, 5, None)
    shown = await ada.writes_and_sees("/streak", "5 days in a row")
    assert "Thu frozen" in shown.text
    assert "Sat free" in shown.text
    assert shown.photo


async def test_milestones_and_freezes_are_told_once_though_the_bot_is_restarted(
    closed_school: School,
):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    said = ""
    for day in (23, 24, 25, 27, 28):
        async with closed_school.bot():
            await ada.writes_and_sees("/help", "How it works")  # it is up, days passing
            at(ada, f"2026-11-{day} 18:00")
            said += await studies(ada)
        async with closed_school.bot():
            said += await studies(ada, 1)
    assert said.count("🎉") == 1
    assert said.count("❄️") == 1
    assert await stored(ada, "SELECT days FROM milestones") == [(3,)]


async def test_flying_to_tokyo_by_two_taps_costs_no_day(ada: Sitter):
    await ada.writes_and_sees("/start", "Pick a paper")
    await lives_in(ada, "America/Los_Angeles")
    at(ada, "2026-11-24 20:00", "America/Los_Angeles")
    await studies(ada)
    at(ada, "2026-11-26 12:00", "Asia/Tokyo")
    asked = await ada.writes_and_sees("/tz", "Your days follow Los Angeles")
    assert "19:00" in asked.text
    await ada.actor.presses("Asia")
    await ada.actor.hears(lambda bubble: "What time is it with you?" in bubble.text)
    await ada.actor.presses("12:00 Tokyo")
    await ada.actor.hears(lambda bubble: "Your days follow Tokyo" in bubble.text)
    at(ada, "2026-11-26 13:00", "Asia/Tokyo")
    assert "Day 2 in a row." in await studies(ada)
    seen = await stands(ada)
    assert (seen.freezes, seen.last_day) == (1, date(2026, 11, 26))


async def test_flying_to_tokyo_costs_no_day_where_settings_say_so(ada: Sitter):
    await ada.writes_and_sees("/start", "Pick a paper")
    await lives_in(ada, "America/Los_Angeles")
    at(ada, "2026-11-24 20:00", "America/Los_Angeles")
    await studies(ada)
    at(ada, "2026-11-26 12:00", "Asia/Tokyo")
    await ada.writes_and_sees("/settings", "Time zone: Los Angeles, 19:00 now")
    await ada.actor.presses("Time zone")
    await ada.actor.hears(lambda bubble: "where are you?" in bubble.text and bubble.edited)
    await ada.actor.presses("Asia")
    await ada.actor.hears(lambda bubble: "What time is it with you?" in bubble.text)
    await ada.actor.presses("12:00 Tokyo")
    await ada.actor.hears(lambda bubble: "Time zone: Tokyo, 12:00 now" in bubble.text)
    at(ada, "2026-11-26 13:00", "Asia/Tokyo")
    assert "Day 2 in a row." in await studies(ada)
    assert (await stands(ada)).freezes == 1
    assert len(await stored(ada, "SELECT 1 FROM zone_changes")) == 1


async def test_who_is_forgotten_as_a_new_day_begins_leaves_no_greeting_behind(ada: Sitter):
    at(ada, "2026-11-23 18:00")
    await studies(ada)
    at(ada, "2026-11-25 03:55")
    await ada.writes_and_sees("/forget", "Delete everything about you?")
    at(ada, "2026-11-25 04:01")  # the 24th was frozen, which there is to tell
    await ada.presses_and_sees("Delete everything", "everything about you is deleted")
    await ada.actor.settles()
    assert await stored(ada, "SELECT 1 FROM outbox") == []


async def test_the_goal_of_a_day_is_the_one_that_was_chosen(ada: Sitter):
    await ada.writes_and_sees("/settings", "Daily goal: 5 answers")
    await ada.actor.presses("Daily goal")
    await ada.actor.hears(lambda bubble: "How many answers a day" in bubble.text)
    await ada.actor.presses("10")
    await ada.actor.hears(lambda bubble: "Daily goal: 10 answers" in bubble.text)
    await studies(ada, 1)
    assert await stored(ada, "SELECT goal FROM study_days") == [(10,)]


async def test_a_day_still_going_on_in_the_new_zone_is_opened_again_once_a_week(ada: Sitter):
    await ada.writes_and_sees("/start", "Pick a paper")
    await lives_in(ada, "Asia/Tokyo")
    at(ada, "2026-11-24 20:00", "Asia/Tokyo")
    await studies(ada)
    at(ada, "2026-11-26 06:00", "Asia/Tokyo")  # the 25th was frozen
    await ada.writes_and_sees("/streak", "0 freezes in hand")
    said = await ada.writes_and_sees("/tz America/Los_Angeles", "Your days follow Los Angeles")
    assert "Wednesday is still going on there" in said.text
    assert (await stands(ada)).freezes == 1
    assert "Day 2 in a row." in await studies(ada)
    assert (await stands(ada)).freezes == 1
    await ada.writes_and_sees("/tz Asia/Tokyo", "Your days follow Tokyo")
    at(ada, "2026-11-28 06:00", "Asia/Tokyo")  # the 27th was frozen
    await ada.writes_and_sees("/streak", "0 freezes in hand")
    said = await ada.writes_and_sees("/tz America/Los_Angeles", "Your days follow Los Angeles")
    assert "still going on" not in said.text
    assert (await stands(ada)).freezes == 0


async def test_an_unknown_zone_changes_nothing_and_asks(ada: Sitter):
    said = await ada.writes_and_sees("/tz Atlantis", "I know no time zone of that name.")
    assert "Europe" in said.buttons


async def test_in_the_night_of_the_change_of_clocks_a_day_is_a_day(ada: Sitter):
    await ada.writes_and_sees("/start", "Pick a paper")
    await lives_in(ada, BERLIN)
    for shown in ("2027-03-27 03:30", "2027-03-28 03:30", "2027-03-29 03:30", "2027-03-30 03:30"):
        at(ada, shown, BERLIN)
        await studies(ada)
    seen = await stands(ada)
    assert (seen.length, seen.freezes) == (4, 1)


async def test_a_day_that_ended_while_the_bot_was_down_costs_nothing(closed_school: School):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    async with closed_school.bot():
        await studies(ada)
        at(ada, "2026-11-23 21:00")  # the next day is still open
        await ada.writes_and_sees("/streak", "still open")
    at(ada, "2026-11-24 09:00")
    async with closed_school.bot():
        said = await studies(ada)
    assert "❄️" not in said
    assert "Day 2 in a row." in said
    assert (await stands(ada)).freezes == 1
    assert len(await stored(ada, "SELECT * FROM outages")) == 1


async def test_a_restart_is_no_outage(closed_school: School):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    for _ in range(2):
        async with closed_school.bot():
            await ada.writes_and_sees("/start", "Pick a paper")
        closed_school.clock.passes(minutes=2)
    assert await stored(ada, "SELECT * FROM outages") == []


async def test_an_answer_typed_while_the_bot_was_down_counts_on_its_own_day(
    closed_school: School,
):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    async with closed_school.bot():
        await studies(ada)
        at(ada, "2026-11-23 20:00")
        await studies(ada, 2)
    at(ada, "2026-11-23 22:00")
    await ada.actor.says("A")
    at(ada, "2026-11-24 21:00")  # 23 hours later
    async with closed_school.bot():
        await ada.sees("Day 2 in a row.")
    assert (await stands(ada)).last_day == date(2026, 11, 23)


async def test_rest_days_and_a_pause_are_set_by_tapping(ada: Sitter):
    at(ada, "2026-11-23 18:00")  # a Monday
    await studies(ada)
    await ada.writes_and_sees("/streak", "1 day in a row")
    await ada.presses_and_sees("Rest days and pauses", "Tap up to two weekdays")
    await ada.actor.presses("Sat")
    await ada.actor.hears(lambda bubble: "✓ Sat" in bubble.buttons)
    await ada.actor.presses("Sun")
    (*_, shown) = await ada.actor.hears(lambda bubble: "✓ Sun" in bubble.buttons)
    assert "Free: Saturday and Sunday." in shown.text
    assert "That holds from 30 Nov on." in shown.text
    assert "Mon" not in shown.enabled
    await ada.actor.presses("7 days")
    (*_, shown) = await ada.actor.hears(lambda bubble: "I am back" in bubble.buttons)
    assert "Paused from Tue 24 Nov to Mon 30 Nov." in shown.text
    at(ada, "2026-12-01 18:00")
    said = await studies(ada)
    assert "Day 2 in a row." in said
    assert (await stands(ada)).freezes == 1
    for day in ("02", "03", "04"):
        at(ada, f"2026-12-{day} 18:00")
        await studies(ada)
    at(ada, "2026-12-07 18:00")
    assert "Day 6 in a row." in await studies(ada)
    assert (await stands(ada)).freezes == 1


async def test_a_pause_can_be_ended_before_its_time(ada: Sitter):
    at(ada, "2026-11-23 18:00")
    await studies(ada)
    await ada.writes_and_sees("/streak", "1 day in a row")
    await ada.presses_and_sees("Rest days and pauses", "Tap up to two weekdays")
    await ada.actor.presses("3 days")
    await ada.actor.hears(lambda bubble: "I am back" in bubble.buttons)
    await ada.actor.presses("I am back")
    await ada.actor.hears(lambda bubble: "⏸ 3 days" in bubble.buttons)
    at(ada, "2026-11-25 18:00")
    await ada.writes_and_sees("/start", "❄️ Tuesday was frozen")


@pytest.mark.slow
async def test_what_is_gone_on_from_is_what_the_whole_history_gives(ada: Sitter):
    """The standing kept some weeks ago, and the days since, against all days."""
    for day in range(1, 31):
        if day in {9, 17}:
            continue
        at(ada, f"2026-12-{day:02} 18:00")
        await studies(ada)
    seen = await stands(ada)
    ((last,),) = await stored(ada, "SELECT last_day FROM standings")
    assert last < date(2026, 12, 24)
    await stored(ada, "DELETE FROM standings RETURNING learner_id")
    whole = await stands(ada)
    assert (whole.length, whole.longest, whole.freezes, whole.total) == (28, 28, 2, 28)
    assert (seen.length, seen.longest, seen.freezes, seen.total) == (28, 28, 2, 28)

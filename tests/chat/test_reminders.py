"""Reminders in the chat: at one's own hour, while there is something to add, never at night."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter, at, studies
from tutorbot import wiring
from tutorbot.jobs.queue import REMIND
from tutorbot.jobs.reminders import remind
from tutorbot.playground.people import Bubble
from tutorbot.settings import Settings
from tutorbot.telegram.incident import story

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

BERLIN = "Europe/Berlin"


def is_reminder(bubble: Bubble) -> bool:
    return bubble.by_bot and "🌱" in bubble.text and not bubble.edited


async def remind_all(school: School) -> int:
    return await remind(school.store, wiring.languages, school.clock, story)


async def quietly(sitter: Sitter) -> None:
    """Let the minute's job run, and nobody be reminded."""
    assert await remind_all(sitter.school) == 0


async def reminded(sitter: Sitter) -> Bubble:
    """Let the minute's job run, and the learner be reminded once."""
    before = len(reminders(sitter))
    sitter.actor._begin()  # noqa: SLF001 - what comes after this is news  # pyright: ignore[reportPrivateUsage] - the same
    assert await remind_all(sitter.school) == 1
    await sitter.actor.hears(is_reminder)
    await quietly(sitter)
    await sitter.actor.settles()
    assert len(reminders(sitter)) == before + 1
    return reminders(sitter)[-1]


def reminders(sitter: Sitter) -> list[Bubble]:
    return [bubble for bubble in sitter.actor.messages() if bubble.by_bot and "🌱" in bubble.text]


async def passes(sitter: Sitter, until: str, zone: str = "UTC") -> list[str]:
    """Let time pass in steps of ten minutes; return day and hour of each reminder."""
    end = datetime.fromisoformat(until).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    school = sitter.school
    said: list[str] = []
    while school.clock.now < end:
        school.clock.passes(minutes=10)
        if await remind_all(school):
            said.append(f"{school.clock.now.astimezone(ZoneInfo(zone)):%d %H}")
    return said


async def stored(sitter: Sitter, sql: str) -> list[tuple[Any, ...]]:
    async with sitter.school.store.unit() as unit:
        return [tuple(row) for row in await unit.execute(text(sql))]


async def wants(sitter: Sitter, label: str, told: str) -> None:
    """Choose a reminder on the page of settings."""
    await sitter.writes_and_sees("/settings", "Settings")
    await taps(sitter, "Reminder", "Shall I remind you")
    await taps(sitter, label, told)


async def taps(sitter: Sitter, label: str, words: str) -> None:
    await sitter.actor.presses(label)
    await sitter.actor.hears(lambda bubble: bubble.edited and words in bubble.text)


async def lives_in(sitter: Sitter, zone: str) -> None:
    await sitter.writes_and_sees(f"/tz {zone}", "Your days follow")


async def test_a_learner_is_reminded_at_their_own_hour_and_can_begin_at_once(ada: Sitter):
    await lives_in(ada, BERLIN)
    await wants(ada, "18:00", "Reminder: 18:00")
    at(ada, "2026-11-22 17:59", BERLIN)
    await quietly(ada)
    at(ada, "2026-11-22 18:10", BERLIN)
    jobs = wiring.make_jobs(Settings(), ada.school.store, ada.school.clock)
    assert await jobs.defer(REMIND)
    await jobs.empty()
    said = await ada.sees("🌱 3 questions make today a study day.")
    assert said.buttons == ("▶ Go on", "⏰ In an hour", "Not today", "No more reminders")
    await quietly(ada)
    await ada.presses_and_sees("▶ Go on", "Pick a paper")


async def test_who_has_studied_is_not_reminded_that_day(ada: Sitter):
    await wants(ada, "18:00", "Reminder: 18:00")
    await studies(ada, 3)
    at(ada, "2026-11-22 18:10")
    await quietly(ada)
    at(ada, "2026-11-23 18:10")
    said = await reminded(ada)
    assert said.text.startswith("🌱 You have studied 1 day in a row. 3 questions add today.")
    assert "1 review is ready for you." in said.text
    await ada.presses_and_sees("▶ Review now", "Question 1 of 1")


async def test_who_has_begun_is_told_what_is_missing(ada: Sitter):
    await wants(ada, "18:00", "Reminder: 18:00")
    await studies(ada, 2)
    at(ada, "2026-11-22 18:10")
    assert "🌱 1 question makes today a study day." in (await reminded(ada)).text


async def test_whoever_wants_no_reminder_gets_none(ada: Sitter):
    await studies(ada, 3)
    assert await passes(ada, "2026-11-25 12:00") == []


async def test_in_the_nights_of_the_change_of_clocks_the_hour_stays_the_same(ada: Sitter):
    await lives_in(ada, BERLIN)
    at(ada, "2027-03-26 12:00", BERLIN)
    await wants(ada, "18:00", "Reminder: 18:00")
    assert await passes(ada, "2027-03-28 23:00", BERLIN) == ["26 18", "27 18", "28 18"]
    at(ada, "2027-10-29 12:00", BERLIN)
    await wants(ada, "18:00", "Reminder: 18:00")
    assert await passes(ada, "2027-10-31 23:00", BERLIN) == ["29 18", "30 18", "31 18"]


async def test_who_flies_is_reminded_by_the_clocks_of_where_they_are(ada: Sitter):
    await lives_in(ada, "America/Los_Angeles")
    await wants(ada, "18:00", "Reminder: 18:00")
    assert await passes(ada, "2026-11-23 12:00", "America/Los_Angeles") == ["22 18"]
    await lives_in(ada, "Asia/Tokyo")
    assert await passes(ada, "2026-11-25 12:00", "Asia/Tokyo") == ["24 18"]


async def test_after_three_days_without_an_answer_reminders_are_off_and_that_was_said(ada: Sitter):
    await wants(ada, "18:00", "Reminder: 18:00")
    assert await passes(ada, "2026-11-29 12:00") == ["22 18", "23 18", "24 18"]
    await ada.actor.hears(lambda _: len(reminders(ada)) == 3)
    notes = ["leave you in peace" in bubble.text for bubble in reminders(ada)]
    assert notes == [False, False, True]
    await ada.writes_and_sees("/settings", "Reminder: none")


async def test_who_answers_the_third_reminder_goes_on_being_reminded(ada: Sitter):
    await wants(ada, "18:00", "Reminder: 18:00")
    assert await passes(ada, "2026-11-24 19:00") == ["22 18", "23 18", "24 18"]
    await studies(ada, 1)
    assert await passes(ada, "2026-11-29 12:00") == ["25 18", "26 18", "27 18"]


async def test_a_reminder_can_be_put_off_by_an_hour_once(ada: Sitter):
    await wants(ada, "18:00", "Reminder: 18:00")
    at(ada, "2026-11-22 18:10")
    await reminded(ada)
    await ada.actor.presses("⏰ In an hour")
    assert (await ada.actor.sees_toast()).text == "Good: once more at 19:10."
    await ada.actor.settles()
    assert reminders(ada)[-1].buttons == ("▶ Go on",)
    at(ada, "2026-11-22 19:09")
    await quietly(ada)
    at(ada, "2026-11-22 19:10")
    said = await reminded(ada)
    assert said.buttons == ("▶ Go on", "Not today", "No more reminders")
    assert await passes(ada, "2026-11-23 12:00") == []


async def test_who_puts_a_reminder_off_and_studies_is_left_alone(ada: Sitter):
    await wants(ada, "18:00", "Reminder: 18:00")
    at(ada, "2026-11-22 18:10")
    await reminded(ada)
    await ada.actor.presses("⏰ In an hour")
    await studies(ada, 3)
    assert await passes(ada, "2026-11-23 12:00") == []


async def test_the_night_is_too_late_to_put_a_reminder_off_into(ada: Sitter):
    await wants(ada, "21:00", "Reminder: 21:00")
    at(ada, "2026-11-22 21:10")
    said = await reminded(ada)
    assert "⏰ In an hour" not in said.buttons


async def test_not_today_means_tomorrow_again(ada: Sitter):
    for day in (22, 23, 24):
        at(ada, f"2026-11-{day} 18:00")
        await studies(ada, 3)
    at(ada, "2026-11-25 12:00")
    await wants(ada, "18:00", "Reminder: 18:00")
    at(ada, "2026-11-25 18:10")
    assert "3 days in a row" in (await reminded(ada)).text
    await ada.actor.presses("Not today")
    assert (await ada.actor.sees_toast()).text == "All right, no more today."
    assert await passes(ada, "2026-11-26 18:30") == ["26 18"]


async def test_a_run_of_three_days_is_worth_a_second_reminder_before_the_night(ada: Sitter):
    await wants(ada, "12:00", "Reminder: 12:00")
    for day in (22, 23):
        at(ada, f"2026-11-{day} 13:00")
        await studies(ada, 3)
    assert await passes(ada, "2026-11-24 22:00") == ["24 12"], "no second one for two days"
    await studies(ada, 3)
    assert await passes(ada, "2026-11-26 03:00") == ["25 12", "25 20"]


async def test_one_tap_ends_reminders_and_settings_begin_them_again(ada: Sitter):
    await wants(ada, "18:00", "Reminder: 18:00")
    at(ada, "2026-11-22 18:10")
    await reminded(ada)
    await ada.actor.presses("No more reminders")
    assert "/settings" in (await ada.actor.sees_toast()).text
    await ada.actor.settles()
    assert await passes(ada, "2026-11-24 12:00") == []
    await ada.writes_and_sees("/settings", "Reminder: none")
    await wants(ada, "19:00", "Reminder: 19:00")
    assert await passes(ada, "2026-11-24 23:00") == ["24 19"]


async def test_days_of_rest_and_of_a_pause_are_left_in_peace(ada: Sitter):
    at(ada, "2026-11-23 12:00")  # a Monday
    await studies(ada, 3)
    await wants(ada, "18:00", "Reminder: 18:00")
    await ada.writes_and_sees("/streak", "1 day in a row")
    await ada.presses_and_sees("Rest days and pauses", "Tap up to two weekdays")
    await ada.actor.presses("3 days")
    await ada.actor.hears(lambda bubble: "I am back" in bubble.buttons)
    await ada.actor.presses("Mon")
    await ada.actor.hears(lambda bubble: "✓ Mon" in bubble.buttons)
    assert await passes(ada, "2026-12-02 12:00") == ["27 18", "28 18", "29 18"]


async def test_the_usual_hour_is_the_one_at_which_one_begins(ada: Sitter):
    for day, hour in ((22, 13), (23, 16), (24, 15)):
        at(ada, f"2026-11-{day} {hour}:30")
        await studies(ada, 3)
    await wants(ada, "My usual hour", "Reminder: at my usual hour")
    assert (await passes(ada, "2026-11-25 19:30"))[0] == "25 15"


async def test_a_bot_that_was_down_at_the_hour_does_not_remind_at_night(closed_school: School):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    async with closed_school.bot():
        await wants(ada, "18:00", "Reminder: 18:00")
    at(ada, "2026-11-22 22:00")
    assert await passes(ada, "2026-11-23 18:30") == ["23 18"]


async def test_who_has_blocked_the_bot_is_not_called_after(ada: Sitter):
    await wants(ada, "18:00", "Reminder: 18:00")
    await ada.actor.settles()
    people = ada.school.playground.world.people
    people[ada.actor.id].blocked = True  # and the bot has not heard of it
    at(ada, "2026-11-22 18:10")
    assert await remind_all(ada.school) == 1
    while not await stored(ada, "SELECT 1 FROM outbox WHERE fate = 'refused'"):
        await ada.actor.settles()
    assert await passes(ada, "2026-11-26 12:00") == []
    assert await stored(ada, "SELECT due FROM reminders") == [(None,)]


async def test_a_reminder_is_sent_once_though_everything_dies_between(closed_school: School):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    async with closed_school.bot():
        await wants(ada, "18:00", "Reminder: 18:00")
        await ada.actor.settles()
    at(ada, "2026-11-22 18:10")
    assert await remind_all(closed_school) == 1  # nobody is there to send it
    assert await remind_all(closed_school) == 0
    async with closed_school.bot():
        await ada.actor.hears(is_reminder)
        await quietly(ada)
    async with closed_school.bot():
        await ada.actor.settles()
    assert len(reminders(ada)) == 1

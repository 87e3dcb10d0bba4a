"""A learner's first minute, and whatever they change their mind about later."""

import pytest

from tests.chat.school import School, Sitter
from tutorbot.core.actions import FormulaForm, Theme
from tutorbot.core.learner import Learner
from tutorbot.languages import languages
from tutorbot.playground import acts
from tutorbot.playground.people import Bubble
from tutorbot.store import learners

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


async def learner_of(sitter: Sitter) -> Learner:
    async with sitter.school.store.unit() as unit:
        found = await learners.find(unit, sitter.actor.id)
    assert found is not None
    return found


async def taps(sitter: Sitter, label: str, words: str) -> Bubble:
    """Tap, and wait for the card to change to these words."""
    await sitter.actor.presses(label)

    def changed(bubble: Bubble) -> bool:
        return bubble.edited and words in bubble.text

    return next(filter(changed, await sitter.actor.hears(changed)))


async def test_the_first_minute_sets_everything_and_ends_at_the_papers(ada: Sitter):
    await ada.writes_and_sees("/start", "First steps, 1 of 5: Language")
    await taps(ada, "English", "First steps, 2 of 5: Time zone")
    await taps(ada, "Europe", "What time is it with you?")
    await taps(ada, "13:00 Berlin", "First steps, 3 of 5: Formulas")
    await taps(ada, "Dark pictures", "First steps, 4 of 5: Daily goal")
    await taps(ada, "10", "First steps, 5 of 5: Reminder")
    ready = await taps(ada, "19:00", "Ready.")
    learner = await learner_of(ada)
    assert learner.timezone == "Europe/Berlin"
    assert (learner.formulas, learner.theme) == (FormulaForm.PICTURE, Theme.DARK)
    assert (learner.goal, learner.reminder_hour) == (10, 19)
    assert any(ada.school.paper(1).title[:20] in label for label in ready.buttons)
    cards = [bubble for bubble in ada.actor.messages() if bubble.by_bot]
    assert len(cards) == 2, "the papers, and one card that changed in place"
    await ada.actor.presses_on(ready, ada.school.paper(1).title[:20])
    await ada.sees("Question 1 of")


async def test_the_first_steps_go_on_in_the_language_that_was_chosen(ada: Sitter):
    await ada.writes_and_sees("/start", "First steps, 1 of 5: Language")
    await taps(ada, "Deutsch", languages("de").gettext("Time zone"))
    assert (await learner_of(ada)).language == "de"


async def test_a_question_is_one_tap_away_for_who_cares_for_no_settings(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    assert (await learner_of(ada)).onboarded


async def test_a_question_is_two_taps_away_for_who_skips(ada: Sitter):
    await ada.writes_and_sees("/start", "First steps, 1 of 5")
    ready = await taps(ada, "Skip to the papers", "Ready.")
    await ada.actor.presses_on(ready, ada.school.paper(1).title[:20])
    await ada.sees("Question 1 of")


async def test_each_step_can_be_skipped_and_changes_nothing(ada: Sitter):
    await ada.writes_and_sees("/start", "First steps, 1 of 5")
    before = await learner_of(ada)
    await taps(ada, "Skip this", "2 of 5")
    await taps(ada, "Skip this", "3 of 5")
    await taps(ada, "Skip this", "4 of 5")
    await taps(ada, "Skip this", "5 of 5")
    await taps(ada, "Skip to the papers", "Ready.")
    assert await learner_of(ada) == before


async def test_nobody_is_asked_twice(ada: Sitter):
    await ada.writes_and_sees("/start", "First steps")
    await ada.actor.settles()
    await ada.writes_and_sees("/start", "Pick a paper")
    await ada.actor.settles()
    assert sum("First steps" in each.text for each in ada.actor.messages()) == 1


@pytest.mark.parametrize(
    ("setting", "choice", "told"),
    [
        ("Start of the day", "02:00", "Start of the day: 02:00"),
        ("Daily goal", "20", "Daily goal: 20 answers"),
        ("Reminder", "08:00", "Reminder: 08:00"),
        ("Reminder", "No reminder", "Reminder: none"),
        ("Formulas", "Only text", "Formulas: plain text"),
        ("Formulas", "Yes, I see it", "Formulas: part of the message"),
        ("How sure I am", "Yes, ask me", "How sure I am: asked"),
    ],
)
async def test_a_setting_is_changed_in_place(ada: Sitter, setting: str, choice: str, told: str):
    page = await ada.writes_and_sees("/settings", "Settings")
    await taps(ada, setting, setting)
    await taps(ada, choice, told)
    assert (await ada.actor.sees_toast()).text == "Saved."
    assert [each.id for each in ada.actor.messages() if each.by_bot] == [page.id]
    await ada.writes_and_sees("/settings", told)


async def test_a_choice_shows_how_it_is_set_and_can_be_left_as_it_is(ada: Sitter):
    await ada.writes_and_sees("/settings", "Settings")
    card = await taps(ada, "Daily goal", "How many answers")
    assert "✓ 5" in card.buttons
    before = await learner_of(ada)
    await taps(ada, "← Settings", "Tap what to change")
    assert await learner_of(ada) == before


async def test_the_time_zone_is_two_taps_away(ada: Sitter):
    await ada.writes_and_sees("/settings", "Time zone: UTC, 12:00 now")
    await taps(ada, "Time zone", "where are you?")
    await taps(ada, "South America", "What time is it with you?")
    await taps(ada, "← Elsewhere", "where are you?")
    await taps(ada, "Asia, Middle East", "What time is it with you?")
    await taps(ada, "17:45", "Time zone: Kathmandu, 17:45 now")
    assert (await learner_of(ada)).timezone == "Asia/Kathmandu"


async def test_a_shared_place_gives_the_time_zone_and_is_not_kept(ada: Sitter):
    await ada.actor.sends_location(19.07, 72.88)
    asked = await ada.sees("What time is it with you?")
    assert "17:30 Mumbai" in asked.buttons[0]
    await taps(ada, "17:30", "17:30 now")
    assert (await learner_of(ada)).timezone == "Asia/Kolkata"


async def test_a_button_of_other_times_changes_nothing(ada: Sitter):
    await ada.writes_and_sees("/settings", "Settings")
    before = await learner_of(ada)
    for data in ("1Cpg1000", "1CpzEurope/Atlantis", "1Cpr3", "1Cpl" + "x" * 40):
        await press(ada, data)
        assert "no longer there" in (await ada.actor.sees_toast()).text
    assert await learner_of(ada) == before


async def test_a_language_that_was_chosen_outlives_what_the_app_says(school: School, ada: Sitter):
    await ada.writes_and_sees("/settings", "Settings")
    await press(ada, "1Cplen")
    await ada.actor.sees_toast()
    school.playground.world.people[ada.actor.id].language = "de"
    await ada.writes_and_sees("/help", "How it works")
    learner = await learner_of(ada)
    assert (learner.language, learner.language_chosen) == ("en", True)


async def press(sitter: Sitter, data: str) -> None:
    """Press a button that the bot has not made, or not lately."""
    world = sitter.school.playground.world
    sitter.actor._begin()  # noqa: SLF001 - what comes after this is news  # pyright: ignore[reportPrivateUsage] - the same
    acts.press(world, world.people[sitter.actor.id], sitter.actor.last().wire, data)

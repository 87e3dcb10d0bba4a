"""A class: begun by who teaches, joined by a link, looked after, and left."""

import re
from datetime import date

import pytest

from tests.chat.school import School, Sitter
from tutorbot.playground.people import Bubble
from tutorbot.store import learners

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def emmy(school: School) -> Sitter:
    """Somebody who may publish courses, and so start classes."""
    person = school.person("Emmy")
    school.authors.add(person.id)
    return Sitter(school, person)


async def turns(sitter: Sitter, label: str, words: str) -> Bubble:
    """Tap, and wait for the page to change to these words."""
    await sitter.actor.presses(label)

    def changed(bubble: Bubble) -> bool:
        return bubble.edited and words in bubble.text

    return next(filter(changed, await sitter.actor.hears(changed)))


async def begins(emmy: Sitter, title: str = "Networks, spring") -> Bubble:
    """Start a class; its page."""
    await emmy.writes_and_sees("/teach", "You have none yet")
    await turns(emmy, "New class", "Which course")
    course = emmy.school.paper(1).title
    await emmy.presses_and_sees(course[:20], "What shall the class be called")
    return await emmy.writes_and_sees(title, "Your class is ready")


async def invites(emmy: Sitter) -> str:
    """Ask for the link; what a learner types who follows it."""
    card = await emmy.presses_and_sees("Invite", "Or send me this")
    return start_of(card)


def start_of(card: Bubble) -> str:
    """What somebody says who follows the link on a card."""
    link = re.search(r"https://t\.me/\w+\?start=(class_[A-Z0-9]{8})", card.text)
    assert link, card.text
    return f"/start {link[1]}"


async def test_a_class_is_begun_in_a_few_taps_and_joined_by_its_link(
    school: School, emmy: Sitter, ada: Sitter
) -> None:
    await emmy.writes_and_sees("/tz Europe/Berlin", "Berlin")
    page = await begins(emmy)
    assert "Networks, spring" in page.text
    assert "0 learners and 1 owner" in page.text
    assert "Berlin, where it is 13:00" in page.text
    link = await invites(emmy)
    welcome = await ada.writes_and_sees(link, "Welcome to Networks, spring!")
    assert "your days follow the class now: Berlin" in welcome.text
    async with school.store.unit() as unit:
        learner = await learners.find(unit, ada.actor.id)
    assert learner
    assert learner.timezone == "Europe/Berlin"
    await ada.writes_and_sees(link, "You are in the class Networks, spring already")
    await emmy.writes_and_sees("/teach", "in which you teach")
    await turns(emmy, "Networks", "1 learner and 1 owner")
    members = await turns(emmy, "Members", "Members of Networks, spring")
    assert "Ada – not yet active" in members.text


async def test_a_page_that_stands_far_above_is_shown_anew_below_the_button(emmy: Sitter) -> None:
    page = await begins(emmy)
    link = await emmy.presses_and_sees("Invite", "Or send me this")
    below = await emmy.presses_and_sees("◀ Class", "0 learners and 1 owner")
    assert page.id < link.id < below.id
    members = await turns(emmy, "Members", "Members of Networks, spring")
    assert members.id == below.id


async def test_a_code_is_typed_as_it_stands_on_the_board(emmy: Sitter, ada: Sitter) -> None:
    await begins(emmy)
    code = (await invites(emmy)).rpartition("_")[2]
    await ada.writes_and_sees("/join", "Which class?")
    wrong = await ada.writes_and_sees("nonsense", "I know no class by that code")
    assert wrong.buttons == ("Papers",)
    welcome = await ada.writes_and_sees(f"{code[:4]} - {code[4:].lower()}", "Welcome to")
    assert "/tz" in welcome.text or "UTC" not in welcome.text


async def test_after_ten_wrong_codes_the_next_has_to_wait_and_all_else_goes_on(
    school: School, emmy: Sitter, ada: Sitter
) -> None:
    await begins(emmy)
    link = await invites(emmy)
    await ada.writes_and_sees("/start", "Pick a paper")
    wrong = [f"/start class_AAAA{letter}CDE" for letter in "ACDEF"]
    wrong += [f"/join AAAA-{letter}CDE" for letter in "HJK"] + ["/join nonsense"]
    for code in wrong:
        await ada.writes_and_sees(code, "I know no class by that code")
    await ada.writes_and_sees("/join", "Which class?")
    await ada.writes_and_sees("AAAA-MCDE", "I know no class by that code")
    await ada.writes_and_sees(link, "Try the next one in 1 minute")
    await ada.writes_and_sees(f"/join {link[-8:]}", "Try the next one in 1 minute")
    await ada.writes_and_sees("/start", "Pick a paper")
    await emmy.writes_and_sees("/join AAAA-ACDE", "I know no class by that code")

    school.clock.passes(minutes=1)
    await ada.writes_and_sees("/join AAAA-NCDE", "I know no class by that code")
    await ada.writes_and_sees(link, "Try the next one in 1 minute")
    school.clock.passes(minutes=1)
    await ada.writes_and_sees(link, "Welcome to Networks, spring!")


async def test_who_was_removed_comes_back_by_an_invitation_only(emmy: Sitter, ada: Sitter) -> None:
    await begins(emmy)
    link = await invites(emmy)
    await ada.writes_and_sees(link, "Welcome to")
    await emmy.writes_and_sees("/teach", "in which you teach")
    await turns(emmy, "Networks", "1 learner")
    await turns(emmy, "Members", "Ada")
    await turns(emmy, "Ada", "Joined on")
    await turns(emmy, "Remove", "Remove Ada from Networks, spring?")
    await turns(emmy, "Yes, remove", "no longer in")
    await ada.writes_and_sees(link, "Ask your teacher to invite you back")
    card = await emmy.presses_and_sees("Invite back", "It is for one person")
    await ada.writes_and_sees(start_of(card), "Welcome back to Networks, spring!")


async def test_holidays_are_typed_and_cost_no_learner_their_run(
    school: School, emmy: Sitter, ada: Sitter
) -> None:
    await begins(emmy)
    await ada.writes_and_sees(await invites(emmy), "Welcome to")
    await emmy.writes_and_sees("/teach", "in which you teach")
    await turns(emmy, "Networks", "No holidays ahead")
    await turns(emmy, "Holidays", "None ahead")
    await emmy.presses_and_sees("Add holidays", "Which days are free?")
    await emmy.writes_and_sees("next week", "I found no date in that")
    await emmy.writes_and_sees("2026-12-24 to 2027-01-06", "Thu 24 Dec to Wed 6 Jan: noted")
    assert school.clock().date() == date(2026, 11, 22)


async def test_who_only_observes_is_not_offered_a_class_of_their_own(
    emmy: Sitter, ada: Sitter
) -> None:
    await begins(emmy)
    await emmy.presses_and_sees("Invite", "Or send me this")
    await emmy.presses_and_sees("Invite to teach", "As what shall somebody join?")
    card = await emmy.presses_and_sees("Observer", "as observer")
    await ada.writes_and_sees(start_of(card), "Your role here: observer")
    page = await ada.writes_and_sees("/teach", "The classes that you observe:")
    assert page.buttons == ("Networks, spring",)
    await emmy.presses_and_sees("Invite to teach", "As what shall somebody join?")
    card = await emmy.presses_and_sees("Assistant", "as assistant")
    await ada.writes_and_sees(start_of(card), "Your role here: assistant")
    page = await ada.writes_and_sees("/teach", "The classes in which you teach:")
    assert page.buttons == ("Networks, spring", "🆕 New class")
    await emmy.writes_and_sees("/teach", "in which you teach")
    await turns(emmy, "Networks", "1 owner")
    await turns(emmy, "Members", "Ada")
    await turns(emmy, "Ada", "as assistant")
    card = await turns(emmy, "Observer", "as observer")
    assert card.buttons == ("Instructor", "Assistant", "✖ Remove", "👥 Members")
    await ada.writes_and_sees("/teach", "The classes that you observe:")


async def test_a_class_goes_to_the_instructor_when_its_owner_is_forgotten(
    emmy: Sitter, ada: Sitter
) -> None:
    await begins(emmy)
    await emmy.presses_and_sees("Invite", "Or send me this")
    await emmy.presses_and_sees("Invite to teach", "As what shall somebody join?")
    card = await emmy.presses_and_sees("Instructor", "as instructor")
    await ada.writes_and_sees(start_of(card), "Your role here: instructor")
    await emmy.writes_and_sees("/forget", "everything")
    await emmy.actor.presses("Delete everything")
    await ada.sees("The class Networks, spring belongs to you now")
    await ada.writes_and_sees("/teach", "in which you teach")
    page = await turns(ada, "Networks", "1 owner")
    assert "You are" not in page.text

"""The pictures of docs/tour.md and docs/instructors.md: days played with the real bot.

python -m docs.tour            all of them, into docs/tour/
python -m docs.tour streak     the scenes of these names
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

from docs.guest import Guest, Tour, opened
from docs.lessons import doubt, klass, live
from tutorbot import wiring
from tutorbot.flows import streaks
from tutorbot.jobs.reminders import remind
from tutorbot.store import learners
from tutorbot.telegram.incident import story

FOLDER = Path(__file__).parent / "tour"


async def first_steps(tour: Tour) -> None:
    await tour.at("2026-11-23 18:00")
    ada = tour.guest("Ada")
    await ada.says("/start", "First steps, 1 of")
    await ada.photographed("start")
    for number, (label, sees) in enumerate(
        (
            ("English", "Time zone"),
            ("Europe", "What time is it with you?"),
            ("Berlin", "Formulas"),
            ("Yes, I see it", "Daily goal"),
            ("3", "Reminder"),
        ),
        start=2,
    ):
        await ada.taps(label, sees)
        await ada.photographed(f"step-{number}", last=1)
    await ada.taps("18:00", "Ready.")
    await ada.photographed("ready", last=1)
    await ada.says("/settings", "Tap what to change")
    await ada.photographed("settings")
    await tour.lays_side_by_side(("start", "settings"), FOLDER.parent / "first-steps.png")
    await ada.says("/tz", "where are you?")
    await ada.taps("Asia", "What time is it with you?")
    await ada.photographed("tz")


async def question(tour: Tour) -> None:
    """A typed formula from the question to the solution."""
    await tour.at("2026-11-24 18:00")
    ada = tour.guest("Ben")
    await sees_formulas(ada)
    await ada.opens(1)
    await ada.photographed("question", last=1)
    await ada.chooses(right=False, sees="Not quite")
    await ada.taps("Try again", "Question 1 of")
    await ada.chooses(right=True, sees="Right.")
    await ada.photographed("verdict")
    await ada.taps("Next", "Question 2 of")
    await ada.goes_to("gru-count-typed")
    await ada.says("3(n²+nm+n", "cost you nothing")
    await ada.says("4(n²+nm+n)", "Not quite.")
    await ada.photographed("typed", last=5)
    await ada.taps("Hint", "Hint 1 of 3")
    await ada.taps("Hint", "Hint 2 of 3")
    await ada.taps("Hint", "Hint 3 of 3")
    await ada.photographed("hints")
    await ada.says("3n(n+m+1)", "Right.")
    await ada.taps("Solution", "Solution")
    await ada.photographed("solution")


async def help_(tour: Tour) -> None:
    """Past the hints: a solved sibling, and a closer look at a slip that comes back."""
    await tour.at("2026-11-25 18:00")
    ben = tour.guest("Cleo")
    await sees_formulas(ben)
    await ben.opens(2)
    await ben.goes_to("w-xh-typed")
    ben.turns_the_page()
    posed = await ben.at_hand()
    values = dict(posed.values)
    wrong = f"{values['e']}x{values['h']}"
    await ben.taps("Hint", "Hint 1 of")
    await ben.taps("Hint", "Hint 2 of")
    await ben.taps("One like it", "solved")
    await ben.photographed("sibling", last=2)
    for _ in range(2):
        await ben.says(wrong, "Not quite")
    await ben.says(wrong, "Shall we look at it together?")
    await ben.taps("A closer look", "A closer look")
    await ben.photographed("lesson", last=3)


async def studies(guest: Guest, answers: int = 3) -> None:
    """Answer the first question so many times."""
    await guest.says("/start", "Pick a paper")
    await guest.taps(guest.tour.paper(1).title[:24], "Question 1 of")
    for number in range(answers):
        if number:
            await guest.taps("Try again", "Question 1 of")
        await guest.chooses(right=False, sees="Not quite")


async def streak(tour: Tour) -> None:
    dora = tour.guest("Dora")
    await tour.at("2026-11-26 12:00")
    await dora.says("/tz Europe/Berlin", "Your days follow")
    await dora.says("/streak")
    await dora.photographed("streak-none", last=2)
    for day in ("26", "27", "28"):
        await tour.at(f"2026-11-{day} 18:00")
        await studies(dora)
    await dora.photographed("milestone", last=1)
    await tour.at("2026-11-30 18:00")
    dora.turns_the_page()
    await dora.says("/start", "was frozen")
    await dora.photographed("frozen")
    await tour.at("2026-12-02 18:00")
    await dora.says("/streak", "Next milestone")
    await dora.photographed("rests")
    await studies(dora, 10)
    await dora.photographed("repaired", last=1)
    await dora.says("/streak", "in a row")
    await dora.taps("Rest days and pauses", "Tap up to two weekdays")
    await dora.taps("Sat", "✓ Sat")
    await dora.taps("Sun", "✓ Sun")
    await dora.taps("7 days", "I am back")
    await dora.photographed("free-days", last=1)


async def year(tour: Tour) -> None:
    """A long year: more than 200 days without a break, with a freeze now and then."""
    emil = tour.guest("Emil")
    await tour.at("2026-12-04 12:00")
    await emil.says("/tz Europe/Berlin", "Your days follow")
    await studies(emil, 1)
    first = date(2026, 12, 4)
    for number in range(227):
        day = first + timedelta(days=number)
        await tour.at(f"{day} 17:00")
        if number % 17 == 13 or number == 90:
            continue
        await _answers(emil, 3 + number * 7 % 11)
    await emil.says("/streak", "Next milestone")
    await emil.photographed("streak", last=2)
    await _wants_dark(emil)
    await emil.says("/streak", "Next milestone")
    await emil.photographed("streak-dark", last=2, dark=True)


async def _answers(guest: Guest, count: int) -> None:
    """Count answers as the flow does that keeps them; 200 days of tapping would take an hour."""
    school = guest.tour.school
    async with school.store.unit() as unit:
        learner = await learners.find(unit, guest.actor.id)
        assert learner is not None
        await streaks.greet(unit, learner, school.clock())
        for number in range(count):
            await streaks.count(unit, learner, school.clock() + timedelta(seconds=40 * number))


async def sees_formulas(guest: Guest) -> None:
    await guest.says("/formulas", "Can you see a fraction")
    await guest.taps("Yes, I see it")


async def _wants_dark(guest: Guest) -> None:
    await guest.says("/formulas", "Can you see a fraction")
    await guest.taps("Dark pictures")


async def progress(tour: Tour) -> None:
    """Some days of practice, then the review, how it stands, and an exam."""
    flora = tour.guest("Flora")
    await tour.at("2027-08-02 18:00")
    await flora.says("/tz Europe/Berlin", "Your days follow")
    await flora.says("/progress", "Nothing here yet")
    await flora.says("/review", "nothing to review yet")
    await flora.photographed("nothing-yet", last=4)
    await sees_formulas(flora)
    await flora.opens(1)
    for number in range(10):
        await flora.chooses(right=number % 3 != 1)
        await flora.taps("Next", "Question ")
    for day in (5, 9, 16, 27):
        await tour.at(f"2027-08-{day:02} 18:00")
        flora.turns_the_page()
        await flora.says("/review")
        for number in range(20):
            if "Question" not in flora.actor.last().text:
                break
            await flora.chooses(right=number % 5 != 2)
            if day == 9 and number == 1:
                await flora.photographed("review")
            await flora.taps("Next" if _has(flora, "Next") else "Finish")
    await flora.photographed("review-end", last=1)
    await tour.at("2027-08-30 18:00")
    await flora.says("/progress", "mastered")
    await flora.photographed("progress", last=2)
    await _wants_dark(flora)
    await flora.says("/progress", "mastered")
    await flora.photographed("progress-dark", last=2, dark=True)
    await flora.says("/exam", "/exam 2027")
    await flora.says("/exam 2027-09-13", "Your exam is in")
    await flora.photographed("exam")


def _has(guest: Guest, label: str) -> bool:
    return any(label in each for each in guest.actor.last().enabled)


async def certainty(tour: Tour) -> None:
    gabi = tour.guest("Gabi")
    await tour.at("2027-09-01 18:00")
    await gabi.says("/certainty", "Yes, ask me")
    await gabi.photographed("certainty-offer")
    await gabi.taps("Yes, ask me")
    await sees_formulas(gabi)
    await gabi.opens(1)
    gabi.turns_the_page()
    levels = ("Certain", "Fairly sure", "A guess")
    for number in range(40):
        right = number * 7 % 10 < (8, 7, 5)[number % 3]
        if not await gabi.chooses(right=right):
            await gabi.says("/start", "Pick a paper")
            await gabi.taps("↺ Start over", "from the first question?")
            await gabi.taps("Start over", "Question 1 of")
            continue
        if number == 0:
            await gabi.photographed("certainty-asked", last=1)
        await gabi.taps(levels[number % 3], "Next")
        if number == 0:
            await gabi.photographed("certainty-told", last=2)
        await gabi.taps("Next", "Question ")
    await gabi.says("/certainty", "well you know")
    await gabi.photographed("certainty", last=2)
    await _wants_dark(gabi)
    await gabi.says("/certainty", "well you know")
    await gabi.photographed("certainty-dark", last=2, dark=True)


async def reminder(tour: Tour) -> None:
    hedy = tour.guest("Hedy")
    await tour.at("2027-09-06 16:00")
    await hedy.says("/tz Europe/Berlin", "Your days follow")
    await hedy.says("/settings", "Tap what to change")
    await hedy.taps("Reminder", "Shall I remind you")
    await hedy.taps("18:00", "Reminder: 18:00")
    for day in ("06", "07", "08"):
        await tour.at(f"2027-09-{day} 17:00")
        await studies(hedy)
    hedy.turns_the_page()
    await tour.at("2027-09-09 18:10")
    await remind(tour.school.store, wiring.languages, tour.school.clock, story)
    await hedy.waits("3 questions add today")
    await hedy.photographed("reminder")


async def data(tour: Tour) -> None:
    ivy = tour.guest("Ivy")
    await tour.at("2027-09-10 18:00")
    await studies(ivy)
    ivy.turns_the_page()
    await ivy.says("/privacy", "What I keep about you")
    await ivy.photographed("privacy")
    await ivy.says("/export", "README.txt")
    await ivy.photographed("export")
    await ivy.says("/forget", "Delete everything about you?")
    await ivy.photographed("forget")
    await ivy.taps("Delete everything", "is deleted")
    await ivy.photographed("forgotten", last=1)


async def group(tour: Tour) -> None:
    await tour.at("2027-09-11 18:00")
    alone = [tour.guest(name) for name in ("Jo", "Kim", "Lea")]
    klass = tour.school.playground.group(
        title="Evening class", members=[each.actor for each in alone]
    )
    jo, kim, lea = (Guest(tour, each.actor.inside(klass)) for each in alone)
    await jo.actor.settles(timeout=60)
    await jo.says("/quiz exploding", "Which approach")
    posted = jo.actor.last()
    jo.begun = kim.begun = _place(jo, "/quiz exploding")
    await kim.taps_on(posted, _letter(posted.text, "Gradient clipping"), "Right.")
    await lea.taps_on(posted, _letter(posted.text, "Using dropout"), "Not quite")
    await tour.passes(seconds=8)
    await jo.taps_on(posted, _letter(posted.text, "Using modified"), "Not quite")
    await tour.passes(seconds=8)
    await asyncio.sleep(7)  # until the counter is edited
    await jo.photographed("group-jo")
    await kim.photographed("group-kim")
    await jo.taps("Show the solution", "answered")
    await jo.says("/table", "The table of this group")
    jo.begun = _place(jo, "/quiz exploding")
    await jo.photographed("group-end")


def _place(guest: Guest, words: str) -> int:
    """Where a message with these words stands in the chat."""
    texts = [each.text for each in guest.actor.messages()]
    return next(place for place, text in enumerate(texts) if words in text)


def _letter(text: str, option: str) -> str:
    return next(line[0] for line in text.splitlines() if option in line)


async def languages(tour: Tour) -> None:
    await tour.at("2027-09-12 18:00")
    for name, language in (("Mia", "de"), ("Nila", "hi"), ("Omar", "ar")):
        guest = tour.guest(name, language)
        await guest.says("/start")
        await guest.photographed(f"{language}-start")
        await guest.actor.presses(tour.paper(1).title[:24])
        await guest.actor.settles(timeout=60)
        await guest.chooses(right=False)
        await guest.photographed(f"{language}-question", last=2)
        await guest.says("/settings")
        await guest.photographed(f"{language}-settings", last=1)
        await guest.says("/help")
        await guest.photographed(f"{language}-help")
        for _ in range(3):
            await _answers(guest, 4)
            await tour.passes(days=1)
        await guest.says("/streak")
        await guest.photographed(f"{language}-streak", last=1)


SCENES: tuple[Callable[[Tour], Awaitable[None]], ...] = (
    first_steps,
    question,
    help_,
    streak,
    year,
    progress,
    certainty,
    reminder,
    data,
    group,
    languages,
    klass,
    doubt,
    live,
)


async def play(wanted: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    async with opened(FOLDER) as tour:
        for scene in SCENES:
            if not wanted or scene.__name__ in wanted:
                await scene(tour)
                print(f"{scene.__name__}: {', '.join(tour.taken)}")
                tour.taken.clear()


if __name__ == "__main__":
    asyncio.run(play(sys.argv[1:]))

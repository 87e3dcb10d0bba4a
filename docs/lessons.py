"""The scenes of docs/instructors.md: a class, a key that is doubted, a live round."""

import asyncio
import random
import re
from collections.abc import Sequence

from sqlalchemy import text

from docs.guest import PATIENCE, Guest, Tour
from tests.store.taught import answered
from tutorbot import wiring
from tutorbot.core.course import Choice, Course, Mark
from tutorbot.core.ids import AssignmentId
from tutorbot.core.practice import LETTERS
from tutorbot.flows.published import Library
from tutorbot.jobs.assignments import tell_results
from tutorbot.jobs.broadcasts import Broadcasting
from tutorbot.jobs.digests import tell_weeks
from tutorbot.playground.people import Bubble
from tutorbot.store import learners
from tutorbot.telegram.incident import story
from tutorbot.views.review import skill_name

PUPILS = (
    *("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gul", "Hana", "Ian", "Jara", "Kofi", "Lin"),
    *("Mara", "Nico", "Oona", "Paul", "Qi", "Rosa", "Sam", "Tara", "Uli", "Vera", "Wes", "Yuki"),
)
IDLE = 2  # pupils who do not begin
SKILLS = ("rnn.exploding", "deriv.jacobian", "rnn.vanishing", "lstm.gates")
DOUBTFUL = 1  # the place of the question whose key the strong contradict


async def klass(tour: Tour) -> None:
    """A class from its first day to the word on Monday."""
    await tour.at("2027-09-14 16:00")
    emmy = await _teacher(tour, "Emmy")
    link = await _begins(emmy)
    pupils = [tour.guest(name) for name in PUPILS]
    for each in pupils:
        await each.says(link, "Welcome to")
    ada = pupils[0]
    await ada.photographed("class-joined", last=1)
    await emmy.says("/teach", "in which you teach")
    await emmy.taps("Networks, autumn", "24 learners")
    await emmy.photographed("class-page", last=1)
    await _sets(emmy)
    await _answers(tour, ada, pupils)
    await emmy.taps("Who has it", "Delivered")
    await emmy.photographed("quiz-receipts", last=1)
    await tour.at("2027-09-19 16:05")  # late answers are over, too
    school = tour.school
    await tell_results(school.store, Library(), wiring.languages, school.clock, story)
    await ada.waits("Your results of")
    await ada.photographed("quiz-told", last=1)
    await _looks(emmy)
    emmy.turns_the_page()
    await tour.at("2027-09-20 08:30")
    await tell_weeks(school.store, wiring.languages, school.clock, story)
    await emmy.waits("the week that was")
    await emmy.photographed("class-digest", last=1)


async def _teacher(tour: Tour, name: str) -> Guest:
    teacher = tour.guest(name)
    tour.school.authors.add(teacher.actor.id)
    await teacher.says("/tz Europe/Berlin", "Your days follow")
    teacher.turns_the_page()
    return teacher


async def _begins(emmy: Guest) -> str:
    """Begin a class; what a learner types who follows its link."""
    await emmy.says("/teach", "You have none yet")
    await emmy.taps("New class", "Which course")
    await emmy.taps(emmy.tour.paper(1).title[:20], "What shall the class be called")
    await emmy.says("Networks, autumn", "Your class is ready")
    await emmy.photographed("class-begun", last=1)
    await emmy.taps("Invite", "Or send me this")
    card = emmy.actor.last()
    await emmy.photographed("class-link", last=1)
    link = re.search(r"start=(class_[A-Z0-9]{8})", card.text)
    assert link, card.text
    return f"/start {link[1]}"


async def _sets(emmy: Guest) -> None:
    await emmy.taps("Set a quiz", "A quiz for Networks")
    await emmy.taps("Questions", "Which questions")
    for skill in SKILLS:
        await emmy.taps(f"☐ {skill_name(skill)}", f"☑ {skill_name(skill)}")
    await emmy.photographed("quiz-questions", last=1)
    await emmy.taps("◀ The quiz", "5 questions")
    await emmy.taps("Title", "What shall the quiz be called")
    await emmy.says("Gradients", "“Gradients”")
    for label, choice in (
        ("Due", "3 days after"),
        ("Late", "50% for 48 hours"),
        ("Solutions", "When nobody can answer"),
    ):
        await emmy.taps(label)
        await emmy.taps(choice, "A quiz for Networks")
    await emmy.photographed("quiz-draft", last=1)
    await emmy.taps("Go on", "goes to 24 learners")
    await emmy.photographed("quiz-confirm", last=1)
    await emmy.taps("Send it now", "is going out")
    school = emmy.tour.school
    sending = Broadcasting(school.store, wiring.languages, school.clock, story, per_second=30)
    while await sending.look():
        await emmy.actor.settles(timeout=PATIENCE)
        await emmy.tour.passes(seconds=1)
    await emmy.waits("has gone out")
    await emmy.photographed("quiz-progress", last=1)


async def _answers(tour: Tour, ada: Guest, pupils: Sequence[Guest]) -> None:
    """Ada answers by tapping; the others, but the last, have answered when she is done."""
    await ada.waits("A quiz for you")
    await ada.photographed("quiz-announced", last=1)
    await ada.taps("Open the quiz", "Question 1 of")
    await ada.photographed("quiz-open")
    for number in range(1, 6):
        await ada.chooses(right=number != DOUBTFUL + 1, sees="Noted.")
        if number == 1:
            await ada.photographed("quiz-noted", last=1)
        await ada.taps("Next", f"Question {number + 1} of" if number < 5 else "handed in")
    await ada.photographed("quiz-handed-in", last=1)
    dice = random.Random(4)
    async with tour.school.store.unit() as unit:
        found = await unit.execute(text("SELECT id, questions FROM assignments ORDER BY id DESC"))
        quiz, asked = found.one()
        names = [each["question"] for each in asked]
        for place, each in enumerate(pupils[1:-IDLE]):
            learner = await learners.find(unit, each.actor.id)
            assert learner is not None
            await unit.execute(
                text("DELETE FROM assignees WHERE learner_id = :who"), {"who": learner.id}
            )
            sheet = _sheet(tour.paper(1), names, (place + 1) / len(pupils), dice)
            await answered(unit, AssignmentId(quiz), learner.id, sheet, tour.school.clock.now)


def _sheet(
    paper: Course, names: Sequence[str], ability: float, dice: random.Random
) -> list[tuple[list[str], float]]:
    """What somebody answers who is as able as that."""
    given: list[tuple[list[str], float]] = []
    for place, name in enumerate(names):
        body = next(each for each in paper if each.id == name).body
        assert isinstance(body, Choice)
        right = next(each.id for each in body.options if each.mark is Mark.RIGHT)
        wrong = [each.id for each in body.options if each.mark is Mark.WRONG]
        able = dice.random() < 0.15 + 0.8 * ability
        if place == DOUBTFUL:  # as if the first wrong option were the right one
            chosen = wrong[0] if able else dice.choice([right, *wrong[1:]])
        else:
            chosen = right if able else dice.choice(wrong)
        given.append(([chosen], float(chosen == right)))
    return given


async def _looks(emmy: Guest) -> None:
    """At the results: of the class, the quiz, the question; and once more in the dark."""
    await emmy.says("/teach", "in which you teach")
    await emmy.taps("Networks, autumn", "24 learners")
    emmy.turns_the_page()
    await emmy.taps("Results", "How Networks, autumn does")
    await emmy.photographed("results-class")
    await emmy.taps("Gradients", "Mean mark")
    await emmy.photographed("results-quiz")
    await emmy.taps(f"⚠ {DOUBTFUL + 1}", "Check the key")
    await emmy.photographed("results-question")
    question = emmy.actor.last()
    await emmy.taps("Look at the key", "first answers")
    await emmy.photographed("results-key", last=1)
    await emmy.taps_on(question, "◀ The quiz", "Mean mark")
    await emmy.taps("Table (CSV)", "one line for each learner")
    await emmy.photographed("results-table", last=1)
    await emmy.says("/formulas", "Can you see a fraction")
    await emmy.taps("Dark pictures")
    await emmy.says("/teach", "in which you teach")
    await emmy.taps("Networks, autumn", "24 learners")
    await emmy.taps("Results", "How Networks, autumn does")
    emmy.turns_the_page()
    await emmy.taps("Gradients", "Mean mark")
    await emmy.photographed("results-quiz-dark", dark=True)
    await emmy.taps("◀ Results", "How Networks, autumn does")
    await emmy.taps("Learners", "last answer on")
    await emmy.photographed("results-learners", last=1)


async def doubt(tour: Tour) -> None:
    """A key from the flag to the undoing of its correction."""
    await tour.at("2027-09-21 16:00")
    emmy = await _teacher(tour, "Emmy Noether")
    ada, bob = tour.guest("Ada L."), tour.guest("Bob")
    for guest, options in ((ada, ("clip",)), (bob, ("learning-rate", "clip"))):
        await guest.opens(2)
        posed = await guest.at_hand()
        for name in options:
            place = next(at for at, each in enumerate(posed.shown) if each.id == name)
            await guest.taps(f"☐ {LETTERS[place]}", f"☑ {LETTERS[place]}")
        await guest.taps("Done", "Something wrong?")
    await ada.taps("Something wrong?", "What is wrong with this question?")
    await ada.photographed("key-flag", last=1)
    await ada.taps("counted as right is wrong", "Thank you!")
    await emmy.says("/keys", "the most urgent first")
    await emmy.photographed("key-queue", last=1)
    await emmy.taps("Growing weights", "2 first answers")
    await emmy.photographed("key-doubted", last=1)
    await emmy.taps("Correct the key", "Tap an option to turn it")
    await emmy.taps("✅ A", "❌ A")
    await emmy.taps("❌ A", "◻ A")
    await emmy.taps("Type a reason", "Type the reason")
    await emmy.says("A high rate makes weights swing, not grow.", "Why: A high rate")
    await emmy.photographed("key-draft", last=1)
    await emmy.taps("Try it out", "Dry run")
    await emmy.photographed("key-dry-run", last=1)
    await emmy.taps("Apply it", "is corrected")
    await emmy.photographed("key-corrected", last=1)
    await ada.waits("The key of a question was corrected")
    await ada.photographed("key-told", last=1)
    await emmy.taps("Undo the correction", "is undone")
    await ada.waits("A correction was taken back")


async def live(tour: Tour) -> None:
    """A live round in a group, from its lobby to the podium."""
    await tour.at("2027-09-22 18:00")
    alone = [tour.guest(name) for name in ("Pia", "Ravi", "Sofia")]
    group = tour.school.playground.group(
        title="Networks, autumn", members=[each.actor for each in alone]
    )
    pia, ravi, sofia = (Guest(tour, each.actor.inside(group)) for each in alone)
    await pia.actor.settles(timeout=PATIENCE)
    pia.turns_the_page()
    await pia.says("/round 2 jacobian 20s", "A live round")
    for each in (ravi, sofia):
        await each.actor.presses("I am in")
    await tour.passes(seconds=6)
    await pia.waits("I am in · 2")
    await pia.photographed("round-lobby")
    await pia.taps("Begin", "Here we go!")
    for number in (1, 2):
        await tour.passes(seconds=11)
        await _reaches(tour, "open")
        poll = next(each for each in reversed(pia.actor.messages()) if "poll" in each.wire)
        shown = _place(pia, poll)
        options = len(poll.wire["poll"]["options"])
        for place, voter in enumerate((ravi, sofia, pia)):
            await tour.passes(seconds=2)
            await voter.actor.votes(poll, (place + number) % options)
            await _reaches(tour, 3 * (number - 1) + place + 1)
        await tour.passes(seconds=5)
        await pia.waits("👥 3")
        if number == 1:
            await pia.photographed("round-poll", last=len(pia.actor.messages()) - shown)
        await tour.passes(seconds=11)
        await _reaches(tour, "closing")
        await tour.passes(seconds=2)
        if number == 1:
            await _reaches(tour, "waiting")
            await pia.photographed("round-told", last=1)
    await _reaches(tour, "over")
    await pia.actor.settles(timeout=PATIENCE)
    await pia.photographed("round-podium", last=1)


def _place(guest: Guest, poll: Bubble) -> int:
    """Where a question begins in the chat: with the picture before its poll, if there is one."""
    ids = [each.id for each in guest.actor.messages()]
    place = ids.index(poll.id)
    before = guest.actor.messages()[place - 1]
    return place - 1 if before.photo else place


async def _reaches(tour: Tour, wanted: str | int) -> None:
    """Wait until the newest round is in that phase, or until so many answers are kept."""
    phase = "SELECT phase FROM rounds ORDER BY id DESC LIMIT 1"
    asked = phase if isinstance(wanted, str) else "SELECT count(*) FROM round_answers"
    async with asyncio.timeout(PATIENCE):
        while True:
            async with tour.school.store.unit() as unit:
                if (await unit.execute(text(asked))).scalar_one() == wanted:
                    return
            await asyncio.sleep(0.05)

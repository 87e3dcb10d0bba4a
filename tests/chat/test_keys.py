"""A key is doubted, looked at, mended, and taken back, as learners and their teacher live it."""

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter
from tutorbot.core.classes import Role
from tutorbot.core.practice import LETTERS
from tutorbot.playground.people import Actor, Bubble
from tutorbot.store import classes, learners
from tutorbot.store.joining import enter

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def emmy(school: School) -> Actor:
    person = school.person("Emmy")
    school.authors.add(person.id)
    return person


async def answers(sitter: Sitter, *options: str) -> None:
    """Answer the question at hand with these options."""
    paper = sitter.school.paper(2)
    posed = await sitter.at_hand(paper)
    letters = [LETTERS[[each.id for each in posed.shown].index(name)] for name in options]  # pyright: ignore[reportArgumentType] - names of options
    several = len([each for each in sitter.actor.last().buttons if "☐" in each]) > 0
    for letter in letters:
        await sitter.actor.presses(letter)
        if several:
            await sitter.actor.hears(lambda bubble: any("☑" in b for b in bubble.buttons))
    if several:
        await sitter.actor.presses("Done")
    await sitter.actor.hears(lambda bubble: any("Something wrong?" in b for b in bubble.buttons))


async def goes_to(sitter: Sitter, number: int) -> None:
    """Leave questions out until this one is there."""
    paper = sitter.school.paper(2)
    while (await sitter.at_hand(paper)).number < number:
        now = (await sitter.at_hand(paper)).number
        label = "Next ▸" if any("Next ▸" in b for b in sitter.actor.last().buttons) else "Skip"
        await sitter.presses_and_sees(label, f"Question {now + 1} of")


async def sees(actor: Actor, words: str) -> Bubble:
    """Wait for these words in a message, new or edited."""

    def fits(bubble: Bubble) -> bool:
        return words in bubble.text

    return next(filter(fits, await actor.hears(fits)))


async def opens(emmy: Actor, title: str) -> Bubble:
    await emmy.says("/keys")
    await sees(emmy, "the most urgent first")
    await emmy.presses(title)
    return await sees(emmy, "first answer")


async def test_the_growing_weights_are_mended_so_that_nobody_loses(
    school: School, emmy: Actor
) -> None:
    ada, bob = Sitter(school, school.person("Ada")), Sitter(school, school.person("Bob"))
    await ada.opens(school.paper(2))
    await answers(ada, "clip")
    await ada.actor.presses("Something wrong?")
    await sees(ada.actor, "What is wrong with this question?")
    await ada.actor.presses("counted as right is wrong")
    await sees(ada.actor, "Thank you!")
    await bob.opens(school.paper(2))
    await answers(bob, "learning-rate", "clip")

    shown = await opens(emmy, "🚩1 ⚖ Growing weights")
    assert "1×  the key is wrong" in shown.text
    assert "The key of this question is disputed." in shown.text
    assert "✅ A  1×" in shown.text
    assert "✅ D  2×" in shown.text
    await emmy.presses("Correct the key")
    await sees(emmy, "Tap an option to turn it")
    await emmy.presses("✅ A")
    await sees(emmy, "❌ A")
    await emmy.presses("❌ A")
    await sees(emmy, "◻ A")
    await emmy.presses("Try it out")
    tried = await sees(emmy, "Dry run")
    assert "⬆ 1 up · ⬇ 0 down · 1 as they were" in tried.text
    await emmy.presses("Apply it")
    assert (await emmy.sees_toast()).text == "Say first why the key is corrected."
    await emmy.presses("Back")
    await sees(emmy, "Why? Tap a reason.")
    await emmy.presses("Type a reason")
    await sees(emmy, "Type the reason")
    await emmy.says("A high rate makes weights swing, not grow.")
    await sees(emmy, "Why: A high rate makes weights swing")
    await emmy.presses("Try it out")
    await sees(emmy, "Dry run")
    await emmy.presses("Apply it")
    await sees(emmy, "The key of “Growing weights” is corrected.")
    told = await sees(ada.actor, "The key of a question was corrected")
    assert "Your answer had 0 of 1 points; now it has 1 of 1." in told.text
    assert "Why: A high rate makes weights swing, not grow." in told.text
    await bob.actor.settles()
    assert "was corrected" not in bob.actor.transcript(), "his score is as it was"

    cleo = Sitter(school, school.person("Cleo"))
    await cleo.opens(school.paper(2))
    await answers(cleo, "clip")
    assert "✅ Right." in cleo.actor.last().text, "from now on the new key grades"

    await opens_again(emmy, school)
    await emmy.presses("Undo the correction")
    await sees(emmy, "is undone")
    told = await sees(ada.actor, "A correction was taken back")
    assert "Your answer had 1 of 1 points; now it has 0 of 1." in told.text
    await sees(cleo.actor, "A correction was taken back")


async def opens_again(emmy: Actor, school: School) -> None:
    """Open what is no longer in the queue by the button of the message that told it was done."""
    del school
    bubble = next(each for each in reversed(emmy.messages()) if "is corrected" in each.text)
    assert any("Undo the correction" in each for each in bubble.buttons)


async def test_a_question_that_asks_for_what_is_not_so_gives_full_points_to_all(
    school: School, emmy: Actor
) -> None:
    ada, bob = Sitter(school, school.person("Ada")), Sitter(school, school.person("Bob"))
    for sitter, option in ((ada, "layers"), (bob, "pathways")):
        await sitter.opens(school.paper(2))
        await goes_to(sitter, 3)
        await answers(sitter, option)
    await ada.actor.presses("Something wrong?")
    await sees(ada.actor, "What is wrong")
    await ada.actor.presses("Something else")
    await sees(ada.actor, "Type what is wrong")
    typed = await ada.actor.says("AlexNet has one pathway.")
    thanks = await sees(ada.actor, "Thank you!")
    assert thanks.id > typed.id, "below what was typed"

    shown = await opens(emmy, "AlexNet, LSTM and ResNet")
    assert "“AlexNet has one pathway.”" in shown.text
    await emmy.presses("Correct the key")
    await sees(emmy, "Tap an option")
    await emmy.presses("Full for all")
    await sees(emmy, "Full for all: who has answered")
    await emmy.presses("It was unclear")
    await sees(emmy, "Why: The question was unclear.")
    await emmy.presses("Try it out")
    assert "⬆ 1 up · ⬇ 0 down · 1 as they were" in (await sees(emmy, "Dry run")).text
    await emmy.presses("Apply it")
    await sees(emmy, "is corrected")
    told = await sees(ada.actor, "now it has 1 of 1")
    assert "Why: The question was unclear." in told.text


async def test_a_dry_run_names_who_would_lose_and_the_key_may_stand(
    school: School, emmy: Actor
) -> None:
    ada = Sitter(school, school.person("Ada"))
    await ada.opens(school.paper(2))
    await goes_to(ada, 5)
    await answers(ada, "depth-30", "inputs-30")
    await opens(emmy, "The full video as input")
    await emmy.presses("Correct the key")
    await sees(emmy, "◻ D")
    await emmy.presses("◻ D")
    await sees(emmy, "✅ D")
    await emmy.presses("New only")
    await sees(emmy, "New only: everybody")
    await emmy.presses("Try it out")
    tried = await sees(emmy, "Dry run")
    assert "⬇ 1 down" in tried.text
    assert "Who loses: L" in tried.text
    await emmy.presses("Back")
    await sees(emmy, "Tap an option")
    await emmy.presses("Put aside")
    await sees(emmy, "first answer")
    await emmy.presses("The key stands")
    await sees(emmy, "stands.")
    await emmy.says("/keys")
    queue = await sees(emmy, "the most urgent first")
    assert not any("The full video" in each for each in queue.buttons)
    await ada.actor.settles()
    assert "🔑" not in ada.actor.transcript()


async def test_an_answer_is_added_by_typing_it_and_one_that_makes_no_sense_is_not(
    school: School, emmy: Actor
) -> None:
    ada = Sitter(school, school.person("Ada"))
    await ada.opens(school.paper(2))
    await goes_to(ada, 13)
    paper = school.paper(2)
    values = dict((await ada.at_hand(paper)).values)
    await ada.writes_and_sees(f"1 x {values['h']}", "Not quite")
    await ada.actor.presses("Something wrong?")
    await sees(ada.actor, "What is wrong")
    await ada.actor.presses("counted as right is wrong")
    await sees(ada.actor, "Thank you!")
    shown = await opens(emmy, "Size of the bias")
    assert "Accepted: h x 1" in shown.text
    await emmy.presses("Correct the key")
    await sees(emmy, "These answers are accepted")
    long = f"1 x (h{' + 0' * 140})"  # whole, or it would be another
    for typed, answer in (
        ("((", "That cannot be an answer"),
        (long, "✖ 1 x (h + 0"),
        ("1 x h", "✖ 1 x h"),
    ):
        await emmy.presses("Add an answer")
        await sees(emmy, "Type the answer to accept")
        await emmy.says(typed)
        await emmy.hears(lambda b, a=answer: a in b.text or any(a in each for each in b.buttons))
    await emmy.presses("More is right")
    await sees(emmy, "Why: More than one answer is right.")
    await emmy.presses("Try it out")
    assert "⬆ 1 up" in (await sees(emmy, "Dry run")).text
    await emmy.presses("Apply it")
    await sees(emmy, "is corrected")
    await sees(ada.actor, "now it has 1 of 1")


async def test_who_may_not_mend_keys_is_told_so(school: School, ada: Sitter) -> None:
    await ada.actor.says("/keys")
    await sees(ada.actor, "Keys are looked after by authors")
    del school


async def test_what_a_learner_said_of_a_question_can_be_taken_back(
    school: School, ada: Sitter
) -> None:
    await ada.opens(school.paper(2))
    await answers(ada, "clip")
    await ada.actor.presses("Something wrong?")
    await sees(ada.actor, "What is wrong")
    await ada.actor.presses("There is a typo")
    await sees(ada.actor, "Thank you!")
    await ada.actor.presses("Take it back")
    await sees(ada.actor, "Taken back.")
    async with school.store.unit() as unit:
        flags = await unit.execute(text("SELECT count(*) FROM question_flags"))
        assert flags.scalar_one() == 0


async def test_what_is_proposed_to_the_authors_cannot_be_proposed_twice_and_is_refused_after_asking(
    school: School, emmy: Actor, ada: Sitter
) -> None:
    olga = school.person("Olga")
    await olga.says("/start")
    await sees(olga, "Pick a paper")
    async with school.store.unit() as unit:
        teacher = await learners.find(unit, olga.id)
        assert teacher
        course = school.paper(2).id
        klass = await classes.create(
            unit, title="Nets", course=course, timezone="UTC", at=school.clock()
        )
        await enter(
            unit,
            class_id=klass,
            learner=teacher.id,
            code="OLGAS",
            role=Role.INSTRUCTOR,
            cohort=None,
            at=school.clock(),
        )
    await ada.opens(school.paper(2))
    await answers(ada, "clip")
    await opens(olga, "Growing weights")
    await olga.presses("Correct the key")
    await sees(olga, "Tap an option")
    await olga.presses("✅ A")
    await sees(olga, "❌ A")
    await olga.presses("It was unclear")
    await sees(olga, "Why: The question was unclear.")
    await olga.presses("Try it out")
    run = await sees(olga, "an author has to apply it")
    await olga.presses("Propose it")
    said = await sees(olga, "lies before the authors now")
    assert said.id == run.id
    assert said.buttons == ("◀ Back",)
    await opens(emmy, "Growing weights")
    await emmy.presses("See the proposal")
    await sees(emmy, "Proposed by OLGAS: Growing weights")
    await emmy.presses("✖ Refuse")
    await sees(emmy, "Refuse the correction of “Growing weights” by OLGAS?")
    await emmy.presses("No")
    await sees(emmy, "Proposed by OLGAS")
    await emmy.presses("✖ Refuse")
    asked = await sees(emmy, "There is no way back.")
    await emmy.presses("Yes, refuse it")
    assert (await sees(emmy, "is refused.")).id == asked.id
    await sees(olga, "was not taken up")

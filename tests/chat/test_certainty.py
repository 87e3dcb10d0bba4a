"""How sure are you? Asked before the verdict, answered with one tap, and never in the way."""

import signal
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter, start
from tutorbot.core.course import Mark
from tutorbot.core.recall import Memory
from tutorbot.courses.load import Loaded, load
from tutorbot.playground.people import Bubble
from tutorbot.store import learners, recall

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

MIXED = """\
---
id: mixed
title: Mixed
---

## Colour of the sky {#sky}

Which colour has the sky?

- ( ) Green
  > Look up.
- (x) Blue
- ( ) Red
- hint: It is not green.

## Even numbers {#even}

Which are even?

- [x] Two
- [x] Four
- [ ] Five

## A sum {#sum}

How much is 20 + 3?

- answer: `23`
- hint: Count on.

### Worked example

20 + 4 is 24.

## A product {#product}

```meta
type: formula
symbols: [n]
form: expanded
```

Multiply out n(n + 1).

- answer: `n^2 + n`
- hint: Each term with each.
"""

LEVELS = ("A guess", "Fairly sure", "Certain")


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    folder = tmp_path_factory.mktemp("content")
    (folder / "1.quiz.md").write_text(MIXED, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


@pytest.fixture
async def asked(ada: Sitter) -> Sitter:
    """Somebody who likes to be asked, with the first question before them."""
    await switch(ada, "Yes, ask me")
    await ada.opens(ada.school.paper(1))
    return ada


async def switch(sitter: Sitter, choice: str) -> None:
    await sitter.writes_and_sees("/settings", "Settings")
    await edited(sitter, "How sure I am", "how sure you are?")
    await edited(sitter, choice, "How sure I am: ")


async def edited(sitter: Sitter, label: str, words: str = "") -> Bubble:
    """Press a button, and wait for a message to change."""
    await sitter.actor.presses(label)

    def changed(bubble: Bubble) -> bool:
        return bubble.edited and words in bubble.text

    return [each for each in await sitter.actor.hears(changed) if changed(each)][-1]


async def types(sitter: Sitter, typed: str, words: str) -> Bubble:
    """Type an answer, with patience: whoever judges it may only be starting."""
    await sitter.actor.says(typed)

    def fits(bubble: Bubble) -> bool:
        return words in bubble.text and not bubble.edited

    return next(filter(fits, await sitter.actor.hears(fits)))


async def goes_to(sitter: Sitter, question: str) -> None:
    """Skip to a question."""
    paper = sitter.school.paper(1)
    number = 1
    while (await sitter.at_hand(paper)).question.id != question:
        number += 1
        await sitter.presses_and_sees("Skip", f"Question {number} of")


async def letter(sitter: Sitter, *, right: bool) -> str:
    posed = await sitter.at_hand(sitter.school.paper(1))
    wanted = Mark.RIGHT if right else Mark.WRONG
    return next(sitter.letter(posed, each) for each in posed.shown if each.mark is wanted)


async def facts(school: School) -> list[tuple[str, str]]:
    """What was said of certainty, with the verdict."""
    async with school.store.unit() as unit:
        rows = await unit.execute(
            text(
                "SELECT level, verdict->>'code' AS code FROM certainties"
                " JOIN answers ON answers.id = answer_id ORDER BY answers.id"
            )
        )
    return [(row.level, row.code) for row in rows]


async def counted(school: School) -> int:
    async with school.store.unit() as unit:
        return (await unit.execute(text("SELECT count(*) FROM answers"))).scalar_one()


async def memories(sitter: Sitter) -> dict[str, Memory]:
    async with sitter.school.store.unit() as unit:
        learner = await learners.find(unit, sitter.actor.id)
        assert learner is not None
        return {card.question: card.memory for card in await recall.all_of(unit, learner.id)}


def verdicts(sitter: Sitter) -> Sequence[Bubble]:
    found = ("Right.", "Not quite.", "Nearly there.", "I cannot tell.")
    return [
        each
        for each in sitter.actor.messages()
        if each.by_bot and any(word in each.text for word in found)
    ]


async def test_nobody_is_asked_who_has_not_chosen_it(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    await ada.presses_and_sees(await letter(ada, right=True), "Right.")
    assert not any(set(LEVELS) & set(each.buttons) for each in ada.actor.messages())


async def test_a_tap_is_asked_about_in_its_place_and_one_tap_tells_the_verdict(asked: Sitter):
    chosen = await letter(asked, right=True)
    question = await edited(asked, chosen)
    assert question.enabled == LEVELS
    assert f"● {chosen}" in question.buttons
    assert "How sure are you?" in question.buttons
    await asked.actor.settles()
    assert not verdicts(asked)
    assert await counted(asked.school) == 1, "what was answered is kept at once"
    await asked.presses_and_sees("Fairly sure", "Right.")
    await asked.actor.settles()
    assert await facts(asked.school) == [("f", "right")]
    last = asked.actor.messages()
    assert not any(set(LEVELS) & set(each.buttons) for each in last)
    assert any(f"✅ {chosen}" in each.buttons for each in last)
    await asked.presses_and_sees("Next", "Question 2 of 4")


def asks(bubble: Bubble) -> bool:
    """Whether a message asks how sure the learner is."""
    return bubble.enabled == LEVELS


async def test_ticks_are_asked_about_all_together(asked: Sitter):
    await goes_to(asked, "even")
    posed = await asked.at_hand(asked.school.paper(1))
    for option in posed.shown:
        if option.mark is Mark.RIGHT:
            await edited(asked, f"☐ {asked.letter(posed, option)}")
    await asked.actor.presses("Done")
    (question, *_) = filter(asks, await asked.actor.hears(asks))
    assert sum(each.startswith("☑") for each in question.buttons) == 2
    await asked.presses_and_sees("Certain", "Right.")
    assert await facts(asked.school) == [("c", "right")]


@pytest.mark.parametrize(
    ("question", "typed", "read"),
    [("sum", "23", "I read 23."), ("product", "n^2+n", "I read n"), ("sky", "B", "answer: B.")],
)
async def test_what_is_typed_is_asked_about_below_with_what_was_read(
    asked: Sitter, question: str, typed: str, read: str
):
    await goes_to(asked, question)
    said = await types(asked, typed, "How sure are you?")
    assert read in said.text
    assert said.enabled == LEVELS
    assert not verdicts(asked)
    await asked.actor.presses("A guess")
    await asked.sees("")
    await asked.actor.settles()
    assert len(verdicts(asked)) == 1
    assert not any(set(LEVELS) & set(each.buttons) for each in asked.actor.messages())
    assert [level for level, _ in await facts(asked.school)] == ["g"]


async def test_whoever_types_on_hears_the_verdict_first_and_the_text_counts_as_usual(
    asked: Sitter,
):
    await goes_to(asked, "sum")
    await asked.writes_and_sees("22", "How sure are you?")
    await asked.actor.says("23")
    await asked.sees("Right.")
    first, second = verdicts(asked)
    assert "Not quite." in first.text
    assert "Right." in second.text
    assert await facts(asked.school) == []
    assert await counted(asked.school) == 2
    await asked.actor.settles()
    assert not any(set(LEVELS) & set(each.enabled) for each in asked.actor.messages())


async def test_whoever_goes_on_without_saying_hears_the_verdict_first(asked: Sitter):
    await goes_to(asked, "sum")
    await asked.writes_and_sees("23", "How sure are you?")
    await asked.presses_and_sees("Skip", "Question 4 of 4")
    (verdict,) = verdicts(asked)
    assert "Right." in verdict.text
    assert await facts(asked.school) == []


async def test_a_command_tells_the_verdict_too(asked: Sitter):
    await edited(asked, await letter(asked, right=False))
    await asked.actor.says("/streak")
    await asked.actor.settles()
    (verdict,) = verdicts(asked)
    assert "Not quite." in verdict.text


async def test_certainty_comes_too_late_once_the_verdict_is_told(asked: Sitter):
    question = await edited(asked, await letter(asked, right=False))
    await asked.writes_and_sees("/help", "How it works")
    await asked.actor.presses_on(question, "Certain")
    assert "no longer counts" in (await asked.actor.sees_toast()).text
    assert await facts(asked.school) == []
    assert len(verdicts(asked)) == 1


async def test_a_double_tap_on_a_level_counts_once(asked: Sitter):
    question = await edited(asked, await letter(asked, right=True))
    await asked.actor.presses_on(question, "Certain")
    await asked.actor.presses_on(question, "A guess")
    await asked.actor.settles()
    assert await facts(asked.school) == [("c", "right")]
    assert len(verdicts(asked)) == 1


async def test_a_double_tap_on_an_option_is_no_wish_to_go_on(asked: Sitter):
    before = asked.actor.last()
    chosen = await letter(asked, right=False)
    await edited(asked, chosen)
    await asked.actor.presses_on(before, chosen)
    assert "How sure are you of it?" in (await asked.actor.sees_toast()).text
    await asked.actor.settles()
    assert not verdicts(asked)
    assert await counted(asked.school) == 1
    await asked.presses_and_sees("Fairly sure", "Not quite.")
    assert await facts(asked.school) == [("f", "wrong")]


async def test_a_restart_between_answer_and_certainty_loses_nothing(closed_school: School):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    async with closed_school.bot():
        await switch(ada, "Yes, ask me")
        await ada.opens(closed_school.paper(1))
        await edited(ada, await letter(ada, right=True))
        await ada.actor.settles()
    assert await counted(closed_school) == 1
    async with closed_school.bot():
        await ada.presses_and_sees("Certain", "Right.")
    assert await facts(closed_school) == [("c", "right")]


@pytest.mark.long
async def test_a_kill_between_answer_and_certainty_loses_nothing(
    closed_school: School, database_url: str
):
    ada = Sitter(closed_school, closed_school.person("Ada"))
    process = await start(closed_school, database_url)
    try:
        await ada.actor.says("/settings")
        await ada.actor.hears(lambda bubble: "Settings" in bubble.text, timeout=60)
        await edited(ada, "How sure I am", "how sure you are?")
        await edited(ada, "Yes, ask me", "How sure I am: ")
        await ada.opens(closed_school.paper(1))
        await edited(ada, await letter(ada, right=True))
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert await counted(closed_school) == 1
    assert not verdicts(ada)
    process = await start(closed_school, database_url)
    try:
        await ada.actor.presses("Certain")
        await ada.actor.hears(lambda bubble: "Right." in bubble.text, timeout=60)
    finally:
        process.terminate()
        await process.wait()
    assert await facts(closed_school) == [("c", "right")]
    assert len(verdicts(ada)) == 1


async def test_only_the_first_try_of_a_question_is_asked_about(asked: Sitter):
    await goes_to(asked, "sum")
    await asked.writes_and_sees("22", "How sure are you?")
    await asked.presses_and_sees("Certain", "Not quite.")
    await asked.writes_and_sees("23", "Right.")
    assert await facts(asked.school) == [("c", "wrong")]


@pytest.mark.parametrize(
    ("typed", "told"), [("2)3", "cost you nothing"), ("=", "cost you nothing")]
)
async def test_what_cannot_be_read_is_told_at_once(asked: Sitter, typed: str, told: str):
    await goes_to(asked, "sum")
    said = await asked.writes_and_sees(typed, told)
    assert not set(LEVELS) & set(said.buttons)


async def test_a_right_value_in_another_form_is_neither_right_nor_wrong(asked: Sitter):
    await goes_to(asked, "product")
    said = await types(asked, "n(n+1)", "Nearly there.")
    assert not set(LEVELS) & set(said.buttons)
    await asked.writes_and_sees("n^2+n", "Right.")
    assert await facts(asked.school) == []


async def test_who_follows_a_worked_example_is_not_asked(asked: Sitter):
    await goes_to(asked, "sum")
    await asked.presses_and_sees("Hint", "Hint 1 of 1")
    await asked.presses_and_sees("Worked example", "20 + 4 is 24")
    await asked.writes_and_sees("23", "Right.")


async def test_switching_it_off_tells_what_waits_and_asks_no_more(asked: Sitter):
    await edited(asked, await letter(asked, right=True))
    await switch(asked, "No")
    assert len(verdicts(asked)) == 1
    await asked.presses_and_sees("Next", "Question 2 of 4")
    await asked.writes_and_sees("A", "")
    await asked.actor.settles()
    assert len(verdicts(asked)) == 2


async def test_a_right_guess_comes_back_sooner_than_what_one_was_sure_of(school: School):
    found: dict[str, Memory] = {}
    for name, level in (
        ("Ada", "A guess"),
        ("Bob", "Fairly sure"),
        ("Cleo", "Certain"),
        ("Dan", ""),
    ):
        person = Sitter(school, school.person(name))
        await switch(person, "Yes, ask me")
        await person.opens(school.paper(1))
        await edited(person, await letter(person, right=True))
        at_once = (await memories(person))["sky"]
        if level:
            await person.presses_and_sees(level, "Right.")
        else:
            await person.writes_and_sees("/help", "How it works")
        found[name] = (await memories(person))["sky"]
        assert found[name].ratings == at_once.ratings == 1
        if name != "Ada":
            assert found[name] == at_once
    assert found["Ada"].stability < found["Bob"].stability
    assert found["Ada"].due <= found["Bob"].due
    assert found["Bob"].stability == found["Cleo"].stability == found["Dan"].stability


async def test_a_wrong_guess_is_wrong_and_no_more(asked: Sitter):
    await edited(asked, await letter(asked, right=False))
    before = await memories(asked)
    await asked.presses_and_sees("A guess", "Not quite.")
    assert await memories(asked) == before


async def test_a_guess_at_the_second_answer_of_a_day_rates_nothing(asked: Sitter):
    chosen = await letter(asked, right=True)
    await edited(asked, chosen)
    await asked.presses_and_sees("Certain", "Right.")
    before = await memories(asked)
    await asked.writes_and_sees("/start", "Pick a paper")
    await begins_anew(asked)
    await edited(asked, await letter(asked, right=True))
    await asked.presses_and_sees("A guess", "Right.")
    assert await memories(asked) == before
    assert await facts(asked.school) == [("c", "right"), ("g", "right")]


async def begins_anew(sitter: Sitter) -> None:
    """Go through the paper to its end, and begin it anew."""
    paper = sitter.school.paper(1)
    for number in (2, 3, 4):
        await sitter.actor.presses("Next" if number == 2 else "Skip")
        await sitter.sees(f"Question {number} of")
    await sitter.presses_and_sees("Skip", "The end of")
    await sitter.presses_and_sees("Once more", f"Question 1 of {len(paper.questions)}")


async def test_the_streak_counts_answers_whether_or_not_certainty_is_said(asked: Sitter):
    chosen = await letter(asked, right=True)
    await edited(asked, chosen)
    await asked.presses_and_sees("Certain", "Right.")
    await asked.presses_and_sees("Next", "Question 2 of 4")
    await asked.writes_and_sees("A", "How sure are you?")
    await asked.presses_and_sees("Fairly sure", "")
    await asked.presses_and_sees("Next", "Question 3 of 4")
    await asked.writes_and_sees("23", "How sure are you?")
    await asked.writes_and_sees("/streak", "1 day in a row")


async def test_certainty_explains_itself_and_is_switched_on_from_there(ada: Sitter):
    said = await ada.writes_and_sees("/certainty", "How well you know what you know")
    assert "right more than 9 times of 10" in said.text
    await edited(ada, "Yes, ask me", "How sure I am: asked")
    said = await ada.writes_and_sees("/certainty", "Nothing here yet")
    assert not said.buttons


async def test_few_answers_are_too_few_to_judge_by(asked: Sitter):
    await edited(asked, await letter(asked, right=True))
    await asked.presses_and_sees("Certain", "Right.")
    said = await asked.writes_and_sees("/certainty", "1 of 1 right. Too few to say more")
    assert said.photo is None


async def test_what_was_certain_and_wrong_is_practised_until_it_is_right(asked: Sitter):
    await edited(asked, await letter(asked, right=False))
    await asked.presses_and_sees("Certain", "Not quite.")
    for number in (2, 3, 4):
        await asked.presses_and_sees("Next" if number == 2 else "Skip", f"Question {number} of 4")
    await asked.presses_and_sees("Skip", "The end of")
    said = await asked.writes_and_sees("/certainty", "Certain, and not right yet")
    assert "Colour of the sky · Mixed" in said.text
    await asked.presses_and_sees("Practise these", "Question 1 of 1")
    await edited(asked, await letter_again(asked))
    await asked.presses_and_sees("Fairly sure", "Right.")
    await asked.presses_and_sees("Finish", "On from where you left off")
    again = await asked.writes_and_sees("/certainty", "Too few to say")
    assert "not right yet" not in again.text
    await asked.actor.presses_on(said, "Practise these")
    assert (await asked.actor.sees_toast()).text == "All of these are mended."


async def letter_again(sitter: Sitter) -> str:
    """Which option is right, by what the newest message shows."""
    text = next(
        each.text for each in reversed(sitter.actor.messages()) if "Question 1 of 1" in each.text
    )
    return next(line.strip()[0] for line in text.splitlines() if "Blue" in line)


async def test_after_ten_answers_a_picture_says_what_the_words_say(asked: Sitter):
    for turn in range(10):
        if turn:
            await begins_anew(asked)
        await edited(asked, await letter(asked, right=turn < 6))
        await asked.presses_and_sees("Certain", "Right." if turn < 6 else "Not quite.")
    said = await asked.writes_and_sees("/certainty", "How well you know what you know")
    assert said.photo is not None
    assert "6 of 10 right, 60%, a range from 31% to 83%." in said.text
    assert "less often than 90% to 100%" in said.text
    assert "When you feel certain, look once more" in said.text

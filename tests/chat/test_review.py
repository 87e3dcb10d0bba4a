"""What was answered comes back on other days, with other numbers, and never all at once."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.chat.school import Sitter
from tutorbot.core.course import Course
from tutorbot.courses.load import Loaded, load

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

SUMS = """\
---
id: sums
title: Sums
---

## Adding {#adding}

```meta
skills: [sums.adding]
params: {a: [11, 12, 13, 14, 15, 16]}
```

How much is {{a}} + 1?

- answer: `a + 1`
- wrong: `a - 1` {tag=sign}
  > Plus goes up, minus goes down.
- hint: Count on by one.
- hint: Start at {{a}}.

### Worked example

4 + 1 is 5.

### Solution

One more than {{a}} is what comes after {{a}}.

## Doubling {#doubling}

```meta
skills: [sums.doubling]
params: {b: [21, 22, 23, 24, 25, 26]}
```

How much is 2 · {{b}}?

- answer: `2*b`

### Solution

Add {{b}} to {{b}}.
"""

FACTS = "---\nid: facts\ntitle: Facts\n---\n" + "".join(
    f"""
## Fact {n} {{#fact{n}}}

Type {n}.

- answer: `{n}`
"""
    for n in range(1, 25)
)


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    folder = tmp_path_factory.mktemp("content")
    (folder / "1.quiz.md").write_text(SUMS, "utf-8")
    (folder / "2.quiz.md").write_text(FACTS, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


def answer(question: str, number: int) -> str:
    return str(number + 1 if question == "adding" else 2 * number)


async def answers_right(sitter: Sitter) -> tuple[str, int]:
    """Answer the question in the last message, and say which it was and with which number."""
    question, number = asked(sitter)
    await sitter.writes_and_sees(answer(question, number), "Right.")
    return question, number


def asked(sitter: Sitter) -> tuple[str, int]:
    texts = [each.text for each in sitter.actor.messages() if each.text.startswith("Question ")]
    number = re.search(r"How much is (?:2 · )?([0-9]{2})", texts[-1])
    assert number
    return "adding" if "+ 1" in texts[-1] else "doubling", int(number[1])


async def sits(sitter: Sitter, paper: Course, typed: Sequence[str]) -> None:
    """Go through a paper of typed answers."""
    await sitter.opens(paper)
    for number, text in enumerate(typed, start=1):
        await sitter.writes_and_sees(text, "Right.")
        last = number == len(typed)
        await sitter.presses_and_sees(
            "Finish" if last else "Next",
            "The end of" if last else f"Question {number + 1} of",
        )


async def test_what_was_answered_comes_back_after_days_with_other_numbers(ada: Sitter):
    clock, paper = ada.school.clock, ada.school.paper(1)
    await ada.opens(paper)
    first = dict([await answers_right(ada)])
    await ada.presses_and_sees("Next", "Question 2 of 2")
    first |= dict([await answers_right(ada)])
    await ada.presses_and_sees("Finish", "The end of")

    said = await ada.writes_and_sees("/review", "Nothing more to review today.")
    assert "Next: 2 questions in 2 days." in said.text

    clock.passes(days=1)
    said = await ada.writes_and_sees("/review", "Nothing more to review today.")
    assert "Next: 2 questions tomorrow." in said.text

    clock.passes(days=1)
    await ada.writes_and_sees("/review", "Question 1 of 2")
    again = dict([await answers_right(ada)])
    await ada.presses_and_sees("Next", "Question 2 of 2")
    again |= dict([await answers_right(ada)])
    said = await ada.presses_and_sees("Finish", "That was your review for today.")
    assert "You knew 2 of 2 questions at once." in said.text
    assert "Next: " in said.text
    assert again.keys() == first.keys()
    assert all(again[name] != first[name] for name in first)


async def test_who_has_answered_nothing_is_told_what_a_review_is(ada: Sitter):
    said = await ada.writes_and_sees("/review", "There is nothing to review yet.")
    assert said.enabled == ("Papers",)


async def test_a_wrong_answer_comes_back_tomorrow_and_a_review_left_is_taken_up_again(
    ada: Sitter,
):
    clock, paper = ada.school.clock, ada.school.paper(1)
    await ada.opens(paper)
    await ada.writes_and_sees("999", "Not quite.")
    await ada.presses_and_sees("Next", "Question 2 of 2")
    await ada.writes_and_sees("999", "Not quite.")
    await ada.presses_and_sees("Finish", "The end of")
    clock.passes(days=1)
    await ada.writes_and_sees("/review", "Question 1 of 2")
    await answers_right(ada)
    clock.passes(hours=1)
    await ada.writes_and_sees("/review", "Question 2 of 2")
    await answers_right(ada)
    await ada.presses_and_sees("Finish", "You knew 2 of 2 questions at once.")


async def test_a_backlog_is_spread_over_days(ada: Sitter):
    clock = ada.school.clock
    await sits(ada, ada.school.paper(2), [str(n) for n in range(1, 25)])
    clock.passes(days=9)
    await ada.actor.says("/review")
    said = await ada.sees("4 more questions off to the days to come")
    assert "so that today stays light" in said.text
    await ada.sees("Question 1 of 20")


async def test_before_an_exam_all_comes_back_whatever_its_day(ada: Sitter):
    clock, paper = ada.school.clock, ada.school.paper(1)
    await ada.opens(paper)
    for following in ("Question 2 of 2", "The end of"):
        await answers_right(ada)
        await ada.presses_and_sees("Next" if "2" in following else "Finish", following)
    clock.passes(days=2)
    await ada.writes_and_sees("/review", "Question 1 of 2")
    for following in ("Question 2 of 2", "Next: 2 questions in "):
        await answers_right(ada)
        await ada.presses_and_sees("Next" if "2 of" in following else "Finish", following)
    days = int(re.findall(r"in ([0-9]+) days", ada.actor.last().text)[-1])
    exam = clock.now.date() + timedelta(days=days - 1)
    assert days > 8  # so that the exam is too soon for the two to come back by themselves

    await ada.writes_and_sees("/exam 2020-01-01", "It has to be still to come")
    told = f"Your exam is in {days - 1} days, on {exam.day} {exam:%B}."
    await ada.writes_and_sees(f"/exam {exam}", told)
    await ada.writes_and_sees("/exam next week", "Send the day of your exam like this")
    await ada.writes_and_sees("/exam", told)
    clock.passes(days=days - 2)
    await ada.writes_and_sees("/review", "Question 1 of 2")
    await ada.writes_and_sees("/exam off", "no exam in sight")
    await ada.writes_and_sees("/exam", "Send the day of your exam like this")


async def test_what_was_skipped_is_offered_as_new_once_nothing_is_due(ada: Sitter):
    await ada.opens(ada.school.paper(1))
    await answers_right(ada)
    await ada.presses_and_sees("Next", "Question 2 of 2")
    await ada.presses_and_sees("Skip", "The end of")
    await ada.writes_and_sees("/review", "Nothing more to review today.")
    await ada.presses_and_sees("1 new question", "Question 1 of 1")
    question, _ = await answers_right(ada)
    assert question == "doubling"
    said = await ada.presses_and_sees("Finish", "You knew 1 of 1 question at once.")
    assert not any("new" in label for label in said.enabled)


async def test_a_question_is_due_by_the_study_day_and_not_by_the_hour(ada: Sitter):
    clock = ada.school.clock
    clock.passes(hours=13)  # one at night, so that it is still yesterday
    await ada.opens(ada.school.paper(1))
    await answers_right(ada)
    clock.passes(hours=26.9)
    await ada.writes_and_sees("/review", "Next: 1 question tomorrow.")
    clock.passes(hours=0.2)
    await ada.writes_and_sees("/review", "Question 1 of 1")


async def test_help_goes_on_past_the_hints_to_a_solved_one_and_other_numbers(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    _, number = asked(ada)
    await ada.presses_and_sees("Hint", "Hint 1 of 2")
    await ada.presses_and_sees("Hint", "Hint 2 of 2")
    example = await ada.presses_and_sees("Worked example", "4 + 1 is 5")
    assert any("One like it" in label for label in example.enabled)
    solved = await ada.presses_and_sees("One like it", "The same with other numbers, solved")
    assert f"How much is {number}" not in solved.text
    await ada.presses_and_sees("Other numbers", "Question 1 of 1")
    await answers_right(ada)
    await ada.presses_and_sees("Finish", "On from where you left off")
    await ada.presses_and_sees("Back to Sums", "Question 1 of 2")


async def test_the_third_slip_of_one_kind_is_looked_at_closely(ada: Sitter):
    paper = ada.school.paper(1)
    await ada.opens(paper)
    posed = await ada.at_hand(paper)
    value = int(dict(posed.values)["a"])
    for _ in range(2):
        said = await ada.writes_and_sees(str(value - 1), "Not quite.")
        assert not any("closer look" in label for label in said.enabled)
    said = await ada.writes_and_sees(str(value - 1), "Shall we look at it together?")
    lesson = await ada.presses_and_sees("A closer look", "Plus goes up, minus goes down.")
    assert "solved" in lesson.text
    await ada.presses_and_sees("Other numbers", "Question 1 of 1")


async def test_progress_tells_skills_and_the_days_ahead(ada: Sitter):
    clock, paper = ada.school.clock, ada.school.paper(1)
    await ada.writes_and_sees("/progress", "Nothing here yet")
    await ada.opens(paper)
    await answers_right(ada)
    await ada.presses_and_sees("Next", "Question 2 of 2")
    await ada.writes_and_sees("999", "Not quite.")
    clock.passes(days=1)
    said = await ada.writes_and_sees("/progress", "0 of 2 skills mastered")
    assert "1 question to review today." in said.text
    assert "sums · adding: 1 of the last 1 right without help" in said.text
    assert "needs practice" in said.text
    await ada.presses_and_sees("Review now", "Question 1 of 1")


async def test_three_right_answers_with_nights_between_are_mastery(ada: Sitter):
    clock, paper = ada.school.clock, ada.school.paper(1)
    await ada.opens(paper)
    await answers_right(ada)
    for days in (2, 40):
        clock.passes(days=days)
        await ada.writes_and_sees("/review", "Question 1 of 1")
        await answers_right(ada)
        await ada.presses_and_sees("Finish", "You knew 1 of 1 question at once.")
    said = await ada.writes_and_sees("/progress", "1 of 1 skill mastered")
    assert "sums · adding: 3 of the last 3 right without help" in said.text

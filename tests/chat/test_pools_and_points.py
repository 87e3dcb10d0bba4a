"""Papers that are drawn for each learner, answers that are right in part, and help that ends."""

import pytest

from tests.chat.school import Sitter, check_shown
from tutorbot.core.course import Choice, Course, Mark
from tutorbot.courses.load import Loaded, load

pytestmark = [pytest.mark.postgres]

DRAWN = """\
---
id: drawn
title: Drawn for you
---

# From the pool {#pool}

```meta
pick: 2
```

## One {#one}
Ask one.
- answer: `1`

## Two {#two}
Ask two.
- answer: `2`

## Three {#three}
Ask three.
- answer: `3`

# Sizes {#sizes .stem}

```meta
params: {e: [2, 3, 4], h: [5, 6, 7]}
```

It reads {{e}} numbers and keeps {{h}}.

## Reads {#reads}
How many does it read?
- answer: `e`

# Deeper {#deeper .stem uses=sizes}

```meta
params: {k: [10, 20, 30]}
```

It tells {{k}} classes apart.

## All {#all}
How many are these together?
- answer: `e + h + k`
"""

SCORED = """\
---
id: scored
title: Scored in part
---

## Ticks {#ticks}

```meta
points: 3
partial: net-correct
```

Which of these are even?

- [x] two {#two}
- [x] four {#four}
- [x] six {#six}
- [ ] seven {#seven}
- [?] zero {#zero}
- hint: {cost=1/3} Halve it.
- key: disputed, zero
  > Some books leave it out.

### Worked example

Half of *eight* is four, so eight is even.

### Solution

Two, four and six.

## Number {#number}

How much is 1 + 1?

- answer: `2`
"""


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    folder = tmp_path_factory.mktemp("content")
    (folder / "1.quiz.md").write_text(DRAWN, "utf-8")
    (folder / "2.quiz.md").write_text(SCORED, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


async def starts(sitter: Sitter, paper: Course, of: int) -> None:
    await sitter.actor.says("/start")
    await sitter.actor.hears(lambda bubble: "Pick a paper" in bubble.text)
    await sitter.presses_and_sees(paper.title, f"Question 1 of {of}")


async def test_a_learner_gets_some_of_a_pool_and_the_same_values_under_all_stems(ada: Sitter):
    paper = ada.school.paper(1)
    await starts(ada, paper, of=4)
    met: list[str] = []
    first: dict[str, int] = {}
    for number in range(1, 5):
        posed = await ada.at_hand(paper)
        met.append(posed.question.id)
        values = {name: int(value) for name, value in posed.values}
        match posed.question.id:
            case "one" | "two" | "three":
                answer = str(["one", "two", "three"].index(posed.question.id) + 1)
            case "reads":
                first = values
                answer = str(values["e"])
                assert f"reads {values['e']} numbers and keeps {values['h']}" in (
                    ada.actor.last().text
                )
            case _:
                assert first.items() <= values.items()
                answer = str(sum(values.values()))
                assert f"tells {values['k']} classes apart" in ada.actor.last().text
        await ada.writes_and_sees(answer, "Right.")
        following = "The end of" if number == 4 else f"Question {number + 1} of 4"
        await ada.presses_and_sees("Finish" if number == 4 else "Next", following)
    assert len({"one", "two", "three"} & set(met)) == 2
    assert met[2:] == ["reads", "all"]
    assert "4 of 4 questions right at the first try." in ada.actor.last().text
    assert "points" not in ada.actor.last().text


async def test_a_paper_taken_up_again_is_the_one_that_was_drawn(ada: Sitter):
    paper = ada.school.paper(1)
    await starts(ada, paper, of=4)
    before = (await ada.at_hand(paper)).question.id
    await ada.actor.says("/start")
    await ada.actor.hears(lambda bubble: "Drawn for you" in str(bubble.buttons))
    await ada.presses_and_sees("Drawn for you", "Question 1 of 4")
    assert (await ada.at_hand(paper)).question.id == before


async def test_ticks_that_are_right_in_part_earn_part_of_the_points(ada: Sitter):
    paper = ada.school.paper(2)
    await starts(ada, paper, of=2)
    assert "Question 1 of 2 · 3 points" in ada.actor.last().text
    posed = await ada.at_hand(paper)
    assert isinstance(posed.question.body, Choice)
    marks: dict[str, str] = {
        option.id: ada.letter(posed, option) for option in posed.question.body.options
    }
    said = await ada.writes_and_sees(f"{marks['two']}, {marks['four']}, {marks['zero']}", "Partly")
    assert "Partly right: 2 of 3 points." in said.text
    assert "1 right option is still unticked." in said.text
    said = await ada.writes_and_sees(f"{marks['two']}, {marks['seven']}", "Not quite.")
    assert "points" not in said.text
    await ada.presses_and_sees("Next", "Question 2 of 2")
    await ada.writes_and_sees("2", "Right.")
    end = await ada.presses_and_sees("Finish", "The end of")
    assert "1 of 2 questions right at the first try." in end.text
    assert "Your best answers come to 3 of 4 points." in end.text
    assert "1. Ticks" in end.text


async def test_all_that_is_left_after_a_hint_still_counts_as_right(ada: Sitter):
    paper = ada.school.paper(2)
    await starts(ada, paper, of=2)
    posed = await ada.at_hand(paper)
    await ada.presses_and_sees("💡 Hint −33%", "Hint 1 of 1")  # it says what it costs
    assert isinstance(posed.question.body, Choice)
    right = [option for option in posed.question.body.options if option.mark is Mark.RIGHT]
    await ada.writes_and_sees(", ".join(ada.letter(posed, each) for each in right), "Right.")
    await ada.presses_and_sees("Next", "Question 2 of 2")
    await ada.writes_and_sees("2", "Right.")
    end = await ada.presses_and_sees("Finish", "The end of")
    assert "2 of 2 questions right at the first try." in end.text
    assert "come to 3 of 4 points" in end.text


async def test_a_worked_example_is_the_last_help(ada: Sitter):
    paper = ada.school.paper(2)
    await starts(ada, paper, of=2)
    hint = await ada.presses_and_sees("Hint", "Hint 1 of 1")
    assert not any("Hint" in label for label in hint.enabled)
    example = await ada.presses_and_sees("Worked example", "Half of")
    check_shown(example, paper.questions[0].worked)
    assert not any("example" in label for label in example.enabled)
    await ada.presses_and_sees("Solution", "Two, four and six.")

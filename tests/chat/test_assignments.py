"""A quiz that is set to a class: answered in private, and told about when it was said to be."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter
from tests.store.setting import assign, join, make_class, set_quiz
from tutorbot import wiring
from tutorbot.core.actions import (
    Action,
    AskAnother,
    AskHint,
    AskLesson,
    AskSibling,
    OpenCourse,
    ShowSolution,
    StartOver,
)
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.assignments import LookBack, OpenQuiz, Reveals, Source, counting
from tutorbot.core.classes import Role
from tutorbot.core.course import Typed
from tutorbot.core.ids import AssignmentId, AttemptId, ClassId, CourseId, LearnerId, QuestionId
from tutorbot.courses.load import Loaded, load
from tutorbot.flows.published import Library
from tutorbot.jobs.assignments import tell_results
from tutorbot.playground import acts
from tutorbot.store import assignments, courses, learners, privacy
from tutorbot.store.assignments import Marked
from tutorbot.telegram import callbacks
from tutorbot.telegram.incident import story

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

NETS = """\
---
id: nets
title: Nets
---

## Sum {#sum}

```meta
skills: [nets.sum]
```

How much is 20 + 3?

- answer: `23`
- wrong: `17` {tag=sign}
  > That is a minus.
- hint: Count on.

### Worked example

20 + 4 is 24.

### Solution

Three more than 20 is twenty-three.

## Even {#even}

```meta
order: fixed
```

Which is even?

- (x) Two
  > Indeed.
- ( ) Three {tag=sign}
  > Halve it.
- ( ) Five

### Solution

Two is twice one.

## Product {#product}

```meta
skills: [nets.sum]
params: {p: [4, 5, 6]}
```

How much is {{p}} · 3?

- answer: `3*p`

### Solution

Three times.
"""
ALL = ("sum", "even", "product")


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, ...]:
    folder = tmp_path_factory.mktemp("content")
    (folder / "1.quiz.md").write_text(NETS, "utf-8")
    loaded = load(folder)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


@dataclass
class Room:
    """A class with a quiz, and some who are in it."""

    school: School
    id: ClassId
    quiz: AssignmentId

    @property
    def link(self) -> str:
        return f"/start quiz_{self.quiz}"

    async def marked(self, sitter: Sitter) -> Marked:
        async with self.school.store.unit() as unit:
            who = await _id(self.school, sitter)
            return (await assignments.marks(unit, self.quiz, who))[0]

    async def does(self, statement: str, **values: object) -> None:
        async with self.school.store.unit() as unit:
            await unit.execute(text(statement), values)

    async def tells(self) -> int:
        """Let the minute's job run."""
        school = self.school
        return await tell_results(school.store, Library(), wiring.languages, school.clock, story)


Make = Callable[..., Awaitable[Room]]


@pytest.fixture
def make(school: School) -> Make:
    async def make(
        sitters: Sequence[Sitter],
        *,
        questions: Sequence[str] = ALL,
        factor: str = "1",
        staff: Sequence[Sitter] = (),
        **terms: object,
    ) -> Room:
        now = school.clock.now
        body = school.paper(1).questions[0].body
        assert isinstance(body, Typed)
        await school.checker.judge(Asked(typed=body, values=()), "23")  # the first takes longest
        for each in (*sitters, *staff):
            await each.writes_and_sees("/start", "Pick a paper")
        async with school.store.unit() as unit:
            version = (await courses.newest(unit))[0].version
            nets = CourseId("nets")
            room = await make_class(unit, nets, now)
            sources = [
                Source(version=version, course=nets, question=QuestionId(each))
                for each in questions
            ]
            quiz = await set_quiz(unit, room, sources, **({"opens_at": now} | terms))  # pyright: ignore[reportArgumentType] - as the test says
            for each in sitters:
                who = await _id(school, each)
                await join(unit, room, who, now, factor=factor)
                await assign(unit, quiz, who)
            for each in staff:
                await join(unit, room, await _id(school, each), now, Role.ASSISTANT)
        return Room(school, room, quiz)

    return make


async def _id(school: School, sitter: Sitter) -> LearnerId:
    async with school.store.unit() as unit:
        learner = await learners.find(unit, sitter.actor.id)
    assert learner is not None
    return learner.id


async def forges(sitter: Sitter, action: Action) -> str:
    """Press what no button offers, and return the passing word that answers it."""
    actor = sitter.actor
    actor._begin()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - a client that is not honest
    bubble = next(each for each in reversed(actor.messages()) if each.by_bot)
    acts.press(actor._world, actor._person, bubble.wire, callbacks.encode(action))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as above
    return (await actor.sees_toast()).text


async def current(sitter: Sitter) -> AttemptId:
    async with sitter.school.store.unit() as unit:
        learner = await learners.find(unit, sitter.actor.id)
    assert learner is not None
    assert learner.current is not None
    return learner.current


def minutes(school: School, count: float) -> datetime:
    return school.clock.now + timedelta(minutes=count)


async def test_a_quiz_is_opened_answered_and_handed_in_with_what_was_skipped(
    ada: Sitter, make: Make
):
    room = await make([ada], due_at=minutes(ada.school, 60), tries=2)
    await room.does("UPDATE learners SET timezone = 'Europe/Berlin'")
    cover = await ada.writes_and_sees(room.link, "Quiz 1 · Networks 1")
    assert "Due on Sun 22 Nov, 14:00." in cover.text
    assert "2 tries at each question." in cover.text
    await ada.sees("Question 1 of 3")
    await ada.presses_and_sees("Skip", "Question 2 of 3")
    await ada.presses_and_sees("B", "Halve it.")
    await ada.presses_and_sees("Try again", "Question 2 of 3")
    said = await ada.presses_and_sees("C", "Not quite.")
    assert not any("Try again" in label for label in said.enabled)  # two were all
    await ada.presses_and_sees("Next", "Question 3 of 3")
    asked = re.search(r"How much is (\d)", ada.actor.last().text)
    assert asked
    said = await ada.writes_and_sees(str(3 * int(asked[1])), "Right.")
    await ada.presses_and_sees("Finish", "1 question has no answer yet.")
    await ada.presses_and_sees("Answer them", "Question 1 of 3")
    await ada.writes_and_sees("23", "Right.")
    said = await ada.presses_and_sees("Next", "“Quiz 1” is handed in")
    assert "2 of 3 points." in said.text
    assert "2. Even – ❌ 0 of 1" in said.text

    marked = await room.marked(ada)
    assert [len(each.tries) for each in marked.marks] == [1, 2, 1]
    assert marked.part.started_at is not None
    assert marked.part.finished_at == ada.school.clock.now
    said = await ada.presses_and_sees("Solutions", "Three more than 20")
    assert "Your answer: 23" in said.text
    said = await ada.presses_and_sees("Next", "Right is A.")
    assert "Your answer: C" in said.text
    await ada.writes_and_sees("/quizzes", "Quiz 1: handed in")
    await ada.presses_and_sees("Quiz 1", "2 of 3 points.")
    assert await room.tells() == 0  # that was said


async def test_nothing_tells_right_from_wrong_before_it_is_due(
    school: School, ada: Sitter, make: Make
):
    ben = Sitter(school, school.person("Ben"))
    room = await make(
        [ada, ben],
        questions=("even", "sum"),
        due_at=minutes(school, 60),
        tries=2,
        reveal=Reveals.DUE,
    )

    async def goes_through(sitter: Sitter, letter: str, typed: str) -> list[str]:
        before = len(sitter.actor.messages())
        await sitter.writes_and_sees(
            room.link, "What is right you hear when nobody can answer it any more."
        )
        await sitter.sees("Question 1 of 2")
        await sitter.presses_and_sees(letter, "Noted.")
        await sitter.presses_and_sees("Change it", "Question 1 of 2")
        await sitter.presses_and_sees(letter, "Noted.")
        await sitter.presses_and_sees("Next", "Question 2 of 2")
        await sitter.writes_and_sees(typed, "Noted.")
        await sitter.writes_and_sees(typed, "has its answer")
        await sitter.writes_and_sees(room.link, "“Quiz 1” is handed in")
        await sitter.writes_and_sees("/progress", "")
        await sitter.writes_and_sees("/review", "")
        await sitter.writes_and_sees("/certainty", "")
        await sitter.actor.settles()
        return [
            re.sub(
                rf"'(☑ )?[ABC]'|(?<=Your answer: )[ABC]|{typed}",
                "…",
                f"{bubble.text}{bubble.buttons}",
            )
            for bubble in sitter.actor.messages()[before:]
            if bubble.by_bot
        ]

    await room.does("UPDATE learners SET certainty = true")
    assert await goes_through(ada, "A", "23") == await goes_through(ben, "B", "17")
    await ben.writes_and_sees(room.link, "any more: not before Sun 22 Nov, 13:00.")
    assert "closed" not in await forges(ben, LookBack(room.quiz, 0))

    school.clock.passes(minutes=58)
    assert await room.tells() == 0
    school.clock.passes(minutes=5)
    assert await room.tells() == 2
    assert await room.tells() == 0
    assert "2 of 2 points." in (await ada.sees("Your results of “Quiz 1”")).text
    assert "0 of 2 points." in (await ben.sees("Your results of “Quiz 1”")).text
    await ben.presses_and_sees("Solutions", "Two is twice one.")


async def test_nobody_is_told_what_is_right_while_another_can_answer_for_points(
    school: School, ada: Sitter, make: Make
):
    ben, emmy = (Sitter(school, school.person(name)) for name in ("Ben", "Emmy"))
    room = await make(
        [ada, ben],
        questions=("sum",),
        due_at=minutes(school, 60),
        late_until=minutes(school, 120),
        late_share="0.5",
        reveal=Reveals.DUE,
        staff=[emmy],
    )
    for sitter in (ada, ben):
        await sitter.writes_and_sees(room.link, "Question 1 of 1")
    await ada.writes_and_sees("23", "Noted.")
    await ada.writes_and_sees(room.link, "any more: not before Sun 22 Nov, 14:00.")

    school.clock.passes(minutes=65)  # it was due, and Ben may be late
    assert await room.tells() == 0
    await ada.writes_and_sees(room.link, "any more: not before Sun 22 Nov, 14:00.")
    assert "points" not in await forges(ada, LookBack(room.quiz, 0))
    who = await _id(school, ben)
    await room.does(
        "UPDATE assignees SET extended_until = :until WHERE learner_id = :who",
        until=minutes(school, 115),
        who=who,
    )
    school.clock.passes(minutes=60)  # it is closed to all but him
    assert await room.tells() == 0
    said = await ada.writes_and_sees(room.link, "I tell you how it went as soon as nobody can")
    assert "15:00" not in said.text, "it tells that somebody has more time"
    await emmy.writes_and_sees("/teach", "in which you teach")
    await emmy.actor.presses("Networks")
    await emmy.actor.hears(lambda bubble: "Your role here: assistant" in bubble.text)
    await emmy.actor.presses("Quizzes")
    await emmy.actor.hears(lambda bubble: "What was set so far" in bubble.text)
    await emmy.actor.presses("Quiz 1")
    await emmy.actor.hears(lambda bubble: "told to nobody before Sun 22 Nov, 15:00" in bubble.text)

    await ben.writes_and_sees("23", "Noted.")
    said = await ben.writes_and_sees(room.link, "“Quiz 1” is handed in")
    assert "1 of 1 points." in said.text  # nobody is left who could learn from it
    assert await room.tells() == 1
    await ada.sees("Your results of “Quiz 1”")


async def test_help_and_solutions_of_an_open_quiz_are_had_neither_in_it_nor_elsewhere(
    ada: Sitter, make: Make
):
    room = await make(
        [ada], questions=("sum", "product"), due_at=minutes(ada.school, 6000), reveal=Reveals.DUE
    )
    await ada.writes_and_sees("/start", "Pick a paper")
    await ada.presses_and_sees("Nets", "Question 1 of 3")
    paper = await current(ada)
    await ada.writes_and_sees(room.link, "Quiz 1")
    await ada.sees("Question 1 of 2")
    mine = await current(ada)
    await ada.presses_and_sees("Hint", "Count on.")
    assert "last hint" in await forges(ada, AskHint(mine))  # the worked example stays away
    await ada.writes_and_sees("23", "Noted.")
    for action in (ShowSolution(mine), AskSibling(mine), AskAnother(mine), AskLesson(mine)):
        assert "comes after the quiz" in await forges(ada, action)
    for action in (ShowSolution(paper), AskHint(paper), AskSibling(paper), AskAnother(paper)):
        assert "waits until that is over" in await forges(ada, action)
    for action in (OpenCourse(counting(room.quiz)), StartOver(counting(room.quiz))):
        await forges(ada, action)
        await ada.sees("Pick a paper")
    await ada.presses_and_sees("Nets", "Question 1 of 3")
    await ada.writes_and_sees("23", "waits until that is over")
    await ada.presses_and_sees("To the quiz", "Question 2 of 2")

    async with ada.school.store.unit() as unit:
        who = await _id(ada.school, ada)
        kept = await privacy.everything(unit, who, ada.school.clock.now)
    assert kept is not None
    assert not any(kept[name].rows for name in ("answers", "scores", "cards"))

    ada.school.clock.passes(days=3)
    await ada.writes_and_sees("/review", "There is nothing to review yet.")
    ada.school.clock.passes(days=3)
    assert await room.tells() == 1
    await ada.writes_and_sees("/review", "Question 1 of 1")


async def test_a_corrected_key_tells_nothing_of_a_quiz_that_is_not_due(
    school: School, ada: Sitter, make: Make
):
    ben, emmy = (Sitter(school, school.person(name)) for name in ("Ben", "Emmy"))
    school.authors.add(emmy.actor.id)
    room = await make(
        [ada], questions=("sum",), due_at=minutes(school, 60), reveal=Reveals.DUE, staff=[emmy]
    )
    await ada.writes_and_sees(room.link, "Question 1 of 1")
    await ada.writes_and_sees("24", "Noted.")
    await ben.writes_and_sees("/start", "Pick a paper")
    await ben.presses_and_sees("Nets", "Question 1 of 3")
    await ben.writes_and_sees("24", "Not quite")
    await ben.presses_and_sees("Something wrong?", "What is wrong")
    await ben.actor.presses("counted as right")
    await ben.actor.hears(lambda bubble: "Thank you!" in bubble.text)

    await emmy.writes_and_sees("/keys", "the most urgent first")
    await emmy.presses_and_sees("Sum", "Accepted: 23")
    await emmy.presses_and_sees("Correct the key", "These answers are accepted")
    await emmy.presses_and_sees("Add an answer", "Type the answer")
    await emmy.writes_and_sees("24", "These answers are accepted")
    await emmy.actor.presses("More is right")
    await emmy.actor.hears(lambda bubble: "Why: More" in bubble.text)
    await emmy.actor.presses("Try it out")
    await emmy.actor.hears(lambda bubble: "2 up" in bubble.text)
    await emmy.actor.presses("Apply it")
    await ben.sees("now it has 1 of 1")
    await ada.actor.settles()
    assert "corrected" not in ada.actor.transcript()
    await ada.writes_and_sees(room.link, "is handed in")
    school.clock.passes(minutes=63)
    assert await room.tells() == 1
    await ada.sees("1 of 1 points.")


async def test_what_comes_too_late_is_said_to_and_the_quiz_can_be_practised(
    ada: Sitter, make: Make
):
    clock = ada.school.clock
    room = await make([ada], due_at=minutes(ada.school, 60), minutes=10, factor="1.5")
    await ada.writes_and_sees(room.link, "You have 15 minutes from when you begin")
    clock.passes(minutes=20)
    await ada.presses_and_sees("Begin", "Question 1 of 3")
    clock.passes(minutes=14)
    await ada.writes_and_sees("23", "Right.")
    await ada.presses_and_sees("Next", "1 minute left.")
    clock.passes(minutes=2)
    said = await ada.presses_and_sees("A", "too late to count")
    assert "Your time was up on Sun 22 Nov, 12:35." in said.text
    assert "1 of 3 points." in said.text
    marked = await room.marked(ada)
    assert [len(each.tries) for each in marked.marks] == [1, 0, 0]
    assert marked.part.finished_at is None

    await room.does("UPDATE class_members SET time_factor = 2")
    await ada.writes_and_sees(room.link, "Question 2 of 3")
    await ada.presses_and_sees("A", "Right.")
    clock.passes(minutes=9)
    assert await room.tells() == 1  # left in the middle
    await ada.sees("“Quiz 1” is over")
    marked = await room.marked(ada)
    assert [len(each.tries) for each in marked.marks] == [1, 1, 0]

    await ada.presses_and_sees("Practise it", "Question 1 of 3")
    await ada.writes_and_sees("23", "Right.")
    await ada.presses_and_sees("Next", "Question 2 of 3")
    await ada.presses_and_sees("Skip", "Question 3 of 3")
    await ada.presses_and_sees("Skip", "That was for practice.")
    assert await room.marked(ada) == marked


async def test_late_answers_are_taken_until_a_time_that_is_told(ada: Sitter, make: Make):
    clock = ada.school.clock
    room = await make(
        [ada], due_at=minutes(ada.school, 60), late_until=minutes(ada.school, 120), late_share="0.5"
    )
    cover = await ada.writes_and_sees(room.link, "Due on Sun 22 Nov, 13:00.")
    assert "After that, answers count 50% until Sun 22 Nov, 14:00." in cover.text
    clock.passes(minutes=61)
    await ada.writes_and_sees("/quizzes", "late, and still taken until Sun 22 Nov, 14:00")
    await ada.presses_and_sees("Quiz 1", "what you answer until Sun 22 Nov, 14:00 counts 50%.")


async def test_who_has_left_is_told_of_a_result_and_offered_nothing_that_is_refused(
    ada: Sitter, make: Make
):
    room = await make([ada], due_at=minutes(ada.school, 60))
    await ada.writes_and_sees(room.link, "Question 1 of 3")
    await ada.writes_and_sees("23", "Right.")
    await room.does("UPDATE class_members SET left_at = now()")
    said = await ada.writes_and_sees("23", "no longer in it")
    assert said.buttons == ("Papers",)
    ada.school.clock.passes(minutes=65)
    assert await room.tells() == 1
    assert (await ada.sees("“Quiz 1” is over")).buttons == ()


async def test_only_those_to_whom_it_is_set_may_answer_and_staff_may_try(
    school: School, ada: Sitter, make: Make
):
    ben, cleo = (Sitter(school, school.person(name)) for name in ("Ben", "Cleo"))
    room = await make([ada], staff=[cleo], opens_at=minutes(school, 5))
    await ada.writes_and_sees(room.link, "It opens on Sun 22 Nov, 12:05.")
    school.clock.passes(minutes=5)
    await ben.writes_and_sees("/start", "Pick a paper")
    await ben.writes_and_sees(room.link, "not set to you")
    assert "not set to you" in await forges(ben, OpenQuiz(room.quiz))

    await cleo.writes_and_sees(room.link, "this is for you to try")
    await cleo.writes_and_sees("23", "Right.")
    assert len(await _all_marks(room)) == 1  # and cleo is not in it

    await ada.writes_and_sees(room.link, "Question 1 of 3")
    await ada.writes_and_sees("23", "Right.")
    await room.does("UPDATE class_members SET left_at = now() WHERE role = 'learner'")
    await ada.actor.presses("Next")
    assert "no longer in it" in (await ada.actor.sees_toast()).text
    await ada.writes_and_sees("/quizzes", "No quiz is set to you.")
    await room.does("UPDATE class_members SET left_at = NULL")
    await room.does("UPDATE assignments SET state = 'cancelled'")
    await ada.presses_and_sees("Next", "It was called off")
    await ada.writes_and_sees("/quizzes", "Quiz 1: called off")


async def _all_marks(room: Room) -> tuple[Marked, ...]:
    async with room.school.store.unit() as unit:
        return await assignments.marks(unit, room.quiz)

"""Somebody who teaches looks at how a class does, and takes it along as files."""

import csv
import io
import json
import random
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter
from tests.chat.test_classes import turns
from tests.store.taught import a_class, a_quiz, answered, joins, met
from tutorbot.core.course import Choice, Mark, Question
from tutorbot.core.ids import AssignmentId, ClassId
from tutorbot.jobs.digests import tell_weeks
from tutorbot.languages import languages
from tutorbot.playground.people import Bubble
from tutorbot.store import courses, learners
from tutorbot.telegram.incident import story

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

LEARNERS = 24
WRONG_KEY = 2  # the place of the question whose key the strong contradict


@dataclass
class Taught:
    """A teacher, and a class that answered a quiz of options."""

    emmy: Sitter
    class_id: ClassId
    quiz: AssignmentId
    questions: tuple[Question, ...]


@pytest.fixture
async def taught(school: School) -> Taught:
    emmy = Sitter(school, school.person("Emmy"))
    await emmy.writes_and_sees("/start", "Pick a paper")
    paper, at, dice = school.paper(1), school.clock(), random.Random(4)
    asked = tuple(
        each
        for each in paper
        if isinstance(each.body, Choice) and not each.body.several and not each.dispute
    )[:6]
    async with school.store.unit() as unit:
        teacher = await learners.find(unit, emmy.actor.id)
        published = await courses.newest_of(unit, paper.id)
        assert teacher
        assert published
        made = await a_class(unit, teacher.id, paper.id, at)
        names = [each.id for each in asked]
        quiz = await a_quiz(unit, made, published.version, paper.id, names, at)
        for number in range(LEARNERS):
            learner = await met(unit, 1000 + number, f"=Pupil {number}", at)
            await joins(unit, made, learner.id, f"P{number:03}", "learner", at)
            await answered(unit, quiz, learner.id, _sheet(asked, number / LEARNERS, dice), at)
        idle = await met(unit, 5000, "Idle", at)
        await joins(unit, made, idle.id, "P999", "learner", at)
    return Taught(emmy, made, quiz, asked)


def _sheet(
    asked: tuple[Question, ...], ability: float, dice: random.Random
) -> list[tuple[list[str], float]]:
    given: list[tuple[list[str], float]] = []
    for place, question in enumerate(asked):
        assert isinstance(question.body, Choice)
        right = next(each.id for each in question.body.options if each.mark is Mark.RIGHT)
        wrong = [each.id for each in question.body.options if each.mark is Mark.WRONG]
        able = dice.random() < 0.15 + 0.8 * ability
        if place == WRONG_KEY:  # the first wrong option is the right one in truth
            chosen = wrong[0] if able else dice.choice([right, *wrong[1:]])
        else:
            chosen = right if able else dice.choice(wrong)
        given.append(([chosen], float(chosen == right)))
    return given


async def opens(taught: Taught) -> Bubble:
    emmy = taught.emmy
    await emmy.writes_and_sees("/teach", "The classes")
    await turns(emmy, "Networks", f"{LEARNERS + 1} learners")
    return await emmy.presses_and_sees("Results", "How Networks does")


async def test_a_teacher_finds_the_question_whose_key_the_strong_contradict(taught: Taught) -> None:
    emmy = taught.emmy
    page = await opens(taught)
    assert f"Quiz 1: {LEARNERS} of {LEARNERS} finished" in page.text
    quiz = await emmy.presses_and_sees("Quiz 1", "Mean mark")
    assert "check the key" in quiz.text
    assert "fewer than 30 answers are unsteady" in quiz.text
    assert quiz.photo or any(each.photo for each in emmy.actor.messages()[-2:])
    question = await emmy.presses_and_sees(f"⚠ {WRONG_KEY + 1}", "Check the key: of the")
    wrong = taught.questions[WRONG_KEY].body
    assert isinstance(wrong, Choice)
    place = next(at for at, each in enumerate(wrong.options) if each.mark is Mark.WRONG)
    assert f"answered {'ABCDE'[place]}" in question.text
    assert "of the strong" in question.text
    assert any("Look at the key" in each for each in question.buttons)
    plain = await emmy.presses_and_sees("Next", f"question {WRONG_KEY + 2}")
    assert "Check the key" not in plain.text


async def test_learners_are_looked_at_one_by_one(taught: Taught) -> None:
    emmy = taught.emmy
    await opens(taught)
    listed = await emmy.presses_and_sees("Learners", "last answer on")
    assert "=Pupil 0 · P000" in listed.text
    await emmy.presses_and_sees("Next", "P010")
    one = await emmy.presses_and_sees("P012", "Quiz 1:")
    assert "=Pupil 12" in one.text


async def test_marks_are_taken_along_without_formulas_and_statements_without_names(
    taught: Taught,
) -> None:
    emmy = taught.emmy
    await opens(taught)
    await emmy.presses_and_sees("Quiz 1", "Mean mark")
    table = await emmy.presses_and_sees("CSV", "one line for each learner")
    assert table.document
    rows = list(csv.DictReader(io.StringIO(table.document.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == [f"P{number:03}" for number in range(LEARNERS)]
    assert rows[0]["name"] == "'=Pupil 0"
    assert float(rows[-1]["percent"]) == pytest.approx(
        100 * float(rows[-1]["points"]) / len(taught.questions), abs=0.01
    )
    lines = await emmy.presses_and_sees("xAPI", "one on each line")
    assert lines.document
    assert b"Pupil" not in lines.document
    statements = [json.loads(line) for line in lines.document.decode().splitlines()]
    assert len(statements) == LEARNERS * (len(taught.questions) + 1)
    assert {each["actor"]["account"]["name"] for each in statements} == {
        f"P{number:03}" for number in range(LEARNERS)
    }


async def test_who_may_not_see_names_sees_codes_and_who_has_left_sees_nothing(
    taught: Taught,
) -> None:
    school = taught.emmy.school
    otto = Sitter(school, school.person("Otto"))
    await otto.writes_and_sees("/start", "Pick a paper")
    async with school.store.unit() as unit:
        found = await learners.find(unit, otto.actor.id)
        assert found
        await joins(unit, taught.class_id, found.id, "OTTO", "observer", school.clock())
    listening = Taught(otto, taught.class_id, taught.quiz, taught.questions)
    page = await opens(listening)
    assert not any("Monday" in each for each in page.buttons)
    listed = await otto.presses_and_sees("Learners", "P000")
    assert "Pupil" not in listed.text + "".join(listed.buttons)
    await otto.presses_and_sees("◀ Results", "How Networks does")
    await otto.presses_and_sees("Quiz 1", "Mean mark")
    question = await otto.presses_and_sees(f"⚠ {WRONG_KEY + 1}", "Check the key: of the")
    assert not any("Look at the key" in each for each in question.buttons)
    await otto.presses_and_sees("◀ The quiz", "Mean mark")
    table = await otto.presses_and_sees("CSV", "one line for each learner")
    assert table.document
    assert b"Pupil" not in table.document
    async with school.store.unit() as unit:
        await unit.execute(text("UPDATE class_members SET left_at = now() WHERE code = 'OTTO'"))
    await otto.actor.presses("xAPI")
    toast = await otto.actor.sees_toast()
    assert "not for you" in toast.text


async def test_on_monday_the_teacher_hears_what_needs_a_look_and_each_point_leads_there(
    taught: Taught,
) -> None:
    emmy, school = taught.emmy, taught.emmy.school
    school.clock.passes(hours=19, minutes=30)  # Monday, half past eight in Berlin
    said = await tell_weeks(school.store, languages, school.clock, story)
    assert said == 1
    word = await emmy.sees("the week that was")
    title = taught.questions[WRONG_KEY].title
    assert f"Check the key of question {WRONG_KEY + 1} in Quiz 1: {title}" in word.text
    await emmy.presses_and_sees("⚠", "Check the key: of the")
    await emmy.presses_and_sees("No word on Mondays", "How Networks does")
    school.clock.passes(days=7)
    assert await tell_weeks(school.store, languages, school.clock, story) == 0
    await emmy.presses_and_sees("A word every Monday", "How Networks does")
    assert await tell_weeks(school.store, languages, school.clock, story) == 1
    silent = await emmy.sees("no answers for a week")
    assert "more" in silent.text

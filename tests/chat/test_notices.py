"""What is arranged for learners of a class, and that they hear of it: once, and not by night."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter
from tests.store.setting import assign, join, make_class, set_quiz
from tutorbot import wiring
from tutorbot.core.assignments import Source
from tutorbot.core.classes import Role
from tutorbot.core.ids import ClassId, LearnerId
from tutorbot.jobs.broadcasts import Broadcasting
from tutorbot.jobs.queue import Jobs
from tutorbot.playground.people import Bubble
from tutorbot.store import courses, learners
from tutorbot.telegram.incident import story

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(90), pytest.mark.slow]


@pytest.fixture
def emmy(school: School) -> Sitter:
    return Sitter(school, school.person("Emmy"))


async def _id(sitter: Sitter) -> LearnerId:
    async with sitter.school.store.unit() as unit:
        learner = await learners.find(unit, sitter.actor.id)
    assert learner is not None
    return learner.id


async def sql(school: School, statement: str, **values: object) -> list[tuple[object, ...]]:
    async with school.store.unit() as unit:
        return [tuple(row) for row in await unit.execute(text(statement), values)]


Furnish = Callable[..., Awaitable[ClassId]]


@pytest.fixture
def furnish(school: School, emmy: Sitter) -> Furnish:
    """A class of Emmy's with learners of Berlin, and a quiz that is due in an hour."""

    async def furnish(*pupils: Sitter, minutes: int | None = None) -> ClassId:
        now = school.clock.now
        for each in (emmy, *pupils):
            await each.writes_and_sees("/start", "Pick a paper")
        ids = [await _id(each) for each in pupils]
        async with school.store.unit() as unit:
            paper = (await courses.newest(unit))[0]
            room = await make_class(unit, paper.course, now)
            question = school.paper(1).questions[0].id
            source = Source(version=paper.version, course=paper.course, question=question)
            quiz = await set_quiz(
                unit,
                room,
                [source],
                opens_at=now,
                due_at=now + timedelta(hours=1),
                minutes=minutes,
            )
            await join(unit, room, await _id(emmy), now, Role.OWNER)
            for each in ids:
                await join(unit, room, each, now)
                await assign(unit, quiz, each)
        await sql(school, "UPDATE learners SET timezone = 'Europe/Berlin'")
        return room

    return furnish


async def turns(sitter: Sitter, label: str, words: str) -> Bubble:
    """Tap, and wait for the page to change to these words."""
    await sitter.actor.presses(label)

    def changed(bubble: Bubble) -> bool:
        return bubble.edited and words in bubble.text

    return next(filter(changed, await sitter.actor.hears(changed)))


async def looks_up_ada(emmy: Sitter) -> None:
    await emmy.writes_and_sees("/teach", "in which you teach")
    await turns(emmy, "Networks", "learner")
    await turns(emmy, "Members", "Ada")
    await turns(emmy, "Ada", "Joined on")


async def heard(sitter: Sitter, words: str) -> int:
    """How many messages with these words there are once everything is said."""
    await sitter.actor.settles()
    return sum(words in bubble.text for bubble in sitter.actor.messages() if bubble.by_bot)


async def in_the_morning(school: School) -> None:
    """Let the worker do what has waited for eight o'clock in Berlin."""
    due = await sql(
        school,
        "SELECT scheduled_at FROM procrastinate.procrastinate_jobs"
        " WHERE task_name = 'classes.tell'",
    )
    (morning,) = {row[0] for row in due}
    assert isinstance(morning, datetime)
    assert morning == datetime(2026, 11, 23, 7, tzinfo=UTC)
    school.clock.now = morning
    async with school.store.unit() as unit:
        await unit.execute(text("SET LOCAL search_path TO procrastinate"))
        await unit.execute(text("DELETE FROM procrastinate_jobs WHERE task_name <> 'classes.tell'"))
        await unit.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL"))
    jobs = Jobs(store=school.store, languages=wiring.languages, clock=school.clock, story=story)
    await jobs.empty()


async def test_who_gets_more_time_is_told_so_in_their_own_time_and_once(
    school: School, emmy: Sitter, ada: Sitter, furnish: Furnish
):
    await furnish(ada)
    await looks_up_ada(emmy)
    await emmy.actor.presses("+48 hours")
    said = await ada.sees("you have more time for “Quiz 1”, until Tue 24 Nov, 14:00, your time.")
    assert "Networks 1" in said.text
    school.clock.passes(minutes=1)
    await emmy.actor.presses("+48 hours")
    await emmy.actor.sees_toast()
    assert await heard(ada, "more time") == 1
    await emmy.actor.presses("×1.5")
    await ada.sees("where time is limited, you now have 1.5 times as much")
    await emmy.actor.presses("×1")
    await ada.sees("the usual time again")


async def test_more_time_for_all_goes_to_who_needs_it_as_one_message_in_bulk(
    school: School, emmy: Sitter, ada: Sitter, furnish: Furnish
):
    ben, cleo = (Sitter(school, school.person(name)) for name in ("Ben", "Cleo"))
    room = await furnish(ada, ben, cleo)
    await sql(
        school,
        "UPDATE assignees SET finished_at = :at WHERE learner_id = :who",
        at=school.clock.now,
        who=await _id(cleo),
    )
    await emmy.writes_and_sees("/teach", "in which you teach")
    await turns(emmy, "Networks", "learners")
    await turns(emmy, "Quizzes", "What was set so far")
    await turns(emmy, "Quiz 1", "Finished: 1")
    for _ in range(2):
        await emmy.actor.presses("24 h more")
        assert (await emmy.actor.sees_toast()).text == "Put off. 2 learners hear of it."
    sending = Broadcasting(school.store, wiring.languages, school.clock, story, per_second=30)
    while await sending.look():
        pass
    assert await heard(ada, "more time") == 0  # another tap may follow
    school.clock.passes(minutes=1)
    while await sending.look():
        await emmy.actor.settles()
    for each in (ada, ben):
        await each.sees("more time for “Quiz 1”, until Tue 24 Nov, 14:00, your time.")
        assert await heard(each, "more time") == 1
    assert await heard(cleo, "more time") == 0
    assert await sql(
        school,
        "SELECT count(*) FROM assignments WHERE state = 'set' AND class_id = :room",
        room=room,
    ) == [(1,)]


async def test_who_is_removed_hears_it_and_who_is_invited_back_joins_by_a_tap(
    emmy: Sitter, ada: Sitter, furnish: Furnish
):
    await furnish(ada)
    await looks_up_ada(emmy)
    await turns(emmy, "Remove", "Remove Ada from Networks 1?")
    await emmy.actor.presses("Yes, remove")
    said = await ada.sees("You are no longer in the class Networks 1.")
    assert "practised stays yours, and so does your streak" in said.text
    await emmy.presses_and_sees("Invite back", "It is for one person")
    await ada.sees("The class Networks 1 would like to have you back.")
    await ada.actor.follows("↩ Join again")
    await ada.sees("Welcome back to Networks 1!")
    assert await heard(ada, "no longer in the class") == 1


async def test_by_night_it_waits_for_the_morning_and_is_said_as_it_stands_then(
    school: School, emmy: Sitter, ada: Sitter, furnish: Furnish
):
    school.clock.passes(hours=10)  # 23:00 in Berlin
    await furnish(ada)
    await looks_up_ada(emmy)
    for _ in range(2):
        await emmy.actor.presses("+48 hours")
        await emmy.actor.sees_toast()
        school.clock.passes(hours=2)
    await turns(emmy, "Remove", "Remove Ada from Networks 1?")
    await turns(emmy, "Yes, remove", "no longer in")
    await emmy.presses_and_sees("Invite back", "It is for one person")
    assert await heard(ada, "Networks 1") == 0, "a night was disturbed"
    await in_the_morning(school)
    await ada.sees("would like to have you back")
    assert await heard(ada, "Networks 1") == 1, "what holds no longer was said"


async def test_what_can_be_used_before_the_morning_is_said_by_night(
    school: School, emmy: Sitter, ada: Sitter, furnish: Furnish
):
    school.clock.passes(hours=10)
    await furnish(ada, minutes=20)
    await ada.writes_and_sees("/quizzes", "Quiz 1")
    await ada.presses_and_sees("Quiz 1", "You have 20 minutes")
    await ada.presses_and_sees("Begin", "Question 1 of 1")
    await looks_up_ada(emmy)
    await emmy.actor.presses("×1.5")
    said = await ada.sees("you now have 1.5 times as much")
    assert "“Quiz 1”: Sun 22 Nov, 23:30" in said.text

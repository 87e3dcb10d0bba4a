"""Months of many simulated learners; a thousand of them and a year are `benchmarks/year.py`."""

from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest

from benchmarks.simulation.bot import Bot, furnish
from benchmarks.simulation.both import compare
from benchmarks.simulation.diary import Diary
from benchmarks.simulation.figures import by_month
from benchmarks.simulation.scenario import CHEATS, FAITHFUL, STAY, Habit, people
from benchmarks.simulation.school import School, build
from benchmarks.simulation.year import lived
from tutorbot.core.course import Choice
from tutorbot.core.review import REVIEWS_A_DAY
from tutorbot.flows.published import Library
from tutorbot.store.unit import Store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PEOPLE, DAYS, SEED = 30, 90, 5


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> School:
    return build(tmp_path_factory.mktemp("courses"), papers=4)


@pytest.fixture(scope="module")
def diaries(school: School) -> list[Diary]:
    return [lived(person, school, DAYS)[0] for person in people(PEOPLE, SEED)]


def of(diaries: list[Diary], habits: frozenset[Habit]) -> list[Diary]:
    found = [each for each in diaries if each.person.habit in habits]
    assert found
    return found


def test_nobody_loses_a_run_who_studies_on_each_day_that_is_not_free(diaries: list[Diary]):
    faithful = of(diaries, FAITHFUL)
    assert {each.person.habit for each in faithful} == FAITHFUL
    assert {each.person: each.missed for each in faithful if each.missed} == {}
    assert any(each.hindered for each in faithful)  # the service was down, after all


def test_runs_are_what_living_day_by_day_makes_them(diaries: list[Diary]):
    assert [each.differs for each in of(diaries, STAY) if each.differs] == []


def test_taps_within_a_second_make_no_run(diaries: list[Diary]):
    for diary in of(diaries, frozenset({Habit.TAPPERS})):
        assert diary.stands
        assert {stand.longest for stand in diary.stands.values()} == {0}


def test_nobody_is_reminded_at_night_or_a_third_time_or_when_done_or_on_a_free_day(
    diaries: list[Diary],
):
    assert sum(each.reminded.said for each in diaries) > PEOPLE
    assert [each.person for each in diaries if each.reminded.wrongly] == []


def test_reviews_stay_level_and_no_debt_grows(diaries: list[Diary]):
    steady = of(diaries, FAITHFUL - {Habit.CRAMMERS})
    months = by_month([each for each in steady if not each.person.eager])
    _, second, *_, last = months.values()
    assert max(day.reviews for days in months.values() for day in days) <= REVIEWS_A_DAY
    assert mean(day.reviews for day in last) <= 1.25 * mean(day.reviews for day in second)
    assert mean(day.waiting for day in last) <= 1 + mean(day.waiting for day in second)


@pytest.mark.postgres
async def test_the_bot_on_its_database_does_what_the_rules_say(
    store: Store, school: School
) -> None:
    habits = {Habit.WEEKDAYS, Habit.CRAMMERS, Habit.IRREGULARS, *CHEATS}
    some = {each.habit: each for each in people(PEOPLE, SEED) if each.habit in habits}
    assert {*some} == habits
    found = await compare(store, [*some.values()], school, 20)
    assert found.answers > 300
    assert found.differences == []


@pytest.mark.postgres
async def test_tapping_on_what_was_left_open_yesterday_is_as_quick_as_any_tap(
    store: Store, school: School
) -> None:
    paper = school.papers[0].id
    tapper = next(each for each in people(PEOPLE, SEED) if each.habit is Habit.TAPPERS)
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    await furnish(store, school, (), at)
    async with store.unit() as unit:
        bot = Bot.of(tapper, school, Library(), unit)
        asked = await bot.open(paper, at)
        while asked and not isinstance(asked.question.body, Choice):
            asked = await bot.next(at)
        at += timedelta(days=1)
        assert await bot.open(paper, at) == asked
        taps = 0
        while taps < 3:
            at += timedelta(seconds=0.3)
            assert asked
            if isinstance(asked.question.body, Choice):
                await bot.answer(at, right=True)
                taps += 1
            asked = await bot.next(at)
        assert (await bot.stand(at)).total == 0

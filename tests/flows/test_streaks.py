from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Executable, text

from tutorbot.core.actions import SetRest
from tutorbot.core.ids import ChatId
from tutorbot.core.learner import Learner
from tutorbot.core.noted import Noted
from tutorbot.core.streaks import Day, News, Outcome, streak
from tutorbot.flows import leave, streaks
from tutorbot.store import learners, leave as leave_store, streaks as days_store
from tutorbot.store.statements import Parameters, Result
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def learner(unit: Unit) -> Learner:
    return await meet(unit, NOON)


async def meet(unit: Unit, at: datetime) -> Learner:
    return await learners.meet(
        unit,
        telegram_id=1,
        chat=ChatId(1),
        name="Ada",
        language="en",
        timezone="Europe/Berlin",
        day_starts=4,
        at=at,
    )


async def studies(unit: Unit, at: datetime, answers: int = 3) -> Sequence[News]:
    """Meet the learner and let them answer; returns the news, the greeting first."""
    learner = await meet(unit, at)
    told = [await streaks.greet(unit, learner, at)]
    for number in range(answers):
        counted = await streaks.count(unit, learner, at + number * MINUTE, posed_at=at - MINUTE)
        told.append(counted.news)
    return [news for news in told if news]


class Counting(Unit):
    """A unit that counts statements."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.statements = 0

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> Result:
        self.statements += 1
        return await self._unit.execute(statement, parameters)

    def note(self, noted: Noted) -> None:
        self._unit.note(noted)


async def test_an_answer_costs_two_statements_but_for_the_one_that_makes_the_day(
    unit: Unit, learner: Learner
) -> None:
    costs: list[int] = []
    for number in range(6):
        counting = Counting(unit)
        await streaks.count(counting, learner, NOON + number * MINUTE)
        costs.append(counting.statements)
    assert [cost for number, cost in enumerate(costs) if number != 2] == [2] * 5
    assert costs[2] <= 10


async def test_after_the_first_meeting_of_a_day_greeting_costs_nothing(
    unit: Unit, learner: Learner
) -> None:
    await streaks.greet(unit, learner, NOON)
    counting = Counting(unit)
    assert await streaks.greet(counting, await meet(unit, NOON), NOON + MINUTE) is None
    assert counting.statements == 0


async def test_settling_twice_is_settling_once(unit: Unit, learner: Learner) -> None:
    await studies(unit, NOON)
    (greeting, counted) = await studies(unit, NOON + 2 * DAY)
    assert greeting.frozen == (NOON.date() + DAY,)
    assert counted.counted
    rows = text("SELECT day, outcome, cause, settled_at FROM settlements ORDER BY day, outcome")
    before = (await unit.execute(rows)).all()
    await leave_store.mark_settled(unit, learner.id, None)
    assert await streaks.greet(unit, learner, NOON + 2 * DAY + MINUTE) is None
    await streaks.look(unit, learner, NOON + 2 * DAY + MINUTE)
    assert (await unit.execute(rows)).all() == before


async def test_a_late_answer_gives_the_freeze_back(unit: Unit, learner: Learner) -> None:
    await studies(unit, NOON)
    late = NOON + DAY + 10 * timedelta(hours=1)
    morning = NOON + 2 * DAY - 4 * timedelta(hours=1)
    assert (await streaks.greet(unit, await meet(unit, morning), morning)) is not None
    assert (await streaks.current(unit, learner, morning)).freezes == 0
    for number in range(3):
        await streaks.count(unit, learner, late + number * MINUTE)
    seen = await streaks.look(unit, learner, morning)
    assert (seen.streak.freezes, seen.streak.length, seen.frozen) == (1, 2, frozenset())


@pytest.mark.slow
async def test_a_year_of_ups_and_downs_is_what_the_days_stored_give(
    unit: Unit, learner: Learner
) -> None:
    dice = Random(11)
    at = NOON
    milestones: list[int] = []
    told: list[date] = []
    for _ in range(200):
        news = await studies(unit, at, dice.choice((3, 3, 3, 2, 11)))
        milestones += [each.milestone for each in news if each.milestone]
        told += [day for each in news for day in each.frozen]
        at += dice.choice((DAY, DAY, DAY, DAY, DAY, DAY, 2 * DAY, 3 * DAY))
    found = await days_store.days(unit, learner.id, date.min)
    days = [
        Day(
            day=each.day,
            timezone=each.timezone,
            first_at=each.first_at,
            first_timezone=each.first_timezone,
            doubled_at=each.doubled_at,
        )
        for each in found
        if each.qualified_at
    ]
    whole = streak(days, at, "Europe/Berlin")
    seen = await streaks.current(unit, learner, at)
    assert replace(seen, settled=(), milestones=()) == replace(whole, settled=(), milestones=())
    assert len(seen.settled) < 60 < len(whole.settled)
    settled = await days_store.settled(unit, learner.id, date.min)
    assert {each.day: each.outcome for each in settled} | {
        each.day: each.outcome for each in whole.settled
    } == {each.day: each.outcome for each in settled}
    assert sorted(milestones) == sorted(each.days for each in whole.milestones)
    frozen = [each.day for each in settled if each.outcome is Outcome.FROZEN]
    assert len(told) == len(set(told)) >= len([day for day in frozen if day < at.date()]) - 1


async def test_rest_days_hold_from_next_week_and_two_at_most(unit: Unit, learner: Learner) -> None:
    free = await leave.set_rest(unit, learner, SetRest((5, 6)), NOON)
    assert (free.rest, free.rest_since) == (frozenset({5, 6}), date(2026, 11, 9))
    free = await leave.set_rest(unit, learner, SetRest((4, 5, 6)), NOON)
    assert free.rest == frozenset({5, 6})


async def test_who_joins_again_after_their_data_is_gone_begins_anew(
    unit: Unit, learner: Learner
) -> None:
    await studies(unit, NOON)
    for table in ("settlements", "milestones", "standings", "study_days", "learners"):
        await unit.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names from above
    again = await meet(unit, NOON + DAY)
    assert again.id != learner.id
    assert (await streaks.current(unit, again, NOON + DAY)).total == 0
    (first,) = await studies(unit, NOON + DAY)
    assert (first.streak.length, first.streak.total) == (1, 1)

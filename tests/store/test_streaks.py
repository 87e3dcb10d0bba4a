from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tutorbot.core.learner import Learner
from tutorbot.core.streaks import (
    BEGINNING,
    Break,
    Cause,
    Milestone,
    Move,
    Outcome,
    Settled,
    Standing,
)
from tutorbot.store import leave, streaks
from tutorbot.store.streaks import StudyDay
from tutorbot.store.unit import Unit

pytestmark = pytest.mark.postgres

DAY = timedelta(days=1)


def at_noon(noon: datetime, back: int = 0) -> StudyDay:
    at = noon - back * DAY
    return StudyDay(
        day=at.date(),
        first_timezone="Europe/Berlin",
        timezone="Europe/Berlin",
        first_at=at,
        last_at=at,
        answers=1,
        counted=1,
        quick=0,
        goal=5,
        qualified_at=None,
        doubled_at=None,
    )


async def test_nobody_starts_with_a_day(unit: Unit, learner: Learner) -> None:
    assert await streaks.recent(unit, learner.id) == ((), None)
    assert await streaks.days(unit, learner.id, date.min) == ()
    assert await streaks.standing(unit, learner.id) == BEGINNING


async def test_a_day_is_kept_as_it_now_is(unit: Unit, learner: Learner, noon: datetime) -> None:
    day = at_noon(noon)
    await streaks.put(unit, learner.id, day)
    evening = noon + timedelta(hours=7)
    day = replace(day, timezone="Asia/Tokyo", last_at=evening, answers=2, qualified_at=evening)
    await streaks.put(unit, learner.id, day)
    assert await streaks.recent(unit, learner.id) == ((day,), None)


async def test_the_days_since_a_day_come_oldest_first_and_only_ones_own(
    unit: Unit, learner: Learner, stranger: Learner, noon: datetime
) -> None:
    for back in (0, 2, 1, 9, 8, 7):
        await streaks.put(unit, learner.id, at_noon(noon, back))
    await streaks.put(unit, stranger.id, at_noon(noon))
    found = await streaks.days(unit, learner.id, noon.date() - 2 * DAY)
    assert [(noon.date() - each.day).days for each in found] == [2, 1, 0]
    assert len(await streaks.days(unit, learner.id, date.min)) == 6
    recent, _ = await streaks.recent(unit, learner.id)
    assert [(noon.date() - each.day).days for each in recent] == [0, 1, 2, 7, 8]


async def test_other_clocks_come_with_the_days(
    unit: Unit, learner: Learner, noon: datetime
) -> None:
    await streaks.put(unit, learner.id, at_noon(noon))
    first = Move(at=noon - 3 * DAY, timezone="Europe/Berlin", day_starts=3)
    moved = Move(at=noon, timezone="UTC", day_starts=3, open_from=noon.date(), reopened=True)
    await leave.set_clocks(unit, learner.id, first, "UTC", 3)
    await leave.set_clocks(unit, learner.id, moved, "Asia/Tokyo", 4)
    assert (await streaks.recent(unit, learner.id))[1] == moved
    assert await leave.moves(unit, learner.id, noon.date()) == (moved,)
    assert await leave.moves(unit, learner.id, date.min) == (first, moved)


BROKEN = Break(
    until=datetime.fromisoformat("2026-11-12T03:00:00+00:00"),
    length=4,
    run=date(2026, 11, 1),
    days=(date(2026, 11, 9), date(2026, 11, 10)),
)


@pytest.mark.parametrize("broken", [None, BROKEN])
async def test_a_standing_comes_back_as_it_was_kept(
    unit: Unit, learner: Learner, broken: Break | None
) -> None:
    stood = Standing(
        last=date(2026, 11, 8),
        timezone="Europe/Berlin",
        open=date(2026, 11, 9),
        total=8,
        length=4,
        longest=7,
        run=date(2026, 11, 5),
        freezes=2,
        repaired=date(2026, 11, 5),
        broken=broken,
    )
    await streaks.keep_standing(unit, learner.id, replace(stood, total=1))
    await streaks.keep_standing(unit, learner.id, stood)
    assert await streaks.standing(unit, learner.id) == stood


async def test_what_became_of_a_day_is_news_once(
    unit: Unit, learner: Learner, noon: datetime
) -> None:
    frozen = Settled(day=noon.date(), outcome=Outcome.FROZEN, cause=Cause.FREEZE)
    active = Settled(day=noon.date(), outcome=Outcome.ACTIVE, cause=Cause.ANSWERED)
    new = await streaks.settle(unit, learner.id, [frozen], noon)
    assert new == {(noon.date(), Outcome.FROZEN)}
    assert await streaks.settle(unit, learner.id, [frozen], noon) == frozenset()
    assert await streaks.settled(unit, learner.id, noon.date()) == (frozen,)
    await streaks.settle(unit, learner.id, [active], noon + DAY)
    assert await streaks.settled(unit, learner.id, noon.date()) == (active,)
    assert await streaks.settle(unit, learner.id, [], noon) == frozenset()


async def test_a_milestone_is_news_once_in_a_run(
    unit: Unit, learner: Learner, noon: datetime
) -> None:
    first = Milestone(run=date(2026, 11, 1), days=3, on=date(2026, 11, 3))
    second = Milestone(run=date(2026, 11, 1), days=7, on=date(2026, 11, 7))
    assert await streaks.reach(unit, learner.id, [first], noon) == (3,)
    assert await streaks.reach(unit, learner.id, [first, second], noon) == (7,)
    again = replace(first, run=date(2026, 12, 1))
    assert await streaks.reach(unit, learner.id, [again], noon) == (3,)


async def test_leave_is_read_with_all_that_can_free_a_day(
    unit: Unit, learner: Learner, stranger: Learner, noon: datetime
) -> None:
    monday = date(2026, 11, 23)
    await leave.choose_rest(unit, learner.id, monday, {6}, noon)
    await leave.choose_rest(unit, learner.id, monday, {5, 6}, noon)
    await leave.set_pause(unit, learner.id, (monday, monday + 6 * DAY), noon)
    await leave.set_pause(unit, stranger.id, (monday, monday), noon)
    await leave.end_pause(unit, learner.id, (monday, monday + 6 * DAY), (monday, monday + DAY))
    await leave.end_pause(unit, stranger.id, (monday, monday), None)
    found = await leave.leave(unit, learner.id, date.min)
    assert found.rest == ((monday, frozenset({5, 6})),)
    assert found.pauses == ((monday, monday + DAY),)
    assert await leave.pauses_of(unit, stranger.id) == ()


async def test_a_pulse_that_stops_for_a_while_is_an_outage_noted_once(
    unit: Unit, learner: Learner, noon: datetime
) -> None:
    minute = timedelta(minutes=1)
    assert await leave.beat(unit, noon) is None
    assert await leave.beat(unit, noon + minute) is None
    assert await leave.beat(unit, noon + 6 * minute) is None  # as long as a restart may take
    back = noon + 60 * minute
    assert await leave.beat(unit, back) == (noon + 6 * minute, back)
    assert await leave.beat(unit, back) is None  # another process that starts
    assert await leave.beat(unit, noon) is None  # a clock that was set back
    found = await leave.leave(unit, learner.id, noon.date())
    assert found.outages == ((noon + 6 * minute, back),)
    assert (await leave.leave(unit, learner.id, noon.date() + 3 * DAY)).outages == ()

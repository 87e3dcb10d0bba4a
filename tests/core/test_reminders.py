"""When learners are reminded: laws for every zone and date, and the cases by name."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings, strategies as st

from tests.core.days_lived import ZONES
from tutorbot.core.calendar import clock_time, study_day
from tutorbot.core.ids import ChatId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.core.reminders import (
    MOST_A_DAY,
    MOST_UNANSWERED,
    SPREAD,
    Facts,
    Later,
    Log,
    Remind,
    SwitchOff,
    Wish,
    decide,
    is_free,
    is_quiet,
    next_due,
    skipped,
    snoozed,
    usual_hour,
    wish,
)
from tutorbot.core.settings import REMINDER_HOURS
from tutorbot.core.streaks import Leave

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANY_YEAR = st.integers(0, 66 * 365 * 24 * 60).map(
    lambda minutes: datetime(1970, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
JUMPS = (  # nights in which clocks, or whole days, jump
    ("Europe/Berlin", datetime(2027, 3, 28, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2027, 10, 31, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2027, 3, 27, 12, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2027, 4, 3, 12, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 29, 12, tzinfo=UTC)),
    ("Pacific/Kwajalein", datetime(1993, 8, 20, 12, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(1985, 12, 31, 12, tzinfo=UTC)),
    ("America/Caracas", datetime(2016, 5, 1, tzinfo=UTC)),
)


def moments() -> st.SearchStrategy[tuple[str, datetime]]:
    """A zone and an instant: any, or around a jump of its clocks."""
    near = st.tuples(st.sampled_from(JUMPS), st.integers(-72 * 60, 72 * 60)).map(
        lambda each: (each[0][0], each[0][1] + each[1] * MINUTE)
    )
    return st.one_of(st.tuples(st.sampled_from(ZONES), ANY_YEAR), near)


def times() -> st.SearchStrategy[time]:
    """Hours that can be chosen, and usual ones."""
    usual = st.integers(8 * 60, 21 * 60 + 45).map(lambda each: time(each // 60, each % 60))
    return st.one_of(st.sampled_from(REMINDER_HOURS).map(time), usual)


@st.composite
def wishes(draw: st.DrawFn) -> tuple[Wish, datetime]:
    zone, now = draw(moments())
    wished = Wish(
        at=draw(times()),
        timezone=zone,
        day_starts=draw(st.integers(0, 6)),
        seed=draw(st.integers(1, 10**6)),
    )
    return wished, now


facts = st.builds(Facts, done=st.booleans(), free=st.booleans(), run=st.integers(0, 9))


@pytest.mark.slow
@settings(max_examples=300)
@given(wishes(), st.integers(0, MOST_A_DAY), st.booleans())
def test_what_comes_next_lies_ahead_within_days_and_never_in_the_night(
    wanted: tuple[Wish, datetime], count: int, closed: bool
):
    wished, now = wanted
    today = study_day(now, wished.timezone, wished.day_starts)
    log = Log(day=today, count=count, at=now - HOUR) if count else Log()
    due = next_due(wished, log, now, closed=closed)
    assert now < due < now + 4 * DAY
    assert not is_quiet(due, wished.timezone)
    if closed or count == MOST_A_DAY:
        assert study_day(due, wished.timezone, wished.day_starts) > today


@settings(max_examples=300)
@given(wishes())
def test_looking_a_moment_before_gives_the_same(wanted: tuple[Wish, datetime]):
    wished, now = wanted
    due = next_due(wished, Log(), now)
    assert next_due(wished, Log(), due - timedelta(seconds=1)) == due
    assert next_due(wished, Log(), due) > due


@settings(max_examples=150, deadline=None)
@given(wishes(), st.lists(st.tuples(facts, st.integers(0, 300)), min_size=1, max_size=25))
def test_a_life_with_reminders_keeps_the_law(
    wanted: tuple[Wish, datetime], looks: list[tuple[Facts, int]]
):
    """However late anybody looks, and whatever is true then."""
    wished, now = wanted
    log, due = Log(), next_due(wished, Log(), now)
    said: list[datetime] = []
    for facts_then, late in looks:
        now = due + late * MINUTE
        decision = decide(wished, log, facts_then, now)
        match decision:
            case SwitchOff():
                assert log.unanswered >= MOST_UNANSWERED
                return
            case Later(due=due):
                pass
            case Remind(due=due, log=log):
                assert not facts_then.done
                assert not facts_then.free
                assert not is_quiet(now, wished.timezone)
                said.append(now)
        assert due > now
        assert not is_quiet(due, wished.timezone)
    days = [study_day(each, wished.timezone, wished.day_starts) for each in said]
    assert all(days.count(day) <= MOST_A_DAY for day in days)
    assert all(after - before >= HOUR for before, after in pairwise(said))
    assert len(set(days)) <= MOST_UNANSWERED, "nobody ever answered"


@settings(max_examples=150, deadline=None)
@given(wishes(), st.integers(0, 20 * 60))
def test_a_reminder_put_off_comes_within_the_day_and_before_the_night(
    wanted: tuple[Wish, datetime], minutes: int
):
    wished, now = wanted
    now += minutes * MINUTE
    put = snoozed(wished, Log(), now)
    if put is None:
        return
    due, log = put
    assert due == now + HOUR == next_due(wished, log, now)
    assert not is_quiet(due, wished.timezone)
    assert isinstance(decide(wished, log, Facts(), due), Remind)


@settings(max_examples=100)
@given(wishes())
def test_not_today_is_not_before_tomorrow(wanted: tuple[Wish, datetime]):
    wished, now = wanted
    due, log = skipped(wished, Log(), now)
    today = study_day(now, wished.timezone, wished.day_starts)
    assert study_day(due, wished.timezone, wished.day_starts) > today
    assert log.unanswered == 0


@given(
    st.lists(st.tuples(ANY_YEAR, st.sampled_from(ZONES)), max_size=14),
    st.integers(0, 6),
)
@example([(datetime(2026, 11, 1, 3, 59, tzinfo=UTC), "UTC")] * 3, 4)
def test_the_usual_hour_is_never_one_of_the_night(firsts: list[tuple[datetime, str]], starts: int):
    at = usual_hour(firsts, starts)
    latest = datetime.combine(date(2026, 1, 1), at) + SPREAD * MINUTE
    assert time(8) <= at <= latest.time() < time(22)


BERLIN = Wish(at=time(18), timezone="Europe/Berlin", day_starts=4, seed=7)


def instant(clock: str, zone: str) -> datetime:
    return datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("day", [27, 28, 29])
def test_the_hour_is_the_one_on_the_wall_through_the_change_of_clocks(day: int):
    due = next_due(BERLIN, Log(), instant(f"2027-03-{day} 12:00", "Europe/Berlin"))
    assert f"{clock_time(due, 'Europe/Berlin'):%d %H}" == f"{day} 18"


def shown(at: int, zone: str, start: str, days: int) -> list[str]:
    """Day and hour of the reminders that follow, by the clocks of the zone."""
    wished = Wish(at=time(at), timezone=zone, day_starts=4, seed=7)
    now = instant(start, zone)
    said: list[str] = []
    for _ in range(days):
        now = next_due(wished, Log(), now)
        said.append(f"{clock_time(now, zone):%d %H}")
    return said


def test_a_time_that_the_clocks_skip_moves_on():
    """In Khartoum, the clocks went from 12 to 13 one Saturday."""
    assert shown(12, "Africa/Khartoum", "2000-01-14 08:00", 3) == ["14 12", "15 13", "16 12"]


def test_a_time_that_would_move_into_the_night_is_left_out():
    """On Easter Island, summer began at 9 in the evening: it was 10 at once."""
    assert shown(21, "Pacific/Easter", "1980-10-10 12:00", 2) == ["10 21", "12 21"]


def test_a_time_that_comes_twice_fires_once():
    assert shown(20, "Pacific/Easter", "1980-03-07 12:00", 3) == ["07 20", "08 20", "09 20"]


def test_a_day_that_the_zone_skips_has_no_reminder():
    """There was no 21 August 1993 on Kwajalein."""
    assert shown(12, "Pacific/Kwajalein", "1993-08-20 11:00", 2) == ["20 12", "22 12"]


def test_learners_of_one_hour_are_spread_over_minutes_and_each_day_anew():
    now = instant("2026-11-22 12:00", "Europe/Berlin")
    dues = [next_due(replace(BERLIN, seed=seed), Log(), now) for seed in range(200)]
    minutes = {clock_time(due, "Europe/Berlin").minute for due in dues}
    assert minutes == set(range(SPREAD))
    assert next_due(BERLIN, Log(), now) == next_due(BERLIN, Log(), now)


def test_the_second_one_comes_two_hours_before_the_night_for_a_run_of_three():
    now = instant("2026-11-22 18:10", "Europe/Berlin")
    decision = decide(BERLIN, Log(), Facts(run=3), now)
    assert isinstance(decision, Remind)
    assert clock_time(decision.due, "Europe/Berlin").hour == 20
    short = decide(BERLIN, Log(), Facts(run=2), now)
    assert isinstance(short, Remind)
    assert study_day(short.due, "Europe/Berlin") == date(2026, 11, 23)


def test_there_is_no_second_one_where_the_first_came_late():
    now = instant("2026-11-22 19:30", "Europe/Berlin")
    decision = decide(replace(BERLIN, at=time(19)), Log(), Facts(run=9), now)
    assert isinstance(decision, Remind)
    assert study_day(decision.due, "Europe/Berlin") == date(2026, 11, 23)


def test_three_days_unanswered_are_said_on_the_third_and_end_it_on_the_fourth():
    log, due = Log(), instant("2026-11-22 18:10", "Europe/Berlin")
    told: list[bool] = []
    for _ in range(3):
        decision = decide(BERLIN, log, Facts(), due)
        assert isinstance(decision, Remind)
        told.append(decision.last)
        log, due = decision.log, decision.due
    assert told == [False, False, True]
    assert decide(BERLIN, log, Facts(), due) == SwitchOff()
    answered = Facts(answered=date(2026, 11, 24))
    assert isinstance(decide(BERLIN, log, answered, due), Remind)


def test_a_look_that_comes_too_early_does_no_harm():
    now = instant("2026-11-22 12:00", "Europe/Berlin")
    assert decide(BERLIN, Log(), Facts(), now) == Later(due=next_due(BERLIN, Log(), now))


def test_days_of_rest_and_pauses_are_free():
    leave = Leave(
        rest=((date(2026, 11, 1), frozenset({6})), (date(2026, 11, 16), frozenset({5}))),
        pauses=((date(2026, 11, 24), date(2026, 11, 26)),),
        holidays=frozenset({date(2026, 12, 25)}),
    )
    free = [day for day in range(20, 29) if is_free(date(2026, 11, day), leave)]
    assert free == [21, 24, 25, 26, 28]
    assert is_free(date(2026, 11, 8), leave)
    assert is_free(date(2026, 12, 25), leave)


def test_a_wish_is_what_was_chosen():
    ada = Learner(
        id=LearnerId(1), chat=ChatId(1), language="en", timezone="UTC", day_starts=4, probed=False
    )
    assert wish(ada) is None
    fixed = wish(replace(ada, reminder_hour=9))
    assert fixed is not None
    assert fixed.at == time(9)
    mornings = [(datetime(2026, 11, day, 7, 30, tzinfo=UTC), "UTC") for day in (1, 2, 3)]
    usual = wish(replace(ada, reminder_usual=True), mornings)
    assert usual is not None
    assert usual.at == time(8), "not before the night is over"
    nights = [(datetime(2026, 11, day, 1, 30, tzinfo=UTC), "UTC") for day in (1, 2, 3)]
    late = wish(replace(ada, reminder_usual=True), nights)
    assert late is not None
    assert late.at == time(21, 45)

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from hypothesis import given, settings, strategies as st

from tests.core.days_lived import (
    BERLIN,
    DAY,
    TOKYO,
    Answer,
    answers,
    clock,
    evenings,
    hours,
    instants,
    kept,
    outcomes,
    strides,
    walk,
    zones,
)
from tutorbot.core.calendar import day_start, missable, study_day
from tutorbot.core.streaks import (
    BEGINNING,
    MILESTONES,
    MOST_FREEZES,
    Day,
    Leave,
    Move,
    Outcome,
    Standing,
    move,
    next_milestone,
    standing,
    stored_day,
    streak,
)


def leaves() -> st.SearchStrategy[Leave]:
    """Rest days, pauses, holidays and outages between 2024 and 2027."""
    days = st.dates(date(2024, 1, 1), date(2027, 2, 1))
    spans = st.tuples(days, st.integers(0, 9)).map(lambda each: (each[0], each[0] + each[1] * DAY))
    rests = st.tuples(days, st.frozensets(st.integers(0, 6), max_size=2))
    downs = st.tuples(instants, strides).map(lambda each: (each[0], each[0] + each[1]))
    return st.builds(
        Leave,
        outages=st.lists(downs, max_size=4).map(tuple),
        holidays=st.frozensets(days, max_size=20),
        rest=st.lists(rests, max_size=3, unique_by=lambda each: each[0]).map(tuple),
        pauses=st.lists(spans, max_size=3).map(tuple),
    )


@settings(max_examples=60, deadline=None)
@given(answers(zones), leaves(), st.randoms(use_true_random=False))
def test_the_order_in_which_days_are_read_and_repeats_change_nothing(
    given: list[Answer], leave: Leave, dice: Random
):
    days = kept(given)
    shuffled = [*days, *days]
    dice.shuffle(shuffled)
    assert streak(shuffled, *given[-1], leave=leave) == streak(days, *given[-1], leave=leave)


@settings(max_examples=60, deadline=None)
@given(answers(zones))
def test_an_answer_delivered_twice_counts_once(given: list[Answer]):
    twice = [answer for answer in given for _ in range(2)]
    assert kept(twice) == kept(given)


@settings(max_examples=60, deadline=None)
@given(answers(st.just(BERLIN)), st.randoms(use_true_random=False))
def test_in_whatever_order_the_answers_came_in_the_state_is_the_same(
    given: list[Answer], dice: Random
):
    mixed = [*given, *dice.sample(given, len(given) // 2)]
    dice.shuffle(mixed)
    assert streak(kept(mixed), *given[-1]) == streak(kept(given), *given[-1])


def lived(
    studied: set[date], doubled: set[date], leave: Leave, today: date, zone: str, begins: int
) -> tuple[int, int, int]:
    """The run, the longest, and the freezes left, by living day by day; slow and plain."""
    length = longest = total = 0
    freezes = 1
    ended: tuple[int, datetime] | None = None
    repaired: date | None = None
    day = min(studied)
    while day <= today:
        over = day_start(day + DAY, zone, begins)
        rest = max(
            ((since, week) for since, week in leave.rest if since <= day),
            default=None,
            key=lambda each: each[0],
        )
        free = (
            not missable(day, zone, begins)
            or day in leave.holidays
            or (rest is not None and day.weekday() in rest[1])
            or any(first <= day <= last for first, last in leave.pauses)
            or any(down <= over <= up for down, up in leave.outages)
        )
        if day in studied:
            length += 1
            total += 1
            if total % 7 == 0 and freezes < 2:
                freezes += 1
            in_time = ended and day_start(day, zone, begins) <= ended[1]
            rested = repaired is None or (day - repaired).days >= 30
            if ended and day in doubled and in_time and rested:
                length += ended[0]
                ended, repaired = None, day
        elif day < today and length and not free:
            if freezes:
                freezes -= 1
            else:
                ended = (length, over + timedelta(hours=48))
                length = 0
        longest = max(longest, length)
        day += DAY
    return length, longest, freezes


@settings(max_examples=150, deadline=None)
@given(st.data(), zones, hours, leaves())
def test_in_one_zone_the_run_is_what_living_day_by_day_would_make_it(
    data: st.DataObject, zone: str, begins: int, leave: Leave
):
    given = data.draw(answers(st.just(zone)))
    now = given[-1][0] + data.draw(strides)
    days = [
        # Doubled by the first answer, so that the oracle need not know of hours.
        Day(day=day.day, timezone=zone, first_at=day.first_at)
        for day in kept(given, begins)
    ]
    studied = {day.day for day in days}
    doubled = data.draw(st.sets(st.sampled_from(sorted(studied))))
    days = [
        Day(
            day=day.day,
            timezone=zone,
            first_at=day.first_at,
            doubled_at=day_start(day.day, zone, begins) if day.day in doubled else None,
        )
        for day in days
    ]
    today = max(study_day(now, zone, begins), *studied)
    seen = streak(days, now, zone, begins, leave)
    expected = lived(studied, doubled, leave, today, zone, begins)
    assert (seen.length, seen.longest, seen.freezes) == expected
    assert (seen.total, seen.studied_today) == (len(studied), today in studied)


@settings(max_examples=150, deadline=None)
@given(
    zones,
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(1970, 2036),
    st.integers(0, 364),
    hours,
)
def test_the_same_time_by_the_clock_every_day_never_breaks(
    zone: str, hour: int, minute: int, year: int, start: int, begins: int
):
    first = datetime.combine(date(year, 1, 1), time(hour, minute)) + start * DAY
    given = [clock(str(first + number * DAY), zone) for number in range(40)]
    days = kept(given, begins)
    seen = streak(days, *given[-1], begins)
    assert seen.length == len(days)
    assert "f" not in outcomes(seen)  # nor does it cost anything


@settings(max_examples=100, deadline=None)
@given(
    instants,
    st.lists(
        st.tuples(st.floats(0.2, 22.99).map(lambda h: timedelta(hours=h)), zones),
        min_size=2,
        max_size=30,
    ),
    hours,
)
def test_steps_under_23_hours_never_break_wherever_one_goes(
    at: datetime, steps: Sequence[tuple[timedelta, str]], begins: int
):
    given = walk(at, steps)
    days = kept(given, begins)
    seen = streak(days, *given[-1], begins)
    assert seen.length == len(days)
    assert "f" not in outcomes(seen)


@settings(max_examples=60, deadline=None)
@given(answers(zones), zones, strides)
def test_a_change_of_zone_rewrites_nothing(given: list[Answer], other: str, stride: timedelta):
    at, zone = given[-1]
    before = kept(given)
    moved = kept([*given, (at + stride, other)])
    assert moved[: len(before) - 1] == before[:-1]
    assert [day.day for day in moved[: len(before)]] == [day.day for day in before]
    here, there = streak(before, at, zone), streak(before, at, other)
    assert (here.longest, here.total, here.milestones) == (
        there.longest, there.total, there.milestones
    )  # fmt: skip
    past = [each for each in here.settled if each.day <= before[-1].day]
    assert past == [each for each in there.settled if each.day <= before[-1].day]


@settings(max_examples=100, deadline=None)
@given(answers(zones), zones, strides, strides, st.booleans())
def test_other_clocks_leave_what_was_told_but_for_the_day_closed_last(
    given: list[Answer], other: str, stride: timedelta, more: timedelta, may_reopen: bool
):
    zone, at = given[-1][1], given[-1][0] + stride
    days = kept(given)
    before = streak(days, at, zone)
    moved = move(before, at, (zone, 4), (other, 4), may_reopen=may_reopen)
    told = {each.day: each for each in before.settled if each.outcome is not Outcome.FREE}
    later = streak(days, at + more, other, moves=[moved])
    kept_so = {each.day: each for each in later.settled}
    for day, settled in told.items():
        if not (moved.reopened and day == moved.open_from):
            assert kept_so[day] == settled
    if not moved.reopened:
        assert later.freezes <= before.freezes


@settings(max_examples=100, deadline=None)
@given(st.data(), zones, strides, leaves())
def test_freezes_and_lengths_stay_within_their_bounds(
    data: st.DataObject, zone: str, stride: timedelta, leave: Leave
):
    given = data.draw(answers(zones))
    doubled = data.draw(st.sets(st.sampled_from([study_day(*each) for each in given])))
    seen = streak(kept(given, doubled=doubled), given[-1][0] + stride, zone, leave=leave)
    assert 0 <= seen.length <= seen.longest <= seen.total
    assert seen.longest >= 1
    assert 0 <= seen.freezes <= MOST_FREEZES
    assert len({(each.run, each.days) for each in seen.milestones}) == len(seen.milestones)
    assert all(each.days <= seen.longest for each in seen.milestones)


@settings(max_examples=100, deadline=None)
@given(answers(zones), zones, strides, hours, leaves())
def test_one_more_answer_never_lowers_anything(
    given: list[Answer], zone: str, stride: timedelta, begins: int, leave: Leave
):
    now = given[-1][0] + stride
    before = streak(kept(given, begins), now, zone, begins, leave)
    then = streak(kept([*given, (now, zone)], begins), now, zone, begins, leave)
    assert then.length >= max(before.length, 1)
    assert then.longest >= before.longest
    assert then.freezes >= before.freezes
    assert then.studied_today
    assert then.milestones[: len(before.milestones)] == before.milestones
    assert {each.day for each in before.settled} <= {each.day for each in then.settled}


@settings(max_examples=100, deadline=None)
@given(st.data(), zones, strides, hours, leaves())
def test_going_on_from_any_standing_is_as_good_as_from_the_beginning(
    data: st.DataObject, zone: str, stride: timedelta, begins: int, leave: Leave
):
    given = data.draw(answers(zones))
    doubled = data.draw(st.sets(st.sampled_from([study_day(*each, begins) for each in given])))
    days = kept(given, begins, doubled)
    now = given[-1][0] + stride
    whole = streak(days, now, zone, begins, leave)
    stood: Standing = BEGINNING
    for cut in sorted(data.draw(st.sets(st.integers(0, len(days)), max_size=3))):
        stood = standing(days[:cut], begins, leave, since=stood)
    rest = streak(days, now, zone, begins, leave, since=stood)
    tail = tuple(each for each in whole.milestones if stood.last is None or each.on > stood.last)
    assert rest.milestones == tail
    told = {each.day: each for each in whole.settled}
    assert all(told[each.day] == each for each in rest.settled)
    assert (rest.length, rest.longest, rest.total, rest.freezes, rest.repair) == (
        whole.length, whole.longest, whole.total, whole.freezes, whole.repair
    )  # fmt: skip
    assert (rest.today, rest.last_day, rest.studied_today) == (
        whole.today, whole.last_day, whole.studied_today
    )  # fmt: skip


def test_an_answer_right_when_the_day_begins_is_of_that_day():
    at = day_start(date(2026, 7, 1), BERLIN)
    assert stored_day(at, BERLIN) == date(2026, 7, 1)
    assert stored_day(at - timedelta(microseconds=1), BERLIN) == date(2026, 6, 30)


def test_every_milestone_is_followed_by_the_next():
    assert [next_milestone(days) for days in MILESTONES] == [*MILESTONES[1:], 730]


def test_a_move_without_a_cost_is_no_event():
    days = kept(evenings(9, 10))
    at = clock("2026-01-11 08:00", BERLIN)[0]
    silent = Move(at=at, timezone=BERLIN)
    assert streak(days, at, TOKYO, moves=[silent]) == streak(days, at, TOKYO)

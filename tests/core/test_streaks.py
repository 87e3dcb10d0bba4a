from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.core.days_lived import (
    BERLIN,
    DAY,
    LOS_ANGELES,
    TOKYO,
    after,
    clock,
    evenings,
    kept,
    outcomes,
)
from tutorbot.core.streaks import (
    Cause,
    Day,
    Leave,
    Milestone,
    Outcome,
    Streak,
    move,
    next_milestone,
    stored_day,
    streak,
)

# Examples, most of which have broken somebody's streak somewhere.


def test_without_an_answer_there_is_no_run():
    none = streak((), datetime(2026, 1, 1, tzinfo=UTC), BERLIN)
    assert (none.length, none.longest, none.total, none.last_day) == (0, 0, 0, None)
    assert (none.freezes, none.settled, none.milestones) == (1, (), ())


def test_the_first_answer_begins_a_run():
    first = after(clock("2026-01-10 20:00", BERLIN))
    assert (first.length, first.longest, first.studied_today) == (1, 1, True)


def test_two_answers_on_either_side_of_four_in_the_morning_are_two_days():
    assert after(clock("2026-01-10 03:59", BERLIN), clock("2026-01-10 04:00", BERLIN)).length == 2


def test_an_evening_that_ends_at_two_in_the_morning_is_one_day():
    assert after(clock("2026-01-10 23:00", BERLIN), clock("2026-01-11 02:00", BERLIN)).length == 1


def test_today_stays_open_until_it_is_over_and_then_the_freeze_is_spent():
    days = kept(evenings(9, 10))
    evening = streak(days, *clock("2026-01-11 23:59", BERLIN))
    assert (evening.length, evening.studied_today, evening.freezes) == (2, False, 1)
    assert streak(days, *clock("2026-01-12 03:59", BERLIN)).freezes == 1
    frozen = streak(days, *clock("2026-01-12 04:00", BERLIN))
    assert (frozen.length, frozen.freezes, outcomes(frozen)) == (2, 0, "aaf")
    assert streak(days, *clock("2026-01-13 03:59", BERLIN)).length == 2
    over = streak(days, *clock("2026-01-13 04:00", BERLIN))
    assert (over.length, over.longest, outcomes(over)) == (0, 2, "aafm")


def test_a_frozen_day_keeps_the_run_and_does_not_add_to_it():
    seen = after(*evenings(10, 11, 12, 14))
    assert (seen.length, seen.longest, seen.total, seen.freezes) == (4, 4, 4, 0)


def test_a_second_missed_day_begins_a_new_run_and_the_longest_stays():
    seen = after(*evenings(10, 11, 12, 15))
    assert (seen.length, seen.longest, seen.total) == (1, 3, 4)
    assert outcomes(seen) == "aaafma"


def test_seven_study_days_earn_a_freeze_and_nobody_holds_more_than_two():
    assert after(*evenings(*range(1, 7))).freezes == 1
    assert after(*evenings(*range(1, 8))).freezes == 2
    assert after(*evenings(*range(1, 29))).freezes == 2
    assert after(*evenings(*range(1, 8), 10)).freezes == 0
    assert outcomes(after(*evenings(*range(1, 8), 11))) == "aaaaaaaffma"


def test_the_29th_of_february_is_a_day_like_any_other():
    def year(number: int, *days: str) -> Streak:
        return after(*(clock(f"{number}-{day} 20:00", BERLIN) for day in days))

    assert year(2028, "02-28", "02-29", "03-01").length == 3
    assert outcomes(year(2028, "02-28", "03-01")) == "afa"
    assert outcomes(year(2027, "02-28", "03-01")) == "aa"


@pytest.mark.parametrize(
    ("leave", "cause"),
    [
        (Leave(holidays=frozenset({date(2026, 1, 11)})), Cause.HOLIDAY),
        (Leave(rest=((date(2026, 1, 5), frozenset({6})),)), Cause.REST),  # Sundays
        (Leave(pauses=((date(2026, 1, 11), date(2026, 1, 13)),)), Cause.PAUSE),
        (
            Leave(
                outages=(
                    (clock("2026-01-12 03:00", BERLIN)[0], clock("2026-01-12 05:00", BERLIN)[0]),
                )
            ),
            Cause.OUTAGE,
        ),
    ],
)
def test_a_free_day_costs_no_freeze(leave: Leave, cause: Cause):
    seen = streak(kept(evenings(10, 12)), *evenings(12)[0], leave=leave)
    assert (seen.length, seen.freezes, outcomes(seen)) == (2, 1, "a-a")
    assert seen.settled[1].cause is cause


def test_who_studies_on_a_free_day_has_studied():
    leave = Leave(rest=((date(2026, 1, 5), frozenset({6})),))
    assert streak(kept(evenings(10, 11)), *evenings(11)[0], leave=leave).length == 2


def test_a_change_of_rest_days_frees_no_day_before_it():
    rest = ((date(2026, 1, 12), frozenset({1})), (date(2026, 1, 5), frozenset({6})))
    seen = streak(kept(evenings(10, 12, 14)), *evenings(14)[0], leave=Leave(rest=rest))
    assert outcomes(seen) == "a-a-a"  # Sunday the 11th by the old choice, Tuesday by the new
    late = Leave(rest=((date(2026, 1, 12), frozenset({6})),))
    assert outcomes(streak(kept(evenings(10, 12)), *evenings(12)[0], leave=late)) == "afa"


@pytest.mark.parametrize(
    ("down", "up", "outcome"),
    [
        ("2026-01-11 22:00", "2026-01-12 03:59", Outcome.FROZEN),  # up again before its end
        ("2026-01-11 22:00", "2026-01-12 04:00", Outcome.FREE),
        ("2026-01-12 04:00", "2026-01-12 09:00", Outcome.FREE),
        ("2026-01-12 04:01", "2026-01-12 09:00", Outcome.FROZEN),  # when it was over already
    ],
)
def test_only_an_outage_across_the_end_of_the_day_excuses_it(down: str, up: str, outcome: Outcome):
    leave = Leave(outages=((clock(down, BERLIN)[0], clock(up, BERLIN)[0]),))
    seen = streak(kept(evenings(10, 12)), *evenings(12)[0], leave=leave)
    assert seen.settled[1].outcome is outcome


# Repairs and milestones.


def test_a_run_that_ended_is_taken_up_again_by_twice_the_goal_within_two_days():
    days = evenings(1, 2, 3, 4)  # frozen on the 5th, missed on the 6th
    offered = streak(kept(days), *clock("2026-01-07 09:00", BERLIN))
    assert offered.repair is not None
    assert offered.repair.length == 4
    assert offered.repair.until == clock("2026-01-09 04:00", BERLIN)[0]
    days += evenings(7)
    whole = streak(kept(days, doubled=[date(2026, 1, 7)]), *days[-1])
    assert (whole.length, whole.longest, whole.repair) == (5, 5, None)
    assert outcomes(whole) == "aaaaf-a"
    assert whole.settled[5].cause is Cause.REPAIR


def test_a_repair_on_the_second_day_also_makes_up_for_the_first():
    days = evenings(1, 2, 3, 4, 8)  # the 7th passed idle too
    seen = streak(kept(days, doubled=[date(2026, 1, 8)]), *days[-1])
    assert (seen.length, outcomes(seen)) == (5, "aaaaf--a")
    both = evenings(1, 2, 3, 4, 7, 8)
    seen = streak(kept(both, doubled=[date(2026, 1, 8)]), *both[-1])
    assert (seen.length, outcomes(seen)) == (6, "aaaaf-aa")


def test_a_repair_comes_too_late_after_two_days():
    days = evenings(1, 2, 3, 4, 9)
    seen = streak(kept(days, doubled=[date(2026, 1, 9)]), *days[-1])
    assert (seen.length, seen.longest) == (1, 4)
    assert streak(kept(days[:-1]), *clock("2026-01-09 04:00", BERLIN)).repair is None


def test_a_run_is_repaired_once_in_thirty_days():
    days = evenings(1, 2, 3, 6, 9)  # the freeze went on the 4th, the run on the 5th and the 7th
    seen = streak(kept(days, doubled=[date(2026, 1, 6), date(2026, 1, 9)]), *days[-1])
    assert (seen.length, seen.longest) == (1, 4)


def test_milestones_are_reached_once_in_a_run():
    seen = after(*evenings(*range(1, 15)))
    first = date(2026, 1, 1)
    assert seen.milestones == tuple(
        Milestone(run=first, days=days, on=date(2026, 1, days)) for days in (3, 7, 14)
    )
    again = after(*evenings(*range(1, 4), *range(20, 23)))
    assert [(each.run.day, each.days) for each in again.milestones] == [(1, 3), (20, 3)]


def test_a_repaired_run_does_not_reach_its_milestones_anew():
    days = evenings(1, 2, 3, 6, 7, 8, 9)
    seen = streak(kept(days, doubled=[date(2026, 1, 6)]), *days[-1])
    assert [(each.run.day, each.days) for each in seen.milestones] == [(1, 3), (1, 7)]


def test_after_a_year_there_is_a_milestone_every_year():
    assert [next_milestone(days) for days in (0, 3, 200, 365, 729, 730)] == [
        3, 7, 365, 730, 730, 1095
    ]  # fmt: skip


# Late answers.


def test_an_answer_that_came_in_late_takes_back_the_freeze_or_the_miss():
    days = evenings(10, 12)
    assert outcomes(after(*days)) == "afa"
    late = clock("2026-01-11 23:00", BERLIN)
    seen = streak(kept([*days, late]), *days[-1])
    assert (seen.length, seen.freezes, outcomes(seen)) == (3, 1, "aaa")
    ended = evenings(9, 12)
    assert streak(kept(ended), *ended[-1]).length == 1
    whole = streak(kept([*ended, late]), *ended[-1])
    assert (whole.length, outcomes(whole)) == (3, "afaa")


def test_an_answer_queued_for_23_hours_in_an_outage_is_of_the_day_it_was_given_on():
    given = evenings(10, 11)
    down = (given[1][0] - timedelta(hours=1), given[1][0] + timedelta(hours=23))
    seen = streak(kept(given), down[1], BERLIN, leave=Leave(outages=(down,)))
    assert (seen.length, seen.freezes) == (2, 1)
    assert not seen.studied_today


def test_a_late_answer_is_of_no_day_after_those_that_came_before_it():
    tokyo = clock("2026-01-12 06:00", TOKYO)  # stored as the 12th
    recent = kept([clock("2026-01-10 20:00", BERLIN), tokyo])
    late = tokyo[0] - timedelta(hours=2)
    assert stored_day(late, BERLIN, 4, recent) == date(2026, 1, 11)
    assert stored_day(late, "Pacific/Kiritimati", 4, recent) == date(2026, 1, 12)


# Other clocks.


def test_a_day_that_the_new_zone_still_has_is_opened_again():
    days = kept(evenings(9, 10, zone=TOKYO))
    at = clock("2026-01-12 06:00", TOKYO)[0]  # in Los Angeles, the 11th is still young
    before = streak(days, at, TOKYO)
    assert (before.freezes, before.today) == (0, date(2026, 1, 12))
    there = move(before, at, (TOKYO, 4), (LOS_ANGELES, 4), may_reopen=True)
    assert (there.open_from, there.reopened) == (date(2026, 1, 11), True)
    seen = streak(days, at, LOS_ANGELES, moves=[there])
    assert (seen.freezes, seen.today, seen.length) == (1, date(2026, 1, 11), 2)
    answer = clock("2026-01-11 20:00", LOS_ANGELES)
    day = stored_day(*answer, 4, days, there)
    studied = streak(
        [*days, Day(day=day, timezone=LOS_ANGELES, first_at=answer[0])], *answer, moves=[there]
    )
    assert (studied.length, studied.freezes) == (3, 1)


def test_a_day_is_opened_again_once_a_week_and_else_stays_as_it_was_told():
    days = kept(evenings(9, 10, zone=TOKYO))
    at = clock("2026-01-12 06:00", TOKYO)[0]
    there = move(streak(days, at, TOKYO), at, (TOKYO, 4), (LOS_ANGELES, 4), may_reopen=False)
    assert (there.open_from, there.reopened) == (date(2026, 1, 12), False)
    seen = streak(days, at, LOS_ANGELES, moves=[there])
    assert (seen.freezes, seen.today, outcomes(seen)) == (0, date(2026, 1, 12), "aaf")
    assert stored_day(at, LOS_ANGELES, 4, days, there) == date(2026, 1, 12)


def test_a_zone_that_agrees_opens_nothing():
    days = kept(evenings(9, 10))
    at = clock("2026-01-12 06:00", BERLIN)[0]
    paris = move(streak(days, at, BERLIN), at, (BERLIN, 4), ("Europe/Paris", 4), may_reopen=True)
    assert (paris.open_from, paris.reopened) == (date(2026, 1, 12), False)
    nothing = streak(days, *clock("2026-01-11 12:00", BERLIN))
    calm = move(nothing, at, (BERLIN, 4), (LOS_ANGELES, 4), may_reopen=True)
    assert calm.open_from is None


def test_half_an_hour_of_summer_time_on_lord_howe_breaks_nothing():
    week = [clock(f"2026-04-0{day} 04:05", "Australia/Lord_Howe") for day in range(2, 10)]
    assert after(*week).length == 8


def test_clocks_that_change_at_midnight_in_beirut_break_nothing():
    week = [clock(f"2026-03-{day} 00:30", "Asia/Beirut") for day in range(26, 32)]
    assert after(*week).length == 6


def test_samoa_goes_from_the_29th_to_the_31st_of_december_without_a_miss():
    days = ("2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01")
    assert after(*(clock(f"{day} 20:00", "Pacific/Apia") for day in days)).length == 4


def test_kwajalein_has_no_21st_of_august_1993_to_miss():
    days = ("1993-08-19", "1993-08-20", "1993-08-22")
    assert after(*(clock(f"{day} 20:00", "Pacific/Kwajalein") for day in days)).length == 3


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("zone", ["Europe/Athens", "Antarctica/Troll", "Africa/Cairo", BERLIN])
def test_an_hour_that_the_clocks_skip_breaks_nothing_all_year(zone: str, hour: int):
    first = datetime.combine(date(2026, 1, 1), time(hour, 30))
    year = [clock(str(first + number * DAY), zone) for number in range(365)]
    seen = after(*year)
    assert seen.length == seen.total >= 364  # one of them may have slid into the next
    assert "f" not in outcomes(seen)


def test_in_kathmandu_the_night_ends_a_quarter_past_ten_by_utc():
    kathmandu = "Asia/Kathmandu"
    late = datetime(2026, 5, 1, 22, 10, tzinfo=UTC)
    assert after((late - timedelta(hours=18), kathmandu), (late, kathmandu)).length == 1
    assert after((late, kathmandu), (late + timedelta(minutes=5), kathmandu)).length == 2


@pytest.mark.parametrize(
    ("left", "arrived", "hours", "settled"),
    [
        ("2026-01-10 22:00", "2026-01-12 12:00", 21, "aa-a"),
        ("2026-01-10 20:00", "2026-01-12 13:00", 24, "aa-a"),
        ("2026-01-10 08:00", "2026-01-12 23:00", 46, "aafa"),  # a day was missed on either side
    ],
)
def test_flying_from_los_angeles_to_tokyo_loses_a_date_but_no_day(
    left: str, arrived: str, hours: int, settled: str
):
    flight = (
        clock("2026-01-09 20:00", LOS_ANGELES),
        clock(left, LOS_ANGELES),
        clock(arrived, TOKYO),
    )
    assert flight[2][0] - flight[1][0] == timedelta(hours=hours)
    assert outcomes(after(*flight)) == settled


def test_flying_from_tokyo_to_los_angeles_the_date_lived_twice_counts_once():
    home = clock("2026-01-10 09:00", TOKYO)
    again = clock("2026-01-10 08:00", LOS_ANGELES)
    assert after(home, again).length == 1
    assert after(home, again, clock("2026-01-11 08:00", LOS_ANGELES)).length == 2


def test_a_day_reached_in_tokyo_stays_reached_in_los_angeles():
    home = clock("2026-01-11 05:00", TOKYO)
    landed = clock("2026-01-10 20:00", LOS_ANGELES)
    seen = after(home, landed)
    assert (seen.last_day, seen.length, seen.studied_today) == (date(2026, 1, 11), 1, True)


def test_answers_later_on_the_day_of_arrival_do_not_count_the_flight_anew():
    flight = [clock("2026-01-10 20:00", LOS_ANGELES), clock("2026-01-12 13:00", TOKYO)]
    assert after(*flight, clock("2026-01-13 03:59", TOKYO)).length == 2


def test_a_clock_of_ours_that_steps_back_takes_no_day_away():
    days = [clock("2026-01-09 12:00", BERLIN), clock("2026-01-10 04:10", BERLIN)]
    seen = after(*days, clock("2026-01-10 03:50", BERLIN))
    assert (seen.length, seen.last_day, seen.studied_today) == (2, date(2026, 1, 10), True)


def test_two_devices_in_the_same_second_make_one_day():
    at = clock("2026-01-10 12:00:00", BERLIN)
    assert kept([at, at]) == kept([at])
    assert after(at, (at[0], TOKYO)).length == 1


def test_where_the_first_answer_is_not_known_the_learner_is_believed():
    days = [
        Day(day=date(2026, 1, 10), timezone=LOS_ANGELES),
        Day(day=date(2026, 1, 12), timezone=TOKYO),
    ]
    assert streak(days, *clock("2026-01-12 13:00", TOKYO)).length == 2

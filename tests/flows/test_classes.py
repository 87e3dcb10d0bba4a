"""Joining, leaving and looking after a class."""

import asyncio
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from tests.flows.faculty import (
    COURSE,
    NOON,
    REMOVED,
    Faculty,
    faculty,
    logged,
    meet,
)
from tutorbot.core.actions import Forget
from tutorbot.core.assignments import OpenQuiz
from tutorbot.core.classes import (
    AddHoliday,
    AskHandOver,
    AskLeaveClass,
    ChangeCohort,
    DropHoliday,
    EndClass,
    ExtendTime,
    HandOver,
    InviteCohort,
    InviteLearners,
    InviteStaff,
    LeaveClass,
    LetLinkLast,
    NameAfterCourse,
    RemoveMember,
    RenewLink,
    Role,
    SetRole,
    SetTime,
    ShowMember,
    ShowRoster,
)
from tutorbot.core.joining import STAFF_ROLES, Joined, LinkFull
from tutorbot.flows import streaks
from tutorbot.flows.joining import Joining
from tutorbot.store import classes, holidays, joining
from tutorbot.store.unit import Store, Unit

pytestmark = pytest.mark.postgres

DAY = timedelta(days=1)


@pytest.fixture
async def school(unit: Unit, tmp_path: Path) -> Faculty:
    return await faculty(unit, tmp_path)


def link_in(heard: list[str]) -> str:
    """The code of the link that was shown."""
    found = re.search(r"start=(class_[A-Z0-9]{8})", " ".join(heard))
    assert found, heard
    return found[1]


async def uses(school: Faculty) -> int:
    found = await joining.by_id(school.unit, school.link)
    assert found
    return found.uses


# Joining


async def test_joining_twice_is_told_kindly_and_uses_nothing_up(school: Faculty) -> None:
    (first,) = await school.types("stranger", f"/join {school.link_code}")
    assert "Welcome to Arithmetic" in first
    (second,) = await school.types("stranger", f"/start class_{school.link_code}")
    assert "You are in the class Arithmetic already" in second
    assert await uses(school) == 1


async def test_after_a_wrong_code_the_next_that_is_typed_is_one_too(school: Faculty) -> None:
    await school.types("stranger", "/join")
    for _ in range(2):
        (heard,) = await school.types("stranger", "nonsense")
        assert "I know no class by that code" in heard
    (heard,) = await school.types("stranger", school.link_code)
    assert "Welcome to Arithmetic" in heard


async def test_who_joins_by_a_learner_link_while_staff_keeps_the_role(school: Faculty) -> None:
    for who in ("owner", "assistant", "observer"):
        (heard,) = await school.types(who, f"/join {school.link_code}")
        assert f"as {who}, and stay so" in heard
        assert await school.role(who) == who
    assert await uses(school) == 0


async def test_a_link_for_staff_is_for_one_person_and_makes_an_observer_more(
    school: Faculty,
) -> None:
    shown = await school.presses("owner", InviteStaff(school.class_id, Role.INSTRUCTOR))
    link = link_in(shown)
    (heard,) = await school.types("observer", f"/start {link}")
    assert "Your role here: instructor" in heard
    assert await school.role("observer") == "instructor"
    (heard,) = await school.types("stranger", f"/start {link}")
    assert "as many as it could" in heard
    assert await school.role("stranger") is None


@pytest.mark.parametrize("role", STAFF_ROLES)
async def test_a_learner_stays_one_by_a_link_for_staff_until_they_leave(
    school: Faculty, role: Role
) -> None:
    link = link_in(await school.presses("owner", InviteStaff(school.class_id, role)))
    (heard,) = await school.types("learner", f"/start {link}")
    assert f"this link would let you in as {role.value}, without quizzes" in heard
    assert await school.role("learner") == "learner"
    await school.presses("learner", LeaveClass(school.class_id))
    (heard,) = await school.types("learner", f"/start {link}")
    assert f"Your role here: {role.value}" in heard, "nothing of the link was used up"
    assert await school.role("learner") == role.value


async def test_a_link_ends_by_its_time_or_by_another_that_takes_its_place(school: Faculty) -> None:
    link = link_in(await school.presses("owner", RenewLink(school.link)))
    (heard,) = await school.types("stranger", f"/join {school.link_code}")
    assert "That link has ended" in heard
    again = link_in(await school.presses("assistant", RenewLink(school.link)))
    assert again == link, "a second tap shows the link that took its place"
    found = await joining.by_code(school.unit, link.removeprefix("class_"))
    assert found
    await school.presses("owner", LetLinkLast(found.id, 1))
    await school.unit.execute(text("UPDATE class_links SET expires_at = :at"), {"at": NOON})
    (heard,) = await school.types("stranger", f"/start {link}")
    assert "That link has ended" in heard
    assert await school.role("stranger") is None


async def test_a_link_can_be_of_one_cohort(school: Faculty) -> None:
    await school.presses("owner", InviteLearners(school.class_id))
    await school.presses("owner", InviteCohort(school.class_id))
    link = link_in(await school.types("owner", "Monday  group"))
    (heard,) = await school.types("stranger", f"/start {link}")
    assert "Your cohort is Monday group" in heard
    (page,) = await school.presses("owner", ShowRoster(school.class_id, 0))
    assert "Monday group" in page


async def test_a_cohort_is_found_however_its_name_is_typed(school: Faculty) -> None:
    await school.presses("owner", InviteCohort(school.class_id))
    link = link_in(await school.types("owner", "Tuesday"))
    await school.presses("owner", InviteCohort(school.class_id))
    assert link_in(await school.types("owner", " tuesDay ")) == link
    for who, typed, cohort in (
        ("pupil", "tuesday", "Tuesday"),
        ("learner", "TUES DAY", "Tuesday"),
        ("pupil", "Wednesday", "Wednesday"),
    ):
        await school.presses("owner", ChangeCohort(school.class_id, school.codes[who]))
        (card,) = [each for each in await school.types("owner", typed) if "Cohort" in each]
        assert f"Cohort: {cohort}'" in card


async def test_a_hundred_who_join_at_once_are_never_more_than_the_link_lets_in(
    store: Store, tmp_path: Path
) -> None:
    async with store.unit() as unit:
        school = await faculty(unit, tmp_path)
        await joining.limit(unit, school.link, 30)
        people = [await meet(unit, 100 + number, "Ada") for number in range(60)]
    desk = Joining(Random(1))

    async def join(number: int) -> object:
        async with store.unit() as unit:
            return await desk.join(unit, people[number], school.link_code, NOON)

    came = await asyncio.gather(*map(join, range(len(people))))
    assert sum(isinstance(each, Joined) for each in came) == 30
    assert sum(isinstance(each, LinkFull) for each in came) == 30
    async with store.unit() as unit:
        assert (await classes.counts(unit, school.class_id))[Role.LEARNER] == 32


async def test_a_learner_whose_zone_is_a_guess_takes_that_of_the_class(school: Faculty) -> None:
    (heard,) = await school.types("stranger", f"/join {school.link_code}")
    assert "your days follow the class now: Berlin, where it is 13:00" in heard
    assert (await school.again("stranger")).timezone == "Europe/Berlin"


async def test_a_learner_who_said_their_zone_keeps_it(school: Faculty) -> None:
    await school.types("stranger", "/tz UTC")
    (heard,) = await school.types("stranger", f"/join {school.link_code}")
    assert "follow the class" not in heard
    assert (await school.again("stranger")).timezone == "UTC"


# Beginning


async def test_a_second_tap_begins_no_second_class(school: Faculty) -> None:
    action = NameAfterCourse(COURSE, int(NOON.timestamp()) + 60)
    school.now += timedelta(minutes=2)
    (first,) = await school.presses("assistant", action)
    assert "Your class is ready" in first
    (second,) = await school.presses("assistant", action)
    assert "Your class is ready" not in second
    assert len(await classes.taught_by(school.unit, school.people["assistant"].id)) == 2


# Owning


async def test_a_class_is_handed_over_to_an_instructor_and_its_owner_stays_one(
    school: Faculty,
) -> None:
    heard = await school.presses("owner", HandOver(school.class_id, school.codes["aide"]))
    assert "not in the class as that" in heard[0]
    heard = await school.presses("owner", HandOver(school.class_id, school.codes["colleague"]))
    assert "the class belongs to Colleague now" in heard[0]
    assert (await school.role("owner"), await school.role("colleague")) == ("instructor", "owner")


async def test_a_class_is_handed_over_only_after_asking(school: Faculty) -> None:
    (asked,) = await school.presses(
        "owner", AskHandOver(school.class_id, school.codes["colleague"])
    )
    assert "Hand Arithmetic over to Colleague?" in asked
    assert await school.role("owner") == "owner"
    (heard,) = await school.presses("owner", AskHandOver(school.class_id, school.codes["aide"]))
    assert "They are not in the class as that any more." in heard


async def test_of_a_class_whose_owner_leaves_the_longest_serving_instructor_is_the_next(
    school: Faculty,
) -> None:
    (asked,) = await school.presses("owner", AskLeaveClass(school.class_id))
    assert "It would belong to Instructor then" in asked
    await school.presses("owner", LeaveClass(school.class_id))
    assert (await school.role("owner"), await school.role("instructor")) == (None, "owner")
    left, handed = (await logged(school.unit, school.class_id))[-2:]
    assert left == (school.codes["owner"], "left")
    assert handed == (school.codes["owner"], "handed over")


async def test_a_class_that_nobody_can_take_over_ends_with_its_owner(school: Faculty) -> None:
    for who in ("instructor", "colleague"):
        await school.presses("owner", RemoveMember(school.class_id, school.codes[who]))
    (asked,) = await school.presses("owner", AskLeaveClass(school.class_id))
    assert "so the class would end" in asked
    await school.presses("owner", Forget(int(NOON.timestamp())))
    assert await classes.find(school.unit, school.class_id) is None
    (heard,) = await school.types("learner", "/classes")
    assert "You are in no class" in heard
    await joining.end(school.unit, school.link, NOON)
    for who in ("stranger", REMOVED):
        (heard,) = await school.types(who, f"/join {school.link_code}")
        assert "That class is over" in heard
        assert "Arithmetic" not in heard
    assert (school.codes["owner"], "ended") in await logged(school.unit, school.class_id)


async def test_an_old_button_of_a_class_that_has_ended_says_that_it_may_be_over(
    school: Faculty,
) -> None:
    await school.presses("owner", EndClass(school.class_id))
    (heard,) = await school.presses("owner", ShowRoster(school.class_id, 0))
    assert "or the class is over" in heard
    (heard,) = await school.presses("learner", OpenQuiz(school.quiz))
    assert "or its class is over" in heard


async def test_a_learner_leaves_and_comes_back_as_who_they_were(school: Faculty) -> None:
    await school.presses("learner", LeaveClass(school.class_id))
    assert await school.role("learner") is None
    (heard,) = await school.types("learner", f"/join {school.link_code}")
    assert "Welcome back" in heard
    place = await classes.place(school.unit, school.class_id, school.people["learner"].id)
    assert place
    assert place.code == school.codes["learner"]


# People


async def test_an_observer_sees_codes_and_no_names(school: Faculty) -> None:
    (seen,) = await school.presses("observer", ShowRoster(school.class_id, 0))
    assert school.codes["pupil"] in seen
    assert "Pupil" not in seen
    (seen,) = await school.presses("assistant", ShowRoster(school.class_id, 0))
    assert "Pupil" in seen


async def test_who_works_in_a_class_is_not_said_to_be_idle(school: Faculty) -> None:
    (members,) = await school.presses("owner", ShowRoster(school.class_id, 0))
    assert "Pupil" in members
    assert "active" in members
    (aide,) = await school.presses("owner", ShowMember(school.class_id, school.codes["aide"]))
    (pupil,) = await school.presses("owner", ShowMember(school.class_id, school.codes["pupil"]))
    for of_learners in ("ctive", "Cohort", "Time where it is limited"):
        assert of_learners in pupil
        assert of_learners not in aide


async def test_the_role_of_who_works_in_a_class_is_changed_in_a_tap(school: Faculty) -> None:
    code = school.codes["colleague"]
    for role in (Role.OBSERVER, Role.ASSISTANT, Role.ASSISTANT):
        saved, card = await school.presses("owner", SetRole(school.class_id, code, role))
        assert saved == "Saved."
        assert f"as {role.value}, code {code}" in card
    assert await logged(school.unit, school.class_id) == [(school.codes["owner"], "set role")] * 2
    for stale in (AddHoliday(school.class_id), ShowMember(school.class_id, code)):
        refused = "not for you to do in this class" in (await school.presses("colleague", stale))[0]
        assert refused == isinstance(stale, AddHoliday)
    pupil = SetRole(school.class_id, school.codes["pupil"], Role.OBSERVER)
    (heard,) = await school.presses("owner", pupil)
    assert "not in the class as that" in heard
    assert await school.role("pupil") == "learner"


async def test_more_time_is_given_and_taken_back(school: Faculty) -> None:
    for percent, shown in ((150, "×1.5"), (100, "×1"), (120, "×1")):
        heard = await school.presses(
            "assistant", SetTime(school.class_id, school.codes["pupil"], percent)
        )
        if percent == 120:
            assert "not in the class as that" in heard[0]
        else:
            assert f"limited: {shown}'" in heard[1]


@pytest.mark.parametrize(
    ("due", "opened", "finished", "until", "said"),
    [
        # Counted from a deadline ahead, and from now on after it.
        (timedelta(days=3), None, False, timedelta(days=5), True),
        (timedelta(hours=-2), None, False, timedelta(days=2), True),
        (timedelta(days=-3), None, False, None, False),  # long over
        (timedelta(days=3), None, True, None, False),  # nothing to do any more
        # An hour that runs: it is over in half an hour, or it was.
        (timedelta(days=3), timedelta(minutes=-30), False, timedelta(days=5), False),
        (timedelta(minutes=10), timedelta(minutes=-30), False, timedelta(days=2, minutes=10), True),
        (timedelta(days=3), timedelta(hours=-2), False, None, False),
    ],
)
async def test_a_learner_gets_two_days_more_for_what_that_opens(
    school: Faculty,
    due: timedelta,
    opened: timedelta | None,
    finished: bool,
    until: timedelta | None,
    said: bool,
) -> None:
    await school.unit.execute(
        text(
            """
            WITH made AS (
                INSERT INTO assignments (class_id, course_version_id, course_id, title, questions,
                    audience, opens_at, due_at, minutes, reveal, state, made_at)
                SELECT :class, id, 'sums', 'Sums', '[]', '{}', :opens, :due, 60, 'due', 'set',
                    :opens
                FROM course_versions LIMIT 1 RETURNING id
            )
            INSERT INTO assignees (assignment_id, learner_id, opened_at, finished_at)
            SELECT id, :learner, :opened, :finished FROM made
            """
        ),
        {
            "class": school.class_id,
            "opens": NOON - 7 * DAY,
            "due": NOON + due,
            "learner": school.people["pupil"].id,
            "opened": None if opened is None else NOON + opened,
            "finished": NOON if finished else None,
        },
    )
    action = ExtendTime(school.class_id, school.codes["pupil"])
    toast, _card = await school.presses("assistant", action)
    (again, _card) = await school.presses("assistant", action)
    assert again == toast, "a second tap gives no more, and says the same"
    found = await school.unit.execute(
        text("SELECT extended_until FROM assignees WHERE learner_id = :learner"),
        {"learner": school.people["pupil"].id},
    )
    assert found.scalar_one() == (NOON + until if until else None)
    assert ("48 hours more for 1 quiz" in toast) == said
    assert ("would open nothing" in toast) != said


# Holidays


async def studies(school: Faculty, at: datetime) -> None:
    learner = await school.again("learner")
    await streaks.greet(school.unit, learner, at)
    for number in range(3):
        when = at + timedelta(minutes=number)
        await streaks.count(school.unit, learner, when, posed_at=when - timedelta(minutes=1))


async def run(school: Faculty, at: datetime) -> tuple[int, int, set[int]]:
    """The length of the run, its freezes, and the days of the month that were free."""
    seen = await streaks.look(school.unit, await school.again("learner"), at)
    return seen.streak.length, seen.streak.freezes, {day.day for day in seen.free}


async def holidays_are(school: Faculty, typed: str) -> None:
    await school.presses("owner", AddHoliday(school.class_id))
    await school.types("owner", typed)


async def test_a_holiday_of_the_class_costs_its_learners_nothing(school: Faculty) -> None:
    await studies(school, NOON)
    await holidays_are(school, "2026-11-23 to 2026-11-25")
    back = NOON + 4 * DAY
    await studies(school, back)
    assert await run(school, back) == (2, 1, {23, 24, 25})


async def test_a_day_that_was_free_stays_free_whatever_becomes_of_the_calendar(
    school: Faculty,
) -> None:
    await studies(school, NOON)
    await holidays_are(school, "2026-11-23 to 2026-11-25")
    school.now = NOON + 2 * DAY
    await school.presses("owner", DropHoliday(school.class_id, date(2026, 11, 23)))
    back = NOON + 3 * DAY
    assert await run(school, back) == (1, 1, {23, 24}), "the days that had begun stay"
    await school.unit.execute(text("DELETE FROM class_holidays"))
    await school.presses("owner", EndClass(school.class_id))
    assert await run(school, back) == (1, 1, {23, 24})


async def test_a_day_that_was_told_is_not_told_anew_by_a_holiday_of_afterwards(
    school: Faculty,
) -> None:
    await studies(school, NOON)
    back = NOON + 2 * DAY
    assert await run(school, back) == (1, 0, set()), "a freeze was spent"
    school.now = back
    await holidays_are(school, "2026-11-23 to 2026-11-26")
    assert await run(school, back) == (1, 0, set())
    assert await run(school, back + 3 * DAY) == (1, 0, {24, 25, 26})


async def test_holidays_count_for_who_learns_in_the_class_while_they_do(school: Faculty) -> None:
    await holidays_are(school, "2026-11-23 to 2026-11-26")
    await school.presses("learner", LeaveClass(school.class_id))
    learner, since = school.people["learner"].id, date(2026, 11, 1)
    assert await holidays.free_days(school.unit, learner, since) == frozenset()
    (free,) = [
        await holidays.free_days(school.unit, school.people[who].id, since) for who in ("pupil",)
    ]
    assert {date(2026, 11, 23), date(2026, 11, 26), date(2027, 1, 6)} <= free
    assert not await holidays.free_days(school.unit, school.people["owner"].id, since)

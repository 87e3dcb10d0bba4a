"""Who learns, where, and what they will do in the year: all but what the answers decide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from random import Random
from zoneinfo import ZoneInfo

FIRST = date(2026, 1, 1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
Outage = tuple[datetime, datetime]


class Habit(Enum):
    EVENINGS = "every evening"
    MORNINGS = "every morning"
    OWLS = "before four at night"
    LATE_OWLS = "around four, days from six"
    WEEKDAYS = "weekdays, two rest days"
    TRAVELLERS = "travellers, /tz on landing"
    LATE_TRAVELLERS = "travellers, /tz days later"
    HOLIDAYS = "pauses for holidays"
    CRAMMERS = "exam in spring"
    AROUND_FOUR = "around four, days from four"
    TWICE_A_WEEK = "twice a week"
    IRREGULARS = "one day in two"
    RETURNERS = "stop and come back"
    TAPPERS = "tap within a second"
    REOPENERS = "far zone after missed days"
    REOPENERS_TWIN = "the same without zones"
    HOPPERS = "two far zones every other day"
    HOPPERS_TWIN = "the same, staying put"


FAITHFUL = frozenset(
    {
        Habit.EVENINGS,
        Habit.MORNINGS,
        Habit.OWLS,
        Habit.LATE_OWLS,
        Habit.WEEKDAYS,
        Habit.TRAVELLERS,
        Habit.HOLIDAYS,
        Habit.CRAMMERS,
    }
)
"""Who study on each day that is not free, so that no run of theirs may ever end."""

CHEATS = {Habit.REOPENERS: Habit.REOPENERS_TWIN, Habit.HOPPERS: Habit.HOPPERS_TWIN}
"""Who set clocks to gain days, and who does the same without."""

STAY = frozenset(Habit) - {Habit.TRAVELLERS, Habit.LATE_TRAVELLERS, *CHEATS}
"""Who live by the clocks of one zone."""

_SHARES = {
    Habit.EVENINGS: 15,
    Habit.MORNINGS: 10,
    Habit.OWLS: 6,
    Habit.LATE_OWLS: 5,
    Habit.WEEKDAYS: 8,
    Habit.TRAVELLERS: 8,
    Habit.LATE_TRAVELLERS: 4,
    Habit.HOLIDAYS: 6,
    Habit.CRAMMERS: 6,
    Habit.AROUND_FOUR: 4,
    Habit.TWICE_A_WEEK: 5,
    Habit.IRREGULARS: 7,
    Habit.RETURNERS: 6,
    Habit.TAPPERS: 2,
    Habit.REOPENERS: 2,
    Habit.REOPENERS_TWIN: 2,
    Habit.HOPPERS: 2,
    Habit.HOPPERS_TWIN: 2,
}  # of a hundred

_ZONES = """
Pacific/Pago_Pago Pacific/Honolulu America/Adak America/Anchorage America/Los_Angeles
America/Denver America/Mexico_City America/Chicago America/New_York America/Havana
America/Asuncion America/Santiago America/St_Johns America/Sao_Paulo America/Nuuk
America/Noronha Atlantic/Azores Africa/Accra Africa/Casablanca Europe/London Europe/Berlin
Africa/Lagos Africa/Cairo Africa/Johannesburg Europe/Athens Europe/Kyiv Asia/Beirut
Asia/Jerusalem Europe/Istanbul Asia/Tehran Asia/Dubai Asia/Kabul Asia/Karachi Asia/Kolkata
Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Shanghai Asia/Tokyo Australia/Adelaide
Australia/Sydney Australia/Lord_Howe Pacific/Norfolk Pacific/Auckland Pacific/Chatham
Pacific/Tongatapu Pacific/Kiritimati Antarctica/Troll
"""
ZONES = tuple(_ZONES.split())


@dataclass(frozen=True, kw_only=True)
class Person:
    number: int  # 1 is the first
    habit: Habit
    home: str  # IANA name
    day_starts: int
    goal: int
    seed: int
    exponential: bool  # how they forget
    eager: bool  # begin three new questions each time, however much there is to review
    growth: float  # how much longer they remember what they recalled: 3 is little, 9 is much
    skips: bool  # leave out questions of a paper, and come back to them


@dataclass(frozen=True, kw_only=True)
class Sit:
    """Sit down to learn."""

    at: datetime
    answers: int  # at least
    patience: int  # answers, at most
    quick: bool = False


@dataclass(frozen=True, kw_only=True)
class SetZone:
    at: datetime
    timezone: str


@dataclass(frozen=True, kw_only=True)
class SetRest:
    at: datetime
    weekdays: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SetPause:
    at: datetime
    days: int


@dataclass(frozen=True, kw_only=True)
class SetExam:
    at: datetime
    day: date


Event = Sit | SetZone | SetRest | SetPause | SetExam


@dataclass(frozen=True, kw_only=True)
class Life:
    person: Person
    events: tuple[Event, ...]  # in order of time
    hindered: int  # days on which they would have studied, had the service not been down


def people(count: int, seed: int) -> tuple[Person, ...]:
    """So many people of all habits, spread over the zones of the world."""
    given = dict.fromkeys(_SHARES, 0)
    found: list[Person] = []
    for number in range(1, count + 1):
        # The habit that is furthest behind its share, so that a few people are of many habits.
        habit = max(_SHARES, key=lambda each: _SHARES[each] * number / 100 - given[each])
        found.append(_person(number, seed, habit, given[habit]))
        given[habit] += 1
    return tuple(found)


def _person(number: int, seed: int, habit: Habit, nth: int) -> Person:
    original = next((cheat for cheat, twin in CHEATS.items() if twin is habit), habit)
    dice = Random(f"{seed}/{original.value}/{nth}")
    return Person(
        number=number,
        habit=habit,
        home=ZONES[(nth * 17 + len(original.value)) % len(ZONES)],
        day_starts=6 if habit is Habit.LATE_OWLS else 4,
        goal=dice.choice((3, 5, 5, 10)),
        seed=dice.getrandbits(48),
        exponential=dice.random() < 0.5,
        skips=dice.random() < 0.2,
        growth=dice.uniform(3, 9),
        eager=dice.random() < 0.2,
    )


def outages(days: int) -> tuple[Outage, ...]:
    """When the service is down: from minutes to more than a day."""
    planned = (
        (20, 18, 3),
        (47, 2, 5),
        (75, 9, 26),
        (102, 13, 0.75),
        (140, 22, 2),
        (168, 4, 7),
        (200, 16, 9),
        (236, 11, 1.5),
        (261, 0, 4),
        (290, 20, 14),
        (333, 7, 2),
        (351, 15, 6),
    )
    return tuple(
        (_utc(day) + hour * 60 * MINUTE, _utc(day) + (hour + hours) * 60 * MINUTE)
        for day, hour, hours in planned
        if day + 3 < days
    )


def life(person: Person, days: int) -> Life:
    """What a person does, with what they cannot do while the service is down put off."""
    dice = Random(f"life {person.seed}")
    planned = sorted(_PLANS[person.habit](person, dice, days), key=lambda event: event.at)
    end = _utc(days)
    events: list[Event] = []
    hindered = 0
    for event in planned:
        found = _put_off(event, person, outages(days))
        hindered += found is None or _day(found.at, person) != _day(event.at, person)
        if found is not None and found.at < end:
            events.append(found)
    return Life(
        person=person,
        events=tuple(sorted(events, key=lambda event: event.at)),
        hindered=hindered,
    )


def instant(day: date, clock: time, zone: str) -> datetime:
    """When the clocks of a zone show that; an hour that they skip is moved forward."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


_PATIENCE = 4 * 60 * MINUTE  # how long somebody waits for the service to come back


def _put_off(event: Event, person: Person, down: Sequence[Outage]) -> Event | None:
    for began, ended in down:
        if began <= event.at < ended:
            late = ended + 7 * MINUTE
            over = late - event.at > _PATIENCE or _day(late, person) != _day(event.at, person)
            return None if over and isinstance(event, Sit) else replace(event, at=late)
    return event


def _day(at: datetime, person: Person) -> date:
    shown = at.astimezone(ZoneInfo(person.home)).replace(tzinfo=None)
    return (shown - timedelta(hours=person.day_starts)).date()


Plan = Callable[[Person, Random, int], Iterator[Event]]


def _sit(
    person: Person, dice: Random, day: date, between: tuple[float, float], zone: str | None = None
) -> Sit:
    """A sitting on a day, at an hour between two (those from 24 on are after midnight)."""
    minutes = int(dice.uniform(*between) * 60)
    day += (minutes // 1440) * DAY
    clock = time(minutes % 1440 // 60, minutes % 60)
    return Sit(
        at=instant(day, clock, zone or person.home) + dice.randrange(60) * timedelta(seconds=1),
        answers=max(3, dice.choice((person.goal, person.goal, 3))),
        patience=dice.choice((8, 15, 30, 30)),
    )


def _days(dice: Random, days: int) -> Iterator[date]:
    """Not all begin on one day; the last sitting is over before the year is."""
    for number in range(dice.randrange(7), days - 2):
        yield FIRST + number * DAY


def _at_hours(*between: float) -> Plan:
    low, high = between

    def plan(person: Person, dice: Random, days: int) -> Iterator[Event]:
        # Each has an hour of their own, and keeps to it more or less.
        span = min(2.0, high - low)
        begins = dice.uniform(low, high - span)
        for day in _days(dice, days):
            yield _sit(person, dice, day, (begins, begins + span))

    return plan


def _weekdays(person: Person, dice: Random, days: int) -> Iterator[Event]:
    rest = dice.choice(((5, 6), (4, 5), (3, 6), (6,)))
    holds: date | None = None
    for day in _days(dice, days):
        if holds is None:
            yield SetRest(at=instant(day, time(12), person.home), weekdays=rest)
            holds = day + (7 - day.weekday()) * DAY
        if day < holds or day.weekday() not in rest:
            yield _sit(person, dice, day, (16, 22))


_ON_A_TRIP = """
America/Los_Angeles America/New_York Europe/London Europe/Berlin Asia/Kolkata Asia/Tokyo
Australia/Sydney Pacific/Auckland Pacific/Kiritimati America/Sao_Paulo Asia/Kathmandu
Pacific/Honolulu Africa/Cairo
"""
_CITIES = tuple(_ON_A_TRIP.split())


def _travellers(person: Person, dice: Random, days: int) -> Iterator[Event]:
    """Every few weeks a flight; the clocks are set on landing, or a few days later."""
    here = person.home
    leaves = FIRST + dice.randrange(15, 30) * DAY
    away = False
    landed: datetime | None = None
    for day in _days(dice, days):
        if day >= leaves:
            there = person.home if away else dice.choice([z for z in _CITIES if z != here])
            # The flight goes off late after the last evening, and takes 3 to 14 hours.
            takes = timedelta(hours=dice.uniform(3, 14))
            landed = instant(day - DAY, time(23, 30), here) + takes
            here, away = there, not away
            late = (
                60 * MINUTE * (dice.uniform(15, 70) if person.habit is Habit.LATE_TRAVELLERS else 0)
            )
            yield SetZone(at=landed + late, timezone=here)
            leaves = day + dice.randrange(3, 12 if away else 35) * DAY
        sit = _sit(person, dice, day, (18, 21.5), here)
        if landed is None or sit.at > landed:
            yield sit
        # Else there was no evening on that date: they were in the air.


def _holidays(person: Person, dice: Random, days: int) -> Iterator[Event]:
    starts = sorted(dice.sample(range(20, 340, 40), 3))
    lengths = dice.choice(((14, 30, 14), (7, 14, 30), (3, 7, 14)))
    pauses = {FIRST + start * DAY: length for start, length in zip(starts, lengths, strict=True)}
    away = FIRST
    for day in _days(dice, days):
        if day <= away:
            continue
        yield _sit(person, dice, day, (17, 21))
        if day in pauses:
            away = day + pauses[day] * DAY
            yield SetPause(at=instant(day, time(22), person.home), days=pauses[day])


def _crammers(person: Person, dice: Random, days: int) -> Iterator[Event]:
    exam = FIRST + dice.randrange(60, 120) * DAY
    told = False
    for day in _days(dice, days):
        if not told:
            yield SetExam(at=instant(day, time(12), person.home), day=exam)
            told = True
        sit = _sit(person, dice, day, (16, 21))
        near = exam - 14 * DAY <= day < exam
        answers = 25 if near else sit.answers
        yield Sit(at=sit.at, answers=answers, patience=40 if near else sit.patience)


def _some_days(chance: Callable[[date, Random], bool]) -> Plan:
    def plan(person: Person, dice: Random, days: int) -> Iterator[Event]:
        for day in _days(dice, days):
            if chance(day, dice):
                yield _sit(person, dice, day, (9, 22))

    return plan


def _returners(person: Person, dice: Random, days: int) -> Iterator[Event]:
    """Weeks of learning, weeks of none; some come back at once, and make up for the miss."""
    studies, left = True, dice.randrange(20, 60)
    for day in _days(dice, days):
        if left == 0:
            studies = not studies
            left = dice.randrange(20, 60) if studies else dice.choice((2, 3, 4, 10, 30, 60))
            if studies:
                sit = _sit(person, dice, day, (8, 20))
                much = 2 * person.goal if dice.random() < 0.6 else sit.answers
                yield Sit(at=sit.at, answers=max(3, much), patience=40)
                left -= 1
                continue
        left -= 1
        if studies:
            yield _sit(person, dice, day, (8, 20))


def _tappers(person: Person, dice: Random, days: int) -> Iterator[Event]:
    for day in _days(dice, days):
        sit = _sit(person, dice, day, (12, 20))
        yield Sit(at=sit.at, answers=12, patience=30, quick=True)


_WEST, _EAST = "Pacific/Pago_Pago", "Pacific/Kiritimati"


def _reopeners(person: Person, dice: Random, days: int) -> Iterator[Event]:
    """Skip days, and the morning after set clocks by which the day is not over yet."""
    missed = False
    for day in _days(dice, days):
        if not missed and dice.random() < 0.25:
            missed = True
            continue
        if missed:
            early = _sit(person, dice, day, (5, 6))
            if person.habit is Habit.REOPENERS:
                yield SetZone(at=early.at - MINUTE, timezone=_WEST)
            yield early
            if person.habit is Habit.REOPENERS:
                yield SetZone(at=early.at + 90 * MINUTE, timezone=person.home)
        yield _sit(person, dice, day, (18, 21))
        missed = False


def _hoppers(person: Person, dice: Random, days: int) -> Iterator[Event]:
    """Every other day, once by the latest clocks of the world and once by the earliest."""
    for number, day in enumerate(_days(dice, days)):
        if number % 2:
            continue
        first = _sit(person, dice, day, (14, 18))
        later = first.at + 90 * MINUTE
        if person.habit is Habit.HOPPERS:
            yield SetZone(at=first.at - MINUTE, timezone=_WEST)
            yield SetZone(at=later - MINUTE, timezone=_EAST)
        yield first
        yield Sit(at=later, answers=first.answers, patience=first.patience)


_PLANS: dict[Habit, Plan] = {
    Habit.EVENINGS: _at_hours(17, 23),
    Habit.MORNINGS: _at_hours(5, 10),
    Habit.OWLS: _at_hours(24, 27.9),
    Habit.LATE_OWLS: _at_hours(26.5, 29.9),
    Habit.AROUND_FOUR: _at_hours(27.2, 28.8),
    Habit.WEEKDAYS: _weekdays,
    Habit.TRAVELLERS: _travellers,
    Habit.LATE_TRAVELLERS: _travellers,
    Habit.HOLIDAYS: _holidays,
    Habit.CRAMMERS: _crammers,
    Habit.TWICE_A_WEEK: _some_days(lambda day, _: day.weekday() in {1, 5}),
    Habit.IRREGULARS: _some_days(lambda _, dice: dice.random() < 0.55),
    Habit.RETURNERS: _returners,
    Habit.TAPPERS: _tappers,
    Habit.REOPENERS: _reopeners,
    Habit.REOPENERS_TWIN: _reopeners,
    Habit.HOPPERS: _hoppers,
    Habit.HOPPERS_TWIN: _hoppers,
}


def _utc(day: int) -> datetime:
    return datetime.combine(FIRST, time(), UTC) + day * DAY

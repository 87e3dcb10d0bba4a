"""What many simulated years come to: tables for people, and what was promised."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median, quantiles

from benchmarks.simulation.diary import Day, Diary, Recall, month
from benchmarks.simulation.reminding import Reminded
from benchmarks.simulation.scenario import CHEATS, FAITHFUL, STAY, Habit
from tutorbot.core.streaks import Cause, Outcome

STEADY_FROM = 3
"""The month from which on reviews are to be level; 0 is the first."""

_LEVEL = 1.25  # how many times the reviews of the first steady months those of the last may be
_LAST = 3  # months


@dataclass(frozen=True, kw_only=True)
class Promise:
    words: str
    kept: bool
    found: str


def promises(diaries: Sequence[Diary]) -> list[Promise]:
    faithful = [each for each in diaries if each.person.habit in FAITHFUL]
    lost = sum(len(each.missed) for each in faithful)
    staying = [each for each in diaries if each.person.habit in STAY]
    differing = sum(len(each.differs) for each in staying)
    tapped = max((_best(each) for each in diaries if each.person.habit is Habit.TAPPERS), default=0)
    found = [
        Promise(
            words="nobody loses a run who studies on each day that is not free",
            kept=lost == 0,
            found=f"{lost} runs lost by {len(faithful)} people",
        ),
        Promise(
            words="runs are what living day by day makes them",
            kept=differing == 0,
            found=f"{differing} differences on {sum(len(each.stands) for each in staying):,} days",
        ),
        Promise(
            words="taps within a second make no run",
            kept=tapped == 0,
            found=f"the longest is {tapped}",
        ),
    ]
    reminded = _reminded(diaries)
    found.append(
        Promise(
            words="nobody is reminded at night, a third time, when done, or on a free day",
            kept=reminded.wrongly == 0,
            found=f"{reminded.wrongly} of {reminded.said:,} reminders",
        )
    )
    return [*found, *_level(faithful)]


def _level(diaries: Sequence[Diary]) -> Iterator[Promise]:
    """Of those who review first; who begins new questions whatever is due has that to review."""
    months = by_month([each for each in _no_crammers(diaries) if not each.person.eager])
    if len(months) < STEADY_FROM + 2:
        return
    steady = [mean(day.reviews for day in months[each]) for each in months if each >= STEADY_FROM]
    first, last = mean(steady[:_LAST]), mean(steady[-_LAST:])
    yield Promise(
        words="reviews a day stay level after three months, for who reviews first",
        kept=last <= first * _LEVEL,
        found=f"{first:.1f}, in the end {last:.1f}",
    )
    waiting = [_high(day.waiting for day in months[each]) for each in months]
    early = max(waiting[: STEADY_FROM + 1])
    yield Promise(
        words="no debt of reviews grows",
        kept=waiting[-1] <= max(early, 1) * _LEVEL,
        found=f"p95 of those waiting: {early:.0f} at first, in the end {waiting[-1]:.0f}",
    )


def streaks(diaries: Sequence[Diary]) -> Iterator[str]:
    yield (
        f"{'habit':31} {'people':>6} {'days':>5} {'run':>5} {'longest':>7} {'frozen':>6}"
        f" {'free':>5} {'outage':>6} {'lost':>5}"
    )
    yield f"{'':31} {'':>6} {'median, median, median':>19} {'':>4}  mean per person    in all"
    for habit, those in _by_habit(diaries):
        told = sum((each.told for each in those), Counter[tuple[Outcome, Cause]]())
        frozen = sum(n for (outcome, _), n in told.items() if outcome is Outcome.FROZEN)
        free = sum(n for (outcome, _), n in told.items() if outcome is Outcome.FREE)
        outage = told[Outcome.FREE, Cause.OUTAGE]
        lost = sum(len(each.missed) for each in those)
        yield (
            f"{habit.value:31} {len(those):6} {median(len(each.stands) for each in those):5.0f}"
            f" {median(_run(each) for each in those):5.0f}"
            f" {median(_best(each) for each in those):7.0f} {frozen / len(those):6.1f}"
            f" {(free - outage) / len(those):5.1f} {outage / len(those):6.1f} {lost:5}"
        )


def cheats(diaries: Sequence[Diary]) -> Iterator[str]:
    by_habit = dict(_by_habit(diaries))
    for cheat, honest in CHEATS.items():
        for habit in (cheat, honest):
            those = by_habit.get(habit)
            if those:
                yield (
                    f"{habit.value:31} longest run: median"
                    f" {median(_best(each) for each in those):.0f},"
                    f" at most {max(_best(each) for each in those)};"
                    f" study days: {median(len(each.stands) for each in those):.0f}"
                )


def reviews(diaries: Sequence[Diary]) -> Iterator[str]:
    """Of those who study on each day that is not free, crammers apart."""
    chosen = _no_crammers([each for each in diaries if each.person.habit in FAITHFUL])
    for eager, name in ((False, "reviews first, then new ones"), (True, "three new a day, always")):
        those = [each for each in chosen if each.person.eager is eager]
        yield f"{name}: {len(those)} people"
        yield (
            f"{'month':>5} {'median':>6} {'p95':>4} {'max':>4} {'mean':>5}  {'new a day':>9}"
            f"  {'waiting: mean':>13} {'p95':>4}"
        )
        for number, days in by_month(those).items():
            counts, waiting = [day.reviews for day in days], [day.waiting for day in days]
            yield (
                f"{number + 1:5} {median(counts):6.0f} {_high(counts):4.0f} {max(counts):4}"
                f" {mean(counts):5.1f}  {mean(day.new for day in days):9.2f}"
                f"  {mean(waiting):13.2f} {_high(waiting):4.0f}"
            )


def reminders(diaries: Sequence[Diary]) -> Iterator[str]:
    yield (
        f"{'habit':31} {'a year':>6} {'at night':>8} {'third':>5} {'when done':>9}"
        f" {'free day':>8} {'switched off':>12}"
    )
    for habit, those in _by_habit(diaries):
        seen, people = _reminded(those), len(those)
        yield (
            f"{habit.value:31} {seen.said / people:6.1f} {seen.at_night:8}"
            f" {seen.third_of_a_day:5} {seen.when_done:9} {seen.on_free_days:8}"
            f" {seen.switched_off / people:12.1f}"
        )


def recall(diaries: Sequence[Diary]) -> Iterator[str]:
    """How much was still known when it was asked again."""
    yield f"{'asked again':48} {'count':>9} {'known':>6} {'right':>6}"
    honest = [each for each in diaries if each.person.habit is not Habit.TAPPERS]

    def line(name: str, those: Iterable[Recall]) -> str:
        whole = Recall()
        for each in those:
            whole.add(each)
        if not whole.count:
            return f"{name:48} {0:9}"
        known, right = whole.recalled / whole.count, whole.right / whole.count
        return f"{name:48} {whole.count:9,} {known:6.1%} {right:6.1%}"

    months = sorted({number for each in honest for number in each.on_time})
    for first in range(0, len(months), 3):
        these = months[first : first + 3]
        yield line(
            f"on the day, months {these[0] + 1} to {these[-1] + 1}",
            (each.on_time[n] for each in honest for n in these if n in each.on_time),
        )
    for exponential, name in ((True, "an exponential"), (False, "a power")):
        yield line(
            f"on the day, by those who forget by {name}",
            (
                found
                for each in honest
                if each.person.exponential is exponential
                for found in each.on_time.values()
            ),
        )
    for low, high, name in ((0, 5, "little"), (5, 7, "more"), (7, 10, "much")):
        yield line(
            f"on the day, by those whom recalling helps {name}",
            (
                found
                for each in honest
                if low <= each.person.growth < high
                for found in each.on_time.values()
            ),
        )
    yield line("on the day, typed answers only", (each.typed for each in honest))
    yield line("late", (each.late for each in honest))
    yield line("early, in a paper gone through again", (each.early for each in honest))


def mastery(diaries: Sequence[Diary]) -> Iterator[str]:
    faithful = [each for each in diaries if each.person.habit in FAITHFUL]
    yield "skills mastered / met, median, after so many months:"
    for number in (0, 1, 2, 5, 8, 11):
        those = [each for each in faithful if number in each.mastered]
        if those:
            known = median(each.mastered[number] for each in those)
            met = median(each.skills[number] for each in those)
            yield f"{number + 1:5} {known:6.0f} / {met:.0f}"


def _reminded(diaries: Sequence[Diary]) -> Reminded:
    whole = Reminded()
    for each in diaries:
        whole.add(each.reminded)
    return whole


def _by_habit(diaries: Sequence[Diary]) -> Iterator[tuple[Habit, list[Diary]]]:
    for habit in Habit:
        those = [each for each in diaries if each.person.habit is habit]
        if those:
            yield habit, those


def by_month(diaries: Sequence[Diary]) -> dict[int, list[Day]]:
    """Whole months only."""
    found: dict[int, list[Day]] = {}
    for each in diaries:
        for day, what in each.days.items():
            found.setdefault(month(day), []).append(what)
    most = max(map(len, found.values()), default=0)
    return {number: found[number] for number in sorted(found) if len(found[number]) > most / 2}


def _no_crammers(diaries: Sequence[Diary]) -> list[Diary]:
    return [each for each in diaries if each.person.habit is not Habit.CRAMMERS]


def _run(diary: Diary) -> int:
    return diary.stands[max(diary.stands)].length


def _best(diary: Diary) -> int:
    return diary.stands[max(diary.stands)].longest


def _high(counts: Iterable[int]) -> float:
    found = [*counts]
    return quantiles(found, n=20)[-1] if len(found) > 1 else sum(found)


Table = Callable[[Sequence[Diary]], Iterator[str]]
TABLES: dict[str, Table] = {
    "Streaks": streaks,
    "Setting clocks to gain days": cheats,
    "Reviews on a day of study, of those who study every day": reviews,
    "Reminders, a person": reminders,
    "Recall; 90 % is what the scheduler aims at": recall,
    "Mastery, of those who study every day": mastery,
}

"""A year of a thousand learners of mixed habits, all over the world: streaks, reviews, reminders.

Everybody's year is decided by the rules alone (`tutorbot.core`); some also live it through the
flows of the bot on a real database, which must come to the same, day by day and card by card.

    python benchmarks/year.py                   1,000 people; one of each habit for 90 days on the
                                                database
    python benchmarks/year.py --quick           fewer people, fewer days, less than a minute
    python benchmarks/year.py --core-only       without the database
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.simulation.both import Compared, compare
from benchmarks.simulation.diary import Diary
from benchmarks.simulation.figures import TABLES, Promise, promises
from benchmarks.simulation.scenario import Person, people
from benchmarks.simulation.school import School, build
from benchmarks.simulation.year import years
from tutorbot import wiring
from tutorbot.settings import Settings

QUICK_DAYS = 60


def main() -> None:
    wanted = _wanted()
    learners = 60 if wanted.quick else wanted.learners
    days = QUICK_DAYS if wanted.quick else wanted.days
    everybody = people(learners, wanted.seed)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as root, the database server is somebody else
        courses = Path(folder, "courses")
        courses.mkdir()
        school = build(courses, 3 if wanted.quick else 12)
        print(
            f"{learners:,} people, {days} days, {len(school.questions)} questions,"
            f" load {os.getloadavg()[0]:.1f}"
        )
        kept = _by_the_rules(everybody, school, days, wanted.processes)
        if not wanted.core_only:
            some = _one_of_each(everybody)[: 4 if wanted.quick else wanted.on_database]
            short = min(days, 20 if wanted.quick else wanted.database_days)
            kept.append(_on_the_database(some, school, short, Path(folder, "data")))
    print("\nPromises")
    for each in kept:
        print(f"  {'kept  ' if each.kept else 'BROKEN'}  {each.words}: {each.found}")
    sys.exit(not all(each.kept for each in kept))


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Simulate a year of many learners.")
    parser.add_argument("--learners", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--on-database", type=int, default=18, help="how many live on the database too"
    )
    parser.add_argument("--database-days", type=int, default=90, help="and for how long")
    parser.add_argument("--core-only", action="store_true", help="nobody does")
    parser.add_argument("--quick", action="store_true", help=f"60 people, {QUICK_DAYS} days")
    return parser.parse_args()


def _by_the_rules(
    everybody: Sequence[Person], school: School, days: int, processes: int
) -> list[Promise]:
    began = time.perf_counter()
    diaries = list[Diary]()
    try:
        for diary in years(everybody, school, days, processes):
            diaries.append(diary)
            if sys.stderr.isatty():
                print(f"\r{len(diaries)} of {len(everybody)}", end="", file=sys.stderr)
    except KeyboardInterrupt:  # habits are mixed, so those who are through tell nearly as much
        print(f"stopped after {len(diaries)} people")
    answers = sum(day.answers for each in diaries for day in each.days.values())
    sittings = sum(len(each.stands) for each in diaries)
    hindered = sum(each.hindered for each in diaries)
    print(
        f"by the rules: {sittings:,} days of study, {answers:,} answers,"
        f" {hindered} days on which the service was down when somebody wanted to study;"
        f" {time.perf_counter() - began:.0f} s"
    )
    for title, table in TABLES.items():
        print(f"\n{title}")
        for line in table(diaries):
            print(f"  {line}")
    for each in diaries:
        for difference in each.differs[:1]:
            print(f"  differs: {each.person.habit.value}, {each.person.home}: {difference}")
    return promises(diaries)


def _one_of_each(everybody: Sequence[Person]) -> list[Person]:
    """The first of each habit, then the others."""
    met = set[str]()
    first = [each for each in everybody if not (each.habit in met or met.add(each.habit.value))]
    return [*first, *(each for each in everybody if each not in first)]


def _on_the_database(some: Sequence[Person], school: School, days: int, data: Path) -> Promise:
    began, own = time.perf_counter(), time.process_time()
    found = asyncio.run(_compared(some, school, days, data))
    seconds, own = time.perf_counter() - began, time.process_time() - own
    print(
        f"\non the database: {len(some)} people, {days} days, {found.sittings:,} sittings,"
        f" {found.answers:,} answers, {found.cards:,} cards, {found.settled:,} days settled;"
        f" {seconds:.0f} s, {seconds / max(1, found.answers) * 1000:.1f} ms an answer,"
        f" {own / max(1, found.answers) * 1000:.1f} ms of this process"
    )
    for difference in found.differences[:5]:
        print(f"  differs: {difference}")
    return Promise(
        words="the bot on its database does what the rules say",
        kept=not found.differences,
        found=f"{len(found.differences)} differences",
    )


async def _compared(some: Sequence[Person], school: School, days: int, data: Path) -> Compared:
    async with wiring.database(Settings(data=data)) as store:
        return await compare(store, some, school, days)


if __name__ == "__main__":
    main()

"""How long the pages of results take for a large class.

    .venv/bin/python -m benchmarks.results [LEARNERS]

An embedded Postgres of its own gets a class of 1,000, all of whom answered a quiz of 20 questions.
The CPU is that of the bot; the time includes Postgres.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import text

from tests.store.taught import a_class, a_quiz, crowd, met
from tutorbot.core.ids import CourseId
from tutorbot.core.results import (
    LearnerList,
    ListLearnerResults,
    ShowLearnerResults,
    ShowQuestionResults,
    ShowQuizResults,
    ShowResults,
)
from tutorbot.courses.load import load
from tutorbot.flows import documents, results
from tutorbot.flows.published import Library, publish
from tutorbot.store import courses, migrate
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store, Unit

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MIGRATIONS = Path(__file__).parent.parent / "migrations"
COURSE = CourseId("large")
QUESTIONS = 20


def main(learners: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tutorbot-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as server:
            asyncio.run(run(server.url, learners, Path(folder)))


async def run(url: str, learners: int, folder: Path) -> None:
    await migrate.upgrade(url, MIGRATIONS)
    store = Store.open(url)
    try:
        async with store.unit() as unit:
            await measure(unit, learners, folder)
    finally:
        await store.close()


async def measure(unit: Unit, learners: int, folder: Path) -> None:
    asked = [f"q{number}" for number in range(QUESTIONS)]
    paper = "---\nid: large\ntitle: Large\n---\n" + "".join(
        f"\n## Question {{#{each}}}\n\nWhich?\n\n- (x) A\n- ( ) B\n- ( ) C\n- ( ) D\n"
        for each in asked
    )
    shelf = folder / "shelf"
    shelf.mkdir()
    (shelf / "1.quiz.md").write_text(paper, "utf-8")
    loaded = load(shelf)
    assert isinstance(loaded, tuple), str(loaded)
    await publish(unit, loaded, NOW)
    published = await courses.newest_of(unit, COURSE)
    assert published
    teacher = await met(unit, 1, "Emmy", NOW)
    made = await a_class(unit, teacher.id, COURSE, NOW)
    quiz = await a_quiz(unit, made, published.version, COURSE, asked, NOW)
    await crowd(unit, made, quiz, learners, NOW)
    await unit.execute(text("ANALYZE"))
    library = Library()
    first = await results.list_learners(unit, teacher, ListLearnerResults(made, 0), NOW)
    assert isinstance(first, LearnerList)
    code = first.learners[0].code
    pages = {
        "class": lambda: results.of_class(unit, library, teacher, ShowResults(made), NOW),
        "quiz": lambda: results.of_quiz(unit, library, teacher, ShowQuizResults(quiz)),
        "question": lambda: results.of_question(
            unit, library, teacher, ShowQuestionResults(quiz, 3)
        ),
        "learners": lambda: results.list_learners(unit, teacher, ListLearnerResults(made, 0), NOW),
        "learner": lambda: results.of_learner(
            unit, library, teacher, ShowLearnerResults(made, code), NOW
        ),
        "CSV": lambda: documents.made(unit, library, teacher.id, "marks", quiz, "https://t.me/b"),
        "xAPI": lambda: documents.made(
            unit, library, teacher.id, "statements", quiz, "https://t.me/b"
        ),
    }
    print(f"{learners:,} learners × {QUESTIONS} questions")
    for name, page in pages.items():
        await page()  # plans and courses are made once
        began, cpu = perf_counter(), process_time()
        await page()
        print(f"{name:9} {perf_counter() - began:6.2f} s, CPU {process_time() - cpu:5.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

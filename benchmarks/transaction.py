"""What an answer costs: its whole transaction, many at once, on the embedded Postgres with fsync.

Everybody takes the bot's own way, from the claim of the update to the reply in the outbox: meet the
learner, find the attempt, keep the fact with its score, the study day and the memory, close the
question, put the verdict in line. And, as *store only*, its narrowest part: three statements which
keep facts that are made beforehand, with score, study day and reply.

    python benchmarks/transaction.py            16 at once
    python benchmarks/transaction.py 16 20000   so many at once, so many answers
"""

import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from pathlib import Path

import uvloop

from tutorbot import wiring
from tutorbot.core.actions import Choose
from tutorbot.core.answers.verdicts import Asked, Verdict
from tutorbot.core.course import Choice
from tutorbot.core.ids import AttemptId, ChatId, CourseId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.flows.practice import Practice
from tutorbot.flows.published import Library, publish
from tutorbot.settings import Settings
from tutorbot.store import courses, in_hand, learners, practice, streaks
from tutorbot.store.practice import Fact, Scored
from tutorbot.store.streaks import StudyDay
from tutorbot.store.unit import Store, Unit
from tutorbot.views.reply import Reply, Say


async def main(at_once: int, answers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # As root, the database server is somebody else.
        Path(folder).chmod(0o755)  # noqa: ASYNC240 - nothing runs yet
        settings = Settings(data=Path(folder, "data"))
        async with wiring.database(settings) as embedded:
            store = Store.open(
                embedded.url.render_as_string(hide_password=False), pool_size=at_once
            )
            await measure(store, settings, at_once, answers)
            await store.close()


async def measure(store: Store, settings: Settings, at_once: int, answers: int) -> None:
    library = Library()
    flow = Practice(library, _judge, random.Random(1))
    async with store.unit() as unit:
        await publish(unit, wiring.courses(settings), datetime.now(UTC))
    each = answers // at_once
    opened = [(number, await prepare(store, library, number, each)) for number in range(at_once)]
    numbers = itertools.count(1)

    async def whole(number: int, attempt: AttemptId) -> None:
        async with store.unit() as unit:
            now = datetime.now(UTC)
            found = await meet(unit, next(numbers), number, now)
            assert found
            outcome = await flow.choose(unit, found, Choose(attempt, 0), now)
            await say(unit, found.chat, found.id, type(outcome).__name__, now)

    await time_all(
        "whole", [[partial(whole, number, one) for one in each] for number, each in opened]
    )
    facts = [(number, await posed(store, library, number, each)) for number in range(at_once)]

    async def narrow(number: int, fact: Fact) -> None:
        async with store.unit() as unit:
            await streaks.put(unit, fact.learner, day_of(fact))
            await practice.record(unit, fact, SCORED, closes=True, settled_at=fact.answered_at)
            await say(unit, ChatId(1_000 + number), fact.learner, "right", fact.answered_at)

    await time_all("store only", [[partial(narrow, n, one) for one in each] for n, each in facts])


async def time_all(what: str, works: Sequence[Sequence[Callable[[], Awaitable[None]]]]) -> None:
    seconds: list[float] = []

    async def one_by_one(each: Sequence[Callable[[], Awaitable[None]]]) -> None:
        for work in each:
            began = time.perf_counter()
            await work()
            seconds.append(time.perf_counter() - began)

    for each in works:  # compile and plan
        await one_by_one(each[:3])
    seconds.clear()
    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one_by_one(each[3:]) for each in works))
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    done = sorted(seconds)
    print(
        f"{what}, {len(works)} at once: {len(done) / wall:.0f} answers/s"
        f" | {used / len(done) * 1000:.2f} ms of the bot's CPU each: {len(done) / used:.0f}/s"
        f" | p50 {done[len(done) // 2] * 1000:.1f}, p99 {done[len(done) * 99 // 100] * 1000:.1f} ms"
        f" | load {os.getloadavg()[0]:.1f}"
    )


async def prepare(
    store: Store, library: Library, number: int, answers: int, begun: str = ""
) -> list[AttemptId]:
    """Pose a question with options to a learner so often, each time in a sitting of its own."""
    now = datetime.now(UTC)
    attempts: list[AttemptId] = []
    async with store.unit() as unit:
        learner = await meet(unit, -1 - number - 1_000 * len(begun), number, now)
        assert learner
        version = (await courses.newest(unit))[0]
        course = await library.course(unit, version.version)
        place, question, shown = next(
            (place, question, tuple(option.id for option in question.body.options))
            for place, question in enumerate(course.questions)
            if isinstance(question.body, Choice)
        )
        for turn in range(answers):
            name = CourseId(
                f"{version.course} {begun}{turn}"
            )  # of each course, one paper is under way
            sitting = await practice.begin(unit, learner.id, version.version, name, 1, now)
            attempt = await practice.open_attempt(
                unit,
                sitting,
                question=question.id,
                place=place,
                variant=0,
                shown=shown,
                at=now,
                aside=True,
            )
            attempts.append(attempt.id)
    return attempts


async def posed(store: Store, library: Library, number: int, answers: int) -> list[Fact]:
    """Answers that are ready to be kept."""
    made: list[Fact] = []
    attempts = await prepare(store, library, number, answers, begun="again")
    now = datetime.now(UTC)
    async with store.unit() as unit:
        learner = await learners.find(unit, 1_000 + number)
        assert learner
        for each in attempts:
            found = await practice.attempt(unit, each, learner.id)
            assert found
            made.append(
                Fact(
                    attempt=each,
                    learner=learner.id,
                    version=found[1].version,
                    question=found[0].question,
                    values=(),
                    shown=found[0].shown,
                    chosen=found[0].shown[:1],
                    verdict={"code": "right", "tags": []},
                    hints=0,
                    try_number=1,
                    answered_at=now,
                    timezone="UTC",
                    study_day=now.date(),
                )
            )
    return made


def day_of(fact: Fact) -> StudyDay:
    at = fact.answered_at
    return StudyDay(
        day=fact.study_day,
        first_timezone="UTC",
        timezone="UTC",
        first_at=at,
        last_at=at,
        answers=1,
        counted=1,
        quick=0,
        goal=3,
        qualified_at=at,
        doubled_at=None,
    )


SCORED = Scored(points=Fraction(1), out_of=Fraction(1), policy="all")


async def say(unit: Unit, chat: ChatId, learner: LearnerId, what: str, at: datetime) -> None:
    await in_hand.add(
        unit,
        chat=chat,
        learner=learner,
        update_id=None,
        utterances=(Say(reply=Reply(prose=(words(what),))),),
        at=at,
        now=at,
        owner=None,
    )


async def meet(unit: Unit, update_id: int, number: int, at: datetime) -> Learner | None:
    return await learners.meet_for_update(
        unit,
        update_id=update_id,
        received_at=at,
        telegram_id=1_000 + number,
        chat=ChatId(1_000 + number),
        name=f"P{number}",
        language="en",
        timezone="UTC",
        day_starts=4,
        at=at,
    )


async def _judge(_asked: Asked, _text: str) -> Verdict:
    raise AssertionError("only options are tapped here")


if __name__ == "__main__":
    uvloop.run(main(*([int(each) for each in sys.argv[1:]] or (16, 8_000))))

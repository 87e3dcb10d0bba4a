"""What is too much for a tap is answered at once, and done in the background, once."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from gettext import NullTranslations
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.flows.faculty import check_here, judge_here
from tests.store.many import NOON, ONE, SUMS, answered, digests
from tutorbot.core.ids import ChatId
from tutorbot.core.keys import (
    JOB,
    ApplyRegrade,
    InWork,
    OpenDoubt,
    TryRegrade,
    TurnOption,
    UndoRegrade,
)
from tutorbot.flows.doubts import Outcome
from tutorbot.flows.keys import Keys
from tutorbot.flows.published import Library
from tutorbot.flows.publishing import Author
from tutorbot.flows.regrading import MOST_AT_ONCE, Regrading
from tutorbot.jobs.regrading import UNDER_WAY, regrade_waiting
from tutorbot.store import courses, learners, regrading
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Store
from tutorbot.telegram.keys import show
from tutorbot.views.reply import Say

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

EMMY = 10**9
"""An author."""


class Office:
    """An author's taps on the key of a question with more answers than a tap may take."""

    def __init__(self, store: Store, draft: Regrade, author: Author) -> None:
        self.store, self.draft, self.author = store, draft, author
        self.now = NOON + timedelta(days=30)
        library = Library()
        mending = Regrading(library, judge_here, english)
        self.keys = Keys(library, mending, EMMY.__eq__, check_here)

    async def tries(self) -> Outcome:
        async with self.store.unit() as unit:
            return await self.keys.try_out(unit, self.author, TryRegrade(self.draft.id))

    async def applies(self) -> Outcome:
        async with self.store.unit() as unit:
            action = ApplyRegrade(self.draft.id)
            return await self.keys.apply(unit, self.author, action, self.now)

    async def undoes(self) -> Outcome:
        async with self.store.unit() as unit:
            action = UndoRegrade(self.draft.id)
            return await self.keys.undo(unit, self.author, action, self.now)

    async def work(self) -> int:
        return await regrade_waiting(self.store, self.keys, english, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def heard(self, chat: int = EMMY) -> list[str]:
        rows = await self.sql(f"SELECT body FROM outbox WHERE chat_id = {chat} ORDER BY id")  # noqa: S608 - a number
        return [str(body) for (body,) in rows]

    async def told(self) -> Counter[object]:
        """How often which learner was told of another score."""
        rows = await self.sql(f"SELECT learner_id FROM outbox WHERE chat_id <> {EMMY}")  # noqa: S608 - a number
        return Counter(learner for (learner,) in rows)

    async def state(self) -> str:
        async with self.store.unit() as unit:
            found = await regrading.look(unit, self.draft.id)
        assert found
        return found.state

    async def sql(self, statement: str) -> Sequence[tuple[object, ...]]:
        async with self.store.unit() as unit:
            return [tuple(row) for row in await unit.execute(text(statement))]


def english(_language: str) -> NullTranslations:
    return NullTranslations()


@pytest.fixture
async def office(store: Store, tmp_path: Path) -> Office:
    draft = await answered(store, tmp_path, MOST_AT_ONCE + 100)
    async with store.unit() as unit:
        emmy = await learners.meet(
            unit,
            telegram_id=EMMY,
            chat=ChatId(EMMY),
            name="Emmy",
            language="en",
            timezone="UTC",
            day_starts=4,
            at=NOON,
        )
    return Office(store, draft, Author(learner=emmy, telegram_id=EMMY))


async def test_a_key_with_very_many_answers_is_tried_applied_and_undone_behind_the_tap(
    office: Office,
):
    before = await digests(office.store)
    assert await office.tries() == InWork(regrade=office.draft.id)
    in_line = await office.sql(
        f"SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE task_name = '{JOB}'"  # noqa: S608 - ours
    )
    assert in_line == [(1,)], "it is in line as soon as the tap is kept"
    assert await office.work() == 0, "to try it out mends nothing"
    (tried,) = await office.heard()
    assert "Dry run: One" in tried
    assert "280 up" not in tried
    assert "Apply it, and tell them" in tried
    assert await office.work() == 0
    assert len(await office.heard()) == 1, "what was told is not told again"

    assert await office.applies() == InWork(regrade=office.draft.id)
    assert await office.applies() == InWork(regrade=office.draft.id, again=True)
    assert await digests(office.store) == before, "the tap itself changes nothing"
    assert [await office.work() for _ in range(2)] == [1, 0]
    assert "is corrected" in (await office.heard())[1]
    assert await digests(office.store) != before
    told = await office.told()
    assert set(told.values()) == {1}

    first, second = await office.undoes(), await office.undoes()
    assert isinstance(first, InWork)
    assert isinstance(second, InWork)
    (said,) = show(NullTranslations(), first)
    assert isinstance(said, Say)
    (page,) = await page_of(office)
    assert "The correction is being undone by author." in page
    assert "↶ Undo the correction" not in page
    assert [await office.work() for _ in range(2)] == [1, 0]
    (_, _, undone) = await office.heard()
    assert "is undone" in undone
    assert f"'slot': '{said.slot}'" in undone, "in the place of the words that it is under way"
    assert await digests(office.store) == before
    assert await office.told() == Counter(dict.fromkeys(told, 2))


async def page_of(office: Office) -> list[str]:
    async with office.store.unit() as unit:
        ((_, key), *_) = await courses.keys_of(unit, SUMS, ONE)
        outcome = await office.keys.question(unit, office.author, OpenDoubt(key.id))
    return [repr(each) for each in show(NullTranslations(), outcome)]


_WORKER = """
import asyncio, sys
from datetime import datetime
from gettext import NullTranslations
from tutorbot.flows.keys import Keys
from tutorbot.flows.published import Library
from tutorbot.flows.regrading import Regrading
from tutorbot.jobs.regrading import regrade_waiting
from tutorbot.store.unit import Store

def english(_language):
    return NullTranslations()

def clock():
    print("at it", flush=True)
    return datetime.fromisoformat(sys.argv[2])

async def main():
    store, library = Store.open(sys.argv[1]), Library()
    keys = Keys(library, Regrading(library, None, english), lambda _: True, None)
    await regrade_waiting(store, keys, english, clock)
    await store.close()

asyncio.run(main())
"""


async def test_workers_that_are_killed_again_and_again_mend_a_key_once_and_undo_it_once(
    office: Office, database_url: str
):
    before = await digests(office.store)
    assert isinstance(await office.applies(), InWork)
    kills = await killed_until(office, database_url, "applied")
    after, told = await digests(office.store), await office.told()
    assert after != before
    assert set(told.values()) == {1}
    assert isinstance(await office.undoes(), InWork)
    kills += await killed_until(office, database_url, "undone")
    assert await digests(office.store) == before
    assert await office.told() == Counter(dict.fromkeys(told, 2))
    assert kills >= 2


async def killed_until(office: Office, database_url: str, state: str) -> int:
    """Kill workers at ever later moments of their work, and let the last finish; count the dead."""
    before, kills = await digests(office.store), 0
    for moment in (0.0, 0.2, None):
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _WORKER,
            database_url,
            office.now.isoformat(),
            env=dict(os.environ),
            stdout=asyncio.subprocess.PIPE,
        )
        assert worker.stdout
        await worker.stdout.readline()
        if moment is not None:
            await asyncio.sleep(moment)
        if moment is not None and worker.returncode is None:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        assert await worker.wait() in {0, -signal.SIGKILL}
        await gone(office)
        if await office.state() == state:
            return kills
        assert await digests(office.store) == before, "all of it or nothing"
    raise AssertionError


async def gone(office: Office) -> None:
    """Wait until the server has noticed that who was killed is no more."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
    )
    while (await office.sql(others)) != [(0,)]:  # noqa: ASYNC110 - what is awaited is a condition, not an event
        await asyncio.sleep(0.02)


async def test_what_somebody_else_has_undone_meanwhile_is_not_undone_again(office: Office):
    await office.applies()
    await office.work()
    await office.undoes()
    async with office.store.unit() as unit:
        await regrading.mark_undone(unit, office.draft.id, office.now)
    before = await digests(office.store)
    assert [await office.work() for _ in range(2)] == [0, 0]
    assert await digests(office.store) == before
    assert "That was decided before." in (await office.heard())[-1]


async def test_a_draft_that_is_changed_meanwhile_is_not_shown_as_it_was(office: Office):
    await office.tries()
    async with office.store.unit() as unit:
        await office.keys.turn(unit, office.author, TurnOption(office.draft.id, 2))
    await office.work()
    assert await office.heard() == []


async def test_a_tap_waits_for_nobody_who_is_at_work_on_the_key(office: Office):
    """The rest of the chat, and of the course, would stand still as long as they are."""
    await office.applies()
    async with office.store.unit() as at_work, asyncio.timeout(10):
        held = await regrading.find(at_work, office.draft.id)
        assert held
        assert await courses.lock_if_free(at_work, SUMS)
        assert await office.applies() == InWork(regrade=office.draft.id, again=True)
        assert await office.work() == 0, "it is in good hands"
    assert await office.work() == 1
    await office.undoes()
    async with office.store.unit() as at_work, asyncio.timeout(10):
        assert await regrading.find(at_work, office.draft.id)
        outcome = await office.undoes()
        assert isinstance(outcome, InWork)
        assert outcome.again


async def test_what_came_in_while_a_key_was_mended_is_looked_at_when_nobody_is_at_work(
    office: Office,
):
    await office.applies()
    await office.work()
    office.now += 2 * UNDER_WAY
    async with office.store.unit() as unit, asyncio.timeout(10):
        await courses.lock(unit, SUMS)
        await office.work()
        assert len(await regrading.unswept(unit, office.now)) == 1
    await office.work()
    async with office.store.unit() as unit:
        assert await regrading.unswept(unit, office.now) == ()


async def test_who_may_no_longer_mend_the_key_is_not_told_what_a_draft_would_do(office: Office):
    await office.tries()
    office.keys = Keys(Library(), office.keys.regrading, lambda _: False, check_here)
    await office.work()
    assert await office.heard() == []
    async with office.store.unit() as unit:
        assert await regrading.put_off(unit) == (), "nor is it tried again and again"


async def test_a_key_that_cannot_be_mended_holds_up_no_other(office: Office):
    await office.applies()
    async with office.store.unit() as unit:
        held = await regrading.find(unit, office.draft.id)
        assert held
        content = dict(held.content) | {"points": "many"}
        await regrading.change_draft(unit, replace(held, content=content))
        second = await regrading.draft(
            unit,
            course=SUMS,
            question=ONE,
            content=held.content,
            who="author",
            class_id=None,
            at=NOON,
            state="waiting",
            report=ChatId(EMMY),
        )
    with pytest.raises(ValueError, match="many"):
        await office.work()
    async with office.store.unit() as unit:
        applied = await regrading.look(unit, second.id)
    assert applied
    assert applied.state == "applied"

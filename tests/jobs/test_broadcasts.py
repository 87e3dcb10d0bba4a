"""Messages to many on a real database: to whom, when, and what becomes of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from typing import Any

import pytest
from sqlalchemy import text

from tutorbot.core.broadcasts import JOB, Broadcast, Kind, State
from tutorbot.core.ids import AssignmentId, BroadcastId, ChatId
from tutorbot.flows import broadcasts as flow
from tutorbot.jobs.broadcasts import Broadcasting
from tutorbot.store import broadcasts, drafts, outbox
from tutorbot.store.outbox import Outgoing
from tutorbot.store.unit import Store
from tutorbot.telegram.incident import story

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
REPORT = ChatId(999)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


class Office:
    """A class with a quiz, and whoever sends it out."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = Clock()
        self.which = BroadcastId(0)
        self.quiz = AssignmentId(0)

    def work(self, per_second: float = 2) -> Broadcasting:
        return Broadcasting(
            self.store, lambda _: NullTranslations(), self.clock, story, per_second=per_second
        )

    async def sql(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        async with self.store.unit() as unit:
            return [tuple(row) for row in await unit.execute(text(statement), values)]

    async def furnish(self, people: int, audience: str = '{"kind": "class"}') -> None:
        await self.sql(_PEOPLE, people=people)
        await self.sql(_TEACHER, chat=REPORT)
        ((version,),) = await self.sql(_COURSE)
        ((of,),) = await self.sql(_CLASS)
        await self.sql(_MEMBERS, of=of, chat=REPORT)
        ((quiz,),) = await self.sql(_QUIZ, of=of, version=version, audience=audience)
        self.quiz = AssignmentId(quiz)

    async def schedule(self, kind: Kind = Kind.ANNOUNCEMENT, *, at_night: bool = False) -> None:
        async with self.store.unit() as unit:
            self.which = await broadcasts.make(
                unit,
                assignment=self.quiz,
                kind=kind,
                silent=False,
                at_night=at_night,
                report=REPORT,
                not_before=self.clock.now,
                at=self.clock.now,
            )

    async def held(self) -> Broadcast:
        async with self.store.unit() as unit:
            found = await broadcasts.hold(unit, self.which)
        assert found is not None
        return found

    async def goes_out(self, limit: int = 100) -> Sequence[Outgoing]:
        """Claim what waits, and send it, but to who teaches."""
        async with self.store.unit() as unit:
            rows = await outbox.claim(unit, chat=None, limit=limit, now=self.clock.now)
            for row in rows:
                await outbox.sent(unit, row.id, row.id, self.clock.now)
        return [row for row in rows if row.chat != REPORT]

    async def fates(self) -> dict[str | None, int]:
        rows = await self.sql("SELECT fate, count(*) FROM broadcast_recipients GROUP BY fate")
        return dict(rows)  # pyright: ignore[reportArgumentType] - two columns


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


async def test_a_message_to_many_goes_out_a_little_at_a_time_and_to_each_once(office: Office):
    await office.furnish(25)
    await office.schedule()
    jobs = await office.sql(
        "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE task_name = :job", job=JOB
    )
    assert jobs == [(1,)]
    work, chats = office.work(per_second=2), list[ChatId]()
    ahead = int(2 * flow.AHEAD)
    while await work.look():
        found = await office.goes_out()
        assert len(found) <= ahead
        chats += [row.chat for row in found]
    assert sorted(chats) == list(range(1, 26))
    assert await office.fates() == {"sent": 25}
    assert (await office.held()).state is State.DONE
    assert await office.sql("SELECT count(*) FROM assignees") == [(25,)]


async def test_what_is_paused_stops_at_once_and_goes_on_where_it_was(office: Office):
    await office.furnish(25)
    await office.schedule()
    work = office.work()
    await work.look()
    first = await office.goes_out(limit=3)
    async with office.store.unit() as unit:
        found = await broadcasts.hold(unit, office.which)
        assert found is not None
        assert await flow.pause(unit, found, NOON)
    assert await office.goes_out() == []
    await work.look()
    assert await office.goes_out() == []
    async with office.store.unit() as unit:
        found = await broadcasts.hold(unit, office.which)
        assert found is not None
        assert await flow.resume(unit, found, NOON)
    chats = [row.chat for row in first]
    while await work.look():
        chats += [row.chat for row in await office.goes_out()]
    assert sorted(chats) == list(range(1, 26))


async def test_what_is_cancelled_goes_to_nobody_else(office: Office):
    await office.furnish(25)
    await office.schedule()
    work = office.work()
    await work.look()
    first = await office.goes_out(limit=3)
    async with office.store.unit() as unit:
        found = await broadcasts.hold(unit, office.which)
        assert found is not None
        assert await flow.cancel(unit, found, NOON)
    while await work.look():
        assert await office.goes_out() == []
    assert await office.fates() == {"sent": len(first), "cancelled": 25 - len(first)}
    assert await office.sql("SELECT state FROM assignments") == [("cancelled",)]


async def test_what_a_class_has_under_way_ends_with_the_class(office: Office):
    await office.furnish(25)
    await office.schedule()
    work = office.work()
    await work.look()
    first = await office.goes_out(limit=3)
    await office.sql("UPDATE classes SET ended_at = now()")
    while await work.look():
        assert await office.goes_out() == []
    assert await office.fates() == {"sent": len(first), "cancelled": 25 - len(first)}


async def test_who_has_blocked_the_bot_is_not_written_to(office: Office):
    await office.furnish(3)
    await office.sql("UPDATE learners SET blocked_at = now() WHERE telegram_id = 2")
    await office.schedule()
    work = office.work()
    await work.look()
    assert [row.chat for row in await office.goes_out()] == [1, 3]
    await work.look()
    assert await office.fates() == {"sent": 2, "blocked": 1}


async def test_nobody_is_woken_at_night_unless_that_is_meant(office: Office):
    await office.furnish(2)
    await office.sql("UPDATE learners SET timezone = 'Asia/Tokyo' WHERE telegram_id = 2")
    office.clock.now = NOON + timedelta(hours=2)  # 23:00 in Tokyo
    await office.schedule()
    work = office.work()
    await work.look()
    assert [row.chat for row in await office.goes_out()] == [1]
    assert not await work.look()
    office.clock.now += timedelta(hours=9)
    await work.look()
    assert [row.chat for row in await office.goes_out()] == [2]
    await work.look()
    assert await office.fates() == {"sent": 2}


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE class_members SET left_at = now() WHERE learner_id = :who",
        "UPDATE assignees SET started_at = now() WHERE learner_id = :who",
        "UPDATE assignments SET due_at = '2026-11-22 12:30Z'",
    ],
)
async def test_who_need_not_be_reminded_in_the_morning_is_not(office: Office, meanwhile: str):
    await office.furnish(1)
    await office.schedule()
    work = office.work()
    await work.look()
    await office.goes_out()
    await work.look()
    ((who,),) = await office.sql(
        "UPDATE learners SET timezone = 'Asia/Tokyo' WHERE telegram_id = 1 RETURNING id"
    )
    office.clock.now = NOON + timedelta(hours=2)  # 23:00 in Tokyo
    await office.schedule(Kind.REMINDER)
    await work.look()
    await office.sql(meanwhile, **({"who": who} if ":who" in meanwhile else {}))
    office.clock.now += timedelta(hours=9)
    await work.look()
    assert await office.goes_out() == []


async def test_who_joins_later_gets_what_is_still_open_to_them(office: Office):
    await office.furnish(2)
    for audience, state, due in (
        ('{"kind": "cohort", "cohort": "Z"}', "set", None),
        ('{"kind": "class"}', "cancelled", None),
        ('{"kind": "class"}', "set", NOON),
    ):
        await office.sql(
            "INSERT INTO assignments (class_id, course_version_id, course_id, title, questions,"
            " audience, opens_at, reveal, state, made_at, due_at) SELECT class_id,"
            " course_version_id, course_id, title, questions,"
            " CAST(CAST(:audience AS text) AS jsonb), opens_at, reveal, :state, made_at,"
            " CAST(:due AS timestamptz) FROM assignments WHERE id = :quiz",
            audience=audience,
            state=state,
            due=due,
            quiz=office.quiz,
        )
    await office.schedule()
    await office.work().look()
    ((of, who),) = await office.sql(
        "DELETE FROM assignees WHERE learner_id = (SELECT max(learner_id) FROM assignees)"
        " RETURNING (SELECT class_id FROM assignments LIMIT 1), learner_id"
    )
    office.clock.now += timedelta(minutes=1)
    async with office.store.unit() as unit:
        await drafts.catch_up(unit, of, who, "B", office.clock.now)
        await drafts.catch_up(unit, of, who, "B", office.clock.now)
    quizzes = await office.sql(
        "SELECT assignment_id FROM assignees WHERE learner_id = :who", who=who
    )
    assert quizzes == [(office.quiz,)]


async def test_what_has_gone_out_is_said_to_be_taken_back_when_it_is(office: Office):
    await office.furnish(1)
    await office.schedule()
    work = office.work()
    await work.look()
    await office.goes_out()
    await work.look()
    assert (await office.held()).state is State.DONE
    async with office.store.unit() as unit:
        found = await broadcasts.hold(unit, office.which)
        assert found is not None
        assert await flow.cancel(unit, found, NOON)
    assert (await office.held()).state is State.CANCELLED
    assert await office.fates() == {"sent": 1}


async def test_a_message_to_many_that_may_have_arrived_is_not_sent_again(office: Office):
    await office.furnish(1)
    await office.schedule()
    work = office.work()
    await work.look()
    async with office.store.unit() as unit:
        (row,) = await outbox.claim(unit, chat=ChatId(1), limit=1, now=office.clock.now)
        assert await outbox.begin(unit, [(row.id, None)], office.clock.now) == {row.id}
    # Whoever had it in hand is killed, and another takes over.
    async with office.store.unit() as unit:
        await outbox.release_all(unit)
    assert await office.goes_out() == []
    await work.look()
    assert await office.fates() == {"unknown": 1}


async def test_what_was_in_hand_and_surely_not_sent_goes_out_later(office: Office):
    await office.furnish(1)
    await office.schedule()
    work = office.work()
    await work.look()
    async with office.store.unit() as unit:
        await outbox.claim(unit, chat=ChatId(1), limit=1, now=office.clock.now)
    async with office.store.unit() as unit:
        await outbox.release_all(unit)
    assert len(await office.goes_out()) == 1
    await work.look()
    assert await office.fates() == {"sent": 1}


@pytest.mark.parametrize(
    ("audience", "chats"),
    [
        ('{"kind": "cohort", "cohort": "B"}', [2, 4]),
        ('{"kind": "unfinished", "assignment": 1}', [1, 3]),
    ],
)
async def test_it_goes_to_those_who_are_meant(office: Office, audience: str, chats: list[int]):
    await office.furnish(4, audience)
    await office.sql(
        "UPDATE class_members SET cohort = 'B' FROM learners"
        " WHERE id = learner_id AND telegram_id IN (2, 4)"
    )
    await office.sql(_BEFORE)
    await office.schedule()
    await office.work().look()
    assert [row.chat for row in await office.goes_out()] == chats


async def test_a_reminder_goes_to_those_who_have_not_started(office: Office):
    await office.furnish(3)
    await office.schedule()
    work = office.work()
    while await work.look():
        await office.goes_out()
    await office.sql("UPDATE assignees SET started_at = now() WHERE learner_id = 1")
    await office.schedule(Kind.REMINDER)
    chats = list[ChatId]()
    while await work.look():
        chats += [row.chat for row in await office.goes_out()]
    assert chats == [2, 3]


_PEOPLE = """
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at)
    SELECT n, n, 'Ada ' || n, 'en', 'UTC', 4, 'picture', 'light', true, now()
    FROM generate_series(1, cast(:people AS integer)) AS n
"""
_TEACHER = """
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at)
    SELECT n, n, 'Teacher', 'en', 'UTC', 4, 'picture', 'light', true, now()
    FROM (VALUES (cast(:chat AS bigint))) AS one (n)
"""
_COURSE = """
    INSERT INTO course_versions (course_id, number, digest, title, place, source, published_at,
        origin)
    VALUES ('c', 1, 'd', 'C', 1, '', now(), 'folder') RETURNING id
"""
_CLASS = """
    INSERT INTO classes (title, course_id, timezone, made_at)
    VALUES ('Form 5', 'c', 'UTC', now()) RETURNING id
"""
_MEMBERS = """
    INSERT INTO class_members (class_id, learner_id, code, role, joined_at)
    SELECT :of, id, 'L' || id, CASE chat_id WHEN :chat THEN 'owner' ELSE 'learner' END, now()
    FROM learners
"""
_QUIZ = """
    INSERT INTO assignments (class_id, course_version_id, course_id, title, questions, audience,
        opens_at, reveal, state, made_at)
    VALUES (:of, :version, 'c', 'Roots', '[{}, {}]', cast(cast(:audience AS text) AS jsonb), now(),
        'answered', 'set', now())
    RETURNING id
"""
_BEFORE = """
    INSERT INTO assignees (assignment_id, learner_id, finished_at)
    SELECT assignments.id, learners.id, CASE WHEN telegram_id = 2 THEN now() END
    FROM learners, assignments WHERE telegram_id IN (1, 2, 3)
    ON CONFLICT DO NOTHING
"""

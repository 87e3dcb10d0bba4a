"""What is kept about a learner is found wherever it is, in tables that are yet to come too."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import (
    ARRAY,
    Column,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from tutorbot.core.ids import ChatId, LearnerId
from tutorbot.core.learner import Learner
from tutorbot.core.privacy import KINDS
from tutorbot.store import files, learners, outbox, privacy, streaks, updates, uploads
from tutorbot.store.class_tables import metadata
from tutorbot.store.streaks import StudyDay
from tutorbot.store.tables import learners as people
from tutorbot.store.unit import Store, Unit

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OWNED = tuple(privacy.owned())


def test_privacy_names_every_table_with_something_about_a_learner():
    assert {table.name for table in OWNED} | {"updates"} == set(KINDS)


def test_whatever_refers_to_a_learner_is_found_by_it():
    """A column that refers to learners under another name would be missed: see store/privacy.py."""
    referring = {
        (key.parent.table.name, key.parent.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column is people.c.id
    }
    assert {column for _, column in referring} == {"learner_id"}
    assert {table for table, _ in referring} <= {table.name for table in OWNED}


def test_deleting_one_learner_reads_no_table_from_end_to_end():
    """Each reference into what is deleted has an index that begins with it."""
    for table in metadata.tables.values():
        indexed = {next(iter(index.columns)) for index in table.indexes}
        for each in table.constraints:
            if isinstance(each, PrimaryKeyConstraint | UniqueConstraint):
                indexed.add(next(iter(each.columns)))
        for key in table.foreign_keys:
            if key.column.table in OWNED:
                assert key.parent in indexed, key.parent


async def test_all_that_refers_to_a_learner_goes_with_them_and_no_more(unit: Unit):
    ada, bob = await _fill(unit, "Ada", 1), await _fill(unit, "Bob", 2)
    before = {table.name: await _count(unit, table) for table in OWNED}
    assert set(before.values()) == {2}
    await privacy.forget(unit, ada)
    assert {table.name: await _count(unit, table) for table in OWNED} == dict.fromkeys(before, 1)
    everything = await privacy.everything(unit, bob, NOON)
    assert everything is not None
    assert all(len(table.rows) == 1 for name, table in everything.items() if name != "updates")


async def test_all_that_refers_to_a_learner_is_handed_out(unit: Unit):
    ada = await _fill(unit, "Ada", 1)
    await _fill(unit, "Bob", 2)
    everything = await privacy.everything(unit, ada, NOON)
    assert everything is not None
    assert {name for name, table in everything.items() if table.rows} == {
        table.name for table in OWNED
    }
    assert "Bob" not in repr(everything)


async def test_of_very_much_the_newest_is_handed_out(unit: Unit, learner: Learner):
    for _ in range(3):
        await uploads.add(
            unit, learner=learner.id, chat=learner.chat, file_id="f", name="n", at=NOON
        )
    everything = await privacy.everything(unit, learner.id, NOON, most_rows=2)
    assert everything is not None
    ids = [int(str(row[0])) for row in everything["uploads"].rows]
    assert len(ids) == 2
    assert ids == sorted(ids)
    assert everything["uploads"].cut
    assert not everything["learners"].cut


async def test_what_broke_something_is_emptied_where_the_learner_is_named(
    unit: Unit, learner: Learner
):
    mine = {"message": {"from": {"id": 1, "first_name": "Ada"}, "text": "4"}}
    others = {"message": {"from": {"id": 2}, "reply_to_message": {"from": {"id": 1}}}}
    unrelated = {"message": {"from": {"id": 2}, "text": "1"}}
    for number, payload in enumerate((mine, others, unrelated), 1):
        await updates.poison(unit, number, "ValueError", payload, NOON)
    everything = await privacy.everything(unit, learner.id, NOON)
    assert everything is not None
    assert len(everything["updates"].rows) == 1
    await privacy.forget(unit, learner.id)
    left = await unit.execute(text("SELECT update_id FROM updates WHERE payload IS NOT NULL"))
    assert left.scalars().all() == [3]
    assert not await updates.claim(unit, 1, NOON), "an update is worked through once"


async def test_files_go_with_the_only_one_who_sent_them(
    unit: Unit, learner: Learner, stranger: Learner
):
    async def sends(who: LearnerId, content: bytes, at: datetime) -> str:
        digest = await files.keep(unit, content, at)
        upload = await uploads.add(
            unit, learner=who, chat=learner.chat, file_id="f", name="n", at=at
        )
        await uploads.settle(unit, upload, uploads.State.SOUND, at, digest=digest)
        return digest

    alone = await sends(learner.id, b"of one", NOON)
    picture = await files.keep(unit, b"picture beside it", NOON)
    later = datetime(2026, 11, 21, tzinfo=UTC)
    both = await sends(learner.id, b"of two", later)
    await sends(stranger.id, b"of two", later)
    await privacy.forget(unit, learner.id)
    assert await files.content(unit, alone) is None
    assert await files.content(unit, picture) is None
    assert await files.content(unit, both) == b"of two"


async def test_a_message_without_a_reader_is_known_by_its_chat(unit: Unit, learner: Learner):
    await unit.execute(
        text(
            "INSERT INTO outbox (chat_id, body, created_at, not_before)"
            " VALUES (:chat, '{}', now(), now())"
        ),
        {"chat": learner.chat},
    )
    await privacy.forget(unit, learner.id)
    assert await outbox.depth(unit) == 0


async def test_nobody_is_forgotten_or_handed_out_twice(unit: Unit, learner: Learner):
    await privacy.forget(unit, learner.id)
    await privacy.forget(unit, learner.id)
    assert await privacy.everything(unit, learner.id, NOON) is None
    assert await learners.count(unit) == 0


async def test_who_writes_while_being_forgotten_is_new_afterwards(store: Store):
    """The second transaction waits for the first, and then finds nobody."""
    async with store.unit() as unit:
        before = await _meets(unit)
    deleted = asyncio.Event()

    async def forgets() -> None:
        async with store.unit() as unit:
            await _meets(unit)
            await privacy.forget(unit, before)
            deleted.set()
            await asyncio.sleep(0.2)  # the other one is waiting by now

    async def writes() -> LearnerId:
        await deleted.wait()
        async with store.unit() as unit:
            return await _meets(unit)

    _, after = await asyncio.gather(forgets(), writes())
    assert after != before
    async with store.unit() as unit:
        assert await learners.count(unit) == 1


async def test_what_is_written_just_before_is_deleted_too(store: Store):
    async with store.unit() as unit:
        ada = await _meets(unit)
    written = asyncio.Event()

    async def writes() -> None:
        async with store.unit() as unit:
            await _meets(unit)
            await streaks.put(unit, ada, _STUDIED)
            written.set()
            await asyncio.sleep(0.2)

    async def forgets() -> None:
        await written.wait()
        async with store.unit() as unit:
            await privacy.forget(unit, await _meets(unit))

    await asyncio.gather(writes(), forgets())
    async with store.unit() as unit:
        assert await learners.count(unit) == 0
        assert await streaks.days(unit, ada, NOON.date()) == ()


_STUDIED = StudyDay(
    day=NOON.date(),
    first_timezone="UTC",
    timezone="UTC",
    first_at=NOON,
    last_at=NOON,
    answers=1,
    counted=1,
    quick=0,
    goal=5,
    qualified_at=None,
    doubled_at=None,
)


async def _meets(unit: Unit) -> LearnerId:
    learner = await learners.meet(
        unit,
        telegram_id=1,
        chat=ChatId(1),
        name="Ada",
        language="en",
        timezone="UTC",
        day_starts=4,
        at=NOON,
    )
    return learner.id


async def _count(unit: Unit, table: Table) -> int:
    return (await unit.execute(select(func.count()).select_from(table))).scalar_one()


async def _fill(unit: Unit, name: str, number: int) -> LearnerId:
    """Put one row of the learner's into each table, and what it refers to beside it."""
    ids: dict[Table, int] = {}
    for table in metadata.sorted_tables:
        row = {
            column.name: _value(column, ids, name, number)
            for column in table.c
            if column.identity is None
        }
        made = await unit.execute(insert(table).values(row).returning(*table.primary_key))
        ids[table] = made.one()[0]
    return LearnerId(ids[people])


def _value(column: Column[object], ids: dict[Table, int], name: str, number: int) -> object:
    for key in column.foreign_keys:
        return ids[key.column.table]
    if isinstance(column.type, ARRAY):
        return []
    if isinstance(column.type, JSONB):
        return {}
    made = column.type.python_type
    values: dict[type, object] = {
        int: number,
        str: name,
        bool: False,
        bytes: name.encode(),
        float: float(number),
        datetime: NOON + timedelta(days=number),
        date: NOON.date(),
        Decimal: Decimal(1),
        UUID: UUID(int=number),
    }
    return values[made]

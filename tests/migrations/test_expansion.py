"""Each migration leaves room for the code that still runs, and holds nobody up for long."""

from pathlib import Path

import pytest
from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, event, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.migrations.expansion import Effects, effects, shape
from tutorbot.store import migrate
from tutorbot.store.unit import Store

pytestmark = pytest.mark.postgres

BEFORE_ALL_THIS = "0012"
"""The last migration that may do as it pleases: nobody ran more than one process until then."""

HOW = """
 - An OLDEST that is raised takes the room from older code (contract); one that stays must not.
 - What holds others up wants a PAUSE = "why it is short" in the migration.
docs/upgrading.md has the steps.
"""


async def test_no_migration_takes_from_running_code_what_it_needs_unless_it_says_so(
    empty_database_url: str, migrations: Path
):
    await migrate.upgrade(empty_database_url, migrations, BEFORE_ALL_THIS)
    found: dict[str, Effects] = {}

    def go_through(connection: Connection) -> None:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
            statements.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        seen = [shape(connection)]
        connection.commit()

        def look(context: MigrationContext) -> None:
            revision = context.get_current_revision()
            assert revision is not None
            now = shape(connection)
            found[revision] = effects(seen[-1], now, statements)
            seen.append(now)
            statements.clear()

        command.upgrade(migrate.configured(connection, migrations, look), "head")

    engine = create_async_engine(
        make_url(empty_database_url).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(go_through)

    script = ScriptDirectory(str(migrations))
    said = BEFORE_ALL_THIS
    for revision, effect in found.items():
        module = script.get_revision(revision).module
        oldest = getattr(module, "OLDEST", said)
        if oldest == said:
            assert not effect.breaks, f"{revision}: {effect.breaks}{HOW}"
        if not getattr(module, "PAUSE", ""):
            assert not effect.holds_up, f"{revision}: {effect.holds_up}{HOW}"
        said = oldest


def test_each_migration_leaves_room_for_the_release_before_it(migrations: Path):
    script = ScriptDirectory(str(migrations))
    line = [each.revision for each in script.walk_revisions("base", "head")][::-1]
    said: list[str] = []
    for place, revision in enumerate(line):
        oldest = getattr(script.get_revision(revision).module, "OLDEST", None)
        if oldest is None:
            assert not said, f"{revision} does not say its OLDEST"
            continue
        assert oldest in line[:place], f"{revision}: OLDEST is to be a revision before its own"
        assert all(line.index(each) <= line.index(oldest) for each in said), (
            f"{revision}: room that was taken away does not come back"
        )
        said.append(oldest)
    assert said


@pytest.mark.parametrize(
    ("statement", "breaks", "holds_up"),
    [
        ("DROP TABLE pauses", "pauses is gone", None),
        ("ALTER TABLE pauses RENAME TO leaves", "pauses is gone", None),
        ("ALTER TABLE learners DROP COLUMN theme", "learners.theme is gone", None),
        ("ALTER TABLE learners RENAME theme TO colours", "learners.theme is gone", None),
        ("ALTER TABLE learners ADD nick text NOT NULL", "nick is new and must be filled in", None),
        (
            "ALTER TABLE learners ALTER exam_on SET NOT NULL",
            "learners.exam_on may no longer be empty",
            "learners is read through for empty exam_on",
        ),
        (
            "ALTER TABLE learners ALTER goal DROP DEFAULT",
            "learners.goal is no longer filled in by itself",
            None,
        ),
        (
            "ALTER TABLE learners ALTER goal TYPE integer",
            "learners.goal was smallint and is integer",
            "learners is written anew",
        ),
        (
            "ALTER TABLE learners ADD joined timestamptz NOT NULL DEFAULT clock_timestamp()",
            None,
            "learners is written anew",
        ),
        (
            "ALTER TABLE learners ADD CONSTRAINT few CHECK (goal < 100)",
            "learners.few forbids what learners took",
            "learners is read through for learners.few",
        ),
        (
            "ALTER TABLE learners ADD CONSTRAINT few CHECK (goal < 100) NOT VALID",
            "learners.few forbids what learners took",
            None,
        ),
        ("CREATE INDEX few ON learners (goal)", None, "few is built while nobody can write"),
        (
            "CREATE UNIQUE INDEX few ON learners (goal)",
            "learners.few forbids what learners took",
            "few is built while nobody can write",
        ),
        (
            "CREATE TABLE notes (learner_id bigint REFERENCES learners (id))",
            "keeps learners from being deleted",
            None,
        ),
        (
            (
                "CREATE TRIGGER few BEFORE UPDATE ON learners FOR EACH ROW"
                " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            ),
            "learners.few forbids what learners took",
            None,
        ),
        ("UPDATE learners SET goal = 5", None, "rows of learners are changed in one go"),
        # What an expansion is made of.
        ("CREATE TABLE notes (id bigint PRIMARY KEY, note text NOT NULL)", None, None),
        (
            "CREATE TABLE notes (learner_id bigint REFERENCES learners (id) ON DELETE CASCADE)",
            None,
            None,
        ),
        ("ALTER TABLE learners ADD nick text", None, None),
        ("ALTER TABLE learners ADD score integer NOT NULL DEFAULT 0", None, None),
        ("ALTER TABLE learners ALTER name DROP NOT NULL", None, None),
        ("CREATE INDEX CONCURRENTLY few ON learners (goal)", None, None),
        ("DROP INDEX answers_answered_at_brin", None, None),
    ],
)
async def test_what_would_stop_running_code_is_noticed(
    _shared_store: Store,  # noqa: PT019 - its address is used, in transactions taken back here
    statement: str,
    breaks: str | None,
    holds_up: str | None,
):
    engine = create_async_engine(_shared_store.url, poolclass=NullPool)
    apart = "CONCURRENTLY" in statement  # which wants no transaction around it, and stays
    if apart:
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        before = await connection.run_sync(shape)
        await connection.execute(text(statement))
        after = await connection.run_sync(shape)
        if apart:
            await connection.execute(text("DROP INDEX few"))
    found = effects(before, after, [statement])
    for faults, expected in ((found.breaks, breaks), (found.holds_up, holds_up)):
        assert bool(faults) == bool(expected), faults
        assert not expected or any(expected in each for each in faults), faults

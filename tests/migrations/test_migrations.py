import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Connection, NullPool, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tutorbot import doctor
from tutorbot.settings import Settings
from tutorbot.store import migrate
from tutorbot.store.class_tables import metadata
from tutorbot.store.errors import SchemaBusy, SchemaNewer, SchemaOlder, StoreUnavailable

pytestmark = pytest.mark.postgres


async def test_migrations_go_up_down_and_up_again(
    empty_database_url: str, migrations: Path
) -> None:
    url = empty_database_url
    await migrate.upgrade(url, migrations)
    assert await migrate.revision(url) == migrate.head(migrations)
    await migrate.downgrade(url, migrations, "base")
    left = {name for _, name, _ in await _catalogue(url)}
    assert all(name.startswith("alembic_version") for name in left)
    await migrate.upgrade(url, migrations)
    await migrate.check(url, migrations)


async def test_migrations_lead_to_exactly_the_tables_of_the_code(
    database_url: str, empty_database_url: str
) -> None:
    async with _connected(database_url) as connection:
        assert await connection.run_sync(_differences) == []
    async with _connected(empty_database_url) as connection:
        await connection.run_sync(metadata.create_all)
        await connection.commit()
    migrated = await _catalogue(database_url)
    declared = await _catalogue(empty_database_url)
    assert {each for each in migrated if "alembic_version" not in each[1]} == declared


async def test_wrong_tries_from_before_they_were_counted_count(
    empty_database_url: str, migrations: Path
) -> None:
    url = empty_database_url
    await migrate.upgrade(url, migrations, "0001")
    async with _connected(url) as connection:
        for statement in _A_TYPED_ANSWER_OF_LONG_AGO:
            await connection.execute(text(statement))
        await connection.commit()
    await migrate.upgrade(url, migrations)
    async with _connected(url) as connection:
        assert (await connection.execute(text("SELECT wrong FROM attempts"))).scalar_one() == 2
    await migrate.downgrade(url, migrations, "0001")
    async with _connected(url) as connection:
        assert (await connection.execute(text("SELECT tries FROM attempts"))).scalar_one() == 3


_A_TYPED_ANSWER_OF_LONG_AGO = (
    """
    INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts, formulas,
        theme, probed, joined_at)
    VALUES (1, 1, 'Ada', 'en', 'UTC', 4, 'plain', 'light', true, now())
    """,
    """
    INSERT INTO course_versions (course_id, number, digest, title, place, source, published_at)
    VALUES ('c', 1, '', '', 0, '', now())
    """,
    """
    INSERT INTO sittings (learner_id, course_version_id, course_id, seed, started_at)
    VALUES (1, 1, 'c', 0, now())
    """,
    """
    INSERT INTO attempts (sitting_id, learner_id, question_id, place, variant, shown, ticked, hints,
        solution_seen, accepting, tries, opened_at)
    VALUES (1, 1, 'q', 0, 0, '{}', '{}', 0, false, false, 3, now())
    """,
    """
    INSERT INTO answers (attempt_id, learner_id, course_version_id, question_id, variant, shown,
        raw, verdict, hints, try_number, answered_at, timezone, study_day)
    SELECT 1, 1, 1, 'q', '[]', '{}', 'n', jsonb_build_object('code', code), 0, number, now(),
        'UTC', current_date
    FROM unnest(ARRAY['wrong', 'wrong', 'right']) WITH ORDINALITY AS given (code, number)
    """,
)


async def test_two_who_migrate_at_once_do_it_once(
    empty_database_url: str, migrations: Path
) -> None:
    await asyncio.gather(
        migrate.upgrade(empty_database_url, migrations),
        migrate.upgrade(empty_database_url, migrations),
    )
    await migrate.check(empty_database_url, migrations)


async def test_a_database_without_tables_is_called_older(
    empty_database_url: str, migrations: Path
) -> None:
    assert await migrate.revision(empty_database_url) is None
    with pytest.raises(SchemaOlder, match="upgrade"):
        await migrate.check(empty_database_url, migrations)


async def test_a_database_of_a_later_version_without_room_is_called_newer_and_left_alone(
    database_url: str, migrations: Path
) -> None:
    await _made_by_a_later_version(database_url, oldest="9998")
    with pytest.raises(SchemaNewer, match="beside which none older than 9998 runs"):
        await migrate.check(database_url, migrations)
    with pytest.raises(SchemaNewer):
        await migrate.upgrade(database_url, migrations)
    assert await migrate.revision(database_url) == "9999"


async def test_code_runs_on_later_tables_that_have_room_for_it_and_leaves_them_alone(
    database_url: str, migrations: Path
) -> None:
    await _made_by_a_later_version(database_url, oldest=migrate.head(migrations))
    await migrate.check(database_url, migrations)
    told = await migrate.upgrade_and_tell(database_url, migrations)
    assert told == "The database is up to date (9999, of a newer tutorbot beside this one)."
    assert await migrate.revision(database_url) == "9999"
    found = await doctor.finding("database", Settings(database_url=SecretStr(database_url)))
    assert found.healthy
    assert "tables of a newer tutorbot (9999), on which this one runs" in found.detail


async def test_tables_that_do_not_say_who_may_run_on_them_are_refused(
    database_url: str, migrations: Path
) -> None:
    await _made_by_a_later_version(database_url, oldest="9998")
    async with _connected(database_url) as connection:
        await connection.execute(text("DROP TABLE compatibility"))
        await connection.commit()
    with pytest.raises(SchemaNewer, match="run that one"):
        await migrate.check(database_url, migrations)


async def _made_by_a_later_version(url: str, *, oldest: str) -> None:
    async with _connected(url) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        await connection.execute(
            text("UPDATE compatibility SET oldest = :oldest"), {"oldest": oldest}
        )
        await connection.commit()


async def test_an_upgrade_that_leaves_running_code_behind_says_whom_to_stop(
    database_url: str, migrations: Path, tmp_path: Path
) -> None:
    head = migrate.head(migrations)
    later = _with(migrations, tmp_path, "9998", head, oldest=head)
    last = _with(later, tmp_path / "last", "9999", "9998", oldest="9998")
    told = await migrate.upgrade_and_tell(database_url, last)
    assert told == (
        f"The database went from {head} to 9999."
        " Stop each tutorbot older than 9998: it does not run on these tables."
    )
    await migrate.check(database_url, later)
    with pytest.raises(SchemaNewer):
        await migrate.check(database_url, migrations)
    await migrate.downgrade(database_url, last, "9998")
    await migrate.check(database_url, migrations)


async def test_a_migration_lets_others_pass_and_comes_again(
    database_url: str, migrations: Path, tmp_path: Path
) -> None:
    head = migrate.head(migrations)
    later = _with(migrations, tmp_path, "9999", head, oldest=head)
    async with _connected(database_url) as reading:
        await reading.execute(text("SELECT count(*) FROM learners"))  # as a backup does, for long
        impatient = migrate.Patience(lock_seconds=0.05, pauses=(0.05,))
        with pytest.raises(SchemaBusy, match="a table was in use at each try"):
            await migrate.upgrade(database_url, later, patience=impatient)
        patient = migrate.Patience(lock_seconds=0.05, pauses=(0.05,) * 200)
        upgrading = asyncio.create_task(migrate.upgrade(database_url, later, patience=patient))
        async with _connected(database_url) as writing:
            for _ in range(20):
                await writing.execute(text("UPDATE learners SET goal = 5"))
                await writing.commit()
                await asyncio.sleep(0.01)
        assert not upgrading.done()
        await reading.rollback()
        await upgrading
    assert await migrate.revision(database_url) == "9999"


def _with(migrations: Path, folder: Path, revision: str, after: str, *, oldest: str) -> Path:
    """A copy of the migrations with one more."""
    copied = folder / "migrations"
    shutil.copytree(migrations, copied)
    (copied / "versions" / f"{revision}_later.py").write_text(
        f"""
from alembic import op

revision, down_revision, branch_labels, depends_on = "{revision}", "{after}", None, None
OLDEST = "{oldest}"


def upgrade():
    op.execute("ALTER TABLE learners ADD column_{revision} text")


def downgrade():
    op.execute("ALTER TABLE learners DROP column_{revision}")
""",
        "utf-8",
    )
    return copied


async def test_a_database_that_is_not_there_is_called_unavailable(database_url: str) -> None:
    gone = make_url(database_url).set(database="nowhere").render_as_string()
    with pytest.raises(StoreUnavailable, match="nowhere"):
        await migrate.revision(gone)


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


_CATALOGUE = text("""
    SELECT 'column', c.relname || '.' || a.attname, concat_ws(' ',
        a.attnum, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
        pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
""")


async def _catalogue(url: str) -> set[tuple[str, str, str]]:
    """All that PostgreSQL knows of columns, indexes and constraints; Alembic compares less."""
    async with _connected(url) as connection:
        rows = await connection.execute(_CATALOGUE)
        return {(kind, name, definition) for kind, name, definition in rows}


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[AsyncConnection]:
    address = make_url(url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, poolclass=NullPool)
    async with engine.connect() as connection:
        yield connection

"""Backups are whole or not there, and what is restored is what was written, in one swap."""

import asyncio
import random
import re
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from tests.store.contents import connected, databases, digests
from tutorbot.core.ids import ChatId
from tutorbot.store import client_tools, dump, files, learners, migrate, restore
from tutorbot.store.errors import BackupFailed
from tutorbot.store.unit import Store

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

NOW = datetime(2026, 11, 22, 17, 10, 13, tzinfo=UTC)
PG_DUMP = client_tools.find("pg_dump", None)
PG_RESTORE = client_tools.find("pg_restore", None)


@pytest.fixture
async def target(database_url: str) -> AsyncIterator[str]:
    """A database to restore into; what is made beside it is dropped after the test."""
    yield database_url
    for name in await beside(database_url):
        async with connected(database_url, "postgres") as connection:
            await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tutor.dump"


async def beside(url: str) -> list[str]:
    name = make_url(url).database
    return await databases(url, lambda each: each.startswith(f"{name}_"))


async def live(url: str, people: range) -> None:
    """So many learners meet the bot, each with a file of its own in the same transaction."""
    store = Store.open(url)
    for number in people:
        async with store.unit() as unit:
            await learners.meet(
                unit,
                telegram_id=number,
                chat=ChatId(number),
                name="Ada",
                language="en",
                timezone="UTC",
                day_starts=4,
                at=NOW,
            )
            await files.keep(unit, bytes(range(256)) + str(number).encode(), NOW)
    await store.close()


async def write(url: str, file: Path, *, pg_dump: Path = PG_DUMP, force: bool = False) -> int:
    return await dump.write(url, file, pg_dump=pg_dump, force=force)


async def bring(
    url: str, file: Path, migrations: Path, now: datetime = NOW, pg_restore: Path = PG_RESTORE
) -> restore.Kept | None:
    archive = await restore.examine(file, migrations, pg_restore=PG_RESTORE)
    return await restore.restore(url, archive, migrations, pg_restore=pg_restore, now=now)


def fill(file: Path, content: bytes, mode: int = 0o644):
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    file.chmod(mode)


def read(file: Path) -> bytes:
    return file.read_bytes()


def mode(file: Path) -> int | None:
    return file.stat().st_mode & 0o777 if file.exists() else None


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


async def until_alone(url: str):
    """Wait until the server has seen that whoever was killed is gone."""
    name = make_url(url).database
    count = text("SELECT count(*) FROM pg_stat_activity WHERE starts_with(datname, :name)")
    async with asyncio.timeout(30), connected(url, "postgres") as connection:
        while (await connection.execute(count, {"name": name})).scalar_one():
            await connection.rollback()  # within a transaction the answer stays as it was
            await asyncio.sleep(0.02)


def stub(folder: Path, *lines: str) -> Path:
    """A tool that does what a shell would."""
    tool = folder / "pg_tool"
    tool.write_text("\n".join(("#!/bin/sh", *lines)))
    tool.chmod(0o755)
    return tool


async def test_what_is_restored_is_what_was_written_and_what_it_replaced_can_be_brought_back(
    target: str, file: Path, migrations: Path
):
    await live(target, range(1, 21))
    async with connected(target) as connection:
        await connection.execute(text("SET search_path TO procrastinate"))
        await connection.execute(
            text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 'remind')")
        )
    written = await digests(target)
    assert written["public.learners"][0] == written["public.files"][0] == 20
    assert written["procrastinate.procrastinate_jobs"][0] == 1
    size = await write(target, file)
    assert size == len(read(file))

    await live(target, range(21, 26))
    later = await digests(target)
    replaced = await bring(target, file, migrations)
    assert await digests(target) == written
    assert replaced is not None
    assert replaced.name.endswith("_before_20261122_171013")
    assert await beside(target) == [replaced.name]

    await live(target, range(30, 31))  # new rows do not collide with the old
    # Within the same second, whose name is taken.
    again = await restore.bring_back(target, replaced.name, migrations, NOW)
    assert await digests(target) == later
    assert again is not None
    assert again.name.endswith("_before_20261122_171014")
    assert [each.name for each in await restore.kept(target)] == [again.name]
    await restore.discard(target, again.name)
    assert await restore.kept(target) == ()


async def test_an_empty_database_that_is_replaced_is_not_kept(
    database_url: str, empty_database_url: str, file: Path, migrations: Path
):
    await live(database_url, range(1, 3))
    await write(database_url, file)
    assert await bring(empty_database_url, file, migrations) is None
    assert await digests(empty_database_url) == await digests(database_url)
    assert await beside(empty_database_url) == []


async def test_a_backup_during_writes_is_the_database_at_one_instant(
    target: str, file: Path, migrations: Path, empty_database_url: str
):
    await live(target, range(1, 30))
    writing = asyncio.create_task(live(target, range(30, 400)))
    await asyncio.sleep(0.05)
    await write(target, file)
    went_on = not writing.done()
    await writing
    assert went_on
    await bring(empty_database_url, file, migrations)
    found = await digests(empty_database_url)
    assert found["public.learners"][0] == found["public.files"][0]
    assert 29 <= found["public.learners"][0] < 399


async def test_a_backup_of_an_older_version_is_brought_to_this_one(
    empty_database_url: str, target: str, file: Path, migrations: Path
):
    await migrate.upgrade(empty_database_url, migrations, "0001")
    async with connected(empty_database_url) as connection:
        await connection.execute(
            text(
                "INSERT INTO learners (telegram_id, chat_id, name, language, timezone, day_starts,"
                " formulas, theme, probed, joined_at)"
                " VALUES (1, 1, 'Ada', 'en', 'UTC', 4, 'plain', 'light', true, now())"
            )
        )
    await write(empty_database_url, file)
    await bring(target, file, migrations)
    await migrate.check(target, migrations)
    assert await restore.contents(target) == restore.Contents(learners=1, answers=0)


async def test_a_backup_of_a_newer_version_is_refused_and_says_which(
    database_url: str, file: Path, migrations: Path
):
    async with connected(database_url) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await write(database_url, file)
    with pytest.raises(BackupFailed, match=rf"9999.*{migrate.head(migrations)}\); restore it with"):
        await restore.examine(file, migrations, pg_restore=PG_RESTORE)


@pytest.mark.parametrize("said", [b"", b"Dear diary\n" * 99, b"-- PostgreSQL database dump\n\n"])
async def test_a_file_that_is_no_backup_is_told_in_one_sentence(
    file: Path, migrations: Path, said: bytes
):
    fill(file, said)
    assert_told(await refused(file, migrations))


async def test_what_is_no_file_is_told_in_one_sentence(tmp_path: Path, migrations: Path):
    assert_told(await refused(tmp_path, migrations))
    assert_told(await refused(tmp_path / "nowhere", migrations))


async def refused(file: Path, migrations: Path) -> str:
    with pytest.raises(BackupFailed) as caught:
        await restore.examine(file, migrations, pg_restore=PG_RESTORE)
    return str(caught.value)


def assert_told(sentence: str):
    assert re.fullmatch(r"/[^\n]+ (is no|cannot be read)[^\n]+; name a file of [^\n]+\.", sentence)


async def test_the_dump_of_another_program_is_no_backup(
    database_url: str, file: Path, migrations: Path
):
    async with connected(database_url) as connection:
        await connection.execute(text("ALTER TABLE answers RENAME TO replies"))
    await write(database_url, file)
    with pytest.raises(BackupFailed, match="another program's"):
        await restore.examine(file, migrations, pg_restore=PG_RESTORE)


async def test_a_backup_that_was_cut_short_changes_nothing(
    target: str, file: Path, migrations: Path
):
    await live(target, range(1, 4))
    await write(target, file)
    before = await digests(target)
    whole = read(file)
    fill(file, whole[: len(whole) - 100])
    with pytest.raises(BackupFailed, match=r"cannot be restored whole .*; try another"):
        await bring(target, file, migrations)
    assert await digests(target) == before
    assert await beside(target) == []


async def test_no_room_to_restore_changes_nothing(
    target: str, file: Path, tmp_path: Path, migrations: Path
):
    await live(target, range(1, 3))
    await write(target, file)
    before = await digests(target)
    full = stub(
        tmp_path, "echo 'error: could not extend file: No space left on device' >&2", "false"
    )
    with pytest.raises(BackupFailed, match="no room to restore"):
        await bring(target, file, migrations, pg_restore=full)
    assert await digests(target) == before
    assert await beside(target) == []


async def test_nobody_is_thrown_out_of_the_database_by_a_restore(
    target: str, file: Path, migrations: Path
):
    await write(target, file)
    async with connected(target):
        with pytest.raises(BackupFailed, match="Others are at work"):
            await bring(target, file, migrations)
    assert await beside(target) == []


@pytest.mark.long
async def test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_can_be_done_again(
    target: str, file: Path, migrations: Path
):
    script = (
        "import asyncio, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from tutorbot.store import client_tools, restore\n"
        "async def main():\n"
        "    url, file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])\n"
        "    tool = client_tools.find('pg_restore', None)\n"
        "    archive = await restore.examine(file, folder, pg_restore=tool)\n"
        "    print('now', flush=True)\n"
        "    at = datetime.now(UTC)\n"
        "    await restore.restore(url, archive, folder, pg_restore=tool, now=at)\n"
        "asyncio.run(main())\n"
    )
    await live(target, range(1, 41))
    new = await digests(target)
    await write(target, file)
    await live(target, range(41, 44))
    old = await digests(target)
    dice, replaced = random.Random(5), 0
    for longest in (0.05, 0.3, 0.8):
        client = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", script, target, str(file), str(migrations)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert client.stdout is not None
        assert await client.stdout.readline() == b"now\n"
        await asyncio.sleep(dice.uniform(longest / 2, longest))
        with suppress(ProcessLookupError):  # it was quicker
            client.kill()
        await client.wait()
        left = await digests(target)
        assert left in (old, new)
        replaced += len(await restore.kept(target))
        if replaced:
            break
    assert (await digests(target) == new) is (replaced > 0)
    await until_alone(target)
    await bring(target, file, migrations, NOW)
    assert await digests(target) == new
    assert not any(name.endswith("_restoring") for name in await beside(target))


async def test_the_name_is_never_without_a_database_while_one_is_restored(
    target: str, file: Path, migrations: Path
):
    await live(target, range(1, 3))
    await write(target, file)
    name = make_url(target).database
    restoring = asyncio.create_task(bring(target, file, migrations))
    async with connected(target, "postgres") as connection:
        looks = 0
        while not restoring.done():
            found = await connection.execute(
                text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name}
            )
            assert found.scalar_one() == 1
            looks += 1
            await asyncio.sleep(0.001)
    assert await restoring is not None
    assert looks > 20


async def test_only_its_owner_may_read_a_backup(database_url: str, file: Path):
    left = file.with_name("tutor.dump.partial")  # by somebody who was killed
    fill(left, b"half", 0o666)
    await write(database_url, file)
    assert mode(file) == 0o600
    assert mode(left) is None


async def test_a_backup_is_written_over_only_by_force(database_url: str, file: Path):
    fill(file, b"precious")
    with pytest.raises(BackupFailed, match="is there already; name another, or add --force"):
        await write(database_url, file)
    assert read(file) == b"precious"
    await write(database_url, file, force=True)
    assert read(file).startswith(b"PGDMP")


async def test_of_two_backups_to_one_file_one_is_written(
    database_url: str, file: Path, migrations: Path
):
    outcomes = await asyncio.gather(
        write(database_url, file), write(database_url, file), return_exceptions=True
    )
    (refused,) = [each for each in outcomes if isinstance(each, BackupFailed)]
    assert "Another backup" in str(refused) or "there already" in str(refused)
    await restore.examine(file, migrations, pg_restore=PG_RESTORE)


async def test_a_backup_that_was_killed_leaves_no_file_of_that_name(
    database_url: str, file: Path, tmp_path: Path
):
    killer = stub(
        tmp_path,
        'for each; do case "$each" in --file=*) echo half > "${each#--file=}";; esac; done',
        "kill -9 $PPID",
    )
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from tutorbot.store import dump\n"
        "url, file, tool = sys.argv[1:]\n"
        "asyncio.run(dump.write(url, Path(file), pg_dump=Path(tool)))\n"
    )
    command = [sys.executable, "-c", script, database_url, str(file), str(killer)]
    killed = await asyncio.create_subprocess_exec(*command)
    assert await killed.wait() == -9
    assert names(tmp_path) == ["pg_tool", "tutor.dump.partial"]
    assert await write(database_url, file) == len(read(file))


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("ulimit -f 8", f'exec "{PG_DUMP}" "$@"'), "there is no room for"),
        (("echo 'pg_dump: error: out of luck' >&2", "exit 1"), "pg_tool failed .out of luck."),
        (
            (
                "echo 'pg_dump: error: aborting because of server version mismatch' >&2",
                "echo 'pg_dump: detail: server version: 18.6; pg_dump version: 15.14' >&2",
                "exit 1",
            ),
            "The server is PostgreSQL 18, and pg_tool is of 15; set TUTORBOT_POSTGRES_BINARIES",
        ),
    ],
)
async def test_a_backup_that_fails_leaves_nothing_and_says_why(
    database_url: str, tmp_path: Path, lines: tuple[str, ...], sentence: str
):
    folder = tmp_path / "backups"
    fill(folder / "mine.txt", b"")
    with pytest.raises(BackupFailed, match=sentence):
        await write(database_url, folder / "tutor.dump", pg_dump=stub(tmp_path, *lines))
    assert names(folder) == ["mine.txt"]


async def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(
    database_url: str, tmp_path: Path
):
    fill(tmp_path / "file", b"")
    for place in (tmp_path / "file" / "x.dump", tmp_path / "nowhere" / "x.dump"):
        with pytest.raises(BackupFailed, match=r"cannot be written to \(.*\); name a file in"):
            await write(database_url, place)
    with pytest.raises(BackupFailed, match="is a folder; name a file in it"):
        await write(database_url, tmp_path)


async def test_a_database_without_tables_is_no_backup(empty_database_url: str, file: Path):
    with pytest.raises(BackupFailed, match="nothing in the database"):
        await write(empty_database_url, file)


def test_of_the_dated_backups_the_newest_are_kept_and_nothing_else_is_touched(tmp_path: Path):
    made = [dump.dated(tmp_path / "backups", NOW + timedelta(days=day)) for day in range(5)]
    half = made[0].with_name("tutorbot-2026-11-21-000000.dump.partial")
    mine = made[0].with_name("before-the-exam.dump")
    for each in (*made, half, mine):
        each.touch()
    assert dump.rotate(tmp_path / "backups", 2) == tuple(made[:3])
    assert sorted(mine.parent.iterdir()) == sorted([mine, *made[3:]])
    assert mine.parent.stat().st_mode & 0o777 == 0o700
    assert dump.rotate(tmp_path / "backups", None) == ()


def test_two_backups_of_one_second_are_two_files(tmp_path: Path):
    made = [dump.dated(tmp_path, NOW)]
    for _ in range(2):
        made[-1].touch()
        made.append(dump.dated(tmp_path, NOW))
    assert [each.stem[-6:] for each in made] == ["171013", "171014", "171015"]


def test_a_machine_without_the_tools_is_told_what_to_install(tmp_path: Path):
    with pytest.raises(BackupFailed, match=r"pg_dump is not in .*; install .*TUTORBOT_POSTGRES"):
        client_tools.find("pg_dump", tmp_path)

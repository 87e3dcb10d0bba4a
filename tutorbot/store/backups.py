"""Backups of an installation: written from its database, and restored into the embedded one."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tutorbot.store import client_tools, dump, restore
from tutorbot.store.errors import BackupFailed
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.restore import Archive, Contents, Kept


@dataclass(frozen=True, kw_only=True)
class Written:
    path: Path
    size: int  # bytes
    seconds: float
    rotated: tuple[Path, ...]  # older ones that were deleted


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would take the place of what."""

    source: Archive | Kept
    present: Contents | None  # None: nothing is there yet


@dataclass(frozen=True, kw_only=True)
class Restored:
    contents: Contents
    replaced: Kept | None
    seconds: float


class Backups:
    """``data`` is the data folder, ``url`` a database elsewhere in place of the embedded one.

    The embedded server is started where it does not run, and stopped again if nobody else uses it.
    Whoever restores must keep bots off the data folder meanwhile.
    """

    def __init__(
        self,
        *,
        data: Path,
        url: str | None,
        binaries: Path | None,
        migrations: Path,
        clock: Callable[[], datetime],
    ) -> None:
        self._data = data
        self._url = url
        self._binaries = binaries
        self._migrations = migrations
        self._clock = clock
        self._server = EmbeddedPostgres(data / "postgres", binaries)

    async def write(self, wanted: Path | None, *, force: bool, keep: int | None) -> Written:
        """Write a backup; without a name, a dated one below the data folder.

        ``keep``: of the dated ones, so many are kept. The tables may be of any version, so that a
        backup can be made before an upgrade.

        Raises:
            BackupFailed, PostgresUnusable, StoreUnavailable
        """
        started = asyncio.get_running_loop().time()
        pg_dump = client_tools.find("pg_dump", self._binaries)
        if self._url is None and not self._server.has_data:
            raise BackupFailed(
                f"There is no database in {self._data} yet",
                "start the bot once, or set TUTORBOT_DATA to its data folder",
            )
        folder = self._data / "backups"
        path = _absolute(wanted) if wanted else dump.dated(_absolute(folder), self._clock())
        async with self._running() as url:
            size = await dump.write(url, path, pg_dump=pg_dump, force=force)
        return Written(
            path=path,
            size=size,
            seconds=asyncio.get_running_loop().time() - started,
            rotated=() if wanted else dump.rotate(folder, keep),
        )

    async def plan(self, source: Path) -> Plan:
        """Look at what would be restored, a file or the name of a kept database; change nothing.

        Raises:
            BackupFailed, PostgresUnusable, StoreUnavailable
        """
        self._refuse_elsewhere()
        archive = None
        if not restore.is_kept(self._server.url, str(source)):
            pg_restore = client_tools.find("pg_restore", self._binaries)
            archive = await restore.examine(
                _absolute(source), self._migrations, pg_restore=pg_restore
            )
        async with self._running() as url:
            chosen = archive or await restore.find_kept(url, str(source))
            return Plan(source=chosen, present=await restore.contents(url))

    async def carry_out(self, plan: Plan, *, discard: bool) -> Restored:
        """Put it in the place of the present database, which is kept unless ``discard``.

        Raises:
            BackupFailed, PostgresUnusable, SchemaNewer, StoreUnavailable: nothing has changed.
        """
        started = asyncio.get_running_loop().time()
        self._refuse_elsewhere()
        async with self._running() as url:
            match plan.source:
                case Archive():
                    replaced = await restore.restore(
                        url,
                        plan.source,
                        self._migrations,
                        pg_restore=client_tools.find("pg_restore", self._binaries),
                        now=self._clock(),
                    )
                case Kept(name=name):
                    replaced = await restore.bring_back(url, name, self._migrations, self._clock())
            if discard and replaced is not None:
                await restore.discard(url, replaced.name)
                replaced = None
            contents = await restore.contents(url)
        assert contents is not None, "what was restored has tables"
        return Restored(
            contents=contents,
            replaced=replaced,
            seconds=asyncio.get_running_loop().time() - started,
        )

    async def kept(self, *, discard: bool) -> tuple[Kept, ...]:
        """The databases that were replaced, the oldest first; with ``discard`` they are gone now.

        Raises:
            BackupFailed, PostgresUnusable, StoreUnavailable
        """
        self._refuse_elsewhere()
        if not self._server.has_data:
            return ()
        async with self._running() as url:
            found = await restore.kept(url)
            for each in found if discard else ():
                await restore.discard(url, each.name)
            return found

    def _refuse_elsewhere(self) -> None:
        if self._url is not None:
            raise BackupFailed(
                "Only the embedded database is restored, and TUTORBOT_DATABASE_URL names another",
                "unset it, or restore there with PostgreSQL's own pg_restore, whose format it is",
            )

    @asynccontextmanager
    async def _running(self) -> AsyncGenerator[str]:
        if self._url is not None:
            yield self._url
            return
        await asyncio.to_thread(self._server.start)
        try:
            yield self._server.url
        finally:
            await asyncio.to_thread(self._server.stop)


def _absolute(path: Path) -> Path:
    return path.absolute()


def plan_as_text(plan: Plan, *, discard: bool) -> str:
    """What is about to be done, for whoever has to agree."""
    match plan.source:
        case Archive(path=path, made=made, revision=revision, size=size):
            what = f"{path}, {megabytes(size)}, made at {made}, with tables of version {revision}."
        case Kept(name=name, size=size):
            what = f"The kept database {name}, {megabytes(size)}."
    if plan.present is None:
        return f"{what}\nNothing is there yet that it would replace."
    fate = "DELETED" if discard else "kept under another name"
    return f"{what}\nIt replaces {_counted(plan.present)}, which will be {fate}."


def restored_as_text(done: Restored) -> str:
    told = f"Restored in {done.seconds:.1f} s: {_counted(done.contents)}."
    if done.replaced is None:
        return told
    name = done.replaced.name
    return (
        f"{told}\nWhat was there before is kept as {name} ({megabytes(done.replaced.size)}):"
        f" `tutorbot db restore {name}` brings it back, `tutorbot db kept --discard` deletes it."
    )


def kept_as_text(found: tuple[Kept, ...], *, discarded: bool) -> str:
    """One line for each.

    >>> kept_as_text((), discarded=False)
    'No replaced database is kept.'
    """
    if not found:
        return "No replaced database is kept."
    lines = [f"{each.name}  {megabytes(each.size)}" for each in found]
    return "\n".join([*(["Deleted:"] if discarded else []), *lines])


def megabytes(size: int) -> str:
    """Read a size in bytes.

    >>> megabytes(12_345_678), megabytes(40_000)
    ('12.3 MB', '0.04 MB')
    """
    return f"{size / 1e6:.1f} MB" if size >= _A_TENTH else f"{size / 1e6:.2f} MB"


_A_TENTH = 100_000  # bytes


def _counted(contents: Contents) -> str:
    """Say how much there is.

    >>> _counted(Contents(learners=1, answers=2))
    '1 learner with 2 answers'
    """
    learners = "1 learner" if contents.learners == 1 else f"{contents.learners} learners"
    answers = "1 answer" if contents.answers == 1 else f"{contents.answers} answers"
    return f"{learners} with {answers}"

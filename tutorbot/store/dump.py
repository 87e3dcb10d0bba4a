"""Write the whole database to one file, in pg_dump's custom format.

The file comes to be under another name, with ``.partial`` at its end, and gets its own when it is
whole and on the disk. Who writes it holds a lock on it; what a killed process left has none, and is
taken over.
"""

import errno
import fcntl
import os
import re
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from tutorbot.store import client_tools, migrate
from tutorbot.store.client_tools import ToolFailed
from tutorbot.store.errors import BackupFailed

_DATED = "tutorbot-%Y-%m-%d-%H%M%S.dump"
_IS_DATED = re.compile(r"tutorbot-\d{4}-\d\d-\d\d-\d{6}\.dump")
_PARTIAL = ".partial"
_OLD_FILES = 100  # tries to take over a name that others take at the same time
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


async def write(url: str, target: Path, *, pg_dump: Path, force: bool = False) -> int:
    """Write the database as it is at one instant, whatever is done to it meanwhile; its bytes.

    ``target`` is absolute. Only the owner may read the file. A file of that name is replaced only
    with ``force``.

    Raises:
        BackupFailed: and there is no new file of that name.
        StoreUnavailable
    """
    if await migrate.revision(url) is None:
        raise BackupFailed("There is nothing in the database yet", "start the bot once")
    with _explained(target), _becoming(target, force=force) as (partial, descriptor):
        # By its name, since what pg_dump writes to its output ends with junk, and does not say
        # where the tables begin. It gets our lock, too, and keeps it if it outlives us.
        # A lock on a table that another holds for long (an upgrade) is not waited out.
        file = ("--format=custom", f"--file={partial}")
        ways = ("--no-password", "--lock-wait-timeout=60s")
        await client_tools.run(pg_dump, *file, *ways, url=url, holding=descriptor)
        os.fsync(descriptor)
        return os.fstat(descriptor).st_size


def dated(folder: Path, now: datetime) -> Path:
    """A file of that folder, with this second in its name, or the next that no other file has.

    Makes the folder, for the owner only.
    """
    with _explained(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while (file := folder / now.strftime(_DATED)).exists():
            now += timedelta(seconds=1)
    return file


def rotate(folder: Path, keep: int | None) -> tuple[Path, ...]:
    """Delete all dated backups but the ``keep`` newest, and what killed ones left half; the former.

    A file with another name is never touched.
    """
    with _explained(folder):
        for half in folder.glob(f"*{_PARTIAL}"):
            if _IS_DATED.fullmatch(half.name.removesuffix(_PARTIAL)):
                with suppress(BackupFailed), _own(half):
                    half.unlink()
        backups = sorted(each for each in folder.iterdir() if _IS_DATED.fullmatch(each.name))
        old = tuple(backups[: -max(1, keep)] if keep is not None else ())
        for each in old:
            each.unlink(missing_ok=True)
        return old


@contextmanager
def _becoming(target: Path, *, force: bool) -> Generator[tuple[Path, int]]:
    """Open what gets the name at the end, and is gone if anything is raised."""
    partial = target.with_name(target.name + _PARTIAL)
    with _own(partial) as descriptor, ExitStack() as failing:
        failing.callback(partial.unlink, missing_ok=True)
        if target.is_dir():
            raise BackupFailed(f"{target} is a folder", "name a file in it")
        if target.exists() and not force:
            raise BackupFailed(f"{target} is there already", "name another, or add --force")
        yield partial, descriptor
        partial.replace(target)
        failing.pop_all()
    _settle(target.parent)


@contextmanager
def _own(partial: Path) -> Generator[int]:
    """Open the file, empty, for us alone."""
    for _ in range(_OLD_FILES):
        flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(partial, flags, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupFailed(
                    f"Another backup is being written to {partial}", "wait for it"
                ) from None
            # Who held the lock before us may have given the file its name meanwhile.
            if _is_at(partial, descriptor):
                os.fchmod(descriptor, 0o600)
                os.ftruncate(descriptor, 0)
                yield descriptor
                return
        finally:
            os.close(descriptor)
    raise BackupFailed(f"Others keep writing to {partial}", "name another file")


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _settle(folder: Path) -> None:
    """Make the new name survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(target: Path) -> Generator[None]:
    try:
        yield
    except ToolFailed as failed:
        if failed.disk_full:
            raise _no_room(target) from failed
        if "server version mismatch" in failed.output:
            found = re.search(r"version: (\d+).*version: (\d+)", failed.output)
            server, ours = found.groups() if found else ("another version", "an unknown one")
            raise BackupFailed(
                f"The server is PostgreSQL {server}, and {failed.tool} is of {ours}",
                "set TUTORBOT_POSTGRES_BINARIES to a folder with the tools of the server's version",
            ) from failed
        raise BackupFailed(
            f"No backup was written, since {failed.tool} failed ({failed.complaint})",
            "mend that, and try again",
        ) from failed
    except OSError as error:
        if error.errno in _FULL:
            raise _no_room(target) from error
        raise BackupFailed(
            f"{error.filename or target} cannot be written to ({error.strerror})",
            "name a file in another folder",
        ) from error


def _no_room(target: Path) -> BackupFailed:
    return BackupFailed(
        f"No backup was written, since there is no room for {target}",
        "make room, or name a file on another disk",
    )

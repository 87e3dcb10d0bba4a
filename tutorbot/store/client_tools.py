"""PostgreSQL's own tools for backups, pg_dump and pg_restore: found, and run on a database."""

import asyncio
import re
import shutil
import signal
from pathlib import Path

from sqlalchemy import make_url

from tutorbot.store.errors import BackupFailed, PostgresUnusable
from tutorbot.store.postgres import find_binaries


class ToolFailed(Exception):
    """A tool ended with a complaint; `complaint` is its last line, `output` all that it said."""

    def __init__(self, tool: str, output: str) -> None:
        found: list[str] = re.findall(r"(?:error|ERROR|FATAL|fatal): +(.+)", output)
        lines = found or [line for line in output.splitlines() if line.strip()]
        self.tool = tool
        self.output = output
        self.complaint = lines[-1].strip().rstrip(".") if lines else "it does not say why"
        super().__init__(f"{tool}: {self.complaint}")

    @property
    def disk_full(self) -> bool:
        full = ("No space left on device", "Disk quota exceeded", "File too large")
        return any(each in self.output for each in full)


def find(name: str, binaries: Path | None) -> Path:
    """A tool of the folder that was named; else of the server that comes along, or the machine's.

    Raises:
        BackupFailed: there is none.
    """
    if binaries is None:
        try:
            folder = find_binaries()
        except PostgresUnusable:  # a database elsewhere needs no server here
            folder = None
        if folder is not None and (folder / name).exists():
            return (folder / name).absolute()
        if found := shutil.which(name):
            return Path(found).absolute()
    elif (binaries / name).exists():
        return (binaries / name).absolute()
    raise BackupFailed(
        f"{name} is not {'on this machine' if binaries is None else f'in {binaries}'}",
        "install PostgreSQL's client tools, of the server's version or a later one, and set"
        " TUTORBOT_POSTGRES_BINARIES to their folder",
    )


async def run(
    tool: Path, *arguments: str, url: str | None = None, holding: int | None = None
) -> str:
    """Run a tool to its end, and return what it writes. It holds an open file, and any lock on it.

    The address goes by the environment, since everybody may read a command line.

    Raises:
        ToolFailed: with what it said.
    """
    process = await asyncio.create_subprocess_exec(
        str(tool),  # absolute, since we start it elsewhere
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(url),
        cwd="/",
        pass_fds=() if holding is None else (holding,),
    )
    try:
        said, complaints = await process.communicate()
    finally:
        if process.returncode is None:  # we were cancelled
            process.kill()
            await process.wait()
    if process.returncode != 0:
        text = complaints.decode(errors="replace")
        if process.returncode is not None and process.returncode < 0:
            number = -process.returncode
            # The limit of what this account may write to one file.
            why = "File too large" if number == signal.SIGXFSZ else f"ended by signal {number}"
            text += f"\nerror: {why}"
        raise ToolFailed(tool.name, text)
    return said.decode(errors="replace")


def _environment(address: str | None) -> dict[str, str]:
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(Path.home())}
    if address is None:
        return environment
    url = make_url(address)
    asked = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": str(url.port) if url.port else url.query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": url.query.get("ssl"),  # asyncpg's name for it
    }
    return environment | {name: str(value) for name, value in asked.items() if value}

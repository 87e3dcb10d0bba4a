"""What keeps a command from starting is one sentence with the remedy, and no traceback."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tutorbot import wiring
from tutorbot.playground.server import Playground

pytestmark = pytest.mark.slow


def tutorbot(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUTORBOT_")}
    return subprocess.run(
        [sys.executable, "-m", "tutorbot", *arguments],
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def assert_one_sentence(result: subprocess.CompletedProcess[str], *words: str) -> None:
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
        ("TUTORBOT_DAY_STARTS", "11", "TUTORBOT_DAY_STARTS"),
        ("TUTORBOT_LOG", "loud", "debug, info, warning or error"),
        ("TUTORBOT_PLAYGROUND_PORT", "eighty", "TUTORBOT_PLAYGROUND_PORT"),
    ],
)
def test_a_setting_without_sense_is_named(setting: str, value: str, word: str):
    assert_one_sentence(tutorbot("doctor", **{setting: value}), setting, word)


def test_running_without_a_token_says_where_to_get_one(tmp_path: Path):
    result = tutorbot("run", TUTORBOT_DATA=str(tmp_path))
    assert_one_sentence(result, "TUTORBOT_TELEGRAM_TOKEN", "@BotFather", "tutorbot demo")


def test_a_taken_port_is_named_with_the_setting_that_changes_it(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = tutorbot(
            "demo", "--no-browser", TUTORBOT_DATA=str(tmp_path), TUTORBOT_PLAYGROUND_PORT=port
        )
    assert_one_sentence(result, port, "TUTORBOT_PLAYGROUND_PORT")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    result = tutorbot("demo", "--no-browser", TUTORBOT_DATA=str(in_the_way / "data"))
    assert_one_sentence(result, str(in_the_way), "TUTORBOT_DATA")


def test_faults_in_a_course_name_file_and_line(tmp_path: Path):
    (tmp_path / "01-broken.quiz.md").write_text("---\nid: broken\ntitle: Broken\n---\n## A {#a}\n")
    result = tutorbot("demo", "--no-browser", TUTORBOT_CONTENT=str(tmp_path))
    assert_one_sentence(result, "01-broken.quiz.md:")


def test_a_database_that_is_away_is_told_without_its_password():
    result = tutorbot(
        "run",
        TUTORBOT_TELEGRAM_TOKEN="1:token",
        TUTORBOT_DATABASE_URL="postgresql://tutor:sesame@127.0.0.1:9/tutor",
    )
    assert_one_sentence(result, "database", "TUTORBOT_DATABASE_URL")
    assert "sesame" not in result.stderr


@pytest.mark.postgres
async def test_a_database_of_an_older_version_is_not_touched_unasked(empty_database_url: str):
    result = tutorbot(
        "run", TUTORBOT_TELEGRAM_TOKEN="1:token", TUTORBOT_DATABASE_URL=empty_database_url
    )
    assert_one_sentence(result, "tutorbot db upgrade")
    upgraded = tutorbot("db", "upgrade", TUTORBOT_DATABASE_URL=empty_database_url)
    assert upgraded.returncode == 0, upgraded.stderr
    again = tutorbot("db", "upgrade", TUTORBOT_DATABASE_URL=empty_database_url)
    assert "up to date" in again.stdout


@pytest.mark.postgres
def test_an_instructor_is_told_that_nothing_waits(database_url: str):
    result = tutorbot("answers", "undecided", TUTORBOT_DATABASE_URL=database_url)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "No answer waits to be decided.\n"


@pytest.mark.postgres
async def test_a_wrong_token_is_told_without_the_token(database_url: str):
    async with Playground(clock=wiring.clock) as playground:
        result = await asyncio.to_thread(
            tutorbot,
            "run",
            TUTORBOT_TELEGRAM_URL=playground.url,
            TUTORBOT_TELEGRAM_TOKEN="123456:wrong-secret",
            TUTORBOT_DATABASE_URL=database_url,
        )
    assert_one_sentence(result, "TUTORBOT_TELEGRAM_TOKEN", "@BotFather")
    assert "wrong-secret" not in result.stderr


@pytest.mark.postgres
def test_the_doctor_finds_a_fresh_installation_sound():
    # Not below pytest's own folder: as root, the server's account may not enter it.
    with tempfile.TemporaryDirectory(prefix="tutorbot-") as folder:
        Path(folder).chmod(0o755)
        result = tutorbot("doctor", TUTORBOT_DATA=str(Path(folder, "data")))
    assert result.returncode == 0, result.stdout + result.stderr
    for word in ("courses: 2 papers", "database: embedded", "½n² + n/2", "a formula was drawn"):
        assert word in result.stdout


def test_the_doctor_says_how_to_mend_what_is_not_sound():
    result = tutorbot("doctor", TUTORBOT_DATABASE_URL="postgresql://tutor:sesame@127.0.0.1:9/tutor")
    assert result.returncode == 1
    assert "MEND  database: " in result.stdout
    assert "Traceback" not in result.stdout + result.stderr

"""What the files for deployment name is there: commands, settings, paths, ports.

Whether Docker builds and systemd starts them is seen by running them; that they keep up with the
program is seen here.
"""

import argparse
import asyncio
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.test_house import ROOT, tracked
from tutorbot import wiring
from tutorbot.cli import command_line
from tutorbot.health import Health
from tutorbot.metrics import Metrics
from tutorbot.settings import PREFIX, Settings

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, each in SERVICES.items() if str(each.get("image")).startswith("tutorbot:")]
WEB = [name for name in OURS if "--webhook" in SERVICES[name]["command"]]
CADDYFILE = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
ENVIRONMENT = (ROOT / ".env.example").read_text("utf-8")
PAGES = [ROOT / "docs" / name for name in ("running.md", "upgrading.md", "sizing.md")]
EXECUTABLE = "/opt/tutorbot/current/.venv/bin/tutorbot"
SHOWN = re.compile(r"(?:bin/tutorbot|run --rm tutorbot|^ *tutorbot)((?: [\w./:-]+)+)", re.MULTILINE)
ENOUGH = 10  # seconds in which a process finishes what is in hand


def unit(path: Path) -> dict[str, list[str]]:
    """Each setting of a unit with its values; some stand more than once."""
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def commands() -> Iterator[tuple[str, list[str]]]:
    """Where a command of ours stands, and its arguments."""
    for name in OURS:
        yield f"compose.yaml: {name}", SERVICES[name]["command"]
    for path in UNITS:
        for command in unit(path).get("ExecStart", []):
            executable, *arguments = shlex.split(command)
            assert executable == EXECUTABLE
            yield path.name, arguments
    (default,) = re.findall(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)
    yield "Dockerfile", yaml.safe_load(default)
    for page in PAGES:
        for block in re.findall(r"(?:^    .*\n)+", page.read_text("utf-8"), re.MULTILINE):
            for command in SHOWN.findall(block):
                yield page.name, shlex.split(command)


@pytest.mark.parametrize(("where", "arguments"), [pytest.param(*each) for each in commands()])
def test_each_command_is_one_of_ours(where: str, arguments: list[str]):
    try:
        command_line().parse_args(arguments)
    except (SystemExit, argparse.ArgumentError):
        pytest.fail(f"{where}: tutorbot {shlex.join(arguments)}")


def test_each_setting_that_is_named_is_one_of_ours():
    settings = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    named = {
        (path.name, name)
        for path in tracked(
            "Dockerfile", "compose.yaml", ".env.example", "deploy", "docs/*.md", "README.md"
        )
        for name in re.findall(rf"\b{PREFIX}[A-Z_]+\b", path.read_text("utf-8"))
    }
    assert named
    assert [each for each in sorted(named) if each[1] not in settings] == []


def test_what_the_image_is_made_of_is_there_and_let_in():
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    assert {"requirements.lock", "tutorbot", "migrations", "content"} <= set(copied)
    assert set(copied) == let_in
    assert [source for source in copied if not tracked(source)] == []


def test_no_image_names_the_host_that_it_comes_from():
    images = [str(each["image"]) for each in SERVICES.values() if "image" in each]
    for path in (ROOT / "Dockerfile", ROOT / "deploy" / "pgbouncer.Dockerfile"):
        images += re.findall(r"^FROM (\S+)", path.read_text("utf-8"), re.MULTILINE)
    assert images
    assert [image for image in images if "/" in image] == []


def test_what_compose_reads_is_there():
    for config in COMPOSE["configs"].values():
        assert "content" in config or tracked(config["file"])
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or tracked(source), source
        build = service.get("build", ".")
        if isinstance(build, dict):
            assert tracked(f"{build['context']}/{build['dockerfile']}")
        for other in service.get("depends_on", ()):
            assert other in SERVICES
    asked_for = set(re.findall(r"\$\{(\w+)", yaml.safe_dump(COMPOSE)))
    assert asked_for <= set(re.findall(r"^(\w+)=", ENVIRONMENT, re.MULTILINE))


def test_caddy_passes_on_the_path_of_the_webhook_to_the_web_processes_and_nothing_else():
    settings = SERVICES[WEB[0]]["environment"]
    path = settings["TUTORBOT_WEBHOOK_URL"].partition("}/")[2]
    assert re.findall(r"^\s*path (.*)$", CADDYFILE, re.MULTILINE) == [f"/{path}"]
    port = settings["TUTORBOT_LISTEN"].rpartition(":")[2]
    told = SERVICES["caddy"]["environment"]
    assert set(told["UPSTREAMS"].split()) == {f"{name}:{port}" for name in WEB}
    assert set(re.findall(r"\{\$(\w+)\}", CADDYFILE)) == told.keys()
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["caddy"]


def test_health_is_asked_for_where_it_is_answered():
    answered = {route.path for route in Health(Metrics("0"), asyncio.Event(), wiring.clock).routes}
    assert set(re.findall(r"health_uri (\S+)", CADDYFILE)) == {"/readyz"}
    asked = re.findall(r"http://127\.0\.0\.1:(\d+)(/\w+)", DOCKERFILE)
    listens = re.findall(r"TUTORBOT_LISTEN=\S+:(\d+)", DOCKERFILE)
    assert asked == [(listens[0], "/healthz")]
    for name in OURS[1:]:
        (command,) = SERVICES[name]["healthcheck"]["test"][3:]
        assert f":{SERVICES[name]['environment']['TUTORBOT_LISTEN'][-4:]}/readyz'" in command
    assert {"/readyz", "/healthz"} <= answered


def test_each_process_has_time_to_finish_what_is_in_hand():
    for name in OURS:
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > ENOUGH
    for path in UNITS:
        if path.suffix == ".service" and "Restart" in unit(path):
            assert int(unit(path)["TimeoutStopSec"][0]) > ENOUGH
            assert unit(path)["KillMode"] == ["mixed"]  # the bot stops its own, in order


def test_processes_share_a_pooler_and_what_cannot_goes_past_it():
    settings = SERVICES[OURS[0]]["environment"]
    pooled, direct = settings["TUTORBOT_DATABASE_URL"], settings["TUTORBOT_DIRECT_DATABASE_URL"]
    ini = (ROOT / "deploy" / "pgbouncer.ini").read_text("utf-8")
    port = re.findall(r"^listen_port = (\d+)$", ini, re.MULTILINE)[0]
    name = re.findall(r"^(\w+) = host=postgres port=5432 dbname=\1$", ini, re.MULTILINE)[0]
    assert pooled.endswith(f"@pgbouncer:{port}/{name}")
    assert direct.endswith(f"@postgres:5432/{name}")
    assert "\npool_mode = transaction\n" in ini


@pytest.mark.parametrize(
    "path", [pytest.param(each, id=each.name) for each in UNITS if each.suffix == ".service"]
)
def test_a_unit_may_write_to_its_own_data_alone(path: Path):
    said = unit(path)
    assert said["ProtectSystem"] == ["strict"]
    assert said["NoNewPrivileges"] == ["yes"]
    assert said["User"] != ["root"]
    assert f"TUTORBOT_DATA=/var/lib/{said['StateDirectory'][0]}" in said["Environment"]

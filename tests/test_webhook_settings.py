"""What is said when the webhook cannot be as it is set; and what the commands say of it."""

import asyncio
import socket
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from tutorbot import doctor, wiring
from tutorbot.cli import main
from tutorbot.playground import Playground
from tutorbot.playground.people import PATIENCE
from tutorbot.settings import BadSettings, Settings, read_settings
from tutorbot.store import updates
from tutorbot.store.unit import Store
from tutorbot.watch import AddressRefused, served, watched

URL = "TUTORBOT_WEBHOOK_URL"
LIKE = "must be like https://bot.example.org/telegram"
PORTS = "must have port 443, 80, 88 or 8443"
SAYABLE = "must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -"
LISTEN = "must be an address and a port"


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        (URL, "bot.example.org/telegram", LIKE),
        (URL, "http://bot.example.org/telegram", LIKE),
        (URL, "ftp://bot.example.org/telegram", LIKE),
        (URL, "https://", LIKE),
        (URL, "https://sesame@bot.example.org/telegram", LIKE),
        (URL, "https://bot.example.org/telegram?key=sesame", LIKE),
        (URL, "https://bot.example.org/telegram#here", LIKE),
        (URL, "https://bot.example.org/{sesame}", LIKE),
        (URL, "https://bot.example.org:xx/telegram", LIKE),
        (URL, "https://[::1/telegram", LIKE),
        (URL, "https://bot.example.org:8080/telegram", PORTS),
        (
            "TUTORBOT_WEBHOOK_SECRET",
            "open, sesame",
            SAYABLE,
        ),
        ("TUTORBOT_WEBHOOK_SECRET", "sesame" * 50, SAYABLE),
        ("TUTORBOT_LISTEN", "8080", LISTEN),
        ("TUTORBOT_LISTEN", ":8080", LISTEN),
        ("TUTORBOT_LISTEN", "127.0.0.1", LISTEN),
        ("TUTORBOT_LISTEN", "127.0.0.1:", LISTEN),
        ("TUTORBOT_LISTEN", "127.0.0.1:65536", LISTEN),
        ("TUTORBOT_LISTEN", "127.0.0.1:http", LISTEN),
        ("TUTORBOT_LISTEN", "::1:8080", LISTEN),
        ("TUTORBOT_LISTEN", "http://127.0.0.1:8080", LISTEN),
    ],
)
def test_a_setting_without_sense_is_refused_and_no_secret_told(
    variable: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSettings) as caught:
        read_settings()
    assert str(caught.value).startswith(f"{variable} ")
    assert remedy in str(caught.value)
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://bot.example.org",
        "https://bot.example.org/",
        "https://bot.example.org:8443/a/b-c_d.e~f",
        "https://[2001:db8::1]/telegram",
        "https://203.0.113.7:88/telegram",
    ],
)
def test_an_address_that_telegram_calls_is_taken(url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(URL, url)
    assert read_settings().webhook_url == url


def test_a_server_of_ones_own_may_call_by_http_and_any_port(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TUTORBOT_TELEGRAM_URL", "http://127.0.0.1:8081")
    monkeypatch.setenv(URL, "http://127.0.0.1:9000/telegram")
    assert read_settings().webhook_url == "http://127.0.0.1:9000/telegram"


@pytest.mark.parametrize(
    ("listen", "expected"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),  # noqa: S104 - in a container, all there is
        ("[::1]:8080", ("::1", 8080)),
        ("[::]:80", ("::", 80)),
        ("localhost:8080", ("localhost", 8080)),
    ],
)
def test_addresses_of_both_kinds_can_be_listened_on(listen: str, expected: tuple[str, int]):
    assert Settings(listen=listen).host_and_port == expected


def test_a_webhook_without_an_address_is_refused_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("TUTORBOT_TELEGRAM_TOKEN", "1:sesame")
    assert main(["run", "--webhook"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("tutorbot: TUTORBOT_WEBHOOK_URL is not set; ")
    assert told.count("\n") == 1
    assert "sesame" not in told


async def listen_on(address: str) -> None:
    settings = Settings(listen=address)
    async with (
        watched(settings, asyncio.Event(), lambda: datetime.now(UTC)) as watch,
        served(settings, watch),
    ):
        pass


async def test_a_taken_port_is_named_with_its_remedy():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(
            AddressRefused, match=r"TUTORBOT_LISTEN: .* is taken by another program"
        ):
            await listen_on(listen)


@pytest.mark.parametrize("listen", ["192.0.2.1:8080", "no-such-host.invalid:8080"])
async def test_an_address_of_another_machine_is_named_with_its_remedy(listen: str):
    with pytest.raises(AddressRefused, match="is no address of this machine"):
        await listen_on(listen)


@pytest.mark.postgres
async def test_the_command_lists_what_was_put_aside(
    store: Store,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("TUTORBOT_DATABASE_URL", database_url)
    assert await asyncio.to_thread(main, ["updates"]) == 0
    assert capsys.readouterr().out == "No update was put aside.\n"
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    async with store.unit() as unit:
        for number in (7, 8):
            await updates.poison(unit, number, "ValueError at net.py:1", {"text": "secret"}, at)
        await updates.claim(unit, 9, at)
    assert await asyncio.to_thread(main, ["updates", "--limit", "1"]) == 0
    told = capsys.readouterr().out
    assert told.splitlines() == [
        "           8  8        2026-11-22 12:00",
        "              ValueError at net.py:1",
    ]


async def test_the_doctor_says_how_updates_come_and_what_keeps_them():
    async with Playground(clock=wiring.clock, first_pause=0.05) as playground:
        url = "http://127.0.0.1:9/telegram"

        async def says(webhook_url: str = "") -> str:
            settings = Settings(
                telegram_token=SecretStr(playground.token),
                telegram_url=playground.url,
                webhook_url=webhook_url,
            )
            return str(await doctor.finding("updates", settings))

        assert await says() == "ok    updates: are polled for"
        assert "until `tutorbot run --webhook`" in await says(url)
        world = playground.world
        world.webhook = {"url": f"{url}?as=1", "secret": "", "max_connections": 1}
        assert await says(url) == f"ok    updates: are brought to {url}; 0 wait"
        assert "TUTORBOT_WEBHOOK_URL is not set" in await says()
        await playground.person(name="Ada").says("hello")
        assert await world.until(lambda: "last_error_date" in (world.webhook or {}), PATIENCE)
        told = await says(url)
        assert told.startswith("MEND  updates: 1 wait")
        assert "Connection refused" in told

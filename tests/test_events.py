"""Nothing that anybody typed gets into a log, whoever writes it and whatever breaks."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from tutorbot.events import MissingExtra, telling
from tutorbot.settings import Settings
from tutorbot.watch import watched

pytestmark = pytest.mark.slow

BREAKS = """
import asyncio, gc, logging, sys, threading
import structlog
from tutorbot import events, watch

SECRET = "my zebra"

def breaks():
    raise ValueError(SECRET)

async def unheard():
    task = asyncio.create_task(asyncio.to_thread(breaks))
    await asyncio.wait({task})
    del task
    gc.collect()

with events.told(level="debug", form="json"):
    log = structlog.stdlib.get_logger()
    with structlog.contextvars.bound_contextvars(learner=7, update=12):
        try:
            breaks()
        except ValueError as error:
            log.exception("a bug")
            log.error("another bug", exc_info=error)
            logging.getLogger("uvicorn.error").error("Exception in %s", SECRET, exc_info=error)
            logging.getLogger("sqlalchemy.pool").warning(f"about {SECRET}")
    asyncio.run(unheard())
    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
print([each for each in sys.modules if each in ("opentelemetry", "sentry_sdk")])
"""


def test_whatever_breaks_is_told_by_its_place_and_not_by_its_words():
    done = subprocess.run(
        [sys.executable, "-c", BREAKS], capture_output=True, text=True, timeout=110, check=True
    )
    assert "zebra" not in done.stderr
    assert done.stdout == "[]\n", "who reports nothing to anybody loads nothing for it"
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [each["event"] for each in told] == [
        "a bug",
        "another bug",
        "library.said",
        "library.said",
        "library.said",
        "thread.crashed",
    ]
    for each in told:
        if each.get("by") != "sqlalchemy.pool":
            assert each["error"].startswith("ValueError at "), each
            assert "<string>:9" in each["error"], each
    for each in told[:4]:
        assert (each["learner"], each["update"]) == (7, 12)
    assert told[2]["saying"] == "Exception in %s"
    assert told[3]["at"] == "<string>:26"


def without(package: str, patch: pytest.MonkeyPatch) -> None:
    """Let a package not be installed."""
    for name in [each for each in sys.modules if each.partition(".")[0] == package]:
        patch.delitem(sys.modules, name)
    for name in ("tutorbot.otlp", "tutorbot.sentry"):
        patch.delitem(sys.modules, name, raising=False)
    patch.setitem(sys.modules, package, None)


async def test_traces_that_nothing_can_send_are_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
):
    without("opentelemetry", monkeypatch)
    settings = Settings(otlp_url="http://127.0.0.1:1")
    with pytest.raises(MissingExtra) as refused:
        async with watched(settings, asyncio.Event(), lambda: datetime.now(UTC)):
            pass
    assert str(refused.value) == (
        "TUTORBOT_OTLP_URL is set, but what it needs is not installed; install tutorbot[traces],"
        " or leave the setting out."
    )


def test_reports_that_nothing_can_send_are_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
):
    without("sentry_sdk", monkeypatch)
    settings = Settings(sentry_dsn=SecretStr("http://key@127.0.0.1:1/1"))
    with pytest.raises(MissingExtra) as refused, telling(settings, quiet=False, expected=()):
        pass
    assert str(refused.value).startswith("TUTORBOT_SENTRY_DSN is set, but")
    assert "tutorbot[sentry]" in str(refused.value)

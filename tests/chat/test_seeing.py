"""Whoever runs the bot sees how it does, and never what somebody said, nor the token."""

import asyncio
import gzip
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.chat.school import School, Sitter
from tutorbot.serving import listening, serving

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(180)]

RIGHT = "3(n^2+nm+n)"
WRONG = "31415926(n^2+nm+n)"
BREAKS = "27182818(n^2+nm+n)"
UNREADABLE = "my zebra ate it"
HOSTILE = '__import__("os").system("zebra")'
UNSPOKEN = ("31415926", "27182818", "zebra", "zebedee", "n^2+nm", "__import__")


@dataclass
class Collector:
    """Takes in whatever the bot sends to whoever watches."""

    url: str = ""
    traces: bytes = b""
    reports: list[bytes] = field(default_factory=list[bytes])

    async def take_traces(self, request: Request) -> Response:
        self.traces += await request.body()
        return Response()

    async def take_report(self, request: Request) -> Response:
        body = await request.body()
        packed = request.headers.get("content-encoding") == "gzip"
        self.reports.append(gzip.decompress(body) if packed else body)
        return JSONResponse({})

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[None]:
        routes = [
            Route("/v1/traces", self.take_traces, methods=["POST"]),
            Route("/api/1/envelope/", self.take_report, methods=["POST"]),
        ]
        with listening(0) as bound:
            self.url = f"127.0.0.1:{bound.getsockname()[1]}"
            async with serving(Starlette(routes=routes), bound):
                yield


async def tells(sitter: Sitter, text: str, words: str) -> None:
    """Say something to a process that may still be starting its workers, and wait for words."""
    await sitter.actor.says(text)
    await sitter.actor.hears(lambda bubble: words in bubble.text and not bubble.edited, timeout=45)


async def fetched(address: str, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://{address}{path}") as answer:
        return answer.status, await answer.text()


@pytest.mark.long
async def test_all_that_comes_out_tells_how_the_bot_does_and_nothing_that_anybody_said(
    closed_school: School, database_url: str
):
    school, collector = closed_school, Collector()
    zebedee = Sitter(school, school.person("Zebedee"))
    token = school.playground.token
    paper = school.paper(1)
    async with school.bot():
        await zebedee.opens(paper)
        number = 1
        while (await zebedee.at_hand(paper)).question.id != "gru-count-typed":
            number += 1
            await zebedee.presses_and_sees("Skip", f"Question {number} of")
        await zebedee.actor.settles()
    async with school.store.unit() as unit:
        # What PostgreSQL says of this is an exception that quotes the whole row.
        await unit.execute(
            text("ALTER TABLE answers ADD CONSTRAINT bug CHECK (raw NOT LIKE '27182818%')")
        )

    async with collector.open():
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tutorbot", "run"),
            env=os.environ
            | {
                "TUTORBOT_TELEGRAM_URL": school.playground.url,
                "TUTORBOT_TELEGRAM_TOKEN": token,
                "TUTORBOT_DATABASE_URL": database_url,
                "TUTORBOT_LISTEN": "127.0.0.1:0",
                "TUTORBOT_LOG": "debug",
                "TUTORBOT_LOG_FORMAT": "json",
                "TUTORBOT_OTLP_URL": f"http://{collector.url}",
                "TUTORBOT_SENTRY_DSN": f"http://key@{collector.url}/1",
            },
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stderr is not None
            lines: list[str] = []
            async for line in process.stderr:
                lines.append(line.decode())
                if "bot.started" in lines[-1]:
                    break
            listens = next(json.loads(line) for line in lines if "http.listening" in line)
            address = f"127.0.0.1:{listens['port']}"

            await tells(zebedee, WRONG, "Not quite")
            await tells(zebedee, UNREADABLE, "zebra")
            await tells(zebedee, HOSTILE, "cost you nothing")
            await tells(zebedee, BREAKS, "Something went wrong")
            await tells(zebedee, RIGHT, "Right")
            await zebedee.actor.settles()

            assert await fetched(address, "/healthz") == (200, "alive\n")
            assert await fetched(address, "/readyz") == (200, '{"ready":true}')
            _, metrics = await fetched(address, "/metrics")

            school.playground.token = "4711:another"
            await zebedee.actor.says(WRONG)  # which ends the request for updates that waits there
            async for line in process.stderr:
                lines.append(line.decode())
                if "updates.token_refused" in lines[-1]:
                    break
            process.terminate()
            lines += (await process.stderr.read()).decode().splitlines()
            assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()

    events = [json.loads(line) for line in lines]
    (broken,) = (each for each in events if each["event"] == "update.poisoned")
    assert broken["learner"] == 1
    assert "CheckViolationError at " in broken["error"]

    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
    }
    assert samples["tutorbot_updates_total", "done", "message"] == 4
    assert samples["tutorbot_updates_total", "message", "poisoned"] == 1
    assert samples["tutorbot_verdicts_total", "formula", "wrong"] == 1
    assert samples["tutorbot_verdicts_total", "formula", "right"] == 1
    assert samples["tutorbot_verdicts_total", "formula", "unreadable"] == 2
    assert samples["tutorbot_outbox_waiting",] == 0
    assert samples["tutorbot_reply_seconds_count",] >= 5

    (report,) = collector.reports
    reported = json.loads(report.splitlines()[-1])
    assert reported["tags"]["update"] == str(broken["update"])
    assert reported["tags"]["learner"] == "1"
    assert [each["type"] for each in reported["exception"]["values"]][-1] == "CheckViolationError"
    for step in (b"update", b"flow", b"judge", b"outbox", b"send"):
        assert step in collector.traces

    everything = "\n".join([*lines, metrics, report.decode(), collector.traces.decode("latin-1")])
    for words in (*UNSPOKEN, token, token.partition(":")[2] + '"'):
        assert words.casefold() not in everything.casefold(), words

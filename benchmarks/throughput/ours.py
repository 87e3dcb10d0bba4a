"""tutorbot as it runs, or its transport alone around an echo; until its input ends.

python benchmarks/throughput/ours.py practice|echo TELEGRAM DATABASE PORT
"""

import asyncio
import cProfile
import os
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from pydantic import SecretStr

from tutorbot import wiring
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.drawing.studio import Studio
from tutorbot.settings import Settings
from tutorbot.store.unit import Unit
from tutorbot.telegram.app import TelegramBot
from tutorbot.telegram.presence import Presence
from tutorbot.telegram.read import Said, Wrote
from tutorbot.telegram.webhook import Webhook
from tutorbot.views.reply import Reply, Say, Utterance
from tutorbot.watch import Watch, looked_after, served, watched

TOKEN = "4242:a-token-that-opens-nothing"  # noqa: S105 - as it says


class _Echo:
    async def __call__(
        self,
        unit: Unit,  # noqa: ARG002 - an echo remembers nothing
        learner: Learner | None,  # noqa: ARG002 - nor anybody
        said: Said,
    ) -> Sequence[Utterance]:
        text = said.text if isinstance(said, Wrote) else "?"
        return (Say(reply=Reply(prose=(words(text),))),)


@asynccontextmanager
async def _echoing(
    settings: Settings, url: str, webhook: Webhook, watch: Watch
) -> AsyncGenerator[TelegramBot]:
    async with (
        wiring.database(settings) as store,
        looked_after(watch, store, _tables_fit, webhook.hearing),
    ):
        yield TelegramBot(
            token=TOKEN,
            base_url=url,
            store=store,
            studio=Studio(),
            conversation=_Echo(),
            clock=lambda: datetime.now(UTC),
            presence=Presence(store),
            webhook=webhook,
        )


async def _tables_fit(_url: str) -> None:
    """They do: `wiring.database` has looked."""


async def main(what: str, telegram: str, database: str, port: str) -> None:
    settings = Settings(
        data=Path("/nowhere"),
        database_url=SecretStr(database),
        listen=f"127.0.0.1:{port}",
        webhook_url="https://bot.example.org/telegram",
        webhook_secret=SecretStr("a-secret-that-opens-nothing"),
    )
    hook = wiring.make_webhook(settings, TOKEN)
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        watch = await stack.enter_async_context(watched(settings, stop, wiring.clock))
        await stack.enter_async_context(served(settings, watch, hook))
        bot = await stack.enter_async_context(
            _echoing(settings, telegram, hook, watch)
            if what == "echo"
            else wiring.assembled(
                settings,
                TOKEN,
                telegram,
                Studio(),
                is_author=lambda _: False,
                pace=None,  # it is the bot that is measured
                webhook=hook,
                watch=watch,
            )
        )
        wiring.pass_over_what_is_loaded()
        running = asyncio.create_task(bot.run(stop))
        profile = cProfile.Profile(time.process_time) if "PROFILE" in os.environ else None
        while line := await asyncio.to_thread(sys.stdin.readline):
            if profile and line == "begin\n":
                profile.enable()
            elif profile and line == "end\n":
                profile.disable()
                profile.dump_stats(os.environ["PROFILE"])
        stop.set()
        await running


if __name__ == "__main__":
    (asyncio.run if "ASYNCIO" in os.environ else uvloop.run)(main(*sys.argv[1:]))

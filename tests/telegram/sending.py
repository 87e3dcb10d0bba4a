"""A process that does nothing but send: the database, the server and the token as arguments."""

import asyncio
import signal
import sys
from datetime import UTC, datetime, timedelta

from tutorbot.drawing.studio import Studio
from tutorbot.store.unit import Store
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.presence import Presence
from tutorbot.telegram.request import AiohttpRequest
from tutorbot.telegram.send import Sender

PATIENCE = 1.5  # seconds, instead of ten


async def main(database: str, server: str, token: str) -> None:
    store = Store.open(database, pool_size=4)
    api = BotApi(token, base_url=f"{server}/bot", request=AiohttpRequest())
    async with api:
        presence = Presence(store, patience=timedelta(seconds=PATIENCE))
        sender = Sender(
            api,
            store,
            Studio(),
            lambda: datetime.now(UTC),
            presence=presence,
            at_once=AT_ONCE,
            sweep_seconds=0.1,
        )
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        running = asyncio.create_task(sender.run())
        print("sending", flush=True)  # noqa: T201 - whoever started it waits for this
        await stop.wait()
        await sender.close()
        await running
    await store.close()


AT_ONCE = 3  # chats

if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

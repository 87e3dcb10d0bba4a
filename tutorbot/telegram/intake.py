"""Takes in the course files that authors send: fetched, checked aside, and answered in the chat.

What is in line stands in the database, so that a crash in the middle loses nothing; it is begun
anew by whoever starts next.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from telegram.error import BadRequest, TelegramError

from tutorbot.core.publishing import LARGEST_UPLOAD, Examination, Settled
from tutorbot.courses.uploads import Examined, Refused
from tutorbot.flows.publishing import Publishing
from tutorbot.store import learners, outbox, uploads
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store, Unit
from tutorbot.store.uploads import Upload
from tutorbot.telegram.botapi import BotApi
from tutorbot.telegram.incident import story, tell
from tutorbot.telegram.net import Languages
from tutorbot.telegram.send import Sender
from tutorbot.views import publishing as view

Examine = Callable[[str, bytes], Awaitable[Examined | Refused]]
"""Name and content of a file → what is in it and wrong with it, in bounded time and memory."""

MOST_TRIES = 5

log = structlog.stdlib.get_logger()


class Intake:
    """One file after the other; `wake` says that another has come."""

    def __init__(
        self,
        *,
        bot: BotApi,
        store: Store,
        sender: Sender,
        publishing: Publishing,
        examine: Examine,
        languages: Languages,
        clock: Callable[[], datetime],
        look_seconds: float = 5,
    ) -> None:
        self._bot = bot
        self._store = store
        self._sender = sender
        self._publishing = publishing
        self._examine = examine
        self._languages = languages
        self._clock = clock
        self._look_seconds = look_seconds
        self._news = asyncio.Event()

    def wake(self) -> None:
        self._news.set()

    async def run(self) -> None:
        """Work until cancelled; what is in hand then is begun anew after a while."""
        while True:
            self._news.clear()
            try:
                while await self._take_one():
                    pass
            except StoreUnavailable as error:
                tell("intake.store_unavailable", error)
            except Exception as error:  # noqa: BLE001 - one odd file must not stop the next
                log.error("intake.broke", error=story(error))  # noqa: TRY400 - see incident.py
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_seconds):
                    await self._news.wait()

    async def _take_one(self) -> bool:
        async with self._store.unit() as unit:
            upload = await uploads.claim(unit, self._clock())
        if upload is None:
            return False
        try:
            await self._take(upload)
        except asyncio.CancelledError:
            await self._put_off(upload, seconds=0)  # whoever starts next need not wait for it
            raise
        return True

    async def _take(self, upload: Upload) -> None:
        if upload.tries > MOST_TRIES:  # whatever it is, it breaks us each time
            await self._give_up(upload)
            return
        try:
            content = await self._fetch(upload)
        except BadRequest as error:  # too large for a bot, or gone
            log.info("upload.not_fetched", upload=upload.id, error=story(error))
            await self._give_up(upload)
            return
        except TelegramError as error:
            log.info("upload.put_off", upload=upload.id, error=story(error))
            await self._put_off(upload, seconds=2**upload.tries)
            return
        found = await self._examine(upload.name, content)
        async with self._store.unit() as unit:
            outcome = await self._publishing.examined(unit, upload, content, found, self._clock())
            await self._tell(unit, upload, outcome)
        self._sender.wake(upload.chat)

    async def _put_off(self, upload: Upload, seconds: float) -> None:
        async with self._store.unit() as unit:
            await uploads.later(unit, upload.id, self._clock() + timedelta(seconds=seconds))

    async def _give_up(self, upload: Upload) -> None:
        async with self._store.unit() as unit:
            outcome = await self._publishing.not_fetched(unit, upload, self._clock())
            await self._tell(unit, upload, outcome)
        self._sender.wake(upload.chat)

    async def _fetch(self, upload: Upload) -> bytes:
        file = await self._bot.get_file(upload.file_id)
        if (file.file_size or 0) > LARGEST_UPLOAD:  # whatever was said of it before
            return b""
        return bytes(await file.download_as_bytearray())

    async def _tell(self, unit: Unit, upload: Upload, outcome: Examination | Settled) -> None:
        if isinstance(outcome, Settled):
            return
        author = await learners.by_chat(unit, upload.chat)
        words = self._languages(author.language if author else "")
        await outbox.add(
            unit,
            chat=upload.chat,
            learner=upload.learner,
            update_id=None,
            utterances=view.examination(words, outcome),
            at=self._clock(),
        )

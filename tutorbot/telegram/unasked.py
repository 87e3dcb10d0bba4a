"""What is said without being asked: the counters below questions in groups, so far."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime

from tutorbot.core.ids import ChatId
from tutorbot.store import outbox
from tutorbot.store.unit import Store, Unit
from tutorbot.telegram.incident import tell
from tutorbot.telegram.send import Sender
from tutorbot.views.reply import Change, Say

Look = Callable[[Unit, datetime], Awaitable[Sequence[tuple[ChatId, Sequence[Say | Change]]]]]
"""What there is to say now, in which chats; it is as good as said when the unit ends."""


class Unasked:
    """Looks every few seconds, and when it is woken."""

    def __init__(
        self,
        look: Look,
        store: Store,
        sender: Sender,
        clock: Callable[[], datetime],
        *,
        seconds: float,
    ) -> None:
        self._look = look
        self._store = store
        self._sender = sender
        self._clock = clock
        self._seconds = seconds
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self._say()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next look may do better
                tell("unasked.failed", error)

    async def _say(self) -> None:
        async with self._store.unit() as unit:
            found = await self._look(unit, self._clock())
            for chat, utterances in found:
                await outbox.add(
                    unit,
                    chat=chat,
                    learner=None,
                    update_id=None,
                    utterances=utterances,
                    at=self._clock(),
                )
        for chat, _ in found:
            self._sender.wake(chat)

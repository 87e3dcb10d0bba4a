"""Keeps messages to many going: a little at a time, so that they can be paused at any moment."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from math import ceil

import structlog

from tutorbot.core.broadcasts import Broadcast, State
from tutorbot.core.ids import BroadcastId
from tutorbot.core.learner import Learner
from tutorbot.flows import broadcasts as flow
from tutorbot.flows.published import Library
from tutorbot.jobs.reminders import Languages
from tutorbot.store import broadcasts, learners, outbox
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store, Unit
from tutorbot.views import broadcasts as view
from tutorbot.views.reply import Say

LOOK_EVERY = 0.5
"""Seconds between two looks at what is under way."""

log = structlog.stdlib.get_logger()


class Broadcasting:
    """The work on all broadcasts, of one process.

    Any number of processes may do it side by side: of one broadcast, one at a time.

    Args:
        store: open
        languages: the words of a reader's language
        clock: aware
        story: tells what went wrong
        per_second: messages that may be sent in all
        leaving: is set when the process is about to go
    """

    def __init__(
        self,
        store: Store,
        languages: Languages,
        clock: Callable[[], datetime],
        story: Callable[[BaseException], str],
        *,
        per_second: float,
        leaving: asyncio.Event | None = None,
    ) -> None:
        self._store = store
        self._languages = languages
        self._clock = clock
        self._story = story
        self._per_second = per_second
        self._leaving = leaving or asyncio.Event()
        self._library = Library()
        self._working = False

    async def work(self) -> None:
        """Go on until nothing is left to be done soon; who is at it already does it alone.

        Raises:
            StoreUnavailable: what was not done is still to be done
        """
        if self._working:
            return
        self._working = True
        try:
            while await self.look():
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._leaving.wait()
                        return
        finally:
            self._working = False

    async def look(self) -> bool:
        """Do what can be done for each now; return whether to look again soon."""
        async with self._store.unit() as unit:
            now = self._clock()
            ids = await broadcasts.at_work(unit, now)
            busy = await broadcasts.under_way(unit, now) if ids else 0
        room = max(0, ceil(self._per_second * flow.AHEAD) - busy)
        again = False
        for place, each in enumerate(ids):
            share = ceil(room / (len(ids) - place))
            room -= share
            try:
                again |= await self._turn(each, share)
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - what is wrong with one must not keep others waiting
                log.error("broadcast.broke", broadcast=each, error=self._story(error))  # noqa: TRY400 - the story tells where, and no values
        return again

    async def _turn(self, which: BroadcastId, room: int) -> bool:
        async with self._store.unit() as unit:
            found = await broadcasts.hold(unit, which, wait=False)
            if found is None:
                return True  # somebody else is at it
            turn = await flow.turn(
                unit,
                self._library,
                found,
                self._saying(),
                self._clock(),
                room=room,
                per_second=self._per_second,
            )
            if turn.tell and found.report is not None:
                await self._tell(unit, turn)
        if turn.progress.state is State.DONE:
            log.info("broadcast.done", broadcast=which, sent=turn.progress.sent)
        return turn.again

    async def _tell(self, unit: Unit, turn: flow.Turn) -> None:
        chat, progress = turn.broadcast.report, turn.progress
        assert chat is not None
        slot = view.slot(progress.broadcast)
        if not progress.state.over and await outbox.is_waiting(unit, chat, slot):
            return  # there will be newer figures when that has gone out
        reader = await learners.by_chat(unit, chat)
        if reader is None:
            return
        words = self._languages(reader.language)
        await outbox.add(
            unit,
            chat=chat,
            learner=reader.id,
            update_id=None,
            utterances=(view.told(words, progress),),
            at=self._clock(),
        )

    def _saying(self) -> Callable[[Broadcast, Learner], Say]:
        """Put it into words once for all who are told the very same."""
        said: dict[tuple[str, str], Say] = {}

        def say(broadcast: Broadcast, learner: Learner) -> Say:
            key = (learner.language, learner.timezone)
            if key not in said:
                words = self._languages(learner.language)
                said[key] = view.announcement(words, broadcast, learner.timezone)
            return said[key]

        return say

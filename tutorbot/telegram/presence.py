"""That this process sends, seen by all others on the database; and whether it still may.

What a process has claimed in the outbox is its own for as long as it is seen. One that stood still
for a while, as a stopped process or a machine put to sleep does, may have been taken for dead, and
what it had in hand be in other hands. It finds that out by its own clock before it sends anything,
and from the database whenever it writes down a fate.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import structlog

from tutorbot.store import outbox, senders
from tutorbot.store.senders import PATIENCE
from tutorbot.store.unit import Store

log = structlog.stdlib.get_logger()


def awake() -> float:
    """Seconds by a clock that goes on while the machine sleeps, where there is one."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if _HAS_BOOTTIME else time.monotonic()


class Presence:
    """One of the processes that send.

    Args:
        store: open
        patience: for how long the others wait for a sign of life; the same for all
        now: seconds since whenever; never set back
        new_name: for each time that it enters
    """

    def __init__(
        self,
        store: Store,
        *,
        patience: timedelta = PATIENCE,
        now: Callable[[], float] = awake,
        new_name: Callable[[], UUID] = uuid4,
    ) -> None:
        self._store = store
        self._patience = patience
        self._now = now
        self._new_name = new_name
        self._name: UUID | None = None
        self._seen = float("-inf")  # when it last began to say that it is there
        self._steady_since = float("-inf")
        self._left = False
        self._saying = asyncio.Lock()

    @property
    def _sure(self) -> float:
        """Seconds; what is begun by then is on its way before others take over."""
        return 0.8 * self._patience.total_seconds()

    @property
    def name(self) -> UUID | None:
        """In which to claim now; None while that would not hold."""
        return self._name if self.holds(self._name) else None

    def holds(self, name: UUID | None) -> bool:
        """Whether what was claimed in that name is ours at this moment."""
        return name is not None and name == self._name and self._now() - self._seen < self._sure

    async def be_seen(self) -> None:
        """Say that we are there, every other second; and give back what the dead had claimed.

        Raises:
            StoreUnavailable: nobody heard it
        """
        async with self._saying:
            if self._left:
                return
            began = self._now()
            if began - self._seen > self._sure:
                self._steady_since = began
            async with self._store.unit() as unit:
                name, known = self._name, self._name is not None
                if name is not None and not await senders.be_seen(unit, name):
                    # What came to be claimed in the old name while it was struck off.
                    await outbox.release(unit, [name])
                    log.warning("sender.was_taken_for_dead")
                    known = False
                if name is None or not known:
                    name = self._new_name()
                    await senders.enter(unit, name)
                # When the database was away, nobody was seen. Who comes back first must not take
                # the others for dead, who know of messages sent that are not written down yet.
                if began - self._steady_since > self._patience.total_seconds():
                    dead, messages = await senders.bury(unit, self._patience)
                    if dead:
                        log.warning("sender.dead", senders=len(dead), messages=messages)
            self._name, self._seen = name, began

    async def leave(self) -> None:
        """Send no more, and hand what is claimed over to the others.

        Raises:
            StoreUnavailable: they will notice by themselves
        """
        async with self._saying:
            self._left = True
            name, self._name = self._name, None
            if name is not None:
                async with self._store.unit() as unit:
                    await senders.leave(unit, name)


_HAS_BOOTTIME = hasattr(time, "CLOCK_BOOTTIME")

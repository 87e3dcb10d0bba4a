"""What befalls the bot, and when: all of it decided by the seed before anything begins."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.ordeal.house import Database, Service
from tutorbot.playground.faults import Trouble


@dataclass(frozen=True, kw_only=True)
class Blow:
    at: float  # seconds from the beginning
    kind: str  # kill, freeze, fast, immediate, rolling
    whom: int = 0  # place of the service
    seconds: float = 0.0  # that it lasts


KILL_EVERY = 6.0  # seconds, in the mean
FREEZE = 15.0  # seconds

_COMMON = {
    Trouble.FLOOD: 0.01,
    Trouble.INTERNAL: 0.01,
    Trouble.BAD_GATEWAY: 0.005,
    Trouble.DROP: 0.005,
    Trouble.HANG: 0.002,
    Trouble.APPLIED_DROP: 0.01,
    Trouble.APPLIED_SILENCE: 0.002,
}
LOST = 0.02
"""The share of requests that the balancer loses on the way to a process, and of answers back."""

TROUBLES = {
    "sendMessage": _COMMON,
    "sendPhoto": _COMMON,
    "sendRichMessage": _COMMON,
    "editMessageText": _COMMON,
    "editMessageReplyMarkup": _COMMON,
    "answerCallbackQuery": _COMMON,
    "getUpdates": {Trouble.INTERNAL: 0.02, Trouble.DROP: 0.02, Trouble.BAD_GATEWAY: 0.01},
    "": {},  # what is asked at the start is answered
}
"""By the playground; more than Telegram ever was seen to have."""


def blows(seed: int, seconds: float, services: int, kill_every: float) -> tuple[Blow, ...]:
    """All of them, in order of time."""
    dice = Random(f"{seed}/blows")
    found: list[Blow] = []
    at = dice.uniform(0.5, 1) * kill_every
    while at < seconds:
        found.append(Blow(at=at, kind="kill", whom=dice.randrange(services)))
        at += dice.uniform(0.3, 1.7) * kill_every
    long = seconds >= _A_MINUTE
    for share, kind in _RESTARTS if long else _FEW_RESTARTS:
        at = (share + dice.uniform(-0.05, 0.05)) * seconds
        found.append(Blow(at=at, kind=kind, seconds=dice.uniform(0.2, 3)))
    for number in range(int(seconds / _A_MINUTE)):
        at = (number + dice.uniform(0.1, 0.9)) * _A_MINUTE
        whom = dice.randrange(services)
        found.append(Blow(at=at, kind="freeze", whom=whom, seconds=FREEZE))
    if long:
        found.append(Blow(at=0.55 * seconds, kind="rolling"))
    return tuple(sorted(found, key=lambda blow: blow.at))


_A_MINUTE = 60
_RESTARTS = ((0.2, "fast"), (0.45, "immediate"), (0.7, "fast"), (0.9, "immediate"))
_FEW_RESTARTS = ((0.3, "fast"), (0.7, "immediate"))


class Misfortune:
    """Deals the blows while learners learn."""

    def __init__(
        self, planned: Sequence[Blow], services: Sequence[Service], database: Database
    ) -> None:
        self._planned = planned
        self._services = services
        self._database = database
        self.dealt: Counter[str] = Counter()
        self._lasting: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        began = time.monotonic()
        for blow in self._planned:
            await asyncio.sleep(max(0.0, began + blow.at - time.monotonic()))
            self._deal(blow)

    async def pass_over(self) -> None:
        """Wait until nobody is frozen, replaced or down any more, once `run` is over or cancelled.

        Not within `run`: a database whose restart was cancelled with it would stay down.
        """
        await asyncio.gather(*self._lasting)

    def _deal(self, blow: Blow) -> None:
        self.dealt[blow.kind] += 1
        service = self._services[blow.whom % len(self._services)]
        match blow.kind:
            case "kill":
                service.kill()
            case "freeze":
                self._last(service.freeze(blow.seconds))
            case "rolling":
                self._last(self._roll())
            case how:
                self._last(self._database.restart(how, blow.seconds))

    def _last(self, lasting: Coroutine[Any, Any, None]) -> None:
        self._lasting.add(asyncio.create_task(lasting))

    async def _roll(self) -> None:
        """Replace one process after the other, as in an upgrade."""
        for service in self._services:
            with suppress(TimeoutError):  # the next blow may have met it
                await service.replace()

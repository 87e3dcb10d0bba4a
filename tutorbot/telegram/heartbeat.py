"""The service notices by itself when it was down: it leaves a sign of life every minute."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from tutorbot.store import leave
from tutorbot.store.unit import Store
from tutorbot.telegram.incident import tell

SECONDS_BETWEEN = 60.0

log = structlog.stdlib.get_logger()


async def beat(store: Store, clock: Callable[[], datetime], *, last: bool = False) -> None:
    """Leave a sign of life; where the last is old, note the time between as an outage."""
    try:
        async with store.unit() as unit:
            outage = await leave.beat(unit, clock(), last=last)
    except Exception as error:  # noqa: BLE001 - without a database, that is what the next one finds
        tell("heartbeat.failed", error)
        return
    if outage:
        began, ended = outage
        log.warning("outage.noted", began=began.isoformat(), ended=ended.isoformat())


async def go_on_beating(
    store: Store, clock: Callable[[], datetime], seconds_between: float = SECONDS_BETWEEN
) -> None:
    """Leave a sign of life every minute, until cancelled."""
    while True:
        await asyncio.sleep(seconds_between)
        await beat(store, clock)

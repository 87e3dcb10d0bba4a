"""Rolls up how questions go, for those who look after them."""

from collections.abc import Callable
from datetime import datetime

import structlog

from tutorbot.store import items
from tutorbot.store.unit import Store

log = structlog.stdlib.get_logger()


async def roll_up_items(store: Store, clock: Callable[[], datetime]) -> int:
    """Count what is certain to be complete; return how many hours of answers came along.

    Each portion is one transaction, so whoever is killed leaves the rest for the next.

    Raises:
        StoreUnavailable: what was not done waits
    """
    portions, more = 0, True
    while more:
        async with store.unit() as unit:
            more = await items.roll_up(unit, clock())
        portions += more
    if portions:
        log.info("items.rolled_up", portions=portions)
    return portions

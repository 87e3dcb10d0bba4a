"""Learns from the first answers of all how hard questions are."""

from collections.abc import Callable
from datetime import datetime

import structlog

from tutorbot.flows.difficulty import AT_ONCE, learn
from tutorbot.flows.published import Library
from tutorbot.store.unit import Store

log = structlog.stdlib.get_logger()


async def learn_difficulties(store: Store, clock: Callable[[], datetime]) -> int:
    """Let ratings rest on all answers up to now; return how many came along.

    Each portion is one transaction, so whoever is killed leaves the rest for the next.

    Raises:
        StoreUnavailable: what was not done waits
    """
    library, learnt = Library(), 0
    while True:
        async with store.unit() as unit:
            some = await learn(unit, library, clock())
        learnt += some
        if some < AT_ONCE:
            break
    if learnt:
        log.info("difficulties.learnt", answers=learnt)
    return learnt

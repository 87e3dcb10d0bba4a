"""Tells everybody how a quiz went, once it is over for them and may be told."""

from collections.abc import Callable
from datetime import datetime

import structlog

from tutorbot.flows import assignments
from tutorbot.flows.published import Library
from tutorbot.jobs.reminders import Languages
from tutorbot.store import assignments as store_of, outbox
from tutorbot.store.assignments import ToTell
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store, Unit
from tutorbot.views import assignments as view

BATCH = 50

log = structlog.stdlib.get_logger()


async def tell_results(
    store: Store,
    library: Library,
    languages: Languages,
    clock: Callable[[], datetime],
    story: Callable[[BaseException], str],
    batch: int = BATCH,
) -> int:
    """Put the results of everybody whom nobody has told into the outbox; return how many.

    Each batch is one transaction, which also notes that they were told: so whoever is killed leaves
    either both behind or nothing, and nobody hears it twice.

    Raises:
        StoreUnavailable: what was not done is still to be done
    """
    told = 0
    while True:
        now = clock()
        async with store.unit() as unit:
            found = await store_of.to_tell(unit, now, batch)
            for each in found:
                told += await _tell(unit, library, each, now, languages, story)
        if len(found) < batch:
            break
    if told:
        log.info("assignments.told", count=told)
    return told


async def _tell(
    unit: Unit,
    library: Library,
    found: ToTell,
    now: datetime,
    languages: Languages,
    story: Callable[[BaseException], str],
) -> bool:
    learner = found.learner
    try:
        async with unit.apart():
            result = await assignments.tell(unit, library, found, now)
            if result is not None:
                await outbox.add(
                    unit,
                    chat=learner.chat,
                    learner=learner.id,
                    update_id=None,
                    utterances=(
                        view.told_later(languages(learner.language), *result, here=found.here),
                    ),
                    at=now,
                )
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - what is wrong with one learner must not keep others waiting
        log.error("assignment.broke", learner=learner.id, error=story(error))  # noqa: TRY400 - the story tells where, and no values
        await store_of.told(unit, found.assignment.id, learner.id, now)
        return False
    return result is not None

"""Says on Monday mornings how each class did."""

from collections.abc import Callable
from datetime import datetime

import structlog

from tutorbot.flows import digest
from tutorbot.flows.published import Library
from tutorbot.jobs.reminders import Languages
from tutorbot.store import outbox
from tutorbot.store.digests import Due
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store, Unit
from tutorbot.views import digest as view

BATCH = 10

log = structlog.stdlib.get_logger()


async def tell_weeks(
    store: Store,
    languages: Languages,
    clock: Callable[[], datetime],
    story: Callable[[BaseException], str],
    batch: int = BATCH,
) -> int:
    """Put a word about each class into the outbox in which it is Monday; return how many words.

    Each batch is one transaction, in which it is noted that the week was told: so whoever is killed
    leaves either both behind or neither, and several at once share the work.

    Raises:
        StoreUnavailable: what was not done is still due
    """
    library, told = Library(), 0
    while True:
        now = clock()
        async with store.unit() as unit:
            found = await digest.claim(unit, now, batch)
            for due in found:
                told += await _tell(unit, library, due, now, languages, story)
        if len(found) < batch:
            break
    if told:
        log.info("digests.said", count=told)
    return told


async def _tell(
    unit: Unit,
    library: Library,
    due: Due,
    now: datetime,
    languages: Languages,
    story: Callable[[BaseException], str],
) -> int:
    try:
        async with unit.apart():
            found = await digest.of_class(unit, library, due, now)
            if found is None:
                return 0
            said, readers = found
            for reader in readers:
                await outbox.add(
                    unit,
                    chat=reader.chat,
                    learner=reader.id,
                    update_id=None,
                    utterances=(view.digest(languages(reader.language), said),),
                    at=now,
                )
            return len(readers)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - what is wrong with one class must not keep others waiting
        log.error("digest.broke", class_id=due.class_id, error=story(error))  # noqa: TRY400 - the story tells where, and no values
        return 0

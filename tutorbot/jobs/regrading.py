"""Keys that are mended in the background: typed answers judged, large classes regraded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from gettext import NullTranslations

import structlog

from tutorbot.core.keys import Applied
from tutorbot.flows.regrading import Regrading
from tutorbot.store import learners, outbox, regrading
from tutorbot.store.regrading import Regrade
from tutorbot.store.unit import Store, Unit
from tutorbot.views import keys as view
from tutorbot.views.reply import Change, Say

JUDGED_AT_ONCE = 200
"""Typed answers of one portion, each of which is a transaction and tells how far it is."""

UNDER_WAY = timedelta(minutes=1)
"""The longest that an answer is on its way while a key is mended."""

log = structlog.stdlib.get_logger()


async def regrade_waiting(
    store: Store,
    mending: Regrading,
    words: Callable[[str], NullTranslations],
    clock: Callable[[], datetime],
) -> int:
    """Do what was left to the background; return how many keys were mended.

    Judging is kept portion by portion, so that whoever is killed leaves the rest for the next; a
    key is mended in one transaction, or not at all.

    Raises:
        StoreUnavailable: what was not done waits
    """
    done = 0
    for state in ("draft", "waiting"):
        async with store.unit() as unit:
            found = await regrading.in_state(unit, state, limit=100)
        for each in found:
            if each.report is None:
                continue
            await _judge(store, mending, words, each, clock)
            if state == "waiting":
                done += await _apply(store, mending, words, each, clock)
    async with store.unit() as unit:
        unswept = await regrading.unswept(unit, clock() - UNDER_WAY)
    for each in unswept:
        async with store.unit() as unit:
            await mending.sweep(unit, each, clock())
    if done:
        log.info("keys.mended", keys=done)
    return done


async def _judge(
    store: Store,
    mending: Regrading,
    words: Callable[[str], NullTranslations],
    regrade: Regrade,
    clock: Callable[[], datetime],
) -> None:
    left = 1
    while left:
        async with store.unit() as unit:
            left = await mending.judge_some(unit, regrade, JUDGED_AT_ONCE)
            if left or regrade.state == "draft":
                language = await _language(unit, regrade)
                await _report(unit, regrade, view.judging(words(language), regrade.id, left), clock)
            if not left and regrade.state == "draft":
                found = await regrading.find(unit, regrade.id)
                if found is not None and found.state == "draft":
                    await regrading.change_draft(unit, replace(found, report=None))


async def _apply(
    store: Store,
    mending: Regrading,
    words: Callable[[str], NullTranslations],
    regrade: Regrade,
    clock: Callable[[], datetime],
) -> bool:
    async with store.unit() as unit:
        held = await regrading.find(unit, regrade.id)
        if held is None or held.state != "waiting":
            return False  # somebody else was quicker
        targets = await mending.targets(unit, held)
        await mending.apply(unit, held, clock())
        found = await regrading.find(unit, held.id)
        counts = (found.counts if found else None) or {}
        done = Applied(regrade=held.id, title=targets[0].before.title, counts=counts)
        language = await _language(unit, held)
        (said,) = view.corrected(words(language), done)
        assert isinstance(said, Change)
        await _report(unit, held, said, clock)
    return True


async def _language(unit: Unit, regrade: Regrade) -> str:
    learner = await learners.by_chat(unit, regrade.report) if regrade.report else None
    return learner.language if learner else ""


async def _report(
    unit: Unit, regrade: Regrade, said: Say | Change, clock: Callable[[], datetime]
) -> None:
    assert regrade.report is not None
    learner = await learners.by_chat(unit, regrade.report)
    await outbox.add(
        unit,
        chat=regrade.report,
        learner=learner.id if learner else None,
        update_id=None,
        utterances=(said,),
        at=clock(),
    )

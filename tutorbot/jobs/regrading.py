"""Keys that are mended in the background: what is too much for a tap is done here, once."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from gettext import NullTranslations

import structlog

from tutorbot.core.keys import Applied, Gone, Tried, Undone
from tutorbot.flows.keys import Keys
from tutorbot.flows.publishing import Author
from tutorbot.store import courses, learners, outbox, regrading
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.regrading import Regrade
from tutorbot.store.rescoring import portions
from tutorbot.store.unit import Store, Unit
from tutorbot.views import keys as view
from tutorbot.views.reply import Change, Utterance

JUDGED_AT_ONCE = 200
"""Typed answers of one portion, each of which is kept, and tells how far it is."""

UNDER_WAY = timedelta(minutes=1)
"""The longest that an answer is on its way while a key is mended."""

log = structlog.stdlib.get_logger()


async def regrade_waiting(
    store: Store,
    keys: Keys,
    words: Callable[[str], NullTranslations],
    clock: Callable[[], datetime],
) -> int:
    """Do what was left to the background; return how many keys were mended, or put back.

    One that breaks holds up no other.

    Judging is kept portion by portion, so that whoever is killed leaves the rest for the next; a
    key is mended in one transaction, or not at all, and its row says in the same that it was.

    Raises:
        StoreUnavailable: what was not done waits
    """
    done, broke = 0, None
    async with store.unit() as unit:
        found = await regrading.put_off(unit)
    for each in found:
        try:
            if await _judge(store, keys, words, each, clock):
                done += await _finish(store, keys, words, each, clock)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, it is raised at the end
            broke = broke or error
    async with store.unit() as unit:
        unswept = await regrading.unswept(unit, clock() - UNDER_WAY)
    for each in unswept:
        async with store.unit() as unit:
            if await courses.lock_if_free(unit, each.course):  # else in the next round
                await keys.regrading.sweep(unit, each, clock())
    if done:
        log.info("keys.mended", keys=done)
    if broke:
        raise broke
    return done


async def _judge(
    store: Store,
    keys: Keys,
    words: Callable[[str], NullTranslations],
    regrade: Regrade,
    clock: Callable[[], datetime],
) -> bool:
    """Judge what is to be judged first; False if it was changed meanwhile, or dropped."""
    async with store.unit() as unit:
        unjudged = await keys.regrading.unjudged(unit, regrade)
    left = len(unjudged)
    for some in portions(tuple(unjudged.items()), JUDGED_AT_ONCE):
        found = await keys.regrading.judge(dict(some))
        left -= len(some)
        async with store.unit() as unit:
            if await keys.still(unit, regrade) is None:
                return False
            await regrading.keep_judged(unit, regrade.id, found)
            if left:
                language = await _language(unit, regrade)
                await _report(unit, regrade, view.judging(words(language), regrade.id, left), clock)
    return True


async def _finish(
    store: Store,
    keys: Keys,
    words: Callable[[str], NullTranslations],
    regrade: Regrade,
    clock: Callable[[], datetime],
) -> bool:
    """Do what was asked for, and say what came of it, in one transaction; True if a key changed."""
    async with store.unit() as unit:
        said: Sequence[Utterance] = ()
        in_words = words(await _language(unit, regrade))
        outcome = await _outcome(unit, keys, regrade, clock())
        match outcome:
            case Tried():
                said = view.dry_run(in_words, outcome)
            case Applied():
                said = view.corrected(in_words, outcome)
            case Undone():
                said = view.taken_back_at_last(in_words, outcome)
            case Gone():
                said = view.too_late(in_words, regrade.id)
            case None:
                pass
        for each in said:
            assert isinstance(each, Change)
            await _report(unit, regrade, each, clock)
    return isinstance(outcome, Applied | Undone)


async def _outcome(
    unit: Unit, keys: Keys, regrade: Regrade, at: datetime
) -> Tried | Applied | Undone | Gone | None:
    match regrade.state:
        case "waiting":
            return await keys.apply_put_off(unit, regrade, at)
        case "undoing":
            return await keys.undo_put_off(unit, regrade, at)
        case _:
            learner = await learners.by_chat(unit, regrade.report) if regrade.report else None
            # A chat with one person has that person's number.
            author = Author(learner=learner, telegram_id=int(learner.chat)) if learner else None
            return await keys.try_put_off(unit, author, regrade)


async def _language(unit: Unit, regrade: Regrade) -> str:
    learner = await learners.by_chat(unit, regrade.report) if regrade.report else None
    return learner.language if learner else ""


async def _report(
    unit: Unit, regrade: Regrade, said: Change, clock: Callable[[], datetime]
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

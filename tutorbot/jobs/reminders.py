"""Reminds everybody whose time has come."""

from collections.abc import Callable
from datetime import datetime
from gettext import NullTranslations

import structlog

from tutorbot.core.noted import Reminded
from tutorbot.flows import reminders
from tutorbot.flows.reminders import Call, Due
from tutorbot.store import outbox
from tutorbot.store.errors import StoreUnavailable
from tutorbot.store.unit import Store, Unit
from tutorbot.views import reminders as view

BATCH = 100

Languages = Callable[[str], NullTranslations]

log = structlog.stdlib.get_logger()


async def remind(
    store: Store,
    languages: Languages,
    clock: Callable[[], datetime],
    story: Callable[[BaseException], str],
    batch: int = BATCH,
) -> int:
    """Put a reminder into the outbox for everybody whose time has come; return how many.

    Each batch is one transaction: it looks anew, puts the words into the outbox, and says when to
    look next. So whoever is killed leaves either all of it behind or nothing, and several at once
    share the work.

    Raises:
        StoreUnavailable: what was not done is still due
    """
    reminded = 0
    while True:
        now = clock()
        async with store.unit() as unit:
            found = await reminders.claim(unit, now, batch)
            for due in found:
                reminded += await _remind(unit, due, now, languages, story)
        if len(found) < batch:
            break
    if reminded:
        log.info("reminders.said", count=reminded)
    return reminded


async def _remind(
    unit: Unit,
    due: Due,
    now: datetime,
    languages: Languages,
    story: Callable[[BaseException], str],
) -> bool:
    try:
        async with unit.apart():
            call = await reminders.look(unit, due, now)
            if call is not None:
                await _say(unit, call, now, languages)
                unit.note(Reminded())
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - what is wrong with one learner must not keep others waiting
        log.error("reminder.broke", learner=due.learner.id, error=story(error))  # noqa: TRY400 - the story tells where, and no values
        await reminders.put_aside(unit, due, now)
        return False
    return call is not None


async def _say(unit: Unit, call: Call, now: datetime, languages: Languages) -> None:
    words = languages(call.learner.language)
    said = view.reminder(
        words,
        run=call.run,
        left=call.left,
        reviews=call.reviews,
        last=call.last,
        may_snooze=call.may_snooze,
    )
    await outbox.add(
        unit,
        chat=call.learner.chat,
        learner=call.learner.id,
        update_id=None,
        utterances=(said,),
        at=now,
    )

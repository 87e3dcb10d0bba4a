"""The short way of a reply: claimed as it is put in line, and written down together with others."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tutorbot.core.actions import FormulaForm, Theme
from tutorbot.core.learner import Learner
from tutorbot.core.prose import words
from tutorbot.store import in_hand, learners, outbox, senders
from tutorbot.store.in_hand import Arrived, InHand
from tutorbot.store.outbox import After
from tutorbot.store.unit import Unit
from tutorbot.views.reply import Change, Reply, Say

pytestmark = pytest.mark.postgres

ADA, BOB = UUID(int=1), UUID(int=2)


async def add(
    unit: Unit, learner: Learner, now: datetime, *said: Say | Change, owner: UUID | None = None
) -> InHand | None:
    return await in_hand.add(
        unit,
        chat=learner.chat,
        learner=learner.id,
        update_id=7,
        utterances=said,
        at=now,
        now=now,
        owner=owner,
    )


def say(text: str, slot: str | None = None) -> Say:
    return Say(reply=Reply(prose=(words(text),)), slot=slot)


async def test_what_is_in_hand_is_handed_out_to_nobody_else_in_the_order_said(
    unit: Unit, learner: Learner, noon: datetime
) -> None:
    said = (say("one"), say("two"), say("three"))
    taken = await add(unit, learner, noon, *said)
    assert taken
    assert tuple(row.utterance for row in taken.rows) == said
    ids = [row.id for row in taken.rows]
    assert ids == sorted(ids)
    assert not await outbox.claim(unit, chat=learner.chat, limit=10, now=noon)
    await outbox.release_all(unit)  # as at the next start, if it was never sent
    again = await outbox.claim(unit, chat=learner.chat, limit=10, now=noon)
    assert tuple(row.utterance for row in again) == said


async def test_behind_what_waits_nothing_is_taken_in_hand(
    unit: Unit, learner: Learner, noon: datetime
) -> None:
    first = await add(unit, learner, noon, say("one"))
    assert first
    assert await add(unit, learner, noon, say("two")) is None
    await outbox.sent(unit, first.rows[0].id, 55, noon)
    (second,) = await outbox.claim(unit, chat=learner.chat, limit=10, now=noon)
    assert second.utterance == say("two")


async def test_who_takes_it_in_hand_knows_the_message_to_change_and_how_formulas_are_liked(
    unit: Unit, learner: Learner, noon: datetime
) -> None:
    await learners.set_formulas(unit, learner.id, FormulaForm.NATIVE, Theme.DARK)
    before = await add(unit, learner, noon, say("a card", "card"))
    assert before
    await outbox.sent(unit, before.rows[0].id, 55, noon)
    change = Change(slot="card", reply=Reply(prose=()))
    taken = await add(unit, learner, noon, change, say("a card", "card"), change)
    assert taken
    assert (taken.form, taken.theme) == (FormulaForm.NATIVE, Theme.DARK)
    assert [row.message for row in taken.rows] == [55, None, None], "the last is of the one before"


async def test_fates_of_many_are_written_at_once_and_not_of_what_others_have(
    unit: Unit, learner: Learner, stranger: Learner, noon: datetime
) -> None:
    for sender in (ADA, BOB):
        await senders.enter(unit, sender)
    mine = await add(unit, learner, noon, say("one"), owner=ADA)
    theirs = await add(unit, stranger, noon, say("three"), owner=BOB)
    assert mine
    assert theirs
    rows = [*mine.rows, *theirs.rows]
    arrived = [
        Arrived(row=row.id, message=number, at=noon + timedelta(seconds=1), owner=ADA)
        for number, row in enumerate(rows)
    ]
    fates = await in_hand.arrived(unit, arrived)
    assert [fates[row.id] for row in rows] == [After.EMPTY, After.TAKEN]
    assert await outbox.depth(unit) == 1

"""Several processes send from one outbox: what is one's is nobody else's while it lives."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tutorbot.core.ids import ChatId
from tutorbot.core.prose import words
from tutorbot.store import outbox, senders
from tutorbot.store.outbox import STALE, After
from tutorbot.store.unit import Store, Unit
from tutorbot.views.reply import Reply, Say

pytestmark = pytest.mark.postgres

HERE, THERE = ChatId(101), ChatId(102)
ADA, BOB = UUID(int=1), UUID(int=2)


async def add(unit: Unit, at: datetime, *said: str, chat: ChatId = HERE) -> Sequence[int]:
    says = [Say(reply=Reply(prose=(words(each),))) for each in said]
    return await outbox.add(unit, chat=chat, learner=None, update_id=None, utterances=says, at=at)


async def claim(
    unit: Unit, now: datetime, owner: UUID | None, chat: ChatId | None = HERE
) -> list[int]:
    claimed = await outbox.claim(unit, chat=chat, limit=10, now=now, owner=owner)
    return [row.id for row in claimed]


async def unseen(unit: Unit, sender: UUID, seconds: float) -> None:
    back = "UPDATE senders SET seen_at = seen_at - make_interval(secs => :back) WHERE id = :id"
    await unit.execute(text(back), {"back": seconds, "id": sender})


async def both(unit: Unit) -> None:
    for sender in (ADA, BOB):
        await senders.enter(unit, sender)


async def test_what_the_living_have_claimed_stays_theirs_however_long_it_takes(
    unit: Unit, noon: datetime
) -> None:
    await both(unit)
    row, _ = await add(unit, noon, "1", "2")
    assert await claim(unit, noon, ADA) == [row, row + 1]
    await unseen(unit, ADA, 9)
    assert await senders.bury(unit) == ([], 0)
    assert await claim(unit, noon + 10 * STALE, BOB) == []
    assert await outbox.waiting(unit, noon + 10 * STALE) == ()
    assert await outbox.sent(unit, row, 55, noon, owner=ADA) is After.MORE
    assert await outbox.sent(unit, row + 1, 56, noon, owner=ADA) is After.EMPTY


async def test_what_the_dead_had_claimed_is_sent_by_others_in_order(
    unit: Unit, noon: datetime
) -> None:
    await both(unit)
    rows = await add(unit, noon, "1", "2")
    await claim(unit, noon, ADA)
    await unseen(unit, ADA, 11)
    assert await senders.bury(unit) == ([ADA], 2)
    assert await claim(unit, noon, BOB) == list(rows)
    assert not await senders.be_seen(unit, ADA)
    assert await senders.be_seen(unit, BOB)


async def test_who_comes_back_writes_no_fate_over_what_another_has_in_hand(
    unit: Unit, noon: datetime
) -> None:
    await both(unit)
    first, second = await add(unit, noon, "1", "2")
    await claim(unit, noon, ADA)
    await unseen(unit, ADA, 11)
    await senders.bury(unit)
    await claim(unit, noon, BOB)
    until = noon + timedelta(hours=1)
    assert await outbox.later(unit, first, until, "timed out", owner=ADA) is After.TAKEN
    assert await outbox.refused(unit, first, "blocked", noon, owner=ADA) is After.TAKEN
    assert await outbox.sent(unit, first, 55, noon, owner=ADA) is After.TAKEN
    assert await outbox.sent(unit, first, 56, noon, owner=BOB) is After.MORE
    assert await outbox.later(unit, second, noon, "too fast", owner=BOB) is After.MORE
    assert await claim(unit, noon, BOB) == [second]


async def test_what_came_of_a_message_that_nobody_has_taken_up_yet_is_worth_knowing(
    unit: Unit, noon: datetime
) -> None:
    await both(unit)
    (row,) = await add(unit, noon, "1")
    await claim(unit, noon, ADA)
    await unseen(unit, ADA, 11)
    await senders.bury(unit)
    assert await outbox.sent(unit, row, 55, noon, owner=ADA) is After.EMPTY
    assert await claim(unit, noon, BOB) == []


async def test_putting_a_message_off_gives_back_nothing_of_others(
    unit: Unit, noon: datetime
) -> None:
    await both(unit)
    first, second, third = await add(unit, noon, "1", "2", "3")
    await outbox.claim(unit, chat=HERE, limit=2, now=noon, owner=ADA)
    await senders.leave(unit, ADA)
    await outbox.claim(unit, chat=HERE, limit=3, now=noon, owner=BOB)
    await outbox.sent(unit, first, 1, noon, owner=BOB)
    assert await outbox.later(unit, second, noon, "late", owner=ADA) is After.TAKEN
    assert await outbox.sent(unit, third, 3, noon, owner=BOB) is After.EMPTY


async def test_who_leaves_hands_over_at_once(unit: Unit, noon: datetime) -> None:
    await both(unit)
    rows = await add(unit, noon, "1", "2")
    (other,) = await add(unit, noon, "3", chat=THERE)
    await claim(unit, noon, BOB, THERE)
    await claim(unit, noon, ADA)
    assert await senders.leave(unit, ADA) == 2
    assert await claim(unit, noon, BOB, None) == list(rows)
    assert await outbox.sent(unit, other, 1, noon, owner=BOB) is After.EMPTY


@pytest.mark.parametrize(
    "owner",
    [
        None,  # as versions claim that know no senders
        UUID(int=9),  # taken for dead while the claim was on its way
    ],
)
async def test_a_claim_of_nobody_known_holds_for_a_minute(
    unit: Unit, noon: datetime, owner: UUID | None
) -> None:
    await both(unit)
    (row,) = await add(unit, noon, "1")
    assert await claim(unit, noon, owner) == [row]
    assert await claim(unit, noon + STALE - timedelta(seconds=1), ADA) == []
    assert await claim(unit, noon + STALE, ADA) == [row]
    assert await claim(unit, noon + 2 * STALE, BOB) == []


async def test_what_one_does_not_send_after_all_can_be_claimed_again(
    unit: Unit, noon: datetime
) -> None:
    await both(unit)
    rows = await add(unit, noon, "1", "2")
    await claim(unit, noon, ADA)
    assert await claim(unit, noon, ADA) == []
    assert await outbox.release_chat(unit, HERE, owner=BOB) == 0
    assert await outbox.release_chat(unit, HERE, owner=ADA) == 2
    assert await claim(unit, noon, ADA) == list(rows)


async def test_of_many_who_find_somebody_dead_one_gives_back_what_was_theirs(
    store: Store, noon: datetime
) -> None:
    async with store.unit() as unit:
        await both(unit)
        rows = await add(unit, noon, "1")
        await claim(unit, noon, ADA)
        await unseen(unit, ADA, 11)
    async with store.unit() as one, store.unit() as other:
        assert await senders.bury(one) == ([ADA], 1)
        assert await senders.bury(other) == ([], 0)  # and waits for nobody
        assert await senders.be_seen(other, BOB)
    async with store.unit() as unit:
        assert await claim(unit, noon, BOB) == list(rows)


async def test_a_message_that_went_out_in_part_goes_on_behind_it(
    unit: Unit, noon: datetime
) -> None:
    await both(unit)
    (row,) = await add(unit, noon, "1")
    await claim(unit, noon, ADA)
    await outbox.later(unit, row, noon, "too fast", parts=(("a", 55), ("b", 56)), owner=ADA)
    (found,) = await outbox.claim(unit, chat=HERE, limit=1, now=noon, owner=BOB)
    assert found.parts == (("a", 55), ("b", 56))

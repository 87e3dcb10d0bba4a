import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text

from tutorbot.core.ids import ChatId
from tutorbot.core.prose import words
from tutorbot.store import outbox
from tutorbot.store.outbox import STALE, Outgoing
from tutorbot.store.unit import Store, Unit
from tutorbot.views.reply import Change, Reply, Say

pytestmark = pytest.mark.postgres

HERE, THERE = ChatId(101), ChatId(102)


def _say(what: str, slot: str | None = None) -> Say:
    return Say(reply=Reply(prose=(words(what),)), slot=slot)


async def _add(unit: Unit, chat: ChatId, at: datetime, *utterances: Say | Change) -> Sequence[int]:
    return await outbox.add(
        unit, chat=chat, learner=None, update_id=None, utterances=utterances, at=at
    )


async def _claim(
    unit: Unit, now: datetime, chat: ChatId | None = None, limit: int = 10
) -> list[int]:
    return [row.id for row in await outbox.claim(unit, chat=chat, limit=limit, now=now)]


async def test_what_is_to_be_said_comes_out_as_it_went_in(unit: Unit, noon: datetime) -> None:
    say, change = _say("Right!", "card"), Change(slot="card", reply=_say("x").reply)
    ids = await outbox.add(
        unit, chat=HERE, learner=None, update_id=7, utterances=(say, change), at=noon
    )
    assert await outbox.claim(unit, chat=HERE, limit=10, now=noon) == tuple(
        Outgoing(
            id=row,
            chat=HERE,
            learner=None,
            update_id=7,
            utterance=utterance,
            tries=1,
            created_at=noon,
        )
        for row, utterance in zip(ids, (say, change), strict=True)
    )


async def test_what_was_surely_not_sent_is_no_try(unit: Unit, noon: datetime) -> None:
    (row,) = await _add(unit, HERE, noon, _say("hello"))
    for surely, tries in ((True, 1), (True, 1), (False, 1), (True, 2), (False, 2)):
        (found,) = await outbox.claim(unit, chat=HERE, limit=1, now=noon)
        assert found.tries == tries
        await outbox.later(unit, row, noon, "too fast", surely_not_sent=surely)


async def test_who_waited_behind_another_was_not_tried(unit: Unit, noon: datetime) -> None:
    await _add(unit, HERE, noon, _say("1"), _say("2"))
    for tries in (1, 2, 3):
        first, second = await outbox.claim(unit, chat=HERE, limit=2, now=noon)
        assert (first.tries, second.tries) == (tries, 1)
        await outbox.later(unit, first.id, noon, "timed out")


async def test_as_many_waiting_chats_are_listed_as_asked_for(unit: Unit, noon: datetime) -> None:
    for chat in (THERE, HERE):
        await _add(unit, chat, noon, _say("hello"))
    assert await outbox.waiting(unit, noon, limit=1) == (THERE,)
    assert await outbox.waiting(unit, noon) == (THERE, HERE)


async def test_saying_nothing_adds_nothing(unit: Unit, noon: datetime) -> None:
    assert await _add(unit, HERE, noon) == ()


async def test_the_oldest_goes_first_and_no_more_than_asked_for(unit: Unit, noon: datetime) -> None:
    first, second = await _add(unit, HERE, noon, _say("1"), _say("2"))
    (other,) = await _add(unit, THERE, noon, _say("3"))
    assert await _claim(unit, noon, limit=1) == [first]
    assert await _claim(unit, noon) == [other]  # the second must wait for the first
    await outbox.sent(unit, first, 1, noon)
    assert await _claim(unit, noon) == [second]


async def test_a_chat_is_sent_to_by_one_at_a_time(unit: Unit, noon: datetime) -> None:
    (first,) = await _add(unit, HERE, noon, _say("1"))
    assert await _claim(unit, noon, HERE) == [first]
    (second,) = await _add(unit, HERE, noon, _say("2"))
    assert await outbox.waiting(unit, noon) == ()
    assert await _claim(unit, noon, HERE) == []
    await outbox.sent(unit, first, 1, noon)
    assert await outbox.waiting(unit, noon) == (HERE,)
    assert await _claim(unit, noon, HERE) == [second]


async def test_what_was_put_off_holds_up_its_chat_and_no_other(unit: Unit, noon: datetime) -> None:
    first, second = await _add(unit, HERE, noon, _say("1"), _say("2"))
    (other,) = await _add(unit, THERE, noon, _say("3"))
    assert await _claim(unit, noon) == [first, second, other]
    until = noon + timedelta(seconds=30)
    await outbox.later(unit, first, until, "too many requests")
    assert await _claim(unit, until - timedelta(seconds=1)) == []
    assert await outbox.waiting(unit, until) == (HERE,)
    assert await _claim(unit, until) == [first, second]


async def test_nothing_overtakes_what_was_put_off_in_the_middle(unit: Unit, noon: datetime) -> None:
    ids = await _add(unit, HERE, noon, _say("1"), _say("2"), _say("3"))
    first, second, _ = await _claim(unit, noon)
    until = noon + timedelta(seconds=30)
    await outbox.later(unit, second, until, "too many requests")
    await outbox.later(unit, first, noon, "too many requests")
    assert await _claim(unit, noon) == [first]
    await outbox.sent(unit, first, 1, noon)
    assert await _claim(unit, until) == list(ids[1:])


async def test_what_a_dead_process_claimed_is_handed_out_again(unit: Unit, noon: datetime) -> None:
    (first,) = await _add(unit, HERE, noon, _say("1"))
    assert await _claim(unit, noon) == [first]
    assert await _claim(unit, noon + STALE - timedelta(seconds=1)) == []
    (again,) = await outbox.claim(unit, chat=None, limit=10, now=noon + STALE)
    assert (again.id, again.tries) == (first, 2)


async def test_a_start_gives_back_what_was_claimed_before_it(unit: Unit, noon: datetime) -> None:
    ids = await _add(unit, HERE, noon, _say("1"), _say("2"))
    await _claim(unit, noon)
    assert await outbox.release_all(unit) == 2
    assert await _claim(unit, noon) == list(ids)


async def test_what_has_a_fate_is_never_sent_again(unit: Unit, noon: datetime) -> None:
    sent, refused, unknown = await _add(unit, HERE, noon, _say("1"), _say("2"), _say("3"))
    await outbox.sent(unit, sent, 55, noon)
    await outbox.refused(unit, refused, "bot was blocked\0", noon)
    await outbox.unknown(unit, unknown, "timed out", noon)
    await outbox.later(unit, refused, noon, "a late word changes nothing")
    await outbox.refused(unit, sent, "neither does this", noon)
    assert await outbox.depth(unit) == 0
    assert await _claim(unit, noon + STALE) == []
    fates = await unit.execute(text("SELECT fate, message_id, why FROM outbox ORDER BY id"))
    assert [tuple(row) for row in fates] == [
        ("sent", 55, None),
        ("refused", None, "bot was blocked�"),
        ("unknown", None, "timed out"),
    ]


async def test_a_slot_is_the_message_that_last_took_its_name(unit: Unit, noon: datetime) -> None:
    old, new, waiting = await _add(
        unit, HERE, noon, _say("1", "card"), _say("2", "card"), _say("3", "card")
    )
    assert await outbox.message_of(unit, HERE, "card") is None
    await outbox.sent(unit, new, 56, noon)
    await outbox.sent(unit, old, 55, noon)
    assert await outbox.message_of(unit, HERE, "card") == 56
    assert await outbox.message_of(unit, HERE, "other") is None
    assert await outbox.message_of(unit, THERE, "card") is None
    await outbox.refused(unit, waiting, "blocked", noon)
    assert await outbox.message_of(unit, HERE, "card") == 56


async def test_what_this_version_cannot_read_does_not_stop_its_chat(
    unit: Unit, noon: datetime
) -> None:
    broken, sound = await _add(unit, HERE, noon, _say("1"), _say("2"))
    await unit.execute(
        text('UPDATE outbox SET body = \'{"is": "Song"}\' WHERE id = :id'), {"id": broken}
    )
    assert await _claim(unit, noon) == [sound]
    assert await outbox.depth(unit) == 1


async def test_only_what_has_had_its_fate_for_long_is_forgotten(unit: Unit, noon: datetime) -> None:
    old, new, waiting = await _add(unit, HERE, noon, _say("1"), _say("2"), _say("3"))
    await outbox.sent(unit, old, 1, noon - timedelta(days=2))
    await outbox.sent(unit, new, 2, noon)
    assert await outbox.prune(unit, noon - timedelta(days=1)) == 1
    assert await _claim(unit, noon) == [waiting]


async def test_senders_at_once_keep_the_order_of_each_chat_and_send_once(
    store: Store, noon: datetime
) -> None:
    chats = [ChatId(number) for number in range(6)]
    said: dict[ChatId, list[int]] = {chat: [] for chat in chats}
    meant: dict[ChatId, list[int]] = {chat: [] for chat in chats}
    written = asyncio.Event()

    async def write(dice: Random) -> None:
        for _ in range(60):
            chat = dice.choice(chats)
            async with store.unit() as unit:
                meant[chat] += await _add(unit, chat, noon, *[_say("x")] * dice.randint(1, 3))
        written.set()

    async def send(dice: Random) -> None:
        waiting = 1
        while waiting or not written.is_set():
            async with store.unit() as unit:
                chat = dice.choice([None, *chats])
                rows = await outbox.claim(unit, chat=chat, limit=4, now=noon)
            put_off: set[ChatId] = set()
            for row in rows:
                if row.chat in put_off:
                    continue
                async with store.unit() as unit:
                    if dice.random() < 0.1:
                        await outbox.later(unit, row.id, noon, "too many requests")
                        put_off.add(row.chat)
                    else:
                        said[row.chat].append(row.id)
                        await outbox.sent(unit, row.id, row.id, noon)
            async with store.unit() as unit:
                waiting = await outbox.depth(unit)

    dices = [Random(seed) for seed in range(4)]
    await asyncio.gather(write(dices[0]), *(send(dice) for dice in dices[1:]))
    assert said == meant

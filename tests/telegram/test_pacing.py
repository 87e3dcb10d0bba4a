"""The pacer against the playground's count of what Telegram takes, most of it in virtual time."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from tutorbot.core.ids import ChatId
from tutorbot.core.pacing import Lane, Pace, Rate
from tutorbot.core.prose import words
from tutorbot.playground import Playground
from tutorbot.playground.limits import Limits, Meter
from tutorbot.playground.testing import VirtualTime
from tutorbot.store import outbox, pacing
from tutorbot.store.unit import Store, Unit
from tutorbot.telegram.gate import Gate
from tutorbot.telegram.pacing import LANE, OwnBudget, Pacer, SharedBudget, cost
from tutorbot.telegram.request import FloodError
from tutorbot.views.reply import Reply, Say

if TYPE_CHECKING:
    from tests.telegram.conftest import House

ADA, BEN, CLASS = 101, 102, -7
LIKE_THE_PLAYGROUND = Pace(chat=Rate(per_second=1, burst=3))

Done = TypeVar("Done")


def in_virtual_time(work: Coroutine[Any, Any, Done]) -> Done:
    with asyncio.Runner(loop_factory=VirtualTime) as runner:
        return runner.run(work)


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Line:
    """To a Telegram that counts as the playground does."""

    pacer: Pacer
    limits: Limits = field(default_factory=Limits)
    sent: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    refused: int = 0

    def __post_init__(self) -> None:
        self.meter = Meter(self.limits)

    async def send(
        self, chat: int, lane: Lane | None = None, method: str = "sendMessage", **more: Any
    ) -> float:
        """Send once; return the seconds waited for the turn."""
        asked = now()

        async def call(*_: Any, **__: Any) -> bool:
            wait = self.meter.spend(chat, now()) if cost(method, more) else None
            if wait is not None:
                self.refused += 1
                raise FloodError(wait)
            self.sent.append((now(), chat))
            return True

        data = {"chat_id": chat, **more}
        await self.pacer.process_request(call, (), {}, method, data, lane)
        return self.sent[-1][0] - asked

    async def bring(self, chat: int, lane: Lane) -> float:
        """As the outbox does: put off for as long as told, until it is sent."""
        asked = now()
        while True:
            try:
                await self.send(chat, lane)
            except FloodError as flood:
                await asyncio.sleep(flood.seconds)
            else:
                return now() - asked

    async def broadcast(self, chats: range) -> None:
        """As the sender does: a few at once."""
        left = iter(chats)

        async def lane() -> None:
            for chat in left:
                await self.bring(chat, Lane.BULK)

        async with asyncio.TaskGroup() as group:
            for _ in range(16):
                group.create_task(lane())


# In virtual time


def test_a_broadcast_gets_all_that_is_allowed_and_no_refusal():
    async def work() -> tuple[Line, float]:
        line = Line(Pacer(LIKE_THE_PLAYGROUND))
        await line.broadcast(range(1000, 4000))
        return line, now()

    line, took = in_virtual_time(work())
    assert line.refused == 0
    assert {chat for _, chat in line.sent} == set(range(1000, 4000))
    assert took == pytest.approx(3000 / 30, rel=0.01)


def test_who_taps_is_answered_at_once_during_a_broadcast():
    async def work() -> tuple[Line, list[float]]:
        line = Line(Pacer(LIKE_THE_PLAYGROUND))
        broadcast = asyncio.create_task(line.broadcast(range(1000, 3000)))
        waits: list[float] = []
        for learner in range(100):
            await asyncio.sleep(0.4)
            waits += [await line.bring(learner, Lane.INTERACTIVE) for _ in range(2)]
        await broadcast
        return line, waits

    line, waits = in_virtual_time(work())
    assert line.refused == 0
    assert max(waits) <= 0.25


def test_a_class_that_taps_all_the_time_leaves_something_to_the_bulk():
    async def work() -> Line:
        line = Line(Pacer(Pace()), Limits(chat_burst=20))
        end = now() + 20

        async def tap(learner: int) -> None:
            while now() < end:
                await line.bring(learner, Lane.INTERACTIVE)

        async with asyncio.TaskGroup() as group:
            for learner in range(1, 61):
                group.create_task(tap(learner))
            group.create_task(line.broadcast(range(1000, 1100)))
        return line

    line = in_virtual_time(work())
    assert line.refused == 0
    bulk = [at for at, chat in line.sent if chat >= 1000]
    assert len(bulk) == 100
    assert max(bulk) < 20


def test_a_loud_group_is_put_off_and_holds_up_nobody():
    async def work() -> tuple[Line, float]:
        line = Line(Pacer(LIKE_THE_PLAYGROUND))
        async with asyncio.TaskGroup() as group:
            for _ in range(40):
                group.create_task(line.bring(CLASS, Lane.INTERACTIVE))
            ada = group.create_task(line.bring(ADA, Lane.INTERACTIVE))
        return line, ada.result()

    line, waited = in_virtual_time(work())
    assert line.refused == 0
    assert waited < 0.2
    times = [at for at, chat in line.sent if chat == CLASS]
    assert len(times) == 40
    assert all(sum(begin <= at < begin + 60 for at in times) <= 20 for begin in times)


def test_who_would_wait_long_is_told_at_once_how_long():
    async def work() -> tuple[float, float]:
        line = Line(Pacer(Pace(chat=Rate(per_second=0.1, burst=1))))
        await line.send(ADA, Lane.BULK)
        with pytest.raises(FloodError) as told:
            await line.send(ADA, Lane.BULK)
        assert now() < 0.1
        await asyncio.sleep(told.value.seconds)
        return told.value.seconds, await line.send(ADA, Lane.BULK)

    seconds, waited = in_virtual_time(work())
    assert seconds == pytest.approx(10, abs=0.1)
    assert waited < 0.1


def test_what_is_free_never_waits():
    async def work() -> float:
        line = Line(Pacer(LIKE_THE_PLAYGROUND))
        broadcast = asyncio.create_task(line.broadcast(range(1000, 1300)))
        await asyncio.sleep(1)
        waited = await line.send(ADA, method="answerCallbackQuery")
        await broadcast
        return waited

    assert in_virtual_time(work()) == 0


def test_what_telegram_says_of_a_chat_holds_for_that_chat_alone():
    async def work() -> None:
        line = Line(Pacer(Pace()))
        loud = True

        async def call() -> bool:
            if loud:
                raise FloodError(17)
            return True

        async def send(chat: int) -> None:
            await line.pacer.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, None)

        with pytest.raises(FloodError, match="17"):
            await send(ADA)
        loud = False
        await send(BEN)
        begin = now()
        with pytest.raises(FloodError) as told:
            await send(ADA)
        assert told.value.seconds + begin == pytest.approx(17, abs=0.2)
        await asyncio.sleep(told.value.seconds)
        await send(ADA)

    in_virtual_time(work())


@pytest.mark.slow
def test_refusals_in_many_chats_slow_all_down_for_a_while():
    """Telegram takes less than we thought."""

    async def work() -> Line:
        line = Line(Pacer(Pace()), Limits(overall_per_second=20))
        await line.broadcast(range(1000, 7000))
        return line

    line = in_virtual_time(work())
    assert len(line.sent) == 6000
    assert line.refused < 300


def test_who_goes_away_while_waiting_leaves_the_line():
    async def work() -> None:
        line = Line(Pacer(LIKE_THE_PLAYGROUND))
        waiting = [asyncio.create_task(line.send(chat)) for chat in range(1, 20)]
        await asyncio.sleep(0.1)
        for task in waiting[:-1]:
            task.cancel()
        assert await waiting[-1] <= 0.3

    in_virtual_time(work())


def test_an_album_counts_as_its_pictures():
    async def work() -> float:
        line = Line(Pacer(Pace()))
        for chat in range(10):
            await line.send(chat + 1, method="sendMediaGroup", media=[1] * 10)
        return now()

    assert in_virtual_time(work()) == pytest.approx(90 / 30, abs=0.2)


@pytest.mark.parametrize(
    ("endpoint", "data", "counted"),
    [
        ("sendMessage", {}, 1),
        ("sendRichMessage", {}, 1),
        ("sendMediaGroup", {"media": [1, 2, 3]}, 3),
        ("forwardMessages", {"message_ids": [1, 2]}, 2),
        ("copyMessage", {}, 1),
        ("editMessageText", {}, 1),
        ("editMessageReplyMarkup", {}, 1),
        ("editMessageMedia", {"media": {"type": "photo"}}, 1),
        ("sendChatAction", {}, 0),
        ("answerCallbackQuery", {}, 0),
        ("getFile", {}, 0),
        ("setMyCommands", {}, 0),
        ("deleteMessage", {}, 0),
        ("deleteEphemeralMessage", {}, 0),
        ("editForumTopic", {}, 0),
    ],
)
def test_edits_count_and_what_shows_nothing_is_free(
    endpoint: str, data: dict[str, Any], counted: int
):
    assert cost(endpoint, data) == counted


# The budget of all


@pytest.mark.postgres
async def test_two_places_are_never_one(unit: Unit):
    slow = Rate(per_second=0.001, burst=2)
    first, second, two, last = [
        await pacing.reserve(unit, "all", slow, messages) for messages in (1, 1, 2, 1)
    ]
    assert [first, second, two, last] == pytest.approx([-1000, 0, 1000, 3000], abs=60)
    other = await pacing.reserve(unit, "else", slow, 1)
    assert other == pytest.approx(-1000, abs=60)


@pytest.mark.postgres
async def test_what_cannot_be_spent_now_is_not_spent(unit: Unit):
    slow = Rate(per_second=0.001, burst=2)
    waits = [await pacing.take(unit, "chat -7", slow, 1) for _ in range(4)]
    assert waits == pytest.approx([0, 0, 1000, 1000], abs=60)
    assert await pacing.take(unit, "chat -8", slow, 1) == 0
    assert await pacing.prune(unit) == 0


@pytest.mark.postgres
async def test_processes_share_what_a_group_takes(store: Store):
    lines = [Line(Pacer(Pace(), SharedBudget(store))) for _ in range(3)]
    for line in lines * 2:
        with suppress(FloodError):
            await line.send(CLASS)
    assert [len(line.sent) for line in lines] == [2, 2, 1]


@pytest.mark.postgres
async def test_processes_share_what_telegram_takes(store: Store):
    slow = Rate(per_second=0.001, burst=1)
    one, other = SharedBudget(store), SharedBudget(store)
    places = await asyncio.gather(*(each.reserve(slow, 1) for each in (one, other) * 5))
    assert sorted(places) == pytest.approx([1000 * place for place in range(10)], abs=60)


async def test_while_the_database_is_away_a_small_share_is_sent():
    away = Store.open("postgresql://nobody@127.0.0.1:1/nothing")
    budget = SharedBudget(away)
    rate = Rate(per_second=0.004, burst=1)
    places = [await budget.reserve(rate, 2) for _ in range(3)]
    last_of_each = [place + rate.interval for place in places]
    assert last_of_each == pytest.approx([1000, 3000, 5000], abs=60)
    await away.close()


def test_alone_as_much_is_sent_as_is_allowed():
    async def work() -> list[float]:
        budget = OwnBudget()
        return [await budget.reserve(Rate(per_second=30, burst=3), 3) for _ in range(3)]

    assert in_virtual_time(work()) == pytest.approx([-2 / 30, 1 / 30, 4 / 30])


# At the gate


@asynccontextmanager
async def taken(gate: Gate, *chats: int) -> AsyncGenerator[None]:
    """All slots are taken within."""
    leave = asyncio.Event()

    async def hold(chat: int) -> None:
        async with gate.turn(ChatId(chat), Lane.INTERACTIVE):
            await leave.wait()

    async with asyncio.TaskGroup() as group:
        for chat in chats:
            group.create_task(hold(chat))
        await asyncio.sleep(0)
        yield
        leave.set()


async def test_who_is_waited_for_is_let_in_first():
    gate, order = Gate(1, bulk=1), list[int]()

    async def enter(chat: int, lane: Lane) -> None:
        async with gate.turn(ChatId(chat), lane):
            order.append(chat)

    async with asyncio.TaskGroup() as group, taken(gate, 1):
        for chat, lane in ((2, Lane.BULK), (3, Lane.BULK), (4, Lane.INTERACTIVE)):
            group.create_task(enter(chat, lane))
        await asyncio.sleep(0)
        gate.hurry(ChatId(3))
    assert order == [4, 3, 2]


async def test_the_bulk_never_fills_the_house():
    gate = Gate(4, bulk=2)
    inside, most = 0, 0

    async def enter(chat: int) -> None:
        nonlocal inside, most
        async with gate.turn(ChatId(chat), Lane.BULK):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    async with asyncio.TaskGroup() as group:
        for chat in range(20):
            group.create_task(enter(chat))
    assert most == 2


async def test_who_leaves_the_line_takes_no_place_along():
    gate = Gate(1, bulk=1)

    async def enter(chat: int, lane: Lane) -> None:
        async with gate.turn(ChatId(chat), lane):
            await asyncio.sleep(10)

    async with taken(gate, 1):
        gone = [
            asyncio.create_task(enter(chat, lane)) for chat, lane in zip((2, 3), Lane, strict=True)
        ]
        await asyncio.sleep(0)
        for task in gone:
            task.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
    async with asyncio.timeout(5), gate.turn(ChatId(4), Lane.BULK):
        pass


# The whole way


FAST = Pace(
    overall=Rate(per_second=200, burst=3),
    chat=Rate(per_second=20, burst=3),
)


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_broadcast_from_the_outbox_is_never_refused_and_a_reply_overtakes_it(
    house: "House",
):
    limits = Limits(overall_per_second=200, chat_per_second=20)
    async with Playground(clock=house.clock, limits=limits) as playground:
        house.playground = playground
        people = [house.person(f"Person{n}") for n in range(300)]
        for person in people:
            await person.starts()
        ada = house.person("Ada")
        await ada.starts()
        async with house.store.unit() as unit:
            for person in people:
                await add(unit, house, person.id, update=None)
        async with house.sender(Pacer(FAST)) as (sender, _):
            running = asyncio.create_task(sender.run())
            await house.until(lambda: len(playground.calls("sendMessage")) > 20)
            async with house.store.unit() as unit:
                await add(unit, house, ada.id, update=1)
            sender.wake(ChatId(ada.id))
            await house.until(lambda: len(playground.calls("sendMessage")) == 301)
            await sender.close()
            await running
        calls = playground.calls("sendMessage")
        assert {call.status for call in calls} == {200}
        assert [call.params["chat_id"] for call in calls].index(ada.id) < 200


async def add(unit: Unit, house: "House", chat: int, update: int | None) -> None:
    said = Say(reply=Reply(prose=(words("Hello"),)))
    await outbox.add(
        unit,
        chat=ChatId(chat),
        learner=None,
        update_id=update,
        utterances=[said],
        at=house.clock(),
    )


async def test_a_lane_is_of_whoever_set_it():
    async def bulk() -> Lane:
        LANE.set(Lane.BULK)
        return LANE.get()

    assert await asyncio.create_task(bulk()) is Lane.BULK
    assert LANE.get() is Lane.INTERACTIVE

"""How much of what Telegram allows the pacer uses, and how often it is refused for it.

    .venv/bin/python benchmarks/pacing.py              30,000 messages in virtual time, then minutes
    .venv/bin/python benchmarks/pacing.py 3000 10      so many messages, so many real seconds

Telegram is played by the playground's count (30/s overall, 1/s in a chat, bursts of 30 and 3). In
real time 1 and 3 processes on one budget in an embedded Postgres send as fast as they may; what
they sent is put in order by the machine's clock and counted together.
"""

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tutorbot.core.pacing import Lane, Pace, Rate
from tutorbot.playground.limits import Limits, Meter
from tutorbot.playground.testing import VirtualTime
from tutorbot.store import migrate
from tutorbot.store.postgres import EmbeddedPostgres
from tutorbot.store.unit import Store
from tutorbot.telegram.pacing import OwnBudget, Pacer, SharedBudget
from tutorbot.telegram.request import FloodError

PACE = Pace(chat=Rate(per_second=1, burst=3))  # as the playground counts
CEILING = PACE.overall.per_second
LANES = 16  # of the bulk, as the sender has
MIGRATIONS = Path(__file__).parent.parent / "migrations"

Sent = list[tuple[float, int, float]]  # when, to which chat, after how many seconds


def main() -> None:
    match sys.argv[1:]:
        case ["--process", url, number, seconds]:
            asyncio.run(process(url, int(number), float(seconds)))
        case [messages, seconds]:
            compare(int(messages), float(seconds))
        case _:
            compare(30_000, 60)


def compare(messages: int, seconds: float) -> None:
    for replies in (0, 10, 50):
        with asyncio.Runner(loop_factory=VirtualTime) as runner:
            runner.run(virtual(messages, replies))
    with tempfile.TemporaryDirectory(prefix="tutorbot-bench-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as server:
            asyncio.run(migrate.upgrade(server.url, MIGRATIONS))
            for processes in (1, 3):
                real(server.url, processes, seconds)
            asyncio.run(reservations(server.url))


async def virtual(messages: int, replies: int) -> None:
    """A broadcast, and out of a hundred messages so many to people who have just tapped."""
    pacer, meter, refused = Pacer(PACE), Meter(Limits()), 0
    sent: Sent = []
    loop = asyncio.get_running_loop()
    dice = random.Random(7)
    spent = time.process_time()

    async def send(chat: int, lane: Lane) -> None:
        nonlocal refused
        asked = loop.time()

        async def call() -> bool:
            nonlocal refused
            if wait := meter.spend(chat, loop.time()):
                refused += 1
                raise FloodError(wait)
            return True

        while True:
            try:
                await pacer.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, lane)
            except FloodError as flood:
                await asyncio.sleep(flood.seconds)
            else:
                sent.append((loop.time(), chat, loop.time() - asked))
                return

    bulk = iter(range(1, messages * (100 - replies) // 100 + 1))

    async def broadcast() -> None:
        for chat in bulk:
            await send(chat, Lane.BULK)

    async with asyncio.TaskGroup() as group:
        for _ in range(LANES):
            group.create_task(broadcast())
        for number in range(messages * replies // 100):
            await asyncio.sleep(dice.expovariate(CEILING * replies / 100))
            group.create_task(send(10_000_000 + number % 500, Lane.INTERACTIVE))
    spent = time.process_time() - spent
    took = max(at for at, _, _ in sent)
    waits = sorted(wait for _, chat, wait in sent if chat >= 10_000_000)
    print(
        f"{len(sent):,} messages in virtual time, {replies} % replies:"
        f" {took:.1f} s, {len(sent) / took / CEILING:.2%} of {CEILING:.0f}/s, {refused} refused,"
        f" at most {busiest(sent)} in a second;"
        + (f" replies waited {told(waits)};" if waits else "")
        + f" {1e6 * spent / len(sent):.0f} µs of CPU each"
    )


def real(url: str, processes: int, seconds: float) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, __file__, "--process", url, str(number), str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(processes)
    ]
    for child in children:  # all have loaded before the first begins
        assert child.stdout
        child.stdout.readline()
    results: list[dict[str, Any]] = []
    begin = time.time() + 0.5
    for child in children:
        assert child.stdin
        child.stdin.write(f"{begin}\n")
        child.stdin.flush()
    for child in children:
        out, _ = child.communicate()
        results.append(json.loads(out))
    sent: Sent = sorted((at, chat, wait) for each in results for at, chat, wait in each["sent"])
    sent = [one for one in sent if one[0] < begin + seconds]
    meter = Meter(Limits())
    refused = sum(meter.spend(chat, at) is not None for at, chat, _ in sent)
    shares = "/".join(str(len(each["sent"])) for each in results)
    cpu = sum(each["cpu"] for each in results) / len(sent)
    print(
        f"{seconds:.0f} real seconds, {processes} processes: {len(sent)} messages ({shares}),"
        f" {len(sent) / seconds / CEILING:.1%} of {CEILING:.0f}/s, {refused} refused,"
        f" at most {busiest(sent)} in a second; {1e3 * cpu:.2f} ms of CPU each"
    )


async def process(url: str, number: int, seconds: float) -> None:
    store = Store.open(url)
    pacer = Pacer(PACE, SharedBudget(store))
    sent: Sent = []
    chats = iter(range(1 + number * 1_000_000, (1 + number) * 1_000_000))
    print("ready", flush=True)
    begin = float(await asyncio.to_thread(sys.stdin.readline))
    await asyncio.sleep(begin - time.time())
    cpu = time.process_time()

    async def call(chat: int, asked: float) -> bool:
        sent.append((time.time(), chat, time.time() - asked))
        await asyncio.sleep(0.03)  # Telegram's answer
        return True

    async def lane() -> None:
        for chat in chats:
            if time.time() > begin + seconds:
                return
            args = (chat, time.time())
            await pacer.process_request(call, args, {}, "sendMessage", {"chat_id": chat}, Lane.BULK)

    await asyncio.gather(*(lane() for _ in range(LANES)))
    print(json.dumps({"sent": sent, "cpu": time.process_time() - cpu}))
    await store.close()


async def reservations(url: str) -> None:
    """What a reservation costs, in the database and without."""
    store = Store.open(url)
    rate = Rate(per_second=1e6, burst=1)
    for name, budget in (("shared", SharedBudget(store)), ("own", OwnBudget())):
        times: list[float] = []
        for _ in range(500):
            began = time.perf_counter()
            await budget.reserve(rate, 1)
            times.append(time.perf_counter() - began)
        print(f"a reservation, {name} budget: {told(sorted(times))}")
    await store.close()


def busiest(sent: Sent) -> int:
    times = sorted(at for at, _, _ in sent)
    return max(sum(1 for _ in _within(times, place)) for place in range(len(times)))


def _within(times: list[float], place: int) -> Iterator[float]:
    for at in times[place:]:
        if at >= times[place] + 1:
            return
        yield at


def told(times: list[float]) -> str:
    """Sorted seconds, as milliseconds."""
    p99 = times[int(len(times) * 0.99)]
    return (
        f"{1000 * statistics.median(times):.2f} ms median, {1000 * p99:.2f} p99,"
        f" {1000 * times[-1]:.2f} at most"
    )


if __name__ == "__main__":
    main()

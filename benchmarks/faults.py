"""Learners' conversations while processes are killed, and what became of them; see docs/faults.md.

The same learners first do the same while nothing happens. What stands in their chats and in the
tables must be the same in the end.

    python benchmarks/faults.py --seed 7 --learners 1000 --minutes 5
    python benchmarks/faults.py --learners 50 --minutes 1 --polling      one process that polls
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace

from benchmarks.ordeal.misfortune import KILL_EVERY
from benchmarks.ordeal.oracle import LOST_ANSWER, UNWRITTEN
from benchmarks.ordeal.ordeal import Plan, Result, undergo
from benchmarks.ordeal.paper import QUESTIONS


def main() -> None:
    wanted = _wanted()
    signal.signal(signal.SIGTERM, _stopped)
    plan = Plan(
        seed=wanted.seed,
        learners=wanted.learners,
        seconds=60 * wanted.minutes,
        kill_every=wanted.kill_every,
        questions=wanted.questions,
        sleepers=wanted.learners // 20,
        webhook=not wanted.polling,
    )
    print(f"seed {plan.seed}, {plan.learners} learners, load {os.getloadavg()[0]:.1f}", flush=True)
    broken: list[str] = []
    calm: Result | None = None
    if not wanted.no_calm:
        calm = asyncio.run(undergo(replace(plan, kill_every=0, sleepers=0)))
        _report("Nothing happens", calm)
        broken += [f"while nothing happened: {each}" for each in calm.found.broken]
    result = asyncio.run(undergo(plan))
    _report("Everything happens", result)
    broken += result.found.broken
    if calm:
        broken += _differences(calm, result)
    print(f"\n{len(broken)} broken promises (seed {plan.seed})")
    for each in broken[:_MOST_TOLD]:
        print(f"  {each}")
    sys.exit(bool(broken))


def _stopped(_signal: int, _frame: object) -> None:
    sys.exit("stopped")  # and its processes with it


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Learners learn while everything breaks.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--learners", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=5, help="over which they talk")
    parser.add_argument("--questions", type=int, default=len(QUESTIONS), help="of each learner")
    parser.add_argument("--kill-every", type=float, default=KILL_EVERY, help="seconds, in the mean")
    parser.add_argument("--polling", action="store_true", help="one process that polls")
    parser.add_argument("--no-calm", action="store_true", help="without the run to compare with")
    return parser.parse_args()


def _report(title: str, result: Result) -> None:
    counts, found, waits = result.counts, result.found.counts, result.waits
    print(f"\n{title} ({result.seconds:.0f} s, load {os.getloadavg()[0]:.1f})")
    print(
        f"  {counts['updates']:,} updates, {found['answers']:,} answers, {found['messages']:,}"
        f" messages, {counts['calls']:,} calls, {found['reminders']} reminders"
    )
    half, most = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"  a reply took {half:.2f} s (median), {most:.1f} (p99), {waits[-1]:.1f} (longest)")
    _list("done to it", result.dealt)
    _list("processes", {how: counts[how] for how in ("killed", "stopped", "gone")})
    _list("the server said", result.troubles)
    _list("the balancer saw", result.balanced)
    for what, told in (
        (LOST_ANSWER, "whose answer was lost"),
        (UNWRITTEN, "whose process was killed before it could write"),
    ):
        print(f"  said again, as nobody could know: {found[what]} {told}")
    _list("outbox", {what: n for what, n in found.items() if what.startswith("outbox")})
    print(f"  buttons whose passing word was lost: {counts['unanswered']} of {counts['presses']}")
    _list("logged", result.logged)
    sys.stdout.flush()


def _list(title: str, counts: Mapping[str, int]) -> None:
    told = ", ".join(f"{n:,} {what}" for what, n in sorted(counts.items()) if n)
    if told:
        print(f"  {title}: {told}")


def _differences(calm: Result, other: Result) -> list[str]:
    """Learners who have not come to the same."""
    found: list[str] = []
    for number, record in calm.records.items():
        if record != other.records[number]:
            found.append(f"learner {number}: {other.records[number]}, and {record} without faults")
        elif calm.standing[number] != other.standing[number]:
            pairs = zip(calm.standing[number], other.standing[number], strict=False)
            first = next((pair for pair in pairs if pair[0] != pair[1]), "more of one")
            found.append(f"learner {number}: the chats do not end alike: {first}")
    return found


_MOST_TOLD = 50

if __name__ == "__main__":
    main()

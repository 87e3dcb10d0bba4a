"""A thousand learners' conversations while processes are killed, and what became of them.

    python benchmarks/faults.py --seed 7 --learners 1000 --minutes 5
"""

import argparse
import asyncio
import os
import sys

from benchmarks.ordeal.ordeal import Plan, Result, undergo


def main() -> None:
    parser = argparse.ArgumentParser(description="Learners learn while everything breaks.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--learners", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--kill-every", type=float, default=6, help="seconds, in the mean; 0: never")
    parser.add_argument("--polling", action="store_true", help="one process that polls")
    wanted = parser.parse_args()
    plan = Plan(
        seed=wanted.seed,
        learners=wanted.learners,
        seconds=60 * wanted.minutes,
        kill_every=wanted.kill_every,
        webhook=not wanted.polling,
    )
    result = asyncio.run(undergo(plan))
    report(plan, result)
    sys.exit(bool(result.found.broken))


def report(plan: Plan, result: Result) -> None:
    counts, found, waits = result.counts, result.found, result.waits
    print(f"{plan.learners} learners, seed {plan.seed}, {result.seconds:.0f} s, load {os.getloadavg()[0]:.1f}")
    print(f"{counts['updates']} updates, {found.counts['answers']} answers, {found.counts['messages']} messages, {counts['calls']} calls")
    print("dealt:", dict(result.dealt), "lives:", {k: counts[k] for k in ("killed", "stopped", "gone")})
    print("server:", dict(result.troubles))
    print("fates:", {k: v for k, v in found.counts.items() if k.startswith("outbox")})
    print("again:", {k: v for k, v in found.counts.items() if k.startswith("said again")})
    print("balancer:", {k: v for k, v in counts.items() if "balancer" in k or "nobody" in k})
    print(f"buttons left spinning: {counts['spinning']} of {counts['presses']}")
    if waits:
        p99 = waits[int(len(waits) * 0.99)]
        print(f"a reply took {waits[len(waits) // 2]:.2f} s in the median, p99 {p99:.1f}, longest {waits[-1]:.1f}")
    print("logged:", dict(result.logged))
    print(f"{len(found.broken)} broken promises")
    for each in found.broken[:40]:
        print(" ", each)


if __name__ == "__main__":
    main()

"""What texts that nobody types in earnest cost: `python benchmarks/answers/hostile.py`.

Every text of `tests/fuzz/hostile.py` to a key of every kind: milliseconds of work in this process,
at the median, p99 and the longest, and by how much all of them made the process grow. With
`--memory`, also the most that one of them took at a time of Python objects; that is slow. A text is
judged once: what is remembered of it would flatter. With `--over 20`, the texts that took longer
than so many milliseconds are named.
"""

import argparse
import gc
import resource
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sympy.core.cache import clear_cache  # pyright: ignore[reportMissingTypeStubs] -- it has none

from tests.fuzz.hostile import HOSTILE
from tests.fuzz.questions import QUESTIONS
from tutorbot.core.answers import algebra
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked

EARNEST = ("n", "2x+1", "sqrt(2)", "limit(sin(n)/n, n, 0)", "sum(1/k^2, k, 1, oo)")
"""The key is prepared, and what is lazy is loaded."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--over", type=float, default=50.0, metavar="MS")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--kinds", nargs="*", choices=[*QUESTIONS], default=[*QUESTIONS])
    options = parser.parse_args()
    algebra.warm_up()
    gc.freeze()
    slow: list[tuple[float, str, str]] = []
    print(f"{len(HOSTILE)} texts")
    print(f"{'key':14}{'p50':>8}{'p99':>8}{'max':>8} ms{'grown':>8}{'objects':>9} MB")
    for name in options.kinds:
        asked = QUESTIONS[name]
        for typed in EARNEST:
            judge(asked, typed)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        times = {what: took(asked, typed) for what, typed in HOSTILE.items()}
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        slow.extend((each, name, what) for what, each in times.items() if each > options.over)
        marks = statistics.quantiles(times.values(), n=100, method="inclusive")
        print(f"{name:14}{marks[49]:>8.2f}{marks[98]:>8.1f}{max(times.values()):>8.1f}", end="")
        print(f"{grown:>11.1f}", end="")
        if options.memory:
            objects = max(memory(asked, typed) for typed in HOSTILE.values())
            print(f"{objects / 1024**2:>9.1f}", end="")
        print(flush=True)
    for each, name, what in sorted(slow, reverse=True):
        print(f"{each:>8.1f} ms  {name}: {what}")


def took(asked: Asked, typed: str) -> float:
    clear_cache()
    start = time.thread_time()
    judge(asked, typed)
    return (time.thread_time() - start) * 1_000


def memory(asked: Asked, typed: str) -> int:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        judge(asked, typed)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    main()

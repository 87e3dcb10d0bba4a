"""What texts that nobody types in earnest cost: `python benchmarks/answers/hostile.py`.

Every text of `tests/fuzz/hostile.py` to a key of every kind: milliseconds of work in this process,
at the median, p99 and the longest, and by how much all of them made the process grow. With
`--memory`, also the most that one of them took at a time of Python objects; that is slow. The best
of a few rounds counts where a text seems slow, as a busy machine slows all of them. With
`--over 20`, the texts that took longer than so many milliseconds are named.
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
from tutorbot.core.answers import closing
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Asked

ROUNDS = 3
BEYOND = "limit(sin(n)/n, n, 0)"  # only SymPy knows, if anyone does
SUSPECT = 10.0  # milliseconds; what is below is not measured again


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--over", type=float, default=50.0, metavar="MS")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--kinds", nargs="*", choices=[*QUESTIONS], default=[*QUESTIONS])
    options = parser.parse_args()
    gc.freeze()
    slow: list[tuple[float, str, str]] = []
    print(f"{len(HOSTILE)} texts")
    print(f"{'key':14}{'p50':>8}{'p99':>8}{'max':>8} ms{'grown':>8}{'objects':>9} MB")
    for name in options.kinds:
        asked = QUESTIONS[name]
        for typed in ("n", "2x+1", "sqrt(2)"):  # the key is prepared, and what is lazy is loaded
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
    times: list[float] = []
    for _ in range(ROUNDS):
        closing.closed.cache_clear()  # a text is seen for the first time, unlike the key
        judge(asked, BEYOND)
        clear_cache()
        start = time.thread_time()
        judge(asked, typed)
        times.append((time.thread_time() - start) * 1_000)
        if times[-1] < SUSPECT:
            break
    return min(times)


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

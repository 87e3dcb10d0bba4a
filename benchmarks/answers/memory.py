"""What keys cost that are at hand: `python benchmarks/answers/memory.py [FOLDER]`.

As in a worker of the checker: what is loaded before the first answer, and then every key of every
course in the folder (`content`), in all its variants, prepared and asked once.
"""

import argparse
import importlib
import statistics
import time
import tracemalloc
from pathlib import Path
from resource import getpagesize

from tutorbot.checking import worker
from tutorbot.core.answers import algebra, units
from tutorbot.core.answers.judge import judge, prepare
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import Typed
from tutorbot.courses.load import Unsound, load

CONTENT = Path(__file__).parents[2] / "content"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=CONTENT)
    folder: Path = parser.parse_args().folder
    for module in worker.PRELOADED:
        importlib.import_module(module)
    units.load()
    algebra.warm_up()
    print(f"a worker that has loaded: {megabytes():.0f} MB")
    found = load(folder)
    if isinstance(found, Unsound):
        raise SystemExit(str(found))
    keys = {
        Asked(typed=question.body, values=values)
        for loaded in found
        for question in loaded.course.questions
        if isinstance(question.body, Typed)
        for values in question.variants or ((),)
    }
    prepare.cache_clear()
    times: list[float] = []
    for key in keys:
        start = time.thread_time()
        prepare(key)
        times.append((time.thread_time() - start) * 1_000)
    prepare.cache_clear()
    tracemalloc.start()
    for key in keys:
        judge(key, "0")
    kept = tracemalloc.get_traced_memory()[0] / 1024**2
    print(
        f"{len(keys)} keys: {kept:.1f} MB, {statistics.median(times):.1f} ms each "
        f"at the median, {max(times):.0f} ms the longest, {sum(times) / 1_000:.2f} s together"
    )


def megabytes() -> float:
    """Of memory that is in use by this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * getpagesize() / 1024**2


if __name__ == "__main__":
    main()

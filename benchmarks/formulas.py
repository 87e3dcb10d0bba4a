"""How long the 58 formulas of the courses take to draw, and what the drawing process weighs."""

import asyncio
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tutorbot.drawing import formulas
from tutorbot.drawing.formulas import FormulaLine
from tutorbot.drawing.studio import Studio
from tutorbot.drawing.theme import Theme
from tutorbot.drawing.unicode import plain, say

SEEDS = Path(__file__).parents[1] / "tests" / "drawing" / "seed_formulas.tsv"

START = """
import json, resource, time
start = time.perf_counter()
from tutorbot.drawing import formulas
from tutorbot.drawing.theme import Theme
imported = time.perf_counter()
formulas.png([formulas.FormulaLine(latex="x")], Theme.LIGHT)
ready = time.perf_counter()
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([imported - start, ready - imported, after]))
"""


def main() -> None:
    latex = [row.split("\t")[1] for row in SEEDS.read_text(encoding="utf-8").splitlines()]
    started = [_start() for _ in range(5)]
    _show("start: import", [run[0] for run in started])
    _show("start: MathJax and a first formula", [run[1] for run in started])
    print(f"memory: {started[0][2] / 1024:.0f} MB")
    _in_process(latex)
    asyncio.run(_in_studio(latex))


def _start() -> list[float]:
    done = subprocess.run([sys.executable, "-c", START], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _in_process(latex: list[str]) -> None:
    formulas.svg("x", display=True)
    sizes: list[int] = []
    times: dict[str, list[float]] = {"say and plain": [], "svg": [], "png": []}
    for formula in latex:
        clock = time.perf_counter()
        say(formula)
        plain(formula)
        times["say and plain"].append(time.perf_counter() - clock)
        clock = time.perf_counter()
        formulas.svg(formula, display=True)
        times["svg"].append(time.perf_counter() - clock)
        for theme in Theme:
            clock = time.perf_counter()
            picture = formulas.png([FormulaLine(latex=formula)], theme)
            times["png"].append(time.perf_counter() - clock)
            sizes.append(len(picture))
    for name, taken in times.items():
        _show(name, taken)
    print(
        f"png: median {statistics.median(sizes) / 1000:.1f} kB, largest {max(sizes) / 1000:.1f} kB"
    )


async def _in_studio(latex: list[str]) -> None:
    studio = Studio()
    clock = time.perf_counter()
    studio.start()
    await studio.formulas([FormulaLine(latex="x")], Theme.LIGHT)
    print(f"studio: {1000 * (time.perf_counter() - clock):.0f} ms until the first picture")
    for name in ("studio: new", "studio: kept"):
        taken: list[float] = []
        for formula in latex:
            clock = time.perf_counter()
            await studio.formulas([FormulaLine(latex=formula)], Theme.LIGHT)
            taken.append(time.perf_counter() - clock)
        _show(name, taken)
    await studio.close()


def _show(name: str, seconds: list[float]) -> None:
    milliseconds = sorted(1000 * second for second in seconds)
    p95 = milliseconds[min(len(milliseconds) - 1, int(0.95 * len(milliseconds)))]
    print(f"{name}: median {statistics.median(milliseconds):.3f} ms, p95 {p95:.3f} ms")


if __name__ == "__main__":
    main()

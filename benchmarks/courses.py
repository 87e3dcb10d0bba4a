"""How long a course takes to be read and checked: 1,000 made-up questions, of every common kind.

.venv/bin/python benchmarks/courses.py [QUESTIONS]
"""

import cProfile
import pstats
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tutorbot.authoring.check import Wanted, check_files
from tutorbot.core.course import Typed
from tutorbot.courses.check import examine
from tutorbot.courses.keys import findings
from tutorbot.courses.parse import read

PER_STEM = 5


def main() -> None:
    questions = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    source = "".join(course(questions, random.Random(7)))
    print(f"{questions:,} questions, {len(source):,} characters")

    watch = _Watch()
    reading = read(source, "course.quiz.md")
    watch.show("read", questions)
    assert not reading.faults, reading.faults[:3]

    watch = _Watch()
    profile = cProfile.Profile()
    if "--profile" in sys.argv:
        profile.enable()
    found = examine(reading, judging=lambda asked: [()] * len(asked))
    if "--profile" in sys.argv:
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(25)
    watch.show("rules, without typed keys", questions)
    assert reading.course

    watch = _Watch()
    typed = [each for each in reading.course if isinstance(each.body, Typed)]
    judged = [findings(question) for question in typed]
    watch.show(f"{len(typed):,} typed keys, in one process", len(typed))
    assert not any(judged), next(filter(None, judged))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "course.quiz.md"
        path.write_text(source, encoding="utf-8")
        for pictures in (False, True):
            watch = _Watch()
            report = check_files([path], Wanted(pictures=pictures))
            words = "with" if pictures else "without"
            watch.show(f"tutorbot content check, {words} pictures", questions)
            assert not report.errors, report.files[0].faults[:3]
            print(f"    {report.formulas}")
    print(f"{len(found)} warnings and notes")


class _Watch:
    """Seconds by the clock, and of this process, which the load of the machine alters less."""

    def __init__(self) -> None:
        self._clock, self._own = time.perf_counter(), time.process_time()

    def show(self, what: str, count: int) -> None:
        clock, own = time.perf_counter() - self._clock, time.process_time() - self._own
        each = own / count * 1000
        print(
            f"{what}: {clock:.2f} s by the clock, {own:.2f} s of this process ({each:.2f} ms each)"
        )


def course(questions: int, dice: random.Random) -> Iterator[str]:
    """Stems in variants, choices, sizes, numbers and formulas, with feedback and solutions."""
    yield "---\nid: made-up\ntitle: A made-up course\n---\n"
    for number in range(questions):
        if number % PER_STEM == 0:
            a, b = dice.randrange(20, 60), dice.randrange(70, 99)
            yield (
                f"\n# Stem {number} {{#s{number} .stem}}\n\n```meta\n"
                f"params: {{h: [{a}, {a + 1}, {a + 2}], e: [{b}, {b + 1}]}}\norder: fixed\n"
                "reveal: after-group\n```\n\n"
                f"Network {number} reads ${{{{e}}}}$ numbers and keeps $h_t \\in \\mathbb{{R}}^"
                "{ {{h}} }$.\n"
            )
        yield f"\n## Question {number} {{#q{number}}}\n"
        yield _KINDS[number % len(_KINDS)](number, dice)
        yield (
            "- hint: Look at $W_{xh} x_t$ first.\n\n### Solution\n\n"
            f"In case {number}, $$\\frac{{\\partial L}}{{\\partial s_{{{number}}}}} = "
            f"\\sum_{{t=1}}^{{{number}}} V \\cdot s_t$$ and so on.\n"
        )


def _choice(number: int, _dice: random.Random) -> str:
    return (
        f"\nWhich holds for $x_{{{number}}}$?\n\n"
        f"- (x) $x_{{{number}}} = \\frac{{{number}}}{{h}}$ {{#a}}\n  > The rows match.\n"
        f"- ( ) $x_{{{number}}} = \\frac{{h}}{{{number + 1}}}$ {{#b tag=frac.inverted}}\n"
        "  > It stands upside down.\n"
        f"- ( ) $x_{{{number}}}^2$ {{#c}}\n- ( ) None of its entries is $0$. {{#d}}\n"
    )


def _ticks(number: int, _dice: random.Random) -> str:
    return (
        f"\nTick what is true of case {number}.\n\n- [x] It has $n_{{{number}}}$ gates. {{#a}}\n"
        f"- [x] Its state has {number} entries. {{#b}}\n- [ ] It forgets nothing. {{#c}}\n"
    )


def _size(_number: int, _dice: random.Random) -> str:
    return (
        "\nWhat is the size of $W_{xh}$?\n\n- answer: `h x e`\n- wrong: `e x h` "
        "{tag=shape.transposed}\n  > The rows must match $h_t$, which is ${{h}} \\times 1$.\n"
    )


def _count(_number: int, _dice: random.Random) -> str:
    return (
        "\nHow many parameters does it train?\n\n- answer: `4*(h*h + h*e)`\n"
        "- wrong: `h*h + h*e` {tag=count.one-gate}\n- wrong: `3*(h*h + h*e)` {tag=count.gru}\n"
    )


def _formula(number: int, dice: random.Random) -> str:
    k = dice.randrange(2, 9)
    return (
        "\n```meta\ntype: formula\nsymbols: n m\n```\n\n"
        f"Write the count of case {number}.\n\n- answer: `{k}*(n^2 + n*m + {number}*n)`\n"
        f"- wrong: `{k + 1}*(n^2 + n*m + {number}*n)` {{tag=count.one-more}}\n"
        f"- wrong: `{k}*(n^2 + n*m)` {{tag=count.bias-dropped}}\n"
    )


_KINDS = (_choice, _choice, _ticks, _size, _choice, _count, _ticks, _formula)

if __name__ == "__main__":
    main()

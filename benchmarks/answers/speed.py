"""How long a judgement takes: `python benchmarks/answers/speed.py [FILE]`.

Milliseconds of work in this process at the median, p95, p99 and the longest: to read, decide and
diagnose an answer to a prepared key, and to prepare a key. Without a FILE of rows (see `corpus.py`)
it takes a dozen questions of its own. The clock counts work, not waiting, so that a busy machine
does not blur it.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

from tutorbot.checking.pairs import BadKey, Pair, asked as questions_of
from tutorbot.core.answers.judge import judge, prepare
from tutorbot.core.answers.verdicts import Asked, Wrong
from tutorbot.core.course import Expression, Kind, Typed

ROUNDS = 20
LEFT_OUT = {"mv"}  # prose from which an answer must first be extracted


def asked(
    kind: Kind,
    accepted: str,
    mistaken: tuple[str, ...] = (),
    symbols: str = "",
    functions: str = "",
    **values: int,
) -> Asked:
    return Asked(
        typed=Typed(
            kind=kind,
            accepted=(Expression(text=accepted),),
            mistaken=tuple(Expression(text=each) for each in mistaken),
            symbols=tuple(symbols.split()),
            functions=tuple(functions.split()),
        ),
        values=tuple((name, Fraction(value)) for name, value in values.items()),
    )


ROWS: dict[str, tuple[Asked, tuple[str, ...]]] = {
    "count": (
        asked(
            Kind.FORMULA,
            "3*(n^2+n*m+n)",
            ("4*(n^2+n*m+n)", "3*(n^2+n*m)", "n^2+n*m+2*n"),
            symbols="n m",
        ),
        ("3(n²+nm+n)", r"3\left(n^{2}+nm+n\right)", "4n(n+m+1)", "6n(n+m+1)", "m^5+n", "3(n²"),
    ),
    "derivative": (
        asked(Kind.FORMULA, "-V*O'(V*s_4+c)/O(V*s_4+c)", symbols="V s_4 c", functions="O"),
        (r"-\frac{V\mathcal{O}'(Vs_4+c)}{\mathcal{O}(Vs_4+c)}", "V O'(Vs₄+c)/O(Vs₄+c)", "V*O(c)"),
    ),
    "sum": (
        asked(
            Kind.FORMULA,
            "sum(-s_t*O'(V*s_t+c)/O(V*s_t+c), t, 1, T)",
            symbols="V s_t t c T",
            functions="O",
        ),
        (r"-\sum_{k=1}^{T} s_k O'(V s_k+c)/O(V s_k+c)", "sum(s_t*O'(V*s_t+c), t, 1, T)"),
    ),
    "elementary": (
        asked(Kind.FORMULA, "exp(x)*sin(x)^2/(1+exp(x))", symbols="x"),
        ("(1-cos(x)^2)/(1+e^-x)", "e^x sin(x)/(1+e^x)"),
    ),
    "size": (asked(Kind.SIZE, "h x e", ("e x h",), h=100, e=50), ("100×50", "(50, 100)", "100x51")),
    "number": (asked(Kind.NUMBER, "4*(h*h+h*e)", h=100, e=50), ("60,000", "15000", "60001", "2h")),
    "equation": (asked(Kind.EQUATION, "y = 2x-5", symbols="x y"), ("2y=4x-10", "y=2x+5", "x=y")),
    "solutions": (
        asked(Kind.SOLUTIONS, "x = 2 or x = -2", symbols="x"),
        ("x=±2", "{2, -2}", "x=2"),
    ),
    "matrix": (
        asked(Kind.MATRIX, "[[1, x], [x^2, 2]]", symbols="x"),
        ("[[1,x],[x²,2]]", r"\begin{pmatrix}1&x\\x^2&3\end{pmatrix}", "[[1,x^2],[x,2]]"),
    ),
    "logic": (
        asked(Kind.LOGIC, "A and not B or C", symbols="A B C"),
        ("C ∨ ¬B ∧ A", "A and B or C"),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    options = parser.parse_args()
    rows = own_rows() if options.file is None else rows_of(options.file)
    judging: dict[str, list[float]] = defaultdict(list)
    preparing: dict[str, list[float]] = defaultdict(list)
    wrong: list[float] = []
    keys: set[Asked] = set()
    for name, question, answer in rows:
        if question not in keys:
            keys.add(question)
            preparing[name].append(took(lambda q=question: prepare.__wrapped__(q)))
            judge(question, "0")  # and whatever is worked out when first needed
        verdict = judge(question, answer)
        times = [took(lambda q=question, a=answer: judge(q, a)) for _ in range(ROUNDS)]
        judging[name].append(statistics.median(times))
        if isinstance(verdict, Wrong):
            wrong.append(statistics.median(times))
    print(f"{'':16}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>9}   prepare: p50     max   (ms)")
    for name, times in sorted(judging.items()):
        print(f"{name:16}{shown(times)}{prepared(preparing[name])}")
    everything = [each for times in judging.values() for each in times]
    keys_took = [each for times in preparing.values() for each in times]
    print(f"{'wrong, of these':16}{shown(wrong)}")
    print(f"{'all':16}{shown(everything)}{prepared(keys_took)}")


def own_rows() -> Iterator[tuple[str, Asked, str]]:
    for name, (question, answers) in ROWS.items():
        for answer in answers:
            yield name, question, answer


def rows_of(file: Path) -> Iterator[tuple[str, Asked, str]]:
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["set"] in LEFT_OUT:
            continue
        try:
            question = questions_of(
                Pair(
                    student=row["student"],
                    teacher=row["teacher"],
                    names=tuple(row["vars"]),
                    functions=tuple(row["functions"]),
                    kind=row["kind"],
                )
            )[0]
        except BadKey:
            continue
        yield row["kind"], question, row["student"]


def took(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return (time.thread_time() - start) * 1_000


def shown(times: list[float]) -> str:
    if len(times) == 1:
        times = times * 2
    marks = statistics.quantiles(times, n=100, method="inclusive")
    return "".join(f"{marks[place - 1]:>8.2f}" for place in (50, 95, 99)) + f"{max(times):>9.2f}"


def prepared(times: list[float]) -> str:
    return f"{statistics.median(times):>15.2f}{max(times):>8.2f}"


if __name__ == "__main__":
    main()

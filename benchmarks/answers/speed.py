"""How long a judgement takes in process: `python benchmarks/answers/speed.py`.

Milliseconds at the median, p95 and p99 for answers to prepared keys, and for preparing a key.
"""

import statistics
import time
from collections.abc import Callable
from fractions import Fraction

from tutorbot.core.answers.judge import judge, prepare
from tutorbot.core.answers.verdicts import Asked
from tutorbot.core.course import Expression, Kind, Typed

ROUNDS = 200


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
}


def main() -> None:
    everything: list[float] = []
    print(f"{'':12}{'p50':>8}{'p95':>8}{'p99':>8}   prepare   (ms)")
    for name, (question, answers) in ROWS.items():
        preparing = [_took(lambda q=question: prepare.__wrapped__(q)) for _ in range(ROUNDS)]
        for answer in answers:
            judge(question, answer)
        judging = [
            _took(lambda q=question, a=answer: judge(q, a))
            for _ in range(ROUNDS)
            for answer in answers
        ]
        everything += judging
        print(f"{name:12}{_shown(judging)}{statistics.median(preparing):>10.2f}")
    print(f"{'all':12}{_shown(everything)}")


def _took(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1_000


def _shown(times: list[float]) -> str:
    marks = statistics.quantiles(times, n=100, method="inclusive")
    return "".join(f"{marks[place - 1]:>8.2f}" for place in (50, 95, 99))


if __name__ == "__main__":
    main()

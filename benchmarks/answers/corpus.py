"""How the judge does on rows whose verdict is known: `python benchmarks/answers/corpus.py FILE`.

FILE holds rows of JSON, `{"student", "teacher", "vars", "functions", "kind", "set", "syntax",
"expected": true | false | "invalid"}`. With ids of rows after it, tells what is said of those;
with `--misses`, of each that is not judged as expected.
"""

import argparse
import gettext
import json
import statistics
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutorbot.checking.pairs import BadKey, Pair, asked, best
from tutorbot.checking.rows import in_plain_text, unsound
from tutorbot.core.answers.verdicts import (
    Right,
    RightButForm,
    Undecided,
    Unreadable,
    Verdict,
    Wrong,
)
from tutorbot.views.checked import proof_prose, verdict_prose

LEFT_OUT = {"mv"}  # prose from which an answer must first be extracted
ROUNDS = 3
WORDS = gettext.NullTranslations()


@dataclass
class Tally:
    counts: Counter[str] = field(default_factory=Counter[str])
    times: list[float] = field(default_factory=list[float])

    def add(self, outcome: list[str], took: float) -> None:
        self.counts.update(outcome)
        self.times.append(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("ids", nargs="*")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--all-sets", action="store_true")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.file.read_text("utf-8").splitlines()]
    if options.ids:
        for row in rows:
            if row["id"] in options.ids:
                tell(row, *measured(row)[:2])
        return
    tallies: dict[str, Tally] = defaultdict(Tally)
    for row in rows:
        if row["set"] in LEFT_OUT and not options.all_sets:
            continue
        verdict, error, took = measured(row)
        outcome = outcomes(row, verdict)
        for name in ("everything", f"kind {row['kind']}", f"set {row['set']}"):
            tallies[name].add(outcome, took)
        if options.misses and {"accepted", "rejected", "undecided", "unread", "error"} & {*outcome}:
            tell(row, verdict, error)
    report(tallies)


def measured(row: dict[str, Any]) -> tuple[Verdict | None, str, float]:
    """The verdict, or why there is none; and milliseconds for an answer to a prepared key."""
    pair = Pair(
        student=row["student"],
        teacher=row["teacher"],
        names=tuple(row["vars"]),
        functions=tuple(row["functions"]),
        kind=row["kind"],
    )
    try:
        questions = asked(pair)
        verdict = best(questions, pair.student)
        times: list[float] = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            best(questions, pair.student)
            times.append((time.perf_counter() - start) * 1_000)
    except BadKey as trouble:
        return None, unsound(trouble), 0.0
    except Exception as trouble:  # noqa: BLE001 - what fails is counted, and the rest goes on
        return None, f"{type(trouble).__name__}: {trouble}", 0.0
    return verdict, "", statistics.median(times)


def outcomes(row: dict[str, Any], verdict: Verdict | None) -> list[str]:
    """What is counted of a verdict, beside what was expected."""
    right = row["expected"] is True
    found = ["right" if right else "not right"]
    match verdict:
        case None:
            found.append("error")
        case Right():
            found += [] if right else ["accepted"]
        case RightButForm():
            found += ["rejected"] if right else []
        case Wrong(slip=slip, mistaken=mistaken, agrees=agrees):
            found += ["rejected"] if right else ["wrong"]
            if not right and (slip is not None or mistaken is not None):
                found.append("named")
            elif not right and agrees is not None:
                found.append("localised")
        case Unreadable():
            found += ["unread"] if right else []
        case Undecided():
            found += ["undecided"] if right else ["open"]
    return found


def tell(row: dict[str, Any], verdict: Verdict | None, error: str) -> None:
    print(f"\n{row['id']} · {row['kind']} · expected {row['expected']} · names {row['vars']}")
    print(f"  typed  {row['student']}\n  key    {row['teacher']}")
    said = (
        error if verdict is None else in_plain_text(verdict_prose(WORDS, verdict, row["student"]))
    )
    if isinstance(verdict, Wrong):
        said += "\n" + in_plain_text(proof_prose(WORDS, verdict.proof))
    print("  " + said.strip().replace("\n", "\n  "))


COLUMNS = {
    "right": "right",
    "rejected": "rejected",
    "undecided": "undecided",
    "unread": "unreadable",
    "not right": "not right",
    "accepted": "ACCEPTED",
    "open": "undecided",
    "wrong": "wrong",
    "named": "named",
    "localised": "localised",
    "error": "error",
}


def report(tallies: dict[str, Tally]) -> None:
    print(f"\n{'':16}" + "".join(f"{shown:>11}" for shown in COLUMNS.values()), end="")
    print(f"{'p50':>8}{'p95':>8}{'p99':>8}  (ms)")
    for name, tally in sorted(tallies.items()):
        counts = "".join(f"{tally.counts[key]:>11}" for key in COLUMNS)
        print(f"{name:16}{counts}{shown_times(tally.times)}")


def shown_times(times: list[float]) -> str:
    if len(times) < 2:
        return f"{(times or [0.0])[0]:>8.2f}"
    marks = statistics.quantiles(times, n=100, method="inclusive")
    return "".join(f"{marks[place - 1]:>8.2f}" for place in (50, 95, 99))


if __name__ == "__main__":
    main()

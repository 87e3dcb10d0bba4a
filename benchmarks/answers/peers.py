"""Our judge beside its peers, on the same rows in one run: `benchmarks/answers/peers.py FILE`.

FILE as for `corpus.py`; rows of the kind `expr` are taken. The peers are math-verify, SymPy's
`simplify(a - b) == 0`, and Khan Academy's KAS, if it is installed in the folder `--kas` (or the
environment's KAS): `npm install @khanacademy/kas` there. Each is fed its own safest syntax, made
from our tree (see `peer_syntax.py`); a line that we cannot read is given to it as typed.

What is timed is one answer to a key that was read before: read it, decide. Ours diagnoses, too. The
milliseconds are those of work, not of waiting, so that a busy machine does not blur them; whoever
does not answer within the deadline has worked for so long.
"""

import argparse
import importlib
import json
import logging
import os
import selectors
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import sympy  # pyright: ignore[reportMissingTypeStubs] -- it has none
from pebble import ProcessExpired, ProcessPool
from peer_syntax import FUNCTIONS, LETTERS, NoWords, Written, written
from tqdm import tqdm

from tutorbot.checking.pairs import BadKey, Pair, asked
from tutorbot.core.answers.judge import judge, prepare
from tutorbot.core.answers.kinds.scalar import Lines
from tutorbot.core.answers.reader import read
from tutorbot.core.answers.verdicts import (
    Asked,
    Problem,
    Right,
    RightButForm,
    Undecided,
    Unreadable,
    Wrong,
)

LEFT_OUT = {"mv"}  # prose from which an answer must first be extracted
WARMING = 40  # rows that everybody answers once before, so that nothing is timed while it loads
S: Any = sympy
M: Any = importlib.import_module("math_verify")  # in the group `bench`, not with the tests
L: Any = importlib.import_module("latex2sympy2_extended")

Answer = tuple[str, float]  # right, wrong, unread, undecided, failed or late; and milliseconds


@dataclass(frozen=True, kw_only=True)
class Try:
    """One way to understand a row; most have one."""

    question: Asked
    answer: str
    key: str
    student: Written | None = None  # None: we could not read it
    teacher: Written | None = None
    real: bool = True


@dataclass(frozen=True, kw_only=True)
class Row:
    name: str
    right: bool
    tries: tuple[Try, ...]


class Peer(Protocol):
    name: str

    def answer(self, this: Try) -> Answer: ...


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--kas", type=Path, default=os.environ.get("KAS"))
    parser.add_argument("--deadline", type=float, default=10.0, help="seconds for one answer")
    parser.add_argument("--misses", metavar="PEER", help="tell the rows that this one misses")
    options = parser.parse_args()
    rows = list(rows_of(options.file))
    peers: list[Peer] = [Ours(), MathVerify(options.deadline), SymPy(options.deadline)]
    if options.kas is None or not (Path(options.kas) / "node_modules").is_dir():
        print("KAS is not installed; its line is left out")
    else:
        peers.append(Kas(Path(options.kas), options.deadline))
    for row in rows[:WARMING]:
        for peer in peers:
            answered(peer, row)
    tallies = {peer.name: Tally() for peer in peers}
    for row in tqdm(rows, unit=" rows", disable=None):
        for peer in peers:
            verdict, took = answered(peer, row)
            tallies[peer.name].add(row, verdict, took)
            if peer.name == options.misses and row.right != (verdict == "right"):
                this = row.tries[0]
                print(f"{row.name} · {verdict} · {row.right} · {this.answer} · {this.key}")
                print(f"    {this.student}\n    {this.teacher}")
    report(tallies)


def answered(peer: Peer, row: Row) -> Answer:
    """The best answer of a peer to the ways to understand a row, and its time for them."""
    took, verdicts = 0.0, list[str]()
    for this in row.tries:
        verdict, spent = peer.answer(this)
        took += spent
        verdicts.append(verdict)
        if verdict == "right":
            break
    return min(verdicts, key=ORDER.index), took


ORDER = ("right", "undecided", "wrong", "unread", "failed", "late")


# -- rows ------------------------------------------------------------------------------------------


def rows_of(file: Path) -> Iterator[Row]:
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["set"] in LEFT_OUT or row["kind"] != "expr":
            continue
        pair = Pair(
            student=row["student"],
            teacher=row["teacher"],
            names=tuple(row["vars"]),
            functions=tuple(row["functions"]),
            kind=row["kind"],
        )
        try:
            questions = asked(pair)
        except BadKey:
            print(f"{row['id']}: its key cannot be read")
            continue
        tries = (made(question, pair, row.get("needs_complex", False)) for question in questions)
        yield Row(name=row["id"], right=row["expected"] is True, tries=tuple(tries))


def made(question: Asked, pair: Pair, is_complex: bool) -> Try:
    plain = Try(question=question, answer=pair.student, key=pair.teacher)
    key = prepare(question)
    judge(question, "0")  # and whatever is worked out when first needed
    if not isinstance(key, Lines):
        return plain
    read_as = read(pair.student, key.vocabulary)
    if isinstance(read_as, Problem):
        return plain
    try:
        student, teacher = written((read_as.tree, key.accepted[0].tree))
    except NoWords:
        return plain
    return Try(
        question=question,
        answer=pair.student,
        key=pair.teacher,
        student=student,
        teacher=teacher,
        real=not is_complex,
    )


# -- peers -----------------------------------------------------------------------------------------


class Ours:
    name = "tutorbot"

    def answer(self, this: Try) -> Answer:
        start = time.thread_time()
        verdict = judge(this.question, this.answer)
        took = (time.thread_time() - start) * 1_000
        match verdict:
            case Right():
                return "right", took
            case RightButForm() | Wrong():
                return "wrong", took
            case Unreadable():
                return "unread", took
            case Undecided():
                return "undecided", took


class Pooled:
    """A peer that may hang: one worker process, replaced when it takes longer than allowed."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._pool = ProcessPool(max_workers=1)

    def asked(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        future = self._pool.schedule(work, args=arguments, timeout=self._deadline)
        try:
            return future.result()
        except TimeoutError:
            return "late", self._deadline * 1_000
        except (ProcessExpired, MemoryError, RecursionError):
            return "failed", self._deadline * 1_000


class MathVerify(Pooled):
    name = "math-verify"

    def answer(self, this: Try) -> Answer:
        if this.student is None or this.teacher is None:
            return self.asked(verified, this.key, this.answer)
        if this.student.math_verify is None or this.teacher.math_verify is None:
            return "unread", 0.0
        return self.asked(verified, this.teacher.math_verify, this.student.math_verify)


def verified(key: str, answer: str) -> Answer:
    logging.disable(logging.CRITICAL)  # it logs whatever it cannot read
    gold = parsed(key)
    start = time.thread_time()
    found = M.parse(answer, reading())
    verdict = ("right" if M.verify(gold, found) else "wrong") if found else "unread"
    return verdict, (time.thread_time() - start) * 1_000


@lru_cache(maxsize=1)
def parsed(key: str) -> object:
    return M.parse(key, reading())


@lru_cache
def reading() -> list[Any]:
    """It would take the last letters of an answer for units: a·b·c for a·b in speeds of light."""
    plain = L.NormalizationConfig(
        basic_latex=True, units=False, malformed_operators=True, nits=True, boxed="all"
    )
    in_latex = M.LatexExtractionConfig(normalization_config=plain)
    return [in_latex, M.ExprExtractionConfig()]


class SymPy(Pooled):
    name = "SymPy"

    def answer(self, this: Try) -> Answer:
        """It executes what it reads, so it gets nothing that was typed, only what we wrote."""
        if this.student is None or this.teacher is None:
            return "unread", 0.0
        if this.student.sympy is None or this.teacher.sympy is None:
            return "unread", 0.0
        return self.asked(simplified, this.teacher.sympy, this.student.sympy, this.real)


def simplified(key: str, answer: str, real: bool) -> Answer:
    start = time.thread_time()
    try:
        expected = built(key, real)
        start = time.thread_time()
        verdict = "right" if S.simplify(built(answer, real) - expected) == 0 else "wrong"
    except Exception:  # noqa: BLE001 - whatever it stumbles over is counted
        verdict = "failed"
    return verdict, (time.thread_time() - start) * 1_000


def built(text: str, real: bool) -> Any:
    names = {letter: S.Symbol(letter, real=real or None) for letter in LETTERS}
    return S.sympify(text, locals=names)  # of our own making


class Kas:
    name = "KAS"

    def __init__(self, folder: Path, deadline: float) -> None:
        self._folder = folder
        self._deadline = deadline
        self._node = self._started()

    def answer(self, this: Try) -> Answer:
        if this.student is None or this.teacher is None:
            return self._asked(this.key, this.answer, this.question.typed.functions)
        if this.student.kas is None or this.teacher.kas is None:
            return "unread", 0.0
        return self._asked(this.teacher.kas, this.student.kas, tuple(FUNCTIONS))

    def _asked(self, key: str, answer: str, functions: tuple[str, ...]) -> Answer:
        question, reply = self._node.stdin, self._node.stdout
        assert question is not None
        assert reply is not None
        row = {"teacher": key, "student": answer, "functions": functions}
        question.write(json.dumps(row) + "\n")
        question.flush()
        with selectors.DefaultSelector() as waiting:
            waiting.register(reply, selectors.EVENT_READ)
            line = reply.readline() if waiting.select(self._deadline) else ""
        if not line:
            self._node.kill()
            self._node.wait()
            self._node = self._started()
            return "late", self._deadline * 1_000
        found = json.loads(line)
        return found["verdict"], found["ms"]

    def _started(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            ["node", str(Path(__file__).with_name("kas.js")), str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


# -- what is told ----------------------------------------------------------------------------------


@dataclass
class Tally:
    counts: Counter[tuple[bool, str]] = field(default_factory=Counter[tuple[bool, str]])
    times: list[float] = field(default_factory=list[float])

    def add(self, row: Row, verdict: str, took: float) -> None:
        self.counts[row.right, verdict] += 1
        if took:  # what a peer has no words for takes it no time
            self.times.append(took)


def report(tallies: dict[str, Tally]) -> None:
    titles = ("of wrong:", "accepted", "of right:", "rejected", "unread", "undecided", "failed")
    print(f"\n{'':12}" + "".join(f"{title:>11}" for title in (*titles, "late", "accuracy")), end="")
    print("".join(f"{title:>10}" for title in ("p50 ms", "p95", "p99", "max")))
    for name, tally in tallies.items():
        counts = tally.counts
        rights = sum(count for (right, _), count in counts.items() if right)
        wrongs = sum(count for (right, _), count in counts.items() if not right)
        good = counts[True, "right"] + wrongs - counts[False, "right"]
        shown = [wrongs, counts[False, "right"], rights]
        shown += [counts[True, each] for each in ("wrong", "unread", "undecided", "failed", "late")]
        line = "".join(f"{each:>11}" for each in shown)
        share = good / (rights + wrongs)
        print(f"{name:12}{line}{share:>11.1%}{shown_times(tally.times)}")


def shown_times(times: list[float]) -> str:
    marks = statistics.quantiles(times, n=100, method="inclusive")
    return "".join(f"{marks[place - 1]:>10.2f}" for place in (50, 95, 99)) + f"{max(times):>10.1f}"


if __name__ == "__main__":
    main()

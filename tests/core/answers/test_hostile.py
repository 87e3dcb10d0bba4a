"""What nobody types in earnest gets its verdict at once, of every kind, and is never run."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from tests.fuzz.hostile import HOSTILE
from tests.fuzz.questions import QUESTIONS
from tutorbot.core.answers.verdicts import Verdict

LIMIT = 0.5  # seconds of work: what hangs takes longer; the speed itself is a benchmark
ROOM = 20 * 1024 * 1024  # bytes
PARTS = 3  # that may be judged beside each other; each by a process of its own
NOT_RIGHT = {each.__name__ for each in get_args(Verdict)} - {"Right", "RightButForm"}


_WATCHED = """
import json, os, resource, sys, time
from tests.fuzz.hostile import HOSTILE
from tests.fuzz.questions import QUESTIONS
from tutorbot.checking.worker import prepare
from tutorbot.core.answers.judge import judge

LIMIT, PART, PARTS = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
QUESTIONS = dict([*QUESTIONS.items()][PART::PARTS])
prepare(2**30)  # as a worker does
for asked in QUESTIONS.values():
    for typed in ("n", "2x+1", "sqrt(2)", "{1, 2}", "x > 1", "sin(x)", "A or B", "3 km"):
        judge(asked, typed)
RUN = ("compile", "exec", "os.", "subprocess.", "socket.", "open", "ctypes.", "shutil.")
run, verdicts, worked, taken = [], {}, {}, {}
try:
    peaks = os.open("/proc/self/clear_refs", os.O_WRONLY)
except OSError:
    peaks = None  # elsewhere than on Linux, a peak counts only above all before it


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def forget():
    if peaks is not None:
        os.write(peaks, b"5")  # from now on, the peak is what is taken now


def is_of_monomials(event, given):
    # To multiply monomials of so many symbols, SymPy makes functions; no name or number that
    # anybody wrote is in them: def monomial_mul(A, B): (a0, a1,) = A ...
    if event == "compile":
        return isinstance(given[0], bytes) and given[0].startswith(b"def monomial_")
    names = getattr(given[0], "co_names", ()) if event == "exec" else ()
    return len(names) == 1 and names[0].startswith("monomial_")


def watch(event, given):
    if event.startswith(RUN) and not is_of_monomials(event, given):
        run.append(f"{event} {given}")


sys.addaudithook(watch)
forget()
start_peak = peak()
for name, asked in QUESTIONS.items():
    judge(asked, "n")  # the key is prepared
    for what, typed in HOSTILE.items():
        each = f"{name}: {what}"
        print(each, file=sys.stderr, flush=True)
        forget()
        before = peak()
        took = []
        for _ in range(3):  # once the collector of garbage may come along
            start = time.thread_time()  # the machine may be busy with something else
            verdict = judge(asked, typed)
            took.append(time.thread_time() - start)
            if took[-1] < LIMIT / 2:
                break
        verdicts[each], worked[each] = type(verdict).__name__, min(took)
        taken[each] = peak() - before
forget()
grown = peak() - start_peak
told = {"run": run, "verdicts": verdicts, "worked": worked, "taken": taken, "grown": grown}
print(json.dumps(told))
"""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What a process did that judged every hostile text as an answer to each of some questions."""

    run: list[str]
    verdicts: dict[str, str]
    worked: dict[str, float]  # seconds, of the best of three tries
    taken: dict[str, int]  # kB that the process grew by while it judged a text
    grown: int  # kB that it is larger by at the end


@pytest.mark.slow
@pytest.mark.timeout(660)  # over eight thousand judgements in all, each watched
@pytest.mark.parametrize("part", range(PARTS))
def test_hostile_texts_get_their_verdicts_at_once_in_little_memory_and_run_nothing(
    part: int, tmp_path: Path
):
    command = [sys.executable, "-c", _WATCHED, str(LIMIT), str(part), str(PARTS)]
    last = tmp_path / "last"
    try:
        with last.open("w") as names:
            result = subprocess.run(
                command, stdout=subprocess.PIPE, stderr=names, text=True, timeout=600, check=True
            )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        pytest.fail(f"it came as far as {last.read_text()[-2000:]}")
    watched = Watched(**json.loads(result.stdout))
    assert len(watched.taken) == len([*QUESTIONS][part::PARTS]) * len(HOSTILE)
    assert {each: told for each, told in watched.verdicts.items() if told not in NOT_RIGHT} == {}
    assert {each: took for each, took in watched.worked.items() if took >= LIMIT} == {}
    assert {each: size for each, size in watched.taken.items() if size * 1024 > ROOM} == {}
    assert watched.run == []
    assert watched.grown * 1024 < ROOM

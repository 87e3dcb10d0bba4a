"""What nobody types in earnest gets its verdict at once, of every kind, and is never run."""

import subprocess
import sys
import textwrap
import time
import tracemalloc
from typing import get_args

import pytest

from tests.fuzz.hostile import HOSTILE
from tests.fuzz.questions import QUESTIONS
from tutorbot.core.answers.judge import judge
from tutorbot.core.answers.verdicts import Right, RightButForm, Verdict

LIMIT = 0.5  # seconds of work: what hangs takes longer; the speed itself is a benchmark
ROOM = 20 * 1024 * 1024  # bytes


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_gets_its_verdict_at_once(typed: str):
    for name, asked in QUESTIONS.items():
        verdict, took = judge(asked, "n"), list[float]()  # the key is prepared
        for _ in range(3):  # once the collector of garbage may come along
            start = time.thread_time()  # the machine may be busy with something else
            verdict = judge(asked, typed)
            took.append(time.thread_time() - start)
            if took[-1] < LIMIT / 2:
                break
        assert min(took) < LIMIT, name
        assert isinstance(verdict, get_args(Verdict))
        assert not isinstance(verdict, Right | RightButForm), name


@pytest.mark.slow
@pytest.mark.timeout(180)  # it takes ten, and every allocation is watched
def test_a_hostile_text_takes_little_memory():
    asked = QUESTIONS["formula"]  # with the others, the process as a whole is measured below
    judge(asked, "n")
    largest: dict[str, int] = {}
    tracemalloc.start()
    try:
        for what, typed in HOSTILE.items():
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            judge(asked, typed)
            largest[what] = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert {what: size for what, size in largest.items() if size > ROOM} == {}


@pytest.mark.slow
@pytest.mark.timeout(180)  # over eight thousand judgements, each watched
def test_a_process_neither_grows_nor_runs_anything_when_it_judges_hostile_texts():
    script = """
        import resource, sys
        from tests.fuzz.hostile import HOSTILE
        from tests.fuzz.questions import QUESTIONS
        from tutorbot.checking.worker import prepare
        from tutorbot.core.answers.judge import judge

        prepare(2**30)  # as a worker does: what SymPy loads late is loaded now
        for asked in QUESTIONS.values():
            for typed in ("n", "2x+1", "sqrt(2)", "{1, 2}", "x > 1", "sin(x)", "A or B", "3 km"):
                judge(asked, typed)
        RUN = ("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.remove", "os.rename",
               "os.mkdir", "os.putenv", "subprocess.", "socket.", "shutil.")
        run = []

        def watch(event, given):  # modules that SymPy loads late are read, and do no harm
            written = event == "open" and set(str(given[1] or "")) & set("wax+")
            if written or event.startswith(RUN):
                run.append(event)

        sys.addaudithook(watch)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for asked in QUESTIONS.values():
            for typed in HOSTILE.values():
                judge(asked, typed)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, *run)
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=170,
        check=True,
    )
    grown, *run = result.stdout.split()
    assert run == []
    assert int(grown) * 1024 < ROOM

"""Let coverage guide the texts: `python tests/fuzz/fuzz_judge.py -max_total_time=600`.

Options are those of libFuzzer. A finding is a text that raises, or that takes longer than a hostile
text may; it is printed with its question. Needs the group `fuzz`.
"""

import importlib
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, get_args

sys.path.insert(0, str(Path(__file__).parents[2]))

atheris: Any = importlib.import_module("atheris")  # in the group `fuzz`, not with the tests
with atheris.instrument_imports(include=["tutorbot"]):
    from tests.fuzz.hostile import HOSTILE
    from tests.fuzz.questions import PIECES, QUESTIONS
    from tutorbot.core.answers.judge import judge
    from tutorbot.core.answers.verdicts import Verdict

ASKED = tuple(QUESTIONS.items())
SLOW = 1.0  # seconds; instrumented code on a busy machine takes ten times as long


class Finding(Exception):
    """A text that the judge does not take."""


def judge_one(data: bytes) -> None:
    """The first byte picks the question, the second how the others are read."""
    if len(data) < 3:
        return
    name, asked = ASKED[data[0] % len(ASKED)]
    typed = (
        "".join(PIECES[each % len(PIECES)] for each in data[2:300])
        if data[1] % 2
        else data[2:].decode("utf-8", "surrogateescape")
    )
    start = time.thread_time()
    try:
        verdict = judge(asked, typed)
    except Exception as error:
        raise Finding(f"{name}: {typed!r}") from error
    took = time.thread_time() - start
    assert isinstance(verdict, get_args(Verdict))
    if took > SLOW:
        sys.stdout.write(f"SLOW {took:.2f} s  {name}: {typed!r}\n")
        sys.stdout.flush()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for at, typed in enumerate(HOSTILE.values()):
            text = typed[:2_000].encode("utf-8", "surrogatepass")
            Path(folder, str(at)).write_bytes(bytes((at % 256, 0)) + text)
        for asked in QUESTIONS.values():
            judge(asked, "n")
        atheris.Setup([*sys.argv, folder], judge_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()

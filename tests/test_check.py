"""`tutorbot check`: what authors and measurements are told, whatever they are given."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tutorbot.checking.batch import judge_all
from tutorbot.checking.rows import MAX_ROW, Answer, judged
from tutorbot.cli import main

COMMAND = [sys.executable, "-m", "tutorbot", "check"]


def row(**fields: object) -> bytes:
    """A row that says 2x where x + x is right, unless told otherwise."""
    sound: dict[str, object] = {
        "id": "a",
        "student": "2x",
        "teacher": "x+x",
        "vars": ["x"],
        "functions": [],
        "kind": "expr",
        "syntax": "plain",
    }
    return json.dumps(
        {name: value for name, value in (sound | fields).items() if value != "—"}
    ).encode()


def check(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments], input=given, capture_output=True, timeout=110, check=False
    )


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({}, "right"),
        ({"student": "3x"}, "wrong"),
        ({"student": "2(x"}, "unreadable"),
        ({"student": ""}, "unreadable"),
        ({"student": "2\u0000x"}, "unreadable"),
        ({"student": "\ud800"}, "unreadable"),
        ({"student": "(" * 100_000}, "unreadable"),
        ({"student": r"\frac{4x}{2}", "syntax": "latex"}, "right"),
        ({"id": 7}, "right"),
        ({"more": [1, {"deep": None}]}, "right"),
        ({"vars": "—"}, "right"),  # what the key names is meant
        ({"vars": ["x", ", ", "", "x" * 10_000, 3, None]}, "right"),
        ({"kind": "—", "functions": "—", "syntax": "—"}, "right"),
        ({"student": "1+1", "teacher": "2", "vars": []}, "right"),
        ({"student": "sqrt(2)", "teacher": "1.414213562", "vars": []}, "right"),
        ({"student": "f(2x)", "teacher": "f(x+x)", "functions": ["f"]}, "right"),
        ({"student": "f(2x)", "teacher": "f*2*x", "vars": ["f", "x"]}, "right"),
        # Nobody said whether I is a current or the imaginary unit.
        ({"student": "-I", "teacher": "1/I", "vars": ["I"]}, "right"),
        ({"student": "I*R", "teacher": "R*I", "vars": ["I", "R"]}, "right"),
        ({"student": "cos(x)+i*sin(x)", "teacher": "exp(I*x)", "vars": ["I", "x"]}, "right"),
    ],
)
def test_a_row_gets_the_verdict_of_its_answer(fields: dict[str, object], verdict: str):
    answer = judged(row(**fields))
    assert answer["verdict"] == verdict
    assert answer["id"] == fields.get("id", "a")
    assert answer["message"]
    assert (answer["read"] is None) == (verdict == "unreadable")
    assert (answer["proof"] is not None) == (verdict == "wrong")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"{", "not JSON"),
        (b"\x00", "not JSON"),
        (b'{"id": "a\x00"}', "not JSON"),
        (b"[" * 50_000, "not JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[]", "object"),
        (b"null", "object"),
        (b'"' + b"x" * MAX_ROW + b'"', "longer"),
        (row(student="—"), "`student` is missing"),
        (row(teacher="—"), "`teacher` is missing"),
        (row(student=5), "`student` must be"),
        (row(student=None), "`student`"),
        (row(teacher=["x"]), "`teacher` must be"),
        (row(vars="x"), "`vars` must be"),
        (row(vars={"x": 1}), "`vars` must be"),
        (row(vars=["x"] * 10_000), "`vars` has more"),
        (row(functions=3), "`functions` must be"),
        (row(kind="poem"), "no kind"),
        (row(kind=[]), "`kind` must be"),
        (row(syntax="html"), "no syntax"),
        (row(id={"x": 1}), "`id` must be"),
        (row(teacher="x+("), "cannot be read"),
        (row(teacher=""), "cannot be read"),
        (row(teacher="\u0000"), "cannot be read"),
        (row(teacher="x" * 100_000), "cannot be read"),
    ],
)
def test_a_bad_row_is_told_what_is_wrong_with_it(line: bytes, word: str):
    answer = judged(line)
    assert set(answer) == {"id", "verdict", "message"}
    assert answer["verdict"] == "error"
    assert word in answer["message"]


def test_a_wrong_answer_comes_with_slip_and_proof():
    answer = judged(row(student="3x", id="wrong"))
    assert answer["mistake"] == "factor"
    assert answer["read"] == "3·x"
    proof: dict[str, Any] = answer["proof"]
    assert proof["got"] != proof["expected"]
    assert 0 < answer["ms"] < 5_000


def sometimes_hangs(line: bytes) -> Answer:
    """Stands for a judge with a bug: it hangs or dies when asked to."""
    student = json.loads(line)["student"]
    if student == "hang":
        time.sleep(60)
    if student == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return judged(line)


@pytest.mark.long
@pytest.mark.slow
def test_a_row_that_hangs_or_kills_its_judge_stops_nothing():
    lines = [row(id=at, student=what) for at, what in enumerate(("2x", "hang", "2x", "die", "2x"))]
    answers = list(judge_all(lines, deadline=1.0, judge=sometimes_hangs))
    assert [answer["id"] for answer in answers] == [0, 1, 2, 3, 4]
    verdicts = [answer["verdict"] for answer in answers]
    assert verdicts == ["right", "undecided", "right", "error", "right"]


def test_a_pair_is_told_as_to_a_learner(capsys: pytest.CaptureFixture[str]):
    assert main(["check", "3(n²+nm+n", "--key", "3*(n^2+n*m+n)", "--symbols", "n m"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["3(n²+nm+n", " ^"]
    names = ("--symbols", "V,x", "--functions", "O")
    assert main(["check", "-O'(V x)", "--key", "O'(V*x)", *names]) == 0
    told = capsys.readouterr().out
    assert "Not quite" in told
    assert "sign" in told


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("2x", "--key", "2*x+(", "--symbols", "x"), "never closed"),
        (("2x",), "--key"),
        (("2x", "--key", "2*x", "--kind", "poem"), "poem"),
        (("2x", "--key", "2*x", "--form", "pretty"), "pretty"),
    ],
)
def test_what_cannot_be_checked_is_told_in_a_sentence(
    arguments: tuple[str, ...], word: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["check", *arguments]) == 1
    told = capsys.readouterr().err
    assert told.startswith("tutorbot: ")
    assert word in told


@pytest.mark.slow
def test_rows_are_answered_in_order_and_bad_ones_stop_nothing():
    lines = [row(id=at, student=f"{at}x") if at % 3 else b"{" for at in range(100)]
    lines[50] = b"x" * (3 * MAX_ROW)
    result = check("--jsonl", given=b"\n".join([*lines, b"", b"  "]))
    assert result.returncode == 0
    assert result.stderr == b""  # no bar where there is no terminal
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == 100
    for at, answer in enumerate(answers):
        if at % 3 and at != 50:
            assert answer["id"] == at
            assert answer["verdict"] == ("right" if at == 2 else "wrong")
        else:
            assert answer["verdict"] == "error"


@pytest.mark.slow
def test_nothing_in_gives_nothing_out():
    result = check("--jsonl")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")


@pytest.mark.slow
def test_rows_that_cannot_be_read_are_told(tmp_path: Path):
    deaf = os.open(tmp_path / "rows", os.O_WRONLY | os.O_CREAT)
    result = subprocess.run(
        [*COMMAND, "--jsonl"], stdin=deaf, capture_output=True, timeout=110, check=False
    )
    os.close(deaf)
    assert result.returncode == 1
    assert result.stderr.decode().startswith("tutorbot: the rows cannot be read")


@pytest.mark.slow
def test_it_ends_quietly_when_nobody_reads_on():
    with subprocess.Popen(
        [*COMMAND, "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(row() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["verdict"] == "right"  # while we hold the rest
        process.stdout.close()
        process.stdin.write(row() + b"\n")
        process.stdin.close()
        assert process.wait(timeout=110) == 0
        assert process.stderr.read() == b""


@pytest.mark.slow
def test_it_ends_quietly_on_ctrl_c():
    with subprocess.Popen(
        [*COMMAND, "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(row() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody hears it
        assert process.wait(timeout=110) == 0
        assert process.stderr.read() == b""

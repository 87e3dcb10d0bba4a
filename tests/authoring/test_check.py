"""`tutorbot content check`: everything that is wrong with courses, for people and for programs."""

import io
import json
import time
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tutorbot.authoring import report as reports
from tutorbot.authoring.check import Report, Unusable, Wanted, check_files, check_with
from tutorbot.authoring.command import FAULTY, SOUND, Shown, check
from tutorbot.authoring.labour import Labour
from tutorbot.cli import main
from tutorbot.core.course import Choice, Course, Question
from tutorbot.courses.keys import UNDECIDED
from tutorbot.courses.parse import LARGEST_FILE

HEAD = "---\nid: course\ntitle: A course\n---\n"  # so the body begins on line 5
CHOICE = "## Q {#q}\n\nAsk.\n\n- (x) one\n- ( ) two\n\n### Solution\n\nSo.\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, body: str = CHOICE, name: str = "course.quiz.md", head: str = HEAD) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + body, encoding="utf-8")
    return path


def glance(*paths: Path, **wanted: Any) -> Report:
    """A report without the work of other processes."""
    return check_with(None, paths, Wanted(**wanted))


def codes(report: Report) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for _, fault in report]


def command(*arguments: str | Path) -> int:
    return main(["content", "check", *map(str, arguments)])


def test_a_folder_is_checked_with_all_that_lies_in_it(folder: Path):
    write(folder, name="a.quiz.md")
    write(folder, name="deep/b.quiz.md", head=HEAD.replace("id: course", "id: other"))
    (folder / "notes.md").write_text("# Not a course")
    report = glance(folder, folder / "a.quiz.md")
    assert [Path(file.path).name for file in report.files] == ["a.quiz.md", "b.quiz.md"]
    assert report.questions == 2
    assert not report.errors


def test_two_courses_of_one_id_are_told_apart_from_one_course_named_twice(folder: Path):
    write(folder, name="a.quiz.md")
    write(folder, name="b.quiz.md")
    report = glance(folder)
    assert codes(report) == [(2, "course-id-taken")]
    assert "a.quiz.md" in report.files[1].faults[0].what


@pytest.mark.parametrize(
    ("content", "what", "line"),
    [
        (b"---\nid: a\n\xff\n---\n", "UTF-8", 1),
        (b"x" * (4 * LARGEST_FILE + 1), "too large", 1),
    ],
)
def test_a_file_that_is_no_text_is_refused(folder: Path, content: bytes, what: str, line: int):
    (folder / "a.quiz.md").write_bytes(content)
    ((_, fault),) = glance(folder)
    assert what in fault.what
    assert fault.line == line


def test_what_is_not_there_cannot_be_checked(folder: Path):
    for path in (folder / "nothing", folder):
        with pytest.raises(Unusable):
            glance(path)


def test_a_changed_option_is_a_fault_against_the_published_version(folder: Path):
    old = write(folder, CHOICE.replace("(x) one", "(x) one {#one}"), name="old.md")
    new = write(folder, CHOICE.replace("(x) one", "(x) three {#one}"), name="new.quiz.md")
    report = glance(new, against=old)
    assert codes(report) == [(9, "option-id-reused")]
    assert report.changes
    assert "~ q  options" in reports.text(report)


def test_another_course_cannot_be_compared_with(folder: Path):
    old = write(folder, name="old.md", head=HEAD.replace("id: course", "id: other"))
    with pytest.raises(Unusable, match="other"):
        glance(write(folder), against=old)


@pytest.mark.slow
def test_keys_and_formulas_are_worked_through(folder: Path):
    body = (
        "## Q {#q}\n\n```meta\nparams: {h: [1, 2, 3]}\n```\n\n"
        "Ask $\\frac{1}{h}$, $\\fracc{1}{h}$, $\\overset{a}{b}$ and ${{h}} + 1$.\n\n"
        "- answer: `h^2`\n- wrong: `2*h`\n"
    )
    write(folder, body + CHOICE.replace("#q", "#r"))
    pieces: list[int] = []
    report = check_files([folder], progress=pieces.append)
    assert [code for _, code in codes(report) if code != "no-solution"] == [
        "formula-undrawable",
        "formula-picture-only",
        "wrong-is-right",
    ]
    assert report.files[0].faults[-1].what.endswith("where h = 2.")
    assert (report.formulas.different, report.formulas.in_words, report.formulas.drawn) == (4, 2, 4)
    assert sum(pieces) == 0  # each that came in was done
    few = check_files([folder], Wanted(pictures=False))
    assert few.formulas.drawn == 2  # those that are strange
    assert codes(few) == codes(report)


def _brood(_: Question) -> None:
    while True:
        pass


@pytest.mark.slow
def test_a_key_that_takes_forever_is_given_up_on():
    question = Question(id="q", title="", prose=(), body=Choice(options=()))  # pyright: ignore[reportArgumentType] - an id
    with Labour(deadline=0.3, workers=1) as labour:
        assert list(labour.spread(_brood, [question])) == [None]
    with Labour(patience=0.3, workers=1) as labour:
        assert list(labour.spread(_brood, [question] * 3)) == [None] * 3
    assert UNDECIDED.code == "key-too-dear"


@pytest.mark.parametrize(("content", "faults"), [(None, [7]), (b"GIF89a", [7]), (PNG, [])])
def test_pictures_lie_beside_the_file_and_can_be_shown(
    folder: Path, content: bytes | None, faults: list[int]
):
    body = CHOICE.replace("Ask.", "![A net](net.png)\n\nAsk.")
    path = write(folder, body)
    if content is not None:
        (folder / "net.png").write_bytes(content)
    assert [line for line, _ in codes(glance(path))] == faults


def test_a_translation_is_checked_with_its_course(folder: Path):
    body = CHOICE.replace("one", "one {#a}").replace("two", "two {#b}")
    write(folder, body)
    german = (
        body.replace("Ask.", "Frage.").replace("one {", "eins {").replace("two {", "Option B {")
    )
    head = HEAD.replace("title: A course", "title: Ein Kurs\nlang: de")
    path = write(folder, german, name="course.de.quiz.md", head=head)
    for report in (glance(folder), glance(path)):
        assert [Path(file.path).name for file in report.files] == [
            "course.quiz.md",
            "course.de.quiz.md",
        ]
        assert report.questions == 1
        assert (11, "option-by-place") in codes(report)


# The report


@pytest.fixture
def report(folder: Path) -> Report:
    body = CHOICE.replace("two", "Option B \x1b[31m\u202e, 漢字").replace("### Solution\n\nSo.", "")
    return glance(write(folder, body.replace("\x1b", "")))


def test_people_see_the_line_with_a_caret_under_the_place(report: Report):
    said = reports.text(report)
    assert (
        "error[option-by-place]: Options are shuffled, so “Option B” says nothing.\n"
        f"  --> {report.files[0].path}:10:7\n"
        "   |\n"
        "10 | - ( ) Option B [31m�, 漢字\n"
        "   |       ^^^^^^^^\n"
        "   = mend: Say what the option says instead.\n"
    ) in said
    assert said.endswith("1 file, 1 question: 1 error, 0 warnings, 1 note (--notes shows them).\n")
    assert "no-solution" in reports.text(report, notes=True)


def test_nothing_in_a_course_can_speak_to_the_terminal(report: Report):
    assert "\x1b" not in reports.text(report)
    assert "\u202e" not in reports.text(report)
    assert "\x1b[1;31m" in reports.text(report, colour=True)


def test_a_long_line_is_shown_around_the_place(folder: Path):
    body = CHOICE.replace("- ( ) two", f"- ( ) {'word ' * 100}option B{' word' * 100}")
    lines = reports.text(glance(write(folder, body))).splitlines()
    source, caret = next((a, b) for a, b in pairwise(lines) if "^" in b)
    assert len(source) < 120
    assert source[caret.index("^") : caret.rindex("^") + 1] == "option B"


def test_programs_get_everything_in_one_object(report: Report):
    said = json.loads(reports.as_json(report))
    assert said["sound"] is False
    assert said["counts"] == {"errors": 1, "warnings": 0, "notes": 1}
    fault = said["files"][0]["faults"][1]
    assert fault["line"] == 10
    assert (fault["column"], fault["end_column"], fault["code"]) == (7, 15, "option-by-place")


def test_editors_get_sarif(report: Report):
    said = json.loads(reports.sarif(report))
    assert said["version"] == "2.1.0"
    (run,) = said["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["columnKind"] == "unicodeCodePoints"
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")
        assert location["physicalLocation"]["region"]["startLine"] >= 1


def test_a_forge_gets_annotations(report: Report):
    error = next(line for line in reports.github(report).splitlines() if "::error" in line)
    assert ",line=10,col=7,endColumn=15,title=option-by-place::Options are" in error
    assert "\n" not in error


@pytest.mark.slow
def test_warnings_fail_only_a_strict_check(folder: Path):
    body = CHOICE.replace("- ( ) two", "- ( ) two\n  > Correct! Go on.")
    path = write(folder, body)
    target = io.StringIO()
    assert check([path], Wanted(), Shown(), target) == SOUND
    assert check([path], Wanted(), Shown(strict=True), target) == FAULTY


def test_the_exit_code_says_how_it_went(folder: Path, capsys: pytest.CaptureFixture[str]):
    sound = write(folder, name="sound.quiz.md")
    faulty = write(folder, CHOICE.replace("(x)", "( )"), name="faulty.quiz.md")
    assert command(sound) == 0
    said = capsys.readouterr()
    assert "1 file, 1 question: 0 errors" in said.out
    assert said.err == ""
    assert command(faulty, "--json") == 1
    assert json.loads(capsys.readouterr().out)["counts"]["errors"] == 1
    assert command(folder / "gone.quiz.md") == 2
    said = capsys.readouterr()
    assert said.err.startswith("tutorbot: there is no file")
    assert len(said.err.splitlines()) == 1
    with pytest.raises(SystemExit) as wrong:
        command("--sarif")
    assert wrong.value.code == 2


def test_the_courses_that_come_along_leave_nothing_to_say():
    content = Path(__file__).parents[2] / "content"
    report = glance(content)
    assert list(report) == []
    assert all(isinstance(file.course, Course) for file in report.files)


@pytest.mark.slow
def test_nobody_waits_for_workers_that_were_stopped():
    labour = Labour(workers=1)
    results: list[object] = []
    question = Question(id="q", title="", prose=(), body=Choice(options=()))  # pyright: ignore[reportArgumentType] - an id
    waiting = Thread(target=lambda: results.extend(labour.spread(_brood, [question] * 3)))
    waiting.start()
    time.sleep(0.5)
    labour.close()
    waiting.join(20)
    assert results == [None] * 3
    assert list(labour.spread(_brood, [question])) == [None]

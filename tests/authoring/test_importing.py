"""`tutorbot content import` writes course files, and says what a person should know."""

import io
from pathlib import Path

from tutorbot.authoring.command import FAULTY, SOUND, UNUSABLE
from tutorbot.authoring.importing import Import, import_files

PAPER = "1. Which is even?\n\n![A cell](pictures/cell.png)\n\nA. two\nB. three\n{key}\n"
PNG = b"\x89PNG\r\n\x1a\n"


def run(asked: Import) -> tuple[int, str]:
    target = io.StringIO()
    return import_files(asked, target), target.getvalue()


def test_a_course_is_written_beside_the_paper_and_checked(tmp_path: Path):
    paper = tmp_path / "week-1.md"
    paper.write_text(PAPER.format(key="Answer: A"), "utf-8")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "cell.png").write_bytes(PNG)
    code, said = run(Import(paths=[paper], folder=tmp_path / "out"))
    assert code == SOUND, said
    assert "1 question" in said
    assert "0 errors" in said
    assert "- (x) two" in (tmp_path / "out" / "week-1.quiz.md").read_text("utf-8")
    assert (tmp_path / "out" / "cell.png").read_bytes() == PNG


def test_nothing_is_written_over_unless_asked(tmp_path: Path):
    paper = tmp_path / "week-1.md"
    paper.write_text("1. Which?\nA. two\nB. three\nAnswer: A", "utf-8")
    there = tmp_path / "week-1.quiz.md"
    there.write_text("mine", "utf-8")
    code, said = run(Import(paths=[paper]))
    assert (code, there.read_text("utf-8")) == (UNUSABLE, "mine")
    assert "--force" in said
    code, _ = run(Import(paths=[paper], force=True))
    assert (code, there.read_text("utf-8") != "mine") == (SOUND, True)


def test_what_is_missing_is_said_and_fails_the_check(tmp_path: Path):
    paper = tmp_path / "week-1.md"
    paper.write_text("1. Which?\nA. two\nB. three\n", "utf-8")
    code, said = run(Import(paths=[paper]))
    assert code == FAULTY
    assert said.index("Missing:") < said.index("The check says:")


def test_pictures_outside_of_the_folder_stay_there(tmp_path: Path):
    (tmp_path / "secret.png").write_bytes(PNG)
    folder = tmp_path / "papers"
    folder.mkdir()
    paper = folder / "week-1.md"
    paper.write_text("1. ![x](../secret.png) Which?\nA. two\nB. three\nAnswer: A", "utf-8")
    _, said = run(Import(paths=[paper]))
    assert not (folder / "secret.png").exists()
    assert "Not carried over:" in said


def test_one_sentence_for_what_cannot_be_read(tmp_path: Path):
    paper = tmp_path / "week-1.md"
    paper.write_text("Nothing to see.", "utf-8")
    assert run(Import(paths=[paper]))[0] == UNUSABLE
    code, said = run(Import(paths=[tmp_path / "gone.md"]))
    assert (code, said.count("\n")) == (UNUSABLE, 1)

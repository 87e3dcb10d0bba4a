"""`tutorbot content export`: the file, what it says, and the exit code."""

import io
from pathlib import Path

import pytest

from tutorbot.authoring.command import FAULTY, SOUND, UNUSABLE
from tutorbot.authoring.exporting import FORMATS, Export, export_file

COURSE = r"""---
id: small
title: A small course
---

## Half {#half}

What is $\frac{1}{2} + \frac{1}{2}$?

- (x) One {#one}
  > Yes.
- ( ) Two {#two}
- hint: Count.

## Double {#double}

```meta
params: {h: [1, 2, 3]}
```

What is $2 \cdot {{h}}$?

- answer: `2*h`
"""


def exported(path: Path, form: str, *, force: bool = False) -> tuple[int, str]:
    said = io.StringIO()
    return export_file(Export(path=path, format=form, force=force), said), said.getvalue()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    path = tmp_path / "01-small.quiz.md"
    path.write_text(COURSE, "utf-8")
    return path


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("moodle", "small.moodle.xml"),
        ("qti", "small.qti.zip"),
        ("anki", "small.apkg"),
        ("html", "small.html"),
    ],
)
def test_each_format_is_written_beside_the_course_and_says_what_changed(
    course: Path, form: str, name: str
) -> None:
    code, said = exported(course, form)
    assert code == SOUND
    assert (course.parent / name).stat().st_size > 1_000
    assert said.startswith("2 questions → ")
    assert "ariant" in said


def test_nothing_is_written_over_without_force(course: Path) -> None:
    exported(course, "html")
    assert exported(course, "html")[0] == UNUSABLE
    assert exported(course, "html", force=True)[0] == SOUND


def test_a_course_that_is_not_sound_is_not_exported(course: Path) -> None:
    course.write_text(COURSE.replace("(x)", "( )"), "utf-8")
    for form in FORMATS:
        code, said = exported(course, form)
        assert code == FAULTY
        assert "not sound" in said
    assert list(course.parent.iterdir()) == [course]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    code, said = exported(tmp_path / "nowhere.quiz.md", "moodle")
    assert code == UNUSABLE
    assert "nowhere" in said


def test_formulas_are_drawn_into_the_page(course: Path) -> None:
    exported(course, "html")
    page = (course.parent / "small.html").read_text("utf-8")
    assert page.count("<svg") > 2
    assert "\\frac" not in page

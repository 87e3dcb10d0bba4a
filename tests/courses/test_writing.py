"""A course that is written down is the same course when it is read again."""

from pathlib import Path

import pytest

from tutorbot.core.course import Course
from tutorbot.courses.parse import parse
from tutorbot.courses.writing import write

PAPERS = sorted((Path(__file__).parents[2] / "content").rglob("*.quiz.md"))


def read(source: str) -> Course:
    course = parse(source, "a.quiz.md")
    assert isinstance(course, Course), (source, course)
    return course


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_the_papers_are_written_as_they_are_read(path: Path):
    course = read(path.read_text("utf-8"))
    again = read(write(course))
    assert again == course
    assert again.sections == course.sections
    assert write(again) == write(course)

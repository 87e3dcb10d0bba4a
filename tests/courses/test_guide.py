"""The guide for authors tells the truth: its examples are courses, and its complaints are made."""

import itertools
import re
from pathlib import Path

import pytest

from tutorbot.core.course import Course
from tutorbot.courses.check import check
from tutorbot.courses.faults import errors
from tutorbot.courses.parse import parse

GUIDE = Path(__file__).parents[2] / "docs" / "authors.md"
HEAD = "---\nid: example\ntitle: An example\n---\n\n"

_BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<kind>markdown|text) (?P<role>\w+)\n(?P<body>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_BLOCKS = [(found["role"], found["body"]) for found in _BLOCK.finditer(GUIDE.read_text("utf-8"))]


def findings(source: str) -> list[str]:
    course = parse(source, "example.quiz.md")
    found = errors(check(course, source)) if isinstance(course, Course) else course
    return [f"{fault.what} {fault.mend}" for fault in found]


@pytest.mark.parametrize(
    "source",
    [
        body if role == "course" else HEAD + body
        for role, body in _BLOCKS
        if role in {"course", "question", "questions"}
    ],
)
def test_an_example_of_the_guide_is_a_sound_course(source: str) -> None:
    assert findings(source) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (HEAD + body, said.strip())
        for (role, body), (_, said) in itertools.pairwise(_BLOCKS)
        if role == "wrong"
    ],
)
def test_what_the_guide_calls_wrong_is_found_and_said_so(source: str, said: str) -> None:
    (finding,) = findings(source)
    assert said in finding


def test_the_guide_has_examples_of_every_role() -> None:
    roles = [role for role, _ in _BLOCKS]
    assert {"course", "question", "questions", "wrong", "findings"} == set(roles)
    assert roles.count("wrong") == roles.count("findings")

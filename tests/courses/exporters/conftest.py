"""The courses that come with the repository."""

from pathlib import Path

import pytest

from tutorbot.core.course import Course
from tutorbot.courses.load import Unsound, load

CONTENT = Path(__file__).parents[3] / "content"


@pytest.fixture(scope="session")
def content() -> tuple[Course, ...]:
    found = load(CONTENT)
    assert not isinstance(found, Unsound), found
    return tuple(each.course for each in found)

"""A class: begun by who teaches, joined by a link, and left."""

import re

import pytest
from sqlalchemy import text

from tests.chat.school import School, Sitter

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def emmy(school: School) -> Sitter:
    """Somebody who may publish courses, and so start classes."""
    person = school.person("Emmy")
    school.authors.add(person.id)
    return Sitter(school, person)


async def begins(emmy: Sitter, title: str = "Networks, spring") -> None:
    """Start a class, and have its page open."""
    await emmy.writes_and_sees("/teach", "You have none yet")
    await emmy.actor.presses("New class")
    await emmy.actor.hears(lambda bubble: "Which course" in bubble.text)
    course = emmy.school.paper(1).title
    await emmy.presses_and_sees(course[:20], "What shall the class be called")
    await emmy.writes_and_sees(title, "Your class is ready")


async def code(school: School, role: str = "learner") -> str:
    async with school.store.unit() as unit:
        found = await unit.execute(
            text("SELECT code FROM class_links WHERE ended_at IS NULL AND role = :role"),
            {"role": role},
        )
        return found.scalar_one()


async def test_a_class_is_begun_in_a_few_taps_and_joined_by_its_link(
    school: School, emmy: Sitter, ada: Sitter
) -> None:
    await begins(emmy)
    page = emmy.actor.last()
    assert "Networks, spring" in page.text
    assert "0 learners and 1 owner" in page.text

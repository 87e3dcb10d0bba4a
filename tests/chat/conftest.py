"""A school for conversations: the real bot on the real database, over HTTP to the playground."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.classroom import Classroom
from tests.chat.school import Clock, School, Sitter
from tutorbot import wiring
from tutorbot.checking.checker import Checker
from tutorbot.courses.load import Loaded, load
from tutorbot.drawing.studio import Studio
from tutorbot.flows.published import publish
from tutorbot.playground.server import Playground
from tutorbot.store.unit import Store

CONTENT = Path(__file__).parents[2] / "content"
SLOW = 30.0  # seconds that a machine with much to do may take for an answer or a picture


@pytest.fixture(scope="session")
async def studio() -> AsyncIterator[Studio]:
    async with wiring.started(Studio(deadline=SLOW)) as studio:
        yield studio


@pytest.fixture(scope="session")
async def checker() -> AsyncIterator[Checker]:
    async with wiring.started(Checker(deadline=SLOW)) as checker:
        yield checker


@pytest.fixture(scope="session")
async def examiner() -> AsyncIterator[Checker]:
    examiner = wiring.new_examiner()
    yield examiner
    await examiner.close()


@pytest.fixture(scope="session")
def papers() -> tuple[Loaded, ...]:
    loaded = load(CONTENT)
    assert isinstance(loaded, tuple), str(loaded)
    return loaded


@pytest.fixture
async def closed_school(
    store: Store,
    studio: Studio,
    checker: Checker,
    examiner: Checker,
    papers: tuple[Loaded, ...],
) -> AsyncIterator[School]:
    """A school whose bot has not been started yet."""
    clock = Clock()
    async with Playground(clock=clock) as playground:
        async with store.unit() as unit:
            await publish(unit, papers, clock())
        yield School(playground, store, studio, checker, examiner, clock, papers)


@pytest.fixture
async def school(closed_school: School) -> AsyncIterator[School]:
    async with closed_school.bot():
        yield closed_school


@pytest.fixture
def ada(school: School) -> Sitter:
    return Sitter(school, school.person("Ada"))


@pytest.fixture
async def closed_room(closed_school: School) -> Classroom:
    ada, ben, cleo = (closed_school.person(name) for name in ("Ada", "Ben", "Cleo"))
    group = closed_school.playground.group(title="Class", members=[ada, ben, cleo])
    return Classroom(closed_school, group, ada.inside(group), ben.inside(group), cleo.inside(group))


@pytest.fixture
async def room(closed_room: Classroom) -> AsyncIterator[Classroom]:
    async with closed_room.school.bot():
        await closed_room.ada.hears(lambda bubble: "/quiz posts a question" in bubble.text)
        yield closed_room
